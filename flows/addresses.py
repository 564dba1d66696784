"""Which addresses are public, however they are spelled, and what an operator allows beside them. Pure: see `guard`."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Not left to `is_private` and its kin: their answers differ between Python 3.11 and 3.13.
# Sources: the IANA special-purpose registries for IPv4 and IPv6, and RFC 6890.
_FORBIDDEN: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), kind)
    for network, kind in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),  # with the metadata services of the clouds
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/96", "IPv4-compatible"),  # with :: and ::1
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("100::/64", "discard"),
        ("2001::/23", "protocol assignments"),  # with Teredo
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_UNICAST = ip_network("2000::/3")  # nothing else of IPv6 has been given out
_EMBEDDING = (ip_network("::ffff:0:0/96"), ip_network("64:ff9b::/96"))  # an IPv4 address in the last 32 bits


def literal(host: str) -> Address | None:
    """Return the address a host spells, or None for a name.

    Reads IPv6 with or without brackets and zone, and each form of IPv4 that a resolver reads: `127.1`, `2130706433`,
    `0x7f.0.0.1`, `0177.0.0.1`.
    """
    text = host.strip("[]")
    try:
        return ip_address(text)
    except ValueError:
        pass
    if not text.isascii() or not text[:1].isdigit() or any(char.isspace() for char in text):
        return None
    try:
        return IPv4Address(socket.inet_aton(text.removesuffix(".")))
    except OSError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What the operator allows although it is not public."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def read(cls, items: Iterable[str]) -> Self:
        """Read host names, addresses and CIDR networks: `localhost`, `127.0.0.1`, `10.1.0.0/16`."""
        hosts: set[str] = set()
        networks: list[Network] = []
        for item in items:
            try:
                networks.append(ip_network(item.strip("[]"), strict=False))
            except ValueError:
                hosts.add(item.lower().rstrip("."))
        return cls(hosts=frozenset(hosts), networks=tuple(networks))

    def refusal(self, host: str, address: Address) -> str:
        """Return why `address`, which `host` resolved to, must not be connected to, or an empty string."""
        if host.lower().rstrip(".") in self.hosts or self._allows(address):
            return ""
        kind = _kind(address)
        return f"{host} is {address}, {kind}" if kind else ""

    def _allows(self, address: Address) -> bool:
        if not any(address in network for network in self.networks if network.version == address.version):
            return False
        if isinstance(address, IPv6Address) and any(address in network for network in _EMBEDDING):
            inner = IPv4Address(int(address) & 0xFFFF_FFFF)  # an allowed gateway is no way around the rule for IPv4
            return self._allows(inner) or not _kind(inner)
        return True


def _kind(address: Address) -> str:
    """Return what makes an address not public, or an empty string."""
    for network, kind in _FORBIDDEN:
        if network.version == address.version and address in network:
            return kind
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return "not global"
    return ""
