"""What a server's headers ask of us: validators and freshness.

Header names are lower-case. Values that cannot be read count as absent, as RFC 9111 §4.2.1 advises.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from worker.models.feed import Validators
from worker.text.http_dates import http_instant, retry_after_s
from worker.text.times import DAY_S

_END_OF_TIME = datetime.max.replace(tzinfo=UTC)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


def validators_of(headers: Mapping[str, str], url: str | None = None) -> Validators:
    """The validators of a full answer, byte for byte, and the address that gave them."""
    etag, last_modified = _storable(headers.get("etag")), _storable(headers.get("last-modified"))
    return Validators(etag=etag, last_modified=last_modified, url=url if etag or last_modified else None)


def refreshed(validators: Validators, headers: Mapping[str, str]) -> Validators:
    """The validators after a 304, which replaces only those that it names (RFC 9111 §4.3.4)."""
    new = validators_of(headers)
    return replace(
        validators,
        etag=new.etag or validators.etag,
        last_modified=new.last_modified or validators.last_modified,
    )


def fresh_for_s(headers: Mapping[str, str]) -> float:
    """Seconds for which an answer is fresh, by `Cache-Control` and `Expires`, a day at most."""
    lifetimes = [0.0]
    if max_age := _MAX_AGE.search(headers.get("cache-control", "")):
        lifetimes.append(float(max_age[1]) - _seconds(headers.get("age", "")))
    expires, date = http_instant(headers.get("expires", "")), http_instant(headers.get("date", ""))
    if expires and date:
        lifetimes.append((expires - date).total_seconds())
    return min(max(lifetimes), DAY_S)


def told_to_wait_s(headers: Mapping[str, str]) -> float:
    """Seconds of `Retry-After` in an answer that refuses nothing; a date counts from the answer's own, else not."""
    return retry_after_s(headers, _END_OF_TIME) or 0.0


def _seconds(value: str) -> float:
    value = value.strip()
    return float(value[:10]) if value.isascii() and value.isdigit() else 0.0


def _storable(value: str | None) -> str | None:
    """None for bytes that are not UTF-8: they reach us as lone surrogates, which no database takes."""
    if not value:
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return value
