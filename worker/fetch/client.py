"""Conditional GET with time and size limits.

One request for one feed, synchronous outside; who asks how often is decided elsewhere. It sends no cookies and
no referrer, follows redirects by hand so that every hop is checked, and turns every failure into a FetchError.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from worker.bounded_loop import run_bounded
from worker.errors import FetchError, FetchReason
from worker.fetch.address import CheckedResolver, is_allowed
from worker.fetch.body import BodyTooLargeError, decode_body
from worker.fetch.faults import FAULTS, reason_of_fault, reason_of_status
from worker.models.news import Validators
from worker.text.http_dates import retry_after_s

_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8"
_MIB = 1024 * 1024
_CHUNK = 65536
_SILENCE_S = 10.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A document; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    #: decoded, at most `max_bytes`
    body: bytes
    #: where the redirects ended
    final_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """Status 304: the document is the one that the validators name; header names are lower-case."""

    headers: Mapping[str, str]
    final_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpClient:
    """Fetches feed documents; its settings hold for every request, and it keeps nothing between them."""

    user_agent: str
    #: read feeds from loopback and private networks too
    allow_private: bool
    #: for the whole of it, names and redirects included
    total_timeout_s: float = 20.0
    #: for name, connection and TLS of each hop
    connect_timeout_s: float = 5.0
    max_bytes: int = 10 * _MIB
    max_redirects: int = 5
    #: makes the resolver of one request, inside its event loop
    resolver: Callable[[], AbstractResolver] = aiohttp.ThreadedResolver

    def get(self, feed_id: str, url: str, validators: Validators) -> Response | NotModified:
        """The document behind `url` now; raises FetchError."""
        return run_bounded(self._get(feed_id, url, validators))

    async def _get(self, feed_id: str, url: str, validators: Validators) -> Response | NotModified:
        resolver = self.resolver()
        if not self.allow_private:
            resolver = CheckedResolver(feed_id, resolver)
        try:
            async with (
                asyncio.timeout(self.total_timeout_s),
                aiohttp.ClientSession(
                    connector=aiohttp.TCPConnector(resolver=resolver, force_close=True),
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=aiohttp.ClientTimeout(total=None, connect=self.connect_timeout_s, sock_read=_SILENCE_S),
                    auto_decompress=False,
                    headers=self._request_headers(validators),
                ) as session,
            ):
                return await self._follow(session, feed_id, _absolute(feed_id, url), bool(_conditions(validators)))
        except BodyTooLargeError as exc:
            raise FetchError(feed_id, FetchReason.TOO_LARGE, f"over {self.max_bytes} bytes") from exc
        except FAULTS as exc:
            raise FetchError(feed_id, reason_of_fault(exc), f"{type(exc).__name__}: {exc}") from exc

    def _request_headers(self, validators: Validators) -> dict[str, str]:
        headers = {"User-Agent": self.user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, br"}
        return headers | _conditions(validators)

    async def _follow(
        self, session: aiohttp.ClientSession, feed_id: str, url: URL, conditional: bool
    ) -> Response | NotModified:
        for _ in range(self.max_redirects + 1):
            if not (self.allow_private or is_allowed(url.host or "")):
                raise FetchError(feed_id, FetchReason.PRIVATE_ADDRESS, f"{url.host} is a private address")
            async with session.get(url, allow_redirects=False) as answer:
                headers = {name.lower(): ", ".join(answer.headers.getall(name)) for name in answer.headers}
                if answer.status == HTTPStatus.NOT_MODIFIED and conditional:
                    return NotModified(headers=headers, final_url=str(url))
                if answer.status in _REDIRECTS and "location" in headers:
                    url = next_hop(feed_id, url, answer.headers["Location"])
                    continue
                _raise_for_status(feed_id, answer.status, headers)
                body = decode_body(await self._read(answer), headers.get("content-encoding", ""), self.max_bytes)
                return Response(status=answer.status, headers=headers, body=body, final_url=str(url))
        raise FetchError(feed_id, FetchReason.REDIRECT, f"more than {self.max_redirects} redirects")

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
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
        target = url.join(URL(location.strip())).with_fragment(None)
    except ValueError as exc:
        raise FetchError(feed_id, FetchReason.REDIRECT, f"redirect to an unreadable address: {exc}") from exc
    if target.scheme not in {"http", "https"} or not target.host:
        raise FetchError(feed_id, FetchReason.REDIRECT, f"redirect to a {target.scheme or 'nameless'} address")
    if url.scheme == "https" and target.scheme == "http":
        raise FetchError(feed_id, FetchReason.REDIRECT, "redirect from https to http")
    return target


def _conditions(validators: Validators) -> dict[str, str]:
    conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in conditions.items() if value}


def _absolute(feed_id: str, url: str) -> URL:
    address = URL(url)
    if address.scheme not in {"http", "https"} or not address.host:
        raise FetchError(feed_id, FetchReason.CLIENT, "not an http or https address")
    return address


def _raise_for_status(feed_id: str, status: int, headers: Mapping[str, str]) -> None:
    reason = reason_of_status(status, headers)
    if reason is not None:
        raise FetchError(feed_id, reason, f"status {status}", retry_after_s(headers, datetime.now(UTC)))
