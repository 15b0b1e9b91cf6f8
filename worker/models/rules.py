"""How often, and when, people want to hear: what an operator sets about alerts, beside the watches themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta

from worker.models.watch import ChannelId

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """A part of the day in Bulgaria in which a channel stays quiet; from a later time to an earlier one: overnight."""

    start: time
    end: time
    #: days on which it starts, 0 is Monday
    days: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        if not self.days <= EVERY_DAY or not self.days:
            raise ValueError("days are 0 to 6, at least one")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyTime:
    """A day of the week and a time in Bulgaria."""

    #: 0 is Monday
    day: int
    at: time

    def __post_init__(self) -> None:
        if self.day not in EVERY_DAY:
            raise ValueError("a day is 0 to 6")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRules:
    """Bounds of the decisions about alerts."""

    #: articles published longer ago never alert
    max_age: timedelta = timedelta(hours=24)
    #: the least time between the first and the second alert of a watch about a story; it doubles with each …
    realert_first: timedelta = timedelta(hours=1)
    #: … up to this
    realert_last: timedelta = timedelta(hours=24)
    #: a channel that had so many alerts within the window gets the next ones together at the window's end
    flood_alerts: int = 12
    flood_window: timedelta = timedelta(minutes=15)
    quiet: Mapping[ChannelId, tuple[QuietHours, ...]] = field(default_factory=dict)
