-- name: find_function
SELECT name, version, settings, code_sha256, code_size, folder, location, worker_key, revision, modified, tags,
    reserved, last_version
FROM lambda_functions
WHERE account = :account AND region = :region AND name = :name AND version = :version

-- name: functions
SELECT name, version, settings, code_sha256, code_size, folder, location, worker_key, revision, modified, tags,
    reserved, last_version
FROM lambda_functions
WHERE account = :account AND region = :region AND version = '$LATEST' AND name > :after
ORDER BY name LIMIT :most

-- name: all_versions
SELECT name, version, settings, code_sha256, code_size, folder, location, worker_key, revision, modified, tags,
    reserved, last_version
FROM lambda_functions
WHERE account = :account AND region = :region
ORDER BY name, ordinal

-- name: versions
SELECT name, version, settings, code_sha256, code_size, folder, location, worker_key, revision, modified, tags,
    reserved, last_version
FROM lambda_functions
WHERE account = :account AND region = :region AND name = :name AND ordinal > :after
ORDER BY ordinal LIMIT :most

-- name: add_function
INSERT INTO lambda_functions (account, region, name, version, ordinal, settings, code_sha256, code_size, folder,
    location, worker_key, revision, modified, tags)
VALUES (:account, :region, :name, :version, :ordinal, :settings, :code_sha256, :code_size, :folder, :location,
    :worker_key, :revision, :modified, :tags)

-- name: put_settings
UPDATE lambda_functions
SET settings = :settings, worker_key = :worker_key, revision = :revision, modified = :modified
WHERE account = :account AND region = :region AND name = :name AND version = '$LATEST'

-- name: put_code
UPDATE lambda_functions
SET settings = :settings, code_sha256 = :code_sha256, code_size = :code_size, folder = :folder,
    location = :location, worker_key = :worker_key, revision = :revision, modified = :modified
WHERE account = :account AND region = :region AND name = :name AND version = '$LATEST'

-- name: next_version
UPDATE lambda_functions SET last_version = last_version + 1, revision = :revision
WHERE account = :account AND region = :region AND name = :name AND version = '$LATEST'
RETURNING last_version

-- name: put_tags
UPDATE lambda_functions SET tags = :tags
WHERE account = :account AND region = :region AND name = :name AND version = '$LATEST'

-- name: put_reserved
UPDATE lambda_functions SET reserved = :reserved
WHERE account = :account AND region = :region AND name = :name AND version = '$LATEST'

-- name: reserved_elsewhere
SELECT coalesce(sum(reserved), 0) AS reserved FROM lambda_functions
WHERE account = :account AND region = :region AND version = '$LATEST' AND name <> :name

-- name: usage
SELECT count(DISTINCT name) AS functions, coalesce(sum(code_size), 0) AS bytes FROM lambda_functions
WHERE account = :account AND region = :region

-- name: remove_version
DELETE FROM lambda_functions
WHERE account = :account AND region = :region AND name = :name AND version = :version

-- name: remove_function
DELETE FROM lambda_functions WHERE account = :account AND region = :region AND name = :name

-- name: remove_aliases
DELETE FROM lambda_aliases WHERE account = :account AND region = :region AND function = :name

-- name: remove_policies
DELETE FROM lambda_policies WHERE account = :account AND region = :region AND function = :name

-- name: remove_event_configs
DELETE FROM lambda_event_configs WHERE account = :account AND region = :region AND function = :name

-- name: find_alias
SELECT name, version, description, weights, revision FROM lambda_aliases
WHERE account = :account AND region = :region AND function = :function AND name = :name

-- name: aliases
SELECT name, version, description, weights, revision FROM lambda_aliases
WHERE account = :account AND region = :region AND function = :function AND name > :after
ORDER BY name

-- name: put_alias
INSERT INTO lambda_aliases (account, region, function, name, version, description, weights, revision)
VALUES (:account, :region, :function, :name, :version, :description, :weights, :revision)
ON CONFLICT (account, region, function, name) DO UPDATE SET version = excluded.version,
    description = excluded.description, weights = excluded.weights, revision = excluded.revision

-- name: remove_alias
DELETE FROM lambda_aliases
WHERE account = :account AND region = :region AND function = :function AND name = :name

-- name: find_policy
SELECT statements, revision FROM lambda_policies
WHERE account = :account AND region = :region AND function = :function AND qualifier = :qualifier

-- name: put_policy
INSERT INTO lambda_policies (account, region, function, qualifier, statements, revision)
VALUES (:account, :region, :function, :qualifier, :statements, :revision)
ON CONFLICT (account, region, function, qualifier) DO UPDATE SET statements = excluded.statements,
    revision = excluded.revision

-- name: remove_policy
DELETE FROM lambda_policies
WHERE account = :account AND region = :region AND function = :function AND qualifier = :qualifier

-- name: find_event_config
SELECT qualifier, settings, modified FROM lambda_event_configs
WHERE account = :account AND region = :region AND function = :function AND qualifier = :qualifier

-- name: event_configs
SELECT qualifier, settings, modified FROM lambda_event_configs
WHERE account = :account AND region = :region AND function = :function AND qualifier > :after
ORDER BY qualifier

-- name: put_event_config
INSERT INTO lambda_event_configs (account, region, function, qualifier, settings, modified)
VALUES (:account, :region, :function, :qualifier, :settings, :modified)
ON CONFLICT (account, region, function, qualifier) DO UPDATE SET settings = excluded.settings,
    modified = excluded.modified

-- name: remove_event_config
DELETE FROM lambda_event_configs
WHERE account = :account AND region = :region AND function = :function AND qualifier = :qualifier

-- name: keep_answer
INSERT INTO lambda_answers (id, account, region, answer, ended)
VALUES (:id, :account, :region, :answer, :ended)

-- name: take_answer
DELETE FROM lambda_answers WHERE id = :id RETURNING answer

-- name: forget_answers
DELETE FROM lambda_answers WHERE ended < :before

-- name: add_mapping
INSERT INTO lambda_mappings (account, region, uuid, function_arn, source, settings, enabled, state, modified)
VALUES (:account, :region, :uuid, :function_arn, :source, :settings, :enabled, :state, :modified)

-- name: find_mapping
SELECT id, uuid, function_arn, source, settings, enabled, state, modified, running, held, held_bytes, flush
FROM lambda_mappings
WHERE account = :account AND region = :region AND uuid = :uuid

-- name: find_same_mapping
SELECT uuid FROM lambda_mappings
WHERE account = :account AND region = :region AND source = :source AND function_arn = :function_arn

-- name: mappings
SELECT id, uuid, function_arn, source, settings, enabled, state, modified FROM lambda_mappings
WHERE account = :account AND region = :region AND id > :after
ORDER BY id

-- name: put_mapping
UPDATE lambda_mappings
SET function_arn = :function_arn, settings = :settings, enabled = :enabled, state = :state, modified = :modified
WHERE account = :account AND region = :region AND uuid = :uuid

-- name: put_mapping_state
UPDATE lambda_mappings SET state = :state WHERE account = :account AND region = :region AND uuid = :uuid

-- name: count_running
UPDATE lambda_mappings SET running = running + :more
WHERE account = :account AND region = :region AND uuid = :uuid

-- name: put_held
UPDATE lambda_mappings SET held = :held, held_bytes = :held_bytes, flush = :flush
WHERE account = :account AND region = :region AND uuid = :uuid

-- name: remove_mapping
DELETE FROM lambda_mappings WHERE account = :account AND region = :region AND uuid = :uuid

-- name: hold_record
INSERT INTO lambda_held (account, region, mapping, record) VALUES (:account, :region, :mapping, :record)

-- name: held_records
SELECT id, record FROM lambda_held WHERE mapping = :mapping ORDER BY id LIMIT :most

-- name: release_records
DELETE FROM lambda_held WHERE mapping = :mapping AND id <= :last

-- name: forget_records
DELETE FROM lambda_held WHERE mapping = :mapping
