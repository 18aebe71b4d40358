"""Services, operations and shapes as botocore's model files describe them, read without botocore's code.

A model file is read at first use; shapes are resolved one by one as codecs ask for them, so that an idle
start costs nothing. `extras/<service>.json` overlays a model in botocore's own `merge` format, and
`extras/<service>.<protocol>.json` does so for one protocol alone.
"""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import orjson

_EXTRAS = Path(__file__).parent / "extras"
_REF_TRAITS_LEFT_OUT = frozenset({"shape", "documentation"})
_paths: list[Path] = []
_overlays: dict[str, list[Path]] = {}


class UnknownServiceError(LookupError):
    """No model of that name is known, neither botocore's nor our own."""


class Shape:
    """A shape as one reference sees it: its own traits, overlaid with those of the reference."""

    def __init__(self, model: Model, name: str, traits: dict[str, Any]) -> None:
        self.model = model
        self.name = name
        self.traits = traits
        self.type: str = traits["type"]

    @cached_property
    def members(self) -> dict[str, Shape]:
        """The members of a structure by the model's member name."""
        return {name: self.model.resolve(ref) for name, ref in self.traits.get("members", {}).items()}

    @cached_property
    def required(self) -> tuple[str, ...]:
        return tuple(self.traits.get("required", ()))

    @cached_property
    def member(self) -> Shape:
        """What a list holds."""
        return self.model.resolve(self.traits["member"])

    @cached_property
    def key(self) -> Shape:
        return self.model.resolve(self.traits["key"])

    @cached_property
    def value(self) -> Shape:
        """What a map holds."""
        return self.model.resolve(self.traits["value"])

    def wire_name(self, default: str) -> str:
        """The member's name on the wire, where the model gives it another than its own."""
        return str(self.traits.get("locationName", default))

    @property
    def location(self) -> str | None:
        """`uri`, `querystring`, `header`, `headers` or `statusCode`; None in the body."""
        return self.traits.get("location")

    @property
    def is_document(self) -> bool:
        return bool(self.traits.get("document"))

    @property
    def is_stream(self) -> bool:
        return bool(self.traits.get("streaming") or self.traits.get("eventstream"))

    def __repr__(self) -> str:
        return f"Shape({self.name}: {self.type})"


class Operation:
    """One operation of a service as one protocol carries it."""

    def __init__(self, model: Model, name: str, raw: Mapping[str, Any]) -> None:
        self.model = model
        self.name = name
        self.raw = raw
        http = raw.get("http", {})
        self.http_method: str = http.get("method", "POST")
        self.uri: str = http.get("requestUri", "/")
        self.status = int(http.get("responseCode", 200))

    @property
    def service(self) -> str:
        return self.model.service

    @property
    def protocol(self) -> str:
        return self.model.protocol

    @cached_property
    def input(self) -> Shape | None:
        return self.model.resolve(self.raw["input"]) if "input" in self.raw else None

    @cached_property
    def output(self) -> Shape | None:
        return self.model.resolve(self.raw["output"]) if "output" in self.raw else None

    def __repr__(self) -> str:
        return f"Operation({self.service}:{self.name} over {self.protocol})"


class _Operations(Mapping[str, Operation]):
    """The operations by name, each built when asked for."""

    def __init__(self, model: Model, raw: Mapping[str, Any]) -> None:
        self._model = model
        self._raw = raw
        self._built: dict[str, Operation] = {}

    def __getitem__(self, name: str) -> Operation:
        if (found := self._built.get(name)) is None:
            found = self._built[name] = Operation(self._model, name, self._raw[name])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


class Model:
    """The model of one service as one protocol sees it."""

    def __init__(self, service: str, protocol: str, raw: Mapping[str, Any]) -> None:
        self.service = service
        self.protocol = protocol
        self.metadata: Mapping[str, Any] = raw["metadata"]
        self.operations: Mapping[str, Operation] = _Operations(self, raw["operations"])
        self._shapes: Mapping[str, Any] = raw.get("shapes", {})
        self._resolved: dict[tuple[str, str], Shape] = {}

    def resolve(self, ref: Mapping[str, Any]) -> Shape:
        """The shape that a reference means; equal references give the same object."""
        name = ref["shape"]
        extra = {trait: value for trait, value in ref.items() if trait not in _REF_TRAITS_LEFT_OUT}
        key = (name, repr(extra) if extra else "")
        if (shape := self._resolved.get(key)) is None:
            shape = self._resolved[key] = Shape(self, name, {**self._shapes[name], **extra})
        return shape

    @property
    def shape_names(self) -> Iterable[str]:
        return self._shapes.keys()

    def find_shape(self, name: str) -> Shape | None:
        return self.resolve({"shape": name}) if name in self._shapes else None

    @cached_property
    def error_codes(self) -> dict[str, Shape]:
        """The errors by every name they go by: the shape's, and the code that the model gives it."""
        codes: dict[str, Shape] = {}
        for name, traits in self._shapes.items():
            if traits.get("exception") or "error" in traits:
                shape = self.resolve({"shape": name})
                codes[name] = shape
                if alias := traits.get("error", {}).get("code"):
                    codes.setdefault(alias, shape)
        return codes


class Service:
    """One AWS service: its metadata, and its operations by protocol."""

    def __init__(self, name: str, raw: dict[str, Any]) -> None:
        self.name = name
        self._raw = raw
        self._models: dict[str, Model] = {}
        self.metadata: Mapping[str, Any] = raw["metadata"]
        listed = self.metadata.get("protocols") or [self.metadata["protocol"]]
        extra = [path.name.split(".")[1] for path in _EXTRAS.glob(f"{name}.*.json")]
        self.protocols: tuple[str, ...] = tuple(dict.fromkeys([*listed, *extra]))

    @property
    def protocol(self) -> str:
        """The protocol that the model prefers."""
        return str(self.metadata["protocol"])

    @property
    def operations(self) -> Mapping[str, Operation]:
        """The operations over the preferred protocol."""
        return self.over(self.protocol).operations

    def over(self, protocol: str) -> Model:
        """The model as a protocol sees it. KeyError when the service does not speak it."""
        if (model := self._models.get(protocol)) is None:
            if protocol not in self.protocols:
                raise KeyError(protocol)
            overlay = _EXTRAS / f"{self.name}.{protocol}.json"
            raw = _merged(self._raw, _read(overlay)["merge"]) if overlay.exists() else self._raw
            model = self._models[protocol] = Model(self.name, protocol, raw)
        return model


def add_path(folder: Path) -> None:
    """Search `folder/<service>/<version>/service-2.json` before botocore's own data."""
    if folder not in _paths:
        _paths.insert(0, folder)
        service.cache_clear()


def add_extras(name: str, path: Path) -> None:
    """Overlay the model of a service with a file in botocore's `{"version": 1.0, "merge": {...}}` format."""
    known = _overlays.setdefault(name, [])
    if path not in known:
        known.append(path)
        service.cache_clear()


@cache
def service(name: str) -> Service:
    """The service of that botocore name (`sqs`, `stepfunctions`, ...). Raises UnknownServiceError."""
    return read(name)


def read(name: str) -> Service:
    """The same without keeping it: for a look at a model that nobody speaks."""
    for path in [*_paths, _botocore_data()]:
        versions = sorted(folder for folder in (path / name).glob("*") if folder.is_dir())
        if versions:
            return Service(name, _load(name, versions[-1]))
    raise UnknownServiceError(name)


@cache
def known() -> frozenset[str]:
    """The names of botocore's services."""
    return frozenset(folder.name for folder in _botocore_data().iterdir() if folder.is_dir())


@cache
def _botocore_data() -> Path:
    """Where botocore keeps its models; finding the package does not import it (8 ms)."""
    spec = importlib.util.find_spec("botocore")
    if spec is None or spec.origin is None:
        raise UnknownServiceError("botocore is not installed")
    return Path(spec.origin).parent / "data"


def _load(name: str, folder: Path) -> dict[str, Any]:
    raw = _read(next(folder.glob("service-2.json*")))
    overlays = [folder / "service-2.sdk-extras.json", _EXTRAS / f"{name}.json", *_overlays.get(name, ())]
    for overlay in overlays:
        if overlay.exists():
            raw = _merged(raw, _read(overlay)["merge"])
    return raw


def _read(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    parsed: dict[str, Any] = orjson.loads(gzip.decompress(data) if path.suffix == ".gz" else data)
    return parsed


def _merged(base: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for key, value in overlay.items():
        below = out.get(key)
        out[key] = _merged(below, value) if isinstance(value, dict) and isinstance(below, dict) else value
    return out
