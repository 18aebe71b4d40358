"""Variables: what an Assign sets, and how much all of them may hold (AWS: passing data between states)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.languages.asl.failures import too_large
from emulator.languages.asl.history import WHOLE
from emulator.languages.asl.limits import PAYLOAD_LIMIT
from emulator.languages.asl.texts import Data, of, size_of

if TYPE_CHECKING:
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run

ALL = 10 * 1024 * 1024  # bytes of all the variables of an execution


def assign(run: Run, frame: Frame, name: str, assigned: dict[str, Any]) -> dict[str, Any]:
    """Set variables of a frame; what the event of the state `name` tells of them. Raises StateFailure."""
    kept = {variable: of(value) for variable, value in assigned.items()}
    texts = {variable: data.text for variable, data in kept.items()}
    size = sum(map(size_of, texts.values()))
    if size > PAYLOAD_LIMIT:
        raise too_large(name, terminal=True)
    run.spend(size)
    # What was ever assigned is more than what there is: only when that is too much, it is measured.
    run.top["assigned"] = ever = run.top.get("assigned", 0) + size
    if ever > ALL:
        run.top["assigned"] = stored = _stored(run, frame, kept)
        if stored > ALL:
            raise too_large(name, terminal=True)
    frame.variables = {**frame.variables, **kept}
    return {"assignedVariables": texts, "assignedVariablesDetails": WHOLE}


def _stored(run: Run, frame: Frame, kept: dict[str, Data]) -> int:
    """The bytes of all variables of all frames, with what `frame` is about to keep."""
    size = sum(size_of(data.text) for data in {**frame.variables, **kept}.values())
    for other in {*run.rows, *run.live} - {frame.id}:
        live = run.live.get(other)
        if live is not None:
            size += sum(size_of(data.text) for data in live.variables.values())
        else:
            size += sum(map(size_of, run.rows[other].get("variables", {}).values()))
    return size
