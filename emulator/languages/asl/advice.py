"""Warnings of ValidateStateMachineDefinition: what is allowed and probably not meant (API reference, warning codes)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from emulator.languages.asl.choices import COMPARISONS
from emulator.languages.asl.problems import NO_DOLLAR, NO_PATH, STATIC_RESULT, Report
from emulator.languages.asl.scopes import INNER

_PAYLOADS = frozenset(("Parameters", "ResultSelector", "ItemSelector", "BatchInput", "Assign"))
_TEXTS = {"Error": "ErrorPath", "Cause": "CausePath"}


def advise(state: dict[str, Any], place: str, report: Report) -> None:
    """Warn of a JSONPath state's fields that look like paths and are none."""
    for field, value in state.items():
        if field in INNER:
            continue
        if field == "Result" and state.get("Type") == "Pass":
            if any(_is_path_like(text) for _, _, text in _texts(value, "")):
                report.warn(STATIC_RESULT, "The Result of a Pass state is not evaluated", f"{place}/Result")
        elif field == "Choices":
            _compared(value, f"{place}/Choices", report)
        elif field in _TEXTS and isinstance(value, str) and _is_path_like(value):
            report.warn(NO_PATH, f"The value of '{field}' looks like a path: use '{_TEXTS[field]}'", f"{place}/{field}")
        for where, payload in _payloads(value, field, f"{place}/{field}"):
            for at, key, text in _texts(payload, ""):
                if not key.endswith(".$") and _is_path_like(text):
                    message = (
                        f"The value of the field '{key}' looks like a path or an intrinsic function: use '{key}.$'"
                    )
                    report.warn(NO_DOLLAR, message, f"{where}{at}")


def _is_path_like(text: str) -> bool:
    """`$`, `$.a`, `$[0]`, `$$.Task.Token`, `States.Format(...)`."""
    return text == "$" or text.startswith(("$.", "$[", "$$")) or (text.startswith("States.") and text.endswith(")"))


def _payloads(value: Any, field: str, where: str) -> Iterator[tuple[str, Any]]:
    """(place, template) of the payload templates in a field."""
    if field in _PAYLOADS:
        yield where, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _payloads(member, key, f"{where}/{key}")
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _payloads(element, "", f"{where}[{index}]")


def _texts(value: Any, where: str, key: str = "") -> Iterator[tuple[str, str, str]]:
    """(place, key, text) of the strings that have a key."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _texts(member, f"{where}/{name}", name)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _texts(element, f"{where}[{index}]")
    elif isinstance(value, str) and key:
        yield where, key, value


def _compared(rules: Any, where: str, report: Report) -> None:
    """Operands of comparisons that look like paths."""
    for at, rule in enumerate(rules if isinstance(rules, list) else ()):
        if isinstance(rule, dict):
            _compared_in(rule, f"{where}[{at}]", report)


def _compared_in(rule: dict[str, Any], where: str, report: Report) -> None:
    for field, value in rule.items():
        if field in ("And", "Or"):
            _compared(value, f"{where}/{field}", report)
        elif field == "Not" and isinstance(value, dict):
            _compared_in(value, f"{where}/Not", report)
        elif field in COMPARISONS and not field.endswith("Path") and isinstance(value, str) and _is_path_like(value):
            report.warn(NO_PATH, f"The value of '{field}' looks like a path: use '{field}Path'", f"{where}/{field}")
