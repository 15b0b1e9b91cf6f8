"""Migrations make exactly the tables that the code describes, and can be taken back."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, func, inspect, select, text

from worker.errors import StoreError
from worker.models.feed import FeedMemory
from worker.models.news import DateClaim, FeedId, TextOrigin
from worker.store.archive import articles_since
from worker.store.engine import connect, reading, writing
from worker.store.feeds import SqlFeedStore
from worker.store.migrate import downgrade, is_current, migrate
from worker.store.schema import deliveries, facts, metadata, topics

KINDS = ("sqlite", "postgres")
#: as the first tables take it
_AN_ARTICLE = """
    INSERT INTO articles (article_id, feed_id, outlet, url, title, summary, body, seen_at, revised_at, revision,
        baseline, content_hash, texts_seen, state, attempts)
    VALUES ('a', 'f', '', '', '', '', '', '2026-01-01T00:00:00.000000+00:00', '2026-01-01T00:00:00.000000+00:00', 1,
        FALSE, '', '[]', 'done', 0)
"""
_AN_ALERT = """
    INSERT INTO alerts (alert_id, watch_id, story_id, article_id, revision, notice, text_seen_at, created_at)
    VALUES (:name, :name, 's', 'a', 1, '{}', :at, :at)
"""
_A_DELIVERY = """
    INSERT INTO deliveries (delivery_id, alert_id, channel, state, attempts, failures, next_attempt_at, maybe_repeated,
        created_at)
    VALUES (:name, :name, 'c', 'pending', :attempts, 0, :next, FALSE, :at)
"""


def test_migrated_tables_are_those_the_code_describes(engine: Engine) -> None:
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)

    assert differences == []


@pytest.mark.parametrize("kind", KINDS)
def test_upgrade_and_downgrade_leave_nothing_behind(kind: str, bare_database: Callable[[str], Engine]) -> None:
    engine = bare_database(kind)

    migrate(engine)
    tables = set(inspect(engine).get_table_names())
    downgrade(engine, "base")
    left = set(inspect(engine).get_table_names())
    migrate(engine)

    assert tables == {*metadata.tables, "alembic_version"}
    assert left == {"alembic_version"}
    assert is_current(engine)


@pytest.mark.parametrize("kind", KINDS)
def test_several_starters_migrate_at_once(kind: str, bare_database: Callable[[str], Engine], tmp_path: Path) -> None:
    first = bare_database(kind)
    url = first.url.render_as_string(hide_password=False)
    engines = [connect(url, tmp_path) for _ in range(3)]
    failures: list[BaseException] = []
    gate = threading.Barrier(len(engines))

    def start(engine: Engine) -> None:
        gate.wait()
        try:
            migrate(engine)
        except StoreError as exc:
            failures.append(exc)

    threads = [threading.Thread(target=start, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for engine in engines:
        engine.dispose()

    assert failures == []
    assert is_current(first)
    with reading(first) as connection:
        assert connection.scalar(select(func.count()).select_from(facts)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_existing_topics_are_phrases_and_categories_go_with_the_kind(
    kind: str, bare_database: Callable[[str], Engine]
) -> None:
    engine = bare_database(kind)
    migrate(engine, "0001")
    with writing(engine) as connection:
        connection.execute(text(_AN_ARTICLE))
        connection.execute(text("INSERT INTO topics (article_id, position, name, score) VALUES ('a', 0, 'газ', 1.0)"))

    migrate(engine)
    with writing(engine) as connection:
        kinds = list(connection.scalars(select(topics.c.kind)))
        row = {"article_id": "a", "position": 1, "name": "икономика", "score": 0.9, "kind": "category"}
        connection.execute(topics.insert().values(row))
    downgrade(engine, "0001")
    with reading(engine) as connection:
        left = list(connection.scalars(text("SELECT name FROM topics")))

    assert kinds == ["phrase"]
    assert left == ["газ"]


@pytest.mark.parametrize("kind", KINDS)
def test_alerts_that_waited_for_their_hour_are_held_and_pending_again_after_a_downgrade(
    kind: str, bare_database: Callable[[str], Engine]
) -> None:
    engine = bare_database(kind)
    migrate(engine, "0009")
    instant, later = "2026-01-01T00:00:00.000000+00:00", "2026-01-01T08:00:00.000000+00:00"
    with writing(engine) as connection:
        connection.execute(text(_AN_ARTICLE))
        story = text("INSERT INTO stories (story_id, article_id, started_at) VALUES ('s', 'a', :at)")
        connection.execute(story, {"at": instant})
        for name, attempts, at in (("paced", 0, later), ("retried", 1, later), ("due", 0, instant)):
            row = {"name": name, "attempts": attempts, "next": at, "at": instant}
            connection.execute(text(_AN_ALERT), row)
            connection.execute(text(_A_DELIVERY), row)

    migrate(engine)
    with reading(engine) as connection:
        held = {
            row.delivery_id: row.state for row in connection.execute(text("SELECT delivery_id, state FROM deliveries"))
        }
        told = list(connection.scalars(text("SELECT alert_id FROM alerts WHERE told_at IS NOT NULL")))
    downgrade(engine, "0009")
    with reading(engine) as connection:
        states = set(connection.scalars(text("SELECT state FROM deliveries")))

    assert held == {"paced": "held", "retried": "pending", "due": "pending"}
    assert told == ["paced"]
    assert states == {"pending"}


#: what a service of revision 0004 had stored: a feed, its article, and an alert that was sent
_ROWS_OF_0004 = (
    """INSERT INTO feeds (feed_id, outlet, url, added_at, due_at, etag, failures, attempts, retired)
    VALUES ('f', 'Едно', 'https://one.example/rss', :at, :at, 'W/"1"', 0, 0, FALSE)""",
    _AN_ARTICLE,
    "INSERT INTO stories (story_id, article_id, started_at) VALUES ('s', 'a', :at)",
    """INSERT INTO alerts (alert_id, watch_id, story_id, article_id, revision, notice, text_seen_at, created_at)
    VALUES ('al', 'w', 's', 'a', 1, '{}', :at, :at)""",
    """INSERT INTO deliveries (delivery_id, alert_id, channel, state, attempts, failures, next_attempt_at,
    maybe_repeated, created_at) VALUES ('d', 'al', 'desk', 'sent', 1, 0, :at, FALSE, :at)""",
)


@pytest.mark.parametrize("kind", KINDS)
def test_database_of_the_fourth_revision_keeps_its_rows_on_the_way_up_and_down(
    kind: str, bare_database: Callable[[str], Engine]
) -> None:
    engine = bare_database(kind)
    migrate(engine, "0004")
    with writing(engine) as connection:
        for statement in _ROWS_OF_0004:
            at = {"at": "2026-01-01T00:00:00.000000+00:00"} if ":at" in statement else {}
            connection.execute(text(statement), at)

    migrate(engine)
    state = SqlFeedStore(engine).get(FeedId("f"))
    (archived,) = articles_since(engine, datetime(2025, 1, 1, tzinfo=UTC))
    with reading(engine) as connection:
        told = connection.execute(select(deliveries.c.alert_id, deliveries.c.notice_id, deliveries.c.state)).all()
    downgrade(engine, "0004")
    with reading(engine) as connection:
        left = [connection.scalar(text(f"SELECT COUNT(*) FROM {name}")) for name in ("feeds", "articles", "deliveries")]  # noqa: S608 - our own names

    assert state is not None
    assert (state.validators.etag, state.memory) == ('W/"1"', FeedMemory())
    assert (archived.article.date_claim, archived.article.text_origin) == (DateClaim.STATED, TextOrigin.FEED)
    assert [tuple(row) for row in told] == [("al", None, "sent")]
    assert left == [1, 1, 1]


def test_database_without_tables_is_not_current(bare_database: Callable[[str], Engine]) -> None:
    assert not is_current(bare_database("sqlite"))


def test_database_of_a_newer_version_is_refused_with_a_sentence(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StoreError, match="made by another version of this service"):
        migrate(sqlite_engine)


def test_postgres_says_what_each_column_means(postgres_engine: Engine) -> None:
    described = {column["name"]: column["comment"] for column in inspect(postgres_engine).get_columns("deliveries")}

    assert described["maybe_repeated"] == "an earlier sending may have arrived"
    assert all(described.values())
