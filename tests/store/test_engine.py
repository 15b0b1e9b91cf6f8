"""How a database is opened, and what a person reads when it fails."""

import pickle
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, column, select, table, text
from sqlalchemy import exc as library

from tests.store.values import NOW, a_feed
from worker.errors import StoreError
from worker.store.engine import check, connect, lock, reading, rebuilding, writing
from worker.store.faults import name_of, sentence
from worker.store.feeds import SqlFeedStore
from worker.store.schema import heartbeats
from worker.store.views import beat
from worker.store.views import heartbeats as signs_of_life


@pytest.fixture
def quick_sqlite(tmp_path: Path):
    """A SQLite database whose second connection waits a tenth of a second only."""
    engine = connect(f"sqlite:///{tmp_path}/quick.db?timeout=0.1", tmp_path)
    yield engine
    engine.dispose()


def test_default_is_a_file_in_the_data_folder_which_is_made(tmp_path: Path) -> None:
    engine = connect(None, tmp_path / "new" / "data")

    check(engine)
    engine.dispose()

    assert (tmp_path / "new" / "data" / "vestitel.db").is_file()


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)],
)
def test_sqlite_is_set_to_keep_what_it_was_given(sqlite_engine: Engine, pragma: str, expected: object) -> None:
    with reading(sqlite_engine) as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == expected


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_any_spelling_of_postgresql_uses_our_driver(scheme: str, tmp_path: Path) -> None:
    engine = connect(f"{scheme}://user:secret@db.example/news", tmp_path)

    assert engine.url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://user:secret@db.example/news",
        "sqlite://",
        "sqlite:///:memory:",
        "secret",
        "postgresql://u:secret@h:port/x",
    ],
    ids=["other kind", "memory", "named memory", "no address", "bad port"],
)
def test_other_addresses_are_refused_without_showing_a_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        connect(url, tmp_path)

    assert "postgresql://" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match="its folder cannot be made"):
        connect(None, tmp_path / "file" / "data")


def test_check_passes_on_a_good_database(engine: Engine) -> None:
    check(engine)


def test_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    engine = connect("postgresql://user:secret@127.0.0.1:1/news?sslpassword=hidden", tmp_path)

    with pytest.raises(StoreError) as caught:
        check(engine)

    assert str(caught.value).startswith("PostgreSQL database news at 127.0.0.1:1: nobody answers there")
    assert not {"secret", "hidden"} & set(str(caught.value).replace("=", " ").split())


def test_database_that_does_not_exist_is_named(postgres_url: str, tmp_path: Path) -> None:
    engine = connect(postgres_url.format("absent"), tmp_path)

    with pytest.raises(StoreError, match="database absent at local socket: the database or the user does not exist"):
        check(engine)


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vestitel.db").write_text("not a database, but long enough to be taken for one by mistake" * 20)
    engine = connect(None, tmp_path)

    with pytest.raises(StoreError, match="is no SQLite database"):
        check(engine)
    engine.dispose()


def test_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vestitel.db").mkdir()
    engine = connect(None, tmp_path)

    with pytest.raises(StoreError, match="the file cannot be opened"):
        check(engine)


def test_database_held_by_somebody_else_is_named(quick_sqlite: Engine) -> None:
    with writing(quick_sqlite), pytest.raises(StoreError, match="another program has held it") as caught:
        check(quick_sqlite)

    assert "quick.db" in str(caught.value)


def test_full_disk_is_named(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    def fill() -> None:
        with writing(sqlite_engine) as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            rows = [{"role": f"{number}-{'x' * 1000}", "beat_at": NOW} for number in range(200)]
            connection.execute(heartbeats.insert(), rows)

    with pytest.raises(StoreError, match="the disk is full"):
        fill()


def test_missing_tables_are_named(bare_database: Callable[[str], Engine]) -> None:
    for kind in ("sqlite", "postgres"):
        with pytest.raises(StoreError, match="run «vestitel migrate»"):
            SqlFeedStore(bare_database(kind)).due(NOW, 1)


def test_refused_row_is_not_shown(engine: Engine) -> None:
    beat(engine, "nlp", NOW)

    def repeat() -> None:
        with writing(engine) as connection:
            connection.execute(heartbeats.insert().values(role="nlp", beat_at=NOW))

    with pytest.raises(StoreError, match="refused an operation") as caught:
        repeat()

    assert "INSERT" not in str(caught.value)
    assert "\n" not in str(caught.value)


def every_library_exception() -> list[type[library.SQLAlchemyError]]:
    kinds = [kind for kind in vars(library).values() if isinstance(kind, type)]
    return sorted((kind for kind in kinds if issubclass(kind, library.SQLAlchemyError)), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", every_library_exception(), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_library_becomes_a_sentence(kind: type[library.SQLAlchemyError], tmp_path: Path) -> None:
    engine = connect(None, tmp_path)
    error = kind.__new__(kind)
    if isinstance(error, library.DBAPIError):
        error.orig = psycopg.OperationalError("server closed the connection unexpectedly\nDETAIL: secret")

    found = sentence(engine, error)

    assert found.startswith(f"SQLite database {tmp_path}")
    assert "secret" not in found
    assert pickle.loads(pickle.dumps(StoreError(found))).args == (found,)


def test_failed_statement_takes_back_the_whole_transaction(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as connection:
            connection.execute(heartbeats.insert().values(role="nlp", beat_at=NOW))
            connection.execute(select(column("x")).select_from(table("absent")))

    with pytest.raises(StoreError):
        fail()

    assert signs_of_life(engine) == {}


def test_exception_of_the_caller_takes_back_the_whole_transaction(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as connection:
            connection.execute(heartbeats.insert().values(role="nlp", beat_at=NOW))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert signs_of_life(engine) == {}


def test_rebuilding_finds_rows_that_lost_what_they_refer_to(sqlite_engine: Engine) -> None:
    def orphan() -> None:
        with rebuilding(sqlite_engine) as connection:
            connection.execute(text("INSERT INTO article_keys (key, article_id) VALUES ('k', 'none')"))

    with pytest.raises(StoreError, match="do not fit together"):
        orphan()


def test_lock_holds_others_until_the_transaction_ends(engine: Engine) -> None:
    order: list[str] = []
    held = threading.Event()

    def second() -> None:
        held.wait()
        with writing(engine) as connection:
            lock(connection, 1)
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with writing(engine) as connection:
        lock(connection, 1)
        held.set()
        thread.join(timeout=0.2)
        order.append("first")
    thread.join()

    assert order == ["first", "second"]


def test_name_of_a_database_has_no_user_and_no_options(tmp_path: Path) -> None:
    engine = connect("postgresql://user:secret@db.example:6543/news?sslmode=require", tmp_path)

    assert name_of(engine) == "PostgreSQL database news at db.example:6543"


def test_feed_store_can_be_used_by_several_threads(engine: Engine) -> None:
    store = SqlFeedStore(engine)
    store.sync([a_feed(f"f{number}") for number in range(8)], NOW)
    threads = [threading.Thread(target=store.due, args=(NOW, 1)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.due(NOW, 8) == ()
