"""Forms of a name: definite, plural, vocative, possessive. A man's surname never meets a woman's."""

import re
from collections.abc import Iterator

from worker.forms.adjectives import adjective_forms, is_adjective_name
from worker.forms.kinds import Form, FormKind, joined, listed, syllables, tagged
from worker.forms.nouns import noun_forms

_MAN = re.compile(r".{2,}(?:ов|ев|ин)$")
_WOMAN = re.compile(r".{2,}(?:ова|ева|ина)$")
_MAN_SKI = re.compile(r".{2,}(?:ски|цки|шки|чки|зки|жки)$")
_WOMAN_SKI = re.compile(r".{2,}(?:ска|цка|шка|чка|зка|жка)$")
#: Words in -ина and -ова that are no surnames and have an article.
_COMMON = (
    *("община", "родина", "дружина", "долина", "планина", "градина", "столнина", "половина", "година", "основа"),
    *("медицина", "сцена", "картина", "камбана", "рибарница", "клиника", "болница", "академия", "сделка", "гвардия"),
    *("магазин", "бензин", "термин", "син", "гражданин", "българин", "господин", "македонин", "закон", "клон"),
    *("зов", "лов", "ров", "кръв", "лев", "остров", "основа", "слова", "банка", "политика", "гимназия"),
)
#: A man's given name with -а is a woman's; others in -мир, -слав, -ен follow the rule.
_GIVEN = listed(
    """
    алис василен людмил маргарит камил карол павел габриел ален ангел бранимир албен крис иван стефан петър мартин
    кристиан александър александр антон борис виктор павлин симон симеон даниел михаил николай георг калин марин
    илиан юлиян юлиан мариан боян стоян делян диян деян румен пламен росен камен асен мирен милен ростислав божидар
    лъчезар ясен тодор теодор валентин емил самуил калоян филип климент огнян орлин ивелин веселин цветелин
    константин кирил йордан емануил рафаел адриан роберт алберт леон марк жан дан лазар захар невен димитър стилиян
    елин дарин мирон любен цветан сребрин благовест бисер здрав светлин ралин светозар велин магдален ромен
    севастиан август денислав рад ив ян слав
    """
)
#: Women whose plural would be a man, or another woman.
_SHORT_WOMEN = listed("слава добра ана мила яна мима нина рада дима ива тона ема юла вили лила кала дара деса васа")
_GIVEN_ENDINGS = ("мир", "слав", "илян", "елин", "ослав")


def paired_surname(word: str) -> str | None:
    """The surname of the other gender (Радев: Радева); None for a word that is no Slavic surname.

    For an operator who asks for a family; no form of one is ever a form of the other.
    """
    key = word.lower()
    if _MAN.match(key):
        return word + _cased("а", word)
    if _MAN_SKI.match(key):
        return word[:-1] + _cased("а", word)
    if _WOMAN_SKI.match(key):
        return word[:-1] + _cased("и", word)
    return word[:-1] if _WOMAN.match(key) else None


def _cased(ending: str, word: str) -> str:
    return ending.upper() if word.isupper() else ending


def is_surname_like(key: str) -> bool:
    """Whether a capitalised word with this key may be a Slavic surname, whose gender must be kept."""
    return paired_surname(key) is not None and key not in _COMMON


def name_forms(key: str) -> Iterator[Form]:
    """Forms of a capitalised word without its other spellings and relational adjective."""
    if is_surname_like(key):
        yield from _of_surname(key)
    elif key[-1] in "ая":
        yield from _of_woman_or_place(key)
    elif key[-1] in "оеиую":
        yield from _of_vowel(key)
    elif is_given_man(key):
        yield from _of_given_man(key)
    else:
        for form, kind in noun_forms(key):
            # Юлий is not Юлия.
            if not (key.endswith("ий") and form.endswith(("ия", "ии"))):
                yield form, kind
        yield from _possessive(key)
        if is_adjective_name(key):
            yield from adjective_forms(key)


def _of_woman_or_place(key: str) -> Iterator[Form]:
    stem = key[:-1]
    yield key + "та", FormKind.DEFINITE
    if key not in _SHORT_WOMEN:
        yield from tagged(FormKind.PLURAL, joined(stem, ("и", "ите")))
    if key.endswith("ия"):
        yield from tagged(FormKind.POSSESSIVE, joined(stem, ("ин", "йния", "йният")))
        return
    # Славка is called Славке: Славко is a man, as are Иво and Ивайло.
    if key.endswith(("ка", "ица")):
        yield stem + "е", FormKind.VOCATIVE
    elif syllables(key) > 2 and key[-1] == "а" and not key.endswith("йла"):  # noqa: PLR2004
        yield stem + "о", FormKind.VOCATIVE
    yield from tagged(FormKind.POSSESSIVE, joined(stem, ("иния", "иният", "ината", "иното")))


def _of_vowel(key: str) -> Iterator[Form]:
    """Names in other vowels; only institutions have a plural, for Бойка is a woman."""
    stem = key[:-1]
    if key.endswith(("ство", "ие", "ще", "не")):
        yield from noun_forms(key)
    elif key[-1] == "и":
        yield key + "те", FormKind.DEFINITE
        return
    else:
        yield key + "то", FormKind.DEFINITE
        yield from tagged(FormKind.PLURAL, joined(stem, ("овци", "овците", "евци", "евците")))
    yield from _possessive(stem if key[-1] in "ое" else key)


def is_given_man(key: str) -> bool:
    """Whether the key with -а would be a woman's given name."""
    return key in _GIVEN or key.endswith(_GIVEN_ENDINGS)


def _of_surname(key: str) -> Iterator[Form]:
    if key.endswith(("ов", "ев")):
        yield from tagged(FormKind.POSSESSIVE, joined(key, ("ия", "ият", "ото", "ата")))
        yield from tagged(FormKind.PLURAL, joined(key, ("и", "ите")))
        yield key + "е", FormKind.VOCATIVE
    elif key.endswith("ин"):
        yield from _possessive(key)
        yield from tagged(FormKind.DEFINITE, joined(key, ("ия", "ият", "ът")))
        yield from tagged(FormKind.PLURAL, joined(key, ("и", "ите")))
        yield key + "е", FormKind.VOCATIVE
    elif key[-1] == "и":
        yield from tagged(FormKind.DEFINITE, joined(key, ("я", "ят")))
        yield key + "те", FormKind.PLURAL
    elif not key.endswith(("ова", "ева", "ина")):
        yield key + "та", FormKind.DEFINITE


def _of_given_man(key: str) -> Iterator[Form]:
    stem = key[:-2] + key[-1] if key.endswith(("ър", "ъл")) else key
    yield from tagged(FormKind.VOCATIVE, joined(stem, ("е",)))
    yield from tagged(FormKind.PLURAL, joined(stem, ("овци", "овците")))
    yield from _possessive(stem)


def _possessive(stem: str) -> Iterator[Form]:
    """Ивановия, Тръмповата: only with an article, since without it they are surnames."""
    if stem[-1] == "й":
        return tagged(FormKind.POSSESSIVE, joined(stem[:-1], ("евия", "евият", "евото", "евата")))
    return tagged(FormKind.POSSESSIVE, joined(stem, ("овия", "овият", "овото", "овата")))
