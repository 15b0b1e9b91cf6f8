"""Commands that show what the service makes of a text: the same code path as the running service, no database."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worker.errors import ConfigError

if TYPE_CHECKING:
    from worker.models.watch import Watchlist
    from worker.ports import Language

_WATCHES = click.option(
    "--watches",
    "watches_dir",
    type=click.Path(path_type=Path),
    help="Directory of watch files (else watches/ of the configuration).",
)


@click.command()
@_WATCHES
@click.argument("file", type=click.Path(allow_dash=True, dir_okay=False))
@click.pass_context
def match(context: click.Context, watches_dir: Path | None, file: str) -> int:
    """Read news items as JSON lines from FILE (- for standard input), write what is found in each as JSON lines.

    A bad line is reported with its number and skipped; the exit code is then 1.
    """
    from worker.evaluate.contract import results

    complaints = _Complaints(file)
    with _lines(file) as lines:
        language = _language(context, _watchlist(context, watches_dir))
        try:
            for result in results(enumerate(lines, start=1), language, datetime.now(UTC), complaints.add):
                sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever reads has enough (`| head`); what is still buffered goes nowhere, without complaint at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return complaints.exit_code


@click.command()
@_WATCHES
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.argument("file", type=click.Path(allow_dash=True, dir_okay=False))
@click.pass_context
def score(context: click.Context, watches_dir: Path | None, file: str, *, as_json: bool) -> int:
    """Compare what is found in the labelled items of FILE with their labels.

    Prints precision, recall and F1 of each watch and of all, entity F1, and story B-cubed and pair F1.
    """
    from worker.evaluate.contract import results
    from worker.evaluate.score import report_on

    complaints = _Complaints(file)
    with _lines(file) as lines:
        labels = _labels(lines, complaints)
    language = _language(context, _watchlist(context, watches_dir))
    labelled = ((number, line) for number, line, _ in labels.values())
    predictions = {
        str(result["id"]): result for result in results(labelled, language, datetime.now(UTC), complaints.add)
    }
    if not predictions:
        raise ConfigError((f"{file}: holds no labelled items; see README for the form",))
    scored = [(gold, predictions[name]) for name, (_, _, gold) in labels.items() if name in predictions]
    report = report_on([gold for gold, _ in scored], [prediction for _, prediction in scored])
    print(json.dumps(report.as_dict(), ensure_ascii=False, indent=2) if as_json else report.as_table())
    return complaints.exit_code


@click.command()
@_WATCHES
@click.option("--title", default="", help="Headline of the text.")
@click.argument("text")
@click.pass_context
def explain(context: click.Context, watches_dir: Path | None, title: str, text: str) -> int:
    """Show which watches TEXT would fire, with the evidence (- reads standard input)."""
    from worker.evaluate.contract import BadLineError, explained, item_of

    body = text
    if text == "-":
        with _lines(text) as lines:
            body = "".join(lines)
    now = datetime.now(UTC)
    try:
        _, article = item_of(json.dumps({"id": "text", "title": title, "body": body}), now)
    except BadLineError as error:
        raise ConfigError((f"the text {error}",)) from error
    watchlist = _watchlist(context, watches_dir)
    for line in explained(article, _language(context, watchlist), watchlist, now):
        print(line)
    return 0


class _Complaints:
    """Bad lines, told as they are found."""

    def __init__(self, file: str) -> None:
        self._name = "standard input" if file == "-" else file
        self.exit_code = 0

    def add(self, number: int, message: str) -> None:
        self.exit_code = 1
        print(f"{self._name}:{number}: {message}", file=sys.stderr)


@contextmanager
def _lines(file: str) -> Iterator[Iterable[str]]:
    if file == "-":
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]  # a TextIOWrapper
        yield sys.stdin
        return
    with Path(file).open(encoding="utf-8-sig", errors="replace") as lines:
        yield lines


def _labels(lines: Iterable[str], complaints: _Complaints) -> dict[str, tuple[int, str, Mapping[str, Any]]]:
    """By id, in order: the number of the line, the line, and its labels."""
    from worker.evaluate.contract import BadLineError, gold_of

    labelled: dict[str, tuple[int, str, Mapping[str, Any]]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            gold = gold_of(line)
        except BadLineError as error:
            complaints.add(number, str(error))
            continue
        name = str(gold["id"])
        if name in labelled:
            complaints.add(number, f"repeats the id {name}")
        else:
            labelled[name] = (number, line, gold)
    return labelled


def _watchlist(context: click.Context, watches_dir: Path | None) -> "Watchlist":
    from worker.settings.load import read_watchlist, watches_of

    options: Any = context.obj
    return read_watchlist(watches_dir or watches_of(options.config_dir, os.environ))


def _language(context: click.Context, watchlist: "Watchlist") -> "Language":
    from worker.settings.load import catalogue_of, models_of
    from worker.wiring import language_for

    options: Any = context.obj
    catalogue = catalogue_of(options.config_dir, os.environ)
    return language_for(watchlist, catalogue, models_of(options.config_dir, os.environ))
