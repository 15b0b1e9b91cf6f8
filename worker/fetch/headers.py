"""What a server's headers ask of us: validators and freshness.

Header names are lower-case. Values that cannot be read count as absent, as RFC 9111 §4.2.1 advises.
"""

import re
from collections.abc import Mapping

from worker.models.news import Validators
from worker.text.http_dates import http_instant
from worker.text.times import DAY_S

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


def validators_of(headers: Mapping[str, str]) -> Validators:
    """The validators of a full answer, byte for byte."""
    return Validators(etag=_storable(headers.get("etag")), last_modified=_storable(headers.get("last-modified")))


def refreshed(validators: Validators, headers: Mapping[str, str]) -> Validators:
    """The validators after a 304, which replaces only those that it names (RFC 9111 §4.3.4)."""
    new = validators_of(headers)
    return Validators(etag=new.etag or validators.etag, last_modified=new.last_modified or validators.last_modified)


def fresh_for_s(headers: Mapping[str, str]) -> float:
    """Seconds for which the answer stays fresh by `Cache-Control` and `Expires`, a day at most."""
    lifetimes = [0.0]
    if max_age := _MAX_AGE.search(headers.get("cache-control", "")):
        lifetimes.append(float(max_age[1]) - _seconds(headers.get("age", "")))
    expires, date = http_instant(headers.get("expires", "")), http_instant(headers.get("date", ""))
    if expires and date:
        lifetimes.append((expires - date).total_seconds())
    return min(max(lifetimes), DAY_S)


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
