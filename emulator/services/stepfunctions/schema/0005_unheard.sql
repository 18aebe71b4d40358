-- When an execution told its start and its success, in microseconds of its account, on a bus without rules and
-- archives: what it told can be read from this row (work/unheard.py). NULL: it told nothing, or events_seen has it.
ALTER TABLE sfn_executions ADD COLUMN unheard BIGINT;
