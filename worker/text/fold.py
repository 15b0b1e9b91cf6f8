"""Comparison form of a string, with a map of offsets back to the original.

Feeds spell one word in many ways: decomposed accents, soft hyphens, zero-width and no-break spaces, Latin
look-alikes inside Cyrillic words, five kinds of quotation mark. We compare folded forms and show original ones.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f")
_SPACES = frozenset("\u00a0\u2007\u202f\u2009\u200a\u2002\u2003\t")
_LOOKALIKES = str.maketrans("aceopxyABCEHKMOPTXYkm", "асеорхуАВСЕНКМОРТХУкм")
_LATIN = re.compile(r"[A-Za-z]")
_UNLIKE = re.compile(r"[^\WaceopxyABCEHKMOPTXYkm]", re.ASCII)
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_WORD = re.compile(r"[^\W_]+")
#: No word is of two scripts without such a place in it.
_MIXED = re.compile(r"[A-Za-z][0-9]*[\u0400-\u04ff]|[\u0400-\u04ff][0-9]*[A-Za-z]")
#: Signs inside words that folding changes.
_IN_WORDS = re.compile("[ѝ‘’‚‛`´]")
_ODD = re.compile(f"[{''.join(_INVISIBLE | _SPACES)}]")
_SIGNS = str.maketrans(
    {**dict.fromkeys("„“”«»‟″", '"'), **dict.fromkeys("‘’‚‛`´", "'"), **dict.fromkeys("‐‑‒–—―−", "-"), "ѝ": "и"}
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A rewritten string; character `i` of `text` came from `original[starts[i]:ends[i]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that `text[start:end]` came from; `start < end`."""
        return self.starts[start], self.ends[end - 1]


def tidy(text: str) -> Folded:
    """The text as a reader sees it: composed, without invisible signs, each word in one script.

    Case, quotation marks and dashes stay. This is the form that the language models read.
    """
    if keeps_offsets(text):
        positions = tuple(range(len(text) + 1))
        return Folded(one_script(text), positions[:-1], positions[1:])
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    while position < len(text):
        end = position + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        cluster = text[position:end]
        if cluster[0] in _SPACES:
            cluster = " " + cluster[1:]
        for char in unicodedata.normalize("NFC", cluster):
            if char not in _INVISIBLE:
                chars.append(char)
                starts.append(position)
                ends.append(end)
        position = end
    return Folded(one_script("".join(chars)), tuple(starts), tuple(ends))


def keeps_offsets(text: str) -> bool:
    """Whether tidying moves no character, so that the offsets of the tidied text are those of the text."""
    return unicodedata.is_normalized("NFC", text) and not _ODD.search(text)


def fold(text: str) -> Folded:
    """The tidied text in lower case, with one kind of quotation mark, dash and и."""
    tidied = tidy(text)
    return Folded(fold_tidied(tidied.text), tidied.starts, tidied.ends)


def fold_tidied(text: str) -> str:
    """Comparison form of text that is tidied already; of the same length."""
    return _per_char(text, str.lower).translate(_SIGNS)


def fold_word(word: str) -> str:
    """Comparison form of one word or short phrase, for keys."""
    return fold_tidied(one_script(word)) if keeps_offsets(word) else fold(word).text


def fold_letters(text: str) -> str:
    """As `fold_tidied`, for the words in a text only: its quotation marks and dashes stay as they are."""
    lowered = _per_char(text, str.lower)
    return lowered.translate(_SIGNS) if _IN_WORDS.search(lowered) else lowered


def _per_char(text: str, change: Callable[[str], str]) -> str:
    changed = change(text)
    if len(changed) == len(text):
        return changed
    # A few letters change length with their case (İ): those stay, so that offsets hold.
    return "".join(new if len(new := change(char)) == 1 else char for char in text)


def one_script(text: str) -> str:
    """Latin look-alikes made Cyrillic inside words that hold Cyrillic letters; same length."""
    if not _MIXED.search(text):
        return text
    return _WORD.sub(_repaired, text)


def _repaired(found: re.Match[str]) -> str:
    word = found.group()
    if not (_LATIN.search(word) and _CYRILLIC.search(word)):
        return word
    latin = "".join(_LATIN.findall(word))
    return word if _UNLIKE.search(latin) else word.translate(_LOOKALIKES)
