"""No exception of the libraries below is forgotten: each is listed here with what it means."""

import inspect
import smtplib
import ssl

import pytest
from aiohttp import client_exceptions

from tests.notify.deliveries import CHANNEL
from worker.errors import DeliveryReason
from worker.notify import http, smtp

AUTH, NETWORK, SERVER, BAD_REQUEST = (
    DeliveryReason.AUTH,
    DeliveryReason.NETWORK,
    DeliveryReason.SERVER,
    DeliveryReason.BAD_REQUEST,
)

AIOHTTP = {
    "ClientError": NETWORK,
    "ClientConnectionError": NETWORK,
    "ClientConnectionResetError": NETWORK,
    "ClientOSError": NETWORK,
    "ClientConnectorError": NETWORK,
    "ClientConnectorDNSError": NETWORK,
    "ClientProxyConnectionError": NETWORK,
    "UnixClientConnectorError": NETWORK,
    "ClientSSLError": NETWORK,
    "ClientConnectorSSLError": NETWORK,
    "ClientConnectorCertificateError": NETWORK,
    "ServerConnectionError": NETWORK,
    "ServerDisconnectedError": NETWORK,
    "ServerTimeoutError": NETWORK,
    "ConnectionTimeoutError": NETWORK,
    "SocketTimeoutError": NETWORK,
    "ServerFingerprintMismatch": NETWORK,
    "ClientPayloadError": NETWORK,
    "UploadAbortedError": NETWORK,
    "ClientResponseError": SERVER,
    "ContentTypeError": SERVER,
    "ClientHttpProxyError": SERVER,
    "TooManyRedirects": SERVER,
    "WSServerHandshakeError": SERVER,
    "InvalidURL": AUTH,
    "InvalidUrlClientError": AUTH,
    "InvalidUrlRedirectClientError": AUTH,
    "NonHttpUrlClientError": AUTH,
    "NonHttpUrlRedirectClientError": AUTH,
    "RedirectClientError": NETWORK,
}
#: raised for frames of a web socket alone, which we never open
UNREACHABLE = {"WSMessageTypeError"}

SMTPLIB = {
    "SMTPException": (smtplib.SMTPException("no suitable login"), AUTH),
    "SMTPNotSupportedError": (smtplib.SMTPNotSupportedError("STARTTLS"), AUTH),
    "SMTPServerDisconnected": (smtplib.SMTPServerDisconnected("timed out"), NETWORK),
    "SMTPResponseException": (smtplib.SMTPResponseException(500, b"Line too long."), BAD_REQUEST),
    "SMTPSenderRefused": (smtplib.SMTPSenderRefused(451, b"later", "a@example.test"), SERVER),
    "SMTPRecipientsRefused": (
        smtplib.SMTPRecipientsRefused({"a@example.test": (550, b"no"), "b@example.test": (450, b"later")}),
        SERVER,
    ),
    "SMTPDataError": (smtplib.SMTPDataError(554, b"no"), BAD_REQUEST),
    "SMTPConnectError": (smtplib.SMTPConnectError(554, b"not you"), SERVER),
    "SMTPHeloError": (smtplib.SMTPHeloError(550, b"not you"), SERVER),
    "SMTPAuthenticationError": (smtplib.SMTPAuthenticationError(504, b"no such way"), AUTH),
}


def exceptions_of(module) -> set[str]:
    return {name for name, found in inspect.getmembers(module, inspect.isclass) if issubclass(found, Exception)}


def test_every_exception_of_aiohttp_is_listed():
    assert exceptions_of(client_exceptions) == AIOHTTP.keys() | UNREACHABLE


def test_every_exception_of_smtplib_is_listed():
    assert exceptions_of(smtplib) == SMTPLIB.keys()


@pytest.mark.parametrize("is_sent", [False, True])
@pytest.mark.parametrize("name", AIOHTTP)
def test_exception_of_aiohttp_has_a_reason(name, is_sent):
    kind = getattr(client_exceptions, name)

    # Without its constructor, whose arguments differ for each class; only the class decides.
    error = http.failure_of(CHANNEL, kind.__new__(kind), is_sent=is_sent)

    assert issubclass(kind, http.FAILURES)
    assert (error.reason, error.maybe_accepted) == (AIOHTTP[name], is_sent)
    assert error.cause


@pytest.mark.parametrize("maybe_accepted", [False, True])
@pytest.mark.parametrize("name", SMTPLIB)
def test_exception_of_smtplib_has_a_reason(name, maybe_accepted):
    exc, reason = SMTPLIB[name]

    error = smtp.failure_of(CHANNEL, exc, maybe_accepted=maybe_accepted)

    assert isinstance(exc, smtp.FAILURES)
    assert (error.reason, error.maybe_accepted) == (reason, maybe_accepted)
    assert error.cause


@pytest.mark.parametrize(
    ("exc", "reason"),
    [
        (TimeoutError(), NETWORK),
        (ConnectionResetError(104, "reset"), NETWORK),
        (ConnectionRefusedError(111, "refused"), NETWORK),
        (ssl.SSLError(1, "handshake"), NETWORK),
        (ssl.SSLCertVerificationError(1, "self-signed"), NETWORK),
        (OSError(113, "no route"), NETWORK),
        (UnicodeError("label too long"), AUTH),
    ],
    ids=repr,
)
def test_exception_of_the_system_has_a_reason_in_both(exc, reason):
    assert http.failure_of(CHANNEL, exc, is_sent=False).reason is reason
    assert smtp.failure_of(CHANNEL, exc, maybe_accepted=False).reason is reason
