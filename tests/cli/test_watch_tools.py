"""The commands for those who write watches, as a person runs them; the database is real."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.test_commands import change, vestitel
from tests.store.values import Stores, an_alert, an_article, analyse
from worker.models.news import ArticleId
from worker.store.alerts import SqlAlertStore
from worker.store.articles import SqlArticleStore
from worker.store.engine import connect
from worker.store.feed_notices import SqlFeedNoticeStore
from worker.store.feeds import SqlFeedStore
from worker.store.pages import SqlPageStore

WATCHES = """\
watchlist: Проба
concepts:
  нато: [НАТО, NATO]
watches:
  - id: nato
    name: НАТО
    kind: actor
    any:
      - $нато
      - phrase: стар пакт
        until: 2020-01-01
  - id: oil
    name: Лукойл
    kind: actor
    any: [Лукойл, завод]  # the plant
    must_match: [Лукойл спря завода.]
  - Български пощи
"""
ITEMS = [
    {"id": "1", "title": "НАТО реши", "published": "2026-03-01T10:00:00+02:00", "outlet": "Днес"},
    {"id": "2", "title": "Времето утре", "published": "2026-03-02T10:00:00+02:00"},
    {"id": "3", "title": "Лукойл продава", "body": "Говори се за Лукойл.", "published": "2026-03-03T10:00:00+02:00"},
]
KNOWN, OTHER = "00000000000000aa", "00000000000000bb"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The shipped configuration with three small watches."""
    root = tmp_path / "config"
    shutil.copytree("config", root)
    shutil.rmtree(root / "watches")
    (root / "watches").mkdir()
    (root / "watches" / "a.yaml").write_text(WATCHES, encoding="utf-8")
    return root


@pytest.fixture
def items(tmp_path: Path) -> str:
    file = tmp_path / "items.jsonl"
    file.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in ITEMS), encoding="utf-8")
    return str(file)


@pytest.fixture
def archive(tmp_path: Path, migrated_file: Path) -> dict[str, str]:
    """The environment of a database with one alerted article and another one."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(migrated_file, data / "vestitel.db")
    engine = connect(None, data)
    stores = Stores(
        feeds=SqlFeedStore(engine),
        articles=SqlArticleStore(engine),
        alerts=SqlAlertStore(engine),
        pages=SqlPageStore(engine),
        feed_notices=SqlFeedNoticeStore(engine),
    )
    seen_at = datetime.now(UTC) - timedelta(days=1)
    first = replace(an_article(KNOWN, seen_at=seen_at), keys=("url:dnes.example/1",), url="https://dnes.example/1")
    analyse(stores, first, alerts=(an_alert(first, story="s1"),))
    second = an_article(OTHER, title="Цената на бензина", body="Завод Нефтохим и НАТО мълчат.", seen_at=seen_at)
    analyse(stores, second, story="s2")
    engine.dispose()
    return {"VESTITEL_DATA": str(data)}


def test_forms_are_shown_by_word_and_kind():
    done = vestitel("forms", "народна банка")

    assert done.returncode == 0, done.stderr
    assert "definite" in done.stdout
    assert "банката" in done.stdout


def test_forms_of_one_kind_as_json(config):
    done = vestitel("--config", str(config), "forms", "--json", "--kind", "definite", "банка")

    assert json.loads(done.stdout)["words"][0]["forms"] == {"definite": ["банката"]}


def test_forms_of_a_concept_are_those_of_its_names(config):
    done = vestitel("--config", str(config), "forms", "член на $нато")

    assert done.returncode == 0, done.stderr
    assert "член на НАТО: 3 words" in done.stdout
    assert "член на NATO: 3 words" in done.stdout


@pytest.mark.parametrize("phrase", ["", "$няма", "а*"])
def test_forms_of_what_is_no_phrase_are_a_sentence(config, phrase):
    done = vestitel("--config", str(config), "forms", phrase)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_backtest_of_a_file_shows_hits_days_and_sentences(config, items):
    done = vestitel("--config", str(config), "backtest", "oil", "--from", items, "--forms")

    assert done.returncode == 0, done.stderr
    for fact in ("3 articles, 1 with something", "1 hit in 3 articles: 33.3 %", "alerted 1 time", "за «Лукойл»."):
        assert fact in done.stdout


def test_backtest_tells_bad_lines_and_what_a_limit_left_out(config, items):
    with Path(items).open("a", encoding="utf-8") as file:
        file.write("not json\n")

    done = vestitel("--config", str(config), "backtest", "nato", "--from", items, "--forms", "--limit", "2")

    assert done.returncode == 1
    assert f"{items}:4: is not JSON" in done.stderr
    assert "1 older article left out by --limit" in done.stdout
    assert "0 hits in 2 articles" in done.stdout


def test_backtest_of_the_database(config, archive):
    done = vestitel("--config", str(config), "backtest", "nato", "--forms", **archive)

    assert done.returncode == 0, done.stderr
    assert "the archive of the last 30 days: 2 articles" in done.stdout
    assert "2 hits in 2 articles" in done.stdout
    assert "in 2 stories\n" in done.stdout


@pytest.mark.model
def test_backtest_of_a_draft_uses_installed_concepts(config, items, tmp_path):
    draft = tmp_path / "draft.yaml"
    draft.write_text(
        "watchlist: Чернова\nwatches:\n  - Времето\n  - {id: d, name: D, kind: topic, any: [$нато реша]}\n"
    )

    done = vestitel("--config", str(config), "backtest", str(draft), "--from", items)

    assert done.returncode == 0, done.stderr
    assert "2 read by the models" in done.stdout
    assert "«НАТО реши»" in done.stdout


@pytest.mark.parametrize(
    ("watch", "expected"),
    [("nata", "there is no watch «nata»; did you mean «nato»?"), ("none.yaml", "there is no such file")],
)
def test_backtest_of_an_unknown_watch_is_a_sentence(config, items, watch, expected):
    done = vestitel("--config", str(config), "backtest", watch, "--from", items, "--forms")

    assert (done.returncode, expected in done.stderr) == (2, True)


def test_diff_shows_alerts_gained_and_lost(config, items, tmp_path):
    new = tmp_path / "new"
    shutil.copytree(config / "watches", new)
    change(new / "a.yaml", "any: [Лукойл, завод]", "any: [времето, завод]")
    watches = str(config / "watches")

    same = vestitel("--config", str(config), "diff", watches, watches, "--from", items, "--forms")
    done = vestitel("--config", str(config), "diff", watches, str(new), "--from", items, "--forms")

    assert same.returncode == 0, same.stderr
    assert "0 changed, 3 unchanged; alerts +0 -0" in same.stdout
    assert done.returncode == 1
    for fact in ("oil: changed; alerts +1 -1", "+ 2026-03-02 10:00", "- 2026-03-03 10:00", "1 changed, 2 unchanged"):
        assert fact in done.stdout


def test_suggestion_for_a_false_alarm_is_a_diff_that_patches(config, archive):
    arguments = ("suggest", OTHER, "--watch", "oil", "--false-alarm", "--forms")

    shown = vestitel("--config", str(config), *arguments, **archive)
    written = vestitel("--config", str(config), *arguments, "--write", **archive)
    again = vestitel("--config", str(config), *arguments, **archive)

    file = (config / "watches" / "a.yaml").read_text(encoding="utf-8")
    assert shown.returncode == 0, shown.stderr
    assert "1. none: «завод Нефтохим»" in shown.stdout
    assert "+      - завод Нефтохим" in shown.stdout
    assert "+    must_not_match:" in shown.stdout
    assert written.returncode == 0, written.stderr
    assert "# the plant" in file
    assert 'must_not_match:\n      - "Завод Нефтохим и НАТО мълчат."' in file
    assert "it does what is wanted already" in again.stdout


def test_suggestion_for_a_miss_counts_what_it_would_add(config, archive):
    arguments = ("suggest", "--watch", "oil", "--missed", "--text", "Завъртя се бензинът на Росенец.", "--forms")

    done = vestitel("--config", str(config), *arguments, **archive)

    assert done.returncode == 0, done.stderr
    assert "of 2 archived articles" in done.stdout
    assert "+    any: [Лукойл, завод, " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(("--watch", "oil", "--text", "x"), "--false-alarm or --missed", id="neither"),
        pytest.param(("--watch", "oli", "--missed", "--text", "x"), "did you mean «oil»?", id="watch"),
        pytest.param(("some words", "--watch", "oil", "--missed"), "give a text with --text", id="no article"),
        pytest.param((KNOWN, "--watch", "oil", "--missed"), "is not of this version", id="no database"),
    ],
)
def test_suggest_refuses_with_a_sentence(config, tmp_path, arguments, expected):
    done = vestitel("--config", str(config), "suggest", "--forms", *arguments, VESTITEL_DATA=str(tmp_path / "empty"))

    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_suggestion_for_a_shared_list_is_left_to_a_person(config, archive):
    change(
        config / "watches" / "a.yaml", "    must_match: [Лукойл спря завода.]", "    none: &shared [Лукойл Академик]"
    )

    done = vestitel("--config", str(config), "suggest", OTHER, "--watch", "oil", "--false-alarm", "--forms", **archive)

    assert done.returncode == 1
    assert "shared with other watches" in done.stdout


@pytest.mark.model
def test_explain_of_a_stored_article_shows_what_became_of_it(config, archive):
    by_id = vestitel("--config", str(config), "explain", KNOWN, **archive)
    by_url = vestitel("--config", str(config), "explain", "https://www.dnes.example/1/?utm_source=x", **archive)

    assert by_id.returncode == 0, by_id.stderr
    for fact in (
        "analysed    ",
        "with bg 1",
        "story       s1 (first), 1 article",
        "notify (first_of_story), by watchlist v1",
    ):
        assert fact in by_id.stdout
    for fact in ("alert       nato", "desk: pending, 0 attempts", "FIRES   nato", "by today's watches"):
        assert fact in by_id.stdout
    assert by_url.stdout == by_id.stdout


def test_explain_of_an_unknown_address_says_so(config, archive):
    done = vestitel("--config", str(config), "explain", "https://dnes.example/none", **archive)

    assert done.returncode == 2
    assert "the archive does not hold https://dnes.example/none; nothing is fetched" in done.stderr


@pytest.mark.model
def test_explain_of_one_watch_on_a_day(config):
    late = vestitel("--config", str(config), "explain", "--watch", "nato", "-", given="Старият пакт падна.")
    early = vestitel("--config", str(config), "explain", "--watch", "nato", "--on", "2019-05-01", "Старият пакт падна.")

    assert "`until` of the term «стар пакт» keeps it from counting" in late.stdout, late.stderr
    assert "FIRES   nato" in early.stdout, early.stderr
    assert "published 2019-05-01 12:00" in early.stdout


def test_check_notes_what_is_hardly_meant(config, archive):
    change(config / "watches" / "a.yaml", "any: [Лукойл, завод]", "any: [Лукойл, завод]\n    expires: 2025-01-01")

    done = vestitel("--config", str(config), "check", "--no-examples", **archive)

    assert done.returncode == 0, done.stderr
    assert "a.yaml:12: watch oil: expired on 2025-01-01" in done.stdout
    assert "2 watches have no golden examples (`must_match`, `must_not_match`): nato, " in done.stdout
    assert ArticleId(KNOWN)
