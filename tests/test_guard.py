"""Which addresses may be connected to, and that the one judged is the one connected to."""

import asyncio
from collections.abc import Iterable
from ipaddress import ip_address

import httpcore
import pytest

from extractors.model import Reason
from flows.addresses import Allowance
from flows.guard import GuardedBackend, NameFailure, PrivateAddress, SystemResolver
from tests.hostile.newsroom import Newsroom
from tests.hostile.visiting import fetcher, page, reason, run

NOBODY = Allowance.read(())


class Recorder(httpcore.AsyncMockBackend):
    """A network that notes where it was asked to connect to."""

    def __init__(self, *, dead: tuple[str, ...] = ()) -> None:
        super().__init__([])
        self.connected: list[str] = []
        self._dead = dead

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.connected.append(host)
        if host in self._dead:
            raise httpcore.ConnectTimeout
        return await super().connect_tcp(host, port, timeout, local_address, socket_options)


def connect(host: str, answers: list[list[str]], *, allow: Allowance = NOBODY, dead: tuple[str, ...] = ()) -> list[str]:
    """Connect to a name once for each answer of its name server. Returns the addresses connected to."""
    queue = iter(answers)

    async def resolve(host: str, port: int) -> list[str]:
        return next(queue)

    network = Recorder(dead=dead)
    backend = GuardedBackend(allow, resolve, network)

    async def go() -> None:
        for _ in answers:
            await backend.connect_tcp(host, 80, timeout=1.0)

    asyncio.run(go())
    return network.connected


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.254",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::7f00:1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    """By what it is, whatever name led to it."""
    assert NOBODY.refusal("news.example", ip_address(address))
    with pytest.raises(PrivateAddress):
        connect("news.example", [[address]])


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "2a00::1"])
def test_a_public_address_is_connected_to(address: str) -> None:
    """Neighbours of the refused networks included."""
    assert connect("news.example", [[address]]) == [address]


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0x7f.0.0.1", "0177.0.0.1", "::1", "0"])
def test_a_spelled_address_is_not_resolved_before_it_is_judged(host: str) -> None:
    """A resolver that lies about it is not even asked."""
    with pytest.raises(PrivateAddress):
        connect(host, [["8.8.8.8"]])


def test_a_name_that_changes_between_two_look_ups_gains_nothing() -> None:
    """DNS rebinding: each connection is judged by the address that it is made to."""
    with pytest.raises(PrivateAddress):
        connect("news.example", [["8.8.8.8"], ["127.0.0.1"]])


def test_of_a_mixed_answer_only_the_public_addresses_are_tried() -> None:
    """A private address among public ones is not connected to when those fail."""
    with pytest.raises(httpcore.ConnectTimeout):
        connect("news.example", [["10.0.0.1", "8.8.8.8", "::1"]], dead=("8.8.8.8",))
    assert connect("news.example", [["10.0.0.1", "8.8.8.8", "9.9.9.9"]], dead=("8.8.8.8",)) == ["8.8.8.8", "9.9.9.9"]


def test_only_the_first_addresses_of_a_name_are_tried() -> None:
    """A name with a thousand dead addresses costs four attempts."""
    many = [f"8.8.{number}.1" for number in range(200)]
    with pytest.raises(httpcore.ConnectTimeout):
        connect("news.example", [many], dead=tuple(many))


def test_a_name_without_addresses_fails_as_a_name() -> None:
    """An empty answer, and one that is no address."""
    with pytest.raises(NameFailure):
        connect("news.example", [[]])
    with pytest.raises(NameFailure):
        connect("news.example", [["not an address"]])


def test_no_url_leads_to_a_local_socket() -> None:
    """httpcore could; nothing here asks for it."""
    backend = GuardedBackend(NOBODY, SystemResolver(), Recorder())
    with pytest.raises(PrivateAddress):
        asyncio.run(backend.connect_unix_socket("/run/docker.sock"))


def test_the_system_resolver_gives_each_address_once() -> None:
    """The one name that every machine knows."""

    async def go() -> list[str]:
        resolver = SystemResolver()
        try:
            return list(await resolver("localhost", 80))
        finally:
            resolver.close()

    found = asyncio.run(go())
    assert len(found) == len(set(found))
    assert set(found) <= {"127.0.0.1", "::1"}


def test_the_environment_has_no_say_in_where_requests_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy variable would otherwise send everything around the guard."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")

    async def test(room: Newsroom) -> None:
        async with fetcher() as client:
            assert reason(await client.fetch(page(room.url("/ok")))) == "Fetched"

    run(test)


def test_through_a_proxy_that_was_set_spelled_addresses_are_still_refused() -> None:
    """The newsroom stands in for the proxy: it is asked for the public page only."""

    async def test(room: Newsroom) -> None:
        async with fetcher(proxy=f"http://127.0.0.1:{room.port}", robots=False, allow=()) as client:
            assert reason(await client.fetch(page("http://news.example/ok"))) == "Fetched"
            for host in ("127.0.0.1", "10.0.0.1", "2130706433", "[::1]", "169.254.169.254"):
                assert reason(await client.fetch(page(f"http://{host}/ok"))) is Reason.PRIVATE_ADDRESS
        assert [visit.target for visit in room.visits] == ["http://news.example/ok"]

    run(test)


def test_sockets_are_closed_when_a_fetcher_ends() -> None:
    """No connection outlives its fetcher: warnings of unclosed sockets are errors in this suite."""

    async def test(room: Newsroom) -> None:
        async with fetcher() as client:
            await asyncio.gather(*(client.fetch(page(room.url("/ok", f"127.0.0.{n}"))) for n in range(1, 3)))
        await asyncio.sleep(0.02)
        assert room.open == 0

    run(test)
