"""The tables that stores are tried on: notes on shelves and the like, and what is asked of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.storage import Queries, Store, Transaction

NOTES = """
CREATE TABLE notes (
    id SERIAL, shelf TEXT NOT NULL, body TEXT, taken BIGINT NOT NULL DEFAULT 0, raw BLOB, xid XID
);
CREATE TABLE tickets (id SERIAL, holder TEXT NOT NULL);
CREATE UNIQUE INDEX tickets_holder ON tickets (holder);
CREATE TABLE records (id ORDINAL, what TEXT NOT NULL);
CREATE TABLE labels (name TEXT NOT NULL PRIMARY KEY, weight BIGINT NOT NULL);
"""
QUERIES = """
-- name: add
INSERT INTO notes (shelf, body) VALUES (:shelf, :body)
-- name: add_returning
INSERT INTO notes (shelf, body) VALUES (:shelf, :body) RETURNING id, body
-- name: add_raw
INSERT INTO notes (shelf, raw) VALUES (:shelf, :raw)
-- name: remove
DELETE FROM notes WHERE id = :id
-- name: bodies
SELECT body FROM notes WHERE shelf = :shelf ORDER BY id
-- name: count
SELECT count(*) AS number, sum(taken) AS taken FROM notes
-- name: claim
UPDATE notes SET taken = :by WHERE id IN (
    SELECT id FROM notes WHERE taken = 0 ORDER BY id LIMIT :most /* skip locked */) RETURNING id
-- name: settled
SELECT xid, id, body FROM notes WHERE (xid, id) > (:xid, :id) /* settled: xid */ ORDER BY xid, id
-- name: raw
SELECT raw FROM notes WHERE shelf = :shelf
-- name: ticket
INSERT INTO tickets (holder) VALUES (:holder) ON CONFLICT (holder) DO NOTHING RETURNING id
-- name: tickets
SELECT id, holder FROM tickets ORDER BY id
-- name: record
INSERT INTO records (what) VALUES (:what)
-- name: records
SELECT id, what FROM records ORDER BY id DESC
-- name: label
INSERT INTO labels (name, weight) VALUES (:name, :weight)
-- name: weigh
UPDATE labels SET weight = :weight WHERE name = :name
-- name: beginning
SELECT substr(name, 1, :length) AS first, substr(name, :from) AS rest FROM labels
-- name: weight
SELECT weight FROM labels WHERE name = :name
-- name: names
SELECT name FROM labels WHERE name LIKE :like ESCAPE '!' ORDER BY name
-- name: heavier
SELECT greatest(weight, :least, NULL) AS weight, '100%' AS share FROM labels WHERE name = :name
-- name: among
SELECT name, weight FROM labels WHERE name IN (:names...) AND weight IN (:weights...) ORDER BY name
-- name: unlabel
DELETE FROM labels WHERE name IN (:names...)
-- name: wrong
SELECT nothing FROM nowhere
"""

Together = Callable[..., list[Any]]
"""The fixture `together`."""


def adds(sql: Queries, body: str, shelf: str = "a") -> Callable[[Transaction], int]:
    """A unit that writes a note."""
    return lambda tx: tx.execute(sql.add, shelf=shelf, body=body)


def bodies(store: Store, sql: Queries, shelf: str = "a") -> list[str]:
    """What is written on a shelf, the oldest first."""
    return [row["body"] for row in store.run(lambda tx: tx.all(sql.bodies, shelf=shelf))]
