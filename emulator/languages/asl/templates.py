"""Payload templates and paths of JSONPath states, compiled into functions of the environment."""

from __future__ import annotations

import re
from typing import Any

from emulator.languages import paths
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.failures import runtime
from emulator.languages.asl.intrinsics.calls import InvalidCall, compile_call
from emulator.languages.asl.texts import dump


def whole(env: Env) -> Any:
    """`$`: the document itself."""
    return env.document


def context(env: Env) -> Any:
    """`$$`: the context object itself."""
    return env.context


def raw_path(text: str) -> Read:
    """A path as a function that raises PathError. Raises InvalidPath for a bad text."""
    if text == "$":
        return whole
    if text == "$$":
        return context
    path = paths.state_path(text)
    if not path.definite:
        return _indefinite(path)
    if text.startswith("$$"):
        return lambda env: path.read(env.document, context=env.context)
    if text[1:2] in (".", "["):
        return lambda env: path.read(env.document)
    return lambda env: path.read(env.document, variables=env.variables)


def _indefinite(path: paths.Path) -> Read:
    """A path that may find many things; what it looks in may be absent (recorded on AWS: it finds none)."""

    def read(env: Env) -> Any:
        try:
            return path.read(env.document, context=env.context, variables=env.variables)
        except paths.PathNotFound:
            return []

    return read


def path(text: str, field: str) -> Read:
    """A path of a field; what leads nowhere is States.Runtime in AWS's words."""
    read = raw_path(text)

    def found(env: Env) -> Any:
        try:
            return read(env)
        except paths.PathError as error:
            raise runtime(
                f"The JSONPath '{text}' specified for the field '{field}'"
                f" could not be found in the input '{dump(env.document)}'"
            ) from error

    return found


def flow_path(text: str) -> Read:
    """A path of InputPath, OutputPath and their like, which AWS reports in other words."""
    read = raw_path(text)

    def found(env: Env) -> Any:
        try:
            return read(env)
        except paths.PathError as error:
            raise runtime(f"Invalid path '{text}' : {_bracketed(error.message)}") from error

    return found


def _bracketed(message: str) -> str:
    """The message with its path in brackets throughout, as AWS's JSONPath library prints paths."""
    start, colon, at = message.partition("path: ")
    return start + colon + re.sub(r"\.([^.\[\]]+)", r"['\1']", at)


def expression(text: str, field: str) -> Read:
    """A path or an intrinsic call. Raises InvalidPath or InvalidCall."""
    if text.startswith("$"):
        return path(text, field)
    return compile_call(text, lambda inner: path(inner, field))


def template(value: Any) -> tuple[bool, Any]:
    """A payload template: (True, constant) or (False, Read). Raises InvalidPath or InvalidCall."""
    if isinstance(value, dict):
        return _object(value)
    if isinstance(value, list):
        parts = [template(item) for item in value]
        if all(constant for constant, _ in parts):
            return True, value
        return False, lambda env: [made if constant else made(env) for constant, made in parts]
    return True, value


def _object(value: dict[str, Any]) -> tuple[bool, Any]:
    fixed: dict[str, Any] = {}
    read: list[tuple[str, Read]] = []
    for key, item in value.items():
        if f"{key}.$" in value:
            raise InvalidCall(f"the fields '{key}' and '{key}.$' are in conflict")
        if key.endswith(".$") and isinstance(item, str):
            fixed[key[:-2]] = None
            read.append((key[:-2], expression(item, key)))
            continue
        constant, made = template(item)
        fixed[key] = made if constant else None
        if not constant:
            read.append((key, made))
    if not read:
        return True, value
    if len(fixed) == len(read):
        return False, lambda env: {key: make(env) for key, make in read}

    def filled(env: Env) -> Any:
        made = dict(fixed)
        for key, make in read:
            made[key] = make(env)
        return made

    return False, filled
