"""What one process lets the others know, in the table of facts."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import Engine, delete, select

from worker.store.engine import insert, reading, writing
from worker.store.schema import facts

_MODELS_FAULT = "models_fault"
_WATCHLIST = "watchlist"


class Fate(StrEnum):
    """What became of a watch that fails an example."""

    #: in force as it last was good
    KEPT = "kept"
    #: not in force: it never was good
    DROPPED = "dropped"
    #: in force, since it may fail for want of the language models
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingExample:
    """A golden example on which its watch does not do what it must."""

    watch: str
    must_match: bool
    text: str
    why: str
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchlistNote:
    """Which watches are in force, and what keeps those of the files from being so."""

    version: str
    watches: int
    failing: tuple[FailingExample, ...] = ()
    #: faults for which the watch files are not loaded at all
    faults: tuple[str, ...] = ()


def note_models_fault(engine: Engine, fault: str) -> None:
    """Why the language models cannot be used, or nothing when they are in use again."""
    _note(engine, _MODELS_FAULT, fault)


def models_fault(engine: Engine) -> str:
    """Why articles are analysed by word forms alone; empty while the language models are in use."""
    return _noted(engine, _MODELS_FAULT)


def note_watchlist(engine: Engine, note: WatchlistNote) -> None:
    """What the process that matches goes by from now on."""
    _note(engine, _WATCHLIST, json.dumps(asdict(note), ensure_ascii=False))


def watchlist_note(engine: Engine) -> WatchlistNote | None:
    """What the process that matches goes by; None while it has not said so."""
    stored = _noted(engine, _WATCHLIST)
    if not stored:
        return None
    note = json.loads(stored)
    failing = tuple(FailingExample(**{**one, "fate": Fate(one["fate"])}) for one in note["failing"])
    return WatchlistNote(
        version=note["version"], watches=note["watches"], failing=failing, faults=tuple(note["faults"])
    )


def _note(engine: Engine, key: str, value: str) -> None:
    with writing(engine) as connection:
        if not value:
            connection.execute(delete(facts).where(facts.c.key == key))
            return
        statement = insert(connection, facts).values(key=key, value=value)
        connection.execute(statement.on_conflict_do_update(index_elements=[facts.c.key], set_={"value": value}))


def _noted(engine: Engine, key: str) -> str:
    with reading(engine) as connection:
        return connection.scalar(select(facts.c.value).where(facts.c.key == key)) or ""
