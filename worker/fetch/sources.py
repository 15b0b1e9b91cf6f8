"""FeedSources put together: by the kind of a feed, with its first poll as its test, with an ear for hubs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from worker.fetch.archives import GapRepairingSource
from worker.fetch.feeds import RssSource
from worker.fetch.getting import Getter, PatientClient
from worker.fetch.parsers import Parsers
from worker.fetch.probe import ProbingSource
from worker.fetch.sitemap_source import SitemapSource
from worker.models.feed import Feed, FeedKind, FeedState, Reading, Unchanged
from worker.models.news import FeedId
from worker.ports import FeedSource
from worker.probing import Probe

#: a poll may wait so long in all for each further document: a sitemap of an index, a page of an archive
_PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceByKind:
    """Reads each feed as what stands at its address."""

    feeds: FeedSource
    sitemaps: FeedSource

    def read(self, feed: Feed, state: FeedState) -> Reading | Unchanged:
        """The feed's entries now; raises FetchError, ParseError, or PutOffError where it must wait."""
        match feed.kind:
            case FeedKind.FEED:
                return self.feeds.read(feed, state)
            case FeedKind.SITEMAP:
                return self.sitemaps.read(feed, state)


def source_over(client: Getter, parsers: Parsers) -> FeedSource:
    """What reads feeds of every kind through a client."""
    patient = PatientClient(client=client, longest_s=_PATIENCE_S)
    return SourceByKind(
        feeds=GapRepairingSource(source=RssSource(client, parsers.feed), patient=RssSource(patient, parsers.feed)),
        sitemaps=SitemapSource(client=client, patient=patient, parse=parsers.sitemap),
    )


@dataclass(slots=True, kw_only=True)
class SelfTestingSource:
    """Takes the first poll of each feed for its test, so that a test costs no request of its own.

    A feed that failed, or that has another address now, is tested again by its next poll.
    """

    client: Getter
    source_of: Callable[[Getter], FeedSource]
    clock: Callable[[], datetime]
    #: what is known of a feed from before, whoever found it
    recall: Callable[[FeedId], Probe | None]
    #: is told what a test showed, and what was known before
    keep: Callable[[Probe, Probe | None], None]
    _passed: dict[FeedId, str] = field(default_factory=dict)

    def read(self, feed: Feed, state: FeedState) -> Reading | Unchanged:
        """As the source does; raises what it raises."""
        if self._passed.get(feed.id) == feed.url:
            return self.source_of(self.client).read(feed, state)
        before = self.recall(feed.id)
        if before is not None and before.is_good and before.url == feed.url:
            self._passed[feed.id] = feed.url
            return self.source_of(self.client).read(feed, state)
        probing = ProbingSource(self.client, self.source_of, self.clock)
        try:
            return probing.read(feed, state)
        finally:
            if probing.probe is not None:
                self.keep(probing.probe, before if before is None or before.url == feed.url else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubHearingSource:
    """Tells of the hubs that feeds name."""

    source: FeedSource
    #: feed, hub, and the feed's address by its own words
    tell: Callable[[Feed, str, str], None]

    def read(self, feed: Feed, state: FeedState) -> Reading | Unchanged:
        """As the source does; raises what it raises."""
        outcome = self.source.read(feed, state)
        if isinstance(outcome, Reading) and outcome.hub and outcome.topic:
            self.tell(feed, outcome.hub, outcome.topic)
        return outcome
