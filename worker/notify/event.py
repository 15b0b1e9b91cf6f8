"""A delivery as the JSON object of a webhook: all facts, nothing worded, nothing shortened. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from worker.models.alert import Notice
from worker.models.delivery import Delivery, Digest, Review
from worker.models.story import Sources
from worker.notify.wording import link

_SURROGATE = re.compile("[\ud800-\udfff]")


def event_of(delivery: Delivery) -> Mapping[str, Any]:
    """`kind` is alert, digest or review. `marks` are offsets in code points, half-open, into their `text`.

    Two attempts of one delivery differ in `maybe_repeated` at most. An alert with `is_amendment` takes the place of
    the first one of its `story`; `revision` counts them.
    """
    event: dict[str, Any] = {
        "kind": "alert",
        "delivery_id": _encodable(delivery.id),
        "alert_id": _encodable(delivery.alert_id),
        "channel": _encodable(delivery.channel),
        "maybe_repeated": delivery.maybe_repeated,
    }
    match delivery.content:
        case Notice() as notice:
            story = _encodable(delivery.thread.story_id) if delivery.thread else None
            return event | {"is_amendment": delivery.is_amendment, "story": story} | _notice(notice)
        case Digest() as digest:
            notices = [_notice(notice) for notice in digest.notices]
            return event | {"kind": "digest", "at": _iso(digest.at), "alerts": notices}
        case Review() as review:
            return event | {"kind": "review", "at": _iso(review.at)} | _review(review)


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "watch": {"id": _encodable(notice.watch_id), "name": _encodable(notice.watch_name)},
        "title": _encodable(notice.title),
        "outlet": _encodable(notice.outlet),
        "url": link(notice.url) or None,
        "published_at": _iso(notice.published_at),
        "seen_at": _iso(notice.seen_at),
        "quotes": [
            {"text": _encodable(quote.text), "marks": [list(mark) for mark in quote.marks]} for quote in notice.quotes
        ],
        "terms": [_encodable(term) for term in notice.terms],
        "match_reason": _encodable(notice.match_reason),
        "decision_reason": notice.decision_reason.value,
        "watchlist_version": _encodable(notice.watchlist_version),
        "unconfirmed": notice.unconfirmed,
        "severity": notice.severity.value,
        "revision": notice.revision,
        "read": [part.value for part in notice.parts],
        "is_excerpt": notice.is_excerpt,
        "source": {
            "origin": _encodable_or_none(notice.attribution.origin),
            "relay": _encodable_or_none(notice.attribution.relay),
            "stated_as": _encodable_or_none(notice.attribution.span.text if notice.attribution.span else None),
        },
        "sources": _sources(notice.sources),
    }


def _sources(sources: Sources) -> dict[str, Any]:
    origin = sources.origin
    return {
        "origin": {"name": _encodable(origin.name), "basis": origin.basis.value} if origin else None,
        "outlets": [{"name": _encodable(one.outlet), "url": link(one.url) or None} for one in sources.outlets],
        "independent": sources.independent,
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "first_day": review.first_day.isoformat(),
        "watches": [
            {
                "id": _encodable(watch.watch_id),
                "name": _encodable(watch.watch_name),
                "days": list(watch.days),
                "before": watch.before,
            }
            for watch in review.watches
        ],
        "stories": [{**_notice(top.notice), "outlets": top.outlets} for top in review.stories],
    }


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _encodable_or_none(text: str | None) -> str | None:
    return None if text is None else _encodable(text)


def _encodable(text: str) -> str:
    """The text with each lone surrogate, which UTF-8 cannot hold, replaced by one sign, so that offsets hold."""
    return _SURROGATE.sub("\ufffd", text)
