"""Alerts by ntfy, on ntfy.sh or a server of one's own (docs.ntfy.sh/publish, „Publish as JSON“)."""

from dataclasses import replace
from typing import Any

from worker.errors import DeliveryReason
from worker.models.delivery import Delivery, Receipt
from worker.models.watch import ChannelId, Severity
from worker.notify.document import Document, Look
from worker.notify.excerpt import shorten
from worker.notify.layout import document_of
from worker.notify.peer import Peer, Said, json_object, word
from worker.notify.styles import NTFY, written_document

_PRIORITIES = {Severity.LOW: 2, Severity.NORMAL: 3, Severity.HIGH: 4, Severity.URGENT: 5}
_TAGS = {Severity.HIGH: ["warning"], Severity.URGENT: ["rotating_light"]}
#: docs.ntfy.sh and its server's errors: the first three figures are the status
_REASONS = {"42909": DeliveryReason.RATE_LIMITED, "41301": DeliveryReason.TOO_LONG, "40035": DeliveryReason.TOO_LONG}
_TITLE_LIMIT = 200
#: the whole body is 8,192 bytes at most, and a link may be longer than that with its escapes
_LINK_LIMIT = 1000


class NtfyChannel:
    """One topic."""

    def __init__(
        self,
        id_: ChannelId,
        *,
        topic: str,
        token: str | None = None,
        base_url: str = "https://ntfy.sh",
        timeout_s: float = 15.0,
    ) -> None:
        """A public topic is as good as a password; `token` is for one that is protected."""
        self._url = base_url.rstrip("/") + "/"
        self._topic = topic
        self._headers = {"Authorization": f"Bearer {token.strip()}"} if token else {}
        secrets = (topic, token.strip() if token else "")
        self._peer = Peer(channel=id_, name="ntfy", timeout_s=timeout_s, reasons=_REASONS, secrets=secrets)

    def send(self, delivery: Delivery) -> Receipt:
        """Raises DeliveryError."""
        whole = {"topic": self._topic, **ntfy_message(document_of(delivery))}
        answer = self._peer.ask("POST", self._url, whole, self._headers)
        stated = json_object(answer)
        code = word(stated, "code")
        said = Said(is_ok=bool(word(stated, "id")), code=code, text=word(stated, "error"))
        if refusal := self._peer.refusal(answer, said):
            raise refusal
        return Receipt(remote_id=word(stated, "id"))


def ntfy_message(document: Document) -> dict[str, Any]:
    """All but the topic; what the title says is not said again."""
    message: dict[str, Any] = {
        "title": shorten(document.title, _TITLE_LIMIT),
        "message": written_document(untitled(document), NTFY),
        "priority": _PRIORITIES[document.severity],
    }
    if document.severity in _TAGS:
        message["tags"] = _TAGS[document.severity]
    if document.url and len(document.url.encode()) <= _LINK_LIMIT:
        message["click"] = document.url
    return message


def untitled(document: Document) -> Document:
    """The document without the line that its title repeats."""
    paragraphs = (
        replace(one, lines=tuple(line for line in one.lines if line.look is not Look.TITLE))
        for one in document.paragraphs
    )
    return replace(document, paragraphs=tuple(paragraphs))
