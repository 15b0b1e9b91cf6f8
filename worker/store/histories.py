"""Reads what was told so far, within the transaction of `AlertStore.history`: a handful of queries, each indexed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, case, func, select

from worker.grouping.threads import DropReason
from worker.grouping.told import PastAlert, told_of
from worker.models.alert import History, Told
from worker.models.delivery import DeliveryState
from worker.models.news import ArticleId, StoryId
from worker.models.story import Member
from worker.models.watch import ChannelId, WatchId
from worker.store.encoding import attribution_from_json, notice_from_json
from worker.store.outgoing import silences_at
from worker.store.records import history_version
from worker.store.schema import alerts, articles, deliveries, fingerprints, stories


def read_history(
    connection: Connection, story_ids: Sequence[StoryId], now: datetime, since: datetime, merges: Sequence[StoryId]
) -> History:
    """What was told about these stories.

    The version is read before anything else: what is decided on newer alerts than it says is found stale, never the
    other way round.
    """
    version = history_version(connection)
    become = _become(connection, story_ids, merges)
    return History(
        version=version,
        told=_told(connection, become),
        members=_members(connection, become),
        silences=silences_at(connection, now),
        recent=_recent(connection, since),
    )


def _become(
    connection: Connection, story_ids: Sequence[StoryId], merges: Sequence[StoryId]
) -> Mapping[StoryId, StoryId]:
    """For each story that alerts or articles may name, the one that it counts as."""
    become = {id_: id_ for id_ in story_ids} | dict.fromkeys(merges, *story_ids[:1])
    query = select(stories.c.story_id, stories.c.merged_into).where(stories.c.merged_into.in_(become))
    parts = connection.execute(query).all() if become else ()
    return become | {StoryId(part): become[StoryId(whole)] for part, whole in parts}


def _told(connection: Connection, become: Mapping[StoryId, StoryId]) -> Mapping[tuple[WatchId, StoryId], Told]:
    if not become:
        return {}
    rows = connection.execute(select(alerts).where(alerts.c.story_id.in_(become))).mappings()
    unheard = _unheard(connection, become)
    return told_of(
        PastAlert(
            watch_id=WatchId(row["watch_id"]),
            story_id=become[StoryId(row["story_id"])],
            revision=row["revision"],
            notice=notice_from_json(row["notice"]),
            decided_at=row["created_at"],
            told_at=row["told_at"] or row["created_at"],
            is_amendment=row["is_amendment"],
            is_acknowledged=row["acknowledged_at"] is not None,
            is_unheard=row["alert_id"] in unheard,
        )
        for row in rows
    )


def _unheard(connection: Connection, become: Mapping[StoryId, StoryId]) -> frozenset[str]:
    """The alerts of these stories that a silence dropped on every channel."""
    is_silenced = and_(deliveries.c.state == DeliveryState.DROPPED, deliveries.c.reason == DropReason.SILENCED.value)
    query = (
        select(deliveries.c.alert_id)
        .join(alerts, alerts.c.alert_id == deliveries.c.alert_id)
        .where(alerts.c.story_id.in_(become))
        .group_by(deliveries.c.alert_id)
        .having(func.min(case((is_silenced, 1), else_=0)) == 1)
    )
    return frozenset(connection.scalars(query))


def _members(connection: Connection, become: Mapping[StoryId, StoryId]) -> Mapping[StoryId, tuple[Member, ...]]:
    if not become:
        return {}
    columns = (articles.c.article_id, articles.c.outlet, articles.c.url, articles.c.attribution, articles.c.copy_of)
    query = (
        select(*columns, articles.c.story_id, fingerprints.c.at)
        .join(fingerprints, fingerprints.c.article_id == articles.c.article_id)
        .where(articles.c.story_id.in_(become))
        .order_by(fingerprints.c.at, articles.c.article_id)
    )
    members: defaultdict[StoryId, list[Member]] = defaultdict(list)
    for row in connection.execute(query):
        member = Member(
            article_id=ArticleId(row.article_id),
            outlet=row.outlet,
            url=row.url,
            at=row.at,
            attribution=attribution_from_json(row.attribution or {}),
            copy_of=ArticleId(row.copy_of) if row.copy_of else None,
        )
        members[become[StoryId(row.story_id)]].append(member)
    return {story_id: tuple(found) for story_id, found in members.items()}


def _recent(connection: Connection, since: datetime) -> Mapping[ChannelId, tuple[datetime, ...]]:
    """Alerts that were not to wait; what came of them meanwhile changes nothing, so that all workers see the same."""
    query = (
        select(deliveries.c.channel, deliveries.c.created_at)
        .where(
            deliveries.c.created_at >= since,
            deliveries.c.alert_id.is_not(None),
            deliveries.c.held_until.is_(None),
            deliveries.c.is_amendment.is_(False),
        )
        .order_by(deliveries.c.created_at)
    )
    found: defaultdict[ChannelId, list[datetime]] = defaultdict(list)
    for channel, at in connection.execute(query):
        found[ChannelId(channel)].append(at)
    return {channel: tuple(instants) for channel, instants in found.items()}
