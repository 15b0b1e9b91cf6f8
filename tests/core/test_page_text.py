"""What of a page is taken for its article's text."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.models.news import ArticleId, FeedId
from worker.models.page import PageFault, WantedPage
from worker.text.page_text import Found, fault_of, leads_elsewhere, leads_to_another, tidy_paragraphs

TITLE = "Общинският съвет прие бюджета на Плевен"
SUMMARY = "Съветниците гласуваха бюджета след шест часа спорове за улиците."
TEXT = (
    "Общинският съвет в Плевен прие бюджета с 27 гласа. Съветниците гласуваха след шест часа спорове за улиците.\n"
    "Най-много пари отиват за ремонти на училища и детски градини, каза председателят на съвета."
)


def a_page(**changes) -> WantedPage:
    page = WantedPage(
        article_id=ArticleId("a1"), feed_id=FeedId("f"), revision=1, url="https://dnes.example/novini/1", title=TITLE,
        summary=SUMMARY, body="", seen_at=datetime(2026, 11, 24, tzinfo=UTC), attempts=1,
    )  # fmt: skip
    return replace(page, **changes)


def fault(text: str, *, visible: str = "", is_closed: bool = False, **wanted):
    found = fault_of(a_page(**wanted), Found(text=text, visible=visible or text, is_closed=is_closed))
    return found[0] if found else None


CASES: dict[str, tuple[str, dict[str, Any], PageFault | None]] = {
    "the article": (TEXT, {}, None),
    "the article above an offer to subscribe": (TEXT * 12, {"visible": TEXT * 12 + "Станете абонат"}, None),
    "the article under a cookie bar": (TEXT, {"visible": TEXT + " Използваме бисквитки. Приемам всички."}, None),
    "declared closed": (TEXT * 12, {"is_closed": True}, PageFault.PAYWALL),
    "teaser for subscribers": (TEXT, {"visible": TEXT + " Тази статия е достъпна само за абонати."}, PageFault.PAYWALL),
    "teaser with a form": (TEXT, {"visible": TEXT + " За да прочетете цялата статия, абонирайте се."}, PageFault.PAYWALL),
    "nothing but a form": ("", {"visible": "Вече сте абонат? Влезте."}, PageFault.PAYWALL),
    "cookie wall": (
        "Ние и нашите партньори използваме бисквитки. Вашето съгласие за обработка на лични данни е нужно. Приемам всички.",
        {}, PageFault.COOKIE_WALL,
    ),
    "cookie wall without a text": ("", {"visible": "Използваме бисквитки. Приемам всички."}, PageFault.COOKIE_WALL),
    "nothing": ("", {"visible": "Начало Новини Спорт"}, PageFault.NO_TEXT),
    "another article": ("Националите победиха Унгария с два гола в мач без история. " * 9, {}, PageFault.UNRELATED),
    "no more than the feed": (SUMMARY, {}, PageFault.SHORTER),
    "less than the feed's own text": (TEXT, {"body": TEXT + " И още малко."}, PageFault.SHORTER),
    "feed of three words": ("Националите победиха.", {"title": "Кратко", "summary": "Едно, две"}, None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_page_is_taken_or_refused_with_the_reason(case):
    text, circumstances, expected = CASES[case]

    assert fault(text, **circumstances) is expected


@pytest.mark.parametrize(
    ("asked", "final", "is_elsewhere"),
    [
        ("https://a.example/novini/1", "https://a.example/", True),
        ("https://a.example/novini/1", "https://a.example", True),
        ("https://a.example/?p=44", "https://a.example/", True),
        ("https://a.example/", "https://a.example/", False),
        ("https://a.example/novini/1", "https://a.example/novini/1-nova", False),
        ("https://a.example/novini/1", "https://a.example/?p=1", False),
    ],
)
def test_home_page_is_no_article(asked, final, is_elsewhere):
    assert leads_elsewhere(asked, final) is is_elsewhere


@pytest.mark.parametrize(
    ("asked", "final", "is_another"),
    [
        ("https://www.bnt.bg/1", "https://news.bnt.bg/bg/a/1", False),
        ("http://bnt.bg/1", "https://bnt.bg/1", False),
        ("https://svobodnaevropa.bg/1", "https://svobodnatochka.bg/", True),
        ("https://one.blogspot.com/1", "https://two.blogspot.com/1", True),
        ("http://127.0.0.1:80/1", "http://127.0.0.1:80/2", False),
        ("http://127.0.0.1:80/1", "http://localhost:80/1", True),
    ],
)
def test_page_of_another_publisher_is_told_by_its_registrable_domain(asked, final, is_another):
    assert leads_to_another(asked, final) is is_another


@given(st.text())
def test_tidied_paragraphs_stay_as_they_are(text):
    once = tidy_paragraphs(text)

    assert tidy_paragraphs(once) == once
    assert all(line.strip() == line and line for line in once.splitlines())
