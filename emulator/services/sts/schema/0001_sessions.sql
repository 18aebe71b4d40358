-- Whom a temporary key stands for. `expires` is a moment of the account's time in microseconds.
CREATE TABLE sts_sessions (
    account TEXT NOT NULL,
    access_key TEXT NOT NULL,
    arn TEXT NOT NULL,
    user_id TEXT NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (account, access_key)
);
CREATE INDEX sts_sessions_expires ON sts_sessions (account, expires);
