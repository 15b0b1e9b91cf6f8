"""Golden examples: each is judged by its own watch alone, as the service would, and says why it fails."""

from datetime import UTC, date, datetime

import pytest

from tests.fakes import FakeAnalyzer
from worker.entities.index import compile_catalogue
from worker.matching.terms import compile_watches
from worker.models.actor import Catalogue
from worker.models.news import BULGARIAN
from worker.models.watch import Conditions, Example, Phrase, Scope, Together, Watch, WatchId, WatchKind, Watchlist
from worker.nlp.categories import NO_CATEGORIES
from worker.ports import Language
from worker.watching.examples import try_examples

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def a_watch(name="nato", **changes):
    told = {"terms": (Phrase(text="НАТО"),), **changes}
    return Watch(id=WatchId(name), name=name, kind=WatchKind.ACTOR, **told)


def a_list(*watches):
    return Watchlist(watches=watches, version="1")


def a_language(watchlist, analyzer=None):
    return Language(
        analyzer=analyzer or FakeAnalyzer(),
        index=compile_watches(watchlist),
        catalogue=compile_catalogue(Catalogue()),
        categories=NO_CATEGORIES,
    )


def trial(*watches, **given):
    watchlist = a_list(*watches)
    return try_examples(watchlist, a_language(watchlist, given.pop("analyzer", None)), NOW, **given)


def says(text, **more):
    return (Example(text=text, **more),)


RECENT = Together(groups=((Phrase(text="НАТО"),),), conditions=Conditions(until=date(2024, 10, 1)))

HOLDING = {
    "fires as it must": {"must_match": says("НАТО се разширява.")},
    "silent as it must be": {"must_not_match": says("Времето се разваля.")},
    "in the headline": {"must_match": (Example(title="НАТО се разширява"),)},
    "on its day": {"terms": (RECENT,), "must_match": says("НАТО се разширява.", on=date(2024, 5, 1))},
    "after its day": {"terms": (RECENT,), "must_not_match": says("НАТО се разширява.")},
    "whatever outlets it looks at": {
        "scope": Scope(outlets=frozenset({"днес"}), sections=frozenset({"свят"})),
        "must_match": says("НАТО се разширява."),
    },
    "in its language": {"scope": Scope(languages=frozenset({BULGARIAN})), "must_match": says("НАТО расте.")},
}


@pytest.mark.parametrize("name", HOLDING)
def test_example_holds(name):
    found = trial(a_watch(**HOLDING[name]))

    assert (found.failures, found.tried, found.untried) == ((), 1, 0)


FAILING = {
    "nothing found": ({"must_match": says("Времето се разваля.")}, "does not match: nothing found"),
    "silenced": (
        {"unless": (Phrase(text="учение"),), "must_match": says("НАТО прави учение.")},
        "does not match: silenced («учение»)",
    ),
    "too light": (
        {
            "terms": (Phrase(text="НАТО", weight=0.5), Phrase(text="пакт", weight=0.5)),
            "must_match": says("НАТО расте."),
        },
        "does not match: too light (0.5 of 1: «НАТО»)",
    ),
    "fires": ({"must_not_match": says("НАТО се разширява.")}, "matches by word forms: «НАТО» for «НАТО»"),
}


@pytest.mark.parametrize("name", FAILING)
def test_example_that_fails_says_why(name):
    told, why = FAILING[name]

    (failure,) = trial(a_watch(**told)).failures

    assert failure.watch_id == "nato"
    assert failure.why == why


def test_failure_names_its_place_and_the_beginning_of_its_text():
    watch = a_watch(must_match=(*says("НАТО расте."), Example(title="Времето", text="се\nразваля " * 30)))

    (failure,) = trial(watch).failures

    assert failure.place == "must_match[1]"
    assert failure.text.startswith("Времето се разваля се")
    assert len(failure.text) == 80
    assert failure.text.endswith("…")


def test_other_watches_do_not_matter():
    other = a_watch("other", terms=(Phrase(text="разваля"),))

    assert trial(a_watch(must_not_match=says("Времето се разваля.")), other).failures == ()


def test_text_that_cannot_be_analysed_fails_alone():
    watch = a_watch(must_match=(*says("НАТО расте."), *says("НАТО пада.")))

    (failure,) = trial(watch, analyzer=FakeAnalyzer(fails_on={"1"})).failures

    assert (failure.place, failure.why) == ("must_match[1]", "cannot be analysed: told to fail")


def test_all_examples_go_through_the_analyzer_in_batches_and_once():
    analyzer = FakeAnalyzer()

    assert trial(a_watch(must_match=says("НАТО расте.") * 70), analyzer=analyzer).tried == 70

    assert [len(batch) for batch in analyzer.batches] == [32, 32, 6]


def test_when_time_is_over_the_rest_is_not_tried():
    answers = iter([False, True])
    watch = a_watch(must_match=says("Времето.") * 70)

    found = trial(watch, is_over=lambda: next(answers))

    assert (len(found.failures), found.tried, found.untried) == (32, 32, 38)
