"""How the configured feeds fare, and what operators were told of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, select, update

from worker.grouping.decide import delivery_id
from worker.models.alert import Notice
from worker.models.delivery import DeliveryId
from worker.models.health import Condition, FeedNotice, Health, NetworkStanding, Standing
from worker.models.watch import ChannelId
from worker.store.encoding import notice_from_json, notice_to_json
from worker.store.engine import insert, reading, writing
from worker.store.feed_tables import feed_notices, feeds
from worker.store.feeds import SUSPECT_ATTEMPTS, state_from
from worker.store.flushing import pending_row
from worker.store.schema import NETWORK_LOST_AT, deliveries, facts
from worker.telling import notice_id

#: the row of `facts` that is there while the operators know that the network is down
_NETWORK = "network_told"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """What the operators were told, and when."""

    feed_id: str | None
    condition: Condition
    notice: Notice
    created_at: datetime


class SqlFeedNoticeStore:
    """The FeedNoticeStore; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def standings(self) -> tuple[Standing, ...]:
        """Every configured feed as it fares, by id."""
        query = select(feeds).where(feeds.c.retired.is_(False)).order_by(feeds.c.feed_id)
        with reading(self._engine) as connection:
            rows = connection.execute(query).mappings().all()
        found = []
        for row in rows:
            state = state_from(row)
            found.append(
                Standing(
                    feed_id=row["feed_id"],
                    outlet=row["outlet"],
                    url=row["url"],
                    health=health_of(state.memory.health, row["attempts"]),
                    outcome=state.outcome,
                    failures=state.failures,
                    failing_since=state.memory.failing_since,
                    told=Condition(row["told"]) if row["told"] else None,
                )
            )
        return tuple(found)

    def network(self) -> NetworkStanding:
        """Since when nobody can be reached, and whether the operators know."""
        query = select(facts.c.key, facts.c.value).where(facts.c.key.in_((_NETWORK, NETWORK_LOST_AT)))
        with reading(self._engine) as connection:
            found = {row.key: row.value for row in connection.execute(query)}
        lost_at = found.get(NETWORK_LOST_AT)
        return NetworkStanding(lost_at=datetime.fromisoformat(lost_at) if lost_at else None, is_told=_NETWORK in found)

    def tell(
        self, told: Sequence[tuple[FeedNotice, Notice]], channels: Sequence[ChannelId], now: datetime
    ) -> tuple[DeliveryId, ...]:
        """Stores each notice with its deliveries, unless others told meanwhile; gives the new deliveries."""
        created: list[DeliveryId] = []
        with writing(self._engine) as connection:
            for one, notice in told:
                if _is_first_to_tell(connection, one, now):
                    created += _write(connection, one, notice, channels, now)
        return tuple(created)


def health_of(health: Health, attempts: int) -> Health:
    """The health as the last poll that ended left it, unless the later ones did not end."""
    if attempts < SUSPECT_ATTEMPTS:
        return health
    evidence = f"последните {attempts} опита за четене прекъснаха без резултат"
    return Health(condition=Condition.STUCK, since=health.since, evidence=evidence)


def recently_told(engine: Engine, limit: int) -> tuple[ToldRow, ...]:
    """What the operators were told last, newest first."""
    query = select(feed_notices).order_by(feed_notices.c.created_at.desc(), feed_notices.c.notice_id).limit(limit)
    with reading(engine) as connection:
        return tuple(
            ToldRow(
                feed_id=row.feed_id,
                condition=Condition(row.condition),
                notice=notice_from_json(row.notice),
                created_at=row.created_at,
            )
            for row in connection.execute(query)
        )


def _is_first_to_tell(connection: Connection, one: FeedNotice, now: datetime) -> bool:
    """Whether nobody told this meanwhile; from now on it is told."""
    is_end = one.condition is Condition.OK
    if one.feed_id is None:
        if is_end:
            ended = delete(facts).where(facts.c.key == _NETWORK).returning(facts.c.key)
            return connection.scalars(ended).one_or_none() is not None
        begun = insert(connection, facts).values(key=_NETWORK, value=now.isoformat()).on_conflict_do_nothing()
        return connection.scalars(begun.returning(facts.c.key)).one_or_none() is not None
    still = feeds.c.told.is_(None) if one.told is None else feeds.c.told == one.told
    changed = update(feeds).where(feeds.c.feed_id == one.feed_id, still).values(told=None if is_end else one.condition)
    return connection.scalars(changed.returning(feeds.c.feed_id)).one_or_none() is not None


def _write(
    connection: Connection, one: FeedNotice, notice: Notice, channels: Sequence[ChannelId], now: datetime
) -> list[DeliveryId]:
    id_ = notice_id(one, now)
    row = {
        "notice_id": id_,
        "feed_id": one.feed_id,
        "condition": one.condition,
        "reason": one.reason,
        "notice": notice_to_json(notice),
        "created_at": now,
    }
    connection.execute(insert(connection, feed_notices).values(row))
    rows = [pending_row(delivery_id(id_, channel), channel, now, notice_id=id_) for channel in dict.fromkeys(channels)]
    if rows:
        connection.execute(insert(connection, deliveries).values(rows))
    return [DeliveryId(str(each["delivery_id"])) for each in rows]
