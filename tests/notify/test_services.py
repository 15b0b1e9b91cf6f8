"""Chat services that speak JSON, each against a server of our own: how it is asked, and what its answers mean."""

import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiohttp import web

from tests.notify.contents import THREAD
from tests.notify.deliveries import CHANNEL, a_delivery, a_notice
from tests.notify.forms import body
from tests.notify.servers import Asked, an_http_server, hang_up, never
from worker.errors import DeliveryError, DeliveryReason
from worker.models.delivery import DeliveryId
from worker.models.watch import Severity
from worker.notify.discord import DiscordChannel
from worker.notify.layout import document_of
from worker.notify.matrix import MatrixChannel, matrix_content
from worker.notify.mattermost import MattermostBot, MattermostWebhook
from worker.notify.ntfy import NtfyChannel, ntfy_message
from worker.notify.slack import SlackBot, SlackWebhook, slack_message
from worker.notify.styles import DISCORD, MATTERMOST, VIBER, written
from worker.notify.teams import TeamsChannel, teams_message
from worker.notify.viber import ViberChannel
from worker.ports import AmendingChannel, Channel

SECRET = "s3cret-t0ken"
AUTH, RATE_LIMITED, SERVER, TOO_LONG = (
    DeliveryReason.AUTH,
    DeliveryReason.RATE_LIMITED,
    DeliveryReason.SERVER,
    DeliveryReason.TOO_LONG,
)
BAD_REQUEST, GONE = DeliveryReason.BAD_REQUEST, DeliveryReason.MESSAGE_GONE
FOLLOWING = replace(THREAD, remote_id="C1:1700.1")


def answer(stated: Any, status: int = 200, **headers: str) -> web.Response:
    return web.json_response(stated, status=status, headers=headers)


@dataclass(frozen=True)
class Service:
    made: Callable[[str, float], Channel]
    accepted: web.Response
    #: told to wait 7 seconds
    limited: web.Response
    refused: web.Response
    reason: DeliveryReason
    remote_id: str | None


SERVICES = {
    "slack webhook": Service(
        lambda url, t: SlackWebhook(CHANNEL, url=f"{url}/services/{SECRET}", timeout_s=t),
        web.Response(text="ok"),
        web.Response(status=429, headers={"Retry-After": "7"}),
        web.Response(status=404, text="no_service"),
        AUTH,
        None,
    ),
    "slack bot": Service(
        lambda url, t: SlackBot(CHANNEL, token=SECRET, conversation="#desk", base_url=url, timeout_s=t),
        answer({"ok": True, "channel": "C1", "ts": "1700.2"}),
        answer({"ok": False, "error": "ratelimited"}, 429, **{"Retry-After": "7"}),
        answer({"ok": False, "error": "invalid_auth"}),
        AUTH,
        "C1:1700.2",
    ),
    "mattermost webhook": Service(
        lambda url, t: MattermostWebhook(CHANNEL, url=f"{url}/hooks/{SECRET}", timeout_s=t),
        web.Response(text="ok"),
        web.Response(status=429, text="limit exceeded", headers={"X-RateLimit-Reset": "7"}),
        answer({"id": "web.incoming_webhook.invalid.app_error", "message": "Invalid webhook.", "status_code": 400}, 400),
        BAD_REQUEST,
        None,
    ),
    "mattermost bot": Service(
        lambda url, t: MattermostBot(CHANNEL, base_url=url, token=SECRET, conversation="c" * 26, timeout_s=t),
        answer({"id": "p2"}, 201),
        web.Response(status=429, text="limit exceeded", headers={"X-RateLimit-Reset": "7"}),
        answer({"id": "api.context.permissions.app_error", "message": f"no {SECRET}", "status_code": 403}, 403),
        AUTH,
        "p2",
    ),
    "discord": Service(
        lambda url, t: DiscordChannel(CHANNEL, url=f"{url}/api/webhooks/1/{SECRET}?thread_id=5", timeout_s=t),
        answer({"id": "112"}),
        answer({"message": "You are being rate limited.", "retry_after": 7.0, "global": False}, 429, **{"Retry-After": "8"}),
        answer({"message": "Unknown Webhook", "code": 10015}, 404),
        AUTH,
        "112",
    ),
    "teams": Service(
        lambda url, t: TeamsChannel(CHANNEL, url=f"{url}/workflows/1?sig={SECRET}", timeout_s=t),
        web.Response(status=202),
        web.Response(status=429, headers={"Retry-After": "7"}),
        web.Response(text="Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413"),
        TOO_LONG,
        None,
    ),
    "matrix": Service(
        lambda url, t: MatrixChannel(CHANNEL, base_url=url, token=SECRET, room="!r:example.test", timeout_s=t),
        answer({"event_id": "$e2"}),
        answer({"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": 7000}, 429),
        answer({"errcode": "M_UNKNOWN_TOKEN", "error": f"Unrecognised access token {SECRET}"}, 401),
        AUTH,
        "$e2",
    ),
    "viber": Service(
        lambda url, t: ViberChannel(CHANNEL, token=SECRET, post_as="admin==", base_url=url, timeout_s=t),
        answer({"status": 0, "status_message": "ok", "message_token": 5741311803571721087}),
        web.Response(status=429, headers={"Retry-After": "7"}),
        answer({"status": 2, "status_message": "invalidAuthToken"}),
        AUTH,
        "5741311803571721087",
    ),
    "ntfy": Service(
        lambda url, t: NtfyChannel(CHANNEL, topic=SECRET, token="tk_" + SECRET, base_url=url, timeout_s=t),
        answer({"id": "xE73Iyuabi", "event": "message"}),
        answer({"code": 42901, "http": 429, "error": "limit reached"}, 429, **{"Retry-After": "7"}),
        answer({"code": 40301, "http": 403, "error": f"forbidden {SECRET}"}, 403),
        AUTH,
        "xE73Iyuabi",
    ),
}  # fmt: skip


def failure(channel: Channel, **changes: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(a_delivery(**changes))
    return checked(caught.value)


def checked(error: DeliveryError) -> DeliveryError:
    assert error.channel == CHANNEL
    assert SECRET not in f"{error!r}{error}"
    assert error.__cause__ is error.__context__ is None
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    return error


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> Service:
    return SERVICES[request.param]


def test_message_is_taken(service):
    with an_http_server(service.accepted) as server:
        receipt = service.made(server.url, 5.0).send(a_delivery())

    assert (receipt.remote_id, len(server.asked)) == (service.remote_id, 1)


def test_wait_that_is_asked_for_is_passed_on(service):
    with an_http_server(service.limited) as server:
        error = failure(service.made(server.url, 5.0))

    assert (error.reason, error.retry_after_s, error.maybe_accepted) == (RATE_LIMITED, 7.0, False)


def test_refusal_has_its_reason(service):
    with an_http_server(service.refused) as server:
        error = failure(service.made(server.url, 5.0))

    assert (error.reason, error.maybe_accepted) == (service.reason, False)


@pytest.mark.parametrize(("status", "maybe_accepted"), [(500, False), (502, True), (503, False)])
def test_fault_of_the_server_passes(service, status, maybe_accepted):
    with an_http_server(web.Response(status=status, text="<html>")) as server:
        error = failure(service.made(server.url, 5.0))

    assert (error.reason, error.maybe_accepted) == (SERVER, maybe_accepted)


@pytest.mark.parametrize("fault", [never, hang_up])
def test_answer_that_is_lost_leaves_doubt(service, fault):
    with an_http_server(fault) as server:
        error = failure(service.made(server.url, 1.0))

    assert (error.reason, error.maybe_accepted) == (DeliveryReason.NETWORK, True)
    # The client asks a PUT twice, which is the same transaction for Matrix.
    assert len({one.path for one in server.asked}) == 1


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "teams"])
def test_page_of_somebody_else_is_no_acceptance(name):
    with an_http_server(web.Response(text="<html>hotel</html>")) as server:
        error = failure(SERVICES[name].made(server.url, 5.0))

    assert (error.reason, error.maybe_accepted) == (SERVER, True)
    assert "is the address right?" in error.cause


def asked(name: str, *answers: web.Response, amends: str | None = None, **changes: Any) -> list[Asked]:
    """What a service is asked to take a delivery."""
    service = SERVICES[name]
    with an_http_server(*(answers or (service.accepted,))) as server:
        channel = service.made(server.url, 5.0)
        if amends is None:
            channel.send(a_delivery(**changes))
        else:
            assert isinstance(channel, AmendingChannel)
            channel.amend(a_delivery(is_amendment=True, **changes), amends)
    return server.asked


def test_channels_that_can_amend():
    names = {name for name, one in SERVICES.items() if isinstance(one.made("http://127.0.0.1", 1.0), AmendingChannel)}

    assert names == {"slack bot", "mattermost bot", "discord", "matrix"}


def test_slack_is_given_a_block_and_a_text():
    [one] = asked("slack bot")

    assert (one.method, one.path, one.headers["Authorization"]) == ("POST", "/chat.postMessage", f"Bearer {SECRET}")
    assert json.loads(one.body) == {"channel": "#desk", **slack_message(document_of(a_delivery()))}


def test_slack_text_is_escaped():
    message = slack_message(document_of(a_delivery(a_notice(title="2 < 3 & <!channel>"))))

    assert message["text"] == "2 &lt; 3 &amp; &lt;!channel&gt;"


def test_slack_answers_the_first_message_in_the_channel_too():
    [one] = asked("slack bot", thread=FOLLOWING)

    stated = json.loads(one.body)
    assert (stated["thread_ts"], stated["reply_broadcast"]) == ("1700.1", True)


def test_slack_posts_without_a_thread_that_is_gone():
    gone = answer({"ok": False, "error": "thread_not_found"})

    first, second = asked("slack bot", gone, SERVICES["slack bot"].accepted, thread=FOLLOWING)

    assert "thread_ts" in json.loads(first.body)
    assert "thread_ts" not in json.loads(second.body)


def test_slack_amends_under_the_channel_that_it_named():
    [one] = asked("slack bot", amends="C9:1700.1")

    stated = json.loads(one.body)
    assert (one.path, stated["channel"], stated["ts"]) == ("/chat.update", "C9", "1700.1")


def test_mattermost_posts_answers_and_patches():
    [webhook] = asked("mattermost webhook")
    [first] = asked("mattermost bot")
    [reply] = asked("mattermost bot", thread=replace(THREAD, remote_id="p1"))
    [patch] = asked("mattermost bot", amends="p1")

    text = written(a_delivery(), MATTERMOST)
    assert json.loads(webhook.body) == {"text": text}
    assert (first.path, json.loads(first.body)) == ("/api/v4/posts", {"channel_id": "c" * 26, "message": text})
    assert json.loads(reply.body)["root_id"] == "p1"
    assert (patch.method, patch.path) == ("PUT", "/api/v4/posts/p1/patch")


def test_mattermost_posts_without_a_root_that_is_gone():
    gone = answer({"id": "api.post.create_post.root_id.app_error", "message": "Invalid", "status_code": 400}, 400)

    _, second = asked(
        "mattermost bot", gone, SERVICES["mattermost bot"].accepted, thread=replace(THREAD, remote_id="p1")
    )

    assert "root_id" not in json.loads(second.body)


def test_discord_mentions_nobody_and_edits_below_its_webhook():
    [one] = asked("discord", content=a_notice(title="@everyone", severity=Severity.LOW))
    [edit] = asked("discord", amends="112")

    stated = json.loads(one.body)
    assert (one.method, one.path) == ("POST", f"/api/webhooks/1/{SECRET}")
    assert (stated["allowed_mentions"], stated["flags"]) == ({"parse": []}, 4 | 4096)
    assert (edit.method, edit.path) == ("PATCH", f"/api/webhooks/1/{SECRET}/messages/112")
    assert json.loads(edit.body)["content"] == written(a_delivery(is_amendment=True), DISCORD)


def test_teams_is_given_a_card():
    [one] = asked("teams")

    assert one.headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(one.body) == teams_message(document_of(a_delivery()))


def test_matrix_repeats_under_one_transaction():
    [one] = asked("matrix", id=DeliveryId("d/1"))
    [again] = asked("matrix", id=DeliveryId("d/1"), maybe_repeated=True)

    assert one.method == "PUT"
    assert one.path == again.path
    assert one.path.startswith("/_matrix/client/v3/rooms/!r:example.test/send/m.room.message/d")
    assert json.loads(one.body) == matrix_content(document_of(a_delivery()))


def test_matrix_answers_and_replaces():
    [reply] = asked("matrix", thread=replace(THREAD, remote_id="$e1"))
    [edit] = asked("matrix", amends="$e1")

    stated = json.loads(edit.body)
    assert json.loads(reply.body)["m.relates_to"] == {"m.in_reply_to": {"event_id": "$e1"}}
    assert stated["m.relates_to"] == {"rel_type": "m.replace", "event_id": "$e1"}
    assert stated["m.new_content"] == matrix_content(document_of(a_delivery(is_amendment=True)))


def test_viber_posts_in_a_channel_or_to_a_subscriber():
    [post] = asked("viber")
    with an_http_server(SERVICES["viber"].accepted) as server:
        ViberChannel(CHANNEL, token=SECRET, receiver="u==", sender="В" * 40, base_url=server.url).send(a_delivery())

    text = written(a_delivery(), VIBER)
    sent = json.loads(server.asked[0].body)
    assert (post.path, post.headers["X-Viber-Auth-Token"]) == ("/post", SECRET)
    assert json.loads(post.body) == {"from": "admin==", "type": "text", "text": text}
    assert (server.asked[0].path, sent["receiver"], len(sent["sender"]["name"])) == ("/send_message", "u==", 28)


@pytest.mark.parametrize(
    ("severity", "priority", "tags"),
    [
        (Severity.LOW, 2, None),
        (Severity.NORMAL, 3, None),
        (Severity.HIGH, 4, ["warning"]),
        (Severity.URGENT, 5, ["rotating_light"]),
    ],
)
def test_ntfy_is_as_loud_as_the_watch(severity, priority, tags):
    [one] = asked("ntfy", content=a_notice(severity=severity))

    stated = json.loads(one.body)
    assert (one.path, stated["topic"], stated["priority"], stated.get("tags")) == ("/", SECRET, priority, tags)
    assert stated["click"] == a_notice().url


def test_ntfy_leaves_out_an_address_that_is_too_long():
    assert "click" not in ntfy_message(document_of(a_delivery(a_notice(url="https://news.example/" + "a" * 1500))))


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("slack bot", answer({"ok": False, "error": "message_not_found"})),
        ("slack bot", answer({"ok": False, "error": "edit_window_closed"})),
        ("mattermost bot", answer({"id": "app.post.get.app_error", "message": "no", "status_code": 404}, 404)),
        ("discord", answer({"message": "Unknown Message", "code": 10008}, 404)),
    ],
)
def test_message_that_is_gone_is_not_amended(name, refusal):
    with pytest.raises(DeliveryError) as caught:
        asked(name, refusal, amends="x1")

    assert checked(caught.value).reason is GONE


@pytest.mark.parametrize(("status", "reason"), [(12, RATE_LIMITED), (3, BAD_REQUEST), (7, AUTH), (999, SERVER)])
def test_viber_says_in_the_body_what_is_wrong(status, reason):
    with an_http_server(answer({"status": status, "status_message": "x"})) as server:
        assert failure(SERVICES["viber"].made(server.url, 5.0)).reason is reason


def test_strange_figures_of_a_wait_are_no_wait():
    with an_http_server(answer({"message": "slow", "retry_after": "soon"}, 429)) as server:
        assert failure(SERVICES["discord"].made(server.url, 5.0)).retry_after_s is None


def test_mail_shows_the_mark():
    assert "<mark>бюджетът</mark>" in body(a_delivery(), "html")
