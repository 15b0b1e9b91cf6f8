"""What becomes of held messages of one channel that are due together: one goes by itself, several in a digest; pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.grouping.decide import stable_hash
from worker.models.delivery import DeliveryId, DigestId
from worker.models.news import StoryId
from worker.models.silence import Silence
from worker.models.watch import ChannelId, WatchId


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A held message that is due."""

    delivery_id: DeliveryId
    watch_id: WatchId
    #: None: it is about no story
    story_id: StoryId | None
    #: when its alert was decided, and which one of its watch and story it is
    decided_at: datetime
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDigest:
    """Messages that become one."""

    id: DigestId
    members: tuple[DeliveryId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flush:
    """What becomes of each message; every one is named once."""

    silenced: tuple[DeliveryId, ...] = ()
    superseded: tuple[DeliveryId, ...] = ()
    #: to be sent by themselves
    alone: tuple[DeliveryId, ...] = ()
    digests: tuple[NewDigest, ...] = ()


def flush_of(channel: ChannelId, held: Iterable[Held], silences: Sequence[Silence], now: datetime, size: int) -> Flush:
    """What becomes of the due messages of a channel; `size`: most of them in one digest, at least 1.

    Of several about one story for one watch only the newest is told. The order of `held` changes nothing.
    """
    waiting = sorted(held, key=lambda one: (one.decided_at, one.revision, one.delivery_id))
    silenced = [one for one in waiting if is_silenced(one.watch_id, one.story_id, silences, now)]
    spoken = [one for one in waiting if one not in silenced]
    newest = {_subject(one): one for one in spoken}
    kept = in_order(list(newest.values()))
    chunks = list(_chunks(kept, size))
    return Flush(
        silenced=tuple(one.delivery_id for one in silenced),
        superseded=tuple(one.delivery_id for one in spoken if newest[_subject(one)] is not one),
        alone=tuple(chunk[0].delivery_id for chunk in chunks if len(chunk) == 1),
        digests=tuple(
            NewDigest(id=digest_id(channel, members), members=members)
            for chunk in chunks
            if len(members := tuple(one.delivery_id for one in chunk)) > 1
        ),
    )


def digest_id(channel: ChannelId, members: Iterable[DeliveryId]) -> DigestId:
    """The same messages make the same digest, whoever puts them together."""
    return DigestId(stable_hash("digest", channel, *sorted(members)))


def in_order(parts: Sequence[Held]) -> list[Held]:
    """Those of a watch together, the watch with the earliest first; within it by time."""
    first: dict[WatchId, datetime] = {}
    for part in parts:
        first[part.watch_id] = min(part.decided_at, first.get(part.watch_id, part.decided_at))
    return sorted(parts, key=lambda part: (first[part.watch_id], part.watch_id, part.decided_at, part.delivery_id))


def is_silenced(watch_id: WatchId, story_id: StoryId | None, silences: Iterable[Silence], now: datetime) -> bool:
    """Whether a silence forbids it; what is about no story is silenced with its watch alone."""
    if story_id is None:
        return any(one.story_id is None and one.covers(watch_id, StoryId(""), now) for one in silences)
    return any(one.covers(watch_id, story_id, now) for one in silences)


def _subject(one: Held) -> tuple[str, ...]:
    return (one.watch_id, one.story_id) if one.story_id is not None else (one.delivery_id,)


def _chunks(kept: Sequence[Held], size: int) -> Iterator[Sequence[Held]]:
    """As few as possible, as equal as possible."""
    number = -(-len(kept) // size)
    start = 0
    for index in range(number):
        end = start + (len(kept) - start) // (number - index)
        yield kept[start:end]
        start = end
