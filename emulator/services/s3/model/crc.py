"""CRC-32C and CRC-64/NVME, and how two sums combine to that of both texts in a row.

The modules of Python know CRC-32 alone. A long text is folded first: its head, multiplied by a power of x,
is added to its tail, which halves it; with Python's long integers that takes a few shifts for each halving.
All is in the reflected form: the lowest bit of an integer is the first bit of the text.
"""

from __future__ import annotations

from functools import cache

_FOLDED = 640  # bits; shorter texts go through the table


class Crc:
    """A reflected CRC of `width` bits whose start and final mask are all ones; `poly` is reflected too."""

    def __init__(self, width: int, poly: int) -> None:
        self.width = width
        self.ones = (1 << width) - 1
        self._poly = poly
        self._table = [self._step(byte, 8) for byte in range(256)]
        self._squares: list[int] = []

    def of(self, data: bytes) -> int:
        """The sum of `data`."""
        if len(data) * 8 <= _FOLDED:
            return self._remainder(self.ones, data) ^ self.ones
        bits = len(data) * 8
        text = int.from_bytes(data, "little") ^ self.ones
        while bits > _FOLDED:
            text, bits = self._fold(text, bits)
        return self._remainder(0, text.to_bytes(bits // 8, "little")) ^ self.ones

    def combine(self, first: int, second: int, second_length: int) -> int:
        """The sum of A followed by B, from the sums of both and the length of B in bytes."""
        power, square, left = 1 << (self.width - 1), 0, second_length * 8
        while left:
            if left & 1:
                power = self._multiply(power, self._square(square))
            left >>= 1
            square += 1
        return self._multiply(first, power) ^ second

    def _remainder(self, state: int, data: bytes) -> int:
        table = self._table
        for byte in data:
            state = table[(state ^ byte) & 255] ^ (state >> 8)
        return state

    def _fold(self, text: int, bits: int) -> tuple[int, int]:
        """An equal text of about half the length: the tail keeps 2**m + 64 bits."""
        exponent = max((bits - self.width) // 2, 1).bit_length() - 1
        while (1 << exponent) + 64 < (bits + self.width) // 2:
            exponent += 1
        tail = (1 << exponent) + 64
        head = bits - tail
        start = text & ((1 << head) - 1)
        product = 0
        for place in _places(self, exponent):
            product ^= start << place
        return (text >> head) ^ (product << (tail - head - self.width + 1)), tail

    def _step(self, value: int, count: int) -> int:
        """`value` times x, `count` times."""
        for _ in range(count):
            value = (value >> 1) ^ (self._poly if value & 1 else 0)
        return value

    def _multiply(self, a: int, b: int) -> int:
        product = 0
        bit = 1 << (self.width - 1)
        while bit:
            if a & bit:
                product ^= b
            b = self._step(b, 1)
            bit >>= 1
        return product

    def _square(self, exponent: int) -> int:
        """x to the power of 2**exponent."""
        squares = self._squares
        if not squares:
            squares.append(1 << (self.width - 2))
        while len(squares) <= exponent:
            squares.append(self._multiply(squares[-1], squares[-1]))
        return squares[exponent]


@cache
def _places(crc: Crc, exponent: int) -> tuple[int, ...]:
    """Which bits x to the power of 2**exponent + 64 has."""
    factor = crc._step(crc._square(exponent), 64)
    return tuple(place for place in range(crc.width) if factor >> place & 1)


CRC32 = Crc(32, 0xEDB88320)
CRC32C = Crc(32, 0x82F63B78)
CRC64NVME = Crc(64, 0x9A6C9329AC4BC9B5)
