"""The stages in words."""

from datetime import date, timedelta

import pytest

from tests.core.matching.builders import SEEN, a_watch, an_article, together
from tests.notify.deliveries import a_notice
from worker.matching.verdicts import Refusal
from worker.models.alert import Reason, Told
from worker.models.news import StoryId
from worker.models.story import Appearance, Sources
from worker.models.watch import Conditions, Person, Phrase, Together, WatchId, Watchlist
from worker.tuning.explaining import REFUSALS, Case, explained
from worker.tuning.trying import by_forms


def lines(body, *watches, only=None, title="", **case):
    made = Case(
        prepared=by_forms(an_article(title=title, body=body), "bg"),
        watchlist=Watchlist(watches=watches, version="v7"),
        now=SEEN,
        **case,
    )
    return "\n".join(explained(made, only))


def told_by(outlet):
    """What the people of the watch know from an article of this outlet."""
    sources = Sources(origin=None, outlets=(Appearance(outlet=outlet, url=""),), independent=1)
    notice = a_notice(sources=sources, terms=("НАТО",), decision_reason=Reason.FIRST_OF_STORY)
    return {WatchId("w"): Told(revision=1, first=notice, last=notice, loud=1, loud_at=SEEN)}


def a_person(**more):
    return Person(given="Йенс", surname="Столтенберг", **more)


def test_firing_watch_is_shown_with_weight_layer_and_sentence():
    found = lines("Времето е лошо. НАТО реши.", a_watch("НАТО", expires=date(2026, 12, 1)))

    for fact in (
        "language bg; 2 sentences; read by word forms alone",
        "FIRES   w (Наблюдение): score 0.50",
        "weight 1 against threshold 1; layer A по форми",
        "body 16-20, term «НАТО», A по форми: «НАТО» реши.",
        "notify (first_of_story) through the default channels; severity normal; expires on 2026-12-01",
        "watchlist   version v7",
    ):
        assert fact in found


@pytest.mark.parametrize(
    ("watch", "body", "expected"),
    [
        pytest.param(a_watch("НАТО", unless=["спорт"]), "НАТО и спорт.", REFUSALS[Refusal.SILENCED], id="unless"),
        pytest.param(a_watch("НАТО", needs=["мир"]), "НАТО реши.", REFUSALS[Refusal.NEEDS_MISSING], id="needs"),
        pytest.param(a_watch("НАТО", threshold=2.0), "НАТО реши.", "1 of 2", id="too light"),
        pytest.param(a_watch("алианс", none=["алианс Рено"]), "Пиша за алианс Рено.", "`none` «алианс Рено» cancels", id="none"),
        pytest.param(together(["покана"], ["НАТО"]), "Покана има. НАТО реши.", "do not stand within one sentence", id="apart"),
        pytest.param(a_person(surname_needs=(Phrase(text="мир"),)), "Столтенберг говори.", "`surname_needs`", id="surname"),
        pytest.param(a_person(), "Камила Столтенберг говори.", "«Столтенберг» is somebody else here", id="namesake"),
        pytest.param(
            Together(groups=((Phrase(text="НАТО"),),), conditions=Conditions(until=date(2020, 1, 1))),
            "НАТО реши.",
            "`until` of the term «НАТО» keeps it from counting",
            id="until",
        ),
        pytest.param(a_watch("НАТО", all=(Phrase(text="мир"),)), "НАТО реши.", "missing: «мир»", id="all"),
    ],
)  # fmt: skip
def test_silent_watch_says_why(watch, body, expected):
    asked = watch if hasattr(watch, "terms") else a_watch(watch)

    found = lines(body, asked)

    assert "silent  w" in found
    assert expected in found


def test_watch_that_was_asked_for_says_what_it_looks_for():
    watch = a_watch("НАТО", together(["покана"], ["членство"]), a_person(), needs=["мир"])

    found = lines("За мир.", watch, only=WatchId("w"))

    assert REFUSALS[Refusal.NOTHING_FOUND] in found
    assert "it looks for «НАТО»" in found
    assert "or «покана» with «членство» within sentence" in found
    assert "or the person «Йенс Столтенберг»" in found
    assert "but not enough by themselves: «мир»" in found


def test_watch_that_was_not_asked_for_is_left_out():
    found = lines("НАТО реши.", a_watch("НАТО"), a_watch("реша", watch_id="other"), only=WatchId("w"))

    assert "other" not in found


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        pytest.param({}, "taken as the first article of its story", id="text"),
        pytest.param({"story": StoryId("s1")}, "notify (new_for_watch)", id="new for the watch"),
        pytest.param({"story": StoryId("s1"), "told": told_by("Вестник")}, "drop (already_alerted)", id="told before"),
        pytest.param({"story": StoryId("s1"), "told": told_by("Друга")}, "amend (new_outlet)", id="in another outlet"),
        pytest.param({"max_age": timedelta(hours=-1)}, "drop (too_old)", id="old"),
    ],
)
def test_decision_is_that_of_the_service(case, expected):
    assert expected in lines("НАТО реши.", a_watch("НАТО"), **case)


def test_expired_watch_says_so():
    assert "expired on 2026-01-01: it alerts no more" in lines("НАТО.", a_watch("НАТО", expires=date(2026, 1, 1)))


def test_every_refusal_has_words():
    assert set(REFUSALS) == set(Refusal)
