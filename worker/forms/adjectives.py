"""Forms of an adjective from any of its indefinite forms, and the test whether a word may be one."""

from collections.abc import Iterator

from worker.forms.kinds import ADJECTIVAL, VOWELS, Form, FormKind, joined, listed, syllables, tagged, with_e, with_ya

#: Endings of adjectives of two syllables and more.
_ENDINGS = (
    *("ен", "ан", "ян", "ин", "ив", "ав", "яв", "ов", "ев", "ат", "ит", "ок", "ек", "ък", "ър", "ъл"),
    *("ел", "ал", "ил", "ял", "ул", "ъв", "ащ", "ящ", "ещ", "ест", "ист", "ям", "ом", "ем", "им", "ъг", "як"),
    "ърд",
)
_SHORT = listed(
    """
    нов стар млад бял син цял мил тих сух чист прост лек груб глух сляп ням жив здрав чужд твърд чер як горд луд сит
    лош бос гол прав крив слаб скъп общ велик друг същ бивш висш нисш мек ляв див жълт смел смял драг благ прям къс
    рус сив тъп ял зъл пуст свят свеж сам пръв пряк гъст плах зрял бърз рязък остър тъст вещ пеш злат ръст клет част
    пъстр
    """
)
#: Frequent nouns with the ending of an adjective.
_NOUNS = listed(
    """
    есен спомен помен камен корен степен домен ремен пламен петък участък списък остатък недостатък пясък блъсък
    министър център метър литър филтър театър вятър огън възел орел вестител владетел магистър регистър
    """
)
_FALLING = ("ен", "ел", "ър", "ъл", "ък", "ъв", "ъг", "ъм", "ер")
_IRREGULAR = {"пръв": "първ", "зъл": "зл", "дълъг": "дълг", "чер": "черн", "дързък": "дръзк", "мъдър": "мъдр"}
#: Bare plural and feminine forms that a term may hold: „предсрочни избори“.
_KI = ("ски", "цки", "шки", "чки", "жки", "йки", "тки", "дки")


def is_adjective_name(key: str) -> bool:
    """Whether a capitalised word may be the adjective of an institution's name (Върховен, Нов), not a given name."""
    return key in _SHORT or (key.endswith("ен") and syllables(key) > 2)  # noqa: PLR2004


def is_adjective_like(key: str) -> bool:
    """Whether a lower-case word may be an adjective."""
    if key[-1] in VOWELS:
        return key.endswith((*_KI, "ни", "ви", "ли", "ти", "ми", "щи", "чи", "ши", "втори", "добри"))
    return key in _SHORT or (key not in _NOUNS and syllables(key) > 1 and key.endswith(_ENDINGS))


def adjective_forms(key: str) -> Iterator[Form]:
    """Genders, plural and definite forms; the stem may lose its vowel or change я to е."""
    if key[-1] == "и":
        yield from _of_plural(key)
        return
    yield from _of_stem(key, full=key)
    if fallen := _fallen(key):
        for stem in {fallen: None, with_ya(fallen): None}:
            yield from _of_stem(stem, full=key)


def _of_plural(key: str) -> Iterator[Form]:
    stem = key[:-1]
    if key.endswith(("чи", "ши")):
        yield from tagged(FormKind.GENDER, joined(stem, ("е", "ето")))
    yield from _of_stem(stem, full=key)
    if key.endswith("ни") and key[-3] not in VOWELS:
        # предсрочни, предсрочен; военни, военен
        yield stem[:-1].removesuffix("й") + "ен", FormKind.GENDER


def _of_stem(stem: str, *, full: str) -> Iterator[Form]:
    yield from tagged(FormKind.DEFINITE, joined(stem, ("ия", "ият")))
    yield from tagged(FormKind.GENDER, joined(stem, ("а", "о", "и")))
    yield from tagged(FormKind.DEFINITE, joined(stem, ("ата", "ото", "ите")))
    if (other := with_e(stem)) != stem:
        # голям, големи, големият
        yield from tagged(FormKind.GENDER, joined(other, ("и", "ите", "ия", "ият")))
    if stem[-1] == "ш":
        yield from tagged(FormKind.GENDER, joined(stem, ("е", "ето")))
    if full.endswith(("син", "сънен", "горен", "долен", "ден")):
        yield from tagged(FormKind.GENDER, joined(stem, ("я", "ята", "ьо", "ьото")))


def _fallen(key: str) -> str:
    if key in _IRREGULAR:
        return _IRREGULAR[key]
    if not key.endswith(_FALLING) or syllables(key) < 2:  # noqa: PLR2004
        return ""
    # спокоен, спокойна
    return key[:-2] + ("й" if key[-3] in VOWELS else "") + key[-1]


def relational_forms(stem: str) -> Iterator[Form]:
    """All forms of an adjective in -ски, given without its last vowel (`софийск`)."""
    return tagged(FormKind.RELATIONAL, joined(stem, ADJECTIVAL[1:]))
