"""When an alert goes to its channels."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.grouping.routes import is_flooded, next_of, quiet_until, routes_of, window_end
from worker.models.alert import Reason, Route
from worker.models.rules import AlertRules, QuietHours
from worker.models.watch import ChannelId, Phrase, Severity, Watch, WatchId, WatchKind
from worker.text.times import SOFIA

DESK, MAIL = ChannelId("desk"), ChannelId("mail")
NIGHT = QuietHours(start=time(22), end=time(7))
WEEKEND = QuietHours(start=time(0), end=time(0), days=frozenset({5, 6}))
WATCH = Watch(
    id=WatchId("nato"), name="НАТО", kind=WatchKind.TOPIC, terms=(Phrase(text="НАТО"),), channels=(DESK, MAIL)
)
INSTANTS = st.integers(0, 365 * 24 * 60).map(lambda minutes: sofia(1, 0, month=1) + timedelta(minutes=minutes))
RULES = AlertRules(quiet={DESK: (NIGHT,)})


def sofia(day: int, hour: int, minute: int = 0, *, month: int = 3, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SOFIA).astimezone(UTC)


# 10 March 2026 is a Tuesday; summer time begins on 29 March at 03:00 and ends on 25 October at 04:00.
@pytest.mark.parametrize(
    ("quiet", "at", "until"),
    [
        pytest.param((NIGHT,), sofia(10, 12), sofia(10, 12), id="by day"),
        pytest.param((NIGHT,), sofia(10, 22), sofia(11, 7), id="at its start"),
        pytest.param((NIGHT,), sofia(10, 21, 59), sofia(10, 21, 59), id="just before"),
        pytest.param((NIGHT,), sofia(11, 3), sofia(11, 7), id="after midnight"),
        pytest.param((NIGHT,), sofia(11, 7), sofia(11, 7), id="at its end"),
        pytest.param((WEEKEND,), sofia(14, 10), sofia(16, 0), id="two days on end"),
        pytest.param((NIGHT, WEEKEND), sofia(13, 23), sofia(16, 7), id="a night, a weekend and a night"),
        pytest.param((NIGHT,), sofia(28, 23), sofia(29, 7), id="the night that is an hour shorter"),
        pytest.param((NIGHT,), sofia(24, 23, month=10), sofia(25, 7, month=10), id="the night that is an hour longer"),
        pytest.param(
            (replace(NIGHT, days=frozenset({0})),),
            sofia(11, 3),
            sofia(11, 3),
            id="only the night that begins on Monday",
        ),
        pytest.param((replace(NIGHT, days=frozenset({1})),), sofia(11, 3), sofia(11, 7), id="Tuesday's night"),
    ],
)
def test_quiet_hours_end_by_the_clock_of_sofia(quiet: tuple[QuietHours, ...], at: datetime, until: datetime) -> None:
    assert quiet_until(quiet, at) == until


def test_the_night_of_the_change_lasts_as_long_as_it_does() -> None:
    spring = quiet_until((NIGHT,), sofia(28, 22)) - sofia(28, 22)
    autumn = quiet_until((NIGHT,), sofia(24, 22, month=10)) - sofia(24, 22, month=10)

    assert (spring, autumn) == (timedelta(hours=8), timedelta(hours=10))


def test_a_channel_that_is_always_quiet_waits_but_not_for_ever() -> None:
    always = QuietHours(start=time(0), end=time(0))

    assert sofia(10, 12) < quiet_until((always,), sofia(10, 12)) <= sofia(10, 12) + timedelta(days=15)


def test_only_the_urgent_breaks_quiet_hours() -> None:
    night = sofia(10, 23)

    held = Route(channel=DESK, held_until=sofia(11, 7), reason=Reason.QUIET_HOURS)
    for severity in (Severity.LOW, Severity.NORMAL, Severity.HIGH):
        assert routes_of(replace(WATCH, severity=severity), {}, RULES, night) == (held, Route(channel=MAIL))
    urgent = replace(WATCH, severity=Severity.URGENT)
    assert routes_of(urgent, {}, RULES, night) == (Route(channel=DESK), Route(channel=MAIL))


def test_a_paced_alert_that_would_fall_into_the_night_waits_for_the_morning() -> None:
    evening = replace(WATCH, pace=(time(22, 30),))

    assert routes_of(evening, {}, RULES, sofia(10, 12)) == (
        Route(channel=DESK, held_until=sofia(11, 7), reason=Reason.QUIET_HOURS),
        Route(channel=MAIL, held_until=sofia(10, 22, 30), reason=Reason.PACED),
    )


def test_a_follow_up_of_a_paced_watch_comes_at_its_pace() -> None:
    twice_a_day = replace(WATCH, pace=(time(8), time(18)), channels=(MAIL,))

    routes = routes_of(twice_a_day, {}, RULES, sofia(10, 9), not_before=sofia(11, 10))

    assert routes == (Route(channel=MAIL, held_until=sofia(11, 18), reason=Reason.PACED),)


def test_a_burst_is_put_together_at_the_end_of_the_window() -> None:
    now = sofia(10, 12, 4)
    recent = {DESK: [now - timedelta(minutes=one) for one in range(12)]}

    routes = routes_of(WATCH, recent, RULES, now)

    assert routes == (
        Route(channel=DESK, held_until=sofia(10, 12, 15), reason=Reason.FLOOD),
        Route(channel=MAIL),
    )
    assert routes_of(WATCH, {DESK: recent[DESK][1:]}, RULES, now) == (Route(channel=DESK), Route(channel=MAIL))


@given(INSTANTS)
def test_quiet_until_is_never_quiet_and_never_before(at: datetime) -> None:
    until = quiet_until((NIGHT, WEEKEND), at)

    assert until >= at
    assert quiet_until((NIGHT, WEEKEND), until) == until
    local = until.astimezone(SOFIA)
    assert 7 <= local.hour < 22
    assert local.weekday() < 5


@given(INSTANTS)
def test_window_ends_after_now_and_within_its_length(now: datetime) -> None:
    end = window_end(RULES, now)

    assert now < end <= now + RULES.flood_window
    assert not is_flooded([now] * 12, RULES, end + RULES.flood_window)


def test_next_of_no_times_is_none_and_of_several_the_nearest() -> None:
    noon = sofia(10, 12)

    assert next_of((), noon) is None
    assert next_of((time(8), time(18)), noon) == sofia(10, 18)
    assert next_of((time(8), time(12)), noon) == noon
    assert next_of((time(8),), noon) == sofia(11, 8)
