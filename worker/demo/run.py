"""The demo: the recorded morning outside, the real service inside, and a verdict at the end.

The service runs as `vestitel up` with its embedded defaults (Valkey, SQLite, Stanza) in processes of its own; only
the addresses differ from production. A run that was killed is carried on by the next one.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

from worker.celery_app import QUEUES
from worker.demo.morning import Morning, load_morning
from worker.demo.report import table
from worker.demo.server import BOT_TOKEN, World
from worker.demo.sinks import CHAT, Arrival, Arrivals
from worker.demo.stage import Stage, begin, default_watches, set_stage
from worker.demo.verdict import all_there, judge
from worker.errors import ConfigError
from worker.processes import own_directory
from worker.settings.load import Settings, read_settings
from worker.store.views import counts, heartbeats, recent_alerts
from worker.wiring import open_store, prepare_store

_NEVER = datetime.min.replace(tzinfo=UTC)
_ALL = 100_000
#: In the log of the service, for each poll that read a document.
_SEEN = re.compile(r'"outcome": "ok".*?"seen": (\d+)')
_LINK = re.compile(r'<a href="([^"]*)">[^<]*</a>')
_TAG = re.compile(r"</?[a-z][^>]*>")
_START_S = 60.0
_PROGRESS_S = 5.0
_LOOK_S = 0.25
#: After the last item, how long an expected message may still take.
_PATIENCE_S = 30.0
#: … and at most so long
_LONGEST_S = 120.0
#: After the last expected message, time for one too many to show itself.
_QUIET_S = 3.0


def run_demo(root: Path, *, fresh: bool, environment: Mapping[str, str]) -> int:
    """Runs or carries on the demo in `root`; 0 when every expected alert arrived exactly once, else 1."""
    started = time.monotonic()
    morning = load_morning()
    with own_directory(root):
        stage = set_stage(root / "run", morning, default_watches(), fresh=fresh)
        settings = read_settings(stage.config_dir, _environment(environment))
        prepare_store(settings, datetime.now(UTC))
        arrivals = Arrivals(stage.arrivals, _announce)
        world = World(morning, arrivals, stage.web_port, stage.mail_port)
        if stage.resumed:
            world.begin(stage.began)
        words = "carrying on the interrupted run" if stage.resumed else "a new run"
        say(f"{words} in {stage.root}: {len(morning.outlets)} outlets, {len(morning.items)} items")
        try:
            code = _Run(stage, morning, arrivals, world, settings).play(_environment(environment))
        finally:
            world.close()
            arrivals.close()
    say(f"{'PASSED' if code == 0 else 'FAILED'} after {time.monotonic() - started:.0f} s")
    return code


def say(line: str) -> None:
    """Tells the person who watches."""
    print(f"demo      | {line}", flush=True)


class _Run:
    """One play of the morning, from the start of the service to the verdict."""

    def __init__(self, stage: Stage, morning: Morning, arrivals: Arrivals, world: World, settings: Settings) -> None:
        self._stage = stage
        self._morning = morning
        self._arrivals = arrivals
        self._world = world
        self._engine = open_store(settings)
        self._log = stage.data_dir / "log" / "vestitel.log"

    def play(self, environment: Mapping[str, str]) -> int:
        """The exit code; the service is stopped in any case."""
        service = subprocess.Popen(  # noqa: S603 - our own command line
            [sys.executable, "-m", "worker.cli", "--config", str(self._stage.config_dir), "up"],
            env={**environment, "VESTITEL_SUPERVISOR": str(os.getpid())},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            self._wait_for_start(service)
            self._watch(service)
        finally:
            say("stopping the service")
            service.terminate()
            _, complaint = service.communicate()
        if complaint.strip():
            say(f"the service complained: {complaint.strip()}")
        return self._conclude()

    def _wait_for_start(self, service: subprocess.Popen[str]) -> None:
        say(f"starting the service; its log is {self._log}")
        began = datetime.now(UTC)
        deadline = time.monotonic() + _START_S
        while not all(heartbeats(self._engine).get(queue, _NEVER) > began for queue in QUEUES):
            if service.poll() is not None or time.monotonic() > deadline:
                raise ConfigError((f"the service did not start within {_START_S:.0f} s; see {self._log}",))
            time.sleep(_LOOK_S)
        self._stage = begin(self._stage)
        self._world.begin(self._stage.began)
        say(f"every worker is up; the morning lasts {self._morning.length_s:.0f} s")

    def _watch(self, service: subprocess.Popen[str]) -> None:
        began = time.monotonic()
        end = began + max(0.0, self._morning.length_s - self._world.elapsed_s)
        told, arrived_at, arrived = 0.0, began, 0
        complete_at: float | None = None
        # A machine with much else to do may take longer, as long as something arrives.
        while time.monotonic() < min(max(end, arrived_at) + _PATIENCE_S, end + _LONGEST_S) and service.poll() is None:
            if len(self._arrivals.all()) > arrived:
                arrived, arrived_at = len(self._arrivals.all()), time.monotonic()
            if time.monotonic() - told > _PROGRESS_S:
                told = time.monotonic()
                self._tell_progress()
            over = self._world.elapsed_s > self._morning.length_s
            if over and complete_at is None and all_there(self._morning, self._arrivals.all()):
                complete_at = time.monotonic()
            if complete_at is not None and time.monotonic() - complete_at > _QUIET_S:
                return
            time.sleep(_LOOK_S)

    def _tell_progress(self) -> None:
        now = counts(self._engine)
        articles, sent = sum(now.articles.values()), now.deliveries.get("sent", 0)
        say(
            f"{max(0.0, self._world.elapsed_s):3.0f} s: {articles} articles, {now.articles.get('new', 0)} waiting, "
            f"{now.stories} stories, {now.alerts} alerts, {sent} of {sum(now.deliveries.values())} deliveries sent"
        )

    def _conclude(self) -> int:
        self._stage.finish()
        verdict = judge(self._morning, recent_alerts(self._engine, _ALL), self._arrivals.all())
        seen = [int(found) for found in _SEEN.findall(self._log.read_text(encoding="utf-8"))]
        for line in table(self._morning, counts(self._engine), verdict, seen=sum(seen), polls=len(seen)):
            print(line)
        for fault in verdict.faults:
            say(f"WRONG: {fault}")
        return 1 if verdict.faults else 0


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The caller's, without what would point this run at other data, and with the demo's invented secrets."""
    kept = {name: value for name, value in environment.items() if not name.startswith("VESTITEL_")}
    return {**kept, "VESTITEL_DEMO_TOKEN": BOT_TOKEN, "VESTITEL_DEMO_SECRET": "demo"}


def _announce(arrival: Arrival) -> None:
    """Shows each alert once, when it reaches the chat."""
    if arrival.channel != CHAT:
        return
    lines = [_plain(line) for line in arrival.text.splitlines() if line.strip()]
    print("\n".join(f"alert     | {line}" for line in lines), flush=True)


def _plain(line: str) -> str:
    """A line of the chat's markup for a terminal: matched words in quotations stand in «…», links in full."""
    if line.startswith("—"):
        line = line.replace("<b>", "«").replace("</b>", "»")
    return unescape(_TAG.sub("", _LINK.sub(r"\1", line)))
