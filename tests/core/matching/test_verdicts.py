"""What is said of a watch: a match with its weight, or the first reason against one."""

import pytest

from tests.core.matching.builders import (
    a_concept,
    a_watch,
    an_analysis,
    an_article,
    an_index,
    match_of,
    together,
    verdict_of,
)
from worker.matching.match import verdicts
from worker.matching.verdicts import Refusal
from worker.models.watch import Person, Phrase, Scope

POLITICS = frozenset({"medtop:11000000"})
SPORT = frozenset({"medtop:15000000"})
ELSEWHERE = Scope(outlets=frozenset({"дневник"}))
REFUSED = {
    Refusal.OUT_OF_SCOPE: (a_watch("газ", scope=ELSEWHERE), "outlet Вестник"),
    Refusal.SILENCED: (a_watch("газ", unless=["зима", "лято"]), "«зимата»"),
    Refusal.NEEDS_MISSING: (a_watch("газ", needs=["нефт", "ток"]), "«нефт», «ток»"),
    Refusal.NOT_ABOUT: (a_watch("газ", about=POLITICS), "«medtop:11000000»"),
    Refusal.NOTHING_LEFT: (a_watch("газ", none=["газ за зимата"]), "«Газ за зимата», «Газ»"),
    Refusal.PART_MISSING: (a_watch("газ", all=["зима", "нефт"]), "1 of 2 terms of `all`"),
    Refusal.TOO_LIGHT: (a_watch("газ", Phrase(text="зима", weight=0.5), threshold=2), "1.5 of 2: «Газ», «зимата»"),
}


@pytest.mark.parametrize("refusal", REFUSED)
def test_refusal_says_what_it_rests_on(refusal):
    watch, detail = REFUSED[refusal]

    verdict = verdict_of(an_article(body="Газ за зимата."), watch, about=SPORT)

    assert (verdict.refusal, set(verdict.detail.split(", ")), verdict.match) == (refusal, set(detail.split(", ")), None)


def test_every_refusal_but_that_of_a_watch_not_looked_at_has_its_row():
    assert set(Refusal) - set(REFUSED) == {Refusal.NOTHING_FOUND}


def test_watch_with_none_of_its_terms_is_not_looked_at():
    index = an_index(a_watch("нефт", watch_id="a"), a_watch("газ", watch_id="b"))

    found = verdicts(an_article(body="Газ за зимата."), None, index)

    assert [verdict.watch_id for verdict in found] == ["b"]


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        pytest.param({}, Refusal.OUT_OF_SCOPE, id="scope first"),
        pytest.param({"scope": Scope()}, Refusal.SILENCED, id="then unless"),
        pytest.param({"scope": Scope(), "unless": ()}, Refusal.NEEDS_MISSING, id="then needs"),
        pytest.param({"scope": Scope(), "unless": (), "needs": ()}, Refusal.NOT_ABOUT, id="then about"),
        pytest.param(
            {"scope": Scope(), "unless": (), "needs": (), "about": SPORT}, Refusal.NOTHING_LEFT, id="then what is left"
        ),
        pytest.param(
            {"scope": Scope(), "unless": (), "needs": (), "about": SPORT, "none": ()},
            Refusal.PART_MISSING,
            id="then all",
        ),
        pytest.param(
            {"scope": Scope(), "unless": (), "needs": (), "about": SPORT, "none": (), "all": ()},
            Refusal.TOO_LIGHT,
            id="then the weight",
        ),
    ],
)
def test_first_rule_that_applies_is_told(more, refusal):
    given = {
        "scope": ELSEWHERE,
        "unless": ["зима"],
        "needs": ["нефт"],
        "about": POLITICS,
        "none": ["газ за зимата"],
        "all": ["нефт"],
        "threshold": 2,
    }

    verdict = verdict_of(an_article(body="Газ за зимата."), a_watch("газ", **{**given, **more}), about=SPORT)

    assert verdict.refusal is refusal


@pytest.mark.parametrize(
    ("watch", "text"),
    [
        pytest.param(a_watch(Person(given="Румен", surname="Радев")), "Димитър Радев говори.", id="namesake"),
        pytest.param(a_watch(together(["газ"], ["Чирен"])), "Газ.", id="group missing"),
        pytest.param(a_watch(together(["газ"], needs=["Чирен"])), "Газ.", id="condition of the only term"),
        pytest.param(a_watch("$бнб"), "Казаха от банката.", id="weak name"),
        pytest.param(a_watch(Phrase(text="захар", weight=-1), "газ"), "Захар.", id="only against"),
    ],
)
def test_nothing_is_left_where_no_term_counts(watch, text):
    verdict = verdict_of(an_article(body=text), watch, concepts=(a_concept("бнб", "БНБ", weak=["банката"]),))
    assert verdict.refusal is Refusal.NOTHING_LEFT


def test_detail_shows_so_many_texts_at_most():
    watch = a_watch("дума*", threshold=2)

    verdict = verdict_of(an_article(body=" ".join(f"дума{number}" for number in range(7))), watch)

    assert verdict.detail == "1 of 2: «дума0», «дума1», «дума2», «дума3», «дума4» …"


def test_refusal_by_weight_tells_the_weight():
    watch = a_watch(Phrase(text="газ", weight=0.75), Phrase(text="зима", weight=-0.5))
    assert verdict_of(an_article(body="Газ за зимата."), watch).weight == 0.25


@pytest.mark.parametrize(
    ("watch", "weight", "threshold", "score"),
    [
        pytest.param(a_watch("газ"), 1, 1, 0.5, id="threshold reached"),
        pytest.param(a_watch("газ", "зима"), 2, 1, 1, id="twice over"),
        pytest.param(a_watch(Phrase(text="газ", weight=5)), 5, 1, 1, id="score ends at 1"),
        pytest.param(a_watch(Phrase(text="газ", weight=3), threshold=2), 3, 2, 0.75, id="threshold of its own"),
        pytest.param(a_watch("газ", Phrase(text="зима", weight=-0.25), threshold=0.5), 0.75, 0.5, 0.75, id="negative term"),
        pytest.param(a_watch(Phrase(text="газ", weight=0.1), Phrase(text="зима", weight=0.2), threshold=0.3), 0.3, 0.3, 0.5, id="sum rounded"),
        pytest.param(a_watch(all=["газ", "зима"]), 2, 1, 1, id="all alone"),
        pytest.param(a_watch("газ", all=["зима"]), 1, 1, 0.5, id="any and all"),
    ],
)  # fmt: skip
def test_match_tells_its_weight_and_what_it_had_to_reach(watch, weight, threshold, score):
    match = match_of(an_article(body="Газ за зимата."), watch)
    assert [match.weight, match.threshold, match.score] == pytest.approx([weight, threshold, score])


def test_match_names_watch_and_article():
    article = an_article(body="Газ за зимата.")
    match = match_of(article, a_watch("газ", watch_id="gas"), analysis=an_analysis(article))
    assert (match.watch_id, match.article_id) == ("gas", article.id)
