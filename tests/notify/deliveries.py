"""Builders of deliveries for the tests of messages and channels."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from worker.models.alert import AlertId, Notice, Quote, Reason
from worker.models.delivery import Delivery, DeliveryId
from worker.models.news import Part
from worker.models.watch import ChannelId, WatchId

CHANNEL = ChannelId("desk")


def a_quote(marked: str) -> Quote:
    """A quote whose marks stand between «[» and «]»."""
    text, marks, start = "", [], 0
    for char in marked:
        if char == "[":
            start = len(text)
        elif char == "]":
            marks.append((start, len(text)))
        else:
            text += char
    return Quote(text=text, marks=tuple(marks))


_NOTICE = Notice(
    watch_id=WatchId("budget"),
    watch_name="Държавен бюджет",
    title="Депутатите приеха бюджета на първо четене",
    outlet="Примерна телевизия",
    url="https://news.example/bulgaria/1234",
    published_at=datetime(2026, 11, 24, 7, 15, tzinfo=UTC),
    seen_at=datetime(2026, 11, 24, 7, 18, 30, tzinfo=UTC),
    quotes=(a_quote("Със 128 гласа „за“ [бюджетът] мина на първо четене."),),
    match_reason="„държавен бюджет“ като „бюджетът“",
    decision_reason=Reason.FIRST_OF_STORY,
    watchlist_version="9b1c4f7a2d3e5f60718293a4b5c6d7e8",
    parts=(Part.TITLE, Part.SUMMARY),
    is_excerpt=True,
)


def a_notice(**changes: Any) -> Notice:
    """A notice about the budget."""
    return replace(_NOTICE, **changes)


def a_delivery(notice: Notice | None = None, **changes: Any) -> Delivery:
    """A first attempt."""
    delivery = Delivery(
        id=DeliveryId("d41d8cd98f00b204"),
        alert_id=AlertId("e3b0c44298fc1c14"),
        channel=CHANNEL,
        attempts=1,
        maybe_repeated=False,
        content=notice or _NOTICE,
    )
    return replace(delivery, **changes)
