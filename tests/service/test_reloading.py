"""Watch files that change while the service runs, with real files, a real database and a real data directory."""

import json
import os
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.fakes import FakeAnalyzer
from tests.service.test_wiring import CHANNELS
from tests.store.values import an_article
from worker import reloading
from worker.entities.index import compile_catalogue
from worker.errors import StoreError
from worker.examining import examine
from worker.matching.terms import compile_watches
from worker.models.actor import Catalogue
from worker.models.watch import Watchlist
from worker.nlp.categories import NO_CATEGORIES
from worker.nlp.meaning import PACKAGE
from worker.ports import Language
from worker.reloading import WatchesInForce
from worker.settings.accepted import AcceptedWatches
from worker.settings.load import Settings, read_settings
from worker.store.notes import Fate

NOW = datetime.now(UTC)


def a_file(term="НАТО", *, must="", extra=""):
    example = f", must_match: [{must}]" if must else ""
    return f"watchlist: О\nwatches:\n  - {{id: nato, name: Пакт, kind: actor, any: [{term}]{example}}}\n{extra}"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "watches").mkdir()
    (tmp_path / "watches" / "w.yaml").write_text(a_file(), encoding="utf-8")
    (tmp_path / "service.yaml").write_text("default_channels: [desk]\n", encoding="utf-8")
    (tmp_path / "channels.yaml").write_text(CHANNELS, encoding="utf-8")
    feeds = "feeds:\n  - {id: one, outlet: Едно, url: 'https://one.example/rss'}\n"
    (tmp_path / "feeds.yaml").write_text(feeds, encoding="utf-8")
    return read_settings(tmp_path, {"TOKEN": "1:x", "VESTITEL_DATA": str(tmp_path / "data")})


class Worker:
    """One process: its watches and its language, looked after as `tasks.Process` does it."""

    def __init__(self, settings: Settings, *, is_confirmed: bool = True) -> None:
        self.settings = settings
        self.is_confirmed = is_confirmed
        self.watches = WatchesInForce(settings)
        self.language = Language(
            analyzer=FakeAnalyzer(),
            index=compile_watches(Watchlist(watches=(), version="")),
            catalogue=compile_catalogue(Catalogue()),
            categories=NO_CATEGORIES,
        )
        self.events: list[dict] = []
        self.renew()

    def renew(self) -> None:
        with capture_logs() as logged:
            self.language = self.watches.renewed(self.language, NOW, is_confirmed=self.is_confirmed)
        self.events = [dict(event) for event in logged]

    def write(self, text: str, name: str = "w.yaml") -> None:
        (self.settings.paths.watches_dir / name).write_text(text, encoding="utf-8")
        self.renew()

    def fires(self, body: str) -> list[str]:
        (one,) = examine([an_article(title="", body=body)], self.language)
        assert [watch.id for watch in self.language.index.watches] == [
            watch.id for watch in self.watches.watchlist.watches
        ]
        return [match.watch_id for match in one.matches]

    @property
    def note(self):
        assert self.watches.untold is not None
        return self.watches.untold

    @property
    def version(self) -> str:
        return self.watches.watchlist.version


def kept_in(settings: Settings) -> Path:
    return settings.paths.data_dir / "watches" / "accepted"


def test_changed_watch_is_in_force_with_its_version(settings):
    worker = Worker(settings)
    first = worker.version
    analyzer = worker.language.analyzer

    worker.write(a_file("Европа", must="Европа расте"))

    assert (worker.fires("Европа расте"), worker.fires("НАТО расте")) == (["nato"], [])
    assert worker.version != first
    assert worker.language.analyzer is analyzer
    (event,) = worker.events
    assert (event["event"], event["log_level"], event["version"]) == ("watchlist.loaded", "info", worker.version)
    assert (event["watches"], event["kept"], event["dropped"], event["examples"]) == (1, [], [], 1)
    assert worker.note.failing == worker.note.faults == ()


def test_failing_example_keeps_the_watch_as_it_was_and_is_told(settings):
    worker = Worker(settings)

    worker.write(a_file("Европа", must="Азия расте"))

    assert (worker.fires("Европа расте"), worker.fires("НАТО расте")) == ([], ["nato"])
    assert worker.version.endswith("*")
    (event,) = worker.events
    assert (event["log_level"], event["kept"], event["failing"]) == ("warning", ["nato"], ["nato: must_match[0]"])
    (failing,) = worker.note.failing
    assert (failing.watch, failing.text, failing.fate) == ("Пакт", "Азия расте", Fate.KEPT)

    worker.write(a_file("Азия", must="Азия расте"))

    assert worker.fires("Азия расте") == ["nato"]
    assert worker.note.failing == ()


def test_new_watch_that_fails_is_left_out_and_all_others_work(settings):
    worker = Worker(settings)

    worker.write(a_file(extra="  - {id: bad, name: Лош, kind: actor, any: [лош], must_match: [добър]}\n"))

    assert (worker.fires("лош"), worker.fires("НАТО")) == ([], ["nato"])
    assert worker.events[0]["dropped"] == ["bad"]
    assert worker.note.failing[0].fate is Fate.DROPPED


@pytest.mark.parametrize("text", ["watchlist: [\n", a_file("$няма"), "", "watchlist: О\nwatches: []\n"])
def test_file_with_faults_changes_nothing(settings, text):
    worker = Worker(settings)
    before = worker.version

    worker.write(text)

    assert (worker.fires("НАТО расте"), worker.version) == (["nato"], before)
    (event,) = worker.events
    assert (event["event"], event["log_level"]) == ("watchlist.refused", "error")
    assert event["faults"]
    assert event["faults"][0].startswith("w.yaml:")
    assert worker.note.faults == tuple(event["faults"])

    worker.write(a_file("Европа"))

    assert worker.fires("Европа") == ["nato"]
    assert worker.note.faults == ()


def test_directory_that_is_gone_changes_nothing(settings):
    worker = Worker(settings)
    settings.paths.watches_dir.rename(settings.paths.watches_dir.with_name("elsewhere"))

    worker.renew()

    assert worker.fires("НАТО расте") == ["nato"]
    assert worker.events[0]["event"] == "watchlist.refused"


def test_restart_knows_the_last_good_version_of_each_watch(settings):
    Worker(settings).write(a_file("Европа", must="Азия расте"))

    worker = Worker(settings)

    assert (worker.fires("НАТО расте"), worker.fires("Европа расте")) == (["nato"], [])
    assert worker.version.endswith("*")


def test_restart_with_faults_goes_by_what_was_good(settings):
    two = "  - {id: other, name: Друг, kind: actor, any: [мост]}\n"
    first = Worker(settings)
    first.write(a_file("Европа", must="Азия расте", extra=two))
    (settings.paths.watches_dir / "w.yaml").write_text("watchlist: [", encoding="utf-8")

    worker = Worker(settings)

    assert worker.version == first.version
    assert (worker.fires("НАТО расте"), worker.fires("мост"), worker.fires("Европа")) == (["nato"], ["other"], [])
    assert {watch.channels for watch in worker.watches.watchlist.watches} == {("desk",)}


def test_versions_that_serve_no_watch_are_deleted(settings):
    worker = Worker(settings)
    for term in ("Европа", "Азия", "Африка"):
        worker.write(a_file(term))
        assert [path.name for path in kept_in(settings).iterdir() if path.is_dir()] == [worker.version]


def test_what_is_kept_is_private(settings):
    Worker(settings)

    for path in (kept_in(settings), *kept_in(settings).rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_damaged_index_is_replaced_and_an_altered_copy_is_not_believed(settings):
    version = Worker(settings).version
    (kept_in(settings) / "index.json").write_text('{"watches": {"nato": "../../watches"}, "version": "x"}')
    assert AcceptedWatches(settings).recall().last_good == {}
    (kept_in(settings) / "index.json").write_text("{")
    with pytest.raises(StoreError, match="is damaged"):
        AcceptedWatches(settings).recall()

    worker = Worker(settings)

    assert [event["event"] for event in worker.events] == ["watchlist.forgotten", "watchlist.loaded"]
    assert json.loads((kept_in(settings) / "index.json").read_text())["watches"] == {"nato": version}
    (kept_in(settings) / version / "w.yaml").write_text(a_file("друго"), encoding="utf-8")
    assert AcceptedWatches(settings).recall().last_good == {}


def test_data_directory_that_takes_nothing_stops_nothing(settings):
    settings.paths.data_dir.mkdir()
    (settings.paths.data_dir / "watches").touch()

    worker = Worker(settings)

    assert worker.fires("НАТО") == ["nato"]
    assert [event["event"] for event in worker.events] == ["watchlist.unkept", "watchlist.loaded"]


def test_several_may_keep_and_delete_at_once(settings):
    watchlist = Worker(settings).watches.watchlist
    good = {watch.id: watchlist for watch in watchlist.watches}
    states = [(watchlist.version, {*good}), ("none", {*()})]
    found = []

    def keep(version, last_good):
        for _ in range(25):
            AcceptedWatches(settings).keep(version, last_good)
            recalled = AcceptedWatches(settings).recall()
            found.append((recalled.version, set(recalled.last_good)))

    turns = [(watchlist.version, good), ("none", {})] * 3
    threads = [threading.Thread(target=keep, args=turn) for turn in turns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 150
    assert all(one in states for one in found)


def test_files_that_changed_since_they_were_read_are_not_kept(settings):
    worker = Worker(settings)
    before = (kept_in(settings) / "index.json").read_bytes()
    (settings.paths.watches_dir / "w.yaml").write_text(a_file("друго"), encoding="utf-8")

    AcceptedWatches(settings).keep(
        "x", {worker.watches.watchlist.watches[0].id: replace(worker.watches.watchlist, version="0" * 12)}
    )

    assert (kept_in(settings) / "index.json").read_bytes() == before


def test_without_models_a_watch_that_fails_is_in_force_and_said_to_be_unproven(settings):
    (settings.paths.watches_dir / "w.yaml").write_text(a_file("НАТО", must="Азия расте"), encoding="utf-8")

    worker = Worker(settings, is_confirmed=False)

    assert worker.fires("НАТО расте") == ["nato"]
    assert worker.note.failing[0].fate is Fate.UNPROVEN
    assert AcceptedWatches(settings).recall().last_good == {}


@pytest.mark.skipif(find_spec(PACKAGE) is not None, reason="the model is there")
def test_watch_that_lacks_the_model_for_its_description_is_unproven(settings):
    term = '{about: "Държавата купува бойни самолети", alone: true}'
    (settings.paths.watches_dir / "w.yaml").write_text(a_file(term, must="Ловни машини за армията"), encoding="utf-8")

    worker = Worker(settings)

    assert worker.note.failing[0].fate is Fate.UNPROVEN
    assert [watch.id for watch in worker.watches.watchlist.watches] == ["nato"]


def test_examples_that_take_too_long_are_left_untried(settings, monkeypatch):
    monkeypatch.setattr(reloading, "_TRIAL_S", -1.0)
    (settings.paths.watches_dir / "w.yaml").write_text(a_file("НАТО", must="Азия расте"), encoding="utf-8")

    worker = Worker(settings)

    assert (worker.events[0]["untried"], worker.events[0]["log_level"]) == (1, "warning")
    assert worker.fires("НАТО расте") == ["nato"]


@pytest.fixture
def clock(monkeypatch):
    """Seconds, as a list of one that a test moves on."""
    seconds = [100.0]
    monkeypatch.setattr("worker.reloading.time.monotonic", lambda: seconds[0])
    return seconds


def test_change_is_seen_at_the_next_look_once_it_lies_still(settings, clock):
    worker = Worker(settings)
    assert not worker.watches.have_changed()
    path = settings.paths.watches_dir / "w.yaml"
    path.write_text("watchlist: О\n", encoding="utf-8")

    clock[0] += 4.9
    assert not worker.watches.have_changed()
    clock[0] += 0.2
    assert not worker.watches.have_changed()
    path.write_text(a_file("Европа"), encoding="utf-8")
    clock[0] += 1.1
    assert not worker.watches.have_changed()
    clock[0] += 1.1
    assert worker.watches.have_changed()

    worker.renew()

    assert not worker.watches.have_changed()


def test_touched_added_and_removed_files_are_changes_and_hidden_ones_are_not(settings, clock):
    worker = Worker(settings)
    folder = settings.paths.watches_dir

    def changed():
        for _ in range(2):
            clock[0] += 6
            found = worker.watches.have_changed()
        if found:
            worker.renew()
        return found

    (folder / ".#w.yaml").symlink_to("nowhere")
    (folder / "w.yaml~").write_text("x")
    assert not changed()
    os.utime(folder / "w.yaml", (1, 1))
    assert changed()
    (folder / "b.yaml").write_text(a_file().replace("nato", "other"), encoding="utf-8")
    assert changed()
    (folder / "b.yaml").unlink()
    assert changed()
    assert not changed()
