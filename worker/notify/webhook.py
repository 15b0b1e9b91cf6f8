"""Alerts as JSON to an address of the operator's choice.

The receiver can tell a repeat by `Idempotency-Key` and, with a secret, an impostor by `X-Vestitel-Signature`.
"""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime

from worker.models.alert import Delivery, Receipt
from worker.models.watch import ChannelId
from worker.notify.http import post_json, refusal_of
from worker.notify.render import render_webhook

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
        """`secret` signs the body."""
        self._id = id_
        self._url = url
        self._secret = secret
        self._timeout_s = timeout_s

    def send(self, delivery: Delivery) -> Receipt:
        """Any status from 200 to 299 is acceptance; raises DeliveryError."""
        body = json.dumps(render_webhook(delivery), ensure_ascii=False).encode()
        headers = {"Idempotency-Key": _UNSAFE.sub("-", delivery.id)}
        if self._secret:
            headers["X-Vestitel-Signature"] = f"sha256={signature(self._secret, body)}"
        answer = post_json(self._id, self._url, body, headers, self._timeout_s)
        if refusal := refusal_of(self._id, answer, datetime.now(UTC)):
            raise refusal
        return Receipt()


def signature(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of the body as it is sent, hexadecimal."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
