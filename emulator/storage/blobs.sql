-- name: insert_blob
INSERT INTO blobs (size, md5, body, file) VALUES (:size, :md5, :body, :file) RETURNING id

-- name: find_blob
SELECT size, body, file FROM blobs WHERE id = :id

-- name: delete_blob
DELETE FROM blobs WHERE id = :id RETURNING file

-- name: files
SELECT file FROM blobs WHERE file IS NOT NULL
