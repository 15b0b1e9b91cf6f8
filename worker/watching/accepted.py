"""Which watches are in force: the new ones that keep their promises, and for the others their last good version."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar

from worker.matching.concepts import MARK
from worker.models.watch import Concept, Phrase, Watch, WatchId, Watchlist
from worker.watching.examples import Failure

_T = TypeVar("_T")
#: Ends the version of a watchlist that is not wholly what the files say.
PARTLY = "*"

#: For each watch the watchlist in which it was good, as its files had it.
LastGood = Mapping[WatchId, Watchlist]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The watchlist to go by, and how it differs from the files."""

    watchlist: Watchlist
    failures: tuple[Failure, ...] = ()
    #: watches in force as they were when they were last good
    kept: tuple[WatchId, ...] = ()
    #: watches that fail and never were good
    dropped: tuple[WatchId, ...] = ()
    #: what to fall back on next time
    last_good: LastGood


def accept(
    candidate: Watchlist, last_good: LastGood, failures: Sequence[Failure], unsure: Collection[WatchId] = ()
) -> Accepted:
    """The candidate with each failing watch replaced by its last good version, or left out when it has none.

    A watch that is kept has the concepts of its own time, under names of their own, and the channels of the new one,
    which surely exist. For watches that are `unsure`, since a model that they need is missing, a failure proves
    little: one that was good in this very version fails in nothing, one that never was good is taken as it is, and
    none becomes good.
    """
    was_good = {name for name in unsure if name in last_good and last_good[name].version == candidate.version}
    counting = tuple(failure for failure in failures if failure.watch_id not in was_good)
    failing = {failure.watch_id for failure in counting}
    concepts = dict(candidate.concepts)
    watches: list[Watch] = []
    kept: list[WatchId] = []
    dropped: list[WatchId] = []
    good: dict[WatchId, Watchlist] = {}
    for watch in candidate.watches:
        source = last_good.get(watch.id)
        if watch.id not in failing or (source is None and watch.id in unsure):
            watches.append(watch)
            source = source if watch.id in unsure else candidate
        elif source is None:
            dropped.append(watch.id)
        else:
            older, of_older = _as_it_was(watch.id, source)
            watches.append(replace(older, channels=watch.channels))
            concepts.update(of_older)
            kept.append(watch.id)
        if source is not None:
            good[watch.id] = source
    version = candidate.version + (PARTLY if kept or dropped else "")
    return Accepted(
        watchlist=Watchlist(watches=tuple(watches), version=version, concepts=concepts),
        failures=counting,
        kept=tuple(kept),
        dropped=tuple(dropped),
        last_good=good,
    )


def recalled(version: str, last_good: LastGood) -> Watchlist:
    """The watchlist made of nothing but good versions, for when the files cannot be read."""
    watches: list[Watch] = []
    concepts: dict[str, Concept] = {}
    for watch_id, source in last_good.items():
        watch, own = _as_it_was(watch_id, source)
        watches.append(watch)
        concepts.update(own)
    return Watchlist(watches=tuple(watches), version=version, concepts=concepts)


def _as_it_was(watch_id: WatchId, source: Watchlist) -> tuple[Watch, Mapping[str, Concept]]:
    """A watch and the concepts that it uses, renamed after their version so that others of the name stay apart."""
    watch = next(one for one in source.watches if one.id == watch_id)
    used = _used(watch, source.concepts)
    names = {name: f"{name}@{source.version}" for name in used}
    concepts = {names[name]: replace(_renamed(source.concepts[name], names), name=names[name]) for name in used}
    return _renamed(watch, names), concepts


def _used(part: object, concepts: Mapping[str, Concept]) -> tuple[str, ...]:
    """Names of the concepts that stand in the phrases of a part, and in those of the concepts so found."""
    found: dict[str, None] = {}
    parts: list[object] = [part]
    while parts:
        for phrase in _phrases_in(parts.pop()):
            for word in phrase.text.split():
                name = word.removeprefix(MARK)
                if word.startswith(MARK) and name in concepts and name not in found:
                    found[name] = None
                    parts.append(concepts[name])
    return tuple(found)


def _phrases_in(part: object) -> Iterable[Phrase]:
    # Over whatever fields there are, so that none that is added later is forgotten.
    if isinstance(part, Phrase):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from _phrases_in(item)
    elif is_dataclass(part):
        for each in fields(part):
            yield from _phrases_in(getattr(part, each.name))


def _renamed(part: _T, names: Mapping[str, str]) -> _T:
    """The part with the concepts in its phrases under their new names."""
    changed: object = part
    if isinstance(part, Phrase):
        changed = replace(part, text=" ".join(_word(word, names) for word in part.text.split()))
    elif isinstance(part, tuple):
        changed = tuple(_renamed(item, names) for item in part)
    elif is_dataclass(part) and not isinstance(part, type):
        changed = replace(part, **{each.name: _renamed(getattr(part, each.name), names) for each in fields(part)})
    return changed  # type: ignore[return-value]  # each branch gives what it was given


def _word(word: str, names: Mapping[str, str]) -> str:
    name = word.removeprefix(MARK)
    return MARK + names[name] if word.startswith(MARK) and name in names else word
