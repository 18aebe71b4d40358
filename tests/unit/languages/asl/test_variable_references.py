"""Which variables the states of a definition refer to."""

from __future__ import annotations

import pytest

from emulator.languages.asl.variable_references import variable_references
from tests.unit.languages.asl.drafts import PASS, each


@pytest.mark.parametrize(
    ("language", "inner", "found"),
    [
        ("JSONPath", {**PASS, "Parameters": {"a.$": "$x", "b": "$x"}}, ["x"]),
        ("JSONPath", {**PASS, "Output": "{% $x %}", "QueryLanguage": "JSONata"}, ["x"]),
        ("JSONPath", {**PASS, "Result": "$x"}, None),
        ("JSONata", {**PASS, "Output": "{% $x + $count([1]) %}"}, ["x"]),
        ("JSONata", {**PASS, "Output": "$x"}, None),
    ],
)
@pytest.mark.parametrize("around", ["JSONPath", "JSONata"])
def test_a_state_is_read_in_its_own_language_or_that_of_the_machine(
    language: str, around: str, inner: dict[str, object], found: list[str] | None
) -> None:
    nested = {**each(inner={"StartAt": "I", "States": {"I": inner}}), "QueryLanguage": around}
    first = {"Type": "Pass", "Assign": {"x": 1}, "Next": "S"}
    definition = {"QueryLanguage": language, "StartAt": "A", "States": {"A": first, "S": nested}}

    assert variable_references(definition).get("I") == found
