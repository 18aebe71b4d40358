-- When an execution told its start, and its success if that came at once, in microseconds of wall time, while nothing
-- could hear of it: what it told is read from this row (operations/unheard.py). NULL: events_seen has it, if anything.
ALTER TABLE sfn_executions ADD COLUMN unheard BIGINT;
-- When it was started, in microseconds of its account: `started` is that in the milliseconds that AWS tells, and would
-- come before what led to it.
ALTER TABLE sfn_executions ADD COLUMN begun BIGINT;
CREATE INDEX sfn_executions_unheard ON sfn_executions (account, id) WHERE unheard IS NOT NULL;
