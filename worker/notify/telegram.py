"""Alerts through the Bot API's `sendMessage` and `editMessageText` (core.telegram.org/bots/api).

The token is part of the address, so no error of this module repeats one.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from worker.errors import DeliveryError, DeliveryReason
from worker.models.delivery import Delivery, Receipt
from worker.models.watch import ChannelId, Severity
from worker.notify.http import Answer
from worker.notify.layout import document_of
from worker.notify.peer import Peer, Said, json_object, part, wait_s
from worker.notify.styles import TELEGRAM, TELEGRAM_PLAIN, written_document

_MARKUP_REFUSED = "can't parse entities"
_UNCHANGED = "message is not modified"
#: Telegram names faults by sentences alone; so does the Bot API server's source
_SENTENCES = {
    "message is too long": DeliveryReason.TOO_LONG,
    "message_too_long": DeliveryReason.TOO_LONG,
    # What an operator can mend is tried again meanwhile.
    "chat not found": DeliveryReason.AUTH,
    "upgraded to a supergroup": DeliveryReason.AUTH,
    "not enough rights": DeliveryReason.AUTH,
    "have no rights to send": DeliveryReason.AUTH,
    "message to edit not found": DeliveryReason.MESSAGE_GONE,
    "message can't be edited": DeliveryReason.MESSAGE_GONE,
    "message_id_invalid": DeliveryReason.MESSAGE_GONE,
}


class TelegramChannel:
    """One chat, group or channel, written to by one bot."""

    def __init__(
        self,
        id_: ChannelId,
        *,
        token: str,
        chat: str,
        base_url: str = "https://api.telegram.org",
        timeout_s: float = 15.0,
    ) -> None:
        """`chat` is a numeric id or @name; a Bot API server of one's own may stand at `base_url`."""
        token = token.strip()
        self._chat = chat
        self._url = f"{base_url.rstrip('/')}/bot{quote(token, safe=':')}"
        self._peer = Peer(channel=id_, name="the Bot API", timeout_s=timeout_s, reasons=_SENTENCES, secrets=(token,))

    def send(self, delivery: Delivery) -> Receipt:
        """Markup that Telegram refuses is sent once more as plain text; raises DeliveryError."""
        options: dict[str, Any] = {}
        if document_of(delivery).severity is Severity.LOW:
            options["disable_notification"] = True
        first = delivery.thread.remote_id if delivery.thread else None
        if first and first.isdecimal():
            options["reply_parameters"] = {"message_id": int(first), "allow_sending_without_reply": True}
        answer = self._ask("sendMessage", delivery, options)
        if refusal := self._refusal(answer):
            raise refusal
        remote_id = part(json_object(answer), "result").get("message_id")
        return Receipt(remote_id=None if remote_id is None else str(remote_id))

    def amend(self, delivery: Delivery, remote_id: str) -> Receipt:
        """Edits make no sound; text that is there already is fine."""
        answer = self._ask("editMessageText", delivery, {"message_id": remote_id})
        if _UNCHANGED not in _description(answer).lower() and (refusal := self._refusal(answer)):
            raise refusal
        return Receipt(remote_id=remote_id)

    def _ask(self, method: str, delivery: Delivery, options: Mapping[str, Any]) -> Answer:
        document = document_of(delivery)
        answer = self._post(method, {"text": written_document(document, TELEGRAM), "parse_mode": "HTML", **options})
        if _MARKUP_REFUSED in _description(answer).lower():
            answer = self._post(method, {"text": written_document(document, TELEGRAM_PLAIN), **options})
        return answer

    def _post(self, method: str, message: Mapping[str, Any]) -> Answer:
        whole = {"chat_id": self._chat, "link_preview_options": {"is_disabled": True}, **message}
        return self._peer.ask("POST", f"{self._url}/{method}", whole)

    def _refusal(self, answer: Answer) -> DeliveryError | None:
        stated = json_object(answer)
        code = stated.get("error_code")
        if stated.get("ok") is False and isinstance(code, int):
            answer = replace(answer, status=code)
        text = _description(answer)
        if new_chat := part(stated, "parameters").get("migrate_to_chat_id"):
            text += f"; the group's id is now {new_chat}"
        return self._peer.refusal(
            answer,
            Said(
                is_ok=stated.get("ok") is True,
                code=next((sentence for sentence in _SENTENCES if sentence in text.lower()), ""),
                text=text,
                wait_s=wait_s(part(stated, "parameters").get("retry_after")),
            ),
        )


def _description(answer: Answer) -> str:
    return str(json_object(answer).get("description") or "")
