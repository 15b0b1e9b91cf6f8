"""Alerts through the Bot API's `sendMessage` (core.telegram.org/bots/api#sendmessage).

The token is part of the address, so no error of this module repeats one.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from worker.errors import DeliveryError, DeliveryReason
from worker.models.alert import Delivery, Receipt
from worker.models.watch import ChannelId
from worker.notify.excerpt import one_line, shorten
from worker.notify.http import Answer, post_json, refusal_of
from worker.notify.render import render_telegram, render_telegram_plain
from worker.text.times import DAY_S

_MARKUP_REFUSED = "can't parse entities"
_TOO_LONG = "message is too long"
_CAUSE_LIMIT = 200


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
        self._id = id_
        self._token = token.strip()
        self._chat = chat
        self._url = f"{base_url.rstrip('/')}/bot{quote(self._token, safe=':')}/sendMessage"
        self._timeout_s = timeout_s

    def send(self, delivery: Delivery) -> Receipt:
        """Markup that Telegram refuses is sent once more as plain text; raises DeliveryError."""
        answer = self._post({"text": render_telegram(delivery), "parse_mode": "HTML"})
        if _MARKUP_REFUSED in _description(answer).lower():
            answer = self._post({"text": render_telegram_plain(delivery)})
        if refusal := self._refusal(answer):
            raise refusal
        result = _object(answer).get("result")
        remote_id = result.get("message_id") if isinstance(result, dict) else None
        return Receipt(remote_id=None if remote_id is None else str(remote_id))

    def _post(self, message: Mapping[str, str]) -> Answer:
        whole = {"chat_id": self._chat, "link_preview_options": {"is_disabled": True}, **message}
        body = json.dumps(whole, ensure_ascii=False).encode()
        return post_json(self._id, self._url, body, {}, self._timeout_s)

    def _refusal(self, answer: Answer) -> DeliveryError | None:
        stated = _object(answer)
        code = stated.get("error_code")
        if stated.get("ok") is False and isinstance(code, int):
            answer = replace(answer, status=code)
        refusal = refusal_of(self._id, answer, datetime.now(UTC))
        if refusal is None:
            if stated.get("ok") is True:
                return None
            cause = "the answer is not the Bot API's; is base_url right?"
            return DeliveryError(self._id, DeliveryReason.SERVER, cause, maybe_accepted=True)
        reason = DeliveryReason.TOO_LONG if _TOO_LONG in _description(answer).lower() else refusal.reason
        return DeliveryError(
            self._id, reason, self._cause(refusal, answer), _wait_s(stated, refusal), refusal.maybe_accepted
        )

    def _cause(self, refusal: DeliveryError, answer: Answer) -> str:
        """What Telegram says, which tells the operator what to do: „chat not found“, the new id of a group."""
        stated = _description(answer)
        if new_chat := _parameters(_object(answer)).get("migrate_to_chat_id"):
            stated += f"; the group's id is now {new_chat}"
        # Whoever answers at base_url may repeat the address that was asked for.
        for secret in (self._token, quote(self._token, safe=":"), quote(self._token, safe="")):
            stated = stated.replace(secret, "***") if secret else stated
        stated = shorten(one_line(stated), _CAUSE_LIMIT)
        return f"{refusal.cause}: {stated}" if stated else refusal.cause


def _object(answer: Answer) -> Mapping[str, Any]:
    """The answer's JSON object, empty where it is none."""
    try:
        stated = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return stated if isinstance(stated, dict) else {}


def _description(answer: Answer) -> str:
    return str(_object(answer).get("description") or "")


def _parameters(stated: Mapping[str, Any]) -> Mapping[str, Any]:
    parameters = stated.get("parameters")
    return parameters if isinstance(parameters, dict) else {}


def _wait_s(stated: Mapping[str, Any], refusal: DeliveryError) -> float | None:
    """Telegram's own figure wins over the header."""
    wait = _parameters(stated).get("retry_after")
    if isinstance(wait, int | float) and wait >= 0:
        return float(min(wait, DAY_S))
    return refusal.retry_after_s
