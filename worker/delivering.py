"""What becomes of a delivery that its channel did not take; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from worker.errors import DeliveryError, DeliveryReason


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
    DeliveryReason.NO_CHANNEL: Remedy.GIVE_UP,
    DeliveryReason.INTERRUPTED: Remedy.RETRY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """The wait after attempt n is `first * 2**(n-1)`, at most `last`; there are at most `attempts`."""

    attempts: int
    first: timedelta
    last: timedelta


def next_attempt(error: DeliveryError, attempts: int, policy: RetryPolicy, now: datetime) -> datetime | None:
    """When to try again after `attempts` attempts, or None: give up.

    What the channel asked for wins when it is longer (RFC 9110 §10.2.3; Telegram's `retry_after`).
    """
    remedy = REMEDIES[error.reason]
    if remedy is Remedy.GIVE_UP or (remedy is Remedy.RETRY and attempts >= policy.attempts):
        return None
    # The exponent is bounded so that a channel that stays closed for weeks does not overflow the sum.
    doubled: int = 1 << min(attempts - 1, 20)
    wait = min(policy.last, policy.first * doubled)
    asked = timedelta(seconds=min(error.retry_after_s or 0.0, 86_400.0))
    return now + max(wait, asked)
