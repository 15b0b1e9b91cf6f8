"""In which articles names and topics stand."""

from datetime import timedelta

from sqlalchemy import Engine

from tests.store.values import NOW, Stores, a_record, an_article, analyse
from worker.store.sightings import names_seen, topics_seen


def test_names_and_topics_of_recent_articles(engine: Engine, on_database: Stores) -> None:
    old = an_article("old", seen_at=NOW - timedelta(days=3))
    new = an_article("new")
    for article in (old, new):
        analyse(on_database, article)

    recent = names_seen(engine, NOW - timedelta(days=1))

    record = a_record(new, 0)
    assert {(one.name, one.kind) for one in recent} == {(m.name, m.kind.value) for m in record.analysis.mentions}
    assert {one.article_id for one in recent} == {"new"}
    assert {one.article_id for one in names_seen(engine, NOW - timedelta(days=9))} == {"old", "new"}
    assert {(one.name, one.kind) for one in topics_seen(engine, NOW - timedelta(days=1))} == {
        (topic.name, topic.kind.value) for topic in record.topics
    }


def test_empty_database_has_no_sightings(engine: Engine) -> None:
    assert (names_seen(engine, NOW), topics_seen(engine, NOW)) == ((), ())
