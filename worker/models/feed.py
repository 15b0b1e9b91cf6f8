"""What we learn of a feed from one poll to the next, beside its validators: rhythm, identity, address, health.

Nothing here knows an article. All instants are aware UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: hours of a week, Monday 00:00 in Sofia first
WEEK_HOURS = 168


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How many new entries we saw in each hour of the week, and for how long we looked; old weeks count less."""

    entries: tuple[float, ...] = ()
    #: hours
    looked: tuple[float, ...] = ()
    #: until when older weeks have been discounted
    discounted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An address that permanent redirects lead to."""

    to: str
    since: datetime
    #: in a row
    answers: int
    #: what it gives is what the old address gave
    is_same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMemory:
    """What decides when and how a feed is asked next, and what is told about it."""

    rhythm: Rhythm = Rhythm()
    #: the wait that was planned at the last poll
    wait_s: float = 0.0
    #: what the server asked us to wait then
    asked_s: float = 0.0
    #: what the last document asked us to wait, and when not to come: hours (UTC) and days (0 = Monday)
    ttl_s: float = 0.0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    #: polls in a row without a new entry that the rhythm does not explain
    empty_polls: int = 0
    #: new entries that the rhythm would have brought since the last one
    missed: float = 0.0
    #: short hashes of what names the entries of the last document
    entry_ids: tuple[str, ...] = ()
    #: the latest publication date that could be believed
    newest_at: datetime | None = None
    #: the last full answer to a request that could not be answered by „unchanged“, or that was not
    read_at: datetime | None = None
    #: when the server was last caught saying „unchanged“ of a document that had changed
    lied_at: datetime | None = None
    #: since when it serves documents older than those that we know
    regressed_since: datetime | None = None
    #: when a document last shared nothing with the one before it
    gap_at: datetime | None = None
    gone_at: datetime | None = None
    #: asked instead of the configured address
    address: str | None = None
    move: Move | None = None
    #: entries of the last document that came wrongly decoded
    garbled: int = 0
    #: the encoding in which the last document was read, and what said so; the one before the last change, and when
    charset: str | None = None
    charset_was: str | None = None
    charset_at: datetime | None = None
    #: what was mended to read it
    repairs: tuple[str, ...] = ()
    #: requests, and those of them that were unconditional though we had validators
    requests: int = 0
    probes: int = 0
    failing_since: datetime | None = None
    health: Health = Health()
