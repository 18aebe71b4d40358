"""Which Maps are distributed: to the checks, to the variables and when they run; and every state of a definition."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.languages.asl import document, effects
from emulator.languages.asl.scopes import all_states
from tests.unit.languages.asl.drafts import EXPRESS, INNER, PARALLEL, PASS, STANDARD, each, machine

READ = {"ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}}}
BATCHED = {"ItemBatcher": {"MaxItemsPerBatch": 2}}
WRITTEN = {"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"}}}
INLINE = [
    each(),
    each({}),
    each({"Mode": "INLINE"}),
    each({"ExecutionType": "EXPRESS"}),
    each(Label="L", ToleratedFailureCount=1, ToleratedFailurePercentage=5),
    {"Type": "Map", "Iterator": INNER, "End": True},
]
DISTRIBUTED = [
    (each(STANDARD), "STANDARD"),
    (each(EXPRESS), "EXPRESS"),
    ({"Type": "Map", "Iterator": {**INNER, "ProcessorConfig": EXPRESS}, "End": True}, "EXPRESS"),
    *((each(config, **fields), "STANDARD") for fields in (READ, BATCHED, WRITTEN) for config in (None, {})),
    (each({"ExecutionType": "EXPRESS"}, **READ), "EXPRESS"),
]


def errors(definition: dict[str, Any], kind: str = "STANDARD") -> list[str | None]:
    return [problem.location for problem in document.check(json.dumps(definition), kind) if problem.severity == "ERROR"]


def twice_assigned(state: dict[str, Any]) -> dict[str, Any]:
    """A machine that assigns a variable before a Map, and again in it."""
    field = "Iterator" if "Iterator" in state else "ItemProcessor"
    inner = {**state[field], "States": {"I": {**PASS, "Assign": {"x": 2}}}}
    first = {"Type": "Pass", "Assign": {"x": 1}, "Next": "S"}
    return {"StartAt": "A", "States": {"A": first, "S": {**state, field: inner}}}


@pytest.mark.parametrize("state", INLINE, ids=json.dumps)
def test_an_inline_map_runs_in_its_execution_and_in_every_kind_of_machine(state: dict[str, Any], begin: Any) -> None:
    run = begin({"S": state}, [1, 2])

    assert run.output == [1, 2]
    assert errors(machine(state), "EXPRESS") == []
    assert len(errors(twice_assigned(state))) == 1


@pytest.mark.parametrize(("state", "kind"), DISTRIBUTED, ids=json.dumps)
def test_a_distributed_map_runs_by_itself_and_in_standard_machines_alone(
    state: dict[str, Any], kind: str, begin: Any
) -> None:
    asked = begin({"S": state}, [1, 2]).only(effects.StartMapRun)

    assert asked.plan["machine"]["kind"] == kind
    assert errors(machine(state), "EXPRESS") == ["/States/S"]
    assert errors(twice_assigned(state)) == []


def test_the_states_of_a_definition_are_told_with_their_places_whatever_stands_beside_them() -> None:
    nested = each(inner={"StartAt": "P", "States": {"P": PARALLEL, "odd": 5}})
    definition = {"StartAt": "S", "States": {"S": nested, "T": {**PARALLEL, "Branches": [1, {"States": 2}]}, "U": PASS}}

    found = [(name, state["Type"], place) for name, state, place in all_states(definition)]

    assert found == [
        ("S", "Map", "/States/S"),
        ("P", "Parallel", "/States/S/ItemProcessor/States/P"),
        ("I", "Pass", "/States/S/ItemProcessor/States/P/Branches[0]/States/I"),
        ("T", "Parallel", "/States/T"),
        ("U", "Pass", "/States/U"),
    ]
    assert [*all_states(["no scope"])] == []
