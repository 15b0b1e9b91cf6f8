"""What is stored whole comes back whole."""

import json
from dataclasses import replace
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from tests.store.values import a_match, a_notice, an_article
from worker.models.alert import Notice, Quote, Reason
from worker.models.attribution import Attribution, Cue, SourceSpan
from worker.models.news import Field, Part
from worker.models.watch import WatchId
from worker.store.columns import storable, to_json
from worker.store.encoding import (
    evidence_to_json,
    notice_from_json,
    notice_to_json,
    shingles_from_bytes,
    shingles_to_bytes,
)

TEXTS = st.text()
INSTANTS = st.datetimes(timezones=st.just(UTC))
MARKS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))).map(tuple)
QUOTES = st.lists(st.builds(Quote, text=TEXTS, marks=MARKS)).map(tuple)
NOTICES = st.builds(
    Notice,
    watch_id=TEXTS.map(WatchId),
    watch_name=TEXTS,
    title=TEXTS,
    outlet=TEXTS,
    url=TEXTS,
    published_at=st.none() | INSTANTS,
    seen_at=INSTANTS,
    quotes=QUOTES,
    match_reason=TEXTS,
    decision_reason=st.sampled_from(Reason),
    watchlist_version=TEXTS,
)


@given(NOTICES)
def test_notice_comes_back_from_json(notice: Notice) -> None:
    stored = to_json(notice_to_json(notice))

    assert notice_from_json(json.loads(stored)) == notice


@given(st.frozensets(st.integers(0, 2**64 - 1)))
def test_shingles_come_back_from_bytes(shingles: frozenset[int]) -> None:
    stored = shingles_to_bytes(shingles)

    assert len(stored) == 8 * len(shingles)
    assert shingles_from_bytes(stored) == shingles


def test_shingles_are_little_endian() -> None:
    assert shingles_to_bytes({1}) == b"\x01" + b"\x00" * 7


@given(st.text(st.characters(categories=None)))
def test_storable_text_keeps_offsets_and_can_be_stored(text: str) -> None:
    stored = storable(text)

    assert len(stored) == len(text)
    assert "\x00" not in stored
    assert stored.encode().decode() == stored
    assert storable(stored) == stored


def test_json_stays_readable() -> None:
    assert to_json({"име": "НАТО"}) == '{"име":"НАТО"}'


def test_evidence_is_stored_with_its_offsets() -> None:
    (span,) = evidence_to_json(a_match(an_article()).evidence)

    assert (span["field"], span["start"], span["end"], span["text"]) == ("title", 0, 4, "НАТО")


def test_what_was_read_and_its_source_come_back_from_json():
    span = SourceSpan(field=Field.BODY, start=3, end=14, text="предаде БТА")
    attribution = Attribution(origin="ТАСС", relay="БТА", cue=Cue.CITED, span=span)
    notice = replace(a_notice(an_article()), parts=(Part.TITLE, Part.PAGE), is_excerpt=True, attribution=attribution)

    stored = json.loads(json.dumps(notice_to_json(notice)))

    assert notice_from_json(stored) == notice
    earlier = {name: value for name, value in stored.items() if name not in {"parts", "is_excerpt", "attribution"}}
    assert notice_from_json(earlier).parts == ()
