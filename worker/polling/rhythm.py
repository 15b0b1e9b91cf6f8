"""How often a feed brings something new, by the hour of the week; pure.

Counts are of entries that we first saw, spread over the time since the poll before. Each hour of the week leans
on the same hour of other weekdays (or weekend days), and that on the feed as a whole, until it has been watched
for some weeks. What is older than four weeks hardly counts.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from worker.models.feed import WEEK_HOURS, Rhythm
from worker.text.times import SOFIA

_HOUR_S = 3600.0
_MEMORY_DAYS = 28.0
#: A feed that nobody knows is taken to bring one entry an hour, with the weight of two hours of watching.
_PRIOR_ENTRIES = _PRIOR_HOURS = 2.0
#: hours of watching that the broader count is worth against the narrower
_KIND_WEIGHT = 1.0
_SLOT_WEIGHT = 2.0
_WEEKDAYS = range(5)
_WEEKEND = range(5, 7)
#: a longer silence of ours says nothing about the hours in it
_LONGEST_LOOK = timedelta(days=7)
_LEAST_DATES = 3


def watched(rhythm: Rhythm, since: datetime, now: datetime, new_entries: int) -> Rhythm:
    """The rhythm after a look at the time from `since` to `now`, which brought so many new entries."""
    since = max(since, now - _LONGEST_LOOK)
    seconds = (now - since).total_seconds()
    if seconds <= 0:
        return rhythm
    entries, looked = _discounted(rhythm, now)
    for slot, part_s in _slots(since, seconds):
        entries[slot] = round(entries[slot] + new_entries * part_s / seconds, 4)
        looked[slot] = round(looked[slot] + part_s / _HOUR_S, 4)
    return Rhythm(entries=tuple(entries), looked=tuple(looked), discounted_at=_day_of(rhythm, now))


def from_dates(dates: Sequence[datetime], now: datetime) -> Rhythm:
    """The rhythm that the dates of a feed's first document suggest; they say nothing of the time before the oldest."""
    recent = [date for date in dates if now - timedelta(days=_MEMORY_DAYS) < date <= now]
    if len(recent) < _LEAST_DATES:
        return Rhythm()
    entries, looked = [0.0] * WEEK_HOURS, [0.0] * WEEK_HOURS
    oldest = min(recent)
    for slot, part_s in _slots(oldest, (now - oldest).total_seconds()):
        looked[slot] += part_s / _HOUR_S
    for date in recent:
        entries[_slot(date)] += 1
    return Rhythm(entries=tuple(entries), looked=tuple(looked), discounted_at=now)


def expected(rhythm: Rhythm, start: datetime, seconds: float) -> float:
    """How many new entries the rhythm lets us expect from `start` on."""
    rate = _Rates(rhythm)
    return sum(rate.per_hour(slot) * part_s / _HOUR_S for slot, part_s in _slots(start, seconds))


def time_until(rhythm: Rhythm, start: datetime, entries: float, longest_s: float) -> float:
    """Seconds from `start` until so many new entries are to be expected; `longest_s` at most."""
    rate = _Rates(rhythm)
    left, waited_s = entries, 0.0
    for slot, part_s in _slots(start, longest_s):
        per_second = rate.per_hour(slot) / _HOUR_S
        if per_second * part_s >= left:
            return waited_s + left / per_second
        left -= per_second * part_s
        waited_s += part_s
    return longest_s


class _Rates:
    """New entries per hour in each hour of the week."""

    def __init__(self, rhythm: Rhythm) -> None:
        self._entries = rhythm.entries or (0.0,) * WEEK_HOURS
        self._looked = rhythm.looked or (0.0,) * WEEK_HOURS
        self._overall = (sum(self._entries) + _PRIOR_ENTRIES) / (sum(self._looked) + _PRIOR_HOURS)

    def per_hour(self, slot: int) -> float:
        day, hour = divmod(slot, 24)
        alike = [other * 24 + hour for other in (_WEEKDAYS if day in _WEEKDAYS else _WEEKEND)]
        entries, looked = sum(self._entries[each] for each in alike), sum(self._looked[each] for each in alike)
        of_kind = (entries + _KIND_WEIGHT * self._overall) / (looked + _KIND_WEIGHT)
        return (self._entries[slot] + _SLOT_WEIGHT * of_kind) / (self._looked[slot] + _SLOT_WEIGHT)


def _slot(instant: datetime) -> int:
    local = instant.astimezone(SOFIA)
    return local.weekday() * 24 + local.hour


def _slots(start: datetime, seconds: float) -> list[tuple[int, float]]:
    """The hours of the week that a time touches, each with the seconds of it that lie within."""
    # Sofia is whole hours from UTC, so an hour there begins when one begins here.
    first_s = min(_HOUR_S - (start.minute * 60 + start.second + start.microsecond / 1e6), seconds)
    parts = [(_slot(start), first_s)]
    left, at = seconds - first_s, start + timedelta(seconds=first_s)
    while left > 0:
        # Half past, so that rounding does not fall into the hour before.
        parts.append((_slot(at + timedelta(minutes=30)), min(_HOUR_S, left)))
        left -= _HOUR_S
        at += timedelta(hours=1)
    return parts


def _discounted(rhythm: Rhythm, now: datetime) -> tuple[list[float], list[float]]:
    """Counts as they are worth now; discounted once a day, which is fine enough for four weeks."""
    if not rhythm.entries or rhythm.discounted_at is None:
        return [0.0] * WEEK_HOURS, [0.0] * WEEK_HOURS
    days = (now - rhythm.discounted_at) // timedelta(days=1)
    if days <= 0:
        return list(rhythm.entries), list(rhythm.looked)
    factor = math.exp(-days / _MEMORY_DAYS)
    return [round(each * factor, 4) for each in rhythm.entries], [round(each * factor, 4) for each in rhythm.looked]


def _day_of(rhythm: Rhythm, now: datetime) -> datetime:
    if not rhythm.entries or rhythm.discounted_at is None:
        return now
    return rhythm.discounted_at + max((now - rhythm.discounted_at) // timedelta(days=1), 0) * timedelta(days=1)
