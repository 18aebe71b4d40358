-- `auth` is AuthParameters as given, secrets and all; `token` what an OAuth endpoint gave for them.
CREATE TABLE events_connections (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    secret TEXT NOT NULL,
    description TEXT,
    kind TEXT NOT NULL,
    auth TEXT NOT NULL,
    token TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    created BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    authorized BIGINT NOT NULL,
    PRIMARY KEY (account, region, name)
);

CREATE TABLE events_api_destinations (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    description TEXT,
    connection_arn TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    method TEXT NOT NULL,
    rate BIGINT NOT NULL,
    created BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (account, region, name)
);
