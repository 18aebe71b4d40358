"""Names, ARNs and texts of machines and executions."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from emulator.arns import Arn, find_arn
from emulator.errors import AwsError
from emulator.languages.asl.limits import PAYLOAD_LIMIT
from emulator.languages.asl.texts import load, size_of
from emulator.languages.patterns.tokens import find_syntax_error
from emulator.services.stepfunctions import limits
from emulator.storage import Row

_JACKSON = "com.fasterxml.jackson."
# Names may not hold white space, brackets, wildcards, control and some further characters, surrogates
# (API reference, CreateStateMachine: name).
_FORBIDDEN = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\U0010ffff]")

# What follows the type of a resource in its ARN (Service Authorization Reference, "Resource types defined by AWS Step
# Functions"); a machine's may end with a version or an alias.
_PARTS = {"activity": (1,), "stateMachine": (1, 2), "execution": (2,), "express": (3,), "mapRun": (2,)}

INITIAL = "INITIAL"  # the revision of a machine that was never changed (API reference, PublishStateMachineVersion)


@dataclass(slots=True)  # not frozen: every start makes one, and freezing would cost it three times as much
class Execution:
    """A running execution, as the work on it needs to know it; times are microseconds.

    `reply` is the JSON list of the Replies that its end is told to; `logging` the machine's configuration, if any.
    `mocks` is the JSON of what answers for its states in a test case, `invocations` how often each was asked.
    `map_run` is the number of the Map Run that started it, for so many `items`. `trace_header` is X-Ray's, which its
    tasks pass on.
    """

    id: int
    account: str
    region: str
    machine: str
    machine_arn: str
    name: str
    arn: str
    kind: str
    definition: str
    role_arn: str
    started: int
    input: str
    seed: int
    reply: str | None
    sync: bool
    version_arn: str | None = None
    alias_arn: str | None = None
    redrives: int = 0
    redriven: int | None = None
    logging: str | None = None
    mocks: str | None = None
    invocations: str | None = None
    map_run: int | None = None
    items: int = 0
    trace_header: str | None = None


def execution_of(row: Row) -> Execution:
    """The execution of a row of `running`."""
    return Execution(
        row["id"],
        row["account"],
        row["region"],
        row["machine"],
        row["machine_arn"],
        row["name"],
        row["arn"],
        row["kind"],
        row["definition"],
        row["role_arn"],
        row["started"],
        row["input"],
        row["seed"],
        row["reply"],
        bool(row["sync"]),
        row["version_arn"],
        row["alias_arn"],
        row["redrives"],
        row["redriven"],
        row["logging"],
        row["mocks"],
        row["invocations"],
        row["map_run"],
        row["items"],
        row["trace_header"],
    )


def definition_hash(definition: str, kind: str) -> str:
    """What a definition is kept under."""
    return hashlib.sha256(f"{kind}\n{definition}".encode(errors="surrogatepass")).hexdigest()


def check_name(name: str) -> None:
    """Raises InvalidName for a name that a machine, execution or activity cannot have."""
    if not 1 <= len(name) <= limits.NAME_CHARACTERS_MAX or _FORBIDDEN.search(name):
        raise AwsError("InvalidName", f"Invalid Name: '{name}'")


@lru_cache(maxsize=4096)
def require_arn(text: str, *kinds: str) -> Arn:
    """The parts of an ARN of Step Functions of one of those kinds; raises InvalidArn."""
    arn = find_arn(text)
    if arn is None or arn.service != "states":
        raise AwsError("InvalidArn", f"Invalid Arn: 'Invalid ARN prefix: {text}'")
    if arn.kind not in kinds:
        raise AwsError("InvalidArn", f"Invalid Arn: 'Resource type not valid in this context: {arn.kind}'")
    parts = arn.name.split(":")
    if not arn.resource.startswith(f"{arn.kind}:") or len(parts) not in _PARTS[arn.kind] or not all(parts):
        raise AwsError("InvalidArn", f"Invalid Arn: '{text}'")
    return arn


def find_role(text: str) -> Arn | None:
    """The parts of the ARN of a role, or None for any other text."""
    arn = find_arn(text)
    return arn if arn is not None and arn.service == "iam" and arn.kind == "role" else None


def check_role(arn: str | None) -> None:
    """Raises InvalidArn for what is no role's ARN."""
    if arn is not None and find_role(arn) is None:
        raise AwsError("InvalidArn", f"Invalid Role Arn: '{arn}'")


def check_encryption(configuration: dict[str, Any] | None) -> None:
    """Raises InvalidEncryptionConfiguration for a key of the customer's that is not named (API reference)."""
    if configuration is not None and configuration["type"] != "AWS_OWNED_KEY" and "kmsKeyId" not in configuration:
        raise AwsError(
            "InvalidEncryptionConfiguration",
            "Invalid Encryption Configuration: kmsKeyId must be specified for CUSTOMER_MANAGED_KMS_KEY.",
        )


def configurations(logging: str | None, tracing: str | None, encryption: str | None) -> dict[str, Any]:
    """The configurations of a machine or a version, each JSON, as they are described."""
    return {
        "loggingConfiguration": {"level": "OFF", "includeExecutionData": False, **json.loads(logging or "{}")},
        "tracingConfiguration": {"enabled": False, **json.loads(tracing or "{}")},
        "encryptionConfiguration": json.loads(encryption or '{"type": "AWS_OWNED_KEY"}'),
    }


def check_input(text: str) -> None:
    """Raises InvalidExecutionInput for an input that is no JSON, or is too large."""
    if size_of(text) > PAYLOAD_LIMIT:
        raise AwsError("InvalidExecutionInput", "Invalid execution input, exceeding max payload size of 262144 bytes.")
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        try:
            load(text)
        except ValueError as error:
            problem = json_problem(text, error)
            raise AwsError("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{problem}'") from None


def json_problem(text: str, error: ValueError) -> str:
    """What AWS says of an input or output that is not JSON: the exception of its parser (public reports of the API), or
    `error` where that has no words for it."""
    if not text.strip():
        place = f'[Source: (String)"{text}"; line: 1, column: 0]'
        return f"{_JACKSON}databind.exc.MismatchedInputException: No content to map due to end-of-input\n at {place}"
    found = find_syntax_error(text)
    return str(error) if found is None else f"{_JACKSON}core.JsonParseException: {found.reason}{found.location}"


def redrive_status(status: str) -> tuple[str, str | None]:
    """Whether an execution of that status can be redriven, and why not, in AWS's words."""
    if status in ("RUNNING", "SUCCEEDED"):
        return "NOT_REDRIVABLE", f"Execution is {status} and cannot be redriven"
    return "REDRIVABLE", None


def without_data(answer: dict[str, Any]) -> dict[str, Any]:
    """A described execution without its input and output (includedData METADATA_ONLY)."""
    left = {name: value for name, value in answer.items() if name not in ("input", "output")}
    return left | {f"{name}Details": {"included": False} for name in ("input", "output") if name in answer}


_DATA = ("input", "output", "parameters", "item", "assignedVariables")


def bare(event: dict[str, Any], *, truncated: bool = False) -> dict[str, Any]:
    """An event of a history without the data of the execution; `truncated`: because there was too much of it."""
    shown: dict[str, Any] = {}
    for name, value in event.items():
        if not isinstance(value, dict):
            shown[name] = value
            continue
        details = {member: part for member, part in value.items() if member not in _DATA}
        for member in ("inputDetails", "outputDetails", "assignedVariablesDetails"):
            details.pop(member, None)
            if truncated and member in value:
                details[member] = {"truncated": True}
        shown[name] = details
    return shown
