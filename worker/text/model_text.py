"""An article as the language models shall read it: the same places, without what would mislead them; pure.

Half a word at a cut and the marks behind it become spaces, and a headline in capitals is written as a sentence.
Each text keeps its length, so that every offset means the same place in the article as stored.
"""

from collections.abc import Mapping

from worker.models.news import Article, Field
from worker.text.cuts import Cut, cut_of
from worker.text.headline import is_shouted, sentence_case


def for_models(article: Article) -> Mapping[Field, str]:
    """Each field in the form to be analysed, of exactly its own length."""
    title = article.title
    if is_shouted(title):
        title = sentence_case(title, article.summary, article.body)
    return {Field.TITLE: title} | {
        field: _blanked(article.text_of(field), cut) for field, cut in _cuts(article).items()
    }


def unsafe_from(article: Article) -> Mapping[Field, int]:
    """Where the whole text of a field that was cut off in a word ends: a name that reaches there may be half a name.

    Fields that end by themselves, or between two words, are absent; a title is never cut.
    """
    return {field: cut.end for field, cut in _cuts(article).items() if cut is not None and cut.mid_word}


def is_unsafe(text: str, end: int, whole_until: int) -> bool:
    """Whether a span that ends at `end` touches the cut: nothing but signs stands between."""
    return end > whole_until or not any(char.isalnum() for char in text[end:whole_until])


def _cuts(article: Article) -> dict[Field, Cut | None]:
    return {Field.SUMMARY: cut_of(article.summary, article.body), Field.BODY: cut_of(article.body)}


def _blanked(text: str, cut: Cut | None) -> str:
    return text if cut is None else text[: cut.end] + "".join("\n" if char == "\n" else " " for char in text[cut.end :])
