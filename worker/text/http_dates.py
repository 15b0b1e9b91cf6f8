"""Instants and waits as HTTP headers state them, for what reads feeds and for what delivers alerts.

Header names are lower-case. Values that cannot be read count as absent.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from worker.text.times import DAY_S


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that `Retry-After` asks us to wait, a day at most (RFC 9110 §10.2.3); None where it says nothing.

    A date is counted from the answer's own `Date`, since clocks differ, else from `now`.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:10]), DAY_S)
    until = http_instant(value)
    if until is None:
        return None
    since = http_instant(headers.get("date", "")) or now
    return min(max((until - since).total_seconds(), 0.0), DAY_S)


def http_instant(value: str) -> datetime | None:
    """The instant in UTC that a header's date means (RFC 9110 §5.6.7); without a zone it is UTC."""
    try:
        instant = parsedate_to_datetime(value)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
