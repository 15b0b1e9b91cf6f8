"""Inflected forms of one Bulgarian word as it stands in a term, so that a poor lemma does not lose a match.

Deliberately generous with endings and strict with names: a form that is no word costs nothing, but a man's
surname must never meet a woman's (Радев, Радева). Vowel changes inside the stem are left to the lemma.
"""

import re

#: Shorter words have no forms of their own here („на“, „от“, „ЕС“).
_SHORTEST = 3
_MAN = re.compile(r".{2,}(?:ов|ев|ин)$")
_SURNAME = re.compile(r".{2,}(?:ов|ев|ин|ова|ева|ска|ски|цки|шки)$")
#: к, г, х before the plural -и
_SOFTENED = {"к": "ц", "г": "з", "х": "с"}
_FALLING = ("ен", "ел", "ер", "ец", "ър", "ък", "ъл")
_AFTER_CONSONANT = (
    *("а", "ът", "я", "ят", "та", "и", "ите", "ове", "овете"),
    *("ия", "ият", "ата", "о", "ото", "е", "ето"),
)


def is_surname_like(key: str) -> bool:
    """Whether a capitalised word with this key may be a Slavic surname, whose gender must be kept."""
    return _SURNAME.match(key) is not None


def forms_of(key: str, *, name: bool) -> frozenset[str]:
    """The word and its definite, plural and, for adjectives, gendered forms; all are comparison forms.

    `name`: a capitalised word that may be a surname. Then only what keeps its gender: the definite forms that
    make it possessive (Радевият кабинет, Радевото предложение) or belong to an adjective (Европейския съвет).
    """
    if len(key) < _SHORTEST or not key.isalpha() or key.isascii():
        return frozenset({key})
    endings = _of_name(key) if name else _of_vowel(key) or _of_consonant(key)
    return frozenset({key, *endings})


def _of_name(key: str) -> tuple[str, ...]:
    if _MAN.match(key):
        return _with(key, "ия", "ият", "ото", "ата", "ите")
    if key.endswith("и"):
        return _with(key, "я", "ят", "те")
    return _with(key, "та") if key.endswith("ска") else ()


def _of_vowel(key: str) -> tuple[str, ...]:
    """Forms of a word that ends in a vowel or in й; empty for others."""
    stem = key[:-1]
    forms: tuple[str, ...] = ()
    match key[-1]:
        case "а" | "я":
            forms = (*_with(key, "та"), *_with(stem.removesuffix("и"), "и", "ите"), *_with(stem, "и", "ите"))
        case "о":
            forms = (*_with(key, "то"), *_with(stem, "а", "ата", "и", "ите"))
        case "е":
            neuter = ("я", "ята") if stem.endswith("и") else ("а", "ата", "ия", "ията")
            forms = (*_with(key, "то", "та", "тата"), *_with(stem, *neuter))
        case "и":
            adjective = ("а", "ата", "о", "ото") if stem[-1] in "кн" else ()
            forms = (*_with(key, "те", "я", "ят"), *_with(stem, *adjective))
        case "й":
            forms = _with(stem, "я", "ят", "и", "ите", "еве", "евете")
        case "у" | "ю":
            forms = _with(key, "то", "та", "тата")
        case _:
            pass
    return forms


def _of_consonant(key: str) -> tuple[str, ...]:
    forms = _with(key, *_AFTER_CONSONANT)
    if key[-1] in _SOFTENED:
        forms += _with(key[:-1] + _SOFTENED[key[-1]], "и", "ите")
    if key.endswith(_FALLING) and len(key) > _SHORTEST + 1:
        # национален, националния: the last vowel falls.
        forms += _with(key[:-2] + key[-1], *_AFTER_CONSONANT)
        forms += _with(key[:-2] + _SOFTENED.get(key[-1], key[-1]), "и", "ите")
    return forms


def _with(stem: str, *endings: str) -> tuple[str, ...]:
    return tuple(stem + ending for ending in endings)
