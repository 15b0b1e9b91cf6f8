"""Where the demo's alerts arrive: an SMTP server, a Telegram Bot API and a webhook, all local and all real protocols.

Each arrival is on disk before the sink answers, so that killing everything loses no evidence.
"""

import json
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiohttp import web

MAIL, CHAT, HOOK = "mail", "chat", "hook"
CHANNELS = (MAIL, CHAT, HOOK)
_REPEAT = "възможно повторение"
_ALERT_ID = re.compile(r"\b[0-9a-f]{12,64}\b")
#: Every sink refuses its second message once, as real ones do, so that each demo shows a retry.
_REFUSED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One message that a sink accepted."""

    channel: str
    #: hexadecimal words of the message; the alert's id is one of them
    ids: tuple[str, ...]
    #: marked as possibly repeated
    repeat: bool
    #: seconds since the epoch
    at: float
    text: str


class Arrivals:
    """All messages so far, kept in a file of JSON lines."""

    def __init__(self, path: Path, announce: Callable[[Arrival], None]) -> None:
        """`announce` is told of every new arrival, on the sink's thread."""
        self._lock = threading.Lock()
        self._announce = announce
        self._all: list[Arrival] = []
        self._asked: dict[str, int] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                stored = json.loads(line)
                self._all.append(Arrival(**{**stored, "ids": tuple(stored["ids"])}))
        self._file = path.open("a", encoding="utf-8")

    def add(self, channel: str, text: str, ids_from: str) -> None:
        """Writes down a message before anybody is told that it was accepted."""
        arrival = Arrival(
            channel=channel,
            ids=tuple(sorted(set(_ALERT_ID.findall(ids_from)))),
            repeat=_REPEAT in ids_from,
            at=time.time(),
            text=text,
        )
        with self._lock:
            self._file.write(json.dumps(asdict(arrival), ensure_ascii=False) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self._all.append(arrival)
        self._announce(arrival)

    def refuses(self, channel: str) -> bool:
        """Whether this request is the one that the sink turns away."""
        with self._lock:
            self._asked[channel] = self._asked.get(channel, 0) + 1
            return self._asked[channel] == _REFUSED

    def all(self) -> tuple[Arrival, ...]:
        """Every arrival, in order."""
        with self._lock:
            return tuple(self._all)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


ARRIVALS: web.AppKey[Arrivals] = web.AppKey("arrivals", Arrivals)


class MailSink:
    """The message handler of aiosmtpd; its method name is part of that library's protocol."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        """Takes one e-mail."""
        if self._arrivals.refuses(MAIL):
            return "451 4.3.0 try again later"
        message = message_from_bytes(envelope.content, policy=policy.default)
        body = message.get_body(("plain",))
        text = str(body.get_content()) if body is not None else ""
        self._arrivals.add(MAIL, text, f"{message['Subject']}\n{message['Message-ID']}\n{text}")
        return "250 accepted"


async def take_chat(request: web.Request) -> web.Response:
    """The Bot API's `sendMessage`."""
    arrivals = request.app[ARRIVALS]
    message = await request.json()
    if arrivals.refuses(CHAT):
        wait = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
        return web.json_response(wait, status=429)
    arrivals.add(CHAT, message["text"], message["text"])
    return web.json_response({"ok": True, "result": {"message_id": len(arrivals.all())}})


async def take_edit(request: web.Request) -> web.Response:
    """The Bot API's `editMessageText`: the outlets of a message that arrived already, so it is no arrival."""
    message = await request.json()
    return web.json_response({"ok": True, "result": {"message_id": message["message_id"]}})


async def take_hook(request: web.Request) -> web.Response:
    """A webhook as an operator would write one."""
    arrivals = request.app[ARRIVALS]
    body = await request.text()
    if json.loads(body)["is_amendment"]:
        return web.Response(status=204)
    if arrivals.refuses(HOOK):
        return web.Response(status=503)
    arrivals.add(HOOK, body, body)
    return web.Response(status=204)
