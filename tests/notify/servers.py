"""Real servers on 127.0.0.1 for the channels to talk to, each in a thread of its own for as long as a test needs it."""

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP

#: certificate and key of `localhost`, made for these tests and trusted by nobody
CERTIFICATE = Path(__file__).with_name("localhost.pem")

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class HttpServer:
    """A running server and what it was asked."""

    port: int
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def tls_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@contextmanager
def an_http_server(*answers: Answer | web.Response, tls: bool = False) -> Iterator[HttpServer]:
    """Gives the answers in turn, the last one for ever."""
    server = HttpServer(0)

    async def take(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        server.asked.append(Asked(request.method, request.path, dict(request.headers), body))
        answer = answers[min(len(server.asked), len(answers)) - 1]
        if isinstance(answer, web.Response):
            return web.Response(status=answer.status, headers=answer.headers, body=answer.body)
        return await answer(request)

    @asynccontextmanager
    async def opened() -> AsyncIterator[int]:
        application = web.Application()
        application.router.add_route("*", "/{anything:.*}", take)
        runner = web.AppRunner(application, shutdown_timeout=0.05, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls_context() if tls else None).start()
        yield runner.addresses[0][1]
        await runner.cleanup()

    with _running(opened()) as server.port:
        yield server


async def never(_request: web.Request) -> web.StreamResponse:
    """Lets the client wait."""
    await asyncio.Event().wait()
    raise AssertionError


async def hang_up(request: web.Request) -> web.StreamResponse:
    """Drops the connection instead of an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def half_an_answer(request: web.Request) -> web.StreamResponse:
    """Status 200 and a body that breaks off."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"ok": tr')
    return await hang_up(request)


@contextmanager
def a_mail_server(handler: object, *, implicit_tls: bool = False, **options: Any) -> Iterator[int]:
    """An aiosmtpd server with this handler; gives its port."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[int]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(handler, hostname="localhost", loop=loop, **options),
            "127.0.0.1",
            0,
            ssl=tls_context() if implicit_tls else None,
        )
        yield server.sockets[0].getsockname()[1]
        server.close()

    with _running(opened()) as port:
        yield port


#: what a scripted server does: a reply, nothing at all, or hanging up
SILENCE, HANG_UP = "silence", "hang up"


@contextmanager
def a_scripted_server(script: Mapping[str, str]) -> Iterator[int]:
    """A mail server that keeps to a script by verb («greeting» and «message» count as verbs); else it says 250."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _play(script, reader, writer)
        except ConnectionError:
            pass  # the client is free to leave
        finally:
            writer.transport.abort()

    @asynccontextmanager
    async def opened() -> AsyncIterator[int]:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        yield server.sockets[0].getsockname()[1]
        server.close()

    with _running(opened()) as port:
        yield port


async def _play(script: Mapping[str, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    verb = "greeting"
    while True:
        reply = script.get(verb, {"greeting": "220 ready", "DATA": "354 go ahead"}.get(verb, "250 fine"))
        if reply == HANG_UP:
            return
        if reply != SILENCE:
            writer.write(reply.encode() + b"\r\n")
            await writer.drain()
        if verb == "DATA" and reply.startswith("354"):
            while (await reader.readline()).strip(b"\r\n") != b".":
                pass
            verb = "message"
        elif line := await reader.readline():
            verb = line.decode("ascii").split()[0].upper()
        else:
            return


def a_closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def _running(opened: AbstractAsyncContextManager[int]) -> Iterator[int]:
    ready: Future[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def main() -> None:
        async with opened as port:
            stop = asyncio.Event()
            ready.set_result((port, asyncio.get_running_loop(), stop))
            await stop.wait()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=asyncio.run, args=(main(),), daemon=True)
    thread.start()
    port, loop, stop = ready.result(timeout=5)
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=5)
