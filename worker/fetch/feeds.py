"""`RssSource`, the FeedSource that reads RSS and Atom over HTTP."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from worker.fetch.client import NotModified
from worker.fetch.getting import Getter
from worker.fetch.headers import fresh_for_s, refreshed, validators_of
from worker.fetch.parsing import ParsedFeed, parse_feed
from worker.models.news import Feed, FeedState, Reading, Unchanged, Validators

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
        fresh_s = fresh_for_s(answer.headers)
        if isinstance(answer, NotModified):
            validators = refreshed(state.validators, answer.headers)
            return Unchanged(validators=validators, fresh_for_s=fresh_s, moved_to=answer.moved_to)
        # Of a document that did not come whole the server may not say later that it has not changed.
        validators = Validators() if answer.damaged else validators_of(answer.headers, answer.final_url)
        body_hash = sha256(answer.body).hexdigest()
        if body_hash == state.body_hash:
            return Unchanged(validators=validators, fresh_for_s=fresh_s, moved_to=answer.moved_to)
        parsed = self.parse(feed.id, answer.body, answer.headers, answer.final_url)
        return Reading(
            entries=parsed.entries,
            validators=validators,
            body_hash=body_hash,
            fresh_for_s=fresh_s,
            ttl_s=parsed.asked.ttl_s,
            moved_to=answer.moved_to,
            charset=parsed.charset,
            skip_hours=parsed.asked.skip_hours,
            skip_days=parsed.asked.skip_days,
            hub=parsed.asked.hub,
            topic=parsed.asked.topic,
            repairs=(*parsed.repairs, *(("its compression broke off",) if answer.damaged else ())),
            garbled=parsed.garbled,
        )
