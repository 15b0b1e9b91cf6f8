"""Where texts were cut off, and how the models get to read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.values import an_article
from worker.models.news import Field
from worker.text.cuts import cut_of
from worker.text.model_text import for_models, is_unsafe, unsafe_from

TEASER = "Двама души пострадаха при катастрофа на пътя между Русе и Бяла, съобщиха от полицията. Причината е несъобразена скорост, а движението е огра"
TEXTS = st.text(alphabet=st.sampled_from("абвГДе. …[]()»\nПрочети още\u00ad\u0301İ1"), max_size=60)


@pytest.mark.parametrize(
    ("text", "kept", "mid_word"),
    [
        pytest.param("Заяви това вчера Министерст…", "Заяви това вчера ", True, id="sign-touches-the-word"),
        pytest.param("Заяви това вчера Министерст...", "Заяви това вчера ", True, id="three-dots"),
        pytest.param("Заяви това вчера Министерст[…]", "Заяви това вчера ", True, id="brackets-touch-the-word"),
        pytest.param("Заяви това вчера министърът …", "Заяви това вчера министърът", False, id="sign-after-a-space"),
        pytest.param("Заяви това вчера министърът […]", "Заяви това вчера министърът", False, id="brackets"),
        pytest.param("Заяви това вчера министърът [...]", "Заяви това вчера министърът", False, id="dots-in-brackets"),
        pytest.param("Дъжд. Румен Рад... Виж повече »", "Дъжд. Румен ", True, id="sign-and-invitation"),
        pytest.param("Дъжд. Румен Рад Прочети още", "Дъжд. Румен ", True, id="invitation-only"),
        pytest.param("Това е всичко. Прочетете още", "Това е всичко.", False, id="invitation-after-a-full-stop"),
        pytest.param("Прочети още", "", False, id="nothing-but-an-invitation"),
        pytest.param(TEASER[:140].rstrip(), "…", True, id="usual-length"),
    ],
)  # fmt: skip
def test_cut(text, kept, mid_word):
    cut = cut_of(text)

    assert cut is not None
    assert cut.mid_word is mid_word
    assert kept == "…" or text[: cut.end] == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Това е цялото изречение.",
        "Той каза: „Не…“",
        "Кой ще прочети още книги?",
        "Без точка накрая",
        "Слънце и до 25 градуса",
    ],
)
def test_text_that_ends_by_itself(text):
    assert cut_of(text) is None


@pytest.mark.parametrize(
    ("summary", "end", "mid_word"),
    [
        pytest.param("В момента мн", 10, True, id="in-a-word"),
        pytest.param("В момента много", 15, False, id="between-words"),
        pytest.param("В момента много…", 15, False, id="sign-although-the-word-is-whole"),
    ],
)
def test_longer_text_tells_what_was_cut(summary, end, mid_word):
    cut = cut_of(summary, "В момента много хора чакат.")

    assert cut is not None
    assert (cut.end, cut.mid_word) == (end, mid_word)


def test_half_a_word_and_the_marks_are_blank_for_the_models():
    article = an_article(title="Дъжд", summary="Говори Румен Рад... Виж повече", body="Цял текст. Прочети още")

    texts = for_models(article)

    assert texts[Field.SUMMARY] == "Говори Румен" + " " * 18
    assert texts[Field.BODY] == "Цял текст." + " " * 12
    assert unsafe_from(article) == {Field.SUMMARY: 13}


@pytest.mark.parametrize(
    ("end", "unsafe"),
    [pytest.param(12, True, id="up-to-the-cut"), pytest.param(16, True, id="in-the-cut"), pytest.param(6, False, id="before")],
)  # fmt: skip
def test_name_that_touches_the_cut_is_unsafe(end, unsafe):
    assert is_unsafe("Говори Румен Рад...", end, 13) is unsafe


@given(TEXTS, TEXTS, TEXTS)
def test_what_the_models_read_keeps_every_place(title, summary, body):
    article = an_article(title=title, summary=summary, body=body)

    for field, text in for_models(article).items():
        given_text = article.text_of(field)
        assert len(text) == len(given_text)
        assert [i for i, char in enumerate(text) if char == "\n"] == [
            i for i, char in enumerate(given_text) if char == "\n"
        ]


@given(TEXTS)
def test_cut_lies_in_the_text_and_spares_what_is_before(text):
    cut = cut_of(text)

    if cut is not None:
        assert 0 <= cut.end <= len(text)
        assert not cut.mid_word or text[cut.end].isalnum()


@given(TEXTS)
def test_reading_a_prepared_text_again_changes_nothing(text):
    once = for_models(an_article(title=text, summary=text, body=""))[Field.TITLE]

    assert for_models(an_article(title=once, summary=text, body=""))[Field.TITLE] == once
