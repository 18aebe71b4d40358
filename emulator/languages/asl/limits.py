"""What AWS allows at most, where more than one part of the language asks for it."""

from __future__ import annotations

PAYLOAD_LIMIT = 262_144  # bytes of UTF-8 (Step Functions quotas, "Maximum input or output size")
SECONDS_MAX = 99_999_999  # of a machine, a Wait, a timeout, a heartbeat, an interval; as many retries are allowed
RETRY_SECONDS_MAX = 31_622_400  # between two attempts; MaxDelaySeconds is less (Developer Guide, "Retrier fields")
