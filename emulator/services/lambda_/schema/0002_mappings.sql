-- settings: the members that were set, as JSON. enabled: what is wanted; state: what is shown.
-- running: batches at the function. held, held_bytes: records that wait for their batching window, which ends at flush.
CREATE TABLE lambda_mappings (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    uuid TEXT NOT NULL,
    function_arn TEXT NOT NULL,
    source TEXT NOT NULL,
    settings TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    state TEXT NOT NULL,
    modified BIGINT NOT NULL,
    tags TEXT NOT NULL,
    running INTEGER NOT NULL DEFAULT 0,
    held INTEGER NOT NULL DEFAULT 0,
    held_bytes BIGINT NOT NULL DEFAULT 0,
    flush BIGINT
);
CREATE UNIQUE INDEX lambda_mappings_uuid ON lambda_mappings (account, region, uuid);

-- A message that was received and not yet given to the function. record: as the function gets it.
CREATE TABLE lambda_held (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    mapping TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX lambda_held_mapping ON lambda_held (mapping, id);
