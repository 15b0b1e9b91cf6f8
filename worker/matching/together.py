"""Phrases that must stand together: one of every group, within a sentence, a number of words or the article."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from worker.matching.reading import TextWord
from worker.matching.terms import Found
from worker.models.watch import Reach, Together

#: So many earlier findings of a group are tried where the last one lies over another's.
_REMEMBERED = 1


def windows(together: Together, found: Sequence[Found], words: Sequence[TextWord]) -> tuple[tuple[Found, ...], ...]:
    """The tightest set of findings with one of every group, for each place that has one: a sentence, two adjacent
    ones, a field (`Reach.WORDS`, whose number the set then keeps) or the article. One group: every finding by itself.

    No word serves two groups: „гори“ is either what burns or that it burns.
    """
    ordered = sorted(found, key=lambda one: (one.first, one.last))
    if len(together.groups) == 1:
        return tuple((one,) for one in ordered)
    places: dict[int | str, list[Found]] = {}
    for one in ordered:
        for place in _places(together.reach, words[one.first]):
            places.setdefault(place, []).append(one)
    tightest = (_tightest(inside, len(together.groups)) for inside in places.values())
    limit = together.within_words if together.reach is Reach.WORDS else None
    kept = (window for window in tightest if window and (limit is None or _length(window) <= limit))
    return tuple(dict.fromkeys(kept))


def _places(reach: Reach, word: TextWord) -> Iterator[int | str]:
    match reach:
        case Reach.ARTICLE:
            yield ""
        case Reach.WORDS:
            yield word.field
        case Reach.SENTENCE:
            yield word.sentence
        case Reach.ADJACENT:
            # The pair that begins with this sentence, and the pair that ends with it.
            yield f"{word.field}:{word.sentence}"
            yield f"{word.field}:{word.sentence - 1}"


def _tightest(found: Sequence[Found], groups: int) -> tuple[Found, ...]:
    """Shortest run that holds every group; `found` in reading order. One pass, by the last findings of each group."""
    latest: dict[int, tuple[Found, ...]] = {}
    best: tuple[Found, ...] = ()
    for one in found:
        latest[one.slot.group] = (*latest.get(one.slot.group, ())[-_REMEMBERED:], one)
        if len(latest) == groups:
            others = (choices for group, choices in latest.items() if group != one.slot.group)
            for chosen in product((one,), *others):
                window = tuple(sorted(chosen, key=lambda each: (each.first, each.last)))
                if _are_apart(window) and (not best or _length(window) < _length(best)):
                    best = window
    return best


def _are_apart(window: Sequence[Found]) -> bool:
    return all(before.last < after.first for before, after in pairwise(window))


def _length(window: Sequence[Found]) -> int:
    return max(one.last for one in window) - min(one.first for one in window) + 1
