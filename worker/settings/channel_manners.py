"""When a channel may make a noise and how much it takes at once: the keys that every kind of channel has."""

import re
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator

from worker.models.rules import EVERY_DAY, AlertRules, QuietHours, WeeklyTime
from worker.models.watch import ChannelId
from worker.settings.service import ServiceFile
from worker.settings.yaml import Strict

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_QUIET = re.compile(rf"(?:(?P<days>\S+)\s+)?(?P<start>{_CLOCK})\s*[-–]\s*(?P<end>{_CLOCK}|24:00)")
_WEEKLY = re.compile(rf"(?P<day>\S+)\s+(?P<at>{_CLOCK})")
_MIDNIGHT = "24:00"


def _one_or_more(value: object) -> object:
    """One value stands for a list of it."""
    return value if isinstance(value, list) else [value]


class Manners(Strict):
    """What a channel has beside its address."""

    #: parts of the day in Bulgaria in which it stays quiet: „22:00-07:00“, „sat,sun 00:00-24:00“, „mon-fri 22:00-07:00“
    quiet: Annotated[list[str], BeforeValidator(_one_or_more)] = Field(default_factory=list)
    #: when it gets the week in review: „mon 08:00“; None: never
    weekly: str | None = None
    #: most stories in one digest; more of them make another one
    digest_size: Annotated[int, Field(ge=2, le=100)] = 12

    @field_validator("quiet")
    @classmethod
    def _known_hours(cls, quiet: list[str]) -> list[str]:
        for text in quiet:
            quiet_hours(text)
        return quiet

    @field_validator("weekly")
    @classmethod
    def _known_time(cls, weekly: str | None) -> str | None:
        if weekly is not None:
            weekly_time(weekly)
        return weekly


def quiet_hours(text: str) -> QuietHours:
    """„sat,sun 00:00-24:00“ as a value, where 24:00 is the end of the day; raises ValueError with what is allowed."""
    found = _QUIET.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"«{text}» must be times such as «22:00-07:00», with or without days: «sat,sun 00:00-24:00»")
    if found["start"] == found["end"]:
        raise ValueError(f"«{text}» begins and ends at the same time; a whole day is 00:00-24:00")
    start = time.fromisoformat(found["start"])
    end = time() if found["end"] == _MIDNIGHT else time.fromisoformat(found["end"])
    return QuietHours(start=start, end=end, days=_days(found["days"]) if found["days"] else EVERY_DAY)


def weekly_time(text: str) -> WeeklyTime:
    """„mon 08:00“ as a value; raises ValueError with what is allowed."""
    found = _WEEKLY.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"«{text}» must be a day and a time, such as «mon 08:00»")
    return WeeklyTime(day=_day(found["day"]), at=time.fromisoformat(found["at"]))


def alert_rules(service: ServiceFile, channels: Mapping[ChannelId, Manners]) -> AlertRules:
    """The bounds of decisions that the operator set."""
    alerts = service.alerts
    return AlertRules(
        max_age=timedelta(hours=service.max_age_hours),
        realert_first=timedelta(minutes=alerts.realert_first_minutes),
        realert_last=timedelta(hours=alerts.realert_last_hours),
        flood_alerts=alerts.flood_alerts,
        flood_window=timedelta(minutes=alerts.flood_minutes),
        quiet={name: tuple(map(quiet_hours, part.quiet)) for name, part in channels.items() if part.quiet},
    )


def weekly_times(channels: Mapping[ChannelId, Manners]) -> Mapping[ChannelId, WeeklyTime]:
    """When each channel that wants it gets the week in review."""
    return {name: weekly_time(part.weekly) for name, part in channels.items() if part.weekly is not None}


def digest_sizes(channels: Mapping[ChannelId, Manners]) -> Mapping[ChannelId, int]:
    """The most stories in one digest of each channel."""
    return {name: part.digest_size for name, part in channels.items()}


def _days(text: str) -> frozenset[int]:
    """„sat,sun“, „mon-fri“ and both together; a span may run over the end of the week."""
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        start, end = _day(first), _day(last or first)
        found.update((start + ahead) % len(_DAYS) for ahead in range((end - start) % len(_DAYS) + 1))
    return frozenset(found)


def _day(text: str) -> int:
    if text.lower() not in _DAYS:
        raise ValueError(f"«{text}» must be a day: one of {', '.join(_DAYS)}")
    return _DAYS.index(text.lower())
