"""The status page, `/healthz` (this process) and `/readyz` (database, broker, workers); it changes nothing.

Everything from a feed is escaped by the template, and the page may load nothing but its own style sheet.
"""

import signal
import socket
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib import resources

import uvicorn
from jinja2 import Environment, PackageLoader, select_autoescape
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from worker.broker import broker_url, queue_lengths
from worker.celery_app import QUEUES
from worker.errors import BrokerError, ConfigError
from worker.fetch.parser_process import ParserProcess
from worker.models.delivery import DeliveryState
from worker.notify.excerpt import pieces
from worker.settings.load import Settings
from worker.settings.service import PagePart
from worker.store import views
from worker.store.articles import SqlArticleStore
from worker.store.feed_notices import SqlFeedNoticeStore, recently_told
from worker.store.feeds import SqlFeedStore
from worker.store.notes import Fate, WatchlistNote, models_fault, watchlist_note
from worker.store.outbox_views import alert_rows, delivery_rows, silence_rows
from worker.store.probes import probes
from worker.store.subscriptions import SqlSubscriptionStore
from worker.text.times import SOFIA
from worker.web.alert_feeds import ALL_ATOM, ALL_JSON, addresses_of, feed_routes
from worker.web.answers import HEADERS, guarded
from worker.web.overview import REASONS, STATES, story_lines, title_of
from worker.web.websub import HubEndpoint
from worker.wiring import open_store

WITHOUT_MODELS = "езиковите модели липсват: работим само по словоформи"
_FATES = {
    Fate.KEPT: "в сила е предишната му версия",
    Fate.DROPPED: "не е в сила",
    Fate.UNPROVEN: "в сила е, но без езиковите модели това не доказва нищо",
}
_SILENT = timedelta(seconds=120)
_SHOWN_ALERTS = 30
_SHOWN_FAULTS = 20
_MONTHS = "яну фев мар апр май юни юли авг сеп окт ное дек".split()  # noqa: SIM905 - easier to read as words


def listen(page: PagePart) -> socket.socket:
    """The socket that the page is served on; raises ConfigError when it cannot be had."""
    try:
        family = socket.getaddrinfo(page.host, page.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((page.host, page.port), family=family)
    except OSError as error:
        place = f"service.yaml: page.port: {page.host}:{page.port}"
        remedy = "stop what listens there, or choose another port"
        raise ConfigError((f"{place} cannot be used ({error.strerror or error}); {remedy}",)) from error


def serve(settings: Settings) -> None:
    """Serves the page until SIGTERM; raises ConfigError when its port is taken."""
    listener = listen(settings.service.page)
    server = uvicorn.Server(
        uvicorn.Config(
            application(settings, open_store(settings)),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
    )
    # uvicorn raises the signal again after its own shutdown; ending well is no failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    server.run(sockets=[listener])


def application(settings: Settings, engine: Engine) -> Starlette:
    """The pages on a database."""
    page = _Page(settings, engine)
    return Starlette(
        routes=[
            Route("/", guarded(page.status)),
            Route("/style.css", page.style),
            Route("/healthz", page.healthz),
            Route("/readyz", guarded(page.readyz)),
            *feed_routes(engine, settings.watchlist),
            *_hub_routes(settings, engine),
        ]
    )


def _hub_routes(settings: Settings, engine: Engine) -> tuple[Route, ...]:
    """Where hubs reach us; without subscriptions every address of theirs is unknown."""
    endpoint = HubEndpoint(
        subscriptions=SqlSubscriptionStore(engine),
        feeds=SqlFeedStore(engine),
        articles=SqlArticleStore(engine),
        configured={feed.id: feed for feed in settings.feeds},
        parse=ParserProcess().parse,
    )
    return endpoint.routes


class _Page:
    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings = settings
        self._engine = engine
        self._broker_url = broker_url(settings.broker_url, settings.paths.data_dir)
        templates = Environment(loader=PackageLoader("worker.web"), autoescape=select_autoescape(), trim_blocks=True)
        templates.filters["local"] = _local
        templates.filters["marked"] = pieces
        templates.filters["title"] = title_of
        templates.globals.update(reasons=REASONS, states_of_deliveries=STATES)
        self._template = templates.get_template("status.html")
        self._own_feeds = [(watch.name, *addresses_of(watch.id)) for watch in settings.watchlist.watches]
        self._style = (resources.files("worker.web") / "templates" / "style.css").read_text(encoding="utf-8")

    def style(self, _request: Request) -> Response:
        return Response(self._style, media_type="text/css")

    def healthz(self, _request: Request) -> Response:
        return PlainTextResponse("ok\n")

    def readyz(self, _request: Request) -> Response:
        faults = self._faults(datetime.now(UTC))
        stated = {"ready": not faults, "faults": list(faults), "warnings": list(self._warnings(self._watches()))}
        return JSONResponse(stated, status_code=503 if faults else 200)

    def status(self, _request: Request) -> Response:
        now = datetime.now(UTC)
        samples = views.latency_samples(self._engine, now - timedelta(days=1))
        watches = self._watches()
        delays = sorted((s.sent_at - (s.published_at or s.seen_at)).total_seconds() for s in samples)
        html = self._template.render(
            now=now,
            faults=self._faults(now),
            warnings=self._warnings(watches),
            counts=views.counts(self._engine),
            stories=story_lines(alert_rows(self._engine, limit=_SHOWN_ALERTS)),
            waiting=delivery_rows(self._engine, states=(DeliveryState.HELD,), limit=_SHOWN_FAULTS),
            silences=silence_rows(self._engine, now),
            feeds=views.feed_rows(self._engine),
            told=recently_told(self._engine, _SHOWN_FAULTS),
            dead=delivery_rows(self._engine, states=(DeliveryState.DEAD,), limit=_SHOWN_FAULTS),
            quarantined=views.quarantined_articles(self._engine, _SHOWN_FAULTS),
            delay_p50=_percentile(delays, 0.5),
            delay_p95=_percentile(delays, 0.95),
            probes={probe.feed_id: probe for probe in probes(self._engine)},
            watches=watches,
            fates=_FATES,
            own_feeds=self._own_feeds,
            all_feeds=(ALL_ATOM, ALL_JSON),
        )
        return HTMLResponse(html, headers=HEADERS)

    def _watches(self) -> WatchlistNote:
        """What the process that matches goes by; before it has said so, what it is about to read."""
        read = self._settings.watchlist
        return watchlist_note(self._engine) or WatchlistNote(version=read.version, watches=len(read.watches))

    def _warnings(self, watches: WatchlistNote) -> tuple[str, ...]:
        """What the service works without, one Bulgarian sentence each."""
        told = [WITHOUT_MODELS] if models_fault(self._engine) else []
        lost_at = SqlFeedNoticeStore(self._engine).network().lost_at
        if lost_at is not None:
            told.append(f"от {_local(lost_at)} никоя емисия не се достига: проверете мрежата на тази машина")
        if watches.faults:
            told.append(f"файловете на наблюденията имат грешки; в сила остава версия {watches.version}")
        failing = dict.fromkeys((one.watch, one.fate) for one in watches.failing)
        told += (f"наблюдението „{name}“ не издържа примерите си: {_FATES[fate]}" for name, fate in failing)
        return tuple(told)

    def _faults(self, now: datetime) -> tuple[str, ...]:
        """What keeps the service from working, one Bulgarian sentence each."""
        faults = []
        beats = views.heartbeats(self._engine)
        for queue in QUEUES:
            beat = beats.get(queue)
            if beat is None or now - beat > _SILENT:
                faults.append(f"процесът „{queue}“ не се е обаждал от {_local(beat) if beat else 'началото'}")
        try:
            queue_lengths(self._broker_url, QUEUES)
        except BrokerError:
            faults.append("брокерът не отговаря")
        return tuple(faults)


def _local(instant: datetime | None) -> str:
    """„24 ное 09:15“, in Sofia."""
    if instant is None:
        return "–"
    local = instant.astimezone(SOFIA)
    return f"{local.day} {_MONTHS[local.month - 1]} {local:%H:%M}"


def _percentile(values: Sequence[float], share: float) -> float | None:
    return values[min(len(values) - 1, int(share * len(values)))] if values else None
