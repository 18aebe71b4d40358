"""Mails become files, and what is over an hour old is forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from emulator.clock import from_micros
from emulator.kit.context import Context
from emulator.kit.effects import WriteFile
from emulator.kit.results import Again, Done, Outside
from emulator.kit.service import Item, Kind
from emulator.services.stepwell.model import eml
from emulator.storage import Queries

SQL = Queries.load(Path(__file__).with_name("queries.sql"))
WRITE_MAIL = "stepwell.write_mail"


def write_mail(ctx: Context, item: Item) -> Done:
    """Write a mail's file; the same file again after a crash."""
    row = ctx.tx.one(SQL.find_mail, id=item.payload["mail"])
    if row is None:
        return None
    text = eml(
        to=row["recipient"],
        subject=row["subject"],
        body=row["body"],
        at=from_micros(row["at"]),
        message_id=row["file"].removesuffix(".eml"),
    )
    return Outside(WriteFile(ctx.house.data / "inbox" / row["file"], text))


def written(ctx: Context, item: Item, outcome: Any) -> Done:
    """The file is there, or will be tried again in a while."""
    return Again(ctx.after(5)) if isinstance(outcome, OSError) else None


KINDS = (Kind(WRITE_MAIL, "router", write_mail, finish=written),)
