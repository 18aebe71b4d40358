"""The syntax tree of an expression: the names it uses, those it must not use, and the program it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from jsonata2py.errors import JsonataError as LibraryError
from jsonata2py.loader.loader import ExpressionLoader
from jsonata2py.optimizer.optimizer import optimize
from jsonata2py.parser import ast_nodes as ast
from jsonata2py.parser.parser import Parser
from jsonata2py.translator.translator import Translator

from emulator.languages.jsonata.messages import reworded
from emulator.languages.jsonata.metering import meter
from emulator.languages.jsonata.values import JsonataError

# A letter, so that the name stays one; no built-in function of the library has it.
_MARK = "\u01c3"
_PREFIX = re.compile(r"^([A-Z]\d{4}: |Error calling bound function \$[^:]*: )")
_LOADER = ExpressionLoader()


@dataclass(frozen=True, slots=True)
class Syntax:
    """An expression as read: `tree`, and the `names` of variables and functions that occur in it."""

    text: str
    tree: Any
    names: frozenset[str]


def read(text: str) -> Syntax:
    """The syntax of an expression. Raises JsonataError where it is not JSONata."""
    try:
        tree = Parser.parse(text)
        return Syntax(text, tree, frozenset(_names(tree)))
    except LibraryError as error:
        raise error_of(error) from None
    except RecursionError:
        raise JsonataError("U1001", "The expression is nested too deeply") from None
    except Exception as error:  # whatever the library did not foresee
        raise JsonataError("S0201", f"The expression cannot be read: {error}") from error


def compile_syntax(syntax: Syntax, respelled: frozenset[str]) -> Callable[[Any], Any]:
    """The expression as a function of its input; the names in `respelled` are not those of the library.

    The library resolves its own functions when it compiles, so what is to be looked up among the bindings
    needs another name: `spelled`. Raises JsonataError.
    """
    try:
        tree = _respelled(syntax.tree, respelled) if syntax.names & respelled else syntax.tree
        run: Callable[[Any], Any]
        source = Translator.translate(optimize(tree), syntax.text)
        run, _ = _LOADER.load(source)
    except LibraryError as error:
        raise error_of(error) from None
    except RecursionError:
        raise JsonataError("U1001", "The expression is nested too deeply") from None
    meter(run, source)
    return run


def error_of(error: LibraryError, function: str = "") -> JsonataError:
    """The library's error as ours; `function` is the only one that the expression calls, if that is known."""
    message = _PREFIX.sub("", error.message).replace(_MARK, "")
    code = error.error_code or ""
    return JsonataError(code, reworded(code, message, function))


def spelled(name: str) -> str:
    """How a name that is not to be the library's is written inside a compiled expression."""
    return name + _MARK


def unspelled(name: str) -> str:
    """The name as the expression has it."""
    return name.removesuffix(_MARK)


def _children(node: Any) -> Iterator[Any]:
    """The nodes directly below, pairs and sort keys included."""
    for field in fields(node):
        value = getattr(node, field.name)
        for child in value if isinstance(value, list) else (value,):
            if _is_node(child):
                yield child


def _is_node(value: Any) -> bool:
    return isinstance(value, ast.AstNode | ast.KeyValuePair | ast.SortKey)


def _names(node: Any) -> Iterator[str]:
    if isinstance(node, ast.VariableRef | ast.FunctionCall | ast.PartialApplication):
        yield node.name
    for child in _children(node):
        yield from _names(child)


def _respelled(node: Any, names: frozenset[str]) -> Any:
    """The tree with these names spelled differently everywhere, so that a user's own stay his own."""
    changes: dict[str, Any] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, list):
            changes[field.name] = [_respelled_part(part, node, names) for part in value]
        elif _is_node(value):
            changes[field.name] = _respelled(value, names)
        elif field.name in ("name", "var_name") and value in names and _is_variable(node):
            changes[field.name] = spelled(value)
    return replace(node, **changes) if changes else node


def _respelled_part(part: Any, node: Any, names: frozenset[str]) -> Any:
    if _is_node(part):
        return _respelled(part, names)
    return spelled(part) if isinstance(node, ast.Lambda) and part in names else part


def _is_variable(node: Any) -> bool:
    """Whether the node's name is written with a `$`."""
    return not isinstance(node, ast.FieldRef) and getattr(node, "is_variable", True)


def problems(node: Any, *, top: bool = True) -> Iterator[str]:
    """What refers to an input that Step Functions does not give: `$`, `$$` and bare names, outside any path.

    `top` is whether the node is evaluated with the input as its context; inside a predicate, a later step
    of a path, a sort key or a grouping, the context is a value of the expression's own.
    """
    if top and (name := _refers_to_input(node)):
        yield f"{name} cannot be used at the top level of a JSONata expression in Step Functions; use $states"
    inner = _own_context(node)
    for place, child in enumerate(_children(node)):
        yield from problems(child, top=top and place not in inner)


def _refers_to_input(node: Any) -> str:
    if isinstance(node, ast.FieldRef):
        return f"The field name '{node.name}'"
    for kind, name in _INPUT.items():
        if isinstance(node, kind):
            return name
    return ""


_INPUT: dict[type, str] = {
    ast.ContextRef: "$",
    ast.RootRef: "$$",
    ast.WildcardStep: "*",
    ast.DescendantStep: "**",
    ast.ParentStep: "%",
}
_FIRST_ONLY = (
    ast.PathExpr,
    ast.PredicateExpr,
    ast.ArraySubscript,
    ast.SortExpr,
    ast.GroupByExpr,
    ast.TransformExpr,
)


def _own_context(node: Any) -> range:
    """The places of the children that are evaluated with a context of the expression's own."""
    if isinstance(node, _FIRST_ONLY):
        return range(1, 1 << 30)
    return range(1 << 30) if isinstance(node, ast.TransformLambda) else range(0)
