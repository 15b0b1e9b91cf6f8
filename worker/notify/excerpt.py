"""Foreign text made fit for a message: no signs that act instead of being read, and not longer than it may be.

The matched words stay marked and stay in sight: a cut keeps the first of them.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate

from worker.models.alert import Quote

ELLIPSIS = "…"
#: what an ellipsis at both ends may cost, with its spaces
_ELLIPSES = 4
_SENTENCE_ENDS = (".", "!", "?", "…")
#: closing quotation marks and brackets belong to the sentence that they close
_CLOSERS = "“”\"»’')]"
#: so many characters tell whether a sentence ends
_TAIL = 4
#: signs that reorder a line on the screen (Unicode UAX #9), used to disguise addresses and names
_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: not allowed in XML and HTML (Unicode §23.7)
_NONCHARACTER = re.compile(
    "[\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)) + "]"
)


def one_line(text: str) -> str:
    """The text on one line: white space and control characters as single spaces, nothing that cannot be printed."""
    return tidied(Quote(text=text, marks=())).text


def tidied(quote: Quote) -> Quote:
    """The quote on one line as `one_line` has it; the marks follow, sorted, joined, and clipped to the text."""
    flags = bytearray(len(quote.text))
    for start, end in quote.marks:
        for position in range(max(start, 0), min(end, len(flags))):
            flags[position] = 1
    chars: list[str] = []
    marked = bytearray()
    for char, flag in zip(quote.text, flags, strict=True):
        shown = _shown(char)
        if shown == " " and (not chars or chars[-1] == " "):
            continue
        chars.append(shown)
        # A removed sign leaves an empty string, which takes no place.
        marked.extend([flag] * len(shown))
    text = "".join(chars)
    return Quote(text=text.rstrip(" "), marks=tuple(_runs(marked, text)))


def pieces(quote: Quote) -> Iterator[tuple[str, bool]]:
    """The text in order, cut where marks begin and end; true: marked. The marks are sorted and disjoint."""
    position = 0
    for start, end in quote.marks:
        if start > position:
            yield quote.text[position:start], False
        yield quote.text[start:end], True
        position = end
    if position < len(quote.text):
        yield quote.text[position:], False


def one_unit(_char: str) -> int:
    """The cost of a character where every character counts one."""
    return 1


def shorten(text: str, limit: int, cost: Callable[[str], int] = one_unit) -> str:
    """The beginning of a text, at most `limit` in cost."""
    return excerpt(Quote(text=text, marks=()), limit, cost).text


def excerpt(quote: Quote, limit: int, cost: Callable[[str], int] = one_unit, mark_cost: int = 0) -> Quote:
    """The part of a tidied quote that fits, cut at the end of a sentence or word, with „…“ where something is missing.

    `cost` is what a character takes, `mark_cost` what every mark takes besides. Nothing is dropped at the front
    unless the first mark would be lost.
    """
    starts = {start for start, _ in quote.marks}
    costs = (cost(char) + (mark_cost if at in starts else 0) for at, char in enumerate(quote.text))
    sums = list(accumulate(costs, initial=0))
    if sums[-1] <= limit:
        return quote
    room = max(limit - _ELLIPSES, 0)
    first_start, first_end = quote.marks[0] if quote.marks else (0, 0)
    begin = 0
    if sums[first_end] > room * 2 // 3:
        begin = _word_start(quote.text, bisect_left(sums, sums[first_start] - room // 3), first_start)
    end = bisect_right(sums, sums[begin] + room) - 1
    if end < len(quote.text):
        end = _cut(quote.text, begin, end, first_end)
    return _part(quote, begin, end)


def _part(quote: Quote, begin: int, end: int) -> Quote:
    kept = quote.text[begin:end].rstrip(" ")
    end = begin + len(kept)
    lead = ELLIPSIS + " " if begin else ""
    tail = ""
    if end < len(quote.text):
        tail = " " + ELLIPSIS if _ends_sentence(kept) else ELLIPSIS
    shift = len(lead) - begin
    marks = tuple((start + shift, min(stop, end) + shift) for start, stop in quote.marks if begin <= start < end)
    return Quote(text=lead + kept + tail, marks=marks)


def _word_start(text: str, wanted: int, at_most: int) -> int:
    """The first beginning of a word from `wanted` on, at most `at_most`."""
    if wanted <= 0:
        return 0
    space = text.find(" ", wanted - 1, at_most)
    return at_most if space < 0 else space + 1


def _cut(text: str, begin: int, end: int, proof_end: int) -> int:
    """Where to end: after a sentence in the last third, else after a word, else wherever the limit falls."""
    size = end - begin
    for at in range(end, max(begin + size * 2 // 3, proof_end) - 1, -1):
        if at > begin and text[at] == " " and _ends_sentence(text[max(begin, at - _TAIL) : at]):
            return at
    for at in range(end, max(begin + size // 2, proof_end) - 1, -1):
        if at > begin and text[at] == " ":
            return at
    # Inside a word or a run of signs: at least no letter is parted from its accent, no sign from its modifier.
    while end > begin and _joins(text, end):
        end -= 1
    return end


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSERS).endswith(_SENTENCE_ENDS)


def _joins(text: str, at: int) -> bool:
    """Whether the character at `at` changes the one before it."""
    char = text[at]
    modifier = unicodedata.combining(char) or char == "\u200d" or "\U0001f3fb" <= char <= "\U0001f3ff"
    return bool(modifier) or unicodedata.category(char) == "Me" or char == "\ufe0f" or text[at - 1] == "\u200d"


def _shown(char: str) -> str:
    """What stands for a character: itself, a space, the replacement character, or nothing."""
    if " " <= char <= "~":
        return char
    category = unicodedata.category(char)
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    if category == "Cs":
        return "\ufffd"
    return "" if char in _REORDERING or _NONCHARACTER.match(char) else char


def _runs(flags: bytearray, text: str) -> Iterator[tuple[int, int]]:
    """The marked runs without the spaces at their ends."""
    position = 0
    while (start := flags.find(1, position)) >= 0:
        position = flags.find(0, start)
        position = len(flags) if position < 0 else position
        inner = text[start:position].strip(" ")
        if inner:
            begin = text.index(inner, start)
            yield begin, begin + len(inner)
