"""One request with JSON, and what its failure means; for the channels that speak HTTP.

Redirects are not followed and certificates are always verified. Addresses are the operator's own, so private
ones are allowed. No error repeats an address or quotes an exception of aiohttp, since those hold the token.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import aiohttp

from worker.bounded_loop import run_bounded
from worker.errors import DeliveryError, DeliveryReason
from worker.models.watch import ChannelId
from worker.text.http_dates import retry_after_s

#: everything that aiohttp's client raises on a request; the loop lets through OSError, UnicodeError for a host, and
#: ValueError for a sign that no header may hold
FAILURES = (aiohttp.ClientError, TimeoutError, OSError, ValueError)
_BODY_LIMIT = 64 * 1024
_CHUNK = 16 * 1024
_REASONS: Mapping[int, DeliveryReason] = {
    HTTPStatus.UNAUTHORIZED: DeliveryReason.AUTH,
    HTTPStatus.FORBIDDEN: DeliveryReason.AUTH,
    HTTPStatus.NOT_FOUND: DeliveryReason.AUTH,
    HTTPStatus.GONE: DeliveryReason.AUTH,
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: DeliveryReason.AUTH,
    HTTPStatus.REQUEST_TIMEOUT: DeliveryReason.SERVER,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: DeliveryReason.TOO_LONG,
    HTTPStatus.TOO_EARLY: DeliveryReason.SERVER,
    HTTPStatus.TOO_MANY_REQUESTS: DeliveryReason.RATE_LIMITED,
}
#: by hundreds; a redirect means that the configured address is wrong, which an operator may correct
_REASONS_BY_CLASS = {3: DeliveryReason.AUTH, 4: DeliveryReason.BAD_REQUEST, 5: DeliveryReason.SERVER}
#: a gateway may have passed the request on before it gave up; the last two are those of a large proxy
_MAYBE_ACCEPTED = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT, 520, 524})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server said."""

    status: int
    #: names in lower case
    headers: Mapping[str, str]
    #: its beginning, as far as it arrived
    body: bytes


@dataclass(slots=True)
class _Progress:
    """How far a request came."""

    is_sent: bool = False


def post_json(channel: ChannelId, url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> Answer:
    """As `ask_json`, with POST."""
    return ask_json(channel, "POST", url, body, headers, timeout_s)


def ask_json(  # noqa: PLR0917 - what a request is made of
    channel: ChannelId, method: str, url: str, body: bytes, headers: Mapping[str, str], timeout_s: float
) -> Answer:
    """The server's answer, whatever its status; raises DeliveryError when there is none.

    `timeout_s` bounds the whole exchange, the name included. Not for use inside an event loop.
    """
    progress = _Progress()
    try:
        return run_bounded(_ask(method, url, body, headers, timeout_s, progress))
    except FAILURES as exc:
        failure = failure_of(channel, exc, is_sent=progress.is_sent)
    # Raised out here so that it does not carry the other exception, whose text holds the address.
    raise failure


def failure_of(channel: ChannelId, exc: Exception, *, is_sent: bool) -> DeliveryError:
    """What an exception of aiohttp's client means; `is_sent`: the request had begun to go out."""
    reason = DeliveryReason.NETWORK
    match exc:
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError() | UnicodeError():
            reason, cause = DeliveryReason.AUTH, "the configured address is not a usable URL"
        # Certificate errors are of that kind too.
        case ValueError() if not isinstance(exc, OSError | aiohttp.ClientError):
            reason, cause = DeliveryReason.AUTH, "the configured token or secret holds a sign that no header may have"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ServerFingerprintMismatch():
            cause = "the server's certificate is not valid"
        case aiohttp.ClientSSLError():
            cause = "no TLS connection"
        case aiohttp.ClientConnectorDNSError():
            cause = "the server's name cannot be resolved"
        case aiohttp.ClientConnectorError():
            cause = "no connection"
        case TimeoutError():
            cause = "no answer in time" if is_sent else "no connection in time"
        case aiohttp.ClientResponseError():
            reason, cause = DeliveryReason.SERVER, "the answer is not HTTP"
        case _:
            cause = "the connection broke"
    return DeliveryError(channel, reason, cause, maybe_accepted=is_sent)


def refusal_of(channel: ChannelId, answer: Answer, now: datetime) -> DeliveryError | None:
    """Why the server did not take the message; None: it did. The body is not looked at."""
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    by_class = _REASONS_BY_CLASS.get(answer.status // 100, DeliveryReason.SERVER)
    return DeliveryError(
        channel,
        _REASONS.get(answer.status, by_class),
        f"HTTP status {answer.status}",
        retry_after_s=retry_after_s(answer.headers, now),
        maybe_accepted=answer.status in _MAYBE_ACCEPTED,
    )


async def _ask(  # noqa: PLR0917 - as above
    method: str, url: str, body: bytes, headers: Mapping[str, str], timeout_s: float, progress: _Progress
) -> Answer:
    async def note_sent(*_: object) -> None:
        progress.is_sent = True

    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(note_sent)
    # The context is made anew, so that certificates that the operator renewed hold without a restart; it takes time,
    # and plain HTTP needs none.
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context() if url.startswith("https:") else True)
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=timeout_s),
        trace_configs=[trace],
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as session:
        sent_headers = {"Content-Type": "application/json", "Accept-Encoding": "identity", **headers}
        async with session.request(method, url, data=body, headers=sent_headers, allow_redirects=False) as response:
            received = {name.lower(): value for name, value in response.headers.items()}
            return Answer(status=response.status, headers=received, body=await _beginning(response.content))


async def _beginning(content: aiohttp.StreamReader) -> bytes:
    """The first 64 KiB; what is missing because the connection broke stays missing, for the status has decided."""
    received = bytearray()
    try:
        while len(received) < _BODY_LIMIT and (chunk := await content.read(_CHUNK)):
            received += chunk
    except FAILURES:
        return bytes(received[:_BODY_LIMIT])
    return bytes(received[:_BODY_LIMIT])
