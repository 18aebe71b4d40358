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
INSERT INTO events_seen (account, region, bus, event_id, at, body, matched, note, trace_id, cause, wall)
VALUES (:account, :region, :bus, :event_id, :at, :body, :matched, :note, :trace_id, :cause, :wall)

-- name: seen
SELECT bus, event_id, at, body, matched, note, trace_id, cause, region FROM events_seen
WHERE account = :account ORDER BY id DESC LIMIT :most

-- name: find_seen
SELECT bus, event_id, at, body, matched, note, trace_id, cause, region FROM events_seen
WHERE account = :account AND event_id = :event_id

-- name: forget_seen
DELETE FROM events_seen WHERE id <= (SELECT min(id) FROM events_seen) + :most AND wall < :before
