"""The tables of what is told beside single alerts, and of what people said about alerts."""

from sqlalchemy import JSON, Column, Float, Index, Integer, String, Table

from worker.store.columns import Instant, Words
from worker.store.schema_metadata import metadata

digests = Table(
    "digests",
    metadata,
    Column("digest_id", String, primary_key=True, comment="derived from what is in it"),
    Column("channel", String, nullable=False, comment="where to"),
    Column("kind", String, nullable=False, comment="digest (the deliveries that name it are in it) or review"),
    Column("content", JSON, comment="of a review: all that a message shows"),
    Column("created_at", Instant, nullable=False, comment="when it was made"),
    Index(None, "created_at"),
)

spikes = Table(
    "spikes",
    metadata,
    Column("spike_id", String, primary_key=True, comment="derived from the watch and the number of its spikes before"),
    Column("watch_id", String, nullable=False, comment="the watch with many more stories than it is used to"),
    Column("stories", Integer, nullable=False, comment="of the last 24 hours, when people were told"),
    Column("usual", Float, nullable=False, comment="mean of its days before"),
    Column("notice", JSON, nullable=False, comment="all facts that a message shows"),
    Column("created_at", Instant, nullable=False, comment="when it was decided"),
    Column("calmed_at", Instant, comment="when the volume was usual again; the next spike is told from then on"),
    Index(None, "watch_id", "created_at"),
)

silences = Table(
    "silences",
    metadata,
    Column("silence_id", String, primary_key=True, comment="id"),
    Column("watch_id", String, comment="the watch that nobody is told of; absent: whichever"),
    Column("story_id", String, comment="the story that nobody is told of; absent: whichever"),
    Column("author", Words, nullable=False, comment="who asked for it"),
    Column("comment", Words, nullable=False, comment="why"),
    Column("starts_at", Instant, nullable=False, comment="in force from then on"),
    Column("ends_at", Instant, nullable=False, comment="in force until then"),
    Column("ended_at", Instant, comment="when a person ended it before that"),
    Index(None, "ends_at"),
)
