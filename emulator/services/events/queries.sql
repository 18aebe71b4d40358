-- name: add_bus
INSERT INTO events_buses (account, region, name, description, policy, tags, created, changed)
VALUES (:account, :region, :name, :description, NULL, :tags, :now, :now)

-- name: find_bus
SELECT name, description, policy, tags, created, changed FROM events_buses
WHERE account = :account AND region = :region AND name = :name

-- name: buses
SELECT name, description, policy, tags, created, changed FROM events_buses
WHERE account = :account AND region = :region AND name > :after ORDER BY name

-- name: put_policy
INSERT INTO events_buses (account, region, name, description, policy, tags, created, changed)
VALUES (:account, :region, :name, NULL, :policy, '[]', :now, :now)
ON CONFLICT (account, region, name) DO UPDATE SET policy = excluded.policy, changed = excluded.changed

-- name: describe_bus
INSERT INTO events_buses (account, region, name, description, policy, tags, created, changed)
VALUES (:account, :region, :name, :description, NULL, '[]', :now, :now)
ON CONFLICT (account, region, name) DO UPDATE SET description = excluded.description, changed = excluded.changed

-- name: tag_bus
INSERT INTO events_buses (account, region, name, description, policy, tags, created, changed)
VALUES (:account, :region, :name, NULL, NULL, :tags, :now, :now)
ON CONFLICT (account, region, name) DO UPDATE SET tags = excluded.tags

-- name: remove_bus
DELETE FROM events_buses WHERE account = :account AND region = :region AND name = :name

-- name: version
SELECT version FROM events_versions WHERE account = :account AND region = :region AND bus = :bus

-- name: next_version
INSERT INTO events_versions (account, region, bus, version) VALUES (:account, :region, :bus, 1)
ON CONFLICT (account, region, bus) DO UPDATE SET version = events_versions.version + 1

-- name: put_rule
-- A rate counts from the moment at which it was given.
INSERT INTO events_rules (account, region, bus, name, pattern, schedule, state, description, role_arn, tags, created)
VALUES (:account, :region, :bus, :name, :pattern, :schedule, :state, :description, :role_arn, :tags, :now)
ON CONFLICT (account, region, bus, name) DO UPDATE SET pattern = excluded.pattern, schedule = excluded.schedule,
    state = excluded.state, description = excluded.description, role_arn = excluded.role_arn,
    created = CASE WHEN events_rules.schedule = excluded.schedule THEN events_rules.created ELSE excluded.created END

-- name: find_rule
SELECT name, bus, pattern, schedule, state, description, role_arn, tags, created FROM events_rules
WHERE account = :account AND region = :region AND bus = :bus AND name = :name

-- name: rules
SELECT name, bus, pattern, schedule, state, description, role_arn, tags, created FROM events_rules
WHERE account = :account AND region = :region AND bus = :bus AND name > :after ORDER BY name

-- name: set_state
UPDATE events_rules SET state = :state
WHERE account = :account AND region = :region AND bus = :bus AND name = :name

-- name: tag_rule
UPDATE events_rules SET tags = :tags WHERE account = :account AND region = :region AND bus = :bus AND name = :name

-- name: remove_rule
DELETE FROM events_rules WHERE account = :account AND region = :region AND bus = :bus AND name = :name

-- name: put_target
INSERT INTO events_targets (account, region, bus, rule, id, arn, body)
VALUES (:account, :region, :bus, :rule, :id, :arn, :body)
ON CONFLICT (account, region, bus, rule, id) DO UPDATE SET arn = excluded.arn, body = excluded.body

-- name: targets
SELECT id, arn, body FROM events_targets
WHERE account = :account AND region = :region AND bus = :bus AND rule = :rule ORDER BY id

-- name: targets_of_bus
SELECT rule, id, body FROM events_targets
WHERE account = :account AND region = :region AND bus = :bus ORDER BY rule, id

-- name: rules_of_target
SELECT DISTINCT rule FROM events_targets
WHERE account = :account AND region = :region AND bus = :bus AND arn = :arn ORDER BY rule

-- name: remove_target
DELETE FROM events_targets
WHERE account = :account AND region = :region AND bus = :bus AND rule = :rule AND id = :id

-- name: see
INSERT INTO events_seen (account, region, bus, event_ids, at, bodies, matched, notes, trace_id, cause, wall)
VALUES (:account, :region, :bus, :event_ids, :at, :bodies, :matched, :notes, :trace_id, :cause, :wall)

-- name: seen
SELECT bus, event_ids, at, bodies, matched, notes, trace_id, cause, region, wall FROM events_seen
WHERE account = :account ORDER BY id DESC LIMIT :most

-- name: find_seen
SELECT bus, event_ids, at, bodies, matched, notes, trace_id, cause, region, wall FROM events_seen
WHERE account = :account AND CAST(:line AS TEXT) || event_ids || CAST(:line AS TEXT) LIKE :like ESCAPE '!' LIMIT 1

-- name: forget_seen
DELETE FROM events_seen WHERE id <= (SELECT min(id) FROM events_seen) + :most AND wall < :before

-- name: add_archive
INSERT INTO events_archives (account, region, name, bus, description, pattern, retention, created)
VALUES (:account, :region, :name, :bus, :description, :pattern, :retention, :now)

-- name: change_archive
UPDATE events_archives SET description = :description, pattern = :pattern, retention = :retention
WHERE account = :account AND region = :region AND name = :name

-- name: find_archive
SELECT id, name, bus, description, pattern, retention, created FROM events_archives
WHERE account = :account AND region = :region AND name = :name

-- name: archives
SELECT id, name, bus, description, pattern, retention, created FROM events_archives
WHERE account = :account AND region = :region AND name > :after ORDER BY name

-- name: archives_of_bus
SELECT id, pattern, retention FROM events_archives
WHERE account = :account AND region = :region AND bus = :bus ORDER BY name

-- name: remove_archive
DELETE FROM events_archives WHERE id = :id

-- name: archive_event
INSERT INTO events_archived (account, region, archive, at, kept, bytes, body)
VALUES (:account, :region, :archive, :at, :kept, :bytes, :body)

-- name: count_archived
SELECT count(*) AS every, coalesce(sum(bytes), 0) AS bytes FROM events_archived
WHERE archive = :archive AND kept > :oldest

-- name: forget_archived
DELETE FROM events_archived WHERE id IN (
    SELECT id FROM events_archived WHERE archive = :archive AND kept <= :oldest ORDER BY kept LIMIT 100
)

-- name: remove_archived
DELETE FROM events_archived WHERE id IN (
    SELECT id FROM events_archived WHERE archive = :archive ORDER BY kept LIMIT :most
)

-- name: to_replay
SELECT id, at, body FROM events_archived
WHERE archive = :archive AND kept > :oldest AND at <= :until_time
    AND (at > :last_at OR (at = :last_at AND id > :last_id))
ORDER BY at, id LIMIT :most

-- name: add_replay
INSERT INTO events_replays (account, region, name, archive, bus, description, destination, from_time, until_time,
    state, started)
VALUES (:account, :region, :name, :archive, :bus, :description, :destination, :from_time, :until_time,
    'STARTING', :now)

-- name: find_replay
SELECT name, archive, bus, description, destination, from_time, until_time, state, started, ended, last_at, last_id
FROM events_replays WHERE account = :account AND region = :region AND name = :name

-- name: replays
SELECT name, archive, bus, description, destination, from_time, until_time, state, started, ended, last_at, last_id
FROM events_replays WHERE account = :account AND region = :region AND name > :after ORDER BY name

-- name: count_active_replays
SELECT count(*) AS every FROM events_replays
WHERE account = :account AND region = :region AND state IN ('STARTING', 'RUNNING', 'CANCELLING')

-- name: set_replay
UPDATE events_replays SET state = :state, ended = :ended WHERE account = :account AND region = :region AND name = :name

-- name: replayed
UPDATE events_replays SET state = 'RUNNING', last_at = :last_at, last_id = :last_id
WHERE account = :account AND region = :region AND name = :name

-- name: put_connection
INSERT INTO events_connections (account, region, name, id, secret, description, kind, auth, state, created, changed,
    authorized)
VALUES (:account, :region, :name, :id, :secret, :description, :kind, :auth, :state, :now, :now, :now)
ON CONFLICT (account, region, name) DO UPDATE SET description = excluded.description, kind = excluded.kind,
    auth = excluded.auth, state = excluded.state, token = NULL, reason = NULL, changed = excluded.changed

-- name: find_connection
SELECT name, id, secret, description, kind, auth, token, state, reason, created, changed, authorized
FROM events_connections WHERE account = :account AND region = :region AND name = :name

-- name: connections
SELECT name, id, secret, description, kind, auth, token, state, reason, created, changed, authorized
FROM events_connections WHERE account = :account AND region = :region AND name > :after ORDER BY name

-- name: authorize
UPDATE events_connections SET state = :state, reason = :reason, token = :token, authorized = :authorized
WHERE account = :account AND region = :region AND name = :name

-- name: remove_connection
DELETE FROM events_connections WHERE account = :account AND region = :region AND name = :name

-- name: put_destination
INSERT INTO events_api_destinations (account, region, name, id, description, connection_arn, endpoint, method, rate,
    created, changed)
VALUES (:account, :region, :name, :id, :description, :connection_arn, :endpoint, :method, :rate, :now, :now)
ON CONFLICT (account, region, name) DO UPDATE SET description = excluded.description, rate = excluded.rate,
    connection_arn = excluded.connection_arn, endpoint = excluded.endpoint, method = excluded.method,
    changed = excluded.changed

-- name: find_destination
SELECT name, id, description, connection_arn, endpoint, method, rate, created, changed
FROM events_api_destinations WHERE account = :account AND region = :region AND name = :name

-- name: destinations
SELECT name, id, description, connection_arn, endpoint, method, rate, created, changed
FROM events_api_destinations WHERE account = :account AND region = :region AND name > :after ORDER BY name

-- name: remove_destination
DELETE FROM events_api_destinations WHERE account = :account AND region = :region AND name = :name
