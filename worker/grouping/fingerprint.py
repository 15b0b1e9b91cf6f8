"""What of an article is compared with others to find its story: stems, names and word shingles; pure.

Stems are the first six letters of a lemma: the lemmatiser leaves rare words inflected („боеприпаса“), and the cut
brings together „ратифицира“ and „ратификация“. Measured on the development stories, five to seven letters and
whole lemmas differ little when the lemmas are right.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence

from worker.models.alert import Fingerprint
from worker.models.news import Analysis, Article, Field, Sentence, Token
from worker.text.fold import fold_word
from worker.text.words import words_of

SHINGLE_WORDS = 5
_STEM_LETTERS = 6
_MIN_LETTERS = 3
#: What a finding in each field is worth; the sum is dampened by its square root.
_FIELD_WEIGHTS = {Field.TITLE: 3, Field.SUMMARY: 2, Field.BODY: 1}
_CONTENT = frozenset(("NOUN", "PROPN", "ADJ", "VERB", "NUM", ""))
#: Bounds for very long texts; the opening carries the event.
_MAX_TERMS = 250
_MAX_SHINGLES = 2000
_BULLETS = ("•", "●", "▪", "■", "◾", "►")
_MIN_LISTED = 4
#: Lemmas that say nothing about the event: auxiliaries, verbs of saying, pronouns, the calendar.
_STOP_LEMMAS = frozenset(
    str.split(
        """
    съм бъда бил мога имам нямам искам трябва стана ставам направя правя давам дам идвам
    кажа казвам заявя заявявам съобщя съобщавам предам предавам обясня обяснявам посоча посочвам добавя добавям
    твърдя уверя уверявам пиша отбележа отбелязвам коментирам цитирам цитиран
    година ден час месец седмица минута човек нов голям друг първи втори един два три двама много малко
    още вече също така този тази това свой сам целия цял добър последен някои някой всеки който кой какъв
    като или при към без със във ако как кога къде защо защото обаче дори само тук там той ние вие аз
    според поради след преди между над под през около срещу чрез относно докато когато
    днес вчера утре снощи сутрин вечер нощ
    понеделник вторник сряда четвъртък петък събота неделя
    януари февруари март април май юни юли август септември октомври ноември декември
    """
    )
)


def fingerprint(article: Article, analysis: Analysis) -> Fingerprint:
    """What story grouping compares of this article; the same text always gives the same value.

    Of routine and of overviews of many events there is nothing to compare, so they stay in stories of their own.
    """
    at = min(article.published_at or article.seen_at, article.seen_at)
    if article.is_routine or _is_overview(article):
        return Fingerprint(
            article_id=article.id, outlet=article.outlet, at=at, terms={}, names=frozenset(), shingles=frozenset()
        )
    return Fingerprint(
        article_id=article.id,
        outlet=article.outlet,
        at=at,
        terms=_terms(article, analysis),
        names=frozenset(_stemmed(mention.name) for mention in analysis.mentions),
        shingles=_shingles(article),
    )


def _is_overview(article: Article) -> bool:
    """Whether most of its lines are items of a list, as in „денят накратко“; dashes do not count, people speak so."""
    lines = [line.strip() for line in article.body.splitlines() if line.strip()]
    listed = sum(line.startswith(_BULLETS) for line in lines)
    return listed >= _MIN_LISTED and 2 * listed > len(lines)


def _terms(article: Article, analysis: Analysis) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for field, weight in _FIELD_WEIGHTS.items():
        text = article.text_of(field)
        for key in filter(None, _keys(text, analysis.sentences.get(field, ()))):
            counts[key] += weight
    return {key: round(math.sqrt(count), 3) for key, count in counts.most_common(_MAX_TERMS)}


def _keys(text: str, sentences: Sequence[Sentence]) -> Iterator[str]:
    """The terms of a field; of one that no model read, those of its words as they stand."""
    if not sentences:
        return (_term(word.key, word.key) for word in words_of(text))
    return (_term_of(token, text) for sentence in sentences for token in sentence.tokens)


def _term_of(token: Token, text: str) -> str:
    if token.upos not in _CONTENT:
        return ""
    return _term(fold_word(text[token.start : token.end]), fold_word(token.lemma))


def _term(written: str, lemma: str) -> str:
    """The stem of a content word, a number as written, or nothing."""
    if any(char.isdigit() for char in written):
        return written
    if len(lemma) < _MIN_LETTERS or lemma in _STOP_LEMMAS or not any(char.isalpha() for char in lemma):
        return ""
    return lemma[:_STEM_LETTERS]


def _stemmed(name: str) -> str:
    return " ".join(word[:_STEM_LETTERS] for word in fold_word(name).split())


def _shingles(article: Article) -> frozenset[int]:
    """Of summary and body, as headlines are rewritten; of the title where there is nothing else."""
    texts = [article.summary, article.body] if article.summary or article.body else [article.title]
    runs = (run for text in texts for run in _runs([word.key for word in words_of(text)]))
    return frozenset(_hash64(run) for run, _ in zip(runs, range(_MAX_SHINGLES), strict=False))


def _runs(words: Sequence[str]) -> Iterator[str]:
    for start in range(len(words) - SHINGLE_WORDS + 1):
        yield " ".join(words[start : start + SHINGLE_WORDS])


def _hash64(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
