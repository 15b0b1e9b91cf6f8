"""A feed: how it is configured, what one poll of it gives, and what is remembered from one poll to the next.

Nothing here knows an article. All instants are aware UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from worker.models.health import Health
from worker.models.news import Entry, FeedId, require_utc

#: hours of a week, Monday 00:00 in Sofia first
WEEK_HOURS = 168


class FullText(StrEnum):
    """When the pages behind a feed's articles are read."""

    NEVER = "never"
    #: when the feed gives a fragment that leaves a watch undecided
    UNDECIDED = "undecided"
    ALWAYS = "always"


class FeedClass(StrEnum):
    """What kind of publisher a feed is of; the shortest time between two polls follows from it."""

    AGENCY = "agency"
    DEFAULT = "default"
    OFFICIAL = "official"
    REGIONAL = "regional"
    ANALYSIS = "analysis"


class FeedKind(StrEnum):
    """What stands at a feed's address."""

    #: RSS, RDF or Atom
    FEED = "feed"
    #: a news sitemap, or an index of sitemaps
    SITEMAP = "sitemap"


class FeedText(StrEnum):
    """How much of each article a feed carries."""

    FULL = "full"
    #: a whole first paragraph
    LEDE = "lede"
    #: a line, or a text that is cut off
    FRAGMENT = "fragment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One address that we poll: RSS or Atom, or a news sitemap where an outlet has neither."""

    id: FeedId
    #: the publisher's name, as shown to people
    outlet: str
    url: str
    #: our shortest time between two polls
    every_s: float
    #: what the operator believes at most of `Cache-Control`, `Expires` and `<ttl>`; None: whatever they say
    freshness_at_most_s: float | None = None
    #: what the feed puts behind every text; „…“ within one stands for anything, at its end for all that follows
    tails: tuple[str, ...] = ()
    #: when the pages of its articles are read
    full_text: FullText = FullText.UNDECIDED
    kind: FeedKind = FeedKind.FEED
    feed_class: FeedClass = FeedClass.DEFAULT
    #: None: nobody knows yet
    text: FeedText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What the server gave to make the next request conditional, byte for byte (RFC 9110 §8.8)."""

    etag: str | None = None
    last_modified: str | None = None
    #: the exact address that gave them, where redirects ended; they are sent to no other
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one successful poll gave."""

    entries: tuple[Entry, ...]
    validators: Validators
    body_hash: str
    #: the document holds only what the server knows to be new to us (RFC 3229, status 226)
    is_partial: bool = False
    #: where the document says that older entries stand (RFC 5005)
    archive: str | None = None
    #: entries read there, because nothing of the document before stands in this one
    older: tuple[Entry, ...] = ()
    #: for how long the headers of the answer say that nothing new comes (`Cache-Control`, `Expires`)
    fresh_for_s: float = 0.0
    #: shortest time to the next poll that the server asks for (`Retry-After`)
    retry_after_s: float = 0.0
    #: the same by the document (`<ttl>`, `sy:updatePeriod`); it holds until another document comes
    ttl_s: float = 0.0
    #: where redirects led that were all permanent (301, 308)
    moved_to: str | None = None
    #: the encoding that was used to read the document, and what said so
    charset: str = "utf-8"
    #: hours, UTC, and days (0 = Monday) in which the document asks not to be polled
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    #: where the document says that it announces itself (WebSub), and under which address
    hub: str | None = None
    topic: str | None = None
    #: what was mended to read it, each in a few words
    repairs: tuple[str, ...] = ()
    #: entries whose text was decoded wrongly before it came into the feed („Ð“, „Ñ“, „Р°“)
    garbled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The poll gave nothing new: status 304, or the same document as last time."""

    validators: Validators
    fresh_for_s: float = 0.0
    retry_after_s: float = 0.0
    #: where redirects led that were all permanent (301, 308)
    moved_to: str | None = None


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
    #: when a document last shared nothing with the one before it, though it was polled as planned
    gap_at: datetime | None = None
    #: the last time without polls that cost entries
    unread_from: datetime | None = None
    unread_until: datetime | None = None
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
    health: Health = field(default_factory=Health)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What we remember of a feed between polls."""

    feed_id: FeedId
    #: when this feed was first configured; entries published earlier never alert
    added_at: datetime
    due_at: datetime
    validators: Validators = Validators()
    #: SHA-256 of the last document that was parsed, hexadecimal
    body_hash: str | None = None
    #: polls failed in a row
    failures: int = 0
    #: `ok`, `unchanged` or a FetchReason
    outcome: str | None = None
    polled_at: datetime | None = None
    #: when the last entry that we did not know was seen
    new_entry_at: datetime | None = None
    memory: FeedMemory = FeedMemory()

    def __post_init__(self) -> None:
        for name in ("added_at", "due_at", "polled_at", "new_entry_at"):
            require_utc(getattr(self, name), name)
