"""The e-mail channel against real SMTP servers, and every way in which a dialogue can fail."""

import pickle
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from structlog.testing import capture_logs

from tests.notify.contents import DELIVERIES
from tests.notify.deliveries import CHANNEL, a_delivery, a_notice, a_quote
from tests.notify.servers import (
    CERTIFICATE,
    HANG_UP,
    SILENCE,
    a_closed_port,
    a_mail_server,
    a_scripted_server,
    tls_context,
)
from worker.errors import DeliveryError, DeliveryReason
from worker.models.alert import AlertId
from worker.models.delivery import Delivery, DeliveryId, Thread
from worker.models.news import StoryId
from worker.notify.email import EmailChannel, compose
from worker.notify.layout import document_of
from worker.notify.styles import MAIL_TEXT, written

SENDER = "vestitel@sender.test"
RECIPIENTS = ("desk@example.test", "editor@example.test")
PASSWORD = "s3cret-Pass"


class Mailbox:
    """An aiosmtpd handler that keeps what it gets; `refused` are recipients that it does not take."""

    def __init__(self, refused: tuple[str, ...] = ()) -> None:
        self.refused = refused
        self.envelopes: list[Any] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.was_tls = False

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if address in self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.was_tls = session.ssl is not None
        self.envelopes.append(envelope)
        return "250 accepted"

    def log_in(self, _server, _session, _envelope, _mechanism, given) -> AuthResult:
        self.logins.append((given.login, given.password))
        return AuthResult(success=given.password == PASSWORD.encode(), handled=False)


def the_message(mailbox: Mailbox) -> EmailMessage:
    [envelope] = mailbox.envelopes
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def a_mail_channel(port: int, **options: Any) -> EmailChannel:
    options = {"host": "localhost", "tls": "none", "timeout_s": 5.0, "recipients": RECIPIENTS, **options}
    return EmailChannel(CHANNEL, port=port, sender=SENDER, **options)


def failure(channel: EmailChannel) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(a_delivery())
    error = caught.value
    assert error.channel == CHANNEL
    assert not any(secret in f"{error!r}{error}" for secret in (*RECIPIENTS, SENDER, PASSWORD))
    assert error.__cause__ is error.__context__ is None
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    return error


def test_message_arrives_as_text_and_html():
    mailbox = Mailbox()

    with a_mail_server(mailbox) as port:
        receipt = a_mail_channel(port).send(a_delivery(maybe_repeated=True))

    delivery = a_delivery(maybe_repeated=True)
    message = the_message(mailbox)
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert mailbox.envelopes[0].rcpt_tos == list(RECIPIENTS)
    assert message["Subject"] == document_of(delivery).subject
    assert message["From"] == SENDER
    assert message["To"] == ", ".join(RECIPIENTS)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == receipt.remote_id == f"<{a_delivery().id}@sender.test>"
    assert text.get_content().replace("\r\n", "\n") == written(delivery, MAIL_TEXT) + "\n"
    assert "<mark>бюджетът</mark>" in html.get_content()


def test_lines_that_begin_with_a_dot_survive_smtp():
    mailbox = Mailbox()
    delivery = a_delivery(a_notice(title=".", outlet=".. начало", quotes=(a_quote("."),)))

    with a_mail_server(mailbox) as port:
        a_mail_channel(port).send(delivery)

    body = the_message(mailbox).get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == written(delivery, MAIL_TEXT) + "\n"


@pytest.mark.parametrize(
    "title", ["A\r\nBcc: x@evil.test", "A\nBcc: x@evil.test", "A\u2028Bcc: x@evil.test", "й" * 999]
)
def test_no_headline_makes_a_header(title):
    message = compose(
        a_delivery(a_notice(title=title), id=DeliveryId("a>\r\nBcc: x")), SENDER, RECIPIENTS, datetime.now(UTC)
    )

    read = message_from_bytes(message.as_bytes(policy=policy.SMTP), policy=policy.default)

    assert set(read.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert all(len(line) <= 998 for line in message.as_bytes(policy=policy.SMTP).split(b"\r\n"))


def test_message_id_follows_from_the_delivery_alone():
    first, second = (
        compose(a_delivery(attempts=attempt), SENDER, RECIPIENTS, datetime(2026, 11, attempt, tzinfo=UTC))
        for attempt in (1, 2)
    )

    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] != second["Date"]


def test_starttls_and_login_with_a_trusted_certificate(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    mailbox = Mailbox()

    with a_mail_server(
        mailbox, tls_context=tls_context(), require_starttls=True, authenticator=mailbox.log_in, auth_required=True
    ) as port:
        a_mail_channel(port, tls="starttls", user="vestitel", password=PASSWORD).send(a_delivery())

    assert mailbox.was_tls
    assert mailbox.logins == [(b"vestitel", PASSWORD.encode())]


def test_implicit_tls_with_a_trusted_certificate(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    mailbox = Mailbox()

    with a_mail_server(mailbox, implicit_tls=True) as port:
        a_mail_channel(port, tls="tls").send(a_delivery())

    assert len(mailbox.envelopes) == 1


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_certificate_that_nobody_vouches_for_is_refused(tls):
    mailbox = Mailbox()
    options: dict[str, Any] = {"implicit_tls": True} if tls == "tls" else {"tls_context": tls_context()}

    with a_mail_server(mailbox, **options) as port:
        error = failure(a_mail_channel(port, tls=tls))

    assert (error.reason, error.cause, error.maybe_accepted) == (
        DeliveryReason.NETWORK,
        "the server's certificate is not valid",
        False,
    )
    assert mailbox.envelopes == []


def test_server_without_starttls_gets_nothing():
    mailbox = Mailbox()

    with a_mail_server(mailbox) as port:
        error = failure(a_mail_channel(port, tls="starttls", user="vestitel", password=PASSWORD))

    assert (error.reason, mailbox.envelopes, mailbox.logins) == (DeliveryReason.AUTH, [], [])


@pytest.mark.parametrize("password", ["wrong", "парола", None])
def test_login_that_fails_is_for_the_operator(password):
    mailbox = Mailbox()

    with a_mail_server(mailbox, authenticator=mailbox.log_in, auth_require_tls=False) as port:
        error = failure(a_mail_channel(port, user="vestitel", password=password))

    assert (error.reason, error.maybe_accepted) == (DeliveryReason.AUTH, False)


def test_server_that_offers_no_login_is_for_the_operator():
    with a_mail_server(Mailbox()) as port:
        assert failure(a_mail_channel(port, user="vestitel", password=PASSWORD)).reason is DeliveryReason.AUTH


def test_one_bad_address_does_not_keep_the_message_from_the_others():
    mailbox = Mailbox(refused=RECIPIENTS[:1])

    with capture_logs() as events, a_mail_server(mailbox) as port:
        a_mail_channel(port).send(a_delivery())

    assert mailbox.envelopes[0].rcpt_tos == [RECIPIENTS[1]]
    assert events == [
        {
            "event": "recipients.refused",
            "log_level": "warning",
            "channel": CHANNEL,
            "delivery": a_delivery().id,
            "codes": [550],
        }
    ]


REPLIES = [
    ("greeting", "421 busy", DeliveryReason.RATE_LIMITED),
    ("greeting", "554 not you", DeliveryReason.SERVER),
    ("greeting", "HTTP/1.1 400", DeliveryReason.SERVER),
    ("MAIL", "421 busy", DeliveryReason.RATE_LIMITED),
    ("MAIL", "452 no room", DeliveryReason.RATE_LIMITED),
    ("MAIL", "530 log in first", DeliveryReason.AUTH),
    ("MAIL", "550 not from you", DeliveryReason.BAD_REQUEST),
    ("MAIL", "552 too large", DeliveryReason.TOO_LONG),
    ("RCPT", "450 later", DeliveryReason.SERVER),
    ("RCPT", "550 nobody here", DeliveryReason.BAD_REQUEST),
    ("RCPT", "534 weak login", DeliveryReason.AUTH),
    ("DATA", "451 later", DeliveryReason.SERVER),
    ("DATA", "554 no", DeliveryReason.BAD_REQUEST),
    ("message", "451 later", DeliveryReason.SERVER),
    ("message", "421 closing", DeliveryReason.RATE_LIMITED),
    ("message", "552 too large", DeliveryReason.TOO_LONG),
    ("message", "554 spam", DeliveryReason.BAD_REQUEST),
]


@pytest.mark.parametrize(("step", "reply", "reason"), REPLIES)
def test_reply_decides_the_reason(step, reply, reason):
    with a_scripted_server({step: f"{reply} to {RECIPIENTS[0]}"}) as port:
        error = failure(a_mail_channel(port))

    assert (error.reason, error.maybe_accepted) == (reason, False)


@pytest.mark.parametrize("fault", [HANG_UP, SILENCE])
@pytest.mark.parametrize(
    ("step", "maybe_accepted"),
    [("greeting", False), ("EHLO", False), ("MAIL", False), ("RCPT", False), ("DATA", False), ("message", True)],
)
def test_only_a_break_after_the_message_may_be_an_acceptance(step, maybe_accepted, fault):
    # Time enough to come as far as the fault, on a busy machine too.
    timeout_s = 1.0 if maybe_accepted else 0.3

    with a_scripted_server({step: fault}) as port:
        error = failure(a_mail_channel(port, timeout_s=timeout_s))

    assert (error.reason, error.maybe_accepted) == (DeliveryReason.NETWORK, maybe_accepted)


def test_reply_that_is_not_smtp_leaves_doubt():
    with a_scripted_server({"message": "what?"}) as port:
        error = failure(a_mail_channel(port))

    assert (error.reason, error.maybe_accepted) == (DeliveryReason.SERVER, True)


def test_break_at_the_farewell_is_acceptance():
    with a_scripted_server({"QUIT": HANG_UP}) as port:
        receipt = a_mail_channel(port).send(a_delivery())

    assert receipt.remote_id is not None


def test_no_server_is_no_acceptance():
    error = failure(a_mail_channel(a_closed_port(), host="127.0.0.1"))

    assert (error.reason, error.cause, error.maybe_accepted) == (DeliveryReason.NETWORK, "no connection", False)


def test_host_that_is_none_is_for_the_operator():
    assert failure(a_mail_channel(25, host="a..b")).reason is DeliveryReason.AUTH


def of_thread(remote_id: str | None) -> Thread:
    return Thread(story_id=StoryId("s"), first_alert_id=AlertId("a1"), remote_id=remote_id)


def composed(delivery: Delivery, **options: Any) -> EmailMessage:
    message = compose(delivery, SENDER, RECIPIENTS, datetime(2026, 11, 24, tzinfo=UTC), **options)
    read = message_from_bytes(message.as_bytes(policy=policy.SMTP), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_what_follows_answers_the_first_message_of_its_story():
    first = composed(a_delivery(thread=of_thread(None)))
    second = composed(a_delivery(thread=of_thread(first["Message-ID"]), id=DeliveryId("d2")))

    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"] == f"{first['References']} {first['Message-ID']}"


@pytest.mark.parametrize("remote_id", ["1700", "<a@b>\r\nBcc: x@evil.test", "<a b@c>"])
def test_identifier_of_another_kind_is_not_answered(remote_id):
    message = composed(a_delivery(thread=of_thread(remote_id)))

    assert (message["In-Reply-To"], message["Bcc"]) == (None, None)
    assert message["References"] == "<thread-a1@sender.test>"


@pytest.mark.parametrize(
    ("unsubscribe", "expected"),
    [(None, None), ("mailto:stop@sender.test?subject=stop", "<mailto:stop@sender.test?subject=stop>")],
)
def test_way_out_is_named_where_there_is_one(unsubscribe, expected):
    assert composed(a_delivery(), unsubscribe=unsubscribe)["List-Unsubscribe"] == expected


def test_week_in_review_carries_a_picture_of_each_watch():
    message = composed(DELIVERIES["review"])

    pictures = [part for part in message.walk() if part.get_content_type() == "image/png"]
    html = message.get_body(("html",))
    assert html is not None
    text = html.get_content()
    assert len(pictures) == 2, "a week without any story needs none"
    assert [f"cid:{picture['Content-ID'].strip('<>')}" in text for picture in pictures] == [True] * 2
    assert all(picture["Content-Disposition"].startswith("inline") for picture in pictures)
    assert 'alt="пн 9, вт 4, ср 6, чт 12, пт 7, сб 1, нд 3"' in text
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds[:4] == ["multipart/alternative", "text/plain", "multipart/related", "text/html"]
