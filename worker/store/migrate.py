"""Brings a database to the tables of this version, from the scripts in this package."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from worker.errors import StoreError
from worker.store.engine import lock, reading, rebuilding
from worker.store.faults import name_of
from worker.store.schema import metadata

_MIGRATION_LOCK = 7_301_001


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrades to `revision`; harmless when it is there already or when another process does the same now."""
    with _migrating(engine) as (connection, config):
        command.upgrade(config, revision)
        if revision == "head":
            _comment(connection)


def downgrade(engine: Engine, revision: str) -> None:
    """Takes the database back to `revision`; `base` removes everything."""
    with _migrating(engine) as (_, config):
        command.downgrade(config, revision)


def is_current(engine: Engine) -> bool:
    """Whether the tables are those of this version."""
    with reading(engine) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


@contextmanager
def _migrating(engine: Engine) -> Iterator[tuple[Connection, Config]]:
    config = _config()
    try:
        with rebuilding(engine) as connection:
            lock(connection, _MIGRATION_LOCK)
            config.attributes["connection"] = connection
            yield connection, config
    except CommandError as exc:
        raise StoreError(
            f"{name_of(engine)}: its tables were made by another version of this service; install that one ({exc})"
        ) from exc


def _comment(connection: Connection) -> None:
    """Tells PostgreSQL what each column means, so that it can be read next to the data."""
    if connection.dialect.name != "postgresql":
        return
    quote = connection.dialect.identifier_preparer.quote
    for table in metadata.tables.values():
        for column in table.columns:
            comment = str(column.comment).replace("'", "''")
            connection.execute(text(f"COMMENT ON COLUMN {quote(table.name)}.{quote(column.name)} IS '{comment}'"))
