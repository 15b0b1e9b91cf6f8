"""An HTTP client that asks nobody more than he allows, together with all other processes of this service.

Before each request of a redirect chain: may robots.txt be obeyed by asking, is the publisher free, did the last
request to him begin long enough ago. What cannot begin now is put off, never waited for: the worker is free for
other publishers. Addresses written as those of this machine are nobody's but ours, so none of this holds for them.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from worker.errors import FetchError, FetchReason, Pause, PutOffError
from worker.fetch.client import PLAIN_TYPES, Gate, HttpClient, NotModified, Response
from worker.fetch.hosts import group_of, origin_of
from worker.fetch.robots import crawl_delay_s, record_of, record_of_fault, refusal, robots_url
from worker.models.feed import Validators
from worker.models.hosts import Network, NetworkState, RobotsRecord
from worker.ports import HostStore
from worker.text.sites import is_own_machine

_ROBOTS_TIMEOUT_S = 10.0
_ROBOTS_BYTES = 5 * 1024 * 1024
#: with these the server was perhaps never reached
_UNREACHED = frozenset({FetchReason.DNS, FetchReason.CONNECT, FetchReason.TIMEOUT})
_SHORTEST_LOOK_S = 30.0
_LONGEST_LOOK_S = 300.0

_T = TypeVar("_T")


def _nobody_is_told(_: NetworkState) -> None:
    """For who has no log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Etiquette:
    """How polite we are, by configuration."""

    #: between the beginnings of two requests to one publisher, where robots.txt asks for no more
    spacing: timedelta = timedelta(seconds=5)
    #: requests under way at all publishers together
    most: int = 6
    #: hosts and domains → the publisher whose they are
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliteClient:
    """Fetches documents as `HttpClient` does, when their publishers allow it."""

    client: HttpClient
    hosts: HostStore
    clock: Callable[[], datetime]
    etiquette: Etiquette = Etiquette()
    #: is told when the network is lost, and when it is found again
    on_network: Callable[[NetworkState], None] = _nobody_is_told

    def get(self, feed_id: str, url: str, validators: Validators) -> Response | NotModified:
        """The document behind `url` now; raises FetchError, or PutOffError where it must wait."""
        return self._visiting(feed_id, lambda gate: self.client.get(feed_id, url, validators, gate))

    def post(self, feed_id: str, url: str, form: Mapping[str, str]) -> None:
        """Hands a form over; raises FetchError, or PutOffError where that must wait."""
        self._visiting(feed_id, lambda gate: self.client.post(feed_id, url, form, gate))

    def judged(self, error: FetchError, state: NetworkState | None, host: str) -> FetchError | PutOffError:
        """A failure as it is, or that it is the network that fails, and not the feed.

        Without a network we look again the more seldom the longer it is away, and every five minutes at least.
        """
        if state is None or state.network not in {Network.LOST, Network.AWAY}:
            return error
        away_s = (self.clock() - state.since).total_seconds() if state.since else 0.0
        wait_s = min(max(away_s / 2, _SHORTEST_LOOK_S), _LONGEST_LOOK_S)
        return PutOffError(error.feed_id, Pause.NETWORK, wait_s, host)

    def take(self, feed_id: str, host: str, holder: str, spacing: timedelta) -> None:
        """Takes a publisher for one visit; raises PutOffError where that must wait."""
        lease = timedelta(seconds=2 * self.client.total_timeout_s + _ROBOTS_TIMEOUT_S)
        most = self.etiquette.most
        wait = self.hosts.take(host, holder, self.clock(), lease=lease, spacing=spacing, most=most)
        if wait is not None:
            raise PutOffError(feed_id, Pause.HOST, wait.total_seconds(), host)

    def give_back(self, host: str, holder: str, *, reached: bool, rest_until: datetime) -> NetworkState:
        """Ends a visit; tells when the network is lost or found by it."""
        state = self.hosts.give_back(host, holder, self.clock(), reached=reached, rest_until=rest_until)
        if state.network in {Network.LOST, Network.FOUND}:
            self.on_network(state)
        return state

    def read_robots(self, feed_id: str, origin: str) -> RobotsRecord:
        """What a site says about robots now, kept for all; raises FetchError where it cannot be reached."""
        client = replace(
            self.client,
            accept=PLAIN_TYPES,
            max_bytes=_ROBOTS_BYTES,
            total_timeout_s=min(self.client.total_timeout_s, _ROBOTS_TIMEOUT_S),
        )
        try:
            answer = client.get(feed_id, robots_url(origin), Validators())
        except FetchError as error:
            found = record_of_fault(origin, error, self.clock())
            if found is None:
                cause = f"robots.txt, without which nothing is asked: {error.cause}"
                raise FetchError(feed_id, error.reason, cause, error.retry_after_s) from error
            record = found
        else:
            record = record_of(origin, answer.body if isinstance(answer, Response) else b"", self.clock())
        self.hosts.keep_robots(record)
        return record

    def _visiting(self, feed_id: str, ask: Callable[[Gate], _T]) -> _T:
        visit = _Visit(self, feed_id)
        try:
            return ask(visit.enter)
        except FetchError as error:
            raise self.judged(error, visit.leave(error), visit.last) from error
        finally:
            visit.leave(None)

    def raise_if_forbidden(self, feed_id: str, record: RobotsRecord, url: str) -> None:
        """Raises FetchError ROBOTS, with the time until the rules are read again."""
        why = refusal(record, url)
        if why:
            wait_s = max((record.fresh_until - self.clock()).total_seconds(), 0.0)
            raise FetchError(feed_id, FetchReason.ROBOTS, why, wait_s)


class _Visit:
    """One request with its redirects, and the publishers that are taken for it."""

    def __init__(self, polite: PoliteClient, feed_id: str) -> None:
        self._polite = polite
        self._feed_id = feed_id
        self._holder = uuid.uuid4().hex
        #: publisher → when the next visit may begin
        self._held: dict[str, datetime] = {}
        #: the last one taken was asked
        self._is_asked = False
        self.last = ""

    def enter(self, url: str) -> None:
        """Before each request; a redirect within one publisher's addresses is followed at once."""
        if is_own_machine(url):
            return
        self._is_asked = False
        self.last = host = group_of(url, self._polite.etiquette.groups)
        began = self._polite.clock()
        record = self._polite.hosts.robots(origin_of(url))
        is_fresh = record is not None and began < record.fresh_until
        if is_fresh and record is not None:
            self._polite.raise_if_forbidden(self._feed_id, record, url)
        self._take(host, began, record if is_fresh else None)
        self._is_asked = True
        if record is None or not is_fresh:
            record = self._polite.read_robots(self._feed_id, origin_of(url))
            self._held[host] = max(self._held[host], began + self._spacing(record))
            self._polite.raise_if_forbidden(self._feed_id, record, url)
            wait = max(self._held[host] - self._polite.clock(), timedelta())
            raise PutOffError(self._feed_id, Pause.ROBOTS, wait.total_seconds(), host)

    def leave(self, error: FetchError | None) -> NetworkState | None:
        """Gives everything back, once; the network as the last request showed it."""
        state = None
        for host, rest_until in self._held.items():
            is_lost = host == self.last and self._is_asked and error is not None and error.reason in _UNREACHED
            state = self._polite.give_back(host, self._holder, reached=not is_lost, rest_until=rest_until)
        self._held = {}
        return state

    def _take(self, host: str, began: datetime, record: RobotsRecord | None) -> None:
        spacing = self._spacing(record)
        if host not in self._held:
            self._polite.take(self._feed_id, host, self._holder, spacing)
            self._held[host] = began
        self._held[host] = max(self._held[host], began + spacing)

    def _spacing(self, record: RobotsRecord | None) -> timedelta:
        asked = timedelta(seconds=crawl_delay_s(record)) if record is not None else timedelta()
        return max(asked, self._polite.etiquette.spacing)
