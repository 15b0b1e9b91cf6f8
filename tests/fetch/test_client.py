"""Conditional GET against a real server on the loopback address."""

import asyncio
import gzip
import socket
import threading
import time
from asyncio.selector_events import BaseSelectorEventLoop
from dataclasses import replace

import brotli  # type: ignore[import-untyped] # it has no stubs
import pytest
from aiohttp import ThreadedResolver, web
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from worker.errors import FetchError, FetchReason
from worker.fetch.client import HttpClient, NotModified, Response, next_hop
from worker.models.feed import Validators

_NONE = Validators()
#: never reached: `public_address` leads it elsewhere
_PUBLIC = "9.9.9.9"


class FixedResolver(AbstractResolver):
    """Knows some names, and fails for all others as the system does."""

    def __init__(self, addresses: dict[str, str]) -> None:
        self._addresses = addresses

    async def resolve(self, host, port=0, family=socket.AF_INET) -> list[ResolveResult]:
        if host not in self._addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        address = self._addresses[host]
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)]

    async def close(self) -> None:
        pass


@pytest.fixture
def public_address(monkeypatch) -> str:
    """A public address that leads to the loopback one; only below the client, in asyncio, can that be had."""
    connect = BaseSelectorEventLoop.sock_connect

    async def sock_connect(loop, sock, address):
        await connect(loop, sock, ("127.0.0.1", address[1]) if address[0] == _PUBLIC else address)

    monkeypatch.setattr(BaseSelectorEventLoop, "sock_connect", sock_connect)
    return _PUBLIC


def _fails(client: HttpClient, url: str, validators: Validators = _NONE) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client.get("proba", url, validators)
    assert caught.value.feed_id == "proba"
    return caught.value


def test_get_gives_document_with_lower_case_headers_and_final_address(server, client):
    url = server.answer("/rss", "Здравей".encode(), ETag='"a"', Content_Type="text/xml")

    answer = client.get("proba", url, _NONE)

    assert isinstance(answer, Response)
    assert (answer.status, answer.body.decode(), answer.final_url) == (200, "Здравей", url)
    assert (answer.headers["etag"], answer.headers["content-type"]) == ('"a"', "text/xml")


def test_get_sends_both_validators_byte_for_byte_and_takes_304(server, client):
    url = server.answer("/rss", status=304, ETag='W/"b"')
    validators = Validators(etag='W/"a, б"', last_modified="Mon, 23 Nov 2026 07:00:00 GMT ")

    answer = client.get("proba", url, validators)

    _, headers = server.requests[0]
    assert isinstance(answer, NotModified)
    assert answer.headers["etag"] == 'W/"b"'
    assert headers["if-none-match"] == 'W/"a, б"'
    assert headers["if-modified-since"] == "Mon, 23 Nov 2026 07:00:00 GMT"


def test_get_names_itself_and_tells_nothing_else(server, client):
    url = server.answer("/rss", b"<rss/>", Set_Cookie="user=1")

    client.get("proba", url, _NONE)
    client.get("proba", url, _NONE)

    _, headers = server.requests[1]
    assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert headers["user-agent"] == "Vestitel/0.1 (+https://service.example/bot)"
    assert headers["accept-encoding"] == "gzip, br"


def test_304_that_nobody_asked_for_is_a_failure(server, client):
    url = server.answer("/rss", status=304)

    assert _fails(client, url).reason is FetchReason.SERVER


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        pytest.param(400, {}, FetchReason.CLIENT, id="bad request"),
        pytest.param(401, {}, FetchReason.BLOCKED, id="needs a password"),
        pytest.param(402, {}, FetchReason.BLOCKED, id="wants payment"),
        pytest.param(403, {}, FetchReason.BLOCKED, id="refused"),
        pytest.param(451, {}, FetchReason.BLOCKED, id="refused by law"),
        pytest.param(503, {"cf_mitigated": "challenge"}, FetchReason.CHALLENGE, id="challenge for browsers"),
        pytest.param(200, {"cf_mitigated": "challenge"}, FetchReason.CHALLENGE, id="challenge with status 200"),
        pytest.param(404, {}, FetchReason.NOT_FOUND, id="not found"),
        pytest.param(406, {}, FetchReason.BLOCKED, id="not acceptable"),
        pytest.param(410, {}, FetchReason.GONE, id="gone"),
        pytest.param(429, {}, FetchReason.RATE_LIMITED, id="too many requests"),
        pytest.param(500, {}, FetchReason.SERVER, id="server fault"),
        pytest.param(503, {}, FetchReason.SERVER, id="unavailable"),
        pytest.param(300, {}, FetchReason.REDIRECT, id="choices"),
        pytest.param(302, {}, FetchReason.REDIRECT, id="redirect to nowhere"),
    ],
)
def test_status_gives_reason(server, client, status, headers, reason):
    url = server.answer("/rss", b"", status=status, **headers)

    error = _fails(client, url)

    assert error.reason is reason
    assert error.cause == f"status {status}"
    assert error.retry_after_s is None


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [
        pytest.param("120", 120, id="seconds"),
        pytest.param("316800", 86400, id="88 hours count as a day"),
        pytest.param("Tue, 24 Nov 2026 10:30:00 GMT", 1800, id="date relative to the answer's own"),
        pytest.param("Tue, 24 Nov 2026 09:30:00 GMT", 0, id="date gone by"),
        pytest.param("soon", None, id="unreadable"),
    ],
)
def test_retry_after_comes_with_the_failure(server, client, retry_after, expected):
    url = server.answer("/rss", status=503, Retry_After=retry_after, Date="Tue, 24 Nov 2026 10:00:00 GMT")

    assert _fails(client, url).retry_after_s == expected


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_followed_with_validators_and_without_referrer(server, client, status):
    target = server.answer("/new", b"<rss/>")
    url = server.answer("/old", status=status, Location="/new#part")

    answer = client.get("proba", url, Validators(etag='"a"'))

    assert answer.final_url == target
    assert [(path, headers["if-none-match"], "referer" in headers) for path, headers in server.requests] == [
        ("/old", '"a"', False),
        ("/new", '"a"', False),
    ]


def test_cookie_of_a_redirect_is_not_sent_on(server, client):
    server.answer("/new", b"<rss/>")
    server.answer("/old", status=302, Location="/new", Set_Cookie="user=1; Path=/")
    named = replace(client, resolver=lambda: FixedResolver({"outlet.example": "127.0.0.1"}))

    named.get("proba", server.url("/old", "outlet.example"), _NONE)

    assert ["cookie" in headers for _, headers in server.requests] == [False, False]


def test_redirect_to_cyrillic_address_is_followed(server, client):
    server.answer("/новини", b"<rss/>")
    url = server.answer("/old", status=302, Location="/новини")

    assert client.get("proba", url, _NONE).body == b"<rss/>"


def test_redirects_end_after_five(server, client):
    for number in range(6):
        server.answer(f"/{number}", status=302, Location=f"/{number + 1}")
    server.answer("/6", b"<rss/>")

    error = _fails(client, server.url("/0"))

    assert error.reason is FetchReason.REDIRECT
    assert client.get("proba", server.url("/1"), _NONE).body == b"<rss/>"


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://outlet.example/rss",
        "javascript:alert(1)",
        "http://",
        "http://[::1/rss",
        "http://a:99999999/",
    ],
)
def test_redirect_off_the_web_is_refused(server, client, location):
    url = server.answer("/rss", status=302, Location=location)

    assert _fails(client, url).reason is FetchReason.REDIRECT


def test_redirect_from_https_to_http_is_refused():
    with pytest.raises(FetchError) as caught:
        next_hop("proba", URL("https://outlet.example/rss"), "http://outlet.example/rss")

    assert caught.value.reason is FetchReason.REDIRECT
    assert next_hop("proba", URL("http://outlet.example/a"), "//cdn.example/b") == URL("http://cdn.example/b")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0x7f000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "10.0.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "[fe80::1]",
    ],
)
def test_private_address_is_refused_before_anything_is_sent(server, client, host):
    server.answer("/rss", b"<rss/>")

    error = _fails(replace(client, allow_private=False), server.url("/rss", host))

    assert error.reason is FetchReason.PRIVATE_ADDRESS
    assert server.requests == []


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "192.168.1.1", "64:ff9b::7f00:1"])
def test_name_of_a_private_address_is_refused(server, client, address):
    server.answer("/rss", b"<rss/>")
    guarded = replace(client, allow_private=False, resolver=lambda: FixedResolver({"outlet.example": address}))

    error = _fails(guarded, server.url("/rss", "outlet.example"))

    assert error.reason is FetchReason.PRIVATE_ADDRESS
    assert server.requests == []


@pytest.mark.parametrize("target", ["http://127.0.0.2/rss", "http://[::1]/rss", "http://inner.example/rss"])
def test_redirect_to_a_private_address_is_refused(server, client, public_address, target):
    names = {"outlet.example": public_address, "inner.example": "127.0.0.2"}
    guarded = replace(client, allow_private=False, resolver=lambda: FixedResolver(names))
    server.answer("/rss", status=302, Location=target)

    error = _fails(guarded, server.url("/rss", "outlet.example"))

    assert error.reason is FetchReason.PRIVATE_ADDRESS
    assert len(server.requests) == 1


def test_unknown_name_is_a_dns_failure(client):
    lost = replace(client, resolver=lambda: FixedResolver({}))

    assert _fails(lost, "http://outlet.example/rss").reason is FetchReason.DNS


def test_system_resolver_knows_the_loopback_name(server, client):
    server.answer("/rss", b"<rss/>")
    by_name = replace(client, resolver=ThreadedResolver)

    assert by_name.get("proba", server.url("/rss", "localhost"), _NONE).body == b"<rss/>"


def test_look_up_that_hangs_times_out_in_total(client, monkeypatch):
    name_server_answers = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: name_server_answers.wait(20) and [])
    started = time.monotonic()

    error = _fails(replace(client, total_timeout_s=0.2), "http://outlet.example/rss")

    took_s = time.monotonic() - started
    name_server_answers.set()
    assert error.reason is FetchReason.TIMEOUT
    assert took_s < 10


def test_system_resolver_that_knows_no_such_name_is_a_dns_failure(client, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert _fails(client, "http://outlet.example/rss").reason is FetchReason.DNS


def test_closed_port_is_a_connection_failure(client):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

    assert _fails(client, f"http://127.0.0.1:{port}/rss").reason is FetchReason.CONNECT


def test_plain_server_behind_https_is_a_tls_failure(server, client):
    assert _fails(client, f"https://127.0.0.1:{server.port}/rss").reason is FetchReason.TLS


@pytest.mark.parametrize("url", ["ftp://outlet.example/rss", "outlet.example/rss", "http://", "http://[::1/rss"])
def test_address_that_is_not_of_the_web_is_our_fault(client, url):
    assert _fails(client, url).reason is FetchReason.CLIENT


def test_server_that_never_answers_times_out(server, client):
    async def wait(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    url = server.handle("/rss", wait)

    assert _fails(replace(client, total_timeout_s=0.2), url).reason is FetchReason.TIMEOUT


def test_body_that_drips_times_out_in_total(server, client):
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"<rss>")
        await asyncio.Event().wait()
        return answer

    url = server.handle("/rss", drip)

    assert _fails(replace(client, total_timeout_s=0.2), url).reason is FetchReason.TIMEOUT


def test_body_that_breaks_off_is_a_connection_failure(server, client):
    async def break_off(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "1000"})
        await answer.prepare(request)
        await answer.write(b"<rss>")
        assert request.transport is not None
        request.transport.close()
        return answer

    url = server.handle("/rss", break_off)

    assert _fails(client, url).reason is FetchReason.CONNECT


def test_body_over_the_limit_is_refused_and_one_at_the_limit_taken(server, client):
    small = replace(client, max_bytes=1000)

    assert small.get("proba", server.answer("/fits", b"x" * 1000), _NONE).body == b"x" * 1000
    assert _fails(small, server.answer("/over", b"x" * 1001)).reason is FetchReason.TOO_LARGE


def test_body_without_end_is_refused_at_the_limit(server, client):
    async def stream(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x" * 1000)

    url = server.handle("/rss", stream)

    assert _fails(replace(client, max_bytes=1000), url).reason is FetchReason.TOO_LARGE


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        pytest.param(gzip.compress(b"\0" * 4_000_000), "gzip", id="gzip"),
        pytest.param(brotli.compress(b"\0" * 4_000_000, quality=4), "br", id="brotli"),
    ],
)
def test_bomb_is_refused_by_its_decoded_size(server, client, packed, encoding):
    url = server.answer("/rss", packed, Content_Encoding=encoding)

    assert len(packed) < 100_000
    assert _fails(replace(client, max_bytes=1_000_000), url).reason is FetchReason.TOO_LARGE


_CHALLENGES = [
    pytest.param(403, b"<html><head><title>Just a moment...</title></head></html>", id="Cloudflare, title"),
    pytest.param(503, b"<!doctype html><script>window._cf_chl_opt={cType:'managed'}</script>", id="Cloudflare, script"),
    pytest.param(200, b'<html><script src="/_Incapsula_Resource?SWJIYLWA=1"></script></html>', id="Imperva"),
    pytest.param(
        202, b'<html><meta http-equiv="refresh" content="0;/.well-known/sgcaptcha/?r=%2Frss"></html>', id="SiteGround"
    ),
    pytest.param(403, b'<html><script src="https://geo.captcha-delivery.com/c.js"></script></html>', id="DataDome"),
    pytest.param(200, b"<html><script>var sucuri_cloudproxy_js='';</script></html>", id="Sucuri"),
    pytest.param(429, b"<html><title>Attention Required! | Cloudflare</title></html>", id="with status 429"),
]


@pytest.mark.parametrize(("status", "body"), _CHALLENGES)
def test_page_that_tells_people_from_machines_is_no_mere_refusal(server, client, status, body):
    assert _fails(client, server.answer("/rss", body, status=status)).reason is FetchReason.CHALLENGE


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'<?xml version="1.0"?><rss><title>Just a moment...</title>_cf_chl_opt</rss>', id="feed about it"),
        pytest.param(
            b'<html><script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script></html>', id="page"
        ),
    ],
)
def test_document_that_only_mentions_such_pages_is_taken(server, client, body):
    assert client.get("proba", server.answer("/rss", body), _NONE).body == body


def test_refusal_that_drips_is_a_refusal(server, client):
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(status=403)
        await answer.prepare(request)
        await answer.write(b"<html>")
        await asyncio.Event().wait()
        return answer

    assert _fails(client, server.handle("/rss", drip)).reason is FetchReason.BLOCKED


_PACKED = gzip.compress(b"<rss>" + b"novini" * 2000 + b"</rss>")


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        pytest.param(_PACKED[:-30], "gzip", id="broken off"),
        pytest.param(_PACKED[:-8] + b"12345678", "gzip", id="wrong checksum"),
        pytest.param(_PACKED[:-30], "", id="broken off and not announced"),
        pytest.param(brotli.compress(b"<rss>" * 900, quality=4)[:-3], "br", id="brotli broken off"),
        pytest.param(b"\x00\x01\x02", "gzip", id="something else called gzip"),
    ],
)
def test_damaged_compression_is_asked_for_once_more_without(server, client, packed, encoding):
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.headers["Accept-Encoding"] == "identity":
            return web.Response(body=b"<rss/>")
        return web.Response(body=packed, headers={"Content-Encoding": encoding} if encoding else {})

    got = client.get("proba", server.handle("/rss", answer), Validators(etag='"a"'))

    assert (got.body, got.damaged) == (b"<rss/>", False)
    assert [headers["accept-encoding"] for _, headers in server.requests] == ["gzip, br", "identity"]
    assert [headers["if-none-match"] for _, headers in server.requests] == ['"a"', '"a"']


def test_what_cannot_be_had_whole_is_taken_as_far_as_it_goes_and_marked(server, client):
    url = server.answer("/rss", _PACKED[:-30], Content_Encoding="gzip")

    got = client.get("proba", url, _NONE)

    assert got.damaged
    assert got.body.startswith(b"<rss>novini")
    assert len(server.requests) == 2


def test_gzip_called_nothing_or_text_called_gzip_is_whole(server, client):
    unasked = client.get("proba", server.answer("/a", _PACKED), _NONE)
    misnamed = client.get("proba", server.answer("/b", b"<rss/>", Content_Encoding="gzip"), _NONE)

    assert (unasked.damaged, misnamed.damaged, len(server.requests)) == (False, False, 2)
    assert misnamed.body == b"<rss/>"


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        pytest.param([301], "/1", id="permanent"),
        pytest.param([308, 301], "/2", id="chain of permanent ones"),
        pytest.param([301, 302], "/1", id="ends with a temporary one"),
        pytest.param([302, 301], None, id="begins with a temporary one"),
        pytest.param([307], None, id="temporary"),
        pytest.param([303, 308, 301], None, id="permanent only behind a temporary one"),
    ],
)
def test_permanent_redirects_are_reported(server, client, statuses, moved_to):
    for number, status in enumerate(statuses):
        server.answer(f"/{number}", status=status, Location=f"/{number + 1}")
    end = server.answer(f"/{len(statuses)}", b"<rss/>")

    answer = client.get("proba", server.url("/0"), _NONE)

    assert answer.moved_to == (server.url(moved_to) if moved_to else None)
    assert answer.final_url == end


def test_validators_are_sent_only_to_the_address_that_gave_them(server, client):
    target = server.answer("/new", b"<rss/>")
    url = server.answer("/old", status=301, Location="/new")

    client.get("proba", url, Validators(etag='"a"', url=target))

    assert [(path, headers.get("if-none-match")) for path, headers in server.requests] == [
        ("/old", None),
        ("/new", '"a"'),
    ]


def test_redirect_that_asks_to_wait_is_not_followed(server, client):
    server.answer("/new", b"<rss/>")
    url = server.answer("/old", status=302, Location="/new", Retry_After="90")

    error = _fails(client, url)

    assert (error.reason, error.retry_after_s) == (FetchReason.RATE_LIMITED, 90)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503])
def test_retry_after_counts_with_every_failure(server, client, status):
    assert _fails(client, server.answer("/rss", status=status, Retry_After="70")).retry_after_s == 70


@pytest.mark.parametrize("path", ["/rss", "/old"])
def test_name_and_password_in_an_address_are_neither_sent_nor_kept(server, client, path):
    server.answer("/rss", b"<rss/>")
    server.answer("/old", status=301, Location=f"http://user:secret@127.0.0.1:{server.port}/rss")

    answer = client.get("proba", server.url(path, "user:secret@127.0.0.1"), _NONE)

    assert "secret" not in f"{answer.final_url} {answer.moved_to}"
    assert ["authorization" in headers for _, headers in server.requests] == [False] * len(server.requests)
