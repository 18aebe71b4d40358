"""A module can be read in one sitting, a function at one glance. Exceptions are listed and may only shrink."""

from __future__ import annotations

import ast
from typing import Any

MODULE_LINES = 500
FUNCTION_LINES = 40

LARGE_MODULES: dict[str, tuple[int, str]] = {}
"""The most lines each may have, and why it is one file."""

LONG_FUNCTIONS: dict[str, tuple[int, str]] = {}
"""`path:function`, the most lines its body may have, and why it is not two."""


def _over(found: dict[str, int], limit: int, known: dict[str, tuple[int, str]]) -> list[str]:
    large = {name: lines for name, lines in found.items() if lines > limit}
    grown = [
        f"{name}: {lines} lines, {known[name][0] if name in known else limit} allowed"
        for name, lines in large.items()
        if lines > known.get(name, (limit, ""))[0]
    ]
    return grown + [f"{name} is an exception no longer" for name in known if name not in large]


def _functions(module: Any) -> dict[str, int]:
    """The lines of each function without its signature and its docstring."""
    found = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            last = node.end_lineno or node.lineno
            found[f"{module.path}:{node.name}"] = last - body[0].lineno + 1 if body else 0
    return found


def test_modules_stay_small(modules: list[Any]) -> None:
    found = {module.path: len(module.text.splitlines()) for module in modules}

    over = _over(found, MODULE_LINES, LARGE_MODULES)

    assert not over, "\n".join(over)


def test_functions_stay_short(package: list[Any]) -> None:
    found = {name: lines for module in package for name, lines in _functions(module).items()}

    over = _over(found, FUNCTION_LINES, LONG_FUNCTIONS)

    assert not over, "\n".join(over)
