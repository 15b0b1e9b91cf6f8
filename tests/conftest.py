"""Databases for all tests: one PostgreSQL for the session, one migrated SQLite file to copy."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.databases import a_cluster, create_database, empty
from worker.store.engine import connect
from worker.store.migrate import migrate

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL, with `{}` for the name of the database, of a PostgreSQL of this session."""
    with a_cluster() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> Iterator[Engine]:
    """One database with our tables; use `engine` for one without rows."""
    engine = connect(create_database(postgres_url, "shared"), Path("unused"))
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed SQLite file with our tables and no rows."""
    folder = tmp_path_factory.mktemp("migrated")
    engine = connect(None, folder)
    migrate(engine)
    engine.dispose()
    return folder / "vestitel.db"


@pytest.fixture
def sqlite_engine(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """A SQLite database with our tables and no rows."""
    shutil.copy(migrated_file, tmp_path / "vestitel.db")
    engine = connect(None, tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(migrated_postgres: Engine) -> Engine:
    """A PostgreSQL database with our tables and no rows."""
    empty(migrated_postgres)
    return migrated_postgres


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Both databases, one after the other, with our tables and no rows."""
    found = request.getfixturevalue(f"{request.param}_engine")
    assert isinstance(found, Engine)
    return found


@pytest.fixture
def bare_database(postgres_url: str, tmp_path: Path) -> Iterator[Callable[[str], Engine]]:
    """Makes databases without tables, by kind."""
    made: list[Engine] = []

    def make(kind: str) -> Engine:
        number = next(_NUMBERS)
        url = create_database(postgres_url, f"bare{number}") if kind == "postgres" else None
        made.append(connect(url, tmp_path / f"bare{number}"))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()
