"""Every process of the service on one machine: ordered start and stop, restart with backoff, no orphans.

Start: database and feeds, broker, workers, scheduler, page. Stop in reverse, so that a worker can finish and
acknowledge while the broker still answers. Each child leads its own process group, so that Ctrl-C reaches only
the supervisor, and asks the kernel to be ended with it.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import FrameType

from worker.errors import BrokerError, StoreError
from worker.logs import get_log

_GRACE_S = 30.0
_FIRST_BACKOFF_S = 0.5
_LAST_BACKOFF_S = 30.0
#: A process that ran so long was not in a crash loop.
_SETTLED_S = 60.0
_LOOK_S = 0.1
_WATCH_S = 3.0
#: Time for a worker to load its models and look at the database for the first time.
_FIRST_BEAT = timedelta(seconds=90)
#: Exit code of a process that could not begin; at its first start, starting it again cannot help.
CONFIG_FAULT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One kind of process."""

    name: str
    command: tuple[str, ...]
    #: roles of lower stage start earlier and stop later
    stage: int
    #: returns when the role serves; None: it need not be waited for
    ready: Callable[[], None] | None = None
    #: whether it writes heartbeats that can be watched
    beats: bool = False


@dataclass(slots=True)
class _Child:
    """A role and its process, if it runs."""

    role: Role
    process: subprocess.Popen[str] | None = None
    reader: threading.Thread | None = None
    started: float = 0.0
    starts: int = 0
    crashes: int = 0
    restart_at: float = 0.0


class Supervisor:
    """Runs roles until a signal, or until one of them ends with a configuration fault.

    Children are started from the main thread only: the kernel ends them with the thread that started them.
    """

    def __init__(
        self,
        roles: Sequence[Role],
        *,
        environment: Mapping[str, str],
        write: Callable[[str, str], None],
        heartbeats: Callable[[], Mapping[str, datetime]],
        patience: timedelta = timedelta(seconds=60),
    ) -> None:
        """`write` takes a role's name and a line of its output.

        `heartbeats` tells until when each role is accounted for. A worker looks at the database each tick; one that
        is overdue by `patience` is ended and started again.
        """
        self._children = [_Child(role) for role in sorted(roles, key=lambda role: role.stage)]
        self._environment = {**environment, "VESTITEL_SUPERVISOR": str(os.getpid())}
        self._write = write
        self._heartbeats = heartbeats
        self._patience = patience
        self._stopping = False
        self._exit_code = 0

    def run(self, started: Callable[[], None]) -> int:
        """Exit code: 0 after a signal; `started` is called once everything runs."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            for child in self._children:
                if self._stopping:
                    break
                self._spawn(child)
                if child.role.ready is not None:
                    child.role.ready()
            if not self._stopping:
                started()
            self._loop()
        finally:
            self._stopping = True
            self._stop()
        return self._exit_code

    def _loop(self) -> None:
        watched = time.monotonic()
        while not self._stopping:
            for child in self._children:
                self._look_after(child)
            if time.monotonic() - watched > _WATCH_S:
                watched = time.monotonic()
                self._end_silent()
            time.sleep(_LOOK_S)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping:
            for child in self._children:
                _signal(child, signal.SIGKILL)
        self._stopping = True

    def _spawn(self, child: _Child) -> None:
        child.started = time.monotonic()
        child.starts += 1
        child.process = subprocess.Popen(  # noqa: S603 - our own command lines
            child.role.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self._environment,
            start_new_session=True,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        child.reader = threading.Thread(target=self._copy_output, args=(child.role.name, child.process), daemon=True)
        child.reader.start()

    def _copy_output(self, name: str, process: subprocess.Popen[str]) -> None:
        if process.stdout is not None:
            for line in process.stdout:
                self._write(name, line.rstrip("\n"))

    def _look_after(self, child: _Child) -> None:
        if child.process is None:
            if time.monotonic() >= child.restart_at:
                self._spawn(child)
            return
        code = child.process.poll()
        if code is None:
            return
        self._bury(child)
        # Later the same code means a database or broker that is away for a while.
        if code == CONFIG_FAULT and child.starts == 1:
            self._exit_code = CONFIG_FAULT
            self._stopping = True
            return
        settled = time.monotonic() - child.started > _SETTLED_S
        child.crashes = 1 if settled else child.crashes + 1
        wait = min(_LAST_BACKOFF_S, _FIRST_BACKOFF_S * 2.0 ** min(child.crashes - 1, 10))
        child.restart_at = time.monotonic() + wait
        get_log().warning("process.ended", process=child.role.name, code=code, restart_in_s=wait)

    def _bury(self, child: _Child) -> None:
        """After the process ended: its pool too, and the last lines that it wrote."""
        # A killed worker leaves its pool behind; the process group is ours, so nobody else is hit.
        _signal(child, signal.SIGKILL)
        if child.process is not None:
            child.process.wait()
            if child.reader is not None:
                child.reader.join(timeout=5)
            if child.process.stdout is not None:
                child.process.stdout.close()
        child.process = None

    def _end_silent(self) -> None:
        """Ends workers that run but do not work (Celery may stop consuming after a reconnect)."""
        try:
            beats = self._heartbeats()
        except (StoreError, BrokerError) as error:
            get_log().warning("heartbeats.unread", cause=str(error))
            return
        now = datetime.now(UTC)
        for child in self._children:
            if not child.role.beats or child.process is None:
                continue
            started = now - timedelta(seconds=time.monotonic() - child.started)
            beat = beats.get(child.role.name)
            due = beat + self._patience if beat is not None and beat > started else started + _FIRST_BEAT
            if now > due:
                get_log().error("process.silent", process=child.role.name, since=str(beat))
                _signal(child, signal.SIGKILL)

    def _stop(self) -> None:
        for stage in sorted({child.role.stage for child in self._children}, reverse=True):
            children = [child for child in self._children if child.role.stage == stage and child.process is not None]
            for child in children:
                _terminate(child)
            deadline = time.monotonic() + _GRACE_S
            for child in children:
                if child.process is not None:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        child.process.wait(max(0.0, deadline - time.monotonic()))
                self._bury(child)


def role_command(name: str, *options: str) -> tuple[str, ...]:
    """The command line of a role; the same that Procfile and docker-compose.yml call as `vestitel role NAME`."""
    return (sys.executable, "-m", "worker.cli", *options, "role", name)


def _terminate(child: _Child) -> None:
    """Asks the leading process to end; Celery's pool must not get the signal, its parent tells it."""
    if child.process is not None and child.process.poll() is None:
        child.process.terminate()


def _signal(child: _Child, number: signal.Signals) -> None:
    """Sends a signal to the whole process group, also when its leader is gone."""
    if child.process is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, number)
