"""Words of a text with their places; the units that watches and story grouping compare.

They are our own, not the language model's, so that matching works the same with and without a model.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from worker.text.fold import fold_letters, keeps_offsets, one_script, tidy

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Word(NamedTuple):
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
    if keeps_offsets(text):
        # Nearly every text; building the map of offsets would take longer than all the rest.
        same = one_script(text)
        folded = fold_letters(same)
        return tuple([_word(Word, (start, end, same[start:end], folded[start:end])) for start, end in _spans(same)])
    tidied = tidy(text)
    folded = fold_letters(tidied.text)
    return tuple(
        Word(*tidied.original_span(start, end), tidied.text[start:end], folded[start:end])
        for start, end in _spans(tidied.text)
    )


def _spans(text: str) -> Iterator[tuple[int, int]]:
    return map(_span, _WORD.finditer(text))


_span = re.Match.span
#: Past the argument handling of `Word(…)`, which takes longer than all the rest; every word of the news comes by here.
_word = tuple.__new__
