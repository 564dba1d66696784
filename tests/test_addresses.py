"""Which addresses are public, however they are spelled, and what may be allowed beside them."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.addresses import Allowance, literal


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7f.0.0.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("127.0.0.1.", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
        ("fe80::1%lo", "fe80::1%lo"),
        ("news.example", None),
        ("1a.example", None),
        ("127.0.0.1.example", None),
        ("99999999999999", None),
        ("", None),
    ],
)
def test_each_way_to_spell_an_address_is_seen(host: str, address: str | None) -> None:
    """What a resolver would read as an address is judged as one, and never looked up."""
    assert literal(host) == (ip_address(address) if address else None)


def test_hosts_addresses_and_networks_can_be_allowed() -> None:
    """By name, and by nothing that merely looks alike."""
    allow = Allowance.read(("Intranet.example", "127.0.0.1", "10.1.0.0/16", "[::1]", "fd00::/8"))
    for host, address in [
        ("intranet.example", "192.168.1.1"),
        ("INTRANET.example.", "192.168.1.1"),
        ("news.example", "127.0.0.1"),
        ("news.example", "10.1.2.3"),
        ("news.example", "::1"),
        ("news.example", "fd00::5"),
    ]:
        assert allow.refusal(host, ip_address(address)) == ""
    for host, address in [
        ("x.intranet.example", "192.168.1.1"),
        ("intranet.example.evil.example", "192.168.1.1"),
        ("news.example", "127.0.0.2"),
        ("news.example", "10.2.0.1"),
        ("news.example", "::ffff:127.0.0.1"),
    ]:
        assert allow.refusal(host, ip_address(address))


def test_an_allowed_gateway_is_no_way_around() -> None:
    """Who allows NAT64 allows public addresses behind it, not this network's own."""
    allow = Allowance.read(("64:ff9b::/96",))
    assert allow.refusal("news.example", ip_address("64:ff9b::808:808")) == ""
    assert allow.refusal("news.example", ip_address("64:ff9b::7f00:1"))
    assert Allowance.read(("64:ff9b::/96", "127.0.0.1")).refusal("n", ip_address("64:ff9b::7f00:1")) == ""


@given(st.ip_addresses(v=4))
def test_no_address_is_missed_that_python_calls_private(address: IPv4Address) -> None:
    """The list here may only be stricter than the library's."""
    if not address.is_global:
        assert Allowance().refusal("news.example", address)


@given(st.ip_addresses(v=6))
def test_no_long_address_is_missed_that_python_calls_private(address: IPv6Address) -> None:
    """The same for IPv6."""
    if not address.is_global:
        assert Allowance().refusal("news.example", address)


@given(st.text(max_size=20))
def test_reading_a_host_never_raises(host: str) -> None:
    """It comes from the network."""
    literal(host)
    Allowance.read((host,))
