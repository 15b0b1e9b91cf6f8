"""What we and the hubs agreed; each method is one transaction."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, RowMapping, Select, delete, select, update

from worker.models.news import FeedId
from worker.models.subscription import Subscription, SubscriptionState
from worker.store.engine import insert, reading, writing
from worker.store.feed_tables import subscriptions
from worker.subscribing import begun


class SqlSubscriptionStore:
    """The SubscriptionStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> tuple[Subscription, ...]:
        """Every subscription, by feed."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(subscriptions).order_by(subscriptions.c.feed_id)).mappings().all()
        return tuple(_subscription(row) for row in rows)

    def get(self, feed_id: FeedId) -> Subscription | None:
        """The subscription of one feed."""
        return self._one(select(subscriptions).where(subscriptions.c.feed_id == feed_id))

    def by_token(self, token: str) -> Subscription | None:
        """The subscription whose callback address ends with this."""
        return self._one(select(subscriptions).where(subscriptions.c.token == token))

    def begin_due(self, now: datetime, limit: int) -> tuple[Subscription, ...]:
        """Those about which something is to be done, each given once: the attempt is counted before it is made."""
        query = (
            select(subscriptions)
            .where(subscriptions.c.next_at <= now)
            .order_by(subscriptions.c.next_at, subscriptions.c.feed_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with writing(self._engine) as connection:
            found = [begun(_subscription(row), now) for row in connection.execute(query).mappings()]
            for one in found:
                is_it = subscriptions.c.feed_id == one.feed_id
                connection.execute(update(subscriptions).where(is_it).values(_row(one)))
        return tuple(found)

    def put(self, subscription: Subscription) -> None:
        """Stores it in place of that of the same feed."""
        row = _row(subscription)
        with writing(self._engine) as connection:
            statement = insert(connection, subscriptions).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=[subscriptions.c.feed_id], set_=row))

    def change(self, before: Subscription, after: Subscription) -> bool:
        """Stores a change unless the subscription was begun anew meanwhile; whether it was stored."""
        is_it = (subscriptions.c.feed_id == before.feed_id) & (subscriptions.c.token == before.token)
        with writing(self._engine) as connection:
            return connection.execute(update(subscriptions).where(is_it).values(_row(after))).rowcount > 0

    def fail(self, subscription: Subscription, reason: str) -> None:
        """Notes why a request led to nothing, whatever else became of the subscription meanwhile."""
        is_it = subscriptions.c.token == subscription.token
        with writing(self._engine) as connection:
            connection.execute(update(subscriptions).where(is_it).values(reason=reason[:300]))

    def note_push(self, subscription: Subscription, now: datetime) -> None:
        """Notes that the hub sent something."""
        is_it = subscriptions.c.token == subscription.token
        with writing(self._engine) as connection:
            connection.execute(update(subscriptions).where(is_it).values(pushed_at=now))

    def forget(self, subscription: Subscription) -> None:
        """Removes it."""
        with writing(self._engine) as connection:
            connection.execute(delete(subscriptions).where(subscriptions.c.token == subscription.token))

    def _one(self, query: Select[Any]) -> Subscription | None:
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _subscription(row)


def _row(subscription: Subscription) -> dict[str, object]:
    return {**asdict(subscription), "state": subscription.state.value}


def _subscription(row: RowMapping) -> Subscription:
    return Subscription(**{**row, "feed_id": FeedId(row["feed_id"]), "state": SubscriptionState(row["state"])})
