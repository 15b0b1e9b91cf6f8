"""What feeds of Bulgarian outlets are known to do (FEEDS §2), one row or more for each quirk Q1–Q36.

Quirks that belong to another layer are tested where they hold:
Q18 stale and fossil feeds, Q19 empty documents, Q21 regression, Q35 validators per address, Q36 lying 304:
`tests/core/test_polling*.py`; Q22, Q23 refusals: `tests/fetch/test_faults.py`; Q25 compression: `test_body.py`.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes import FakeArticleStore, Memory
from worker.errors import FetchError, FetchReason
from worker.fetch.client import HttpClient
from worker.fetch.faults import reason_of_status
from worker.fetch.feeds import RssSource
from worker.fetch.parsing import ParsedFeed, parse_feed
from worker.grouping.fingerprint import fingerprint
from worker.models.feed import Feed, FeedMemory, FeedState, Reading
from worker.models.news import Analysis, Article, DateClaim, FeedId
from worker.nlp.language import LanguageGuesser
from worker.polling.states import with_charset
from worker.text.clean import article_from
from worker.text.cuts import cut_of
from worker.text.fold import fold_word
from worker.text.words import words_of

FIXTURES = Path(__file__).parents[1] / "data" / "feeds" / "quirks"
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
FEED = Feed(
    id=FeedId("proba"),
    outlet="Проба",
    url="https://outlet.example/rss/all.xml",
    every_s=600,
    tails=("още", "Още по темата…"),
)
STATE = FeedState(feed_id=FEED.id, added_at=NOW - timedelta(days=1), due_at=NOW, body_hash="0")


def parsed(name: str, content_type: str = "text/xml") -> ParsedFeed:
    headers = {"content-type": content_type}
    return parse_feed("proba", (FIXTURES / name).read_bytes(), headers, "https://outlet.example/rss/all.xml")


def articles(name: str, now: datetime = NOW) -> list[Article]:
    made = [article_from(entry, FEED, STATE, now) for entry in parsed(name).entries]
    return [article for article in made if article]


@pytest.mark.parametrize(
    ("name", "content_type", "charset"),
    [
        pytest.param("q01-windows-1251.xml", "text/xml", "windows-1251 (prolog)", id="Q1 by its prolog"),
        pytest.param("q01-windows-1251.xml", "text/xml; charset=windows-1252", "windows-1251 (prolog)", id="Q1 server says 1252"),
        pytest.param("q02-prolog-lies.xml", "text/xml", "utf-8 (bytes)", id="Q2 utf-8 called 1251"),
        pytest.param("q02-prolog-lies.xml", "text/xml; charset=iso-8859-1", "utf-8 (bytes)", id="Q2 utf-8 called western"),
        pytest.param("q02-prolog-lies-other-way.xml", "text/xml", "windows-1251 (guess)", id="Q2 1251 called utf-8"),
    ],
)  # fmt: skip
def test_q1_q2_charset_is_decided_by_the_bytes_and_recorded(name, content_type, charset):
    found = parsed(name, content_type)

    assert (found.entries[0].title_html, found.charset, found.garbled) == ("Съветът прие бюджета", charset, 0)


def test_q2_text_that_the_outlet_garbled_is_counted():
    assert parsed("q02-garbled-by-outlet.xml").garbled == 2


def test_q2_change_of_encoding_is_noticed_but_not_a_change_of_who_says_so():
    said = ("windows-1251 (prolog)", "windows-1251 (header)", "utf-8 (bytes)", "utf-8 (mark)")
    memory = FeedMemory()

    for hour, charset in enumerate(said):
        memory = with_charset(memory, charset, NOW + timedelta(hours=hour))

    assert (memory.charset, memory.charset_was) == ("utf-8 (mark)", "windows-1251 (header)")
    assert memory.charset_at == NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    ("name", "number", "title", "summary"),
    [
        pytest.param("q03-double-escaped.xml", 0, "Бюджетът – приет", "Първи ред.\nВтори „ред“. Край", id="Q3 escaped twice"),
        pytest.param("q03-double-escaped.xml", 1, "Цени & такси", "Три пъти: lt;bgt;", id="Q3 not thrice"),
        pytest.param("q04-markup.xml", 0, "Съветът прие бюджета", "на\nкибератаката\nкрай", id="Q4 blocks part words"),
        pytest.param("q34-cdata.xml", 0, "Съветът прие бюджета", "Кратко съдържание.", id="Q34 cdata"),
        pytest.param("q33-media.xml", 0, "Съветът прие бюджета", "Кратко съдържание.", id="Q33 media"),
    ],
)  # fmt: skip
def test_q3_q4_text_is_what_a_reader_would_see(name, number, title, summary):
    article = articles(name)[number]

    assert (article.title, article.summary) == (title, summary)


def test_q5_cut_without_a_mark_is_known_and_its_last_word_not_read():
    text = articles("q05-cut-unmarked.xml")[0].summary

    cut = cut_of(text)

    assert cut is not None
    assert cut.mid_word
    assert text[: cut.end].endswith("момента ")


def test_q6_tails_are_taken_off_and_only_they():
    assert [article.summary for article in articles("q06-tails.xml")] == [
        "Съветът прие бюджета за годината.",
        "Съветът прие бюджета.",
        "Съветът прие бюджета.",
        "Още не е ясно кога ще гласуват, а опозицията иска още пари.",
    ]


def test_q7_without_identifier_the_address_counts_then_text_and_date():
    keys = [article.keys for article in articles("q07-no-guid.xml")]

    assert keys[0] == ("url:outlet.example/novini/1",)
    assert [key[0].partition(":")[0] for key in keys[1:]] == ["text", "text", "guid"]
    assert len(set(keys)) == 4


def test_q8_identifier_of_all_items_identifies_none():
    added = FakeArticleStore(Memory()).add(articles("q08-one-guid.xml"), NOW)

    assert len(added.new) == 3


@pytest.mark.parametrize(
    ("before", "after", "revised"),
    [
        pytest.param("q09-guid-changes-1.xml", "q09-guid-changes-2.xml", 1, id="Q9 new identifier with a new headline"),
        pytest.param("q09-scheme-and-host-1.xml", "q09-scheme-and-host-2.xml", 0, id="Q9 https and another host"),
        pytest.param("q10-link-moves-1.xml", "q10-link-moves-2.xml", 0, id="Q10 link moves"),
    ],
)
def test_q9_q10_article_stays_the_same_article(before, after, revised):
    store = FakeArticleStore(Memory())
    first = store.add(articles(before), NOW)
    later = NOW + timedelta(hours=3)

    second = store.add(articles(after, later), later)

    (slot,) = store.memory.articles.values()
    assert (len(first.new), second.new, len(second.revised)) == (1, (), revised)
    assert slot.article.url == articles(after)[0].url
    assert {*articles(before)[0].keys, *articles(after)[0].keys} <= set(store.memory.keys)


def test_q9_same_number_after_two_days_or_with_another_headline_is_another_article():
    store = FakeArticleStore(Memory())
    store.add(articles("q09-guid-changes-1.xml"), NOW)
    later = NOW + timedelta(hours=49)

    assert len(store.add(articles("q09-guid-changes-2.xml", later), later).new) == 1


def test_q11_spellings_of_one_address_are_one_key():
    assert len({article.keys[0] for article in articles("q11-two-spellings.xml")}) == 1


def test_q12_tracking_goes_and_identity_stays():
    assert [article.url for article in articles("q12-tracking.xml")] == [
        "https://outlet.example/novini.php?n=77",
        "https://outlet.example/novini.php?n=78",
        "https://outlet.example/?p=44250",
        "https://outlet.example/rss.php?cat=2",
        "https://outlet.example/novini/5/",
    ]


@pytest.mark.parametrize(
    ("name", "urls"),
    [
        ("q13-relative.xml", ["https://outlet.example/novini/1", "https://outlet.example/rss/2.html", "https://outlet.example/3", None, None]),
        ("q13-xml-base.xml", ["https://outlet.example/news/arhiv/1.html", "https://outlet.example/news/2.html"]),
    ],
    ids=["final address", "xml:base"],
)  # fmt: skip
def test_q13_relative_links_are_resolved_and_only_web_addresses_kept(name, urls):
    assert [entry.url for entry in parsed(name).entries] == urls


def test_q14_without_an_offset_it_is_the_time_of_sofia_and_the_words_are_kept():
    found = articles("q14-no-zone.xml")

    assert [parsed("q14-no-zone.xml").entries[n].published_at for n in range(4)] == [
        datetime(2026, 11, 24, 7, 15, tzinfo=UTC),
        datetime(2026, 7, 24, 6, 15, tzinfo=UTC),
        datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
        None,
    ]
    assert (found[3].published_raw, found[3].date_claim) == ("вчера", DateClaim.NONE)


def test_q15_future_dates_are_clamped_or_rejected_and_flagged():
    assert [(article.published_at, article.date_claim) for article in articles("q15-future.xml")] == [
        (datetime(2026, 11, 24, 10, 40, tzinfo=UTC), DateClaim.STATED),
        (NOW, DateClaim.AHEAD),
        (None, DateClaim.FAR_AHEAD),
    ]


def test_q16_bulgarian_months_are_read():
    assert [entry.published_at for entry in parsed("q16-month-names.xml").entries] == [
        datetime(2026, 8, 22, 9, tzinfo=UTC),
        datetime(2026, 10, 2, 9, tzinfo=UTC),
        *[datetime(2026, 11, 24, 7, 15, tzinfo=UTC)] * 4,
        datetime(2026, 1, 1, 10, tzinfo=UTC),
    ]


def test_q17_order_is_ours_and_the_date_a_claim():
    store = FakeArticleStore(Memory())
    store.add(articles("q17-order.xml"), NOW)

    claimed = store.claim_pending(NOW, timedelta(minutes=1), 10)

    assert {article.seen_at for article in claimed} == {NOW}
    assert len({article.published_at for article in claimed}) == 2


def test_q18_fossil_says_how_old_its_newest_entry_is():
    assert max(entry.published_at for entry in parsed("q18-fossil.xml").entries if entry.published_at).year == 2009


def test_q19_empty_document_is_no_success():
    with pytest.raises(FetchError) as caught:
        parsed("q19-empty.xml")

    assert caught.value.reason is FetchReason.EMPTY


def test_q20_web_page_is_no_feed_whatever_it_holds():
    with pytest.raises(FetchError) as caught:
        parsed("q20-shell.html")

    assert caught.value.reason is FetchReason.NOT_A_FEED


@pytest.mark.parametrize(
    ("status", "headers"),
    [(403, {}), (402, {}), (403, {"cf-mitigated": "challenge"}), (503, {"cf-mitigated": "challenge"})],
    ids=["Q23 403", "Q23 402", "Q22 challenge", "Q22 challenge as 503"],
)
def test_q22_q23_refusal_is_a_refusal(status, headers):
    assert reason_of_status(status, headers) is not None


def test_q24_malformed_document_is_read_and_what_was_mended_is_said():
    found = parsed("q24-malformed.xml")

    assert [entry.url for entry in found.entries] == [
        "https://outlet.example/novini/1",
        "https://outlet.example/?id=2&cat=2",
    ]
    assert found.entries[0].title_html == "Цени & такси днес"
    assert [repair.split(":")[0] for repair in found.repairs] == ["illegal characters", "not well-formed at line 3"]


def test_q24_entities_of_the_document_are_left_out():
    found = parsed("q24-entities.xml")

    assert "root" not in found.entries[0].summary_html
    assert "0123" not in found.entries[0].summary_html
    assert "document type left out" in found.repairs


def test_q26_junk_before_the_prolog_is_skipped():
    found = parsed("q26-junk-before.xml")

    assert (found.entries[0].title_html, found.repairs) == ("Съветът прие бюджета", ("junk before the document",))


def test_q27_huge_document_gives_its_first_two_thousand_entries_soon():
    items = "".join(f"<item><title>Новина {number}</title></item>" for number in range(50_000))
    body = f"<rss><channel>{items}</channel></rss>".encode()

    found = parse_feed("proba", body, {}, "https://outlet.example/")

    assert (len(found.entries), found.entries[-1].title_html) == (2000, "Новина 1999")
    assert found.repairs == ("more than 2000 entries",)


def test_q28_quotes_are_one_for_comparison_and_shown_as_published():
    titles = [article.title for article in articles("q28-quotes.xml")]

    assert len(set(titles)) == 6
    assert {fold_word(title).replace("«", '"').replace("»", '"') for title in titles} == {'"левски" победи'}


def test_q29_lookalikes_are_folded_within_cyrillic_words_only():
    (article,) = articles("q29-homoglyphs.xml")

    assert [word.key for word in words_of(article.title)] == ["тръмп", "още", "не", "е", "решил", "за", "сащ"]
    assert [word.key for word in words_of(article.summary)] == ["виж", "iphone", "и", "nato"]


def test_q30_invisible_signs_do_not_part_words():
    (article,) = articles("q30-invisible.xml")

    assert [word.key for word in words_of(article.title)] == ["съветът", "прие", "бюджета"]
    assert [word.key for word in words_of(article.summary)] == ["на", "неи", "каза"]


def test_q31_language_is_of_the_item():
    guesser = LanguageGuesser()

    assert [guesser.of_article(article) for article in articles("q31-languages.xml")] == ["bg", "en"]


def test_q32_routine_is_known_and_has_nothing_to_group_by():
    found = articles("q32-routine.xml")
    nothing = Analysis(model="forms", sentences={}, mentions=())

    assert [article.is_routine for article in found] == [True] * 5 + [False] * 2
    assert [bool(fingerprint(article, nothing).terms) for article in found] == [False] * 5 + [True] * 2


@pytest.mark.parametrize(
    "name",
    ["q34-atom-03.xml", "q34-atom-10.xml", "q34-rss-091.xml", "q34-rss-090.xml", "q34-rss-10.xml", "q34-cdata.xml"],
)
def test_q34_every_format_gives_the_same_entry(name):
    (entry,) = parsed(name).entries

    assert (entry.title_html, entry.url) == ("Съветът прие бюджета", "https://outlet.example/novini/1")
    assert entry.published_at in {None, datetime(2026, 11, 24, 7, 15, tzinfo=UTC)}


def test_document_says_when_not_to_come_and_where_it_announces_itself():
    asked = parsed("asked.xml").asked

    assert (asked.ttl_s, asked.skip_hours, asked.skip_days) == (1800.0, frozenset({0, 1}), frozenset({5, 6}))
    assert (asked.hub, asked.topic) == ("https://hub.example/", "https://outlet.example/rss/all.xml")


@pytest.mark.parametrize(
    ("link", "hub", "topic"),
    [
        ('<https://h.example/>; rel="hub", <https://outlet.example/t>; rel="self"', "https://h.example/", "https://outlet.example/t"),
        ("</hub>; rel=hub", "https://outlet.example/hub", "https://outlet.example/rss"),
        ('<https://outlet.example/t>; rel="self"', None, None),
        ("<javascript:x>; rel=hub", None, None),
        ('<https://h.example/>; title="rel=no"; rel="preload hub"', "https://h.example/", "https://outlet.example/rss"),
        ("<" * 4000, None, None),
    ],
    ids=["both", "relative", "no hub", "not of the web", "several relations", "hostile"],
)  # fmt: skip
def test_hub_may_stand_in_the_header(link, hub, topic):
    body = (FIXTURES / "q34-cdata.xml").read_bytes()

    asked = parse_feed("proba", body, {"link": link}, "https://outlet.example/rss").asked

    assert (asked.hub, asked.topic) == (hub, topic)


def test_source_passes_on_what_the_document_asks(server, client: HttpClient, a_feed, a_state):
    url = server.answer("/rss", (FIXTURES / "asked.xml").read_bytes())

    reading = RssSource(client=client).read(a_feed(url), a_state)

    assert isinstance(reading, Reading)
    assert (reading.ttl_s, reading.skip_hours, reading.skip_days) == (1800.0, frozenset({0, 1}), frozenset({5, 6}))
    assert (reading.hub, reading.topic) == ("https://hub.example/", "https://outlet.example/rss/all.xml")
