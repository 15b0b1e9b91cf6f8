"""Writes what became of one analysed article, within the transaction of `AlertStore.apply`."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, or_, select, update

from worker.grouping.decide import delivery_id
from worker.models.alert import Alert, Route
from worker.models.delivery import DeliveryId, DeliveryState
from worker.models.news import StoryId
from worker.ports import Applied, Record, Stale
from worker.store.articles import ArticleState
from worker.store.encoding import attribution_to_json, evidence_to_json, notice_to_json
from worker.store.engine import insert
from worker.store.fingerprints import write_fingerprint
from worker.store.pages import want_page
from worker.store.schema import HISTORY_VERSION, alerts, articles, deliveries, facts, matches, mentions, stories, topics


def history_version(connection: Connection, *, is_locked: bool = False) -> int:
    """How often stories or alerts changed; locked, nobody else changes them before this transaction ends."""
    query = select(facts.c.value).where(facts.c.key == HISTORY_VERSION)
    return int(connection.scalars(query.with_for_update() if is_locked else query).one())


def next_version(connection: Connection) -> int:
    """Moves the version on, which makes all plans of this moment stale."""
    version = history_version(connection, is_locked=True) + 1
    connection.execute(update(facts).where(facts.c.key == HISTORY_VERSION).values(value=str(version)))
    return version


def write_record(connection: Connection, record: Record, now: datetime) -> Applied | Stale:
    """Stores everything, or nothing when the record is stale.

    The history version moves on when an article came into a story or somebody is alerted, because either
    can change what others would plan; an analysis done again with the same outcome changes nothing for them.
    """
    version = history_version(connection, is_locked=True)
    article = _claimed(connection, record)
    if article is None:
        return Stale(claim_lost=True)
    if version != record.plan.history_version:
        return Stale()
    _write_story(connection, record, now)
    for story_id in record.plan.story.merges:
        _merge(connection, story_id, record.plan.story.id)
    _write_analysis(connection, record)
    _write_article(connection, record, now)
    if record.page is not None and record.page.is_wanted:
        want_page(connection, record.article.id, record.article.revision, record.page, now)
    created, due = _write_alerts(connection, record, article.revised_at, now)
    if created or article.story_id != record.plan.story.id or record.plan.story.merges:
        version = next_version(connection)
    return Applied(deliveries=due, history_version=version)


def _claimed(connection: Connection, record: Record) -> Row[Any, Any] | None:
    query = select(articles.c.revised_at, articles.c.story_id).where(
        articles.c.article_id == record.article.id,
        articles.c.state == ArticleState.NEW,
        articles.c.revision == record.article.revision,
    )
    return connection.execute(query.with_for_update()).one_or_none()


def _write_story(connection: Connection, record: Record, now: datetime) -> None:
    story = {"story_id": record.plan.story.id, "article_id": record.article.id, "started_at": now}
    connection.execute(insert(connection, stories).values(story).on_conflict_do_nothing())


def _merge(connection: Connection, part: StoryId, whole: StoryId) -> None:
    """Its articles are those of the other from now on; its alerts are found through it."""
    connection.execute(update(articles).where(articles.c.story_id == part).values(story_id=whole))
    chain = or_(stories.c.story_id == part, stories.c.merged_into == part)
    connection.execute(update(stories).where(chain, stories.c.story_id != whole).values(merged_into=whole))


def _write_article(connection: Connection, record: Record, now: datetime) -> None:
    story = record.plan.story
    connection.execute(
        update(articles)
        .where(articles.c.article_id == record.article.id)
        .values(
            state=ArticleState.DONE,
            leased_until=None,
            reason=None,
            analysed_at=now,
            model=record.analysis.model,
            language=record.analysis.language,
            story_id=story.id,
            grouping=story.grouping,
            story_score=story.score,
            copy_of=story.copy_of,
            origin=record.attribution.origin,
            relay=record.attribution.relay,
            attribution=attribution_to_json(record.attribution) if record.attribution.origin else None,
        )
    )


def _write_analysis(connection: Connection, record: Record) -> None:
    """Replaces what an earlier revision left."""
    id_ = record.article.id
    write_fingerprint(connection, record.fingerprint, record.article.revision)
    found = [
        {
            "article_id": id_,
            "position": position,
            "field": mention.field,
            "start": mention.start,
            "end": mention.end,
            "text": mention.text,
            "kind": mention.kind,
            "name": mention.name,
        }
        for position, mention in enumerate(record.analysis.mentions)
    ]
    about = [
        {"article_id": id_, "position": position, "name": topic.name, "score": topic.score, "kind": topic.kind}
        for position, topic in enumerate(record.topics)
    ]
    _replace(connection, mentions, id_, found)
    _replace(connection, topics, id_, about)
    _replace(connection, matches, id_, _match_rows(record))


def _match_rows(record: Record) -> list[dict[str, object]]:
    return [
        {
            "article_id": record.article.id,
            "watch_id": decided.match.watch_id,
            "revision": record.article.revision,
            "score": decided.match.score,
            "weight": decided.match.weight,
            "threshold": decided.match.threshold,
            "layer": decided.match.layer,
            "reason": decided.match.reason,
            "evidence": evidence_to_json(decided.match.evidence),
            "decision": decided.decision,
            "decision_reason": decided.reason,
            "watchlist_version": record.watchlist_version,
        }
        for decided in record.plan.decided
    ]


def _replace(connection: Connection, table: Table, article_id: str, rows: list[dict[str, object]]) -> None:
    connection.execute(delete(table).where(table.c.article_id == article_id))
    if rows:
        connection.execute(table.insert(), rows)


def _write_alerts(
    connection: Connection, record: Record, text_seen_at: datetime, now: datetime
) -> tuple[bool, tuple[DeliveryId, ...]]:
    """Whether any alert is new, and the deliveries of those that are and need not wait."""
    created = False
    due: list[DeliveryId] = []
    for alert in record.plan.alerts:
        if not _is_new(connection, alert, text_seen_at):
            continue
        created = True
        routes = {route.channel: route for route in alert.routes}
        rows = [_delivery_row(alert, route, now) for route in routes.values()]
        if rows:
            statement = insert(connection, deliveries).values(rows).on_conflict_do_nothing()
            inserted = set(connection.scalars(statement.returning(deliveries.c.delivery_id)))
            ready = [row["delivery_id"] for row in rows if row["state"] == DeliveryState.PENDING]
            due += [DeliveryId(str(id_)) for id_ in ready if id_ in inserted]
    return created, tuple(due)


def _is_new(connection: Connection, alert: Alert, text_seen_at: datetime) -> bool:
    row = {
        "alert_id": alert.id,
        "watch_id": alert.watch_id,
        "story_id": alert.story_id,
        "article_id": alert.article_id,
        "revision": alert.revision,
        "notice": notice_to_json(alert.notice),
        "text_seen_at": text_seen_at,
        "created_at": alert.created_at,
        "is_amendment": alert.is_amendment,
        "told_at": told_at(alert),
    }
    statement = insert(connection, alerts).values(row).on_conflict_do_nothing().returning(alerts.c.alert_id)
    return connection.scalars(statement).one_or_none() is not None


def told_at(alert: Alert) -> datetime:
    """When the first of its channels shall have it; the others wait for reasons of their own."""
    return min((route.held_until or alert.created_at for route in alert.routes), default=alert.created_at)


def _delivery_row(alert: Alert, route: Route, now: datetime) -> dict[str, object]:
    is_held = route.held_until is not None
    return {
        "delivery_id": delivery_id(alert.id, route.channel),
        "alert_id": alert.id,
        "channel": route.channel,
        "state": DeliveryState.HELD if is_held else DeliveryState.PENDING,
        "attempts": 0,
        "failures": 0,
        "next_attempt_at": route.held_until or now,
        "held_until": route.held_until,
        "reason": route.reason.value if is_held and route.reason else None,
        "maybe_repeated": False,
        "created_at": now,
        "is_amendment": alert.is_amendment,
    }
