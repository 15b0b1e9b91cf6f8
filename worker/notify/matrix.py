"""Alerts in a Matrix room (spec.matrix.org: client-server API, `m.room.message`).

The transaction's id is the delivery's, so a server that has the message already does not post it again.
"""

from typing import Any
from urllib.parse import quote

from worker.errors import DeliveryReason
from worker.models.delivery import Delivery, Receipt
from worker.models.watch import ChannelId, Severity
from worker.notify.document import Document
from worker.notify.layout import document_of
from worker.notify.peer import Peer, Said, json_object, wait_s, word
from worker.notify.styles import MATRIX_HTML, MATRIX_PLAIN, written_document

_REASONS = {
    "M_LIMIT_EXCEEDED": DeliveryReason.RATE_LIMITED,
    "M_TOO_LARGE": DeliveryReason.TOO_LONG,
    "M_UNKNOWN_TOKEN": DeliveryReason.AUTH,
    "M_MISSING_TOKEN": DeliveryReason.AUTH,
    "M_FORBIDDEN": DeliveryReason.AUTH,
    "M_USER_DEACTIVATED": DeliveryReason.AUTH,
    "M_NOT_FOUND": DeliveryReason.AUTH,
    "M_BAD_JSON": DeliveryReason.BAD_REQUEST,
    "M_NOT_JSON": DeliveryReason.BAD_REQUEST,
    "M_INVALID_PARAM": DeliveryReason.BAD_REQUEST,
}


class MatrixChannel:
    """One room that is not encrypted, written to by one account."""

    def __init__(self, id_: ChannelId, *, base_url: str, token: str, room: str, timeout_s: float = 15.0) -> None:
        """`room` is the room's id („!…:server“), not one of its names."""
        self._url = f"{base_url.rstrip('/')}/_matrix/client/v3/rooms/{quote(room, safe='')}/send/m.room.message"
        self._headers = {"Authorization": f"Bearer {token.strip()}"}
        self._peer = Peer(channel=id_, name="Matrix", timeout_s=timeout_s, reasons=_REASONS, secrets=(token.strip(),))

    def send(self, delivery: Delivery) -> Receipt:
        """What follows a message answers it; raises DeliveryError."""
        content = matrix_content(document_of(delivery))
        if delivery.thread and delivery.thread.remote_id:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": delivery.thread.remote_id}}
        return self._put(delivery, content)

    def amend(self, delivery: Delivery, remote_id: str) -> Receipt:
        """An event that replaces the content of the first; raises DeliveryError."""
        new = matrix_content(document_of(delivery))
        content = {
            **new,
            # For what does not know of replacements.
            "body": f"* {new['body']}",
            "m.new_content": new,
            "m.relates_to": {"rel_type": "m.replace", "event_id": remote_id},
        }
        self._put(delivery, content)
        # Later events relate to the first one, never to another replacement.
        return Receipt(remote_id=remote_id)

    def _put(self, delivery: Delivery, content: dict[str, Any]) -> Receipt:
        answer = self._peer.ask("PUT", f"{self._url}/{quote(delivery.id, safe='')}", content, self._headers)
        stated = json_object(answer)
        event = word(stated, "event_id")
        said = Said(
            is_ok=bool(event),
            code=word(stated, "errcode"),
            text=word(stated, "error"),
            wait_s=wait_s(stated.get("retry_after_ms"), in_a_second=1000),
        )
        if refusal := self._peer.refusal(answer, said):
            raise refusal
        return Receipt(remote_id=event)


def matrix_content(document: Document) -> dict[str, Any]:
    """Plain text and HTML of one message, which mentions nobody; unimportant ones are notices, which make no sound."""
    return {
        "msgtype": "m.notice" if document.severity is Severity.LOW else "m.text",
        "body": written_document(document, MATRIX_PLAIN),
        "format": "org.matrix.custom.html",
        "formatted_body": written_document(document, MATRIX_HTML),
        "m.mentions": {},
    }
