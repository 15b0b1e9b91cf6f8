"""Feed states, and who may poll which feed now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, RowMapping, and_, or_, select, update

from worker.models.news import Feed, FeedId, FeedState, Validators
from worker.store.engine import insert, reading, writing
from worker.store.schema import feeds

# A feed that ended its poller so often without a result is left in peace for a while after each claim.
SUSPECT_ATTEMPTS = 3
_SUSPECT_LEASE = timedelta(hours=1)
# A message that was lost costs a feed so long; a queue that is longer holds two messages for it, not one a tick.
_SPACING = timedelta(seconds=10)


class SqlFeedStore:
    """The FeedStore; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sync(self, configured: Sequence[Feed], now: datetime) -> None:
        """Makes, updates, revives and retires states, so that they are those of the configured feeds."""
        with writing(self._engine) as connection:
            stored = {row.feed_id: row for row in connection.execute(select(feeds).with_for_update())}
            for feed in configured:
                row = stored.get(feed.id)
                if row is None:
                    # Two processes may start at once, hence DO NOTHING.
                    connection.execute(insert(connection, feeds).on_conflict_do_nothing(), _first_state(feed, now))
                elif changes := _changes(feed, row, now):
                    connection.execute(update(feeds).where(feeds.c.feed_id == feed.id).values(**changes))
            missing = stored.keys() - {feed.id for feed in configured}
            if missing:
                connection.execute(update(feeds).where(feeds.c.feed_id.in_(missing)).values(retired=True))

    def due(self, now: datetime, limit: int) -> tuple[FeedId, ...]:
        """Due feeds that nobody polls, least recently polled first; each is listed once in ten seconds at most."""
        unsaid = or_(feeds.c.enqueued_until.is_(None), feeds.c.enqueued_until <= now)
        order = (feeds.c.polled_at.asc().nulls_first(), feeds.c.due_at, feeds.c.feed_id)
        query = select(feeds.c.feed_id).where(_is_pollable(now), unsaid).order_by(*order).limit(limit)
        with writing(self._engine) as connection:
            found = connection.scalars(query.with_for_update(skip_locked=True)).all()
            connection.execute(update(feeds).where(feeds.c.feed_id.in_(found)).values(enqueued_until=now + _SPACING))
        return tuple(FeedId(feed_id) for feed_id in found)

    def begin(self, feed_id: FeedId, now: datetime, lease: timedelta) -> FeedState | None:
        """Takes a feed for polling and counts the attempt; None unless it is configured, due and free."""
        is_it = feeds.c.feed_id == feed_id
        query = select(feeds).where(is_it, _is_pollable(now)).with_for_update()
        with writing(self._engine) as connection:
            row = connection.execute(query).mappings().one_or_none()
            if row is None:
                return None
            attempts = row["attempts"] + 1
            longest = max(lease, _SUSPECT_LEASE) if attempts >= SUSPECT_ATTEMPTS else lease
            connection.execute(update(feeds).where(is_it).values(leased_until=now + longest, attempts=attempts))
        return state_from(row)

    def get(self, feed_id: FeedId) -> FeedState | None:
        """The state of one feed; None when it is not configured any more."""
        query = select(feeds).where(feeds.c.feed_id == feed_id, feeds.c.retired.is_(False))
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else state_from(row)

    def put(self, state: FeedState) -> None:
        """Stores the state after a poll and gives the claim back."""
        values = {
            "due_at": state.due_at,
            "etag": state.validators.etag,
            "last_modified": state.validators.last_modified,
            "body_hash": state.body_hash,
            "failures": state.failures,
            "outcome": state.outcome,
            "polled_at": state.polled_at,
            "new_entry_at": state.new_entry_at,
            "enqueued_until": None,
            "leased_until": None,
            "attempts": 0,
        }
        with writing(self._engine) as connection:
            connection.execute(update(feeds).where(feeds.c.feed_id == state.feed_id).values(values))


def state_from(row: RowMapping) -> FeedState:
    """The state in a row of `feeds`, by column name."""
    return FeedState(
        feed_id=FeedId(row["feed_id"]),
        added_at=row["added_at"],
        due_at=row["due_at"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        body_hash=row["body_hash"],
        failures=row["failures"],
        outcome=row["outcome"],
        polled_at=row["polled_at"],
        new_entry_at=row["new_entry_at"],
    )


def _is_pollable(now: datetime) -> ColumnElement[bool]:
    free = or_(feeds.c.leased_until.is_(None), feeds.c.leased_until <= now)
    return and_(feeds.c.retired.is_(False), feeds.c.due_at <= now, free)


def _first_state(feed: Feed, now: datetime) -> dict[str, Any]:
    return {
        "feed_id": feed.id,
        "outlet": feed.outlet,
        "url": feed.url,
        "added_at": now,
        "due_at": now,
        "failures": 0,
        "attempts": 0,
        "retired": False,
    }


def _changes(feed: Feed, row: Row[Any], now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if feed.outlet != row.outlet:
        changes["outlet"] = feed.outlet
    if row.retired:
        changes |= {"retired": False, "due_at": now}
    if feed.url != row.url:
        # What another address answered says nothing about this one.
        changes |= {"url": feed.url, "due_at": now, "failures": 0, "etag": None, "last_modified": None}
        changes |= {"body_hash": None, "enqueued_until": None, "leased_until": None, "attempts": 0}
    return changes
