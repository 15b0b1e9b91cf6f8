"""One SMTP dialogue, and what its failure means.

It is led step by step rather than by `smtplib.sendmail`, for only so can a failure after the message went out be
told from one before. Servers repeat addresses in their replies, so errors give the codes alone.
"""

import contextlib
import re
import smtplib
import ssl
import time
from collections.abc import Mapping, Sequence

from worker.errors import DeliveryError, DeliveryReason
from worker.models.watch import ChannelId

#: everything that a dialogue raises; UnicodeError: a host, user, password or address that is not ASCII
FAILURES = (smtplib.SMTPException, OSError, UnicodeError)
#: recipients that the server did not take, with its code and reply
Refused = Mapping[str, tuple[int, bytes]]

_GO_AHEAD = 354
_PERMANENT = 500
_REPLIES = range(200, 600)
_REASONS = {
    # RFC 4954 §6
    530: DeliveryReason.AUTH,
    534: DeliveryReason.AUTH,
    535: DeliveryReason.AUTH,
    538: DeliveryReason.AUTH,
    # RFC 5321 §4.2.3: closing the channel; insufficient storage; exceeded storage allocation
    421: DeliveryReason.RATE_LIMITED,
    452: DeliveryReason.RATE_LIMITED,
    552: DeliveryReason.TOO_LONG,
}
#: failures without a reply, the more special ones first
_WITHOUT_REPLY: tuple[tuple[type[Exception], DeliveryReason, str], ...] = (
    (
        smtplib.SMTPNotSupportedError,
        DeliveryReason.AUTH,
        "the server lacks STARTTLS, login or another thing configured",
    ),
    (smtplib.SMTPServerDisconnected, DeliveryReason.NETWORK, "the connection broke, or no answer in time"),
    # smtplib says this alone when the server offers no way of login that it knows.
    (smtplib.SMTPException, DeliveryReason.AUTH, "no way of login in common with the server"),
    (UnicodeError, DeliveryReason.AUTH, "host, address, user or password has letters that SMTP cannot carry"),
    (ssl.SSLCertVerificationError, DeliveryReason.NETWORK, "the server's certificate is not valid"),
    (ssl.SSLError, DeliveryReason.NETWORK, "no TLS connection"),
    (TimeoutError, DeliveryReason.NETWORK, "no answer in time"),
    (OSError, DeliveryReason.NETWORK, "no connection"),
)
_DOT_AT_START = re.compile(rb"^\.", re.MULTILINE)


class Dialogue:
    """A connection to one server, all of which must take no longer than `timeout_s`."""

    def __init__(self, timeout_s: float) -> None:
        self._ends_at = time.monotonic() + timeout_s
        self._smtp: smtplib.SMTP | None = None
        #: the message went out and no reply says what became of it
        self.is_in_doubt = False

    def open(self, host: str, port: int, *, implicit_tls: bool) -> None:
        """Connects and reads the greeting."""
        if implicit_tls:
            context = ssl.create_default_context()
            self._smtp = smtplib.SMTP_SSL(host, port, timeout=self._left_s(), context=context)
        else:
            self._smtp = smtplib.SMTP(host, port, timeout=self._left_s())

    def step(self) -> smtplib.SMTP:
        """The connection for one more command, which has the time that is left; raises TimeoutError without any."""
        if self._smtp is None or self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        self._smtp.sock.settimeout(self._left_s())
        return self._smtp

    def transmit(self, message: bytes, sender: str, recipients: Sequence[str]) -> Refused:
        """Sends a message that ends with a line end to all recipients that the server takes, at least one."""
        code, reply = self.step().mail(sender)
        if not _is_done(code):
            raise smtplib.SMTPSenderRefused(code, reply, sender)
        answers = {recipient: self.step().rcpt(recipient) for recipient in recipients}
        refused = {recipient: answer for recipient, answer in answers.items() if not _is_done(answer[0])}
        if len(refused) == len(answers):
            raise smtplib.SMTPRecipientsRefused(refused)
        code, reply = self.step().docmd("DATA")
        if code != _GO_AHEAD:
            raise smtplib.SMTPDataError(code, reply)
        smtp = self.step()
        self.is_in_doubt = True
        smtp.send(_DOT_AT_START.sub(b"..", message) + b".\r\n")
        code, reply = self.step().getreply()
        self.is_in_doubt = code not in _REPLIES
        if not _is_done(code):
            raise smtplib.SMTPDataError(code, reply)
        return refused

    def end(self) -> None:
        """Takes leave without waiting for an answer, since nothing depends on it any more."""
        if self._smtp is not None:
            with contextlib.suppress(*FAILURES):
                self._smtp.putcmd("QUIT")
            self._smtp.close()

    def _left_s(self) -> float:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def failure_of(channel: ChannelId, exc: Exception, *, maybe_accepted: bool) -> DeliveryError:
    """What an exception of a dialogue means; `maybe_accepted`: the message had gone out."""
    match exc:
        case smtplib.SMTPRecipientsRefused():
            # The least final refusal decides, since a later attempt may do for that recipient.
            code = min((code for code, _ in exc.recipients.values()), default=_PERMANENT)
            reason, cause = _reason_of(code), f"every recipient refused: SMTP {code}"
        case smtplib.SMTPAuthenticationError():
            reason = DeliveryReason.AUTH if exc.smtp_code >= _PERMANENT else _reason_of(exc.smtp_code)
            cause = f"login refused: SMTP {exc.smtp_code}"
        case smtplib.SMTPConnectError() | smtplib.SMTPHeloError():
            # The server refuses us before it has seen the message, so nothing is wrong with that.
            reason = DeliveryReason.SERVER if exc.smtp_code >= _PERMANENT else _reason_of(exc.smtp_code)
            cause = f"greeting refused: SMTP {exc.smtp_code}"
        case smtplib.SMTPResponseException():
            reason, cause = _reason_of(exc.smtp_code), f"SMTP {exc.smtp_code}"
        case _:
            reason, cause = next((reason, cause) for kind, reason, cause in _WITHOUT_REPLY if isinstance(exc, kind))
    return DeliveryError(channel, reason, cause, maybe_accepted=maybe_accepted)


def _is_done(code: int) -> bool:
    return code // 100 == 2  # noqa: PLR2004 - RFC 5321 §4.2.1: positive completion


def _reason_of(code: int) -> DeliveryReason:
    if code in _REASONS:
        return _REASONS[code]
    if code not in _REPLIES:
        return DeliveryReason.SERVER
    return DeliveryReason.BAD_REQUEST if code >= _PERMANENT else DeliveryReason.SERVER
