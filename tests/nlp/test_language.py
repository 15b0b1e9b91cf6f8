"""The language of short texts, of our own making, in `tests/data/language/languages.tsv`."""

from pathlib import Path

import pytest

from tests.store.values import an_article
from worker.nlp.language import LanguageGuesser

TEXTS = Path(__file__).parents[1] / "data" / "language" / "languages.tsv"


@pytest.fixture(scope="module")
def guesser() -> LanguageGuesser:
    return LanguageGuesser()


def labelled() -> list[tuple[str, str]]:
    lines = TEXTS.read_text(encoding="utf-8").splitlines()
    return [(language, text) for language, text in (line.split("\t") for line in lines)]


def test_nearly_all_headlines_are_told_apart(guesser):
    texts = labelled()

    found = [(language, guesser.of_text(text)) for language, text in texts]

    right = sum(language == guess for language, guess in found)
    bulgarian = [guess for language, guess in found if language == "bg"]
    taken_for_bulgarian = [language for language, guess in found if guess == "bg" != language]
    assert right >= 0.94 * len(texts)
    assert bulgarian.count("bg") >= 0.97 * len(bulgarian)
    assert len(taken_for_bulgarian) <= 0.06 * (len(texts) - len(bulgarian))


@pytest.mark.parametrize("text", ["", "17", "2:1", "…", "О"])
def test_nothing_to_go_by_is_bulgarian(guesser, text):
    assert guesser.of_text(text) == "bg"


def test_article_is_judged_by_title_summary_and_start_of_body(guesser):
    body = "Президент России Владимир Путин подписал указ. " * 5

    assert guesser.of_article(an_article(title="Владимир Путин", body=body)) == "ru"


@pytest.mark.parametrize(
    ("paragraph", "language"),
    [
        pytest.param("The photo was taken by John Smith", "bg", id="short-follows-the-article"),
        pytest.param("The government said on Monday that it would raise the minimum wage by a tenth next year.", "en", id="long-has-its-own"),
    ],
)  # fmt: skip
def test_paragraph(guesser, paragraph, language):
    assert guesser.of_paragraph(paragraph, "bg") == language
