"""What is said of one watch and one article: a match, or why there is none."""

from dataclasses import dataclass
from enum import StrEnum

from worker.models.watch import Match, WatchId


class Refusal(StrEnum):
    """Why a watch does not fire; the first rule that applies."""

    NOTHING_FOUND = "nothing_found"
    OUT_OF_SCOPE = "out_of_scope"
    SILENCED = "silenced"
    NEEDS_MISSING = "needs_missing"
    NOT_ABOUT = "not_about"
    NOTHING_LEFT = "nothing_left"
    PART_MISSING = "part_missing"
    TOO_LIGHT = "too_light"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome for one watch."""

    watch_id: WatchId
    match: Match | None = None
    refusal: Refusal | None = None
    #: what was found or missed, for people
    detail: str = ""
    #: weights of the terms that counted
    weight: float = 0.0
