-- One row per version, '$LATEST' included. tags, reserved and last_version are the function's: of '$LATEST' alone.
-- settings: the configuration as JSON. worker_key: changes with code and configuration.
CREATE TABLE lambda_functions (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    settings TEXT NOT NULL,
    code_sha256 TEXT NOT NULL,
    code_size BIGINT NOT NULL,
    folder TEXT NOT NULL,
    location TEXT NOT NULL,
    worker_key TEXT NOT NULL,
    revision TEXT NOT NULL,
    modified BIGINT NOT NULL,
    tags TEXT NOT NULL,
    reserved INTEGER,
    last_version INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (account, region, name, version)
);

CREATE TABLE lambda_aliases (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    function TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    description TEXT NOT NULL,
    weights TEXT NOT NULL,
    revision TEXT NOT NULL,
    PRIMARY KEY (account, region, function, name)
);

-- qualifier: '' for the function itself.
CREATE TABLE lambda_policies (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    function TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    statements TEXT NOT NULL,
    revision TEXT NOT NULL,
    PRIMARY KEY (account, region, function, qualifier)
);

CREATE TABLE lambda_event_configs (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    function TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    settings TEXT NOT NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (account, region, function, qualifier)
);

-- How a synchronous invocation ended, until its caller has fetched it: where several processes share the store.
CREATE TABLE lambda_answers (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    answer TEXT NOT NULL,
    ended BIGINT NOT NULL
);
CREATE INDEX lambda_answers_ended ON lambda_answers (ended);
