"""One state run by itself, its task answered by a mock or by the caller, every step of its data shown (TestState)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from emulator.languages.asl import answers
from emulator.languages.asl.assigning import assign
from emulator.languages.asl.dataflow import PathFlow
from emulator.languages.asl.document import Machine
from emulator.languages.asl.effects import RunTask
from emulator.languages.asl.environment import Env, MapItem, listed
from emulator.languages.asl.failures import StateFailure, failure_of, find_entry
from emulator.languages.asl.frames import DONE, ROOT, Frame
from emulator.languages.asl.run import Run
from emulator.languages.asl.states.map import MapState
from emulator.languages.asl.states.parallel import ParallelState
from emulator.languages.asl.states.pass_ import PassState
from emulator.languages.asl.states.state import State
from emulator.languages.asl.states.task import TaskState, of_task
from emulator.languages.asl.states.wait import WaitState
from emulator.languages.asl.texts import Data, dump, of

Answer = answers.TaskSucceeded | answers.TaskFailed


@dataclass(frozen=True, slots=True)
class Mock:
    """What stands for the work of a Task, Map or Parallel: a result, or an error."""

    result: Any = None
    error: tuple[str | None, str | None] | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """The situation a state is tested in: `stateConfiguration` of TestState.

    `read` gives the items of the data that an ItemReader with that ReaderConfig has found; it may raise StateFailure.
    """

    retried: int = 0
    failed_iterations: int = 0
    read: Callable[[dict[str, Any]], list[Any]] | None = None


class ImpossibleError(ValueError):
    """No state can be in the situation of a Configuration."""


@dataclass(slots=True)
class Tested:
    """How the state ended: SUCCEEDED, FAILED, RETRIABLE or CAUGHT_ERROR; `inspection` as AWS names its members."""

    status: str = "SUCCEEDED"
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    next_state: str | None = None
    inspection: dict[str, Any] = field(default_factory=dict)


class _Alone(Run):
    """A Run whose context object may be given as a whole; `item` is that of the Map its state lies in."""

    given: dict[str, Any] | None = None
    item: MapItem | None = None

    def context(self, frame: Frame, item: MapItem | None = None) -> dict[str, Any]:
        return super().context(frame, item or self.item) if self.given is None else self.given


def find_state(machine: Machine, name: str) -> tuple[int, State] | None:
    """The scope's number and the state of that name, wherever it is nested."""
    for scope, states in enumerate(machine.scopes):
        if name in states.states:
            return scope, states.states[name]
    return None


def _in_map(machine: Machine, scope: int) -> bool:
    """Does a scope lie in a Map, however deep?"""
    for outer, states in enumerate(machine.scopes if scope else ()):
        for state in states.states.values():
            if isinstance(state, MapState) and state.scope == scope:
                return True
            if isinstance(state, ParallelState) and scope in (inner for inner, _ in state.branches):
                return _in_map(machine, outer)
    return False


class Single:
    """One test of one state. `context` without State; `whole` is a context object that replaces all of it."""

    def __init__(
        self,
        machine: Machine,
        name: str,
        given: str,
        context: dict[str, Any],
        now: datetime,
        seed: int,
        whole: dict[str, Any] | None = None,
        variables: dict[str, Any] | None = None,
    ) -> None:
        found = find_state(machine, name)
        if found is None:
            raise KeyError(name)
        scope, self.state = found
        top = {"context": context, "last": 0, "next": 1, "draws": 0, "ready": [], "frames": {}}
        self.run = _Alone(machine, top, now, seed, 1)
        self.run.given = whole
        if _in_map(machine, scope):
            # The first iteration (Step Functions Developer Guide, "Automatic Context population").
            self.run.item = MapItem(0, Data(given).value)
        self.frame = Frame(ROOT, scope, name, Data(given), 0)
        self.frame.variables = {key: of(value) for key, value in (variables or {}).items()}
        self.run.live[ROOT] = self.frame
        self.tested = Tested(inspection={"input": given})

    def test(self, mock: Mock | None, configuration: Configuration, perform: Callable[[RunTask], Answer]) -> Tested:
        """Run the state: `mock` answers for it, or `perform` does what a Task without a mock asks for.

        Raises ImpossibleError.
        """
        frame, run = self.frame, self.run
        frame.entered, frame.entered_time = 1, run.now_text
        try:
            if isinstance(self.state, MapState):
                self._inspect_map(configuration)
            elif isinstance(self.state.flow, PathFlow) and not self._is_fixed():
                self._show("afterInputPath", self.state.flow.effective(run, frame))
            if mock is not None:
                self._mocked(mock, configuration)
            elif isinstance(self.state, TaskState):
                self._performed(perform)
            else:
                self._unaided()
        except (StateFailure, RecursionError) as error:
            self._failed(failure_of(error), configuration)
        if frame.variables and self.tested.status in ("SUCCEEDED", "CAUGHT_ERROR"):
            self.tested.inspection["variables"] = dump({name: data.value for name, data in frame.variables.items()})
        return self.tested

    def _is_fixed(self) -> bool:
        return isinstance(self.state, PassState) and self.state.result is not None

    def _show(self, name: str, data: Data) -> None:
        self.tested.inspection[name] = data.text

    # -- the three ways to a result

    def _unaided(self) -> None:
        state, frame, run = self.state, self.frame, self.run
        if isinstance(state, PassState) and isinstance(state.flow, PathFlow):
            if state.result is not None:
                self._show("result", state.result)
                self._exit(state.result)
                return
            given = state.flow.payload(run, frame)
            self._show("afterParameters", given)
            self._exit(given)
            return
        state.begin(run, frame)
        if isinstance(state, WaitState) and frame.work:
            frame.work = {}
            state.leave(run, frame)
        ended = frame.phase == DONE
        self.tested.output = frame.input.text
        self.tested.next_state = None if ended else frame.at

    def _mocked(self, mock: Mock, configuration: Configuration) -> None:
        if isinstance(self.state, TaskState):
            self._parameters()
        if mock.error is not None:
            raise StateFailure(*mock.error)
        if isinstance(self.state, MapState):
            bounds = {"toleratedFailureCount", "toleratedFailurePercentage"} & self.tested.inspection.keys()
            env = Env(self.run, self.frame, self.frame.input.value)
            if bounds and configuration.failed_iterations > self.state.limits.tolerated(env, len(mock.result)):
                raise self.state.limits.exceeded()
        result = of(mock.result)
        if isinstance(self.state, TaskState):
            self._show("result", result)
        self._exit(result)

    def _performed(self, perform: Callable[[RunTask], Answer]) -> None:
        self._parameters()
        self.state.begin(self.run, self.frame)
        (task,) = (effect for effect in self.run.effects if isinstance(effect, RunTask))
        answer = perform(task)
        if isinstance(answer, answers.TaskFailed):
            raise of_task(answer)
        result = of(answer.output)
        self._show("result", result)
        self._exit(result)

    def _parameters(self) -> None:
        flow = self.state.flow
        if isinstance(flow, PathFlow):
            self._show("afterParameters", flow.payload(self.run, self.frame))
        elif getattr(flow, "arguments", None) is not None:
            self._show("afterArguments", flow.payload(self.run, self.frame))

    def _exit(self, result: Data) -> None:
        """From the result to the output, and on to the next state."""
        flow, run, frame = self.state.flow, self.run, self.frame
        if isinstance(flow, PathFlow):
            selected, placed, assigned = flow.placed(run, frame, result)
            if not isinstance(self.state, MapState):
                self._show("afterResultSelector", selected)
                self._show("afterResultPath", placed)
            output = flow.outward(run, frame, placed)
        else:
            output, assigned = flow.exit(run, frame, result)
        if assigned is not None:
            assign(run, frame, self.state.name, assigned)
        self.tested.output = output.text
        self.tested.next_state = self.state.target

    # -- Map

    def _inspect_map(self, configuration: Configuration) -> None:
        """What a Map would have run: its items, and its limits."""
        state, run, frame = self.state, self.run, self.frame
        assert isinstance(state, MapState)
        data = state.flow.effective(run, frame)
        if isinstance(state.flow, PathFlow):
            self._show("afterInputPath", data)
        env = Env(run, frame, data.value)
        items: list[Any] | None = None
        # What a reader would have found may be a part of the input
        # (Step Functions Developer Guide, "Testing Distributed Map states").
        if state.reader is None or (configuration.read is None and state.items is not None):
            found = state.find_items(env)
            if isinstance(state.flow, PathFlow):
                self._show("afterItemsPath", of(found))
            items = listed(found)
        elif configuration.read is not None:
            config = state.reader.config(env)
            items = configuration.read(config)
            if "ItemsPointer" in config:
                self._show("afterItemsPointer", of(items))
        if items is not None and configuration.failed_iterations > len(items):
            raise ImpossibleError("mapIterationFailureCount cannot exceed the number of items.")
        if state.selector is not None and items is not None:
            select = state.selector
            items = [select(Env(run, frame, data.value, MapItem(at, item))) for at, item in enumerate(items)]
            self._show("afterItemSelector", of(items))
        if state.batcher is not None and items is not None:
            self._show("afterItemBatcher", of(state.batcher.batches(env, items)))
        self.tested.inspection |= state.limits.shown(env)

    # -- failing

    def _fell(self, failure: StateFailure) -> str | None:
        """The state has failed; the cause as it is told."""
        tested, cause = self.tested, failure.cause
        if failure.prefixed:
            cause = f"An error occurred while executing the state '{self.state.name}'. {cause}"
        tested.status, tested.error, tested.cause = "FAILED", failure.error, cause
        tested.output = tested.next_state = None
        return cause

    def _failed(self, failure: StateFailure, configuration: Configuration) -> None:
        cause = self._fell(failure)
        if failure.terminal:
            return
        details: dict[str, Any] = {}
        if not self._retriable(failure, configuration, details):
            self._caught(failure, cause, details)
        if details:
            self.tested.inspection["errorDetails"] = details

    def _retriable(self, failure: StateFailure, configuration: Configuration, details: dict[str, Any]) -> bool:
        position = find_entry(self.state.retriers, failure)
        if position is None:
            return False
        retrier, details["retryIndex"] = self.state.retriers[position], position
        if configuration.retried >= retrier.max_attempts:
            return False
        details["retryBackoffIntervalSeconds"] = int(retrier.delay(configuration.retried, 1.0))
        self.tested.status = "RETRIABLE"
        return True

    def _caught(self, failure: StateFailure, cause: str | None, details: dict[str, Any]) -> None:
        position = find_entry(self.state.catchers, failure)
        if position is None:
            return
        catcher, details["catchIndex"] = self.state.catchers[position], position
        try:
            output, assigned = catcher.exit(self.run, self.frame, {"Error": failure.error, "Cause": cause})
            if assigned is not None:
                assign(self.run, self.frame, self.state.name, assigned)
        except (StateFailure, RecursionError) as error:
            self._fell(failure_of(error))
            return
        self.tested.status, self.tested.next_state = "CAUGHT_ERROR", catcher.next
        self.tested.output = output.text
