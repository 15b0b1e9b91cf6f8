"""`feeds.yaml`: which feeds are polled, how often at most, and what is known about each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field as Constraint
from pydantic import field_validator

from worker.models.feed import Feed, FeedClass, FeedKind, FeedText, FullText
from worker.models.news import FeedId
from worker.settings.yaml import Problems, Strict, line_at, read_document
from worker.text.urls import url_key

FEEDS_FILE = "feeds.yaml"
#: Shortest time between two polls, in minutes; that of the default class stands in the file.
FLOORS = {FeedClass.AGENCY: 10.0, FeedClass.OFFICIAL: 60.0, FeedClass.REGIONAL: 60.0, FeedClass.ANALYSIS: 60.0}
_Minutes = Annotated[float, Constraint(gt=0, le=1440)]
#: no server is asked for an address with these in it
_UNWRITABLE = re.compile(r"[\x00-\x20\x7f]")
_Words = Annotated[str, Constraint(max_length=300)]


class FeedPart(Strict):
    """One feed."""

    id: Annotated[str, Constraint(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    outlet: Annotated[str, Constraint(min_length=1, max_length=120)]
    #: which part of what the outlet publishes, for the operator
    section: _Words = ""
    url: str
    kind: Literal["feed", "sitemap"] = "feed"
    feed_class: Literal["agency", "default", "official", "regional", "analysis"] = Constraint("default", alias="class")
    every_minutes: _Minutes | None = None
    #: the longest that is believed of `Cache-Control`, `Expires` and `<ttl>`; unsaid: a day
    freshness_at_most_minutes: _Minutes | None = None
    enabled: bool = True
    text: Literal["full", "lede", "fragment"] | None = None
    #: what is known of the encoding; the bytes decide all the same
    encoding: _Words = ""
    #: when somebody last saw the address work, and how
    checked: date | None = None
    evidence: _Words = ""
    #: what else is known about the feed, for the operator
    note: _Words = ""
    #: when the pages behind its articles are read; unsaid: never where the feed carries the full text, else undecided
    full_text: Literal["never", "undecided", "always"] | None = None
    #: what the feed puts behind every text
    tails: list[Annotated[str, Constraint(min_length=2, max_length=300)]] = Constraint(default_factory=list)

    @field_validator("url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        return known_feed_url(url)


class FeedsFile(Strict):
    """The whole file."""

    #: of feeds of the default class
    every_minutes: _Minutes = 15.0
    feeds: Annotated[list[FeedPart], Constraint(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """A feed as it stands in the file, polled or not."""

    feed: Feed
    part: FeedPart


def known_feed_url(url: str) -> str:
    """The address itself; raises ValueError unless it is a web address without secrets in it."""
    if _UNWRITABLE.search(url):
        raise ValueError("must hold no spaces; write them as %20")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as exc:
        raise ValueError("must be an address that can be read: something is wrong with its name or port") from exc
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an http:// or https:// address")
    if parts.username or parts.password:
        raise ValueError("must not hold a user name or password")
    return url


def read_feeds(path: Path, problems: Problems) -> tuple[Feed, ...]:
    """The enabled feeds in file order; faults go to `problems`."""
    return tuple(one.feed for one in read_listed_feeds(path, problems) if one.part.enabled)


def read_listed_feeds(path: Path, problems: Problems) -> tuple[ListedFeed, ...]:
    """All feeds in file order, those that are switched off too; faults go to `problems`."""
    document = read_document(path, FeedsFile, problems)
    if document is None:
        return ()
    _report_repeats(document.feeds, path, problems)
    if not any(part.enabled for part in document.feeds):
        line = line_at(path, ("feeds",))
        problems.add(path, line, "feeds", "every feed is switched off; set `enabled: true` for at least one")
    return tuple(ListedFeed(feed=_feed(part, document), part=part) for part in document.feeds)


def _report_repeats(parts: Sequence[FeedPart], path: Path, problems: Problems) -> None:
    ids: dict[str, int] = {}
    # The same feed with and without „www.“ or a closing slash, or by http and https, would be asked twice.
    urls: dict[str, str] = {}
    for number, part in enumerate(parts):
        where = f"feeds[{number}]"
        if part.id in ids:
            line = line_at(path, ("feeds", number, "id"))
            problems.add(path, line, f"{where}.id", f"«{part.id}» is used by feeds[{ids[part.id]}] already")
        key = url_key(part.url)
        if key in urls:
            line = line_at(path, ("feeds", number, "url"))
            problems.add(path, line, f"{where}.url", f"is the address of feed «{urls[key]}» already")
        ids.setdefault(part.id, number)
        urls.setdefault(key, part.id)


def _feed(part: FeedPart, document: FeedsFile) -> Feed:
    feed_class = FeedClass(part.feed_class)
    minutes = part.every_minutes or FLOORS.get(feed_class, document.every_minutes)
    return Feed(
        id=FeedId(part.id),
        outlet=part.outlet,
        url=part.url,
        every_s=minutes * 60,
        freshness_at_most_s=part.freshness_at_most_minutes and part.freshness_at_most_minutes * 60,
        kind=FeedKind(part.kind),
        feed_class=feed_class,
        text=FeedText(part.text) if part.text else None,
        tails=tuple(part.tails),
        full_text=FullText(part.full_text or ("never" if part.text == "full" else "undecided")),
    )
