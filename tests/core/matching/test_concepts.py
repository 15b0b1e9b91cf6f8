"""What `$name` stands for, and when a weak name means its concept."""

import pytest

from tests.core.matching.builders import a_concept, a_watch, an_analysis, an_article, an_index, found_in, match_of
from worker.matching.concepts import MAX_SPELLINGS, spellings
from worker.models.news import FORMS_ONLY, MentionKind

BANK = a_concept(
    "бнб", "БНБ", "Българска народна банка", weak=["банката"], context=["лихви", "левове"], none=["банката донор"]
)
UNION = a_concept("съюз", "ЕС", "Евросъюз", weak=["съюзът"], context=["Брюксел"])


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        pytest.param("$бнб", "БНБ мълчи.", ["БНБ"], id="alone"),
        pytest.param("$бнб", "В Българската народна банка мълчат.", ["Българската народна банка"], id="inflected"),
        pytest.param("управител на $бнб", "Управителят на БНБ мълчи.", ["Управителят на БНБ"], id="at the end"),
        pytest.param("$съюз мълчи", "ЕС мълчи.", ["ЕС мълчи"], id="at the beginning"),
        pytest.param("от $съюз до", "Път от Евросъюза до нас.", ["от Евросъюза до"], id="in the middle"),
        pytest.param("$бнб и $съюз", "БНБ и ЕС спорят.", ["БНБ и ЕС"], id="two in one phrase"),
        pytest.param("член на $съюз", "ЕС мълчи.", [], id="the phrase around it is demanded"),
        pytest.param("$съюз", "Брюксел мълчи.", [], id="context is no name"),
    ],
)
def test_concept_stands_for_every_name_of_it(phrase, text, expected):
    assert found_in(text, a_watch(phrase), concepts=(BANK, UNION)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Казаха от банката.", [], id="nothing speaks for it"),
        pytest.param("Казаха от банката. БНБ мълчи.", ["банката", "БНБ"], id="strong name in another sentence"),
        pytest.param("Лихвите растат, казаха от банката.", ["банката"], id="one word of context in its sentence"),
        pytest.param("Лихвите растат. Казаха от банката.", [], id="one word of context elsewhere"),
        pytest.param("Лихвите растат. Лихвите падат. Казаха от банката.", [], id="the same word twice elsewhere"),
        pytest.param(
            "Лихвите са в левове. Казаха от банката.", ["банката"], id="two different words of context elsewhere"
        ),
        pytest.param("ЕС мълчи. Казаха от банката.", [], id="another concept's strong name"),
        pytest.param("Казаха от банката донор. БНБ мълчи.", ["БНБ"], id="cancelled by its none"),
        pytest.param(
            "Казаха от банката и от банката донор. БНБ мълчи.", ["банката", "БНБ"], id="none cancels only what it overlaps"
        ),
    ],
)  # fmt: skip
def test_weak_name_means_its_concept_where_something_speaks_for_it(text, expected):
    assert found_in(text, a_watch("$бнб"), concepts=(BANK, UNION)) == expected


def test_strong_name_in_the_title_settles_a_weak_one_in_the_body():
    article = an_article(title="Решение на БНБ", body="Казаха от банката.")

    match = match_of(article, a_watch("от $бнб"), concepts=(BANK,))

    assert [one.text for one in match.evidence] == ["от банката"]


def test_strong_name_that_none_cancels_settles_nothing():
    concept = a_concept("отбор", "Левски", weak=["сините"], none=["Васил Левски"])

    assert found_in("Паметник на Васил Левски. Победиха сините.", a_watch("победиха $отбор"), concepts=(concept,)) == []


def test_weak_name_inside_a_phrase_needs_its_context_too():
    watch = a_watch("управител на $бнб")

    assert found_in("Управителят на банката мълчи.", watch, concepts=(BANK,)) == []
    assert found_in("Управителят на банката вдига лихвите.", watch, concepts=(BANK,)) == ["Управителят на банката"]


@pytest.mark.parametrize(
    ("entity", "name", "expected"),
    [
        pytest.param("Българска народна банка", "Българска народна банка", ["банката"], id="its own"),
        pytest.param("Българска народна банка", "Европейска централна банка", [], id="another one"),
        pytest.param("", "Българска народна банка", [], id="the concept is no entity"),
    ],
)
def test_mention_of_the_entity_is_as_good_as_a_strong_name(entity, name, expected):
    concept = a_concept("банка", "БНБ", weak=["банката"], entity=entity)
    mentions = [("Централната", MentionKind.ORG, name)]

    text = "Централната реши. Казаха от банката."

    assert found_in(text, a_watch("$банка"), mentions=mentions, concepts=(concept,)) == expected


def test_mention_that_the_catalogue_found_without_models_serves_as_well():
    concept = a_concept("банка", "БНБ", weak=["банката"], entity="БНБ")
    article = an_article(body="Централната реши. Казаха от банката.")
    analysis = an_analysis(article, mentions=[("Централната", MentionKind.ORG, "БНБ")], model=FORMS_ONLY)

    match = match_of(article, a_watch("$банка"), analysis=analysis, concepts=(concept,))

    assert [one.text for one in match.evidence] == ["банката"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ЕС мълчи.", ["ЕС"], id="own name"),
        pytest.param("БНБ мълчи.", ["БНБ"], id="name of the inner one"),
        pytest.param("Казаха от банката.", [], id="weak name of the inner one"),
        pytest.param("Казаха от банката, че лихвите растат.", ["банката"], id="context of the inner one"),
    ],
)
def test_concept_may_be_built_of_others(text, expected):
    outer = a_concept("власт", "$съюз", "$бнб")
    assert found_in(text, a_watch("$власт"), concepts=(BANK, UNION, outer)) == expected


def test_evidence_carries_the_name_that_was_found():
    match = match_of(an_article(body="Управителят на БНБ мълчи."), a_watch("управител на $бнб"), concepts=(BANK,))
    assert [one.term for one in match.evidence] == ["управител на БНБ"]


def test_names_of_a_concept_are_one_term():
    watch = a_watch("$бнб", threshold=2)
    assert found_in("БНБ е Българска народна банка.", watch, concepts=(BANK,)) == []


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        pytest.param("needs", ["Газ", "Чирен"], id="needs"),
        pytest.param("unless", [], id="unless"),
        pytest.param("none", ["Газ"], id="none"),
    ],
)
def test_concept_serves_as_condition_of_a_watch(role, expected):
    concept = a_concept("тук", "България", "Чирен")
    assert found_in("Газ от Чирен дойде.", a_watch("газ", "Чирен", **{role: ["$тук"]}), concepts=(concept,)) == expected


def test_phrase_unfolds_to_each_spelling_once():
    concept = a_concept("газ", "газ", "газ", weak=["гориво"])

    found = spellings("цена на $газ", {"газ": concept})

    assert found == (("цена на газ", ()), ("цена на гориво", ("газ",)))


@pytest.mark.parametrize(
    ("phrase", "concepts", "message"),
    [
        pytest.param("цена на $газ", (), "there is no concept «газ»", id="missing"),
        pytest.param("$а", (a_concept("а", "$а"),), "concept «а» leads back to itself: а → а", id="of itself"),
        pytest.param(
            "$а", (a_concept("а", "$б"), a_concept("б", "и $а")), "leads back to itself: а → б → а", id="circle"
        ),
        pytest.param(
            "$а", (a_concept("а", "едно", weak=["$а"]),), "concept «а» leads back to itself", id="circle by a weak name"
        ),
    ],
)
def test_phrase_with_an_unsound_concept_is_refused(phrase, concepts, message):
    with pytest.raises(ValueError, match=message):
        spellings(phrase, {concept.name: concept for concept in concepts})


@pytest.mark.parametrize(
    ("text", "number"),
    [pytest.param("$а $а", 40 * 40, id="many"), pytest.param("$а $а $а", None, id="too many")],
)
def test_phrase_unfolds_to_so_many_spellings_at_most(text, number):
    concepts = {"а": a_concept("а", *(f"дума{n}" for n in range(40)))}

    if number is None:
        with pytest.raises(ValueError, match=f"unfolds to {40**3} phrases, more than {MAX_SPELLINGS}"):
            spellings(text, concepts)
    else:
        assert len(spellings(text, concepts)) == number


def test_compiling_names_the_watch_whose_concept_is_missing():
    with pytest.raises(ValueError, match="watch w: there is no concept «газ»"):
        an_index(a_watch("$газ"))
