"""The command as a person runs it: output, sentences and exit codes."""

import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from worker.settings.accepted import AcceptedWatches
from worker.settings.load import read_settings

CONFIG = Path("config")


def vestitel(*arguments: str, given: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VESTITEL_")}
    return subprocess.run(
        [sys.executable, "-m", "worker.cli", *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**kept, **environment},
    )


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the shipped configuration with data of its own and a free port."""
    root = tmp_path / "config"
    shutil.copytree(CONFIG, root)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    service = (root / "service.yaml").read_text(encoding="utf-8").replace("port: 8642", f"port: {port}")
    service = service.replace('contact: ""', "contact: desk@desk.example")
    (root / "service.yaml").write_text(service, encoding="utf-8")
    return root


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_check_says_what_would_run():
    done = vestitel("check")

    assert done.returncode == 0, done.stderr
    assert "20 watches" in done.stdout


def test_help_names_every_command():
    done = vestitel("--help")

    for command in (
        "up",
        "demo",
        "check",
        "match",
        "score",
        "explain",
        "feeds",
        "alerts",
        "deliveries",
        "silence",
        "route",
        "articles",
        "send-test",
        "models",
        "migrate",
        "role",
    ):
        assert f"  {command} " in done.stdout


def test_check_tells_every_fault_and_ends_with_two(config):
    change(config / "service.yaml", "tick_s: 5", "tik_s: 5")
    change(config / "channels.yaml", "kind: console", "kind: consol")

    done = vestitel("--config", str(config), "check")

    assert done.returncode == 2
    assert "did you mean «tick_s»?" in done.stderr
    assert "channels.yaml:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param({"VESTITEL_BROKER_URL": "redis://127.0.0.1:1/0"}, "the broker at redis://127.0.0.1:1/0 does not answer", id="broker"),
        pytest.param({"VESTITEL_DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/x"}, "127.0.0.1", id="database"),
        pytest.param({"VESTITEL_CONFIG": "/nowhere"}, "/nowhere: there is no such directory", id="config"),
        pytest.param({"VESTITEL_DATA": "/proc/vestitel"}, "/proc", id="data-directory-cannot-be-made"),
    ],
)  # fmt: skip
def test_up_refuses_with_a_sentence_and_two(config, tmp_path, environment, expected):
    base = {"VESTITEL_CONFIG": str(config), "VESTITEL_DATA": str(tmp_path / "data")}

    done = vestitel("up", **{**base, **environment})

    assert done.returncode == 2
    assert expected in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data" / "vestitel.db").exists()


@pytest.mark.parametrize("command", [("up",), ("role", "fetch")], ids=" ".join)
def test_feeds_of_others_are_not_polled_while_nobody_answers_for_it(config, tmp_path, command):
    change(config / "service.yaml", "contact: desk@desk.example", 'contact: ""')
    data = tmp_path / "data"

    done = vestitel("--config", str(config), *command, VESTITEL_DATA=str(data))

    line = (config / "service.yaml").read_text(encoding="utf-8").split("contact:")[0].count("\n") + 1
    assert done.returncode == 2
    assert f"service.yaml:{line}: contact: is empty, and " in done.stderr
    assert "VESTITEL_CONTACT" in done.stderr
    assert not (data / "vestitel.db").exists()


def test_check_warns_that_nobody_answers_for_it():
    done = vestitel("check", "--no-examples")
    named = vestitel("check", "--no-examples", VESTITEL_CONTACT="desk@desk.example")

    assert done.returncode == 0
    assert "warning: contact in service.yaml is empty" in done.stdout
    assert "warning: contact" not in named.stdout


def test_up_refuses_a_port_in_use(config, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        text = (config / "service.yaml").read_text(encoding="utf-8")
        line = next(line for line in text.splitlines() if line.strip().startswith("port:"))
        change(config / "service.yaml", line, f"  port: {port}")

        done = vestitel("--config", str(config), "up", VESTITEL_DATA=str(tmp_path / "data"))

    assert done.returncode == 2
    assert f"127.0.0.1:{port} cannot be used" in done.stderr
    assert not (tmp_path / "data" / "vestitel.db").exists()


def test_up_refuses_data_of_another_instance(config, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    with (data / "lock").open("w") as lock:
        lock.write("4242")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)

        done = vestitel("--config", str(config), "up", VESTITEL_DATA=str(data))

    assert done.returncode == 2
    assert "is in use by another Vestitel (process 4242)" in done.stderr


def test_up_refuses_a_full_disk(config, tmp_path):
    change(config / "service.yaml", "min_free_mb: 200", "min_free_mb: 999999999")

    done = vestitel("--config", str(config), "up", VESTITEL_DATA=str(tmp_path / "data"))

    assert done.returncode == 2
    assert "min_free_mb" in done.stderr


@pytest.mark.parametrize("role", ["fetch", "deliver", "scheduler", "web"])
def test_role_without_a_database_says_what_to_do(config, tmp_path, role):
    done = vestitel(
        "--config",
        str(config),
        "role",
        role,
        VESTITEL_DATA=str(tmp_path / "data"),
        VESTITEL_BROKER_URL="redis://127.0.0.1:1/0",
    )

    assert done.returncode == 2
    assert "vestitel migrate" in done.stderr or "does not answer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.model
def test_match_reads_standard_input_and_tells_bad_lines():
    lines = '{"id": 1, "title": "Столтенберг пристигна в София"}\nnot json\n{"id": 2, "title": "Времето утре"}\n'

    done = vestitel("match", "-", given=lines)

    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 1
    assert "standard input:2: is not JSON" in done.stderr
    assert [watch["watch"] for watch in first["watches"]] == ["stoltenberg"]
    assert (second["id"], second["watches"]) == (2, [])


@pytest.mark.model
def test_score_prints_a_table_and_json(tmp_path):
    gold = {
        "id": "a",
        "title": "Столтенберг в София",
        "summary": "",
        "body": "",
        "outlet": "x",
        "published": "2023-07-11T09:00:00+03:00",
        "fires": ["stoltenberg"],
        "entities": [{"field": "title", "start": 0, "end": 11, "text": "Столтенберг", "type": "PER"}],
        "story": "s1",
        "copy_of": None,
    }
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(gold, ensure_ascii=False) + "\n", encoding="utf-8")

    table, figures = vestitel("score", str(file)), vestitel("score", "--json", str(file))

    assert table.returncode == 0, table.stderr
    assert "stoltenberg" in table.stdout
    assert json.loads(figures.stdout)


def test_match_of_a_missing_file_is_a_sentence(tmp_path):
    done = vestitel("match", str(tmp_path / "none.jsonl"))

    assert done.returncode == 2
    assert "none.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


def test_match_with_a_missing_watch_directory_is_a_sentence(tmp_path):
    done = vestitel("match", "--watches", str(tmp_path / "none"), "-", given="")

    assert done.returncode == 2
    assert "there is no such directory" in done.stderr


@pytest.mark.model
def test_explain_shows_the_sentence():
    done = vestitel("explain", "Времето е хубаво. Урсула фон дер Лайен пристигна в София.")

    assert done.returncode == 0, done.stderr
    assert "von-der-leyen" in done.stdout
    assert "Лайен" in done.stdout


def test_send_test_prints_through_the_console(config, tmp_path):
    done = vestitel("--config", str(config), "send-test", "desk", VESTITEL_DATA=str(tmp_path / "data"))

    assert done.returncode == 0, done.stderr
    assert "Пробно известие" in done.stdout


def test_send_test_of_an_unknown_channel_suggests_one(config, tmp_path):
    done = vestitel("--config", str(config), "send-test", "dask", VESTITEL_DATA=str(tmp_path / "data"))

    assert done.returncode == 2
    assert "did you mean «desk»?" in done.stderr


def test_an_empty_outbox_and_quarantine_can_be_listed_and_retried(config, tmp_path):
    data = {"VESTITEL_DATA": str(tmp_path / "data")}
    base = ("--config", str(config))
    assert vestitel(*base, "migrate", **data).returncode == 0

    listed = [vestitel(*base, group, "list", **data) for group in ("deliveries", "articles")]
    unknown = vestitel(*base, "articles", "retry", "none", **data)
    all_of_none = vestitel(*base, "deliveries", "retry", "all", **data)

    assert [done.returncode for done in listed] == [0, 0]
    assert unknown.returncode == 1
    assert "none  is not in quarantine" in unknown.stdout
    assert (all_of_none.returncode, all_of_none.stdout) == (0, "no dead deliveries\n")


@pytest.mark.model
@pytest.mark.parametrize(
    ("line", "cause"),
    [
        pytest.param("not json", "is not JSON", id="not-json"),
        pytest.param('{"title": "x", "fires": [], "story": "s", "entities": []}', "has no «id»", id="no-id"),
        pytest.param('{"id": "a", "title": "x"}', "has no «fires»", id="no-labels"),
        pytest.param(
            '{"id": "ok", "title": "x", "fires": [], "story": "s", "entities": []}', "repeats the id", id="twice"
        ),
        pytest.param('{"id": "b", "fires": [], "story": "s", "entities": []}', "has no text", id="no-text"),
    ],
)
def test_score_tells_bad_lines_with_their_number(line, cause):
    good = '{"id": "ok", "title": "Времето утре", "fires": [], "story": "s", "entities": []}'

    done = vestitel("score", "-", given=f"{good}\n\n{line}\n")

    assert done.returncode == 1
    assert f"standard input:3: {cause}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.model
def test_reader_that_has_enough_is_no_failure():
    command = f"{sys.executable} -m worker.cli match - | head -1; exit ${{PIPESTATUS[0]}}"
    lines = "".join(f'{{"id": {n}, "title": "Столтенберг, новина {n}"}}\n' for n in range(400))

    done = subprocess.run(
        ["bash", "-c", command], input=lines, capture_output=True, text=True, timeout=120, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("explain", ""), ("explain", "--title", "", "  ")], ids=["empty", "blank"])
def test_explain_without_text_is_a_sentence(arguments):
    done = vestitel(*arguments)

    assert done.returncode == 2
    assert "the text has no text" in done.stderr


def test_score_of_unlabelled_items_is_a_sentence():
    done = vestitel("score", "-", given='{"id": "a", "title": "x"}\n')

    assert done.returncode == 2
    assert "holds no labelled items" in done.stderr


@pytest.mark.model
def test_byte_order_mark_and_another_terminal_encoding_are_survived(tmp_path):
    file = tmp_path / "items.jsonl"
    file.write_text('{"id": "a", "title": "Столтенберг"}\n', encoding="utf-8-sig")

    done = vestitel("match", str(file), PYTHONIOENCODING="ascii")

    assert done.returncode == 0, done.stderr
    assert "Столтенберг" in done.stdout


def with_models(config: Path, directory: Path) -> None:
    change(config / "service.yaml", "models: shipped", f"models: {directory}")


@pytest.fixture
def some_models(tmp_path: Path) -> Path:
    """A directory with a card and one file."""
    directory = tmp_path / "models"
    directory.mkdir()
    (directory / "a.pt").write_bytes(b"a")
    card = {
        "name": "mine",
        "version": "7",
        "processors": "tokenize,ner",
        "scores": {"ner": {"f1": 0.91}},
        "sources": {"ner": ["one", "two"]},
        "sha256": {"a.pt": hashlib.sha256(b"a").hexdigest()},
    }
    (directory / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return directory


def test_models_are_shown(config, some_models):
    with_models(config, some_models)

    done = vestitel("--config", str(config), "models")

    assert done.returncode == 0, done.stderr
    for fact in (str(some_models), "mine, version 7", "tokenize, ner", "a.pt", "ner.f1  0.91", "ner  one, two"):
        assert fact in done.stdout


def test_damaged_models_are_a_sentence_and_two(config, some_models):
    with_models(config, some_models)
    (some_models / "a.pt").write_bytes(b"b")

    done = vestitel("--config", str(config), "models")

    assert done.returncode == 2
    assert "a.pt is damaged; install them again" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_warns_of_damaged_models_and_goes_on(config, some_models):
    with_models(config, some_models)
    (some_models / "a.pt").unlink()

    done = vestitel("--config", str(config), "check")

    assert done.returncode == 0, done.stderr
    assert "warning: the language models in" in done.stdout
    assert "a.pt is missing" in done.stdout


def test_check_of_a_missing_directory_of_models_is_a_fault(config, tmp_path):
    with_models(config, tmp_path / "none")

    done = vestitel("--config", str(config), "check")

    assert done.returncode == 2
    assert "analysis.models: there is no directory" in done.stderr


def test_explain_with_damaged_models_is_a_sentence_and_two(config, some_models):
    with_models(config, some_models)
    (some_models / "a.pt").unlink()

    done = vestitel("--config", str(config), "explain", "НАТО")

    assert done.returncode == 2
    assert "incomplete" in done.stderr
    assert "Traceback" not in done.stderr


def test_official_models_without_a_network_are_a_sentence(config, tmp_path):
    dead = "http://127.0.0.1:1"

    done = vestitel(
        "--config",
        str(config),
        "models",
        "--install-official",
        VESTITEL_DATA=str(tmp_path / "data"),
        HTTP_PROXY=dead,
        HTTPS_PROXY=dead,
        http_proxy=dead,
        https_proxy=dead,
    )

    assert done.returncode == 2
    assert "hub could not be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_entities_are_listed_by_any_of_their_names():
    done = vestitel("entities", "list", "северноатлантически", "пакт")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("nato  ORG  НАТО; ")


def test_trends_and_proposals_of_an_empty_database_are_empty(config):
    assert vestitel("--config", str(config), "migrate").returncode == 0

    for command in (("entities", "trends"), ("entities", "new"), ("topics", "trends"), ("topics", "find", "газ")):
        done = vestitel("--config", str(config), *command)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_faults_of_the_catalogue_are_told_together(config):
    change(config / "actors" / "state.yaml", "id: presidency", "id: Presidency")
    change(config / "actors" / "leaders.yaml", "kind: PER", "kind: PERSON")

    done = vestitel("--config", str(config), "check")

    assert done.returncode == 2
    assert "state.yaml:4: actors[0].id" in done.stderr
    assert "must be one of PER, ORG, LOC, EVT, PRO" in done.stderr


PROBE = """watchlist: Проба
watches:
  - id: harvest
    name: Жътва
    kind: topic
    any: [жътва]
    must_match:
      - Жътвата започна.
      - Пшеницата узря.
    must_not_match: [Жътвата свърши.]
"""


@pytest.mark.model
def test_check_tells_examples_that_fail_with_their_lines_and_all_other_faults(config):
    (config / "watches" / "probe.yaml").write_text(PROBE, encoding="utf-8")
    change(config / "channels.yaml", "kind: console", "kind: consol")

    done = vestitel("--config", str(config), "check")

    assert done.returncode == 2
    assert "examples fail, tried in" in done.stdout
    path = config / "watches" / "probe.yaml"
    assert f"{path}:9: watch harvest: must_match[1]: «Пшеницата узря.» does not match: nothing found" in done.stderr
    assert f"{path}:10: watch harvest: must_not_match[0]: «Жътвата свърши.» matches by word forms" in done.stderr
    assert "must_match[0]" not in done.stderr
    assert "channels.yaml:" in done.stderr


def test_check_without_examples_tries_none(config):
    (config / "watches" / "probe.yaml").write_text(PROBE, encoding="utf-8")

    done = vestitel("--config", str(config), "check", "--no-examples")

    assert done.returncode == 0, done.stderr
    assert "tried" not in done.stdout


def test_check_tries_examples_by_word_forms_alone_where_there_are_no_models(config):
    (config / "models").mkdir()
    change(config / "service.yaml", "models: shipped", "models: ./models")
    for path in (config / "watches").glob("*.yaml"):
        path.unlink()
    (config / "watches" / "probe.yaml").write_text(
        PROBE.replace("      - Пшеницата узря.\n", "").replace("[Жътвата свърши.]", "[Дъжд.]"), encoding="utf-8"
    )

    done = vestitel("--config", str(config), "check")

    assert done.returncode == 0, done.stderr
    assert "all 2 examples hold, tried in" in done.stdout
    assert "by word forms alone (" in done.stdout


def test_process_started_while_a_watch_file_is_broken_goes_by_the_last_good_watches(config, tmp_path):
    environment = {"VESTITEL_DATA": str(tmp_path / "data"), "VESTITEL_BROKER_URL": "redis://127.0.0.1:1/0"}
    settings = read_settings(config, environment)
    good = {watch.id: settings.watchlist for watch in settings.watchlist.watches}
    (config / "watches" / "probe.yaml").write_text("watchlist: [", encoding="utf-8")
    arguments = ("--config", str(config), "role", "scheduler")

    refused = vestitel(*arguments, **environment)
    (config / "watches" / "probe.yaml").unlink()
    AcceptedWatches(settings).keep(settings.watchlist.version, good)
    (config / "watches" / "probe.yaml").write_text("watchlist: [", encoding="utf-8")
    started = vestitel(*arguments, **environment)

    assert refused.returncode == started.returncode == 2
    assert "probe.yaml:1: is not YAML" in refused.stderr
    assert "probe.yaml" not in started.stderr
    assert "the broker at redis://127.0.0.1:1/0 does not answer" in started.stderr
