"""What of an execution that has not succeeded is kept, so that it can be redriven."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl.frames import ROOT, WAITING, Frame, from_row


def kept(root: Frame) -> dict[str, Any]:
    """The frame of the execution as it stood in the state that did not end well, as plain JSON."""
    frame = Frame(ROOT, root.scope, root.at, root.input, root.prev)
    frame.phase = WAITING
    frame.entered, frame.before, frame.entered_time = root.entered, root.before, root.entered_time
    frame.variables = root.variables
    return frame.row()


def resumed(row: dict[str, Any], previous: int) -> Frame:
    """The frame that goes on, its next event linked to the event `previous`; its state is not entered again."""
    frame = from_row(ROOT, row)
    frame.prev = previous
    return frame
