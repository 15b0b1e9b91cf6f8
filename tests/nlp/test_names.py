"""Canonical names, without a model."""

import pytest

from worker.models.news import Field, MentionKind, Token
from worker.nlp.names import Found, named


def found(
    text: str, kind: MentionKind = MentionKind.ORG, lemma: str | None = None, upos: str = "NOUN", start: int = 0
) -> Found:
    end = start + len(text)
    first = text.strip("„“ ").split(" ")[0]
    tokens = (Token(start=start, end=end, lemma=lemma or first.lower(), upos=upos),)
    return Found(field=Field.BODY, start=start, end=end, text=text, kind=kind, tokens=tokens)


@pytest.mark.parametrize(
    ("item", "text", "name"),
    [
        pytest.param(found("„Лукойл“"), "Лукойл", "Лукойл", id="quotes-around-the-whole-name-go"),
        pytest.param(found("АЕЦ „Козлодуй“"), "АЕЦ „Козлодуй“", "АЕЦ „Козлодуй“", id="quotes-inside-stay"),
        pytest.param(found("„Булгаргаз"), "Булгаргаз", "Булгаргаз", id="lone-quote-goes"),
        pytest.param(found("Алиансът", lemma="алианс"), "Алиансът", "Алианс", id="article"),
        pytest.param(found("Съвета на ЕС", lemma="съвет"), "Съвета на ЕС", "Съвет на ЕС", id="short-article"),
        pytest.param(found("Европейската комисия", lemma="европейски", upos="ADJ"), "Европейската комисия", "Европейска комисия", id="adjective"),
        pytest.param(found("Министерския съвет", lemma="министерски", upos="ADJ"), "Министерския съвет", "Министерски съвет", id="masculine-adjective"),
        pytest.param(found("Прага", MentionKind.LOC, lemma="праг"), "Прага", "Прага", id="place-that-ends-like-an-article"),
    ],
)  # fmt: skip
def test_name(item, text, name):
    (mention,) = named([item])

    assert (mention.text, mention.name) == (text, name)
    assert mention.end - mention.start == len(text)


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(found("демократите", MentionKind.PER), id="lower-case-group"),
        pytest.param(found("Социологът", MentionKind.PER, lemma="социолог"), id="common-noun-with-article"),
        pytest.param(found("„“"), id="only-quotes"),
    ],
)
def test_what_names_nobody_is_dropped(item):
    assert named([item]) == ()


def test_surname_takes_the_full_name_but_not_that_of_a_woman():
    full = found("Румен Радев", MentionKind.PER, upos="PROPN")
    surname = found("Радев", MentionKind.PER, lemma="радев", upos="PROPN", start=20)
    woman = found("Радева", MentionKind.PER, lemma="радева", upos="PROPN", start=40)

    assert [mention.name for mention in named([full, surname, woman])] == ["Румен Радев", "Румен Радев", "Радева"]
