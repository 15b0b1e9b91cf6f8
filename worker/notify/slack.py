"""Alerts in Slack, by an incoming webhook or as a bot (docs.slack.dev: chat.postMessage, chat.update).

The message is a `rich_text` block, in which words are words: nothing of it is read as markup. The text beside it is
for notifications and is markup, so it is escaped. A webhook gives no id, so its messages can be neither amended nor
answered.
"""

import json
from functools import lru_cache
from typing import Any

from worker.errors import DeliveryError, DeliveryReason
from worker.models.delivery import Delivery, Receipt
from worker.models.watch import ChannelId
from worker.notify.document import Document, Line, Look, runs_of
from worker.notify.excerpt import shorten
from worker.notify.fitting import Measure, fitted
from worker.notify.http import Answer
from worker.notify.layout import document_of
from worker.notify.peer import Peer, Said, json_object, word

#: blocks of more than some 13,000 characters of JSON are refused as `msg_blocks_too_long`
_LIMIT = 10_000
#: chat.update takes 4,000 characters of text
_TEXT_LIMIT = 1000
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_AUTH, _BAD, _SERVER = DeliveryReason.AUTH, DeliveryReason.BAD_REQUEST, DeliveryReason.SERVER
_REASONS = {
    "ratelimited": DeliveryReason.RATE_LIMITED,
    "rate_limited": DeliveryReason.RATE_LIMITED,
    "message_limit_exceeded": DeliveryReason.RATE_LIMITED,
    "msg_too_long": DeliveryReason.TOO_LONG,
    "msg_blocks_too_long": DeliveryReason.TOO_LONG,
    "message_not_found": DeliveryReason.MESSAGE_GONE,
    "cant_update_message": DeliveryReason.MESSAGE_GONE,
    "edit_window_closed": DeliveryReason.MESSAGE_GONE,
    "no_text": _BAD,
    "invalid_blocks": _BAD,
    "invalid_blocks_format": _BAD,
    "invalid_payload": _BAD,
    "internal_error": _SERVER,
    "fatal_error": _SERVER,
    "service_unavailable": _SERVER,
    "request_timeout": _SERVER,
    "rollup_error": _SERVER,
    **dict.fromkeys(
        (
            *("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"),
            *("not_allowed_token_type", "no_permission", "channel_not_found", "not_in_channel", "is_archived"),
            *("channel_is_archived", "restricted_action", "action_prohibited", "no_service", "invalid_token"),
            *("team_disabled", "user_not_found", "access_denied", "ekm_access_denied", "org_login_required"),
        ),
        _AUTH,
    ),
}
#: answers to a message that is there no more
_NO_THREAD = frozenset({"thread_not_found", "cannot_reply_to_message"})


class SlackWebhook:
    """One channel of Slack, by the address that an incoming webhook has."""

    def __init__(self, id_: ChannelId, *, url: str, timeout_s: float = 15.0) -> None:
        """The address is a secret."""
        self._url = url
        self._peer = Peer(channel=id_, name="Slack", timeout_s=timeout_s, reasons=_REASONS, secrets=(url,))

    def send(self, delivery: Delivery) -> Receipt:
        """Slack says `ok`, or the name of the fault; raises DeliveryError."""
        answer = self._peer.ask("POST", self._url, slack_message(document_of(delivery)))
        stated = answer.body.decode("utf-8", "replace").strip()
        code = stated if stated.replace("_", "").isalpha() else ""
        if refusal := self._peer.refusal(answer, Said(is_ok=stated == "ok", code=code)):
            raise refusal
        return Receipt()


class SlackBot:
    """One channel of Slack, written to by one bot."""

    def __init__(
        self,
        id_: ChannelId,
        *,
        token: str,
        conversation: str,
        base_url: str = "https://slack.com/api",
        timeout_s: float = 15.0,
    ) -> None:
        """`conversation` is Slack's id or name of a channel."""
        self._conversation = conversation
        self._base_url = base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token.strip()}", "Content-Type": "application/json; charset=utf-8"}
        self._peer = Peer(channel=id_, name="Slack", timeout_s=timeout_s, reasons=_REASONS, secrets=(token.strip(),))

    def send(self, delivery: Delivery) -> Receipt:
        """What follows a message answers it, and is shown in the channel too; raises DeliveryError."""
        whole = {"channel": self._conversation, **slack_message(document_of(delivery))}
        first = (delivery.thread.remote_id if delivery.thread else None) or ""
        thread = {"thread_ts": first.rpartition(":")[2], "reply_broadcast": True} if first else {}
        answer = self._ask("chat.postMessage", {**whole, **thread})
        if thread and word(json_object(answer), "error") in _NO_THREAD:
            answer = self._ask("chat.postMessage", whole)
        return self._receipt(answer)

    def amend(self, delivery: Delivery, remote_id: str) -> Receipt:
        """Only under the id of its channel, which Slack gave with the message."""
        conversation, _, stamp = remote_id.rpartition(":")
        whole = {"channel": conversation or self._conversation, "ts": stamp, **slack_message(document_of(delivery))}
        return self._receipt(self._ask("chat.update", whole))

    def _ask(self, method: str, whole: dict[str, Any]) -> Answer:
        return self._peer.ask("POST", f"{self._base_url}/{method}", whole, self._headers)

    def _receipt(self, answer: Answer) -> Receipt:
        if refusal := self._refusal(answer):
            raise refusal
        stated = json_object(answer)
        stamp = word(stated, "ts")
        return Receipt(remote_id=f"{word(stated, 'channel') or self._conversation}:{stamp}" if stamp else None)

    def _refusal(self, answer: Answer) -> DeliveryError | None:
        """Slack refuses with status 200."""
        stated = json_object(answer)
        return self._peer.refusal(answer, Said(is_ok=stated.get("ok") is True, code=word(stated, "error")))


def slack_message(document: Document) -> dict[str, Any]:
    """Text and block of a message; no previews of what it links to."""
    text = "".join(_ENTITIES.get(char, char) for char in shorten(document.title, _TEXT_LIMIT // 5))
    return {
        "text": text,
        "blocks": [{"type": "rich_text", "elements": _elements(document)}],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _elements(document: Document) -> list[dict[str, Any]]:
    measure = Measure(
        limit=_LIMIT,
        line=lambda line: len(_json({"type": "rich_text_section", "elements": _line(line)})) + len(_json(_text("\n"))),
        cost=_cost,
        mark=len(_json(_text("", bold=True))) + len(_json(_text(""))),
        quote=1200,
        quotes=8,
    )
    elements: list[dict[str, Any]] = []
    for number, lines in enumerate(fitted(document, measure)):
        section: list[dict[str, Any]] = [_text("\n")] if number else []
        for line in lines:
            if line.look is Look.QUOTE:
                elements += [{"type": "rich_text_section", "elements": section}] if section else []
                elements.append({"type": "rich_text_quote", "elements": _line(line)})
                section = []
            else:
                section += [*([_text("\n")] if section and section[-1] != _text("\n") else []), *_line(line)]
        elements += [{"type": "rich_text_section", "elements": section}] if section else []
    return elements


@lru_cache(maxsize=4096)
def _cost(char: str) -> int:
    return len(_json(char)) - len('""')


def _line(line: Line) -> list[dict[str, Any]]:
    bullet = [_text("• ")] if line.look is Look.STORY else []
    runs = [run for run in runs_of(line) if run.text]
    return bullet + [
        {"type": "link", "url": run.url, "text": run.text}
        if run.url
        else _text(run.text, bold=run.is_strong or run.is_marked)
        for run in runs
    ]


def _text(text: str, *, bold: bool = False) -> dict[str, Any]:
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
