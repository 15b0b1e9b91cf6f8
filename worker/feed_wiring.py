"""Settings to what reads feeds and hears hubs; like `wiring`, of which it is a part, it decides nothing."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from worker.fetch.client import FEED_TYPES, PLAIN_TYPES, HttpClient
from worker.fetch.discover import Discovery, discover
from worker.fetch.getting import Getter, PatientClient
from worker.fetch.parser_process import ParserProcess
from worker.fetch.parsers import Parsers, parsers_of
from worker.fetch.polite import Etiquette, PoliteClient
from worker.fetch.probe import probe_feed
from worker.fetch.sources import HubHearingSource, SelfTestingSource, source_over
from worker.fetch.websub import HubClient
from worker.logs import get_log
from worker.models.feed import Feed, FeedState, Reading, Unchanged
from worker.models.hosts import Network, NetworkState
from worker.models.news import FeedId
from worker.ports import FeedSource
from worker.probing import Probe, sentence_of
from worker.pushing import Renewed, note_hub, renew_subscriptions
from worker.settings.contact import user_agent
from worker.settings.load import Settings
from worker.store.hosts import SqlHostStore
from worker.store.probes import note_probe, probe_of_feed, probes
from worker.store.subscriptions import SqlSubscriptionStore
from worker.text.sites import is_own_machine

_SECRET_BYTES = 32
#: a person waits so long in all for courtesy's sake, for one document
_PATIENCE_S = 120.0


def feed_source(
    client: Getter, parsers: Parsers, settings: Settings, engine: Engine, clock: Callable[[], datetime]
) -> FeedSource:
    """What polls read feeds with: each first poll is the feed's test, and hubs are heard where we can be reached."""

    def source_of(getter: Getter) -> FeedSource:
        return source_over(getter, parsers)

    tested = SelfTestingSource(
        client=client,
        source_of=source_of,
        clock=clock,
        recall=lambda feed_id: probe_of_feed(engine, feed_id),
        keep=_Report(settings, engine).keep,
    )
    source: FeedSource = _Publishers(tested, source_of(client))
    if settings.service.websub is None:
        return source
    callback = settings.service.websub.callback
    store = SqlSubscriptionStore(engine)

    def tell(feed: Feed, hub: str, topic: str) -> None:
        if note_hub(feed, hub, topic, subscriptions=store, callback=callback, secret_of=_word, now=clock()):
            get_log().info("subscription.begun", feed=feed.id, hub=hub)

    return HubHearingSource(source=source, tell=tell)


def polite_client(
    settings: Settings, engine: Engine, clock: Callable[[], datetime], accept: str = FEED_TYPES
) -> PoliteClient:
    """What asks the servers of other people, as politely as all other processes together."""
    fetch = settings.service.fetch
    client = HttpClient(
        user_agent=user_agent(settings.service.contact),
        allow_private=fetch.allow_private_addresses,
        total_timeout_s=fetch.timeout_s,
        accept=accept,
    )
    etiquette = Etiquette(
        spacing=timedelta(seconds=fetch.spacing_s),
        most=fetch.at_once,
        groups={domain: name for name, domains in fetch.asked_as_one.items() for domain in domains},
    )
    return PoliteClient(
        client=client, hosts=SqlHostStore(engine), clock=clock, etiquette=etiquette, on_network=_tell_of_network
    )


def _tell_of_network(state: NetworkState) -> None:
    """Once for all feeds and processes, when it is lost and when it is found."""
    if state.network is Network.LOST:
        get_log().error("network.lost", cause="nobody can be reached; all feeds wait and are tried again by themselves")
    else:
        get_log().info("network.found", since=state.since.isoformat() if state.since else None)


def renew(settings: Settings, engine: Engine, clock: Callable[[], datetime]) -> Renewed:
    """Asks hubs for what is to be begun, renewed or left; without `websub` in the settings all is left."""
    hub = HubClient(client=polite_client(settings, engine, clock, PLAIN_TYPES))
    wanted = {feed.id for feed in settings.feeds} if settings.service.websub else set[FeedId]()
    return renew_subscriptions(subscriptions=SqlSubscriptionStore(engine), hub=hub, wanted=wanted, clock=clock)


@contextmanager
def tester(settings: Settings, engine: Engine) -> Iterator[Callable[[Feed], Probe]]:
    """What asks one feed once and says what it answers, for a person who waits."""
    parser = ParserProcess()
    client = _patient_client(settings, engine, FEED_TYPES)
    try:
        yield lambda feed: probe_feed(feed, client, lambda getter: source_over(getter, parsers_of(parser)), _now)
    finally:
        parser.close()


@contextmanager
def discoverer(settings: Settings, engine: Engine) -> Iterator[Callable[[str], Discovery]]:
    """What finds the feeds of a site, for a person who waits."""
    parser = ParserProcess()
    client = _patient_client(settings, engine, f"{FEED_TYPES}, text/html;q=0.7, */*;q=0.5")
    try:
        yield lambda url: discover(url, client, parsers_of(parser))
    finally:
        parser.close()


def _patient_client(settings: Settings, engine: Engine, accept: str) -> PatientClient:
    polite = polite_client(settings, engine, _now, accept)
    return PatientClient(client=polite, longest_s=_PATIENCE_S)


class _Publishers:
    """Tests only feeds of others: what this machine itself serves is no news to its operator."""

    def __init__(self, tested: FeedSource, untested: FeedSource) -> None:
        self._tested = tested
        self._untested = untested

    def read(self, feed: Feed, state: FeedState) -> Reading | Unchanged:
        return (self._untested if is_own_machine(feed.url) else self._tested).read(feed, state)


class _Report:
    """Keeps what first polls showed, and tells it: each feed once, and all of them once."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._ids = {feed.id for feed in settings.feeds if not is_own_machine(feed.url)}
        self._engine = engine

    def keep(self, probe: Probe, before: Probe | None) -> None:
        note_probe(self._engine, probe)
        if before is not None and before.outcome == probe.outcome:
            return
        facts = {name: value for name, value in asdict(probe).items() if name in _TOLD and value}
        log = get_log().info if probe.is_good else get_log().warning
        log("feed.tested", feed=probe.feed_id, outcome=probe.outcome, finding=sentence_of(probe), **facts)
        if before is None:
            self._tell_all()

    def _tell_all(self) -> None:
        known = {probe.feed_id: probe for probe in probes(self._engine)}
        if self._ids <= known.keys():
            good = sum(known[feed_id].is_good for feed_id in self._ids)
            get_log().info("feeds.tested", feeds=len(self._ids), good=good, failing=len(self._ids) - good)


_TOLD = frozenset({"entries", "charset", "fresh_for_s", "ttl_s", "hub", "text", "etag", "last_modified", "led_to"})


def _word() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)


def _now() -> datetime:
    return datetime.now(UTC)
