"""Requests to WebSub hubs: subscribe, renew, leave (W3C WebSub §5.1).

A hub's address comes out of a feed, so it is checked like a feed's: no private networks, no redirects, limits in time
and size. The secret that signs what the hub sends goes over TLS alone.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from worker.bounded_loop import run_bounded
from worker.errors import FetchError, FetchReason
from worker.fetch.address import CheckedResolver, is_allowed
from worker.fetch.faults import FAULTS, reason_of_fault
from worker.models.subscription import Subscription, SubscriptionState
from worker.subscribing import LONGEST_LEASE

_MOST_BYTES = 4096
_SILENCE_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HubClient:
    """The Hub."""

    user_agent: str
    #: hubs on loopback and private networks too, and without TLS
    allow_private: bool
    timeout_s: float = 20.0
    resolver: Callable[[], AbstractResolver] = aiohttp.ThreadedResolver

    def ask(self, subscription: Subscription) -> None:
        """Subscribes, renews or leaves, whichever its state says; the hub asks back later. Raises FetchError."""
        feed_id = subscription.feed_id
        try:
            hub = URL(subscription.hub)
        except ValueError as exc:
            raise FetchError(feed_id, FetchReason.CLIENT, f"the hub's address cannot be read: {exc}") from exc
        if hub.scheme != "https" and not self.allow_private:
            raise FetchError(feed_id, FetchReason.TLS, "the hub has no TLS, and would have the secret in the open")
        if not (self.allow_private or is_allowed(hub.host or "")):
            raise FetchError(feed_id, FetchReason.PRIVATE_ADDRESS, f"{hub.host} is a private address")
        try:
            run_bounded(self._post(feed_id, hub, form_of(subscription)))
        except FAULTS as exc:
            raise FetchError(feed_id, reason_of_fault(exc), f"{type(exc).__name__}: {exc}") from exc

    async def _post(self, feed_id: str, hub: URL, form: dict[str, str]) -> None:
        resolver = self.resolver()
        if not self.allow_private:
            resolver = CheckedResolver(feed_id, resolver)
        async with (
            asyncio.timeout(self.timeout_s),
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver, force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_read=_SILENCE_S),
                headers={"User-Agent": self.user_agent},
            ) as session,
            session.post(hub, data=form, allow_redirects=False) as answer,
        ):
            if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
                return
            said = (await answer.content.read(_MOST_BYTES)).decode("utf-8", "replace").strip()
        reason = FetchReason.SERVER if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else FetchReason.CLIENT
        raise FetchError(feed_id, reason, f"the hub answered {answer.status}: {said[:120]}")


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
