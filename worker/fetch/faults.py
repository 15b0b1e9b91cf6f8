"""Why a request failed, in our words: aiohttp's exceptions and HTTP's status codes to reasons."""

import ssl
from collections.abc import Mapping
from http import HTTPStatus

import aiohttp

from worker.errors import FetchReason
from worker.fetch.challenge import is_challenge

#: the first row that fits counts, so what is special stands before what is general
_REASONS: tuple[tuple[type[BaseException], FetchReason], ...] = (
    (TimeoutError, FetchReason.TIMEOUT),
    (aiohttp.ClientConnectorDNSError, FetchReason.DNS),
    (aiohttp.ClientSSLError, FetchReason.TLS),
    (aiohttp.ServerFingerprintMismatch, FetchReason.TLS),
    (ssl.SSLError, FetchReason.TLS),
    (aiohttp.RedirectClientError, FetchReason.REDIRECT),
    (aiohttp.TooManyRedirects, FetchReason.REDIRECT),
    (aiohttp.InvalidURL, FetchReason.CLIENT),
    (aiohttp.NonHttpUrlClientError, FetchReason.CLIENT),
    (aiohttp.ClientResponseError, FetchReason.SERVER),
    (aiohttp.ClientConnectionError, FetchReason.CONNECT),
    (aiohttp.ClientPayloadError, FetchReason.CONNECT),
    (aiohttp.ClientError, FetchReason.CONNECT),
    (OSError, FetchReason.CONNECT),
    (ValueError, FetchReason.CLIENT),
)
#: what `HttpClient` has to catch: the tree of aiohttp and what it lets through of the layers below
FAULTS: tuple[type[Exception], ...] = (aiohttp.ClientError, OSError, ValueError)

_STATUS_REASONS: dict[int, FetchReason] = {
    HTTPStatus.UNAUTHORIZED: FetchReason.BLOCKED,
    HTTPStatus.PAYMENT_REQUIRED: FetchReason.BLOCKED,
    HTTPStatus.FORBIDDEN: FetchReason.BLOCKED,
    HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS: FetchReason.BLOCKED,
    # No feed reader is told this by a server that knows feeds: what it does not accept is who asks.
    HTTPStatus.NOT_ACCEPTABLE: FetchReason.BLOCKED,
    HTTPStatus.NOT_FOUND: FetchReason.NOT_FOUND,
    HTTPStatus.GONE: FetchReason.GONE,
    HTTPStatus.TOO_MANY_REQUESTS: FetchReason.RATE_LIMITED,
}


def reason_of_fault(fault: Exception) -> FetchReason:
    """The reason for one of `FAULTS`."""
    return next((reason for kind, reason in _REASONS if isinstance(fault, kind)), FetchReason.CONNECT)


def reason_of_status(status: int, headers: Mapping[str, str], body: bytes = b"") -> FetchReason | None:
    """Why an answer is no document; None for success. Header names are lower-case."""
    if is_challenge(headers, body):
        return FetchReason.CHALLENGE
    # A 304 comes here only when nothing was asked on condition, and then it is the server's mistake.
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.NOT_MODIFIED:
        return FetchReason.SERVER
    if status >= HTTPStatus.BAD_REQUEST:
        return _STATUS_REASONS.get(status, FetchReason.CLIENT)
    return FetchReason.REDIRECT if status >= HTTPStatus.MULTIPLE_CHOICES else None
