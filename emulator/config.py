"""Every setting of a process, read once: flags over environment over stepwell.toml over the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from emulator.errors import EmulatorError

ROLES = ("gateway", "runner", "router", "functions")
PREFIX = "STEPWELL_"
_PATHS = ("data", "mock_config")  # as stepwell.toml has them, they begin at the project
_RANGES = {"port": range(65_536), "workers": range(1, 10_000)}


@dataclass(frozen=True, slots=True)
class Config:
    """What a process of Stepwell is told.

    `store` is empty for SQLite in `data`, or a `postgresql://` URL; `broker` is `memory://`, `redis://` or
    `amqp://`. `synchronous` is SQLite's (NORMAL or FULL). `workers` bounds the function workers.
    `public_url` is what clients read in queue URLs; empty for the address at which each sees us.
    `smtp` is `host:port` to which the inbox is relayed, empty for nowhere. `mock_config` is the file of test cases
    for state machines, empty for the project's workflows/mocks.json.
    """

    project: Path = Path()
    data: Path = Path(".stepwell")
    host: str = "127.0.0.1"
    port: int = 4566
    region: str = "us-east-1"
    roles: tuple[str, ...] = ROLES
    store: str = ""
    broker: str = "memory://"
    synchronous: str = "NORMAL"
    workers: int = 16
    endpoint: str = ""
    public_url: str = ""
    smtp: str = ""
    mock_config: str = ""

    @property
    def url(self) -> str:
        """The address that clients and functions use."""
        return self.endpoint or f"http://{self.host}:{self.port}"


def read(flags: Mapping[str, Any], environment: Mapping[str, str]) -> Config:
    """The configuration of a process.

    `flags` are settings by name, None where not given; the environment has them as STEPWELL_<NAME>; the
    project's stepwell.toml has them under `[stepwell]`. LOCALSTACK_HOST (`host` or `host:port`) gives
    `public_url` where nothing else does; SFN_MOCK_CONFIG, as of Step Functions Local, is another name of
    STEPWELL_MOCK_CONFIG. Raises EmulatorError for a setting it does not know or a value it cannot read.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    known = {field.name for field in fields(Config)}
    for name, text in environment.items():
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() in known:
            given.setdefault(name.removeprefix(PREFIX).lower(), text)
    if file := environment.get("SFN_MOCK_CONFIG", "").strip():
        given.setdefault("mock_config", file)
    project = Path(given.get("project", "."))
    for name, value in _from_file(project / "stepwell.toml").items():
        if name not in known:
            raise EmulatorError(f"{project / 'stepwell.toml'}: there is no setting named {name}.")
        given.setdefault(name, str(project / value) if name in _PATHS and isinstance(value, str) else value)
    config = replace(Config(), **{name: _value(name, value) for name, value in given.items()})
    if (host := environment.get("LOCALSTACK_HOST", "").strip()) and not config.public_url:
        config = replace(config, public_url=f"http://{host if ':' in host else f'{host}:{config.port or 4566}'}")
    return replace(config, data=config.data if "data" in given else project / ".stepwell", project=project)


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    import tomllib  # 15 ms that only a project with this file pays

    try:
        document = tomllib.loads(path.read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EmulatorError(f"{path}: {error}") from None
    settings = document.get("stepwell", {})
    if not isinstance(settings, dict):
        raise EmulatorError(f"{path}: stepwell is not a table.")
    return settings


def _value(name: str, value: Any) -> Any:
    """A setting's text as its type."""
    try:
        if name in ("project", "data"):
            return Path(value)
        if name in _RANGES:
            return _number(value, _RANGES[name])
        if name == "roles":
            return _roles(value)
    except (TypeError, ValueError):
        raise EmulatorError(f"The setting {name} cannot be {value!r}.") from None
    if not isinstance(value, str) or (name == "synchronous" and value not in ("NORMAL", "FULL")):
        raise EmulatorError(f"The setting {name} cannot be {value!r}.")
    return value


def _number(value: Any, allowed: range) -> int:
    number = int(value)
    if number not in allowed:
        raise ValueError(number)
    return number


def _roles(value: Any) -> tuple[str, ...]:
    names = [name.strip() for name in value.split(",")] if isinstance(value, str) else list(value)
    unknown = [name for name in names if name not in ROLES]
    if unknown or not names:
        raise EmulatorError(f"There is no role {', '.join(map(str, unknown))!r}; the roles are {', '.join(ROLES)}.")
    return tuple(name for name in ROLES if name in names)
