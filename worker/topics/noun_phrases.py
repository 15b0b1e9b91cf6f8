"""Noun phrases of one sentence in the form in which they make key phrases; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from worker.models.news import Field, Sentence, Token
from worker.text.fold import fold_word, tidy
from worker.topics.grammar import Noun, indefinite_adjective, indefinite_noun
from worker.topics.names import is_shouted
from worker.topics.wording import EMPTY_ADJECTIVES, EMPTY_NOUNS, TIED_HEADS, TIES, WEAK_ALONE

FIELD_WEIGHTS: Mapping[Field, float] = {Field.TITLE: 3.0, Field.SUMMARY: 2.0, Field.BODY: 1.0}
_MAX_ADJECTIVES = 2
_MIN_LETTERS = 3
_NUMERALS = ("найсет", "надесет", "десет", "йсет", "десети", "йсети", "стотин")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One phrase where it stands."""

    #: folded dictionary forms, by which sightings of one phrase are known
    words: tuple[str, ...]
    #: of those, the noun
    head: str
    #: as a reader would write it
    shown: str
    weight: float
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    """A token with its text; `is_named` when it lies in a name."""

    token: Token
    #: as written, tidied
    written: str
    folded: str
    is_named: bool
    #: a capital letter that only a name would have here
    is_capital: bool

    @property
    def lemma(self) -> str:
        return fold_word(self.token.lemma)

    @property
    def is_acronym(self) -> bool:
        return len(self.written) > 1 and self.written.isupper()


def noun_phrases_in(
    sentence: Sentence, text: str, covered: Sequence[tuple[int, int]], weight: float
) -> Iterator[Sighting]:
    """Nouns with the adjectives before them that agree, and „цена на газа“; nothing inside the names `covered`."""
    words = _words(sentence, text, covered)
    begin = 0
    while begin < len(words):
        end = begin
        while end < len(words) and words[end].token.upos == "ADJ" and _follows(words, begin, end, text):
            end += 1
        if end == len(words) or words[end].token.upos != "NOUN" or not _follows(words, begin, end, text):
            begin = max(end, begin + 1)
            continue
        sighting = _phrase(words, begin, end, text, weight)
        if sighting is not None:
            yield sighting
        begin = end + 1


def _words(sentence: Sentence, text: str, covered: Sequence[tuple[int, int]]) -> list[_Word]:
    shouted = is_shouted(text, sentence)
    found: list[_Word] = []
    for token in sentence.tokens:
        written = tidy(text[token.start : token.end]).text
        written = written.lower() if shouted else written
        begins = not any(char.isalnum() for char in text[sentence.start : token.start])
        after_mark = text[: token.start].rstrip()[-1:] in set(':–-—„“"')
        is_capital = written[:1].isupper() and not begins and not after_mark
        named = any(start < token.end and token.start < end for start, end in covered)
        found.append(_Word(token, written, fold_word(written), named, is_capital))
    return found


def _follows(words: Sequence[_Word], begin: int, place: int, text: str) -> bool:
    """Whether the word continues a phrase that begins at `begin`: no name, no sign between."""
    if words[place].is_named:
        return False
    return place == begin or not text[words[place - 1].token.end : words[place].token.start].strip()


def _phrase(words: Sequence[_Word], begin: int, end: int, text: str, weight: float) -> Sighting | None:
    head = words[end]
    noun = _noun(head)
    if noun is None:
        return None
    adjectives = _agreeing(words[begin:end], noun)
    tail = _tail(words, end, text) if head.lemma in TIED_HEADS else ()
    is_alone = not adjectives and not tail
    if (not tail and _is_empty(head.lemma, noun.form)) or (is_alone and {head.lemma, noun.form} & WEAK_ALONE):
        return None
    shown = " ".join([form for form, _ in adjectives] + [noun.form] + [word.written for word in tail])
    lemma = head.lemma if head.lemma[:_MIN_LETTERS] == head.folded[:_MIN_LETTERS] else noun.form
    keys = (*(lemma for _, lemma in adjectives), lemma, *(word.lemma for word in tail))
    return Sighting(words=keys, head=lemma, shown=shown, weight=weight)


def _noun(word: _Word) -> Noun | None:
    if word.is_acronym:
        return Noun(form=word.written, shapes=frozenset())
    if word.is_capital or not word.folded.isalpha() or len(word.folded) < _MIN_LETTERS:
        return None
    if word.folded.endswith(_NUMERALS):
        return None
    return indefinite_noun(word.folded, word.lemma)


def _is_empty(lemma: str, form: str) -> bool:
    return bool({lemma, form} & (EMPTY_NOUNS | EMPTY_ADJECTIVES)) or len(lemma) < _MIN_LETTERS


def _agreeing(adjectives: Sequence[_Word], noun: Noun) -> list[tuple[str, str]]:
    """Form and lemma of the adjectives right before the noun, up to the first that says nothing or does not agree."""
    found: list[tuple[str, str]] = []
    for word in reversed(adjectives[-_MAX_ADJECTIVES:]):
        says_nothing = {word.lemma, word.folded} & EMPTY_ADJECTIVES or word.folded.endswith(_NUMERALS)
        if says_nothing or not word.folded.isalpha():
            break
        written = indefinite_adjective(word.folded, word.lemma)
        if written is None or not written[1] & noun.shapes or word.is_capital:
            break
        found.insert(0, (written[0], word.lemma))
    return found


def _tail(words: Sequence[_Word], head: int, text: str) -> tuple[_Word, ...]:
    """„на газа“, „на природния газ“ after the noun, as written; empty where no plain noun follows."""
    tied = words[head + 1 : head + 5]
    if not tied or tied[0].folded not in TIES:
        return ()
    for place, word in enumerate(tied[1:], start=head + 2):
        if not _follows(words, head, place, text) or word.is_capital or not word.folded.isalpha():
            return ()
        if word.token.upos == "NOUN":
            is_telling = not _is_empty(word.lemma, word.folded) and word.lemma != words[head].lemma
            return tuple(words[head + 1 : place + 1]) if is_telling else ()
        if word.token.upos != "ADJ" or word.lemma in EMPTY_ADJECTIVES:
            return ()
    return ()
