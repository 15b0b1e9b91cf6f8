"""What is kept of the past: articles to try watches on, and all that became of one of them; reads only."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, func, select

from worker.models.alert import AlertId, Decision, Notice
from worker.models.delivery import DeliveryState
from worker.models.news import Article, ArticleId, FeedId, StoryId
from worker.models.watch import ChannelId, WatchId
from worker.store.articles import article_in
from worker.store.encoding import notice_from_json
from worker.store.engine import reading
from worker.store.schema import alerts, article_keys, articles, deliveries, matches
from worker.text.urls import canonical_url, url_key
from worker.tuning.trying import Archived

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMatch:
    """What was decided about a watch and the article."""

    watch_id: WatchId
    #: of the article
    revision: int
    score: float
    reason: str
    decision: str
    decision_reason: str
    watchlist_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDelivery:
    """One sending of an alert."""

    channel: ChannelId
    state: DeliveryState
    attempts: int
    #: why the last sending failed
    reason: str | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAlert:
    """An alert about the article's story."""

    id: AlertId
    watch_id: WatchId
    #: the article that caused it
    article_id: ArticleId
    #: counts the alerts of the watch about the story, from 1
    revision: int
    notice: Notice
    is_amendment: bool
    created_at: datetime
    deliveries: tuple[StoredDelivery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article and what became of it."""

    archived: Archived
    revised_at: datetime
    #: new, done or quarantined
    state: str
    #: why it is in quarantine
    reason: str | None
    analysed_at: datetime | None
    model: str | None
    #: why it belongs to its story
    grouping: str | None
    copy_of: ArticleId | None
    #: articles of its story, itself included
    story_size: int
    matches: tuple[StoredMatch, ...]
    #: of its story, caused by it or by others, oldest first
    alerts: tuple[StoredAlert, ...]


def count_since(engine: Engine, since: datetime) -> int:
    """How many articles were seen from `since` on."""
    query = select(func.count()).select_from(articles).where(articles.c.seen_at >= since)
    with reading(engine) as connection:
        return connection.scalars(query).one()


def articles_since(engine: Engine, since: datetime, limit: int | None = None) -> Iterator[Archived]:
    """Articles seen from `since` on, oldest first; with a limit the last so many of them."""
    query = select(articles).where(articles.c.seen_at >= since)
    if limit is not None:
        newest = query.with_only_columns(articles.c.article_id).order_by(
            articles.c.seen_at.desc(), articles.c.article_id.desc()
        )
        query = query.where(articles.c.article_id.in_(newest.limit(limit)))
    yield from _read(engine, query.order_by(articles.c.seen_at, articles.c.article_id))


def alerted_since(engine: Engine, watch_id: WatchId, since: datetime, limit: int) -> tuple[Archived, ...]:
    """The last articles seen from `since` on that a watch alerted, newest first."""
    told = select(matches.c.article_id).where(
        matches.c.watch_id == watch_id, matches.c.decision == Decision.NOTIFY.value
    )
    query = select(articles).where(articles.c.seen_at >= since, articles.c.article_id.in_(told))
    return tuple(_read(engine, query.order_by(articles.c.seen_at.desc(), articles.c.article_id).limit(limit)))


def last_of_feed(engine: Engine, feed_id: FeedId, limit: int) -> tuple[Article, ...]:
    """The articles that a feed brought last, newest first."""
    query = select(articles).where(articles.c.feed_id == feed_id).limit(limit)
    found = _read(engine, query.order_by(articles.c.seen_at.desc(), articles.c.article_id))
    return tuple(archived.article for archived in found)


def find_stored(engine: Engine, name: str) -> StoredArticle | None:
    """The article with this id or address, with what became of it; None when the archive does not hold it."""
    with reading(engine) as connection:
        row = _row_of(connection, name)
        if row is None:
            return None
        found = connection.execute(
            select(matches).where(matches.c.article_id == row["article_id"]).order_by(matches.c.watch_id)
        )
        return StoredArticle(
            archived=_archived(row),
            revised_at=row["revised_at"],
            state=row["state"],
            reason=row["reason"],
            analysed_at=row["analysed_at"],
            model=row["model"],
            grouping=row["grouping"],
            copy_of=ArticleId(row["copy_of"]) if row["copy_of"] else None,
            story_size=_story_size(connection, row["story_id"]),
            matches=tuple(_match(each) for each in found.mappings()),
            alerts=tuple(_alerts(connection, row["story_id"])),
        )


def _read(engine: Engine, query: Select[Any]) -> Iterator[Archived]:
    with reading(engine) as connection:
        for row in connection.execution_options(yield_per=_AT_ONCE).execute(query).mappings():
            yield _archived(row)


def _row_of(connection: Connection, name: str) -> RowMapping | None:
    """By id, by any address that the article came under, or by its present one."""
    key = f"url:{url_key(name)}"
    hashed = "sha256:" + hashlib.sha256(key.encode()).hexdigest()
    keyed = select(article_keys.c.article_id).where(article_keys.c.key.in_((key, hashed)))
    for condition in (
        articles.c.article_id == name,
        articles.c.article_id.in_(keyed),
        articles.c.url == canonical_url(name),
    ):
        row = connection.execute(select(articles).where(condition).limit(1)).mappings().one_or_none()
        if row is not None:
            return row
    return None


def _story_size(connection: Connection, story_id: str | None) -> int:
    query = select(func.count()).select_from(articles).where(articles.c.story_id == story_id)
    return connection.scalars(query).one() if story_id else 0


def _alerts(connection: Connection, story_id: str | None) -> Iterator[StoredAlert]:
    query = select(alerts).where(alerts.c.story_id == story_id).order_by(alerts.c.created_at, alerts.c.alert_id)
    for row in connection.execute(query).mappings().all() if story_id else ():
        sent = select(deliveries).where(deliveries.c.alert_id == row["alert_id"]).order_by(deliveries.c.channel)
        yield StoredAlert(
            id=AlertId(row["alert_id"]),
            watch_id=WatchId(row["watch_id"]),
            article_id=ArticleId(row["article_id"]),
            revision=row["revision"],
            notice=notice_from_json(row["notice"]),
            is_amendment=row["is_amendment"],
            created_at=row["created_at"],
            deliveries=tuple(_delivery(each) for each in connection.execute(sent).mappings()),
        )


def _match(row: RowMapping) -> StoredMatch:
    return StoredMatch(
        watch_id=WatchId(row["watch_id"]),
        revision=row["revision"],
        score=row["score"],
        reason=row["reason"],
        decision=row["decision"],
        decision_reason=row["decision_reason"],
        watchlist_version=row["watchlist_version"],
    )


def _delivery(row: RowMapping) -> StoredDelivery:
    return StoredDelivery(
        channel=ChannelId(row["channel"]),
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        reason=row["reason"],
        sent_at=row["sent_at"],
    )


def _archived(row: RowMapping) -> Archived:
    return Archived(
        article=article_in(row),
        story=StoryId(row["story_id"]) if row["story_id"] else None,
        language=row["language"],
    )
