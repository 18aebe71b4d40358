"""Mails of the local inbox as files, and how long a list is."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from emulator.errors import AwsError

SENDER = "AWS Notifications <no-reply@sns.amazonaws.com>"


def eml(*, to: str, subject: str, body: str, at: datetime, message_id: str) -> bytes:
    """A mail in the form of RFC 5322, as every mail program opens it."""
    mail = EmailMessage()
    mail["From"] = SENDER
    mail["To"] = _line(to)
    mail["Subject"] = _line(subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id}@stepwell.local>"
    mail.set_content(body)
    return bytes(mail)


def _line(text: str) -> str:
    """A header's text: it has no further lines."""
    return " ".join(text.splitlines())


def page_size(max_results: int | None) -> int:
    """How many a list shows at most; raises InvalidParameterException for less than one."""
    if max_results is None:
        return 100
    if max_results < 1:
        raise AwsError("InvalidParameterException", "MaxResults must be at least 1.")
    return max_results
