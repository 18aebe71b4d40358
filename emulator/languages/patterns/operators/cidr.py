"""`cidr`: IPv4 and IPv6 addresses inside a block."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from emulator.languages.patterns.operators.operator import close
from emulator.languages.patterns.tokens import InvalidPattern, Tokens

_ADDRESS: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*", re.ASCII)
_INTEGER: Final = re.compile(r"[+-]?[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cidr:
    """An address inside a block of the same family."""

    operand: str
    block: IPv4Network | IPv6Network

    @property
    def text(self) -> str:
        """The test as a person reads it."""
        return f'cidr "{self.operand}"'

    def matches(self, value: object) -> bool:
        """Whether the value is a string, an address, and inside the block."""
        address = find_address(value) if isinstance(value, str) else None
        return address is not None and address in self.block


def find_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address a string spells, or None."""
    if not _ADDRESS.fullmatch(text):
        return None
    try:
        return ip_address(text)
    except ValueError:
        return None


def cidr(operand: str) -> Cidr:
    """The test for one block. Raises InvalidPattern without a position, as AWS answers these."""
    slashed = operand.rstrip("/").split("/")
    if len(slashed) != 2:
        raise InvalidPattern("Malformed CIDR, one '/' required")
    if not _INTEGER.fullmatch(slashed[1]):
        raise InvalidPattern("Malformed CIDR, mask bits must be an integer")
    bits = int(slashed[1])
    if bits < 0:
        raise InvalidPattern("Malformed CIDR, mask bits must not be negative")
    if not _ADDRESS.fullmatch(slashed[0]):
        raise InvalidPattern(f"Nonstandard IP address: {slashed[0]}")
    address = find_address(slashed[0])
    if address is None:
        raise InvalidPattern(f"Invalid IP address: {slashed[0]}")
    if bits >= address.max_prefixlen:
        raise InvalidPattern(f"IPv{address.version} mask bits must be < {address.max_prefixlen}")
    return Cidr(operand, ip_network(f"{address}/{bits}", strict=False))


def read(tokens: Tokens) -> Cidr:
    """`{"cidr": "10.0.0.0/24"}`; AWS words the wrong type as it does for prefix."""
    if tokens.next() != "string":
        tokens.fail("prefix match pattern must be a string")
    test = cidr(tokens.text())
    close(tokens)
    return test
