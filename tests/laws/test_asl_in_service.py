"""What the service makes of a machine is what the engine alone makes of it, wherever the house died on the way."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import sqlite3
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from emulator.app import Emulator
from emulator.languages.asl import answers, effects, machine, mocks
from emulator.languages.asl.document import Machine
from emulator.languages.asl.run import LONGEST
from emulator.languages.asl.scopes import all_states
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.work.drive import INLINE_TASKS
from tests.laws.lives import BEGIN, CONTEXT, check_history
from tests.laws.machines_at_random import AGES, ERRORS, INPUT, definitions, parsed
from tests.laws.test_crash_anywhere import Camera, house

REDRIVES = 2
SUCCEEDED = "SUCCEEDED"
MACHINE = CONTEXT["StateMachine"]["Id"]
ARN = CONTEXT["Execution"]["Id"]
Mocked = dict[str, mocks.Responses]
History = list[dict[str, Any]]
OVER_A_YEAR = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": AGES, "End": True}}}
CHILDREN = {
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "C",
    "States": {"C": {"Type": "Pass", "End": True}},
}
MAP = {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": CHILDREN, "End": True}
BRANCHES = [{"StartAt": "M", "States": {"M": MAP}}, {"StartAt": "F", "States": {"F": {"Type": "Fail"}}}]
GIVEN_UP_AT_ONCE = {"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": BRANCHES, "End": True}}}


def mocked(definition: dict[str, Any], seed: int) -> Mocked:
    """What each task answers when: a few answers at random, then one for ever."""
    dice = random.Random(seed)
    found: Mocked = {}
    for name in [name for name, state, _ in all_states(definition) if state["Type"] == "Task"]:
        good = {"Return": {"n": dice.randrange(3), "items": [1.0, name], "who": name}}
        bad = [{"Throw": {"Error": error, "Cause": "so it was"}} for error in ERRORS]
        found[name] = {str(number): dice.choice((good, good, *bad[:3])) for number in range(4)} | {"4-9999": good}
    return found


class Alone:
    """The engine, its events in the order in which the service has them: the time of day is when a timer is due."""

    def __init__(self, compiled: Machine, tasks: Mocked, seed: int) -> None:
        self.compiled = compiled
        self.tasks = tasks
        self.common = {"seed": seed, "budget": limits.BUDGET}
        self.now = BEGIN
        self.asked: dict[str, int] = {}
        self.timers: dict[str, datetime] = {}
        self.work: deque[answers.Event] = deque()
        self.history: History = []

    def run(self) -> History:
        """The whole history, redriven as often as may be."""
        context = {**CONTEXT, "Execution": {**CONTEXT["Execution"], "Input": INPUT}}
        given = json.dumps(INPUT)
        last = self._live(machine.start(self.compiled, input=given, context=context, now=BEGIN, **self.common))
        for count in range(1, REDRIVES + 1):
            if last.outcome is None or last.outcome.status == SUCCEEDED or self.now >= BEGIN + LONGEST:
                break
            step = machine.redrive(
                self.compiled, left=last.state, context=context, count=count, now=self.now, **self.common
            )
            last = self._live(step)
        return self.history

    def _live(self, step: effects.Step) -> effects.Step:
        step = self._slice(step)
        while step.outcome is None:
            if self.work:
                event = self.work.popleft()
            else:
                name = min(self.timers, key=lambda name: self.timers[name])
                self.now = self.timers.pop(name)
                event = answers.TimerFired(name)
            step = self._slice(self._advance(step, event))
        self.work.clear()
        return step

    def _advance(self, step: effects.Step, event: answers.Event) -> effects.Step:
        return machine.advance(self.compiled, step.state, event, now=self.now, **self.common)

    def _slice(self, step: effects.Step) -> effects.Step:
        waiting = deque(self._done(step))
        for _ in range(INLINE_TASKS):
            if step.outcome is None and waiting:
                step = self._advance(step, waiting.popleft())
                waiting.extend(self._done(step))
        self.work.extend(waiting)
        if step.more:
            self.work.append(answers.Continue())
        return step

    def _done(self, step: effects.Step) -> Iterator[answers.Event]:
        self.history += step.history
        for effect in step.effects:
            if isinstance(effect, effects.StartTimer):
                self.timers[effect.timer_id] = effect.at
            elif isinstance(effect, effects.CancelTimer):
                self.timers.pop(effect.timer_id, None)
            elif isinstance(effect, effects.RunTask):
                yield from self._answers(effect)

    def _answers(self, task: effects.RunTask) -> Iterator[answers.Event]:
        number = self.asked.get(task.state_name, 0)
        self.asked[task.state_name] = number + 1
        answer = mocks.find_answer(self.tasks[task.state_name], number)
        assert answer is not None
        if task.token_wait or task.sync:
            yield answers.TaskSubmitted(task.task_id, task.attempt, {})
        if "Return" in answer:
            yield answers.TaskSucceeded(task.task_id, task.attempt, answer["Return"])
        else:
            thrown = answer["Throw"]
            yield answers.TaskFailed(task.task_id, task.attempt, thrown["Error"], thrown["Cause"])


async def start(emulator: Emulator, definition: dict[str, Any], tasks: Mocked) -> None:
    """Create the machine and start its execution."""
    params = {"name": "m", "roleArn": CONTEXT["Execution"]["RoleArn"], "definition": json.dumps(definition)}
    await emulator.call_async("stepfunctions", "CreateStateMachine", params)
    responses = {f"of {name}": answered for name, answered in tasks.items()}
    cases = {"Case": {name: f"of {name}" for name in tasks}}
    configuration = {"StateMachines": {"m": {"TestCases": cases}}, "MockedResponses": responses}
    await emulator.call_async("stepfunctions", "PutMockConfiguration", {"configuration": json.dumps(configuration)})
    params = {"stateMachineArn": f"{MACHINE}#Case", "name": "e", "input": json.dumps(INPUT)}
    await emulator.call_async("stepfunctions", "StartExecution", params)


async def finish(emulator: Emulator) -> History:
    """The history of the execution when it is over, redriven as often as may be."""
    execution = {"executionArn": ARN}
    while True:
        await emulator.call_async("stepwell", "WaitUntil", {"ExecutionArn": ARN, "TimeoutSeconds": AGES})
        shown = await emulator.call_async("stepfunctions", "DescribeExecution", execution)
        if shown["redriveStatus"] != "REDRIVABLE" or shown["redriveCount"] == REDRIVES:
            break
        await emulator.call_async("stepfunctions", "RedriveExecution", execution)
    await emulator.call_async("stepwell", "AdvanceClock", {"Seconds": 0})  # what was given up ends as well
    return await history(emulator)


async def history(emulator: Emulator) -> History:
    """Every event of the execution."""
    found: History = []
    token: dict[str, str] = {}
    while True:
        params = {"executionArn": ARN, "maxResults": 1000, **token}
        page = await emulator.call_async("stepfunctions", "GetExecutionHistory", params)
        found += page["events"]
        if "nextToken" not in page:
            return found
        token = {"nextToken": page["nextToken"]}


def query(data: Path, statement: str) -> int:
    """The one number that a statement gives."""
    (file,) = data.glob("*.db")
    with closing(sqlite3.connect(file)) as connection:
        ((number,),) = connection.execute(statement)
    return int(number)


def left_over(data: Path) -> dict[str, int]:
    """The rows that stand for something that is still to come, by their tables."""
    tables = ("work", "sfn_frames", "sfn_tokens", "sfn_activity_tasks")
    counts = {table: query(data, f"SELECT count(*) FROM {table}") for table in tables}
    return {table: count for table, count in counts.items() if count}


async def lived(data: Path, definition: dict[str, Any], tasks: Mocked, camera: Camera) -> History:
    """The history of a whole life, of which the camera takes a picture on the way, or at its end."""
    emulator = house(data)
    await emulator.start()
    try:
        await start(emulator, definition, tasks)
        emulator.house.store.points = camera.point
        found = await finish(emulator)
        camera.shoot()
        emulator.house.store.points = None
        return found
    finally:
        await emulator.stop()


async def revived(image: Path) -> History:
    """The history of a life that goes on from a picture."""
    emulator = house(image)
    await emulator.start()
    try:
        return await finish(emulator)
    finally:
        await emulator.stop()


def served(definition: dict[str, Any], tasks: Mocked, hits: int) -> tuple[History, History, int]:
    """The history of an execution as it went through the service and as it went on after a death; its seed."""
    folder = Path(tempfile.mkdtemp())
    data, image = folder / "data", folder / "image"
    try:
        through = asyncio.run(lived(data, definition, tasks, Camera(data, image, hits)))
        again = asyncio.run(revived(image))
        assert (left_over(data), left_over(image)) == ({}, {})
        return through, again, query(data, "SELECT seed FROM sfn_executions WHERE map_run IS NULL")
    finally:
        shutil.rmtree(folder)


instants = st.integers(1, 20)
examples_of_all = pytest.mark.parametrize("examples", [6, pytest.param(120, marks=pytest.mark.slow)])


@examples_of_all
def test_the_service_makes_the_history_that_the_engine_makes(examples: int) -> None:
    @settings(max_examples=examples, derandomize=True)
    @given(definitions(distributed=False), st.integers(0, 2**32), instants)
    @example(OVER_A_YEAR, 0, 1)
    def check(definition: dict[str, Any], seed: int, hits: int) -> None:
        tasks = mocked(definition, seed)
        through, again, drawn = served(definition, tasks, hits)
        alone = Alone(parsed(definition), tasks, drawn).run()

        assert through == alone
        assert again == alone

    check()


@examples_of_all
def test_map_runs_go_on_after_a_death_as_if_there_had_been_none(examples: int) -> None:
    @settings(max_examples=examples, derandomize=True)
    @given(definitions(), st.integers(0, 2**32), instants)
    @example(GIVEN_UP_AT_ONCE, 0, 1)
    def check(definition: dict[str, Any], seed: int, hits: int) -> None:
        through, again, _ = served(definition, mocked(definition, seed), hits)

        check_history(through)
        assert again == through

    check()
