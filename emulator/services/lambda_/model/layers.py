"""Layers: how a version of one is named, shown and referred to by a function."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from emulator.errors import AwsError
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model.configuration import iso
from emulator.services.lambda_.model.errors import invalid
from emulator.storage import Row

_ARN = re.compile(
    r"arn:aws[a-zA-Z-]*:lambda:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):layer:(?P<name>[\w-]+)(?::(?P<version>\d+))?"
)


@dataclass(frozen=True, slots=True)
class LayerName:
    """A layer, wherever it is; `version` is 0 where none is said."""

    account: str
    region: str
    name: str
    version: int = 0

    @property
    def layer_arn(self) -> str:
        """The ARN of the layer."""
        return f"arn:aws:lambda:{self.region}:{self.account}:layer:{self.name}"

    @property
    def arn(self) -> str:
        """The ARN of the version."""
        return f"{self.layer_arn}:{self.version}"


def resolve(text: str, account: str, region: str, version: int = 0) -> LayerName:
    """The layer that a LayerName or the ARN of a version means."""
    match = _ARN.fullmatch(text)
    if match is None:
        return LayerName(account, region, text, version)
    return LayerName(match["account"], match["region"], match["name"], int(match["version"] or version))


def shown(layer: LayerName, row: Row) -> dict[str, Any]:
    """A version as lists have it: members that were not given are left out, except for the description."""
    return {
        "LayerVersionArn": layer.arn,
        "Version": row["version"],
        "CreatedDate": iso(row["created"]),
        **json.loads(row["settings"]),
    }


def described(layer: LayerName, row: Row) -> dict[str, Any]:
    """A version with its layer and where its content is."""
    content = {"Location": row["location"], "CodeSha256": row["code_sha256"], "CodeSize": row["code_size"]}
    return {"Content": content, "LayerArn": layer.layer_arn, **shown(layer, row)}


def require_references(arns: Sequence[str], region: str) -> list[LayerName]:
    """The versions that a function names. Errors: InvalidParameterValueException (most texts recorded)."""
    layers = [resolve(arn, "", region) for arn in arns]
    if len(layers) > limits.LAYERS:
        raise invalid(f"Cannot reference more than {limits.LAYERS} layers.")
    if any(layer.region != region for layer in layers):
        raise invalid(
            f"Layers are not in the same region as the function. Layers are expected to be in region {region}."
        )
    for at, layer in enumerate(layers):
        for other in layers[at + 1 :]:
            if layer.layer_arn == other.layer_arn:
                raise invalid(
                    "Two different versions of the same layer are not allowed to be referenced in the same function. "
                    f"{layer.arn} and {other.arn} are versions of the same layer."
                )
    return layers


def no_version(layer: LayerName, code: str = "InvalidParameterValueException") -> AwsError:
    """What is answered where a version is referred to that is not there."""
    return AwsError(code, f"Layer version {layer.arn} does not exist.")


def require_number(version: int) -> None:
    """Errors: InvalidParameterValueException."""
    if version < 1:
        raise invalid("Layer Version Cannot be less than 1")
