"""Conditional GET, and POST of a form, with time and size limits.

One request for one feed, synchronous outside; who asks how often is decided elsewhere. It sends no cookies and
no referrer, follows redirects by hand so that every hop is checked, and turns every failure into a FetchError.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeAlias

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from worker.bounded_loop import run_bounded
from worker.errors import FetchError, FetchReason
from worker.fetch.address import CheckedResolver, is_allowed
from worker.fetch.body import BodyTooLargeError, decode_body
from worker.fetch.faults import FAULTS, reason_of_fault, reason_of_status
from worker.fetch.wholeness import is_whole
from worker.models.feed import Validators
from worker.text.http_dates import retry_after_s

FEED_TYPES = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8"
#: of robots.txt, and of what hubs say
PLAIN_TYPES = "text/plain, */*;q=0.5"
PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9"
_MIB = 1024 * 1024
_CHUNK = 65536
_SILENCE_S = 10.0
#: so much of a refusal is read, to know what it is
_REFUSAL_BYTES = 65536
_REFUSAL_S = 2.0
_SHOWN = 120
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})

#: asked before each request of a redirect chain; raises what forbids it
Gate: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A document; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    #: decoded, at most `max_bytes`
    body: bytes
    #: where the redirects ended
    final_url: str
    #: where an unbroken chain of permanent redirects (301, 308) from the first address ended; None: there was none
    moved_to: str | None = None
    #: its compression broke off or is faulty, twice; the body is what could be decoded
    damaged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """Status 304: the document is the one that the validators name; header names are lower-case."""

    headers: Mapping[str, str]
    final_url: str
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One answer as it came; of a redirect no body, of a refusal its beginning."""

    status: int
    headers: Mapping[str, str]
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpClient:
    """Fetches documents; its settings hold for every request, and it keeps nothing between them."""

    user_agent: str
    #: read feeds from loopback and private networks too
    allow_private: bool
    #: for the whole of it, names and redirects included
    total_timeout_s: float = 20.0
    #: for name, connection and TLS of each hop
    connect_timeout_s: float = 5.0
    max_bytes: int = 10 * _MIB
    max_redirects: int = 5
    accept: str = FEED_TYPES
    #: makes the resolver of one request, inside its event loop
    resolver: Callable[[], AbstractResolver] = aiohttp.ThreadedResolver

    def get(self, feed_id: str, url: str, validators: Validators, gate: Gate | None = None) -> Response | NotModified:
        """The document behind `url` now; raises FetchError, and what `gate` raises."""
        hop, moved_to, is_moving = _absolute(feed_id, url), None, True
        deadline = time.monotonic() + self.total_timeout_s
        for _ in range(self.max_redirects + 1):
            self._enter(feed_id, hop, gate)
            conditions = _conditions(validators, str(hop))
            answer = self._ask(feed_id, hop, conditions, deadline)
            if answer.status in _REDIRECTS and "location" in answer.headers:
                _raise_if_told_to_wait(feed_id, answer)
                hop = next_hop(feed_id, hop, answer.headers["location"])
                is_moving = is_moving and answer.status in _PERMANENT
                moved_to = str(hop) if is_moving else moved_to
                continue
            if answer.status == HTTPStatus.NOT_MODIFIED and conditions:
                return NotModified(headers=answer.headers, final_url=str(hop), moved_to=moved_to)
            return self._document(feed_id, hop, conditions, deadline, answer, moved_to)
        raise FetchError(feed_id, FetchReason.REDIRECT, f"more than {self.max_redirects} redirects")

    def post(self, feed_id: str, url: str, form: Mapping[str, str], gate: Gate | None = None) -> None:
        """Hands a form over; raises FetchError where it is not taken, and what `gate` raises.

        It goes to this address alone: a redirect is a refusal.
        """
        target = _absolute(feed_id, url)
        self._enter(feed_id, target, gate)
        deadline = time.monotonic() + self.total_timeout_s
        answer = self._ask(feed_id, target, {"Accept-Encoding": "identity"}, deadline, form)
        reason = reason_of_status(answer.status, answer.headers, answer.raw)
        if reason is not None:
            said = answer.raw.decode("utf-8", "replace").strip()[:_SHOWN]
            wait_s = retry_after_s(answer.headers, datetime.now(UTC))
            raise FetchError(feed_id, reason, f"status {answer.status}" + (f": {said}" if said else ""), wait_s)

    def _enter(self, feed_id: str, url: URL, gate: Gate | None) -> None:
        """Before each request."""
        if not (self.allow_private or is_allowed(url.host or "")):
            raise FetchError(feed_id, FetchReason.PRIVATE_ADDRESS, f"{url.host} is a private address")
        if gate is not None:
            gate(str(url))

    def _document(  # noqa: PLR0917 - one answer and what it was asked with
        self,
        feed_id: str,
        url: URL,
        conditions: Mapping[str, str],
        deadline: float,
        answer: _Answer,
        moved_to: str | None,
    ) -> Response:
        """The document of an answer; asked once more without compression where that did not come whole."""
        body = self._decoded(feed_id, answer)
        damaged = not is_whole(answer.raw, answer.headers.get("content-encoding", ""))
        if damaged:
            plain = self._plain(feed_id, url, conditions, deadline)
            if plain is not None:
                answer, body, damaged = plain, self._decoded(feed_id, plain), False
        return Response(
            status=answer.status,
            headers=answer.headers,
            body=body,
            final_url=str(url),
            moved_to=moved_to,
            damaged=damaged,
        )

    def _plain(self, feed_id: str, url: URL, conditions: Mapping[str, str], deadline: float) -> _Answer | None:
        """The same document uncompressed; None where it cannot be had whole this way either."""
        try:
            answer = self._ask(feed_id, url, {**conditions, "Accept-Encoding": "identity"}, deadline)
            _raise_for_status(feed_id, answer)
        except FetchError:
            return None
        return answer if is_whole(answer.raw, answer.headers.get("content-encoding", "")) else None

    def _decoded(self, feed_id: str, answer: _Answer) -> bytes:
        try:
            body = decode_body(answer.raw, answer.headers.get("content-encoding", ""), self.max_bytes)
        except BodyTooLargeError as exc:
            if answer.status >= HTTPStatus.BAD_REQUEST:
                body = b""
            else:
                raise FetchError(feed_id, FetchReason.TOO_LARGE, f"over {self.max_bytes} bytes") from exc
        _raise_for_status(feed_id, answer, body)
        return body

    def _ask(
        self,
        feed_id: str,
        url: URL,
        headers: Mapping[str, str],
        deadline: float,
        form: Mapping[str, str] | None = None,
    ) -> _Answer:
        """One request; everything that the library raises becomes a FetchError."""
        try:
            return run_bounded(self._request(feed_id, url, headers, max(deadline - time.monotonic(), 0.0), form))
        except BodyTooLargeError as exc:
            raise FetchError(feed_id, FetchReason.TOO_LARGE, f"over {self.max_bytes} bytes") from exc
        except FAULTS as exc:
            raise FetchError(feed_id, reason_of_fault(exc), f"{type(exc).__name__}: {exc}") from exc

    async def _request(
        self,
        feed_id: str,
        url: URL,
        headers: Mapping[str, str],
        timeout_s: float,
        form: Mapping[str, str] | None,
    ) -> _Answer:
        resolver = self.resolver()
        if not self.allow_private:
            resolver = CheckedResolver(feed_id, resolver)
        own = {"User-Agent": self.user_agent, "Accept": self.accept, "Accept-Encoding": "gzip, br"}
        async with (
            asyncio.timeout(timeout_s),
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver, force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, connect=self.connect_timeout_s, sock_read=_SILENCE_S),
                auto_decompress=False,
                headers={**own, **headers},
            ) as session,
            session.request("GET" if form is None else "POST", url, data=form, allow_redirects=False) as answer,
        ):
            named = {name.lower(): ", ".join(answer.headers.getall(name)) for name in answer.headers}
            return _Answer(status=answer.status, headers=named, raw=await self._body(answer))

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        if answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return await self._whole(answer)
        if answer.status < HTTPStatus.BAD_REQUEST:
            return b""
        try:
            async with asyncio.timeout(_REFUSAL_S):
                return await answer.content.read(_REFUSAL_BYTES)
        except FAULTS:
            return b""

    async def _whole(self, answer: aiohttp.ClientResponse) -> bytes:
        if (answer.content_length or 0) > self.max_bytes:
            raise BodyTooLargeError
        parts: list[bytes] = []
        size = 0
        async for chunk in answer.content.iter_chunked(_CHUNK):
            parts.append(chunk)
            size += len(chunk)
            if size > self.max_bytes:
                raise BodyTooLargeError
        return b"".join(parts)


def next_hop(feed_id: str, url: URL, location: str) -> URL:
    """Where a redirect leads; its sender may not take us off the web or from https to http (RFC 9110 §15.4)."""
    try:
        target = _without_user(url.join(URL(location.strip())).with_fragment(None))
    except ValueError as exc:
        raise FetchError(feed_id, FetchReason.REDIRECT, f"redirect to an unreadable address: {exc}") from exc
    if target.scheme not in {"http", "https"} or not target.host:
        raise FetchError(feed_id, FetchReason.REDIRECT, f"redirect to a {target.scheme or 'nameless'} address")
    if url.scheme == "https" and target.scheme == "http":
        raise FetchError(feed_id, FetchReason.REDIRECT, "redirect from https to http")
    return target


def _conditions(validators: Validators, url: str) -> dict[str, str]:
    """What makes a request conditional; validators of another address are not sent (they would mean nothing)."""
    if validators.url not in {None, url}:
        return {}
    conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    # What is new alone would do; it needs a tag that says what we have (RFC 3229 §10.5.3).
    conditions["A-IM"] = "feed" if validators.etag else None
    return {name: value for name, value in conditions.items() if value}


def _absolute(feed_id: str, url: str) -> URL:
    try:
        address = URL(url)
    except ValueError as exc:
        raise FetchError(feed_id, FetchReason.CLIENT, f"not an address: {exc}") from exc
    if address.scheme not in {"http", "https"} or not address.host:
        raise FetchError(feed_id, FetchReason.CLIENT, "not an http or https address")
    return _without_user(address)


def _without_user(url: URL) -> URL:
    """Names and passwords in addresses are somebody's trick or somebody's secret: we send none, and keep none."""
    return url.with_user(None) if url.user is not None else url


def _raise_if_told_to_wait(feed_id: str, answer: _Answer) -> None:
    """A redirect may say when it may be followed at the earliest (RFC 9110 §10.2.3)."""
    wait_s = retry_after_s(answer.headers, datetime.now(UTC))
    if wait_s:
        cause = f"status {answer.status}, to be followed in {wait_s:.0f} s"
        raise FetchError(feed_id, FetchReason.RATE_LIMITED, cause, wait_s)


def _raise_for_status(feed_id: str, answer: _Answer, body: bytes = b"") -> None:
    reason = reason_of_status(answer.status, answer.headers, body)
    if reason is not None:
        wait_s = retry_after_s(answer.headers, datetime.now(UTC))
        raise FetchError(feed_id, reason, f"status {answer.status}", wait_s)
