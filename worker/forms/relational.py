"""Relational adjectives of names and acronyms (Бургас: бургаски; НАТО: натовски; ДПС: депесарски)."""

from collections.abc import Iterator

from worker.forms.adjectives import relational_forms
from worker.forms.kinds import VOWELS, Form, FormKind

#: Adjectives that no rule gives, without their last vowel.
_IRREGULAR = dict(
    line.split("|")
    for line in (
        *("българия|българск", "италия|италианск", "франция|френск", "германия|германск немск", "русия|руск"),
        *("турция|турск", "гърция|гръцк", "сърбия|сръбск", "полша|полск", "чехия|чешк", "словакия|словашк"),
        *("хърватия|хърватск хърватск", "босна|босненск", "великобритания|британск великобританск", "китай|китайск"),
        *("европа|европейск", "москва|московск", "прага|пражк", "варна|варненск", "враца|врачанск", "вена|виенск"),
        *(
            "америка|американск",
            "сащ|американск щатск",
            "холандия|холандск нидерландск",
            "дания|датск",
            "белгия|белгийск",
        ),
        *("израел|израелск", "норвегия|норвежк", "швейцария|швейцарск", "португалия|португалск", "куба|кубинск"),
        *("украйна|украинск", "молдова|молдовск", "ирландия|ирландск", "косово|косовск косоварск", "азия|азиатск"),
        *("африка|африканск", "латвия|латвийск", "литва|литовск", "беларус|беларуск", "белорусия|беларуск белоруск"),
        *(
            "търговище|търговищк",
            "скопие|скопск",
            "русе|русенск",
            "видин|видинск",
            "сливен|сливенск",
            "плевен|плевенск",
        ),
        *("киев|киевск", "харков|харковск", "азов|азовск", "ростов|ростовск", "лвов|лвовск", "краков|краковск"),
        *("кишинев|кишиневск", "псков|псковск", "саратов|саратовск", "тамбов|тамбовск", "иран|иранск", "ирак|иракск"),
        *("аржентина|аржентинск", "палестина|палестинск"),
        *("рим|римск", "атина|атинск", "корея|корейск", "виетнам|виетнамск", "перник|пернишк", "пазарджик|пазарджишк"),
        *("ловеч|ловешк", "добрич|добричк", "дупница|дупнишк", "горна|горнооряховск", "гоце|гоцеделчевск"),
        *("дунав|дунавск", "търново|търновск великотърновск", "монтана|монтанск", "силистра|силистренск"),
        *("левски|левскарск", "герб|гербаджийск гербовск герберск", "цска|цесекарск", "бсп|бесепарск", "ддс|", "ес|"),
        *("загора|загорск старозагорск", "македония|македонск", "кипър|кипърск", "египет|египетск", "либия|либийск"),
        *("сирия|сирийск", "тайван|тайванск", "люксембург|люксембургск", "финландия|финландск финск", "оае|"),
        *(
            "тетевен|тетевенск",
            "банско|банск",
            "самоков|самоковск",
            "димитровград|димитровградск",
            "чепеларе|чепеларск",
        ),
        *(
            "севлиево|севлиевск",
            "казанлък|казанлъшк",
            "карнобат|карнобатск",
            "асеновград|асеновградск",
        ),
    )
)
#: Endings of surnames, which have a relational adjective only in the list above.
_SURNAME = ("ов", "ев", "ова", "ева", "ина", "ски", "ска", "шки", "чки", "цки")
_BEFORE_SKI = {"к": "шк", "ч": "шк", "ц": "шк", "г": "жк", "ж": "жк", "х": "шк", "ш": "шк", "с": "ск", "з": "зк"}
_SPELLED = frozenset("бвгджзкпстцчш")


def name_relational(key: str) -> Iterator[Form]:
    """The relational adjective of a capitalised word, in all its forms."""
    for stem in dict.fromkeys(_stems(key)):
        yield from relational_forms(stem)


def acronym_relational(key: str) -> Iterator[Form]:
    """The relational adjective of an acronym: read as a word where it has a vowel, else letter by letter."""
    if key in _IRREGULAR:
        for stem in _IRREGULAR[key].split():
            yield from relational_forms(stem)
    elif len(key) > 2 and any(letter in VOWELS for letter in key[:-1]):  # noqa: PLR2004
        stem = key[:-1] if key[-1] in VOWELS else key
        yield from relational_forms(stem + "овск")
        yield from ((stem + ending, FormKind.RELATIONAL) for ending in ("овци", "овците", "овец"))
    elif len(key) == 3 and all(letter in _SPELLED for letter in key):  # noqa: PLR2004
        stem = "".join(letter + "е" for letter in key)[:-1] + "ар"
        yield from relational_forms(stem + "ск")
        yield from ((stem + ending, FormKind.RELATIONAL) for ending in ("и", "ите", "ия", "ията"))


def _stems(key: str) -> Iterator[str]:
    if key in _IRREGULAR:
        yield from _IRREGULAR[key].split()
        return
    if key.endswith(_SURNAME) or len(key) < 4:  # noqa: PLR2004
        return
    last, stem = key[-1], key[:-1]
    if key.endswith("ия"):
        yield stem[:-1] + "ийск"
        if len(key) > 5:  # noqa: PLR2004
            yield _joined(stem[:-1])
    elif last in "ое" or (last in "ая" and stem[-1] not in VOWELS):
        yield _joined(stem)
        yield stem + "енск"
    elif last == "й" or last in VOWELS:
        yield key.removesuffix("й") + "йск"
        if last in "ую":
            yield key + "ск"
    else:
        yield _joined(key)
        if last in "кц":
            yield key + "ск"
        if last == "ч":
            yield key + "к"


def _joined(stem: str) -> str:
    """The stem with -ск: the ending's с is lost after с, з and sibilants."""
    if stem[-1] in _BEFORE_SKI:
        return stem[:-1] + _BEFORE_SKI[stem[-1]]
    return stem + "ск"
