"""What a match rests on: word forms alone, or what models say; and terms that ask for a meaning."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.matching.builders import (
    a_concept,
    a_watch,
    an_analysis,
    an_article,
    an_index,
    match_of,
    matches,
    together,
    verdict_of,
)
from worker.matching.match import verdicts
from worker.matching.verdicts import Refusal
from worker.models.watch import Layer, Meaning, Person, Phrase

A, B = Layer.FORMS, Layer.MODELS
#: No rule makes the one of the other, so only a lemma tells.
LEMMAS = {"тръбите": "мрежа"}
SUPPLY = Meaning(description="Доставките на гориво спират", weight=0.5)
STOPS = "Газ няма. Тръбата е празна. Всички мълчат."


def a_closeness(*close: str, probability=0.9):
    """Sentences that hold one of these are as close as `probability`; asks are kept in the list."""
    asked: list[tuple[str, tuple[str, ...]]] = []

    def closeness(description, sentences):
        asked.append((description, tuple(sentences)))
        return [probability if any(word in sentence for word in close) else 0.1 for sentence in sentences]

    return closeness, asked


@pytest.mark.parametrize(
    ("watch", "layers", "layer"),
    [
        pytest.param(a_watch("газ"), [A], A, id="by form"),
        pytest.param(a_watch("тръбите"), [A], A, id="form before lemma"),
        pytest.param(a_watch("мрежа"), [B], B, id="by lemma"),
        pytest.param(a_watch("газ", "мрежа"), [A, B], A, id="forms suffice"),
        pytest.param(a_watch("газ", "мрежа", threshold=2), [A, B], B, id="forms do not suffice"),
        pytest.param(a_watch("газ за мрежа"), [B], B, id="one word of a phrase by lemma"),
        pytest.param(a_watch(together(["газ"], ["мрежа"])), [B, B], B, id="one group by lemma"),
        pytest.param(a_watch(together(["газ", "мрежа"])), [A, B], A, id="another phrase of the term by form"),
        pytest.param(a_watch(all=["газ", "мрежа"]), [A, B], B, id="all alone, one by lemma"),
        pytest.param(a_watch(all=["газ"]), [A], A, id="all alone, by form"),
        pytest.param(a_watch("$то"), [B], B, id="name of a concept by lemma"),
    ],
)  # fmt: skip
def test_match_is_of_the_forms_where_they_suffice(watch, layers, layer):
    article = an_article(body="Газ за тръбите.")
    analysis = an_analysis(article, LEMMAS)

    match = match_of(article, watch, analysis=analysis, concepts=(a_concept("то", "мрежа"),))

    assert ([one.layer for one in match.evidence], match.layer) == (layers, layer)


def test_person_is_found_by_forms():
    article = an_article(body="Румен Радев говори.")
    match = match_of(article, a_watch(Person(given="Румен", surname="Радев")), analysis=an_analysis(article))
    assert match.layer is A


def test_meaning_adds_its_weight_to_the_terms_found():
    closeness, _ = a_closeness("Тръбата")

    match = match_of(an_article(body=STOPS), a_watch("газ", SUPPLY), closeness=closeness)

    assert match.weight == 1.5


def test_meaning_may_tip_the_scale_and_makes_the_match_one_of_models():
    closeness, _ = a_closeness("Тръбата")
    watch = a_watch("газ", SUPPLY, threshold=1.5)

    assert verdict_of(an_article(body=STOPS), watch).refusal is Refusal.TOO_LIGHT
    assert match_of(an_article(body=STOPS), watch, closeness=closeness).layer is B


def test_meaning_beside_enough_forms_leaves_their_layer():
    closeness, _ = a_closeness("Тръбата")
    assert match_of(an_article(body=STOPS), a_watch("газ", SUPPLY), closeness=closeness).layer is A


def test_evidence_of_a_meaning_is_each_sentence_that_says_it():
    closeness, _ = a_closeness("Тръбата", "мълчат")
    article = an_article(body=STOPS)

    match = match_of(article, a_watch("газ", SUPPLY), closeness=closeness)

    assert [(one.text, one.term, one.layer) for one in match.evidence] == [
        ("Газ", "газ", A),
        ("Тръбата е празна", SUPPLY.description, B),
        ("Всички мълчат", SUPPLY.description, B),
    ]


def test_meaning_is_asked_of_the_sentences_of_all_fields():
    closeness, asked = a_closeness()
    article = an_article(title="Газ", summary="Тръбата е празна.", body="Всички мълчат. Защо?")

    verdict_of(article, a_watch("газ", SUPPLY), closeness=closeness)

    assert asked == [(SUPPLY.description, ("Газ", "Тръбата е празна", "Всички мълчат", "Защо"))]


@pytest.mark.parametrize(
    ("probability", "weight"),
    [pytest.param(0.5, 1.5, id="as likely as not"), pytest.param(0.49, 1, id="less than that")],
)
def test_meaning_counts_from_a_half_on(probability, weight):
    closeness, _ = a_closeness("Тръбата", probability=probability)
    assert match_of(an_article(body=STOPS), a_watch("газ", SUPPLY), closeness=closeness).weight == weight


def test_meaning_fires_alone_only_where_it_may():
    closeness, _ = a_closeness("Тръбата")
    heavy = Meaning(description=SUPPLY.description, weight=5)
    alone = Meaning(description=SUPPLY.description, weight=5, alone=True)
    article = an_article(body="Тръбата е празна.")

    assert matches(article, a_watch(heavy, "газ")) == ()
    assert verdicts(article, None, an_index(a_watch(heavy, "газ")), closeness=closeness) == ()
    assert match_of(article, a_watch(alone), closeness=closeness).layer is B


def test_meaning_does_not_fire_without_a_closeness_to_ask():
    alone = Meaning(description=SUPPLY.description, alone=True)
    assert verdict_of(an_article(body=STOPS), a_watch(alone)).refusal is Refusal.NOTHING_LEFT


@pytest.mark.parametrize(
    "watch",
    [
        pytest.param(a_watch("нефт", SUPPLY), id="no term stands in the text"),
        pytest.param(a_watch("газ", SUPPLY, none=["газ няма"]), id="no term counts"),
        pytest.param(a_watch(together(["газ"], needs=["Чирен"]), SUPPLY), id="condition of the only term"),
        pytest.param(a_watch("газ", SUPPLY, unless=["тръба"]), id="watch is silent"),
        pytest.param(a_watch("газ", SUPPLY, needs=["Чирен"]), id="condition of the watch"),
        pytest.param(a_watch("газ"), id="no meaning asked for"),
    ],
)
def test_meaning_is_not_asked_where_it_cannot_matter(watch):
    closeness, asked = a_closeness("Тръбата")

    verdicts(an_article(body=STOPS), None, an_index(watch), closeness=closeness)

    assert asked == []


def test_meaning_may_be_demanded_beside_a_term():
    watch = a_watch("газ", all=[SUPPLY])
    close, _ = a_closeness("Тръбата")
    far, _ = a_closeness()

    assert verdict_of(an_article(body=STOPS), watch, closeness=close).refusal is None
    assert verdict_of(an_article(body=STOPS), watch, closeness=far).refusal is Refusal.PART_MISSING


def test_meaning_may_speak_against():
    closeness, _ = a_closeness("Тръбата")
    watch = a_watch("газ", Meaning(description=SUPPLY.description, weight=-0.5))

    assert verdict_of(an_article(body=STOPS), watch, closeness=closeness).refusal is Refusal.TOO_LIGHT


_WORDS = st.sampled_from(
    ["НАТО", "алиансът", "банката", "БНБ", "лихвите", "Радев", "Румен", "Димитър", "газ", "газа", "тръбите", "не",
     "тогава", "в", "на", ". ", ", ", "\n"]
)  # fmt: skip
_TEXTS = st.lists(_WORDS, max_size=20).map(" ".join)
_PHRASES = st.sampled_from(
    ["НАТО", "газ", "=газа", "лих*", "$бнб", "$алианс", "газ на $алианс", "мрежа", "Радев", "алианс/банка", "не", "БНБ"]
)
_LISTS = st.lists(_PHRASES, max_size=2)
_CONCEPTS = (
    a_concept("бнб", "БНБ", weak=["банката"], context=["лихва", "газ"], none=["банката не"]),
    a_concept("алианс", "НАТО", weak=["алиансът"], context=["мрежа"]),
)
_OTHERS = (
    a_concept("други", "НАТО", "$бнб", weak=["газ", "банката"], context=["Радев"], none=["алиансът"]),
    a_concept("трети", "Радев", weak=["тръбите"], none=["НАТО"]),
)


@st.composite
def _terms(draw):
    weight = draw(st.sampled_from([1.0, 0.5, 2.0, -1.0]))
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return Person(given="Румен", surname="Радев", weight=weight)
    if kind == 1:
        return Phrase(text=draw(_PHRASES), weight=weight)
    groups = draw(st.lists(st.lists(_PHRASES, min_size=1, max_size=2), min_size=1, max_size=2))
    return together(*groups, weight=weight, needs=draw(_LISTS), unless=draw(_LISTS), near=draw(_LISTS))


@st.composite
def _watches(draw, watch_id="w"):
    return a_watch(
        *draw(st.lists(_terms(), min_size=1, max_size=3)),
        watch_id=watch_id,
        all=draw(st.lists(_terms(), max_size=1)),
        none=draw(_LISTS),
        needs=draw(_LISTS),
        unless=draw(_LISTS),
        threshold=draw(st.sampled_from([0.5, 1.0, 1.5])),
    )


def verdicts_of(watch_id, text, watches, concepts, lemmas=None):
    article = an_article(title=text[:20], body=text)
    analysis = None if lemmas is None else an_analysis(article, lemmas)
    found = verdicts(article, analysis, an_index(*watches, concepts=concepts))
    return [verdict for verdict in found if verdict.watch_id == watch_id]


@given(text=_TEXTS, watch=_watches(), other=_watches("other"), before=st.booleans())
@settings(max_examples=200, deadline=None)
def test_another_watch_never_changes_what_is_said_of_one(text, watch, other, before):
    watches = (other, watch) if before else (watch, other)
    assert verdicts_of("w", text, watches, _CONCEPTS) == verdicts_of("w", text, (watch,), _CONCEPTS)


@given(text=_TEXTS, watch=_watches(), before=st.booleans())
@settings(max_examples=200, deadline=None)
def test_another_concept_never_changes_what_is_said_of_a_watch(text, watch, before):
    concepts = (*_OTHERS, *_CONCEPTS) if before else (*_CONCEPTS, *_OTHERS)
    assert verdicts_of("w", text, (watch,), concepts) == verdicts_of("w", text, (watch,), _CONCEPTS)


@given(text=_TEXTS.map(lambda text: text.replace("\n", ". ")), watch=_watches())
@settings(max_examples=200, deadline=None)
def test_lemmas_equal_to_the_words_add_nothing_to_the_forms(text, watch):
    article = an_article(body=text)
    # Sentences of the same analysis, so that only lemmas differ.
    plain = an_analysis(article, dict.fromkeys(text.split(), ""))

    by_forms = matches(article, watch, analysis=plain, concepts=_CONCEPTS)

    assert matches(article, watch, analysis=an_analysis(article), concepts=_CONCEPTS) == by_forms


@given(text=_TEXTS, watch=_watches())
@settings(max_examples=200, deadline=None)
def test_without_an_analysis_all_is_of_the_forms(text, watch):
    for verdict in verdicts_of("w", text, (watch,), _CONCEPTS):
        if verdict.match:
            assert {verdict.match.layer, *(one.layer for one in verdict.match.evidence)} == {A}


@given(text=_TEXTS, watch=_watches(), lemmas=st.sampled_from([None, {}, LEMMAS]))
@settings(max_examples=200, deadline=None)
def test_every_verdict_says_why(text, watch, lemmas):
    for verdict in verdicts_of("w", text, (watch,), _CONCEPTS, lemmas):
        assert (verdict.match is None) is (verdict.refusal is not None)
        assert verdict.match.reason.strip() if verdict.match else verdict.detail.strip()


@given(text=_TEXTS, watch=_watches(), lemmas=st.sampled_from([None, {}, LEMMAS]))
@settings(max_examples=200, deadline=None)
def test_evidence_slices_back_to_its_text_in_its_sentence(text, watch, lemmas):
    article = an_article(title=text[:20], body=text)
    for verdict in verdicts_of("w", text, (watch,), _CONCEPTS, lemmas):
        for one in verdict.match.evidence if verdict.match else ():
            whole = article.text_of(one.field)
            assert whole[one.start : one.end] == one.text
            assert one.text in whole[one.sentence_start : one.sentence_end]
