"""Channels as people write them: what is missing is said, and where."""

from pathlib import Path

import pytest

from worker.settings.channels import read_channels
from worker.settings.yaml import Problems

SET = {"A": "x", "B": "y"}


def faults_of(tmp_path: Path, part: str) -> list[str]:
    path = tmp_path / "channels.yaml"
    path.write_text(f"channels:\n  - {{id: one, {part}}}\n", encoding="utf-8")
    problems = Problems()
    read_channels(path, SET, problems)
    return [line.partition("channels.yaml")[2] for line in problems.lines]


@pytest.mark.parametrize(
    "part",
    [
        "kind: slack, url_env: A",
        "kind: slack, token_env: A, conversation: C1",
        "kind: mattermost, url_env: A",
        "kind: mattermost, token_env: A, conversation: c1, base_url: 'https://chat.example'",
        "kind: discord, url_env: A",
        "kind: teams, url_env: A",
        "kind: matrix, token_env: A, room: '!r:m.example', base_url: 'https://m.example'",
        "kind: viber, token_env: A, post_as: u1",
        "kind: viber, token_env: A, receiver: u1, sender: Новини",
        "kind: ntfy, topic: desk, token_env: B",
        "kind: ntfy, topic_env: A",
        "kind: email, host: m.example, sender: a@b.example, recipients: [c@d.example], unsubscribe: 'mailto:x@b.example'",
        "kind: console, quiet: ['22:00-07:00'], weekly: mon 08:00, digest_size: 20",
    ],
)
def test_channel_is_taken(tmp_path, part):
    assert faults_of(tmp_path, part) == []


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        pytest.param("kind: slack", "slack needs either url_env", id="slack by nothing"),
        pytest.param("kind: slack, token_env: A", "slack needs either url_env", id="slack bot without a channel"),
        pytest.param("kind: slack, url_env: A, token_env: B", "slack needs either url_env", id="slack by both"),
        pytest.param("kind: mattermost, token_env: A, conversation: c", "base_url", id="mattermost without a server"),
        pytest.param("kind: discord, url_env: C", "url_env: environment variable C is not set", id="secret is missing"),
        pytest.param("kind: ntfy, topic_env: C", "topic_env: environment variable C is not set", id="topic is missing"),
        pytest.param("kind: ntfy", "ntfy needs either topic or topic_env", id="ntfy without a topic"),
        pytest.param("kind: ntfy, topic: desk, topic_env: A", "ntfy needs either", id="ntfy with two topics"),
        pytest.param("kind: viber, token_env: A", "viber needs either post_as", id="viber for nobody"),
        pytest.param("kind: matrix, token_env: A, room: '#r:m', base_url: 'https://m.example'", "room", id="room's name"),
        pytest.param("kind: teams, url: 'https://x.example'", "url", id="secret address in the file"),
        pytest.param("kind: email, host: h, sender: a@b, recipients: [c@d], unsubscribe: 'http://x'", "unsubscribe", id="way out"),
    ],
)  # fmt: skip
def test_fault_is_said(tmp_path, part, fault):
    assert any(fault in line for line in faults_of(tmp_path, part))


def test_apprise_that_is_not_installed_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("worker.settings.channels.find_spec", lambda _name: None)

    [fault] = faults_of(tmp_path, "kind: apprise, url_env: A")

    assert "pip install vestitel[apprise]" in fault
