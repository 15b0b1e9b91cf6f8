"""The nlp process with models, without, and when they come back."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.service.test_wiring import CHANNELS
from tests.store.values import an_article, claim_one
from worker import tasks
from worker.celery_app import QUEUE_NLP
from worker.models.news import FORMS_ONLY
from worker.nlp.bulgarian import SHIPPED
from worker.settings.load import Settings, read_settings
from worker.store.notes import models_fault, watchlist_note
from worker.store.views import recent_alerts
from worker.task_process import Process
from worker.wiring import prepare_store

NOW = datetime.now(UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "watches").mkdir()
    watch = "watchlist: О\nwatches:\n  - {id: nato, name: НАТО, kind: actor, any: [НАТО]}\n"
    (tmp_path / "watches" / "w.yaml").write_text(watch, encoding="utf-8")
    (tmp_path / "service.yaml").write_text("default_channels: [desk]\nanalysis: {models: ./models}\n", encoding="utf-8")
    (tmp_path / "channels.yaml").write_text(CHANNELS, encoding="utf-8")
    feeds = "feeds:\n  - {id: one, outlet: Едно, url: 'https://one.example/rss'}\n"
    (tmp_path / "feeds.yaml").write_text(feeds, encoding="utf-8")
    settings = read_settings(tmp_path, {"TOKEN": "1:x", "VESTITEL_DATA": str(tmp_path / "data")})
    prepare_store(settings, NOW)
    return settings


@pytest.fixture
def process(settings):
    app: Any = None
    process = Process(settings, QUEUE_NLP, app)
    yield process
    process.parts.engine.dispose()


def built(process: Process) -> list[dict[str, Any]]:
    with capture_logs() as logged:
        process.build()
    return [dict(event) for event in logged]


def test_process_without_models_says_so_once_and_works_by_forms(process):
    first, again = built(process), built(process)
    process._renew_language_at = 0.0
    minute_later = built(process)

    assert [(event["event"], event["log_level"]) for event in first] == [
        ("models.missed", "error"),
        ("watchlist.loaded", "info"),
    ]
    assert "are incomplete" in first[0]["cause"]
    assert again == minute_later == []
    assert "are incomplete" in models_fault(process.parts.engine)
    (analysis,) = process.language.analyzer.analyse([an_article()])
    assert analysis.model == FORMS_ONLY


@pytest.mark.model
def test_process_takes_the_models_when_they_are_repaired(process, settings):
    built(process)
    stores: Any = process.parts
    stores.articles.add([an_article(seen_at=NOW)], NOW)
    tasks._analyse(process.parts, process.language, process.watchlist)
    shutil.copytree(SHIPPED, settings.paths.models_dir)
    process._renew_language_at = 0.0

    loaded, event = built(process)

    assert loaded["event"] == "watchlist.loaded"
    assert (event["event"], event["articles"]) == ("models.found", 1)
    assert models_fault(process.parts.engine) == ""
    assert claim_one(stores, NOW).id == "a1"
    (analysis,) = process.language.analyzer.analyse([an_article()])
    assert analysis.is_confirmed


def judged(process: Process, name: str, title: str) -> int:
    """How many watches a new article satisfies in the next run of the task."""
    stores: Any = process.parts
    stores.articles.add([an_article(name, title=title, body="", seen_at=datetime.now(UTC))], datetime.now(UTC))
    process.build()
    analysed = tasks._analyse(process.parts, process.language, process.watchlist)
    assert analysed.stored == 1
    return analysed.matches


def rewrite(process: Process, text: str) -> None:
    """New content for the watch file, and the process is due to look at it, as after some seconds."""
    (process.settings.paths.watches_dir / "w.yaml").write_text(text, encoding="utf-8")
    assert process._watches is not None
    for _ in range(2):
        process._watches._look_at = 0.0
        process._watches.have_changed()
        process._watches._look_at = 0.0


WATCH = "watchlist: О\nwatches:\n  - {{id: nato, name: НАТО, kind: actor, any: [{term}], must_match: [{must}]}}\n"


@pytest.mark.model
def test_running_process_judges_the_next_article_by_the_changed_watch(process, settings):
    shutil.copytree(SHIPPED, settings.paths.models_dir)
    built(process)
    analyzer = process.language.analyzer
    first = process.watchlist.version
    assert judged(process, "a1", "НАТО проведе учение в Черно море") == 1

    rewrite(process, WATCH.format(term="жътва", must="Жътвата започна"))
    assert judged(process, "a2", "Жътвата в Добруджа приключи") == 1
    assert judged(process, "a3", "НАТО откри център в Румъния") == 0
    second = process.watchlist.version
    assert first != second
    assert [alert.notice.watchlist_version for alert in recent_alerts(process.parts.engine, 10)] == [second, first]

    rewrite(process, WATCH.format(term="пшеница", must="Жътвата започна"))
    assert judged(process, "a4", "Жътва на ечемик в Силистра") == 1
    assert judged(process, "a5", "Пшеницата поскъпна с десет процента") == 0
    third = process.watchlist.version
    assert third.endswith("*")
    note = watchlist_note(process.parts.engine)
    assert note is not None
    assert [one.text for one in note.failing] == ["Жътвата започна"]

    rewrite(process, "watchlist: [")
    assert judged(process, "a6", "Жътва на рапица край Варна") == 1
    assert process.watchlist.version == third
    note = watchlist_note(process.parts.engine)
    assert note is not None
    assert "w.yaml:1: is not YAML" in note.faults[0]
    assert process.language.analyzer is analyzer
