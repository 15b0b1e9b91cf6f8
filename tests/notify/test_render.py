"""Messages as people get them, against files in `tests/data/messages/`, and what holds of every message.

After a wanted change, run this module as a program to write the files anew, and read the difference.
"""

import json
import re
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.notify.contents import DELIVERIES
from tests.notify.deliveries import a_delivery, a_notice
from tests.notify.forms import FORMS, a_mail, body
from worker.models.alert import AlertId, Notice, Quote, Reason
from worker.models.delivery import Digest, DigestId, Review, TopStory, WatchWeek
from worker.models.story import Appearance, OriginBasis, Sources, StoryOrigin
from worker.models.watch import Severity, WatchId
from worker.notify.console import console_block
from worker.notify.event import event_of
from worker.notify.styles import DISCORD, TELEGRAM, TELEGRAM_PLAIN, written
from worker.notify.wording import bars, change, link, moment, sentences, week

GOLDEN = Path(__file__).parents[1] / "data" / "messages"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", DELIVERIES)
def test_message_is_as_agreed(case, form):
    assert FORMS[form].shown(DELIVERIES[case]) == (GOLDEN / f"{case}.{form}").read_bytes().decode()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", DELIVERIES)
def test_message_is_within_the_limit_of_its_channel(case, form):
    one = FORMS[form]

    assert one.size(one.shown(DELIVERIES[case])) <= one.limit


def test_no_golden_file_is_left_over():
    assert {path.name for path in GOLDEN.iterdir()} == {f"{case}.{form}" for case in DELIVERIES for form in FORMS}


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        pytest.param(datetime(2026, 11, 24, 7, 15, tzinfo=UTC), "24 ноември 2026 г., 09:15 ч.", id="winter time"),
        pytest.param(datetime(2026, 7, 1, 21, 5, tzinfo=UTC), "2 юли 2026 г., 00:05 ч.", id="summer time, next day"),
        pytest.param(datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "31 декември 9999 г., 23:59 ч.", id="end of time"),
        pytest.param(datetime(1, 1, 1, tzinfo=UTC), "1 януари 1 г., 00:00 ч.", id="beginning of time"),
    ],
)
def test_moment_is_the_time_in_sofia(instant, expected):
    assert moment(instant) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://news.example/а?б=1", "https://news.example/а?б=1", id="https with Cyrillic"),
        pytest.param("http://news.example", "http://news.example", id="http"),
        pytest.param("javascript:alert(1)", "", id="script"),
        pytest.param("data:text/html,x", "", id="data"),
        pytest.param("//news.example", "", id="no scheme"),
        pytest.param("https://news.example/a b", "", id="space"),
        pytest.param("https://news.example/\r\nX: y", "", id="line end"),
        pytest.param("https://news.example/\u202egpj.exe", "", id="reordering sign"),
        pytest.param("https://news.example/\n", "", id="line end at the end"),
        pytest.param("https://news.example/" + "a" * 2100, "", id="too long"),
        pytest.param("https://news.example/\ud800", "", id="half a character"),
    ],
)
def test_link_is_http_and_whole_or_absent(url, expected):
    assert link(url) == expected


@pytest.mark.parametrize(("count", "expected"), [(1, "(и още 1 изречение)"), (2, "(и още 2 изречения)")])
def test_sentences_left_out_are_counted(count, expected):
    assert sentences(count) == expected


@pytest.mark.parametrize(
    ("first_day", "expected"),
    [
        pytest.param(date(2026, 11, 16), "16–22 ноември 2026 г.", id="in one month"),
        pytest.param(date(2026, 11, 30), "30 ноември – 6 декември 2026 г.", id="over the end of a month"),
        pytest.param(date(2026, 12, 28), "28 декември 2026 г. – 3 януари 2027 г.", id="over the end of a year"),
        pytest.param(date(9999, 12, 31), "31–31 декември 9999 г.", id="the last day of all"),
    ],
)
def test_week_is_said_shortly(first_day, expected):
    assert week(first_day) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param((0, 1, 5, 10, 20, 0, 3), "▁▂▂▃▇▁▂", id="the busiest day is the highest"),
        pytest.param((0,) * 7, "▁" * 7, id="nothing at all"),
    ],
)
def test_bars_of_a_week(days, expected):
    assert bars(days) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (5, 3, "с 2 повече от предишната седмица"),
        (3, 5, "с 2 по-малко от предишната седмица"),
        (3, 3, "колкото предишната седмица"),
    ],
)
def test_change_against_the_week_before(now, before, expected):
    assert change(now, before) == expected


def test_year_is_said_where_it_is_another():
    instant = datetime(2025, 12, 31, 8, tzinfo=UTC)

    assert moment(instant, datetime(2026, 1, 1, 8, tzinfo=UTC)) == "31 декември 2025 г., 10:00 ч."
    assert moment(instant, instant) == "31 декември, 10:00 ч."


def test_webhook_marks_are_offsets_into_its_own_text():
    quote = Quote(text="\ud83d\ude00 \ud800 бюджет", marks=((5, 11),))

    shown = event_of(a_delivery(a_notice(quotes=(quote,))))["quotes"][0]

    assert shown["text"].encode()
    assert [shown["text"][start:end] for start, end in shown["marks"]] == ["бюджет"]


def test_stories_that_do_not_fit_are_counted():
    text = written(DELIVERIES["long_digest"], DISCORD)

    shown = text.count("• ")
    assert 0 < shown < 60
    assert f"… и още {60 - shown}" in text


def test_amendment_does_not_say_again_what_was_new():
    notice = a_notice(decision_reason=Reason.NEW_SOURCE)

    assert "Нов източник" in written(a_delivery(notice), TELEGRAM)
    assert "Нов източник" not in written(a_delivery(notice, is_amendment=True), TELEGRAM)


TEXTS = st.text(max_size=60) | st.text(alphabet="<>&\"'аб .\n\x00🏆\ud800*_`@\\[](#", max_size=3000)
URLS = TEXTS | TEXTS.map("https://news.example/{}".format)
INSTANTS = st.datetimes(timezones=st.just(UTC))
QUOTES = st.lists(
    st.builds(
        lambda text, start, size: Quote(text=text, marks=((start, start + size),)),
        TEXTS,
        st.integers(0, 99),
        st.integers(1, 99),
    ),
    max_size=6,
).map(tuple)
SOURCES = st.builds(
    lambda name, outlets, independent: Sources(
        origin=StoryOrigin(name=name, basis=OriginBasis.STATED) if name else None,
        outlets=tuple(Appearance(outlet=outlet, url=url) for outlet, url in outlets),
        independent=independent,
    ),
    st.none() | TEXTS,
    st.lists(st.tuples(TEXTS, URLS), max_size=6),
    st.integers(0, 99),
)
NOTICES = st.builds(
    a_notice,
    watch_name=TEXTS,
    title=TEXTS,
    outlet=TEXTS,
    url=URLS,
    published_at=st.none() | INSTANTS,
    seen_at=INSTANTS,
    quotes=QUOTES,
    match_reason=TEXTS,
    watchlist_version=TEXTS,
    severity=st.sampled_from(Severity),
    decision_reason=st.sampled_from(Reason),
    terms=st.lists(TEXTS, max_size=2).map(tuple),
    sources=SOURCES,
)
WEEKS = st.builds(
    lambda name, days, before: WatchWeek(watch_id=WatchId("w"), watch_name=name, days=tuple(days), before=before),
    TEXTS,
    st.lists(st.integers(0, 10**6), min_size=7, max_size=7),
    st.integers(0, 10**6),
)
DIGESTS = st.builds(
    lambda notices, at: Digest(id=DigestId("d"), notices=tuple(notices), at=at),
    st.lists(NOTICES, min_size=1, max_size=5),
    INSTANTS,
)
REVIEWS = st.builds(
    lambda day, weeks, tops, at: Review(
        id=DigestId("r"),
        first_day=day,
        watches=tuple(weeks),
        stories=tuple(TopStory(notice=notice, outlets=3) for notice in tops),
        at=at,
    ),
    st.dates(),
    st.lists(WEEKS, max_size=4),
    st.lists(NOTICES, max_size=3),
    INSTANTS,
)
ANY_DELIVERY = st.builds(
    lambda content, repeated, ids, amends: a_delivery(
        content=content, alert_id=AlertId(ids), maybe_repeated=repeated, is_amendment=amends
    ),
    NOTICES | DIGESTS | REVIEWS,
    st.booleans(),
    TEXTS,
    st.booleans(),
)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=25)
@given(delivery=ANY_DELIVERY)
def test_any_message_fits_its_channel_and_is_whole(form, delivery):
    one = FORMS[form]

    shown = one.shown(delivery)

    assert one.size(shown) <= one.limit
    assert shown.encode()


def _too_long(sign: str, url: str) -> Notice:
    marks = tuple((start, start + 1) for start in range(0, 9000, 3))
    long = sign * 9000
    return a_notice(
        watch_name=long, title=long, outlet=long, match_reason=long, watchlist_version=long, url=url, terms=(long,),
        quotes=(Quote(text=long, marks=marks), Quote(text=long + "а", marks=marks)), decision_reason=Reason.NEW_ACTOR,
        sources=Sources(
            origin=StoryOrigin(name=long, basis=OriginBasis.TEXT),
            outlets=tuple(Appearance(outlet=f"{number}{long}", url=url) for number in range(9)), independent=9,
        ),
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("url", ["https://news.example/?" + "&" * 900, "https://news.example/?" + "(" * 150])
@pytest.mark.parametrize("sign", ["&", "🏆", "а&. ", "*", '"', "1."])
def test_limits_hold_when_every_field_is_too_long(sign, url, form):
    delivery = a_delivery(_too_long(sign, url), alert_id=AlertId(sign * 9000), maybe_repeated=True)

    one = FORMS[form]

    assert one.size(one.shown(delivery)) <= one.limit


@pytest.mark.parametrize("sign", ["&", "🏆", "а&. "])
def test_telegram_shows_a_proof_even_when_every_field_is_too_long(sign):
    tree = ET.fromstring(f"<message>{written(a_delivery(_too_long(sign, '')), TELEGRAM)}</message>")  # noqa: S314

    assert [node for quote in tree.iter("blockquote") for node in quote.iter("b")]


@given(ANY_DELIVERY)
def test_telegram_text_is_well_formed(delivery):
    html = written(delivery, TELEGRAM)

    tree = ET.fromstring(f"<message>{html}</message>")  # noqa: S314 - our own output
    allowed = {("message",), ("b",), ("i",), ("blockquote",), ("a", "href")}
    assert {(node.tag, *node.attrib) for node in tree.iter()} <= allowed


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value for name, value in attrs if name in {"src", "background"}}
        if tag not in {"meta", "img", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError(data)


@given(ANY_DELIVERY)
def test_no_markup_of_a_feed_and_nothing_remote_is_in_an_email(delivery):
    parser = _Tags()

    parser.feed(body(delivery, "html"))

    known = "html head meta title style body table tr td p h1 h2 a mark img br b"
    assert parser.tags <= set(known.split())
    assert not {name for name in parser.attributes if name.startswith("on")}
    assert all(address.startswith("cid:") for address in parser.addresses)
    assert not parser.open


@given(ANY_DELIVERY)
def test_subject_is_one_printable_line(delivery):
    subject = str(a_mail(delivery)["Subject"])

    assert len(subject) <= 200
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", subject)


@given(ANY_DELIVERY)
def test_console_block_holds_no_control_characters(delivery):
    block = console_block(delivery)

    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", block.replace("\n", ""))


@given(ANY_DELIVERY)
def test_webhook_object_is_json_in_utf_8(delivery):
    stated = event_of(delivery)

    assert json.loads(json.dumps(stated, ensure_ascii=False).encode()) == stated


def test_plain_text_of_telegram_has_no_markup():
    assert "<" not in written(DELIVERIES["plain"], TELEGRAM_PLAIN)


if __name__ == "__main__":
    for old in GOLDEN.iterdir():
        old.unlink()
    for name, delivery in DELIVERIES.items():
        for form_name, form in FORMS.items():
            (GOLDEN / f"{name}.{form_name}").write_bytes(form.shown(delivery).encode())
