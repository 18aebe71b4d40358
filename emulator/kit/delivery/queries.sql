-- name: record
INSERT INTO attempts (account, region, trace_id, cause, target, at, attempt, outcome, error_code, error_message,
    wall)
VALUES (:account, :region, :trace_id, :cause, :target, :at, :attempt, :outcome, :error_code, :error_message,
    :wall)

-- name: forget
-- The oldest few, so that it costs little each time.
DELETE FROM attempts WHERE id <= (SELECT min(id) FROM attempts) + :most AND wall < :before

-- name: of_trace
SELECT account, region, trace_id, cause, target, at, attempt, outcome, error_code, error_message FROM attempts
WHERE account = :account AND trace_id = :trace_id ORDER BY id

-- name: latest
SELECT account, region, trace_id, cause, target, at, attempt, outcome, error_code, error_message FROM attempts
WHERE account = :account ORDER BY id DESC LIMIT :most
