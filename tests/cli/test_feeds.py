"""`vestitel feeds` as a person runs it, against servers on the loopback address."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.test_commands import vestitel
from tests.fetch.conftest import FeedServer
from worker.models.feed import Feed
from worker.models.news import FeedId
from worker.probing import Probe
from worker.settings.feeds import read_listed_feeds
from worker.settings.yaml import Problems
from worker.store.engine import connect
from worker.store.feeds import SqlFeedStore
from worker.store.migrate import migrate
from worker.store.probes import note_probe

RSS = "<rss version='2.0'><channel><title>x</title><item><title>НАТО</title><link>https://one.example/1</link></item></channel></rss>"


class Desk:
    """A configuration with feeds of our own, and commands on it."""

    def __init__(self, root: Path, server: FeedServer) -> None:
        self.root = root
        self.server = server
        shutil.copytree("config", root / "config")
        self.file = root / "config" / "feeds.yaml"
        service = root / "config" / "service.yaml"
        text = service.read_text(encoding="utf-8")
        service.write_text(
            text.replace("allow_private_addresses: false", "allow_private_addresses: true"), encoding="utf-8"
        )
        good = server.answer("/good", RSS.encode(), ETag='"1"')
        bad = server.answer("/bad", status=403)
        self.file.write_text(
            f"# Моите емисии.\nfeeds:\n  - id: good\n    outlet: Добра\n    url: {good}\n  - id: bad\n    outlet: Лоша   # от март\n"
            f"    url: {bad}\n  - id: off\n    outlet: Спряна\n    url: https://off.example/\n    enabled: false\n# Край.\n",
            encoding="utf-8",
        )

    def run(self, *arguments: str):
        where = {"VESTITEL_CONFIG": str(self.root / "config"), "VESTITEL_DATA": str(self.root / "data")}
        return vestitel("feeds", *arguments, **where)

    @property
    def ids(self) -> list[str]:
        return [one.part.id for one in read_listed_feeds(self.file, Problems())]

    def start(self):
        """What a first start leaves behind."""
        engine = connect(None, self.root / "data")
        migrate(engine)
        now = datetime.now(UTC)
        SqlFeedStore(engine).sync(
            [Feed(id=FeedId("good"), outlet="Добра", url=self.server.url("/good"), every_s=900)], now
        )
        note_probe(engine, Probe(feed_id=FeedId("good"), outlet="Добра", url="x", at=now, outcome="ok", entries=7))
        engine.dispose()


@pytest.fixture
def desk(tmp_path) -> Iterator[Desk]:
    server = FeedServer()
    server.start()
    yield Desk(tmp_path, server)
    server.stop()


def test_test_asks_each_feed_once_and_explains_failures(desk):
    done = desk.run("test", "--all")

    assert done.returncode == 1, done.stderr
    assert [path for path, _ in desk.server.requests].count("/good") == 1
    lines = done.stdout.splitlines()
    assert lines[1].split()[:4] == ["good", "ok", "200", "1"]
    assert "ETag" in lines[1]
    assert any(line.startswith("bad: the server refuses us (status 403); ask the publisher") for line in lines)
    assert lines[-1] == "1 of 2 feeds can be read"
    assert not (desk.root / "data" / "vestitel.db").exists()


def test_test_of_a_good_feed_ends_with_zero(desk):
    done = desk.run("test", "good")

    assert done.returncode == 0, done.stdout + done.stderr


def test_test_without_network_says_why_and_what_to_do(desk):
    desk.file.write_text("feeds:\n  - {id: one, outlet: Едно, url: 'http://127.0.0.1:1/rss'}\n", encoding="utf-8")

    done = desk.run("test", "one")

    assert done.returncode == 1
    assert "one: nobody answers at its address" in done.stdout
    assert "check the network" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(("test",), "name the feeds to test, or say --all", id="nothing-named"),
        pytest.param(("test", "god"), "there is no feed «god»; did you mean «good»?", id="unknown-feed"),
        pytest.param(("show", "goood"), "did you mean «good»?", id="unknown-to-show"),
        pytest.param(("discover", "ftp://x/"), "must be an http:// or https:// address", id="no-web-address"),
        pytest.param(("test", "off"), "contact: is empty", id="others-without-a-contact"),
    ],
)
def test_foreseen_faults_end_with_two_and_a_sentence(desk, arguments, expected):
    done = desk.run(*arguments)

    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_list_works_before_and_after_the_first_start(desk):
    before = desk.run("list", "--all")
    desk.start()
    after = desk.run("list")

    assert [line.split()[:2] for line in before.stdout.splitlines()[1:]] == [
        ["good", "unknown"],
        ["bad", "unknown"],
        ["off", "off"],
    ]
    assert after.stdout.splitlines()[1].split()[:2] == ["good", "new"]
    assert "now" in after.stdout


def test_show_tells_what_is_known(desk):
    desk.start()

    done = desk.run("show", "good")

    assert done.returncode == 0, done.stderr
    for fact in ("outlet          Добра", "every 15 min at most", "added_at", "first poll", "last entries:\n  none"):
        assert fact in done.stdout


def test_show_tells_how_the_last_document_was_read(desk):
    desk.start()
    engine = connect(None, desk.root / "data")
    store = SqlFeedStore(engine)
    state = store.get(FeedId("good"))
    assert state is not None
    memory = replace(
        state.memory,
        charset="windows-1251 (guess)",
        charset_was="utf-8 (bytes)",
        charset_at=datetime(2026, 11, 24, 7, 0, tzinfo=UTC),
        repairs=("text before the prolog",),
    )
    store.put(replace(state, memory=memory))
    engine.dispose()

    shown = desk.run("show", "good").stdout

    assert "charset         windows-1251 (guess), since 24.11 09:00; before that utf-8 (bytes)" in shown
    assert "repairs         text before the prolog" in shown


def test_add_writes_behind_the_last_feed_and_keeps_comments(desk):
    url = desk.server.answer("/new", RSS.encode())

    printed = desk.run("add", url, "--outlet", "Нова")
    assert printed.returncode == 0, printed.stderr
    assert "outlet: Нова" in printed.stdout
    assert desk.ids == ["good", "bad", "off"]
    before = desk.file.read_text(encoding="utf-8")
    written = desk.run("add", url, "--outlet", "Нова", "--write")

    assert written.returncode == 0, written.stderr
    assert desk.ids == ["good", "bad", "off", "nova"]
    assert desk.file.read_text(encoding="utf-8") == before.replace("# Край.\n", printed.stdout + "# Край.\n")


def test_add_of_a_page_finds_its_feed(desk):
    desk.server.answer("/new", RSS.encode())
    page = (
        b'<html><head><title>Vestnik</title><link rel="alternate" type="application/rss+xml" href="/new"></head></html>'
    )
    url = desk.server.answer("/", page)

    done = desk.run("add", url, "--write")

    assert done.returncode == 0, done.stderr
    assert desk.ids[-1] == "vestnik"


def test_add_of_what_is_there_or_nowhere_ends_with_one(desk):
    known = desk.run("add", desk.server.url("/good"), "--write")

    assert known.returncode == 1
    assert "is in feeds.yaml already" in known.stderr
    assert desk.ids == ["good", "bad", "off"]


def test_export_and_import_are_each_others_reverse(desk, tmp_path):
    opml = tmp_path / "list.opml"
    opml.write_text(desk.run("export", "--opml", "--all").stdout, encoding="utf-8")
    desk.file.write_text("feeds:\n  - id: one\n    outlet: Едно\n    url: https://one.example/\n", encoding="utf-8")

    done = desk.run("import", str(opml), "--write")

    assert done.returncode == 0, done.stderr
    assert "3 new feeds" in done.stderr
    assert [one.part.outlet for one in read_listed_feeds(desk.file, Problems())] == ["Едно", "Добра", "Лоша", "Спряна"]
    assert "0 new feeds, 3 known" in desk.run("import", str(opml)).stderr


def test_export_is_a_feeds_file(desk, tmp_path):
    copy = tmp_path / "feeds.yaml"
    copy.write_text(desk.run("export", "--all").stdout, encoding="utf-8")

    problems = Problems()
    assert [one.part.id for one in read_listed_feeds(copy, problems)] == ["good", "bad", "off"]
    assert problems.lines == ()


def test_import_of_an_attack_is_refused(desk, tmp_path):
    opml = tmp_path / "list.opml"
    opml.write_text('<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body/></opml>', encoding="utf-8")

    done = desk.run("import", str(opml), "--write")

    assert done.returncode == 2
    assert "document type or entities" in done.stderr
