"""Who serves what: from a service and an operation's name to its function, checked against the model."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from emulator.errors import EmulatorError, not_implemented
from emulator.kit.results import Result
from emulator.kit.service import Kind, Service
from emulator.wire import models, validation
from emulator.wire.models import Operation
from emulator.wire.names import xform_name

if TYPE_CHECKING:
    from emulator.kit.context import Context

Handler = Callable[..., Result]


@dataclass(frozen=True, slots=True)
class Bound:
    """An operation's function, with the parameters it acts on."""

    function: Handler
    accepts: frozenset[str]

    def __call__(self, ctx: Context, params: dict[str, Any]) -> Result:
        """Call with `params` keyed by function parameter; what the function does not act on is left out."""
        if not params.keys() <= self.accepts:
            params = {name: value for name, value in params.items() if name in self.accepts}
        return self.function(ctx, **params)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether an operation is emulated, and which members of its input are accepted but not acted on."""

    service: str
    operation: str
    emulated: bool
    not_acted_on: tuple[str, ...]


class Directory:
    """The services of this house, by name; it finds an operation's function and its kinds of work."""

    def __init__(self, services: Iterable[Service]) -> None:
        self.services = {service.name: service for service in services}
        self._bound: dict[tuple[str, str], Bound] = {}
        self._functions: dict[tuple[str, str], Callable[..., Any]] = {}
        self._kinds: dict[str, Kind] = {}

    def add_kinds(self, kinds: Iterable[Kind]) -> None:
        """Kinds of work that belong to no service (deliveries)."""
        self._kinds.update({kind.name: kind for kind in kinds})

    def find(self, service: str, operation: Operation) -> Bound | None:
        """The function for an operation, or None where we have none."""
        key = (service, operation.name)
        bound = self._bound.get(key)
        if bound is None:
            owner = self.services.get(service)
            if owner is None:
                return None
            bound = _bind(owner.module("operations"), operation)
            if bound is None:
                return None
            self._bound[key] = bound
        return bound

    def require(self, service: str, operation: Operation) -> Bound:
        """The function for an operation; raises the 501 that names it where we have none."""
        bound = self._bound.get((service, operation.name)) or self.find(service, operation)
        if bound is None:
            raise not_implemented(service, operation.name)
        return bound

    def require_function(self, service: str, name: str) -> Callable[..., Any]:
        """A function among a service's operations that is none of its API: for the kit, never for a client."""
        key = (service, name)
        function = self._functions.get(key)
        if function is None:
            owner = self.services.get(service)
            if owner is None:
                raise EmulatorError(f"The service {service} is not part of this house.")
            function = self._functions[key] = getattr(owner.module("operations"), name)
        return function

    def call(self, ctx: Context, service: str, operation: str, params: dict[str, Any]) -> Result:
        """An operation by its wire name with wire member names, as `Context.call` has it."""
        if service not in self.services:
            raise not_implemented(service, operation)
        found = models.service(service).operations.get(operation)
        if found is None:
            raise not_implemented(service, operation)
        named = {xform_name(name): value for name, value in params.items()}
        validation.validate(found, named)
        return self.require(service, found)(ctx, named)

    def coverage(self, service: str) -> list[Coverage]:
        """What is emulated of a service, operation by operation."""
        found = []
        for name, operation in sorted(models.service(service).operations.items()):
            bound = self.find(service, operation)
            members = operation.input.members if operation.input else {}
            left = () if bound is None else tuple(m for m in members if xform_name(m) not in bound.accepts)
            found.append(Coverage(service, name, bound is not None, left))
        return found

    def kind(self, name: str) -> Kind:
        """A kind of work by name, `<service>.<verb>`; the service's module of work is imported now."""
        kind = self._kinds.get(name)
        if kind is None:
            owner = self.services.get(name.partition(".")[0])
            self._kinds.update({kind.name: kind for kind in (owner.kinds() if owner is not None else ())})
            kind = self._kinds.get(name)
            if kind is None:
                raise EmulatorError(f"No service does work of the kind {name}.")
        return kind


def _bind(module: ModuleType, operation: Operation) -> Bound | None:
    """The module's function for an operation; a parameter that the model does not have is a mistake of ours."""
    name = xform_name(operation.name)
    function = getattr(module, name, None)
    if function is None:
        return None
    names = _names(function)
    members = operation.input.members if operation.input else {}
    unknown = set(names) - {xform_name(member) for member in members}
    if unknown:
        raise EmulatorError(
            f"{module.__name__}.{name} has parameters that {operation.name} lacks: {', '.join(sorted(unknown))}."
        )
    return Bound(function, frozenset(names))


def _names(function: Handler) -> list[str]:
    """The parameters of an operation but the first; `**given: Unpack[SomeTypedDict]` stands for the keys of it."""
    names = list(inspect.signature(function).parameters.values())[1:]
    if not names or names[-1].kind is not inspect.Parameter.VAR_KEYWORD:
        return [each.name for each in names]
    (shared,) = get_args(get_type_hints(function)[names[-1].name])
    return [each.name for each in names[:-1]] + sorted(get_type_hints(shared))
