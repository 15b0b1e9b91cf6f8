"""Labelled items and results, to figures."""

import json
from typing import Any

import pytest

from worker.evaluate.metrics import Counts
from worker.evaluate.score import report_on


def span(start: int, end: int, kind: str, field: str = "body") -> dict[str, Any]:
    return {"field": field, "start": start, "end": end, "text": "x" * (end - start), "type": kind}


def labelled(
    name: str | int,
    story: str,
    *fires: str,
    entities: tuple[dict[str, Any], ...] = (),
    copy_of: str | int | None = None,
) -> dict[str, Any]:
    return {"id": name, "fires": list(fires), "entities": list(entities), "story": story, "copy_of": copy_of}


def result(
    name: str | int,
    story: str,
    *fired: str,
    entities: tuple[dict[str, Any], ...] = (),
    copy_of: str | int | None = None,
) -> dict[str, Any]:
    watches = [{"watch": watch, "score": 0.5, "reason": "", "evidence": []} for watch in fired]
    found = [{**entity, "name": "n"} for entity in entities]
    return {"id": name, "watches": watches, "entities": found, "topics": [], "story": story, "copy_of": copy_of}


GOLD = [
    labelled("1", "s1", "nato", "radev", entities=(span(0, 4, "PER"), span(6, 9, "ORG"))),
    labelled("2", "s1", "nato", copy_of="1"),
    labelled("3", "s2"),
    labelled("4", "s3"),
]
FOUND = [
    # one entity with the wrong type
    result("1", "A", "nato", entities=(span(0, 4, "PER"), span(6, 9, "LOC"))),
    result("2", "A", "nato", "radev", copy_of="1"),
    result("3", "B", "nato", "schengen"),
    result("4", "B"),
]


def test_report_counts_everything_once() -> None:
    report = report_on(GOLD, FOUND)

    assert report.items == 4
    assert dict(report.watches) == {
        "nato": Counts(true=2, false=1),
        "radev": Counts(false=1, missed=1),
        "schengen": Counts(false=1),
    }
    assert report.all_watches == Counts(true=2, false=3, missed=1)
    assert (report.silent_items, report.false_alerts) == (2, 2)
    assert report.entities == Counts(true=1, false=1, missed=1)
    assert report.entities_untyped == Counts(true=2)
    assert dict(report.entities_by_type) == {
        "LOC": Counts(false=1),
        "ORG": Counts(missed=1),
        "PER": Counts(true=1),
    }
    assert report.pairs == Counts(true=1, false=1)
    assert report.copies == Counts(true=1)
    # P: 1 + 1 + 1/2 + 1/2 of 4
    assert (report.stories.precision, report.stories.recall) == (0.75, 1.0)
    assert (report.multi_items, report.stories_multi.f1) == (2, 1.0)
    # R: 1/2 + 1/2 + 1 + 1 of 4, and of the first two alone
    assert (report.alone.recall, report.alone_multi.recall) == (0.75, 0.5)


def test_order_of_results_does_not_matter() -> None:
    assert report_on(GOLD, FOUND[::-1]) == report_on(GOLD, FOUND)


def test_ids_may_be_numbers() -> None:
    report = report_on([labelled(1, "s"), labelled(2, "s", copy_of=1)], [result(1, "A"), result(2, "A", copy_of=1)])

    assert (report.copies, report.pairs) == (Counts(true=1), Counts(true=1))


def test_perfect_results_have_figures_of_one() -> None:
    perfect = [
        result(item["id"], item["story"], *item["fires"], entities=tuple(item["entities"]), copy_of=item["copy_of"])
        for item in GOLD
    ]

    report = report_on(GOLD, perfect)

    assert report.false_alerts == 0
    assert {
        report.all_watches.f1,
        report.entities.f1,
        report.entities_untyped.f1,
        report.stories.f1,
        report.stories_multi.f1,
        report.pairs.f1,
        report.copies.f1,
    } == {1.0}


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(FOUND[:3], id="one missing"),
        pytest.param([*FOUND, FOUND[0]], id="one twice"),
        pytest.param([*FOUND[:3], result("5", "A")], id="another"),
    ],
)
def test_results_of_other_items_are_refused(found: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match="same ids"):
        report_on(GOLD, found)


def test_report_is_json() -> None:
    written = json.loads(json.dumps(report_on(GOLD, FOUND).as_dict()))

    assert written["watches"]["micro"] == {
        "true": 2,
        "false": 3,
        "missed": 1,
        "precision": 0.4,
        "recall": 0.6667,
        "f1": 0.5,
    }
    assert written["watches"]["false_alerts"] == 2
    assert written["entities"]["by_type"]["PER"]["f1"] == 1.0
    assert written["stories"]["b_cubed"]["precision"] == 0.75
    assert written["stories"]["baseline_alone"]["recall"] == 0.75


def test_table_aligns_figures_under_their_heads() -> None:
    lines = report_on(GOLD, FOUND).as_table().splitlines()

    heads = lines[0]
    row = next(line for line in lines if line.startswith("all watches"))
    assert row.split()[2:] == ["2", "3", "1", "0.400", "0.667", "0.500"]
    assert row.rindex("0.500") + 5 == len(heads)
    assert row.index("2 ") == heads.index("right") + 4
    assert "false alerts on the 2 items that fire nothing: 2" in lines


def test_report_on_nothing_is_possible() -> None:
    assert report_on([], []).as_table()
