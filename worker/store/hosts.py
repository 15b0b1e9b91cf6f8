"""Who may ask which host now, what its robots.txt said, and whether anybody can be reached at all."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, select, update

from worker.models.hosts import Network, NetworkState, RobotsRecord, RobotsVerdict
from worker.store.engine import insert, lock, reading, writing
from worker.store.feed_tables import host_slots, robots
from worker.store.schema import NETWORK_LOST_AT, facts

_SLOTS_LOCK = 7_301_003
#: while a host or all slots are taken nobody knows for how long
_LOOK_AGAIN = timedelta(seconds=2)
#: so many hosts in a row that cannot be reached, and none that answers between them, are no accident
_CUT_OFF = 3
#: nobody rests for longer; what does was written by a clock that was set back since
_FARTHEST = timedelta(days=2)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class SqlHostStore:
    """The HostStore; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(
        self, host: str, holder: str, now: datetime, *, lease: timedelta, spacing: timedelta, most: int
    ) -> timedelta | None:
        """Takes a host for one request; None: it is taken, else the time after which to ask again."""
        with writing(self._engine) as connection:
            # All hosts at once, because what is under way at others counts too.
            lock(connection, _SLOTS_LOCK)
            row = connection.execute(select(host_slots).where(host_slots.c.host == host)).one_or_none()
            if row is not None:
                rest = _still(row.next_at, now)
                is_busy = bool(_still(row.leased_until, now))
                if is_busy or rest:
                    return max(rest, _LOOK_AGAIN) if is_busy else rest
            until = host_slots.c.leased_until
            under_way = select(func.count()).where(until > now, until <= now + _FARTHEST)
            if (connection.scalar(under_way) or 0) >= most:
                return _LOOK_AGAIN
            taken = {"next_at": now + spacing, "leased_until": now + lease, "holder": holder}
            statement = insert(connection, host_slots).values(host=host, **taken)
            connection.execute(statement.on_conflict_do_update(index_elements=["host"], set_=taken))
        return None

    def give_back(
        self, host: str, holder: str, now: datetime, *, reached: bool, rest_until: datetime | None = None
    ) -> NetworkState:
        """The request ended; whether anybody can be reached."""
        with writing(self._engine) as connection:
            lock(connection, _SLOTS_LOCK)
            is_it = host_slots.c.host == host
            seen = {"answered_at": now} if reached else {"unreached_at": now}
            connection.execute(update(host_slots).where(is_it).values(**seen))
            is_mine = (is_it, host_slots.c.holder == holder)
            connection.execute(update(host_slots).where(*is_mine).values(leased_until=None, holder=None))
            if rest_until is not None:
                later = (is_it, host_slots.c.next_at < rest_until)
                connection.execute(update(host_slots).where(*later).values(next_at=rest_until))
            return _network(connection, now, reached=reached)

    def robots(self, origin: str) -> RobotsRecord | None:
        """What a site last said about robots, however long ago."""
        with reading(self._engine) as connection:
            row = connection.execute(select(robots).where(robots.c.origin == origin)).one_or_none()
        if row is None:
            return None
        return RobotsRecord(
            origin=row.origin,
            read_at=row.read_at,
            fresh_until=row.fresh_until,
            verdict=RobotsVerdict(row.verdict),
            body=row.body,
            cause=row.cause,
        )

    def keep_robots(self, record: RobotsRecord) -> None:
        """Replaces what the site said before."""
        values = {
            "read_at": record.read_at,
            "fresh_until": record.fresh_until,
            "verdict": record.verdict.value,
            "body": record.body,
            "cause": record.cause,
        }
        with writing(self._engine) as connection:
            statement = insert(connection, robots).values(origin=record.origin, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["origin"], set_=values))


def _still(until: datetime | None, now: datetime) -> timedelta:
    """How long it is until then; nothing once it is over, or could never have been meant."""
    left = until - now if until is not None else timedelta()
    return left if timedelta() < left <= _FARTHEST else timedelta()


def _network(connection: Connection, now: datetime, *, reached: bool) -> NetworkState:
    """The network after a request; the fact that nobody can be reached is kept for all processes."""
    is_fact = facts.c.key == NETWORK_LOST_AT
    stated = connection.scalar(select(facts.c.value).where(is_fact))
    since = datetime.fromisoformat(stated) if stated else None
    if reached:
        if since is None:
            return NetworkState(network=Network.FINE)
        connection.execute(delete(facts).where(is_fact))
        return NetworkState(network=Network.FOUND, since=since)
    if since is not None:
        return NetworkState(network=Network.AWAY, since=since)
    answered = connection.scalar(select(func.max(host_slots.c.answered_at))) or _NEVER
    unreached = connection.scalar(select(func.count()).where(host_slots.c.unreached_at > answered)) or 0
    if unreached < _CUT_OFF:
        return NetworkState(network=Network.FINE)
    connection.execute(insert(connection, facts).values(key=NETWORK_LOST_AT, value=now.isoformat()))
    return NetworkState(network=Network.LOST, since=now)
