"""FeedSources put together, and the facts of one request."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from worker.errors import FetchError, FetchReason, Pause, PutOffError
from worker.fetch.client import NotModified, Response
from worker.fetch.getting import Getter, PatientClient
from worker.fetch.parsers import Parsers
from worker.fetch.probe import probe_feed
from worker.fetch.sources import HubHearingSource, SelfTestingSource, source_over
from worker.models.feed import Feed, FeedKind, FeedState, Validators
from worker.models.news import FeedId
from worker.ports import FeedSource
from worker.probing import PUT_OFF, Probe, sentence_of

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
RSS = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>x</title><ttl>15</ttl>{}
<item><title>Едно</title><link>https://one.example/1</link><pubDate>Tue, 24 Nov 2026 10:00:00 +0200</pubDate></item>
</channel></rss>"""
HUB = '<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="https://one.example/rss"/>'


def over(getter: Getter) -> FeedSource:
    return source_over(getter, Parsers())


def test_one_request_shows_what_the_feed_is(server, client, a_feed):
    url = server.answer("/rss", RSS.format(HUB).encode(), ETag='"1"', Cache_Control="max-age=300")

    probe = probe_feed(a_feed(url), client, over, lambda: NOW)

    assert (probe.outcome, probe.status, probe.entries, probe.charset) == ("ok", 200, 1, "utf-8 (bytes)")
    assert (probe.fresh_for_s, probe.ttl_s, probe.etag, probe.hub) == (300, 900, True, "https://hub.example/")
    assert probe.newest_at == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert len(server.requests) == 1
    assert "if-none-match" not in server.requests[0][1]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        pytest.param(403, b"no", "the server refuses us (status 403)", id="refused"),
        pytest.param(404, b"", "there is nothing at the address (status 404)", id="not-found"),
        pytest.param(410, b"", "the publisher took it down for good (status 410)", id="gone"),
        pytest.param(503, b"", "the server is in trouble (status 503)", id="server"),
        pytest.param(200, b"<!doctype html><html></html>", "the document is no feed (the address gives a web page)", id="page"),
        pytest.param(200, b"", "(the document is empty)", id="empty"),
    ],
)  # fmt: skip
def test_failure_is_explained_in_one_line(server, client, a_feed, status, body, expected):  # noqa: PLR0917 - fixtures
    probe = probe_feed(a_feed(server.answer("/rss", body, status=status)), client, over, lambda: NOW)

    assert expected in sentence_of(probe)
    assert not probe.is_good


class Reluctant:
    """Puts every request off, so many times."""

    def __init__(self, times: int, pause: Pause = Pause.HOST, wait_s: float = 5.0) -> None:
        self.left = times
        self._error = PutOffError("one", pause, wait_s, "one.example")

    def get(self, feed_id: str, url: str, validators: Validators) -> Response | NotModified:
        del feed_id, validators
        if self.left:
            self.left -= 1
            raise self._error
        return Response(status=200, headers={}, body=RSS.format("").encode(), final_url=url)


def test_person_waits_out_what_courtesy_wants(a_feed):
    slept: list[float] = []
    client = PatientClient(client=Reluctant(2), sleep=slept.append, longest_s=11)

    assert probe_feed(a_feed("https://one.example/rss"), client, over, lambda: NOW).is_good
    assert slept == [5.0, 5.0]


@pytest.mark.parametrize(
    "reluctant",
    [pytest.param(Reluctant(9), id="too-long"), pytest.param(Reluctant(1, Pause.NETWORK), id="no-network")],
)
def test_wait_ends_with_a_sentence(a_feed, reluctant):
    client = PatientClient(client=reluctant, sleep=lambda _: None, longest_s=11)

    probe = probe_feed(a_feed("https://one.example/rss"), client, over, lambda: NOW)

    assert probe.outcome == PUT_OFF
    assert "it was not asked" in sentence_of(probe)


def test_lost_network_is_told_by_the_failure_that_showed_it(a_feed):
    class Cut:
        def get(self, feed_id: str, url: str, validators: Validators) -> Response | NotModified:
            del url, validators
            raise PutOffError(feed_id, Pause.NETWORK, 30, "one.example") from FetchError(
                feed_id, FetchReason.DNS, "no name"
            )

    probe = probe_feed(a_feed("https://one.example/rss"), Cut(), over, lambda: NOW)

    assert (
        sentence_of(probe) == "proba: its name is unknown (no name); check the network and the spelling of the address"
    )


class Notebook:
    """What was found out about feeds."""

    def __init__(self) -> None:
        self.kept: dict[FeedId, Probe] = {}
        self.told: list[tuple[str, bool]] = []

    def keep(self, probe: Probe, before: Probe | None) -> None:
        self.kept[probe.feed_id] = probe
        self.told.append((probe.outcome, before is None))

    def source(self, client: Getter) -> SelfTestingSource:
        return SelfTestingSource(client=client, source_of=over, clock=lambda: NOW, recall=self.kept.get, keep=self.keep)


def test_first_poll_is_the_test_and_costs_no_request_of_its_own(server, client, a_feed, a_state):
    notebook = Notebook()
    feed = a_feed(server.answer("/rss", RSS.format("").encode()))
    source = notebook.source(client)

    source.read(feed, a_state)
    source.read(feed, a_state)

    assert notebook.told == [("ok", True)]
    assert len(server.requests) == 2


def test_later_start_does_not_test_again(server, client, a_feed, a_state):
    notebook = Notebook()
    feed = a_feed(server.answer("/rss", RSS.format("").encode()))

    notebook.source(client).read(feed, a_state)
    notebook.source(client).read(feed, a_state)

    assert len(notebook.told) == 1


def test_feed_that_failed_is_tested_again_by_its_next_poll(server, client, a_feed, a_state):
    notebook = Notebook()
    feed = a_feed(server.answer("/rss", status=503))
    with pytest.raises(FetchError):
        notebook.source(client).read(feed, a_state)
    server.answer("/rss", RSS.format("").encode())

    notebook.source(client).read(feed, a_state)

    assert notebook.told == [("server", True), ("ok", False)]


def test_feed_with_another_address_is_another_to_test(server, client, a_feed, a_state):
    notebook = Notebook()
    for path in ("/rss", "/new"):
        notebook.source(client).read(a_feed(server.answer(path, RSS.format("").encode())), a_state)

    assert notebook.told == [("ok", True), ("ok", True)]


def test_what_is_put_off_tells_nothing_about_the_feed(a_feed, a_state):
    notebook = Notebook()

    with pytest.raises(PutOffError):
        notebook.source(Reluctant(1)).read(a_feed("https://one.example/rss"), a_state)

    assert notebook.told == []


@pytest.mark.parametrize(("named", "heard"), [(HUB, [("https://hub.example/", "https://one.example/rss")]), ("", [])])
def test_hubs_are_heard(  # noqa: PLR0917 - fixtures
    server, client, a_feed: Callable[[str], Feed], a_state: FeedState, named: str, heard: list[tuple[str, str]]
):
    told: list[tuple[str, str]] = []
    source = HubHearingSource(source=over(client), tell=lambda _feed, hub, topic: told.append((hub, topic)))

    source.read(a_feed(server.answer("/rss", RSS.format(named).encode())), a_state)

    assert told == heard


def test_kind_of_the_feed_decides_how_it_is_read(server, client, a_state):
    url = server.answer("/rss", RSS.format("").encode())
    feed = Feed(id=FeedId("proba"), outlet="Проба", url=url, every_s=60, kind=FeedKind.SITEMAP)

    with pytest.raises(FetchError, match="outermost element is rss"):
        over(client).read(feed, a_state)
