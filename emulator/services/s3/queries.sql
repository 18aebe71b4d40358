-- name: find_bucket
SELECT b.id, b.account, b.region, b.name, b.created, b.tags, b.notifications, b.versioning, f.path AS folder,
    e.body AS encryption, l.body AS lifecycle, o.body AS lock
FROM s3_buckets b LEFT JOIN s3_folders f ON f.bucket = b.id
LEFT JOIN s3_configurations e ON e.bucket = b.id AND e.kind = 'encryption'
LEFT JOIN s3_configurations l ON l.bucket = b.id AND l.kind = 'lifecycle'
LEFT JOIN s3_configurations o ON o.bucket = b.id AND o.kind = 'object-lock'
WHERE b.account = :account AND b.name = :name

-- name: owners_of_name
SELECT account FROM s3_buckets WHERE name = :name LIMIT 2

-- name: add_bucket
INSERT INTO s3_buckets (account, region, name, created, tags, trace_id, cause)
VALUES (:account, :region, :name, :created, :tags, :trace_id, :cause)

-- name: remove_bucket
DELETE FROM s3_buckets WHERE id = :id

-- name: buckets
SELECT id, region, name, created FROM s3_buckets
WHERE account = :account AND name >= :start AND name < :end
ORDER BY name LIMIT :most

-- name: buckets_of_region
SELECT id, region, name, created FROM s3_buckets
WHERE account = :account AND region = :region AND name >= :start AND name < :end
ORDER BY name LIMIT :most

-- name: put_bucket_tags
UPDATE s3_buckets SET tags = :tags WHERE id = :id

-- name: put_notifications
UPDATE s3_buckets SET notifications = :notifications WHERE id = :id

-- name: find_object
SELECT key, version, blob, parts, shared, size, etag, checksum, modified, sequencer, headers, tags
FROM s3_objects WHERE bucket = :bucket AND key = :key

-- name: first_object
SELECT key FROM s3_objects WHERE bucket = :bucket LIMIT 1

-- name: add_object
INSERT INTO s3_objects (bucket, key, version, account, region, blob, parts, shared, size, etag, checksum, modified,
    sequencer, headers, tags, trace_id, cause)
VALUES (:bucket, :key, :version, :account, :region, :blob, :parts, :shared, :size, :etag, :checksum, :modified,
    :sequencer, :headers, :tags, :trace_id, :cause)
ON CONFLICT (bucket, key) DO NOTHING

-- name: replace_object
UPDATE s3_objects SET version = :version, blob = :blob, parts = :parts, shared = :shared, size = :size, etag = :etag,
    checksum = :checksum, modified = :modified, sequencer = :sequencer, headers = :headers, tags = :tags,
    trace_id = :trace_id, cause = :cause
WHERE bucket = :bucket AND key = :key

-- name: remove_object
DELETE FROM s3_objects WHERE bucket = :bucket AND key = :key
RETURNING blob, parts, shared, etag, size

-- name: put_object_headers
UPDATE s3_objects SET headers = :headers WHERE bucket = :bucket AND key = :key AND version = :version

-- name: put_version_headers
UPDATE s3_versions SET headers = :headers WHERE bucket = :bucket AND key = :key AND version = :version

-- name: put_object_tags
UPDATE s3_objects SET tags = :tags WHERE bucket = :bucket AND key = :key AND version = :version

-- name: put_version_tags
UPDATE s3_versions SET tags = :tags WHERE bucket = :bucket AND key = :key AND version = :version

-- name: share_object
UPDATE s3_objects SET shared = 1 WHERE bucket = :bucket AND key = :key AND version = :version

-- name: share_version
UPDATE s3_versions SET shared = 1 WHERE bucket = :bucket AND key = :key AND version = :version

-- name: objects
SELECT key, size, etag, checksum, modified, headers FROM s3_objects
WHERE bucket = :bucket AND key >= :start AND key < :end
ORDER BY key LIMIT :most

-- name: add_copy
INSERT INTO s3_copies (blob, more) VALUES (:blob, 1)
ON CONFLICT (blob) DO UPDATE SET more = s3_copies.more + 1

-- name: remove_copy
UPDATE s3_copies SET more = more - 1 WHERE blob = :blob AND more > 0

-- name: forget_copies
DELETE FROM s3_copies WHERE blob = :blob

-- name: add_upload
INSERT INTO s3_uploads (id, bucket, key, account, region, initiated, headers, tags, algorithm, type, sequencer)
VALUES (:id, :bucket, :key, :account, :region, :initiated, :headers, :tags, :algorithm, :type, :sequencer)

-- name: find_upload
SELECT id, key, initiated, headers, tags, algorithm, type, sequencer FROM s3_uploads
WHERE id = :id AND bucket = :bucket AND key = :key

-- name: remove_upload
DELETE FROM s3_uploads WHERE id = :id

-- name: uploads_of_bucket
SELECT id FROM s3_uploads WHERE bucket = :bucket

-- name: uploads
SELECT id, key, initiated, algorithm, type, headers FROM s3_uploads
WHERE bucket = :bucket AND key >= :start AND key < :end
ORDER BY key, initiated, id LIMIT :most

-- name: add_part
INSERT INTO s3_parts (upload, number, account, blob, size, etag, checksum, modified)
VALUES (:upload, :number, :account, :blob, :size, :etag, :checksum, :modified)

-- name: find_part
SELECT number, blob FROM s3_parts WHERE upload = :upload AND number = :number

-- name: remove_part
DELETE FROM s3_parts WHERE upload = :upload AND number = :number

-- name: parts
SELECT number, blob, size, etag, checksum, modified FROM s3_parts
WHERE upload = :upload AND number > :after ORDER BY number LIMIT :most

-- name: remove_parts
DELETE FROM s3_parts WHERE upload = :upload RETURNING number, blob

-- name: put_folder
INSERT INTO s3_folders (bucket, account, path) VALUES (:bucket, :account, :path)
ON CONFLICT (bucket) DO UPDATE SET path = excluded.path

-- name: remove_folder
DELETE FROM s3_folders WHERE bucket = :bucket

-- name: folders
SELECT b.account, b.region, b.name, f.path FROM s3_folders f JOIN s3_buckets b ON b.id = f.bucket
WHERE b.account = :account ORDER BY b.name

-- name: folders_of_all
SELECT b.account, b.region, b.name, f.path FROM s3_folders f JOIN s3_buckets b ON b.id = f.bucket
ORDER BY b.account, b.name

-- name: put_unwritten
INSERT INTO s3_unwritten (bucket, key, account, reason, at) VALUES (:bucket, :key, :account, :reason, :at)
ON CONFLICT (bucket, key) DO UPDATE SET reason = excluded.reason, at = excluded.at

-- name: remove_unwritten
DELETE FROM s3_unwritten WHERE bucket = :bucket AND key = :key

-- name: remove_all_unwritten
DELETE FROM s3_unwritten WHERE bucket = :bucket

-- name: unwritten
SELECT key, reason, at FROM s3_unwritten WHERE bucket = :bucket ORDER BY key LIMIT 1000

-- name: all_sequencers
SELECT key, sequencer FROM s3_objects WHERE bucket = :bucket ORDER BY key

-- name: put_configuration
INSERT INTO s3_configurations (bucket, kind, account, body) VALUES (:bucket, :kind, :account, :body)
ON CONFLICT (bucket, kind) DO UPDATE SET body = excluded.body

-- name: find_configuration
SELECT body FROM s3_configurations WHERE bucket = :bucket AND kind = :kind

-- name: configurations
SELECT body FROM s3_configurations WHERE bucket = :bucket AND kind >= :start AND kind < :end ORDER BY kind

-- name: remove_configuration
DELETE FROM s3_configurations WHERE bucket = :bucket AND kind = :kind

-- name: remove_configurations
DELETE FROM s3_configurations WHERE bucket = :bucket

-- name: put_versioning
UPDATE s3_buckets SET versioning = :versioning WHERE id = :id

-- name: retire_object
INSERT INTO s3_versions (bucket, key, version, marker, account, region, blob, parts, shared, size, etag, checksum,
    modified, sequencer, headers, tags, trace_id, cause)
SELECT bucket, key, version, 0, account, region, blob, parts, shared, size, etag, checksum,
    modified, sequencer, headers, tags, trace_id, cause
FROM s3_objects WHERE bucket = :bucket AND key = :key

-- name: promote_version
INSERT INTO s3_objects (bucket, key, version, account, region, blob, parts, shared, size, etag, checksum,
    modified, sequencer, headers, tags, trace_id, cause)
SELECT bucket, key, version, account, region, blob, parts, shared, size, etag, checksum,
    modified, sequencer, headers, tags, trace_id, cause
FROM s3_versions WHERE bucket = :bucket AND key = :key AND version = :version

-- name: add_marker
INSERT INTO s3_versions (bucket, key, version, marker, account, region, shared, size, etag, modified, sequencer,
    headers, trace_id, cause)
VALUES (:bucket, :key, :version, 1, :account, :region, 0, 0, '', :modified, :sequencer, '{}', :trace_id, :cause)

-- name: newest_version
SELECT version, marker, sequencer FROM s3_versions WHERE bucket = :bucket AND key = :key
ORDER BY sequencer DESC LIMIT 1

-- name: find_version
SELECT key, version, marker, blob, parts, shared, size, etag, checksum, modified, sequencer, headers, tags
FROM s3_versions WHERE bucket = :bucket AND key = :key AND version = :version

-- name: remove_version
DELETE FROM s3_versions WHERE bucket = :bucket AND key = :key AND version = :version
RETURNING marker, blob, parts, shared

-- name: first_version
SELECT key FROM s3_versions WHERE bucket = :bucket LIMIT 1

-- name: versions
SELECT key, version, marker, size, etag, checksum, modified, headers FROM (
    SELECT key, version, 0 AS marker, size, etag, checksum, modified, headers, sequencer
    FROM s3_objects WHERE bucket = :bucket AND key >= :start AND key < :end
    UNION ALL
    SELECT key, version, marker, size, etag, checksum, modified, headers, sequencer
    FROM s3_versions WHERE bucket = :bucket AND key >= :start AND key < :end
) AS every
ORDER BY key, sequencer DESC LIMIT :most
