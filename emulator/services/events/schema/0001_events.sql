CREATE TABLE events_buses (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    policy TEXT,
    tags TEXT NOT NULL,
    created BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (account, region, name)
);

-- `version` of a bus grows with each change of its rules or targets: what a process remembers of them is old then.
CREATE TABLE events_versions (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    bus TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (account, region, bus)
);

CREATE TABLE events_rules (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    bus TEXT NOT NULL,
    name TEXT NOT NULL,
    pattern TEXT,
    schedule TEXT,
    state TEXT NOT NULL,
    description TEXT,
    role_arn TEXT,
    tags TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (account, region, bus, name)
);

CREATE TABLE events_targets (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    bus TEXT NOT NULL,
    rule TEXT NOT NULL,
    id TEXT NOT NULL,
    arn TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, region, bus, rule, id)
);
CREATE INDEX events_targets_arn ON events_targets (account, region, bus, arn);

-- What was put on a bus in the last hour of wall time, and which rules took it.
CREATE TABLE events_seen (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    bus TEXT NOT NULL,
    event_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    matched TEXT NOT NULL,
    note TEXT,
    trace_id TEXT NOT NULL,
    cause TEXT NOT NULL,
    wall BIGINT NOT NULL
);
