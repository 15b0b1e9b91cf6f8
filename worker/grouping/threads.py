"""Whether a message about a story is sent now, after another one, or never; pure.

The messages of one channel about one story for one watch are a thread. Its first message stands for it: later ones
amend it or follow it as replies, so they wait until it has arrived. A message that went into a digest, was dropped or
given up is no first message; the next one is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from worker.models.alert import AlertId
from worker.models.delivery import DeliveryId, DeliveryState

#: A message that waits for the first one looks again after so long.
LOOK_AGAIN = timedelta(seconds=30)
#: A follow-up that waited so long for the first message goes as a message of its own.
FOLLOW_UP_PATIENCE = timedelta(minutes=10)
#: An amendment that waited so long is worth nothing any more.
AMENDMENT_PATIENCE = timedelta(hours=24)

_ON_ITS_WAY = frozenset({DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.SENDING})
_LIVES = _ON_ITS_WAY | {DeliveryState.SENT}


class DropReason(StrEnum):
    """Why a message is never sent."""

    #: a silence came between
    SILENCED = "silenced"
    #: its channel cannot amend messages, or not this one any more
    CANNOT_AMEND = "cannot_amend"
    #: a later message says it too
    SUPERSEDED = "superseded"
    #: the message that it amends is one of several in a digest,
    IN_DIGEST = "in_digest"
    #: or never arrived,
    UNSENT_FIRST = "unsent_first"
    #: or took too long
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threaded:
    """One message of a thread, whatever became of it."""

    delivery_id: DeliveryId
    alert_id: AlertId
    state: DeliveryState
    is_amendment: bool
    #: when its alert was decided, and which one of its watch and story it is
    decided_at: datetime
    revision: int
    next_attempt_at: datetime
    remote_id: str | None = None
    #: sendings begun
    attempts: int = 0

    @property
    def order(self) -> tuple[datetime, int]:
        """Earlier messages have less."""
        return self.decided_at, self.revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Go:
    """It is sent; None: as the first message of its thread."""

    first: Threaded | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """It is looked at again."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """It is never sent."""

    reason: DropReason


def turn_of(own: Threaded, thread: Sequence[Threaded], now: datetime) -> Go | Wait | Drop:
    """What becomes of a message that is due; `thread` holds it too, in any order."""
    others = [one for one in thread if one.delivery_id != own.delivery_id]
    return _turn_of_amendment(own, others, now) if own.is_amendment else _turn_of_message(own, others, now)


def _turn_of_message(own: Threaded, others: Sequence[Threaded], now: datetime) -> Go | Wait | Drop:
    told = [one for one in others if one.state is DeliveryState.SENT and not one.is_amendment]
    if told and not own.attempts and all(one.order > own.order for one in told):
        # The story was told by what came later, while this one was held.
        return Drop(reason=DropReason.SUPERSEDED)
    if (sent := _first(others, {DeliveryState.SENT})) is not None:
        return Go(first=sent)
    # One that is held waits for a reason that this one does not have.
    coming = _first((one for one in others if one.order < own.order), _ON_ITS_WAY - {DeliveryState.HELD})
    deadline = own.decided_at + FOLLOW_UP_PATIENCE
    if coming is None or now >= deadline:
        return Go(first=None)
    return Wait(until=min(_later(coming, now), deadline))


def _turn_of_amendment(own: Threaded, others: Sequence[Threaded], now: datetime) -> Go | Wait | Drop:
    later = [one for one in others if one.order > own.order and one.state in _LIVES]
    earlier = [one for one in others if one.order < own.order]
    coming = _first(earlier, _ON_ITS_WAY)
    if any(one.is_amendment for one in later):
        return Drop(reason=DropReason.SUPERSEDED)
    if (sending := _amendment_at_work(earlier)) is not None:
        # Else the older text could arrive last.
        return Wait(until=_later(sending, now))
    if (sent := _first(earlier, {DeliveryState.SENT})) is not None:
        return Go(first=sent)
    if coming is not None and now < own.decided_at + AMENDMENT_PATIENCE:
        return Wait(until=_later(coming, now))
    return Drop(reason=_why_never(coming, later, earlier))


def _why_never(coming: Threaded | None, later: Sequence[Threaded], earlier: Sequence[Threaded]) -> DropReason:
    """Why there is nothing that an amendment could amend."""
    if coming is not None:
        return DropReason.TOO_LATE
    if later:
        return DropReason.SUPERSEDED
    is_in_digest = any(one.state is DeliveryState.IN_DIGEST for one in earlier)
    return DropReason.IN_DIGEST if is_in_digest else DropReason.UNSENT_FIRST


def _first(messages: Iterable[Threaded], states: Iterable[DeliveryState]) -> Threaded | None:
    """The earliest message in one of these states that is no amendment."""
    wanted = frozenset(states)
    found = (one for one in messages if not one.is_amendment and one.state in wanted)
    return min(found, key=lambda one: one.order, default=None)


def _amendment_at_work(messages: Iterable[Threaded]) -> Threaded | None:
    return next((one for one in messages if one.is_amendment and one.state is DeliveryState.SENDING), None)


def _later(coming: Threaded, now: datetime) -> datetime:
    return max(now + LOOK_AGAIN, coming.next_attempt_at)
