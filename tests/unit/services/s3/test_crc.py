"""CRCs: the published check values, and equality with the table and with zlib at every length."""

from __future__ import annotations

import random
import zlib

import pytest

from emulator.services.s3.model.crc import CRC32, CRC32C, CRC64NVME, Crc

CHECK = b"123456789"


@pytest.mark.parametrize(("crc", "value"), [(CRC32, 0xCBF43926), (CRC32C, 0xE3069283), (CRC64NVME, 0xAE8B14860A799888)])
def test_the_published_check_value_comes_out(crc: Crc, value: int) -> None:
    assert crc.of(CHECK) == value


@pytest.mark.parametrize("length", [0, 1, 7, 79, 80, 81, 88, 127, 128, 129, 1000, 1023, 1024, 4097, 65_536])
def test_long_texts_have_the_sum_that_zlib_gives(length: int) -> None:
    data = random.Random(length).randbytes(length)

    assert CRC32.of(data) == zlib.crc32(data)


@pytest.mark.parametrize("crc", [CRC32, CRC32C, CRC64NVME])
@pytest.mark.parametrize("cut", [0, 1, 80, 81, 500, 2999, 3000])
def test_the_sums_of_two_halves_combine_to_that_of_the_whole(crc: Crc, cut: int) -> None:
    data = random.Random(cut).randbytes(3000)

    combined = crc.combine(crc.of(data[:cut]), crc.of(data[cut:]), len(data) - cut)

    assert combined == crc.of(data)
