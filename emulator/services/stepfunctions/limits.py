"""Step Functions' quotas (Step Functions Developer Guide, "Service quotas"; FACTS)."""

PAYLOAD_BYTES_MAX = 262_144
NAME_CHARACTERS_MAX = 80
SYNC_SECONDS_MAX = 300
BUDGET = 400  # transitions in one slice of the loop (DESIGN, invariant 8)
LIVE_EXECUTIONS = 512  # executions whose state is kept in memory between two events
PAGE = 100  # results of a list where the caller does not say
ACTIVITY_SECONDS = 60  # how long GetActivityTask waits for a task
REDRIVE_DAYS = 14  # after its end, an execution can be redriven
REDRIVE_EVENTS_MAX = 24_999  # the history of an execution that can be redriven is shorter
