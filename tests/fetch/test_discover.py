"""From a page to the feeds of its site."""

import pytest

from tests.fetch.conftest import FeedServer
from tests.fetch.test_sitemaps import a_sitemap, a_url, an_index
from worker.errors import FetchError
from worker.fetch.client import Response
from worker.fetch.discover import discover, read_page, sitemaps_of
from worker.fetch.parsers import Parsers
from worker.models.feed import FeedKind

FEED = b"<rss version='2.0'><channel><title>x</title><item><title>One</title><link>https://one.example/1</link></item></channel></rss>"
SHELL = b"<!doctype html><html><head><title>App</title></head><body></body></html>"


class Site:
    """A server on which every other address gives a page with 200, as many do."""

    def __init__(self, server: FeedServer, *, is_shell: bool = True) -> None:
        self.server = server
        for path in ("/rss", "/feed/", "/rss.xml", "/feed.xml", "/atom.xml", "/rss.php", "/bg/rss", "/rss/all"):
            self.put(path, SHELL if is_shell else b"", 200 if is_shell else 404)
        for path in ("/robots.txt", "/news-sitemap.xml", "/sitemap_news.xml", "/sitemap.xml"):
            self.put(path, b"", 404)

    def put(self, path: str, body: bytes, status: int = 200) -> str:
        return self.server.answer(path, body, status=status)

    @property
    def asked(self) -> list[str]:
        return [path for path, _ in self.server.requests]


@pytest.fixture
def site(server: FeedServer) -> Site:
    return Site(server)


def test_page_that_names_its_feeds_gives_those_that_can_be_read(site, client):
    site.put("/feed/news", FEED)
    site.put("/feed/dead", SHELL)
    page = b"""<html><head><title> \xd0\x9c\xd0\xbe\xd1\x8f\xd1\x82\n\xd0\xb2\xd0\xb5\xd1\x81\xd1\x82\xd0\xbd\xd0\xb8\xd0\xba </title>
      <link rel="alternate" type="application/rss+xml" title="News" href="/feed/news">
      <link rel='alternate' type='application/atom+xml' href='/feed/dead'>
      <link rel="alternate" hreflang="en" href="/en"><link rel="stylesheet" href="/rss.css"></head></html>"""
    url = site.put("/", page)

    found = discover(url, client, Parsers())

    assert [(one.url, one.title, one.entries) for one in found.found] == [(site.server.url("/feed/news"), "News", 1)]
    assert found.in_vain == (f"{site.server.url('/feed/dead')}: no feed",)
    assert found.title == "Моят вестник"
    assert "/rss" not in site.asked


def test_address_of_a_feed_is_found_with_one_request(site, client):
    url = site.put("/any", FEED)

    (one,) = discover(url, client, Parsers()).found

    assert (one.url, one.how) == (url, "the address itself")
    assert site.asked == ["/any"]


def test_page_that_names_nothing_is_tried_at_the_usual_paths(site, client):
    site.put("/rss.xml", FEED)
    url = site.put("/", SHELL)

    found = discover(url, client, Parsers())

    assert [one.url for one in found.found] == [site.server.url("/rss.xml")]
    assert site.asked == ["/", "/rss", "/feed/", "/rss.xml"]


def test_linked_feeds_count_too(site, client):
    site.put("/rss.php?cat=1", FEED)
    site.put("/rss.php", FEED)
    url = site.put(
        "/",
        b"<html><body><a href='rss.php?cat=1'>RSS</a> <a href='mailto:rss@x'>x</a><a href='/progress'>y</a></body></html>",
    )

    assert [one.how for one in discover(url, client, Parsers()).found] == ["linked from the page"]


def test_site_without_a_feed_gives_its_news_sitemap(site, client):
    robots = f"User-agent: *\nDisallow:\nSitemap: {site.server.url('/maps.xml')}\n".encode()
    site.put("/robots.txt", robots)
    site.put("/maps.xml", an_index((site.server.url("/news.xml"), "2026-11-24")))
    site.put("/news.xml", a_sitemap(a_url(1)))
    url = site.put("/", SHELL)

    (one,) = discover(url, client, Parsers()).found

    assert (one.url, one.kind, one.entries) == (site.server.url("/news.xml"), FeedKind.SITEMAP, 1)


def test_site_with_nothing_says_where_we_looked_and_ends(site, client):
    url = site.put("/", SHELL)

    found = discover(url, client, Parsers())

    assert found.found == ()
    assert len(found.in_vain) == 11
    assert len(site.asked) <= 14


def test_page_that_cannot_be_had_is_a_failure(server, client):
    with pytest.raises(FetchError):
        discover(server.answer("/", status=403), client, Parsers())


def test_base_and_entities_in_addresses_count():
    body = b'<base href="https://two.example/a/"><link rel=alternate type="application/rss+xml" href="rss?x=1&amp;y=2">'
    page = read_page(Response(status=200, headers={}, body=body, final_url="https://one.example/"))

    assert [link.url for link in page.links] == ["https://two.example/a/rss?x=1&y=2"]


def test_sitemaps_for_news_come_first():
    robots = "Sitemap: https://one.example/pages.xml\nsitemap:https://one.example/news.xml\nSitemap: data:x\n"

    assert list(sitemaps_of(robots, "https://one.example/")) == [
        "https://one.example/news.xml",
        "https://one.example/pages.xml",
    ]
