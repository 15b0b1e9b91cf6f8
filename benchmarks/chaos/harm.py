"""What goes wrong on the service's own side, at random moments: killed processes, a lost broker, a cut database."""

import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from random import Random

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from benchmarks.chaos.stage import Service, Stage, command_of, kill

_DECK = (
    *("deliver", "deliver", "one of deliver", "one of deliver", "nlp", "nlp", "fetch", "fetch", "scheduler", "web"),
    *("broker", "broker", "database", "database", "supervisor", "everything"),
)
#: these end senders, or keep them from noting what they sent
_RESTARTS = frozenset({"supervisor", "everything"})
_OF_SENDERS = frozenset({"deliver", "one of deliver", "supervisor", "everything", "database"})
_PAUSE_S = (3.0, 8.0)
#: after all of it was started anew, so that it does some work before it is harmed again
_RECOVERY_S = 12.0
_LOCKED_S = (2.0, 5.0)
_LOOK_S = 1.0


class Harm:
    """Does one thing after another, in an order of chance; every kind comes before one comes too often."""

    def __init__(self, service: Service, stage: Stage, database_url: str | None, seed: int) -> None:
        self.done: Counter[str] = Counter()
        #: when senders were killed or cut off, in seconds since the epoch
        self.interruptions: list[float] = []
        #: what was wrong with the service itself
        self.faults: list[str] = []
        self._service = service
        self._stage = stage
        self._database_url = database_url
        self._random = Random(seed)  # noqa: S311 - nothing is secret

    def run(self, length_s: float, look: Callable[[], None]) -> None:
        """Harms for so long, and looks each second; on the calling thread, since the service ends with that."""
        ends = time.monotonic() + length_s
        deck: list[str] = []
        due = time.monotonic() + self._random.uniform(*_PAUSE_S)
        while time.monotonic() < ends:
            time.sleep(_LOOK_S)
            look()
            if time.monotonic() > due:
                deck = deck or self._random.sample(_DECK, len(_DECK))
                kind = deck.pop()
                self._do(kind)
                self.done[kind] += 1
                due = time.monotonic() + self._random.uniform(*_PAUSE_S)
                due += _RECOVERY_S if kind in _RESTARTS else 0.0

    def _do(self, kind: str) -> None:
        if kind in _OF_SENDERS:
            self.interruptions.append(time.time())
        acts: dict[str, Callable[[], None]] = {
            "broker": self._lose_broker,
            "database": self._cut_database,
            "supervisor": self._service.kill_supervisor,
            "everything": self._service.kill_all,
            "one of deliver": lambda: kill(*self._some("deliver")),
        }
        acts.get(kind, lambda: kill(*self._service.processes("role", kind)))()
        if kind in _RESTARTS:
            self.faults += [f"outlived the supervisor: {command}" for command in self._service.wait_for_end()]
            self.interruptions.append(time.time())
            self._service.start()

    def _some(self, role: str) -> list[int]:
        found = self._service.processes("role", role)
        return [self._random.choice(found)] if found else []

    def _lose_broker(self) -> None:
        kill(*(pid for pid in self._service.processes() if "valkey" in command_of(pid)))
        for path in (self._stage.data_dir / "broker").iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)

    def _cut_database(self) -> None:
        if self._database_url is None:
            self._hold_sqlite(self._random.uniform(*_LOCKED_S))
            return
        engine = create_engine(self._database_url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname"
        try:
            with engine.connect() as connection:
                connection.execute(text(f"{others} = current_database()"))
        except SQLAlchemyError as error:
            self.faults.append(f"the database could not be cut: {error}")

    def _hold_sqlite(self, seconds: float) -> None:
        connection = sqlite3.connect(self._stage.data_dir / "vestitel.db", timeout=20, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            ends = time.monotonic() + seconds
            while time.monotonic() < ends:
                self.interruptions.append(time.time())
                time.sleep(0.25)
            connection.execute("ROLLBACK")
            self.interruptions.append(time.time())
        except sqlite3.OperationalError as error:
            self.faults.append(f"the database could not be held: {error}")
        finally:
            connection.close()
