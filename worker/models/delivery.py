"""What is sent to whom: an alert, several held ones in a digest, or the week in review, each for one channel."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from worker.models.alert import AlertId, Notice
from worker.models.news import StoryId
from worker.models.watch import ChannelId, WatchId

DeliveryId = NewType("DeliveryId", str)
DigestId = NewType("DigestId", str)


class DeliveryState(StrEnum):
    """Life of a delivery.

    PENDING → SENDING → SENT, back to PENDING on a passing failure, or DEAD. What waits is HELD until it is due, then
    PENDING, or IN_DIGEST: the digest's own delivery carries it. DROPPED: a silence came between, its channel cannot
    amend, a later amendment says it too, or a person dropped it.
    """

    HELD = "held"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    IN_DIGEST = "in_digest"
    DROPPED = "dropped"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Several held alerts in one message; those of a watch stand together, stories in order of their times."""

    id: DigestId
    notices: tuple[Notice, ...]
    #: when it was made
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchWeek:
    """How a watch fared in a week, counted in stories."""

    watch_id: WatchId
    watch_name: str
    #: new stories on each of its seven days
    days: tuple[int, ...]
    #: of the week before
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopStory:
    """A story of the week, with the outlets that had it."""

    notice: Notice
    outlets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The week in review: volumes and the stories that most outlets had."""

    id: DigestId
    #: the first of its seven days in Bulgaria
    first_day: date
    #: busiest first; watches without any story come last
    watches: tuple[WatchWeek, ...]
    stories: tuple[TopStory, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The messages of one channel about one story for one watch; later ones amend or follow the first."""

    story_id: StoryId
    #: the alert of the first message
    first_alert_id: AlertId
    #: the channel's own id of the first message; None: this is it, or the channel gave none
    remote_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message for one channel, claimed for sending."""

    id: DeliveryId
    #: of the alert, the digest, the review or whatever else is sent; people may ask about it by this
    alert_id: str
    channel: ChannelId
    #: attempts begun, this one included
    attempts: int
    #: an earlier attempt may have arrived, so the message says that it may be a repeat
    maybe_repeated: bool
    content: Notice | Digest | Review
    #: attempts that failed so far; being told to wait is no failure
    failures: int = 0
    #: None: it belongs to no story
    thread: Thread | None = None
    #: it amends the first message of its thread, without a sound, and is dropped where the channel cannot do that
    is_amendment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A channel's acceptance; `remote_id` is its own identifier of the message, where it gives one."""

    remote_id: str | None = None
