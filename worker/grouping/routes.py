"""When an alert goes to each of its channels: at once, or held until a better moment; pure.

What holds an alert: the times that its watch asks for, a story told a short while ago, too many alerts at once, and
the quiet hours of the channel, which only an urgent alert breaks. Each is looked at where the one before it ended, so
an alert held for eight in the evening is not sent into the night. All is reckoned in the time of Sofia.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from worker.models.alert import Reason, Route
from worker.models.rules import AlertRules, QuietHours
from worker.models.watch import ChannelId, Severity, Watch
from worker.text.times import SOFIA

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
#: Quiet hours may follow upon quiet hours, but at most so many times: a channel that is always quiet waits a week.
_MOST_QUIET = 14


def routes_of(
    watch: Watch,
    recent: Mapping[ChannelId, Sequence[datetime]],
    rules: AlertRules,
    now: datetime,
    not_before: datetime | None = None,
) -> tuple[Route, ...]:
    """One route for each channel of a watch, in its order; `not_before`: the story was told a short while ago.

    `recent` says when alerts that were not held came to each channel.
    """
    return tuple(
        _route(channel, watch, recent.get(channel, ()), rules, now, not_before)
        for channel in dict.fromkeys(watch.channels)
    )


def _route(  # noqa: PLR0917 - a row of rules over what they look at
    channel: ChannelId,
    watch: Watch,
    recent: Sequence[datetime],
    rules: AlertRules,
    now: datetime,
    not_before: datetime | None,
) -> Route:
    start = max(now, not_before or now)
    at, reason = start, Reason.SOON_AFTER if start > now else None
    if (paced_at := next_of(watch.pace, start)) is not None:
        at, reason = paced_at, Reason.PACED
    if at <= now and is_flooded(recent, rules, now):
        at, reason = window_end(rules, now), Reason.FLOOD
    if watch.severity is not Severity.URGENT:
        loud_at = quiet_until(rules.quiet.get(channel, ()), at)
        if loud_at > at:
            at, reason = loud_at, Reason.QUIET_HOURS
    return Route(channel=channel, held_until=at, reason=reason) if at > now else Route(channel=channel)


def next_of(pace: Sequence[time], now: datetime) -> datetime | None:
    """The next of these times of the day in Bulgaria, not before `now`; None for no pace.

    A time that the change to summer time leaves out is taken as the same time after it.
    """
    today = now.astimezone(SOFIA).date()
    moments = (
        datetime.combine(today + timedelta(days=day), at, tzinfo=SOFIA).astimezone(UTC) for day in (0, 1) for at in pace
    )
    return min((moment for moment in moments if moment >= now), default=None)


def quiet_until(quiet: Iterable[QuietHours], at: datetime) -> datetime:
    """The first moment from `at` on that lies in none of the quiet hours; aware UTC."""
    hours = tuple(quiet)
    for _ in range(_MOST_QUIET):
        end = max((end for one in hours if (end := _end_of(one, at)) is not None), default=None)
        if end is None:
            break
        at = end
    return at


def is_flooded(recent: Iterable[datetime], rules: AlertRules, now: datetime) -> bool:
    """Whether so many alerts came within the window that the next ones are put together."""
    return sum(now - rules.flood_window < at <= now for at in recent) >= rules.flood_alerts


def window_end(rules: AlertRules, now: datetime) -> datetime:
    """The end of the flood window; the same for all who ask within it, so that they go together."""
    return _EPOCH + ((now - _EPOCH) // rules.flood_window + 1) * rules.flood_window


def again_after(loud: int, rules: AlertRules) -> timedelta:
    """The least time after alert number `loud` of a watch about a story until the next; it doubles each time."""
    return min(rules.realert_last, rules.realert_first * (1 << min(max(loud, 1) - 1, 20)))


def _end_of(quiet: QuietHours, at: datetime) -> datetime | None:
    """When these quiet hours end, if they hold now."""
    today = at.astimezone(SOFIA).date()
    over_midnight = quiet.end <= quiet.start
    for day in (today - timedelta(days=1), today):
        if day.weekday() not in quiet.days:
            continue
        start = datetime.combine(day, quiet.start, tzinfo=SOFIA).astimezone(UTC)
        end = datetime.combine(day + timedelta(days=over_midnight), quiet.end, tzinfo=SOFIA).astimezone(UTC)
        if start <= at < end:
            return end
    return None
