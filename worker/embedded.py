"""The whole service on one machine: what must hold before it starts, and which processes it is made of."""

import contextlib
import logging
import logging.handlers
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from worker.broker import broker_url, ping, server_binary, wait_for
from worker.celery_app import QUEUES
from worker.errors import AnalysisError, ConfigError
from worker.logs import get_log, set_up_logging
from worker.processes import own_directory
from worker.roles import BROKER, SCHEDULER, WEB
from worker.settings.load import Settings
from worker.supervisor import Role, Supervisor, role_command
from worker.web.app import listen
from worker.wiring import heartbeats, prepare_store, verify_language

_BROKER_START_S = 20.0
#: A worker may miss so many ticks before it counts as hanging: Celery may stop consuming when the broker restarts.
_TICKS_OF_PATIENCE = 6
_LEAST_PATIENCE_S = 10.0
_LOG_BYTES = 10 * 1024 * 1024
_LOG_FILES = 5


def run_service(settings: Settings, environment: Mapping[str, str]) -> int:
    """Runs everything until SIGTERM or Ctrl-C; gives the exit code.

    Raises ConfigError, StoreError or BrokerError before anything was started or written, when something that the
    service needs is missing; without language models it works by word forms alone.
    """
    with own_directory(settings.paths.data_dir):
        _require_space(settings)
        listen(settings.service.page).close()
        url = broker_url(settings.broker_url, settings.paths.data_dir)
        if settings.broker_url is None:
            server_binary()
        else:
            ping(url)
        prepare_store(settings, datetime.now(UTC))
        set_up_logging(settings.service.log, "supervisor")
        with _output(settings) as write:
            supervisor = Supervisor(
                _roles(settings, url),
                environment={**environment, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
                write=write,
                heartbeats=lambda: _beats(settings, url),
                patience=timedelta(seconds=max(_LEAST_PATIENCE_S, _TICKS_OF_PATIENCE * settings.service.tick_s)),
            )
            return supervisor.run(lambda: _tell(settings, write))


def _beats(settings: Settings, url: str) -> Mapping[str, datetime]:
    """When workers last worked; raises BrokerError while the broker is away, since then none can."""
    ping(url)
    return heartbeats(settings)


def _roles(settings: Settings, url: str) -> tuple[Role, ...]:
    form = settings.service.log
    if form == "auto":
        # Our pipes are not a terminal, but what they carry ends on ours.
        form = "pretty" if sys.stdout.isatty() else "json"
    options = ("--config", str(settings.paths.config_dir), "--log", form)
    workers = (Role(name=queue, command=role_command(queue, *options), stage=1, beats=True) for queue in QUEUES)
    own_broker = Role(
        name=BROKER,
        command=role_command(BROKER, *options),
        stage=0,
        ready=lambda: wait_for(url, _BROKER_START_S),
    )
    return (
        *((own_broker,) if settings.broker_url is None else ()),
        *workers,
        Role(name=SCHEDULER, command=role_command(SCHEDULER, *options), stage=2),
        Role(name=WEB, command=role_command(WEB, *options), stage=3),
    )


def _require_space(settings: Settings) -> None:
    free = shutil.disk_usage(settings.paths.data_dir).free // (1024 * 1024)
    if free < settings.service.min_free_mb:
        raise ConfigError(
            (
                (
                    f"{settings.paths.data_dir}: only {free} MB are free and service.yaml asks for "
                    f"{settings.service.min_free_mb} (min_free_mb); make room, or set VESTITEL_DATA to another disk"
                ),
            )
        )


@contextlib.contextmanager
def _output(settings: Settings) -> Iterator[Callable[[str, str], None]]:
    """A writer of lines, by role, to the terminal and to a log file of bounded size."""
    directory = settings.paths.data_dir / "log"
    directory.mkdir(exist_ok=True)
    file = logging.handlers.RotatingFileHandler(
        directory / "vestitel.log", maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8"
    )
    # A full disk is told by the sweep and the page, not by a traceback for each line that cannot be logged.
    logging.raiseExceptions = False
    guard = threading.Lock()

    def write(role: str, line: str) -> None:
        shown = f"{role:<9} | {line}"
        with guard:
            file.emit(logging.makeLogRecord({"msg": shown}))
            # A closed terminal or a full disk behind it must not stop the service; the log file has the line.
            with contextlib.suppress(OSError, ValueError):
                print(shown, flush=True)

    try:
        yield write
    finally:
        file.close()


def _tell(settings: Settings, write: Callable[[str, str], None]) -> None:
    page = settings.service.page
    data = settings.paths.data_dir
    write("vestitel", f"page  http://{page.host}:{page.port}/")
    write("vestitel", f"log   {data / 'log' / 'vestitel.log'}")
    write("vestitel", f"data  {data}" + ("" if settings.database_url is None else " (database: by URL)"))
    feeds, watches = len(settings.feeds), len(settings.watchlist.watches)
    write("vestitel", f"watching {feeds} feeds for {watches} watches; Ctrl-C or SIGTERM stops (process {os.getpid()})")
    try:
        verify_language(settings.paths.models_dir)
    except AnalysisError as error:
        write("vestitel", f"WARNING: {error}; until then by word forms alone, and alerts are marked as unconfirmed")
    if os.geteuid() == 0:
        write("vestitel", "running as root: an account of its own would be safer")
    get_log().info("service.started", feeds=feeds, watches=watches, watchlist=settings.watchlist.version)
