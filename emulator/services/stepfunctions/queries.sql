-- name: put_definition
INSERT INTO sfn_definitions (hash, kind, body) VALUES (:hash, :kind, :body) ON CONFLICT (hash) DO NOTHING

-- name: definition
SELECT kind, body FROM sfn_definitions WHERE hash = :hash

-- name: add_machine
INSERT INTO sfn_machines (account, region, name, kind, definition, role_arn, revision, logging, tracing, encryption,
    tags, published, created, changed)
VALUES (:account, :region, :name, :kind, :definition, :role_arn, :revision, :logging, :tracing, :encryption,
    :tags, 0, :now, :now)

-- name: change_machine
UPDATE sfn_machines SET definition = :definition, role_arn = :role_arn, revision = :revision, logging = :logging,
    tracing = :tracing, encryption = :encryption, changed = :now
WHERE account = :account AND region = :region AND name = :name

-- name: find_machine
SELECT id, name, kind, definition, role_arn, revision, logging, tracing, encryption, tags, published,
    created, changed, deleting
FROM sfn_machines WHERE account = :account AND region = :region AND name = :name

-- name: machines
SELECT id, name, kind, created FROM sfn_machines
WHERE account = :account AND region = :region AND id > :after ORDER BY id LIMIT :most

-- name: tag_machine
UPDATE sfn_machines SET tags = :tags WHERE account = :account AND region = :region AND name = :name

-- name: remove_machine
DELETE FROM sfn_machines WHERE id = :id

-- name: delete_later
UPDATE sfn_machines SET deleting = 1 WHERE id = :id

-- name: find_running
SELECT id FROM sfn_executions
WHERE account = :account AND region = :region AND machine = :machine AND status = 'RUNNING' AND kind = 'STANDARD' LIMIT 1

-- name: add_execution
INSERT INTO sfn_executions (account, region, machine, machine_arn, name, arn, kind, definition, revision, role_arn,
    status, stopped, output, error, cause, resume, started, input, seed, reply, parent, sync, version_arn, alias_arn,
    redrives, logging, mocks, trace_header, trace_id, caused_by, burst_last, burst, unheard, begun)
VALUES (:account, :region, :machine, :machine_arn, :name, :arn, :kind, :definition, :revision, :role_arn,
    :status, :stopped, :output, :error, :cause, :resume, :started, :input, :seed, :reply, :parent, :sync, :version_arn,
    :alias_arn, 0, :logging, :mocks, :trace_header, :trace_id, :caused_by,
    :burst_last, :burst, :unheard, :begun)
ON CONFLICT (arn) DO NOTHING
RETURNING id

-- name: unheard
SELECT * FROM sfn_executions WHERE account = :account AND unheard IS NOT NULL ORDER BY id DESC LIMIT :most

-- name: find_unheard
SELECT * FROM sfn_executions WHERE id = :id AND account = :account AND unheard IS NOT NULL

-- name: find_execution
SELECT * FROM sfn_executions WHERE arn = :arn

-- name: running
SELECT id, account, region, machine, machine_arn, name, arn, kind, definition, role_arn, started, input, seed, reply,
    sync, version_arn, alias_arn, redrives, redriven, logging, mocks, invocations, map_run, items,
    trace_header
FROM sfn_executions WHERE id = :id AND status = 'RUNNING'

-- name: lock_running
UPDATE sfn_executions SET status = 'RUNNING' WHERE id = :id AND status = 'RUNNING'
RETURNING id, account, region, machine, machine_arn, name, arn, kind, definition, role_arn, started, input, seed,
    reply, sync, version_arn, alias_arn, redrives, redriven, logging, mocks, invocations, map_run, items, trace_header

-- name: nested
SELECT id FROM sfn_executions WHERE parent = :parent AND status = 'RUNNING'

-- name: hear_too
UPDATE sfn_executions SET reply = :reply WHERE id = :id

-- name: count_invocations
UPDATE sfn_executions SET invocations = :invocations WHERE id = :id

-- name: executions
SELECT id, arn, name, status, started, stopped, machine_arn, version_arn, alias_arn, redrives,
    redriven FROM sfn_executions
WHERE machine_arn = :machine_arn AND map_run IS NULL AND id < :before ORDER BY id DESC LIMIT :most

-- name: executions_in
SELECT id, arn, name, status, started, stopped, machine_arn, version_arn, alias_arn, redrives,
    redriven FROM sfn_executions
WHERE machine_arn = :machine_arn AND map_run IS NULL AND status = :status AND id < :before ORDER BY id DESC LIMIT :most

-- name: executions_of
SELECT id, arn, name, status, started, stopped, machine_arn, version_arn, alias_arn, redrives,
    redriven FROM sfn_executions
WHERE machine_arn = :machine_arn AND map_run IS NULL AND (version_arn = :qualified OR alias_arn = :qualified)
    AND (status = :status OR :status = '') AND id < :before ORDER BY id DESC LIMIT :most

-- name: end_execution
UPDATE sfn_executions SET status = :status, stopped = :stopped, output = :output, error = :error, cause = :cause,
    resume = :resume
WHERE id = :id

-- name: redrive
UPDATE sfn_executions SET status = 'RUNNING', stopped = NULL, output = NULL, error = NULL, cause = NULL, resume = NULL,
    redrives = :count, redriven = :now, redrive_token = :token
WHERE id = :id

-- name: last_event
SELECT last FROM (SELECT last FROM sfn_history WHERE execution = :execution ORDER BY first DESC LIMIT 1) AS newest
UNION ALL SELECT burst_last FROM sfn_executions WHERE id = :execution AND burst IS NOT NULL
ORDER BY last DESC LIMIT 1

-- name: remove_execution
DELETE FROM sfn_executions WHERE id = :id

-- name: put_frame
INSERT INTO sfn_frames (execution, frame, body) VALUES (:execution, :frame, :body)
ON CONFLICT (execution, frame) DO UPDATE SET body = excluded.body

-- name: remove_frame
DELETE FROM sfn_frames WHERE execution = :execution AND frame = :frame

-- name: remove_frames
DELETE FROM sfn_frames WHERE execution = :execution

-- name: frames
SELECT frame, body FROM sfn_frames WHERE execution = :execution

-- name: add_history
INSERT INTO sfn_history (execution, first, last, body) VALUES (:execution, :first, :last, :body)

-- name: history
SELECT first, body FROM sfn_history WHERE execution = :execution AND last >= :low AND first <= :high
UNION ALL SELECT 1, burst FROM sfn_executions WHERE id = :execution AND burst_last >= :low
ORDER BY first

-- name: add_token
INSERT INTO sfn_tokens (token, account, region, execution, task, attempt)
VALUES (:token, :account, :region, :execution, :task, :attempt)
ON CONFLICT (token) DO UPDATE SET attempt = excluded.attempt

-- name: find_token
SELECT execution, task, attempt, account, region FROM sfn_tokens WHERE token = :token

-- name: remove_token
DELETE FROM sfn_tokens WHERE execution = :execution AND task = :task AND attempt = :attempt

-- name: remove_tokens
DELETE FROM sfn_tokens WHERE execution = :execution

-- name: add_activity
INSERT INTO sfn_activities (account, region, name, tags, encryption, created)
VALUES (:account, :region, :name, :tags, :encryption, :now)
ON CONFLICT (account, region, name) DO NOTHING

-- name: find_activity
SELECT id, name, tags, encryption, created FROM sfn_activities WHERE account = :account AND region = :region AND name = :name

-- name: activities
SELECT id, name, created FROM sfn_activities
WHERE account = :account AND region = :region AND id > :after ORDER BY id LIMIT :most

-- name: tag_activity
UPDATE sfn_activities SET tags = :tags WHERE account = :account AND region = :region AND name = :name

-- name: remove_activity
DELETE FROM sfn_activities WHERE account = :account AND region = :region AND name = :name

-- name: offer_task
INSERT INTO sfn_activity_tasks (account, region, activity, execution, task, attempt, token, input)
VALUES (:account, :region, :activity, :execution, :task, :attempt, :token, :input)

-- name: take_task
DELETE FROM sfn_activity_tasks WHERE id = (
    SELECT id FROM sfn_activity_tasks WHERE activity = :activity ORDER BY id LIMIT 1 /* skip locked */
)
RETURNING account, region, execution, task, attempt, token, input

-- name: withdraw_task
DELETE FROM sfn_activity_tasks WHERE execution = :execution AND task = :task AND attempt = :attempt

-- name: withdraw_tasks
DELETE FROM sfn_activity_tasks WHERE execution = :execution

-- name: add_version
INSERT INTO sfn_versions (machine, number, definition, role_arn, revision, logging, tracing, encryption, description,
    created)
VALUES (:machine, :number, :definition, :role_arn, :revision, :logging, :tracing, :encryption, :description, :now)

-- name: count_version
UPDATE sfn_machines SET published = :published WHERE id = :id

-- name: find_version
SELECT number, definition, role_arn, revision, logging, tracing, encryption, description, created FROM sfn_versions
WHERE machine = :machine AND number = :number

-- name: version_of_revision
SELECT number, created FROM sfn_versions WHERE machine = :machine AND revision = :revision

-- name: versions
SELECT number, created FROM sfn_versions WHERE machine = :machine AND number < :before
ORDER BY number DESC LIMIT :most

-- name: count_versions
SELECT count(*) AS versions FROM sfn_versions WHERE machine = :machine

-- name: remove_version
DELETE FROM sfn_versions WHERE machine = :machine AND number = :number

-- name: remove_versions
DELETE FROM sfn_versions WHERE machine = :machine

-- name: add_alias
INSERT INTO sfn_aliases (machine, name, description, routing, created, changed)
VALUES (:machine, :name, :description, :routing, :now, :now)

-- name: find_alias
SELECT name, description, routing, created, changed FROM sfn_aliases WHERE machine = :machine AND name = :name

-- name: all_aliases
SELECT name, routing, created FROM sfn_aliases WHERE machine = :machine ORDER BY created DESC, name DESC

-- name: change_alias
UPDATE sfn_aliases SET description = :description, routing = :routing, changed = :now
WHERE machine = :machine AND name = :name

-- name: remove_alias
DELETE FROM sfn_aliases WHERE machine = :machine AND name = :name

-- name: remove_aliases
DELETE FROM sfn_aliases WHERE machine = :machine

-- name: put_mocks
INSERT INTO sfn_mock_configurations (account, region, body) VALUES (:account, :region, :body)
ON CONFLICT (account, region) DO UPDATE SET body = excluded.body

-- name: find_mocks
SELECT body FROM sfn_mock_configurations
WHERE (account = :account AND region = :region) OR (account = '' AND region = '') ORDER BY account DESC LIMIT 1

-- name: remove_mocks
DELETE FROM sfn_mock_configurations WHERE account = :account AND region = :region

-- name: add_child
INSERT INTO sfn_executions (account, region, machine, machine_arn, name, arn, kind, definition, revision, role_arn,
    status, stopped, output, error, cause, resume, started, input, seed, sync, version_arn, alias_arn,
    redrives, logging, mocks, trace_header, trace_id, caused_by, map_run, items, burst_last, burst, unheard,
    begun)
VALUES (:account, :region, :machine, :machine_arn, :name, :arn, :kind, :definition, :revision, :role_arn,
    :status, :stopped, :output, :error, :cause, :resume, :started, :input, :seed, 0, :version_arn, :alias_arn,
    :redrives, :logging, :mocks, :trace_header, :trace_id, :caused_by, :map_run, :items, :burst_last, :burst,
    :unheard, :begun)
RETURNING id

-- name: add_children
INSERT INTO sfn_executions (account, region, machine, machine_arn, name, arn, kind, definition, revision, role_arn,
    status, stopped, output, error, cause, resume, started, input, seed, sync, version_arn, alias_arn,
    redrives, logging, mocks, trace_header, trace_id, caused_by, map_run, items)
VALUES (:account, :region, :machine, :machine_arn, :name, :arn, :kind, :definition, :revision, :role_arn,
    :status, :stopped, :output, :error, :cause, :resume, :started, :input, :seed, 0, :version_arn, :alias_arn,
    :redrives, :logging, :mocks, :trace_header, :trace_id, :caused_by, :map_run, :items)

-- name: children
SELECT id, arn, name, machine_arn, status, started, stopped, version_arn, alias_arn, redrives, redriven, kind, items
FROM sfn_executions WHERE map_run = :run AND id < :before ORDER BY id DESC LIMIT :most

-- name: children_in
SELECT id, arn, name, machine_arn, status, started, stopped, version_arn, alias_arn, redrives, redriven, kind, items
FROM sfn_executions WHERE map_run = :run AND status = :status AND redrives >= :least AND redrives <= :greatest
    AND id < :before ORDER BY id DESC LIMIT :most

-- name: children_in_some
SELECT id, arn, name, machine_arn, status, started, stopped, version_arn, alias_arn, redrives, redriven, kind, items
FROM sfn_executions WHERE map_run = :run AND status IN (:statuses...) AND redrives >= :least AND redrives <= :greatest
    AND id < :before ORDER BY id DESC LIMIT :most

-- name: children_at_work
SELECT id FROM sfn_executions WHERE map_run = :run AND status = 'RUNNING' ORDER BY id LIMIT :most

-- name: children_to_redrive
SELECT * FROM sfn_executions
WHERE map_run = :run AND status = :status AND redrives < :count AND id > :after ORDER BY id LIMIT :most

-- name: pass_over
UPDATE sfn_executions SET redrives = :count WHERE id = :id

-- name: ended_children
SELECT id, arn, name, machine_arn, status, started, stopped, input, output, error, cause, redrives, items
FROM sfn_executions WHERE map_run = :run AND id > :after ORDER BY id LIMIT :most

-- name: ended_children_in
SELECT id, arn, name, machine_arn, status, started, stopped, input, output, error, cause, redrives, items
FROM sfn_executions WHERE map_run = :run AND status = :status AND id > :after ORDER BY id LIMIT :most

-- name: count_children
SELECT status, count(*) AS executions, sum(items) AS items FROM sfn_executions WHERE map_run = :run GROUP BY status

-- name: add_map_run
INSERT INTO sfn_map_runs (account, region, execution, execution_arn, machine_arn, task, attempt, arn, status, started,
    concurrency, tolerated_count, tolerated_percentage, redrives, plan, items, state)
VALUES (:account, :region, :execution, :execution_arn, :machine_arn, :task, :attempt, :arn, 'RUNNING', :started,
    :concurrency, :tolerated_count, :tolerated_percentage, 0, :plan, :items, :state)
RETURNING id

-- name: map_run
SELECT id, account, region, execution, execution_arn, task, attempt, arn, status, stopped, concurrency, tolerated_count,
    tolerated_percentage, redrives, redriven, state
FROM sfn_map_runs WHERE id = :id

-- name: lock_map_run
UPDATE sfn_map_runs SET status = status WHERE id = :id
RETURNING id, account, region, execution, execution_arn, task, attempt, arn, status, stopped, concurrency,
    tolerated_count, tolerated_percentage, redrives, redriven, state

-- name: map_plan
SELECT plan, items FROM sfn_map_runs WHERE id = :id

-- name: find_map_run
SELECT * FROM sfn_map_runs WHERE arn = :arn

-- name: await_map_run
UPDATE sfn_map_runs SET task = :task, attempt = :attempt WHERE arn = :arn RETURNING id

-- name: leave_map_run
UPDATE sfn_map_runs SET task = '' WHERE execution = :execution AND task = :task AND attempt = :attempt RETURNING id

-- name: keep_map_run
UPDATE sfn_map_runs SET status = :status, stopped = :stopped, redrives = :redrives,
    redriven = :redriven, state = :state WHERE id = :id

-- name: change_map_run
UPDATE sfn_map_runs SET concurrency = :concurrency, tolerated_count = :tolerated_count,
    tolerated_percentage = :tolerated_percentage WHERE id = :id

-- name: map_runs
SELECT id, arn, execution_arn, machine_arn, started, stopped FROM sfn_map_runs
WHERE execution = :execution AND id < :before ORDER BY id DESC LIMIT :most

-- name: expect_answer
INSERT INTO sfn_trials (id) VALUES (:id)

-- name: keep_answer
UPDATE sfn_trials SET event = :event WHERE id = :id

-- name: find_answer
SELECT event FROM sfn_trials WHERE id = :id

-- name: forget_answer
DELETE FROM sfn_trials WHERE id = :id
