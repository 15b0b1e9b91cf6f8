"""The use cases of WebSub: subscribe where feeds name hubs, and take what hubs send; core types and ports only.

What a hub sends takes the path of a poll from its entries on. It leaves the feed's state alone: the next poll comes
when it would have come, so that a hub which delivers nothing costs nothing.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from worker.errors import FetchError, PutOffError
from worker.models.feed import Feed
from worker.models.news import Entry, FeedId
from worker.models.subscription import Subscription, SubscriptionState
from worker.ports import Added, ArticleStore, FeedStore
from worker.subscribing import is_over, leaving, offered, put_off
from worker.text.clean import article_from

_AT_ONCE = 5


class SubscriptionStore(Protocol):
    """Keeps what we and the hubs agreed (WebSub); each method is one transaction."""

    def all(self) -> tuple[Subscription, ...]:
        """Every subscription, by feed."""
        ...

    def get(self, feed_id: FeedId) -> Subscription | None:
        """The subscription of one feed."""
        ...

    def by_token(self, token: str) -> Subscription | None:
        """The subscription whose callback address ends with this."""
        ...

    def begin_due(self, now: datetime, limit: int) -> tuple[Subscription, ...]:
        """Those about which something is to be done, each given once: the attempt is counted before it is made."""
        ...

    def put(self, subscription: Subscription) -> None:
        """Stores it in place of that of the same feed."""
        ...

    def change(self, before: Subscription, after: Subscription) -> bool:
        """Stores a change unless the subscription was begun anew meanwhile; whether it was stored."""
        ...

    def fail(self, subscription: Subscription, reason: str) -> None:
        """Notes why a request led to nothing."""
        ...

    def note_push(self, subscription: Subscription, now: datetime) -> None:
        """Notes that the hub sent something."""
        ...

    def forget(self, subscription: Subscription) -> None:
        """Removes it."""
        ...


class Hub(Protocol):
    """Asks hubs to announce feeds to us."""

    def ask(self, subscription: Subscription) -> None:
        """Subscribes, renews or leaves, whichever its state says; the hub asks back later.

        Raises FetchError, or PutOffError where that must wait.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """What one look at the subscriptions led to."""

    asked: int = 0
    failed: int = 0
    left: int = 0


def note_hub(
    feed: Feed,
    hub: str,
    topic: str,
    *,
    subscriptions: SubscriptionStore,
    callback: str,
    secret_of: Callable[[], str],
    now: datetime,
) -> bool:
    """Begins a subscription where a feed names a hub that it has none with; `secret_of` makes unguessable words."""
    known = subscriptions.get(feed.id)
    new = offered(known, feed.id, hub, topic, callback, secret_of(), secret_of(), now)
    if new is None:
        return False
    subscriptions.put(new)
    return True


def renew_subscriptions(
    *, subscriptions: SubscriptionStore, hub: Hub, wanted: Collection[FeedId], clock: Callable[[], datetime]
) -> Renewed:
    """Asks hubs for what is to be begun, renewed or left; `wanted` are the feeds that may have a subscription."""
    left = 0
    for one in subscriptions.all():
        if is_over(one):
            subscriptions.forget(one)
            left += 1
        elif one.feed_id not in wanted and one.state is not SubscriptionState.LEAVING:
            subscriptions.change(one, leaving(one, clock()))
    asked = failed = 0
    for one in subscriptions.begin_due(clock(), _AT_ONCE):
        try:
            hub.ask(one)
        except PutOffError as error:
            subscriptions.change(one, put_off(one, clock() + timedelta(seconds=error.wait_s)))
            continue
        except FetchError as error:
            failed += 1
            subscriptions.fail(one, f"{error.reason.value}: {error.cause}")
        asked += 1
    return Renewed(asked=asked, failed=failed, left=left)


def take_push(
    feed: Feed,
    entries: Collection[Entry],
    *,
    feeds: FeedStore,
    articles: ArticleStore,
    clock: Callable[[], datetime],
) -> Added | None:
    """Stores what a hub sent of a feed; None where the feed is not configured any more. May run twice."""
    state = feeds.get(feed.id)
    if state is None:
        return None
    now = clock()
    cleaned = (article_from(entry, feed, state, now) for entry in entries)
    return articles.add(tuple(article for article in cleaned if article is not None), now)
