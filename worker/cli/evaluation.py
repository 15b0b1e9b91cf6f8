"""Commands that compare what the service finds with labels: the same code path as the running service, no database."""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from worker.cli.inputs import WATCHES, Complaints, language_of, lines_of, watchlist_of
from worker.errors import ConfigError


@click.command()
@WATCHES
@click.argument("file", type=click.Path(allow_dash=True, dir_okay=False))
@click.pass_context
def match(context: click.Context, watches_dir: Path | None, file: str) -> int:
    """Read news items as JSON lines from FILE (- for standard input), write what is found in each as JSON lines.

    A bad line is reported with its number and skipped; the exit code is then 1.
    """
    from worker.evaluate.contract import results

    complaints = Complaints(file)
    with lines_of(file) as lines:
        language = language_of(context, watchlist_of(context, watches_dir))
        try:
            for result in results(enumerate(lines, start=1), language, datetime.now(UTC), complaints.add):
                sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever reads has enough (`| head`); what is still buffered goes nowhere, without complaint at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return complaints.exit_code


@click.command()
@WATCHES
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.argument("file", type=click.Path(allow_dash=True, dir_okay=False))
@click.pass_context
def score(context: click.Context, watches_dir: Path | None, file: str, *, as_json: bool) -> int:
    """Compare what is found in the labelled items of FILE with their labels.

    Prints precision, recall and F1 of each watch and of all, entity F1, and story B-cubed and pair F1.
    """
    from worker.evaluate.contract import results
    from worker.evaluate.score import report_on

    complaints = Complaints(file)
    with lines_of(file) as lines:
        labels = _labels(lines, complaints)
    language = language_of(context, watchlist_of(context, watches_dir))
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


def _labels(lines: Iterable[str], complaints: Complaints) -> dict[str, tuple[int, str, Mapping[str, Any]]]:
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
