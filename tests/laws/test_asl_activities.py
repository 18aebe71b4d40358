"""Workers come when they like and answer twice or too late, the house dies: what was accepted counts once."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.app import Emulator
from emulator.errors import AwsError
from emulator.storage.queries import Query
from tests.laws.lives import check_history
from tests.laws.machines_at_random import ACTIVITY, definitions
from tests.laws.test_asl_in_service import ARN, History, history, left_over, start
from tests.laws.test_crash_anywhere import Camera, house

TURNS = 60
WAITING = Query("waiting", "SELECT id FROM sfn_activity_tasks LIMIT 1")
LATE = ("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")


class Workers:
    """Who takes tasks of the activity and answers them, and who moves the clock, stops and redrives, as a seed says."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.tokens: list[str] = []
        self.marks = 0
        self.over: set[str] = set()

    async def work(self, emulator: Emulator, camera: Camera | None = None) -> History:
        """Play with a running execution for a while, then stop it; its history."""
        for _ in range(TURNS):
            way = self.dice.random()
            if way < 0.4 and emulator.house.store.run(lambda tx: tx.one(WAITING)):
                task = await emulator.call_async("stepfunctions", "GetActivityTask", {"activityArn": ACTIVITY})
                self.tokens.append(task["taskToken"])
            elif way < 0.75 and self.tokens:
                await self._answer(emulator, camera)
            elif way < 0.98:
                await emulator.call_async("stepwell", "AdvanceClock", {"Seconds": self.dice.choice((0, 1, 3, 9))})
            else:
                await self._end(emulator, "RedriveExecution" if way > 0.99 else "StopExecution")
        await self._end(emulator, "StopExecution")
        await emulator.call_async("stepwell", "AdvanceClock", {"Seconds": 0})
        return await history(emulator)

    async def _answer(self, emulator: Emulator, camera: Camera | None) -> None:
        token = self.dice.choice(self.tokens)
        operation = self.dice.choice(("SendTaskHeartbeat", "SendTaskSuccess", "SendTaskSuccess", "SendTaskFailure"))
        params = {"taskToken": token}
        if operation == "SendTaskSuccess":
            self.marks += 1
            mark = f"mark-{self.marks}."
            params["output"] = json.dumps({"n": 1, "items": [1, 2], "who": mark})
        try:
            await emulator.call_async("stepfunctions", operation, params)
        except AwsError as error:
            if error.code not in LATE:
                raise
            return
        assert token not in self.over
        if operation != "SendTaskHeartbeat":
            self.over.add(token)
        if operation == "SendTaskSuccess" and camera is not None:
            camera.acknowledged.add(mark)

    async def _end(self, emulator: Emulator, operation: str) -> None:
        try:
            await emulator.call_async("stepfunctions", operation, {"executionArn": ARN})
        except AwsError as error:
            if error.code != "ExecutionNotRedrivable":
                raise


def succeeded(events: History) -> list[str]:
    """The marks of the answers that the history has."""
    outputs = [event["activitySucceededEventDetails"]["output"] for event in events if _is_success(event)]
    return [json.loads(output)["who"] for output in outputs]


def _is_success(event: dict[str, Any]) -> bool:
    return bool(event["type"] == "ActivitySucceeded")


async def lived(data: Path, definition: dict[str, Any], seed: int, camera: Camera) -> tuple[History, Workers]:
    emulator = house(data)
    await emulator.start()
    try:
        await emulator.call_async("stepfunctions", "CreateActivity", {"name": "a"})
        await start(emulator, definition, {})
        emulator.house.store.points = camera.point
        workers = Workers(seed)
        found = await workers.work(emulator, camera)
        camera.shoot()
        emulator.house.store.points = None
        return found, workers
    finally:
        await emulator.stop()


async def revived(image: Path, seed: int, tokens: list[str]) -> History:
    """The history of a life that goes on from a picture, with workers who still have their tokens."""
    emulator = house(image)
    await emulator.start()
    try:
        workers = Workers(seed + 1)
        workers.tokens = tokens
        workers.marks = 1_000
        return await workers.work(emulator)
    finally:
        await emulator.stop()


@pytest.mark.parametrize("examples", [5, pytest.param(150, marks=pytest.mark.slow)])
def test_an_answer_that_was_accepted_counts_once(examples: int) -> None:
    @settings(max_examples=examples, derandomize=True)
    @given(definitions(resources=[ACTIVITY], distributed=False), st.integers(0, 2**32), st.integers(1, 60))
    def check(definition: dict[str, Any], seed: int, hits: int) -> None:
        folder = Path(tempfile.mkdtemp())
        data, image = folder / "data", folder / "image"
        try:
            camera = Camera(data, image, hits)
            found, workers = asyncio.run(lived(data, definition, seed, camera))
            again = asyncio.run(revived(image, seed, workers.tokens))

            assert sorted(succeeded(found)) == sorted(camera.acknowledged)
            assert camera.known <= set(succeeded(again))
            assert len(succeeded(again)) == len(set(succeeded(again)))
            assert (left_over(data), left_over(image)) == ({}, {})
            check_history(found)
            check_history(again)
        finally:
            shutil.rmtree(folder)

    check()
