"""Notes on a watchlist, by what they are about."""

from datetime import date

import pytest

from tests.core.matching.builders import a_watch, an_article, together
from worker.matching.patterns import steps_of
from worker.models.watch import Concept, Conditions, Example, Person, Phrase, Together, Watchlist
from worker.tuning.coverage import covers, lies_within
from worker.tuning.trying import by_forms
from worker.tuning.warnings import LEAST_SAMPLE, Subject, warnings_of

TODAY = date(2026, 3, 1)


def notes(*watches, sample=(), concepts=None):
    found = warnings_of(Watchlist(watches=watches, version="v", concepts=concepts or {}), sample, today=TODAY)
    return [note for note in found if note.subject is not Subject.NO_EXAMPLES]


def one_of(*texts, **conditions):
    return Together(groups=(tuple(Phrase(text=text) for text in texts),), conditions=Conditions(**conditions))


def test_same_term_in_two_watches_is_told_once_with_both():
    (note,) = notes(a_watch("НАТО", watch_id="a"), a_watch(one_of("мир", "НАТО"), watch_id="b"))

    assert (note.subject, note.watch_id, note.term) == (Subject.SAME_TERM, "a", "НАТО")
    assert "2 watches: a, b" in note.message


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(a_watch("НАТО", watch_id="b", needs=["мир"]), id="needs"),
        pytest.param(a_watch(together(["НАТО"], ["мир"]), watch_id="b"), id="together"),
        pytest.param(a_watch("НАТО", watch_id="b", threshold=2.0), id="half the threshold"),
        pytest.param(a_watch(one_of("НАТО", needs=(Phrase(text="мир"),)), watch_id="b"), id="condition"),
    ],
)
def test_term_that_does_not_fire_alone_is_no_repetition(other):
    assert notes(a_watch("НАТО", watch_id="a"), other) == []


def test_common_word_is_told_with_its_share():
    sample = [by_forms(an_article(body="Новата година." if n % 10 == 0 else "НАТО.")) for n in range(LEAST_SAMPLE)]

    (note,) = notes(a_watch("година", "НАТО", "нова година", threshold=1.0), sample=sample)

    assert (note.subject, note.term) == (Subject.TOO_COMMON, "година")
    assert "10.0 % of the last 200 articles" in note.message


def test_small_sample_tells_nothing():
    assert notes(a_watch("година"), sample=[by_forms(an_article(body="година"))]) == []


@pytest.mark.parametrize(
    ("watch", "message"),
    [
        pytest.param(a_watch(one_of("НАТО", until=TODAY)), "what has ended (`until`): «НАТО» (2026-03-01)", id="until"),
        pytest.param(a_watch("министър", none=["министър/шеф"]), "its own `none` cancels it always", id="none"),
        pytest.param(
            a_watch("министър на мира", unless=["министър"]), "its own `unless` silences it always", id="unless"
        ),
        pytest.param(a_watch("мир", expires=TODAY), "expired on 2026-03-01", id="expired"),
    ],
)
def test_what_can_never_match_is_told(watch, message):
    (note,) = notes(watch)

    assert message in note.message


@pytest.mark.parametrize(
    "watch",
    [
        pytest.param(a_watch("министър", none=["=министри"]), id="another form"),
        pytest.param(a_watch("министър на мира", none=["министър"]), id="part of a longer finding"),
        pytest.param(a_watch("министър", none=["Министър"]), id="only with a capital"),
        pytest.param(a_watch(one_of("НАТО", until=date(2026, 3, 2))), id="until tomorrow"),
        pytest.param(a_watch(Person(given="Иван", surname="Колев"), none=["Колев"]), id="person"),
    ],
)
def test_what_cannot_be_proved_is_not_told(watch):
    assert notes(watch) == []


def test_weak_name_of_a_concept_proves_nothing():
    concept = Concept(name="нато", strong=(Phrase(text="НАТО"),), weak=(Phrase(text="алианс"),))

    assert notes(a_watch("алианс", none=["$нато"]), concepts={"нато": concept}) == []
    assert len(notes(a_watch("НАТО", none=["$нато"]), concepts={"нато": concept})) == 1


def test_watch_without_examples_is_told():
    bare, good = a_watch("а1", watch_id="bare"), a_watch("б1", watch_id="good", must_match=(Example(text="б1"),))

    found = warnings_of(Watchlist(watches=(bare, good), version="v"), (), today=TODAY)

    assert [(note.subject, note.watch_id) for note in found] == [(Subject.NO_EXAMPLES, "bare")]


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        ("министър", "министър", True),
        ("министър", "=министри", True),
        ("=министри", "министър", False),
        ("минист*", "=министри", True),
        ("минист*", "министър", False),
        ("минист*", "министър*", True),
        ("министър*", "минист*", False),
        ("мир/война", "мир", True),
        ("мир", "мир/война", False),
        ("нато", "НАТО", False),
        ("НАТО", "=НАТО", True),
        ("мир", "мир сега", False),
    ],
)
def test_coverage_is_proved_or_denied(wide, narrow, expected):
    assert covers(steps_of(wide), steps_of(narrow)) is expected


def test_phrase_lies_within_a_longer_one():
    assert lies_within(steps_of("на мира"), steps_of("министър на мира сега"))
    assert not lies_within(steps_of("министър мира"), steps_of("министър на мира"))
