"""What models, catalogue and watches reach on our labelled news must not fall; `make quality` tells more."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker.evaluate.contract import results
from worker.evaluate.score import Report, report_on
from worker.settings.load import catalogue_of, read_watchlist
from worker.topics.categories import SUBJECTS
from worker.wiring import language_for

HERE = Path(__file__).parent
CONFIG = Path("config")

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def found() -> dict[str, dict]:
    lines = (HERE / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    language = language_for(read_watchlist(CONFIG / "watches"), catalogue_of(CONFIG, {}), None)
    complaints: list[str] = []
    given = results(enumerate(lines, 1), language, datetime.now(UTC), lambda _, fault: complaints.append(fault))
    by_id = {one["id"]: one for one in given}
    assert complaints == []
    return by_id


@pytest.fixture(scope="module")
def report(found) -> Report:
    gold = [json.loads(line) for line in (HERE / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    return report_on(gold, list(found.values()))


def test_names(report):
    assert report.entities.f1 >= 0.92
    assert all(counts.f1 >= 0.6 for counts in report.entities_by_type.values())


def test_watches(report):
    assert report.all_watches.f1 >= 0.98
    assert report.false_alerts == 0


def test_stories(report):
    assert report.pairs.f1 >= 0.9
    assert report.copies.f1 == 1


def test_main_categories(found):
    wanted = dict(line.split("\t") for line in (HERE / "categories.tsv").read_text(encoding="utf-8").splitlines())

    right = [found[name]["topics"][0]["code"] == f"medtop:{SUBJECTS[key][0]}" for name, key in wanted.items()]

    assert sum(right) / len(right) >= 0.85
