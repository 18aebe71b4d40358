-- When an execution told its start and its success, in microseconds of wall time, and nothing could hear of them: what it
-- told is read from this row (operations/unheard.py). NULL: it told nothing, or events_seen has it.
ALTER TABLE sfn_executions ADD COLUMN unheard BIGINT;
CREATE INDEX sfn_executions_unheard ON sfn_executions (account, id) WHERE unheard IS NOT NULL;
