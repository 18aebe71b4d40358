"""Payload templates and paths of JSONPath states, compiled into functions of the environment."""

from __future__ import annotations

from typing import Any

from emulator.languages import paths
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.failures import StateFailure, runtime
from emulator.languages.asl.intrinsics.calls import InvalidCall, compile_call


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
        except paths.SearchGivenUp as error:
            raise runtime(f"The JSONPath '{path.text}' could not be read: {error.message}") from error

    return read


def path(text: str, field: str) -> Read:
    """A path of a field; what leads nowhere is States.Runtime in AWS's words."""
    read = raw_path(text)

    def found(env: Env) -> Any:
        try:
            return read(env)
        except paths.PathError as error:
            raise runtime(
                f"The JSONPath '{text}' specified for the field '{field}' could not be found in the input '{env.text}'"
            ) from error

    return found


def flow_path(text: str) -> Read:
    """A path of InputPath, OutputPath and their like, which AWS reports in other words."""
    read = raw_path(text)
    own = _is_own(text)

    def found(env: Env) -> Any:
        if own and env.document is None:
            raise no_input()
        try:
            return read(env)
        except paths.PathError as error:
            raise runtime(f"Invalid path '{text}' : {error.message}") from error

    return found


def no_input() -> StateFailure:
    """A path of a state is to be followed through null (AWS: error names, States.Runtime)."""
    return runtime("Unable to apply Path transformation to null or empty input.")


def _is_own(text: str) -> bool:
    """Is the text a path into the state's own document, not into the context object or a variable?"""
    return text == "$" or text.startswith(("$.", "$["))


def reads_document(value: Any) -> bool:
    """Has a payload template a member whose value is a path into the state's own document?"""
    if isinstance(value, dict):
        return any(
            (key.endswith(".$") and isinstance(item, str) and _is_own(item)) or reads_document(item)
            for key, item in value.items()
        )
    return isinstance(value, list) and any(map(reads_document, value))


def expression(text: str, field: str) -> Read:
    """A path or an intrinsic call. Raises InvalidPath or InvalidCall."""
    if text.startswith("$"):
        return path(text, field)
    return compile_call(text, raw_path)


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
    """AWS writes what is no path first, then the paths as Java's HashMap holds their names (recorded on AWS)."""
    fixed: dict[str, Any] = {}
    read: list[tuple[str, Read]] = []
    found: dict[str, Read] = {}
    for key, item in value.items():
        if f"{key}.$" in value:
            raise InvalidCall(f"the fields '{key}' and '{key}.$' are in conflict")
        if key.endswith(".$") and isinstance(item, str):
            found[key[:-2]] = expression(item, key)
            continue
        constant, made = template(item)
        fixed[key] = made if constant else None
        if not constant:
            read.append((key, made))
    for name in sorted(found, key=lambda name: _bucket(name, len(found))):
        fixed[name] = None
        read.append((name, found[name]))
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


def _bucket(name: str, count: int) -> int:
    """Where a HashMap of `count` keys has this one: 16 buckets, twice as many whenever three quarters are taken."""
    size = 16
    while count > size * 3 // 4:
        size *= 2
    code = 0
    units = name.encode("utf-16-be", "surrogatepass")
    for at in range(0, len(units), 2):
        code = (31 * code + int.from_bytes(units[at : at + 2])) & 0xFFFF_FFFF
    return (code ^ code >> 16) & (size - 1)
