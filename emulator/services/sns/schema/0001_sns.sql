-- unsubscribed: how many subscriptions were deleted; sequence: the last place given in a FIFO topic.
CREATE TABLE sns_topics (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    attributes TEXT NOT NULL,
    tags TEXT NOT NULL,
    unsubscribed BIGINT NOT NULL DEFAULT 0,
    sequence BIGINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL
);
CREATE UNIQUE INDEX sns_topics_name ON sns_topics (account, region, name);

-- ended: 1 when its topic was deleted, 2 when its endpoint's link unsubscribed it. token: what confirms it, again then.
CREATE TABLE sns_subscriptions (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    topic_arn TEXT NOT NULL,
    arn TEXT NOT NULL,
    protocol TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    attributes TEXT NOT NULL,
    pending INTEGER NOT NULL DEFAULT 0,
    authenticated INTEGER NOT NULL DEFAULT 1,
    token TEXT,
    ended INTEGER NOT NULL DEFAULT 0,
    created BIGINT NOT NULL
);
CREATE UNIQUE INDEX sns_subscriptions_arn ON sns_subscriptions (arn);
CREATE INDEX sns_subscriptions_topic ON sns_subscriptions (topic_arn, id);
CREATE INDEX sns_subscriptions_account ON sns_subscriptions (account, region, id);

-- What a FIFO topic was sent lately. scope: the message group, or '' where the whole topic is the scope.
CREATE TABLE sns_deduplications (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    topic BIGINT NOT NULL,
    deduplication_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    until BIGINT NOT NULL,
    message_id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (topic, deduplication_id, scope)
);
CREATE INDEX sns_deduplications_until ON sns_deduplications (topic, until);
