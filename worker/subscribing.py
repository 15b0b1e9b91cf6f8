"""What a subscriber and a hub say to each other (W3C WebSub, 2018); pure.

A push only comes earlier than a poll would: it never moves a poll, since hubs are known that accept a subscription
and deliver nothing. Leases are short, renewed at nine tenths, and what the hub does not confirm is asked for again,
ever more seldom.
"""

import hashlib
import hmac
from dataclasses import replace
from datetime import datetime, timedelta

from worker.models.news import FeedId
from worker.models.subscription import Subscription, SubscriptionState

LONGEST_LEASE = timedelta(days=14)
_SHORTEST_LEASE = timedelta(minutes=5)
_RENEW_AT = 0.9
#: a hub has so long to ask back
_ANSWER_TIME = timedelta(hours=1)
_LONGEST_WAIT = timedelta(days=1)
#: a hub that does not answer is told so often that we leave; then the lease runs out by itself
_FAREWELLS = 5
#: what hubs may sign with; the old ones know SHA-1 alone, which is still sound within HMAC
_ALGORITHMS = frozenset({"sha1", "sha256", "sha384", "sha512"})


def offered(  # noqa: PLR0917 - what is known, what the feed says, and what chance gave
    known: Subscription | None,
    feed_id: FeedId,
    hub: str,
    topic: str,
    callback: str,
    token: str,
    secret: str,
    now: datetime,
) -> Subscription | None:
    """The subscription to begin with a hub that a feed names; None where there is one with it already."""
    is_same = known is not None and (known.hub, known.topic) == (hub, topic) and known.callback.startswith(callback)
    if is_same and known is not None and known.state is not SubscriptionState.LEAVING:
        return None
    return Subscription(
        feed_id=feed_id,
        hub=hub,
        topic=topic,
        callback=f"{callback.rstrip('/')}/{token}",
        token=token,
        secret=secret,
        state=SubscriptionState.WANTED,
        next_at=now,
    )


def begun(subscription: Subscription, now: datetime) -> Subscription:
    """Before a request goes out: the hub may ask back before it has answered us."""
    wait = min(_ANSWER_TIME * 2 ** min(subscription.attempts, 8), _LONGEST_WAIT)
    is_new = subscription.state in {SubscriptionState.WANTED, SubscriptionState.DENIED}
    return replace(
        subscription,
        state=SubscriptionState.ASKED if is_new else subscription.state,
        attempts=subscription.attempts + 1,
        next_at=now + wait,
    )


def put_off(subscription: Subscription, until: datetime) -> Subscription:
    """The subscription as if its request, which was not made, had not been begun; it is not due before `until`."""
    attempts = max(subscription.attempts - 1, 0)
    is_unasked = subscription.state is SubscriptionState.ASKED and attempts == 0
    state = SubscriptionState.WANTED if is_unasked else subscription.state
    return replace(subscription, state=state, attempts=attempts, next_at=until)


def leaving(subscription: Subscription, now: datetime) -> Subscription:
    """The subscription that is not wanted any more."""
    if subscription.state is SubscriptionState.LEAVING:
        return subscription
    return replace(subscription, state=SubscriptionState.LEAVING, next_at=now, attempts=0)


def is_over(subscription: Subscription) -> bool:
    """Whether it may be forgotten: the hub was told often enough, or never heard of it."""
    return subscription.state is SubscriptionState.LEAVING and subscription.attempts >= _FAREWELLS


def verified(subscription: Subscription, mode: str, topic: str, lease_s: float, now: datetime) -> Subscription | None:
    """The subscription after a hub asked whether we mean it; None where we do not (§5.3).

    One that is being left is confirmed as it is: the caller forgets it.
    """
    if topic != subscription.topic:
        return None
    if mode == "unsubscribe":
        return subscription if subscription.state is SubscriptionState.LEAVING else None
    if mode != "subscribe" or subscription.state not in {SubscriptionState.ASKED, SubscriptionState.ACTIVE}:
        return None
    lease = min(max(timedelta(seconds=lease_s), _SHORTEST_LEASE), LONGEST_LEASE)
    return replace(
        subscription,
        state=SubscriptionState.ACTIVE,
        next_at=now + lease * _RENEW_AT,
        expires_at=now + lease,
        attempts=0,
        reason="",
    )


def denied(subscription: Subscription, topic: str, reason: str, now: datetime) -> Subscription | None:
    """The subscription after a hub said that it will not serve it (§5.2); None where it does not mean ours."""
    if topic != subscription.topic:
        return None
    return replace(
        subscription, state=SubscriptionState.DENIED, reason=reason[:300], expires_at=None, next_at=now + _LONGEST_WAIT
    )


def is_signed(secret: str, body: bytes, header: str) -> bool:
    """Whether `X-Hub-Signature` is that of this body under our secret (§7.1), compared in constant time."""
    name, _, digest = header.strip().partition("=")
    algorithm = name.strip().lower()
    if algorithm not in _ALGORITHMS:
        return False
    expected = hmac.new(secret.encode(), body, getattr(hashlib, algorithm)).hexdigest()
    return hmac.compare_digest(expected.encode(), digest.strip().lower().encode("utf-8", "replace"))
