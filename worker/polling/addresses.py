"""Which address a feed is asked at, and with which conditions; pure.

A permanent redirect is followed at once, but becomes the feed's address only after it was confirmed, and never
across sites: another outlet's text must not come under this outlet's name (RFC 9110 §15.4; FEEDS R11).
"""

from dataclasses import replace
from datetime import datetime, timedelta

from worker.models.feed import Feed, FeedMemory, FeedState, Move, Validators
from worker.polling.rhythm import expected
from worker.text.sites import is_same_site
from worker.text.times import DAY_S

_CONFIRMATIONS = 3
_CONFIRMED_AFTER = timedelta(hours=24)
#: A server that says nothing but „unchanged“ is asked in full after so long: a feed with news every day, and others.
_DOUBTED_AFTER = timedelta(hours=24)
_DOUBTED_AFTER_QUIET = timedelta(days=7)
#: and one that was caught is asked in full for so long
DISTRUST = timedelta(days=7)


def as_asked(feed: Feed, state: FeedState) -> Feed:
    """The feed with the address that is asked."""
    return replace(feed, url=state.memory.address) if state.memory.address else feed


def conditions(state: FeedState, now: datetime) -> Validators:
    """The validators to send; none where „unchanged“ would not be believed."""
    if state.validators == Validators() or is_distrusted(state.memory, now):
        return Validators()
    read_at = state.memory.read_at
    if read_at is None or now - read_at < _DOUBTED_AFTER:
        return state.validators
    is_daily = expected(state.memory.rhythm, now - timedelta(days=1), DAY_S) >= 1
    is_doubted = is_daily or now - read_at >= _DOUBTED_AFTER_QUIET
    return Validators() if is_doubted else state.validators


def is_distrusted(memory: FeedMemory, now: datetime) -> bool:
    """Whether the server was caught not long ago."""
    return memory.lied_at is not None and now - memory.lied_at < DISTRUST


def after_redirect(memory: FeedMemory, feed: Feed, moved_to: str | None, now: datetime, *, is_same: bool) -> FeedMemory:
    """What is remembered of a permanent redirect, or that there was none; `is_same`: it gave what we know."""
    if moved_to is None or moved_to == (memory.address or feed.url):
        return replace(memory, move=None)
    old = memory.move
    if old is None or old.to != moved_to:
        return replace(memory, move=Move(to=moved_to, since=now, answers=1, is_same=is_same))
    move = replace(old, answers=old.answers + 1, is_same=old.is_same or is_same)
    is_confirmed = move.answers >= _CONFIRMATIONS and now - move.since >= _CONFIRMED_AFTER and move.is_same
    if is_confirmed and not is_elsewhere(feed, move):
        return replace(memory, address=moved_to, move=None)
    return replace(memory, move=move)


def moved_house(memory: FeedMemory) -> FeedMemory:
    """What is still true of a feed whose configured address was changed: when its outlet publishes."""
    return FeedMemory(rhythm=memory.rhythm)


def is_elsewhere(feed: Feed, move: Move) -> bool:
    """Whether an address lies on another site than the configured one."""
    return not is_same_site(move.to, feed.url)
