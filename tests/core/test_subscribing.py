"""What a subscriber and a hub say to each other."""

import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.models.news import FeedId
from worker.models.subscription import Subscription, SubscriptionState
from worker.subscribing import LONGEST_LEASE, begun, denied, is_over, is_signed, leaving, offered, verified

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HUB, TOPIC = "https://hub.example/", "https://one.example/rss"
DAY = 86_400


def a_subscription(state: SubscriptionState = SubscriptionState.ASKED) -> Subscription:
    new = offered(None, FeedId("one"), HUB, TOPIC, "https://desk.example/websub", "token", "secret", NOW)
    assert new is not None
    return replace(new, state=state)


def test_feed_that_names_a_hub_is_asked_for_at_once():
    new = a_subscription(SubscriptionState.WANTED)

    assert new.callback == "https://desk.example/websub/token"
    assert new.next_at == NOW


@pytest.mark.parametrize(
    ("known", "hub", "topic", "begins"),
    [
        pytest.param(a_subscription(), HUB, TOPIC, False, id="same"),
        pytest.param(a_subscription(SubscriptionState.DENIED), HUB, TOPIC, False, id="denied-is-not-asked-at-each-poll"),
        pytest.param(a_subscription(), "https://other.example/", TOPIC, True, id="other-hub"),
        pytest.param(a_subscription(), HUB, "https://one.example/new", True, id="other-topic"),
        pytest.param(a_subscription(SubscriptionState.LEAVING), HUB, TOPIC, True, id="wanted-again"),
    ],
)  # fmt: skip
def test_known_subscription_begins_anew_only_with_something_new(known, hub, topic, begins):
    new = offered(known, FeedId("one"), hub, topic, "https://desk.example/websub", "t2", "s2", NOW)

    assert (new is not None) is begins


def test_request_is_counted_before_it_is_made_and_repeated_ever_more_seldom():
    one, waits = a_subscription(SubscriptionState.WANTED), []
    for _ in range(8):
        one = begun(one, NOW)
        waits.append(one.next_at - NOW)

    assert one.state is SubscriptionState.ASKED
    assert one.attempts == 8
    assert waits == sorted(waits)
    assert waits[0] == timedelta(hours=1)
    assert waits[-1] == timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "mode", "topic", "is_meant"),
    [
        pytest.param(SubscriptionState.ASKED, "subscribe", TOPIC, True, id="asked"),
        pytest.param(SubscriptionState.ACTIVE, "subscribe", TOPIC, True, id="renewed"),
        pytest.param(SubscriptionState.WANTED, "subscribe", TOPIC, False, id="never-asked"),
        pytest.param(SubscriptionState.LEAVING, "subscribe", TOPIC, False, id="left"),
        pytest.param(SubscriptionState.DENIED, "subscribe", TOPIC, False, id="denied"),
        pytest.param(SubscriptionState.ASKED, "subscribe", TOPIC + "x", False, id="another-topic"),
        pytest.param(SubscriptionState.ACTIVE, "unsubscribe", TOPIC, False, id="somebody-wants-us-out"),
        pytest.param(SubscriptionState.LEAVING, "unsubscribe", TOPIC, True, id="leaving"),
        pytest.param(SubscriptionState.ASKED, "publish", TOPIC, False, id="unknown-mode"),
    ],
)
def test_hub_is_told_the_truth_about_what_we_mean(state, mode, topic, is_meant):
    assert (verified(a_subscription(state), mode, topic, DAY, NOW) is not None) is is_meant


@given(lease_s=st.floats(0, 1e9))
def test_lease_is_clamped_and_renewed_at_nine_tenths(lease_s):
    after = verified(a_subscription(), "subscribe", TOPIC, lease_s, NOW)

    assert after is not None
    assert after.expires_at is not None
    assert timedelta(minutes=5) <= after.expires_at - NOW <= LONGEST_LEASE == timedelta(days=14)
    assert (after.next_at - NOW) / (after.expires_at - NOW) == pytest.approx(0.9)
    assert (after.state, after.attempts) == (SubscriptionState.ACTIVE, 0)


def test_denial_is_kept_with_its_reason_and_asked_again_after_a_day():
    after = denied(a_subscription(), TOPIC, "no such topic", NOW)

    assert after is not None
    assert (after.state, after.reason, after.next_at) == (
        SubscriptionState.DENIED,
        "no such topic",
        NOW + timedelta(days=1),
    )
    assert denied(a_subscription(), TOPIC + "x", "", NOW) is None


def test_hub_that_does_not_answer_is_left_all_the_same():
    one = leaving(a_subscription(SubscriptionState.ACTIVE), NOW)
    assert leaving(one, NOW + timedelta(days=1)) == one
    for _ in range(5):
        assert not is_over(one)
        one = begun(one, NOW)

    assert one.state is SubscriptionState.LEAVING
    assert is_over(one)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha384", "sha512"])
def test_signature_of_the_secret_counts(algorithm):
    digest = hmac.new(b"secret", "<rss>й</rss>".encode(), algorithm).hexdigest()

    assert is_signed("secret", "<rss>й</rss>".encode(), f"{algorithm}={digest}")
    assert is_signed("secret", "<rss>й</rss>".encode(), f"{algorithm.upper()}={digest.upper()}")
    assert not is_signed("secret", "<rss>я</rss>".encode(), f"{algorithm}={digest}")
    assert not is_signed("other", "<rss>й</rss>".encode(), f"{algorithm}={digest}")


@pytest.mark.parametrize(
    "header", ["", "=", "sha256", "sha256=", "md5=d41d8cd98f00b204e9800998ecf8427e", "new=1", "sha256=й"]
)
def test_anything_else_is_no_signature(header):
    assert not is_signed("secret", b"", header)
