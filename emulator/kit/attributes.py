"""Message attributes, of which SQS and SNS say the same."""

from __future__ import annotations


def is_number(text: str) -> bool:
    """Whether an attribute of type Number may have this value."""
    try:
        float(text)
    except ValueError:
        return False
    return text == text.strip() and "_" not in text
