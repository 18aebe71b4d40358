"""Mock configurations: what answers for the Task states of a test case (the file of Step Functions Local).

    {"StateMachines": {"<machine>": {"TestCases": {"<case>": {"<state>": "<response>"}}}},
     "MockedResponses": {"<response>": {"0": {"Return": ...}, "1-2": {"Throw": {"Error": ..., "Cause": ...}}}}}

Source: Step Functions Developer Guide, "Configuration file for mocked service integrations".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from emulator.languages.asl.texts import load

SEPARATOR = "#"  # between a state machine's ARN and a test case
_SECTIONS = ("StateMachines", "MockedResponses")
_INVOCATIONS = re.compile("([0-9]{1,9})(?:-([0-9]{1,9}))?")
_THROWN = ("Error", "Cause")

Path = tuple[str, ...]
Responses = dict[str, Any]
"""What a state answers, by invocations: `{"0": {"Return": ...}, "1-2": {"Throw": ...}}`."""


class InvalidMocks(Exception):
    """A configuration, or a test case asked of it, that makes no sense; the message says why."""


def read(text: str) -> dict[str, Any]:
    """The value of a configuration (JSON text). Raises InvalidMocks with everything that is wrong with it."""
    try:
        value = load(text)
    except ValueError as error:
        raise InvalidMocks(f"The mock configuration is not JSON: {error}") from None
    found = [f"{'.'.join(path)}: {reason}" if path else reason for path, reason in problems(value)]
    if found:
        raise InvalidMocks(f"The mock configuration is not valid: {'; '.join(found)}")
    assert isinstance(value, dict)
    return value


def problems(value: Any) -> Iterator[tuple[Path, str]]:
    """Everything that is wrong with a configuration, each with the way to it.

    A response without invocations is none: the execution fails that needs it, as in Step Functions Local.
    """
    if not isinstance(value, dict):
        yield (), "not a JSON object"
        return
    for name in value:
        if name not in (*_SECTIONS, "$schema"):
            yield (name,), f"there is no section {name} (there are {', '.join(_SECTIONS)})"
    for name in _SECTIONS:
        if not isinstance(value.get(name, {}), dict):
            yield (name,), "not a JSON object"
            return
    responses = value.get("MockedResponses", {})
    for name, response in responses.items():
        yield from _in_response(response, ("MockedResponses", name))
    for name, machine in value.get("StateMachines", {}).items():
        yield from _in_machine(machine, responses, ("StateMachines", name))


def _in_machine(machine: Any, responses: dict[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    cases = machine.get("TestCases") if isinstance(machine, dict) else None
    if not isinstance(cases, dict):
        yield path, "TestCases is not there, or not a JSON object"
        return
    for name, case in cases.items():
        at = (*path, "TestCases", name)
        if not isinstance(case, dict):
            yield at, "not a JSON object"
            continue
        for state, response in case.items():
            if not isinstance(response, str):
                yield (*at, state), "the name of a mocked response is a string"
            elif response not in responses:
                yield (*at, state), f"there is no mocked response {response}"


def _in_response(response: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if not isinstance(response, dict):
        yield path, "not a JSON object"
        return
    taken: list[tuple[int, int, str]] = []
    for key, answer in response.items():
        found = _INVOCATIONS.fullmatch(key)
        if found is None:
            yield (*path, key), f"{key} is neither the number of an invocation nor a range of them, like 0 or 1-2"
            continue
        first, last = int(found[1]), int(found[2] or found[1])
        if last < first:
            yield (*path, key), f"the range {key} ends before it begins"
        taken.append((first, last, key))
        yield from _in_answer(answer, (*path, key))
    taken.sort()
    for before, after in pairwise(taken):
        if after[0] <= before[1]:
            yield (*path, after[2]), f"invocations are told twice: {before[2]} and {after[2]}"


def _in_answer(answer: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if not isinstance(answer, dict) or len(answer) != 1 or not answer.keys() <= {"Return", "Throw"}:
        yield path, "exactly one of Return and Throw is required"
        return
    thrown = answer.get("Throw", {"Error": ""})
    if not isinstance(thrown, dict) or not isinstance(thrown.get("Error"), str):
        yield (*path, "Throw"), "Throw is an object with Error and Cause"
    elif not isinstance(thrown.get("Cause", ""), str):
        yield (*path, "Throw", "Cause"), "Cause is a string"
    else:
        for name in thrown:
            if name not in _THROWN:
                yield (*path, "Throw", name), f"Throw has no {name} (it has {', '.join(_THROWN)})"


def require_case(value: dict[str, Any], machine: str, name: str) -> dict[str, Responses]:
    """What each mocked state of a test case answers. Raises InvalidMocks for a machine or case that is not there."""
    machines = value.get("StateMachines", {})
    if machine not in machines:
        raise InvalidMocks(f"The mock configuration has no state machine '{machine}'{_there_are(machines)}")
    cases = machines[machine]["TestCases"]
    if name not in cases:
        raise InvalidMocks(f"The state machine '{machine}' has no test case '{name}'{_there_are(cases)}")
    responses = value["MockedResponses"] if cases[name] else {}
    return {state: responses[response] for state, response in cases[name].items()}


def _there_are(names: dict[str, Any]) -> str:
    return f" (there are {', '.join(names)})." if names else "."


def find_answer(responses: Responses, invocation: int) -> dict[str, Any] | None:
    """`{"Return": ...}` or `{"Throw": {...}}` for an invocation (0 for the first); None where nothing is told."""
    for key, answer in responses.items():
        first, _, last = key.partition("-")
        if int(first) <= invocation <= int(last or first):
            found: dict[str, Any] = answer
            return found
    return None
