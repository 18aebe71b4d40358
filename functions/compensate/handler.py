"""Undoes what was begun for an order that cannot be filled; here it says what it would undo."""


def handler(event, context):
    """`{key, error}` -> `{key, released, reason}`."""
    reason = event["error"]["errorMessage"]
    print(f"{event['key']}: reservations released, because {reason}")
    return {"key": event["key"], "released": True, "reason": reason}
