"""Markup to plain paragraphs, entries to articles."""

import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.models.feed import Feed, FeedState
from worker.models.news import Entry, FeedId
from worker.text.clean import article_from, plain_text

_NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
_FEED = Feed(id=FeedId("proba"), outlet="Проба", url="https://outlet.example/rss", every_s=600)
_STATE = FeedState(feed_id=FeedId("proba"), added_at=_NOW - timedelta(days=2), due_at=_NOW, body_hash="0" * 64)
_ENTRY = Entry(
    guid="n-1",
    url="https://outlet.example/novini/1",
    title_html="Съветът прие бюджета",
    summary_html="<p>Кратко съдържание.</p>",
    content_html="",
    published_raw="Tue, 24 Nov 2026 11:00:00 +0200",
    published_at=_NOW - timedelta(hours=1),
)

# fmt: off
_MARKUP = st.lists(
    st.sampled_from([
        "<p>", "</p>", "<br/>", "<b>", "</b", "<img alt='a > b'>", "<script>", "</script>", "<!--", "-->", "<![CDATA[",
        "]]>", "&amp;", "&lt;", "&gt;", "amp;", "&#13;", "&nbsp;", "&#x1e;", "&", "<", ">", "/", "!", "#", '"', "'", "а",
        "b", "lt;", " ", "\n", "\t", "\r", "\x00", "\x1e", "\u00a0", "\u2028", "“", "a < b",
    ]),
    max_size=24,
).map("".join)
# fmt: on


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("Съветът прие бюджета", "Съветът прие бюджета", id="plain"),
        pytest.param("<p>накиберата</p><p>ката</p>", "накиберата\nката", id="paragraphs part words"),
        pytest.param("един<br>два<BR/>три", "един\nдва\nтри", id="line breaks"),
        pytest.param("<b>Б</b>ойко <i>Борисов</i>", "Бойко Борисов", id="inline tags do not part words"),
        pytest.param("<td>едно</td><td>две</td>", "едно две", id="cells are spaces"),
        pytest.param("<ul><li>едно</li>\n<li>две</li></ul>", "едно\nдве", id="list"),
        pytest.param("<p>първи\nред</p>", "първи ред", id="line end within markup is a space"),
        pytest.param("първи ред\n\n\nвтори ред", "първи ред\nвтори ред", id="line ends of plain text stay"),
        pytest.param("преди<script>if (a > b) '<p>'</script>след", "преди след", id="script"),
        pytest.param("<STYLE>p { color: red }</STYLE>текст", "текст", id="style"),
        pytest.param("преди<!-- a > b <p> -->след", "предислед", id="comment"),
        pytest.param("преди<script>без край", "преди", id="script without end"),
        pytest.param("<img src='a.jpg' alt='a > b'>текст", "текст", id="image with sign in its value"),
        pytest.param("<![CDATA[<p>Здравей</p>]]>", "Здравей", id="cdata within cdata"),
        pytest.param("Цени &amp; такси &bdquo;днес&ldquo;", "Цени & такси „днес“", id="entities"),
        pytest.param("Бюджетът &amp;ndash; приет", "Бюджетът – приет", id="entity escaped twice"),
        pytest.param("&lt;p&gt;едно&lt;/p&gt;&lt;p&gt;две&lt;/p&gt;", "едно\nдве", id="markup escaped once more"),
        pytest.param("Едно.&#13; &#13;Две.", "Едно.\nДве.", id="carriage returns as entities"),
        pytest.param("a < b и c > d", "a < b и c > d", id="signs that are no markup"),
        pytest.param("<p>a &lt; b</p>", "a < b", id="escaped sign"),
        pytest.param("a <b", "a <b", id="sign at the end"),
        pytest.param("R&D, AT&T", "R&D, AT&T", id="ampersand that is none"),
        pytest.param("едно\u00a0две\u2009 три\tчетири", "едно две три четири", id="spaces"),
        pytest.param("ед\x00но\x08 дв\x7fе", "едно две", id="controls"),
        pytest.param("", "", id="empty"),
        pytest.param(" <p> </p> &nbsp; ", "", id="nothing to see"),
    ],
)  # fmt: skip
def test_text_is_what_a_reader_would_see(markup, text):
    assert plain_text(markup) == text


def test_what_is_escaped_more_than_twice_is_no_markup_afterwards():
    assert plain_text("&amp;amp;amp;lt;script&amp;amp;amp;gt;") == "amp;lt;scriptamp;gt;"


@given(st.one_of(st.text(max_size=60), _MARKUP))
def test_text_once_clean_stays_as_it_is(markup):
    text = plain_text(markup)

    assert plain_text(text) == text


@given(st.one_of(st.text(max_size=60), _MARKUP))
def test_clean_text_holds_no_controls_blank_lines_or_outer_spaces(markup):
    text = plain_text(markup)

    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u00a0]|  |\n\n", text)
    assert text == text.strip()


@given(st.text(alphabet="абвг .,!?„“-", max_size=40), st.text(alphabet="абвг ,0123456789", max_size=40))
def test_inequality_survives(left, right):
    assert " ".join(plain_text(f"{left} < {right}").split()) == " ".join(f"{left} < {right}".split())


@pytest.mark.parametrize(
    "piece", ['<a "', "<a '", "<!--", "<script>", "&amp;", "<![CDATA[", "<", "]]>", "<p>", "</script"], ids=repr
)
def test_hostile_markup_takes_time_in_proportion(piece):
    started = time.process_time()

    plain_text(piece * 100_000 + ">")

    assert time.process_time() - started < 5


def test_article_says_what_the_entry_says():
    article = article_from(_ENTRY, _FEED, _STATE, _NOW)

    assert article is not None
    assert (article.title, article.summary, article.body) == ("Съветът прие бюджета", "Кратко съдържание.", "")
    assert (article.feed_id, article.outlet, article.url) == ("proba", "Проба", "https://outlet.example/novini/1")
    assert (article.published_at, article.seen_at, article.baseline) == (_NOW - timedelta(hours=1), _NOW, False)
    assert article.keys == ("url:outlet.example/novini/1", "guid:proba:n-1")
    assert re.fullmatch("[0-9a-f]{16}", article.id)


@pytest.mark.parametrize(
    ("summary", "content", "expected"),
    [
        pytest.param("Кратко.", "<p>Кратко.</p><p>И още.</p>", ("Кратко.", "Кратко.\nИ още."), id="full text"),
        pytest.param("Дълго и широко.", "Кратко.", ("Дълго и широко.", ""), id="content shorter than summary"),
        pytest.param("Кратко.", "Кратко.", ("Кратко.", ""), id="content repeats summary"),
        pytest.param("Съветът ПРИЕ бюджета", "", ("", ""), id="summary repeats title"),
        pytest.param("", "Съветът прие бюджета", ("", ""), id="content repeats title"),
        pytest.param("Съветът прие бюджета", "И още.", ("", "И още."), id="only content says more"),
    ],
)
def test_text_is_not_repeated(summary, content, expected):
    article = article_from(replace(_ENTRY, summary_html=summary, content_html=content), _FEED, _STATE, _NOW)

    assert article is not None
    assert (article.summary, article.body) == expected


def test_title_is_one_line():
    article = article_from(replace(_ENTRY, title_html="Съветът<br>прие\nбюджета"), _FEED, _STATE, _NOW)

    assert article is not None
    assert article.title == "Съветът прие бюджета"


def test_entry_without_any_text_gives_no_article():
    empty = replace(_ENTRY, title_html="<img src='a.jpg'>", summary_html="&nbsp;", content_html="")

    assert article_from(empty, _FEED, _STATE, _NOW) is None


@pytest.mark.parametrize(
    ("ahead", "published_at", "baseline"),
    [
        pytest.param(timedelta(days=-3), _NOW - timedelta(days=3), True, id="before our interest"),
        pytest.param(timedelta(days=-1), _NOW - timedelta(days=1), False, id="since then"),
        pytest.param(timedelta(minutes=59), _NOW + timedelta(minutes=59), False, id="clock a little ahead"),
        pytest.param(timedelta(hours=2), _NOW, False, id="clock ahead by the time zone"),
        pytest.param(timedelta(days=60), None, False, id="two months ahead"),
    ],
)
def test_date_is_believed_within_reason(ahead, published_at, baseline):
    article = article_from(replace(_ENTRY, published_at=_NOW + ahead), _FEED, _STATE, _NOW)

    assert article is not None
    assert (article.published_at, article.baseline) == (published_at, baseline)


@pytest.mark.parametrize("published_at", [None, _NOW + timedelta(hours=2), _NOW + timedelta(days=60)])
def test_entry_without_credible_date_is_baseline_only_in_the_first_document(published_at):
    entry = replace(_ENTRY, published_at=published_at)
    never_read = replace(_STATE, body_hash=None, polled_at=_NOW, failures=1)

    first, later = (article_from(entry, _FEED, state, _NOW) for state in (never_read, _STATE))

    assert first is not None
    assert later is not None
    assert (first.baseline, later.baseline) == (True, False)


@pytest.mark.parametrize(
    ("guid", "url", "keys"),
    [
        pytest.param("n-1", None, ("guid:proba:n-1",), id="identifier alone"),
        pytest.param(None, "https://outlet.example/1", ("url:outlet.example/1",), id="address alone"),
        pytest.param(
            "http://outlet.example/%d0%bd/?p=5",
            "https://www.outlet.example/н/?p=5&utm_source=rss#comments",
            ("url:outlet.example/%D0%BD?p=5",),
            id="identifier is the address, spelled otherwise",
        ),
        pytest.param(
            "https://outlet.example/?p=5",
            "https://outlet.example/novini/5",
            ("url:outlet.example/novini/5", "url:outlet.example?p=5"),
            id="identifier is another address",
        ),
        pytest.param(
            "https://outlet.example/",
            "https://outlet.example/5",
            ("url:outlet.example/5", "guid:proba:https://outlet.example/"),
            id="identifier is the home page",
        ),
        pytest.param("n-1", "https://www.outlet.example/", ("guid:proba:n-1",), id="address is the home page"),
        pytest.param("n-1", "https://outlet.example:8443", ("guid:proba:n-1",), id="address is a host and port"),
        pytest.param(
            "https://outlet.example/na-zhivo#2",
            "https://outlet.example/novini/2",
            ("url:outlet.example/novini/2", "guid:proba:https://outlet.example/na-zhivo#2"),
            id="identifier is a part of a page",
        ),
    ],
)
def test_keys_are_the_addresses_and_the_identifier(guid, url, keys):
    article = article_from(replace(_ENTRY, guid=guid, url=url), _FEED, _STATE, _NOW)

    assert article is not None
    assert article.keys == keys


@pytest.mark.parametrize("guid", ["n-1", "https://outlet.example/na-zhivo", "https://outlet.example/na-zhivo#1"])
def test_shared_address_is_shown_but_is_no_key(guid):
    entry = replace(_ENTRY, guid=guid, url="https://outlet.example/na-zhivo", url_is_identity=False)

    article = article_from(entry, _FEED, _STATE, _NOW)

    assert article is not None
    assert article.url == "https://outlet.example/na-zhivo"
    assert article.keys == (f"guid:proba:{guid}",)


@pytest.mark.parametrize(
    ("url", "url_is_identity"),
    [
        pytest.param("https://outlet.example/", True, id="home page"),
        pytest.param("https://outlet.example/na-zhivo", False, id="page of several entries"),
    ],
)
def test_entry_without_any_key_is_known_by_feed_text_and_date(url, url_is_identity):
    entry = replace(_ENTRY, guid=None, url=url, url_is_identity=url_is_identity)
    other_feed = replace(_FEED, id=FeedId("proba-svyat"))

    articles = [
        article_from(entry, _FEED, _STATE, _NOW),
        article_from(replace(entry, title_html="Съветът отхвърли бюджета"), _FEED, _STATE, _NOW),
        article_from(replace(entry, published_raw="Wed, 25 Nov 2026 11:00:00 +0200"), _FEED, _STATE, _NOW),
        article_from(entry, other_feed, _STATE, _NOW),
    ]

    keys = [article.keys for article in articles if article]
    assert len(set(keys)) == 4
    assert all(len(own) == 1 and own[0].startswith("text:proba") for own in keys)


def test_entry_with_neither_is_known_by_its_text_and_date():
    entry = replace(_ENTRY, guid=None, url=None)

    same, edited, later = (
        article_from(variant, _FEED, _STATE, _NOW)
        for variant in (
            replace(entry, summary_html="Ново съдържание."),
            replace(entry, title_html="Съветът отхвърли бюджета"),
            replace(entry, published_raw="Wed, 25 Nov 2026 11:00:00 +0200"),
        )
    )
    first = article_from(entry, _FEED, _STATE, _NOW)

    assert first is not None
    assert first.url == ""
    assert same is not None
    assert same.id == first.id
    assert edited is not None
    assert later is not None
    assert len({first.id, edited.id, later.id}) == 3


def test_two_feeds_of_one_outlet_agree_on_the_article():
    other = replace(_FEED, id=FeedId("proba-svyat"))

    first, second = (article_from(_ENTRY, feed, _STATE, _NOW) for feed in (_FEED, other))

    assert first is not None
    assert second is not None
    assert first.id == second.id
