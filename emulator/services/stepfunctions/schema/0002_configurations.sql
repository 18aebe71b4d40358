-- A version keeps the configurations of the revision it was published from; an activity may have a key of its own.
ALTER TABLE sfn_versions ADD COLUMN logging TEXT;
ALTER TABLE sfn_versions ADD COLUMN tracing TEXT;
ALTER TABLE sfn_versions ADD COLUMN encryption TEXT;
UPDATE sfn_versions SET
    logging = (SELECT logging FROM sfn_machines WHERE id = sfn_versions.machine),
    tracing = (SELECT tracing FROM sfn_machines WHERE id = sfn_versions.machine),
    encryption = (SELECT encryption FROM sfn_machines WHERE id = sfn_versions.machine);
ALTER TABLE sfn_activities ADD COLUMN encryption TEXT NOT NULL DEFAULT '{"type": "AWS_OWNED_KEY"}';
-- From here on a list: the latest tokens as [token, microseconds], which are good for a quarter of an hour.
UPDATE sfn_executions SET redrive_token = NULL;
