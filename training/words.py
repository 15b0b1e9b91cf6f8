"""Words and sentences by rules, in the manner of Universal Dependencies: what text without such labels is cut by."""

import re
from collections.abc import Iterator

_LETTERS = "A-Za-zА-Яа-яЀ-ӿÀ-ɏ"
_WORD = re.compile(
    r"https?://\S+|www\.\S+"
    r"|(?:т\.\s?г\.|т\.м\.|м\.г\.|с\.г\.|т\.е\.|т\.нар\.|т\.н\.)"
    rf"|[0-9]+(?:[.,:][0-9]+)*(?:-[{_LETTERS}]+)*"
    rf"|[{_LETTERS}](?:[{_LETTERS}0-9]|[-‐‑'’](?=[{_LETTERS}0-9]))*"
    r"|\.\.\.+|\S"
)
#: Words that a full stop belongs to.
_ABBREVIATIONS = frozenset(
    str.split(
        """
    г гг гр ул бул св проф д-р инж ген полк стр т н др млн млрд хил лв чл ал ч вкл напр м с в тел ст акад доц адм кв пл
    к гл серж изд кап майор подп вж срв ок бл вх ет ап респ евент сл рожд пр сек мин кг км см мм ха дол р б зам отг ред
    """
    )
)
#: Of those, words that are also words: at the end of a line the full stop is the sentence's.
_ALSO_WORDS = frozenset(str.split("с в к н сл ок б пр дол ред мин сек изд кап майор гл кг км см мм ч м ха"))
#: A full stop behind these does not end a sentence.
_NO_END = frozenset(
    str.split(
        "гр ул бул св проф д-р инж ген полк стр т чл ал напр акад доц адм кв пл гл серж в с м н "
        "о р яз общ обл адв кап подп лейт"
    )
)
_END = re.compile(r"[.!?…]+[\"”“»')\]]*\s+(?=[\"„“«(\[–—-]*\s*[A-ZА-Я0-9])")
_LAST_WORD = re.compile(r"([^\s(„“\"]+)$")


def words_of(text: str, offset: int = 0) -> Iterator[tuple[int, int]]:
    """Start and end of each word and sign, shifted by `offset`."""
    found = [match.span() for match in _WORD.finditer(text)]
    position = 0
    while position < len(found):
        start, end = found[position]
        following = found[position + 1] if position + 1 < len(found) else None
        if following == (end, end + 1) and text[end] == "." and _takes_stop(text[start:end], text[end + 1 : end + 3]):
            end += 1
            position += 1
        yield start + offset, end + offset
        position += 1


def _takes_stop(word: str, behind: str) -> bool:
    lower = word.lower()
    if lower in _ABBREVIATIONS:
        return not (lower in _ALSO_WORDS and (not behind.strip() or behind[:1] == "\n"))
    return len(word) == 1 and word.isupper() and bool(behind.strip())


def sentences_of(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of a text; a line's end ends one."""
    for line in re.finditer(r"[^\n]+", text):
        begin = line.start()
        for stop in _END.finditer(text, line.start(), line.end()):
            before = _LAST_WORD.search(text[begin : stop.start()])
            word = before[1].lower() if before else ""
            lone_stop = text[stop.start()] == "." and text[stop.start() : stop.start() + 2] != ".."
            if lone_stop and (word in _NO_END or (len(word) == 1 and word.isalpha() and word != "г")):
                continue
            yield begin, stop.end()
            begin = stop.end()
        if text[begin : line.end()].strip():
            yield begin, line.end()
