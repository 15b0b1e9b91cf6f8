"""What one request to a feed showed, and one sentence for a person about it; pure.

The same facts stand in the table of `vestitel feeds test`, in the log after a feed's first poll and on the page.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from statistics import median
from typing import Any

from worker.errors import FetchError, FetchReason, ParseError
from worker.models.feed import Feed, FeedText, Reading, Unchanged
from worker.models.news import Entry, FeedId
from worker.text.clean import plain_text

OK = "ok"
#: it was not asked, out of courtesy or for want of a network
PUT_OFF = "put_off"
#: entries that are looked at to guess how much of an article the feed carries
_LOOKED_AT = 20
_FULL = 900
_LEDE = 260
_ENDS = (".", "!", "?", "“", '"', "»", ")")

#: why it failed in plain words, and what to do about it
ADVICE: Mapping[FetchReason, tuple[str, str]] = {
    FetchReason.DNS: ("its name is unknown", "check the network and the spelling of the address"),
    FetchReason.CONNECT: ("nobody answers at its address", "check the network, or wait: it is tried again"),
    FetchReason.TIMEOUT: ("the server is too slow", "wait: it is tried again, ever more seldom"),
    FetchReason.TLS: ("its certificate cannot be trusted", "tell the publisher; certificates are always checked"),
    FetchReason.PRIVATE_ADDRESS: (
        "the address lies in a private network",
        "set fetch.allow_private_addresses if it is yours",
    ),
    FetchReason.BLOCKED: ("the server refuses us", "ask the publisher, or run this from another network"),
    FetchReason.CHALLENGE: (
        "a page that tells people from machines stands before it",
        "ask the publisher for a feed without it, or switch the feed off",
    ),
    FetchReason.GONE: ("the publisher took it down for good", "look for its successor with «vestitel feeds discover»"),
    FetchReason.NOT_FOUND: ("there is nothing at the address", "look for the new one with «vestitel feeds discover»"),
    FetchReason.RATE_LIMITED: ("the server asks us to come more seldom", "wait, and raise every_minutes if it lasts"),
    FetchReason.CLIENT: ("the server does not accept the request", "check the address"),
    FetchReason.SERVER: ("the server is in trouble", "wait: it is tried again, ever more seldom"),
    FetchReason.TOO_LARGE: ("the document is too large", "look for a smaller one with «vestitel feeds discover»"),
    FetchReason.REDIRECT: ("it leads to where we do not follow", "put the address where it ends into feeds.yaml"),
    FetchReason.NOT_A_FEED: ("the document is no feed", "look for the feed with «vestitel feeds discover»"),
    FetchReason.OUTDATED: ("the server gives a document older than before", "wait: it is asked more seldom"),
    FetchReason.ROBOTS: ("robots.txt forbids it to us, or cannot be had", "ask the publisher, or switch the feed off"),
    FetchReason.EMPTY: ("the feed holds no entries", "wait, or look for another with «vestitel feeds discover»"),
}
_UNKNOWN_ADVICE = ("the request failed", "see the log")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said beside its entries; `status` is None where it never answered."""

    status: int | None = None
    final_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one request showed."""

    feed_id: FeedId
    outlet: str
    url: str
    at: datetime
    #: `ok`, `put_off` or a FetchReason
    outcome: str
    cause: str = ""
    status: int | None = None
    #: where redirects ended, if they led elsewhere
    led_to: str = ""
    entries: int = 0
    #: of the newest entry by the feed's own dates
    newest_at: datetime | None = None
    #: the encoding, and what said so
    charset: str = ""
    etag: bool = False
    last_modified: bool = False
    #: seconds that the headers, and the document, ask us to wait
    fresh_for_s: float = 0.0
    ttl_s: float = 0.0
    hub: str = ""
    #: how much of each article it carries, by a guess
    text: FeedText | None = None
    repairs: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether the feed could be read."""
        return self.outcome == OK


def probe_of(
    feed: Feed, answer: Answer, outcome: Reading | Unchanged | FetchError | ParseError, now: datetime
) -> Probe:
    """The facts of one request."""
    led_to = "" if answer.final_url in {"", feed.url} else answer.final_url
    base = Probe(
        feed_id=feed.id, outlet=feed.outlet, url=feed.url, at=now, outcome=OK, status=answer.status, led_to=led_to
    )
    match outcome:
        case FetchError():
            return replace(base, outcome=outcome.reason.value, cause=outcome.cause)
        case ParseError():
            return replace(base, outcome=FetchReason.NOT_A_FEED.value, cause=outcome.cause)
        case Unchanged():
            return replace(base, fresh_for_s=outcome.fresh_for_s, cause="unchanged since the last poll")
        case Reading():
            dates = [entry.published_at for entry in outcome.entries if entry.published_at is not None]
            return replace(
                base,
                entries=len(outcome.entries),
                newest_at=max(dates, default=None),
                charset=outcome.charset,
                etag=outcome.validators.etag is not None,
                last_modified=outcome.validators.last_modified is not None,
                fresh_for_s=outcome.fresh_for_s,
                ttl_s=outcome.ttl_s,
                hub=outcome.hub or "",
                text=guessed_text(outcome.entries),
                repairs=outcome.repairs,
            )


def guessed_text(entries: tuple[Entry, ...]) -> FeedText | None:
    """How much of each article the entries seem to carry; None where there are none."""
    texts = [
        max(plain_text(entry.summary_html), plain_text(entry.content_html), key=len) for entry in entries[:_LOOKED_AT]
    ]
    if not texts:
        return None
    length = median(len(text) for text in texts)
    if length >= _FULL:
        return FeedText.FULL
    are_whole = sum(text.endswith(_ENDS) and not text.endswith("...") for text in texts) * 2 > len(texts)
    return FeedText.LEDE if length >= _LEDE and are_whole else FeedText.FRAGMENT


def sentence_of(probe: Probe) -> str:
    """One line for a person: what happened, why, and what to do."""
    if probe.is_good:
        return f"{probe.feed_id}: {probe.cause or f'{probe.entries} entries'}"
    if probe.outcome == PUT_OFF:
        return f"{probe.feed_id}: it was not asked ({probe.cause}); try again in a while"
    try:
        what, remedy = ADVICE.get(FetchReason(probe.outcome), _UNKNOWN_ADVICE)
    except ValueError:
        what, remedy = _UNKNOWN_ADVICE
    cause = f" ({probe.cause})" if probe.cause else ""
    return f"{probe.feed_id}: {what}{cause}; {remedy}"


def span(seconds: float) -> str:
    """A time span in its largest unit: `45 s`, `12 min`, `3 h`, `2 d`."""
    for unit, size in (("d", 86_400.0), ("h", 3600.0), ("min", 60.0)):
        if abs(seconds) >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def to_plain(probe: Probe) -> dict[str, Any]:
    """The probe as values that JSON takes."""
    plain = asdict(probe)
    for name in ("at", "newest_at"):
        plain[name] = plain[name].isoformat() if plain[name] else None
    return plain


def from_plain(plain: Mapping[str, Any]) -> Probe:
    """The probe that `to_plain` gave."""
    values = dict(plain)
    for name in ("at", "newest_at"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    values["text"] = FeedText(values["text"]) if values["text"] else None
    values["repairs"] = tuple(values["repairs"])
    return Probe(**values)
