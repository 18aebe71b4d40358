"""The outputs of a Map's iterations, kept in rows of a few each: a frame that has ended is gone at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.languages.asl.texts import Data

if TYPE_CHECKING:
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run

CHUNK = 32  # outputs in a row


def take(run: Run, frame: Frame, child: Frame) -> dict[str, Any]:
    """Count in an iteration that succeeded, with its output; the work of the Map's frame after that."""
    assert child.output is not None
    work, chunk = frame.work, child.index // CHUNK
    name = f"{work['group']}.out.{chunk}"
    known = run.rows.get(name)
    texts = [None] * min(CHUNK, work["count"] - chunk * CHUNK) if known is None else list(known["outputs"])
    texts[child.index % CHUNK] = child.output.text
    run.keep_row(name, {"outputs": texts})
    run.remove_frame(child.id)
    live = [index for index in work["live"] if index != child.index]
    frame.work = {**work, "done": work["done"] + 1, "live": live}
    if known is None:
        frame.work["chunks"] = [*work["chunks"], chunk]
    return frame.work


def gathered(run: Run, frame: Frame) -> Data:
    """The outputs of all iterations in order, as one JSON array."""
    work = frame.work
    chunks = (run.rows[f"{work['group']}.out.{chunk}"]["outputs"] for chunk in sorted(work["chunks"]))
    return Data(f"[{','.join(text for texts in chunks for text in texts)}]")
