"""Feed documents as outlets publish them; one fixture for each fault, named after it."""

import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from worker.errors import FetchError, FetchReason
from worker.fetch.document import read_document
from worker.fetch.feeds import RssSource
from worker.fetch.parsing import ParsedFeed, parse_feed
from worker.models.feed import Reading, Unchanged, Validators
from worker.models.news import Entry
from worker.text.clean import article_from, plain_text

_FIXTURES = Path(__file__).parents[1] / "data" / "feeds"
_AT = datetime(2026, 11, 24, 7, 15, tzinfo=UTC)
_NO_HEADERS: Mapping[str, str] = {}


def _parsed(name: str, headers: Mapping[str, str] = _NO_HEADERS) -> ParsedFeed:
    return parse_feed("proba", (_FIXTURES / name).read_bytes(), headers, "https://outlet.example/rss/all.xml")


@pytest.mark.parametrize(
    ("name", "content_type", "charset"),
    [
        pytest.param("plain.xml", "text/xml", "utf-8 (bytes)", id="utf-8"),
        pytest.param("windows-1251-declared.xml", "text/xml", "windows-1251 (prolog)", id="1251 by prolog"),
        pytest.param("windows-1251-undeclared.xml", "text/xml; charset=Windows-1251", "windows-1251 (header)", id="1251 by header"),
        pytest.param("windows-1251-undeclared.xml", "text/xml", "windows-1251 (guess)", id="1251 by nobody"),
        pytest.param("windows-1251-declared-utf-8.xml", "text/xml; charset=utf-8", "windows-1251 (guess)", id="1251 called utf-8"),
        pytest.param("windows-1251-declared-western.xml", "text/xml", "windows-1251 (guess)", id="1251 called western"),
        pytest.param("windows-1251-declared.xml", "text/xml; charset=iso-8859-1", "windows-1251 (prolog)", id="1251, server default western"),
        pytest.param("windows-1251-declared.xml", "text/xml; charset=rot13", "windows-1251 (prolog)", id="1251, codec that reads no text"),
        pytest.param("utf-8-declared-windows-1251.xml", "text/xml; charset=windows-1251", "utf-8 (bytes)", id="utf-8 called 1251"),
        pytest.param("utf-8-cut-letter.xml", "text/xml", "utf-8 (damaged bytes)", id="utf-8 cut within a letter"),
        pytest.param("utf-16.xml", "text/xml", "utf-16-le (mark)", id="utf-16"),
        pytest.param("koi8-r-declared.xml", "text/xml", "koi8-r (prolog)", id="koi8-r"),
        pytest.param("junk-before-prolog.xml", "text/xml", "utf-8 (bytes)", id="junk before prolog"),
    ],
)  # fmt: skip
def test_title_is_read_whatever_the_encoding_and_whatever_is_said_of_it(name, content_type, charset):
    parsed = _parsed(name, {"content-type": content_type})

    assert parsed.entries[0].title_html == "Съветът прие бюджета"
    assert parsed.charset == charset


@pytest.mark.parametrize(
    ("name", "title", "summary", "content"),
    [
        pytest.param("double-escaped.xml", "Бюджетът – приет", "Първи ред\nвтори ред", "", id="escaped twice"),
        pytest.param(
            "cdata.xml", "„Левски“ победи с 2:0", "Мачът\nсвърши.", "Мачът свърши.\nПубликата остана до края.", id="cdata"
        ),
        pytest.param(
            "full-text-first.xml", "Пълен текст", "Кратко съдържание.", "Кратко съдържание.\nИ още много.", id="full text first"
        ),
        pytest.param("atom.xml", "Съветът прие бюджета", "Кратко съдържание.", "Кратко съдържание.\nИ още.", id="atom"),
        pytest.param("rdf.xml", "Съветът прие бюджета", "Кратко съдържание.", "", id="rdf"),
        pytest.param("malformed.xml", "Цени & такси „днес“", "Край на реда", "", id="malformed"),
    ],
)  # fmt: skip
def test_text_is_what_a_reader_would_see(name, title, summary, content):
    entry = _parsed(name).entries[0]

    assert plain_text(entry.title_html) == title
    assert plain_text(entry.summary_html) == summary
    assert plain_text(entry.content_html) == content


@pytest.mark.parametrize("name", ["plain.xml", "atom.xml", "rdf.xml"])
def test_every_format_gives_the_same_entry(name):
    entry = _parsed(name).entries[0]

    assert entry.url == "https://outlet.example/novini/1"
    assert entry.published_at == _AT
    assert plain_text(entry.title_html) == "Съветът прие бюджета"


def test_entry_keeps_what_the_feed_states():
    assert _parsed("plain.xml").entries[0] == Entry(
        guid="n-1",
        url="https://outlet.example/novini/1",
        title_html="Съветът прие бюджета",
        summary_html="Кратко съдържание.",
        content_html="",
        published_raw="Tue, 24 Nov 2026 09:15:00 +0200",
        published_at=_AT,
    )


def test_atom_entry_keeps_its_identifier():
    assert _parsed("atom.xml").entries[0].guid == "tag:outlet.example,2026:1"


def test_entry_without_identifier_or_address_is_kept():
    assert [(entry.guid, entry.url) for entry in _parsed("no-guid.xml").entries] == [
        (None, "https://outlet.example/novini/1"),
        (None, None),
    ]


def test_identifier_of_several_items_identifies_none():
    assert [entry.guid for entry in _parsed("one-guid-for-all.xml").entries] == [None, None, "своя"]


def test_address_of_several_items_is_shown_but_identifies_none():
    entries = _parsed("shared-links.xml").entries

    assert [(entry.url, entry.url_is_identity) for entry in entries] == [
        ("https://outlet.example/na-zhivo", False),
        ("https://outlet.example/na-zhivo#2", False),
        ("https://outlet.example/na-zhivo?utm_source=rss", False),
        ("https://outlet.example/novini/4", True),
        ("https://outlet.example/novini/4", True),
        (None, True),
        (None, True),
    ]


def test_items_that_share_an_address_become_articles_of_their_own(a_feed, a_state):
    entries = _parsed("shared-links.xml").entries

    articles = [article_from(entry, a_feed("https://outlet.example/rss"), a_state, _AT) for entry in entries]

    ids = [article.id for article in articles if article]
    assert len(ids) == 7
    assert len({*ids[:4], *ids[5:]}) == 6
    assert ids[3] == ids[4]


def test_relative_address_is_resolved_against_the_final_one():
    assert [entry.url for entry in _parsed("relative-links.xml").entries] == [
        "https://outlet.example/novini/1",
        "https://outlet.example/rss/2.html",
        None,
    ]


def test_date_is_read_and_its_words_are_kept():
    assert [(entry.published_raw, entry.published_at) for entry in _parsed("dates.xml").entries] == [
        ("Tue, 24 Nov 2026 09:15:00 +0200", _AT),
        ("24 Nov 2026 09:15", _AT),
        ("24 ноември 2026 г., 09:15 ч.", _AT),
        ("24.11.2026", datetime(2026, 11, 24, 10, 0, tzinfo=UTC)),
        ("преди два часа", None),
        (None, None),
    ]


def test_truncated_document_gives_the_items_that_came():
    assert [entry.url for entry in _parsed("malformed.xml").entries] == [
        "https://outlet.example/?id=1&cat=2",
        "https://outlet.example/?id=2&cat=2",
    ]


@pytest.mark.parametrize(
    ("name", "cause"), [("web-page.html", "web page"), ("sitemap.xml", "urlset")], ids=["web page", "sitemap"]
)
def test_other_document_is_no_feed(name, cause):
    with pytest.raises(FetchError, match=cause) as caught:
        _parsed(name)

    assert caught.value.reason is FetchReason.NOT_A_FEED


@pytest.mark.parametrize("body", [b"", b" \r\n\0", b"{}", b"Error", b"<?xml version='1.0'?>", b"<!-- nothing -->"])
def test_document_without_root_is_no_feed(body):
    with pytest.raises(FetchError) as caught:
        parse_feed("proba", body, {}, "https://outlet.example/rss")

    assert caught.value.reason is FetchReason.NOT_A_FEED


def test_feed_without_entries_is_not_readable():
    with pytest.raises(FetchError) as caught:
        _parsed("no-entries.xml")

    assert caught.value.reason is FetchReason.EMPTY


@pytest.mark.parametrize("name", ["entity-bomb.xml", "outside-entity.xml"])
def test_entities_of_the_document_are_not_expanded(name):
    entry = _parsed(name).entries[0]

    assert entry.title_html == "Съветът прие бюджета"
    assert len(entry.summary_html) < 10


@pytest.mark.parametrize("reference", ["&#99999999999;", "&#x110000;", "&#1114112"])
def test_reference_beyond_unicode_does_not_cost_the_document(reference):
    body = (_FIXTURES / "plain.xml").read_bytes().replace(b"\xd1\x81\xd1\x8a\xd0\xb4", reference.encode())

    assert len(parse_feed("proba", body, {}, "https://outlet.example/rss").entries) == 2


@pytest.mark.parametrize(
    "reference",
    ["&#xD800;", "&#xdfff;", "&#x00DABC;", "&#55296;", "&#55300;", "&#56999;", "&#57299;", "&#57339;", "&#057343;"],
)
def test_reference_to_half_a_character_does_not_cost_the_document(reference):
    body = (_FIXTURES / "plain.xml").read_bytes().replace(b"\xd1\x81\xd1\x8a\xd0\xb4", reference.encode())

    entries = parse_feed("proba", body, {}, "https://outlet.example/rss").entries

    assert len(entries) == 2
    assert not any("\ud800" <= sign <= "\udfff" for entry in entries for sign in entry.title_html)


@given(st.integers(0, 0x10FFFF), st.sampled_from(["&#{};", "&#x{:x};", "&#X{:04X};"]))
def test_only_references_that_name_no_character_are_taken_out(number, form):
    # Plane 16, of private use, may go.
    assume(number < 0x0F0000)
    reference = form.format(number)

    text = read_document("proba", f"<rss>{reference}</rss>".encode(), "").body.decode()

    assert (reference in text) != (0xD800 <= number <= 0xDFFF)


@pytest.mark.parametrize(
    ("body", "is_feed"),
    [
        pytest.param("<!---->" * 2000 + "<rss>", True, id="comments"),
        pytest.param("<!-- <html> --> " * 2000 + "<rss>", True, id="comments with spaces"),
        pytest.param("<!--" * 250_000, False, id="comments that never end"),
        pytest.param("<?xml " * 170_000, False, id="declarations that never end"),
        pytest.param("<rss>" + "<?xml " * 170_000, True, id="declarations within"),
        pytest.param("<!DOCTYPE " * 100_000 + "<rss>", False, id="document types that never end"),
        pytest.param("<rss>" + "&#" * 500_000, True, id="references that never end"),
        pytest.param("<rss>&#" + "0" * 1_000_000, True, id="reference of zeros"),
        pytest.param("<rss>&#x" + "0" * 1_000_000, True, id="hexadecimal reference of zeros"),
    ],
)
def test_hostile_document_is_judged_in_time_in_proportion(body, is_feed):
    started = time.process_time()

    with nullcontext() if is_feed else pytest.raises(FetchError):
        read_document("proba", body.encode(), "")

    assert time.process_time() - started < 1


@pytest.mark.parametrize("before", ["", "\r\n ", "<!-- " + "a" * 5000 + " -->", "<!----> <!-- <rss> -->\n"])
@pytest.mark.parametrize("root", ["<!DOCTYPE  html><html>", "<HTML lang=bg>"])
def test_web_page_is_known_behind_its_comments(before, root):
    with pytest.raises(FetchError, match="web page"):
        read_document("proba", f"{before}{root}<rss>".encode(), "")


def test_endless_address_identifier_and_date_are_bounded_and_the_entry_kept():
    endless = "https://outlet.example/" + "а" * 9000
    item = f"<item><title>Новина</title><link>{endless}</link><guid>{endless}</guid><pubDate>24.11.2026 {'г' * 9000}</pubDate></item>"

    (entry,) = parse_feed(
        "proba", f"<rss><channel>{item}</channel></rss>".encode(), {}, "https://outlet.example/"
    ).entries

    assert (entry.title_html, entry.url) == ("Новина", None)
    assert entry.guid
    assert entry.guid.startswith("sha256:")
    assert entry.published_at == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert len(entry.published_raw or "") == 200


def test_entries_are_taken_up_to_two_thousand():
    items = "".join(f"<item><title>{number}</title></item>" for number in range(2001))

    entries = parse_feed(
        "proba", f"<rss><channel>{items}</channel></rss>".encode(), {}, "https://outlet.example/"
    ).entries

    assert (len(entries), entries[-1].title_html) == (2000, "1999")


@pytest.mark.parametrize(("name", "ttl_s"), [("ttl.xml", 1800), ("rdf.xml", 1800), ("plain.xml", 0)])
def test_document_says_how_long_it_stays_fresh(name, ttl_s):
    assert _parsed(name).asked.ttl_s == ttl_s


def test_source_reads_entries_with_validators_hash_and_freshness(server, client, a_feed, a_state):
    body = (_FIXTURES / "ttl.xml").read_bytes()
    url = server.answer("/rss", body, ETag='"a"', Cache_Control="max-age=60")

    reading = RssSource(client=client).read(a_feed(url), a_state)

    assert isinstance(reading, Reading)
    assert [entry.guid for entry in reading.entries] == ["n-1"]
    assert reading.validators == Validators(etag='"a"', url=url)
    assert reading.body_hash == sha256(body).hexdigest()
    assert (reading.fresh_for_s, reading.ttl_s) == (60, 1800)
    assert reading.charset == "utf-8 (bytes)"


def test_source_says_unchanged_after_304_and_keeps_what_it_does_not_name(server, client, a_feed, a_state):
    url = server.answer("/rss", status=304, ETag='"b"', Cache_Control="max-age=900")
    state = replace(a_state, validators=Validators(etag='"a"', last_modified="Mon, 23 Nov 2026 07:00:00 GMT"))

    outcome = RssSource(client=client).read(a_feed(url), state)

    assert outcome == Unchanged(
        validators=Validators(etag='"b"', last_modified="Mon, 23 Nov 2026 07:00:00 GMT"), fresh_for_s=900
    )


def test_source_knows_the_same_document_and_takes_its_new_validators(server, client, a_feed, a_state):
    body = (_FIXTURES / "plain.xml").read_bytes()
    url = server.answer("/rss", body, ETag='"b"')
    state = replace(a_state, body_hash=sha256(body).hexdigest(), validators=Validators(etag='"a"', last_modified="Mon"))

    assert RssSource(client=client).read(a_feed(url), state) == Unchanged(validators=Validators(etag='"b"', url=url))


def test_source_parses_a_changed_document_whose_validator_stayed(server, client, a_feed, a_state):
    url = server.answer("/rss", (_FIXTURES / "plain.xml").read_bytes(), ETag='"a"')
    state = replace(a_state, body_hash="0" * 64, validators=Validators(etag='"a"'))

    assert isinstance(RssSource(client=client).read(a_feed(url), state), Reading)


def test_source_resolves_addresses_where_the_redirect_ended(server, client, a_feed, a_state):
    target = server.answer("/novo/rss.xml", (_FIXTURES / "relative-links.xml").read_bytes())
    url = server.answer("/rss", status=301, Location="/novo/rss.xml")

    reading = RssSource(client=client).read(a_feed(url), a_state)

    assert isinstance(reading, Reading)
    assert reading.entries[1].url == target.replace("rss.xml", "2.html")
