"""Where a demo run keeps what must survive a kill: when it began, on which ports, its configuration and evidence."""

import json
import shutil
import socket
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

from ruamel.yaml import YAML

from worker.demo.morning import Morning
from worker.demo.sinks import CHAT, HOOK, MAIL
from worker.errors import ConfigError

#: An interrupted run older than this is forgotten rather than carried on.
_STALE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One demo run on disk."""

    root: Path
    began: datetime
    web_port: int
    mail_port: int
    page_port: int
    resumed: bool

    @property
    def config_dir(self) -> Path:
        """The configuration written for this run."""
        return self.root / "config"

    @property
    def data_dir(self) -> Path:
        """The service's data."""
        return self.root / "data"

    @property
    def arrivals(self) -> Path:
        """What the sinks took."""
        return self.root / "arrivals.jsonl"

    def finish(self) -> None:
        """Makes the next run a new one."""
        (self.root / "run.json").unlink(missing_ok=True)


def set_stage(root: Path, morning: Morning, watches_dir: Path, *, fresh: bool) -> Stage:
    """The interrupted run in `root`, or a new one there; raises ConfigError when `root` holds something else."""
    interrupted = None if fresh else _interrupted(root)
    if interrupted is not None:
        return interrupted
    if root.exists() and any(root.iterdir()) and not (root / "demo").exists():
        raise ConfigError((f"{root}: is not empty and not of an earlier demo; name another directory with --data",))
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    (root / "demo").touch()
    web_port, mail_port, page_port = _free_ports(3)
    stage = Stage(
        root=root,
        began=datetime.now(UTC),
        web_port=web_port,
        mail_port=mail_port,
        page_port=page_port,
        resumed=False,
    )
    _write_config(stage, morning, watches_dir)
    return stage


def begin(stage: Stage) -> Stage:
    """Starts the morning's clock, once the service runs; from here on a killed run can be carried on."""
    if stage.resumed:
        return stage
    began = datetime.now(UTC)
    facts = {
        "began": began.isoformat(),
        "web_port": stage.web_port,
        "mail_port": stage.mail_port,
        "page_port": stage.page_port,
    }
    unfinished = stage.root / "run.json.new"
    unfinished.write_text(json.dumps(facts), encoding="utf-8")
    unfinished.replace(stage.root / "run.json")
    return replace(stage, began=began)


def default_watches() -> Path:
    """The watchlist of this checkout, which the recorded morning is written for."""
    directory = Path("config/watches").absolute()
    if not directory.is_dir():
        directory = Path(str(resources.files("worker"))).parent / "config" / "watches"
    if not directory.is_dir():
        raise ConfigError((f"{directory}: the default watches are missing; run the demo in a checkout of Vestitel",))
    return directory


def _interrupted(root: Path) -> Stage | None:
    try:
        facts = json.loads((root / "run.json").read_text(encoding="utf-8"))
        began = datetime.fromisoformat(facts["began"])
    except (OSError, ValueError, KeyError):
        return None
    if datetime.now(UTC) - began > _STALE:
        return None
    ports = {key: int(facts[key]) for key in ("web_port", "mail_port", "page_port")}
    return Stage(root=root, began=began, resumed=True, **ports)


def _free_ports(number: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [int(one.getsockname()[1]) for one in held]
    for one in held:
        one.close()
    return ports


def _write_config(stage: Stage, morning: Morning, watches_dir: Path) -> None:
    base = f"http://127.0.0.1:{stage.web_port}"
    stage.config_dir.mkdir()
    service = {
        "contact": "https://example.test/about",
        "data_dir": str(stage.data_dir),
        "watches_dir": str(watches_dir),
        "actors_dir": str(watches_dir.parent / "actors"),
        "default_channels": [MAIL, CHAT, HOOK],
        "tick_s": 1.0,
        # The morning of some hours lasts less than a minute here, which would count as a flood.
        "alerts": {"flood_alerts": 1000},
        "page": {"host": "127.0.0.1", "port": stage.page_port},
        # Short, because a demo that was killed must not wait minutes to take up what was in hand.
        "fetch": {"allow_private_addresses": True, "timeout_s": 5.0, "lease_s": 8.0},
        "analysis": {"lease_s": 10.0},
        "delivery": {"timeout_s": 3.0, "first_retry_s": 1.0, "lease_s": 10.0},
    }
    feeds = {
        # Two seconds, because the morning lasts less than a minute; real feeds are asked every ten minutes.
        "every_minutes": 2 / 60,
        "feeds": [{"id": o.id, "outlet": o.name, "url": f"{base}/{o.id}/feed"} for o in morning.outlets],
    }
    channels = {
        "channels": [
            {
                "id": MAIL,
                "kind": "email",
                "host": "127.0.0.1",
                "port": stage.mail_port,
                "tls": "none",
                "sender": "vestitel@example.test",
                "recipients": ["desk@example.test"],
            },
            {"id": CHAT, "kind": "telegram", "token_env": "VESTITEL_DEMO_TOKEN", "chat": "-100", "base_url": base},
            {"id": HOOK, "kind": "webhook", "url": f"{base}/hook", "secret_env": "VESTITEL_DEMO_SECRET"},
        ]
    }
    yaml = YAML(typ="safe", pure=True)
    for name, document in (("service", service), ("feeds", feeds), ("channels", channels)):
        yaml.dump(document, stage.config_dir / f"{name}.yaml")
