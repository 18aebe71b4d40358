"""A JSONPath that can be read: `path(text).read(document)`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from emulator.languages.paths import regexes
from emulator.languages.paths.errors import EvaluationFailed, InvalidPath, PathNotFound
from emulator.languages.paths.parser import parse
from emulator.languages.paths.tokens import Parsed, Property, plain_keys
from emulator.languages.paths.walk import Walk, compile_walk


class Path:
    """A compiled JSONPath. `definite`: it leads to at most one place; `root`: '$', '@', '$$' or '$name'."""

    __slots__ = ("_keys", "_names", "_refusal", "_walk", "definite", "root", "text")

    def __init__(self, text: str, *, roots: bool) -> None:
        parsed = parse(text, roots=roots)
        self.text = text
        self.root = parsed.root
        self._walk: Walk = compile_walk(parsed)
        self.definite: bool = self._walk.definite
        self._keys = plain_keys(parsed)
        # Only names, from the document: the bulk of what machines use, and worth a loop without any check.
        names = self._keys is not None and parsed.root in "$@" and all(isinstance(key, str) for key in self._keys)
        self._names = self._keys if names else None
        self._refusal = _refusal(parsed) if roots else ""

    def __repr__(self) -> str:
        return f"Path({self.text!r})"

    def read(
        self,
        document: Any,
        *,
        context: Any = None,
        variables: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value the path leads to, or the list of values when it is not definite.

        `$` is the document, `$$` the context object, `$name` an element of `variables`. The value is
        not copied. Raises PathNotFound, InvalidPath for a filter on something that has no parts, and SearchGivenUp.
        """
        names = self._names
        if names is not None:
            node = document
            try:
                for name in names:
                    node = node[name]
            except (KeyError, TypeError, IndexError):
                raise self._not_found(document) from None
            return node
        if self._refusal:
            raise EvaluationFailed(self._refusal)
        root = self._root_value(document, context, variables)
        if self._keys is not None:
            return self._follow(root)
        regexes.begin()
        try:
            return self._walk.read(root, root)
        except PathNotFound as error:
            raise PathNotFound(error.message, self.text) from None

    def _root_value(self, document: Any, context: Any, variables: Mapping[str, Any] | None) -> Any:
        if self.root in ("$", "@"):
            return document
        if self.root == "$$":
            return context
        name = self.root[1:]
        if variables is None or name not in variables:
            raise self._not_found(None)
        return variables[name]

    def _follow(self, root: Any) -> Any:
        node = root
        for key in self._keys or ():
            if type(key) is str:
                if not isinstance(node, dict) or key not in node:
                    raise self._not_found(root)
            elif not isinstance(node, list) or not -len(node) <= key < len(node):  # type: ignore[operator]
                raise self._not_found(root)
            node = node[key]
        return node

    def _not_found(self, node: Any) -> PathNotFound:
        """Why this path of single keys leads nowhere from `node`, in Jayway's words and with its brackets."""
        keys = self._keys or ()
        # `$$` is the root of the context object: AWS takes the first `$` away before it reads the path.
        printed = "$" if self.root == "$$" else self.root
        for place, key in enumerate(keys, 1):
            printed += f"['{key}']" if isinstance(key, str) else f"[{key}]"
            if isinstance(node, dict) and isinstance(key, str):
                if key not in node and place < len(keys):
                    return PathNotFound(f"Missing property in path {printed}", self.text)
                node = node.get(key)
            elif isinstance(node, list) and isinstance(key, int) and -len(node) <= key < len(node):
                node = node[key]
            else:
                node = None
        return PathNotFound(f"No results for path: {printed}", self.text)


def _refusal(parsed: Parsed) -> str:
    """What AWS says when it is to follow the path, "" when it follows it: several names belong at the end."""
    for place, token in enumerate(parsed.tokens[:-1]):
        if isinstance(token, Property) and len(token.names) > 1:
            before = plain_keys(Parsed(parsed.root, parsed.tokens[:place])) or ()
            root = "$" if parsed.root == "$$" else parsed.root
            printed = "".join(f"['{key}']" if isinstance(key, str) else f"[{key}]" for key in before)
            names = ", ".join(f"'{name}'" for name in token.names)
            return f"Multi properties can only be used as path leafs: {root}{printed}[{names}]"
    return ""


@lru_cache(maxsize=8192)
def path(text: str) -> Path:
    """The compiled path of a text as Jayway JsonPath 2.10 reads it, cached. Raises InvalidPath."""
    return _compiled(text, roots=False)


@lru_cache(maxsize=8192)
def state_path(text: str) -> Path:
    """The same for the Amazon States Language: with `$$` (context object) and `$name` (variable), without functions."""
    return _compiled(text, roots=True)


def _compiled(text: str, *, roots: bool) -> Path:
    try:
        return Path(text, roots=roots)
    except RecursionError:
        raise InvalidPath("The path is nested too deeply") from None
