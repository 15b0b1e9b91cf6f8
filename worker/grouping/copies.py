"""Is a text nearly word for word one that we have; pure.

Found by the share of common word shingles of the smaller text: outlets trim wire copy and rewrite its headline.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from worker.models.alert import Fingerprint, Grouped

#: Share of the smaller text's shingles that a copy has in common with its original.
COPY_CONTAINMENT = 0.5
#: The same of the article in question: one that quotes a short notice in a long text is no copy of it.
_COPY_OWN_SHARE = 0.3
_COPY_MIN_SHINGLES = 8
_IDENTICAL_MIN_SHINGLES = 3
#: Originals this much less alike than the best are still preferred when they are earlier.
_COPY_SLACK = 0.1


@dataclass(frozen=True, slots=True)
class Copied:
    """An article that another repeats, and the share of the smaller text that both have."""

    grouped: Grouped
    containment: float


def original_of(candidate: Fingerprint, shortlist: Iterable[Grouped]) -> Copied | None:
    """The earliest of the articles that the candidate repeats best."""
    copies = [
        Copied(grouped, share) for grouped in shortlist if (share := _containment(candidate, grouped.fingerprint))
    ]
    if not copies:
        return None
    enough = max(copy.containment for copy in copies) - _COPY_SLACK
    return min(
        (copy for copy in copies if copy.containment >= enough),
        key=lambda copy: (copy.grouped.fingerprint.at, copy.grouped.fingerprint.article_id),
    )


def _containment(candidate: Fingerprint, other: Fingerprint) -> float:
    """Share of the smaller text that both have; 0 when that is too little for a copy."""
    shared = len(candidate.shingles & other.shingles)
    if shared < _COPY_MIN_SHINGLES:
        return 1.0 if shared >= _IDENTICAL_MIN_SHINGLES and candidate.shingles == other.shingles else 0.0
    share = shared / min(len(candidate.shingles), len(other.shingles))
    own_share = shared / len(candidate.shingles)
    return share if share >= COPY_CONTAINMENT and own_share >= _COPY_OWN_SHARE else 0.0
