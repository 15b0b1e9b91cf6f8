"""What a site's robots.txt asks of us (RFC 9309).

The file is judged for our product name alone; `protego` reads it, whose matching takes linear time however many
wildcards a rule has.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from worker.errors import FetchError, FetchReason
from worker.fetch.hosts import origin_of
from worker.models.hosts import RobotsRecord, RobotsVerdict
from worker.text.times import DAY_S

#: as it begins our User-Agent
PRODUCT = "Vestitel"
#: so much of a file is read, the least that RFC 9309 §2.5 demands
READ_BYTES = 500 * 1024
_FRESH = timedelta(hours=24)
#: a server that does not say is asked again after this
_ASK_AGAIN_S = 3600.0
#: answers that mean „no such file“ (§2.3.1.3), too many redirects among them (§2.3.1.2)
_UNAVAILABLE = frozenset(
    {
        FetchReason.BLOCKED,
        FetchReason.CHALLENGE,
        FetchReason.CLIENT,
        FetchReason.GONE,
        FetchReason.NOT_FOUND,
        FetchReason.RATE_LIMITED,
        FetchReason.REDIRECT,
    }
)
#: answers that mean „I do not say“ (§2.3.1.4)
_UNSAID = frozenset({FetchReason.SERVER, FetchReason.TOO_LARGE})


def robots_url(url: str) -> str:
    """Where the rules for an address are."""
    return f"{origin_of(url)}/robots.txt"


def record_of(origin: str, body: bytes, now: datetime) -> RobotsRecord:
    """The rules of a file, for a day."""
    text = body[:READ_BYTES].decode("utf-8-sig", "replace")
    return RobotsRecord(
        origin=origin, read_at=now, fresh_until=now + _FRESH, verdict=RobotsVerdict.RULES, body=text, cause="robots.txt"
    )


def record_of_fault(origin: str, error: FetchError, now: datetime) -> RobotsRecord | None:
    """What a failure means for all addresses of a site; None where the site was not reached at all."""
    if error.reason in _UNAVAILABLE:
        verdict, fresh_for = RobotsVerdict.NONE, _FRESH
    elif error.reason in _UNSAID:
        asked_s = max(error.retry_after_s or 0.0, _ASK_AGAIN_S)
        verdict, fresh_for = RobotsVerdict.UNSAID, timedelta(seconds=min(asked_s, DAY_S))
    else:
        return None
    return RobotsRecord(
        origin=origin, read_at=now, fresh_until=now + fresh_for, verdict=verdict, cause=f"robots.txt: {error.cause}"
    )


def refusal(record: RobotsRecord, url: str) -> str:
    """Why an address may not be asked, for people; empty where it may."""
    match record.verdict:
        case RobotsVerdict.NONE:
            return ""
        case RobotsVerdict.UNSAID:
            return f"{record.cause}; until it is said, nothing is allowed"
        case RobotsVerdict.RULES:
            if Protego.parse(record.body).can_fetch(url, PRODUCT):
                return ""
            return f"robots.txt forbids {urlsplit(url).path or '/'} to {PRODUCT}"


def crawl_delay_s(record: RobotsRecord) -> float:
    """Seconds between two requests that the site asks for, a day at most; 0 where it asks for nothing."""
    if record.verdict is not RobotsVerdict.RULES:
        return 0.0
    rules = Protego.parse(record.body)
    rate = rules.request_rate(PRODUCT)
    of_rate = rate.seconds / rate.requests if rate is not None and rate.requests > 0 else 0.0
    return min(max(rules.crawl_delay(PRODUCT) or 0.0, of_rate), DAY_S)
