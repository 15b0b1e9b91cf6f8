"""Commands about alerts, deliveries, silences and routes as a person runs them, over real rows."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.test_commands import change, vestitel
from tests.service.test_web import stores_on
from tests.store.values import LEASE, Stores, an_alert, an_article, analyse
from worker.cli.instants import moment_of, since_of, span_of
from worker.errors import ConfigError
from worker.models.delivery import DeliveryState
from worker.models.silence import Silence, SilenceId
from worker.models.watch import WatchId
from worker.store.engine import connect
from worker.store.migrate import migrate
from worker.store.outbox_views import delivery_rows

NOW = datetime.now(UTC)
AUTHOR = ("--author", "Ана")


class Desk:
    """A configuration, a database with one alert for two channels – sent, and dead – and one that is held."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.config = root / "config"
        shutil.copytree("config", self.config)
        engine = connect(None, root / "data")
        migrate(engine)
        self.stores: Stores = stores_on(engine)
        self.dead, self.other = self._told("a1", "s-one", "aa11", ("chat", "desk"))
        delivery = self.stores.alerts.claim(self.dead, NOW, LEASE)
        assert delivery is not None
        self.stores.alerts.mark_dead(delivery, "auth", NOW, maybe_accepted=False)
        self._told("a2", "s-two", "aa22", ("desk",), NOW + timedelta(hours=3))
        (self.held,) = [one.delivery.id for one in delivery_rows(engine, states=(DeliveryState.HELD,))]

    def _told(self, name, story, alert_id, channels, held_until=None):
        article = an_article(name, seen_at=NOW - timedelta(hours=1))
        alert = an_alert(article, story=story, alert_id=alert_id, channels=channels, at=NOW, held_until=held_until)
        return analyse(self.stores, article, story=story, alerts=(alert,), now=NOW)

    def run(self, *arguments: str):
        return vestitel(*arguments, VESTITEL_CONFIG=str(self.config), VESTITEL_DATA=str(self.root / "data"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_deliveries_are_listed_shown_retried_and_dropped(desk):
    listed = desk.run("deliveries", "list", "--state", "dead", "--state", "held")
    shown = json.loads(desk.run("deliveries", "show", desk.dead[:8], "--json").stdout)
    retried = desk.run("deliveries", "retry", desk.dead[:8], desk.held[:8])
    dropped = desk.run("deliveries", "drop", desk.held[:8], *AUTHOR)
    again = desk.run("deliveries", "drop", desk.held[:8], *AUTHOR)
    states = {
        one["delivery"]["id"]: one["delivery"]
        for one in json.loads(desk.run("deliveries", "list", "--state", "all", "--json").stdout)
    }

    assert [line.split()[1] for line in listed.stdout.splitlines()[1:]] in (["held", "dead"], ["dead", "held"])
    assert (shown["delivery"]["state"], shown["delivery"]["reason"], shown["watch_id"]) == ("dead", "auth", "nato")
    assert (retried.returncode, retried.stdout.count("will be sent")) == (0, 2)
    assert dropped.returncode == 0
    assert (again.returncode, again.stdout.split("  ")[1]) == (1, "was left as it is: dropped\n")
    assert (states[desk.dead]["state"], states[desk.held]["state"]) == ("pending", "dropped")
    assert states[desk.held]["reason"] == "by: Ана"


def test_alerts_are_listed_shown_and_acknowledged(desk):
    listed = desk.run("alerts", "list", "--since", "2h")
    none = desk.run("alerts", "list", "--watch", "nothing")
    done = desk.run("alerts", "ack", "aa11", *AUTHOR)
    shown = json.loads(desk.run("alerts", "show", "aa11", "--json").stdout)

    assert {line.split()[0] for line in listed.stdout.splitlines()[1:]} == {"aa11", "aa22"}
    assert none.stdout == "no such alerts\n"
    assert done.returncode == 0
    assert (shown["acknowledged_by"], shown["notice"]["title"]) == ("Ана", "НАТО засилва източния фланг")
    assert [one["channel"] for one in shown["deliveries"]] == ["chat", "desk"]
    assert "to chat" in desk.run("alerts", "show", "aa11").stdout


def test_silence_is_added_listed_obeyed_by_the_route_and_expired(desk):
    added = desk.run("silence", "add", "--watch", "nato", "--for", "8h", "--reason", "ремонт", *AUTHOR)
    of_story = desk.run("silence", "add", "--story", "s-one", "--until", "2100-01-01", "--reason", "знаем", *AUTHOR)
    silence = added.stdout.split()[0]
    listed = {one["silence"]["id"]: one for one in json.loads(desk.run("silence", "list", "--json").stdout)}
    silent = desk.run("route", "nato")
    expired = desk.run("silence", "expire", silence[:6])
    again = desk.run("silence", "expire", silence)
    loud = desk.run("route", "nato")

    assert (added.returncode, of_story.returncode) == (0, 0), added.stderr + of_story.stderr
    assert listed[silence]["silence"]["comment"] == "ремонт"
    assert len(listed) == 2
    assert silent.returncode == 1
    assert "not at all – silenced until" in silent.stdout
    assert "by Ана: ремонт" in silent.stdout
    assert (expired.returncode, again.returncode, loud.returncode) == (0, 1, 0)
    assert "desk (console): now" in loud.stdout
    assert "note: story s-one is silenced until 01.01.2100 00:00 by Ана: знаем" in loud.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(("deliveries", "show", "zz"), "there is no delivery «zz»; ", id="no-delivery"),
        pytest.param(("deliveries", "drop", "", *AUTHOR), "there is no delivery «»; ", id="no-id"),
        pytest.param(("alerts", "show", "aa"), "«aa» begins the ids of several: aa11, aa22; give more of the alert's id", id="several"),
        pytest.param(("alerts", "ack", "aa11", "--author", " "), "--author is empty; ", id="nobody"),
        pytest.param(("alerts", "list", "--since", "yesterday"), "«yesterday» is no moment; ", id="no-moment"),
        pytest.param(("silence", "add", "--for", "8h", "--reason", "x"), "name what is to be silent, ", id="of-nothing"),
        pytest.param(("silence", "add", "--watch", "natto", "--for", "8h", "--reason", "x"), "did you mean «nato»?", id="no-watch"),
        pytest.param(("silence", "add", "--story", "%", "--for", "8h", "--reason", "x"), "there is no story «%»; ", id="no-story"),
        pytest.param(("silence", "add", "--watch", "nato", "--reason", "x"), "say how long, ", id="without-an-end"),
        pytest.param(("silence", "add", "--watch", "nato", "--for", "8h", "--until", "9:00", "--reason", "x"), "say how long, ", id="two-ends"),
        pytest.param(("silence", "add", "--watch", "nato", "--until", "2020-01-01", "--reason", "x"), "is over already", id="past"),
        pytest.param(("silence", "add", "--watch", "nato", "--for", "99999w99999w99999w99999w99999w99999w", "--reason", "x"), "ends after the calendar", id="never-ends"),
        pytest.param(("silence", "add", "--watch", "nato", "--for", "8h", "--reason", " "), "--reason is empty; ", id="no-reason"),
        pytest.param(("silence", "expire", "zz"), "there is no silence «zz»; ", id="no-silence"),
        pytest.param(("route", "natto"), "did you mean «nato»?", id="route-of-no-watch"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence_and_two(desk, arguments, sentence):
    done = desk.run(*arguments)

    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_route_says_channel_by_channel_when_and_why(desk):
    chat = "\n  - {id: chat, kind: telegram, token_env: NO_SUCH_TOKEN, chat: '1'}\n  - {id: night, kind: console, quiet: ['22:00-07:00']}\n"
    with (desk.config / "channels.yaml").open("a", encoding="utf-8") as file:
        file.write(chat)
    change(desk.config / "service.yaml", "default_channels: [desk]", "default_channels: [desk, chat, night]")

    at_night = desk.run("route", "nato", "--at", "2030-01-15 23:30")
    urgent = json.loads(desk.run("route", "nato", "--at", "2030-01-15 23:30", "--severity", "urgent", "--json").stdout)

    assert at_night.returncode == 0, at_night.stderr
    assert "  desk (console): now\n" in at_night.stdout
    assert "  chat (telegram): not at all – environment variable NO_SUCH_TOKEN is not set\n" in at_night.stdout
    assert "  night (console): at 16.01.2030 07:00 – quiet hours of the channel (22:00-07:00), " in at_night.stdout
    assert [(one["channel"], one["is_now"]) for one in urgent["channels"]] == [
        ("desk", True),
        ("chat", False),
        ("night", True),
    ]


def test_route_sees_a_flood_as_it_is_now(desk):
    change(desk.config / "service.yaml", "flood_alerts: 12", "flood_alerts: 1")

    done = desk.run("route", "nato")

    assert "desk (console): at " in done.stdout
    assert "1 alerts or more came within 15 minutes" in done.stdout


def test_silence_written_by_others_counts_for_the_route(desk):
    begin = NOW + timedelta(days=1)
    later = Silence(
        id=SilenceId("later"), watch_id=WatchId("nato"), story_id=None, author="Борис", comment="избори",
        starts_at=begin, ends_at=begin + timedelta(days=1),
    )  # fmt: skip
    desk.stores.alerts.add_silence(later)

    now = desk.run("route", "nato")
    then = desk.run("route", "nato", "--at", (begin + timedelta(hours=1)).isoformat())

    assert now.returncode == 0
    assert "by Борис: избори (later)" in then.stdout


@pytest.mark.parametrize(("text", "hours"), [("8h", 8), ("30m", 0.5), ("1d12h", 36), ("2w", 336)])
def test_spans(text, hours):
    assert span_of(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["8", "h", "8 h", "-8h", "0h", "8y", ""])
def test_what_is_no_span(text):
    with pytest.raises(ConfigError, match="«"):
        span_of(text)


def test_moments_are_of_sofia():
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    assert moment_of("8:00", now) == datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
    assert moment_of("23:30", now) == datetime(2026, 11, 24, 21, 30, tzinfo=UTC)
    assert moment_of("8:00", now, is_past=True) == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert moment_of("2026-07-01", now) == datetime(2026, 6, 30, 21, 0, tzinfo=UTC)
    assert moment_of("2026-07-01T12:00+00:00", now) == datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert since_of("2d", now) == now - timedelta(days=2)
