"""Alerts in Microsoft Teams, by the address of a workflow that posts what it gets („When a Teams webhook request is
received“, learn.microsoft.com: Workflows).

The message is an Adaptive Card of rich text, in which words are words. Workflows give no id, so nothing can be
amended or answered.
"""

import json
import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from worker.models.delivery import Delivery, Receipt
from worker.models.watch import ChannelId
from worker.notify.document import Document, Line, Look, Run, runs_of
from worker.notify.fitting import Measure, fitted
from worker.notify.http import Answer
from worker.notify.layout import document_of
from worker.notify.peer import Peer, Said

#: a message is 28 KB at most, of which the frame of the card takes a little
_LIMIT = 24_000
_CARD = "application/vnd.microsoft.card.adaptive"
#: without it, some servers count two bytes for each
_HEADERS = {"Content-Type": "application/json; charset=utf-8"}
#: what Teams itself answered stands in a body of status 200
_RELAYED = re.compile(rb"HTTP error (\d{3})")
_SIZES = {Look.TITLE: "Medium", Look.SMALL: "Small", Look.GROUP: "Medium"}


class TeamsChannel:
    """One chat or channel of Teams, by the address of a workflow."""

    def __init__(self, id_: ChannelId, *, url: str, timeout_s: float = 15.0) -> None:
        """The address is a secret."""
        self._url = url
        self._peer = Peer(channel=id_, name="Teams", timeout_s=timeout_s, reasons={}, secrets=(url,))

    def send(self, delivery: Delivery) -> Receipt:
        """Any status from 200 to 299 is acceptance, unless the body says what Teams answered; raises DeliveryError."""
        answer = _as_relayed(self._peer.ask("POST", self._url, teams_message(document_of(delivery)), _HEADERS))
        if refusal := self._peer.refusal(answer, Said(is_ok=True)):
            raise refusal
        return Receipt()


def teams_message(document: Document) -> dict[str, Any]:
    """The message with its card."""
    measure = Measure(
        limit=_LIMIT,
        line=lambda line: _bytes(_block(line, is_first=False)) + 2,
        cost=_cost,
        mark=_bytes(_inline(Run(text="", is_marked=True), Look.QUOTE)) + _bytes(_inline(Run(text=""), Look.QUOTE)) + 4,
        quote=1200,
        quotes=8,
    )
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": document.title[:200],
        "msteams": {"width": "Full"},
        "body": [
            _block(line, is_first=bool(number) and not at)
            for number, lines in enumerate(fitted(document, measure))
            for at, line in enumerate(lines)
        ],
    }
    return {"type": "message", "attachments": [{"contentType": _CARD, "contentUrl": None, "content": card}]}


@lru_cache(maxsize=4096)
def _cost(char: str) -> int:
    return _bytes(char) - len('""')


def _block(line: Line, *, is_first: bool) -> dict[str, Any]:
    """`is_first`: of a paragraph after another."""
    runs = [run for run in runs_of(line) if run.text]
    bullet = {Look.STORY: "• ", Look.QUOTE: "— "}.get(line.look)
    runs = [Run(text=bullet), *runs] if bullet else runs
    return {
        "type": "RichTextBlock",
        "spacing": "Medium" if is_first else "Small",
        "inlines": [_inline(run, line.look) for run in runs],
    }


def _inline(run: Run, look: Look) -> dict[str, Any]:
    inline: dict[str, Any] = {"type": "TextRun", "text": run.text}
    if look in _SIZES:
        inline["size"] = _SIZES[look]
    if look is Look.SMALL:
        inline["isSubtle"] = True
    if run.is_strong or run.is_marked:
        inline["weight"] = "Bolder"
    if run.is_marked:
        inline["highlight"] = True
    if run.url:
        inline["selectAction"] = {"type": "Action.OpenUrl", "url": run.url}
    return inline


def _bytes(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _as_relayed(answer: Answer) -> Answer:
    found = _RELAYED.search(answer.body)
    return replace(answer, status=int(found[1])) if found and answer.status < 300 else answer  # noqa: PLR2004
