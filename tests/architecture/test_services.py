"""Every service folder has the same shape, and its functions are what the models say."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from emulator.kit.directory import Directory
from emulator.kit.service import Service
from emulator.services import MODELS, SERVICES
from emulator.storage import Queries
from emulator.wire import models
from emulator.wire.names import xform_name

NAMES = {"__init__", "operations", "model", "limits", "work", "queries.sql", "schema", "extras.json"}
ALSO = {"stepfunctions": {"integrations"}, "stepwell": {"models"}}
"""What a folder may hold: a module of that name or a folder of it."""

FOR_THE_KIT = {
    "events": {"is_heard", "put_service_events", "renew_connection", "use_connection"},
    "stepfunctions": {"unheard_events"},
}
"""Functions among the operations that no client can call (Directory.require_function)."""

every_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


def _source(service: Service) -> str:
    return "\n".join(path.read_text() for path in sorted(service.folder.rglob("*.py")))


@every_service
def test_a_service_folder_has_the_names_of_the_house_and_no_others(service: Service) -> None:
    found = {path.name.removesuffix(".py") for path in service.folder.iterdir() if path.name != "__pycache__"}

    assert found - NAMES - ALSO.get(service.name, set()) == set()
    assert {"__init__", "operations"} <= found


def test_every_service_folder_is_in_the_list() -> None:
    folders = {path.parent.name for path in (MODELS.parents[1]).glob("*/__init__.py")}

    assert {service.folder.name for service in SERVICES} == folders


@every_service
def test_a_service_states_what_is_exact_and_what_is_missing(service: Service) -> None:
    statement = importlib.import_module(service.package).__doc__ or ""

    assert len(statement.strip().splitlines()) >= 3


@every_service
def test_a_service_has_work_if_it_says_so(service: Service) -> None:
    work = (service.folder / "work.py").exists() or (service.folder / "work").is_dir()

    assert service.work == work
    assert all(kind.name.startswith(f"{service.name}.") for kind in service.kinds())


@every_service
def test_every_parameter_is_one_of_the_model(service: Service, directory: Directory) -> None:
    operations = models.service(service.name).operations

    emulated = [name for name, operation in operations.items() if directory.find(service.name, operation)]

    assert emulated


@every_service
def test_every_function_is_an_operation_of_the_model(service: Service, directory: Directory) -> None:
    module: Any = service.module("operations")
    known = {xform_name(entry.operation) for entry in directory.coverage(service.name) if entry.emulated}
    known |= FOR_THE_KIT.get(service.name, set())
    defined = getattr(module, "__all__", None) or [
        name
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_")
        and function.__module__ == module.__name__
        and next(iter(inspect.signature(function).parameters), "") == "ctx"
    ]

    assert [name for name in defined if name not in known] == []


@every_service
def test_every_statement_is_used(service: Service) -> None:
    path: Path = service.folder / "queries.sql"
    source = _source(service)
    named = [query.name for query in Queries.load(path)] if path.exists() else []

    assert [name for name in named if not re.search(rf"\bSQL\.{name}\b", source)] == []


@pytest.mark.parametrize("part", ["kit", "storage"])
def test_every_statement_below_the_services_is_used(package: list[Any], part: str, root: Path) -> None:
    source = "\n".join(_source_about(part, module) for module in package)
    paths = [path for path in (root / "emulator" / part).rglob("*.sql") if path.parent.name != "schema"]
    named = [query.name for path in paths for query in Queries.load(path)]

    assert named
    assert [name for name in named if not re.search(rf"\b_?SQL\.{name}\b", source)] == []


def _source_about(part: str, module: Any) -> str:
    """A module's text where it has statements of that part of the package, which it may call by another name."""
    if module.path.startswith(f"emulator/{part}/"):
        return str(module.text)
    names = re.findall(rf"from emulator\.{part}\S* import SQL as (\w+)", module.text)
    return re.sub(rf"\b({'|'.join(names)})\.", "SQL.", module.text) if names else ""


@every_service
def test_every_row_belongs_to_its_service(service: Service) -> None:
    tables = [
        line.split()[2]
        for path in sorted((service.folder / "schema").glob("*.sql"))
        for line in path.read_text().splitlines()
        if line.startswith("CREATE TABLE ")
    ]
    prefixes = {"stepfunctions": "sfn_"}

    assert [t for t in tables if not t.startswith(prefixes.get(service.name, f"{service.name}_"))] == []
