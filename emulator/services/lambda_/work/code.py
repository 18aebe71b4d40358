"""Code of functions apart from their calls: unpacked by a thread, and removed when no function has it any more."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.effects import Block, RetireFunctions
from emulator.kit.results import Done, Outside
from emulator.kit.service import Item
from emulator.services.lambda_.operations.code import Code, unpack
from emulator.services.lambda_.operations.deploying import parent, unpacked_key
from emulator.services.lambda_.operations.statements import SQL


def begin_unpacking(ctx: Context, item: Item) -> Done:
    """Hand an archive to a thread; its call is gone if this process does not have it."""
    archive = ctx.memory("lambda").get("archives", {}).get(item.payload["request"])
    return None if archive is None else Outside(Block(partial(_try_to_unpack, archive, parent(ctx))))


def _try_to_unpack(archive: bytes, folder: Path) -> Code | AwsError:
    try:
        return unpack(archive, folder)
    except AwsError as error:
        return error


def finish_unpacking(ctx: Context, item: Item, outcome: Code | AwsError | OSError) -> Done:
    """Call the operation again that waits for it."""
    request = item.payload["request"]
    memory = ctx.memory("lambda")
    memory["archives"].pop(request, None)
    if isinstance(outcome, OSError):
        outcome = AwsError("ServiceException", f"The code could not be unpacked: {outcome}", status=500)
    memory.setdefault("unpacked", {})[request] = outcome
    ctx.wake(unpacked_key(request))
    return None


def retire(ctx: Context, item: Item) -> Done:
    """The workers of what is no more end; in other processes they do when they were idle for long enough."""
    return Outside(RetireFunctions(tuple(item.payload["keys"])))


def collect(ctx: Context, item: Item) -> Done:
    """Remove the folders, and the archives beside them, that no function and no layer has.

    Whoever deploys the same code locks the row of the folder first: it finds the folder, or that there is none.
    """
    found: list[Path] = []
    for text in item.payload["folders"]:
        ctx.tx.execute(SQL.touch_code, folder=text)
        if ctx.tx.one(SQL.find_use_of_code, folder=text) is None:
            ctx.tx.execute(SQL.remove_code, folder=text)
            found += _set_aside(Path(text))
    return Outside(Block(partial(_remove, found))) if found else None


def _set_aside(folder: Path) -> list[Path]:
    """Give a folder and its archive names under which nobody finds them."""
    aside = [folder.with_name(f".removed-{folder.name}"), folder.with_name(f".removed-{folder.name}.zip")]
    for before, after in zip((folder, folder.with_name(f"{folder.name}.zip")), aside, strict=True):
        if before.exists() and not after.exists():
            before.rename(after)
    return aside


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def ended(ctx: Context, item: Item, outcome: object) -> Done:
    """There is nothing more to do."""
    return None


def lost(ctx: Context, item: Item) -> Done:
    """The process ended meanwhile: its workers with it, and who waited for an archive."""
    return None
