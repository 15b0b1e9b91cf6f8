"""What the people of watches were told, by story; for our own feeds. Nothing here changes anything."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, and_, func, select

from worker.models.alert import AlertId, Notice
from worker.models.news import StoryId
from worker.models.watch import WatchId
from worker.store.encoding import notice_from_json
from worker.store.engine import reading
from worker.store.schema import alerts, stories


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAlert:
    """One alert of a watch about a story."""

    id: AlertId
    notice: Notice
    at: datetime
    is_amendment: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory:
    """A story as the people of a watch were told of it; as the alerts name it, whatever it was joined to later."""

    watch_id: WatchId
    story_id: StoryId
    #: at least one, in their order
    alerts: tuple[ToldAlert, ...]


def told_stories(engine: Engine, limit: int, watch_id: WatchId | None = None) -> tuple[ToldStory, ...]:
    """The stories of a watch, or of all, with their alerts; that with the newest alert first."""
    changed_at = func.max(alerts.c.created_at)
    last = select(alerts.c.watch_id, alerts.c.story_id).group_by(alerts.c.watch_id, alerts.c.story_id)
    if watch_id is not None:
        last = last.where(alerts.c.watch_id == watch_id)
    shown = last.order_by(changed_at.desc(), alerts.c.watch_id, alerts.c.story_id).limit(limit).subquery()
    is_shown = and_(alerts.c.watch_id == shown.c.watch_id, alerts.c.story_id == shown.c.story_id)
    query = select(alerts).join(shown, is_shown).order_by(alerts.c.revision, alerts.c.alert_id)
    found: defaultdict[tuple[str, str], list[ToldAlert]] = defaultdict(list)
    with reading(engine) as connection:
        for row in connection.execute(query).mappings():
            told = ToldAlert(
                id=AlertId(row["alert_id"]),
                notice=notice_from_json(row["notice"]),
                at=row["created_at"],
                is_amendment=row["is_amendment"],
            )
            found[row["watch_id"], row["story_id"]].append(told)
    told_of = [
        ToldStory(watch_id=WatchId(watch), story_id=StoryId(story), alerts=tuple(told))
        for (watch, story), told in found.items()
    ]
    return tuple(sorted(told_of, key=lambda one: (-max(t.at for t in one.alerts).timestamp(), one.alerts[0].id)))


def story_ids(engine: Engine, prefix: str, limit: int = 20) -> tuple[str, ...]:
    """Ids of stories that begin so."""
    column = stories.c.story_id
    query = select(column).where(column.startswith(prefix, autoescape=True)).order_by(column).limit(limit)
    with reading(engine) as connection:
        return tuple(connection.scalars(query))
