"""Whether a watch has many more stories than it is used to: its last 24 hours against its own past; pure.

The usual way of early warning (EMM, Meltwater): the count of the last day against the mean of up to 14 days before,
each ending at this time of the day, and how far they spread. Stories are counted, not articles: an agency's text in
thirty outlets is one. The spread is no less than chance alone would make it (the root of the mean, as in a Poisson
distribution), so that a watch of one story a day does not cry at three. A spike is told once; the watch has calmed
when it is near its mean again, well below where it began, so that it does not cry each time it wavers about the limit.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(hours=24)
#: days of the past that are looked at, and how many of them there must be
DAYS = 14
LEAST_DAYS = 5
#: fewer stories than this in 24 hours are no spike, whatever the past
LEAST_STORIES = 4
#: spreads above the mean where a spike begins, and below which it is over
_BEGINS = 3.0
_ENDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How many stories a watch has now, and had before."""

    stories: int
    #: of the 24 hours before that, and so on; only days on which the watch was there
    past: tuple[int, ...]

    @property
    def usual(self) -> float:
        """Mean of the days before; 0 without any."""
        return math.fsum(self.past) / len(self.past) if self.past else 0.0

    @property
    def spread(self) -> float:
        """Standard deviation of the days before, or what chance alone makes it, whichever is more."""
        usual = self.usual
        variance = math.fsum((count - usual) ** 2 for count in self.past) / max(1, len(self.past) - 1)
        return math.sqrt(max(variance, usual + 0.5))


def volume_of(instants: Iterable[datetime], known_since: datetime, now: datetime) -> Volume:
    """Stories by the instants at which the watch first had each; `known_since`: its first match ever."""
    days = min(DAYS, int((now - known_since) / DAY) - 1)
    counts = [0] * (DAYS + 1)
    for at in instants:
        age = int((now - at) / DAY)
        if at <= now and age <= DAYS:
            counts[age] += 1
    return Volume(stories=counts[0], past=tuple(counts[1 : max(days, 0) + 1]))


def begins(volume: Volume) -> bool:
    """Whether it is a spike."""
    if volume.stories < LEAST_STORIES or len(volume.past) < LEAST_DAYS:
        return False
    return volume.stories >= volume.usual + _BEGINS * volume.spread


def has_calmed(volume: Volume) -> bool:
    """Whether a spike that was told is over."""
    return volume.stories < LEAST_STORIES or volume.stories < volume.usual + _ENDS * volume.spread
