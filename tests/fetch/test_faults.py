"""Every exception of the HTTP library has a reason."""

import aiohttp
import pytest

from worker.errors import FetchReason
from worker.fetch.faults import FAULTS, reason_of_fault

_REASONS = {
    "ClientError": FetchReason.CONNECT,
    "ClientConnectionError": FetchReason.CONNECT,
    "ClientConnectionResetError": FetchReason.CONNECT,
    "ClientOSError": FetchReason.CONNECT,
    "ClientConnectorError": FetchReason.CONNECT,
    "ClientProxyConnectionError": FetchReason.CONNECT,
    "UnixClientConnectorError": FetchReason.CONNECT,
    "ClientConnectorDNSError": FetchReason.DNS,
    "ClientSSLError": FetchReason.TLS,
    "ClientConnectorSSLError": FetchReason.TLS,
    "ClientConnectorCertificateError": FetchReason.TLS,
    "ServerFingerprintMismatch": FetchReason.TLS,
    "ServerConnectionError": FetchReason.CONNECT,
    "ServerDisconnectedError": FetchReason.CONNECT,
    "ServerTimeoutError": FetchReason.TIMEOUT,
    "ConnectionTimeoutError": FetchReason.TIMEOUT,
    "SocketTimeoutError": FetchReason.TIMEOUT,
    "ClientResponseError": FetchReason.SERVER,
    "ClientHttpProxyError": FetchReason.SERVER,
    "WSServerHandshakeError": FetchReason.SERVER,
    "ContentTypeError": FetchReason.SERVER,
    "TooManyRedirects": FetchReason.REDIRECT,
    "ClientPayloadError": FetchReason.CONNECT,
    "UploadAbortedError": FetchReason.CONNECT,
    "InvalidURL": FetchReason.CLIENT,
    "InvalidUrlClientError": FetchReason.CLIENT,
    "NonHttpUrlClientError": FetchReason.CLIENT,
    "RedirectClientError": FetchReason.REDIRECT,
    "InvalidUrlRedirectClientError": FetchReason.REDIRECT,
    "NonHttpUrlRedirectClientError": FetchReason.REDIRECT,
}


def _tree(kind: type[Exception]) -> set[type[Exception]]:
    return {kind}.union(*(_tree(child) for child in kind.__subclasses__()))


_TREE = sorted(
    (kind for kind in _tree(aiohttp.ClientError) if kind.__module__.startswith("aiohttp.")),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", _TREE, ids=lambda kind: kind.__name__)
def test_each_exception_of_the_library_has_its_reason(kind):
    assert reason_of_fault(kind.__new__(kind)) is _REASONS[kind.__name__]
    assert issubclass(kind, FAULTS)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        pytest.param(TimeoutError(), FetchReason.TIMEOUT, id="total timeout"),
        pytest.param(ConnectionResetError(), FetchReason.CONNECT, id="reset"),
        pytest.param(UnicodeError(), FetchReason.CLIENT, id="host name that cannot be written"),
    ],
)
def test_each_exception_of_the_layers_below_has_its_reason(fault, reason):
    assert reason_of_fault(fault) is reason
    assert isinstance(fault, FAULTS)
