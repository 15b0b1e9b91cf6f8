"""What an operator sets about alerts and the quiet of channels."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from tests.settings.test_load import CHANNELS, SERVICE, a_config, problems_of
from worker.models.rules import AlertRules, QuietHours, WeeklyTime
from worker.models.watch import ChannelId
from worker.settings.channel_manners import alert_rules, digest_sizes, quiet_hours, weekly_time, weekly_times
from worker.settings.load import read_settings, settings_without_secrets
from worker.wiring import policy_of


def a_channel(keys: str) -> str:
    return f"channels:\n  - {{id: desk, kind: console, {keys}}}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("22:00-07:00", QuietHours(start=time(22), end=time(7)), id="every-day"),
        pytest.param("sat,sun 00:00-24:00", QuietHours(start=time(), end=time(), days=frozenset({5, 6})), id="whole-days"),
        pytest.param("Mon-Fri 12:30–13:00", QuietHours(start=time(12, 30), end=time(13), days=frozenset(range(5))), id="span"),
        pytest.param("sat-mon,wed 1:00-2:00", None, id="hour-of-one-digit"),
        pytest.param("sat-mon,wed 01:00-02:00", QuietHours(start=time(1), end=time(2), days=frozenset({5, 6, 0, 2})), id="over-the-week"),
        pytest.param("22:00", None, id="no-end"),
        pytest.param("24:00-07:00", None, id="start-is-no-time"),
        pytest.param("07:00-07:00", None, id="nothing-between"),
        pytest.param("пон 22:00-07:00", None, id="not-a-day"),
        pytest.param("", None, id="empty"),
    ],
)  # fmt: skip
def test_quiet_hours(text, expected):
    if expected is None:
        with pytest.raises(ValueError, match="«"):
            quiet_hours(text)
    else:
        assert quiet_hours(text) == expected


def test_weekly_time():
    assert weekly_time("mon 08:00") == WeeklyTime(day=0, at=time(8))
    for bad in ("mon", "08:00", "someday 08:00", "mon 25:00"):
        with pytest.raises(ValueError, match="«"):
            weekly_time(bad)


def test_shipped_configuration_has_the_defaults_of_the_rules():
    settings = read_settings(Path("config"), {})

    assert alert_rules(settings.service, settings.channels) == AlertRules()


def test_what_is_set_reaches_the_policy(tmp_path):
    service = (
        SERVICE
        + "max_age_hours: 48\nalerts: {realert_first_minutes: 30, realert_last_hours: 6, flood_alerts: 5, flood_minutes: 10}\n"
    )
    channels = a_channel("quiet: 22:00-07:00, weekly: fri 18:00, digest_size: 7")
    settings = read_settings(a_config(tmp_path, service=service, channels=channels), {})
    desk = ChannelId("desk")

    policy = policy_of(settings)

    assert policy.rules == AlertRules(
        max_age=timedelta(hours=48),
        realert_first=timedelta(minutes=30),
        realert_last=timedelta(hours=6),
        flood_alerts=5,
        flood_window=timedelta(minutes=10),
        quiet={desk: (QuietHours(start=time(22), end=time(7)),)},
    )
    assert policy.reviews == weekly_times(settings.channels) == {desk: WeeklyTime(day=4, at=time(18))}
    assert policy.digest_sizes == digest_sizes(settings.channels) == {desk: 7}


@pytest.mark.parametrize(
    ("files", "place", "sentence"),
    [
        pytest.param({"channels": a_channel("quiet: [late]")}, "channels.yaml:2: channels[0].console.quiet", "must be times such as", id="quiet"),
        pytest.param({"channels": a_channel("weekly: Monday")}, "channels.yaml:2: channels[0].console.weekly", "must be a day and a time", id="weekly"),
        pytest.param({"channels": a_channel("digest_size: 1")}, "channels.yaml:2: channels[0].console.digest_size", "greater than or equal to 2", id="digest-of-one"),
        pytest.param({"channels": a_channel("quite: [22:00-07:00]")}, "quite", "did you mean «quiet»?", id="misspelt"),
        pytest.param({"service": SERVICE + "alerts: {flood_alerts: 0}\n"}, "alerts.flood_alerts", "greater than or equal to 1", id="flood-of-none"),
        pytest.param({"service": SERVICE + "alerts: {realert_first_minutes: 90, realert_last_hours: 1}\n"}, "service.yaml:2: alerts", "the waits grow", id="waits-shrink"),
        pytest.param({"service": SERVICE + "alerts: {flod_alerts: 3}\n"}, "flod_alerts", "did you mean «flood_alerts»?", id="unknown"),
    ],
)  # fmt: skip
def test_each_fault_is_a_sentence(tmp_path, files, place, sentence):
    # Channels that cannot be read are missed by the watches, too.
    problem, *_ = problems_of(a_config(tmp_path, **files))

    assert place in problem
    assert sentence in problem


def test_settings_without_secrets_name_what_each_channel_lacks_and_no_other_fault_is_hidden(tmp_path):
    chat = "  - {id: chat, kind: telegram, token_env: NO_TOKEN, chat: '1'}\n"
    root = a_config(tmp_path, channels=CHANNELS + chat)

    settings, unset = settings_without_secrets(root, {})

    assert unset == {ChannelId("chat"): ("NO_TOKEN",)}
    assert settings_without_secrets(root, {"NO_TOKEN": "x"})[1] == {}
    assert "x" not in repr(settings.secrets)
