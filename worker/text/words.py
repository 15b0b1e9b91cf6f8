"""Words of a text with their places; the units that watches and story grouping compare.

They are our own, not the language model's, so that matching works the same with and without a model.
"""

import re
from dataclasses import dataclass

from worker.text.fold import fold_tidied, tidy

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """One run of letters and digits; a hyphen parts words, so „F-16“ is two of them."""

    #: place in the text as given, code points
    start: int
    end: int
    #: as written, tidied
    written: str
    #: comparison form
    key: str


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in order; offsets refer to the text as given."""
    tidied = tidy(text)
    found = []
    for match in _WORD.finditer(tidied.text):
        start, end = tidied.original_span(match.start(), match.end())
        found.append(Word(start, end, match.group(), fold_tidied(match.group())))
    return tuple(found)
