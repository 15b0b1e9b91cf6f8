"""What becomes of a delivery that its channel did not take; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from worker.errors import DeliveryError, DeliveryReason


class DeliveryOutcome(StrEnum):
    """How one attempt ended."""

    SENT = "sent"
    #: it is not due, or another worker has it
    NOT_DUE = "not_due"
    FAILED = "failed"
    DEAD = "dead"
    #: an amendment that its channel cannot make
    DROPPED = "dropped"
    #: it took longer than its lease, and what came of it is for others to say
    CLAIM_LOST = "claim_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How a delivery went; without a channel nothing was tried."""

    outcome: DeliveryOutcome
    channel: str = ""
    reason: str = ""
    cause: str = ""
    attempts: int = 0


class Remedy(StrEnum):
    """What helps against a reason."""

    #: try again, at most so often
    RETRY = "retry"
    #: try again for as long as the channel asks; being told to wait is no failure
    WAIT = "wait"
    #: only a person can help
    GIVE_UP = "give_up"


REMEDIES = {
    DeliveryReason.AUTH: Remedy.RETRY,  # an operator may correct the token meanwhile, and nothing is lost
    DeliveryReason.RATE_LIMITED: Remedy.WAIT,
    DeliveryReason.BAD_REQUEST: Remedy.GIVE_UP,
    DeliveryReason.TOO_LONG: Remedy.GIVE_UP,
    DeliveryReason.SERVER: Remedy.RETRY,
    DeliveryReason.NETWORK: Remedy.RETRY,
    DeliveryReason.MESSAGE_GONE: Remedy.GIVE_UP,
    DeliveryReason.NO_CHANNEL: Remedy.GIVE_UP,
    DeliveryReason.INTERRUPTED: Remedy.RETRY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """The wait after failure n is `first * 2**(n-1)`, at most `last`; failure number `attempts` is the last."""

    attempts: int
    first: timedelta
    last: timedelta


def failures_after(error: DeliveryError, failures: int) -> int:
    """How many attempts failed, this one included; a channel that asks to wait does not use up the retries."""
    return failures if REMEDIES[error.reason] is Remedy.WAIT else failures + 1


def next_attempt(
    error: DeliveryError, attempts: int, failures: int, policy: RetryPolicy, now: datetime
) -> datetime | None:
    """When to try again after `attempts` attempts, of which `failures` failed, or None: give up.

    What the channel asked for wins when it is longer (RFC 9110 §10.2.3; Telegram's `retry_after`); one that only
    says that it is too much is left alone longer with each attempt.
    """
    remedy = REMEDIES[error.reason]
    if remedy is Remedy.GIVE_UP or (remedy is Remedy.RETRY and failures >= policy.attempts):
        return None
    tries = attempts if remedy is Remedy.WAIT and not error.retry_after_s else max(failures, 1)
    # The exponent is bounded so that a channel that stays closed for weeks does not overflow the sum.
    doubled: int = 1 << min(tries - 1, 20)
    wait = min(policy.last, policy.first * doubled)
    asked = timedelta(seconds=min(error.retry_after_s or 0.0, 86_400.0))
    return now + max(wait, asked)
