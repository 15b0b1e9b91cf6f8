"""The status page, over real rows of a real database."""

import json
import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn

from tests.store.values import LEASE, NOW, Stores, a_notice, an_alert, an_article, analyse
from worker.models.alert import Quote, Reason
from worker.models.delivery import DeliveryState
from worker.models.news import FeedId
from worker.models.silence import Silence, SilenceId
from worker.models.story import Appearance, Sources
from worker.models.watch import WatchId
from worker.probing import Probe
from worker.settings.load import Settings, read_settings
from worker.store.alerts import SqlAlertStore
from worker.store.articles import SqlArticleStore
from worker.store.feed_notices import SqlFeedNoticeStore
from worker.store.feeds import SqlFeedStore
from worker.store.hosts import SqlHostStore
from worker.store.notes import FailingExample, Fate, WatchlistNote, note_models_fault, note_watchlist
from worker.store.outbox_views import delivery_rows
from worker.store.pages import SqlPageStore
from worker.store.probes import note_probe
from worker.store.views import beat
from worker.web.app import application


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(Path("config"), {"VESTITEL_DATA": str(tmp_path)})


@pytest.fixture
def page(settings, sqlite_engine) -> Iterator[str]:
    config = uvicorn.Config(application(settings, sqlite_engine), host="127.0.0.1", port=0, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def get(url: str) -> tuple[int, str, dict[str, str]]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


def stores_on(engine) -> Stores:
    return Stores(
        feeds=SqlFeedStore(engine),
        articles=SqlArticleStore(engine),
        alerts=SqlAlertStore(engine),
        pages=SqlPageStore(engine),
        feed_notices=SqlFeedNoticeStore(engine),
    )


def test_empty_service_shows_a_page(page):
    status, html, headers = get(page + "/")

    assert status == 200
    assert "Още няма известия" in html
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_alert_shows_its_sentence_with_the_words_marked(page, sqlite_engine):
    article = an_article()
    analyse(stores_on(sqlite_engine), article, alerts=(an_alert(article, story="s1"),))

    _, html, _ = get(page + "/")

    assert "<mark>НАТО</mark> засилва източния фланг" in html
    assert "desk: чака" in html


def test_alerts_of_a_story_stand_together_with_its_outlets(page, sqlite_engine):
    article, second = an_article(), an_article("a2", title="Още за <НАТО>")
    outlets = tuple(Appearance(outlet=name, url="") for name in ("Днес", "БНТ", "Дневник"))
    sources = Sources(origin=None, outlets=outlets, independent=2)
    later = an_alert(second, story="s1", revision=2, at=NOW + timedelta(hours=1))
    notice = replace(later.notice, sources=sources, decision_reason=Reason.NEW_SOURCE)
    analyse(stores_on(sqlite_engine), article, alerts=(an_alert(article, story="s1"),))
    analyse(stores_on(sqlite_engine), second, alerts=(replace(later, notice=notice),))
    stores_on(sqlite_engine).alerts.acknowledge(later.id, "Ана", NOW)

    _, html, _ = get(page + "/")

    assert html.count("<article>") == 1
    assert "Още в: БНТ и Дневник (2 независими източника)" in html
    assert "нов източник: Още за &lt;НАТО&gt; (Днес)" in html
    assert "видяно от Ана" in html
    assert html.index('<li value="2">') < html.index('<li value="1">')


def test_what_waits_what_is_dead_and_what_is_silent_stand_on_the_page(page, sqlite_engine):
    stores, now = stores_on(sqlite_engine), datetime.now(UTC)
    article, other = an_article(), an_article("a2", title="Втора")
    held = an_alert(article, story="s1", held_until=now + timedelta(hours=3))
    analyse(stores, article, alerts=(held,))
    (waiting,) = [one.delivery.id for one in delivery_rows(sqlite_engine, states=(DeliveryState.HELD,))]
    (dead,) = analyse(stores, other, story="s2", alerts=(an_alert(other, story="s2"),))
    delivery = stores.alerts.claim(dead, NOW, LEASE)
    assert delivery is not None
    stores.alerts.mark_dead(delivery, "auth", NOW, maybe_accepted=False)
    silence = Silence(
        id=SilenceId("0123456789abcdef"), watch_id=WatchId("nato"), story_id=None, author="Ана",
        comment="<ремонт>", starts_at=now, ends_at=now + timedelta(hours=8),
    )  # fmt: skip
    stores.alerts.add_silence(silence)

    _, html, _ = get(page + "/")

    assert f"vestitel deliveries retry {waiting[:12]}" in html
    assert "тихи часове" in html
    assert f"vestitel deliveries retry {dead[:12]}" in html
    assert "&lt;ремонт&gt;" in html
    assert "vestitel silence expire 0123456789ab" in html


def test_markup_from_a_feed_is_only_text(page, sqlite_engine):
    article = an_article()
    bad = "<script>alert(1)</script>"
    notice = replace(
        a_notice(article), title=bad, outlet=bad, url="javascript:alert(1)", quotes=(Quote(text=bad, marks=((0, 8),)),)
    )
    alert = replace(an_alert(article, story="s1"), notice=notice)
    analyse(stores_on(sqlite_engine), article, alerts=(alert,))

    _, html, _ = get(page + "/")

    assert "<script" not in html
    assert "javascript:" not in html


def test_ready_only_when_every_worker_was_heard_and_the_broker_answers(page, sqlite_engine):
    for queue in ("fetch", "nlp", "deliver"):
        beat(sqlite_engine, queue, datetime.now(UTC))

    status, body, _ = get(page + "/readyz")

    assert status == 503
    assert "брокерът не отговаря" in body
    assert "процесът" not in body


def test_page_without_a_database_says_so(page, tmp_path):
    for path in tmp_path.glob("vestitel.db*"):
        path.unlink()
    shutil.rmtree(tmp_path)
    tmp_path.touch()

    status, body, _ = get(page + "/readyz")

    assert status == 503
    assert body


def test_health_needs_nothing(page):
    assert get(page + "/healthz")[:2] == (200, "ok\n")


def test_page_says_that_the_models_are_missing_and_the_service_is_ready(page, sqlite_engine):
    note_models_fault(sqlite_engine, "the models are damaged")

    _, ready, _ = get(page + "/readyz")
    _, html, _ = get(page + "/")

    assert json.loads(ready)["warnings"] == ["езиковите модели липсват: работим само по словоформи"]
    assert "езиковите модели липсват: работим само по словоформи" in html


def test_page_says_that_nobody_can_be_reached_while_it_is_so(page, sqlite_engine):
    hosts, now = SqlHostStore(sqlite_engine), datetime.now(UTC)
    for name in ("a.example", "b.example", "c.example"):
        hosts.take(name, "one", now, lease=timedelta(minutes=1), spacing=timedelta(seconds=5), most=6)
        hosts.give_back(name, "one", now, reached=False)

    lost = get(page + "/")[1]
    hosts.give_back("a.example", "one", now, reached=True)

    assert "никоя емисия не се достига: проверете мрежата на тази машина" in lost
    assert "не се достига" not in get(page + "/")[1]


def test_unconfirmed_alert_is_marked(page, sqlite_engine):
    article = an_article()
    alert = an_alert(article, story="s1")
    analyse(stores_on(sqlite_engine), article, alerts=(replace(alert, notice=replace(alert.notice, unconfirmed=True)),))

    assert "(непотвърдено)" in get(page + "/")[1]


def test_page_shows_the_watches_in_force_and_the_examples_that_fail(page, sqlite_engine):
    one = FailingExample(watch="НАТО", must_match=True, text="Алиансът <расте>", why="nothing found", fate=Fate.KEPT)
    two = replace(one, watch="Лош", must_match=False, text="Нищо", fate=Fate.DROPPED)
    note_watchlist(sqlite_engine, WatchlistNote(version="abc123*", watches=7, failing=(one, two)))

    _, ready, _ = get(page + "/readyz")
    _, html, _ = get(page + "/")

    assert json.loads(ready)["warnings"] == [
        "наблюдението „НАТО“ не издържа примерите си: в сила е предишната му версия",
        "наблюдението „Лош“ не издържа примерите си: не е в сила",
    ]
    assert "7 наблюдения, версия abc123*" in html
    assert "„Алиансът &lt;расте&gt;“" in html
    assert "не трябва да открива" in html


def test_page_shows_faults_of_watch_files_and_their_end(page, sqlite_engine):
    faulty = WatchlistNote(version="abc123", watches=7, faults=("w.yaml:3: is not YAML",))
    note_watchlist(sqlite_engine, faulty)

    assert "w.yaml:3: is not YAML" in get(page + "/")[1]
    assert json.loads(get(page + "/readyz")[1])["warnings"] == [
        "файловете на наблюденията имат грешки; в сила остава версия abc123"
    ]

    note_watchlist(sqlite_engine, replace(faulty, faults=()))

    assert "is not YAML" not in get(page + "/")[1]
    assert json.loads(get(page + "/readyz")[1])["warnings"] == []


def test_page_shows_what_first_polls_found(page, sqlite_engine):
    at = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    good = Probe(feed_id=FeedId("bnt"), outlet="БНТ", url="x", at=at, outcome="ok", entries=20, charset="utf-8 (bytes)")
    note_probe(sqlite_engine, good)
    note_probe(
        sqlite_engine, replace(good, feed_id=FeedId("nova"), outcome="blocked", cause="<b>status 403</b>", entries=0)
    )

    _, html, _ = get(page + "/")

    assert "Прочетени са 1 от 2" in html
    assert "utf-8 (bytes)" in html
    assert "&lt;b&gt;status 403&lt;/b&gt;" in html


def test_address_for_hubs_is_unknown_without_subscriptions(page):
    assert get(page + "/websub/token?hub.mode=subscribe")[0] == 404
