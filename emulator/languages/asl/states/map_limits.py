"""How many iterations of a Map may run at a time, and how many may fail."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.failures import THRESHOLD, StateFailure, query, runtime
from emulator.languages.asl.states.numbers import find_number
from emulator.languages.asl.texts import dump

_INTEGER, _FLOAT = "integer", "float"


class Limits:
    """MaxConcurrency, ToleratedFailureCount and ToleratedFailurePercentage, each with its Path form."""

    __slots__ = ("_concurrency", "_count", "_jsonata", "_percentage", "items_path")

    def __init__(self, definition: dict[str, Any], jsonata: bool) -> None:
        self._jsonata = jsonata
        self.items_path = definition.get("ItemsPath", "$")
        self._concurrency = _limit(definition, "MaxConcurrency", _INTEGER, jsonata)
        self._count = _limit(definition, "ToleratedFailureCount", _INTEGER, jsonata)
        self._percentage = _limit(definition, "ToleratedFailurePercentage", _FLOAT, jsonata)

    def concurrency(self, env: Env) -> int:
        """0 when nothing bounds it. Raises StateFailure."""
        limit = 0 if self._concurrency is None else int(self._concurrency(env))
        if limit < 0:
            raise self._refused("MaxConcurrency", "cannot be negative.")
        return limit

    def bounds(self, env: Env) -> tuple[int | None, float | None]:
        """How many failed items are tolerated, and which percentage; None where not given. Raises StateFailure."""
        count = None if self._count is None else int(self._count(env))
        if count is not None and count < 0:
            raise self._refused("ToleratedFailureCount", "cannot be negative.")
        share = None if self._percentage is None else self._percentage(env)
        if share is not None and not 0 <= share <= 100:
            raise self._refused("ToleratedFailurePercentage", "must be between 0 and 100.")
        return count, None if share is None else float(share)

    def _refused(self, field: str, rule: str) -> StateFailure:
        """A value out of range, which in JSONata is the expression's failure (ASL: "JSONata Runtime Errors")."""
        message = f"{field} {rule}"
        return query(message, field) if self._jsonata else runtime(message)

    def tolerated(self, env: Env, length: int) -> int:
        """How many of `length` iterations may fail. Raises StateFailure."""
        count, share = self.bounds(env)
        bounds = [] if count is None else [count]
        if share is not None:
            bounds.append(int(length * share / 100))
        return min(bounds, default=0)

    def shown(self, env: Env) -> dict[str, Any]:
        """The limits that the definition gives, as TestState names them. Raises StateFailure."""
        limits: dict[str, Any] = {"maxConcurrency": self.concurrency(env)}
        count, share = self.bounds(env)
        if count is not None:
            limits["toleratedFailureCount"] = count
        if share is not None:
            limits["toleratedFailurePercentage"] = share
        return limits

    @staticmethod
    def exceeded() -> StateFailure:
        """More iterations have failed than were tolerated."""
        return StateFailure(THRESHOLD, "The specified tolerated failure threshold was exceeded")


def _limit(definition: dict[str, Any], field: str, kind: str, jsonata: bool) -> Read | None:
    def of_path(value: Any) -> int | float:
        if isinstance(value, (bool, list, dict)) or value is None:
            raise ValueError
        return int(str(value)) if kind == _INTEGER else float(value)

    def of_query(found: int | float) -> int | float:
        if kind == _INTEGER and found != int(found):
            raise query(f"The {field} must be an integer, but was: {dump(found)}", field)
        return found

    return find_number(definition, field, kind, jsonata, of_path=of_path, of_query=of_query)
