"""Forms of a noun from its singular (or only plural), by ending; an impossible form costs nothing."""

from collections.abc import Iterator

from worker.forms.kinds import PALATAL, SOFTENED, VOWELS, Form, FormKind, joined, syllables, tagged, with_e

#: Plurals that no rule gives; `|` parts the word from its plurals, the article is added.
_IRREGULAR = dict(
    line.split("|")
    for line in (
        *("път|пътища пътя пътят", "сън|сънища съня сънят", "край|краища", "човек|хора човеци", "дете|деца"),
        *("око|очи", "ухо|уши", "ръка|ръце", "крак|крака", "нога|нозе", "брат|братя", "господин|господа"),
        *(
            "цвете|цветя",
            "лист|листа",
            "овен|овни",
            "ден|дни деня денят дена",
            "рамо|рамене рамена",
            "коляно|колене колена",
        ),
        *("дърво|дървета", "чудо|чудеса", "небе|небеса", "рог|рога", "номер|номера", "турчин|турци", "грък|гърци"),
        *("княз|князе", "кон|коне коня конят", "мъж|мъже", "цар|царе", "крал|крале краля кралят", "вол|волове"),
        *("огън|огньове огъня огънят", "нокът|нокти нокътя нокътят", "лакът|лакти лакътя лакътят", "дух|духове"),
        *("зет|зетьове зетя зетят", "център|центрове", "вятър|ветрове", "животно|животни", "майстор|майстори"),
        *("бряг|брегове", "учен|учени учения ученият", "болен|болни болния болният", "сряда|среди", "звяр|зверове"),
        *(
            "масло|масла",
            "платно|платна",
            "връх|върхове върха върхът",
            "гръб|гърбове гърба гърбът",
            "камък|камъни",
            "кръст|кръстове",
            "гръм|гърмове гърма гърмът",
        ),
        *("дъщеря|дъщери", "перо|пера", "войн|войни", "бог|богове божове", "баща|бащи", "чичо|чичовци", "дядо|дядовци"),
        *("татко|татковци", "вуйчо|вуйчовци", "свако|сваковци", "кир|кира", "лев|лева лъвове", "петел|петли"),
        *("вестител|вестители", "двор|дворове", "остров|острови острова", "изход|изходи", "огледало|огледала"),
    )
)
_CALLED = frozenset(("майка", "жена", "сестра", "баба", "леля", "страна"))
#: Soft stems, whose article is я, ят.
_SOFT = ("тел", "ар", "яр", "ир")
_FEMININE = (
    *(
        "ст",
        "нощ",
        "мощ",
        "вещ",
        "пещ",
        "реч",
        "обич",
        "жлъч",
        "ръж",
        "кръв",
        "сол",
        "вечер",
        "памет",
        "пролет",
        "есен",
        "захар",
        "кал",
        "любов",
        "църков",
    ),
    *("смърт", "плът", "пот", "връв", "цел", "песен", "мисъл", "степен", "нит", "вар", "шир", "заповед", "изповед"),
    *("проповед", "област", "промисъл", "младеж", "мел", "рат", "бран", "длан", "гръд", "скръб", "стръв", "ос"),
)
#: A vowel that falls in the plural.
_FALLING = ("ец", "ел", "ър", "ъл", "ък", "ер", "ът", "ън", "ъм", "ес")
#: я to е before an ending.
_SHIFTING = frozenset(("свят", "хляб", "сняг", "бряг", "цвят", "бяс", "смях", "грях", "мях", "звяр", "мъх", "лях"))
#: One-syllable nouns with the plural -и.
_SHORT_IN_I = frozenset(
    (
        "зъб",
        "гост",
        "филм",
        "кюрд",
        "швед",
        "сърб",
        "чех",
        "тест",
        "перс",
        "гърк",
        "финн",
        "скит",
        "гот",
        "хун",
        "чин",
        "факт",
        "химн",
    )
)
#: Endings of nouns that have no vocative in -е, and nouns that have one all the same.
_NOT_CALLED = ("ен", "ов", "ев", "ян", "к", "г", "х", "ц", "ж", "ч", "ш", "щ")
_CALLED_IN_E = frozenset(
    ("човек", "юнак", "отец", "старец", "шеф", "син", "брат", "кмет", "поп", "бог", "дух", "вожд", "княз")
)
_WITH_ARTICLE = {"а": "та", "я": "та", "и": "те", "е": "те"}


def noun_forms(key: str) -> Iterator[Form]:
    """The forms of a noun, with the kind of each."""
    last = key[-1]
    if irregular := _IRREGULAR.get(key):
        for plural in irregular.split():
            yield plural, FormKind.PLURAL
            if plural[-1] in _WITH_ARTICLE:
                yield plural + _WITH_ARTICLE[plural[-1]], FormKind.PLURAL
    if last in "ая":
        yield from _in_a(key)
    elif last == "о":
        yield from _in_o(key)
    elif last == "е":
        yield from _in_e(key)
    elif last == "и":
        yield from tagged(FormKind.DEFINITE, joined(key, ("те", "то")))
        yield from tagged(FormKind.PLURAL, joined(key, ("та", "тата")))
    elif last in "ую":
        yield key + "то", FormKind.DEFINITE
        yield from tagged(FormKind.PLURAL, joined(key, ("та", "тата")))
    elif last == "й":
        yield from _in_y(key)
    else:
        yield from _in_consonant(key)


def _in_a(key: str) -> Iterator[Form]:
    stem = key[:-1]
    yield key + "та", FormKind.DEFINITE
    yield from tagged(FormKind.PLURAL, joined(stem, ("и", "ите")))
    if (other := with_e(stem)) != stem:
        yield from tagged(FormKind.PLURAL, joined(other, ("и", "ите")))
    if key.endswith("ица"):
        yield stem + "е", FormKind.VOCATIVE
    if key in _CALLED or (key[-1] == "а" and syllables(key) > 2):  # noqa: PLR2004
        yield stem + "о", FormKind.VOCATIVE


def _in_o(key: str) -> Iterator[Form]:
    stem = key[:-1]
    yield key + "то", FormKind.DEFINITE
    for plural in {stem: None, with_e(stem): None}:
        yield from tagged(FormKind.PLURAL, joined(plural, ("а", "ата")))
    if key.endswith(("ко", "ьо", "чо", "но")):
        yield from tagged(FormKind.PLURAL, joined(key.removesuffix("о"), ("овци", "овците")))
    if key.endswith(("но", "ко")):
        yield from tagged(FormKind.PLURAL, joined(stem, ("и", "ите")))


def _in_e(key: str) -> Iterator[Form]:
    stem = key[:-1]
    yield key + "то", FormKind.DEFINITE
    if key.endswith(("ие", "ье")):
        yield from tagged(FormKind.PLURAL, joined(stem, ("я", "ята")))
        return
    if key.endswith("не"):
        yield from tagged(FormKind.PLURAL, joined(stem, ("ия", "ията")))
    if key.endswith("ме"):
        yield from tagged(FormKind.PLURAL, joined(key, ("на", "ната")))
    if key.endswith(("ще", "це", "же")):
        yield from tagged(FormKind.PLURAL, joined(stem, ("а", "ата")))
    yield from tagged(FormKind.PLURAL, joined(key, ("та", "тата")))


def _in_y(key: str) -> Iterator[Form]:
    stem = key[:-1]
    yield from tagged(FormKind.DEFINITE, joined(stem, ("я", "ят")))
    yield from tagged(FormKind.COUNT, joined(stem, ("я",)))
    yield from tagged(FormKind.PLURAL, joined(stem, ("и", "ите", "еве", "евете", "йове", "йовете")))
    yield stem + "ю", FormKind.VOCATIVE


def _in_consonant(key: str) -> Iterator[Form]:
    yield from tagged(FormKind.DEFINITE, joined(key, ("а", "ът")))
    yield key + "а", FormKind.COUNT
    if key.endswith("зъм") or key in _SHIFTING:
        # механизма, света
        changed = key[:-2] + key[-1] if key.endswith("зъм") else with_e(key)
        yield from tagged(FormKind.DEFINITE, joined(changed, ("а", "ът")))
    if key[-1] in "кцчшжх" and syllables(key) > 1:
        yield key + "о", FormKind.VOCATIVE
    if key.endswith(_SOFT):
        yield from tagged(FormKind.DEFINITE, joined(key, ("я", "ят")))
        yield key + "ю", FormKind.VOCATIVE
    if key.endswith(_FEMININE):
        yield key + "та", FormKind.DEFINITE
    short = syllables(key) == 1
    for stem in _plural_stems(key):
        softened = stem[:-1] + SOFTENED.get(stem[-1], stem[-1])
        if not short or key in _SHORT_IN_I or key.endswith(_FEMININE):
            yield from tagged(FormKind.PLURAL, joined(softened, ("и", "ите")))
        if key in _CALLED_IN_E or not (short or key.endswith(_NOT_CALLED)):
            yield stem[:-1] + PALATAL.get(stem[-1], stem[-1]) + "е", FormKind.VOCATIVE
    if short:
        for stem in {key: None, with_e(key): None}:
            yield from tagged(FormKind.PLURAL, joined(stem, ("ове", "овете")))


def _plural_stems(key: str) -> list[str]:
    stems = [key]
    if key.endswith("ин") and syllables(key) > 1:
        stems.append(key[:-2])
    elif key.endswith(_FALLING) and syllables(key) > 1:
        # борец, борци; боец, бойци
        stems.append(key[:-2] + ("й" if key[-3] in VOWELS else "") + key[-1])
    if (other := with_e(key)) != key:
        stems.append(other)
    return stems
