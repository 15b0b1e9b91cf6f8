"""In which articles names and topics stand: what trends and proposals are counted from."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine, Table, select

from worker.entities.trends import Sighting
from worker.store.engine import reading
from worker.store.schema import articles, mentions, topics


def names_seen(engine: Engine, since: datetime) -> tuple[Sighting, ...]:
    """Canonical names in articles seen from `since` on, each once an article and kind."""
    return tuple(_seen(engine, mentions, since))


def topics_seen(engine: Engine, since: datetime) -> tuple[Sighting, ...]:
    """Topics of articles seen from `since` on."""
    return tuple(_seen(engine, topics, since))


def _seen(engine: Engine, table: Table, since: datetime) -> Iterator[Sighting]:
    query = (
        select(table.c.name, table.c.kind, articles.c.article_id, articles.c.outlet, articles.c.seen_at)
        .distinct()
        .select_from(table.join(articles, articles.c.article_id == table.c.article_id))
        .where(articles.c.seen_at >= since)
    )
    with reading(engine) as connection:
        for name, kind, article_id, outlet, seen_at in connection.execute(query):
            yield Sighting(name=name, kind=kind, article_id=article_id, outlet=outlet, seen_at=seen_at)
