"""Parsing in a process that can be killed: the same entries, and one error for one bad document."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker.errors import FetchError, FetchReason, ParseError
from worker.fetch.parser_process import ParserProcess
from worker.fetch.parsers import parsers_of
from worker.fetch.parsing import parse_feed
from worker.fetch.sitemaps import parse_sitemap
from worker.fetch.sources import source_over
from worker.models.feed import Feed, FeedKind
from worker.models.news import FeedId

_FIXTURES = Path(__file__).parents[1] / "data" / "feeds"
_URL = "https://outlet.example/rss/all.xml"
_FEEDS = sorted(_FIXTURES.glob("*.xml")) + sorted((_FIXTURES / "quirks").glob("*.xml"))
#: takes a document and then does as it is told
_ROGUE = """
import os, signal, socket, sys, time
from worker.fetch.frames import receive, send
connection = socket.socket(fileno=int(sys.argv[1]))
send(connection, b"ready")
receive(connection), receive(connection)
{deed}
"""


@pytest.fixture(scope="module")
def parser() -> Iterator[ParserProcess]:
    process = ParserProcess()
    yield process
    process.close()


def rogue(deed: str, timeout_s: float = 5.0) -> ParserProcess:
    return ParserProcess(timeout_s=timeout_s, program=("-c", _ROGUE.format(deed=deed)))


@pytest.mark.parametrize("path", _FEEDS, ids=lambda path: path.name)
def test_process_says_what_the_direct_way_says(parser, path):
    body = path.read_bytes()

    outcomes = []
    for parse in (parse_feed, parser.parse):
        try:
            outcomes.append(repr(parse("proba", body, {"content-type": "text/xml"}, _URL)))
        except (FetchError, ParseError) as error:
            outcomes.append(repr(error))

    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            b"<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>https://one.example/1</loc>"
            b"<news:news><news:publication_date>2026-11-24T10:00:00+02:00</news:publication_date><news:title>a</news:title>"
            b"</news:news></url><url><loc>https://one.example/2</loc></url></urlset>",
            id="news",
        ),
        pytest.param(b"<sitemapindex><sitemap><loc>https://one.example/s.xml</loc></sitemap></sitemapindex>", id="index"),
        pytest.param(b"<urlset><url><loc>https://one.example/1</loc></url><url>", id="breaks off"),
        pytest.param(b"<rss/>", id="another kind"),
        pytest.param(b"<urlset><url><loc>", id="nothing readable"),
    ],
)  # fmt: skip
def test_process_says_of_a_sitemap_what_the_direct_way_says(parser, body):
    outcomes = []
    for parse in (parse_sitemap, parser.parse_sitemap):
        try:
            outcomes.append(repr(parse("proba", body, "text/xml")))
        except (FetchError, ParseError) as error:
            outcomes.append(repr(error))

    assert outcomes[0] == outcomes[1]


def test_sitemap_that_hangs_the_parser_costs_one_error(server, client, a_state):
    parsers = parsers_of(rogue("time.sleep(60)", timeout_s=0.3))
    url = server.answer("/s.xml", b"<urlset/>")
    feed = Feed(id=FeedId("proba"), outlet="Проба", url=url, every_s=600, kind=FeedKind.SITEMAP)

    with pytest.raises(ParseError, match="not parsed within"):
        source_over(client, parsers).read(feed, a_state)


def test_one_process_serves_many_documents_and_refusals(parser):
    body = (_FIXTURES / "plain.xml").read_bytes()
    parser.parse("proba", body, {}, _URL)
    first = parser.process_id

    with pytest.raises(FetchError) as caught:
        parser.parse("proba", b"<html>", {}, _URL)
    parser.parse("proba", body, {}, _URL)

    assert caught.value.reason is FetchReason.NOT_A_FEED
    assert parser.process_id == first


def test_half_surrogate_passes(parser):
    headers = {"content-type": "text/xml", "x-odd": "\udcff"}

    assert parser.parse("proba", (_FIXTURES / "plain.xml").read_bytes(), headers, _URL).entries


@pytest.mark.parametrize(
    ("deed", "cause"),
    [
        pytest.param("time.sleep(60)", "not parsed within 0.3 s", id="hangs"),
        pytest.param("while True: pass", "not parsed within 0.3 s", id="spins"),
        pytest.param("os.kill(os.getpid(), signal.SIGSEGV)", "ended the parser with signal 11", id="crashes"),
        pytest.param("os.kill(os.getpid(), signal.SIGXCPU)", "more than 0.3 s of processor time", id="processor time"),
        pytest.param("sys.exit(3)", "ended the parser with status 3", id="gives up"),
        pytest.param('send(connection, b"[1, 2]")', "cannot be read", id="other data"),
        pytest.param('send(connection, b"\\xff{")', "cannot be read", id="no data"),
        pytest.param('connection.sendall(b"\\xff" * 8); time.sleep(60)', "ended the parser", id="endless frame"),
    ],
)  # fmt: skip
def test_bad_end_costs_one_error_with_its_reason(deed, cause):
    parser = rogue(deed, timeout_s=0.3)

    with pytest.raises(ParseError, match=cause):
        parser.parse("proba", b"<rss/>", {}, _URL)

    parser.close()


def test_killed_process_is_replaced_for_the_next_document():
    parser = ParserProcess()
    body = (_FIXTURES / "plain.xml").read_bytes()
    parser.parse("proba", body, {}, _URL)
    killed = parser.process_id
    assert killed
    os.kill(killed, signal.SIGKILL)

    os.waitid(os.P_PID, killed, os.WEXITED | os.WNOWAIT)

    entries = parser.parse("proba", body, {}, _URL).entries

    assert len(entries) == 2
    assert parser.process_id != killed
    parser.close()


def test_document_that_needs_too_much_memory_is_refused():
    parser = ParserProcess(memory_mib=192)
    body = b"<rss><channel><item><title>a</title><description>" + "ж".encode() * 30_000_000

    with pytest.raises(ParseError, match="memory"):
        parser.parse("proba", body, {}, _URL)
    after = parser.parse("proba", (_FIXTURES / "plain.xml").read_bytes(), {}, _URL)

    assert len(after.entries) == 2
    parser.close()


def test_nothing_runs_before_the_first_document_and_after_the_end():
    parser = ParserProcess()
    before = parser.process_id
    parser.parse("proba", (_FIXTURES / "plain.xml").read_bytes(), {}, _URL)
    running = parser.process_id

    parser.close()

    assert before is None
    assert running
    with pytest.raises(ProcessLookupError):
        os.kill(running, 0)


def test_dropped_parser_takes_its_process_with_it():
    parser = ParserProcess()
    parser.parse("proba", (_FIXTURES / "plain.xml").read_bytes(), {}, _URL)
    running = parser.process_id
    assert running

    del parser

    with pytest.raises(ProcessLookupError):
        os.kill(running, 0)


def test_program_that_cannot_start_says_so():
    with pytest.raises(ParseError, match="could not be started"):
        ParserProcess(program=("-c", "raise SystemExit(9)")).parse("proba", b"<rss/>", {}, _URL)


def test_process_adds_little_to_a_document(parser):
    body = (_FIXTURES / "plain.xml").read_bytes()
    parser.parse("proba", body, {}, _URL)

    def took_s(parse) -> float:
        started = time.perf_counter()
        parse("proba", body, {}, _URL)
        return time.perf_counter() - started

    extra_s = min(took_s(parser.parse) for _ in range(30)) - min(took_s(parse_feed) for _ in range(30))

    assert extra_s < 0.005
