"""Our own broker, for real."""

import os
import signal
import subprocess

import pytest

from worker import broker
from worker.errors import BrokerError


@pytest.fixture
def own_broker(tmp_path):
    process = subprocess.Popen(broker.server_command(tmp_path), stdout=subprocess.DEVNULL)
    url = broker.broker_url(None, tmp_path)
    broker.wait_for(url, 10)
    yield url, process, tmp_path
    process.kill()
    process.wait()


def test_own_broker_answers_on_a_private_socket(own_broker):
    url, _, _ = own_broker

    broker.ping(url)

    assert broker.queue_lengths(url, ("fetch",)) == {"fetch": 0}


def test_messages_survive_a_kill(own_broker):
    url, process, data_dir = own_broker
    with broker._client(url) as client:
        client.rpush("fetch", "look")

    process.send_signal(signal.SIGKILL)
    process.wait()
    second = subprocess.Popen(broker.server_command(data_dir), stdout=subprocess.DEVNULL)
    try:
        broker.wait_for(url, 10)
        assert broker.queue_lengths(url, ("fetch",)) == {"fetch": 1}
    finally:
        second.kill()
        second.wait()


def test_silent_broker_is_told_without_its_password():
    with pytest.raises(BrokerError) as raised:
        broker.ping("redis://user:secret@127.0.0.1:1/0")

    assert "127.0.0.1:1" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_socket_of_a_deep_directory_lies_in_a_short_one(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)

    path = broker.socket_path(deep)

    assert len(os.fsencode(path)) <= 100
    assert path == broker.socket_path(deep)


def test_without_any_server_the_remedy_is_told(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(BrokerError, match="VESTITEL_BROKER_URL"):
        broker.server_binary(lambda: None)


def test_server_on_the_path_serves_where_none_is_bundled(monkeypatch, tmp_path):
    server = tmp_path / "redis-server"
    server.write_text("#!/bin/sh\n", encoding="utf-8")
    server.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert broker.server_binary(lambda: None) == str(server)
