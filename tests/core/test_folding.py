"""Comparison forms and words, and the way back to the text as given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.text.fold import fold, fold_word
from worker.text.words import words_of

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("абвгдежзийклмнопрстуфхцчшщъьюяѝАБВРадев„“\"'-–—aceopxyABCEH \n\u00ad\u200b\u00a0\u0300\u0306"),
        st.characters(codec="utf-8"),
    )
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("Българският", "българският", id="case"),
        pytest.param("„САЩ“", '"сащ"', id="quotes"),
        pytest.param("CAЩ", "сащ", id="latin-look-alikes-in-a-cyrillic-word"),
        pytest.param("Tpъмп", "тръмп", id="name-with-look-alikes"),
        pytest.param("NATO", "nato", id="latin-word-stays-latin"),
        pytest.param("iPhone-ът", "iphone-ът", id="foreign-word-with-article"),
        pytest.param("и\u0300 ѝ", "и и", id="accented-i-decomposed-and-not"),
        pytest.param("и\u0306од", "йод", id="decomposed-short-i"),
        pytest.param("мини\u00adстър", "министър", id="soft-hyphen"),
        pytest.param("две\u00a0думи", "две думи", id="no-break-space"),
        pytest.param("нула\u200bта", "нулата", id="zero-width-space"),
        pytest.param("Киев – Москва", "киев - москва", id="dash"),
    ],
)
def test_fold(text, folded):
    assert fold(text).text == folded


@given(TEXTS)
def test_folding_keeps_a_way_back(text):
    folded = fold(text)

    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


@given(TEXTS)
def test_folding_twice_changes_nothing_more(text):
    once = fold(text).text

    assert fold(once).text == once


@given(TEXTS)
def test_words_slice_back_to_what_they_were_read_from(text):
    for word in words_of(text):
        assert fold_word(text[word.start : word.end]) == word.key


def test_words_part_at_hyphens_and_quotes():
    assert [word.key for word in words_of("F-16 за „Граф Игнатиево“")] == ["f", "16", "за", "граф", "игнатиево"]
