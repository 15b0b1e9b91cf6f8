"""Kinds of form, and the letters that decide how Bulgarian words join stem and ending."""

from collections.abc import Iterable, Iterator
from enum import StrEnum


class FormKind(StrEnum):
    """What a form is to the word it was made from."""

    BASE = "base"
    DEFINITE = "definite"
    PLURAL = "plural"
    COUNT = "count"
    VOCATIVE = "vocative"
    GENDER = "gender"
    COMPARATIVE = "comparative"
    VERB = "verb"
    VERBAL_NOUN = "verbal_noun"
    RELATIONAL = "relational"
    POSSESSIVE = "possessive"
    LATIN = "latin"
    CYRILLIC = "cyrillic"


#: A form and its kind, as the paradigms yield them.
Form = tuple[str, FormKind]

VOWELS = frozenset("аеиоуъюя")
#: Consonants after which я is spelled а.
SIBILANTS = frozenset("жчшщ")
#: к, г, х before the plural -и, and before the vocative -е.
SOFTENED = {"к": "ц", "г": "з", "х": "с"}
PALATAL = {"к": "ч", "г": "ж", "х": "ш", "ц": "ч"}
#: Endings of a stem that takes adjective forms; the first is empty, the stem itself.
ADJECTIVAL = ("", "а", "ата", "о", "ото", "и", "ите", "ия", "ият")


def listed(words: str) -> frozenset[str]:
    """The words of a string, as a set; keeps long lists readable."""
    return frozenset(words.split())


def tagged(kind: FormKind, forms: Iterable[str]) -> Iterator[Form]:
    """Each form with one kind."""
    return ((form, kind) for form in forms)


def joined(stem: str, endings: Iterable[str]) -> list[str]:
    """The stem with each ending."""
    return [stem + ending for ending in endings]


def syllables(key: str) -> int:
    """How many vowels a word has."""
    return sum(letter in VOWELS for letter in key)


def with_e(stem: str) -> str:
    """The stem with its last vowel е where that was я (хляб, хлеб); the same string otherwise."""
    return _swapped(stem, "я", "е")


def with_ya(stem: str) -> str:
    """The stem with its last vowel я where that was е (верн, вярн); the same string otherwise."""
    return _swapped(stem, "е", "я")


def _swapped(stem: str, old: str, new: str) -> str:
    for place in range(len(stem) - 1, -1, -1):
        if stem[place] in VOWELS:
            return stem[:place] + new + stem[place + 1 :] if stem[place] == old else stem
    return stem
