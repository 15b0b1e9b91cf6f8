"""Where a feed cut a text off, so that half a word or half a name is not read as a whole one; pure.

Some feeds mark the cut („…“, „[…]“, „Прочети още“), some do not: a teaser then ends in the middle of a word, always
at the same length („В момента мн“). A sign of omission that the author meant cannot be told from a cut; it costs
one mention at the very end, no more.
"""

import re
from dataclasses import dataclass

#: What feeds put behind a cut; the words count at the very end only.
_INVITATION = (
    r"(?:прочети|прочетете|чети|четете|виж|вижте|научи|научете)\s+(?:още|повече|цялата\s+(?:статия|новина)|нататък)|"
    r"(?:цялата\s+(?:статия|новина)|продължава|още\s+по\s+темата|read\s+more|continue\s+reading)"
)
_OMISSION = r"(?:\[\s*(?:…|\.{2,})\s*\]|\(\s*(?:…|\.{2,})\s*\)|…|\.{3,})"
#: Parted from the text, an invitation stands alone after white space or a sign of omission.
_MARK = re.compile(
    rf"(?P<omission>\s*{_OMISSION})?(?P<invitation>(?:(?<=[\s.…\])])|(?<=\s)|^)\s*(?:{_INVITATION})\s*[»›>→]*\s*\.{{0,3}}…?)?\s*\Z",
    re.IGNORECASE,
)
_LAST_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*\Z")
_FINISHED = frozenset(".!?…:;\"'“”»)]}*©")
#: Lengths at which publishing systems cut (white space at the end may have been taken off since).
_CUT_LENGTHS = frozenset({100, 120, 140, 150, 155, 156, 160, 180, 200, 240, 250, 255, 256, 280, 300, 350, 400, 500})
_CUT_LENGTHS |= {512, 600, 1000, 1024}
#: The marks are looked for in so many last characters.
_REACH = 120


@dataclass(frozen=True, slots=True)
class Cut:
    """A text that was cut off."""

    #: where what is surely whole ends: before half a word and before the marks behind it
    end: int
    #: a word may have been cut in two
    mid_word: bool


def cut_of(text: str, whole: str = "") -> Cut | None:
    """The cut at the end of a text; None where it seems to end by itself.

    `whole` is a longer form of it, where the feed has one: it tells for certain what comes next.
    """
    written = text.rstrip()
    mark = _MARK.search(text, max(len(text) - _REACH, 0))
    is_marked = mark is not None and bool(mark["omission"] or mark["invitation"])
    kept = text[: mark.start()].rstrip() if mark and is_marked else written
    if not is_marked and not _ends_nowhere(kept, whole):
        return None
    # „думата …“: a space before the sign says that the word is whole; before a bare invitation it says nothing.
    is_parted = bool(mark and mark["omission"]) and text[len(kept) : len(kept) + 1].isspace()
    word = _LAST_WORD.search(kept)
    mid_word = word is not None and not is_parted and not _is_whole_word(kept, whole)
    return Cut(word.start() if word and mid_word else len(kept), mid_word)


def _ends_nowhere(kept: str, whole: str) -> bool:
    """Whether an unmarked text breaks off: in the middle of the longer one, or at a usual length without an end."""
    if not kept or kept[-1] in _FINISHED or "\n" in kept[-_REACH:]:
        return False
    if whole.startswith(kept) and len(whole) > len(kept):
        return True
    return kept[-1].isalnum() and (len(kept) in _CUT_LENGTHS or len(kept) + 1 in _CUT_LENGTHS)


def _is_whole_word(kept: str, whole: str) -> bool:
    """Whether the longer text shows that the last word ends where this text does."""
    if not whole.startswith(kept) or len(whole) == len(kept):
        return False
    return not whole[len(kept)].isalnum()
