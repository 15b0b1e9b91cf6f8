"""Where WebSub hubs reach us: they ask whether we mean a subscription, and send what is new.

An address that nobody was told answers 404 before anything is read. What is sent counts only with the signature of
the subscription's own secret, and is bounded in size and number.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from worker.errors import FetchError, ParseError, StoreError
from worker.fetch.feeds import Parser
from worker.logs import get_log
from worker.models.feed import Feed
from worker.models.news import FeedId
from worker.models.subscription import Subscription, SubscriptionState
from worker.ports import ArticleStore, FeedStore
from worker.pushing import SubscriptionStore, take_push
from worker.subscribing import denied, is_signed, verified

PATH = "/websub/{token}"
MOST_BYTES = 5 * 1024 * 1024
_MOST_AT_ONCE = 4
#: for a body to arrive
_PATIENCE_S = 30.0
_LONGEST_TOKEN = 100
_LONGEST_CHALLENGE = 2000
#: for subscriptions that are being left, so that the hub forgets us
_GONE = 410


class HubEndpoint:
    """Answers hubs."""

    def __init__(
        self,
        *,
        subscriptions: SubscriptionStore,
        feeds: FeedStore,
        articles: ArticleStore,
        configured: Mapping[FeedId, Feed],
        parse: Parser,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._subscriptions = subscriptions
        self._feeds = feeds
        self._articles = articles
        self._configured = configured
        self._parse = parse
        self._clock = clock
        self._under_way = 0

    @property
    def routes(self) -> tuple[Route, ...]:
        """The two that hubs use."""
        return (Route(PATH, self.verify, methods=["GET"]), Route(PATH, self.take, methods=["POST"]))

    async def verify(self, request: Request) -> Response:
        """A hub asks whether we mean it, or says that it will not (§5.2, §5.3)."""
        try:
            return await run_in_threadpool(self._verified, request.path_params["token"], dict(request.query_params))
        except StoreError:
            return PlainTextResponse("try again later\n", status_code=503)

    async def take(self, request: Request) -> Response:
        """A hub sends what is new (§7)."""
        if self._under_way >= _MOST_AT_ONCE:
            return PlainTextResponse("try again later\n", status_code=503)
        self._under_way += 1
        try:
            return await self._taken(request)
        except StoreError:
            return PlainTextResponse("try again later\n", status_code=503)
        except (ClientDisconnect, TimeoutError):
            return _empty(400)
        finally:
            self._under_way -= 1

    def _verified(self, token: str, asked: Mapping[str, str]) -> Response:
        subscription = self._known(token)
        if subscription is None:
            return _empty(404)
        mode, topic, now = asked.get("hub.mode", ""), asked.get("hub.topic", ""), self._clock()
        if mode == "denied":
            after = denied(subscription, topic, asked.get("hub.reason", ""), now)
            return self._changed(subscription, after, "")
        after = verified(subscription, mode, topic, _seconds(asked.get("hub.lease_seconds", "")), now)
        challenge = asked.get("hub.challenge", "")
        if after is None or not 0 < len(challenge) <= _LONGEST_CHALLENGE:
            return _empty(404)
        if mode == "unsubscribe":
            self._subscriptions.forget(subscription)
            get_log().info("subscription.left", feed=subscription.feed_id)
            return PlainTextResponse(challenge)
        return self._changed(subscription, after, challenge)

    def _changed(self, before: Subscription, after: Subscription | None, answer: str) -> Response:
        if after is None or not self._subscriptions.change(before, after):
            return _empty(404)
        facts = {"feed": after.feed_id, "state": after.state.value, "reason": after.reason}
        get_log().info("subscription.changed", **facts)
        return PlainTextResponse(answer)

    async def _taken(self, request: Request) -> Response:
        subscription = await run_in_threadpool(self._known, request.path_params["token"])
        if subscription is None:
            return _empty(404)
        feed = self._configured.get(subscription.feed_id)
        if feed is None or subscription.state is SubscriptionState.LEAVING:
            return _empty(_GONE)
        body = await _body(request)
        if body is None:
            return _empty(413)
        if not is_signed(subscription.secret, body, request.headers.get("x-hub-signature", "")):
            get_log().warning("push.refused", feed=feed.id, cause="it is not signed with the subscription's secret")
            return _empty(403)
        headers = {"content-type": request.headers.get("content-type", "")}
        return await run_in_threadpool(self._stored, feed, subscription, body, headers)

    def _stored(self, feed: Feed, subscription: Subscription, body: bytes, headers: Mapping[str, str]) -> Response:
        try:
            parsed = self._parse(feed.id, body, headers, subscription.topic)
        except (FetchError, ParseError) as error:
            # The hub did its part, and sending the same again would not help; the next poll reads the feed itself.
            get_log().warning("push.refused", feed=feed.id, cause=error.cause)
            return _empty(202)
        added = take_push(feed, parsed.entries, feeds=self._feeds, articles=self._articles, clock=self._clock)
        if added is None:
            return _empty(_GONE)
        self._subscriptions.note_push(subscription, self._clock())
        facts = {"new": len(added.new), "revised": len(added.revised)}
        get_log().info("push.taken", feed=feed.id, seen=len(parsed.entries), **facts)
        return _empty(202)

    def _known(self, token: str) -> Subscription | None:
        if not (token.isascii() and 0 < len(token) <= _LONGEST_TOKEN):
            return None
        return self._subscriptions.by_token(token)


async def _body(request: Request) -> bytes | None:
    """The body, or None where it is too large; no more of it is read then."""
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > MOST_BYTES:
        return None
    parts: list[bytes] = []
    size = 0
    async with asyncio.timeout(_PATIENCE_S):
        async for part in request.stream():
            parts.append(part)
            size += len(part)
            if size > MOST_BYTES:
                return None
    return b"".join(parts)


def _seconds(stated: str) -> float:
    return float(stated[:9]) if stated.isascii() and stated.isdigit() else 0.0


def _empty(status: int) -> Response:
    return Response(status_code=status)
