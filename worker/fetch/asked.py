"""What a feed document asks of those who poll it: how often, when not, and where it announces itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from worker.text.times import DAY_S
from worker.text.urls import is_web_url

_PERIODS_S = {"hourly": 3600.0, "daily": DAY_S, "weekly": 7 * DAY_S, "monthly": 30 * DAY_S, "yearly": 365 * DAY_S}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS_OF_DAY = 24
# feedparser keeps only the last hour and day, so they are read from the document's head.
_SKIP = re.compile(r"<skip(hours|days)\s*>(.{0,4000}?)</skip\1\s*>", re.IGNORECASE | re.DOTALL)
_SKIPPED = re.compile(r"<(?:hour|day)\s*>\s*([A-Za-z0-9]{1,9})\s*</", re.IGNORECASE)
_LINK = re.compile(r"<([^<>]{1,2000})>\s*((?:;\s*[\w*-]+\s*=\s*(?:\"[^\"]{0,200}\"|[^\s\",;]{1,200})\s*)*)")
_RELATION = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The wishes of one document."""

    #: shortest time between two polls by `<ttl>` and `sy:updatePeriod`, a day at most
    ttl_s: float = 0.0
    #: hours, UTC, and days (0 = Monday) in which it asks not to be polled
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    #: its WebSub hub, and the address under which the hub knows it
    hub: str | None = None
    topic: str | None = None
    #: where the entries before those of this document stand (RFC 5005 §4)
    archive: str | None = None


def asked_by(channel: Any, head: str, headers: Mapping[str, str], final_url: str) -> Asked:
    """The wishes of a document; `channel` is feedparser's reading, `head` the text before the first entry.

    A hub named in the HTTP header wins over one in the document (WebSub §4).
    """
    skipped = {kind.lower(): {word.lower() for word in _SKIPPED.findall(inner)} for kind, inner in _SKIP.findall(head)}
    told = _linked(headers.get("link", ""), final_url)
    stated = _stated(channel, final_url)
    hub = told.get("hub") or stated.get("hub")
    return Asked(
        ttl_s=_ttl_s(channel),
        skip_hours=frozenset(map(_hour, filter(_is_hour, skipped.get("hours", ())))),
        skip_days=frozenset(_DAYS.index(day) for day in skipped.get("days", ()) if day in _DAYS),
        hub=hub,
        topic=(told.get("self") or stated.get("self") or final_url) if hub else None,
        archive=told.get("prev-archive") or stated.get("prev-archive"),
    )


def _is_hour(word: str) -> bool:
    # Some count from 1 to 24 rather than from 0 to 23.
    return word.isascii() and word.isdigit() and int(word) <= _HOURS_OF_DAY


def _hour(word: str) -> int:
    return int(word) % _HOURS_OF_DAY


def _linked(header: str, final_url: str) -> dict[str, str]:
    """The first address of each relation in a Link header (RFC 8288)."""
    found: dict[str, str] = {}
    for target, parameters in _LINK.findall(header[:8000]):
        relation = _RELATION.search(parameters)
        for name in (relation[1] or relation[2]).lower().split() if relation else ():
            found.setdefault(name, target)
    return _absolute(found, final_url)


def _stated(channel: Any, final_url: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in channel.get("links", ()):
        found.setdefault(str(link.get("rel", "")).lower(), str(link.get("href", "")))
    return _absolute(found, final_url)


def _absolute(found: Mapping[str, str], final_url: str) -> dict[str, str]:
    addresses = {}
    for name in ("hub", "self", "prev-archive"):
        try:
            url = urljoin(final_url, found.get(name, "").strip())
        except ValueError:
            continue
        if name in found and is_web_url(url):
            addresses[name] = url
    return addresses


def _ttl_s(channel: Any) -> float:
    ttl_s = _number(channel.get("ttl")) * 60
    period_s = _PERIODS_S.get(str(channel.get("sy_updateperiod", "")).strip().lower(), 0.0)
    return min(max(ttl_s, period_s / max(_number(channel.get("sy_updatefrequency")), 1.0)), DAY_S)


def _number(stated: Any) -> float:
    digits = str(stated or "").strip()
    return float(digits[:9]) if digits.isascii() and digits.isdigit() else 0.0
