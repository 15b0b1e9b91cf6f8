"""What letters, small words and endings say of a language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.text.spelling import CYRILLIC, is_cyrillic, spelling_votes


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("вътрешният министър", "bg", id="hard-sign-between-consonants"),
        pytest.param("рыба", "ru", id="yery"),
        pytest.param("подъезд закрыт", "ru", id="hard-sign-before-a-vowel"),
        pytest.param("вулиці Києва", "uk", id="dotted-i"),
        pytest.param("ќе дојде", "mk", id="kje"),
        pytest.param("кућа", "sr", id="tshe"),
        pytest.param("през април", "bg", id="small-word"),
        pytest.param("град во кој", "mk", id="small-words-of-macedonian"),
    ],
)
def test_spelling_speaks_for(text, language):
    votes = spelling_votes(text)

    assert max(CYRILLIC, key=votes.__getitem__) == language


def test_shared_letters_speak_for_none_alone():
    votes = spelling_votes("љубов")

    assert votes["mk"] == votes["sr"] > votes["bg"] == 0


@pytest.mark.parametrize(
    ("text", "cyrillic"),
    [
        ("Apple представи новия iPhone 17", True),
        ("Read Bulgarian news: Вести", False),
        ("CAЩ", True),
        ("2:1", False),
        ("", False),
    ],
)
def test_cyrillic(text, cyrillic):
    assert is_cyrillic(text) is cyrillic


@given(st.text())
def test_every_language_has_a_vote_not_below_zero(text):
    votes = spelling_votes(text)

    assert set(votes) == set(CYRILLIC)
    assert min(votes.values()) >= 0
