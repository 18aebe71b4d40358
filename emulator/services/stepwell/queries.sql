-- name: add_mail
INSERT INTO stepwell_mail (account, at, recipient, subject, body, source_arn, file, trace_id)
VALUES (:account, :at, :recipient, :subject, :body, :source_arn, :file, :trace_id)
RETURNING id

-- name: find_mail
SELECT id, at, recipient, subject, body, source_arn, file, trace_id FROM stepwell_mail WHERE id = :id

-- name: mail
SELECT id, at, recipient, subject, body, source_arn, file, trace_id FROM stepwell_mail
WHERE account = :account ORDER BY id DESC LIMIT :most

-- name: mail_to
SELECT id, at, recipient, subject, body, source_arn, file, trace_id FROM stepwell_mail
WHERE account = :account AND recipient = :recipient ORDER BY id DESC LIMIT :most

-- name: remove_mail
DELETE FROM stepwell_mail WHERE account = :account AND id = :id

-- name: remove_all_mail
DELETE FROM stepwell_mail WHERE account = :account
