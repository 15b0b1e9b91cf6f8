"""Publishers on the loopback address under names of their own, a clock, and a client that meets them politely."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from aiohttp.abc import AbstractResolver, ResolveResult

from tests.fake_hosts import FakeHostStore
from tests.fetch.conftest import FeedServer
from worker.errors import PutOffError
from worker.fetch.client import HttpClient, NotModified, Response
from worker.fetch.polite import Etiquette, PoliteClient
from worker.models.feed import Validators
from worker.models.hosts import NetworkState

NONE = Validators()
START = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


class Names(AbstractResolver):
    """Leads every name to the loopback address, or none at all."""

    def __init__(self, *, has_network: Callable[[], bool] = lambda: True) -> None:
        self._has_network = has_network

    async def resolve(self, host, port=0, family=socket.AF_INET) -> list[ResolveResult]:
        if not self._has_network():
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        pass


class Street:
    """One server under many names, and what it saw: when, which host, which path, which headers."""

    def __init__(self, server: FeedServer, client: HttpClient) -> None:
        self.server = server
        self.now = START
        self.has_network = True
        self.told: list[NetworkState] = []
        self.hosts = FakeHostStore()
        self.seen: list[tuple[datetime, str, str, Mapping[str, str]]] = []
        self.client = replace(client, resolver=lambda: Names(has_network=lambda: self.has_network))
        self.polite = PoliteClient(
            client=self.client, hosts=self.hosts, clock=lambda: self.now, on_network=self.told.append
        )

    def with_(self, **etiquette) -> PoliteClient:
        return replace(self.polite, etiquette=Etiquette(**etiquette))

    def url(self, host: str, path: str = "/rss") -> str:
        return self.server.url(path, host)

    def ask(
        self, url: str, validators: Validators = NONE, polite: PoliteClient | None = None
    ) -> Response | NotModified:
        """One try; what was seen by the server meanwhile is noted with the time."""
        before = len(self.server.requests)
        try:
            return (polite or self.polite).get("proba", url, validators)
        finally:
            for path, headers in self.server.requests[before:]:
                self.seen.append((self.now, headers["host"].partition(":")[0], path, headers))

    def read(self, url: str, validators: Validators = NONE) -> Response | NotModified:
        """Until the answer comes, with the waits that courtesy asks for."""
        for _ in range(20):
            try:
                return self.ask(url, validators)
            except PutOffError as error:
                self.now += timedelta(seconds=error.wait_s)
        raise AssertionError("put off for ever")

    def paths(self, host: str) -> list[str]:
        return [path for _, of, path, _ in self.seen if of == host]

    def gaps(self, *hosts: str) -> list[float]:
        """Seconds between the visits to these hosts."""
        times = sorted({at for at, of, _, _ in self.seen if of in hosts})
        return [(later - one).total_seconds() for one, later in pairwise(times)]
