"""Which addresses webhooks may go to: none of a private network, in whatever form, unless bot.toml allows it."""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = ip_network("64:ff9b::/96")
_LOCAL_NAT64 = ip_network("64:ff9b:1::/48")
"""For a network's own use (RFC 8215): where in it the IPv4 address stands, only that network knows."""
_COMPATIBLE = ip_network("::/96")


class PrivateAddress(OSError):
    """A host is, or answers with, an address of a private network."""


def literal(host: str) -> Address | None:
    """Return the address that a host is written as, None where it is a name; clients ask no resolver about these."""
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


class Guard:
    """Tells whether an address may be gone to; `allowed` are networks and names of hosts that may be in any case."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._networks: list[Network] = []
        self._names: set[str] = set()
        for one in allowed:
            try:
                self._networks.append(ip_network(one, strict=False))
            except ValueError:
                self._names.add(one.casefold().rstrip("."))

    def is_private(self, url: str) -> bool:
        """Return whether a URL is written with an address that may not be gone to; a name is not asked about."""
        host = urlsplit(url).hostname or ""
        try:
            self.require(host, filter(None, [literal(host)]))
        except PrivateAddress:
            return True
        return False

    def require(self, host: str, addresses: Iterable[Address]) -> None:
        """Raise `PrivateAddress` where any of the addresses that a host has is one of a private network."""
        if host.casefold().rstrip(".") in self._names:
            return
        for one in addresses:
            if not self._is_fine(one):
                raise PrivateAddress(f"{host} is at {one}, in a private network")

    def _is_fine(self, address: Address) -> bool:
        inner = inside(address)
        if any(one in network for one in (address, inner) for network in self._networks):
            return True
        return inner.is_global and not inner.is_multicast and inner not in _LOCAL_NAT64


def inside(address: Address) -> Address:
    """Return the IPv4 address that stands in an IPv6 one: mapped, compatible, by NAT64, 6to4 or Teredo; else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _COMPATIBLE and int(address) > 1:
        return IPv4Address(int(address))
    return address


class GuardedResolver(AbstractResolver):
    """Asks another resolver, and takes no answer in which any address is one of a private network.

    It is asked at each connection, and its answer is what is connected to: a name whose answer changes gains nothing.
    """

    def __init__(self, guard: Guard, resolver: AbstractResolver) -> None:
        self._guard = guard
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        self._guard.require(host, [ip_address(one["host"].partition("%")[0]) for one in found])
        return found

    async def close(self) -> None:
        await self._resolver.close()
