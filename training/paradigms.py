"""Forms of Bulgarian nouns and adjectives from their dictionary form, to fill a dictionary and to catch its faults.

Endings only, by gender and shape, after the usual school grammar; several plurals are given where the shape leaves a
choice. A form that no text has costs nothing, because texts ask by form.
"""

from collections.abc import Iterator

_SOFTENED = {"к": "ц", "г": "з", "х": "с"}
_VOWELS = "аеиоуъюя"
_SOFT = "шщчж"


def noun_forms(lemma: str, gender: str) -> frozenset[str]:
    """All forms of a noun; `gender` is m, f or n."""
    match gender:
        case "m":
            return frozenset(_masculine(lemma))
        case "f":
            return frozenset(_feminine(lemma))
        case _:
            return frozenset(_neuter(lemma))


def _masculine(lemma: str) -> Iterator[str]:
    yield lemma
    if lemma[-1] in "аоия":
        yield from (
            lemma + "та" if lemma[-1] in "ая" else lemma + "то",
            *_plural(lemma[:-1] + "и"),
            *_plural(lemma + "вци"),
        )
        return
    if lemma.endswith("й"):
        stem = lemma[:-1]
        yield from (stem + "я", stem + "ят", *_plural(stem + "и"), *_plural(stem + "еве"))
        return
    for stem in _stems(lemma):
        soft = lemma.endswith(("тел", "ар", "яр", "н", "ол", "ъл", "ен"))
        yield from (stem + "а", stem + "ът")
        if soft:
            yield from (stem + "я", stem + "ят")
        yield from _plural(stem[:-1] + _SOFTENED.get(stem[-1], stem[-1]) + "и")
        if _syllables(lemma) <= 2:
            yield from (*_plural(stem + "ове"), *_plural(stem + "и"))
    if lemma.endswith("ин"):
        yield from _plural(lemma[:-2] + "и")


def _feminine(lemma: str) -> Iterator[str]:
    yield lemma
    yield lemma + "та"
    if lemma[-1] in "ая":
        yield from _plural(lemma[:-1] + "и")
        if lemma.endswith("яна"):
            yield from _plural(lemma[:-3] + "ени")
    else:
        yield from _plural(lemma + "и")


def _neuter(lemma: str) -> Iterator[str]:
    yield lemma
    yield lemma + "то"
    stem = lemma[:-1]
    match lemma[-1]:
        case "о":
            yield from (stem + "а", stem + "ата")
            if "я" in stem:
                bent = "е".join(stem.rsplit("я", 1))
                yield from (bent + "а", bent + "ата")
        case "е" if lemma.endswith("ие"):
            yield from (stem + "я", stem + "ята")
        case "е" if lemma.endswith(("ище", "це", "ице", "ще")):
            yield from (stem + "а", stem + "ата", lemma + "та", lemma + "тата")
        case "е":
            yield from (lemma + "та", lemma + "тата", stem + "я", stem + "ята")
        case "ю" | "у" | "и":
            yield from (lemma + "та", lemma + "тата")
        case _:
            return


def adjective_forms(lemma: str) -> frozenset[str]:
    """All forms of an adjective but for its degrees."""
    return frozenset(_adjective(lemma))


def _adjective(lemma: str) -> Iterator[str]:
    yield lemma
    if lemma.endswith("и"):
        stem = lemma[:-1]
        neuter = ("е", "ето") if lemma.endswith(("ти", "чи")) and not lemma.endswith("ски") else ()
        for ending in ("а", "ата", "о", "ото", "и", "ите", "ия", "ият", *neuter):
            yield stem + ending
        return
    for stem in {*_stems(lemma), *_bent(lemma)}:
        for ending in ("а", "ата", "о", "ото", "и", "ите", "ия", "ият"):
            yield stem + ending
        if stem[-1] in _SOFT + "н":
            yield from (stem + "е", stem + "ето", stem + "я", stem + "ята", stem + "ьо", stem + "ьото")


def _stems(lemma: str) -> Iterator[str]:
    """The stem as it is, with its last vowel fallen, and with я become е before an ending."""
    yield lemma
    if len(lemma) > 3 and lemma[-2] in "еъ" and lemma[-1] not in _VOWELS:
        yield lemma[:-2] + lemma[-1]
    if "я" in lemma and _syllables(lemma) == 1:
        yield lemma.replace("я", "е")
    if lemma.endswith("ец"):
        yield lemma[:-2] + "йц" if lemma[-3] in _VOWELS else lemma[:-2] + "ц"


def _bent(lemma: str) -> Iterator[str]:
    """Adjectives whose я becomes е before a soft ending: цял, цели; бял, бели."""
    if "я" in lemma:
        yield "е".join(lemma.rsplit("я", 1))


def _plural(form: str) -> tuple[str, str]:
    return form, form + "те"


def _syllables(word: str) -> int:
    return sum(letter in _VOWELS for letter in word)
