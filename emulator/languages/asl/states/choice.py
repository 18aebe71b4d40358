"""Choice: goes where the first rule that holds points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.languages.asl import choices
from emulator.languages.asl.dataflow import PathFlow, find_template
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.failures import runtime
from emulator.languages.asl.states.state import State
from emulator.languages.asl.texts import Data, of

if TYPE_CHECKING:
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run


class Way:
    """Where a rule (or Default) leads, with its own Assign and Output."""

    __slots__ = ("assign", "holds", "output", "target")

    def __init__(self, holds: Read, target: str, assign: Read | None, output: Read | None) -> None:
        self.holds = holds
        self.target = target
        self.assign = assign
        self.output = output


class ChoiceState(State):
    type = "Choice"

    def __init__(self, name: str, definition: dict[str, Any], language: str) -> None:
        super().__init__(name, definition, language)
        self.ways = [self._way(rule, place) for place, rule in enumerate(definition["Choices"])]
        self.default: str | None = definition.get("Default")
        self.outward = None  # what makes the output of the input
        if isinstance(self.flow, PathFlow) and self.flow.output_path is not None:
            self.outward = self.flow.outward

    def _way(self, rule: dict[str, Any], place: int) -> Way:
        where = f"Choices[{place}]/"
        assign = find_template(rule, "Assign", self.jsonata, where)
        if not self.jsonata:
            return Way(choices.rule(rule), rule["Next"], assign, None)
        from emulator.languages.asl import queries  # loaded by the first machine that uses it

        output = find_template(rule, "Output", self.jsonata, where)
        holds = queries.typed(rule["Condition"], f"{where}Condition", (bool,), "boolean")
        return Way(holds, rule["Next"], assign, output)

    def begin(self, run: Run, frame: Frame) -> None:
        flow = self.flow
        data = flow.effective(run, frame)
        env = Env(run, frame, data.value)
        for way in self.ways:
            if way.holds(env):
                self._take(run, frame, way, env, data)
                return
        if self.default is None:
            # AWS reserves States.NoChoiceMatched and reports States.Runtime (AWS: error handling).
            raise runtime("Failed to transition out of the state. The state does not point to a next state.")
        output, assigned = flow.exit(run, frame, data)
        run.leave(frame, self, output, self.default, assigned)

    def _take(self, run: Run, frame: Frame, way: Way, env: Env, data: Data) -> None:
        assigned = None if way.assign is None else way.assign(env)
        if way.output is not None:
            output = of(way.output(env))
        else:
            output = data if self.outward is None else self.outward(run, frame, data)
        run.leave(frame, self, output, way.target, assigned)
