"""The routes of a REST service: method, path template and query -> operation, the most specific first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from emulator.wire.models import Model, Operation

_MISSING = 100


class Route(NamedTuple):
    """One operation's route.

    `greedy` is the index of the segment that takes the rest of a path (`{Key+}`). `literals` are the query parameters
    that the URI names, with their values; `needs_query` and `needs_headers` are those of required members. Of the
    routes that fit, the one of the greatest `weight` is meant, its parameters added (see `_score`).
    """

    operation: Operation
    segments: tuple[str, ...]
    greedy: int | None
    literals: tuple[tuple[str, str | None], ...]
    needs_query: tuple[str, ...]
    needs_headers: tuple[str, ...]
    weight: int


def _route(operation: Operation) -> Route:
    path, _, query = operation.uri.partition("?")
    segments = tuple(part for part in path.strip("/").split("/") if part)
    greedy = next((i for i, part in enumerate(segments) if part.endswith("+}")), None)
    pairs = [part.partition("=") for part in query.split("&") if part]
    members = operation.input.members if operation.input else {}
    required = [(name, members[name]) for name in (operation.input.required if operation.input else ())]
    plain = sum(2 for part in segments if not part.startswith("{"))
    return Route(
        operation,
        segments,
        greedy,
        tuple((name, value if sign else None) for name, sign, value in pairs if name != "x-id"),
        tuple(shape.wire_name(name) for name, shape in required if shape.location == "querystring"),
        tuple(shape.wire_name(name).lower() for name, shape in required if shape.location == "header"),
        plain * 10 - (1 if operation.raw.get("deprecated") else 0),
    )


class Routes:
    """Every route of one service."""

    def __init__(self, model: Model) -> None:
        self._plain: dict[str, list[Route]] = {}
        self._by_literal: dict[tuple[str, str], list[Route]] = {}
        for operation in model.operations.values():
            route, method = _route(operation), operation.http_method
            if route.literals:
                self._by_literal.setdefault((method, route.literals[0][0]), []).append(route)
            else:
                self._plain.setdefault(method, []).append(route)

    def find(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], fixed: dict[str, str]
    ) -> tuple[Operation, dict[str, str]] | None:
        """The operation of a request and its path parameters.

        `fixed` are parameters known otherwise (the bucket of a virtual-host request); `path` is raw.
        """
        parts = path.lstrip("/").split("/")
        trimmed = parts[:-1] if parts[-1] == "" else parts
        best: tuple[int, Route, dict[str, str]] | None = None
        for route in self._candidates(method, query):
            score = _score(route, query, headers)
            if score is None or (best is not None and score <= best[0]):
                continue
            found = _labels(route, parts if route.greedy is not None else trimmed, fixed)
            if found is not None:
                best = (score, route, found)
        return (best[1].operation, best[2]) if best else None

    def _candidates(self, method: str, query: dict[str, str]) -> Iterable[Route]:
        """The routes whose URI names no query parameter, or one that is there: of S3's 39 for PUT, two or three."""
        plain = self._plain.get(method, [])
        named = [route for name in query for route in self._by_literal.get((method, name), ())]
        return plain + named if named else plain


def _score(route: Route, query: dict[str, str], headers: dict[str, str]) -> int | None:
    """How well a route fits the query and headers; None when its URI names a parameter that is absent."""
    score = route.weight
    for name, value in route.literals:
        if name not in query or (value is not None and query[name] != value):
            return None
        score += 3
    for name in route.needs_query:
        score += 1 if name in query else -_MISSING
    for name in route.needs_headers:
        score += 1 if name in headers else -_MISSING
    return score


def _labels(route: Route, parts: list[str], fixed: dict[str, str]) -> dict[str, str] | None:
    segments, greedy = route.segments, route.greedy
    if fixed and segments and segments[0][1:-1] in fixed:
        segments = segments[1:]
        greedy = None if greedy is None else greedy - 1
    elif fixed and not segments:  # the root of a host that names a bucket is the bucket, not the service
        return None
    if greedy is None:
        return None if len(parts) != len(segments) else _bound(zip(segments, parts, strict=True), fixed)
    after = len(segments) - greedy - 1
    if len(parts) < len(segments) or not any(parts[greedy : len(parts) - after]):
        return None
    middle = "/".join(parts[greedy : len(parts) - after])
    flat = [*parts[:greedy], middle, *(parts[len(parts) - after :] if after else [])]
    return _bound(zip(segments, flat, strict=True), fixed)


def _bound(pairs: Iterable[tuple[str, str]], fixed: dict[str, str]) -> dict[str, str] | None:
    out = dict(fixed)
    for segment, part in pairs:
        if not segment.startswith("{"):
            if segment != part and segment != unquote(part):
                return None
        elif not part:
            return None
        else:
            out[segment.strip("{}+")] = unquote(part)
    return out


@lru_cache(maxsize=256)
def routes_of(model: Model) -> Routes:
    """The routes of a model, built once."""
    return Routes(model)
