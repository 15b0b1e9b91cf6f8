"""From which closeness on a sentence says what a description says, judged by the watch's own examples; pure.

Closeness is the cosine that `worker.nlp.meaning` gives, -1 to 1. It cannot be read by itself: the same 0.3 is a
paraphrase under one description and the neighbouring subject under another. What is typical was measured once with
`benchmarks/meaning.py`; the examples of a watch then move the cut, the more of them the further. An example's own
closeness must have been taken with that example left out, or it proves nothing.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

#: Share of unrelated sentences below, and the closeness that they stay below; our own news text, ten descriptions.
BACKGROUND: tuple[tuple[float, float], ...] = (
    (0.5, -0.008),
    (0.75, 0.054),
    (0.9, 0.118),
    (0.95, 0.161),
    (0.98, 0.209),
    (0.99, 0.245),
    (0.995, 0.278),
    (0.998, 0.318),
    (0.999, 0.346),
    (0.9995, 0.375),
)
#: No cut lies below: one unrelated sentence in a hundred comes so close.
FLOOR = 0.245
#: Where the examples of a subject and of its neighbours lie before any are seen, and for how many examples that counts.
TYPICAL_MATCH = 0.35
TYPICAL_NEIGHBOUR = 0.25
PRIOR_EXAMPLES = 2.0
#: A cut keeps so far above an example that must not match, where the others leave room.
MARGIN = 0.02
#: Closeness by which the odds grow e-fold; neighbouring subjects alone would want 0.1, unrelated news a steeper one.
SCALE = 0.08
#: With fewer pairs of a must_match and a must_not_match nothing is said of them; below the share in order, they mix.
JUDGED_PAIRS = 4
SHARE_IN_ORDER = 2 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The calibration of one description."""

    #: a sentence counts from this closeness on
    closeness: float
    #: examples on the wrong side of the cut, counted from 0
    missed: tuple[int, ...] = ()
    admitted: tuple[int, ...] = ()
    #: why the description cannot tell its examples apart, a sentence for a person; empty when it can
    fault: str = ""

    def __post_init__(self) -> None:
        if not FLOOR <= self.closeness <= 1:
            raise ValueError(f"a cut at {self.closeness} is not within {FLOOR}–1")

    def counts(self, closeness: float) -> bool:
        """Whether a sentence as close as that is taken to say it."""
        return closeness >= self.closeness

    def probability(self, closeness: float) -> float:
        """0–1, never falling with closeness; a half at the cut."""
        return 1 / (1 + math.exp((self.closeness - closeness) / SCALE))


def closest(sentences: Sequence[float]) -> float:
    """The closeness of a text: that of its closest sentence; -1 for a text without sentences."""
    return max(sentences, default=-1.0)


def calibrate(must_match: Sequence[float], must_not_match: Sequence[float]) -> Cut:
    """The cut for texts of such closeness: one that divides them where there is one, else midway between both kinds.

    Few examples pull little: the midpoint starts at what is typical.
    """
    lowest, highest = min(must_match, default=1.0), max((FLOOR, *must_not_match))
    cut = (_shrunk(must_match, TYPICAL_MATCH) + _shrunk(must_not_match, TYPICAL_NEIGHBOUR)) / 2
    if lowest > highest:
        cut = _within(cut, min(lowest, highest + MARGIN), lowest)
    cut = _within(cut, FLOOR, 1.0)
    return Cut(
        closeness=cut,
        missed=tuple(place for place, closeness in enumerate(must_match) if closeness < cut),
        admitted=tuple(place for place, closeness in enumerate(must_not_match) if closeness >= cut),
        fault=_fault(must_match, must_not_match),
    )


def share_of_unrelated(closeness: float) -> float:
    """The share of unrelated sentences that come at least so close, by the measured steps; 0–1."""
    place = bisect_right([edge for _, edge in BACKGROUND], closeness)
    return 1 - BACKGROUND[place - 1][0] if place else 1.0


def _shrunk(examples: Sequence[float], typical: float) -> float:
    return (math.fsum(examples) + typical * PRIOR_EXAMPLES) / (len(examples) + PRIOR_EXAMPLES)


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _fault(must_match: Sequence[float], must_not_match: Sequence[float]) -> str:
    if must_match and max(must_match) < FLOOR:
        return (
            f"no must_match example comes closer to the description ({max(must_match):.2f} at best) than unrelated"
            f" news does ({FLOOR:.2f}); describe the subject in other words, or name words to look for"
        )
    pairs = [wanted > unwanted for wanted in must_match for unwanted in must_not_match]
    if len(pairs) < JUDGED_PAIRS or sum(pairs) >= SHARE_IN_ORDER * len(pairs):
        return ""
    lowest = min(range(len(must_match)), key=must_match.__getitem__)
    highest = max(range(len(must_not_match)), key=must_not_match.__getitem__)
    return (
        f"the description does not tell its examples apart: {len(pairs) - sum(pairs)} of {len(pairs)} pairs stand in"
        f" the wrong order, farthest must_match {lowest + 1} ({must_match[lowest]:.2f}) and must_not_match"
        f" {highest + 1} ({must_not_match[highest]:.2f}); name words to look for as well"
    )
