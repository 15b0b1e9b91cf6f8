"""A web server on the loopback address, and builders of feeds and their states."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime

import pytest
from aiohttp import web

from worker.fetch.client import HttpClient
from worker.models.feed import Feed, FeedState
from worker.models.news import FeedId

type_of_answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FeedServer:
    """Answers what a test told it to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, Mapping[str, str]]] = []
        self.port = 0
        self._answers: dict[str, type_of_answer] = {}
        self._loop = asyncio.new_event_loop()
        self._runner: web.AppRunner | None = None
        self._thread = threading.Thread(target=self._loop.run_forever)

    def answer(self, path: str, body: bytes = b"", *, status: int = 200, **headers: str) -> str:
        """The address at which this answer is given; header names have `_` for `-`."""

        async def give(_: web.Request) -> web.StreamResponse:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return web.Response(status=status, body=body, headers=named)

        return self.handle(path, give)

    def handle(self, path: str, handler: type_of_answer) -> str:
        self._answers[path] = handler
        return self.url(path)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()

    def stop(self) -> None:
        assert self._runner is not None
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_get("/{tail:.*}", self._dispatch)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _dispatch(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request.path, {name.lower(): value for name, value in request.headers.items()}))
        return await self._answers[request.path](request)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    feed_server = FeedServer()
    feed_server.start()
    yield feed_server
    feed_server.stop()


@pytest.fixture
def client() -> HttpClient:
    return HttpClient(user_agent="Vestitel/0.1 (+https://service.example/bot)", allow_private=True, total_timeout_s=10)


@pytest.fixture
def a_feed() -> Callable[[str], Feed]:
    return lambda url: Feed(id=FeedId("proba"), outlet="Проба", url=url, every_s=600)


@pytest.fixture
def a_state() -> FeedState:
    at = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    return FeedState(feed_id=FeedId("proba"), added_at=at, due_at=at)
