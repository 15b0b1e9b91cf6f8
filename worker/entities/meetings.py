"""Summits named by who meets and where: „срещата на върха на НАТО във Вилнюс“ is one event; pure.

A description without a proper name („срещата на върха“) names nothing and is left alone.
"""

from collections.abc import Mapping, Sequence

from worker.matching.reading import TextWord
from worker.models.news import MentionKind

#: Word numbers, inclusive, and the kind of a mention.
Stretch = tuple[int, int, MentionKind]

_SUMMIT = frozenset(("самит", "самита", "самитът"))
_MEETING = frozenset(("среща", "срещата"))
#: Words that such a name begins with.
HEADS = _SUMMIT | _MEETING
_TOP = ("на", "върха")
_AT = frozenset({"в", "във"})
_OF = "на"


def meetings(words: Sequence[TextWord], mentions: Sequence[Stretch]) -> tuple[tuple[int, int], ...]:
    """First and last word of each named summit; `mentions` are those found otherwise, by words."""
    by_start = {first: (last, kind) for first, last, kind in mentions}
    found: list[tuple[int, int]] = []
    for first, word in enumerate(words):
        last = _end(words, first, by_start) if word.word.key in HEADS else None
        if last is not None:
            found.append((first, last))
    return tuple(found)


def _end(words: Sequence[TextWord], first: int, by_start: Mapping[int, tuple[int, MentionKind]]) -> int | None:
    """The last word of the name that begins here; None where it holds no proper name."""
    position = first + 1
    if _keys(words, position, 2) == _TOP:
        position += 2
    elif words[first].word.key in _MEETING:
        return None
    named = None
    if _keys(words, position, 1) == (_OF,) and (who := by_start.get(position + 1)) and who[1] is MentionKind.ORG:
        named = who[0]
        position = named + 1
    if _keys(words, position, 1)[:1] and words[position].word.key in _AT and _joined(words, position):
        where = by_start.get(position + 1)
        if where is not None and where[1] is MentionKind.LOC:
            named = where[0]
    return named if named is not None and _joined(words, named) else None


def _keys(words: Sequence[TextWord], start: int, count: int) -> tuple[str, ...]:
    """Comparison forms of the next words, as far as one phrase runs on."""
    some = words[start : start + count]
    return tuple(word.word.key for word in some) if all(word.joined for word in some) else ()


def _joined(words: Sequence[TextWord], position: int) -> bool:
    return words[position].joined
