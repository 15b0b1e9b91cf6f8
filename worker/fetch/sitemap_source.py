"""`SitemapSource`, the FeedSource that reads news sitemaps over HTTP, for outlets that have no feed.

A sitemap without titles says nothing that could be matched and is refused. An index leads to its sitemaps for news, a
few at most and of its own site alone, each with a request of its own.
"""

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeAlias
from urllib.parse import urljoin

from worker.errors import FetchError, FetchReason, ParseError
from worker.fetch.client import NotModified, Response
from worker.fetch.getting import Getter, kept, unchanged
from worker.fetch.headers import fresh_for_s, told_to_wait_s
from worker.fetch.sitemaps import Location, Sitemap, chosen_children, newest_first, parse_sitemap
from worker.models.feed import Feed, FeedState, Reading, Unchanged, Validators
from worker.models.news import Entry
from worker.text.sites import is_same_site
from worker.text.urls import is_web_url

#: feed id, body and Content-Type to what the document lists
SitemapParser: TypeAlias = Callable[[str, bytes, str], Sitemap]

_MOST_ENTRIES = 2000
#: Google's news sitemaps reach back two days; what is older than the last new entry by more was seen already.
_MARGIN = timedelta(hours=48)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapSource:
    """Reads news sitemaps over HTTP."""

    client: Getter
    #: asks for the sitemaps of an index, which lie at the same publisher: it waits as long as courtesy wants
    patient: Getter
    #: where documents are parsed: here, or in a process that can be killed
    parse: SitemapParser = parse_sitemap

    def read(self, feed: Feed, state: FeedState) -> Reading | Unchanged:
        """The news that the sitemap lists and that may be new; raises FetchError or ParseError."""
        answer = self.client.get(feed.id, feed.url, state.validators)
        validators = kept(answer, state.validators)
        if isinstance(answer, NotModified):
            return unchanged(answer, validators)
        sitemap = self._parsed(feed, answer)
        hashed = sha256(answer.body)
        locations, repairs = sitemap.locations, sitemap.repairs
        if sitemap.is_index:
            # An index that has not changed says nothing of its sitemaps, so it is always asked for as a whole.
            validators = Validators()
            locations = ()
            for child in self._children(feed, sitemap, answer):
                hashed.update(child.body)
                inner = self._parsed(feed, child)
                locations, repairs = locations + inner.locations, repairs + inner.repairs
        if hashed.hexdigest() == state.body_hash:
            return unchanged(answer, validators)
        return Reading(
            entries=_entries(feed.id, locations, since_of(state)),
            validators=validators,
            body_hash=hashed.hexdigest(),
            fresh_for_s=fresh_for_s(answer.headers),
            retry_after_s=told_to_wait_s(answer.headers),
            moved_to=answer.moved_to,
            charset=sitemap.charset,
            repairs=repairs,
        )

    def _parsed(self, feed: Feed, answer: Response) -> Sitemap:
        return self.parse(feed.id, answer.body, answer.headers.get("content-type", ""))

    def _children(self, feed: Feed, index: Sitemap, answer: Response) -> Iterator[Response]:
        for url in children_of(index, answer.final_url):
            found = self.patient.get(feed.id, url, Validators())
            if isinstance(found, NotModified):  # it cannot be, as nothing was asked on condition
                raise FetchError(feed.id, FetchReason.SERVER, "„unchanged“ to a request without conditions")
            yield found


def children_of(index: Sitemap, index_url: str) -> Iterator[str]:
    """Addresses of the sitemaps of an index that are read; another site's would bring another outlet's news."""
    for child in chosen_children(index):
        try:
            url = urljoin(index_url, child.url)
        except ValueError:
            continue
        if is_web_url(url) and is_same_site(url, index_url):
            yield url


def since_of(state: FeedState) -> datetime | None:
    """What is dated before this was seen already: two days before the last new entry."""
    return None if state.new_entry_at is None else state.new_entry_at - _MARGIN


def _entries(feed_id: str, locations: tuple[Location, ...], since: datetime | None) -> tuple[Entry, ...]:
    titled = [one for one in locations if one.title and is_web_url(one.url)]
    if not locations:
        raise FetchError(feed_id, FetchReason.EMPTY, "no entries")
    if not titled:
        raise ParseError(feed_id, "the sitemap lists addresses without titles, so it is none for news")
    recent = [one for one in titled if since is None or one.at is None or one.at >= since]
    # The newest first, as far as they say when; Python's sorting keeps the order of the others.
    newest = sorted(recent, key=newest_first)[:_MOST_ENTRIES]
    return tuple(
        Entry(
            guid=None,
            url=one.url,
            title_html=html.escape(one.title, quote=False),
            summary_html="",
            content_html="",
            published_raw=one.at_raw,
            published_at=one.at,
        )
        for one in newest
    )
