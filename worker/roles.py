"""One process of the service: `vestitel role NAME` runs it in the foreground until SIGTERM.

The same commands stand in Procfile and docker-compose.yml and are what the supervisor starts.
"""

import os
import warnings
from collections.abc import Callable, Mapping

from celery.platforms import SecurityWarning
from celery.signals import setup_logging

from worker.broker import broker_url, ping, server_command
from worker.celery_app import QUEUE_DELIVER, QUEUE_FETCH, QUEUE_NLP, build_app
from worker.errors import ConfigError
from worker.processes import become_sole
from worker.settings.load import Settings

BROKER, SCHEDULER, WEB = "broker", "scheduler", "web"


def run_role(name: str, settings: Settings) -> None:
    """Returns when the role was asked to end; raises ServiceError when it cannot start."""
    # A receiver, whatever it does, keeps Celery from setting up logging of its own.
    setup_logging.connect(_keep_logging, weak=False)
    # Celery's eight lines for each process; the supervisor says it in one.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    ROLES[name](settings)


def _keep_logging(**_: object) -> None:
    """Logging was set up when the process began."""


def _broker(settings: Settings) -> None:
    if settings.broker_url is not None:
        raise ConfigError(("a broker is configured already (broker_url); this role is only for our own",))
    command = server_command(settings.paths.data_dir)
    become_sole(settings.paths.data_dir / "broker", command)


def _scheduler(settings: Settings) -> None:
    app = build_app(_answering_broker(settings), settings.service.tick_s)
    # The plain scheduler keeps nothing on disk: a tick only says "look", and the database knows what is due.
    app.Beat(scheduler="celery.beat:Scheduler", loglevel="WARNING", quiet=True).run()


def _fetch(settings: Settings) -> None:
    _worker(settings, QUEUE_FETCH, settings.service.fetch.processes)


def _nlp(settings: Settings) -> None:
    # Read by OpenMP in the child when torch is imported there.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    _worker(settings, QUEUE_NLP, 1)


def _deliver(settings: Settings) -> None:
    _worker(settings, QUEUE_DELIVER, settings.service.delivery.processes)


def _web(settings: Settings) -> None:
    from worker.web.app import serve

    serve(settings)


def _worker(settings: Settings, queue: str, processes: int) -> None:
    from worker.tasks import register
    from worker.wiring import open_store

    open_store(settings).dispose()
    app = build_app(_answering_broker(settings), settings.service.tick_s)
    register(app, settings, queue)
    worker = app.Worker(
        queues=[queue],
        concurrency=processes,
        pool="prefork",
        hostname=f"{queue}@{os.uname().nodename}",
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    worker.start()
    if worker.exitcode:
        raise SystemExit(worker.exitcode)


def _answering_broker(settings: Settings) -> str:
    """The broker's address; raises BrokerError when nobody answers there."""
    url = broker_url(settings.broker_url, settings.paths.data_dir)
    ping(url)
    return url


ROLES: Mapping[str, Callable[[Settings], None]] = {
    BROKER: _broker,
    QUEUE_FETCH: _fetch,
    QUEUE_NLP: _nlp,
    QUEUE_DELIVER: _deliver,
    SCHEDULER: _scheduler,
    WEB: _web,
}
