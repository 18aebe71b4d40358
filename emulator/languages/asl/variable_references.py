"""Which variables the states of a definition refer to."""

from __future__ import annotations

import re
from typing import Any

from emulator.languages.asl.expression_checks import LITERAL, TEMPLATES, read_fields, strings
from emulator.languages.asl.expressions import is_expression
from emulator.languages.asl.scopes import all_states
from emulator.languages.asl.variable_checks import assigned

_VARIABLE = re.compile(r"\$([^\W\d]\w*)")


def variable_references(definition: dict[str, Any]) -> dict[str, list[str]]:
    """The variables of each state that refers to some, as DescribeStateMachine tells them; of a checked definition.

    A name counts where some state of the machine assigns it: JSONata has variables and functions of its own.
    """
    top = definition.get("QueryLanguage", "JSONPath")
    states = [(name, state, state.get("QueryLanguage", top)) for name, state, _ in all_states(definition)]
    known = {name for _, state, language in states for name, _ in assigned(state, language, "")}
    found = {name: _referred(state, language) for name, state, language in states}
    return {
        state: kept for state, names in found.items() if (kept := list(dict.fromkeys(n for n in names if n in known)))
    }


def _referred(state: dict[str, Any], language: str) -> list[str]:
    found: list[str] = []
    for field, value in read_fields(state, language):
        for _, name, text in strings(value, field, field, template=field in TEMPLATES):
            if language == "JSONata":
                read = is_expression(text)
            else:
                read = text.startswith(("$", "States.")) and (not name.startswith("*") or name.endswith(".$"))
            if read:
                found += _VARIABLE.findall(LITERAL.sub("", text))
    return found
