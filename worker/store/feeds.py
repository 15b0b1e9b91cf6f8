"""Feed states, who may poll which feed now, and what operators were told of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, RowMapping, and_, or_, select, update

from worker.models.feed import Feed, FeedState, Validators
from worker.models.news import FeedId
from worker.polling.addresses import moved_house
from worker.polling.turns import Due, in_turn, outage, spread
from worker.polling.waits import LONGEST_S
from worker.store.engine import insert, lock, reading, writing
from worker.store.feed_tables import feeds
from worker.store.memories import memory_from_json, memory_to_json
from worker.store.schema import facts
from worker.text.sites import site_of

# No wait, lease or pause is as long; an instant that is further away was written by a clock that was wrong.
_FARTHEST = timedelta(seconds=LONGEST_S) + timedelta(days=1)
# A feed that ended its poller so often without a result is left in peace for a while after each claim.
SUSPECT_ATTEMPTS = 3
_SUSPECT_LEASE = timedelta(hours=1)
# A message that was lost costs a feed so long; a queue that is longer holds two messages for it, not one a tick.
_SPACING = timedelta(seconds=10)
_TURNS_LOCK = 7_301_004
#: the row of `facts` with the instant of the last look for due feeds
_LOOKED_AT = "feeds_looked_at"


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
        """Due feeds that nobody polls, least recently polled first, one of each site that nobody asks.

        Each is listed once in ten seconds at most. After an outage, what fell due meanwhile is spread first.
        """
        unsaid = or_(feeds.c.enqueued_until.is_(None), feeds.c.enqueued_until <= now)
        with writing(self._engine) as connection:
            # One look at a time, because what others listed a moment ago makes a site busy.
            lock(connection, _TURNS_LOCK)
            _forget_wrong_clock(connection, now)
            found = _due(connection, and_(_is_pollable(now), unsaid))
            moved = spread(found, outage(_looked(connection, now), now), now)
            for feed_id, due_at in moved.items():
                connection.execute(update(feeds).where(feeds.c.feed_id == feed_id).values(due_at=due_at))
            chosen = in_turn([one for one in found if one.feed_id not in moved], _busy_sites(connection, now), limit)
            is_chosen = and_(feeds.c.feed_id.in_(chosen), _is_pollable(now), unsaid)
            said = update(feeds).where(is_chosen).values(enqueued_until=now + _SPACING).returning(feeds.c.feed_id)
            listed = set(connection.scalars(said))
        return tuple(FeedId(feed_id) for feed_id in chosen if feed_id in listed)

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
            "validators_url": state.validators.url,
            "body_hash": state.body_hash,
            "failures": state.failures,
            "outcome": state.outcome,
            "polled_at": state.polled_at,
            "new_entry_at": state.new_entry_at,
            "gone_at": state.memory.gone_at,
            "memory": memory_to_json(state.memory),
            "enqueued_until": None,
            "leased_until": None,
            "attempts": 0,
        }
        with writing(self._engine) as connection:
            connection.execute(update(feeds).where(feeds.c.feed_id == state.feed_id).values(values))

    def put_off(self, feed_id: FeedId, until: datetime) -> None:
        """Gives the claim back as if it had never been taken; the feed stays due, but is not listed before `until`."""
        back = {"leased_until": None, "enqueued_until": until, "attempts": feeds.c.attempts - 1}
        is_taken = and_(feeds.c.feed_id == feed_id, feeds.c.attempts > 0)
        with writing(self._engine) as connection:
            connection.execute(update(feeds).where(is_taken).values(back))


def state_from(row: RowMapping) -> FeedState:
    """The state in a row of `feeds`, by column name."""
    return FeedState(
        feed_id=FeedId(row["feed_id"]),
        added_at=row["added_at"],
        due_at=row["due_at"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"], url=row["validators_url"]),
        body_hash=row["body_hash"],
        failures=row["failures"],
        outcome=row["outcome"],
        polled_at=row["polled_at"],
        new_entry_at=row["new_entry_at"],
        memory=memory_from_json(row["memory"], row["gone_at"]),
    )


def _due(connection: Connection, is_due: ColumnElement[bool]) -> list[Due]:
    columns = (feeds.c.feed_id, feeds.c.site, feeds.c.url, feeds.c.due_at, feeds.c.polled_at, feeds.c.memory)
    return [
        Due(
            feed_id=row.feed_id,
            site=row.site or site_of(row.url),
            url=row.url,
            due_at=row.due_at,
            polled_at=row.polled_at,
            wait_s=(row.memory or {}).get("wait_s", 0.0),
        )
        for row in connection.execute(select(*columns).where(is_due))
    ]


def _forget_wrong_clock(connection: Connection, now: datetime) -> None:
    """Lets nothing wait for instants that only a clock which was set back since can have meant."""
    too_far = now + _FARTHEST
    for column, instead in ((feeds.c.due_at, now), (feeds.c.leased_until, None), (feeds.c.enqueued_until, None)):
        connection.execute(update(feeds).where(column > too_far).values({column: instead}))


def _busy_sites(connection: Connection, now: datetime) -> frozenset[str]:
    is_busy = and_(feeds.c.retired.is_(False), or_(feeds.c.leased_until > now, feeds.c.enqueued_until > now))
    return frozenset(
        row.site or site_of(row.url) for row in connection.execute(select(feeds.c.site, feeds.c.url).where(is_busy))
    )


def _looked(connection: Connection, now: datetime) -> datetime | None:
    """When somebody looked last; from now on, this is it."""
    stored = connection.scalar(select(facts.c.value).where(facts.c.key == _LOOKED_AT))
    statement = insert(connection, facts).values(key=_LOOKED_AT, value=now.isoformat())
    connection.execute(statement.on_conflict_do_update(index_elements=[facts.c.key], set_={"value": now.isoformat()}))
    return None if stored is None else datetime.fromisoformat(stored)


def _is_pollable(now: datetime) -> ColumnElement[bool]:
    free = or_(feeds.c.leased_until.is_(None), feeds.c.leased_until <= now)
    return and_(feeds.c.retired.is_(False), feeds.c.gone_at.is_(None), feeds.c.due_at <= now, free)


def _first_state(feed: Feed, now: datetime) -> dict[str, Any]:
    return {
        "feed_id": feed.id,
        "outlet": feed.outlet,
        "url": feed.url,
        "site": site_of(feed.url),
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
    if row.site != site_of(feed.url):
        changes["site"] = site_of(feed.url)
    if row.retired:
        changes |= {"retired": False, "due_at": now, "gone_at": None}
    if feed.url != row.url:
        # What another address answered says nothing about this one.
        changes |= {"url": feed.url, "due_at": now, "failures": 0, "etag": None, "last_modified": None}
        changes |= {"body_hash": None, "enqueued_until": None, "leased_until": None, "attempts": 0}
        old = memory_from_json(row.memory, None)
        changes |= {"validators_url": None, "gone_at": None, "memory": memory_to_json(moved_house(old))}
    return changes
