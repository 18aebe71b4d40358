-- name: add_group
INSERT INTO logs_groups (account, region, name, class, kms_key, tags, created)
VALUES (:account, :region, :name, :class, :kms_key, :tags, :created)

-- name: find_group
SELECT id, name, class, kms_key, retention, tags, created, metric_filters, subscriptions FROM logs_groups
WHERE account = :account AND region = :region AND name = :name

-- name: groups
SELECT id, name, class, kms_key, retention, tags, created, metric_filters, subscriptions,
    (SELECT coalesce(sum(bytes), 0) FROM logs_streams WHERE log_group = logs_groups.id) AS bytes
FROM logs_groups
WHERE account = :account AND region = :region AND name > :after
ORDER BY name

-- name: put_retention
UPDATE logs_groups SET retention = :retention WHERE id = :id

-- name: put_tags
UPDATE logs_groups SET tags = :tags WHERE id = :id

-- name: remove_group
DELETE FROM logs_groups WHERE id = :id

-- name: remove_streams_of_group
DELETE FROM logs_streams WHERE id IN (SELECT id FROM logs_streams WHERE log_group = :id LIMIT :most)

-- name: remove_events_of_group
DELETE FROM logs_events WHERE id IN (
    SELECT id FROM logs_events WHERE log_group = :id ORDER BY at, id LIMIT :most
)

-- name: remove_filters_of_group
DELETE FROM logs_filters WHERE log_group = :id

-- name: remove_old_events
DELETE FROM logs_events WHERE id IN (
    SELECT id FROM logs_events WHERE log_group = :id AND at < :before ORDER BY at, id LIMIT :most
)

-- name: add_stream
INSERT INTO logs_streams (account, region, log_group, name, created)
VALUES (:account, :region, :log_group, :name, :created)

-- name: find_stream
SELECT id, name, created, first, last, ingested, bytes FROM logs_streams
WHERE log_group = :log_group AND name = :name

-- name: find_place
SELECT s.id, s.log_group, g.retention, g.subscriptions
FROM logs_groups g JOIN logs_streams s ON s.log_group = g.id
WHERE g.account = :account AND g.region = :region AND g.name = :log_group AND s.name = :stream

-- name: streams
SELECT id, name, created, first, last, ingested, bytes FROM logs_streams
WHERE log_group = :log_group
ORDER BY name

-- name: put_use
UPDATE logs_streams SET
    first = CASE WHEN first IS NULL OR first > :first THEN :first ELSE first END,
    last = CASE WHEN last IS NULL OR last < :last THEN :last ELSE last END,
    ingested = :ingested, bytes = bytes + :bytes
WHERE id = :id

-- name: remove_stream
DELETE FROM logs_streams WHERE id = :id

-- name: remove_events_of_stream
DELETE FROM logs_events WHERE id IN (
    SELECT id FROM logs_events WHERE stream = :id ORDER BY at, id LIMIT :most
)

-- name: add_event
INSERT INTO logs_events (account, region, log_group, stream, at, ingested, message, trace_id, cause)
VALUES (:account, :region, :log_group, :stream, :at, :ingested, :message, :trace_id, :cause)

-- name: read_forward
SELECT id, at, ingested, message FROM logs_events
WHERE stream = :stream AND (at > :at OR (at = :at AND id > :id)) AND at >= :start AND at < :before
ORDER BY at, id LIMIT :most

-- name: read_backward
SELECT id, at, ingested, message FROM logs_events
WHERE stream = :stream AND (at < :at OR (at = :at AND id < :id)) AND at >= :start AND at < :before
ORDER BY at DESC, id DESC LIMIT :most

-- name: search
SELECT id, stream, at, ingested, message FROM logs_events
WHERE log_group = :log_group AND (at > :at OR (at = :at AND id > :id)) AND at >= :start AND at < :before
ORDER BY at, id LIMIT :most

-- name: put_filter
INSERT INTO logs_filters (account, region, log_group, kind, name, settings, created)
VALUES (:account, :region, :log_group, :kind, :name, :settings, :created)
ON CONFLICT (log_group, kind, name) DO UPDATE SET settings = excluded.settings

-- name: filters
SELECT name, settings, created FROM logs_filters WHERE log_group = :log_group AND kind = :kind ORDER BY name

-- name: every_filter
SELECT f.name, f.settings, f.created, g.name AS log_group
FROM logs_filters f JOIN logs_groups g ON g.id = f.log_group
WHERE f.account = :account AND f.region = :region AND f.kind = :kind
ORDER BY g.name, f.name

-- name: remove_filter
DELETE FROM logs_filters WHERE log_group = :log_group AND kind = :kind AND name = :name RETURNING name

-- name: count_filters
UPDATE logs_groups SET
    metric_filters = (SELECT count(*) FROM logs_filters WHERE log_group = :id AND kind = 'metric'),
    subscriptions = (SELECT count(*) FROM logs_filters WHERE log_group = :id AND kind = 'subscription')
WHERE id = :id

-- name: put_policy
INSERT INTO logs_policies (account, region, name, document, updated)
VALUES (:account, :region, :name, :document, :updated)
ON CONFLICT (account, region, name) DO UPDATE SET document = excluded.document, updated = excluded.updated

-- name: policies
SELECT name, document, updated FROM logs_policies WHERE account = :account AND region = :region
ORDER BY name

-- name: remove_policy
DELETE FROM logs_policies WHERE account = :account AND region = :region AND name = :name RETURNING name
