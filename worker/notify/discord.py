"""Alerts in Discord by a channel's webhook (docs.discord.com/developers/resources/webhook).

A webhook cannot answer a message, so what follows is a message of its own; it can amend its own messages. Nobody is
mentioned, whatever a headline says.
"""

from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from worker.errors import DeliveryReason
from worker.models.delivery import Delivery, Receipt
from worker.models.watch import ChannelId, Severity
from worker.notify.http import Answer
from worker.notify.layout import document_of
from worker.notify.peer import Peer, Said, json_object, wait_s, word
from worker.notify.styles import DISCORD, written_document

#: docs.discord.com/developers/topics/opcodes-and-status-codes#json
_REASONS = {
    "10003": DeliveryReason.AUTH,
    "10008": DeliveryReason.MESSAGE_GONE,
    "10015": DeliveryReason.AUTH,
    "50005": DeliveryReason.MESSAGE_GONE,
    "50083": DeliveryReason.MESSAGE_GONE,
    "30046": DeliveryReason.RATE_LIMITED,
    "50006": DeliveryReason.BAD_REQUEST,
    "50027": DeliveryReason.AUTH,
    "50035": DeliveryReason.BAD_REQUEST,
}
_NO_PREVIEWS = 1 << 2
_NO_SOUND = 1 << 12


class DiscordChannel:
    """One channel of Discord, by the address of its webhook."""

    def __init__(self, id_: ChannelId, *, url: str, timeout_s: float = 15.0) -> None:
        """The address holds a token, and may name a thread (`?thread_id=`)."""
        self._url = url
        # The token is the last part of the path, and Discord may repeat it alone.
        secrets = (url, url.partition("?")[0].rstrip("/").rpartition("/")[2])
        self._peer = Peer(channel=id_, name="Discord", timeout_s=timeout_s, reasons=_REASONS, secrets=secrets)

    def send(self, delivery: Delivery) -> Receipt:
        """Waits until Discord has the message; raises DeliveryError."""
        document = document_of(delivery)
        flags = _NO_PREVIEWS | (_NO_SOUND if document.severity is Severity.LOW else 0)
        whole = {**_message(written_document(document, DISCORD)), "flags": flags}
        return self._receipt(self._peer.ask("POST", self._address("", "wait=true"), whole))

    def amend(self, delivery: Delivery, remote_id: str) -> Receipt:
        """Edits make no sound; raises DeliveryError."""
        whole = _message(written_document(document_of(delivery), DISCORD))
        return self._receipt(
            self._peer.ask("PATCH", self._address(f"/messages/{quote(remote_id, safe='')}", ""), whole)
        )

    def _address(self, below: str, query: str) -> str:
        parts = urlsplit(self._url)
        path = parts.path.rstrip("/") + below
        return urlunsplit(parts._replace(path=path, query="&".join(filter(None, (parts.query, query)))))

    def _receipt(self, answer: Answer) -> Receipt:
        stated = json_object(answer)
        message = word(stated, "id")
        said = Said(
            is_ok=bool(message),
            code=word(stated, "code"),
            text=word(stated, "message"),
            wait_s=wait_s(stated.get("retry_after")),
        )
        if refusal := self._peer.refusal(answer, said):
            raise refusal
        return Receipt(remote_id=message)


def _message(content: str) -> dict[str, Any]:
    return {"content": content, "allowed_mentions": {"parse": []}}
