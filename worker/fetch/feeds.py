"""`RssSource`, the FeedSource that reads RSS and Atom over HTTP."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import TypeAlias

from worker.errors import FetchError, FetchReason
from worker.fetch.client import NotModified, Response
from worker.fetch.getting import Getter, kept, unchanged
from worker.fetch.headers import fresh_for_s, told_to_wait_s
from worker.fetch.parsing import ParsedFeed, parse_feed
from worker.fetch.wholeness import is_closed
from worker.models.feed import Feed, FeedState, Reading, Unchanged

#: feed id, body, headers with names in lower case, and the address where the redirects ended, to what it says
Parser: TypeAlias = Callable[[str, bytes, Mapping[str, str], str], ParsedFeed]


@dataclass(frozen=True, slots=True)
class RssSource:
    """Reads RSS and Atom over HTTP."""

    client: Getter
    #: where documents are parsed: here, or in a process that can be killed
    parse: Parser = parse_feed

    def read(self, feed: Feed, state: FeedState) -> Reading | Unchanged:
        """The feed's entries now; raises FetchError or ParseError.

        A full answer is judged by its bytes alone, whatever its validators say, and its validators are kept
        even where the bytes are known.
        """
        answer = self.client.get(feed.id, feed.url, state.validators)
        validators = kept(answer, state.validators)
        if isinstance(answer, NotModified):
            return unchanged(answer, validators)
        body_hash = sha256(answer.body).hexdigest()
        if body_hash == state.body_hash:
            return unchanged(answer, validators)
        # What has changed alone (RFC 3229); a server may find that to be nothing and say so at length.
        is_partial = answer.status == HTTPStatus.IM_USED
        try:
            parsed = self.parse(feed.id, answer.body, answer.headers, answer.final_url)
        except FetchError as error:
            if is_partial and error.reason is FetchReason.EMPTY:
                return unchanged(answer, validators)
            raise
        return Reading(
            entries=parsed.entries,
            is_partial=is_partial,
            archive=parsed.asked.archive,
            validators=validators,
            body_hash=body_hash,
            fresh_for_s=fresh_for_s(answer.headers),
            retry_after_s=told_to_wait_s(answer.headers),
            ttl_s=parsed.asked.ttl_s,
            moved_to=answer.moved_to,
            charset=parsed.charset,
            skip_hours=parsed.asked.skip_hours,
            skip_days=parsed.asked.skip_days,
            hub=parsed.asked.hub,
            topic=parsed.asked.topic,
            repairs=(*parsed.repairs, *_broken_off(answer)),
            garbled=parsed.garbled,
        )


def _broken_off(answer: Response) -> tuple[str, ...]:
    if answer.damaged:
        return ("its compression broke off",)
    return () if is_closed(answer.body) else ("its end is missing",)
