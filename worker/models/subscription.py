"""A feed that a hub announces to us (WebSub), and how far we are with that hub."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.models.news import FeedId, require_utc


class SubscriptionState(StrEnum):
    """How far a subscription is."""

    #: to be asked for
    WANTED = "wanted"
    #: asked for; the hub has to ask us back
    ASKED = "asked"
    ACTIVE = "active"
    #: not wanted any more; the hub has to be told
    LEAVING = "leaving"
    #: the hub refused
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What we and one hub agreed about one feed."""

    feed_id: FeedId
    hub: str
    #: the address of the feed by its own words
    topic: str
    #: where the hub reaches us, `token` included
    callback: str
    #: names the subscription in that address; nobody can guess it
    token: str
    #: signs what the hub sends
    secret: str
    state: SubscriptionState
    #: when something is to be done about it again
    next_at: datetime
    #: requests in a row that led to nothing
    attempts: int = 0
    expires_at: datetime | None = None
    pushed_at: datetime | None = None
    #: why the last request failed, or why the hub refused
    reason: str = ""

    def __post_init__(self) -> None:
        for name in ("next_at", "expires_at", "pushed_at"):
            require_utc(getattr(self, name), name)
