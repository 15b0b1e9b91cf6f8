"""Phrases that must stand together: one of every group, within a sentence, a number of words or the article."""

from collections.abc import Sequence

from worker.matching.reading import TextWord
from worker.matching.terms import Found
from worker.models.watch import Together


def windows(together: Together, found: Sequence[Found], words: Sequence[TextWord]) -> tuple[tuple[Found, ...], ...]:
    """The tightest set of findings with one of every group, for each sentence that has one; else for each field
    (`within_words`, which the set then keeps) or for the article. One group: every finding by itself.

    One word may serve two groups; a term that does not want that keeps its groups apart.
    """
    ordered = sorted(found, key=lambda one: (one.first, one.last))
    if len(together.groups) == 1:
        return tuple((one,) for one in ordered)
    places: dict[int | str, list[Found]] = {}
    for one in ordered:
        places.setdefault(_place(together, words[one.first]), []).append(one)
    limit = None if together.anywhere else together.within_words
    tightest = (_tightest(inside, len(together.groups)) for inside in places.values())
    return tuple(window for window in tightest if window and (limit is None or _length(window) <= limit))


def _place(together: Together, word: TextWord) -> int | str:
    if together.anywhere:
        return ""
    return word.sentence if together.within_words is None else word.field


def _tightest(found: Sequence[Found], groups: int) -> tuple[Found, ...]:
    """Shortest run that holds every group; `found` in reading order. One pass, by the last finding of each group."""
    latest: dict[int, Found] = {}
    best: tuple[Found, ...] = ()
    for one in found:
        latest[one.slot.group] = one
        if len(latest) == groups:
            window = tuple(sorted(latest.values(), key=lambda each: (each.first, each.last)))
            if not best or _length(window) < _length(best):
                best = window
    return best


def _length(window: Sequence[Found]) -> int:
    return max(one.last for one in window) - min(one.first for one in window) + 1
