"""Counts a day, rises and proposals."""

from datetime import UTC, date, datetime, timedelta

import pytest

from worker.entities.trends import Sighting, daily_counts, proposals, trends

DAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 10, tzinfo=UTC)


def seen(name, article, *, days_ago=0, outlet="Вестник", kind="PER", at=NOON):
    return Sighting(name=name, kind=kind, article_id=article, outlet=outlet, seen_at=at - timedelta(days=days_ago))


def test_an_article_counts_once_and_its_day_is_sofias():
    late = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)

    counts = daily_counts([seen("Радев", "a"), seen("Радев", "a"), seen("Радев", "b", at=late)])

    assert counts == {("Радев", "PER"): {DAY: 1, date(2026, 3, 11): 1}}


@pytest.mark.parametrize(
    ("today", "before", "rise"),
    [
        pytest.param(3, 0, 4.0, id="never-seen-before"),
        pytest.param(3, 7, 2.0, id="one-a-day-before"),
        pytest.param(1, 14, 2 / 3, id="less-than-usual"),
    ],
)
def test_rise(today, before, rise):
    sightings = [seen("НАТО", f"t{n}") for n in range(today)]
    sightings += [seen("НАТО", f"b{n}", days_ago=1 + n % 7) for n in range(before)]

    (trend,) = trends(sightings, DAY, 7)

    assert (trend.articles, trend.usual) == (today, before / 7)
    assert trend.rise == pytest.approx(rise)


def test_the_greatest_rise_comes_first_and_yesterdays_names_do_not_come():
    sightings = [seen("А", "1"), seen("Б", "2"), seen("Б", "3"), seen("В", "4", days_ago=1)]

    assert [trend.name for trend in trends(sightings, DAY, 7)] == ["Б", "А"]


def test_days_beyond_the_past_are_not_counted():
    (trend,) = trends([seen("А", "1"), seen("А", "2", days_ago=8)], DAY, 7)

    assert trend.usual == 0


def test_proposals_leave_out_what_is_known_or_rare():
    sightings = [
        seen("Нов", "1"),
        seen("Нов", "2", outlet="Друг"),
        seen("Познат", "1"),
        seen("Познат", "2"),
        seen("Рядък", "1"),
    ]

    (proposal,) = proposals(sightings, frozenset({"Познат"}), 2)

    assert (proposal.name, proposal.articles, proposal.outlets, proposal.article_id) == ("Нов", 2, 2, "1")


def test_a_name_of_two_kinds_is_proposed_once_with_the_frequent_one():
    sightings = [seen("Чирен", "1", kind="LOC"), seen("Чирен", "2", kind="LOC"), seen("Чирен", "3", kind="ORG")]

    (proposal,) = proposals(sightings, frozenset(), 1)

    assert (proposal.kind, proposal.articles) == ("LOC", 3)
