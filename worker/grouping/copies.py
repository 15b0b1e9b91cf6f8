"""Is a text nearly word for word one that we have, or the next issue of a series; pure.

A copy is found by the share of common word shingles of the smaller text: outlets trim wire copy and rewrite its
headline. What is written anew every day over one pattern, such as exchange rates, resembles its last issue as much
as a copy does; the figures tell them apart, as a copy keeps them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from worker.models.alert import Fingerprint, Grouped

#: Share of the smaller text's shingles that a copy has in common with its original.
COPY_CONTAINMENT = 0.5
#: The same of the article in question: one that quotes a short notice in a long text is no copy of it.
_COPY_OWN_SHARE = 0.3
_COPY_MIN_SHINGLES = 8
_IDENTICAL_MIN_SHINGLES = 3
#: Originals this much less alike than the best are still preferred when they are earlier.
_COPY_SLACK = 0.1
#: Issues of a series are at least this far apart; within a day figures differ because one of two texts is newer.
_BETWEEN_ISSUES = timedelta(hours=12)
#: A figure that a report of the same thing would repeat: measured, not rounded; no time of day, no thousands.
_EXACT = re.compile(r"\d+,\d{3,}|\d+\.\d{4,}|\d{3,}[.,]\d\d|\d{4,}[1-9]")
_YEAR = re.compile(r"(?:19|20)\d\d")
#: Figures that a text needs for their difference to say something, and the share in common that says nothing.
_MIN_FIGURES = 2
_FIGURES_IN_COMMON = 1 / 3


@dataclass(frozen=True, slots=True)
class Copied:
    """An article that another repeats, and the share of the smaller text that both have."""

    grouped: Grouped
    containment: float


def original_of(candidate: Fingerprint, shortlist: Iterable[Grouped]) -> Copied | None:
    """The earliest of the articles that the candidate repeats best."""
    copies = [
        Copied(grouped, share)
        for grouped in shortlist
        if (share := _containment(candidate, grouped.fingerprint))
        and not is_another_issue(candidate, grouped.fingerprint)
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


def is_another_issue(candidate: Fingerprint, other: Fingerprint) -> bool:
    """Whether the two tell the same of different days: their figures differ, though nothing else may."""
    if abs(candidate.at - other.at) < _BETWEEN_ISSUES:
        return False
    own, their = _figures(candidate), _figures(other)
    exact, their_exact = ({figure for figure in figures if _EXACT.fullmatch(figure)} for figures in (own, their))
    if exact and their_exact and not exact & their_exact:
        return True
    fewer = min(len(own), len(their))
    differ = fewer >= _MIN_FIGURES and len(own & their) < _FIGURES_IN_COMMON * fewer
    return differ and _containment(candidate, other) > 0


def _figures(fingerprint: Fingerprint) -> frozenset[str]:
    return frozenset(term for term in fingerprint.terms if term[:1].isdigit() and not _YEAR.fullmatch(term))
