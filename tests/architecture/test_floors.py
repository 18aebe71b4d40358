"""Imports go down only, and what each library is used by is a short list."""

from __future__ import annotations

from typing import Any

import pytest

FLOORS: dict[int, tuple[str, ...]] = {
    6: ("app", "__main__", "cli", "project", "testing", "performers", "neighbours"),
    5: ("front", "console"),
    4: ("services",),
    3: ("kit",),
    2: ("wire", "storage", "broker", "host"),
    1: ("languages",),
    0: ("clock", "arns", "ids", "errors", "config"),
}
"""The floors of the house (docs/decisions/0001): each part of the package stands on one."""

STRANGERS = ("wire", "storage", "broker", "host")
"""Parts of one floor that know nothing of each other."""

ONLY_IN: dict[str, tuple[str, ...]] = {
    "botocore": ("wire", "testing"),
    "boto3": ("testing",),
    "kombu": ("broker",),
    "redis": ("broker",),
    "amqp": ("broker",),
    "sqlite3": ("storage",),
    "psycopg": ("storage",),
    "flask": ("front", "console"),
    "uvicorn": ("front",),
    "a2wsgi": ("front",),
    "httptools": ("front",),
    "cbor2": ("wire",),
    "jsonata2py": ("languages.jsonata",),
    "regex": ("languages.dialects", "wire"),
    "pyarrow": ("services.stepfunctions.integrations.items",),
}
"""The parts in which a library may be imported; everywhere else it is unknown."""

NEVER_IN_LANGUAGES = frozenset(
    ("time", "random", "secrets", "uuid", "threading", "asyncio", "os", "socket", "subprocess", "http", "logging")
)
"""Clocks, chance, threads and the world: what a pure language is given, it does not fetch."""

ENVIRONMENT = ("cli", "__main__", "config", "app", "testing", "host.runtime", "host.environment", "project")
"""Where the environment of the process may be read."""

CLOCKS = ("clock", "cli")
CLOCK = {("time", "time"), ("time", "time_ns"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today")}
"""Wall time: `clock` alone reads it, and the command line, which is a client like others."""


def _within(name: str, parts: tuple[str, ...]) -> bool:
    below = name.removeprefix("emulator.")
    return any(below == part or below.startswith(f"{part}.") for part in parts)


def _floor(name: str) -> int | None:
    part = name.split(".")[1] if "." in name else ""
    return next((floor for floor, parts in FLOORS.items() if part in parts), None)


def test_every_module_stands_on_a_floor(package: list[Any]) -> None:
    homeless = [module.path for module in package if module.name != "emulator" and _floor(module.name) is None]

    assert not homeless, "\n".join(homeless)


def test_imports_go_down_only(package: list[Any]) -> None:
    wrong = []
    for module in package:
        own = _floor(module.name)
        for name in module.imports:
            other = _floor(name) if name.startswith("emulator.") else None
            if own is not None and other is not None and other > own:
                wrong.append(f"{module.path} (floor {own}) imports {name} (floor {other})")

    assert not wrong, "\n".join(wrong)


def test_mechanisms_are_strangers_to_each_other(package: list[Any]) -> None:
    wrong = []
    for module in package:
        for part in STRANGERS:
            if _within(module.name, (part,)):
                others = tuple(other for other in STRANGERS if other != part)
                wrong += [f"{module.path} imports {name}" for name in module.imports if _within(name, others)]

    assert not wrong, "\n".join(wrong)


def test_services_never_import_each_other(package: list[Any]) -> None:
    wrong = []
    for module in package:
        parts = module.name.split(".")
        if parts[1:2] != ["services"] or len(parts) < 3:
            continue
        for name in module.imports:
            other = name.split(".")
            if other[:2] == ["emulator", "services"] and other[2:3] != parts[2:3]:
                wrong.append(f"{module.path} imports {name}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_only_where_it_belongs(package: list[Any], library: str) -> None:
    wrong = [
        module.path
        for module in package
        if not _within(module.name, ONLY_IN[library]) and any(name.split(".")[0] == library for name in module.imports)
    ]

    assert not wrong, "\n".join(wrong)


def test_languages_are_pure(package: list[Any]) -> None:
    wrong = [
        f"{module.path} imports {name}"
        for module in package
        if _within(module.name, ("languages",))
        for name in module.imports
        if name.split(".")[0] in NEVER_IN_LANGUAGES
    ]

    assert not wrong, "\n".join(wrong)


def test_the_environment_is_read_in_few_places(package: list[Any]) -> None:
    wrong = [
        module.path
        for module in package
        if not _within(module.name, ENVIRONMENT) and ("os.environ" in module.text or "os.getenv" in module.text)
    ]

    assert not wrong, "\n".join(wrong)


def test_only_the_clock_reads_the_time(package: list[Any], attributes: Any) -> None:
    wrong = [
        f"{module.path}:{line} reads {'.'.join(pair)}"
        for module in package
        if not _within(module.name, CLOCKS)
        for pair, line in attributes(module)
        if pair in CLOCK
    ]

    assert not wrong, "\n".join(wrong)
