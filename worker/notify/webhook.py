"""Alerts as JSON to an address of the operator's choice.

The receiver can tell a repeat by `Idempotency-Key`, which is the delivery's id, and with a secret an impostor by
`X-Vestitel-Signature`. To verify: take the value of `X-Vestitel-Timestamp` (seconds since 1970, UTC), a full stop and
the body, byte for byte as it came; their HMAC-SHA256 under the secret, in hexadecimal after „sha256=“, is the
signature. Compare in constant time, and refuse timestamps that are more than some minutes off.

An amendment is an event of its own: the receiver puts it in place of the first of its story.
"""

import hashlib
import hmac
import re
import time

from worker.models.delivery import Delivery, Receipt
from worker.models.watch import ChannelId
from worker.notify.event import event_of
from worker.notify.peer import Peer, Said, json_bytes

_UNSAFE = re.compile(r"[^\x21-\x7e]")


class WebhookChannel:
    """One POST for each attempt."""

    def __init__(
        self,
        id_: ChannelId,
        *,
        url: str,
        secret: str | None = None,
        timeout_s: float = 15.0,
    ) -> None:
        """`secret` signs timestamp and body."""
        self._url = url
        self._secret = secret
        self._peer = Peer(channel=id_, name="the webhook", timeout_s=timeout_s, reasons={}, secrets=(url, secret or ""))

    def send(self, delivery: Delivery) -> Receipt:
        """Any status from 200 to 299 is acceptance; raises DeliveryError."""
        event = event_of(delivery)
        headers = {"Idempotency-Key": _UNSAFE.sub("-", delivery.id)}
        if self._secret:
            timestamp = str(int(time.time()))
            headers["X-Vestitel-Timestamp"] = timestamp
            headers["X-Vestitel-Signature"] = f"sha256={signature(self._secret, timestamp, json_bytes(event))}"
        answer = self._peer.ask("POST", self._url, event, headers)
        if refusal := self._peer.refusal(answer, Said(is_ok=True)):
            raise refusal
        return Receipt(remote_id=delivery.id)

    def amend(self, delivery: Delivery, remote_id: str) -> Receipt:
        """Sent as any event; what is amended is the receiver's to know."""
        self.send(delivery)
        return Receipt(remote_id=remote_id)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 of timestamp, full stop and body, hexadecimal."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
