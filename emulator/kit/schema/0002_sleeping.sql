-- Work that slept once is asked to look again whenever the house starts (see Work.rouse).
ALTER TABLE work ADD COLUMN sleeps INTEGER NOT NULL DEFAULT 0;
CREATE INDEX work_sleeps ON work (id) WHERE sleeps = 1;
