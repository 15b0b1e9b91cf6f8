"""How long to wait before a feed is asked again, by our own rhythm and by what the server asks; pure.

Never faster than the server wants, slower with every failure, never silent for longer than a day, since feeds
that were given up do come back.
"""

from datetime import datetime, timedelta

from worker.errors import FetchError, FetchReason, ParseError
from worker.models.feed import Feed, FeedClass, FeedMemory, Reading, Unchanged
from worker.polling.rhythm import time_until
from worker.text.times import DAY_S

_HOUR_S = 3600.0
#: nothing waits longer, jitter included
LONGEST_S = 25 * _HOUR_S
JITTER_SHARE = 0.1
_SHORTEST_STEP_S = 60.0
#: a feed that was not found this often in a row is asked once a day
_NOT_FOUND_LIMIT = 5
#: a poll shall find this many new entries, about every third poll then finds one
_ENTRIES_A_POLL = 1 / 3
#: before this share of a document has been replaced, it must have been read again
_WINDOW_SHARE = 0.5
_SLOWDOWN = 1.25
#: exponents beyond change nothing
_MOST_EMPTY = 40
#: Below this the operator polls his own machine, and no rhythm is looked for.
_LEARNS_FROM_S = 60.0
_CEILINGS_S = {
    FeedClass.AGENCY: 2 * _HOUR_S,
    FeedClass.DEFAULT: 2 * _HOUR_S,
    FeedClass.OFFICIAL: 6 * _HOUR_S,
    FeedClass.REGIONAL: 6 * _HOUR_S,
    FeedClass.ANALYSIS: 6 * _HOUR_S,
}
#: a document that was lost makes the next ones come at twice the pace
GAP_WATCH = timedelta(days=1)
#: a server that lied about changes is asked in full, but no more often than this
_DISTRUSTED_S = _HOUR_S


def own_wait_s(feed: Feed, memory: FeedMemory, now: datetime, *, is_distrusted: bool) -> float:
    """The wait by the feed's own rhythm, between the floor and the ceiling of its class.

    `memory` is as this poll leaves it. Polls that find nothing against the rhythm lengthen the wait before it is
    compared with the floor: a busy feed is not slowed down by one quiet quarter of an hour.
    """
    floor_s = min(feed.every_s, DAY_S)
    if floor_s < _LEARNS_FROM_S:
        return floor_s
    ceiling_s = max(_CEILINGS_S[feed.feed_class], floor_s)
    wait_s = time_until(memory.rhythm, now, _ENTRIES_A_POLL, ceiling_s)
    wait_s *= _SLOWDOWN ** min(memory.empty_polls, _MOST_EMPTY)
    if memory.entry_ids:
        wait_s = min(wait_s, time_until(memory.rhythm, now, _WINDOW_SHARE * len(memory.entry_ids), ceiling_s))
    if memory.gap_at is not None and now - memory.gap_at < GAP_WATCH:
        wait_s /= 2
    if is_distrusted:
        floor_s = max(floor_s, _DISTRUSTED_S)
    return max(min(wait_s, ceiling_s), floor_s)


def stated_wait_s(outcome: Reading | Unchanged, ttl_s: float, feed: Feed) -> float:
    """What an answer and the last document ask for, a day at most; the operator may shorten freshness, nothing else."""
    fresh_s = max(outcome.fresh_for_s, ttl_s, 0.0)
    if feed.freshness_at_most_s is not None:
        fresh_s = min(fresh_s, feed.freshness_at_most_s)
    return min(max(fresh_s, outcome.retry_after_s), DAY_S)


def failed_wait_s(error: FetchError | ParseError, failures: int, feed: Feed) -> float:
    """The wait after so many failures in a row, this one included, when the server asks for nothing."""
    linear_s = min(max(feed.every_s, _SHORTEST_STEP_S) * failures, DAY_S)
    is_missed_often = failures >= _NOT_FOUND_LIMIT
    if isinstance(error, ParseError):
        return linear_s
    match error.reason:
        case FetchReason.RATE_LIMITED if error.retry_after_s is None:
            return min(_HOUR_S * 2.0 ** min(failures - 1, 5), DAY_S)
        case FetchReason.BLOCKED | FetchReason.CHALLENGE:
            return 4 * _HOUR_S if failures == 1 else DAY_S
        case FetchReason.GONE | FetchReason.NOT_FOUND as reason if reason is FetchReason.GONE or is_missed_often:
            return DAY_S
        case FetchReason.ROBOTS if error.retry_after_s:
            # Until its rules are read again the server is not asked at all, so nothing is to be slowed down.
            return 0.0
        case _:
            return linear_s


def asked_wait_s(error: FetchError | ParseError, jitter: float) -> float:
    """What a refusal asked for, a day at most; after „too many requests“ up to an hour more, by `jitter`."""
    if isinstance(error, ParseError) or not error.retry_after_s:
        return 0.0
    asked_s = min(max(error.retry_after_s, 0.0), DAY_S)
    extra_s = _HOUR_S * (jitter + 1) / 2 if error.reason is FetchReason.RATE_LIMITED else 0.0
    return min(asked_s + extra_s, LONGEST_S)


def past_skipped(due_at: datetime, hours: tuple[int, ...], days: tuple[int, ...]) -> datetime:
    """The first instant from `due_at` on that `skipHours` and `skipDays` (RSS 2.0, in UTC) leave open.

    They count only while they skip less than a day together: news does not rest.
    """
    if not (hours or days) or _longest_skip(hours, days) >= 24:  # noqa: PLR2004 - hours of a day
        return due_at
    at = due_at
    while at.hour in hours or at.weekday() in days:
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    # The minute within the hour stays, so that not everybody comes when an hour ends.
    return due_at if at == due_at else at + (due_at - due_at.replace(minute=0, second=0, microsecond=0))


def _longest_skip(hours: tuple[int, ...], days: tuple[int, ...]) -> int:
    longest = run = 0
    for slot in range(2 * 7 * 24):
        skipped = slot % 24 in hours or slot // 24 % 7 in days
        run = run + 1 if skipped else 0
        longest = max(longest, run)
    return longest
