-- Definitions are kept once each, by the hash of their text: an execution runs the one it started with.
CREATE TABLE sfn_definitions (
    hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE sfn_machines (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    definition TEXT NOT NULL,
    role_arn TEXT NOT NULL,
    revision TEXT NOT NULL,
    logging TEXT,
    tracing TEXT,
    encryption TEXT,
    tags TEXT NOT NULL,
    published INTEGER NOT NULL,
    created BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    UNIQUE (account, region, name)
);

CREATE TABLE sfn_versions (
    machine BIGINT NOT NULL,
    number INTEGER NOT NULL,
    definition TEXT NOT NULL,
    role_arn TEXT NOT NULL,
    revision TEXT NOT NULL,
    description TEXT,
    created BIGINT NOT NULL,
    PRIMARY KEY (machine, number)
);

CREATE TABLE sfn_aliases (
    machine BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    routing TEXT NOT NULL,
    created BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (machine, name)
);

CREATE TABLE sfn_executions (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    machine TEXT NOT NULL,
    machine_arn TEXT NOT NULL,
    name TEXT NOT NULL,
    arn TEXT NOT NULL,
    kind TEXT NOT NULL,
    definition TEXT NOT NULL,
    revision TEXT NOT NULL,
    role_arn TEXT NOT NULL,
    status TEXT NOT NULL,
    started BIGINT NOT NULL,
    stopped BIGINT,
    input TEXT NOT NULL,
    output TEXT,
    error TEXT,
    cause TEXT,
    seed BIGINT NOT NULL,
    reply TEXT,
    parent TEXT,
    sync INTEGER NOT NULL,
    version_arn TEXT,
    alias_arn TEXT,
    redrives INTEGER NOT NULL,
    redriven BIGINT,
    redrive_token TEXT,
    resume TEXT,
    logging TEXT,
    mocks TEXT,
    invocations TEXT,
    map_run BIGINT,
    items INTEGER NOT NULL DEFAULT 0,
    trace_header TEXT,
    trace_id TEXT NOT NULL,
    caused_by TEXT NOT NULL
);
CREATE UNIQUE INDEX sfn_executions_arn ON sfn_executions (arn);
CREATE INDEX sfn_executions_machine ON sfn_executions (machine_arn, id) WHERE map_run IS NULL;
-- The attempt of a task that waits for a nested execution: `<execution>/<task>/<attempt>`.
CREATE INDEX sfn_executions_parent ON sfn_executions (parent) WHERE parent IS NOT NULL;
-- The children of a Map Run, in the order of their items; by status as well.
CREATE INDEX sfn_executions_map_run ON sfn_executions (map_run, id) WHERE map_run IS NOT NULL;
CREATE INDEX sfn_executions_of_status ON sfn_executions (map_run, status, id) WHERE map_run IS NOT NULL;

-- `plan` and `items` are what the engine asked for (languages/asl/effects), `state` how far the run is
-- (work/map_rows), both JSON; `task` and `attempt` are the parent's, who waits for the end.
CREATE TABLE sfn_map_runs (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    execution BIGINT NOT NULL,
    execution_arn TEXT NOT NULL,
    machine_arn TEXT NOT NULL,
    task TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    arn TEXT NOT NULL,
    status TEXT NOT NULL,
    started BIGINT NOT NULL,
    stopped BIGINT,
    concurrency INTEGER NOT NULL,
    tolerated_count BIGINT,
    tolerated_percentage REAL,
    redrives INTEGER NOT NULL,
    redriven BIGINT,
    plan TEXT NOT NULL,
    items TEXT,
    state TEXT NOT NULL
);
CREATE UNIQUE INDEX sfn_map_runs_arn ON sfn_map_runs (arn);
CREATE INDEX sfn_map_runs_execution ON sfn_map_runs (execution, id);

-- What an execution is between two events: `` holds the top, every other row a frame (languages/asl).
CREATE TABLE sfn_frames (
    execution BIGINT NOT NULL,
    frame TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (execution, frame)
);

-- History in segments, one a burst: the events `first` to `last` as JSON, compressed.
CREATE TABLE sfn_history (
    execution BIGINT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (execution, first)
);

CREATE TABLE sfn_tokens (
    token TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    execution BIGINT NOT NULL,
    task TEXT NOT NULL,
    attempt INTEGER NOT NULL
);
CREATE INDEX sfn_tokens_execution ON sfn_tokens (execution);

CREATE TABLE sfn_activities (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    tags TEXT NOT NULL,
    created BIGINT NOT NULL,
    UNIQUE (account, region, name)
);

-- Tasks that no worker has taken yet.
CREATE TABLE sfn_activity_tasks (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    activity TEXT NOT NULL,
    execution BIGINT NOT NULL,
    task TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    token TEXT NOT NULL,
    input TEXT NOT NULL
);
CREATE INDEX sfn_activity_tasks_activity ON sfn_activity_tasks (activity, id);
CREATE INDEX sfn_activity_tasks_execution ON sfn_activity_tasks (execution, task);

-- Mock configurations (languages/asl/mocks); the one of the account `` is for all accounts and regions.
CREATE TABLE sfn_mock_configurations (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, region)
);

-- States that are tested by themselves, while they wait for a service: its answer as JSON.
CREATE TABLE sfn_trials (
    id BIGINT PRIMARY KEY,
    event TEXT
);
