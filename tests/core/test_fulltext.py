"""When an article's page is read, and when again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.errors import FetchReason
from worker.fulltext import MAX_ATTEMPTS, OPEN_REFUSALS, decide_page, next_page_attempt
from worker.matching.verdicts import Refusal, Verdict
from worker.models.feed import FullText
from worker.models.news import Article, ArticleId, FeedId, Part, TextOrigin
from worker.models.page import PageFault, PageReason
from worker.models.watch import WatchId
from worker.text.fragments import LEDE_SIGNS, Fragment, fragment_of

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAY = timedelta(days=1)
NATO = WatchId("nato")
LONG = "Изречение с достатъчно думи за цяла статия. " * 20


def an_article(**changes) -> Article:
    article = Article(
        id=ArticleId("a1"), feed_id=FeedId("f"), outlet="Днес", url="https://dnes.example/1", title="Заглавие",
        summary="Откъс от новината.", body="", published_at=NOW, seen_at=NOW,
    )  # fmt: skip
    return replace(article, **changes)


def a_verdict(refusal: Refusal | None) -> Verdict:
    return Verdict(watch_id=NATO, refusal=refusal)


def decided(article=None, *verdicts, settled=(), policy=FullText.UNDECIDED, now=NOW):
    return decide_page(article or an_article(), verdicts, settled, policy, now, DAY)


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("", Fragment.NO_TEXT),
        ("Кметът обяви нов ремонт на булеварда, който ще продължи...", Fragment.CUT),
        ("Кметът обяви нов ремонт на булеварда […]", Fragment.CUT),
        ("Кметът обяви нов ремонт. Прочети още", Fragment.CUT),
        ("В момента мн", Fragment.NO_END),
        (LONG + "и накрая нещо без край", Fragment.NO_END),
        ("Кратка новина с край.", Fragment.SHORT),
        ("Д" * (LEDE_SIGNS - 2) + ".", Fragment.SHORT),
        ("Д" * (LEDE_SIGNS - 1) + ".", None),
        (LONG.strip(), None),
        (LONG + "Той каза: „Край.“", None),
    ],
)
def test_fragment_is_told_by_its_end_and_its_length(text, fragment):
    assert fragment_of(an_article(summary=text)) is fragment
    assert fragment_of(an_article(summary="Откъс", body=text)) is (fragment if text else Fragment.NO_END)


def test_text_of_a_page_is_no_fragment():
    assert fragment_of(an_article(body="Кратко", text_origin=TextOrigin.PAGE)) is None


@pytest.mark.parametrize("refusal", list(Refusal))
def test_page_is_wanted_for_refusals_that_more_text_can_change(refusal):
    decision = decided(None, a_verdict(refusal))

    is_open = refusal in {Refusal.TOO_LIGHT, Refusal.NEEDS_MISSING, Refusal.PART_MISSING, Refusal.NOTHING_LEFT}
    assert (decision.reason is PageReason.UNDECIDED) is is_open
    assert decision.is_wanted is is_open
    assert decision.detail == (f"short; nato: {refusal.value}" if is_open else "")


CASES: dict[str, tuple[Article, dict[str, Any], PageReason]] = {
    "never by policy": (an_article(), {"policy": FullText.NEVER}, PageReason.POLICY_NEVER),
    "read already": (an_article(body="Т", text_origin=TextOrigin.PAGE), {}, PageReason.READ),
    "read already, always": (
        an_article(body="Т", text_origin=TextOrigin.PAGE), {"policy": FullText.ALWAYS}, PageReason.READ,
    ),
    "no address": (an_article(url=""), {}, PageReason.NO_ADDRESS),
    "baseline": (an_article(baseline=True), {"policy": FullText.ALWAYS}, PageReason.BASELINE),
    "too old": (an_article(published_at=NOW - 2 * DAY), {}, PageReason.TOO_OLD),
    "old by our clock": (an_article(published_at=None, seen_at=NOW - 2 * DAY), {}, PageReason.TOO_OLD),
    "always": (an_article(body=LONG), {"policy": FullText.ALWAYS}, PageReason.POLICY_ALWAYS),
    "whole": (an_article(body=LONG), {}, PageReason.WHOLE),
    "watch is settled": (an_article(), {"settled": {NATO}}, PageReason.DECIDED),
    "watch of another settled": (an_article(), {"settled": {WatchId("bnb")}}, PageReason.UNDECIDED),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_first_rule_that_applies_decides(case):
    article, circumstances, reason = CASES[case]

    assert decided(article, a_verdict(Refusal.TOO_LIGHT), **circumstances).reason is reason


def test_watches_that_found_nothing_or_fired_want_no_page():
    assert decided().reason is PageReason.DECIDED
    assert decided(None, a_verdict(None)).reason is PageReason.DECIDED


@given(
    st.lists(st.sampled_from([None, *Refusal])), st.sampled_from(FullText), st.booleans(), st.text(max_size=900),
    st.booleans(),
)  # fmt: skip
def test_page_is_never_wanted_without_address_twice_or_against_the_policy(refusals, policy, is_read, body, has_url):
    origin = TextOrigin.PAGE if is_read else TextOrigin.FEED
    article = an_article(body=body, text_origin=origin, url="https://dnes.example/1" if has_url else "")
    verdicts = [a_verdict(refusal) for refusal in refusals]

    decision = decide_page(article, verdicts, (), policy, NOW, DAY)

    if decision.is_wanted:
        assert has_url
        assert not is_read
        assert policy is not FullText.NEVER
        assert policy is FullText.ALWAYS or OPEN_REFUSALS & set(refusals)


@pytest.mark.parametrize("reason", [*FetchReason, *PageFault])
def test_only_failures_that_pass_are_tried_again(reason):
    passing = {"dns", "connect", "timeout", "rate_limited", "server"}

    again_at = next_page_attempt(reason.value, 1, None, NOW, NOW, DAY)

    assert again_at == (NOW + timedelta(minutes=10) if reason.value in passing else None)


@pytest.mark.parametrize(
    ("attempts", "retry_after_s", "age", "wait"),
    [
        (1, None, timedelta(0), timedelta(minutes=10)),
        (2, None, timedelta(0), timedelta(hours=1)),
        (3, None, timedelta(0), None),
        (1, 3600.0, timedelta(0), timedelta(hours=1)),
        (1, 5.0, timedelta(0), timedelta(minutes=10)),
        (1, -5.0, timedelta(0), timedelta(minutes=10)),
        (1, 1e12, timedelta(0), DAY),
        (1, 1e12, timedelta(minutes=1), None),
        (1, None, timedelta(hours=23, minutes=55), None),
    ],
)
def test_next_attempt_waits_as_asked_while_the_article_is_young(attempts, retry_after_s, age, wait):
    again_at = next_page_attempt("rate_limited", attempts, retry_after_s, NOW - age, NOW, DAY)

    assert again_at == (None if wait is None else NOW + wait)
    assert attempts < MAX_ATTEMPTS or again_at is None


def test_parts_name_what_was_read():
    assert an_article().parts == (Part.TITLE, Part.SUMMARY)
    assert an_article(summary="", body="Т").parts == (Part.TITLE, Part.BODY)
    assert an_article(body="Т", text_origin=TextOrigin.PAGE).parts == (Part.TITLE, Part.SUMMARY, Part.PAGE)
