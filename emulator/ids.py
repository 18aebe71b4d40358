"""New identifiers in the forms that AWS gives them; the only place that draws chance."""

from __future__ import annotations

import random
import re
import secrets
import zlib
from functools import lru_cache

DEFAULT_ACCOUNT = "000000000000"
"""Whose a request is that does not tell its account, and whose a project's resources are."""

_NUMBERED = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_DIGITS = frozenset(_UPPER)
_random = random.Random(secrets.randbits(128))

# RFC 9562, section 5.4: the four bits of the version and the two of the variant; all others are free.
_VERSION_4 = 0x4000 << 64 | 0x8000 << 48
_VERSION_7 = 0x7000 << 64 | 0x8000 << 48
_VERSION_8 = 0x8000 << 64 | 0x8000 << 48
_FREE = ~(0xF000 << 64 | 0xC000 << 48)


def new_uuid() -> str:
    """A random UUID, version 4, as text."""
    return _uuid(_random.getrandbits(128) & _FREE | _VERSION_4)


def new_ordered_uuid(micros: int) -> str:
    """A UUID, version 7, as text: those of one time are neighbours in an index (RFC 9562, section 5.7)."""
    return _uuid(micros // 1000 << 80 | _random.getrandbits(80) & _FREE | _VERSION_7)


def numbered_uuid(number: int, chance: int) -> str:
    """A UUID, version 8, as text: of 48 bits that `number_of` tells and 62 bits of chance (RFC 9562, section 5.8)."""
    return _uuid((number << 80 | chance) & _FREE | _VERSION_8)


def number_of(uuid: str) -> int | None:
    """The number that a text holds which `numbered_uuid` may have made, else None."""
    return int(uuid[:8] + uuid[9:13], 16) if _NUMBERED.fullmatch(uuid) else None


def new_hex(length: int) -> str:
    """`length` lower-case hexadecimal digits."""
    return f"{_random.getrandbits(4 * length):0{length}x}"


def new_trace_id() -> str:
    """A root id of X-Ray."""
    text = new_hex(32)
    return f"1-{text[:8]}-{text[8:]}"


def new_key(prefix: str, length: int = 16) -> str:
    """An IAM-style unique id: `prefix` (AKIA, AROA, ...) and `length` characters of base 32."""
    return prefix + "".join(_random.choices(_UPPER, k=length))


def new_secret() -> str:
    """A secret or token of 40 characters."""
    return secrets.token_urlsafe(30)


def new_seed() -> int:
    """63 bits of chance, given to the pure languages as `seed`."""
    return _random.getrandbits(63)


def account_key(prefix: str, account: str) -> str:
    """A new access key id that tells its account: base 32 of the account, chance, and a check of both."""
    body = _base32(int(account), 8) + "".join(_random.choices(_UPPER, k=4))
    return prefix + body + _base32(zlib.crc32(body.encode()) & 0xFFFFF, 4)


@lru_cache(maxsize=4096)
def find_account(access_key: str) -> str | None:
    """The account that issued an access key of ours, or that the key is (12 digits); None for any other key."""
    if len(access_key) == 12 and access_key.isascii() and access_key.isdigit():
        return access_key
    body, check = access_key[4:16], access_key[16:]
    if len(access_key) != 20 or not set(body) <= _DIGITS:
        return None
    if _base32(zlib.crc32(body.encode()) & 0xFFFFF, 4) != check:
        return None
    number = 0
    for char in body[:8]:
        number = number * 32 + _UPPER.index(char)
    return f"{number:012d}" if number < 10**12 else None


def account_of(access_key: str) -> str:
    """The account of a request that is signed with this key (empty: not signed); see `DEFAULT_ACCOUNT`."""
    return find_account(access_key) or DEFAULT_ACCOUNT


def _uuid(bits: int) -> str:
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _base32(number: int, length: int) -> str:
    return "".join(_UPPER[number >> 5 * place & 31] for place in reversed(range(length)))
