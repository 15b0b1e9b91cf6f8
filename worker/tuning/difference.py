"""What two versions of the watches would have alerted differently; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from worker.models.news import StoryId
from worker.models.watch import Watch, WatchId, Watchlist
from worker.tuning.scan import Hit
from worker.tuning.showing import headline, plural, proof
from worker.tuning.trying import concepts_used

Alerts = Mapping[tuple[WatchId, StoryId], Hit]


class Fate(StrEnum):
    """What became of a watch."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchDifference:
    """One watch in the old and the new version."""

    watch_id: WatchId
    fate: Fate
    gained: tuple[Hit, ...] = ()
    lost: tuple[Hit, ...] = ()
    #: alerts of both versions
    kept: int = 0

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return self.fate is not Fate.UNCHANGED or bool(self.gained or self.lost)


def differences(old: Watchlist, new: Watchlist, before: Alerts, after: Alerts) -> tuple[WatchDifference, ...]:
    """Every watch of either version, in the order of the new one and then of the old one.

    An alert is the same when watch and story are; a watch of another id is another watch.
    """
    olds, news = ({watch.id: watch for watch in each.watches} for each in (old, new))
    found: list[WatchDifference] = []
    for watch_id in dict.fromkeys((*news, *olds)):
        mine = {key for key in before if key[0] == watch_id}
        theirs = {key for key in after if key[0] == watch_id}
        found.append(
            WatchDifference(
                watch_id=watch_id,
                fate=_fate(olds.get(watch_id), news.get(watch_id), old, new),
                gained=tuple(hit for key, hit in after.items() if key in theirs - mine),
                lost=tuple(hit for key, hit in before.items() if key in mine - theirs),
                kept=len(mine & theirs),
            )
        )
    return tuple(found)


def changed_only(old: Watchlist, new: Watchlist) -> tuple[Watchlist, Watchlist]:
    """Both versions without the watches that are the same in both."""
    olds, news = ({watch.id: watch for watch in each.watches} for each in (old, new))
    same = {watch_id for watch_id in olds if _fate(olds[watch_id], news.get(watch_id), old, new) is Fate.UNCHANGED}
    before, after = (tuple(watch for watch in each.watches if watch.id not in same) for each in (old, new))
    return replace(old, watches=before), replace(new, watches=after)


def _fate(before: Watch | None, after: Watch | None, old: Watchlist, new: Watchlist) -> Fate:
    if before is None:
        return Fate.ADDED
    if after is None:
        return Fate.REMOVED
    is_same = before == after and concepts_used(before, old.concepts) == concepts_used(after, new.concepts)
    return Fate.UNCHANGED if is_same else Fate.CHANGED


def difference_lines(found: Sequence[WatchDifference]) -> Iterator[str]:
    """Each watch that differs with its alerts gained (+) and lost (-), and one line for all."""
    for one in found:
        if not one.differs:
            continue
        alerts = f"alerts +{len(one.gained)} -{len(one.lost)}, {one.kept} as before"
        yield f"{one.watch_id}: {one.fate}; {alerts}"
        for sign, hits in (("+", one.gained), ("-", one.lost)):
            for hit in hits:
                yield f"  {sign} {headline(hit.article)}"
                yield f"      {proof(hit.article, hit.match)}"
    fates = [one.fate for one in found]
    counts = ", ".join(f"{fates.count(fate)} {fate}" for fate in Fate)
    gained, lost = sum(len(one.gained) for one in found), sum(len(one.lost) for one in found)
    yield f"total: {plural(len(found), 'watch', 'watches')}: {counts}; alerts +{gained} -{lost}"
