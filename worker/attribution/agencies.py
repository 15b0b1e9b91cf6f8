"""Agencies and other publishers by the names that Bulgarian texts give them, and where those names stand.

Some of them are common words („Труд“, „Сега“): those count in quotation marks, behind „агенция“ or „в.“, or right
behind a verb of reporting – which is for `reading` to see.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# fmt: off
#: canonical name: how else it is written
_NAMES: Mapping[str, tuple[str, ...]] = {
    "БТА": ("BTA", "Българската телеграфна агенция", "Българска телеграфна агенция"),
    "БГНЕС": ("BGNES",),
    "Фокус": ("Focus News",),
    "АФП": ("AFP", "Франс прес", "Франс Прес", "Франспрес", "Agence France-Presse"),
    "АП": ("AP", "Асошиейтед прес", "Асошиейтед Прес", "Асошиейтид прес", "Associated Press"),
    "ДПА": ("dpa", "DPA"),
    "Ройтерс": ("Reuters", "Ройтърс"),
    "ТАСС": ("ИТАР-ТАСС", "TASS"),
    "РИА Новости": ("РИА", "РИА „Новости“", 'РИА "Новости"'),
    "Интерфакс": ("Interfax",),
    "АНСА": ("ANSA",),
    "АПА": ("APA",),
    "ЕФЕ": ("EFE",),
    "ПАП": ("PAP",),
    "ЧТК": ("CTK",),
    "МТИ": ("MTI",),
    "МИА": ("MIA",),
    "Танюг": ("Tanjug",),
    "Бета": (),
    "ХИНА": ("HINA",),
    "СТА": ("STA",),
    "Аджерпрес": ("Agerpres",),
    "Медиафакс": ("Mediafax",),
    "АНА-МПА": ("ANA-MPA", "Атинската новинарска агенция"),
    "Анадолската агенция": ("Анадолската новинарска агенция", "Анадолската информационна агенция", "Анадолу",
                            "Anadolu"),
    "Укринформ": ("Ukrinform",),
    "УНИАН": ("UNIAN",),
    "БелТА": ("БЕЛТА", "BelTA"),
    "Синхуа": ("Xinhua",),
    "Киодо": ("Kyodo",),
    "Йонхап": ("Yonhap",),
    "ИРНА": ("IRNA",),
    "Блумбърг": ("Bloomberg", "Блумбърг нюз", "Блумбърг ТВ"),
    "Би Би Си": ("ББС", "BBC", "Би Би Си Нюз"),
    "Си Ен Ен": ("CNN",),
    "Дойче веле": ("ДВ", "Deutsche Welle", "Дойче Веле"),
    "Свободна Европа": ("Радио Свободна Европа", "РСЕ/РС"),
    "Политико": ("Politico",),
    "Файненшъл таймс": ("Financial Times", "Файненшъл Таймс"),
    "Ню Йорк таймс": ("New York Times", "Ню Йорк Таймс", "The New York Times"),
    "Уошингтън пост": ("Washington Post", "Вашингтон пост", "Уошингтън Пост", "The Washington Post"),
    "Уолстрийт джърнъл": ("Wall Street Journal", "Уолстрийт Джърнъл", "Уол стрийт джърнъл", "The Wall Street Journal"),
    "Гардиън": ("Guardian", "The Guardian"),
    "Билд": ("Bild",),
    "Шпигел": ("Spiegel", "Der Spiegel"),
    "Скай нюз": ("Sky News", "Скай Нюз"),
    "Ал Джазира": ("Al Jazeera",),
    "Киив индипендънт": ("Kyiv Independent", "Киев индипендънт", "The Kyiv Independent"),
    "БНР": ("Българското национално радио", "BNR"),
    "БНТ": ("Българската национална телевизия", "BNT"),
    "бТВ": ("bTV", "БТВ"),
    "Нова": ("NOVA", "Нова телевизия", "Нова ТВ", "Нова нюз", "Nova TV"),
    "Дарик": ("Дарик радио", "Darik"),
    "Медиапул": ("Mediapool",),
    "Дневник": ("dnevnik.bg",),
    "Капитал": ("capital.bg",),
    "Сега": ("segabg.com",),
    "Труд": ("trud.bg",),
    "24 часа": ("24chasa.bg",),
    "Стандарт": ("standartnews.com",),
    "Вести": ("vesti.bg",),
    "Факти": ("fakti.bg",),
    "Монитор": ("monitor.bg",),
    "Дума": ("duma.bg",),
    "Телеграф": ("telegraph.bg",),
    "OFFNews": ("ОФФНюз",),
    "Клуб Z": ("Club Z",),
}
#: common words, or names of much else
_WORDLIKE = frozenset({
    "АП", "AP", "РИА", "СТА", "Бета", "Нова", "Фокус", "Труд", "Сега", "Стандарт", "Капитал", "Дневник", "Вести",
    "Факти", "Монитор", "Дума", "Телеграф", "ДВ", "APA", "STA", "MIA", "Билд", "Гардиън", "24 часа", "Политико",
})
# fmt: on
#: those that pass on what others reported, for Bulgarian readers
BULGARIAN_AGENCIES = frozenset({"БТА", "БГНЕС", "Фокус"})
AGENCIES = frozenset(list(_NAMES)[: list(_NAMES).index("Блумбърг") + 1])

_CANONICAL = {name: canonical for canonical, others in _NAMES.items() for name in (canonical, *others)}
_ADJECTIVE = r"(?:[А-Яа-я][а-я]*(?:ска|ската|ски|ския|ският|ското|на|ната|ния|ният|ен|ото)\s+){0,3}"
_NOUN = (
    r"(?i:агенци(?:я|ята|ите)|(?:вест|всекиднев|седмич)ник(?:ът|а)?|в-к|в\.|списание(?:то)?|сп\.|телевизия(?:та)?|"
    r"радио(?:то)?|сайт(?:ът|а)?|портал(?:ът|а)?|издание(?:то)?|медия(?:та)?|таблоид(?:ът|а)?)"
)
_REPORTER = r"(?:(?:специалн\w+\s+|местн\w+\s+)?(?:кореспондент|репортер|пратеник)\w*(?:\s+[А-Яа-я]\w+){0,3}?\s+на\s+)?"
_ALTERNATIVES = "|".join(
    re.escape(name.replace("„", '"').replace("“", '"')) for name in sorted(_CANONICAL, key=len)[::-1]
)
_KNOWN = re.compile(
    rf"(?<![\w@.-])(?P<before>{_REPORTER}(?:{_ADJECTIVE}{_NOUN}\s+)?)(?P<open>\")?"
    rf"(?P<name>{_ALTERNATIVES})(?P<close>\")?(?![\w@])"
)
#: a publisher that we do not know, in quotation marks behind a word that says what it is
_UNKNOWN = re.compile(rf"(?<!\w)(?P<before>{_ADJECTIVE}{_NOUN}\s+)\"(?P<name>[^\"\n]{{2,40}})\"")
_PLAIN = re.compile(r"[\"„“]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A publisher's name in a text; `start` lies before „агенция“ and quotation marks that belong to it."""

    start: int
    end: int
    #: of the name alone
    name_start: int
    name: str
    #: beyond doubt a publisher; else only a verb of reporting makes it one
    is_certain: bool
    is_agency: bool


def named_in(text: str) -> Iterator[Named]:
    """Publishers in a text whose quotation marks are all `"`, in order, none within another."""
    taken: list[Named] = []
    for found in _KNOWN.finditer(text):
        written = found["name"]
        canonical = _CANONICAL.get(written) or _CANONICAL[_as_listed(written)]
        is_framed = bool(found["open"] and found["close"]) or bool(re.search(_NOUN, found["before"]))
        taken.append(_named(found, canonical, is_certain=is_framed or written not in _WORDLIKE))
    covered = [(one.start, one.end) for one in taken]
    unknown = [
        _named(found, found["name"], is_certain=True)
        for found in _UNKNOWN.finditer(text)
        if all(found.end() <= start or end <= found.start() for start, end in covered)
    ]
    yield from sorted([*taken, *unknown], key=lambda one: one.start)


def agency_of(outlet: str) -> str | None:
    """The agency whose own feed an outlet of this name is; None for any other."""
    for named in named_in(_PLAIN.sub('"', outlet)):
        if named.name in AGENCIES:
            return named.name
    return None


def _named(found: re.Match[str], name: str, *, is_certain: bool) -> Named:
    end = found.end()
    start = found.start("before") if found["before"] else found.start()
    return Named(
        start=start,
        end=end,
        name_start=found.start("name"),
        name=name,
        is_certain=is_certain,
        is_agency=name in AGENCIES or "агенци" in found["before"],
    )


def _as_listed(written: str) -> str:
    return next(name for name in _CANONICAL if _PLAIN.sub('"', name) == written)
