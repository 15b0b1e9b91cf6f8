"""Which addresses belong to one publisher's site, and in which phase each is polled; pure.

The list of public suffixes comes with the package `tld`; nothing here looks up a name.
"""

import hashlib
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from tld import get_fld
from tld.exceptions import TldImproperlyConfigured, TldIOError


def site_of(url: str) -> str:
    """The registrable domain of an address, else its host; on this machine, where nobody is spared, all of it."""
    host = _host(url)
    return url if not host or is_own_machine(url) else _registrable(host)


def is_same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one registrable domain, or of one host that has none."""
    return _registrable(_host(one)) == _registrable(_host(other))


def is_own_machine(url: str) -> bool:
    """Whether an address is written as one of this machine; a name that merely leads here is not."""
    host = _host(url)
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def phase_of(url: str) -> float:
    """A number from 0 to below 1 that belongs to the address for good."""
    return int.from_bytes(hashlib.sha256(url.encode("utf-8", "replace")).digest()[:4]) / 2**32


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str:
    try:
        host = host.encode("idna").decode("ascii")
        found = get_fld(f"https://{host}", fail_silently=True, search_private=True)
    except (ValueError, TldImproperlyConfigured, TldIOError):
        return host
    # As the list itself says of endings that it does not know: what stands before them is one holder's.
    return found or (host if _is_number(host) else ".".join(host.split(".")[-2:]))


def _is_number(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
