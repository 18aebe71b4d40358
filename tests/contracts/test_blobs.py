"""Bodies on every store: kept with their transaction, read in ranges, dropped, collected after a crash."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emulator.storage import Blobs, FileRange, Spooled, Store, Transaction
from emulator.storage.blobs import SCHEMA

SMALL = b"small body" * 10
LARGE = bytes(range(256)) * 1024


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def blobs(store: Store, folder: Path) -> Blobs:
    store.migrate([SCHEMA])
    return Blobs(folder, store)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.glob("blobs/??/*") if path.is_file()]


def content(store: Store, blobs: Blobs, blob_id: int, *range_: int) -> bytes:
    found = store.run(lambda tx: blobs.open(tx, blob_id, *range_))
    return found.read() if isinstance(found, FileRange) else found


def spool(blobs: Blobs, body: bytes) -> Spooled:
    incoming = blobs.receive()
    incoming.write(body)
    spooled = incoming.finish()
    assert isinstance(spooled, Spooled)
    return spooled


@pytest.mark.parametrize(("body", "in_files"), [(b"", 0), (SMALL, 0), (LARGE[: 64 * 1024], 0), (LARGE, 1)])
def test_a_body_comes_back_as_it_went_in(store: Store, blobs: Blobs, folder: Path, body: bytes, in_files: int) -> None:
    blob = store.run(lambda tx: blobs.keep(tx, body))

    assert (blob.size, blob.md5hex) == (len(body), hashlib.md5(body).hexdigest())
    assert content(store, blobs, blob.id) == body
    assert len(files(folder)) == in_files


@pytest.mark.parametrize("body", [SMALL, LARGE])
@pytest.mark.parametrize("range_", [(0, 10), (7,), (5, 0), (90, 10**9), (10**9,), (10**9, 5)])
def test_a_range_is_cut_at_the_end_of_the_body(
    store: Store, blobs: Blobs, body: bytes, range_: tuple[int, ...]
) -> None:
    blob = store.run(lambda tx: blobs.keep(tx, body))

    end = len(body) if len(range_) == 1 else range_[0] + range_[1]
    assert content(store, blobs, blob.id, *range_) == body[range_[0] : end]


def test_an_unknown_blob_is_a_key_error(store: Store, blobs: Blobs) -> None:
    with pytest.raises(KeyError):
        store.run(lambda tx: blobs.open(tx, 7))


def test_a_received_body_past_64_kib_is_kept_from_its_file(store: Store, blobs: Blobs, folder: Path) -> None:
    incoming = blobs.receive()
    for at in range(0, len(LARGE), 10_000):
        incoming.write(LARGE[at : at + 10_000])
    spooled = incoming.finish()
    assert isinstance(spooled, Spooled)

    blob = store.run(lambda tx: blobs.keep(tx, spooled))
    spooled.discard()

    assert (blob.size, blob.md5hex) == (len(LARGE), hashlib.md5(LARGE).hexdigest())
    assert content(store, blobs, blob.id) == LARGE
    assert len(files(folder)) == 1


def test_a_received_body_up_to_64_kib_is_bytes_with_its_md5(blobs: Blobs) -> None:
    incoming = blobs.receive()

    incoming.write(SMALL[:20])
    incoming.write(SMALL[20:])

    assert incoming.finish() == SMALL
    assert incoming.size == len(SMALL)
    assert incoming.md5hex == hashlib.md5(SMALL).hexdigest()


def test_an_aborted_body_leaves_no_file(blobs: Blobs, folder: Path) -> None:
    incoming = blobs.receive()
    incoming.write(LARGE)
    assert len(files(folder)) == 1

    incoming.abort()

    assert files(folder) == []


def test_a_unit_that_fails_keeps_neither_row_nor_file(store: Store, blobs: Blobs, folder: Path) -> None:
    spooled = spool(blobs, LARGE)

    def unit(tx: Transaction) -> None:
        blobs.keep(tx, LARGE)
        blobs.keep(tx, spooled)
        raise LookupError

    with pytest.raises(LookupError):
        store.run(unit)
    spooled.discard()

    assert files(folder) == []
    with pytest.raises(KeyError):
        content(store, blobs, 1)


def test_the_file_of_a_dropped_blob_goes_after_the_commit(store: Store, blobs: Blobs, folder: Path) -> None:
    blob = store.run(lambda tx: blobs.keep(tx, LARGE))

    def unit(tx: Transaction) -> int:
        blobs.drop(tx, blob.id)
        return len(files(folder))

    assert store.run(unit) == 1
    assert files(folder) == []
    with pytest.raises(KeyError):
        content(store, blobs, blob.id)


def test_a_drop_that_is_rolled_back_keeps_the_body(store: Store, blobs: Blobs) -> None:
    blob = store.run(lambda tx: blobs.keep(tx, LARGE))

    def unit(tx: Transaction) -> None:
        blobs.drop(tx, blob.id)
        raise LookupError

    with pytest.raises(LookupError):
        store.run(unit)
    assert content(store, blobs, blob.id) == LARGE


def test_an_open_range_outlives_the_drop_of_its_blob(store: Store, blobs: Blobs) -> None:
    blob = store.run(lambda tx: blobs.keep(tx, LARGE))
    opened = store.run(lambda tx: blobs.open(tx, blob.id, 256, 512))

    store.run(lambda tx: blobs.drop(tx, blob.id))

    assert isinstance(opened, FileRange)
    assert opened.read() == LARGE[:512]


def test_collect_removes_files_without_row_and_no_others(store: Store, blobs: Blobs, folder: Path) -> None:
    blob = store.run(lambda tx: blobs.keep(tx, LARGE))
    lost = spool(blobs, LARGE)
    os.utime(lost.path, (0, 0))

    assert blobs.collect() == 1
    assert content(store, blobs, blob.id) == LARGE
    assert len(files(folder)) == 1


def test_collect_leaves_a_young_file_where_others_write_too(store: Store, blobs: Blobs) -> None:
    spooled = spool(blobs, LARGE)

    removed = blobs.collect()

    assert (removed, spooled.path.exists()) == ((1, False) if store.exclusive else (0, True))


def test_all_bodies_lie_in_rows_when_rows_may_be_that_large(store: Store, folder: Path, blobs: Blobs) -> None:
    in_rows = Blobs(folder, store, largest_row=2**30)
    spooled = spool(in_rows, LARGE)

    blob = store.run(lambda tx: in_rows.keep(tx, spooled))
    spooled.discard()

    assert content(store, in_rows, blob.id, 256, 512) == LARGE[:512]
    assert files(folder) == []


def test_the_instants_of_a_crash_have_names(store: Store, blobs: Blobs) -> None:
    points: list[str] = []
    store.points = points.append

    blob = store.run(lambda tx: blobs.keep(tx, LARGE))
    store.run(lambda tx: blobs.drop(tx, blob.id))

    assert points == [
        "blob-between-file-and-row",
        "before-commit",
        "after-commit",
        "before-commit",
        "after-commit",
        "blob-between-commit-and-unlink",
    ]


def test_each_of_many_bodies_in_one_tick_is_kept(
    store: Store, blobs: Blobs, together: Callable[..., list[Any]], folder: Path
) -> None:
    bodies = [LARGE + bytes([n]) for n in range(6)]

    kept = together(*[lambda tx, body=body: blobs.keep(tx, body) for body in bodies])

    assert [content(store, blobs, blob.id) for blob in kept] == bodies
    assert len(files(folder)) == 6
