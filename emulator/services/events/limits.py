"""EventBridge's quotas (Amazon EventBridge quotas; botocore's model)."""

ENTRIES_BYTES_MAX = 1_048_576
PATTERN_CHARACTERS_MAX = 4_096
DEPTH_MAX = 500  # ours: AWS refuses past 1,100; Python recurses
TARGETS_PER_RULE = 5
RETRY_ATTEMPTS = 185
EVENT_AGE_SECONDS = 86_400
INVOCATIONS_PER_SECOND = 300
AUTHORIZATION_STARTS_SECONDS = 1  # ours: how long a connection is AUTHORIZING before its endpoint is asked
ACTIVE_REPLAYS = 10
REPLAY_STARTS_SECONDS = 1  # ours: how long a replay is STARTING; with AWS up to minutes
REPLAY_SLICE = 20  # ours: events replayed in one transaction
SEEN_MICROS = 3_600_000_000  # ours: how long events are remembered, of wall time
