"""Schemas over time: which NNNN_*.sql of which owner a database has had, and which come next."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from emulator.errors import EmulatorError
from emulator.storage.port import RefusedError, Transaction
from emulator.storage.queries import Query

_TABLE = """CREATE TABLE IF NOT EXISTS migrations (
    owner TEXT NOT NULL, version BIGINT NOT NULL, applied_at BIGINT NOT NULL, checksum TEXT NOT NULL,
    PRIMARY KEY (owner, version))"""
_APPLIED = Query("applied", "SELECT owner, version, checksum FROM migrations")
_RECORD = Query(
    "record",
    "INSERT INTO migrations (owner, version, applied_at, checksum) VALUES (:owner, :version, :now, :checksum)",
)
_FILE = re.compile(r"(\d{4})_\w+\.sql")


class DefiningTransaction(Transaction, Protocol):
    """A transaction that can also run the statements of a schema."""

    def define(self, statements: Sequence[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of an owner's schema folder."""

    owner: str
    version: int
    path: Path
    checksum: str


def read(owner: str, folder: Path) -> list[Migration]:
    """The migrations of a folder in order. EmulatorError: a name not NNNN_words.sql, a number used twice."""
    found: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        name = _FILE.fullmatch(path.name)
        if name is None:
            raise EmulatorError(f"{path}: a migration is named NNNN_words.sql")
        if found and found[-1].version == int(name.group(1)):
            raise EmulatorError(f"{path}: two migrations of {owner} have this number")
        checksum = hashlib.sha256(path.read_text(encoding="utf-8").encode()).hexdigest()
        found.append(Migration(owner, int(name.group(1)), path, checksum))
    return found


def apply(
    tx: DefiningTransaction,
    schemas: Sequence[tuple[str, Path]],
    *,
    translate: Callable[[str], list[str]],
    now: int,
) -> None:
    """Apply what is missing, owner by owner, all in this transaction, and record it in `migrations`.

    `translate` gives the statements of a file in the dialect; `now` is in microseconds since the epoch.
    EmulatorError: a file changed after it was applied, the database has a version this code has not, a file
    came in below one that was applied, a statement failed.
    """
    tx.define(translate(_TABLE))
    applied = {(row["owner"], row["version"]): row["checksum"] for row in tx.all(_APPLIED)}
    for owner, folder in schemas:
        migrations = read(owner, folder)
        have = {version: checksum for (of, version), checksum in applied.items() if of == owner}
        _require_history(owner, migrations, have)
        for migration in migrations:
            if migration.version not in have:
                _apply_one(tx, migration, translate)
                tx.execute(_RECORD, owner=owner, version=migration.version, now=now, checksum=migration.checksum)


def _require_history(owner: str, migrations: list[Migration], have: dict[int, str]) -> None:
    known = {migration.version for migration in migrations}
    for version in sorted(have):
        if version not in known:
            raise EmulatorError(
                f"the database is newer than this program: {owner} is at version {max(have)}, "
                f"and migration {version:04} is not known here"
            )
    for migration in migrations:
        checksum = have.get(migration.version)
        if checksum is None and have and migration.version < max(have):
            raise EmulatorError(f"{migration.path}: came in below {max(have):04}, which was applied already")
        if checksum is not None and checksum != migration.checksum:
            raise EmulatorError(f"{migration.path}: was changed after it was applied to this database")


def _apply_one(tx: DefiningTransaction, migration: Migration, translate: Callable[[str], list[str]]) -> None:
    try:
        tx.define(translate(migration.path.read_text(encoding="utf-8")))
    except (RefusedError, ValueError) as error:
        raise EmulatorError(f"{migration.path}: {error}") from None
