-- name: add_session
INSERT INTO sts_sessions (account, access_key, arn, user_id, expires)
VALUES (:account, :access_key, :arn, :user_id, :expires)

-- name: find_session
SELECT arn, user_id FROM sts_sessions WHERE account = :account AND access_key = :access_key

-- name: forget_sessions
DELETE FROM sts_sessions WHERE account = :account AND expires <= :before
