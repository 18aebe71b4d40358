-- One row per version, '$LATEST' included. What is the function's is of '$LATEST' alone: tags, reserved, last_version,
-- recursive_loop.
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
    recursive_loop TEXT NOT NULL DEFAULT 'Terminate',
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

-- What is kept of a layer beyond its versions: numbers are not given twice.
CREATE TABLE lambda_layers (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    last_version INTEGER NOT NULL,
    PRIMARY KEY (account, region, name)
);

-- settings: what the publisher said, as JSON. deleted: functions that have it keep it.
CREATE TABLE lambda_layer_versions (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    settings TEXT NOT NULL,
    code_sha256 TEXT NOT NULL,
    code_size BIGINT NOT NULL,
    folder TEXT NOT NULL,
    location TEXT NOT NULL,
    created BIGINT NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    statements TEXT NOT NULL DEFAULT '[]',
    revision TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (account, region, name, version)
);

-- qualifier: '' for the function itself.
CREATE TABLE lambda_urls (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    function TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    settings TEXT NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (account, region, function, qualifier)
);

-- Invocations in hand of functions with reserved concurrency; item: of work.
CREATE TABLE lambda_running (
    item BIGINT PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    function TEXT NOT NULL,
    version TEXT NOT NULL
);
CREATE INDEX lambda_running_function ON lambda_running (account, region, function);

CREATE TABLE lambda_provisioned (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    function TEXT NOT NULL,
    qualifier TEXT NOT NULL,
    requested INTEGER NOT NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (account, region, function, qualifier)
);

-- Folders of unpacked code: who deploys to one or removes it locks its row.
CREATE TABLE lambda_code (
    folder TEXT PRIMARY KEY
);
