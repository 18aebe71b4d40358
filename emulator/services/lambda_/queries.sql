-- name: find_function
SELECT name, version, settings, code_sha256, code_size, folder, location, worker_key, revision, modified, tags,
    reserved, last_version, recursive_loop
FROM lambda_functions
WHERE account = :account AND region = :region AND name = :name AND version = :version

-- name: functions
SELECT name, version, settings, code_sha256, code_size, folder, location, worker_key, revision, modified, tags,
    reserved, last_version, recursive_loop
FROM lambda_functions
WHERE account = :account AND region = :region AND version = '$LATEST' AND name > :after
ORDER BY name LIMIT :most

-- name: all_versions
SELECT name, version, settings, code_sha256, code_size, folder, location, worker_key, revision, modified, tags,
    reserved, last_version, recursive_loop
FROM lambda_functions
WHERE account = :account AND region = :region
ORDER BY name, ordinal

-- name: versions
SELECT name, version, ordinal, settings, code_sha256, code_size, folder, location, worker_key, revision, modified, tags,
    reserved, last_version, recursive_loop
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
UPDATE lambda_functions SET tags = :tags, revision = :revision
WHERE account = :account AND region = :region AND name = :name AND version = '$LATEST'

-- name: put_reserved
UPDATE lambda_functions SET reserved = :reserved
WHERE account = :account AND region = :region AND name = :name AND version = '$LATEST'

-- name: put_recursive_loop
UPDATE lambda_functions SET recursive_loop = :recursive_loop
WHERE account = :account AND region = :region AND name = :name AND version = '$LATEST'

-- name: lock_function
UPDATE lambda_functions SET reserved = reserved
WHERE account = :account AND region = :region AND name = :name AND version = '$LATEST'

-- name: running
SELECT version, count(*) AS running FROM lambda_running
WHERE account = :account AND region = :region AND function = :name
GROUP BY version

-- name: add_running
INSERT INTO lambda_running (item, account, region, function, version)
VALUES (:item, :account, :region, :name, :version)

-- name: remove_running
DELETE FROM lambda_running WHERE item = :item

-- name: remove_every_running
DELETE FROM lambda_running WHERE account = :account AND region = :region AND function = :name

-- name: reserved_elsewhere
SELECT coalesce(sum(reserved), 0) AS reserved FROM lambda_functions
WHERE account = :account AND region = :region AND version = '$LATEST' AND name <> :name

-- name: usage
SELECT count(DISTINCT name) AS functions, coalesce(sum(code_size), 0) + (
        SELECT coalesce(sum(code_size), 0) FROM lambda_layer_versions
        WHERE account = :account AND region = :region AND deleted = 0
    ) AS bytes
FROM lambda_functions
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
INSERT INTO lambda_mappings (account, region, uuid, function_arn, source, settings, enabled, state, modified,
    tags)
VALUES (:account, :region, :uuid, :function_arn, :source, :settings, :enabled, :state, :modified, :tags)

-- name: find_mapping
SELECT id, uuid, function_arn, source, settings, enabled, state, modified, tags, running, held, held_bytes, flush
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

-- name: put_mapping_tags
UPDATE lambda_mappings SET tags = :tags WHERE account = :account AND region = :region AND uuid = :uuid

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

-- name: next_layer_version
INSERT INTO lambda_layers (account, region, name, last_version) VALUES (:account, :region, :name, 1)
ON CONFLICT (account, region, name) DO UPDATE SET last_version = lambda_layers.last_version + 1
RETURNING last_version

-- name: add_layer_version
INSERT INTO lambda_layer_versions (account, region, name, version, settings, code_sha256, code_size, folder, location,
    created)
VALUES (:account, :region, :name, :version, :settings, :code_sha256, :code_size, :folder, :location, :created)

-- name: find_layer_version
SELECT name, version, settings, code_sha256, code_size, folder, location, created, deleted, statements, revision
FROM lambda_layer_versions
WHERE account = :account AND region = :region AND name = :name AND version = :version

-- name: layer_versions
SELECT name, version, settings, code_sha256, code_size, folder, location, created, deleted, statements, revision
FROM lambda_layer_versions
WHERE account = :account AND region = :region AND name = :name AND deleted = 0 AND version < :before
ORDER BY version DESC

-- name: layers
SELECT name, version, settings, code_sha256, code_size, folder, location, created, deleted, statements, revision
FROM lambda_layer_versions
WHERE account = :account AND region = :region AND deleted = 0 AND name > :after
ORDER BY name, version DESC

-- name: delete_layer_version
UPDATE lambda_layer_versions SET deleted = 1
WHERE account = :account AND region = :region AND name = :name AND version = :version

-- name: put_layer_policy
UPDATE lambda_layer_versions SET statements = :statements, revision = :revision
WHERE account = :account AND region = :region AND name = :name AND version = :version

-- name: find_provisioned
SELECT qualifier, requested, modified FROM lambda_provisioned
WHERE account = :account AND region = :region AND function = :function AND qualifier = :qualifier

-- name: provisioned
SELECT qualifier, requested, modified FROM lambda_provisioned
WHERE account = :account AND region = :region AND function = :function
ORDER BY qualifier

-- name: provisioned_elsewhere
SELECT coalesce(sum(p.requested), 0) AS requested
FROM lambda_provisioned p JOIN lambda_functions f
    ON f.account = p.account AND f.region = p.region AND f.name = p.function AND f.version = '$LATEST'
WHERE p.account = :account AND p.region = :region AND f.reserved IS NULL
    AND (p.function <> :function OR p.qualifier <> :qualifier)

-- name: put_provisioned
INSERT INTO lambda_provisioned (account, region, function, qualifier, requested, modified)
VALUES (:account, :region, :function, :qualifier, :requested, :modified)
ON CONFLICT (account, region, function, qualifier) DO UPDATE SET requested = excluded.requested,
    modified = excluded.modified

-- name: remove_provisioned
DELETE FROM lambda_provisioned
WHERE account = :account AND region = :region AND function = :function AND qualifier = :qualifier

-- name: remove_every_provisioned
DELETE FROM lambda_provisioned WHERE account = :account AND region = :region AND function = :name

-- name: find_url
SELECT qualifier, settings, created, modified FROM lambda_urls
WHERE account = :account AND region = :region AND function = :function AND qualifier = :qualifier

-- name: urls
SELECT qualifier, settings, created, modified FROM lambda_urls
WHERE account = :account AND region = :region AND function = :function
ORDER BY qualifier

-- name: put_url
INSERT INTO lambda_urls (account, region, function, qualifier, settings, created, modified)
VALUES (:account, :region, :function, :qualifier, :settings, :now, :now)
ON CONFLICT (account, region, function, qualifier) DO UPDATE SET settings = excluded.settings,
    modified = excluded.modified

-- name: remove_url
DELETE FROM lambda_urls
WHERE account = :account AND region = :region AND function = :function AND qualifier = :qualifier

-- name: remove_urls
DELETE FROM lambda_urls WHERE account = :account AND region = :region AND function = :name

-- name: touch_code
INSERT INTO lambda_code (folder) VALUES (:folder) ON CONFLICT (folder) DO UPDATE SET folder = excluded.folder

-- name: find_use_of_code
SELECT folder FROM lambda_functions WHERE folder = :folder
UNION ALL
SELECT folder FROM lambda_layer_versions WHERE folder = :folder
LIMIT 1

-- name: remove_code
DELETE FROM lambda_code WHERE folder = :folder

-- name: all_of_function
SELECT version, folder, worker_key, settings FROM lambda_functions
WHERE account = :account AND region = :region AND name = :name

-- name: find_use_of_layer
SELECT name FROM lambda_functions WHERE settings LIKE :arn LIMIT 1

-- name: remove_layer_version
DELETE FROM lambda_layer_versions
WHERE account = :account AND region = :region AND name = :name AND version = :version AND deleted = 1
RETURNING folder
