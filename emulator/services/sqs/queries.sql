-- name: find_queue
SELECT id, account, region, name, attributes, created, modified, purges FROM sqs_queues
WHERE account = :account AND region = :region AND name = :name

-- name: insert_queue
INSERT INTO sqs_queues (account, region, name, attributes, tags, dead_letter, created, modified)
VALUES (:account, :region, :name, :attributes, :tags, :dead_letter, :now, :now)

-- name: set_attributes
UPDATE sqs_queues SET attributes = :attributes, dead_letter = :dead_letter, modified = :now WHERE id = :id

-- name: find_tags
SELECT tags FROM sqs_queues WHERE id = :id

-- name: set_tags
UPDATE sqs_queues SET tags = :tags WHERE id = :id

-- name: delete_queue
DELETE FROM sqs_queues WHERE id = :id

-- name: delete_messages
DELETE FROM sqs_messages WHERE id IN (
    SELECT id FROM sqs_messages WHERE queue = :content ORDER BY visible, id LIMIT :most
)

-- name: delete_deduplications
DELETE FROM sqs_deduplications WHERE queue = :id AND (deduplication_id, scope) IN (
    SELECT deduplication_id, scope FROM sqs_deduplications WHERE queue = :id LIMIT :most
)

-- name: purge_began
UPDATE sqs_queues SET purged = :now, purges = purges + 1 WHERE id = :id AND (purged IS NULL OR purged <= :before)

-- name: list_queues
SELECT name FROM sqs_queues
WHERE account = :account AND region = :region AND name > :after AND substr(name, 1, :length) = :prefix
ORDER BY name LIMIT :most

-- name: list_sources
SELECT account, region, name FROM sqs_queues WHERE dead_letter = :arn AND name > :after ORDER BY name LIMIT :most

-- name: next_sequence
UPDATE sqs_queues SET sequence = sequence + 1 WHERE id = :id RETURNING sequence

-- name: count_messages
SELECT count(*) AS every,
    coalesce(sum(CASE WHEN visible > :now AND received > 0 THEN 1 ELSE 0 END), 0) AS in_flight,
    coalesce(sum(CASE WHEN visible > :now AND received = 0 THEN 1 ELSE 0 END), 0) AS delayed
FROM (
    SELECT visible, received FROM sqs_messages
    WHERE queue = :content AND visible > :oldest AND sent > :oldest LIMIT :most
) AS found

-- Answered from the index alone: of what was received, some may have expired already.
-- name: count_every
SELECT count(*) AS every FROM sqs_messages WHERE queue = :content AND visible > :oldest

-- name: count_hidden
SELECT coalesce(sum(CASE WHEN received > 0 THEN 1 ELSE 0 END), 0) AS in_flight,
    coalesce(sum(CASE WHEN received = 0 THEN 1 ELSE 0 END), 0) AS delayed
FROM sqs_messages WHERE queue = :content AND visible > :now

-- name: insert_message
INSERT INTO sqs_messages (account, region, queue, message_id, body, md5, attributes, trace_header, sender, sent,
    visible, group_id, deduplication_id, sequence, trace_id, cause)
VALUES (:account, :region, :queue, :message_id, :body, :md5, :attributes, :trace_header, :sender, :sent,
    :visible, :group_id, :deduplication_id, :sequence, :trace_id, :cause)

-- name: find_duplicate
SELECT message_id, sequence FROM sqs_deduplications
WHERE queue = :queue AND deduplication_id = :deduplication_id AND scope IN ('', :scope) AND until > :now
ORDER BY scope LIMIT 1

-- name: insert_deduplication
INSERT INTO sqs_deduplications (account, region, queue, deduplication_id, scope, until, message_id, sequence)
VALUES (:account, :region, :queue, :deduplication_id, :scope, :until, :message_id, :sequence)
ON CONFLICT (queue, deduplication_id, scope)
DO UPDATE SET until = excluded.until, message_id = excluded.message_id, sequence = excluded.sequence

-- name: forget_deduplications
DELETE FROM sqs_deduplications WHERE queue = :queue AND (deduplication_id, scope) IN (
    SELECT deduplication_id, scope FROM sqs_deduplications
    WHERE queue = :queue AND until <= :now ORDER BY until LIMIT 100
)

-- name: claim
UPDATE sqs_messages
SET visible = :until, received = received + 1, first_received = coalesce(first_received, :now)
WHERE id IN (
    SELECT id FROM sqs_messages
    WHERE queue = :queue AND visible > :oldest AND visible <= :now AND sent > :oldest
    ORDER BY visible, id LIMIT :most /* skip locked */
)
RETURNING id, message_id, body, md5, attributes, trace_header, sender, sent, received, received_before,
    first_received, group_id, deduplication_id, sequence, source, trace_id

-- A message group is blocked from its first message that is in flight or delayed.
-- name: claim_fifo
UPDATE sqs_messages
SET visible = :until, received = received + 1, first_received = coalesce(first_received, :now)
WHERE id IN (
    SELECT m.id FROM (
        SELECT id, queue, group_id, sequence, visible, sent FROM sqs_messages
        WHERE queue = :queue AND sequence IS NOT NULL ORDER BY sequence LIMIT :window
    ) AS m
    WHERE m.visible <= :now AND m.sent > :oldest AND NOT EXISTS (
        SELECT 1 FROM sqs_messages AS e
        WHERE e.queue = m.queue AND e.group_id = m.group_id AND e.sequence < m.sequence
            AND e.sequence IS NOT NULL AND e.visible > :now AND e.sent > :oldest
    )
    ORDER BY m.sequence LIMIT :most
)
RETURNING id, message_id, body, md5, attributes, trace_header, sender, sent, received, received_before,
    first_received, group_id, deduplication_id, sequence, source, trace_id

-- name: next_visible
SELECT visible FROM sqs_messages WHERE queue = :queue AND visible > :now ORDER BY visible LIMIT 1

-- A message is never visible before it was sent: what became visible before :oldest was sent before it.
-- name: find_expired
SELECT id FROM sqs_messages WHERE queue = :queue AND visible <= :oldest ORDER BY visible LIMIT 1

-- name: delete_expired
DELETE FROM sqs_messages WHERE id IN (
    SELECT id FROM sqs_messages WHERE queue = :queue AND visible <= :oldest ORDER BY visible LIMIT 500
)

-- name: move_message
UPDATE sqs_messages
SET queue = :queue, account = :account, region = :region, visible = :now, sent = coalesce(:sent, sent),
    received_before = received_before + :count, received = 0, sequence = :sequence, source = :source
WHERE id = :id

-- name: delete_message
DELETE FROM sqs_messages
WHERE id = :id AND queue = :queue AND received = :received AND message_id = :message_id

-- name: find_message
SELECT id, visible, received, first_received FROM sqs_messages
WHERE id = :id AND queue = :queue AND message_id = :message_id

-- name: set_visible
UPDATE sqs_messages SET visible = :visible WHERE id = :id

-- name: lock_queue
UPDATE sqs_queues SET sequence = sequence + 1 WHERE id = :id

-- name: messages_to_move
SELECT count(*) AS every, coalesce(max(id), 0) AS last FROM sqs_messages
WHERE queue = :queue AND visible > :oldest AND visible <= :now AND sent > :oldest

-- name: insert_move
INSERT INTO sqs_move_tasks (account, region, handle, source_arn, destination_arn, per_second, status, to_move,
    last_message, started, trace_id, cause)
VALUES (:account, :region, :handle, :source_arn, :destination_arn, :per_second, 'RUNNING', :to_move,
    :last_message, :now, :trace_id, :cause)

-- name: find_running_move
SELECT id FROM sqs_move_tasks WHERE source_arn = :source_arn AND status = 'RUNNING' LIMIT 1

-- name: find_move
SELECT source_arn, destination_arn, per_second, status, moved, last_message FROM sqs_move_tasks
WHERE handle = :handle

-- name: list_moves
SELECT handle, source_arn, destination_arn, per_second, status, moved, to_move, failure, started FROM sqs_move_tasks
WHERE source_arn = :source_arn ORDER BY id DESC LIMIT :most

-- name: end_move
UPDATE sqs_move_tasks SET status = :status, failure = :failure WHERE handle = :handle

-- name: count_moved
UPDATE sqs_move_tasks SET moved = moved + :count WHERE handle = :handle

-- name: next_to_move
SELECT id, source FROM sqs_messages
WHERE queue = :queue AND visible > :oldest AND visible <= :now AND sent > :oldest AND id <= :last
ORDER BY visible, id LIMIT :most

-- name: redrive_message
UPDATE sqs_messages
SET queue = :queue, account = :account, region = :region, message_id = :message_id, sent = :now, visible = :now,
    received = 0, received_before = 0, first_received = NULL, sequence = :sequence, source = NULL
WHERE id = :id
