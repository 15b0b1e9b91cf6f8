"""Which due feeds are polled first, and what becomes of those that fell due while nobody looked; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.text.sites import phase_of

#: a look at the database that is later than this comes after an outage
_OUTAGE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A feed that is due."""

    feed_id: str
    site: str
    url: str
    due_at: datetime
    polled_at: datetime | None
    #: the wait that ended at `due_at`
    wait_s: float


def in_turn(due: Sequence[Due], busy_sites: frozenset[str], limit: int) -> tuple[str, ...]:
    """Ids of the feeds to poll now, those longest unpolled first; one of each site, and none of a busy one.

    A site is asked one thing at a time, so that a second feed of it would only keep a process waiting.
    """
    taken = set(busy_sites)
    chosen: list[str] = []
    for one in sorted(due, key=_turn):
        if one.site not in taken and len(chosen) < limit:
            taken.add(one.site)
            chosen.append(one.feed_id)
    return tuple(chosen)


def outage(looked_at: datetime | None, now: datetime) -> timedelta:
    """For how long nobody looked; nothing when that is usual, or when this is the first look."""
    gap = now - looked_at if looked_at else timedelta()
    return gap if gap > _OUTAGE else timedelta()


def spread(due: Sequence[Due], away: timedelta, now: datetime) -> dict[str, datetime]:
    """New due times after an outage: each feed in its own phase of one interval, or of the outage if that was shorter.

    Feeds that were never polled have waited for nothing, and come at once.
    """
    if not away:
        return {}
    moved = {}
    for one in due:
        within = min(timedelta(seconds=one.wait_s), away)
        if within:
            moved[one.feed_id] = now + within * phase_of(one.url)
    return moved


def _turn(one: Due) -> tuple[bool, datetime, str]:
    return one.polled_at is not None, one.polled_at or one.due_at, one.feed_id
