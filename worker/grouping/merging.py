"""When an article shows that two stories are one; pure.

The first reports of an event may share few words, and the third that of both. It joins the story that it is likest
to; another joins with it only when the article is much likelier of it than not, and the two stories also resemble each
other as wholes. One article joins two stories at most, so that no chain of articles draws subjects together.
"""

import math
from collections.abc import Sequence

from worker.grouping.likeness import Candidate, Comparison
from worker.grouping.window import StoryWindow
from worker.models.alert import Fingerprint
from worker.models.news import StoryId

#: Logarithms of odds: of the article for the second story, and on average between the members of both.
_MERGE_ODDS = 1.0
_BETWEEN_ODDS = 0.0
#: Members of each story that are compared, the earliest; larger stories stand on their own.
_MOST_MEMBERS = 8


def merged(home: StoryId, stories: Sequence[Candidate], window: StoryWindow) -> tuple[StoryId, tuple[StoryId, ...]]:
    """The story that an article of `home` ends up in, and the story that becomes part of it, if any.

    `stories` are those the article was compared with, the likeliest first. The story that began first remains.
    """
    other = next((one for one in stories if one.story_id != home), None)
    if other is None or other.odds < _MERGE_ODDS:
        return home, ()
    own, their = list(window.members(home)), list(window.members(other.story_id))
    if max(len(own), len(their)) > _MOST_MEMBERS or _between(own, their, window) < _BETWEEN_ODDS:
        return home, ()
    begun = {home: _beginning(own), other.story_id: _beginning(their)}
    first, last = sorted(begun, key=begun.__getitem__)
    return first, (last,)


def _between(own: Sequence[Fingerprint], their: Sequence[Fingerprint], window: StoryWindow) -> float:
    odds = [comparison.odds(other) for one in own for comparison in [Comparison(one, window)] for other in their]
    return math.fsum(odds) / len(odds)


def _beginning(members: Sequence[Fingerprint]) -> tuple[float, str]:
    first = min(members, key=lambda member: (member.at, member.article_id))
    return first.at.timestamp(), first.article_id
