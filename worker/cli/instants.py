"""Moments and spans of time as a person types them, in the time of Sofia; each bad one is a sentence."""

import re
from datetime import UTC, datetime, time, timedelta

from worker.errors import ConfigError
from worker.text.times import SOFIA

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_SPAN = re.compile(r"(?:[0-9]{1,5}[mhdw])+")
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]")
_DAY = timedelta(days=1)


def span_of(text: str) -> timedelta:
    """„8h“, „30m“, „1d12h“, „2w“; raises ConfigError."""
    if not _SPAN.fullmatch(text):
        raise ConfigError((f"«{text}» is no span of time; write one such as 30m, 8h, 3d, 2w or 1d12h",))
    span = sum((int(n) * _UNITS[unit] for n, unit in re.findall(r"([0-9]+)([mhdw])", text)), timedelta())
    if not span:
        raise ConfigError((f"«{text}» is no time at all; write a span such as 30m, 8h or 3d",))
    return span


def moment_of(text: str, now: datetime, *, is_past: bool = False) -> datetime:
    """A day, a day and a time, or the next time of the day – the last one if `is_past`; aware UTC, or ConfigError."""
    try:
        if _CLOCK.fullmatch(text):
            today = now.astimezone(SOFIA).date()
            at = time.fromisoformat(text.zfill(5))
            days = (0, -1) if is_past else (0, 1)
            moments = [datetime.combine(today + day * _DAY, at, tzinfo=SOFIA).astimezone(UTC) for day in days]
            return next(one for one in moments if (one <= now if is_past else one > now))
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=SOFIA)).astimezone(UTC)
    except (ValueError, OverflowError, StopIteration) as error:
        example = "a time of the day (08:00), a day (2026-11-25) or both (2026-11-25 08:00), in Bulgaria"
        raise ConfigError((f"«{text}» is no moment; write {example}",)) from error


def since_of(text: str, now: datetime) -> datetime:
    """So long ago („2d“), or a moment; raises ConfigError."""
    return now - span_of(text) if _SPAN.fullmatch(text) else moment_of(text, now, is_past=True)


def local(instant: datetime | None) -> str:
    """`24.11.2026 09:15`, in Sofia."""
    return "–" if instant is None else f"{instant.astimezone(SOFIA):%d.%m.%Y %H:%M}"
