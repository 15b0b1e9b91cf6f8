"""What feeds put behind every text: links to other articles, „още“, where it was first published; pure.

It says nothing about the article, yet names actors and makes texts alike, so it is taken off before anything is
compared. A tail is written as in the feed; „…“ within it stands for anything on the same line, and at its end for
all that follows. Case, quotation marks and white space do not count.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from worker.text.fold import fold

#: what publishing systems add in every outlet that runs them
COMMON_TAILS = (
    "The post … appeared first on …",
    "Материалът … е публикуван за пръв път …",
    "Публикацията … е публикувана за пръв път …",
    "Публикацията … се появи първо …",
    "Още по темата:…",
    "Чете се за … мин.",
)
#: a tail is looked for in so many last characters
_REACH = 1500
_MOST_TAILS = 20
#: „…“ within a tail stands for so many at most
_GAP = 300
#: it stands behind a sentence or on a line of its own; „още“ is the end of many a sentence too
_BOUNDARY = r"(?:(?<=[.!?…)\]»\"'\n])|(?<=[.!?…)\]»\"'\n]\s)|\A)"
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)\s*")


def without_tails(text: str, tails: Sequence[str] = ()) -> str:
    """The text without the tails of its feed and the common ones, also where several stand one behind the other."""
    pattern = _compiled((*COMMON_TAILS, *tails))
    for _ in range(_MOST_TAILS):
        before = max(len(text) - _REACH, 0)
        start = _start_of_tail(text[before:], pattern, is_whole=before == 0)
        if start is None:
            return text
        text = text[: before + start].rstrip()
    return text


def _start_of_tail(text: str, pattern: re.Pattern[str], *, is_whole: bool) -> int | None:
    folded = fold(text)
    # Where the text was cut there is no boundary.
    found = pattern.search(folded.text, 0 if is_whole else 2)
    return folded.original_span(found.start(), found.end())[0] if found else None


@lru_cache(maxsize=512)
def _compiled(tails: tuple[str, ...]) -> re.Pattern[str]:
    patterns = (_pattern(tail) for tail in dict.fromkeys(tails) if tail.strip(" .…"))
    return re.compile(f"(?:{'|'.join(patterns)})", re.DOTALL)


def _pattern(tail: str) -> str:
    pieces = [r"\s+".join(map(re.escape, piece.split())) for piece in _ELLIPSIS.split(fold(tail.strip()).text)]
    is_open = len(pieces) > 1 and not pieces[-1]
    body = rf"[^\n]{{0,{_GAP}}}?".join(piece for piece in pieces if piece)
    return _BOUNDARY + body + (r"(?!\w).*\Z" if is_open else r"[\s.…\"»›>→]*\Z")
