"""What must hold in an article for a term to count in it, whatever kind of term it is; and how terms add up."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.core.matching.builders import (
    a_concept,
    a_watch,
    an_analysis,
    an_article,
    conditions,
    found_in,
    matches,
    phrases,
    together,
    verdict_of,
)
from worker.models.news import FORMS_ONLY, Field, MentionKind
from worker.models.watch import Conditions, Person, Phrase, Reach, Setting, Together

#: All four find „Радев“ beside „Петков“.
TERMS: dict[str, Together | Person] = {
    "phrase": Together(groups=(phrases("Радев"),)),
    "together": Together(groups=(phrases("Радев"), phrases("Петков"))),
    "person": Person(given="Румен", surname="Радев"),
    "actor": Together(groups=(phrases("$actor:radev"),)),
}
ACTOR = a_concept("actor:radev", "Румен Радев", "Радев", entity="Румен Радев")
#: Words that tell one bearer of a surname from another.
BANK, STATE = ["БНБ", "лихва"], ["президент", "вето"]
BOTH = "Радев и Петков говориха."
NAMES = {kind: [(name, kind, name) for name in ("Радев", "Петков")] for kind in MentionKind}


def counts(term: Together | Person, given: Conditions, article, analysis=None) -> bool:
    return bool(matches(article, a_watch(replace(term, conditions=given)), analysis=analysis, concepts=(ACTOR,)))


@pytest.mark.parametrize("kind", TERMS)
@pytest.mark.parametrize(
    ("given", "text", "expected"),
    [
        pytest.param({}, BOTH, True, id="nothing asked"),
        pytest.param({"needs": ["газ"]}, f"{BOTH} Газът поскъпна.", True, id="needs: met in another sentence"),
        pytest.param({"needs": ["газ", "нефт"]}, f"{BOTH} Нефтът поскъпна.", True, id="needs: one of several"),
        pytest.param({"needs": ["газ"]}, BOTH, False, id="needs: not met"),
        pytest.param({"needs": ["газ"], "or_lacks": ["захар"]}, BOTH, True, id="or_lacks: lacks"),
        pytest.param(
            {"needs": ["газ"], "or_lacks": ["захар"]}, f"{BOTH} Захарта поскъпна.", False, id="or_lacks: does not lack"
        ),
        pytest.param(
            {"needs": ["газ"], "or_lacks": ["захар", "сол"]}, f"{BOTH} Има сол.", False, id="or_lacks: lacks one of two"
        ),
        pytest.param(
            {"needs": ["газ"], "or_lacks": ["захар"]},
            f"{BOTH} Захарта и газът поскъпнаха.",
            True,
            id="or_lacks: does not lack, needs met",
        ),
        pytest.param({"unless": ["газ"]}, BOTH, True, id="unless: absent"),
        pytest.param({"unless": ["газ", "нефт"]}, f"{BOTH} Нефтът поскъпна.", False, id="unless: present"),
        pytest.param({"near": ["газ", "нефт"]}, "За газа Радев и Петков говориха.", True, id="near: same sentence"),
        pytest.param({"near": ["газ"]}, f"{BOTH} Газът поскъпна.", False, id="near: next sentence"),
        pytest.param({"near": ["газ"]}, BOTH, False, id="near: nowhere"),
        pytest.param({"not_near": ["газ"]}, BOTH, True, id="not_near: nowhere"),
        pytest.param({"not_near": ["газ"]}, f"{BOTH} Газът поскъпна.", True, id="not_near: next sentence"),
        pytest.param({"not_near": ["газ"]}, "За газа Радев и Петков говориха.", False, id="not_near: same sentence"),
        pytest.param(
            {"near": ["газ"], "not_near": ["захар"]},
            "За газ и захар Радев и Петков говориха.",
            False,
            id="near and not_near",
        ),
        pytest.param({"skips": {Setting.NEGATED}}, "Не дойдоха Радев и Петков.", False, id="skip: negated"),
        pytest.param({"skips": {Setting.NEGATED}}, "Тогава дойдоха Радев и Петков.", True, id="skip: past, not negated"),
        pytest.param({"skips": {Setting.PAST}}, "Тогава дойдоха Радев и Петков.", False, id="skip: past"),
        pytest.param({"skips": {Setting.PAST}}, "Не дойдоха Радев и Петков.", True, id="skip: negated, not past"),
        pytest.param({"skips": set(Setting)}, BOTH, True, id="skip: neither"),
    ],
)  # fmt: skip
def test_term_counts_by_the_words_around_it(kind, given, text, expected):
    assert counts(TERMS[kind], conditions(**given), an_article(body=text)) is expected


@pytest.mark.parametrize("kind", TERMS)
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2014, 9, 30), False, id="day before since"),
        pytest.param(date(2014, 10, 1), True, id="since"),
        pytest.param(date(2024, 9, 30), True, id="day before until"),
        pytest.param(date(2024, 10, 1), False, id="until"),
    ],
)
def test_term_counts_in_its_time(kind, day, expected):
    article = an_article(body=BOTH, published_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    given = conditions(since=date(2014, 10, 1), until=date(2024, 10, 1))

    assert counts(TERMS[kind], given, article) is expected


@pytest.mark.parametrize("kind", TERMS)
@pytest.mark.parametrize("place", list(Field))
def test_term_counts_only_in_its_fields(kind, place):
    given = conditions(fields=frozenset({Field.TITLE, Field.SUMMARY}))
    assert counts(TERMS[kind], given, an_article(**{place.value: BOTH})) is (place is not Field.BODY)


def test_groups_of_a_term_must_each_stand_in_its_fields():
    term = together(["газ"], ["Чирен"], reach=Reach.ARTICLE, fields=frozenset({Field.TITLE}))

    assert matches(an_article(title="Газ", body="Чирен"), a_watch(term)) == ()


@pytest.mark.parametrize("kind", TERMS)
@pytest.mark.parametrize(
    ("mentioned", "model", "expected"),
    [
        pytest.param(MentionKind.PER, "stanza", True, id="of this kind"),
        pytest.param(MentionKind.LOC, "stanza", False, id="of another kind"),
        pytest.param(None, "stanza", False, id="not part of a name"),
        pytest.param(MentionKind.LOC, FORMS_ONLY, True, id="no model read the article"),
    ],
)
def test_term_counts_only_as_a_name_of_its_kind(kind, mentioned, model, expected):
    article = an_article(body=BOTH)
    analysis = an_analysis(article, mentions=NAMES[mentioned] if mentioned else (), model=model)

    assert counts(TERMS[kind], conditions(entity=MentionKind.PER), article, analysis) is expected


@pytest.mark.parametrize("kind", TERMS)
def test_kind_of_name_is_not_asked_without_an_analysis(kind):
    assert counts(TERMS[kind], conditions(entity=MentionKind.LOC), an_article(body=BOTH))


def test_kind_of_name_is_asked_of_the_mention_around_the_word():
    article = an_article(body="Столична община реши.")
    analysis = an_analysis(article, mentions=[("Столична община", MentionKind.ORG, "Столична община")])
    term = together(["община"], entity=MentionKind.ORG)

    assert matches(article, a_watch(term), analysis=analysis)


def test_findings_are_judged_one_by_one():
    term = together(["газ"], near=["Чирен"], skips=frozenset({Setting.NEGATED}))
    text = "Газ има. В Чирен газът стига. Няма газ в Чирен."

    assert found_in(text, a_watch(term)) == ["газът"]


def test_condition_binds_only_its_own_term():
    watch = a_watch(together(["газ"], near=["Чирен"]), together(["нефт"], unless=["захар"]))
    assert found_in("Газ и нефт. Чирен.", watch) == ["нефт"]


@pytest.mark.parametrize(
    ("person", "text", "expected"),
    [
        pytest.param({"surname_needs": ["президент"]}, "Радев говори.", [], id="surname_needs: not met"),
        pytest.param(
            {"surname_needs": ["президент"]}, "Радев говори. Президентът мълча.", ["Радев"], id="surname_needs: met"
        ),
        pytest.param({"surname_needs": ["президент"]}, "Румен Радев говори.", ["Румен Радев"], id="surname_needs: full name"),
        pytest.param({"surname_unless": ["БНБ"]}, "Радев говори.", ["Радев"], id="surname_unless: absent"),
        pytest.param({"surname_unless": BANK}, "Радев от БНБ говори.", ["Радев"], id="surname_unless: one word"),
        pytest.param({"surname_unless": BANK}, "Радев от БНБ вдига лихвите.", [], id="surname_unless: two words"),
        pytest.param(
            {"surname_unless": BANK}, "Радев от БНБ говори. БНБ мълчи.", ["Радев"], id="surname_unless: one word twice"
        ),
        pytest.param(
            {"surname_unless": BANK},
            "Румен Радев прие БНБ за лихвите. Радев говори.",
            ["Румен Радев", "Радев"],
            id="surname_unless: full name",
        ),
        pytest.param(
            {"surname_needs": STATE, "surname_unless": BANK},
            "Радев от БНБ вдига лихвите. Президентът мълча.",
            [],
            id="surname_needs and surname_unless: more against",
        ),
        pytest.param(
            {"surname_needs": STATE, "surname_unless": BANK},
            "Президентът Радев наложи вето за лихвите на БНБ.",
            ["Радев"],
            id="surname_needs and surname_unless: as many for",
        ),
        pytest.param({"name_needs": ["президент"]}, "Румен Радев говори.", [], id="name_needs: not met"),
        pytest.param({"name_needs": ["президент"]}, "Радев говори.", [], id="name_needs: not met by the surname"),
        pytest.param(
            {"name_needs": ["президент"]}, "Румен Радев говори. Президентът мълча.", ["Румен Радев"], id="name_needs: met"
        ),
        pytest.param({"other_surnames": ("Радева",)}, "Радева говори.", ["Радева"], id="other surname"),
        pytest.param({}, "Радева говори.", [], id="no other surname"),
    ],
)  # fmt: skip
def test_name_of_a_person_counts(person, text, expected):
    for key in ("surname_needs", "surname_unless", "name_needs"):
        person = {**person, key: phrases(*person.get(key, ()))}

    assert found_in(text, a_watch(Person(given="Румен", surname="Радев", **person))) == expected


@pytest.mark.parametrize(
    ("given", "text", "expected"),
    [
        pytest.param({}, "Няма газ. Газопроводът. Чирен мълчи.", [], id="sentence: two sentences"),
        pytest.param({}, "Чирен пълни газ.", ["Чирен", "газ"], id="sentence: either order"),
        pytest.param({"reach": Reach.ADJACENT}, "Газ има. Чирен мълчи.", ["Газ", "Чирен"], id="adjacent: next one"),
        pytest.param({"reach": Reach.ADJACENT}, "Чирен мълчи. Газ има.", ["Чирен", "Газ"], id="adjacent: the one before"),
        pytest.param({"reach": Reach.ADJACENT}, "Газ от Чирен.", ["Газ", "Чирен"], id="adjacent: same one"),
        pytest.param({"reach": Reach.ADJACENT}, "Газ има. Добре. Чирен мълчи.", [], id="adjacent: one between"),
        pytest.param({"within_words": 2}, "Газ Чирен.", ["Газ", "Чирен"], id="words: side by side"),
        pytest.param({"within_words": 2}, "Газ от Чирен.", [], id="words: one too many"),
        pytest.param({"within_words": 3}, "Газ. От Чирен.", ["Газ", "Чирен"], id="words: across sentences"),
        pytest.param({"reach": Reach.ARTICLE}, "Газ има. Добре. Чирен мълчи.", ["Газ", "Чирен"], id="article"),
    ],
)  # fmt: skip
def test_groups_stand_together(given, text, expected):
    assert found_in(text, a_watch(together(["газ"], ["Чирен"], **given))) == expected


@pytest.mark.parametrize(
    ("given", "fires"),
    [
        pytest.param({}, False, id="sentence"),
        pytest.param({"reach": Reach.ADJACENT}, False, id="adjacent"),
        pytest.param({"within_words": 2}, False, id="words"),
        pytest.param({"reach": Reach.ARTICLE}, True, id="article"),
    ],
)
def test_only_an_article_joins_its_fields(given, fires):
    article = an_article(title="Газ", body="Чирен")
    assert bool(matches(article, a_watch(together(["газ"], ["Чирен"], **given)))) is fires


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Гори край София.", [], id="one word for two groups"),
        pytest.param("Горят гори.", ["Горят", "гори"], id="a word for each"),
        pytest.param("Гори, гори!", ["Гори", "гори"], id="the same form twice"),
    ],
)
def test_no_word_serves_two_groups(text, expected):
    assert found_in(text, a_watch(together(["гора"], ["горя"]))) == expected


def test_phrases_of_two_groups_share_no_word():
    watch = a_watch(together(["горски пожар"], ["пожар в гора"]))

    assert found_in("Горски пожар в гора.", watch) == []
    assert found_in("Горски пожар, после пожар в гора.", watch) == ["Горски пожар", "пожар в гора"]


def test_three_groups_stand_together():
    watch = a_watch(together(["газ"], ["Чирен"], ["зима"]))

    assert found_in("Газ от Чирен.", watch) == []
    assert found_in("Газ от Чирен за зимата.", watch) == ["Газ", "Чирен", "зимата"]


@pytest.mark.parametrize(
    ("watch", "text", "fires"),
    [
        pytest.param(a_watch(all=["газ", "Чирен"]), "Газ от Чирен.", True, id="all of them"),
        pytest.param(a_watch(all=["газ", "Чирен"]), "Газ.", False, id="one of all is missing"),
        pytest.param(a_watch("газ", all=["Чирен"]), "Газ от Чирен.", True, id="any and all"),
        pytest.param(a_watch("газ", all=["Чирен"]), "Чирен.", False, id="all without any"),
        pytest.param(a_watch("газ", all=["Чирен"]), "Газ.", False, id="any without all"),
        pytest.param(
            a_watch("газ", all=["Чирен"], threshold=2), "Газ от Чирен.", False, id="weights of all are not added to any"
        ),
        pytest.param(
            a_watch(all=[Phrase(text="газ", weight=0.1)]), "Газ.", True, id="nothing to weigh where all is alone"
        ),
        pytest.param(a_watch(all=[together(["газ"], near=["зима"])]), "Газ. Зима.", False, id="conditions bind all"),
        pytest.param(a_watch(all=[Person(given="Румен", surname="Радев")]), "Радев.", True, id="person in all"),
        pytest.param(a_watch("газ", Phrase(text="захар", weight=-1)), "Газ.", True, id="negative term absent"),
        pytest.param(a_watch("газ", Phrase(text="захар", weight=-1)), "Газ и захар.", False, id="negative term present"),
        pytest.param(
            a_watch(Phrase(text="газ", weight=2), Phrase(text="захар", weight=-1)), "Газ и захар.", True, id="outweighed"
        ),
        pytest.param(
            a_watch(Phrase(text="газ", weight=0.5), Phrase(text="нефт", weight=0.5)), "Газ и нефт.", True, id="sum reached"
        ),
        pytest.param(
            a_watch(Phrase(text="газ", weight=0.5), Phrase(text="нефт", weight=0.4)), "Газ и нефт.", False, id="sum missed"
        ),
        pytest.param(a_watch(Phrase(text="газ", weight=0.5)), "Газ и газ, и газ.", False, id="a term counts once"),
        pytest.param(
            a_watch(together(["газ", "нефт"], weight=0.5)), "Газ и нефт.", False, id="phrases of one term count once"
        ),
    ],
)  # fmt: skip
def test_terms_add_up(watch, text, fires):
    assert bool(found_in(text, watch)) is fires


def test_negative_term_is_no_evidence():
    watch = a_watch(Phrase(text="газ", weight=2), Phrase(text="захар", weight=-1))
    assert found_in("Газ и захар.", watch) == ["Газ"]


def test_negative_term_alone_leaves_nothing():
    watch = a_watch("газ", Phrase(text="захар", weight=-1))
    assert verdict_of(an_article(body="Захар."), watch).match is None


def test_negative_term_counts_only_by_its_own_conditions():
    watch = a_watch("газ", together(["захар"], near=["цена"], weight=-1))

    assert found_in("Газ. Захар. Цена.", watch) == ["Газ"]
    assert found_in("Газ. Цена на захарта.", watch) == []
