"""When is a feed due next.

Pure: the clock and the chance come in as parameters. The rules are those of polite readers: never faster than
the server asks for, slower with every failure, and never silent for longer than a day, since feeds that were
given up do come back.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from worker.errors import FetchError, FetchReason, ParseError
from worker.models.news import Feed, FeedState, Reading, Unchanged, Validators

_HOUR_S = 3600.0
_DAY_S = 24 * _HOUR_S
#: nothing waits longer, jitter included
_LONGEST_S = 25 * _HOUR_S
_JITTER_SHARE = 0.1
_SHORTEST_STEP_S = 60.0
#: a feed that was not found this often in a row is asked once a day
_NOT_FOUND_LIMIT = 5


class PollOutcome(StrEnum):
    """How a poll ended that did not fail."""

    OK = "ok"
    UNCHANGED = "unchanged"
    #: the feed is not configured any more
    RETIRED = "retired"
    #: it was polled meanwhile, or another worker is at it
    NOT_DUE = "not_due"


def next_state(  # noqa: PLR0917 - what was, what came, and under which circumstances
    state: FeedState,
    outcome: Reading | Unchanged | FetchError | ParseError,
    new_entries: int,
    feed: Feed,
    now: datetime,
    jitter: float,
) -> FeedState:
    """The state after a poll; `jitter` from −1 to 1 moves `due_at` by up to a tenth of the waiting time.

    What the server asked for – freshness or `Retry-After` – is never undercut, but counts for a day at most.
    """
    failed = isinstance(outcome, FetchError | ParseError)
    failures = state.failures + 1 if failed else 0
    wait_s, asked_s = _waits(outcome, failures, feed)
    moved_s = max(wait_s, asked_s) * (1 + _JITTER_SHARE * max(-1.0, min(1.0, jitter)))
    due_in_s = min(max(moved_s, asked_s, 1.0), _LONGEST_S)
    return replace(
        state,
        due_at=now + timedelta(seconds=due_in_s),
        validators=_validators(state, outcome),
        body_hash=outcome.body_hash if isinstance(outcome, Reading) else state.body_hash,
        failures=failures,
        outcome=_word(outcome),
        polled_at=now,
        new_entry_at=now if new_entries else state.new_entry_at,
    )


def _waits(outcome: Reading | Unchanged | FetchError | ParseError, failures: int, feed: Feed) -> tuple[float, float]:
    """Seconds that we would wait, and seconds that the server asked us to wait."""
    if isinstance(outcome, Reading | Unchanged):
        return min(feed.every_s, _DAY_S), min(max(outcome.fresh_for_s, 0.0), _DAY_S)
    linear_s = min(max(feed.every_s, _SHORTEST_STEP_S) * failures, _DAY_S)
    if isinstance(outcome, ParseError):
        return linear_s, 0.0
    asked_s = min(max(outcome.retry_after_s or 0.0, 0.0), _DAY_S)
    return _own_wait_s(outcome, failures, linear_s), asked_s


def _own_wait_s(error: FetchError, failures: int, linear_s: float) -> float:
    match error.reason:
        case FetchReason.RATE_LIMITED if error.retry_after_s is None:
            return min(_HOUR_S * 2.0 ** min(failures - 1, 5), _DAY_S)
        case FetchReason.BLOCKED if failures == 1:
            return 4 * _HOUR_S
        case FetchReason.BLOCKED | FetchReason.GONE:
            return _DAY_S
        case FetchReason.NOT_FOUND if failures >= _NOT_FOUND_LIMIT:
            return _DAY_S
        case _:
            return linear_s


def _validators(state: FeedState, outcome: Reading | Unchanged | FetchError | ParseError) -> Validators:
    if isinstance(outcome, Reading | Unchanged):
        return outcome.validators
    # A server that gave us rubbish must not be able to say later that the rubbish has not changed.
    unreadable = isinstance(outcome, ParseError) or outcome.reason is FetchReason.NOT_A_FEED
    return Validators() if unreadable else state.validators


def _word(outcome: Reading | Unchanged | FetchError | ParseError) -> str:
    match outcome:
        case Reading():
            return PollOutcome.OK.value
        case Unchanged():
            return PollOutcome.UNCHANGED.value
        case FetchError():
            return outcome.reason.value
        case ParseError():
            return FetchReason.NOT_A_FEED.value
