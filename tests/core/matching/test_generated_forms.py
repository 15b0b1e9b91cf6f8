"""Every form that a word has is found in a text, spelled as the news spells it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.matching.builders import a_watch, found_in
from worker.forms import FormKind, forms_of, is_surname_like
from worker.models.watch import Person


def listed(words: str) -> list[str]:
    return words.split()


COMMON = listed(
    """
    министър президент борец вятър хляб съд гражданин човек война среща ръка нощ място решение дете ум юг
    български национален горски бърз ратифицирам нападам искам присъединяване разследване
    """
)
PLACES = listed("София България Пловдив Варна Чирен Брюксел Киев Русе Бургас Комисия Столична Европейски Прокуратура")
ACRONYMS = listed("НАТО ЕС БНБ ДПС КЕВР ГЕРБ ЮНЕСКО NATO EU")
SURNAMES = listed("Радев Радева Пеевски Пеевска Петков Нинова Станишев Тодорин Столтенберг Гешев")
_SHORT_ACRONYM = 4
_LETTERS = "абвгдежзийклмнопрстуфхцчшщъьюя"
_ANY_WORD = st.text(alphabet=_LETTERS, min_size=1, max_size=9)
_TERMS = st.one_of(
    st.sampled_from([*COMMON, *PLACES, *ACRONYMS, *SURNAMES]),
    _ANY_WORD,
    _ANY_WORD.map(str.capitalize),
    _ANY_WORD.map(str.upper).filter(lambda word: len(word) > 1),
)


def spelled(term: str, form: str, kind: FormKind) -> str:
    """The form as the news writes it: „натовски“ in small letters, else with the capitals of the term."""
    if kind is FormKind.RELATIONAL or term.islower():
        return form
    return form.upper() if term[1:].isupper() else form[:1].upper() + form[1:]


def is_another(term: str, kind: FormKind) -> bool:
    """Whether a form of this kind is not what the term means: a family, „BNB“."""
    if kind is FormKind.PLURAL:
        return not term[1:].isupper() and term[:1].isupper() and is_surname_like(term.lower())
    return kind is FormKind.LATIN and term[1:].isupper() and len(term) < _SHORT_ACRONYM


def missed(term: str) -> list[str]:
    written = [spelled(term, form, kind) for form, kind in forms_of(term).items() if not is_another(term, kind)]
    return [word for word in written if word not in found_in(f"Снощи – {word} – сред новините.", a_watch(term))]


@pytest.mark.parametrize("term", [*COMMON, *PLACES, *ACRONYMS, *SURNAMES])
def test_every_form_of_a_term_is_found(term):
    assert missed(term) == []


@given(_TERMS)
@settings(max_examples=200, deadline=None)
def test_every_form_of_any_word_is_found(term):
    assert missed(term) == []


@given(_TERMS, st.sampled_from(["цена на {}", "{} от сряда"]))
@settings(max_examples=100, deadline=None)
def test_every_form_is_found_inside_a_phrase(term, phrase):
    for form, kind in forms_of(term).items():
        if not is_another(term, kind):
            written = phrase.format(spelled(term, form, kind))
            assert found_in(f"Снощи {written}.", a_watch(phrase.format(term))) == [written]


@given(st.sampled_from([*COMMON, *PLACES]))
@settings(max_examples=50, deadline=None)
def test_every_form_is_found_in_capitals(term):
    for form, kind in forms_of(term).items():
        if not is_another(term, kind):
            assert found_in(f"СНОЩИ – {form.upper()} – ОТНОВО", a_watch(term)) == [form.upper()]


@pytest.mark.parametrize("surname", SURNAMES)
def test_every_spelling_of_a_persons_surname_is_found(surname):
    kinds = frozenset({FormKind.POSSESSIVE, FormKind.LATIN, FormKind.CYRILLIC})
    watch = a_watch(Person(given="Румен", surname=surname))

    for form, kind in forms_of(surname, kinds=kinds).items():
        written = spelled(surname, form, kind)
        assert found_in(f"Снощи – {written} – сред новините.", watch) == [written]


@pytest.mark.parametrize(
    ("term", "written"),
    [
        pytest.param("Радев", "Радеви", id="family"),
        pytest.param("Радев", "Радева", id="woman of the family"),
        pytest.param("Радев", "радевият", id="surname in small letters"),
        pytest.param("БНБ", "BNB", id="short acronym in Latin letters"),
        pytest.param("НАТО", "нато", id="acronym in small letters"),
        pytest.param("София", "софия", id="place in small letters"),
    ],
)
def test_form_of_another_is_not_found(term, written):
    assert found_in(f"Снощи – {written} – сред новините.", a_watch(term)) == []
