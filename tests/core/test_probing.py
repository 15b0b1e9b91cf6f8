"""What one request to a feed showed, and what a person is told of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from worker.errors import FetchError, FetchReason, ParseError
from worker.models.feed import Feed, FeedText, Reading, Unchanged, Validators
from worker.models.news import Entry, FeedId
from worker.probing import ADVICE, PUT_OFF, Answer, from_plain, guessed_text, probe_of, sentence_of, span, to_plain

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
FEED = Feed(id=FeedId("one"), outlet="Едно", url="https://one.example/rss", every_s=600)


def an_entry(summary: str = "", content: str = "", day: int = 1) -> Entry:
    at = datetime(2026, 11, day, tzinfo=UTC)
    return Entry(
        guid=None,
        url=None,
        title_html="т",
        summary_html=summary,
        content_html=content,
        published_raw="",
        published_at=at,
    )


def test_reading_gives_every_fact():
    reading = Reading(
        entries=(an_entry(day=3), an_entry(day=7)),
        validators=Validators(etag='"1"'),
        body_hash="",
        fresh_for_s=300,
        ttl_s=900,
        charset="windows-1251 (prolog)",
        hub="https://hub.example/",
        repairs=("junk before the document",),
    )

    probe = probe_of(FEED, Answer(status=200, final_url="https://one.example/new"), reading, NOW)

    assert probe.is_good
    assert (probe.status, probe.led_to, probe.entries) == (200, "https://one.example/new", 2)
    assert probe.newest_at == datetime(2026, 11, 7, tzinfo=UTC)
    assert (probe.etag, probe.last_modified, probe.fresh_for_s, probe.ttl_s) == (True, False, 300, 900)
    assert from_plain(to_plain(probe)) == probe


def test_every_reason_has_its_advice():
    assert ADVICE.keys() == set(FetchReason)
    assert len({what for what, _ in ADVICE.values()}) == len(FetchReason)


@pytest.mark.parametrize("reason", FetchReason)
def test_failure_is_one_line_with_what_why_and_what_to_do(reason):
    probe = probe_of(FEED, Answer(), FetchError("one", reason, "the cause"), NOW)

    sentence = sentence_of(probe)

    what, remedy = ADVICE[reason]
    assert sentence == f"one: {what} (the cause); {remedy}"
    assert "\n" not in sentence
    assert not probe.is_good


def test_what_cannot_be_parsed_is_no_feed():
    assert "the document is no feed (no entries)" in sentence_of(
        probe_of(FEED, Answer(), ParseError("one", "no entries"), NOW)
    )


def test_what_was_put_off_is_no_failure_of_the_feed():
    probe = replace(
        probe_of(FEED, Answer(), Unchanged(validators=Validators()), NOW), outcome=PUT_OFF, cause="host: one.example"
    )

    assert sentence_of(probe) == "one: it was not asked (host: one.example); try again in a while"


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param((), None, id="none"),
        pytest.param((an_entry("кратко."),), FeedText.FRAGMENT, id="short"),
        pytest.param((an_entry("д" * 400),), FeedText.FRAGMENT, id="cut-without-a-mark"),
        pytest.param((an_entry("д" * 400 + "..."),), FeedText.FRAGMENT, id="cut-with-dots"),
        pytest.param((an_entry("<p>" + "д" * 400 + ".</p>"),), FeedText.LEDE, id="paragraph"),
        pytest.param((an_entry("кратко.", "<p>" + "д" * 2000 + "</p>"),), FeedText.FULL, id="content"),
        pytest.param((an_entry("<img src='" + "x" * 2000 + "'>"),), FeedText.FRAGMENT, id="markup-is-no-text"),
    ],
)
def test_text_is_guessed_from_length_and_end(entries, expected):
    assert guessed_text(entries) == expected


@pytest.mark.parametrize(
    ("seconds", "shown"), [(5, "5 s"), (600, "10 min"), (7200, "2 h"), (200_000, "2 d"), (-600, "-10 min")]
)
def test_span_is_shown_in_its_largest_unit(seconds, shown):
    assert span(seconds) == shown
