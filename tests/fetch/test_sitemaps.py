"""News sitemaps as feeds: what they list, what they hide, what attackers put into them."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.fetch.conftest import FeedServer
from worker.errors import FetchError, FetchReason, ParseError
from worker.fetch.sitemap_source import SitemapSource
from worker.fetch.sitemaps import MOST_LOCATIONS, Location, Sitemap, chosen_children, parse_sitemap
from worker.models.feed import Feed, FeedKind, FeedState, Reading, Unchanged
from worker.models.news import FeedId

NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
MAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
IMAGES = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


def a_url(number: int, *, title: str | None = None, at: str = "2026-11-24T10:00:00+02:00") -> str:
    named = f"<news:title>{title or f'Заглавие {number}'}</news:title>"
    dated = f"<news:publication_date>{at}</news:publication_date>" if at else ""
    return f"<url><loc>https://one.example/{number}</loc><news:news>{dated}{named}</news:news></url>"


def a_sitemap(*urls: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {MAPS} {NEWS} {IMAGES}>{"".join(urls)}</urlset>'.encode()


def an_index(*children: tuple[str, str]) -> bytes:
    inner = "".join(f"<sitemap><loc>{url}</loc><lastmod>{at}</lastmod></sitemap>" for url, at in children)
    return f"<sitemapindex {MAPS}>{inner}</sitemapindex>".encode()


@pytest.fixture
def feed(server: FeedServer) -> Feed:
    return Feed(id=FeedId("proba"), outlet="Проба", url=server.url("/s.xml"), every_s=600, kind=FeedKind.SITEMAP)


@pytest.fixture
def source(client) -> SitemapSource:
    return SitemapSource(client=client, patient=client)


def read(source: SitemapSource, feed: Feed, state: FeedState) -> Reading:
    reading = source.read(feed, state)
    assert isinstance(reading, Reading)
    return reading


def test_news_gives_address_title_and_date(server, source, feed, a_state):
    server.answer("/s.xml", a_sitemap(a_url(1, title="Сделка за AT&amp;T &lt; 5 млрд."), a_url(2)), ETag='"1"')

    reading = read(source, feed, a_state)

    one = next(entry for entry in reading.entries if entry.url == "https://one.example/1")
    assert one.title_html == "Сделка за AT&amp;T &lt; 5 млрд."
    assert one.published_at == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert (one.guid, one.summary_html) == (None, "")
    assert reading.validators.etag == '"1"'
    assert reading.charset == "utf-8 (bytes)"


def test_title_of_an_image_is_not_that_of_the_news(server, source, feed, a_state):
    image = (
        "<image:image><image:loc>https://one.example/i.jpg</image:loc><image:title>Снимка</image:title></image:image>"
    )
    server.answer("/s.xml", a_sitemap(a_url(1).replace("<url>", f"<url>{image}")))

    (one,) = read(source, feed, a_state).entries

    assert (one.url, one.title_html) == ("https://one.example/1", "Заглавие 1")


def test_compressed_sitemap_in_windows_1251_is_read(server, source, feed, a_state):
    body = a_sitemap(a_url(1)).decode().replace("UTF-8", "windows-1251").encode("windows-1251")
    server.answer("/s.xml", gzip.compress(body))

    assert read(source, feed, a_state).entries[0].title_html == "Заглавие 1"


def test_unchanged_document_and_304_give_nothing(server, source, feed, a_state):
    server.answer("/s.xml", a_sitemap(a_url(1)), ETag='"1"')
    first = read(source, feed, a_state)

    again = source.read(feed, replace(a_state, body_hash=first.body_hash))
    server.answer("/s.xml", status=304)
    third = source.read(feed, replace(a_state, validators=first.validators, body_hash=first.body_hash))

    assert isinstance(again, Unchanged)
    assert isinstance(third, Unchanged)
    assert third.validators.etag == '"1"'
    assert server.requests[-1][1]["if-none-match"] == '"1"'


def test_only_what_may_be_new_is_given(server, source, feed, a_state):
    server.answer("/s.xml", a_sitemap(a_url(1, at="2026-11-01"), a_url(2, at="2026-11-23"), a_url(3, at="")))
    known = replace(a_state, new_entry_at=datetime(2026, 11, 24, tzinfo=UTC))

    assert {entry.url[-1] for entry in read(source, feed, known).entries if entry.url} == {"2", "3"}
    assert len(read(source, feed, a_state).entries) == 3


def test_after_an_outage_nothing_of_it_is_left_out(server, source, feed, a_state):
    """Failed polls do not move what counts as seen; only the last new entry does."""
    days = [a_url(day, at=f"2026-11-{day:02}") for day in range(10, 25)]
    server.answer("/s.xml", a_sitemap(*days))
    state = replace(
        a_state,
        new_entry_at=datetime(2026, 11, 12, tzinfo=UTC),
        polled_at=datetime(2026, 11, 24, tzinfo=UTC),
        failures=99,
    )

    dates = [entry.published_at for entry in read(source, feed, state).entries if entry.published_at]

    assert min(dates) <= datetime(2026, 11, 12, tzinfo=UTC)
    assert len(dates) == 15


def test_newest_come_first_and_two_thousand_at_most(server, source, feed, a_state):
    start = datetime(2026, 11, 1, tzinfo=UTC)
    urls = [a_url(n, at=(start + timedelta(minutes=n)).isoformat()) for n in range(2100)]
    server.answer("/s.xml", a_sitemap(*urls))

    entries = read(source, feed, a_state).entries

    assert len(entries) == 2000
    assert entries[0].url == "https://one.example/2099"


def test_index_leads_to_its_newest_sitemaps_for_news(server, source, feed, a_state):
    server.answer("/news-11.xml", a_sitemap(a_url(11)))
    server.answer("/news-10.xml", a_sitemap(a_url(10)))
    children = [
        ("/pages.xml", "2026-11-24"),
        ("/news-9.xml", "2026-09-01"),
        ("/news-10.xml", "2026-10-31"),
        ("/news-11.xml", "2026-11-24"),
    ]
    server.answer("/s.xml", an_index(*((server.url(path), at) for path, at in children)), ETag='"index"')

    reading = read(source, feed, a_state)

    assert [path for path, _ in server.requests] == ["/s.xml", "/news-11.xml", "/news-10.xml"]
    assert {entry.url for entry in reading.entries} == {"https://one.example/11", "https://one.example/10"}
    assert reading.validators.etag is None
    assert isinstance(source.read(feed, replace(a_state, body_hash=reading.body_hash)), Unchanged)


def test_index_is_new_when_a_sitemap_of_it_is(server, source, feed, a_state):
    server.answer("/news.xml", a_sitemap(a_url(1)))
    server.answer("/s.xml", an_index((server.url("/news.xml"), "2026-11-24")))
    first = read(source, feed, a_state)

    server.answer("/news.xml", a_sitemap(a_url(2), a_url(1)))

    assert len(read(source, feed, replace(a_state, body_hash=first.body_hash)).entries) == 2


def test_children_without_a_name_for_news_are_chosen_by_date():
    dated = [
        Location(url=f"https://one.example/{day}.xml", at=datetime(2026, 11, day, tzinfo=UTC)) for day in (1, 5, 3)
    ]
    index = Sitemap(locations=(Location(url="https://one.example/x.xml"), *dated), is_index=True, charset="")

    assert [child.url[-5] for child in chosen_children(index)] == ["5", "3"]


def test_sitemap_that_breaks_off_gives_what_came_before():
    found = parse_sitemap("proba", a_sitemap(a_url(1), a_url(2))[:-40])

    assert [one.url for one in found.locations] == ["https://one.example/1"]
    assert found.repairs[0].startswith("breaks off")


def test_locations_are_bounded():
    body = a_sitemap("<url><loc>https://one.example/</loc></url>" * (MOST_LOCATIONS + 10))

    assert len(parse_sitemap("proba", body).locations) == MOST_LOCATIONS


@pytest.mark.parametrize(
    ("body", "reason", "cause"),
    [
        pytest.param(b"", FetchReason.NOT_A_FEED, "empty", id="empty"),
        pytest.param(b"<!doctype html><html><body>404</body></html>", FetchReason.NOT_A_FEED, "a web page", id="page"),
        pytest.param(b"<html><body/></html>", FetchReason.NOT_A_FEED, "a web page", id="shell"),
        pytest.param(b"<rss><channel/></rss>", FetchReason.NOT_A_FEED, "outermost element is rss", id="feed"),
        pytest.param(b'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>', FetchReason.NOT_A_FEED, "document type", id="outside-entity"),
        pytest.param(b'<!DOCTYPE urlset [<!ENTITY a "aaaa">]><urlset><url><loc>&a;</loc></url></urlset>', FetchReason.NOT_A_FEED, "document type", id="growing-entity"),
    ],
)  # fmt: skip
def test_what_is_no_sitemap_is_refused_with_a_reason(body, reason, cause):
    with pytest.raises(FetchError, match=cause) as raised:
        parse_sitemap("proba", body)

    assert raised.value.reason is reason


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        pytest.param(
            a_sitemap("<url><loc>https://one.example/1</loc><lastmod>2026-11-24</lastmod></url>"),
            "without titles",
            id="pages",
        ),
        pytest.param(b"<urlset><url><loc>", "is not XML", id="broken"),
        pytest.param(
            a_sitemap(a_url(1)).replace(b"https://one", b"javascript:one"), "without titles", id="no-web-address"
        ),
    ],
)
def test_sitemap_without_news_is_refused_with_a_reason(server, source, feed, a_state, body, cause):  # noqa: PLR0917 - fixtures
    server.answer("/s.xml", body)

    with pytest.raises(ParseError, match=cause):
        source.read(feed, a_state)


def test_sitemap_that_lists_nothing_is_empty(server, source, feed, a_state):
    server.answer("/s.xml", a_sitemap())

    with pytest.raises(FetchError) as caught:
        source.read(feed, a_state)

    assert caught.value.reason is FetchReason.EMPTY


def test_sitemap_of_another_site_is_not_read(server, source, feed, a_state):
    server.answer("/news.xml", a_sitemap(a_url(1)))
    elsewhere = "http://other.example/news-2.xml"
    server.answer("/s.xml", an_index((elsewhere, "2026-11-24"), (server.url("/news.xml"), "2026-11-23")))

    assert [entry.url for entry in read(source, feed, a_state).entries] == ["https://one.example/1"]
    assert [path for path, _ in server.requests] == ["/s.xml", "/news.xml"]


def test_validators_belong_to_the_address_that_gave_them(server, source, feed, a_state):
    target = server.answer("/new.xml", a_sitemap(a_url(1)), ETag='"1"')
    server.answer("/s.xml", status=301, Location="/new.xml")

    reading = read(source, feed, a_state)

    assert (reading.validators.url, reading.moved_to) == (target, target)
