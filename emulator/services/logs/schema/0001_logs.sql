-- metric_filters, subscriptions: how many the group has.
CREATE TABLE logs_groups (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    class TEXT NOT NULL,
    kms_key TEXT,
    retention INTEGER,
    tags TEXT NOT NULL,
    created BIGINT NOT NULL,
    metric_filters INTEGER NOT NULL DEFAULT 0,
    subscriptions INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX logs_groups_name ON logs_groups (account, region, name);

-- first, last: milliseconds of the oldest and youngest event's own time; ingested: of the last PutLogEvents.
CREATE TABLE logs_streams (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    log_group BIGINT NOT NULL,
    name TEXT NOT NULL,
    created BIGINT NOT NULL,
    first BIGINT,
    last BIGINT,
    ingested BIGINT,
    bytes BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX logs_streams_name ON logs_streams (log_group, name);

-- at, ingested: milliseconds of the account's time.
CREATE TABLE logs_events (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    log_group BIGINT NOT NULL,
    stream BIGINT NOT NULL,
    at BIGINT NOT NULL,
    ingested BIGINT NOT NULL,
    message TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    cause TEXT NOT NULL
);
CREATE INDEX logs_events_stream ON logs_events (stream, at, id);
CREATE INDEX logs_events_group ON logs_events (log_group, at, id);

-- kind: metric or subscription. settings: what Put was given, as JSON.
CREATE TABLE logs_filters (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    log_group BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (log_group, kind, name)
);

CREATE TABLE logs_policies (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (account, region, name)
);
