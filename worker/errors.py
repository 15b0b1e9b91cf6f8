"""Every exception of the service, by edge; imports nothing of ours.

ServiceError
├── ConfigError(problems)
├── FetchError(feed_id, reason, retry_after_s)
├── PutOffError(feed_id, pause, wait_s)
├── ParseError(feed_id)
├── PageError(article_id, fault)
├── AnalysisError(article_id)
├── StoreError
├── BrokerError
└── DeliveryError(channel, reason, retry_after_s)

The message is for a person: what happened, to which id, and what to do. Whether to try again follows
from the reason alone. All of them pickle, because worker processes pass them on.
"""

from enum import StrEnum


class FetchReason(StrEnum):
    """Why a feed could not be read."""

    DNS = "dns"
    CONNECT = "connect"
    TIMEOUT = "timeout"
    TLS = "tls"
    PRIVATE_ADDRESS = "private_address"
    BLOCKED = "blocked"
    #: a page that tells people from machines (Cloudflare and the like)
    CHALLENGE = "challenge"
    GONE = "gone"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    CLIENT = "client"
    SERVER = "server"
    TOO_LARGE = "too_large"
    REDIRECT = "redirect"
    NOT_A_FEED = "not_a_feed"
    #: a feed without a single entry
    EMPTY = "empty"
    #: a document much older than what the feed gave before
    OUTDATED = "outdated"
    #: robots.txt forbids it, or the server does not say what robots.txt holds
    ROBOTS = "robots"


class Pause(StrEnum):
    """Why a request waits; nothing failed."""

    #: another request is at this host, the last one began too short a time ago, or too many are under way elsewhere
    HOST = "host"
    #: its robots.txt was read just now, and the next request may begin later
    ROBOTS = "robots"
    #: nobody can be reached: it is we who are cut off
    NETWORK = "network"


class DeliveryReason(StrEnum):
    """Why a message was not accepted by its channel."""

    AUTH = "auth"
    RATE_LIMITED = "rate_limited"
    BAD_REQUEST = "bad_request"
    TOO_LONG = "too_long"
    SERVER = "server"
    NETWORK = "network"
    #: the message that shall be amended is not there any more, or may not be changed any more
    MESSAGE_GONE = "message_gone"
    NO_CHANNEL = "no_channel"
    INTERRUPTED = "interrupted"


class ServiceError(Exception):
    """Something this service foresaw went wrong."""


class ConfigError(ServiceError):
    """The configuration cannot be used; `problems` has one sentence per fault, in file order."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)


class FetchError(ServiceError):
    """A feed could not be read; `retry_after_s` is what the server asked for, in seconds."""

    def __init__(self, feed_id: str, reason: FetchReason, cause: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(feed_id, reason, cause, retry_after_s)
        self.feed_id = feed_id
        self.reason = reason
        self.cause = cause
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return f"feed {self.feed_id}: {self.reason.value}" + (f" ({self.cause})" if self.cause else "")


class PutOffError(ServiceError):
    """A request was not made yet, out of courtesy or for want of a network; ask again after `wait_s` seconds.

    It says nothing about the feed, and counts as no failure of it.
    """

    def __init__(self, feed_id: str, pause: Pause, wait_s: float, host: str) -> None:
        super().__init__(feed_id, pause, wait_s, host)
        self.feed_id = feed_id
        self.pause = pause
        self.wait_s = wait_s
        self.host = host

    def __str__(self) -> str:
        return f"feed {self.feed_id}: put off for {self.wait_s:.0f} s ({self.pause.value}: {self.host})"


class ParseError(ServiceError):
    """A document is not a feed that can be read, even leniently."""

    def __init__(self, feed_id: str, cause: str) -> None:
        super().__init__(feed_id, cause)
        self.feed_id = feed_id
        self.cause = cause

    def __str__(self) -> str:
        return f"feed {self.feed_id}: not a readable feed ({self.cause})"


class PageError(ServiceError):
    """A page was fetched and is not taken for its article; `fault` is a PageFault's value."""

    def __init__(self, article_id: str, fault: str, cause: str = "") -> None:
        super().__init__(article_id, fault, cause)
        self.article_id = article_id
        self.fault = fault
        self.cause = cause

    def __str__(self) -> str:
        return f"page of article {self.article_id}: {self.fault}" + (f" ({self.cause})" if self.cause else "")


class AnalysisError(ServiceError):
    """The language models could not be loaded, or could not analyse one article."""

    def __init__(self, cause: str, article_id: str | None = None) -> None:
        super().__init__(cause, article_id)
        self.cause = cause
        self.article_id = article_id

    def __str__(self) -> str:
        return f"article {self.article_id}: {self.cause}" if self.article_id else self.cause


class StoreError(ServiceError):
    """The database did not answer, or refused; the message says which one and what to do."""


class BrokerError(ServiceError):
    """The message broker did not answer; the message says which one and what to do."""


class DeliveryError(ServiceError):
    """A channel did not accept a message.

    `maybe_accepted` is true when the channel may have taken it before the failure (a timeout after the
    request went out), so that a repeat must be marked as one. `retry_after_s` is what the channel asked for.
    """

    def __init__(
        self,
        channel: str,
        reason: DeliveryReason,
        cause: str = "",
        retry_after_s: float | None = None,
        maybe_accepted: bool = False,
    ) -> None:
        super().__init__(channel, reason, cause, retry_after_s, maybe_accepted)
        self.channel = channel
        self.reason = reason
        self.cause = cause
        self.retry_after_s = retry_after_s
        self.maybe_accepted = maybe_accepted

    def __str__(self) -> str:
        return f"channel {self.channel}: {self.reason.value}" + (f" ({self.cause})" if self.cause else "")
