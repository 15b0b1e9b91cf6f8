"""Spellings of a name in the other script: the official transliteration, what the press writes, and back.

The official one is that of the Transliteration Act (State Gazette 19/2009, articles 4 and 6).
"""

from collections.abc import Callable, Iterable

_LETTERS = dict(zip("абвгдезийклмнопрстуфхъь", "abvgdeziyklmnoprstufhay", strict=True)) | {
    "ж": "zh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sht",
    "ю": "yu",
    "я": "ya",
}
#: Spellings of one word at most.
MOST_VARIANTS = 12
#: Rules of each list that are usual enough to go together.
_USUAL = 18
#: Rewritings of the Cyrillic key, most usual first; each applies to the whole word or to its end (`$`).
_PRESS = (
    *(("ов$", "off"), ("ев$", "eff"), ("ий$", "y"), ("ий$", "ii"), ("ски$", "sky"), ("ия$", "iya"), ("ия$", "ija")),
    *(("с", "ss"), ("ц", "c"), ("ъ", "u"), ("й", "i"), ("й", "j"), ("я", "ia"), ("ю", "iu"), ("х", "kh"), ("я", "ja")),
    *(("ю", "ju"), ("ц", "tz"), ("ки", "ky"), ("кс", "x"), ("к", "c"), ("ж", "j"), ("щ", "sch"), ("в", "w")),
    *(("дж", "j"), ("ф", "ph"), ("у", "ou"), ("и", "y"), ("ч", "tch"), ("ш", "sch"), ("ъ", "y")),
)
_SOUNDS = {
    "a": "а", "b": "б", "c": "к", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "дж", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в",
    "w": "у", "x": "кс", "y": "и", "z": "з",
    "sch": "ш", "sht": "щ", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "th": "т", "ph": "ф", "ck": "к", "ts": "ц",
    "tz": "ц", "ya": "я", "yu": "ю", "ia": "ия", "oo": "у", "ee": "ий", "ou": "у", "qu": "кв", "oi": "ой", "ai": "ай",
    "ei": "ей", "oy": "ой", "ay": "ей", "ey": "ей", "iy": "ий", "au": "ау", "eu": "ой", "yo": "йо", "ie": "и",
    "je": "йе", "tch": "ч", "dj": "дж", "gh": "г", "wh": "у",
}  # fmt: skip
#: Other readings of a Latin piece, most usual first.
_READINGS = (
    *(("c", "ц"), ("j", "й"), ("w", "в"), ("u", "ъ"), ("y", "й"), ("j", "ж"), ("ch", "х"), ("ch", "к"), ("z", "ц")),
    *(("ei", "ай"), ("a", "ъ"), ("h", ""), ("ai", "е"), ("e", ""), ("eu", "ю"), ("ie", "ие"), ("c", "с"), ("i", "ай")),
    *(("g", "дж"), ("th", "д"), ("a", "ей"), ("s", "з"), ("sch", "ск"), ("ch", "ш"), ("v", "ф"), ("x", "з")),
)


def latin_of(key: str) -> str:
    """The spelling of a comparison form in lower case; `ия` at the end of a word gives `ia`."""
    if key.endswith("ия"):
        return latin_of(key[:-2]) + "ia"
    return "".join(_LETTERS.get(letter, letter) for letter in key)


def latin_variants(key: str) -> tuple[str, ...]:
    """The official spelling and those of the press, most usual first, at most twelve."""
    return _spread(key, _PRESS, _written)


def cyrillic_variants(latin: str) -> tuple[str, ...]:
    """Cyrillic spellings of a Latin word, most usual first, at most twelve; lower case."""
    return _spread(latin.lower(), _READINGS, _read)


def _spread(
    key: str,
    rules: tuple[tuple[str, str], ...],
    spell: Callable[[str, Iterable[tuple[str, str]]], str],
) -> tuple[str, ...]:
    """Spellings with no, one and two of the rules, in this order, as long as they are new."""
    fitting = [rule for rule in rules if _fits(key, rule[0])]
    usual = [rule for rule in rules[:_USUAL] if rule in fitting]
    choices: list[tuple[tuple[str, str], ...]] = [(), *((rule,) for rule in fitting)]
    choices += [
        (first, second) for place, first in enumerate(usual) for second in usual[place + 1 :] if first[0] != second[0]
    ]
    found: dict[str, None] = {}
    for chosen in choices:
        if len(found) == MOST_VARIANTS:
            break
        if spelled := spell(key, chosen):
            found[spelled] = None
    return tuple(found)


def _fits(key: str, piece: str) -> bool:
    return key.endswith(piece[:-1]) if piece.endswith("$") else piece in key


def _written(key: str, chosen: Iterable[tuple[str, str]]) -> str:
    tail = ""
    for piece, latin in chosen:
        if not piece.endswith("$"):
            key = _between_vowels(key) if latin == "ss" else key.replace(piece, latin)
        elif not tail:
            key, tail = key.removesuffix(piece[:-1]), latin
    return latin_of(key) + tail if tail else latin_of(key)


def _between_vowels(key: str) -> str:
    """Doubles с between vowels, as in Borissov."""
    vowels = "аеиоуъюя"
    return "".join(
        "ss" if letter == "с" and 0 < place < len(key) - 1 and key[place - 1] in vowels and key[place + 1] in vowels
        else letter
        for place, letter in enumerate(key)
    )  # fmt: skip


def _read(key: str, chosen: Iterable[tuple[str, str]]) -> str:
    sounds = _SOUNDS | dict(chosen)
    letters: list[str] = []
    place = 0
    while place < len(key):
        for size in (3, 2, 1):
            piece = key[place : place + size]
            if piece in sounds:
                break
        doubled = size == 1 and place and key[place - 1] == piece and piece not in "aeiou"
        # The last е is silent where it is another reading at all.
        silent = piece == "e" and sounds["e"] == ""
        if silent and place + 1 < len(key):
            letters.append("е")
        elif not doubled:
            letters.append(sounds.get(piece, piece))
        place += len(piece)
    return "".join(letters)
