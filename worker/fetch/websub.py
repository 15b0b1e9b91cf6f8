"""Requests to WebSub hubs: subscribe, renew, leave (W3C WebSub §5.1).

A hub's address comes out of a feed, so it is met like a feed's: politely, on no private network, within limits. The
secret that signs what the hub sends goes over TLS alone.
"""

from dataclasses import dataclass

from worker.errors import FetchError, FetchReason
from worker.fetch.polite import PoliteClient
from worker.models.subscription import Subscription, SubscriptionState
from worker.subscribing import LONGEST_LEASE


@dataclass(frozen=True, slots=True, kw_only=True)
class HubClient:
    """The Hub."""

    client: PoliteClient

    def ask(self, subscription: Subscription) -> None:
        """Subscribes, renews or leaves, whichever its state says; the hub asks back later.

        Raises FetchError, or PutOffError where that must wait.
        """
        if not (subscription.hub.lower().startswith("https://") or self.client.client.allow_private):
            cause = "the hub has no TLS, and would have the secret in the open"
            raise FetchError(subscription.feed_id, FetchReason.TLS, cause)
        self.client.post(subscription.feed_id, subscription.hub, form_of(subscription))


def form_of(subscription: Subscription) -> dict[str, str]:
    """The fields of a request."""
    form = {
        "hub.callback": subscription.callback,
        "hub.topic": subscription.topic,
        "hub.mode": "unsubscribe" if subscription.state is SubscriptionState.LEAVING else "subscribe",
    }
    if form["hub.mode"] == "subscribe":
        form |= {"hub.secret": subscription.secret, "hub.lease_seconds": str(int(LONGEST_LEASE.total_seconds()))}
    return form
