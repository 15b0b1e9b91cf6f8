"""Messages as people get them, against files in `tests/data/messages/`.

After a wanted change, run this module as a program to write the files anew, and read the difference.
"""

import json
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notify.deliveries import a_delivery, a_notice, a_quote
from worker.models.alert import AlertId, Quote
from worker.models.attribution import Attribution, Cue, SourceSpan
from worker.models.news import Field, Part
from worker.notify.render import (
    TELEGRAM_LIMIT,
    render_console,
    render_email,
    render_telegram,
    render_telegram_plain,
    render_webhook,
)
from worker.notify.wording import link, moment, sentences

GOLDEN = Path(__file__).parents[1] / "data" / "messages"

_LONG = (
    "Началото на дългата реч беше спокойно. " * 60
    + "Тогава [бюджетът] влезе в залата. "
    + "Никой не спираше оратора. " * 260
)

DELIVERIES = {
    "plain": a_delivery(),
    "maybe_repeated": a_delivery(maybe_repeated=True),
    "unconfirmed": a_delivery(a_notice(unconfirmed=True)),
    "markup_in_headline": a_delivery(
        a_notice(
            title='<b>„Левски“ & ЦСКА</b>: 2 < 3 <script>alert("1")</script>',
            outlet="Спорт & Ко",
            url="https://news.example/?a=1&b=%22%3E&c=\"onclick='x'",
            quotes=(a_quote("Мачът <i>[Левски]</i> & [ЦСКА] завърши 2:3; &amp; остана."),),
            match_reason="„Левски“ & „ЦСКА“ в едно изречение",
        )
    ),
    "emoji": a_delivery(
        a_notice(title="🇧🇬 Победа! 🏆👍🏽", quotes=(a_quote("Отборът 👩‍👧 [спечели] 🏆."), a_quote("[Победа] 🎉!")))
    ),
    "no_url_no_date": a_delivery(a_notice(url="", published_at=None)),
    "unsafe_url": a_delivery(a_notice(url="javascript:alert(1)")),
    "long_quote": a_delivery(a_notice(quotes=(a_quote(_LONG),))),
    "many_quotes": a_delivery(
        a_notice(quotes=tuple(a_quote(f"Изречение {number} за [бюджета]. " + "Пълнеж. " * 120) for number in range(25)))
    ),
    "no_quote_no_title": a_delivery(a_notice(title="", quotes=(), match_reason="")),
    "full_text_of_a_page": a_delivery(
        a_notice(
            parts=(Part.TITLE, Part.SUMMARY, Part.PAGE),
            is_excerpt=False,
            attribution=Attribution(
                origin="ТАСС",
                relay="БТА",
                cue=Cue.CITED,
                span=SourceSpan(field=Field.BODY, start=10, end=31, text="ТАСС, цитирана от БТА"),
            ),
        )
    ),
    "of_an_earlier_version": a_delivery(a_notice(parts=(), is_excerpt=False)),
    "line_ends": a_delivery(
        a_notice(title="Ред\r\nBcc: x@example.test", outlet="А\x1b[31mБ", watch_name="Бю\u202eджет\n")
    ),
}

FORMS = {
    "telegram.html": render_telegram,
    "telegram.txt": render_telegram_plain,
    "console.txt": render_console,
    "email.txt": lambda delivery: "Subject: {0.subject}\n\n{0.text}".format(render_email(delivery)),
    "email.html": lambda delivery: render_email(delivery).html,
    "webhook.json": lambda delivery: json.dumps(render_webhook(delivery), ensure_ascii=False, indent=1) + "\n",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", DELIVERIES)
def test_message_is_as_agreed(case, form):
    assert FORMS[form](DELIVERIES[case]) == (GOLDEN / f"{case}.{form}").read_bytes().decode()


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


def test_webhook_marks_are_offsets_into_its_own_text():
    quote = Quote(text="\ud83d\ude00 \ud800 бюджет", marks=((5, 11),))

    shown = render_webhook(a_delivery(a_notice(quotes=(quote,))))["quotes"][0]

    assert shown["text"].encode()
    assert [shown["text"][start:end] for start, end in shown["marks"]] == ["бюджет"]


TEXTS = st.text(max_size=60) | st.text(alphabet="<>&\"'аб .\n\x00🏆\ud800", max_size=3000)
INSTANTS = st.datetimes(timezones=st.just(UTC))
ANY_DELIVERY = st.builds(
    lambda repeated, ids, **facts: a_delivery(a_notice(**facts), alert_id=AlertId(ids), maybe_repeated=repeated),
    repeated=st.booleans(),
    ids=TEXTS,
    watch_name=TEXTS,
    title=TEXTS,
    outlet=TEXTS,
    url=TEXTS | TEXTS.map("https://news.example/{}".format),
    published_at=st.none() | INSTANTS,
    seen_at=INSTANTS,
    quotes=st.lists(
        st.builds(
            lambda text, start, size: Quote(text=text, marks=((start, start + size),)),
            TEXTS,
            st.integers(0, 99),
            st.integers(1, 99),
        ),
        max_size=12,
    ).map(tuple),
    match_reason=TEXTS,
    watchlist_version=TEXTS,
)


@given(ANY_DELIVERY)
def test_telegram_text_is_within_the_limit_and_well_formed(delivery):
    html, plain = render_telegram(delivery), render_telegram_plain(delivery)

    tree = ET.fromstring(f"<message>{html}</message>")  # noqa: S314 - our own output
    assert {(node.tag, *node.attrib) for node in tree.iter()} <= {("message",), ("b",), ("a", "href")}
    assert len(html.encode("utf-16-le")) // 2 <= TELEGRAM_LIMIT
    assert len(plain.encode("utf-16-le")) // 2 <= TELEGRAM_LIMIT


@pytest.mark.parametrize("url", ["", "https://news.example/?" + "&" * 900, "https://news.example/?" + "&" * 150])
@pytest.mark.parametrize("sign", ["&", "<", "🏆", "& ", "а&. "])
def test_telegram_limit_holds_when_every_field_is_too_long(sign, url):
    marks = tuple((start, start + 1) for start in range(0, 9000, 3))
    long = sign * 9000
    notice = a_notice(
        watch_name=long, title=long, outlet=long, match_reason=long, watchlist_version=long, url=url,
        quotes=(Quote(text=long, marks=marks),) * 12,
    )  # fmt: skip

    html = render_telegram(a_delivery(notice, alert_id=AlertId(long), maybe_repeated=True))

    tree = ET.fromstring(f"<message>{html}</message>")  # noqa: S314 - our own output
    assert len(html.encode("utf-16-le")) // 2 <= TELEGRAM_LIMIT
    assert len(tree.findall("b")) > 1


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[tuple[str, ...]] = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add((tag, *(name for name, _ in attrs)))

    def handle_comment(self, data):
        self.tags.add(("comment",))


@given(ANY_DELIVERY)
def test_no_markup_of_a_feed_reaches_an_email(delivery):
    parser = _Tags()

    parser.feed(render_email(delivery).html)

    assert parser.tags <= {
        ("html", "lang"), ("head",), ("meta", "charset"), ("title",), ("body",), ("p",), ("b",), ("h2",), ("mark",), ("a", "href"), ("small",),
    }  # fmt: skip


@given(ANY_DELIVERY)
def test_subject_is_one_printable_line(delivery):
    subject = render_email(delivery).subject

    assert len(subject) <= 200
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", subject)


@given(ANY_DELIVERY)
def test_console_block_holds_no_control_characters(delivery):
    block = render_console(delivery)

    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", block.replace("\n", ""))


@given(ANY_DELIVERY)
def test_webhook_object_is_json_in_utf_8(delivery):
    stated = render_webhook(delivery)

    assert json.loads(json.dumps(stated, ensure_ascii=False).encode()) == stated


if __name__ == "__main__":
    for name, delivery in DELIVERIES.items():
        for form, render in FORMS.items():
            (GOLDEN / f"{name}.{form}").write_bytes(render(delivery).encode())
