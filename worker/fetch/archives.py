"""Repairs gaps: where a document shares nothing with the one before it, one archive page is read (RFC 5005 §4).

News feeds hardly ever have archives, so this costs nothing but where a gap and an archive come together.
"""

from dataclasses import dataclass, replace

from worker.errors import FetchError, ParseError, PutOffError
from worker.models.feed import Feed, FeedState, Reading, Unchanged
from worker.ports import FeedSource
from worker.text.clean import article_from
from worker.text.sites import is_same_site


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRepairingSource:
    """Reads the page before a document that shows a gap; its failure takes nothing from the document."""

    source: FeedSource
    #: for the page, which lies at the same publisher: it waits as long as courtesy wants
    patient: FeedSource

    def read(self, feed: Feed, state: FeedState) -> Reading | Unchanged:
        """As the source does; raises what it raises."""
        outcome = self.source.read(feed, state)
        if not isinstance(outcome, Reading) or outcome.archive is None or not _shows_a_gap(outcome, feed, state):
            return outcome
        # Another site's archive would bring another outlet's news.
        if not is_same_site(outcome.archive, feed.url):
            return outcome
        asked = FeedState(feed_id=feed.id, added_at=state.added_at, due_at=state.due_at)
        try:
            page = self.patient.read(replace(feed, url=outcome.archive), asked)
        except (FetchError, ParseError, PutOffError):
            return outcome
        return replace(outcome, older=page.entries) if isinstance(page, Reading) else outcome


def _shows_a_gap(reading: Reading, feed: Feed, state: FeedState) -> bool:
    known = frozenset(state.memory.entry_ids)
    if not known or reading.is_partial:
        return False
    # What identifies an article does not depend on when it was seen.
    found = (article_from(entry, feed, state, state.due_at) for entry in reading.entries)
    return known.isdisjoint(article.id for article in found if article is not None)
