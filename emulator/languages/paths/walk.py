"""How a JSONPath is followed through a document: tokens -> the values it leads to, in Jayway's order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from emulator.languages.paths import functions
from emulator.languages.paths.criteria import PathOperand
from emulator.languages.paths.errors import InvalidPath, PathNotFound
from emulator.languages.paths.filters import Predicate, compile_filter
from emulator.languages.paths.tokens import (
    Filter,
    Function,
    Index,
    Parsed,
    Property,
    Scan,
    Slice,
    Token,
    Wildcard,
    is_definite,
    token_is_definite,
)


@dataclass(slots=True)
class Run:
    """One reading: `root` is `$` inside filters and arguments; `strict` makes every name required."""

    root: Any
    strict: bool = False
    found: list[Any] = field(default_factory=list)


Step: TypeAlias = Callable[[Any, Run], None]


@dataclass(frozen=True, slots=True)
class Walk:
    """A path ready to be followed from a node."""

    definite: bool
    step: Step

    def read(self, node: Any, root: Any, *, strict: bool = False) -> Any:
        """The value (definite) or the list of values. Raises PathNotFound, InvalidPath."""
        run = Run(root, strict)
        self.step(node, run)
        if not self.definite:
            return run.found
        if not run.found:
            raise PathNotFound("No results for path")
        return run.found[-1]


def compile_walk(parsed: Parsed) -> Walk:
    """The walk of a parsed path. A function behind `..` takes all that was found as its argument (Jayway)."""
    tokens = parsed.tokens
    if tokens and isinstance(tokens[0], Scan):
        place = next((at for at, token in enumerate(tokens) if isinstance(token, Function)), None)
        if place is not None:
            tokens = _applied_to_all(parsed.root, tokens, place)
    return Walk(is_definite(tokens), _compile(tokens, 0, upstream=True))


def _applied_to_all(root: str, tokens: tuple[Token, ...], place: int) -> tuple[Token, ...]:
    function = tokens[place]
    assert isinstance(function, Function)
    before = tokens[:place]
    if function.name in ("length", "size"):
        before = (*before, Wildcard())
    return (Function(function.name, (Parsed(root, before),)), *tokens[place + 1 :])


def _collect(node: Any, run: Run) -> None:
    run.found.append(node)


def _compile(tokens: tuple[Token, ...], place: int, *, upstream: bool) -> Step:
    """The step for `tokens[place:]`; `upstream` tells whether all before it is definite."""
    if place == len(tokens):
        return _collect
    token = tokens[place]
    leaf = place == len(tokens) - 1
    definite = token_is_definite(token, leaf=leaf)
    if isinstance(token, Scan):
        return _scan(tokens, place)
    after = _compile(tokens, place + 1, upstream=upstream and definite)
    if isinstance(token, Property):
        if len(token.names) > 1:
            return _merge(token.names, upstream) if leaf else _each_name(token.names, after, upstream)
        return _property(token.names[0], after, leaf, upstream)
    if isinstance(token, Wildcard):
        return _wildcard(after, leaf)
    if isinstance(token, Filter):
        return _filter(token, after, upstream)
    if isinstance(token, Function):
        return _function(token, after, leaf)
    return _elements(token, after, upstream)


def _property(name: str, after: Step, leaf: bool, upstream: bool) -> Step:
    def step(node: Any, run: Run) -> None:
        if not isinstance(node, dict):
            if upstream:
                raise PathNotFound(f"Expected to find an object with property ['{name}']")
        elif name in node:
            after(node[name], run)
        elif run.strict or (upstream and not leaf):
            raise PathNotFound(f"Missing property in path ['{name}']")

    return step


def _each_name(names: tuple[str, ...], after: Step, upstream: bool) -> Step:
    def step(node: Any, run: Run) -> None:
        if not isinstance(node, dict):
            if upstream:
                raise PathNotFound(f"Expected to find an object with properties {list(names)}")
            return
        for name in names:
            if name in node:
                after(node[name], run)
            elif run.strict:
                raise PathNotFound(f"Missing property in path ['{name}']")

    return step


def _merge(names: tuple[str, ...], upstream: bool) -> Step:
    def step(node: Any, run: Run) -> None:
        if not isinstance(node, dict):
            if upstream:
                raise PathNotFound(f"Expected to find an object with properties {list(names)}")
            return
        if run.strict and any(name not in node for name in names):
            raise PathNotFound(f"Missing property in path {list(names)}")
        run.found.append({name: node[name] for name in names if name in node})

    return step


def _wildcard(after: Step, leaf: bool) -> Step:
    def step(node: Any, run: Run) -> None:
        if isinstance(node, dict):
            children = list(node.values())
        elif isinstance(node, list):
            children = node
        else:
            return
        if leaf:
            run.found.extend(children)
            return
        for child in children:
            try:
                after(child, run)
            except PathNotFound:
                if run.strict:
                    raise

    return step


def _elements(token: Index | Slice, after: Step, upstream: bool) -> Step:
    choose = _positions_of_slice(token) if isinstance(token, Slice) else lambda length: token.positions

    def step(node: Any, run: Run) -> None:
        if not isinstance(node, list):
            if upstream:
                raise PathNotFound("An index can only be applied to arrays")
            return
        length = len(node)
        for position in choose(length):
            if -length <= position < length:
                after(node[position], run)

    return step


def _positions_of_slice(token: Slice) -> Callable[[int], range]:
    """Which positions a slice visits; with a stop, a negative start is visited as it is (Jayway)."""
    start, stop = token.start, token.stop

    def choose(length: int) -> range:
        if stop is None:
            assert start is not None
            return range(max(0, length + start if start < 0 else start), length)
        if start is None:
            return range(min(length, length + stop if stop < 0 else stop))
        return range(start, min(length, stop))

    return choose


@dataclass(frozen=True, slots=True)
class _FilterPath:
    """A path inside a filter: `@` starts at the node, `$` at the root unless its existence is tested."""

    walk: Walk
    from_root: bool

    def read(self, node: Any, root: Any, *, strict: bool = False) -> Any:
        return self.walk.read(root if self.from_root and not strict else node, root, strict=strict)


def _filter_path(operand: PathOperand) -> _FilterPath:
    return _FilterPath(compile_walk(operand.parsed), operand.parsed.root == "$")


def _predicate(token: Filter) -> Predicate:
    return compile_filter(token.criteria, _filter_path)


def _filter(token: Filter, after: Step, upstream: bool) -> Step:
    accepts = _predicate(token)

    def step(node: Any, run: Run) -> None:
        if isinstance(node, dict):
            if accepts(node, run.root):
                after(node, run)
        elif isinstance(node, list):
            for element in node:
                if (not token.objects or isinstance(element, dict)) and accepts(element, run.root):
                    after(element, run)
        elif upstream:
            raise InvalidPath("A filter can not be applied to primitives")

    return step


def _function(token: Function, after: Step, leaf: bool) -> Step:
    evaluate = functions.FUNCTIONS.get(token.name)
    arguments = [compile_walk(value) if isinstance(value, Parsed) else value for value in token.arguments]

    def step(node: Any, run: Run) -> None:
        if evaluate is None:
            raise InvalidPath(f"Function with name: {token.name} does not exist.")
        values = [value.read(run.root, run.root) if isinstance(value, Walk) else value for value in arguments]
        result = evaluate(node, values)
        run.found.append(result)
        if not leaf:
            after(result, run)

    return step


def _scan(tokens: tuple[Token, ...], place: int) -> Step:
    target = tokens[place + 1] if place + 1 < len(tokens) else None
    here = _compile(tokens, place + 1, upstream=False)
    leaf = place + 2 >= len(tokens)
    matches = _scan_predicate(target, leaf)

    def step(node: Any, run: Run) -> None:
        if not isinstance(node, dict | list):
            return
        if matches(node, run):
            here(node, run)
        children = list(node.values()) if isinstance(node, dict) else node
        for child in children:
            step(child, run)

    return step


def _scan_predicate(target: Token | None, leaf: bool) -> Callable[[Any, Run], bool]:
    if isinstance(target, Property):
        names = target.names
        branching = len(names) > 1 and not leaf
        return lambda node, run: (
            isinstance(node, dict) and (run.strict or branching or all(name in node for name in names))
        )
    if isinstance(target, Index | Slice):
        return lambda node, run: isinstance(node, list)
    if isinstance(target, Filter):
        accepts = _predicate(target)
        return lambda node, run: accepts(node, run.root)
    if isinstance(target, Wildcard):
        return lambda node, run: True
    return lambda node, run: False
