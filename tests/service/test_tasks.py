"""What stands around every task: failures end here, events are logged, and a silent broker costs nothing."""

import logging
from dataclasses import dataclass, field
from typing import Any

from structlog.testing import capture_logs

from worker import tasks
from worker.celery_app import DELIVER, TASK_LIMIT_S, build_app
from worker.delivering import DeliveryOutcome
from worker.errors import StoreError
from worker.task_process import Process


@dataclass(slots=True, kw_only=True)
class Parts:
    beats: list[tuple[str, float]] = field(default_factory=list)

    def beat(self, role, busy_s=0.0):
        self.beats.append((role, busy_s))


@dataclass(slots=True, kw_only=True)
class HandMade:
    """A process that has what the boundary uses, or cannot be built."""

    queue: str = "deliver"
    unready: Exception | None = None
    parts: Parts = field(default_factory=Parts)

    def build(self):
        if self.unready:
            raise self.unready


def run(task, *ids, process=None):
    """What is logged when the task runs inside its boundary."""
    inside: Any = process or HandMade()
    with capture_logs() as logged:
        tasks._at_the_boundary(inside, "a_task", task)(*ids)
    return logged


def raising(error):
    def task(process, *ids):
        raise error

    return task


def test_event_is_logged_at_its_level_with_the_duration():
    (logged,) = run(lambda process, name: {"level": logging.WARNING, "event": "thing.done", "thing": name}, "one")

    assert logged.pop("duration_s") >= 0
    assert logged == {"event": "thing.done", "log_level": "warning", "thing": "one"}


def test_task_without_an_event_logs_nothing():
    assert run(lambda process: None) == []


def test_each_run_is_a_sign_of_life():
    process = HandMade(queue="nlp")

    run(lambda process: None, process=process)

    assert process.parts.beats == [("nlp", TASK_LIMIT_S), ("nlp", 0.0)]


def test_foreseen_failure_is_logged_as_its_sentence_and_ends_there():
    logged = run(raising(StoreError("the database does not answer")), "d1")

    assert logged == [
        {
            "event": "task.failed",
            "log_level": "error",
            "task": "a_task",
            "ids": ("d1",),
            "cause": "the database does not answer",
        }
    ]


def test_unforeseen_failure_is_logged_with_its_trace_and_ends_there():
    logged = run(raising(ZeroDivisionError("of ours")), "d1")

    assert logged == [
        {"event": "task.crashed", "log_level": "error", "task": "a_task", "ids": ("d1",), "exc_info": True}
    ]


def test_process_that_cannot_be_built_runs_no_task():
    process = HandMade(unready=StoreError("no database"))

    (logged,) = run(raising(AssertionError("must not run")), process=process)

    assert (logged["event"], logged["cause"]) == ("task.failed", "no database")
    assert process.parts.beats == []


def test_every_delivery_that_was_tried_has_a_level():
    assert set(tasks._DELIVERY_LEVELS) == set(DeliveryOutcome) - {DeliveryOutcome.NOT_DUE}


def test_message_without_a_broker_is_only_logged(tmp_path):
    app = build_app(f"redis+socket://{tmp_path}/no-such-socket", tick_s=1.0)
    process = Process(None, "nlp", app)  # type: ignore[arg-type]  # the settings are for building only

    with capture_logs() as logged:
        process.look(DELIVER, "d1")
    app.close()

    assert logged == [{"event": "message.lost", "log_level": "warning", "task": DELIVER, "cause": "OperationalError"}]
