"""JSON and binary forms of values that are stored whole; pure, each with its way back."""

import sys
from array import array
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from worker.models.alert import Notice, Quote, Reason
from worker.models.attribution import UNSTATED, Attribution, Cue, SourceSpan
from worker.models.news import Field, Part
from worker.models.story import NO_SOURCES, Appearance, OriginBasis, Sources, StoryOrigin
from worker.models.watch import Evidence, Severity, WatchId


def notice_to_json(notice: Notice) -> dict[str, Any]:
    """The notice as JSON values; instants in ISO form."""
    return {
        "watch_id": notice.watch_id,
        "watch_name": notice.watch_name,
        "title": notice.title,
        "outlet": notice.outlet,
        "url": notice.url,
        "published_at": notice.published_at.isoformat() if notice.published_at else None,
        "seen_at": notice.seen_at.isoformat(),
        "quotes": [{"text": quote.text, "marks": [list(mark) for mark in quote.marks]} for quote in notice.quotes],
        "match_reason": notice.match_reason,
        "decision_reason": notice.decision_reason.value,
        "watchlist_version": notice.watchlist_version,
        "unconfirmed": notice.unconfirmed,
        "severity": notice.severity.value,
        "parts": [part.value for part in notice.parts],
        "is_excerpt": notice.is_excerpt,
        "attribution": attribution_to_json(notice.attribution),
        "terms": list(notice.terms),
        "sources": _sources_to_json(notice.sources),
        "revision": notice.revision,
    }


def notice_from_json(stored: Mapping[str, Any]) -> Notice:
    """The way back from `notice_to_json`."""
    return Notice(
        watch_id=WatchId(stored["watch_id"]),
        watch_name=stored["watch_name"],
        title=stored["title"],
        outlet=stored["outlet"],
        url=stored["url"],
        published_at=datetime.fromisoformat(stored["published_at"]) if stored["published_at"] else None,
        seen_at=datetime.fromisoformat(stored["seen_at"]),
        quotes=tuple(
            Quote(text=quote["text"], marks=tuple((start, end) for start, end in quote["marks"]))
            for quote in stored["quotes"]
        ),
        match_reason=stored["match_reason"],
        decision_reason=Reason(stored["decision_reason"]),
        watchlist_version=stored["watchlist_version"],
        # Notices of earlier versions do not say any of these.
        unconfirmed=stored.get("unconfirmed", False),
        severity=Severity(stored.get("severity", Severity.NORMAL)),
        parts=tuple(map(Part, stored.get("parts", ()))),
        is_excerpt=stored.get("is_excerpt", False),
        attribution=attribution_from_json(stored.get("attribution") or {}),
        terms=tuple(stored.get("terms", ())),
        sources=_sources_from_json(stored["sources"]) if "sources" in stored else NO_SOURCES,
        revision=stored.get("revision", 1),
    )


def _sources_to_json(sources: Sources) -> dict[str, Any]:
    origin = sources.origin
    return {
        "origin": {"name": origin.name, "basis": origin.basis.value} if origin else None,
        "outlets": [{"outlet": one.outlet, "url": one.url} for one in sources.outlets],
        "independent": sources.independent,
    }


def _sources_from_json(stored: Mapping[str, Any]) -> Sources:
    origin = stored["origin"]
    return Sources(
        origin=StoryOrigin(name=origin["name"], basis=OriginBasis(origin["basis"])) if origin else None,
        outlets=tuple(Appearance(outlet=one["outlet"], url=one["url"]) for one in stored["outlets"]),
        independent=stored["independent"],
    )


def attribution_to_json(attribution: Attribution) -> dict[str, Any]:
    """The source as JSON values; empty where none is stated."""
    if attribution.origin is None:
        return {}
    span = attribution.span
    return {
        "origin": attribution.origin,
        "relay": attribution.relay,
        "cue": attribution.cue.value if attribution.cue else None,
        "span": {"field": span.field.value, "start": span.start, "end": span.end, "text": span.text} if span else None,
    }


def attribution_from_json(stored: Mapping[str, Any]) -> Attribution:
    """The way back from `attribution_to_json`."""
    if not stored:
        return UNSTATED
    span = stored["span"]
    return Attribution(
        origin=stored["origin"],
        relay=stored["relay"],
        cue=Cue(stored["cue"]) if stored["cue"] else None,
        span=SourceSpan(**span | {"field": Field(span["field"])}) if span else None,
    )


def evidence_to_json(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    """The spans as JSON values, in order."""
    return [
        {
            "field": span.field.value,
            "start": span.start,
            "end": span.end,
            "text": span.text,
            "term": span.term,
            "sentence_start": span.sentence_start,
            "sentence_end": span.sentence_end,
            "layer": span.layer.value,
        }
        for span in evidence
    ]


def shingles_to_bytes(shingles: Iterable[int]) -> bytes:
    """Unsigned 64-bit numbers, ascending, 8 bytes each, little-endian."""
    numbers = array("Q", sorted(shingles))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def shingles_from_bytes(stored: bytes) -> frozenset[int]:
    """The way back from `shingles_to_bytes`."""
    numbers = array("Q", stored)
    if sys.byteorder == "big":
        numbers.byteswap()
    return frozenset(numbers)
