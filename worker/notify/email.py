"""Alerts by e-mail: plain text and HTML in one message to all recipients of a channel.

Mail cannot be changed once it is sent, so it is not amended; what follows a message answers it (RFC 5322 §3.6.4).
"""

import re
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Literal

import structlog

from worker.models.delivery import Delivery, Receipt
from worker.models.watch import ChannelId
from worker.notify.chart import bar_chart
from worker.notify.document import Document
from worker.notify.excerpt import shorten
from worker.notify.fitting import Measure, fitted
from worker.notify.layout import document_of
from worker.notify.page import page
from worker.notify.smtp import FAILURES, Dialogue, Refused, failure_of
from worker.notify.styles import MAIL_TEXT, written_document

_LOG: Any = structlog.get_logger()
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_SUBJECT_LIMIT = 200
_HTML_LIMIT = 200_000
#: a letter of many pictures is taken for advertising
_MOST_PICTURES = 30


class EmailChannel:
    """One message to all recipients for each attempt; a repeat carries the same Message-ID."""

    def __init__(
        self,
        id_: ChannelId,
        *,
        host: str,
        port: int,
        sender: str,
        recipients: tuple[str, ...],
        tls: Literal["starttls", "tls", "none"] = "starttls",
        user: str | None = None,
        password: str | None = None,
        unsubscribe: str | None = None,
        timeout_s: float = 15.0,
    ) -> None:
        """Without `user` there is no login. `starttls` and `tls` fail rather than fall back to plain text.

        `unsubscribe` is an address of mailto: or https: for those who want no more.
        """
        self._id = id_
        self._host = host
        self._port = port
        self._sender = sender
        self._recipients = recipients
        self._tls = tls
        self._user = user
        self._password = password
        self._unsubscribe = unsubscribe
        self._timeout_s = timeout_s

    def send(self, delivery: Delivery) -> Receipt:
        """Accepted once the server takes it for one recipient at least; raises DeliveryError."""
        message = compose(delivery, self._sender, self._recipients, datetime.now(UTC), unsubscribe=self._unsubscribe)
        dialogue = Dialogue(self._timeout_s)
        try:
            refused = self._hand_over(dialogue, message)
        except FAILURES as exc:
            failure = failure_of(self._id, exc, maybe_accepted=dialogue.is_in_doubt)
        else:
            if refused:
                codes = sorted({code for code, _ in refused.values()})
                _LOG.warning("recipients.refused", channel=self._id, delivery=delivery.id, codes=codes)
            return Receipt(remote_id=message["Message-ID"])
        finally:
            dialogue.end()
        # Raised out here so that it does not carry the other exception, whose text may hold an address or password.
        raise failure

    def _hand_over(self, dialogue: Dialogue, message: EmailMessage) -> Refused:
        dialogue.open(self._host, self._port, implicit_tls=self._tls == "tls")
        if self._tls == "starttls":
            dialogue.step().starttls(context=ssl.create_default_context())
        dialogue.step().ehlo_or_helo_if_needed()
        if self._user is not None:
            dialogue.step().login(self._user, self._password or "")
        return dialogue.transmit(message.as_bytes(policy=SMTP), self._sender, self._recipients)


def compose(
    delivery: Delivery, sender: str, recipients: tuple[str, ...], now: datetime, *, unsubscribe: str | None = None
) -> EmailMessage:
    """The message; its Message-ID follows from the delivery alone, so that mail readers can drop a repeat."""
    document = document_of(delivery)
    domain = sender.rpartition("@")[2]
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = shorten(document.subject, _SUBJECT_LIMIT)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = _message_id(delivery.id, domain)
    # RFC 3834 §5: keeps holiday notices from answering.
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
    if delivery.thread is not None:
        _answer(message, delivery, domain)
    message.set_content(written_document(document, MAIL_TEXT) + "\n", cte="quoted-printable")
    _add_page(message, document, delivery, domain)
    return message


def _answer(message: EmailMessage, delivery: Delivery, domain: str) -> None:
    """All messages of a thread name a root that was never sent, so that readers put them together in any case."""
    thread = delivery.thread
    if thread is None:
        return
    root = _message_id(f"thread-{thread.first_alert_id}", domain)
    first = thread.remote_id
    if first and re.fullmatch(r"<[^<>\s]+@[^<>\s]+>", first):
        message["In-Reply-To"] = first
        message["References"] = f"{root} {first}"
    else:
        message["References"] = root


def _add_page(message: EmailMessage, document: Document, delivery: Delivery, domain: str) -> None:
    rows = document.rows[:_MOST_PICTURES]
    name = _UNSAFE.sub("-", delivery.id)
    images = [f"week-{number}-{name}@{domain}" if any(row.days) else "" for number, row in enumerate(rows)]
    measure = Measure(limit=_HTML_LIMIT, line=lambda line: sum(len(text.text) + len(text.url) for text in line.texts))
    html = page(document, fitted(document, measure), images)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    most = max((max(row.days, default=0) for row in rows), default=0)
    html_part = message.get_body(("html",))
    for image, row in zip(images, rows, strict=True):
        if image and isinstance(html_part, EmailMessage):
            picture = bar_chart(row.days, most)
            html_part.add_related(picture, "image", "png", cid=f"<{image}>", disposition="inline")


def _message_id(name: str, domain: str) -> str:
    return f"<{_UNSAFE.sub('-', name)}@{domain}>"
