CREATE TABLE sqs_queues (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    attributes TEXT NOT NULL,
    tags TEXT NOT NULL,
    dead_letter TEXT,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    purged BIGINT,
    purges BIGINT NOT NULL DEFAULT 0,
    sequence BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX sqs_queues_name ON sqs_queues (account, region, name);
CREATE INDEX sqs_queues_dead_letter ON sqs_queues (dead_letter) WHERE dead_letter IS NOT NULL;

-- queue: the number of its content (model/queue.py), another one after a purge. visible: the moment from which the message may be received. received: how often it was, in this queue.
-- sequence: its place in a FIFO queue, NULL in a standard one. source: the ARN of the queue it was moved from.
CREATE TABLE sqs_messages (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    queue BIGINT NOT NULL,
    message_id TEXT NOT NULL,
    body TEXT NOT NULL,
    md5 TEXT NOT NULL,
    attributes TEXT,
    trace_header TEXT,
    sender TEXT NOT NULL,
    sent BIGINT NOT NULL,
    visible BIGINT NOT NULL,
    received INTEGER NOT NULL DEFAULT 0,
    received_before INTEGER NOT NULL DEFAULT 0,
    first_received BIGINT,
    group_id TEXT,
    deduplication_id TEXT,
    sequence BIGINT,
    source TEXT,
    trace_id TEXT NOT NULL,
    cause TEXT NOT NULL
);
CREATE INDEX sqs_messages_visible ON sqs_messages (queue, visible, id);
CREATE INDEX sqs_messages_sequence ON sqs_messages (queue, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX sqs_messages_group ON sqs_messages (queue, group_id, sequence) WHERE sequence IS NOT NULL;

-- What a FIFO queue was sent lately. scope: the message group, or '' where the whole queue is the scope.
CREATE TABLE sqs_deduplications (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    queue BIGINT NOT NULL,
    deduplication_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    until BIGINT NOT NULL,
    message_id TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (queue, deduplication_id, scope)
);
CREATE INDEX sqs_deduplications_until ON sqs_deduplications (queue, until);

CREATE TABLE sqs_move_tasks (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    handle TEXT NOT NULL,
    source_arn TEXT NOT NULL,
    destination_arn TEXT,
    per_second INTEGER,
    status TEXT NOT NULL,
    moved BIGINT NOT NULL DEFAULT 0,
    to_move BIGINT NOT NULL,
    last_message BIGINT NOT NULL,
    started BIGINT NOT NULL,
    failure TEXT,
    trace_id TEXT NOT NULL,
    cause TEXT NOT NULL
);
CREATE UNIQUE INDEX sqs_move_tasks_handle ON sqs_move_tasks (handle);
CREATE INDEX sqs_move_tasks_source ON sqs_move_tasks (source_arn, id);
