"""Fail: ends its frame with an error and a cause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.languages.asl import templates
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.failures import StateFailure, runtime
from emulator.languages.asl.states.state import State
from emulator.languages.asl.texts import dump

if TYPE_CHECKING:
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run


class FailState(State):
    type = "Fail"

    def __init__(self, name: str, definition: dict[str, Any], language: str) -> None:
        super().__init__(name, definition, language)
        self.error = self._part(definition, "Error")
        self.cause = self._part(definition, "Cause")

    def _part(self, definition: dict[str, Any], field: str) -> Read | None:
        if field in definition and self.jsonata:
            from emulator.languages.asl import queries  # loaded by the first machine that uses it

            return queries.typed(definition[field], field, (str,), "string")
        if field in definition:
            text = definition[field]
            return lambda env: text
        if f"{field}Path" in definition:
            return templates.expression(definition[f"{field}Path"], f"{field}Path")
        return None

    def begin(self, run: Run, frame: Frame) -> None:
        env = Env(run, frame, frame.input.value)
        error = self._string(self.error, env, "ErrorPath")
        cause = self._string(self.cause, env, "CausePath")
        raise StateFailure(error, cause)

    def _string(self, read: Read | None, env: Env, field: str) -> str | None:
        if read is None:
            return None
        value = read(env)
        if not isinstance(value, str):
            raise runtime(f"The {field} field must refer to a string, but refers to: {dump(value)}")
        return value
