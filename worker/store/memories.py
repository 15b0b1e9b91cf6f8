"""A feed's memory as JSON values, and back; pure."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from worker.models.feed import FeedMemory, Move, Rhythm
from worker.models.health import Condition, Health

_INSTANTS = frozenset(
    {
        "newest_at", "read_at", "lied_at", "regressed_since", "gap_at", "unread_from", "unread_until", "failing_since",
        "charset_at",
    }
)  # fmt: skip
_TUPLES = frozenset({"skip_hours", "skip_days", "entry_ids", "repairs"})
_NESTED = frozenset({"rhythm", "move", "health"})
#: has a column of its own, because feeds are chosen by it
_APART = frozenset({"gone_at"})


def memory_to_json(memory: FeedMemory) -> dict[str, Any]:
    """Everything but `gone_at`; instants in ISO form."""
    stored: dict[str, Any] = {}
    for name in (each.name for each in fields(FeedMemory)):
        value = getattr(memory, name)
        if name in _INSTANTS:
            stored[name] = _iso(value)
        elif name in _TUPLES:
            stored[name] = list(value)
        elif name not in _NESTED | _APART:
            stored[name] = value
    rhythm, move, health = memory.rhythm, memory.move, memory.health
    stored["rhythm"] = {
        "entries": list(rhythm.entries),
        "looked": list(rhythm.looked),
        "discounted_at": _iso(rhythm.discounted_at),
    }
    stored["health"] = {"condition": health.condition, "since": _iso(health.since), "evidence": health.evidence}
    if move is not None:
        stored["move"] = {"to": move.to, "since": _iso(move.since), "answers": move.answers, "is_same": move.is_same}
    return stored


def memory_from_json(stored: Mapping[str, Any] | None, gone_at: datetime | None) -> FeedMemory:
    """The way back; what an earlier version did not store is as it is for a new feed."""
    values = dict(stored or {})
    known = {each.name for each in fields(FeedMemory)} - _NESTED - _APART
    plain = {name: value for name, value in values.items() if name in known}
    plain |= {name: _instant(plain[name]) for name in _INSTANTS & plain.keys()}
    plain |= {name: tuple(plain[name]) for name in _TUPLES & plain.keys()}
    return FeedMemory(
        rhythm=_rhythm(values.get("rhythm")),
        move=_move(values.get("move")),
        health=_health(values.get("health")),
        gone_at=gone_at,
        **plain,
    )


def _rhythm(stored: Mapping[str, Any] | None) -> Rhythm:
    if not stored:
        return Rhythm()
    return Rhythm(
        entries=tuple(stored["entries"]),
        looked=tuple(stored["looked"]),
        discounted_at=_instant(stored["discounted_at"]),
    )


def _move(stored: Mapping[str, Any] | None) -> Move | None:
    return Move(**{**stored, "since": datetime.fromisoformat(stored["since"])}) if stored else None


def _health(stored: Mapping[str, Any] | None) -> Health:
    if not stored:
        return Health()
    return Health(
        condition=Condition(stored["condition"]), since=_instant(stored["since"]), evidence=stored["evidence"]
    )


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _instant(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)
