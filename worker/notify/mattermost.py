"""Alerts in Mattermost, by an incoming webhook or as a bot (developers.mattermost.com: posts).

A webhook gives no id, so its messages can be neither amended nor answered.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from worker.errors import DeliveryReason
from worker.models.delivery import Delivery, Receipt
from worker.models.watch import ChannelId
from worker.notify.http import Answer
from worker.notify.peer import Peer, Said, json_object, word
from worker.notify.styles import MATTERMOST, written
from worker.text.times import DAY_S

_REASONS = {
    "api.context.session_expired.app_error": DeliveryReason.AUTH,
    "api.context.permissions.app_error": DeliveryReason.AUTH,
    "store.sql_channel.get.existing.app_error": DeliveryReason.AUTH,
    "app.channel.get.existing.app_error": DeliveryReason.AUTH,
    "model.post.is_valid.msg.app_error": DeliveryReason.TOO_LONG,
    "model.post.is_valid.message_length.app_error": DeliveryReason.TOO_LONG,
    "api.post.create_post.can_not_post_to_deleted.error": DeliveryReason.AUTH,
    "app.post.get.app_error": DeliveryReason.MESSAGE_GONE,
    "api.post.update_post.find.app_error": DeliveryReason.MESSAGE_GONE,
    "api.post.update_post.permissions_details.app_error": DeliveryReason.MESSAGE_GONE,
    "api.post.update_post.permissions_time_limit.app_error": DeliveryReason.MESSAGE_GONE,
}
_NO_ROOT = "root_id"


class MattermostWebhook:
    """One channel of Mattermost, by the address that an incoming webhook has."""

    def __init__(self, id_: ChannelId, *, url: str, timeout_s: float = 15.0) -> None:
        """The address is a secret."""
        self._url = url
        self._peer = Peer(channel=id_, name="Mattermost", timeout_s=timeout_s, reasons=_REASONS, secrets=(url,))

    def send(self, delivery: Delivery) -> Receipt:
        """Mattermost says `ok`, or what is wrong in JSON; raises DeliveryError."""
        answer = self._peer.ask("POST", self._url, {"text": written(delivery, MATTERMOST)})
        if refusal := self._peer.refusal(answer, _said(answer, is_ok=answer.body.strip() == b"ok")):
            raise refusal
        return Receipt()


class MattermostBot:
    """One channel of Mattermost, written to by one bot."""

    def __init__(
        self, id_: ChannelId, *, base_url: str, token: str, conversation: str, timeout_s: float = 15.0
    ) -> None:
        """`conversation` is Mattermost's id of the channel."""
        self._posts = f"{base_url.rstrip('/')}/api/v4/posts"
        self._conversation = conversation
        self._headers = {"Authorization": f"Bearer {token.strip()}"}
        self._peer = Peer(
            channel=id_, name="Mattermost", timeout_s=timeout_s, reasons=_REASONS, secrets=(token.strip(),)
        )

    def send(self, delivery: Delivery) -> Receipt:
        """What follows a message answers it; raises DeliveryError."""
        whole = {"channel_id": self._conversation, "message": written(delivery, MATTERMOST)}
        root = {"root_id": delivery.thread.remote_id} if delivery.thread and delivery.thread.remote_id else {}
        answer = self._peer.ask("POST", self._posts, {**whole, **root}, self._headers)
        if root and _NO_ROOT in _code(json_object(answer)):
            # Somebody deleted the first message; the news are worth a message of their own.
            answer = self._peer.ask("POST", self._posts, whole, self._headers)
        return self._receipt(answer)

    def amend(self, delivery: Delivery, remote_id: str) -> Receipt:
        """A patch of the text; raises DeliveryError."""
        url = f"{self._posts}/{quote(remote_id, safe='')}/patch"
        return self._receipt(self._peer.ask("PUT", url, {"message": written(delivery, MATTERMOST)}, self._headers))

    def _receipt(self, answer: Answer) -> Receipt:
        post = word(json_object(answer), "id")
        if refusal := self._peer.refusal(answer, _said(answer, is_ok=bool(post))):
            raise refusal
        return Receipt(remote_id=post)


def _said(answer: Answer, *, is_ok: bool) -> Said:
    stated = json_object(answer)
    # Where rate limits are on, only this header says when they end, in seconds from now.
    reset = answer.headers.get("x-ratelimit-reset", "")
    wait = min(float(reset[:10]), float(DAY_S)) if answer.status == 429 and reset.isdecimal() else None  # noqa: PLR2004
    return Said(is_ok=is_ok, code=_code(stated), text=word(stated, "message"), wait_s=wait)


def _code(stated: Mapping[str, Any]) -> str:
    """Of an error; a post has an id too."""
    return word(stated, "id") if "status_code" in stated else ""
