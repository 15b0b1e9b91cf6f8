"""What did not come whole is used, and asked for again as a whole."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from worker.fetch.feeds import RssSource
from worker.fetch.parsers import Parsers
from worker.fetch.sources import source_over
from worker.fetch.wholeness import is_closed
from worker.models.feed import FeedKind, Reading, Unchanged, Validators

ITEM = "<item><title>Едно</title><link>https://one.example/{}</link></item>"
WHOLE = f"<rss version='2.0'><channel><title>x</title>{ITEM.format(1)}{ITEM.format(2)}</channel></rss>".encode()
CUT = WHOLE[: -len(ITEM.format(2).encode()) + 10]
SITEMAP = (
    "<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>https://one.example/1</loc>"
    "<news:news><news:title>Едно</news:title></news:news></url></urlset>"
).encode()


@pytest.fixture
def breaking() -> Iterator[Callable[[bytes], str]]:
    """Serves one document as HTTP/1.0 did, without a length: its end is where the connection ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    bodies: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                head = b'HTTP/1.0 200 OK\r\nETag: "1"\r\nLast-Modified: Tue, 24 Nov 2026 06:00:00 GMT\r\n\r\n'
                connection.sendall(head + bodies[-1])

    def serving(body: bytes) -> str:
        bodies.append(body)
        return f"http://127.0.0.1:{listener.getsockname()[1]}/rss"

    thread = threading.Thread(target=serve)
    thread.start()
    yield serving
    # Not `close` alone, which does not wake a thread in `accept`.
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_document_that_was_cut_off_is_used_and_asked_for_again_without_conditions(breaking, client, a_feed, a_state):
    source = RssSource(client)
    cut = source.read(a_feed(breaking(CUT)), a_state)
    assert isinstance(cut, Reading)
    again = source.read(a_feed(breaking(CUT)), replace(a_state, body_hash=cut.body_hash, validators=cut.validators))
    whole = source.read(a_feed(breaking(WHOLE)), replace(a_state, body_hash=cut.body_hash))

    assert cut.entries[0].url == "https://one.example/1"
    assert "its end is missing" in cut.repairs
    assert isinstance(again, Unchanged)
    assert cut.validators == again.validators == Validators()
    assert isinstance(whole, Reading)
    assert whole.validators.etag == '"1"'
    assert len(whole.entries) == 2


def test_sitemap_that_was_cut_off_keeps_no_validators_either(breaking, client, a_feed, a_state):
    source = source_over(client, Parsers())
    url = breaking(SITEMAP[: -len("</urlset>")])
    cut = source.read(replace(a_feed(url), kind=FeedKind.SITEMAP), a_state)
    breaking(SITEMAP)
    whole = source.read(replace(a_feed(url), kind=FeedKind.SITEMAP), a_state)

    assert (cut.validators, whole.validators.etag, whole.validators.url) == (Validators(), '"1"', url)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(WHOLE, True, id="rss"),
        pytest.param(CUT, False, id="cut off"),
        pytest.param(WHOLE + b"\n<!-- cached in 0.2 s -->\n", True, id="comment behind"),
        pytest.param(b"<a:feed xmlns:a='http://www.w3.org/2005/Atom'></a:feed >", True, id="prefix"),
        pytest.param(b"<rdf:RDF></rdf:RDF>", True, id="rdf"),
        pytest.param("<rss></rss>".encode("utf-16"), True, id="utf-16"),
        pytest.param(b"<sitemapindex></sitemapindex>", True, id="index"),
        pytest.param(b"<rss>" + b"x" * 100_000, False, id="long"),
        pytest.param(b"", False, id="empty"),
    ],
)  # fmt: skip
def test_end_of_a_document_is_known(body, expected):
    assert is_closed(body) is expected
