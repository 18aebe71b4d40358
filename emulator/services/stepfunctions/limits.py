"""Step Functions' quotas (Step Functions Developer Guide, "Service quotas")."""

NAME_CHARACTERS_MAX = 80
SYNC_SECONDS_MAX = 300
BUDGET = 400  # transitions in one slice of the loop (docs/decisions/0001)
SLICE_MICROS = 1_000  # of the loop for one slice, its commit apart
FIRST_SLICE_MICROS = 200  # for the first, which has its call in the same round: to read and to write what it was given
LIVE_EXECUTIONS = 512  # executions whose state is kept in memory between two events
PAGE = 100  # results of a list where the caller does not say
ACTIVITY_SECONDS = 60  # how long GetActivityTask waits for a task
CHILDREN_MAX = 10_000  # child executions of a Map Run at a time
CHILDREN_A_SLICE = 100  # children started in one slice, however fast
DAY_MICROS = 86_400_000_000
REDRIVE_DAYS = 14  # after its end, an execution can be redriven
OPEN_DAYS = 365  # how long an execution may be open
REDRIVE_EVENTS_MAX = 24_999  # the history of an execution that can be redriven is shorter
TEST_SECONDS_MAX = 300
TAGS_MAX = 50  # of one resource
VERSIONS_MAX = 1_000  # of one machine (API reference, PublishStateMachineVersion)
ALIASES_MAX = 100  # of one machine (API reference, CreateStateMachineAlias)
REDRIVE_TOKENS = 10  # client tokens of RedriveExecution that are remembered (API reference)
REDRIVE_TOKEN_SECONDS = 900  # how long each is
CHANGE_BYTES = 253_952  # escaped input and output of a status change event: 248 KiB
