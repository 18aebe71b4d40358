-- What was put on a bus in the last hour of wall time, and which rules took it: a row for the events of one call.
-- `event_ids`, `bodies`, `matched` (JSON lists of rules) and `notes` have a line for each event.
DROP TABLE events_seen;
CREATE TABLE events_seen (
    id ORDINAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    bus TEXT NOT NULL,
    event_ids TEXT NOT NULL,
    at BIGINT NOT NULL,
    bodies TEXT NOT NULL,
    matched TEXT NOT NULL,
    notes TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    cause TEXT NOT NULL,
    wall BIGINT NOT NULL
);
