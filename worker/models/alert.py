"""Stories, and the decisions about them.

The people of a watch hear once of a story; what is new in it amends that message, or is told again after a while
that grows. Everything a message shows is in its `Notice`, fixed when the alert is decided, so that rendering needs
neither database nor config.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from worker.models.attribution import UNSTATED, Attribution
from worker.models.news import ArticleId, Part, StoryId, require_utc
from worker.models.silence import Silence
from worker.models.story import NO_SOURCES, Member, Sources
from worker.models.watch import ChannelId, Match, Severity, WatchId

AlertId = NewType("AlertId", str)


class Grouping(StrEnum):
    """Why an article belongs to its story."""

    FIRST = "first"
    COPY = "copy"
    SAME_EVENT = "same_event"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What story grouping compares of an article: enough to find copies and reports of one event."""

    article_id: ArticleId
    outlet: str
    #: the publication time where it is credible, else when we saw it
    at: datetime
    #: content lemmas with their weight in this article, title counted more
    terms: Mapping[str, float]
    #: canonical entity names
    names: frozenset[str]
    #: 64-bit hashes of the word shingles of summary and body
    shingles: frozenset[int]

    def __post_init__(self) -> None:
        require_utc(self.at, "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """A fingerprint whose story is known."""

    fingerprint: Fingerprint
    story_id: StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Where an article was put."""

    id: StoryId
    grouping: Grouping
    #: the article that this one repeats nearly word for word, if any
    copy_of: ArticleId | None = None
    #: likeness to the article that decided it, 0–1
    score: float = 0.0
    #: stories that turn out to be part of this one
    merges: tuple[StoryId, ...] = ()


class Decision(StrEnum):
    """What is done about a match."""

    NOTIFY = "notify"
    #: the message that is there already is amended, without a sound, where its channel can do that
    AMEND = "amend"
    #: an alert that waits, for all the reasons of `Route.reason`
    HOLD = "hold"
    DROP = "drop"


class Reason(StrEnum):
    """Why; the first rule that applies wins, in this order."""

    BASELINE = "baseline"
    TOO_OLD = "too_old"
    EXPIRED = "expired"
    SILENCED = "silenced"
    #: the story is known to the people of the watch, and this article says nothing new of it
    ALREADY_ALERTED = "already_alerted"
    #: the story is known, but now …
    HIGHER_SEVERITY = "higher_severity"
    NEW_ACTOR = "new_actor"
    NEW_SOURCE = "new_source"
    NEW_OUTLET = "new_outlet"
    #: … or it has news, but a person said that they know
    ACKNOWLEDGED = "acknowledged"
    FIRST_OF_STORY = "first_of_story"
    NEW_FOR_WATCH = "new_for_watch"
    #: why an alert waits: the watch wants its alerts at certain times only,
    PACED = "paced"
    #: the story was told a short while ago,
    SOON_AFTER = "soon_after"
    #: too many alerts came at once,
    FLOOD = "flood"
    #: or the people of the channel sleep
    QUIET_HOURS = "quiet_hours"
    #: no article: many more stories of a watch than it is used to
    SPIKE = "spike"
    #: no article: what operators are told of a feed
    FEED_FAULT = "feed_fault"
    FEED_RECOVERED = "feed_recovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence that proves a match; `marks` are the matched spans, offsets into `text`."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """All facts that a message shows."""

    watch_id: WatchId
    watch_name: str
    title: str
    outlet: str
    #: empty where the feed gives no address
    url: str
    published_at: datetime | None
    seen_at: datetime
    quotes: tuple[Quote, ...]
    #: why the watch fired, one line
    match_reason: str
    decision_reason: Reason
    watchlist_version: str
    #: found by word forms alone, while the language models could not be loaded
    unconfirmed: bool = False
    severity: Severity = Severity.NORMAL
    #: what of the article was read; empty where an earlier version of the service did not note it
    parts: tuple[Part, ...] = ()
    #: it is not all of the article
    is_excerpt: bool = False
    attribution: Attribution = UNSTATED
    #: the terms of the watch that were found, by their own words
    terms: tuple[str, ...] = ()
    #: who else has the story, as far as it was known then
    sources: Sources = NO_SOURCES
    #: counts the alerts of the watch about the story, from 1
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One channel of an alert."""

    channel: ChannelId
    #: nothing is sent before; None: at once
    held_until: datetime | None = None
    #: why it waits: PACED, SOON_AFTER, FLOOD or QUIET_HOURS
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The decision to tell the people of one watch about one story."""

    id: AlertId
    watch_id: WatchId
    story_id: StoryId
    article_id: ArticleId
    #: counts the alerts of this watch about this story, from 1
    revision: int
    notice: Notice
    created_at: datetime
    routes: tuple[Route, ...]
    #: it only amends the message that is there already
    is_amendment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A match with what was decided about it."""

    match: Match
    decision: Decision
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the people of a watch were told about a story so far."""

    #: of the last alert
    revision: int
    #: of the first alert; an amendment shows it with what came since
    first: Notice
    #: of the last alert, amendments included
    last: Notice
    #: at how many moments alerts that are no amendments were or will be sent, and the last of these
    loud: int
    loud_at: datetime
    is_acknowledged: bool = False
    #: silences dropped all of it, so that it counts as not told
    is_unheard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was told so far, as far as it bears on some stories; `version` detects other writers."""

    version: int
    told: Mapping[tuple[WatchId, StoryId], Told] = field(default_factory=dict)
    #: the articles of the stories asked for, oldest first
    members: Mapping[StoryId, tuple[Member, ...]] = field(default_factory=dict)
    #: those in force
    silences: tuple[Silence, ...] = ()
    #: when the alerts of the last while were made that go to a channel at once, or went
    recent: Mapping[ChannelId, tuple[datetime, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What shall become of one analysed article; made for one history version only."""

    history_version: int
    story: Story
    decided: tuple[Decided, ...]
    alerts: tuple[Alert, ...]
