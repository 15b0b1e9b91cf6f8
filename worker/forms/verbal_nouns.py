"""The verbs of both aspects behind a noun in -не or -ние (присъединяване: присъединявам, присъединя)."""

from worker.forms.kinds import SIBILANTS, listed, syllables
from worker.forms.verb_roots import is_first_in_a

#: Nouns in -не, -ние that name no action or whose verb means something else.
_NO_ACTION = listed(
    """
    мнение значение имение население отношение поколение направление измерение изключение съжаление имане растение
    съчинение основание знание звание здание внимание предание дихание дание състояние разстояние влияние стояние
    произведение заведение приложение положение течение учение чане помещение учреждение видение намерение начинание
    добруване
    """
)
#: End of the imperfective's theme -> end of the perfective's first person; all are tried of the longest that applies.
_PERFECTIVE: tuple[tuple[str, tuple[str, ...]], ...] = (
    *(("ждава", ("дя", "ждя")), ("щава", ("тя", "ща")), ("жава", ("жа",)), ("чава", ("ча",)), ("шава", ("ша",))),
    *(
        ("явява", ("явя",)),
        ("живява", ("живея",)),
        ("умява", ("умея",)),
        ("ява", ("я",)),
        ("одава", ("одам",)),
        ("здава", ("здам",)),
        ("рава", ("рам",)),
    ),
    *(("дава", ("дам",)), ("става", ("стана", "ставя")), ("нава", ("на", "ня")), ("казва", ("кажа",))),
    *(("писва", ("пиша",)), ("рязва", ("режа",)), ("вързва", ("вържа",)), ("мазва", ("мажа",)), ("зва", ("зя", "жа"))),
    *(("сва", ("ся", "сам")), ("тва", ("тя", "там")), ("пва", ("пя", "пна")), ("нва", ("на", "ня")), ("мва", ("мам",))),
    *(("хва", ("хна", "хам")), ("лва", ("ля", "лна")), ("рва", ("ря", "рам")), ("два", ("дя",)), ("бва", ("бя",))),
    *(
        ("чва", ("ча",)),
        ("почва", ("почна",)),
        ("жва", ("жа",)),
        ("шва", ("ша",)),
        ("щва", ("ща",)),
        ("йва", ("я",)),
        ("ква", ("кам",)),
    ),
    *(
        ("гва", ("гам", "гна")),
        ("пува", ("пя",)),
        ("дува", ("дуя",)),
        ("чува", ("чуя",)),
        ("ива", ("ия", "ина")),
        ("ева", ("ея",)),
        ("ава", ("ам", "ая")),
    ),
    *(("бира", ("бера",)), ("пира", ("пра",)), ("мира", ("мра",)), ("вира", ("вра",)), ("дира", ("дера",))),
    *(("тира", ("тра",)), ("зира", ("зра",)), ("лиза", ("ляза",)), ("нася", ("неса",)), ("вежда", ("веда",))),
    *(("глежда", ("гледам",)), ("жда", ("дя",)), ("срещ", ("срещна",)), ("връща", ("върна",)), ("ща", ("тя", "стя"))),
    *(("рича", ("река",)), ("тича", ("тека",)), ("лича", ("лека",)), ("сича", ("сека",)), ("пича", ("пека",))),
    *(("лага", ("ложа",)), ("мага", ("могна",)), ("стига", ("стигна",)), ("ска", ("сна",)), ("га", ("гна",))),
    *(("пада", ("падна",)), ("ема", ("ема",)), ("има", ("ема",)), ("варя", ("воря",))),
    *(("каня", ("каня",)), ("аня", ("оня", "аня")), ("даря", ("даря",)), ("аря", ("оря", "аря")), ("ля", ("ля",))),
    *(("тваря", ("творя",)), ("вя", ("вя",)), ("ня", ("ня",)), ("ря", ("ря",)), ("ся", ("ся",)), ("чита", ("чета",))),
    *(("мита", ("мета",)), ("плита", ("плета",)), ("питва", ("питам",)), ("йства", ("йствам",)), ("отива", ("отида",))),
    *(("вика", ("викна",)), ("ка", ("кна",)), ("качва", ("кача",)), ("буха", ("бухна",)), ("ража", ("разя",))),
)
_BY_LENGTH = tuple(sorted(_PERFECTIVE, key=lambda pair: -len(pair[0])))
#: Consonants of -ение and those of its verb.
_BEFORE_NIE = (("жд", "д"), ("щ", "т"), ("вл", "в"), ("бл", "б"), ("пл", "п"), ("мл", "м"), ("ш", "с"))
#: Nouns in -ание whose verb ends in -ая.
_IN_AYA = frozenset(("обещ", "жел", "страд", "отча", "разка", "позн", "призн", "съзн"))


def is_verbal_noun(key: str) -> bool:
    """Whether a lower-case word may name an action."""
    stem = key.removesuffix("ие").removesuffix("не").removesuffix("н").rstrip("аеи")
    return bool(stem) and key.endswith(("не", "ние", "итие")) and syllables(key) > 2 and key not in _NO_ACTION  # noqa: PLR2004


def verbs_of(key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The imperfective verbs of a noun of action and the perfective ones, in the first person."""
    if key.endswith("ение"):
        return _of_enie(key[:-4])
    if key.endswith("ание"):
        return _of_anie(key[:-4])
    if key.endswith("итие"):
        return (key[:-3] + "вам",), (key[:-3] + "я",)
    theme = key[:-2]
    if theme[-1] in "ая":
        return (theme + "м",), _perfectives(theme)
    if theme[-1] != "е":
        return (), ()
    stem = theme[:-1]
    first = (stem + "а",) if stem[-1] in SIBILANTS or is_first_in_a(stem + "а") else ()
    return (*(() if stem[-1] in SIBILANTS else (stem + "я",)), *first), ()


def _perfectives(theme: str) -> tuple[str, ...]:
    if theme.endswith(("изира", "фицира", "тира", "нира", "лира", "сира", "рира")):
        return ()
    for end, perfectives in _BY_LENGTH:
        if theme.endswith(end) and len(theme) > len(end):
            return tuple(theme[: -len(end)] + perfective for perfective in perfectives)
    return ()


def _of_enie(stem: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    soft = "а" if stem[-1] in SIBILANTS else "я"
    imperfective = [f"{stem}{soft}вам"]
    perfective = [stem + soft]
    for old, new in _BEFORE_NIE:
        if stem.endswith(old):
            verb = stem[: -len(old)] + new + "я"
            # посещение may be of посетя, съобщение is of съобщя; but -вл- is of -в- only.
            perfective = [verb] if len(old) > 1 else [*perfective, verb]
            imperfective += [verb + "м"] if old.endswith("л") else []
    if stem.endswith("лож"):
        imperfective.append(stem[:-3] + "лагам")
    return tuple(imperfective), tuple(perfective)


def _of_anie(stem: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    perfective = [stem + "ая"] if stem in _IN_AYA else []
    if stem[-1] == "з":
        perfective.append(stem[:-1] + "жа")
    if stem[-1] == "с":
        perfective.append(stem[:-1] + "ша")
    return (stem + "вам", stem + "авам"), tuple(perfective)
