"""How a feed fares, and what operators are told of it.

All instants are aware UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Condition(StrEnum):
    """How a feed fares, worst first: the first that is true is the one that is told."""

    #: the last pollers ended without any result
    STUCK = "stuck"
    #: 410: the publisher says that it is over; it is polled no more
    GONE = "gone"
    #: a page that tells people from machines stands before it
    CHALLENGE = "challenge"
    #: the server refuses us
    BLOCKED = "blocked"
    #: a feed without entries, again and again
    EMPTY = "empty"
    #: it cannot be reached or read
    FAILING = "failing"
    #: it answers from another site for good; only the operator may follow it there
    MOVED = "moved"
    #: it said „unchanged“ while it had changed
    LYING = "lying_304"
    #: its text comes wrongly decoded
    GARBLED = "mis_encoded"
    #: entries came and went between two polls
    GAP = "gap"
    #: nothing new for much longer than its own rhythm
    STALE = "stale"
    #: the server asks for more than an hour between two polls
    SLOW = "slow"
    #: entries came and went while it was not read, for our own reasons or its server's
    UNREAD = "unread"
    OK = "ok"
    #: never polled
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The condition of a feed since when, and one sentence, in Bulgarian, that proves it."""

    condition: Condition = Condition.NEW
    since: datetime | None = None
    evidence: str = ""


class TellReason(StrEnum):
    """Why operators are told of a feed now."""

    #: it does not mend itself
    AT_ONCE = "at_once"
    #: it did not mend itself in time
    LASTING = "lasting"
    #: worse than what was told
    WORSE = "worse"
    #: it is read again, but not well
    BETTER = "better"
    RECOVERED = "recovered"
    #: nobody can be reached, so it is our own network
    NETWORK_DOWN = "network_down"
    NETWORK_BACK = "network_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A configured feed as it fares, and what the operators were told last of it."""

    feed_id: str
    outlet: str
    url: str
    health: Health
    #: of the last poll
    outcome: str | None
    failures: int
    failing_since: datetime | None
    #: the fault that they know of
    told: Condition | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkStanding:
    """Since when nobody can be reached, and whether the operators know."""

    lost_at: datetime | None = None
    is_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedNotice:
    """What the operators are told: a fault or, with `condition` OK, its end. Without a feed: of the network."""

    feed_id: str | None
    outlet: str
    url: str
    condition: Condition
    evidence: str
    reason: TellReason
    #: what they were told before; it must still be so when the notice is stored
    told: Condition | None
