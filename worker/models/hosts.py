"""Whether anybody can be reached, and what a site's robots.txt said.

All instants are aware UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Network(StrEnum):
    """Whether anybody can be reached."""

    FINE = "fine"
    #: it was seen just now that nobody can be reached
    LOST = "lost"
    AWAY = "away"
    #: somebody answered again just now
    FOUND = "found"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkState:
    """The network after a request, and since when it is away; after FOUND: since when it had been."""

    network: Network
    since: datetime | None = None


class RobotsVerdict(StrEnum):
    """What an answer for robots.txt means (RFC 9309 §2.3.1)."""

    #: there is a file, and its rules hold
    RULES = "rules"
    #: there is none (status 4xx), so everything is allowed
    NONE = "none"
    #: the server does not say (status 5xx), so nothing is allowed
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRecord:
    """What one site said about robots."""

    #: scheme, host and port
    origin: str
    read_at: datetime
    #: not asked again before
    fresh_until: datetime
    verdict: RobotsVerdict
    body: str = ""
    #: what makes the verdict, for people
    cause: str = ""
