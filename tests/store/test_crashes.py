"""Whoever dies at whatever moment, the database stays consistent and others work on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from tests.store.values import LEASE, NOW
from worker.store.alerts import SqlAlertStore
from worker.store.engine import check, reading
from worker.store.schema import alerts, articles, deliveries, fingerprints, matches, mentions, stories
from worker.store.views import counts

ROOT = Path(__file__).parents[2]


def start_writer(engine: Engine, *mode: str) -> subprocess.Popen[str]:
    url = engine.url
    if engine.dialect.name == "postgresql":
        url = url.update_query_dict({"application_name": "victim"})
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.writer", url.render_as_string(hide_password=False), *mode],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_after(engine: Engine, lines: int, *mode: str) -> list[str]:
    with start_writer(engine, *mode) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline().strip() for _ in range(lines)]
        writer.send_signal(signal.SIGKILL)
    if engine.dialect.name == "postgresql":
        wait_until_the_server_noticed(engine)
    return said


def wait_until_the_server_noticed(engine: Engine) -> None:
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'victim'"
    with reading(engine) as connection:
        for _ in range(20_000):
            if connection.scalar(text(others)) == 0:
                return
            connection.rollback()
    raise AssertionError("the killed writer is still connected")


@pytest.mark.parametrize("lines", [1, 23])
def test_writer_killed_at_any_moment_leaves_whole_records(engine: Engine, lines: int) -> None:
    said = kill_after(engine, lines)

    check(engine)
    now = counts(engine)
    done = now.articles.get("done", 0)
    assert said[-1] == f"done {lines - 1}"
    assert done >= lines
    assert sum(now.articles.values()) - done <= 1
    with reading(engine) as connection:
        for table in (fingerprints, matches, mentions, stories, alerts, deliveries):
            assert connection.scalar(select(func.count()).select_from(table)) == done, table.name
        assert connection.scalar(select(func.count()).where(articles.c.story_id.is_not(None))) == done
    assert SqlAlertStore(engine).version() == done


def test_writer_killed_inside_a_transaction_changes_nothing(engine: Engine) -> None:
    said = kill_after(engine, 1, "half-way")

    store = SqlAlertStore(engine)
    assert said == ["inside"]
    assert store.version() == 1
    assert counts(engine).deliveries == {"pending": 1}


def test_work_of_a_killed_worker_is_done_again_after_its_lease(on_database, engine: Engine) -> None:
    kill_after(engine, 3)
    on_database.articles.claim_pending(NOW, LEASE, 10)

    swept = on_database.alerts.sweep(NOW + LEASE, analysis_attempts=3, delivery_attempts=3, limit=100)

    assert swept.pending_articles == counts(engine).articles.get("new", 0)
    assert len(swept.due) == counts(engine).alerts
