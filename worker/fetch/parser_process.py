"""Parses documents in a process of its own, which can be killed.

Regular expressions, XML parsers and the memory they take cannot be interrupted from within. A document that hangs
or explodes costs this process and one ParseError with the reason; the next document gets a new one. It is started
when the first document comes, once per worker, and ended by its id.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from worker.errors import ParseError
from worker.fetch.frames import (
    BrokenFrameError,
    from_bytes,
    is_last,
    parsed_from,
    receive,
    send,
    sitemap_from,
    to_bytes,
)
from worker.fetch.parsing import ParsedFeed
from worker.fetch.sitemaps import Sitemap
from worker.models.feed import FeedKind

_START_S = 30.0
_END_S = 5.0
_GRACE_S = 0.2
#: after so many documents a fresh process takes over, in case memory leaks
_MOST_DOCUMENTS = 1000
_PROGRAM = ("-m", "worker.fetch.parser_child")
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Running:
    process: subprocess.Popen[bytes]
    connection: socket.socket
    #: the worker that started it: a fork of that worker must leave it alone
    owner: int


class ParserProcess:
    """Does what `parse_feed` and `parse_sitemap` do, within limits."""

    def __init__(self, *, timeout_s: float = 9.5, memory_mib: int = 1024, program: tuple[str, ...] = _PROGRAM) -> None:
        self._timeout_s = timeout_s
        self._memory_mib = memory_mib
        self._program = program
        self._lock = Lock()
        self._running: _Running | None = None
        self._documents = 0
        self._finalizer: weakref.finalize[[_Running], ParserProcess] | None = None

    def parse(self, feed_id: str, body: bytes, headers: Mapping[str, str], final_url: str) -> ParsedFeed:
        """As `parse_feed`; raises ParseError too where the parser did not come to an end, with the reason."""
        request = {"kind": FeedKind.FEED, "feed": feed_id, "headers": dict(headers), "url": final_url}
        try:
            return parsed_from(feed_id, self._answer(feed_id, request, body))
        except BrokenFrameError as exc:
            raise _unreadable(feed_id) from exc

    def parse_sitemap(self, feed_id: str, body: bytes, content_type: str = "") -> Sitemap:
        """As the function of this name; raises ParseError too where the parser did not come to an end."""
        request = {"kind": FeedKind.SITEMAP, "feed": feed_id, "content_type": content_type}
        try:
            return sitemap_from(feed_id, self._answer(feed_id, request, body))
        except BrokenFrameError as exc:
            raise _unreadable(feed_id) from exc

    def close(self) -> None:
        """Ends the process, if there is one."""
        with self._lock:
            self._end()

    @property
    def process_id(self) -> int | None:
        """Of the process that runs now."""
        return self._running.process.pid if self._running else None

    def _answer(self, feed_id: str, request: dict[str, Any], body: bytes) -> Any:
        with self._lock:
            answer = from_bytes(self._asked(feed_id, to_bytes(request), body))
            if is_last(answer):
                self._end()
        return answer

    def _asked(self, feed_id: str, request: bytes, body: bytes) -> bytes:
        try:
            running = self._asked_first(feed_id, request)
            until = time.monotonic() + self._timeout_s
            send(running.connection, body, until)
            answer = receive(running.connection, until)
        except TimeoutError as exc:
            self._end(grace_s=0.0)
            raise ParseError(feed_id, f"not parsed within {self._timeout_s:g} s") from exc
        except (BrokenFrameError, OSError) as exc:
            raise ParseError(feed_id, _why_ended(self._end(), self._timeout_s)) from exc
        self._documents += 1
        if self._documents >= _MOST_DOCUMENTS:
            self._end()
        return answer

    def _asked_first(self, feed_id: str, request: bytes) -> _Running:
        """The process that has the request; one that had ended since the last document is replaced."""
        running = self._ready(feed_id)
        try:
            send(running.connection, request, time.monotonic() + self._timeout_s)
        except OSError:
            self._end()
            running = self._ready(feed_id)
            send(running.connection, request, time.monotonic() + self._timeout_s)
        return running

    def _ready(self, feed_id: str) -> _Running:
        running = self._running
        if running and running.owner == os.getpid() and running.process.poll() is None:
            return running
        self._end()
        started = self._started()
        try:
            receive(started.connection, time.monotonic() + _START_S)
        except (BrokenFrameError, OSError) as exc:
            raise ParseError(feed_id, f"the parser could not be started ({_why_ended(self._end(), 0)})") from exc
        return started

    def _started(self) -> _Running:
        ours, theirs = socket.socketpair()
        cpu_s = max(1, round(self._timeout_s))
        arguments = [sys.executable, *self._program, str(theirs.fileno()), str(self._memory_mib), str(cpu_s)]
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own program, with numbers alone
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"},
            )
        self._running = _Running(process=process, connection=ours, owner=os.getpid())
        self._documents = 0
        self._finalizer = weakref.finalize(self, _kill, self._running)
        return self._running

    def _end(self, grace_s: float = _GRACE_S) -> int | None:
        """Kills what runs and gives its exit status; None where nothing of ours ran."""
        running, self._running = self._running, None
        if self._finalizer:
            self._finalizer.detach()
        return _kill(running, grace_s) if running else None


def _kill(running: _Running, grace_s: float = _GRACE_S) -> int | None:
    """Ends a process by its id; it has ended itself, by closing the socket, where it was sound."""
    running.connection.close()
    if running.owner != os.getpid():
        return None
    try:
        # One that died by itself has its own status, and tells more than ours.
        return running.process.wait(grace_s)
    except subprocess.TimeoutExpired:
        running.process.kill()
    try:
        return running.process.wait(_END_S)
    except subprocess.TimeoutExpired:
        return None


def _unreadable(feed_id: str) -> ParseError:
    return ParseError(feed_id, "the parser answered what cannot be read")


def _why_ended(status: int | None, timeout_s: float) -> str:
    if status == -signal.SIGXCPU:
        return f"took more than {timeout_s:g} s of processor time"
    if status is not None and status < 0:
        return f"ended the parser with signal {-status}"
    return f"ended the parser with status {status}"
