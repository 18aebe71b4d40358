CREATE TABLE s3_buckets (
    id SERIAL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    created BIGINT NOT NULL,
    tags TEXT NOT NULL,
    notifications TEXT,
    versioning TEXT,
    trace_id TEXT NOT NULL,
    cause TEXT NOT NULL,
    UNIQUE (account, name)
);

-- The current version of each key that has one; `version` is `null` for one put without versioning.
-- The body is the blob `blob`, or, of a multipart object, the blobs that `parts` lists. `shared`: another object
-- may have the same blobs, s3_copies says how many more.
CREATE TABLE s3_objects (
    bucket BIGINT NOT NULL,
    key TEXT NOT NULL,
    version TEXT NOT NULL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    blob BIGINT,
    parts TEXT,
    shared INTEGER NOT NULL,
    size BIGINT NOT NULL,
    etag TEXT NOT NULL,
    checksum TEXT,
    modified BIGINT NOT NULL,
    sequencer TEXT NOT NULL,
    headers TEXT NOT NULL,
    tags TEXT,
    trace_id TEXT NOT NULL,
    cause TEXT NOT NULL,
    PRIMARY KEY (bucket, key)
);

-- Delete markers, and the versions that are not current. A greater sequencer is a newer version.
CREATE TABLE s3_versions (
    bucket BIGINT NOT NULL,
    key TEXT NOT NULL,
    version TEXT NOT NULL,
    marker INTEGER NOT NULL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    blob BIGINT,
    parts TEXT,
    shared INTEGER NOT NULL,
    size BIGINT NOT NULL,
    etag TEXT NOT NULL,
    checksum TEXT,
    modified BIGINT NOT NULL,
    sequencer TEXT NOT NULL,
    headers TEXT NOT NULL,
    tags TEXT,
    trace_id TEXT NOT NULL,
    cause TEXT NOT NULL,
    PRIMARY KEY (bucket, key, version)
);
CREATE INDEX s3_versions_newest ON s3_versions (bucket, key, sequencer);

-- `more`: how many objects beside the first have the blob.
CREATE TABLE s3_copies (
    blob BIGINT PRIMARY KEY,
    more BIGINT NOT NULL
);

CREATE TABLE s3_uploads (
    id TEXT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    key TEXT NOT NULL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    initiated BIGINT NOT NULL,
    headers TEXT NOT NULL,
    tags TEXT,
    algorithm TEXT,
    type TEXT,
    sequencer TEXT
);
CREATE INDEX s3_uploads_key ON s3_uploads (bucket, key, initiated, id);

CREATE TABLE s3_parts (
    upload TEXT NOT NULL,
    number BIGINT NOT NULL,
    account TEXT NOT NULL,
    blob BIGINT NOT NULL,
    size BIGINT NOT NULL,
    etag TEXT NOT NULL,
    checksum TEXT NOT NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (upload, number)
);

CREATE TABLE s3_folders (
    bucket BIGINT PRIMARY KEY,
    account TEXT NOT NULL,
    path TEXT NOT NULL
);

-- Objects of a bound bucket that could not become files.
CREATE TABLE s3_unwritten (
    bucket BIGINT NOT NULL,
    key TEXT NOT NULL,
    account TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (bucket, key)
);

-- Policies and other settings that are kept and shown; `body` is null where a default was taken away.
CREATE TABLE s3_configurations (
    bucket BIGINT NOT NULL,
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    body TEXT,
    PRIMARY KEY (bucket, kind)
);
