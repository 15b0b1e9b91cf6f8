"""When is a feed due next, and what is remembered of the poll.

Pure: the clock and the chance come in as parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from worker.errors import FetchError, FetchReason, ParseError
from worker.models.feed import Feed, FeedMemory, FeedState, Reading, Unchanged, Validators
from worker.models.news import Article
from worker.polling.addresses import after_redirect, is_distrusted
from worker.polling.rhythm import expected, from_dates, watched
from worker.polling.waits import (
    JITTER_SHARE,
    LONGEST_S,
    asked_wait_s,
    failed_wait_s,
    own_wait_s,
    past_skipped,
    stated_wait_s,
)
from worker.text.sites import phase_of

#: an empty poll is a surprise once the rhythm would have brought so many entries (5 % chance of none)
_SURPRISE = 3.0
#: a document whose newest entry is so much older than what we know is an old one, served by mistake
_REGRESS = timedelta(hours=24)
#: but believed when it stays so for so long
_REGRESS_BELIEVED = timedelta(hours=24)
#: an entry published so long before the server said „unchanged“ proves that it lied
_LIE_MARGIN = timedelta(hours=1)
#: without dates, so many
_LIE_ENTRIES = 2
#: a feed that was not polled for so many of its waits was not read as planned
_UNREAD_WAITS = 2.0
#: a new address that fails so often in a row is given up for the configured one
_ADDRESS_FAILURES = 3


class PollOutcome(StrEnum):
    """How a poll ended that did not fail."""

    OK = "ok"
    UNCHANGED = "unchanged"
    #: the feed is not configured any more
    RETIRED = "retired"
    #: it was polled meanwhile, or another worker is at it
    NOT_DUE = "not_due"
    #: its publisher may not be asked now, or nobody can be reached
    PUT_OFF = "put_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a document brought; only dates that could be believed."""

    ids: tuple[str, ...] = ()
    dates: tuple[datetime, ...] = ()
    new: int = 0
    dates_of_new: tuple[datetime, ...] = ()


def found_in(articles: Sequence[Article], new_ids: Sequence[str]) -> Found:
    """The same of articles, of which some are new."""
    wanted = frozenset(new_ids)
    return Found(
        ids=tuple(article.id for article in articles),
        dates=tuple(article.published_at for article in articles if article.published_at),
        new=len(wanted),
        dates_of_new=tuple(a.published_at for a in articles if a.published_at and a.id in wanted),
    )


def regressed(state: FeedState, articles: Sequence[Article], now: datetime) -> FetchError | None:
    """The fault of a document that is much older than what was read before: some servers give robots old copies."""
    newest = max((article.published_at for article in articles if article.published_at), default=None)
    known, since = state.memory.newest_at, state.memory.regressed_since
    if newest is None or known is None or newest >= known - _REGRESS:
        return None
    if since is not None and now - since >= _REGRESS_BELIEVED:
        return None
    cause = f"newest entry of {newest:%Y-%m-%d %H:%M}, but {known:%Y-%m-%d %H:%M} was seen before"
    return FetchError(state.feed_id, FetchReason.OUTDATED, cause)


def next_state(  # noqa: PLR0917 - what was, what came, and under which circumstances
    state: FeedState,
    outcome: Reading | Unchanged | FetchError | ParseError,
    found: Found,
    feed: Feed,
    now: datetime,
    jitter: float,
    *,
    is_probe: bool = False,
) -> FeedState:
    """The state after a poll; `jitter` from −1 to 1 moves `due_at` by up to a tenth of the waiting time.

    What the server asked for is never undercut, but counts for a day at most, and its freshness for no longer than
    the operator wants.
    `is_probe` says that we had validators and sent none.
    """
    jitter = max(-1.0, min(1.0, jitter))
    failures = state.failures + 1 if isinstance(outcome, FetchError | ParseError) else 0
    memory = _counted(state.memory, is_probe=is_probe)
    if isinstance(outcome, Reading | Unchanged):
        memory = _learnt(state, memory, outcome, found, feed, now, is_probe=is_probe)
        wait_s = own_wait_s(feed, memory, now, is_distrusted=is_distrusted(memory, now))
        asked_s = stated_wait_s(outcome, memory.ttl_s, feed)
        # The feeds of one morning shall not all come at the same minute for ever.
        wait_s *= 1 + phase_of(feed.url) if state.polled_at is None else 1
    else:
        memory = _after_failure(state, memory, outcome, failures, now)
        wait_s, asked_s = failed_wait_s(outcome, failures, feed), asked_wait_s(outcome, jitter)
    moved_s = max(wait_s, asked_s) * (1 + JITTER_SHARE * jitter)
    due_in_s = min(max(moved_s, asked_s, 1.0), LONGEST_S)
    return replace(
        state,
        due_at=past_skipped(now + timedelta(seconds=due_in_s), memory.skip_hours, memory.skip_days),
        validators=_validators(state, outcome),
        body_hash=outcome.body_hash if isinstance(outcome, Reading) else state.body_hash,
        failures=failures,
        outcome=word_of(outcome),
        polled_at=now,
        new_entry_at=now if found.new else state.new_entry_at,
        memory=replace(memory, wait_s=max(wait_s, asked_s), asked_s=asked_s),
    )


def word_of(outcome: Reading | Unchanged | FetchError | ParseError) -> str:
    """How a poll ended, as it is stored."""
    match outcome:
        case Reading():
            return PollOutcome.OK.value
        case Unchanged():
            return PollOutcome.UNCHANGED.value
        case FetchError():
            return outcome.reason.value
        case ParseError():
            return FetchReason.NOT_A_FEED.value


def _counted(memory: FeedMemory, *, is_probe: bool) -> FeedMemory:
    return replace(memory, requests=memory.requests + 1, probes=memory.probes + is_probe)


def _learnt(  # noqa: PLR0917 - as `next_state`
    state: FeedState,
    memory: FeedMemory,
    outcome: Reading | Unchanged,
    found: Found,
    feed: Feed,
    now: datetime,
    *,
    is_probe: bool,
) -> FeedMemory:
    """What a good answer teaches."""
    shares = bool(frozenset(found.ids) & frozenset(memory.entry_ids))
    since = _last_look(state, now)
    memory = _in_rhythm(memory, found, since, now, is_read=isinstance(outcome, Reading))
    memory = after_redirect(memory, feed, outcome.moved_to, now, is_same=shares or isinstance(outcome, Unchanged))
    if not isinstance(outcome, Reading):
        return replace(memory, read_at=now if is_probe or memory.read_at is None else memory.read_at)
    # What has changed alone shares nothing with what was there, and takes nothing away from it.
    ids = _merged(found.ids, memory.entry_ids) if outcome.is_partial else found.ids
    is_gap = bool(memory.entry_ids and found.new and not shares and not outcome.is_partial)
    # After a long time without polls a gap is no news of the feed, and polling it faster mends nothing.
    was_unread = is_gap and (now - since).total_seconds() > _UNREAD_WAITS * max(memory.wait_s, feed.every_s)
    is_lie = is_probe and state.outcome == PollOutcome.UNCHANGED and _proves_a_lie(state, found)
    return replace(
        with_charset(memory, outcome.charset, now),
        ttl_s=max(outcome.ttl_s, 0.0),
        skip_hours=tuple(sorted(outcome.skip_hours)),
        skip_days=tuple(sorted(outcome.skip_days)),
        entry_ids=ids,
        newest_at=max(found.dates, default=memory.newest_at),
        read_at=memory.read_at if outcome.is_partial else now,
        garbled=outcome.garbled,
        repairs=outcome.repairs,
        gap_at=now if is_gap and not was_unread else memory.gap_at,
        unread_from=since if was_unread else memory.unread_from,
        unread_until=now if was_unread else memory.unread_until,
        lied_at=now if is_lie else memory.lied_at,
    )


def _in_rhythm(memory: FeedMemory, found: Found, since: datetime, now: datetime, *, is_read: bool) -> FeedMemory:
    """What the new entries, or that there are none, say of the feed's rhythm."""
    is_first = memory.read_at is None and not memory.entry_ids
    if is_read and is_first:
        rhythm, missed = from_dates(found.dates, now), 0.0
    else:
        missed = memory.missed + expected(memory.rhythm, since, (now - since).total_seconds())
        rhythm, missed = watched(memory.rhythm, since, now, found.new), 0.0 if found.new else missed
    return replace(
        memory,
        rhythm=rhythm,
        missed=missed,
        empty_polls=0 if found.new or missed < _SURPRISE else memory.empty_polls + 1,
        regressed_since=None,
        failing_since=None,
    )


def _merged(new: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the whole document, of which the server told those that are new: as many as it held before."""
    return tuple(dict.fromkeys((*new, *known)))[: max(len(new), len(known))]


def with_charset(memory: FeedMemory, charset: str, now: datetime) -> FeedMemory:
    """The encoding of a document, and the one before where that was another; what said so does not count."""
    if memory.charset is None or memory.charset.partition(" ")[0] == charset.partition(" ")[0]:
        return replace(memory, charset=charset)
    return replace(memory, charset=charset, charset_was=memory.charset, charset_at=now)


def _last_look(state: FeedState, now: datetime) -> datetime:
    """Since when new entries were not seen: failed polls saw nothing."""
    looked_at = state.memory.failing_since or state.polled_at or now
    return min(looked_at, now)


def _proves_a_lie(state: FeedState, found: Found) -> bool:
    said_at = state.polled_at
    if said_at is None or not found.new:
        return False
    if not found.dates_of_new:
        return found.new >= _LIE_ENTRIES
    return min(found.dates_of_new) < said_at - _LIE_MARGIN


def _after_failure(
    state: FeedState, memory: FeedMemory, error: FetchError | ParseError, failures: int, now: datetime
) -> FeedMemory:
    memory = replace(memory, failing_since=memory.failing_since or state.polled_at or now)
    reason = error.reason if isinstance(error, FetchError) else FetchReason.NOT_A_FEED
    if reason is FetchReason.OUTDATED:
        return replace(memory, regressed_since=memory.regressed_since or now)
    if memory.address and (reason is FetchReason.GONE or failures >= _ADDRESS_FAILURES):
        return replace(memory, address=None, move=None)
    return replace(memory, gone_at=now) if reason is FetchReason.GONE else memory


def _validators(state: FeedState, outcome: Reading | Unchanged | FetchError | ParseError) -> Validators:
    if isinstance(outcome, Reading | Unchanged):
        return outcome.validators
    # A server that gave us rubbish must not be able to say later that the rubbish has not changed.
    unreadable = isinstance(outcome, ParseError) or outcome.reason is FetchReason.NOT_A_FEED
    return Validators() if unreadable else state.validators
