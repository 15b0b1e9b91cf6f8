"""One request to a feed, through the same client and the same reading as a poll, and the facts of it."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from worker.errors import FetchError, ParseError, PutOffError
from worker.fetch.client import NotModified
from worker.fetch.getting import Getter, Recorder
from worker.models.feed import Feed, FeedState, Reading, Unchanged
from worker.ports import FeedSource
from worker.probing import PUT_OFF, Answer, Probe, probe_of


class ProbingSource:
    """A FeedSource that keeps the facts of its last reading, for the first poll of a feed or a test of it."""

    def __init__(
        self, client: Getter, source_of: Callable[[Getter], FeedSource], clock: Callable[[], datetime]
    ) -> None:
        """`source_of` makes the source that reads through a client."""
        self._client = client
        self._source_of = source_of
        self._clock = clock
        self.probe: Probe | None = None

    def read(self, feed: Feed, state: FeedState) -> Reading | Unchanged:
        """As the source does; raises what it raises."""
        recorder = Recorder(client=self._client)
        try:
            outcome = self._source_of(recorder).read(feed, state)
        except (FetchError, ParseError) as error:
            self.probe = probe_of(feed, _answer(recorder), error, self._clock())
            raise
        self.probe = probe_of(feed, _answer(recorder), outcome, self._clock())
        return outcome


def probe_feed(
    feed: Feed, client: Getter, source_of: Callable[[Getter], FeedSource], clock: Callable[[], datetime]
) -> Probe:
    """The facts of one request without conditions; it counts for no poll and changes no state."""
    source = ProbingSource(client, source_of, clock)
    now = clock()
    try:
        source.read(feed, FeedState(feed_id=feed.id, added_at=now, due_at=now))
    except (FetchError, ParseError) as error:
        return source.probe or probe_of(feed, Answer(), error, now)
    except PutOffError as error:
        # Where the network is lost, the failure that showed it says more.
        if isinstance(error.__cause__, FetchError):
            return probe_of(feed, Answer(), error.__cause__, clock())
        cause = f"{error.pause.value}: {error.host}, for {error.wait_s:.0f} s"
        return Probe(feed_id=feed.id, outlet=feed.outlet, url=feed.url, at=clock(), outcome=PUT_OFF, cause=cause)
    assert source.probe is not None, "a reading leaves its facts"  # noqa: S101 - a fault of ours, not of the world
    return source.probe


def _answer(recorder: Recorder) -> Answer:
    match recorder.first:
        case None:
            return Answer()
        case NotModified():
            return Answer(status=HTTPStatus.NOT_MODIFIED, final_url=recorder.first.final_url)
        case response:
            return Answer(status=response.status, final_url=response.final_url)
