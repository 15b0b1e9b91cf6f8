"""The Telegram channel against a Bot API of our own."""

import json
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from tests.notify.contents import THREAD
from tests.notify.deliveries import CHANNEL, a_delivery, a_notice
from tests.notify.servers import an_http_server, half_an_answer, never
from worker.errors import DeliveryError, DeliveryReason
from worker.models.watch import Severity
from worker.notify.styles import TELEGRAM, TELEGRAM_PLAIN, written
from worker.notify.telegram import TelegramChannel

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
ACCEPTED = web.json_response({"ok": True, "result": {"message_id": 42}})


def a_refusal(status: int, description: str, *, http_status: int | None = None, **parameters: Any) -> web.Response:
    stated = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return web.json_response(stated, status=http_status or status)


def a_bot(base_url: str, timeout_s: float = 5.0, token: str = TOKEN) -> TelegramChannel:
    return TelegramChannel(CHANNEL, token=token, chat="-100123", base_url=base_url, timeout_s=timeout_s)


def failure(channel: TelegramChannel) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(a_delivery())
    assert TOKEN not in f"{caught.value!r}{caught.value}"
    assert caught.value.__cause__ is caught.value.__context__ is None
    return caught.value


def test_message_is_sent_as_html_without_preview():
    delivery = a_delivery(a_notice(title="2 < 3 & 4"))

    with an_http_server(ACCEPTED) as server:
        receipt = a_bot(server.url + "/").send(delivery)

    [asked] = server.asked
    assert asked.path == f"/bot{TOKEN}/sendMessage"
    assert json.loads(asked.body) == {
        "chat_id": "-100123",
        "text": written(delivery, TELEGRAM),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    assert receipt.remote_id == "42"


def test_markup_that_is_refused_is_sent_again_as_plain_text():
    refusal = a_refusal(400, "Bad Request: can't parse entities: unsupported start tag")

    with an_http_server(refusal, ACCEPTED) as server:
        receipt = a_bot(server.url).send(a_delivery())

    again = json.loads(server.asked[1].body)
    assert (again["text"], "parse_mode" in again) == (written(a_delivery(), TELEGRAM_PLAIN), False)
    assert (receipt.remote_id, len(server.asked)) == ("42", 2)


def test_plain_text_is_tried_once_only():
    with an_http_server(a_refusal(400, "Bad Request: can't parse entities")) as server:
        assert failure(a_bot(server.url)).reason is DeliveryReason.BAD_REQUEST

    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("answer", "reason", "retry_after_s", "maybe_accepted"),
    [
        pytest.param(a_refusal(401, "Unauthorized"), DeliveryReason.AUTH, None, False, id="token revoked"),
        pytest.param(a_refusal(404, "Not Found"), DeliveryReason.AUTH, None, False, id="token malformed"),
        pytest.param(
            a_refusal(403, "Forbidden: bot was blocked by the user"), DeliveryReason.AUTH, None, False, id="bot blocked"
        ),
        pytest.param(
            a_refusal(400, "Bad Request: chat not found"), DeliveryReason.AUTH, None, False, id="no such chat"
        ),
        pytest.param(
            a_refusal(400, "Bad Request: message is too long"), DeliveryReason.TOO_LONG, None, False, id="too long"
        ),
        pytest.param(
            a_refusal(429, "Too Many Requests", retry_after=35), DeliveryReason.RATE_LIMITED, 35, False, id="limited"
        ),
        pytest.param(
            a_refusal(429, "Too Many Requests", retry_after=10**400),
            DeliveryReason.RATE_LIMITED,
            86_400,
            False,
            id="limited for ever",
        ),
        pytest.param(
            web.Response(status=429, headers={"Retry-After": "9"}),
            DeliveryReason.RATE_LIMITED,
            9,
            False,
            id="limited by a proxy",
        ),
        pytest.param(a_refusal(500, "Internal"), DeliveryReason.SERVER, None, False, id="server"),
        pytest.param(web.Response(status=502, text="<html>"), DeliveryReason.SERVER, None, True, id="gateway"),
        pytest.param(a_refusal(403, "no", http_status=200), DeliveryReason.AUTH, None, False, id="refusal with 200"),
        pytest.param(web.Response(text="<html>hotel</html>"), DeliveryReason.SERVER, None, True, id="not the Bot API"),
        pytest.param(web.json_response([True]), DeliveryReason.SERVER, None, True, id="JSON of another kind"),
    ],
)
def test_answer_decides_the_reason(answer, reason, retry_after_s, maybe_accepted):
    with an_http_server(answer) as server:
        error = failure(a_bot(server.url))

    assert (error.reason, error.retry_after_s, error.maybe_accepted) == (reason, retry_after_s, maybe_accepted)
    assert len(server.asked) == 1


def test_cause_says_what_telegram_says():
    refusal = a_refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100456)

    with an_http_server(refusal) as server:
        error = failure(a_bot(server.url))

    assert error.cause == "HTTP status 400: Bad Request: group chat was upgraded; the group's id is now -100456"


@pytest.mark.parametrize("echoed", [TOKEN, TOKEN.replace(":", "%3A")])
def test_cause_never_repeats_the_token(echoed):
    with an_http_server(a_refusal(400, f"no /bot{echoed}/sendMessage here")) as server:
        error = failure(a_bot(server.url))

    assert error.cause == "HTTP status 400: no /bot***/sendMessage here"


def test_token_with_strange_signs_stays_inside_its_part_of_the_address():
    with an_http_server(a_refusal(404, "Not Found")) as server, pytest.raises(DeliveryError) as caught:
        a_bot(server.url, token=" 1:a/../b?c#d\r\n").send(a_delivery())

    assert caught.value.reason is DeliveryReason.AUTH
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(never, DeliveryReason.NETWORK, id="no answer"),
        pytest.param(half_an_answer, DeliveryReason.SERVER, id="half an answer"),
    ],
)
def test_answer_that_does_not_arrive_leaves_doubt(answer, reason):
    with an_http_server(answer) as server:
        error = failure(a_bot(server.url, timeout_s=1.0))

    assert (error.reason, error.maybe_accepted) == (reason, True)


def test_what_follows_answers_the_first_message_even_if_that_is_gone():
    delivery = a_delivery(thread=replace(THREAD, remote_id="41"))

    with an_http_server(ACCEPTED) as server:
        a_bot(server.url).send(delivery)

    stated = json.loads(server.asked[0].body)
    assert stated["reply_parameters"] == {"message_id": 41, "allow_sending_without_reply": True}


def test_what_matters_little_makes_no_sound():
    with an_http_server(ACCEPTED) as server:
        a_bot(server.url).send(a_delivery(a_notice(severity=Severity.LOW)))

    assert json.loads(server.asked[0].body)["disable_notification"] is True


def test_amendment_edits_the_first_message():
    with an_http_server(ACCEPTED) as server:
        receipt = a_bot(server.url).amend(a_delivery(is_amendment=True), "41")

    [asked] = server.asked
    stated = json.loads(asked.body)
    assert asked.path == f"/bot{TOKEN}/editMessageText"
    assert (stated["message_id"], stated["parse_mode"], receipt.remote_id) == ("41", "HTML", "41")


def test_text_that_is_there_already_is_fine():
    unchanged = (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    )

    with an_http_server(a_refusal(400, unchanged)) as server:
        assert a_bot(server.url).amend(a_delivery(is_amendment=True), "41").remote_id == "41"


@pytest.mark.parametrize(
    "description", ["Bad Request: message to edit not found", "Bad Request: message can't be edited"]
)
def test_message_that_is_gone_is_not_amended(description):
    with an_http_server(a_refusal(400, description)) as server, pytest.raises(DeliveryError) as caught:
        a_bot(server.url).amend(a_delivery(is_amendment=True), "41")

    assert caught.value.reason is DeliveryReason.MESSAGE_GONE
