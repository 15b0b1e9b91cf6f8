"""The names of an article that are worth a key phrase, as they are to be shown; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from worker.models.news import Analysis, Article, Field, Mention, MentionKind, Sentence
from worker.text.fold import fold_word
from worker.topics.grammar import indefinite_adjective

#: Ends of words that one-word names do not have, but plurals with their article and verbs do.
_NOT_OF_NAMES = ("ите", "хме", "хте")
_BEFORE_A_SENTENCE = frozenset('„“":–—-')
_QUOTES = frozenset('„“”«»"')
_WORDS_OF_NAMES = frozenset({"PROPN", "X", ""})
_PARTICLES = frozenset(
    "де ди да дел дер ден дос ду ван фон ла ле ал ел ер ес ас ибн бин бен бинт оглу и на".split()  # noqa: SIM905
)
_LONGEST_ACRONYM = 6
_ARTICLES = ("ият", "ия", "ата", "ото", "ите")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One mention with its name as a reader would write it."""

    mention: Mention
    shown: str


def names_in(article: Article, analysis: Analysis) -> Iterator[Name]:
    """Mentions in order, but for the outlet itself and common words that merely begin a sentence."""
    outlet = fold_word(article.outlet)
    for mention in analysis.mentions:
        text = article.text_of(mention.field)
        sentence = _sentence_of(mention, analysis)
        if sentence is not None and _is_common_word(mention, sentence, article):
            continue
        if sentence is not None and _holds_more_than_name(mention, sentence, text):
            continue
        shown = tidied_name(mention.name)
        if shown.isupper() and sentence is not None and (is_shouted(text, sentence) or len(shown) > _LONGEST_ACRONYM):
            shown = _unshouted(shown, mention.kind, article)
        if sentence is not None:
            shown = _indefinite(shown, mention, sentence)
        key = fold_word(shown)
        if len(key) > 1 and key != outlet:
            yield Name(mention=mention, shown=shown)


def is_shouted(text: str, sentence: Sentence) -> bool:
    """Whether a sentence of several words stands in capitals."""
    return text[sentence.start : sentence.end].isupper() and len(sentence.tokens) > 1


def tidied_name(name: str) -> str:
    """Without the signs at its ends that an entity may be cut off with, and without a lone quotation mark."""
    spaced = " ".join(name.split()).strip(" -–—.,;:")
    quotes = [char for char in spaced if char in _QUOTES]
    return spaced if len(quotes) % 2 == 0 else spaced.replace(quotes[0], "")


def _sentence_of(mention: Mention, analysis: Analysis) -> Sentence | None:
    sentences = analysis.sentences.get(mention.field, ())
    return next((one for one in sentences if one.start <= mention.start < one.end), None)


def _is_common_word(mention: Mention, sentence: Sentence, article: Article) -> bool:
    """One word that is no proper noun and is written with a capital only where every word would be."""
    inside = [token for token in sentence.tokens if mention.start <= token.start < mention.end]
    if len(inside) != 1 or mention.text.isupper():
        return False
    if inside[0].upos in _WORDS_OF_NAMES and not fold_word(mention.text).endswith(_NOT_OF_NAMES):
        return False
    before = article.text_of(mention.field)[sentence.start : mention.start].rstrip()
    begins = not any(map(str.isalnum, before)) or before[-1] in _BEFORE_A_SENTENCE
    return begins and not _stands_inside(mention.text, article)


def _stands_inside(name: str, article: Article) -> bool:
    """Whether the name, as written, follows a small-letter word anywhere."""
    inside = re.compile(rf"[а-яa-z,] [„“\"]?{re.escape(name)}\b")
    return any(inside.search(article.text_of(part)) for part in Field)


def _holds_more_than_name(mention: Mention, sentence: Sentence, text: str) -> bool:
    """A verb in small letters, or in a person's name any small-letter word that is no particle of names."""
    inside = [token for token in sentence.tokens if mention.start <= token.start < mention.end]
    small = [token for token in inside if text[token.start : token.end].islower()]
    if any(token.upos in {"VERB", "AUX"} for token in small):
        return True
    is_person = mention.kind is MentionKind.PER
    return is_person and any(text[token.start : token.end] not in _PARTICLES for token in small)


def _indefinite(name: str, mention: Mention, sentence: Sentence) -> str:
    """„Фискален съвет“ for Фискалният съвет; before a person the adjective is no part of the name at all."""
    first, _, rest = name.partition(" ")
    token = next((token for token in sentence.tokens if token.start >= mention.start), None)
    if not rest or token is None or token.upos != "ADJ" or not fold_word(first).endswith(_ARTICLES):
        return name
    if mention.kind in {MentionKind.PER, MentionKind.PRO}:
        return rest
    written = indefinite_adjective(fold_word(first), fold_word(token.lemma))
    return name if written is None else f"{written[0].capitalize()} {rest}"


def _unshouted(name: str, kind: MentionKind, article: Article) -> str:
    """As the name is written where the article does not shout; empty for one that stands nowhere else."""
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    for part in (Field.SUMMARY, Field.BODY):
        found = pattern.search(article.text_of(part))
        if found and not found.group().islower():
            return found.group()
    if kind in {MentionKind.PER, MentionKind.LOC}:
        return name.title()
    return name if len(name) <= _LONGEST_ACRONYM and kind is MentionKind.ORG else ""
