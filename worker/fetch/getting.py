"""What the sources of entries need of an HTTP client, and a client that keeps what was answered last."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from worker.errors import Pause, PutOffError
from worker.fetch.client import NotModified, Response
from worker.fetch.headers import fresh_for_s, refreshed, told_to_wait_s, validators_of
from worker.fetch.wholeness import is_closed
from worker.models.feed import Unchanged, Validators

_SHORTEST_WAIT_S = 0.05


class Getter(Protocol):
    """Gives documents; `HttpClient` is the real one."""

    def get(self, feed_id: str, url: str, validators: Validators) -> Response | NotModified:
        """The document behind `url` now; raises FetchError."""
        ...


def kept(answer: Response | NotModified, known: Validators) -> Validators:
    """The validators to keep after an answer; none where the document did not come whole.

    Of such a one the server may not say later that it has not changed: what was cut off would be lost.
    """
    if isinstance(answer, NotModified):
        return refreshed(known, answer.headers)
    if answer.damaged or not is_closed(answer.body):
        return Validators()
    return validators_of(answer.headers, answer.final_url)


def unchanged(answer: Response | NotModified, validators: Validators) -> Unchanged:
    """That an answer gave nothing new."""
    return Unchanged(
        validators=validators,
        fresh_for_s=fresh_for_s(answer.headers),
        retry_after_s=told_to_wait_s(answer.headers),
        moved_to=answer.moved_to,
    )


@dataclass(slots=True, kw_only=True)
class Recorder:
    """A client that remembers its first answer, so that somebody can tell what a server said beside its entries.

    It belongs to the reading of one feed.
    """

    client: Getter
    first: Response | NotModified | None = field(default=None)

    def get(self, feed_id: str, url: str, validators: Validators) -> Response | NotModified:
        """As the client does."""
        answer = self.client.get(feed_id, url, validators)
        self.first = self.first or answer
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientClient:
    """A client for whoever has time: what is put off out of courtesy is asked for again after the wait.

    Without a network it does not wait; nor for longer than `longest_s` in all for one document.
    """

    client: Getter
    longest_s: float = 60.0
    sleep: Callable[[float], None] = time.sleep

    def get(self, feed_id: str, url: str, validators: Validators) -> Response | NotModified:
        """As the client does; raises PutOffError where the wait would be too long."""
        left_s = self.longest_s
        while True:
            try:
                return self.client.get(feed_id, url, validators)
            except PutOffError as error:
                wait_s = max(error.wait_s, _SHORTEST_WAIT_S)
                if error.pause is Pause.NETWORK or wait_s > left_s:
                    raise
                left_s -= wait_s
                self.sleep(wait_s)
