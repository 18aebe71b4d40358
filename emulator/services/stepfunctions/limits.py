"""Step Functions' quotas (Step Functions Developer Guide, "Service quotas"; FACTS)."""

PAYLOAD_BYTES_MAX = 262_144
NAME_CHARACTERS_MAX = 80
SYNC_SECONDS_MAX = 300
BUDGET = 400  # transitions in one slice of the loop (DESIGN, invariant 8)
SLICE_MICROS = 1_000  # of the loop for one slice, its commit apart
LIVE_EXECUTIONS = 512  # executions whose state is kept in memory between two events
PAGE = 100  # results of a list where the caller does not say
ACTIVITY_SECONDS = 60  # how long GetActivityTask waits for a task
CHILDREN_MAX = 10_000  # child executions of a Map Run at a time where nothing bounds it
CHILDREN_AT_ONCE = 1_000  # what one process can use of them
CHILDREN_A_SLICE = 100  # children started in one slice, however fast
REDRIVE_DAYS = 14  # after its end, an execution can be redriven
OPEN_DAYS = 365  # how long an execution may be open
REDRIVE_EVENTS_MAX = 24_999  # the history of an execution that can be redriven is shorter
TEST_SECONDS_MAX = 300
