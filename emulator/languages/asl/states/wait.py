"""Wait: lets time pass, for so many seconds or until an instant."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from emulator.languages import paths
from emulator.languages.asl import templates
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.failures import query, runtime
from emulator.languages.asl.frames import WAITING
from emulator.languages.asl.limits import SECONDS_MAX
from emulator.languages.asl.states.state import State
from emulator.languages.asl.texts import dump, text_of
from emulator.languages.asl.timestamps import find_datetime

if TYPE_CHECKING:
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run


class WaitState(State):
    type = "Wait"
    aborted_type = "WaitStateAborted"

    def __init__(self, name: str, definition: dict[str, Any], language: str) -> None:
        super().__init__(name, definition, language)
        forms = ("Seconds", "Timestamp", "SecondsPath", "TimestampPath")
        self.form = next(form for form in forms if form in definition)
        self.given = definition[self.form]
        self.read: Read = self._reader()

    def _reader(self) -> Read:
        if self.jsonata:
            from emulator.languages.asl import queries  # loaded by the first machine that uses it

            if self.form == "Seconds":
                return queries.typed(self.given, self.form, (int, float), "number")
            return queries.typed(self.given, self.form, (str,), "string")
        if self.form.endswith("Path"):
            return templates.raw_path(self.given)
        return lambda env: self.given

    def begin(self, run: Run, frame: Frame) -> None:
        document = self.flow.effective(run, frame)
        try:
            value = self.read(Env(run, frame, document.value))
        except paths.PathError as error:
            raise runtime(f"The {self.form} parameter does not reference an input value: {self.given}") from error
        until = self._until(run.now, value)
        if until <= run.now:
            self.leave(run, frame)
            return
        frame.work = {"timer": run.start_timer_at(frame, until)}
        frame.phase = WAITING

    def leave(self, run: Run, frame: Frame) -> None:
        """The time has come."""
        output, assigned = self.flow.exit(run, frame, self.flow.effective(run, frame))
        run.leave(frame, self, output, self.target, assigned)

    def _until(self, now: datetime, value: Any) -> datetime:
        if self.form.startswith("Seconds"):
            return now + timedelta(seconds=self._seconds(value))
        until = find_datetime(value)
        if until is None and self.jsonata:
            raise query(f"The Timestamp is not a valid ISO-8601 timestamp: {value}", "Timestamp")
        if until is None:
            raise runtime(
                "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time"
                f" format string: {self.given} == {text_of(value)}"
            )
        return until

    def _seconds(self, value: Any) -> int:
        whole = isinstance(value, int) and not isinstance(value, bool)
        if isinstance(value, float) and value.is_integer() and self.jsonata:
            value, whole = int(value), True
        if whole and 0 <= value <= SECONDS_MAX:
            return int(value)
        if self.jsonata:
            raise query(f"The Seconds must be an integer from 0 to {SECONDS_MAX}, but was: {dump(value)}", "Seconds")
        raise runtime(f"The SecondsPath parameter cannot be parsed as a long value: {self.given} == {dump(value)}")
