-- name: record
INSERT INTO attempts (account, region, trace_id, cause, target, at, attempt, outcome, error_code, error_message)
VALUES (:account, :region, :trace_id, :cause, :target, :at, :attempt, :outcome, :error_code, :error_message)

-- name: forget
DELETE FROM attempts WHERE at < :before

-- name: of_trace
SELECT account, region, trace_id, cause, target, at, attempt, outcome, error_code, error_message FROM attempts
WHERE account = :account AND trace_id = :trace_id ORDER BY id

-- name: latest
SELECT account, region, trace_id, cause, target, at, attempt, outcome, error_code, error_message FROM attempts
WHERE account = :account ORDER BY id DESC LIMIT :most
