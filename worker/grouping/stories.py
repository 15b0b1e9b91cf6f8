"""Which story an article belongs to, and which stories it shows to be one; pure and deterministic, no clock, no store.

Two questions, in this order. Is it nearly word for word an article we have (`copies`)? Does it report the same event
(`likeness`)? An article that belongs to two stories makes them one, on strong evidence only: see `merging`.
"""

import math

from worker.grouping.copies import COPY_CONTAINMENT, original_of
from worker.grouping.likeness import Comparison
from worker.grouping.merging import merged
from worker.grouping.window import REACH, StoryWindow
from worker.models.alert import Fingerprint, Grouping, Story
from worker.models.news import StoryId

__all__ = ("COPY_CONTAINMENT", "REACH", "StoryWindow", "assign_story")


def assign_story(candidate: Fingerprint, window: StoryWindow, known_story: StoryId | None) -> Story:
    """The story of an article; `known_story` is where an earlier revision of it was put, and it stays there.

    `merges` of the story names stories that turn out to be the same: their articles are of this one from now on.
    """
    comparison = Comparison(candidate, window)
    shortlist = comparison.shortlist()
    copied = original_of(candidate, shortlist)
    copy_of = copied.grouped.fingerprint.article_id if copied else None
    if known_story is not None:
        return Story(id=known_story, grouping=Grouping.KEPT, copy_of=copy_of, score=1.0)
    stories = sorted(comparison.stories(shortlist), reverse=True)
    if copied:
        id_, merges = merged(copied.grouped.story_id, stories, window)
        score = round(copied.containment, 4)
        return Story(id=id_, grouping=Grouping.COPY, copy_of=copy_of, score=score, merges=merges)
    if stories and stories[0].odds > 0:
        id_, merges = merged(stories[0].story_id, stories, window)
        score = round(1 / (1 + math.exp(-stories[0].odds)), 4)
        return Story(id=id_, grouping=Grouping.SAME_EVENT, score=score, merges=merges)
    return Story(id=StoryId(f"story-{candidate.article_id}"), grouping=Grouping.FIRST)
