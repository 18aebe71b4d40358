-- name: add
INSERT INTO work (kind, role, key, account, region, due, payload, trace_id, cause, owner)
VALUES (:kind, :role, :key, :account, :region, :due, :payload, :trace_id, :cause, :owner)
RETURNING id

-- name: cancel
DELETE FROM work WHERE kind = :kind AND key = :key AND started = 0

-- name: remove
DELETE FROM work WHERE id = :id AND owner = :owner

-- name: mark_started
UPDATE work SET started = 1 WHERE id = :id AND owner = :owner

-- name: postpone
UPDATE work SET due = :due, attempts = attempts + 1, payload = :payload, owner = NULL, started = 0
WHERE id = :id AND owner = :owner

-- name: sleep
UPDATE work SET due = :due, attempts = 0, sleeps = 1, owner = NULL, started = 0 WHERE id = :id AND owner = :owner

-- name: rouse
UPDATE work SET due = 0 WHERE sleeps = 1 AND owner IS NULL

-- name: claim
UPDATE work SET owner = :owner WHERE id = :id AND owner IS NULL
RETURNING id, kind, account, region, due, attempts, payload, trace_id, cause, started

-- name: delay
UPDATE work SET due = :due, attempts = attempts + 1, owner = NULL WHERE id = :id AND owner = :owner

-- name: claim_due
UPDATE work SET owner = :owner
WHERE id IN (
    SELECT id FROM work
    WHERE account = :account AND owner IS NULL AND due <= :now
    ORDER BY due, id LIMIT :most /* skip locked */
)
RETURNING id, kind, account, region, due, attempts, payload, trace_id, cause, started

-- name: claim_due_of_roles
UPDATE work SET owner = :owner
WHERE id IN (
    SELECT id FROM work
    WHERE account = :account AND owner IS NULL AND due <= :now AND role IN (:roles...)
    ORDER BY due, id LIMIT :most /* skip locked */
)
RETURNING id, kind, account, region, due, attempts, payload, trace_id, cause, started

-- name: next_due
SELECT due FROM work WHERE account = :account AND owner IS NULL ORDER BY due LIMIT 1

-- name: next_due_of_roles
SELECT due FROM work WHERE account = :account AND owner IS NULL AND role IN (:roles...) ORDER BY due LIMIT 1

-- name: accounts_with_work
SELECT DISTINCT account FROM work WHERE owner IS NULL AND role IN (:roles...)

-- name: count_claimed
SELECT count(*) AS claimed FROM work WHERE account = :account AND owner IS NOT NULL

-- name: free_claimed
UPDATE work SET owner = NULL WHERE owner = :owner AND started = 0

-- name: inherit
UPDATE work SET owner = :heir WHERE owner = :owner AND started = 1 AND role IN (:roles...)
RETURNING id, kind, account, region, due, attempts, payload, trace_id, cause, started

-- name: owners
SELECT DISTINCT owner FROM work WHERE owner IS NOT NULL

-- name: see_process
INSERT INTO processes (name, roles, seen) VALUES (:name, :roles, :seen)
ON CONFLICT (name) DO UPDATE SET seen = excluded.seen

-- name: living_processes
SELECT name FROM processes WHERE seen >= :since

-- name: forget_process
DELETE FROM processes WHERE name = :name

-- What sleeps until it is woken (work.NEVER) is not pending.
-- name: of_account
SELECT id, kind, key, due, attempts, started, payload, trace_id, cause FROM work
WHERE account = :account AND due < 253370764800000000 ORDER BY due, id LIMIT :most
