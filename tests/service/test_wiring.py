"""Settings become the parts that they ask for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from worker.errors import StoreError
from worker.notify.console import ConsoleChannel
from worker.notify.discord import DiscordChannel
from worker.notify.email import EmailChannel
from worker.notify.matrix import MatrixChannel
from worker.notify.mattermost import MattermostBot, MattermostWebhook
from worker.notify.ntfy import NtfyChannel
from worker.notify.slack import SlackBot, SlackWebhook
from worker.notify.teams import TeamsChannel
from worker.notify.telegram import TelegramChannel
from worker.notify.viber import ViberChannel
from worker.notify.webhook import WebhookChannel
from worker.settings.load import Settings, read_settings
from worker.wiring import connect, heartbeats, open_channels, open_store, opened, policy_of, prepare_store

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
SERVICE = """default_channels: [desk]
max_age_hours: 6
fetch: {timeout_s: 7, lease_s: 33}
analysis: {batch: 5, max_attempts: 4, lease_s: 44}
delivery: {timeout_s: 9, max_attempts: 3, first_retry_s: 2, last_retry_s: 50, lease_s: 55}
"""
CHANNELS = """channels:
  - {id: desk, kind: console}
  - {id: mail, kind: email, host: mail.example, sender: a@b.example, recipients: [c@d.example]}
  - {id: chat, kind: telegram, token_env: TOKEN, chat: '1'}
  - {id: hook, kind: webhook, url: 'https://hook.example/x'}
  - {id: slack-hook, kind: slack, url_env: TOKEN}
  - {id: slack-bot, kind: slack, token_env: TOKEN, conversation: C1}
  - {id: mm-hook, kind: mattermost, url_env: TOKEN}
  - {id: mm-bot, kind: mattermost, token_env: TOKEN, conversation: c1, base_url: 'https://chat.example'}
  - {id: discord, kind: discord, url_env: TOKEN}
  - {id: teams, kind: teams, url_env: TOKEN}
  - {id: matrix, kind: matrix, token_env: TOKEN, room: '!r:matrix.example', base_url: 'https://matrix.example'}
  - {id: viber, kind: viber, token_env: TOKEN, post_as: u1}
  - {id: ntfy, kind: ntfy, topic: desk}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "watches").mkdir()
    watch = "watchlist: О\nwatches:\n  - {id: nato, name: НАТО, kind: actor, any: [НАТО]}\n"
    (tmp_path / "watches" / "w.yaml").write_text(watch, encoding="utf-8")
    (tmp_path / "service.yaml").write_text(SERVICE, encoding="utf-8")
    (tmp_path / "channels.yaml").write_text(CHANNELS, encoding="utf-8")
    feeds = "feeds:\n  - {id: one, outlet: Едно, url: 'https://one.example/rss', every_minutes: 15}\n"
    (tmp_path / "feeds.yaml").write_text(feeds, encoding="utf-8")
    return read_settings(tmp_path, {"TOKEN": "1:x", "VESTITEL_DATA": str(tmp_path / "data")})


def test_every_bound_comes_from_the_file(settings):
    policy = policy_of(settings)

    assert (policy.batch, policy.analysis_attempts, policy.rules.max_age) == (5, 4, timedelta(hours=6))
    leases = (policy.feed_lease, policy.article_lease, policy.delivery_lease)
    assert [lease.total_seconds() for lease in leases] == [33, 44, 55]
    assert (policy.retry.attempts, policy.retry.first.total_seconds(), policy.retry.last.total_seconds()) == (3, 2, 50)


def test_every_kind_of_channel_is_built(settings):
    kinds = {name: type(channel) for name, channel in open_channels(settings).items()}

    assert kinds == {
        "desk": ConsoleChannel,
        "mail": EmailChannel,
        "chat": TelegramChannel,
        "hook": WebhookChannel,
        "slack-hook": SlackWebhook,
        "slack-bot": SlackBot,
        "mm-hook": MattermostWebhook,
        "mm-bot": MattermostBot,
        "discord": DiscordChannel,
        "teams": TeamsChannel,
        "matrix": MatrixChannel,
        "viber": ViberChannel,
        "ntfy": NtfyChannel,
    }


def test_store_that_was_not_prepared_says_what_to_do(settings):
    with pytest.raises(StoreError, match="vestitel migrate"):
        open_store(settings)


def test_prepared_store_knows_the_feeds(settings):
    prepare_store(settings, NOW)
    prepare_store(settings, NOW)

    with opened(settings) as parts:
        state = parts.feeds.get(settings.feeds[0].id)
        parts.beat("nlp")

    assert state is not None
    assert state.added_at == NOW
    assert list(heartbeats(settings)) == ["nlp"]


def test_parts_of_a_process_share_one_database(settings):
    prepare_store(settings, NOW)

    parts = connect(settings)
    try:
        assert parts.feeds_by_id[settings.feeds[0].id].every_s == 900
        assert parts.clock().tzinfo is UTC
    finally:
        parts.engine.dispose()
