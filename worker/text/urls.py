"""Canonical article address, tracking parameters removed.

An address names an article only as far as the server looks at it: who shared it and which anchor was open do
not matter, which `?p=` it asks for does. Nothing here contacts anybody.
"""

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

_TRACKING = re.compile(r"(?:utm_|mc_)\w*|fbclid|gclid|dclid|yclid|msclkid|igshid|ref", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_.:-]+")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str:
    """The address in one spelling: host in ASCII lower case, escapes as RFC 3986 §6.2.2 wants, no tracking.

    It can still be opened, so a closing slash stays. What is not a web address comes back stripped only.
    """
    parts = _web_parts(url)
    if parts is None:
        return url.strip()
    pieces = (_spelled(piece) for piece in parts.query.split("&"))
    query = "&".join(piece for piece in pieces if piece and not _TRACKING.fullmatch(piece.partition("=")[0]))
    return urlunsplit((parts.scheme, parts.netloc, _spelled(parts.path) or "/", query, ""))


def url_key(url: str) -> str:
    """What identifies the article: the canonical address without scheme, `www.` and closing slashes."""
    canonical = canonical_url(url)
    parts = _web_parts(canonical)
    if parts is None:
        return canonical
    path = parts.path.rstrip("/")
    return parts.netloc.removeprefix("www.") + path + (f"?{parts.query}" if parts.query else "")


def is_web_url(url: str) -> bool:
    """Whether this is an absolute http or https address with a host."""
    return _web_parts(url) is not None


def _web_parts(url: str) -> SplitResult | None:
    """The parts of a web address, its host and port spelled canonically; None for anything else."""
    try:
        parts = urlsplit(url.strip())
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return None
        host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode("ascii").lower()
        port = parts.port
    except ValueError:  # brackets that hold no address, a port that is no number, a name that cannot be written
        return None
    host = host.rstrip(".")
    if not _HOST.fullmatch(host):
        return None
    authority = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=authority if port in {None, _DEFAULT_PORTS[parts.scheme]} else f"{authority}:{port}")


def _spelled(part: str) -> str:
    # Stray percent signs first: otherwise decoding beside them could make new escapes.
    escaped = _ESCAPE.sub(_one_escape, _STRAY_PERCENT.sub("%25", part))
    return quote(escaped, safe="/%:@!$&'()*+,;=~?", errors="replace")


def _one_escape(found: re.Match[str]) -> str:
    value = int(found[1], 16)
    return chr(value) if value in _UNRESERVED else f"%{found[1].upper()}"
