"""One part of a run: the service on invented news among failing channels, harmed until all the news is out."""

import asyncio
import json
import threading
import time
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP

from benchmarks.chaos.channels import HttpChannels, Log, MailChannel
from benchmarks.chaos.harm import Harm
from benchmarks.chaos.judge import Verdict, delays, judge
from benchmarks.chaos.messages import Reader
from benchmarks.chaos.news import CHANNELS, News, names_of
from benchmarks.chaos.outlets import Outlets
from benchmarks.chaos.stage import Service, Stage, environment_of, set_stage, write_config
from worker.errors import ServiceError
from worker.settings.load import read_settings
from worker.store.views import Counts, counts
from worker.wiring import open_store

_START_S = 90.0
_LOOK_S = 1.0
_TELL_S = 10.0
#: after the last expected message, time for one too many to show itself
_QUIET_S = 8.0
_WAITING = ("new", "held", "pending", "sending", "in_analysis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a part."""

    verdicts: Mapping[str, Verdict]
    planned: Mapping[str, int]
    delays: Sequence[float]
    harm: Mapping[str, int]
    fates: Mapping[tuple[str, str], int]
    faults: Sequence[str]
    counts: Counts | None
    seconds: float


def play(
    root: Path,
    news: News,
    *,
    seed: int,
    length_s: float,
    drain_s: float,
    alerts: Mapping[str, float],
    models: str,
    database_url: str | None,
) -> Outcome:
    """`length_s`: how long news comes; `drain_s`: how long what is late may take after it."""
    began = time.monotonic()
    stage = set_stage(root)
    log = Log(Reader(names_of(news.watches)), seed)
    outlets = Outlets(news, stage.base, length_s)
    write_config(stage, news, outlets.addresses(), alerts, models)
    environment = environment_of(stage, database_url)
    service = Service(stage, environment)
    harm = Harm(service, stage, database_url, seed)
    run = _Run(stage, news, log, outlets, environment)
    with _world(stage, log, outlets):
        service.start()
        try:
            run.wait_for_start(service)
            outlets.begin()
            harm.run(length_s, run.look)
            run.drain(drain_s)
        finally:
            code = service.stop()
    accepted = log.acceptances()
    _keep(root / "accepted.jsonl", [asdict(one) for one in accepted])
    faults = [*harm.faults, *([] if code == 0 else [f"the service ended with {code}"])]
    return Outcome(
        verdicts=judge(news.planned, accepted, sorted(harm.interruptions)),
        planned={channel: sum(one.channel == channel for one in news.planned) for channel in CHANNELS},
        delays=delays(news.planned, accepted, outlets.shown),
        harm=harm.done,
        fates={(channel, fate.value): number for (channel, fate), number in log.fates.items()},
        faults=faults,
        counts=run.counts(),
        seconds=time.monotonic() - began,
    )


def say(line: str) -> None:
    """Tells the person who watches."""
    print(f"{datetime.now(UTC):%H:%M:%S} | {line}", flush=True)


class _Run:
    """Watches a part from its start to the last message."""

    def __init__(self, stage: Stage, news: News, log: Log, outlets: Outlets, environment: Mapping[str, str]) -> None:
        self._stage = stage
        self._news = news
        self._log = log
        self._outlets = outlets
        self._environment = environment
        self._told = 0.0

    def wait_for_start(self, service: Service) -> None:
        """Until every feed was read once."""
        deadline = time.monotonic() + _START_S
        while not self._outlets.is_known:
            if not service.is_up or time.monotonic() > deadline:
                raise SystemExit(f"the service did not start; see {self._stage.root / 'output'}")
            time.sleep(_LOOK_S)
        say(f"the feeds are read; the service logs to {self._stage.root / 'output'}")

    def look(self) -> None:
        """Tells now and then how far it is."""
        if time.monotonic() - self._told > _TELL_S:
            self._told = time.monotonic()
            self._tell()

    def drain(self, drain_s: float) -> None:
        """Until everything came and nothing waits; the channels go on failing."""
        ends = time.monotonic() + drain_s
        complete_at: float | None = None
        while time.monotonic() < ends:
            time.sleep(_LOOK_S)
            self.look()
            complete_at = (complete_at or time.monotonic()) if self._is_complete() else None
            if complete_at is not None and time.monotonic() - complete_at > _QUIET_S:
                return
        say(f"not everything came within {drain_s:.0f} s")

    def counts(self) -> Counts | None:
        """What the service's database holds; None while it cannot be read."""
        try:
            engine = open_store(read_settings(self._stage.config_dir, self._environment))
            try:
                return counts(engine)
            finally:
                engine.dispose()
        except ServiceError:
            return None

    def _is_complete(self) -> bool:
        if self._outlets.served < self._outlets.articles:
            return False
        now = self.counts()
        if now is None:
            return False
        return not any(now.articles.get(state, 0) or now.deliveries.get(state, 0) for state in _WAITING)

    def _tell(self) -> None:
        now = self.counts()
        if now is None:
            say("the database cannot be read now")
            return
        told = {(pair, one.channel) for one in self._log.acceptances() if one.amends is None for pair in one.told}
        state = f"{sum(now.articles.values())} read {dict(now.articles)}, {now.alerts} alerts, {dict(now.deliveries)}"
        say(f"{self._outlets.served} articles out, {len(told)} of {len(self._news.planned)} came; {state}")


@contextmanager
def _world(stage: Stage, log: Log, outlets: Outlets) -> Iterator[None]:
    """Feeds and channels on a thread of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="world", daemon=True)
    thread.start()

    def call(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=10)

    application = web.Application()
    application.router.add_get("/{outlet:\\d+}/feed", outlets.answer)
    HttpChannels(log).add_to(application)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)

    async def begin() -> asyncio.Server:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", stage.web_port).start()
        return await loop.create_server(
            lambda: SMTP(MailChannel(log), hostname="localhost", loop=loop), "127.0.0.1", stage.mail_port
        )

    mail = call(begin())
    try:
        yield
    finally:
        loop.call_soon_threadsafe(mail.close)
        call(runner.cleanup())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=5)


def _keep(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
