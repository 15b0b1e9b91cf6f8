# The commands of the README. Each sets up what it needs; a second call starts at once.
.DEFAULT_GOAL := help
.PHONY: help setup demo run check test chaos quality compare speed stories train format lock
BIN := .venv/bin

help:          ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup:         ## prepare .venv; the command is then .venv/bin/vestitel
	@.ci/setup

demo: setup    ## the whole service on a recorded news morning, offline, about a minute
	@$(BIN)/vestitel demo

run: setup     ## the service on config/ with live feeds, until Ctrl-C or SIGTERM
	@exec $(BIN)/vestitel up

check:         ## format, lint, types, import contracts, and our own configuration
	@.ci/setup dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vestitel check

test:          ## every test, on two cores, each with its own Valkey and PostgreSQL
	@.ci/setup dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile

quality:       ## what the language models reach on data that training never saw (SHARED=folder of the public sets)
	@.ci/setup dev
	$(BIN)/python -m training.quality $(SHARED) $(OUT)

compare:       ## what word-list tools find in labelled items, beside what we find: FILES="a.jsonl b.jsonl"
	@.ci/setup dev
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/baselines.py $(or $(FILES),tests/quality/gold.jsonl benchmarks/news/fresh.jsonl)

speed:         ## speed and memory of matching at up to 100,000 names, about four minutes
	@.ci/setup dev
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/matching.py

stories:       ## how well articles are put into stories, in the order of publication: FILES="a.jsonl b.jsonl"
	@.ci/setup dev
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.stories $(FILES)

chaos:         ## the whole service while processes, broker and connections are killed and channels misbehave, some ten minutes
	@.ci/setup dev
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.chaos $(ARGS)

train:         ## make the models anew from the public sets: SHARED=folder OUT=folder
	training/run $(SHARED) $(OUT)

format:        ## put the code into form
	@.ci/setup dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:          ## resolve the dependencies anew (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-emit-package torch --extra torch-needs --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-emit-package torch --extra torch-needs --extra dev --custom-compile-command "make lock" pyproject.toml -o requirements-dev.lock
