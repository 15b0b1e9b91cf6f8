"""Stories, the decisions about them, and what is sent to whom.

A story is alerted once for each watch; an alert becomes one delivery for each channel. Everything a message
shows is in its `Notice`, fixed when the alert is decided, so that rendering needs neither database nor config.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from worker.models.attribution import UNSTATED, Attribution
from worker.models.news import ArticleId, Part, StoryId, require_utc
from worker.models.watch import ChannelId, Match, Severity, WatchId

AlertId = NewType("AlertId", str)
DeliveryId = NewType("DeliveryId", str)


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


class Decision(StrEnum):
    """What is done about a match."""

    NOTIFY = "notify"
    #: an alert that waits for the times of the day that its watch asks for
    HOLD = "hold"
    DROP = "drop"


class Reason(StrEnum):
    """Why; the first rule that applies wins, in this order."""

    BASELINE = "baseline"
    TOO_OLD = "too_old"
    EXPIRED = "expired"
    ALREADY_ALERTED = "already_alerted"
    FIRST_OF_STORY = "first_of_story"
    NEW_FOR_WATCH = "new_for_watch"
    #: as one of the two before, but the watch wants its alerts at certain times only
    PACED = "paced"
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
    channels: tuple[ChannelId, ...]
    #: nothing is sent before
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A match with what was decided about it."""

    match: Match
    decision: Decision
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was alerted so far, as far as it bears on one story; `version` detects other writers."""

    version: int
    alerted: frozenset[tuple[WatchId, StoryId]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What shall become of one analysed article; made for one history version only."""

    history_version: int
    story: Story
    decided: tuple[Decided, ...]
    alerts: tuple[Alert, ...]


class DeliveryState(StrEnum):
    """Life of a delivery: PENDING → SENDING → SENT, back to PENDING on a passing failure, or DEAD."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One alert for one channel, claimed for sending."""

    id: DeliveryId
    alert_id: AlertId
    channel: ChannelId
    #: attempts begun, this one included
    attempts: int
    #: an earlier attempt may have arrived, so the message says that it may be a repeat
    maybe_repeated: bool
    notice: Notice
    #: attempts that failed so far; being told to wait is no failure
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A channel's acceptance; `remote_id` is its own identifier of the message, where it gives one."""

    remote_id: str | None = None
