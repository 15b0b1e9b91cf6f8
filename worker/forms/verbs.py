"""Forms of a verb from its first person singular of the present; all three conjugations.

The dictionary form does not tell a conjugation, so where two are possible both are made; a form of the wrong
one is hardly ever a word.
"""

from collections.abc import Iterator

from worker.forms.kinds import ADJECTIVAL, SIBILANTS, VOWELS, Form, FormKind, joined, syllables, tagged, with_e, with_ya
from worker.forms.verb_roots import (
    IRREGULAR,
    NOUNS_ONLY,
    SHORT_IMPERATIVE,
    THIRD_SHORT,
    hard_roots,
    is_first_in_a,
    is_first_in_sibilant,
    is_first_in_ya,
)

_L = ("л", "ла", "ло", "ли", "лия", "лият", "лата", "лото", "лите")
_THIRD = (
    *("м", "ш", "", "ме", "те", "т", "х", "хме", "хте", "ха", "ше", "й", "йте", "йки", *_L),
    *(*(f"щ{ending}" for ending in ADJECTIVAL), *(f"н{ending}" for ending in ADJECTIVAL)),
)
_NOUN = ("не", "нето", "ния", "нията")
_NOUN_IN_NIE = ("ение", "ението", "ения", "енията")
#: Stems of the second conjugation with a passive in -ян, -ан (видя, видян; държа, държан).
_PASSIVE_IN_YA = frozenset("дтпжчшщ")
#: Consonants before the noun in -ение (посетя, посещение; освободя, освобождение; избавя, избавление).
_BEFORE_NIE = {"т": "щ", "д": "жд", "в": "вл", "б": "бл", "п": "пл", "м": "мл", "с": "ш", "з": "ж"}


def is_verb_like(key: str) -> bool:
    """Whether a lower-case word may be a verb's first person."""
    if key in NOUNS_ONLY:
        return False
    if key.endswith(("ам", "ям")):
        return syllables(key) > 1 or key in THIRD_SHORT
    if key[-1] == "а":
        return key[-2] in SIBILANTS or is_first_in_a(key)
    return key[-1] == "я" and len(key) > 2 and is_verb_in_ya(key)  # noqa: PLR2004


def is_verb_in_ya(key: str) -> bool:
    """Nouns in -ия far outnumber verbs; the rest may be either."""
    return not key.endswith("ия") or is_first_in_ya(key)


def verb_forms(key: str, *, perfective: bool = False) -> Iterator[Form]:
    """Finite forms, participles and nouns; `perfective` leaves out what only imperfective verbs have."""
    stem = key[:-1]
    if (irregular := _irregular(key)) is not None:
        yield from tagged(FormKind.VERB, irregular)
    if key.endswith(("ам", "ям")):
        if key == "знам" or key not in THIRD_SHORT:
            yield from _third(stem)
        return
    forms = _first_in_a(stem) if key[-1] == "а" else _in_ya(stem)
    yield from tagged(FormKind.VERB, forms)
    if not perfective:
        yield from tagged(FormKind.VERB, _present_active(stem))
        yield from tagged(FormKind.VERBAL_NOUN, _nouns(stem))


def _irregular(key: str) -> list[str] | None:
    for root, parts in IRREGULAR:
        if key.endswith(root):
            prefix = key[: -len(root)]
            present, theme, aorist, active, feminine, passive = parts
            forms = [*_present(present, "а"), *_aorist(theme), aorist, active]
            forms += joined(feminine, ("а", "о", "и", "ия", "ият", "ата", "ото", "ите"))
            forms += joined(passive, ADJECTIVAL) if passive else []
            forms += SHORT_IMPERATIVE.get(root, ())
            return joined(prefix, forms)
    for root, short in SHORT_IMPERATIVE.items():
        if key.endswith(root):
            return joined(key[: -len(root)], short)
    return None


def _third(stem: str) -> Iterator[Form]:
    yield from tagged(FormKind.VERB, joined(stem, _THIRD))
    yield from tagged(FormKind.VERBAL_NOUN, joined(stem, _NOUN))


def _present(stem: str, soft: str) -> list[str]:
    """Present and imperfect of the first conjugation, with its imperfect participle and imperative."""
    front = stem[:-1] + {"к": "ч", "г": "ж"}.get(stem[-1], stem[-1])
    other = with_e(front)
    forms = [stem + soft, *joined(stem, (f"{soft}т",))]
    for each in {front: None, other: None}:
        forms += joined(each, ("еш", "е", "ем", "ете", *_IMPERFECT))
    hard = "а" if front[-1] in SIBILANTS else "я"
    forms += joined(front, (f"{hard}х", f"{hard}хме", f"{hard}хте", f"{hard}ха", f"{hard}л", f"{hard}ла", f"{hard}ло"))
    forms += joined(stem, ("й", "йте")) if stem[-1] in VOWELS else joined(_imperative(stem), ("и", "ете"))
    return forms


_IMPERFECT = ("ех", "еше", "ехме", "ехте", "еха", "ел", "ела", "ело", "ели")


def _imperative(stem: str) -> str:
    """к and г before the imperative's -и (река, речи; помогна)."""
    return with_e(stem[:-1] + SOFTENED_IMPERATIVE.get(stem[-1], stem[-1]))


SOFTENED_IMPERATIVE = {"к": "ч", "г": "ж"}


def _aorist(theme: str) -> list[str]:
    return joined(theme, ("х", "хме", "хте", "ха"))


def _past(theme: str, passive: str = "н") -> list[str]:
    """Aorist on a vowel, its active participle and the passive one."""
    forms = [theme, *_aorist(theme), *joined(theme, _L), *joined(theme + passive, ADJECTIVAL)]
    if theme[-1] == "я":
        fronted = theme[:-1] + "е"
        forms += joined(fronted, ("ли", "лите", "лия", "лият"))
        forms += joined(fronted + passive, ("и", "ите", "ия", "ият"))
    return forms


def _first_in_a(stem: str) -> list[str]:
    last = stem[-1]
    if last in SIBILANTS and not is_first_in_sibilant(stem):
        return _second(stem, "а")
    forms = _present(stem, "а")
    if last in SIBILANTS:
        for theme in hard_roots(stem):
            forms += _past(theme + "а")
    elif last == "н":
        forms += _past(stem + "а", "т")
    elif last == "м":
        forms += _past(stem[:-1], "т")
    elif last == "р":
        forms += _past(stem[:-2] + "ра") if stem[-2] == "е" else _past(stem + "я")
        forms += _past(stem + "а")
    elif last == "в":
        forms += _past(stem + "а") + joined(stem + "ат", ADJECTIVAL)
    else:
        forms += _on_consonant(stem)
    return forms


def _on_consonant(stem: str) -> list[str]:
    """чета, река, неса, вляза, греба: aorist in -ох, -е; participle in -л after к, г, з, с, without т, д."""
    front = with_e(stem[:-1] + {"к": "ч", "г": "ж"}.get(stem[-1], stem[-1]))
    backed = with_ya(stem)
    forms = [front + "е", *joined(front + "ен", ADJECTIVAL)]
    for each in {stem: None, backed: None}:
        forms += _aorist(each + "о")
    if stem.endswith(("тък", "лъг", "дълб", "стриг")):
        forms += _past(stem + "а")
    if stem.endswith(("ид", "йд", "бъд")):
        return forms
    for each in {stem: None, backed: None}:
        if each[-1] in "тд":
            forms += joined(each[:-1], _L)
        else:
            forms += [each + "ъл", *joined(each, _L[1:])]
    forms += joined(with_e(stem).removesuffix("т").removesuffix("д"), _L[3:])
    return forms


def _in_ya(stem: str) -> list[str]:
    last = stem[-1]
    if last in "аеуюия":
        forms = _present(stem, "я")
        if last == "а":
            forms += _past(stem)
            forms += _past(stem + "я")
            if stem.endswith("зна"):
                forms += joined(stem + "т", ADJECTIVAL)
        elif last == "е":
            theme = stem[:-1] + ("а" if stem[-2] in SIBILANTS else "я")
            forms += _past(theme)
            if not stem.endswith("сме"):
                forms += joined(theme + "т", ADJECTIVAL)
        else:
            forms += _past(stem, "т")
        return forms
    forms = _second(stem, "я")
    if is_first_in_ya(stem + "я"):
        forms += joined(stem, ("еш", "е", "ем", "ете")) + _past(stem + "а")
        if stem.endswith(("мел", "стел")):
            forms += _past(stem[:-2] + "ля")
        if stem.endswith("кол"):
            forms += _past(stem[:-2] + "ла")
    return forms


def _second(stem: str, soft: str) -> list[str]:
    forms = joined(stem, (soft, "иш", "и", "им", "ите", f"{soft}т", *_IMPERFECT))
    forms += _past(stem + "и")[:14]
    forms += joined(stem + "ен", ADJECTIVAL)
    past = _past(stem + soft)
    forms += past if stem[-1] in _PASSIVE_IN_YA else past[:14] + past[23:27]
    imperative = stem if stem[-1] in VOWELS else ""
    forms += joined(imperative, ("й", "йте")) if imperative else [stem + "ете"]
    return forms


def _present_active(stem: str) -> list[str]:
    front = stem[:-1] + {"к": "ч", "г": "ж"}.get(stem[-1], stem[-1])
    soft = "а" if front[-1] in SIBILANTS else "я"
    return [*joined(f"{front}ещ", ADJECTIVAL), *joined(f"{front}{soft}щ", ADJECTIVAL), f"{front}ейки"]


def _nouns(stem: str) -> list[str]:
    """Nouns in -не and -ние, the former also of the imperfective partner (присъединя, присъединяване)."""
    front = stem[:-1] + {"к": "ч", "г": "ж"}.get(stem[-1], stem[-1])
    soft = "а" if stem[-1] in SIBILANTS else "я"
    forms = joined(f"{front}е", _NOUN) + joined(f"{stem}{soft}ва", _NOUN) + joined(f"{stem}{soft}", _NOUN)
    if is_first_in_ya(stem + "я") or is_first_in_a(stem + "а"):
        forms += joined(stem.replace("бер", "бр") + "а", _NOUN)
    if is_first_in_sibilant(stem):
        for root in hard_roots(stem):
            forms += joined(f"{root}а", _NOUN)
    forms += joined(stem, _NOUN_IN_NIE)
    if stem[-1] in _BEFORE_NIE:
        forms += joined(stem[:-1] + _BEFORE_NIE[stem[-1]], _NOUN_IN_NIE)
    if stem[-1] in VOWELS:
        forms += joined(stem + "ва", _NOUN) + joined(stem, _NOUN)
    return forms
