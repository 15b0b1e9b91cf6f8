"""An article as the matcher reads it: one row of words over all fields, with lemmas and sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from worker.models.news import Analysis, Article, Field, Sentence
from worker.text.words import Word, words_of

#: Signs that end a phrase although the sentence goes on; quotation marks, hyphens and the dots of initials do not.
_BREAKS = ",;:()[]{}!?…|•\n\r"
_BREAK = re.compile(f"[{re.escape(_BREAKS)}]")
#: Possessive and bounded, so that a text of nothing but dots takes no longer than another.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'“”»)\]]{0,3}\s++(?=[\"'„“«(\[–—-]{0,3}\s?[A-ZА-Я0-9])|\n++")
_INITIAL_LETTERS = 2
_ABBREVIATIONS = re.compile(
    r"(?<![^\W\d_])(?:ал|арх|бр|вж|ген|гр|гл|доц|др|жк|зам|инж|им|кап|км|кн|кг|лв|млн|млрд|напр|нар|обл|ок|пл|полк|пр|проф|св|см|"
    r"ст|стр|сл|тел|тн|тов|ул|хил|чл|жа|юл|mr|mrs|dr|st|[^\W\d_])\.$",
    re.IGNORECASE,
)


class TextWord(NamedTuple):
    """One word in its place."""

    field: Field
    word: Word
    #: comparison forms of the dictionary form; empty without a model
    lemmas: tuple[str, ...]
    #: number of its sentence, unique in the article
    sentence: int
    #: a phrase may run on from the word before to this one
    joined: bool
    #: one or two letters, a capital first, and a full stop: „Р.“, „Хр.“
    initial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleWords:
    """All words in reading order, and the spans of the sentences that they name."""

    words: tuple[TextWord, ...]
    sentences: tuple[tuple[int, int], ...]


def read_article(article: Article, analysis: Analysis | None) -> ArticleWords:
    """The article's words; sentences of the analysis where it has them, else by a simple rule."""
    words: list[TextWord] = []
    sentences: list[tuple[int, int]] = []
    for field in Field:
        text = article.text_of(field)
        read = analysis.sentences.get(field, ()) if analysis else ()
        spans = _all_spans(text, read)
        words.extend(_field_words(field, text, spans, len(sentences), _lemmas(read)))
        sentences.extend(spans)
    return ArticleWords(words=tuple(words), sentences=tuple(sentences))


def split_sentences(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Sentences of `text[start:end]` by full stops and line ends, without a model."""
    spans = []
    begin = start
    for found in (*_END.finditer(text, start, end), None):
        stop = found.end() if found else end
        before = text[max(begin, stop - 20) : stop].rstrip()
        if found and "\n" not in found.group() and _ABBREVIATIONS.search(before):
            continue
        part = text[begin:stop]
        if part.strip():
            spans.append((begin + len(part) - len(part.lstrip()), begin + len(part.rstrip())))
        begin = stop
    return tuple(spans)


def _all_spans(text: str, read: Sequence[Sentence]) -> list[tuple[int, int]]:
    """The model's sentences and, for what it left out (text beyond its limit), our own."""
    spans: list[tuple[int, int]] = []
    position = 0
    for sentence in (*read, None):
        start = sentence.start if sentence else len(text)
        gap = text[position:start]
        if any(char.isalnum() for char in gap):
            spans.extend(split_sentences(text, position, start))
        if sentence:
            spans.append((sentence.start, sentence.end))
            position = max(position, sentence.end)
    return spans


def _lemmas(read: Sequence[Sentence]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Span and lemma of every token."""
    return [(token.start, token.end, _keys_of(token.lemma)) for sentence in read for token in sentence.tokens]


@lru_cache(maxsize=50_000)
def _keys_of(lemma: str) -> tuple[str, ...]:
    """Comparison form of a lemma, in parts where it is several words („министър-председател“)."""
    return tuple(word.key for word in words_of(lemma))


def _field_words(
    field: Field,
    text: str,
    spans: Sequence[tuple[int, int]],
    first_sentence: int,
    lemmas: Sequence[tuple[int, int, tuple[str, ...]]],
) -> Iterator[TextWord]:
    sentence = -1
    token = 0
    end = 0
    last_span = len(spans) - 1
    for word in words_of(text):
        start = word.start
        while token < len(lemmas) and lemmas[token][1] <= start:
            token += 1
        before = sentence
        while sentence < last_span and spans[sentence + 1][0] <= start:
            sentence += 1
        joined = end > 0 and before == sentence and not _breaks(text, end, start)
        end = word.end
        initial = len(word.key) <= _INITIAL_LETTERS and word.written[:1].isupper() and text[end : end + 1] == "."
        yield TextWord(field, word, _lemmas_at(word, lemmas, token), first_sentence + max(sentence, 0), joined, initial)


def _breaks(text: str, start: int, end: int) -> bool:
    """Whether a phrase ends between two words."""
    gap = text[start:end]
    return gap != " " and _BREAK.search(gap) is not None


def _lemmas_at(word: Word, lemmas: Sequence[tuple[int, int, tuple[str, ...]]], token: int) -> tuple[str, ...]:
    if token < len(lemmas):
        start, end, keys = lemmas[token]
        if start == word.start and end == word.end:
            # One token is one word, as nearly always.
            return keys
    found: tuple[str, ...] = ()
    while token < len(lemmas) and lemmas[token][0] < word.end:
        parts = lemmas[token][2]
        found += parts if len(parts) == 1 else tuple(part for part in parts if part[:2] == word.key[:2])
        token += 1
    return found
