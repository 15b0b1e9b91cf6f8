"""`feeds.yaml`: which feeds are polled, and how often at most."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field as Constraint
from pydantic import field_validator

from worker.models.news import Feed, FeedId
from worker.settings.yaml import Problems, Strict, read_document

_Minutes = Annotated[float, Constraint(gt=0, le=1440)]


class FeedPart(Strict):
    """One feed."""

    id: Annotated[str, Constraint(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    outlet: Annotated[str, Constraint(min_length=1, max_length=120)]
    url: str
    every_minutes: _Minutes | None = None
    enabled: bool = True
    #: what is known about the feed, for the operator
    note: str = ""

    @field_validator("url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be an http:// or https:// address")
        if parts.username or parts.password:
            raise ValueError("must not hold a user name or password")
        return url


class FeedsFile(Strict):
    """The whole file."""

    every_minutes: _Minutes = 10.0
    feeds: Annotated[list[FeedPart], Constraint(min_length=1)]


def read_feeds(path: Path, problems: Problems) -> tuple[Feed, ...]:
    """The enabled feeds in file order; faults go to `problems`."""
    document = read_document(path, FeedsFile, problems)
    if document is None:
        return ()
    ids: dict[str, int] = {}
    urls: dict[str, str] = {}
    feeds: list[Feed] = []
    for number, part in enumerate(document.feeds):
        where = f"feeds[{number}]"
        if part.id in ids:
            problems.add(path, None, f"{where}.id", f"«{part.id}» is used by feeds[{ids[part.id]}] already")
        if part.url in urls:
            problems.add(path, None, f"{where}.url", f"is the address of feed «{urls[part.url]}» already")
        ids.setdefault(part.id, number)
        urls.setdefault(part.url, part.id)
        if part.enabled:
            minutes = part.every_minutes or document.every_minutes
            feeds.append(Feed(id=FeedId(part.id), outlet=part.outlet, url=part.url, every_s=minutes * 60))
    if not feeds:
        problems.add(path, None, "feeds", "every feed is switched off; set `enabled: true` for at least one")
    return tuple(feeds)
