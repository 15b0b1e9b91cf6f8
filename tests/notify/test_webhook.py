"""The webhook, and with it every way in which one POST can fail, against real servers."""

import hashlib
import hmac
import json
import pickle
import socket
import threading
import time

import pytest
from aiohttp import web

from tests.notify.deliveries import CHANNEL, a_delivery, a_notice
from tests.notify.servers import CERTIFICATE, Answer, a_closed_port, an_http_server, half_an_answer, hang_up, never
from worker.errors import DeliveryError, DeliveryReason
from worker.models.delivery import DeliveryId
from worker.notify.http import Answer as Received
from worker.notify.http import post_json
from worker.notify.webhook import WebhookChannel

SECRET = "кафе-и-тайна"
PATH = "/hook/address-secret"


def a_webhook(base_url: str, timeout_s: float = 5.0, **options) -> WebhookChannel:
    return WebhookChannel(CHANNEL, url=base_url + PATH, timeout_s=timeout_s, **options)


def failure(channel: WebhookChannel) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(a_delivery())
    error = caught.value
    assert error.channel == CHANNEL
    assert "address-secret" not in f"{error}{error.cause}"
    assert error.__cause__ is error.__context__ is None
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    return error


def test_webhook_posts_all_facts_signed():
    with an_http_server(web.Response(status=204)) as server:
        a_webhook(server.url, secret=SECRET).send(a_delivery(maybe_repeated=True))

    [asked] = server.asked
    stated = json.loads(asked.body)
    stamp = asked.headers["X-Vestitel-Timestamp"]
    expected = hmac.new(SECRET.encode(), f"{stamp}.".encode() + asked.body, hashlib.sha256).hexdigest()
    assert abs(int(stamp) - time.time()) < 60
    assert (asked.method, asked.path) == ("POST", PATH)
    assert asked.headers["X-Vestitel-Signature"] == f"sha256={expected}"
    assert asked.headers["Idempotency-Key"] == a_delivery().id
    assert asked.headers["Content-Type"] == "application/json"
    assert (stated["title"], stated["maybe_repeated"]) == (a_notice().title, True)


def test_amendment_is_an_event_of_its_own():
    with an_http_server(web.Response()) as server:
        receipt = a_webhook(server.url).amend(a_delivery(is_amendment=True), "d0")

    assert (json.loads(server.asked[0].body)["is_amendment"], receipt.remote_id) == (True, "d0")


def test_webhook_without_secret_is_not_signed():
    with an_http_server(web.Response()) as server:
        a_webhook(server.url).send(a_delivery())

    assert "X-Vestitel-Signature" not in server.asked[0].headers


def test_delivery_id_cannot_add_headers():
    with an_http_server(web.Response()) as server:
        a_webhook(server.url).send(a_delivery(id=DeliveryId("a\r\nX-Evil: 1")))

    assert server.asked[0].headers["Idempotency-Key"] == "a--X-Evil:-1"


@pytest.mark.parametrize(
    ("status", "reason", "maybe_accepted"),
    [
        (301, DeliveryReason.AUTH, False),
        (400, DeliveryReason.BAD_REQUEST, False),
        (401, DeliveryReason.AUTH, False),
        (403, DeliveryReason.AUTH, False),
        (404, DeliveryReason.AUTH, False),
        (408, DeliveryReason.SERVER, False),
        (410, DeliveryReason.AUTH, False),
        (413, DeliveryReason.TOO_LONG, False),
        (418, DeliveryReason.BAD_REQUEST, False),
        (422, DeliveryReason.BAD_REQUEST, False),
        (429, DeliveryReason.RATE_LIMITED, False),
        (499, DeliveryReason.BAD_REQUEST, False),
        (500, DeliveryReason.SERVER, False),
        (502, DeliveryReason.SERVER, True),
        (503, DeliveryReason.SERVER, False),
        (504, DeliveryReason.SERVER, True),
        (599, DeliveryReason.SERVER, False),
    ],
)
def test_status_decides_the_reason(status, reason, maybe_accepted):
    with an_http_server(web.Response(status=status, headers={"Location": "/elsewhere"})) as server:
        error = failure(a_webhook(server.url))

    assert (error.reason, error.maybe_accepted, error.retry_after_s) == (reason, maybe_accepted, None)
    assert len(server.asked) == 1


def test_retry_after_of_the_server_is_passed_on():
    with an_http_server(web.Response(status=429, headers={"Retry-After": "17"})) as server:
        assert failure(a_webhook(server.url)).retry_after_s == 17


@pytest.mark.parametrize("answer", [pytest.param(never, id="no answer"), pytest.param(hang_up, id="hung up")])
def test_failure_after_the_request_went_out_may_be_an_acceptance(answer: Answer):
    with an_http_server(answer) as server:
        error = failure(a_webhook(server.url, timeout_s=1.0))

    assert (error.reason, error.maybe_accepted, len(server.asked)) == (DeliveryReason.NETWORK, True, 1)


def test_answer_that_breaks_off_after_its_status_is_acceptance():
    with an_http_server(half_an_answer) as server:
        a_webhook(server.url).send(a_delivery())

    assert len(server.asked) == 1


def test_no_connection_is_no_acceptance():
    error = failure(a_webhook(f"http://127.0.0.1:{a_closed_port()}"))

    assert (error.reason, error.cause, error.maybe_accepted) == (DeliveryReason.NETWORK, "no connection", False)


def test_connection_that_is_not_made_in_time_is_no_acceptance():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # TLS waits for a greeting that never comes.
        error = failure(a_webhook(f"https://127.0.0.1:{listener.getsockname()[1]}", timeout_s=0.2))

    assert (error.reason, error.cause, error.maybe_accepted) == (
        DeliveryReason.NETWORK,
        "no connection in time",
        False,
    )


def test_look_up_that_hangs_is_no_acceptance_and_ends_in_time(monkeypatch):
    name_server_answers = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: name_server_answers.wait(20) and [])
    started = time.monotonic()

    error = failure(a_webhook("http://hooks.example", timeout_s=0.2))

    took_s = time.monotonic() - started
    name_server_answers.set()
    assert (error.reason, error.cause, error.maybe_accepted) == (
        DeliveryReason.NETWORK,
        "no connection in time",
        False,
    )
    assert took_s < 10


def test_name_that_is_unknown_is_no_acceptance(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    error = failure(a_webhook("http://hooks.example"))

    assert (error.cause, error.maybe_accepted) == ("the server's name cannot be resolved", False)


def test_certificate_that_nobody_vouches_for_is_refused():
    with an_http_server(web.Response(), tls=True) as server:
        error = failure(a_webhook(f"https://localhost:{server.port}"))

    assert (error.reason, error.maybe_accepted, server.asked) == (DeliveryReason.NETWORK, False, [])
    assert "certificate" in error.cause


def test_certificate_of_a_trusted_authority_is_taken(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))

    with an_http_server(web.Response(), tls=True) as server:
        a_webhook(f"https://localhost:{server.port}").send(a_delivery())

    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "base_url",
    ["http://[oops", "http://a..b", "http://" + "a" * 70 + ".example", "http://127.0.0.1:99999", "ftp://x", "http://"],
)
def test_address_that_is_none_is_for_the_operator(base_url):
    error = failure(a_webhook(base_url))

    assert (error.reason, error.maybe_accepted) == (DeliveryReason.AUTH, False)


def test_body_of_an_answer_is_read_to_a_limit():
    with an_http_server(web.Response(body=b"x" * 1_000_000)) as server:
        answer = post_json(CHANNEL, server.url, b"{}", {}, 5.0)

    assert (answer.status, len(answer.body)) == (200, 64 * 1024)
    assert isinstance(answer, Received)
