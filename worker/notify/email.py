"""Alerts by e-mail: plain text and HTML in one message to all recipients of a channel."""

import re
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Literal

import structlog

from worker.models.alert import Delivery, Receipt
from worker.models.watch import ChannelId
from worker.notify.render import render_email
from worker.notify.smtp import FAILURES, Dialogue, Refused, failure_of

_LOG: Any = structlog.get_logger()
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


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
        timeout_s: float = 15.0,
    ) -> None:
        """Without `user` there is no login. `starttls` and `tls` fail rather than fall back to plain text."""
        self._id = id_
        self._host = host
        self._port = port
        self._sender = sender
        self._recipients = recipients
        self._tls = tls
        self._user = user
        self._password = password
        self._timeout_s = timeout_s

    def send(self, delivery: Delivery) -> Receipt:
        """Accepted once the server takes it for one recipient at least; raises DeliveryError."""
        message = compose(delivery, self._sender, self._recipients, datetime.now(UTC))
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


def compose(delivery: Delivery, sender: str, recipients: tuple[str, ...], now: datetime) -> EmailMessage:
    """The message; its Message-ID follows from the delivery alone, so that mail readers can drop a repeat."""
    rendered = render_email(delivery)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = rendered.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{_UNSAFE.sub('-', delivery.id)}@{sender.rpartition('@')[2]}>"
    # RFC 3834 §5: keeps holiday notices from answering.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    return message
