"""The text of an intrinsic call, compiled: `States.Format('{} is {}', $.name, States.ArrayLength($.a))`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from emulator.languages import paths
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.failures import TOO_DEEP, runtime
from emulator.languages.asl.intrinsics import FUNCTIONS
from emulator.languages.asl.intrinsics.function import Function, IntrinsicFailed
from emulator.languages.asl.intrinsics.strings import ESCAPED, unescaped
from emulator.languages.asl.texts import load

DEEPEST = 10  # nested calls (AWS: intrinsic functions)
_NAME = re.compile(r"\s*States\.([A-Za-z0-9]+)\s*\(")
_LITERAL = re.compile(r"(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=\s*[,)])")


class InvalidCall(ValueError):
    """The text is no intrinsic call."""


class _Parser:
    def __init__(self, text: str, read_path: Callable[[str], Read]) -> None:
        self.text = text
        self.at = 0
        self.read_path = read_path

    def call(self, depth: int = 1) -> Read:
        found = _NAME.match(self.text, self.at)
        if found is None:
            raise InvalidCall(f"not an intrinsic function: {self.text}")
        if depth > DEEPEST:
            raise InvalidCall(f"more than {DEEPEST} nested intrinsic functions")
        function = FUNCTIONS.get(found[1])
        if function is None:
            raise InvalidCall(f"unknown intrinsic function States.{found[1]}")
        start = self.at
        self.at = found.end()
        args = self._arguments(depth, template=found[1] == "Format")
        if len(args) < function.least or (function.most is not None and len(args) > function.most):
            raise InvalidCall(f"wrong number of arguments for States.{found[1]}")
        return _bound(function, args, self.text[start : self.at].strip())

    def _arguments(self, depth: int, *, template: bool) -> list[Read]:
        args: list[Read] = []
        if self._peek() == ")":
            self.at += 1
            return args
        while True:
            args.append(self._argument(depth, template=template and not args))
            following = self._peek()
            self.at += 1
            if following == ")":
                return args
            if following != ",":
                raise InvalidCall(f"expected ',' or ')' at column {self.at} of {self.text}")

    def _peek(self) -> str:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.text[self.at : self.at + 1]

    def _argument(self, depth: int, *, template: bool) -> Read:
        first = self._peek()
        if first == "'":
            text = self._string()
            if text is None:
                return _open_escape
            return _constant(text if template else unescaped(text))
        if first == "$":
            text = self._path()
            return _of_path(text, self.read_path(text))
        if first == "S":
            return self.call(depth + 1)
        found = _LITERAL.match(self.text, self.at)
        if found is None:
            raise InvalidCall(f"invalid argument at column {self.at + 1} of {self.text}")
        self.at = found.end()
        try:
            return _constant(load(found[0]))
        except ValueError as error:
            raise InvalidCall(f"invalid number {found[0][:40]} in {self.text}") from error

    def _string(self) -> str | None:
        """The text between two apostrophes; None when a backslash in it escapes nothing."""
        self.at += 1
        kept: list[str] = []
        open_escape = False
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "\\" and self.at + 1 < len(self.text):
                following = self.text[self.at + 1]
                open_escape = open_escape or following not in "'{}\\"
                kept.append(ESCAPED.get(following, following))
                self.at += 2
                continue
            self.at += 1
            if char == "'":
                return None if open_escape else "".join(kept)
            kept.append(char)
        raise InvalidCall(f"unterminated string in {self.text}")

    def _path(self) -> str:
        start, depth, quote = self.at, 0, ""
        while self.at < len(self.text):
            char = self.text[self.at]
            if quote:
                quote = "" if char == quote else quote
            elif char in "'\"":
                quote = char
            elif char in "[(":
                depth += 1
            elif depth and char in "])":
                depth -= 1
            elif not depth and (char in ",)" or char.isspace()):
                break
            self.at += 1
        return self.text[start : self.at]


def _constant(value: Any) -> Read:
    return lambda env: value


def _open_escape(env: Env) -> Any:
    # A runtime error (Step Functions Developer Guide, "Reserved characters in intrinsic functions").
    raise IntrinsicFailed("An open escape backslash was found.")


def _of_path(text: str, read: Read) -> Read:
    """The path of an argument; where it leads nowhere, the call fails (in AWS's words)."""

    def found(env: Env) -> Any:
        try:
            return read(env)
        except paths.PathError as error:
            raise IntrinsicFailed(
                f"The JsonPath argument for the field '{text}' could not be found in the input '{env.text}'"
            ) from error

    return found


def _bound(function: Function, args: list[Read], text: str) -> Read:
    call = function.call

    def read(env: Env) -> Any:
        try:
            return call(env.chance, [arg(env) for arg in args])
        except IntrinsicFailed as failed:
            raise runtime(f"The function '{text}' had the following error: {failed.message}") from failed
        except RecursionError as error:
            raise runtime(f"The function '{text}' had the following error: {TOO_DEEP}") from error

    return read


def compile_call(text: str, read_path: Callable[[str], Read]) -> Read:
    """The call as a function of the environment; `read_path` compiles its paths. Raises InvalidCall."""
    parser = _Parser(text, read_path)
    read = parser.call()
    if parser.text[parser.at :].strip():
        raise InvalidCall(f"unexpected text after the call: {text}")
    return read
