"""No webhook goes into a private network, in whatever form its address is written, or a name answers."""

import socket
from ipaddress import ip_address

import pytest
from aiohttp.abc import AbstractResolver

from bot.webhooks.guard import Guard, GuardedResolver, PrivateAddress, literal

PRIVATE = [
    "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::a00:1",
    "64:ff9b:1:a00:0:100:808:808", "64:ff9b:1::808:808", "2002:7f00:1::", "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:db8::1",
]  # fmt: skip
PUBLIC = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_refused(address: str) -> None:
    with pytest.raises(PrivateAddress):
        Guard().require("hook.example.org", [ip_address(address)])


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_gone_to(address: str) -> None:
    Guard().require("hook.example.org", [ip_address(address)])


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(PrivateAddress):
        Guard().require("hook.example.org", [ip_address("93.184.216.34"), ip_address("10.0.0.1")])


@pytest.mark.parametrize("allowed", ["10.0.0.0/8", "10.1.2.3", "hook.internal", "HOOK.internal."])
def test_what_is_allowed_is_gone_to(allowed: str) -> None:
    guard = Guard([allowed])
    guard.require("hook.internal", [ip_address("10.1.2.3")])
    with pytest.raises(PrivateAddress):
        guard.require("other.internal", [ip_address("192.168.0.1")])


def test_what_is_allowed_is_so_in_its_other_forms() -> None:
    Guard(["10.0.0.0/8"]).require("hook.internal", [ip_address("::ffff:10.1.2.3")])


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_an_address_is_known_as_one(host: str, address: str) -> None:
    assert literal(host) == ip_address(address)


@pytest.mark.parametrize("host", ["example.org", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost"])
def test_all_else_is_a_name_that_a_resolver_is_asked_about(host: str) -> None:
    assert literal(host) is None


class Changing(AbstractResolver):
    """Answers with another address each time."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET):
        address = self.addresses.pop(0)
        return [{"hostname": host, "host": address, "port": port, "family": family, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        self.addresses = []


async def test_a_name_whose_answer_changes_is_looked_at_each_time() -> None:
    resolver = GuardedResolver(Guard(), Changing("93.184.216.34", "127.0.0.1"))
    assert (await resolver.resolve("hook.example.org", 443))[0]["host"] == "93.184.216.34"
    with pytest.raises(PrivateAddress):
        await resolver.resolve("hook.example.org", 443)


async def test_a_link_local_answer_with_its_zone_is_refused() -> None:
    with pytest.raises(PrivateAddress):
        await GuardedResolver(Guard(), Changing("fe80::1%eth0")).resolve("hook.example.org", 443)


@pytest.mark.parametrize(
    ("url", "is_private"),
    [
        ("http://127.0.0.1:1/x", True),
        ("https://[::1]/x", True),
        ("https://[::ffff:10.0.0.1]/x", True),
        ("https://10.1.2.3/x", False),
        ("https://pager.example.org/x", False),
        ("https://93.184.216.34/x", False),
    ],
)
def test_what_is_written_as_a_private_address_is_known_before_it_is_called(url: str, is_private: bool) -> None:
    assert Guard(["10.1.0.0/16"]).is_private(url) is is_private
