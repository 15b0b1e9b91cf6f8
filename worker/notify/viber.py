"""Alerts in Viber: posts in a channel, or a bot's messages to one subscriber (creators.viber.com).

Viber knows neither edits nor answers, and says in the body with status 200 what went wrong.
"""

from typing import Any

from worker.errors import DeliveryReason
from worker.models.delivery import Delivery, Receipt
from worker.models.watch import ChannelId
from worker.notify.peer import Peer, Said, json_object, word
from worker.notify.styles import VIBER, written

_AUTH, _BAD = DeliveryReason.AUTH, DeliveryReason.BAD_REQUEST
_REASONS = {
    "1": _AUTH,  # invalidUrl: the bot's own webhook
    "2": _AUTH,  # invalidAuthToken
    "3": _BAD,  # badData
    "4": _BAD,  # missingData
    "5": _AUTH,  # receiverNotRegistered
    "6": _AUTH,  # receiverNotSubscribed
    "7": _AUTH,  # publicAccountBlocked
    "8": _AUTH,  # publicAccountNotFound
    "9": _AUTH,  # publicAccountSuspended
    "10": _AUTH,  # webhookNotSet
    "11": _AUTH,  # receiverNoSuitableDevice
    "12": DeliveryReason.RATE_LIMITED,  # tooManyRequests
    "13": _BAD,  # apiVersionNotSupported
    "15": _AUTH,  # publicAccountNotAuthorized
    "18": _AUTH,  # noPublicChat
    "23": _AUTH,  # freeMessagesExceeded
    "24": _AUTH,  # noBalance
}
_NAME_LIMIT = 28


class ViberChannel:
    """One Viber channel, or one subscriber of a bot."""

    def __init__(
        self,
        id_: ChannelId,
        *,
        token: str,
        receiver: str | None = None,
        post_as: str | None = None,
        sender: str = "Вестител",
        base_url: str = "https://chatapi.viber.com/pa",
        timeout_s: float = 15.0,
    ) -> None:
        """`post_as`: the id of the channel's superadmin, who posts; else `receiver`: the id of a bot's subscriber."""
        base_url = base_url.rstrip("/")
        self._headers = {"X-Viber-Auth-Token": token.strip()}
        if post_as is not None:
            self._url = f"{base_url}/post"
            self._frame: dict[str, Any] = {"from": post_as}
        else:
            self._url = f"{base_url}/send_message"
            self._frame = {"receiver": receiver or "", "min_api_version": 1, "sender": {"name": sender[:_NAME_LIMIT]}}
        self._peer = Peer(channel=id_, name="Viber", timeout_s=timeout_s, reasons=_REASONS, secrets=(token.strip(),))

    def send(self, delivery: Delivery) -> Receipt:
        """Raises DeliveryError."""
        whole = {**self._frame, "type": "text", "text": written(delivery, VIBER)}
        answer = self._peer.ask("POST", self._url, whole, self._headers)
        stated = json_object(answer)
        status = word(stated, "status")
        said = Said(
            is_ok=status == "0", code=status, text=f"status {status} {word(stated, 'status_message')}" if status else ""
        )
        if refusal := self._peer.refusal(answer, said):
            raise refusal
        return Receipt(remote_id=word(stated, "message_token") or None)
