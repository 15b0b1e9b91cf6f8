"""Spikes and reviews, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import Engine

from tests.store.values import LEASE, NOW, Stores, an_alert, an_article, analyse, claimed
from worker.lookback import find_spikes, last_of, make_reviews
from worker.models.alert import Grouping, Notice, Reason
from worker.models.delivery import DeliveryId, Review
from worker.models.rules import AlertRules, QuietHours, WeeklyTime
from worker.models.silence import Silence, SilenceId
from worker.models.watch import ChannelId, Phrase, Watch, WatchId, WatchKind, Watchlist
from worker.pipeline import Policy
from worker.store.lookback import SqlLookbackStore
from worker.store.outbox_views import spike_rows

DAY = timedelta(days=1)
WATCH = Watch(
    id=WatchId("nato"),
    name="НАТО",
    kind=WatchKind.TOPIC,
    terms=(Phrase(text="НАТО"),),
    channels=(ChannelId("desk"),),
)
WATCHLIST = Watchlist(watches=(WATCH,), version="v1")


def see(stores: Stores, name: str, at: datetime, story: str, *, is_told: bool = False) -> None:
    article = replace(an_article(name, seen_at=at), outlet=f"Медия {name[-1]}")
    alerts = (an_alert(article, story=story, at=at),) if is_told else ()
    analyse(stores, article, story=story, grouping=Grouping.SAME_EVENT, alerts=alerts)


def spike(engine: Engine, now: datetime, policy: Policy | None = None) -> tuple[DeliveryId, ...]:
    store = SqlLookbackStore(engine)
    return find_spikes(store=store, watchlist=WATCHLIST, policy=policy or Policy(), clock=lambda: now)


def a_burst(stores: Stores, stories: int = 5) -> None:
    see(stores, "old", NOW - 20 * DAY, "old")
    for number in range(stories):
        see(stores, f"a{number}", NOW - timedelta(hours=number), f"s{number}")


def test_burst_of_stories_is_told_once_until_it_calms(engine: Engine, on_database: Stores) -> None:
    a_burst(on_database)

    first, again, calm = spike(engine, NOW), spike(engine, NOW + LEASE), spike(engine, NOW + 3 * DAY)
    content = claimed(on_database, first[0]).content

    assert (len(first), again, calm) == (1, (), ())
    assert isinstance(content, Notice)
    assert content.title == "НАТО: 5 нови теми за 24 часа, обичайно са 0 на ден"
    assert content.decision_reason is Reason.SPIKE
    (row,) = spike_rows(engine)
    assert (row.stories, row.calmed_at) == (5, NOW + 3 * DAY)


def test_copies_of_one_story_are_no_spike(engine: Engine, on_database: Stores) -> None:
    see(on_database, "old", NOW - 20 * DAY, "old")
    for number in range(9):
        see(on_database, f"a{number}", NOW - timedelta(hours=1), "s1")

    assert spike(engine, NOW) == ()


def test_burst_of_a_watch_that_is_new_is_no_spike(engine: Engine, on_database: Stores) -> None:
    for number in range(9):
        see(on_database, f"a{number}", NOW, f"s{number}")

    assert spike(engine, NOW) == ()


def test_spike_under_a_silence_is_not_told(engine: Engine, on_database: Stores) -> None:
    a_burst(on_database)
    ids = spike(engine, NOW)
    silence = Silence(
        id=SilenceId("x"),
        watch_id=WATCH.id,
        story_id=None,
        author="Иван",
        comment="",
        starts_at=NOW,
        ends_at=NOW + DAY,
    )
    on_database.alerts.add_silence(silence)

    assert on_database.alerts.claim(ids[0], NOW, LEASE) is None


def test_spike_waits_for_the_end_of_quiet_hours(engine: Engine, on_database: Stores) -> None:
    a_burst(on_database)
    quiet = QuietHours(start=time(10), end=time(12))
    policy = Policy(rules=AlertRules(quiet={ChannelId("desk"): (quiet,)}))

    assert spike(engine, NOW, policy) == ()
    (due,) = on_database.alerts.flush(ChannelId("desk"), NOW + timedelta(hours=2), 12).due
    assert isinstance(claimed(on_database, due, NOW + timedelta(hours=2)).content, Notice)


# Tuesday, 24 November 2026, 11:00 in Sofia
@pytest.mark.parametrize(
    ("weekly", "expected"),
    [
        (WeeklyTime(day=1, at=time(8)), datetime(2026, 11, 24, 6, tzinfo=UTC)),
        (WeeklyTime(day=1, at=time(12)), datetime(2026, 11, 17, 10, tzinfo=UTC)),
        (WeeklyTime(day=2, at=time(8)), datetime(2026, 11, 18, 6, tzinfo=UTC)),
    ],
)
def test_last_weekly_time(weekly: WeeklyTime, expected: datetime) -> None:
    assert last_of(weekly, NOW) == expected


def test_review_is_made_once_a_week(engine: Engine, on_database: Stores) -> None:
    for name, days, story in (("a1", 8, "s0"), ("a2", 2, "s1"), ("a3", 2, "s2"), ("b4", 1, "s2"), ("b5", 0, "s3")):
        see(on_database, name, NOW - days * DAY, story, is_told=name in {"a2", "a3"})
    policy = Policy(reviews={ChannelId("desk"): WeeklyTime(day=1, at=time(8))})
    store = SqlLookbackStore(engine)

    def review(at: datetime) -> tuple[DeliveryId, ...]:
        return make_reviews(store=store, watchlist=WATCHLIST, policy=policy, clock=lambda: at)

    made = [review(at) for at in (NOW - timedelta(hours=4), NOW, NOW + LEASE, NOW + 2 * DAY)]

    assert [len(one) for one in made] == [0, 1, 0, 0]
    content = claimed(on_database, made[1][0]).content
    assert isinstance(content, Review)
    (week,) = content.watches
    assert (content.first_day.isoformat(), week.days, week.before) == ("2026-11-17", (0, 0, 0, 0, 0, 2, 0), 1)
    assert [(top.notice.url, top.outlets) for top in content.stories] == [
        ("https://dnes.example/a3", 2),
        ("https://dnes.example/a2", 1),
    ]
