"""The local inbox: mails as rows, and as `.eml` files in the data folder."""

from __future__ import annotations

from typing import Any

from emulator import ids
from emulator.clock import from_micros
from emulator.kit.context import Context
from emulator.services.stepwell.model import page_size
from emulator.services.stepwell.work import SQL, WRITE_MAIL


def put_mail(ctx: Context, *, to: str, subject: str, body: str, source_arn: str | None = None) -> dict[str, Any]:
    """Keep a mail; its file `inbox/<time>-<id>.eml` follows as work."""
    file = f"{ctx.now:%Y%m%dT%H%M%S}-{ids.new_hex(8)}.eml"
    mail = ctx.tx.number(
        SQL.add_mail,
        account=ctx.account,
        at=ctx.micros,
        recipient=to,
        subject=subject,
        body=body,
        source_arn=source_arn,
        file=file,
        trace_id=ctx.origin.trace_id,
    )
    ctx.add_work(WRITE_MAIL, {"mail": mail})
    return {"Id": mail, "File": file}


def list_mail(ctx: Context, *, to: str | None = None, max_results: int | None = None) -> dict[str, Any]:
    most = page_size(max_results)
    if to is None:
        rows = ctx.tx.all(SQL.mail, account=ctx.account, most=most)
    else:
        rows = ctx.tx.all(SQL.mail_to, account=ctx.account, recipient=to, most=most)
    return {
        "Mail": [
            {
                "Id": row["id"],
                "At": from_micros(row["at"]),
                "To": row["recipient"],
                "Subject": row["subject"],
                "Body": row["body"],
                "SourceArn": row["source_arn"] or "",
                "File": row["file"],
                "TraceId": row["trace_id"],
            }
            for row in rows
        ]
    }


def delete_mail(ctx: Context, *, id: int | None = None) -> dict[str, Any]:
    if id is None:
        ctx.tx.execute(SQL.remove_all_mail, account=ctx.account)
    else:
        ctx.tx.execute(SQL.remove_mail, account=ctx.account, id=id)
    return {}
