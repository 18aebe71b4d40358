-- The history of an execution that ended in its first burst, up to its event `burst_last`; what follows is segments.
ALTER TABLE sfn_executions ADD COLUMN burst_last BIGINT;
ALTER TABLE sfn_executions ADD COLUMN burst BLOB;
