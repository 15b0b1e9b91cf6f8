"""The demo's outside world on one loopback port: the outlets' feeds and the receiving ends of the channels."""

import asyncio
import threading
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiosmtpd.controller import Controller

from worker.demo.documents import document_of
from worker.demo.morning import DemoItem, DemoOutlet, Morning
from worker.demo.sinks import ARRIVALS, Arrivals, MailSink, take_chat, take_edit, take_hook
from worker.errors import ConfigError

_HOST = "127.0.0.1"
BOT_TOKEN = "1:demo"  # noqa: S105 - of a bot that exists only here


class World:
    """Serves what was published before the morning, and the morning itself from `begin` on, until closed."""

    def __init__(self, morning: Morning, arrivals: Arrivals, web_port: int, mail_port: int) -> None:
        """Raises ConfigError when a port is taken."""
        self.base = f"http://{_HOST}:{web_port}"
        self._outlets = {outlet.id: outlet for outlet in morning.outlets}
        self._items: dict[str, list[DemoItem]] = {outlet.id: [] for outlet in morning.outlets}
        for item in morning.items:
            self._items[item.outlet].append(item)
        self._began: datetime | None = None
        self._arrivals = arrivals
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="world", daemon=True)
        self._mail = Controller(MailSink(arrivals), hostname=_HOST, port=mail_port)
        self._runner = web.AppRunner(self._application(), access_log=None)
        self._thread.start()
        try:
            self._call(self._runner.setup())
            self._call(web.TCPSite(self._runner, _HOST, web_port).start())
            self._mail.start()
        except OSError as error:
            self.close()
            raise ConfigError((f"port {web_port} or {mail_port} on {_HOST} is in use ({error.strerror})",)) from error

    def begin(self, at: datetime) -> None:
        """Starts the morning's clock, in the past when a run is carried on."""
        self._began = at

    @property
    def elapsed_s(self) -> float:
        """Seconds into the morning; negative before it."""
        return -1.0 if self._began is None else time.time() - self._began.timestamp()

    def close(self) -> None:
        """Stops serving."""
        self._mail.stop(no_assert=True)
        self._call(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    def _application(self) -> web.Application:
        application = web.Application()
        application[ARRIVALS] = self._arrivals
        application.router.add_get("/{outlet}/feed", self._feed)
        application.router.add_post(f"/bot{BOT_TOKEN}/sendMessage", take_chat)
        application.router.add_post(f"/bot{BOT_TOKEN}/editMessageText", take_edit)
        application.router.add_post("/hook", take_hook)
        return application

    async def _feed(self, request: web.Request) -> web.Response:
        outlet: DemoOutlet | None = self._outlets.get(request.match_info["outlet"])
        if outlet is None:
            return web.Response(status=404)
        began = self._began or datetime.now(UTC)
        document = document_of(outlet, self._items[outlet.id], self.base, began, self.elapsed_s)
        if document.etag is not None and request.headers.get("If-None-Match") == document.etag:
            return web.Response(status=304, headers={"ETag": document.etag})
        return web.Response(body=document.body, headers=dict(document.headers))
