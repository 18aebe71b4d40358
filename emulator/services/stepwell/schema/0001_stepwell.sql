CREATE TABLE stepwell_mail (
    id SERIAL,
    account TEXT NOT NULL,
    at BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    source_arn TEXT,
    file TEXT NOT NULL,
    trace_id TEXT NOT NULL
);
CREATE INDEX stepwell_mail_account ON stepwell_mail (account, id);
