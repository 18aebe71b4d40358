-- name: find_bucket
SELECT b.id, b.account, b.region, b.name, b.created, b.tags, b.notifications, f.path AS folder
FROM s3_buckets b LEFT JOIN s3_folders f ON f.bucket = b.id
WHERE b.account = :account AND b.name = :name

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
SELECT key, blob, parts, shared, size, etag, checksum, modified, sequencer, headers, tags
FROM s3_objects WHERE bucket = :bucket AND key = :key

-- name: first_object
SELECT key FROM s3_objects WHERE bucket = :bucket LIMIT 1

-- name: add_object
INSERT INTO s3_objects (bucket, key, account, region, blob, parts, shared, size, etag, checksum, modified,
    sequencer, headers, tags, trace_id, cause)
VALUES (:bucket, :key, :account, :region, :blob, :parts, :shared, :size, :etag, :checksum, :modified,
    :sequencer, :headers, :tags, :trace_id, :cause)
ON CONFLICT (bucket, key) DO NOTHING

-- name: replace_object
UPDATE s3_objects SET blob = :blob, parts = :parts, shared = :shared, size = :size, etag = :etag,
    checksum = :checksum, modified = :modified, sequencer = :sequencer, headers = :headers, tags = :tags,
    trace_id = :trace_id, cause = :cause
WHERE bucket = :bucket AND key = :key

-- name: remove_object
DELETE FROM s3_objects WHERE bucket = :bucket AND key = :key
RETURNING blob, parts, shared, etag, size

-- name: put_object_tags
UPDATE s3_objects SET tags = :tags WHERE bucket = :bucket AND key = :key

-- name: share_object
UPDATE s3_objects SET shared = 1 WHERE bucket = :bucket AND key = :key

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

-- name: first_upload
SELECT id FROM s3_uploads WHERE bucket = :bucket LIMIT 1

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

-- name: remove_configurations
DELETE FROM s3_configurations WHERE bucket = :bucket
