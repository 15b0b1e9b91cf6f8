"""Finds what a lost worker left behind, within the transaction of `AlertStore.sweep`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, func, select, update

from worker.errors import DeliveryReason
from worker.models.delivery import DeliveryId, DeliveryState
from worker.models.news import ArticleId
from worker.ports import Swept
from worker.store.articles import ArticleState, waiting
from worker.store.schema import articles, deliveries

#: why an article is in quarantine that no worker ever finished
UNFINISHED = "unfinished"


def sweep(connection: Connection, now: datetime, analysis_attempts: int, delivery_attempts: int, limit: int) -> Swept:
    """Gives back claims that ran out, sets aside what was cut off too often; lists at most `limit` due deliveries."""
    failures = deliveries.c.failures + 1
    resent, dead = _over(connection, deliveries, DeliveryState.SENDING, now, failures >= delivery_attempts)
    freed, poison = _over(connection, articles, ArticleState.NEW, now, articles.c.attempts >= analysis_attempts)
    # Nobody knows whether an interrupted message arrived, so the next one says that it may be a repeat.
    interrupted = {"leased_until": None, "maybe_repeated": True, "failures": failures}
    _set(connection, deliveries, resent, {"state": DeliveryState.PENDING, "next_attempt_at": now, **interrupted})
    given_up = {"state": DeliveryState.DEAD, "reason": DeliveryReason.INTERRUPTED.value, "dead_at": now}
    _set(connection, deliveries, dead, given_up | interrupted)
    _set(connection, articles, freed, {"leased_until": None})
    aside = {"state": ArticleState.QUARANTINED, "reason": UNFINISHED, "leased_until": None}
    _set(connection, articles, poison, aside)
    free = waiting(articles.c.article_id).subquery()
    return Swept(
        due=_due(connection, now, limit),
        pending_articles=connection.scalars(select(func.count()).select_from(free)).one(),
        released=len(resent) + len(freed),
        quarantined=tuple(ArticleId(id_) for id_ in poison),
        dead=tuple(DeliveryId(id_) for id_ in dead),
    )


def _over(
    connection: Connection, table: Table, state: str, now: datetime, is_enough: ColumnElement[bool]
) -> tuple[list[str], list[str]]:
    """Ids of claims that ran out: those that may be tried again, and those of which it is enough."""
    id_ = next(iter(table.primary_key.columns))
    query = (
        select(id_, is_enough)
        .where(table.c.state == state, table.c.leased_until <= now)
        .order_by(table.c.leased_until, id_)
    )
    rows = connection.execute(query.with_for_update(skip_locked=True)).all()
    return [found for found, enough in rows if not enough], [found for found, enough in rows if enough]


def _set(connection: Connection, table: Table, ids: Sequence[str], values: Mapping[str, object]) -> None:
    id_ = next(iter(table.primary_key.columns))
    for start in range(0, len(ids), 500):
        connection.execute(update(table).where(id_.in_(ids[start : start + 500])).values(values))


def _due(connection: Connection, now: datetime, limit: int) -> tuple[DeliveryId, ...]:
    query = (
        select(deliveries.c.delivery_id)
        .where(deliveries.c.state == DeliveryState.PENDING, deliveries.c.next_attempt_at <= now)
        .order_by(deliveries.c.next_attempt_at, deliveries.c.delivery_id)
        .limit(limit)
    )
    return tuple(DeliveryId(id_) for id_ in connection.scalars(query))
