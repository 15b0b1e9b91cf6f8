"""A delivery together with what it is about, whatever that is: an alert, a spike or a feed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, or_, select

from worker.grouping.digest import Held
from worker.models.alert import Notice
from worker.models.delivery import DeliveryId
from worker.models.news import StoryId
from worker.models.silence import Silence, SilenceId
from worker.models.watch import WatchId
from worker.store.encoding import notice_from_json
from worker.store.feed_tables import feed_notices
from worker.store.schema import alerts, deliveries, stories
from worker.store.schema_alerts import digests, silences, spikes

#: the story that an alert's own has become
surviving = func.coalesce(stories.c.merged_into, alerts.c.story_id)


def with_subject() -> Select[Any]:
    """Deliveries with the columns that `held_from` and `notice_of` read."""
    return (
        select(
            deliveries,
            func.coalesce(alerts.c.watch_id, spikes.c.watch_id).label("watch_id"),
            surviving.label("story_id"),
            func.coalesce(alerts.c.created_at, deliveries.c.created_at).label("decided_at"),
            func.coalesce(alerts.c.revision, 1).label("alert_revision"),
            alerts.c.notice.label("of_alert"),
            spikes.c.notice.label("of_spike"),
            feed_notices.c.notice.label("of_feed"),
        )
        .outerjoin(alerts, alerts.c.alert_id == deliveries.c.alert_id)
        .outerjoin(stories, stories.c.story_id == alerts.c.story_id)
        .outerjoin(spikes, spikes.c.spike_id == deliveries.c.spike_id)
        .outerjoin(feed_notices, feed_notices.c.notice_id == deliveries.c.notice_id)
    )


def members_of(digest_id: str) -> Select[Any]:
    """The deliveries that are in a digest."""
    is_part = or_(deliveries.c.alert_id.is_not(None), deliveries.c.spike_id.is_not(None))
    return with_subject().where(deliveries.c.digest_id == digest_id, is_part)


def held_from(row: RowMapping) -> Held:
    """What decides the place of a delivery in a digest."""
    return Held(
        delivery_id=DeliveryId(row["delivery_id"]),
        watch_id=WatchId(row["watch_id"]),
        story_id=StoryId(row["story_id"]) if row["story_id"] else None,
        decided_at=row["decided_at"],
        revision=row["alert_revision"],
    )


def notice_of(row: RowMapping) -> Notice:
    """What a delivery says that is no digest and no review."""
    return notice_from_json(row["of_alert"] or row["of_spike"] or row["of_feed"])


def subject_id(row: Mapping[Any, Any]) -> str:
    """The id that people may ask about: of the alert, the spike, the feed notice, the digest or the review."""
    return str(row["alert_id"] or row["spike_id"] or row["notice_id"] or row["digest_id"])


def silences_at(connection: Connection, now: datetime) -> tuple[Silence, ...]:
    """Those in force, each with the story that its own has become."""
    query = (
        select(silences, func.coalesce(stories.c.merged_into, silences.c.story_id).label("surviving"))
        .outerjoin(stories, stories.c.story_id == silences.c.story_id)
        .where(silences.c.starts_at <= now, silences.c.ends_at > now, silences.c.ended_at.is_(None))
        .order_by(silences.c.starts_at, silences.c.silence_id)
    )
    return tuple(silence_from(row, row["surviving"]) for row in connection.execute(query).mappings())


def silence_from(row: RowMapping, story_id: str | None) -> Silence:
    """The silence as it was asked for."""
    return Silence(
        id=SilenceId(row["silence_id"]),
        watch_id=WatchId(row["watch_id"]) if row["watch_id"] is not None else None,
        story_id=StoryId(story_id) if story_id is not None else None,
        author=row["author"],
        comment=row["comment"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
    )


def content_of_digest(connection: Connection, digest_id: str) -> RowMapping:
    """The row of a digest or review."""
    return connection.execute(select(digests).where(digests.c.digest_id == digest_id)).mappings().one()


def in_chunks(ids: Sequence[str], size: int = 500) -> list[Sequence[str]]:
    """Databases limit the number of parameters of a statement."""
    return [ids[start : start + size] for start in range(0, len(ids), size)]
