-- name: find_topic
SELECT id, account, region, name, attributes, tags, unsubscribed FROM sns_topics
WHERE account = :account AND region = :region AND name = :name

-- name: insert_topic
INSERT INTO sns_topics (account, region, name, attributes, tags, created)
VALUES (:account, :region, :name, :attributes, :tags, :now)

-- name: set_topic_attributes
UPDATE sns_topics SET attributes = :attributes WHERE id = :id

-- name: set_topic_tags
UPDATE sns_topics SET tags = :tags WHERE id = :id

-- name: delete_topic
DELETE FROM sns_topics WHERE id = :id

-- name: delete_deduplications
DELETE FROM sns_deduplications WHERE topic = :id AND (deduplication_id, scope) IN (
    SELECT deduplication_id, scope FROM sns_deduplications WHERE topic = :id LIMIT :most
)

-- name: orphan_subscriptions
UPDATE sns_subscriptions SET ended = 1 WHERE topic_arn = :topic_arn AND ended = 0

-- name: forget_suspended
DELETE FROM sns_subscriptions WHERE topic_arn = :topic_arn AND ended = 2

-- name: suspend_subscription
UPDATE sns_subscriptions SET ended = 2, token = :token WHERE id = :id

-- name: list_topics
SELECT id, name FROM sns_topics WHERE account = :account AND region = :region AND id > :after
ORDER BY id LIMIT :most

-- name: next_sequence
UPDATE sns_topics SET sequence = sequence + 1 WHERE id = :id RETURNING sequence

-- name: count_subscriptions
SELECT coalesce(sum(1 - pending), 0) AS confirmed, coalesce(sum(pending), 0) AS pending
FROM sns_subscriptions WHERE topic_arn = :topic_arn AND ended = 0

-- name: subscriptions_of_topic
SELECT id, account, arn, topic_arn, protocol, endpoint, attributes, pending, authenticated FROM sns_subscriptions
WHERE topic_arn = :topic_arn AND ended = 0 ORDER BY id

-- name: list_subscriptions_by_topic
SELECT id, account, arn, topic_arn, protocol, endpoint, pending FROM sns_subscriptions
WHERE topic_arn = :topic_arn AND ended = 0 AND id > :after ORDER BY id LIMIT :most

-- name: list_subscriptions
SELECT id, account, arn, topic_arn, protocol, endpoint, pending FROM sns_subscriptions
WHERE account = :account AND region = :region AND ended = 0 AND id > :after ORDER BY id LIMIT :most

-- name: find_subscription
SELECT id, account, arn, topic_arn, protocol, endpoint, attributes, pending, authenticated FROM sns_subscriptions
WHERE arn = :arn AND ended <> 2

-- name: find_same_subscription
SELECT id, account, arn, topic_arn, protocol, endpoint, attributes, pending, authenticated FROM sns_subscriptions
WHERE topic_arn = :topic_arn AND protocol = :protocol AND endpoint = :endpoint AND ended = 0

-- name: find_token
SELECT id, arn FROM sns_subscriptions WHERE topic_arn = :topic_arn AND token = :token AND ended <> 1

-- name: insert_subscription
INSERT INTO sns_subscriptions (account, region, topic_arn, arn, protocol, endpoint, attributes, pending,
    authenticated, token, created)
VALUES (:account, :region, :topic_arn, :arn, :protocol, :endpoint, :attributes, :pending,
    :authenticated, :token, :now)

-- name: set_subscription_attributes
UPDATE sns_subscriptions SET attributes = :attributes WHERE id = :id

-- name: confirm_subscription
UPDATE sns_subscriptions SET pending = 0, authenticated = :authenticated, ended = 0 WHERE id = :id

-- name: delete_subscription
DELETE FROM sns_subscriptions WHERE id = :id

-- name: count_unsubscribed
UPDATE sns_topics SET unsubscribed = unsubscribed + 1
WHERE account = :account AND region = :region AND name = :name

-- name: find_duplicate
SELECT message_id, sequence FROM sns_deduplications
WHERE topic = :topic AND deduplication_id = :deduplication_id AND scope = :scope AND until > :now

-- name: forget_deduplications
DELETE FROM sns_deduplications WHERE topic = :topic AND (deduplication_id, scope) IN (
    SELECT deduplication_id, scope FROM sns_deduplications
    WHERE topic = :topic AND until <= :now ORDER BY until LIMIT 100
)

-- name: insert_deduplication
INSERT INTO sns_deduplications (account, region, topic, deduplication_id, scope, until, message_id, sequence)
VALUES (:account, :region, :topic, :deduplication_id, :scope, :until, :message_id, :sequence)
ON CONFLICT (topic, deduplication_id, scope)
DO UPDATE SET until = excluded.until, message_id = excluded.message_id, sequence = excluded.sequence
