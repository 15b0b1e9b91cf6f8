"""The tables of polling: feeds, what is told of them, who may ask which host, and the hubs that announce feeds.

Leases and attempts are as in `schema`, which holds the other tables.
"""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table

from worker.store.columns import Instant, Words
from worker.store.schema_metadata import metadata

feeds = Table(
    "feeds",
    metadata,
    Column("feed_id", String, primary_key=True, comment="id from the configuration"),
    Column("outlet", Words, nullable=False, comment="the publisher's name"),
    Column("url", Words, nullable=False, comment="address that is polled"),
    Column("added_at", Instant, nullable=False, comment="first configured; entries published earlier never alert"),
    Column("due_at", Instant, nullable=False, comment="next poll, not before"),
    Column("etag", Words, comment="validator for the next request, byte for byte"),
    Column("last_modified", Words, comment="validator for the next request, byte for byte"),
    Column("body_hash", String, comment="SHA-256 of the last document that was parsed"),
    Column("failures", Integer, nullable=False, comment="polls failed in a row"),
    Column("outcome", String, comment="of the last poll: ok, unchanged or a FetchReason"),
    Column("polled_at", Instant, comment="last poll that ended"),
    Column("new_entry_at", Instant, comment="when an entry that we did not know was last seen"),
    Column("enqueued_until", Instant, comment="said to be due; not said again before"),
    Column("leased_until", Instant, comment="claimed by a poller until then"),
    Column("attempts", Integer, nullable=False, comment="polls begun since the last one that ended"),
    Column("retired", Boolean, nullable=False, comment="no longer configured"),
    Column("validators_url", Words, comment="exact address that gave the validators"),
    Column("site", String, nullable=False, server_default="", comment="registrable domain; one is polled at a time"),
    Column("gone_at", Instant, comment="the server said 410; polled no more"),
    Column("memory", JSON, comment="rhythm, identities, address, health: see worker.models.feed.FeedMemory"),
    Column("told", String, comment="the fault that the operators know of, until they are told of its end"),
    Index(None, "retired", "due_at"),
)

feed_notices = Table(
    "feed_notices",
    metadata,
    Column("notice_id", String, primary_key=True, comment="id"),
    Column("feed_id", String, comment="the feed; absent: the network of this machine"),
    Column("condition", String, nullable=False, comment="the fault, or ok: its end"),
    Column("reason", String, nullable=False, comment="why the operators are told"),
    Column("notice", JSON, nullable=False, comment="all facts that a message shows"),
    Column("created_at", Instant, nullable=False, comment="when it was decided"),
    Index(None, "created_at"),
)

host_slots = Table(
    "host_slots",
    metadata,
    Column("host", String, primary_key=True, comment="registrable domain, or a group of them from the configuration"),
    Column("next_at", Instant, nullable=False, comment="the next request may begin, not before"),
    Column("leased_until", Instant, comment="a request is under way, until then at most"),
    Column("holder", String, comment="who makes it"),
    Column("answered_at", Instant, comment="when it last answered, whatever it said"),
    Column("unreached_at", Instant, comment="when it could last not be reached"),
)

robots = Table(
    "robots",
    metadata,
    Column("origin", String, primary_key=True, comment="scheme, host and port"),
    Column("read_at", Instant, nullable=False, comment="when it was asked"),
    Column("fresh_until", Instant, nullable=False, comment="not asked again before"),
    Column("verdict", String, nullable=False, comment="rules, none (everything is allowed) or unsaid (nothing is)"),
    Column("body", Words, nullable=False, comment="the file, where there is one"),
    Column("cause", Words, nullable=False, comment="what makes the verdict"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("feed_id", String, primary_key=True, comment="feed that a hub announces"),
    Column("hub", Words, nullable=False, comment="address of the hub"),
    Column("topic", Words, nullable=False, comment="address of the feed by its own words"),
    Column("callback", Words, nullable=False, comment="where the hub reaches us"),
    Column("token", String, nullable=False, unique=True, comment="names the subscription in that address"),
    Column("secret", String, nullable=False, comment="signs what the hub sends"),
    Column("state", String, nullable=False, comment="wanted, asked, active, leaving or denied"),
    Column("next_at", Instant, nullable=False, comment="when something is to be done about it again"),
    Column("attempts", Integer, nullable=False, comment="requests in a row that led to nothing"),
    Column("expires_at", Instant, comment="end of the lease"),
    Column("pushed_at", Instant, comment="when the hub last sent something"),
    Column("reason", Words, nullable=False, comment="why the last request failed, or why the hub refused"),
)
