"""Indefinite forms of Bulgarian nouns and adjectives as they stand in a text, and whether two of them agree; pure.

The language model gives lemmas, not gender or number, and both lemma and part of speech are wrong now and then. So
the endings decide, and what they contradict is no phrase: None.
"""

from dataclasses import dataclass
from enum import StrEnum

VOWELS = "аъоуеиюя"
_LETTERS_ALIKE = 2
#: Feminine nouns that end in a consonant.
_FEMININE_ENDINGS = tuple(
    str.split(
        """
    ст щ реч кръв любов захар вечер сутрин сол пролет есен памет смърт плът мисъл степен песен твар кал вар жар дан гръд
    """
    )
)
#: Masculine nouns that end as feminine or neuter ones.
_MASCULINE = frozenset("съдия баща владика колега папа дядо чичо татко слуга аташе крупие".split())  # noqa: SIM905 - as the lists of words are
_IRREGULAR_LEMMAS = {"пап": "папа", "владик": "владика", "гондол": "гондола", "трона": "трон"}
_PLURAL_ENDINGS = ("и", "ове", "еве", "йове", "е", "та", "а", "я", "ища")
#: „ръководил“ is half of a tense, not an adjective.
_PAST_ENDINGS = ("ил", "ал", "ял", "ила", "ала", "яла", "или", "али", "яли", "ило", "ало")
_LIKE_PAST = frozenset("бял бяла мил мила мили мило гнил гнила зрял зряла умрял умряла".split())  # noqa: SIM905
_VERB_ENDINGS = ("хме", "хте", "ват", "аха", "иха", "яха", "аме", "яме", "аше", "еше", "ваш")


class Shape(StrEnum):
    """Gender and number, as far as an adjective shows them."""

    MASCULINE = "masculine"
    FEMININE = "feminine"
    NEUTER = "neuter"
    PLURAL = "plural"


_SHAPES_BY_ENDING = {
    "а": Shape.FEMININE,
    "я": Shape.FEMININE,
    "о": Shape.NEUTER,
    "е": Shape.NEUTER,
    "и": Shape.PLURAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A noun without its article."""

    form: str
    #: all that an adjective before it may be
    shapes: frozenset[Shape]


def indefinite_noun(word: str, lemma: str) -> Noun | None:
    """From the folded word and its lemma: singular as the dictionary has it, plural as written; None for no noun."""
    lemma = _IRREGULAR_LEMMAS.get(lemma, lemma)
    if not is_believable(lemma, word):
        return _by_ending(word)
    if _is_singular(word, lemma):
        return Noun(form=lemma, shapes=_shapes_of(lemma))
    form = without_article(word)
    if form == lemma or not form.endswith(_PLURAL_ENDINGS) or form.endswith(_VERB_ENDINGS):
        return None
    return Noun(form=form, shapes=frozenset({Shape.PLURAL}))


def without_article(word: str) -> str:
    """Without the article of plurals, feminine and neuter nouns, which no other ending looks like."""
    if word.endswith(("ите", "овете", "евете", "ата", "ята", "ото", "ето", "остта")):
        return word[:-2]
    return word


def is_believable(lemma: str, word: str) -> bool:
    """Verbs are cited in the first person, which shows where a noun or adjective was taken for one."""
    return lemma[:_LETTERS_ALIKE] == word[:_LETTERS_ALIKE] and not (lemma.endswith(("м", "я")) and lemma not in word)


def indefinite_adjective(word: str, lemma: str) -> tuple[str, frozenset[Shape]] | None:
    """What the folded word is without its article, and of which shapes it may be; None for no adjective."""
    if word.endswith(("ия", "ият")):
        return _masculine(word, lemma), frozenset({Shape.MASCULINE})
    if word.endswith(("ът", "ят", *_VERB_ENDINGS)) or (word.endswith(_PAST_ENDINGS) and word not in _LIKE_PAST):
        return None
    form = word[:-2] if word.endswith(("ата", "ята", "ото", "ето", "ите")) else word
    if form == word and form.endswith(("ски", "цки", "шки", "чки", "жки")):
        return form, frozenset({Shape.PLURAL, Shape.MASCULINE})
    shape = _SHAPES_BY_ENDING.get(form[-1:], None if form[-1:] in VOWELS else Shape.MASCULINE)
    return None if shape is None else (form, frozenset({shape}))


def _masculine(word: str, lemma: str) -> str:
    stem = word.removesuffix("т").removesuffix("ия")
    if stem.endswith(("ск", "цк", "шк", "чк", "жк")) and not is_believable(lemma, word):
        return stem + "и"
    if stem.endswith(("щ", "шк")):
        return stem if stem.endswith("щ") else stem + "и"
    if (is_believable(lemma, word) and lemma[-1] not in "аоеия") or lemma.endswith(("ки", "чи", "жи", "ши")):
        return lemma
    if stem.endswith("н") and stem[-2:-1] not in VOWELS:
        return stem[:-1] + "ен"
    return stem


def _is_singular(word: str, lemma: str) -> bool:
    ends = ("", "ът", "ят", "а", "я") if lemma[-1:] not in VOWELS else ("", "та", "то")
    if any(word == lemma + end for end in ends) or (lemma.endswith(_FEMININE_ENDINGS) and word == lemma + "та"):
        return True
    return lemma.endswith("й") and word in {lemma[:-1] + "я", lemma[:-1] + "ят"}


def _shapes_of(lemma: str) -> frozenset[Shape]:
    shapes = set()
    if lemma in _MASCULINE or lemma.endswith("джия"):
        shapes.add(Shape.MASCULINE)
    elif lemma[-1:] in "ая":
        shapes.add(Shape.FEMININE)
    elif lemma[-1:] in VOWELS:
        shapes.add(Shape.NEUTER)
    elif lemma.endswith(_FEMININE_ENDINGS):
        # хляб, град and мост are masculine with the same ending
        shapes.update({Shape.FEMININE} if lemma.endswith(("ост", "ест")) and lemma != "мост" else {*_EITHER})
    else:
        shapes.add(Shape.MASCULINE)
    return frozenset(shapes)


_EITHER = (Shape.FEMININE, Shape.MASCULINE)


def _by_ending(word: str) -> Noun | None:
    """For a word whose lemma is of no use: only where an article shows that it is a noun."""
    if word.endswith(("ите", "овете")):
        return Noun(form=word[:-2], shapes=frozenset({Shape.PLURAL}))
    if word.endswith(("ата", "ята")):
        return Noun(form=word[:-2], shapes=frozenset({Shape.FEMININE, Shape.PLURAL}))
    if word.endswith(("ото", "ето")):
        return Noun(form=word[:-2], shapes=frozenset({Shape.NEUTER}))
    return Noun(form=word[:-2], shapes=frozenset({Shape.MASCULINE})) if word.endswith("ът") else None
