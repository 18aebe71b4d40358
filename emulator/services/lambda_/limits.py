"""Lambda's quotas and defaults (Lambda Developer Guide, "Lambda quotas"; API reference)."""

SYNC_PAYLOAD_BYTES = 6_291_456
ASYNC_PAYLOAD_BYTES = 1_048_576
TAIL_BYTES = 4096

ZIPPED_BYTES = 52_428_800
CODE_REQUEST_BYTES = 70_167_211
UNZIPPED_BYTES = 262_144_000
ENVIRONMENT_BYTES = 4096
TOTAL_CODE_BYTES = 80_530_636_800

CONCURRENT_EXECUTIONS = 1000
UNRESERVED_MINIMUM = 100

TIMEOUT_SECONDS = 3
MEMORY_MB = 128
EPHEMERAL_MB = 512

RETRIES = 2
EVENT_AGE_SECONDS = 21_600
# Asynchronous invocations: the first retry a minute after the failure, the second two minutes after that.
RETRY_SECONDS = (60, 120)
# A throttled event goes back to the queue with a back-off from one second to five minutes.
THROTTLE_SECONDS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 300)

PAGE = 50

# Event source mappings of SQS queues.
BATCH_SIZE = 10
FIFO_BATCH_SIZE = 10
RECEIVE_MOST = 10
MAPPING_CONCURRENCY = 5
MAPPING_FILTERS = 5
MAPPINGS_PAGE = 100

LAYERS = 5

# What a function may be created with, in the order in which AWS names them.
RUNTIMES = (
    *("nodejs20.x", "python3.14", "provided.al2023", "python3.12", "python3.13", "nodejs24.x", "nodejs22.x", "java25"),
    *("python3.10", "python3.11", "java21", "ruby3.3", "ruby3.4", "ruby3.2", "python3.8", "python3.9", "java17"),
    *("nodejs16.x", "dotnet10", "dotnet8", "java11", "dotnet6", "nodejs18.x", "provided.al2", "java8.al2"),
)
