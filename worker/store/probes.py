"""What the first poll of each feed showed, in the table of facts, so that no later start asks for it again."""

import json
from collections.abc import Iterable

from sqlalchemy import Engine, delete, select

from worker.models.news import FeedId
from worker.probing import Probe, from_plain, to_plain
from worker.store.columns import storable
from worker.store.engine import insert, reading, writing
from worker.store.schema import facts

_PREFIX = "probe:"


def note_probe(engine: Engine, probe: Probe) -> None:
    """Keeps the facts of a feed's first poll, or of a later test of it."""
    key, value = _PREFIX + probe.feed_id, storable(json.dumps(to_plain(probe), ensure_ascii=False))
    with writing(engine) as connection:
        statement = insert(connection, facts).values(key=key, value=value)
        connection.execute(statement.on_conflict_do_update(index_elements=[facts.c.key], set_={"value": value}))


def probe_of_feed(engine: Engine, feed_id: FeedId) -> Probe | None:
    """What is kept of one feed."""
    with reading(engine) as connection:
        value = connection.scalar(select(facts.c.value).where(facts.c.key == _PREFIX + feed_id))
    return from_plain(json.loads(value)) if value else None


def probes(engine: Engine) -> tuple[Probe, ...]:
    """All that are kept, by feed."""
    query = select(facts.c.value).where(facts.c.key.startswith(_PREFIX, autoescape=True)).order_by(facts.c.key)
    with reading(engine) as connection:
        return tuple(from_plain(json.loads(value)) for value in connection.scalars(query))


def forget_probes(engine: Engine, feed_ids: Iterable[FeedId]) -> None:
    """Lets the next poll of these feeds be told as a first one is."""
    with writing(engine) as connection:
        connection.execute(delete(facts).where(facts.c.key.in_([_PREFIX + feed_id for feed_id in feed_ids])))
