"""WebSub from the feed that names a hub to the article that the hub sends, with a hub on the loopback address."""

import hmac
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn
from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver
from sqlalchemy import Engine
from starlette.applications import Starlette

from tests.fetch.adversary import Names
from tests.service.hub import LocalHub
from worker.errors import FetchError, FetchReason
from worker.fetch.client import HttpClient
from worker.fetch.parsing import parse_feed
from worker.fetch.polite import PoliteClient
from worker.fetch.websub import HubClient
from worker.models.feed import Feed
from worker.models.news import FeedId
from worker.models.subscription import SubscriptionState
from worker.pushing import note_hub, renew_subscriptions
from worker.store.archive import last_of_feed
from worker.store.articles import SqlArticleStore
from worker.store.feeds import SqlFeedStore
from worker.store.hosts import SqlHostStore
from worker.store.subscriptions import SqlSubscriptionStore
from worker.web.websub import MOST_BYTES, HubEndpoint

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
FEED = Feed(id=FeedId("one"), outlet="Едно", url="https://one.example/rss", every_s=600)
RSS = "<rss version='2.0'><channel><title>x</title><item><title>НАТО се среща</title><link>https://one.example/{}</link></item></channel></rss>"


class Desk:
    """Our side: the endpoint on a real server, the stores, and a clock."""

    def __init__(self, engine: Engine) -> None:
        self.now = NOW
        self.engine = engine
        self.subscriptions = SqlSubscriptionStore(engine)
        self.feeds = SqlFeedStore(engine)
        self.feeds.sync([FEED], NOW)
        endpoint = HubEndpoint(
            subscriptions=self.subscriptions,
            feeds=self.feeds,
            articles=SqlArticleStore(engine),
            configured={FEED.id: FEED},
            parse=parse_feed,
            clock=lambda: self.now,
        )
        app = Starlette(routes=list(endpoint.routes))
        self.server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None))
        self.url = ""

    def hear(self, hub: LocalHub) -> bool:
        words = iter(("token-1", "secret-1", "token-2", "secret-2"))
        return note_hub(
            FEED,
            hub.url,
            FEED.url,
            subscriptions=self.subscriptions,
            callback=f"{self.url}/websub",
            secret_of=lambda: next(words),
            now=self.now,
        )

    def renew(self, *wanted: FeedId, client: HubClient | None = None) -> None:
        hub = client or self.hub_client()
        renew_subscriptions(subscriptions=self.subscriptions, hub=hub, wanted=wanted, clock=lambda: self.now)

    def hub_client(
        self, *, allow_private: bool = True, resolver: type[AbstractResolver] = ThreadedResolver
    ) -> HubClient:
        client = HttpClient(user_agent="Vestitel/test", allow_private=allow_private, resolver=resolver)
        return HubClient(client=PoliteClient(client=client, hosts=SqlHostStore(self.engine), clock=lambda: self.now))

    @property
    def state(self) -> SubscriptionState | None:
        found = self.subscriptions.get(FEED.id)
        return found.state if found else None

    @property
    def titles(self) -> list[str]:
        return [article.title for article in last_of_feed(self.engine, FEED.id, 10)]


@pytest.fixture
def desk(sqlite_engine) -> Iterator[Desk]:
    one = Desk(sqlite_engine)
    thread = threading.Thread(target=one.server.run)
    thread.start()
    while not one.server.started:
        assert thread.is_alive()
    one.url = f"http://127.0.0.1:{one.server.servers[0].sockets[0].getsockname()[1]}"
    yield one
    one.server.should_exit = True
    thread.join()


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with LocalHub() as one:
        yield one


@pytest.fixture
def subscribed(desk: Desk, hub: LocalHub) -> Desk:
    desk.hear(hub)
    desk.renew(FEED.id)
    hub.wait()
    assert desk.state is SubscriptionState.ACTIVE
    return desk


def post(url: str, body: bytes, secret: str | None = "secret-1", **headers: str) -> int:  # noqa: S107 - a test
    signature = (
        {} if secret is None else {"X-Hub-Signature": "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()}
    )
    request = urllib.request.Request(
        url, data=body, headers={"Content-Type": "application/rss+xml", **signature, **headers}
    )
    return status_of(request)


def status_of(request: urllib.request.Request | str) -> int:
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_subscription_is_asked_for_verified_and_delivers(subscribed, hub):
    assert hub.forms[0] == {
        "hub.callback": f"{subscribed.url}/websub/token-1",
        "hub.topic": FEED.url,
        "hub.mode": "subscribe",
        "hub.secret": "secret-1",
        "hub.lease_seconds": "1209600",
    }
    due_before = subscribed.feeds.get(FEED.id)

    assert post(f"{subscribed.url}/websub/token-1", RSS.format(1).encode()) == 202
    assert post(f"{subscribed.url}/websub/token-1", RSS.format(1).encode()) == 202

    assert subscribed.titles == ["НАТО се среща"]
    assert subscribed.subscriptions.get(FEED.id).pushed_at == NOW
    assert subscribed.feeds.get(FEED.id) == due_before, "a push must not move the next poll"


def test_same_hub_is_not_asked_at_each_poll(subscribed, hub):
    assert not subscribed.hear(hub)
    subscribed.renew(FEED.id)

    assert len(hub.forms) == 1


def test_lease_is_renewed_at_nine_tenths(subscribed, hub):
    lease = timedelta(seconds=hub.lease_s)
    subscribed.now = NOW + lease * 0.89
    subscribed.renew(FEED.id)
    assert len(hub.forms) == 1

    subscribed.now = NOW + lease * 0.9
    subscribed.renew(FEED.id)
    hub.wait()

    assert len(hub.forms) == 2
    assert subscribed.subscriptions.get(FEED.id).expires_at == subscribed.now + lease


def test_feed_that_is_not_wanted_any_more_is_left(subscribed, hub):
    subscribed.renew()
    hub.wait()

    assert hub.forms[-1]["hub.mode"] == "unsubscribe"
    assert "hub.secret" not in hub.forms[-1]
    assert subscribed.subscriptions.all() == ()
    assert post(f"{subscribed.url}/websub/token-1", RSS.format(1).encode()) == 404


def test_hub_that_accepts_and_never_asks_back_costs_nothing_but_a_request_an_hour(desk, hub):
    hub.is_silent = True
    desk.hear(hub)
    desk.renew(FEED.id)
    desk.renew(FEED.id)
    assert desk.state is SubscriptionState.ASKED

    desk.now = NOW + timedelta(hours=1)
    desk.renew(FEED.id)

    assert len(hub.forms) == 2
    assert desk.feeds.due(NOW, 10) == (FEED.id,), "the feed is polled all the same"


def test_hub_that_refuses_is_noted_with_its_words(desk, hub):
    hub.status, hub.said = 400, "unknown topic"
    desk.hear(hub)
    desk.renew(FEED.id)

    assert desk.subscriptions.get(FEED.id).reason == "client: status 400: unknown topic"


def test_denial_is_kept(desk, hub):
    hub.denies = "not on our list"
    desk.hear(hub)
    desk.renew(FEED.id)
    hub.wait()

    found = desk.subscriptions.get(FEED.id)
    assert (found.state, found.reason) == (SubscriptionState.DENIED, "not on our list")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param({"hub.mode": "subscribe", "hub.topic": FEED.url, "hub.challenge": "c", "hub.lease_seconds": "60"}, 200, id="renewal"),
        pytest.param({"hub.mode": "subscribe", "hub.topic": "https://two.example/", "hub.challenge": "c"}, 404, id="another-topic"),
        pytest.param({"hub.mode": "unsubscribe", "hub.topic": FEED.url, "hub.challenge": "c"}, 404, id="somebody-wants-us-out"),
        pytest.param({"hub.mode": "subscribe", "hub.topic": FEED.url}, 404, id="no-challenge"),
        pytest.param({"hub.mode": "subscribe", "hub.topic": FEED.url, "hub.challenge": "c" * 2001}, 404, id="huge-challenge"),
        pytest.param({}, 404, id="nothing-asked"),
    ],
)  # fmt: skip
def test_only_what_we_mean_is_confirmed(subscribed, query, status):
    assert status_of(f"{subscribed.url}/websub/token-1?{urllib.parse.urlencode(query)}") == status


@pytest.mark.parametrize("token", ["token-2", "x" * 200, "%D0%B9", "token-1%00"])
def test_address_that_nobody_was_told_is_unknown(subscribed, token):
    assert post(f"{subscribed.url}/websub/{token}", b"x" * 1000) == 404
    assert status_of(f"{subscribed.url}/websub/{token}?hub.mode=subscribe") == 404


@pytest.mark.parametrize("secret", [pytest.param(None, id="none"), pytest.param("other", id="wrong")])
def test_what_is_not_signed_with_our_secret_counts_for_nothing(subscribed, secret):
    assert post(f"{subscribed.url}/websub/token-1", RSS.format(1).encode(), secret) == 403
    assert subscribed.titles == []


def test_body_over_the_limit_is_not_read(subscribed):
    def endless() -> Iterator[bytes]:
        for _ in range(MOST_BYTES // 65536 + 2):
            yield b"x" * 65536

    request = urllib.request.Request(
        f"{subscribed.url}/websub/token-1", data=endless(), headers={"Transfer-Encoding": "chunked", "Content-Type": "x"}, method="POST"
    )  # fmt: skip
    try:
        status = status_of(request)
    except OSError:
        status = 413  # the connection may be closed under the sender's hands
    assert status == 413
    assert post(f"{subscribed.url}/websub/token-1", b"x", **{"Content-Length": str(MOST_BYTES + 1)}) == 413


def test_rubbish_is_taken_from_the_hub_and_dropped(subscribed):
    assert post(f"{subscribed.url}/websub/token-1", b"<html></html>") == 202
    assert subscribed.titles == []


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        pytest.param("http://hub.example/", FetchReason.TLS, id="no-tls"),
        pytest.param("https://127.0.0.1:1/", FetchReason.PRIVATE_ADDRESS, id="loopback"),
        pytest.param("https://10.0.0.1/", FetchReason.PRIVATE_ADDRESS, id="private"),
        pytest.param("https://[::1]/", FetchReason.PRIVATE_ADDRESS, id="loopback-v6"),
        pytest.param("https://localhost:1/", FetchReason.PRIVATE_ADDRESS, id="name-of-this-machine"),
    ],
)
def test_hub_of_a_feeds_choice_cannot_be_beside_us(desk, hub, address, reason):
    desk.hear(hub)
    subscription = replace(desk.subscriptions.get(FEED.id), hub=address)

    with pytest.raises(FetchError) as raised:
        desk.hub_client(allow_private=False).ask(subscription)

    assert raised.value.reason is reason


def test_hub_cannot_redirect_us(desk, hub):
    hub.status, hub.location = 307, "http://127.0.0.1:1/"
    desk.hear(hub)
    desk.renew(FEED.id)

    assert "redirect: status 307" in desk.subscriptions.get(FEED.id).reason


def test_hub_is_asked_as_politely_as_a_publisher(desk, hub):
    """robots.txt first, then five seconds; what is put off is no attempt, and the hub is free again afterwards."""
    desk.hear(hub)
    address = hub.url.replace("127.0.0.1", "hub.example")
    desk.subscriptions.put(replace(desk.subscriptions.get(FEED.id), hub=address))
    client = desk.hub_client(resolver=Names)
    desk.renew(FEED.id, client=client)
    first = desk.subscriptions.get(FEED.id)
    asked_before = list(hub.asked)

    desk.now = first.next_at
    desk.renew(FEED.id, client=client)
    hub.wait()

    assert (first.state, first.attempts, first.next_at) == (SubscriptionState.WANTED, 0, NOW + timedelta(seconds=5))
    assert (asked_before, hub.asked) == (["GET /robots.txt"], ["GET /robots.txt", "POST /"])
    assert desk.state is SubscriptionState.ACTIVE


def test_hub_whose_robots_forbid_it_is_not_asked(desk, hub):
    hub.robots = "User-agent: *\nDisallow: /\n"
    desk.hear(hub)
    address = hub.url.replace("127.0.0.1", "hub.example")
    desk.subscriptions.put(replace(desk.subscriptions.get(FEED.id), hub=address))

    desk.renew(FEED.id, client=desk.hub_client(resolver=Names))

    assert desk.subscriptions.get(FEED.id).reason == "robots: robots.txt forbids / to Vestitel"
    assert hub.forms == []
