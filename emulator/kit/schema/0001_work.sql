-- Everything asynchronous is a row here, written in the transaction of its cause.
CREATE TABLE work (
    id SERIAL,
    kind TEXT NOT NULL,
    role TEXT NOT NULL,
    key TEXT,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    due BIGINT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    payload TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    cause TEXT NOT NULL,
    owner TEXT,
    started INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX work_due ON work (account, due, id) WHERE owner IS NULL;
CREATE UNIQUE INDEX work_key ON work (kind, key) WHERE key IS NOT NULL;

-- The processes of this house; what the lost ones had claimed is free again.
CREATE TABLE processes (
    name TEXT PRIMARY KEY,
    roles TEXT NOT NULL,
    seen BIGINT NOT NULL
);

-- How the emulated time of an account follows from wall time (see emulator/clock.py).
CREATE TABLE accounts (
    account TEXT PRIMARY KEY,
    mode TEXT NOT NULL,
    scale REAL NOT NULL,
    wall_anchor BIGINT NOT NULL,
    anchor BIGINT NOT NULL
);

-- Every attempt of a delivery with its result, kept for an hour at least.
CREATE TABLE attempts (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    cause TEXT NOT NULL,
    target TEXT NOT NULL,
    at BIGINT NOT NULL,
    attempt INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    error_code TEXT,
    error_message TEXT,
    wall BIGINT NOT NULL
);
