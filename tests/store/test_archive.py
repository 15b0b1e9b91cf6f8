"""The past read back: articles to try watches on, and what became of one of them."""

from dataclasses import replace
from datetime import timedelta

from tests.store.values import NOW, alert_one, an_alert, an_article, analyse, claimed
from worker.models.delivery import DeliveryState, Receipt
from worker.models.news import DateClaim, TextOrigin
from worker.models.watch import WatchId
from worker.store.archive import alerted_since, articles_since, count_since, find_stored

URL = "https://www.dnes.example/statia?utm_source=x"


def seen(stores, *names, story="s1"):
    for place, name in enumerate(names):
        article = an_article(name, seen_at=NOW + timedelta(minutes=place))
        analyse(stores, article, story=story)


def test_articles_come_oldest_first_from_an_instant_on(engine, on_database):
    seen(on_database, "a", "b", "c")

    found = list(articles_since(engine, NOW + timedelta(minutes=1)))

    assert [one.article.id for one in found] == ["b", "c"]
    assert {one.story for one in found} == {"s1"}
    assert count_since(engine, NOW + timedelta(minutes=1)) == 2


def test_limit_keeps_the_last_ones(engine, on_database):
    seen(on_database, "a", "b", "c")

    assert [one.article.id for one in articles_since(engine, NOW, limit=2)] == ["b", "c"]


def test_article_comes_back_as_it_was(engine, on_database):
    article = replace(
        an_article("a"),
        published_raw="вт, 24 ное 2026",
        date_claim=DateClaim.AHEAD,
        is_routine=True,
        text_origin=TextOrigin.PAGE,
    )
    analyse(on_database, article)

    (found,) = articles_since(engine, NOW)

    assert replace(found.article, keys=article.keys) == article


def test_alerted_articles_of_a_watch_newest_first(engine, on_database):
    seen(on_database, "a", "b")

    assert [one.article.id for one in alerted_since(engine, WatchId("nato"), NOW, 5)] == ["b", "a"]
    assert alerted_since(engine, WatchId("other"), NOW, 5) == ()
    assert len(alerted_since(engine, WatchId("nato"), NOW, 1)) == 1


def test_article_is_found_by_id_and_by_any_spelling_of_its_address(engine, on_database):
    article = replace(an_article("a"), url="https://dnes.example/statia", keys=("url:dnes.example/statia",))
    analyse(on_database, article)

    names = ("a", URL, "http://dnes.example/statia/")
    found = [find_stored(engine, name) for name in names]

    assert [one.archived.article.id for one in found if one] == ["a", "a", "a"]
    assert find_stored(engine, "https://dnes.example/other") is None


def test_stored_article_tells_all_that_became_of_it(engine, on_database):
    (delivery,) = alert_one(on_database)
    on_database.alerts.mark_sent(claimed(on_database, delivery), Receipt(), NOW)
    analyse(on_database, an_article("a2"))

    found, other = find_stored(engine, "a1"), find_stored(engine, "a2")

    assert found is not None
    assert (found.state, found.model, found.story_size, found.grouping) == ("done", "bg 1", 2, "first")
    (match,) = found.matches
    assert (match.watch_id, match.decision, match.decision_reason) == ("nato", "notify", "first_of_story")
    assert match.watchlist_version == "v1"
    (alert,) = found.alerts
    assert [(one.channel, one.state, one.attempts) for one in alert.deliveries] == [("desk", DeliveryState.SENT, 1)]
    assert other is not None
    assert [one.article_id for one in other.alerts] == ["a1"]


def test_article_that_waits_has_nothing_yet(engine, on_database):
    on_database.articles.add([an_article("a")], NOW)

    found = find_stored(engine, "a")

    assert found is not None
    assert (found.state, found.analysed_at, found.matches, found.alerts, found.story_size) == ("new", None, (), (), 0)
    assert an_alert(an_article(), story="s1").watch_id == "nato"
