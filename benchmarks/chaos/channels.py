"""Six fake channels on this machine, which fail in all the ways in which channels fail, and log what they accepted.

Each request draws its fate: a good answer, a slow one, „wait“, „error“, silence or a dropped connection; the last two
before or after the message was accepted.
"""

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from email import message_from_bytes, policy
from enum import StrEnum
from itertools import count
from random import Random
from typing import Any

from aiohttp import web

from benchmarks.chaos.judge import Acceptance
from benchmarks.chaos.messages import Reader, Told
from benchmarks.chaos.news import CHANNELS

TOKEN = "1:chaos"  # noqa: S105 - of a bot that exists only here
#: longer than the senders wait
_HANG_S = 3.5
_SLOW_S = (0.2, 1.2)
_WAIT_S = (1, 2)


class Fate(StrEnum):
    """What becomes of a request."""

    FINE = "accepted"
    SLOW = "accepted, slow answer"
    WAIT = "429, wait"
    ERROR = "500"
    HANG = "timeout"
    DROP = "dropped"
    HANG_AFTER = "accepted, timeout"
    DROP_AFTER = "accepted, dropped"


_WEIGHTS = {
    Fate.FINE: 66,
    Fate.SLOW: 6,
    Fate.WAIT: 7,
    Fate.ERROR: 7,
    Fate.HANG: 2,
    Fate.DROP: 5,
    Fate.HANG_AFTER: 2,
    Fate.DROP_AFTER: 5,
}
_ACCEPTED = frozenset({Fate.FINE, Fate.SLOW, Fate.HANG_AFTER, Fate.DROP_AFTER})


class Log:
    """What the channels accepted, and how they answered."""

    def __init__(self, reader: Reader, seed: int) -> None:
        self.reader = reader
        self.fates: Counter[tuple[str, Fate]] = Counter()
        self._random = {channel: Random(f"{seed}{channel}") for channel in CHANNELS}  # noqa: S311 - nothing is secret
        self._guard = threading.Lock()
        self._accepted: list[tuple[str, Told, float, tuple[tuple[str, str], ...] | None]] = []
        self._answered: set[int] = set()
        #: what was told by the channel's own id of the message
        self._told: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}

    def fate(self, channel: str) -> tuple[Fate, Random]:
        """Draws one; with it the channel's own randomness."""
        random = self._random[channel]
        with self._guard:
            fate = random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
            self.fates[channel, fate] += 1
        return fate, random

    def accept(self, channel: str, told: Told, remote_id: str, amended: str | None = None) -> int:
        """Notes a message, or an amendment of an earlier one by its id; gives the number by which to say `answered`."""
        with self._guard:
            amends = None if amended is None else self._told.get((channel, amended), ())
            if amended is None:
                self._told.setdefault((channel, remote_id), told.pairs)
            self._accepted.append((channel, told, time.time(), amends))
            return len(self._accepted) - 1

    def answered(self, number: int) -> None:
        """The answer went out."""
        with self._guard:
            self._answered.add(number)

    def acceptances(self) -> tuple[Acceptance, ...]:
        """All so far, in order."""
        with self._guard:
            return tuple(
                Acceptance(
                    channel=channel,
                    told=told.pairs,
                    at=at,
                    is_answered=number in self._answered,
                    is_marked=told.is_marked,
                    is_digest=told.is_digest,
                    amends=amends,
                )
                for number, (channel, told, at, amends) in enumerate(self._accepted)
            )


class HttpChannels:
    """Telegram, Slack, Discord, ntfy and a webhook, as far as the service speaks with them."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._ids = count(1)

    def add_to(self, application: web.Application) -> None:
        """Adds the addresses."""
        route = application.router.add_route
        route("POST", f"/bot{TOKEN}/sendMessage", self._on("telegram", _telegram))
        route(
            "POST", f"/bot{TOKEN}/editMessageText", self._on("telegram", _telegram, lambda _, m: str(m["message_id"]))
        )
        route("POST", "/slack/chat.postMessage", self._on("slack", _slack))
        route("POST", "/slack/chat.update", self._on("slack", _slack, lambda _, m: str(m["ts"])))
        route("POST", "/discord/hook", self._on("discord", _discord))
        route("PATCH", "/discord/hook/messages/{id}", self._on("discord", _discord, lambda r, _: r.match_info["id"]))
        route("POST", "/ntfy/", self._on("ntfy", _ntfy))
        route("POST", "/hook", self._on("hook", _hook, _amended_event))

    def _on(
        self,
        channel: str,
        read: Callable[[Reader, Mapping[str, Any]], Told],
        amended: Callable[[web.Request, Mapping[str, Any]], str | None] = lambda _, __: None,
    ) -> Callable[[web.Request], Any]:
        async def take(request: web.Request) -> web.StreamResponse:
            message = await request.json()
            fate, random = self._log.fate(channel)
            number = None
            remote_id = _event_key(message) if channel == "hook" else str(next(self._ids))
            if fate in _ACCEPTED:
                told = read(self._log.reader, message)
                number = self._log.accept(channel, told, remote_id, amended(request, message))
            if fate in {Fate.HANG, Fate.HANG_AFTER}:
                await asyncio.sleep(_HANG_S)
            if fate in {Fate.HANG, Fate.HANG_AFTER, Fate.DROP, Fate.DROP_AFTER}:
                if request.transport is not None:
                    request.transport.abort()
                return web.Response()
            if fate is Fate.SLOW:
                await asyncio.sleep(random.uniform(*_SLOW_S))
            response = _answer(channel, fate, remote_id, random.randint(*_WAIT_S))
            if number is not None:
                try:
                    await response.prepare(request)
                    await response.write_eof()
                except ConnectionError:
                    return response  # the sender was killed meanwhile
                self._log.answered(number)
            return response

        return take


class MailChannel:
    """The message handler of aiosmtpd; its method name is part of that library's protocol."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def handle_DATA(self, server: Any, _session: object, envelope: Any) -> str:  # noqa: N802
        """Takes one e-mail, or does not."""
        fate, random = self._log.fate("mail")
        number = None
        if fate in _ACCEPTED:
            message = message_from_bytes(envelope.content, policy=policy.default)
            body = message.get_body(("plain",))
            text = f"{message['Subject']}\n{body.get_content() if body is not None else ''}"
            number = self._log.accept("mail", self._log.reader.read(text), str(message["Message-ID"]))
        if fate in {Fate.HANG, Fate.HANG_AFTER}:
            await asyncio.sleep(_HANG_S)
        if fate in {Fate.HANG, Fate.HANG_AFTER, Fate.DROP, Fate.DROP_AFTER}:
            server.transport.abort()
            return "451 gone"
        if fate is Fate.SLOW:
            await asyncio.sleep(random.uniform(*_SLOW_S))
        if number is None:
            return "452 4.3.1 too much, wait" if fate is Fate.WAIT else "451 4.3.0 error in processing"
        self._log.answered(number)
        return "250 accepted"


def _answer(channel: str, fate: Fate, remote_id: str, wait_s: int) -> web.Response:
    if fate is Fate.ERROR:
        return web.json_response({"error": "internal"}, status=500)
    if fate is Fate.WAIT:
        bodies: dict[str, Mapping[str, Any]] = {
            "telegram": {"ok": False, "error_code": 429, "parameters": {"retry_after": wait_s}},
            "slack": {"ok": False, "error": "ratelimited"},
            "discord": {"message": "You are being rate limited.", "retry_after": wait_s + 0.5, "global": False},
            "ntfy": {"code": 42901, "http": 429, "error": "limit reached"},
        }
        return web.json_response(bodies.get(channel, {}), status=429, headers={"Retry-After": str(wait_s)})
    good: dict[str, Mapping[str, Any]] = {
        "telegram": {"ok": True, "result": {"message_id": int(remote_id) if remote_id.isdecimal() else 0}},
        "slack": {"ok": True, "channel": "C1", "ts": remote_id},
        "discord": {"id": remote_id},
        "ntfy": {"id": remote_id},
    }
    return web.json_response(good.get(channel, {}))


def _telegram(reader: Reader, message: Mapping[str, Any]) -> Told:
    return reader.read(message["text"])


def _discord(reader: Reader, message: Mapping[str, Any]) -> Told:
    return reader.read(message["content"])


def _ntfy(reader: Reader, message: Mapping[str, Any]) -> Told:
    return reader.read(f"{message['title']}\n{message['message']}")


def _hook(reader: Reader, message: Mapping[str, Any]) -> Told:
    return reader.read_event(message)


def _slack(reader: Reader, message: Mapping[str, Any]) -> Told:
    sections = (element["elements"] for block in message["blocks"] for element in block["elements"])
    return reader.read("\n".join("".join(run["text"] for run in section) for section in sections))


def _event_key(event: Mapping[str, Any]) -> str:
    return json.dumps([event.get("story"), (event.get("watch") or {}).get("id")])


def _amended_event(_request: web.Request, event: Mapping[str, Any]) -> str | None:
    return _event_key(event) if event.get("is_amendment") is True else None
