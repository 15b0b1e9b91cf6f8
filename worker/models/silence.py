"""A person's dated «not now»."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from worker.models.news import StoryId, require_utc
from worker.models.watch import WatchId

SilenceId = NewType("SilenceId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nobody is told of a watch, of a story, or of a story by one watch, in [starts_at, ends_at)."""

    id: SilenceId
    #: None: whatever the watch
    watch_id: WatchId | None
    #: None: whatever the story
    story_id: StoryId | None
    #: who asked for it
    author: str
    #: why, for the others
    comment: str
    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        require_utc(self.starts_at, "starts_at")
        require_utc(self.ends_at, "ends_at")
        if self.watch_id is None and self.story_id is None:
            raise ValueError("a silence names a watch or a story")
        if self.ends_at <= self.starts_at:
            raise ValueError("a silence ends after it starts")

    def covers(self, watch_id: WatchId, story_id: StoryId, at: datetime) -> bool:
        """Whether it forbids telling the people of this watch about this story now."""
        is_meant = self.watch_id in {None, watch_id} and self.story_id in {None, story_id}
        return is_meant and self.starts_at <= at < self.ends_at
