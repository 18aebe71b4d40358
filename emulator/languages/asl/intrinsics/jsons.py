"""States.JsonMerge, States.StringToJson and States.JsonToString."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.languages.asl.intrinsics.function import Function, IntrinsicFailed, require_string
from emulator.languages.asl.texts import dump, load


def _merge(chance: Callable[[], int], args: list[Any]) -> Any:
    first, second, deep = args
    if not isinstance(first, dict) or not isinstance(second, dict):
        raise IntrinsicFailed("The first two arguments must be objects.")
    if deep is not False:
        raise IntrinsicFailed("Only shallow merging is supported: the third argument must be false.")
    return {**first, **second}


def _parse(chance: Callable[[], int], args: list[Any]) -> Any:
    try:
        return load(require_string(args[0], "first"))
    except ValueError as error:
        raise IntrinsicFailed("The argument is not a valid JSON text.") from error


def _print(chance: Callable[[], int], args: list[Any]) -> Any:
    return dump(args[0])


JSON_MERGE = Function(_merge, 3, 3)
STRING_TO_JSON = Function(_parse, 1, 1)
JSON_TO_STRING = Function(_print, 1, 1)
