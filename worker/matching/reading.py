"""An article as the matcher reads it: one row of words over all fields, with lemmas and sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from worker.models.news import Analysis, Article, Field, Sentence, Token
from worker.text.words import Word, words_of

#: Signs that end a phrase although the sentence goes on; quotation marks, hyphens and the dots of initials do not.
_BREAK = re.compile(r"[,;:()\[\]{}!?…|•\n\r]")
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
        words.extend(_field_words(field, text, spans, len(sentences), read))
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
        if gap and not gap.isspace() and any(char.isalnum() for char in gap):
            spans.extend(split_sentences(text, position, start))
        if sentence:
            spans.append((sentence.start, sentence.end))
            position = max(position, sentence.end)
    return spans


@lru_cache(maxsize=50_000)
def _keys_of(lemma: str) -> tuple[str, ...]:
    """Comparison form of a lemma, in parts where it is several words („министър-председател“)."""
    return tuple(word.key for word in words_of(lemma))


def _field_words(
    field: Field, text: str, spans: Sequence[tuple[int, int]], first_sentence: int, read: Sequence[Sentence]
) -> Iterator[TextWord]:
    tokens = [token for sentence in read for token in sentence.tokens]
    count, position = len(tokens), 0
    number, last = -1, len(spans) - 1
    following = spans[0][0] if spans else len(text)
    end = 0
    for word in words_of(text):
        start, word_end, written, key = word
        joined = end > 0
        while start >= following:
            number += 1
            following = spans[number + 1][0] if number < last else len(text)
            joined = False
        if joined:
            gap = text[end:start]
            joined = gap == " " or _BREAK.search(gap) is None
        end = word_end
        lemmas: tuple[str, ...] = ()
        while position < count and tokens[position].end <= start:
            position += 1
        if position < count:
            token = tokens[position]
            # One token is one word, as nearly always.
            exact = token.start == start and token.end == end
            lemmas = _keys_of(token.lemma) if exact else _lemmas_at(word, tokens, position)
        initial = text[end : end + 1] == "." and len(key) <= _INITIAL_LETTERS and written[:1].isupper()
        sentence = first_sentence + max(0, number)
        yield _text_word(TextWord, (field, word, lemmas, sentence, joined, initial))


def _lemmas_at(word: Word, tokens: Sequence[Token], position: int) -> tuple[str, ...]:
    """Comparison forms of the lemmas of the tokens that a word shares letters with, from this token on."""
    found: tuple[str, ...] = ()
    for other in tokens[position:]:
        if other.start >= word.end:
            break
        parts = _keys_of(other.lemma)
        found += parts if len(parts) == 1 else tuple(part for part in parts if part[:2] == word.key[:2])
    return found


#: Past the argument handling of `TextWord(…)`, as for words.
_text_word = tuple.__new__
