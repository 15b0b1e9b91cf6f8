from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.delivering import REMEDIES, RetryPolicy, failures_after, next_attempt
from worker.errors import DeliveryError, DeliveryReason

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
POLICY = RetryPolicy(attempts=4, first=timedelta(seconds=10), last=timedelta(seconds=60))


def failed(reason: DeliveryReason, retry_after_s: float | None = None) -> DeliveryError:
    return DeliveryError("desk", reason, retry_after_s=retry_after_s)


@pytest.mark.parametrize(
    ("reason", "retry_after_s", "failures", "wait_s"),
    [
        pytest.param(DeliveryReason.SERVER, None, 1, 10, id="first-wait"),
        pytest.param(DeliveryReason.SERVER, None, 2, 20, id="doubles"),
        pytest.param(DeliveryReason.NETWORK, None, 3, 40, id="doubles-again"),
        pytest.param(DeliveryReason.SERVER, None, 4, None, id="last-attempt-gives-up"),
        pytest.param(DeliveryReason.SERVER, 45.0, 1, 45, id="longer-request-wins"),
        pytest.param(DeliveryReason.SERVER, 5.0, 1, 10, id="shorter-request-does-not"),
        pytest.param(DeliveryReason.RATE_LIMITED, 1e9, 0, 86_400, id="absurd-request-is-capped-at-a-day"),
        pytest.param(DeliveryReason.RATE_LIMITED, 45.0, 3, 45, id="rate-limit-after-failures"),
        pytest.param(DeliveryReason.BAD_REQUEST, None, 1, None, id="bad-request-gives-up-at-once"),
        pytest.param(DeliveryReason.TOO_LONG, None, 1, None, id="too-long-gives-up-at-once"),
        pytest.param(DeliveryReason.NO_CHANNEL, None, 1, None, id="no-channel-gives-up-at-once"),
        pytest.param(DeliveryReason.AUTH, None, 1, 10, id="token-may-be-corrected"),
    ],
)
def test_next_attempt(reason, retry_after_s, failures, wait_s):
    again_at = next_attempt(failed(reason, retry_after_s), 4, failures, POLICY, NOW)

    assert again_at == (None if wait_s is None else NOW + timedelta(seconds=wait_s))


@pytest.mark.parametrize(
    ("retry_after_s", "attempts", "failures", "wait_s"),
    [
        pytest.param(30.0, 9, 0, 30, id="as-asked-however-often"),
        pytest.param(30.0, 9, 9, 60, id="no-shorter-than-after-the-failures"),
        pytest.param(None, 1, 0, 10, id="first-without-a-time"),
        pytest.param(None, 3, 0, 40, id="longer-each-time-without-a-time"),
        pytest.param(None, 9, 0, 60, id="never-gives-up"),
    ],
)
def test_channel_that_asks_to_wait_is_tried_for_as_long_as_it_asks(retry_after_s, attempts, failures, wait_s):
    again_at = next_attempt(failed(DeliveryReason.RATE_LIMITED, retry_after_s), attempts, failures, POLICY, NOW)

    assert again_at == NOW + timedelta(seconds=wait_s)


@pytest.mark.parametrize(("attempts", "wait_s"), [(9, 10), (1, 10)], ids=["after-many-waits", "at-once"])
def test_first_failure_waits_as_long_whatever_came_before(attempts, wait_s):
    again_at = next_attempt(failed(DeliveryReason.NETWORK), attempts, 1, POLICY, NOW)

    assert again_at == NOW + timedelta(seconds=wait_s)


@pytest.mark.parametrize(("reason", "failures"), [(DeliveryReason.RATE_LIMITED, 2), (DeliveryReason.SERVER, 3)])
def test_being_told_to_wait_is_no_failure(reason, failures):
    assert failures_after(failed(reason), 2) == failures


def test_every_reason_has_a_remedy():
    assert set(REMEDIES) == set(DeliveryReason)


@given(st.sampled_from(DeliveryReason), st.integers(1, 10_000), st.integers(0, 10_000), st.none() | st.floats(0, 1e12))
def test_next_attempt_lies_in_the_future_within_a_day(reason, attempts, failures, retry_after_s):
    again_at = next_attempt(failed(reason, retry_after_s), attempts, failures, POLICY, NOW)

    assert again_at is None or NOW < again_at <= NOW + timedelta(days=1)
