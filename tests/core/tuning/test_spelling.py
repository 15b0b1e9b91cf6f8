"""Forms of a phrase as a person is shown them."""

import pytest

from worker.forms import FormKind
from worker.tuning.spelling import forms_lines, forms_of_phrase


def test_forms_are_grouped_by_word_and_kind():
    found = forms_of_phrase("народна банка")

    assert [word.written for word in found.words] == ["народна", "банка"]
    assert "банката" in found.words[1].kinds[FormKind.DEFINITE]
    assert "банки" in found.words[1].kinds[FormKind.PLURAL]


def test_kinds_narrow_the_list():
    (word,) = forms_of_phrase("банка", frozenset({FormKind.DEFINITE})).words

    assert set(word.kinds) == {FormKind.DEFINITE}


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        pytest.param("покан*", "any word that begins with «покан»", id="star"),
        pytest.param("=еврото", "this form only", id="fixed"),
        pytest.param("НАТО", "in capitals only", id="acronym"),
        pytest.param("Йенс Столтенберг", "Столтенберг alone while the article names nobody else", id="person"),
        pytest.param("Йенс Столтенберг", "stoltenberg", id="latin"),
        pytest.param("Българска народна банка", "not found by БНБ", id="abbreviation"),
        pytest.param("генсек/шеф", "one word", id="either"),
    ],
)
def test_what_else_it_is_found_by_is_said(phrase, expected):
    assert expected in "\n".join(forms_lines(forms_of_phrase(phrase)))


@pytest.mark.parametrize("phrase", ["", "…", "а*"])
def test_what_is_no_phrase_is_refused(phrase):
    with pytest.raises(ValueError, match="«"):
        forms_of_phrase(phrase)
