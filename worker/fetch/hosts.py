"""Which requests go to the same publisher, and which addresses one robots.txt holds for."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from worker.text.sites import site_of

_USUAL_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """Scheme, host and port, as one robots.txt holds for them (RFC 9309 §2.3)."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    shown = f"[{host}]" if ":" in host else host
    is_usual = parts.port is None or parts.port == _USUAL_PORTS.get(parts.scheme)
    return f"{parts.scheme}://{shown}" + ("" if is_usual else f":{parts.port}")


def group_of(url: str, groups: Mapping[str, str]) -> str:
    """The publisher who is asked: the group that its host or its domain is in, else its registrable domain."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    domain = site_of(url)
    return groups.get(host) or groups.get(domain) or domain
