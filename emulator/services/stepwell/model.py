"""Mails of the local inbox as files."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

SENDER = "AWS Notifications <no-reply@sns.amazonaws.com>"


def eml(*, to: str, subject: str, body: str, at: datetime, message_id: str) -> bytes:
    """A mail in the form of RFC 5322, as every mail program opens it."""
    mail = EmailMessage()
    mail["From"] = SENDER
    mail["To"] = to
    mail["Subject"] = " ".join(subject.splitlines())
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message_id}@stepwell.local>"
    mail.set_content(body)
    return bytes(mail)
