-- A body lies in its row, or in a file under the data folder's `blobs`; a row never names a file that is not there.
CREATE TABLE blobs (
    id SERIAL,
    size BIGINT NOT NULL,
    md5 TEXT NOT NULL,
    body BLOB,
    file TEXT UNIQUE
);
