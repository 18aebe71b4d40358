-- A machine that is deleted while executions of it run goes with the last of them.
ALTER TABLE sfn_machines ADD COLUMN deleting INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sfn_executions_running ON sfn_executions (account, region, machine) WHERE status = 'RUNNING';
