"""Articles' pages from a server on the loopback address: ten layouts, and what is no article."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.fetch import pages
from worker.errors import FetchError, PageError
from worker.fetch.pages import WebPageSource
from worker.models.news import ArticleId, FeedId
from worker.models.page import PageFault, WantedPage

SUMMARY = "Съветниците гласуваха бюджета на Плевен след шест часа спорове..."
HTML = "text/html; charset=utf-8"


def wanted(url: str, **changes) -> WantedPage:
    page = WantedPage(
        article_id=ArticleId("a1"), feed_id=FeedId("proba"), revision=1, url=url, title=pages.TITLE, summary=SUMMARY,
        body="", seen_at=datetime(2026, 11, 24, tzinfo=UTC), attempts=1,
    )  # fmt: skip
    return replace(page, **changes)


@pytest.fixture
def source(client) -> WebPageSource:
    return WebPageSource(client=client)


def fault_of(source: WebPageSource, url: str, **changes) -> str:
    with pytest.raises(PageError) as caught:
        source.read(wanted(url, **changes))
    assert caught.value.cause
    return caught.value.fault


@pytest.mark.parametrize("layout", pages.LAYOUTS)
def test_article_is_found_whole_and_without_what_surrounds_it(server, source, layout):
    url = server.answer("/novini/1", pages.LAYOUTS[layout].encode(), content_type=HTML)

    page = source.read(wanted(url))

    text = " ".join(page.text.split())
    assert [paragraph for paragraph in pages.PARAGRAPHS if paragraph not in text] == []
    assert [noise for noise in pages.NOISE if noise in page.text] == []
    assert page.final_url == url


@pytest.mark.parametrize("content_type", ["text/html; charset=windows-1251", "text/html", "text/html; charset=utf-8"])
def test_page_in_windows_1251_is_read_whatever_its_header_says(server, source, content_type):
    markup = pages.LAYOUTS["article"].replace("utf-8", "windows-1251")
    url = server.answer("/novini.php", markup.encode("cp1251"), content_type=content_type)

    assert pages.PARAGRAPHS[1] in source.read(wanted(url)).text


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        (pages.COOKIE_WALL, PageFault.COOKIE_WALL),
        (pages.PAYWALL, PageFault.PAYWALL),
        (pages.DECLARED_CLOSED, PageFault.PAYWALL),
        (pages.OTHER_NEWS, PageFault.UNRELATED),
        (pages.SHELL, PageFault.NO_TEXT),
        (pages.page(f"<p>{pages.PARAGRAPHS[0][:40]}</p>"), PageFault.SHORTER),
        ("само думи, без разметка", PageFault.NOT_A_PAGE),
        ("", PageFault.NOT_A_PAGE),
    ],
    ids=["cookie wall", "paywall", "declared closed", "another article", "shell", "shorter", "no markup", "empty"],
)
def test_what_is_no_article_is_refused_with_the_reason(server, source, markup, fault):
    url = server.answer("/novini/1", markup.encode(), content_type=HTML)

    assert fault_of(source, url) == fault


def test_document_of_another_kind_is_no_page(server, source):
    url = server.answer("/doklad.pdf", b"%PDF-1.7 <</Type /Catalog>>", content_type="application/pdf")

    assert fault_of(source, url) == PageFault.NOT_A_PAGE


def test_redirect_to_another_domain_is_not_taken_for_the_article(server, source):
    server.answer("/novini/1", pages.LAYOUTS["article"].encode(), content_type=HTML)
    url = server.answer("/staro/1", status=301, location=server.url("/novini/1", host="localhost"))

    assert fault_of(source, url) == PageFault.OTHER_DOMAIN


def test_redirect_within_the_site_is_followed_and_noted(server, source):
    final = server.answer("/novini/1-byudzhet", pages.LAYOUTS["article"].encode(), content_type=HTML)
    url = server.answer("/novini/1", status=302, location="/novini/1-byudzhet")

    assert source.read(wanted(url)).final_url == final


def test_redirect_to_the_home_page_is_not_the_article(server, source):
    server.answer("/", pages.LAYOUTS["article"].encode(), content_type=HTML)
    url = server.answer("/novini/1", status=302, location="/")

    assert fault_of(source, url) == PageFault.NOT_THE_ARTICLE


def test_huge_page_is_refused_before_it_is_parsed(server, source):
    markup = pages.page("<p>дълго</p>" * 400_000)
    url = server.answer("/novini/1", markup.encode(), content_type=HTML)

    assert fault_of(source, url) == PageFault.TOO_COMPLEX


def test_page_over_the_limit_of_a_request_is_no_page_of_ours(server, client):
    url = server.answer("/novini/1", b"<p>" + b"x" * 200_000, content_type=HTML)

    with pytest.raises(FetchError, match="too_large"):
        WebPageSource(client=replace(client, max_bytes=100_000)).read(wanted(url))


@pytest.mark.parametrize(
    ("limits", "said"),
    [({"timeout_s": 0.05}, "not read within"), ({"memory_mib": 40}, "ended the reader")],
    ids=["time", "memory"],
)
def test_reading_has_limits_of_time_and_memory(server, client, limits, said):
    url = server.answer("/novini/1", pages.LAYOUTS["article"].encode(), content_type=HTML)

    with pytest.raises(PageError, match=said) as caught:
        WebPageSource(client=client, **limits).read(wanted(url))

    assert caught.value.fault == PageFault.TOO_COMPLEX


def is_read_or_refused(source: WebPageSource, url: str) -> bool:
    try:
        return pages.PARAGRAPHS[0] in source.read(wanted(url)).text
    except PageError as error:
        return error.fault in {PageFault.TOO_COMPLEX, PageFault.NO_TEXT, PageFault.SHORTER, PageFault.UNRELATED}


def test_deep_nesting_neither_hangs_nor_crashes(server, source):
    markup = pages.page("<div>" * 50_000 + pages.p() + "</div>" * 50_000)
    url = server.answer("/novini/1", markup.encode(), content_type=HTML)

    assert is_read_or_refused(source, url)


def test_failure_of_the_request_passes_through(server, source):
    url = server.answer("/novini/1", status=404)

    with pytest.raises(FetchError, match="not_found"):
        source.read(wanted(url))


def test_request_is_honest_and_unconditional(server, source):
    url = server.answer("/novini/1", pages.LAYOUTS["article"].encode(), content_type=HTML)

    source.read(wanted(url))

    ((path, headers),) = server.requests
    assert path == "/novini/1"
    assert headers["user-agent"].startswith("Vestitel/")
    assert not {"cookie", "referer", "if-none-match", "if-modified-since"} & headers.keys()


def test_tails_of_the_feed_are_no_part_of_its_pages(server, client):
    tail = "Гледайте още в предаването „Събудете се“ всяка сутрин от седем часа."
    markup = pages.page(f"<article><h1>{pages.TITLE}</h1>{pages.p()}<p>{tail}</p></article>")
    url = server.answer("/novini/1", markup.encode(), content_type=HTML)

    kept = WebPageSource(client=client).read(wanted(url)).text
    cut = WebPageSource(client=client, tails={FeedId("proba"): ("Гледайте още…",)}).read(wanted(url)).text

    assert kept.endswith(tail)
    assert cut.endswith(pages.PARAGRAPHS[-1])
