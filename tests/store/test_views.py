"""What the page and the command line show."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine, select

from tests.store.values import (
    LEASE,
    NOW,
    Stores,
    a_feed,
    a_notice,
    a_record,
    alert_one,
    an_alert,
    an_article,
    analyse,
    claim_one,
)
from worker.health import judged
from worker.models.alert import Notice
from worker.models.delivery import DeliveryState, Receipt
from worker.models.health import Condition
from worker.models.news import FeedId
from worker.store.articles import SqlArticleStore
from worker.store.engine import reading
from worker.store.notes import models_fault, note_models_fault
from worker.store.outbox_views import dead_deliveries
from worker.store.schema import articles
from worker.store.views import (
    Counts,
    LatencySample,
    beat,
    counts,
    feed_rows,
    heartbeats,
    latency_samples,
    quarantined_articles,
    recent_alerts,
)

SECOND = timedelta(seconds=1)


def test_empty_database_has_nothing_to_show(engine: Engine) -> None:
    assert counts(engine) == Counts(feeds=0, articles={}, stories=0, alerts=0, deliveries={})
    assert (recent_alerts(engine, 5), feed_rows(engine), dead_deliveries(engine, 5)) == ((), (), ())
    assert (latency_samples(engine, NOW), quarantined_articles(engine, 5), heartbeats(engine)) == ((), (), {})


def test_counts_are_by_state(engine: Engine, on_database: Stores) -> None:
    on_database.feeds.sync([a_feed()], NOW)
    (first, _) = alert_one(on_database, channels=("desk", "mail"))
    on_database.alerts.claim(first, NOW, LEASE)
    on_database.articles.add([an_article("a2"), an_article("a3")], NOW)
    on_database.articles.quarantine(claim_one(on_database).id, "bad", 1)

    assert counts(engine) == Counts(
        feeds=1,
        articles={"done": 1, "new": 1, "quarantined": 1},
        stories=1,
        alerts=1,
        deliveries={"pending": 1, "sending": 1},
    )


def test_recent_alerts_come_newest_first_with_their_deliveries(engine: Engine, on_database: Stores) -> None:
    for age, name in enumerate(("new", "old")):
        article = an_article(name)
        alert = an_alert(article, story=f"s-{name}", channels=("mail", "desk"))
        analyse(on_database, article, story=f"s-{name}", alerts=(replace(alert, created_at=NOW - age * SECOND),))

    newest, older = recent_alerts(engine, 5)

    assert (newest.article_id, newest.story_id, newest.revision) == ("new", "s-new", 1)
    assert newest.notice == a_notice(an_article("new"))
    assert [(sent.channel, sent.state) for sent in newest.deliveries] == [
        ("desk", DeliveryState.PENDING),
        ("mail", DeliveryState.PENDING),
    ]
    assert older.article_id == "old"
    assert recent_alerts(engine, 1) == (newest,)


def test_latency_is_measured_from_the_text_that_fired(engine: Engine, on_database: Stores) -> None:
    analyse(on_database, an_article())
    edited = an_article(title="НАТО: нова редакция")
    on_database.articles.add([edited], NOW + 60 * SECOND)
    (delivery_id,) = analyse(on_database, edited, alerts=(an_alert(edited, story="s1"),))
    delivery = on_database.alerts.claim(delivery_id, NOW, LEASE)
    assert delivery is not None
    on_database.alerts.mark_sent(delivery, Receipt(remote_id="7"), NOW + 70 * SECOND)

    samples = latency_samples(engine, NOW)

    assert samples == (
        LatencySample(
            delivery_id=delivery_id,
            channel=delivery.channel,
            published_at=edited.published_at,
            seen_at=NOW + 60 * SECOND,
            alerted_at=NOW,
            sent_at=NOW + 70 * SECOND,
        ),
    )
    assert latency_samples(engine, NOW + 71 * SECOND) == ()


def test_dead_deliveries_are_shown_with_what_they_were_to_say(engine: Engine, on_database: Stores) -> None:
    deliveries = alert_one(on_database, channels=("desk", "mail"))
    for number, delivery_id in enumerate(deliveries):
        delivery = on_database.alerts.claim(delivery_id, NOW, LEASE)
        assert delivery is not None
        on_database.alerts.mark_dead(delivery, "auth", NOW + number * SECOND, maybe_accepted=False)

    last, first = dead_deliveries(engine, 5)

    assert (first.delivery.id, last.delivery.id) == deliveries
    assert isinstance(last.content, Notice)
    assert (last.delivery.reason, last.delivery.dead_at, last.content.title) == (
        "auth",
        NOW + SECOND,
        an_article().title,
    )


def test_articles_in_quarantine_are_shown_until_a_person_releases_them(engine: Engine, on_database: Stores) -> None:
    store = SqlArticleStore(engine)
    store.add([an_article()], NOW)
    store.quarantine(claim_one(on_database).id, "the analysis failed", 1)

    (shown,) = quarantined_articles(engine, 5)
    released = store.release((shown.id,))

    assert (shown.id, shown.attempts, shown.reason) == ("a1", 1, "the analysis failed")
    assert released == ("a1",)
    assert store.release((shown.id,)) == ()
    assert quarantined_articles(engine, 5) == ()
    assert claim_one(on_database).id == "a1"


def test_feeds_are_shown_by_outlet_with_their_health(engine: Engine, on_database: Stores) -> None:
    names = ("new", "ok", "failing", "stuck", "retired")
    on_database.feeds.sync([a_feed(name, outlet=name) for name in names], NOW)
    on_database.feeds.sync([a_feed(name, outlet=name) for name in names[:-1]], NOW)
    for name, failures in (("ok", 0), ("failing", 2)):
        state = on_database.feeds.get(FeedId(name))
        assert state is not None
        polled = replace(state, polled_at=NOW, failures=failures, outcome="server", due_at=NOW + 9 * LEASE)
        on_database.feeds.put(judged(a_feed(name), polled, "status 503", NOW))
    for attempt in range(3):
        assert on_database.feeds.begin(FeedId("stuck"), NOW + attempt * LEASE, LEASE)
    on_database.articles.add([an_article("a1", feed="ok"), an_article("a2", feed="ok")], NOW)

    rows = {row.outlet: (row.health.condition, row.articles) for row in feed_rows(engine)}

    assert rows == {
        "failing": (Condition.FAILING, 0),
        "new": (Condition.NEW, 0),
        "ok": (Condition.OK, 2),
        "stuck": (Condition.STUCK, 0),
    }
    assert list(rows) == sorted(rows)


def test_last_sign_of_life_of_each_role_counts(engine: Engine) -> None:
    beat(engine, "nlp", NOW)
    beat(engine, "io", NOW)
    beat(engine, "nlp", NOW + SECOND)

    assert heartbeats(engine) == {"io": NOW, "nlp": NOW + SECOND}


def test_language_and_model_of_an_article_are_stored(engine: Engine, on_database: Stores) -> None:
    on_database.articles.add([an_article()], NOW)
    record = a_record(claim_one(on_database), on_database.alerts.version())
    on_database.alerts.apply(replace(record, analysis=replace(record.analysis, language="bg")), NOW)

    with reading(engine) as connection:
        row = connection.execute(select(articles.c.model, articles.c.language)).one()

    assert tuple(row) == ("bg 1", "bg")


def test_fault_of_the_models_is_told_until_it_is_gone(engine: Engine) -> None:
    note_models_fault(engine, "one")
    note_models_fault(engine, "two")
    told = models_fault(engine)
    note_models_fault(engine, "")

    assert (told, models_fault(engine)) == ("two", "")
