"""From the handler setting to a callable, and from what went wrong to an error document."""

from __future__ import annotations

import decimal
import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

_RUNTIME = os.path.dirname(os.path.abspath(__file__)) + os.sep


class FaultError(Exception):
    """What the runtime itself has to say against a function; the texts are those of AWS's Python runtime."""

    def __init__(self, error_type: str, message: str, trace: list[str] | None = None) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.trace = trace or []


def require_handler(setting: str) -> Callable[[Any, Any], Any]:
    """The callable that `module.name` names; FaultError, or whatever the module raises when imported."""
    try:
        module_name, name = setting.rsplit(".", 1)
    except ValueError as error:
        raise FaultError("Runtime.MalformedHandlerName", f"Bad handler '{setting}': {error}") from error
    module = _import(module_name)
    try:
        handler: Callable[[Any, Any], Any] = getattr(module, name)
    except AttributeError as error:
        text = f"Handler '{name}' missing on module '{module_name}'"
        raise FaultError("Runtime.HandlerNotFound", text) from error
    return handler


def _import(name: str) -> object:
    if name.split(".")[0] in sys.builtin_module_names:
        raise FaultError("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {name} as a handler module")
    try:
        return importlib.import_module(name.replace("/", "."))
    except ImportError as error:
        raise FaultError("Runtime.ImportModuleError", f"Unable to import module '{name}': {error}") from error
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise FaultError("Runtime.UserCodeSyntaxError", f"Syntax error in module '{name}': {error}", trace) from error


def event_of(payload: bytes) -> Any:
    """The event a handler gets; an empty payload is an empty object. FaultError when it is not JSON."""
    try:
        return json.loads(payload) if payload else {}
    except ValueError as error:
        raise FaultError("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from error


def payload_of(result: Any, *, ascii_only: bool) -> bytes:
    """What a handler returned, as JSON; FaultError when it has no JSON form.

    From python3.12 on other characters stand for themselves
    (https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html).
    """
    try:
        return json.dumps(result, ensure_ascii=ascii_only, default=_number).encode()
    except UnicodeEncodeError:  # a lone surrogate
        return json.dumps(result, default=_number).encode()
    except Exception as error:
        raise FaultError("Runtime.MarshalError", f"Unable to marshal response: {error}") from error


def _number(value: object) -> int | float:
    if isinstance(value, decimal.Decimal):
        whole = value.is_finite() and value == value.to_integral_value() and "." not in str(value)
        return int(value) if whole else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def error_document(error: BaseException, request_id: str) -> dict[str, Any]:
    """errorMessage, errorType, requestId and stackTrace (one text per call, ours left out)."""
    if isinstance(error, FaultError):
        kind, message, trace = error.error_type, error.message, error.trace
    else:
        kind, message, trace = type(error).__name__, _text(error), _calls(error.__traceback__)
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace}


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as second:
        return f"<no text: {type(second).__name__}>"


def _calls(trace: TracebackType | None) -> list[str]:
    calls = traceback.extract_tb(trace)
    while calls and calls[0].filename.startswith(_RUNTIME):
        del calls[0]
    return traceback.format_list(calls)


def error_event(document: dict[str, Any]) -> str:
    """The log event of an error document; indentation is no-break spaces, as AWS's runtime writes it."""
    lines = [f"[ERROR] {document['errorType']}: {document['errorMessage']}"]
    if document["stackTrace"]:
        lines.append("Traceback (most recent call last):")
    for call in document["stackTrace"]:
        for line in call.rstrip("\n").split("\n"):
            text = line.lstrip(" ")
            lines.append("\u00a0" * (len(line) - len(text)) + text)
    return "\n".join(lines)
