"""Named sets of names that watches share: what `$name` stands for, and whether a weak name means it in an article."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from worker.models.watch import Concept

#: `$name` in a phrase
MARK = "$"
#: So many spellings one phrase may unfold to.
MAX_SPELLINGS = 2_000
#: So many different words of its context settle a weak name from afar; one does in the same sentence.
_FAR_CONTEXT = 2


class Part(StrEnum):
    """What a name or word is to its concept."""

    STRONG = "strong"
    WEAK = "weak"
    CONTEXT = "context"
    NONE = "none"


class Spelling(NamedTuple):
    """A phrase with its concepts written out."""

    text: str
    #: the concepts that gave it weak names, each of which must be meant
    weak_of: tuple[str, ...] = ()


def spellings(text: str, concepts: Mapping[str, Concept]) -> tuple[Spelling, ...]:
    """All that a phrase stands for; raises ValueError, in words for people, for a concept that is missing or loops."""
    return tuple(dict.fromkeys(_spellings(text, concepts, ())))


def _spellings(text: str, concepts: Mapping[str, Concept], above: tuple[str, ...]) -> list[Spelling]:
    if MARK not in text:
        return [Spelling(text)]
    choices = [_choices(part, concepts, above) for part in text.split()]
    number = 1
    for choice in choices:
        number *= len(choice)
    if number > MAX_SPELLINGS:
        raise ValueError(f"«{text}» unfolds to {number} phrases, more than {MAX_SPELLINGS}; use fewer concepts in it")
    return [
        Spelling(
            " ".join(one.text for one in chosen),
            tuple(dict.fromkeys(name for one in chosen for name in one.weak_of)),
        )
        for chosen in product(*choices)
    ]


def _choices(part: str, concepts: Mapping[str, Concept], above: tuple[str, ...]) -> list[Spelling]:
    if not part.startswith(MARK):
        return [Spelling(part)]
    name = part.removeprefix(MARK)
    if name in above:
        raise ValueError(f"concept «{name}» leads back to itself: {' → '.join((*above, name))}")
    if name not in concepts:
        raise ValueError(f"there is no concept «{name}»")
    concept = concepts[name]
    found: list[Spelling] = []
    for phrase in concept.strong:
        found += _spellings(phrase.text, concepts, (*above, name))
    for phrase in concept.weak:
        found += (Spelling(one.text, (*one.weak_of, name)) for one in _spellings(phrase.text, concepts, (*above, name)))
    return found


class Place(NamedTuple):
    """Words of an article that hold a part of a concept, and their sentence."""

    part: Part
    text: str
    first: int
    last: int
    sentence: int


class Established:
    """Which names of one concept mean it in one article."""

    def __init__(self, found: Sequence[Place], *, is_mentioned: bool = False) -> None:
        self._against = [one for one in found if one.part is Part.NONE]
        self._is_named = is_mentioned or any(
            one.part is Part.STRONG and not self.cancels(one.first, one.last) for one in found
        )
        context = [one for one in found if one.part is Part.CONTEXT]
        self._far = len({one.text for one in context}) >= _FAR_CONTEXT
        self._near = {one.sentence for one in context}

    def cancels(self, first: int, last: int) -> bool:
        """Whether a `none` phrase of the concept shares a word with these."""
        return any(one.first <= last and first <= one.last for one in self._against)

    def means(self, first: int, last: int, sentence: int) -> bool:
        """Whether a weak name in these words of this sentence means the concept."""
        return (self._is_named or self._far or sentence in self._near) and not self.cancels(first, last)
