"""Which network addresses a feed may be read from.

Whoever controls a feed's name or a redirect could otherwise make us ask the machines beside us. Names are
checked after resolving, by the resolver that the connection itself uses, so that the address checked is the
address connected to.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult

from worker.errors import FetchError, FetchReason

#: carries an IPv4 address in its last 32 bits (RFC 6052)
_NAT64 = ip_network("64:ff9b::/96")


class CheckedResolver(AbstractResolver):
    """Resolves names by another resolver and leaves out private addresses.

    Raises FetchError PRIVATE_ADDRESS where nothing else is left. It belongs to one request for one feed.
    """

    def __init__(self, feed_id: str, inner: AbstractResolver) -> None:
        self._feed_id = feed_id
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The public addresses of a name; fails as the inner resolver does."""
        results = await self._inner.resolve(host, port, family)
        allowed = [result for result in results if is_allowed(result["host"])]
        if results and not allowed:
            raise FetchError(self._feed_id, FetchReason.PRIVATE_ADDRESS, f"{host} resolves to a private address")
        return allowed

    async def close(self) -> None:
        """Releases the inner resolver."""
        await self._inner.close()


def is_allowed(host: str) -> bool:
    """False for a literal private address; names are for the resolver to judge."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return True
    return is_public(address)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address, or the IPv4 address within it, is one of the open internet."""
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
