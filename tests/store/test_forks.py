"""A worker process is a fork of its parent, and both go on."""

import os

from sqlalchemy import Engine, text

from tests.store.values import LEASE, NOW
from worker.store.engine import after_fork, reading
from worker.store.views import beat
from worker.store.views import heartbeats as signs_of_life


def test_child_of_a_fork_works_on_while_the_parent_keeps_its_connection(engine: Engine) -> None:
    beat(engine, "parent", NOW)

    child = os.fork()
    if child == 0:
        code = 1
        try:
            after_fork(engine)
            beat(engine, "child", NOW)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    beat(engine, "parent", NOW + LEASE)

    assert os.waitstatus_to_exitcode(status) == 0
    assert signs_of_life(engine) == {"child": NOW, "parent": NOW + LEASE}


def test_child_of_a_fork_does_not_end_the_connection_of_its_parent(postgres_engine: Engine) -> None:
    # The pool gives the connection that was given back last.
    postgres_engine.dispose()
    before = backend_of(postgres_engine)

    child = os.fork()
    if child == 0:
        try:
            after_fork(postgres_engine)
        finally:
            os._exit(0)
    os.waitpid(child, 0)

    assert backend_of(postgres_engine) == before


def backend_of(engine: Engine) -> object:
    with reading(engine) as connection:
        return connection.scalar(text("SELECT pg_backend_pid()"))
