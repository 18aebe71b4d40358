"""Identifiers have AWS's forms, and an access key tells its account."""

import re
import uuid

import pytest

from emulator import ids


def test_a_uuid_is_one_of_version_4():
    found = uuid.UUID(ids.new_uuid())

    assert found.version == 4
    assert found.variant == uuid.RFC_4122


def test_uuids_differ():
    assert len({ids.new_uuid() for _ in range(2_000)}) == 2_000


@pytest.mark.parametrize("length", [1, 7, 8, 24])
def test_hexadecimal_digits_keep_their_leading_zeros(length):
    assert {len(ids.new_hex(length)) for _ in range(200)} == {length}


def test_an_id_of_iam_is_its_prefix_and_base_32():
    assert re.fullmatch("AROA[A-Z2-7]{16}", ids.new_key("AROA"))


def test_a_secret_has_forty_characters():
    assert len(ids.new_secret()) == 40


def test_a_seed_fits_into_a_signed_integer():
    assert all(0 <= ids.new_seed() < 2**63 for _ in range(100))


@pytest.mark.parametrize("account", ["000000000000", "000000000001", "123456789012", "999999999999"])
@pytest.mark.parametrize("prefix", ["AKIA", "ASIA"])
def test_a_key_tells_the_account_that_issued_it(prefix, account):
    key = ids.account_key(prefix, account)

    assert re.fullmatch(prefix + "[A-Z2-7]{16}", key)
    assert ids.find_account(key) == account


def test_twelve_digits_are_the_account():
    assert ids.find_account("123456789012") == "123456789012"


def test_a_key_with_a_changed_character_is_none_of_ours():
    key = ids.account_key("AKIA", "123456789012")

    changed = key[:8] + ("A" if key[8] != "A" else "B") + key[9:]

    assert ids.find_account(changed) is None


@pytest.mark.parametrize(
    "key", ["", "test", "AKIAIOSFODNN7EXAMPLE", "١٢٣٤٥٦٧٨٩٠١٢", "x" * 20, "é" * 20, "12345678901a"]
)
def test_any_other_key_has_no_account(key):
    assert ids.find_account(key) is None


def test_a_forged_key_of_an_account_that_cannot_be_has_none():
    forged = "7777777" + "7" + "AAAA"

    key = "AKIA" + forged + ids._base32(ids.zlib.crc32(forged.encode()) & 0xFFFFF, 4)

    assert ids.find_account(key) is None


def test_a_forged_key_with_characters_outside_base_32_has_none():
    forged = "aaaaaaaaaaaa"

    key = "AKIA" + forged + ids._base32(ids.zlib.crc32(forged.encode()) & 0xFFFFF, 4)

    assert ids.find_account(key) is None
