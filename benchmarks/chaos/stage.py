"""The directories, ports and settings of one part of a run, and the service on them as people start it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from benchmarks.chaos.channels import TOKEN
from benchmarks.chaos.news import News

_STOP_S = 60.0
_ENDED_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where one part of a run plays."""

    root: Path
    web_port: int
    mail_port: int
    page_port: int

    @property
    def base(self) -> str:
        """The address of feeds and channels."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def config_dir(self) -> Path:
        """What `vestitel --config` is given."""
        return self.root / "config"

    @property
    def data_dir(self) -> Path:
        """The service's data."""
        return self.root / "data"


def set_stage(root: Path) -> Stage:
    """An empty directory and three free ports."""
    root.mkdir(parents=True)
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return Stage(root=root, web_port=ports[0], mail_port=ports[1], page_port=ports[2])


def write_config(stage: Stage, news: News, feeds: Mapping[str, str], alerts: Mapping[str, float], models: str) -> None:
    """The four files; what is short there is short so that what was cut off need not be waited for."""
    (stage.config_dir / "watches").mkdir(parents=True)
    (stage.config_dir / "actors").mkdir()
    (stage.root / "no-models").mkdir()
    service = {
        "contact": "https://example.test/about",
        "data_dir": str(stage.data_dir),
        "tick_s": 2.0,
        "page": {"host": "127.0.0.1", "port": stage.page_port},
        "fetch": {"allow_private_addresses": True, "timeout_s": 5.0, "lease_s": 8.0},
        "analysis": {"lease_s": 10.0, "models": models},
        "alerts": dict(alerts),
        "delivery": {
            "timeout_s": 2.0,
            "first_retry_s": 1.0,
            "last_retry_s": 5.0,
            "lease_s": 8.0,
            "max_attempts": 30,
            "processes": 4,
        },
    }
    listed = [
        {"id": f"f{n}", "outlet": name, "url": url, "text": "full"} for n, (name, url) in enumerate(feeds.items())
    ]
    watches = [
        {"id": one.id, "name": one.name, "kind": "actor", "any": [one.term], "channels": list(one.channels)}
        for one in news.watches
    ]
    documents = {
        "service": service,
        "feeds": {"every_minutes": 3 / 60, "feeds": listed},
        "channels": {"channels": _channels(stage)},
        "watches/all": {"watchlist": "chaos", "watches": watches},
    }
    yaml = YAML(typ="safe", pure=True)
    for name, document in documents.items():
        yaml.dump(document, stage.config_dir / f"{name}.yaml")


def _channels(stage: Stage) -> list[dict[str, Any]]:
    mail = {"host": "127.0.0.1", "port": stage.mail_port, "tls": "none", "sender": "vestitel@example.test"}
    slack = {"token_env": "CHAOS_TOKEN", "conversation": "C1", "base_url": f"{stage.base}/slack"}
    return [
        {"id": "telegram", "kind": "telegram", "token_env": "CHAOS_TOKEN", "chat": "-100", "base_url": stage.base},
        {"id": "slack", "kind": "slack", **slack},
        {"id": "discord", "kind": "discord", "url_env": "CHAOS_DISCORD"},
        {"id": "hook", "kind": "webhook", "url": f"{stage.base}/hook", "secret_env": "CHAOS_TOKEN"},
        {"id": "mail", "kind": "email", **mail, "recipients": ["desk@example.test"]},
        {"id": "ntfy", "kind": "ntfy", "topic": "chaos", "base_url": f"{stage.base}/ntfy"},
    ]


def environment_of(stage: Stage, database_url: str | None) -> dict[str, str]:
    """The caller's, without what would point the service elsewhere, and with invented secrets."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VESTITEL_")}
    kept |= {"CHAOS_TOKEN": TOKEN, "CHAOS_DISCORD": f"{stage.base}/discord/hook"}
    return kept | ({"VESTITEL_DATABASE_URL": database_url} if database_url else {})


class Service:
    """`vestitel up`, which may be killed and started again."""

    def __init__(self, stage: Stage, environment: Mapping[str, str]) -> None:
        self._stage = stage
        self._environment = {**environment, "VESTITEL_SUPERVISOR": str(os.getpid())}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it; what it says goes to a file."""
        with (self._stage.root / "output").open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own command line
                [sys.executable, "-m", "worker.cli", "--config", str(self._stage.config_dir), "up"],
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def is_up(self) -> bool:
        """Whether the supervisor runs."""
        return self._process is not None and self._process.poll() is None

    def kill_supervisor(self) -> None:
        """Kills it alone; its children are to end by themselves."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def kill_all(self) -> None:
        """Kills every process at once."""
        kill(*self.processes())
        self.kill_supervisor()

    def wait_for_end(self) -> list[str]:
        """Until no process is left; those that were left all the same are killed, and their command lines given."""
        deadline = time.monotonic() + _ENDED_S
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.1)
        told = [f"{pid} {command_of(pid)}" for pid in left]
        kill(*left)
        return told

    def stop(self) -> int | None:
        """Asks it to end; gives the exit code, or None where it had to be killed."""
        if self._process is None:
            return None
        self._process.terminate()
        try:
            return self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self.kill_all()
            return None

    def processes(self, *words: str) -> list[int]:
        """Those whose command line holds this stage's directory and all the words."""
        found = []
        for directory in Path("/proc").iterdir():
            if not directory.name.isdigit() or int(directory.name) == os.getpid():
                continue
            command = command_of(int(directory.name)).split()
            if any(str(self._stage.root) in part for part in command) and set(words) <= set(command):
                found.append(int(directory.name))
        return found


def command_of(pid: int) -> str:
    """Its command line; empty when it is gone, or a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").replace("\0", " ").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def kill(*pids: int) -> None:
    """SIGKILL; those that are gone are gone."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
