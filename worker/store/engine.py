"""Opens the database, and runs one transaction at a time on it.

SQLite by default, PostgreSQL by URL. On SQLite every write begins with BEGIN IMMEDIATE: a deferred
transaction that turns into a writer fails at once when another one writes, without waiting for it.
All exceptions of the library end here as StoreError.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, func, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from worker.errors import StoreError
from worker.store.columns import to_json
from worker.store.faults import is_usable_url, name_of, sentence

BUSY_TIMEOUT_S = 30
_WRITES = "vestitel_writes"
# SQLite learned RETURNING in 3.35.
_OLDEST_SQLITE = (3, 35)


def connect(url: str | None, data_dir: Path) -> Engine:
    """The database at `url`, else the file `vestitel.db` in `data_dir`; nothing is opened before first use.

    Raises StoreError for an address that is neither SQLite nor PostgreSQL.
    """
    address = _address(url, data_dir)
    if address.get_backend_name() == "sqlite":
        return _sqlite_engine(address)
    address = _with_defaults(address, connect_timeout="10", application_name="vestitel")
    return create_engine(address, json_serializer=to_json, hide_parameters=True, pool_pre_ping=True)


def _address(url: str | None, data_dir: Path) -> URL:
    if url is None:
        return URL.create("sqlite", database=str(data_dir / "vestitel.db"))
    if not is_usable_url(url):
        raise StoreError("the database address is not understood; write postgresql://user:password@host/name")
    address = make_url(url)
    kind = address.drivername.partition("+")[0]
    if kind in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and address.database not in {None, "", ":memory:"}:
        return address
    raise StoreError(f"no such kind of database: «{kind}» without a file; use postgresql:// or sqlite:///path")


def _with_defaults(address: URL, **options: str) -> URL:
    """What the person wrote into the address wins."""
    return address.update_query_dict({name: value for name, value in options.items() if name not in address.query})


def _sqlite_engine(address: URL) -> Engine:
    try:
        Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StoreError(
            f"SQLite database {address.database}: its folder cannot be made ({exc.strerror}); check the data folder"
        ) from exc
    address = _with_defaults(address, timeout=str(BUSY_TIMEOUT_S))
    engine = create_engine(address, json_serializer=to_json, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: it would begin deferred ones.
    connection.isolation_level = None
    _switch_to_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _switch_to_wal(connection: Any) -> None:
    # The switch of a new file needs it alone, and SQLite does not wait for that as it does for everything else.
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write; committed at the end, rolled back on any exception."""
    with _translated(engine), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


@contextmanager
def rebuilding(engine: Engine) -> Iterator[Connection]:
    """One transaction that may replace tables; references between them are checked at its end.

    SQLite changes a table by making another one and dropping the first, which references would forbid.
    """
    if engine.dialect.name != "sqlite":
        with writing(engine) as connection:
            yield connection
        return
    with _translated(engine), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        driver: Any = connection.connection.driver_connection
        # Has no effect inside a transaction, so it cannot be part of the one below.
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise StoreError(f"{name_of(engine)}: its rows do not fit together; put back a backup")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads."""
    with _translated(engine), engine.connect() as connection:
        yield connection


@contextmanager
def _translated(engine: Engine) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as exc:
        raise StoreError(sentence(engine, exc)) from exc


def insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the words of this database."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def lock(connection: Connection, number: int) -> None:
    """Holds everybody else who asks for the same number until this transaction ends."""
    # On SQLite a transaction that writes is alone already.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def check(engine: Engine) -> None:
    """Raises StoreError, with what to do, unless the database answers and can be written."""
    with writing(engine) as connection:
        version = connection.dialect.server_version_info
        if connection.dialect.name == "sqlite" and version is not None and version < _OLDEST_SQLITE:
            raise StoreError(f"{name_of(engine)}: SQLite {version} is too old; 3.35 is the oldest that works")
        if connection.dialect.name == "postgresql" and connection.scalar(select(func.pg_is_in_recovery())):
            raise StoreError(f"{name_of(engine)}: it is a standby and takes no writes; connect to the primary server")
        connection.execute(text("SELECT 1"))


def after_fork(engine: Engine) -> None:
    """Forgets the parent's connections in a child process; they stay open for the parent."""
    engine.dispose(close=False)
