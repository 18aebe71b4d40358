"""A frame: one thread of control of an execution (the machine itself, a branch, an iteration), as a row."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl.texts import EMPTY, Data

READY, WAITING, DONE = "ready", "waiting", "done"
ROOT = "0"


class Frame:
    """Where one thread of control stands.

    `work` is what the current state keeps between two steps (plain JSON, replaced, never changed in
    place): a task's ids, a timer, or the children of a Parallel or Map. `prev` is the id of the last
    event of this thread, `entered` that of the current state's entry, `before` the one before it.
    """

    __slots__ = (
        "at",
        "before",
        "entered",
        "entered_time",
        "id",
        "index",
        "input",
        "output",
        "parent",
        "phase",
        "prev",
        "retries",
        "scope",
        "variables",
        "work",
    )

    def __init__(self, frame_id: str, scope: int, at: str, given: Data, prev: int) -> None:
        self.id = frame_id
        self.scope = scope
        self.at = at
        self.input = given
        self.prev = prev
        self.parent: str | None = None
        self.index = 0
        self.phase = READY
        self.entered = 0
        self.before = 0
        self.entered_time = ""
        self.retries: list[int] = []
        self.variables: dict[str, Data] = {}
        self.work: dict[str, Any] = {}
        self.output: Data | None = None

    def row(self) -> dict[str, Any]:
        """The frame as plain JSON."""
        if self.phase == DONE:
            done: dict[str, Any] = {"phase": DONE, "parent": self.parent, "index": self.index}
            if self.output is not None:
                done["output"] = self.output.text
            elif self.work:
                done["work"] = self.work
            return done
        row: dict[str, Any] = {
            "phase": self.phase,
            "scope": self.scope,
            "at": self.at,
            "input": self.input.text,
            "prev": self.prev,
            "entered": self.entered,
            "before": self.before,
            "time": self.entered_time,
        }
        if self.parent is not None:
            row["parent"] = self.parent
            row["index"] = self.index
        if self.retries:
            row["retries"] = self.retries
        if self.variables:
            row["variables"] = {name: data.text for name, data in self.variables.items()}
        if self.work:
            row["work"] = self.work
        return row


def indexes_of(work: dict[str, Any]) -> list[int]:
    """The children of a Parallel or Map that are frames, by index: a Map keeps those at work, in `live`."""
    found: list[int] = work["live"] if "live" in work else list(range(work["started"]))
    return found


def rows_of(work: dict[str, Any]) -> list[str]:
    """The rows that a Map keeps beside its children, by what follows the number of its group."""
    return ["items", *(f"out.{chunk}" for chunk in work["chunks"])] if "chunks" in work else []


def from_row(frame_id: str, row: dict[str, Any]) -> Frame:
    """The frame a row describes."""
    if row["phase"] == DONE:
        frame = Frame(frame_id, 0, "", EMPTY, 0)
        frame.phase, frame.parent, frame.index = DONE, row["parent"], row["index"]
        frame.output = Data(row["output"]) if "output" in row else None
        frame.work = row.get("work", {})
        return frame
    frame = Frame(frame_id, row["scope"], row["at"], Data(row["input"]), row["prev"])
    frame.phase = row["phase"]
    frame.entered, frame.before, frame.entered_time = row["entered"], row["before"], row["time"]
    frame.parent = row.get("parent")
    frame.index = row.get("index", 0)
    frame.retries = row.get("retries", [])
    frame.variables = {name: Data(text) for name, text in row.get("variables", {}).items()}
    frame.work = row.get("work", {})
    return frame
