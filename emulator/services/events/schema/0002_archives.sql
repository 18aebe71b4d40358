-- The events of a bus that an archive's pattern lets in. `retention` is days, 0 for ever.
CREATE TABLE events_archives (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    bus TEXT NOT NULL,
    description TEXT,
    pattern TEXT,
    retention BIGINT NOT NULL,
    created BIGINT NOT NULL
);
CREATE UNIQUE INDEX events_archives_name ON events_archives (account, region, name);
CREATE INDEX events_archives_bus ON events_archives (account, region, bus);

-- `at` is the event's own time, by which replays choose; `kept` when it came in, from which retention counts.
CREATE TABLE events_archived (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    archive BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX events_archived_at ON events_archived (archive, at, id);
CREATE INDEX events_archived_kept ON events_archived (archive, kept);

-- `last_at` and `last_id` are the event that was replayed last.
CREATE TABLE events_replays (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    archive TEXT NOT NULL,
    bus TEXT NOT NULL,
    description TEXT,
    destination TEXT NOT NULL,
    from_time BIGINT NOT NULL,
    until_time BIGINT NOT NULL,
    state TEXT NOT NULL,
    started BIGINT NOT NULL,
    ended BIGINT,
    last_at BIGINT,
    last_id BIGINT,
    PRIMARY KEY (account, region, name)
);
