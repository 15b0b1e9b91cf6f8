"""The tables of the news and of what is told, in the words of the glossary; those of polling are `feed_tables`.

Migrations bring a database to this state, nothing else does. Work is claimed by a lease: a row with `leased_until`
in the future is in somebody's hands; `attempts` counts claims before the work starts, so that a row that kills its
worker is known after the worker is gone.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
)

from worker.store import schema_metadata
from worker.store.columns import Instant, Words
from worker.store.schema_alerts import digests, spikes

#: of all tables, those of polling and of alerts too
metadata = schema_metadata.metadata

#: the row of `facts` that detects other writers of stories and alerts
HISTORY_VERSION = "history_version"
#: the row of `facts` that says since when nobody can be reached
NETWORK_LOST_AT = "network_lost_at"


def _article_key() -> Column[str]:
    return Column(
        "article_id", String, ForeignKey("articles.article_id"), primary_key=True, comment="the article it belongs to"
    )


stories = Table(
    "stories",
    metadata,
    Column("story_id", String, primary_key=True, comment="derived from its first article"),
    Column("article_id", String, nullable=False, comment="the article that started it"),
    Column("started_at", Instant, nullable=False, comment="when it was started"),
    Column(
        "merged_into", String, comment="the story that it turned out to be a part of; that one is no part of others"
    ),
    Index(None, "merged_into"),
)

articles = Table(
    "articles",
    metadata,
    Column("article_id", String, primary_key=True, comment="id"),
    Column("feed_id", String, nullable=False, comment="feed that brought it first"),
    Column("outlet", Words, nullable=False, comment="the publisher's name"),
    Column("url", Words, nullable=False, comment="canonical address or empty"),
    Column("title", Words, nullable=False, comment="title of the current revision"),
    Column("summary", Words, nullable=False, comment="summary of the current revision"),
    Column("body", Words, nullable=False, comment="full text of the current revision, where the feed has it"),
    Column("published_at", Instant, comment="the feed's claim"),
    Column("published_raw", Words, comment="the feed's own words for it"),
    Column(
        "date_claim",
        String,
        nullable=False,
        server_default="stated",
        comment="stated, none, ahead (clamped to when it was seen) or far_ahead (rejected)",
    ),
    Column(
        "is_routine", Boolean, nullable=False, server_default=false(), comment="newscast, horoscope and such: ungrouped"
    ),
    Column("seen_at", Instant, nullable=False, comment="when we first saw the article"),
    Column("revised_at", Instant, nullable=False, comment="when we saw the current revision"),
    Column("revision", Integer, nullable=False, comment="counts edits of the text, from 1"),
    Column("baseline", Boolean, nullable=False, comment="stood in the feed before we began to watch it"),
    Column("content_hash", String, nullable=False, comment="hash of the current title, summary and body"),
    Column("texts_seen", JSON, nullable=False, comment="hashes of all revisions; a text that comes back is no edit"),
    Column("state", String, nullable=False, comment="new, done or quarantined"),
    Column("attempts", Integer, nullable=False, comment="analyses of this revision begun"),
    Column("leased_until", Instant, comment="claimed by an analysing worker until then"),
    Column("reason", Words, comment="why it is in quarantine"),
    Column("analysed_at", Instant, comment="when the last analysis was stored"),
    Column("model", String, comment="name and version of the model of that analysis; forms: none could be loaded"),
    Column("language", String, comment="ISO 639-1; only Bulgarian is read by the models"),
    Column("story_id", String, ForeignKey("stories.story_id"), comment="story it belongs to"),
    Column("grouping", String, comment="why it belongs to its story"),
    Column("story_score", Float, comment="likeness to the article that decided it, 0–1"),
    Column("copy_of", String, comment="the article that this one repeats nearly word for word"),
    Column("text_origin", String, nullable=False, server_default="feed", comment="of the body: feed or page"),
    Column("origin", Words, comment="the agency or other publisher that the text names as its first source"),
    Column("relay", Words, comment="who passed that on, where the text says so"),
    Column("attribution", JSON, comment="how and where the text says so"),
    Index(None, "state", "seen_at"),
    Index(None, "seen_at"),
    Index(None, "story_id"),
    Index(None, "feed_id"),
)

revisions = Table(
    "revisions",
    metadata,
    _article_key(),
    Column("revision", Integer, primary_key=True, autoincrement=False, comment="of the article; another replaced it"),
    Column("revised_at", Instant, nullable=False, comment="when we saw it first"),
    Column("url", Words, nullable=False, comment="canonical address or empty"),
    Column("title", Words, nullable=False, comment="its title"),
    Column("summary", Words, nullable=False, comment="its summary"),
    Column("body", Words, nullable=False, comment="its full text, where the feed had it"),
    Column("published_at", Instant, comment="the feed's claim then"),
    Column("published_raw", Words, comment="the feed's own words for it"),
)

article_keys = Table(
    "article_keys",
    metadata,
    Column("key", String, primary_key=True, comment="canonical address or feed identifier; hashed when long"),
    Column("article_id", String, ForeignKey("articles.article_id"), nullable=False, comment="the article it names"),
    Index(None, "article_id"),
)

pages = Table(
    "pages",
    metadata,
    _article_key(),
    Column("revision", Integer, nullable=False, comment="revision of the article that wanted it"),
    Column("state", String, nullable=False, comment="wanted, read or given_up"),
    Column("reason", String, nullable=False, comment="why it was wanted: undecided or policy_always"),
    Column("detail", Words, nullable=False, comment="which watches waited for it"),
    Column("wanted_at", Instant, nullable=False, comment="when it was first wanted for this revision"),
    Column("attempts", Integer, nullable=False, comment="readings begun"),
    Column("next_attempt_at", Instant, nullable=False, comment="next reading, not before"),
    Column("leased_until", Instant, comment="claimed by a reader until then"),
    Column("outcome", String, comment="why the last reading failed: a FetchReason, a PageFault, edited or unfinished"),
    Column("cause", Words, comment="the same, in technical words"),
    Column("final_url", Words, comment="where the redirects ended"),
    Column("ended_at", Instant, comment="when it was read or given up"),
    Index(None, "state", "next_attempt_at"),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    _article_key(),
    Column("revision", Integer, nullable=False, comment="revision of the article that it was made of"),
    Column("outlet", Words, nullable=False, comment="the publisher's name"),
    Column("at", Instant, nullable=False, comment="credible publication time, else when we saw it"),
    Column("terms", JSON, nullable=False, comment="content lemmas with their weight"),
    Column("names", JSON, nullable=False, comment="canonical entity names"),
    Column("shingles", LargeBinary, nullable=False, comment="hashes of word shingles, 8 bytes each, little-endian"),
    Index(None, "at"),
)

mentions = Table(
    "mentions",
    metadata,
    _article_key(),
    Column("position", Integer, primary_key=True, comment="order in the analysis, from 0"),
    Column("field", String, nullable=False, comment="title, summary or body"),
    Column("start", Integer, nullable=False, comment="first code point in the field"),
    Column("end", Integer, nullable=False, comment="code point after the last"),
    Column("text", Words, nullable=False, comment="as written"),
    Column("kind", String, nullable=False, comment="PER, ORG, LOC, EVT or PRO"),
    Column("name", Words, nullable=False, comment="canonical name of what is meant"),
)

topics = Table(
    "topics",
    metadata,
    _article_key(),
    Column(
        "position", Integer, primary_key=True, comment="order, from 0: categories, then phrases, each strongest first"
    ),
    Column("name", Words, nullable=False, comment="IPTC category or key phrase"),
    Column("score", Float, nullable=False, comment="probability of a category; weight of a phrase, the strongest 1"),
    Column("kind", String, nullable=False, server_default="phrase", comment="category or phrase"),
)

matches = Table(
    "matches",
    metadata,
    _article_key(),
    Column("watch_id", String, primary_key=True, comment="watch that the article satisfies"),
    Column("revision", Integer, nullable=False, comment="revision of the article that was matched"),
    Column("score", Float, nullable=False, comment="0–1; 1 when the threshold is reached twice over"),
    Column("weight", Float, nullable=False, server_default="1", comment="of the terms found"),
    Column("threshold", Float, nullable=False, server_default="1", comment="what the weight had to reach"),
    Column("layer", String, nullable=False, server_default="A", comment="A: word forms alone; B: language models too"),
    Column("reason", Words, nullable=False, comment="which terms in which forms, one line"),
    Column("evidence", JSON, nullable=False, comment="spans that justify the match"),
    Column("decision", String, nullable=False, comment="notify, hold or drop"),
    Column("decision_reason", String, nullable=False, comment="the rule that decided"),
    Column("watchlist_version", String, nullable=False, comment="watchlist that was in force"),
    Index(None, "watch_id"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", String, primary_key=True, comment="id"),
    Column("watch_id", String, nullable=False, comment="whose people are told"),
    Column("story_id", String, ForeignKey("stories.story_id"), nullable=False, comment="about which story"),
    Column("article_id", String, ForeignKey("articles.article_id"), nullable=False, comment="article that caused it"),
    Column("revision", Integer, nullable=False, comment="counts alerts of this watch about this story, from 1"),
    Column("notice", JSON, nullable=False, comment="all facts that a message shows"),
    Column("text_seen_at", Instant, nullable=False, comment="when the article's text that caused it was seen"),
    Column("created_at", Instant, nullable=False, comment="when it was decided"),
    Column("is_amendment", Boolean, nullable=False, server_default=false(), comment="it only amends the first message"),
    Column("told_at", Instant, comment="when the last of its channels shall have it; absent: when it was decided"),
    Column("acknowledged_at", Instant, comment="when a person said that they know"),
    Column("acknowledged_by", Words, comment="who"),
    UniqueConstraint("watch_id", "story_id", "revision"),
    Index(None, "created_at"),
    Index(None, "story_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("delivery_id", String, primary_key=True, comment="id"),
    Column("alert_id", String, ForeignKey("alerts.alert_id"), comment="what is sent, else"),
    Column("notice_id", String, ForeignKey("feed_notices.notice_id"), comment="what the operators are told of a feed"),
    Column("spike_id", String, ForeignKey(spikes.c.spike_id), comment="what people are told of a watch's volume"),
    Column("digest_id", String, ForeignKey(digests.c.digest_id), comment="the digest that it is, or is a part of"),
    Column("channel", String, nullable=False, comment="where to"),
    Column("state", String, nullable=False, comment="held, pending, sending, sent, in_digest, dropped or dead"),
    Column("is_amendment", Boolean, nullable=False, server_default=false(), comment="it amends an earlier message"),
    Column("held_until", Instant, comment="it was to wait until then; absent: it went at once"),
    Column("attempts", Integer, nullable=False, comment="sendings begun"),
    Column("failures", Integer, nullable=False, comment="sendings failed or cut off since it was made or replayed"),
    Column("next_attempt_at", Instant, nullable=False, comment="next sending, not before"),
    Column("leased_until", Instant, comment="claimed by a sender until then"),
    Column("maybe_repeated", Boolean, nullable=False, comment="an earlier sending may have arrived"),
    Column("reason", String, comment="why it waits, was dropped, or failed last"),
    Column("remote_id", Words, comment="the channel's own id of the message"),
    Column("created_at", Instant, nullable=False, comment="when it was stored"),
    Column("sent_at", Instant, comment="when the channel had it"),
    Column("dead_at", Instant, comment="when it was given up"),
    UniqueConstraint("alert_id", "channel"),
    Index(None, "state", "next_attempt_at"),
    Index(None, "digest_id"),
    Index(None, "created_at"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("role", String, primary_key=True, comment="kind of process"),
    Column("beat_at", Instant, nullable=False, comment="last sign of life"),
)

facts = Table(
    "facts",
    metadata,
    Column("key", String, primary_key=True, comment="name of the fact"),
    Column("value", String, nullable=False, comment="its value"),
)
