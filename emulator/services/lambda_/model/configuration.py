"""A function's configuration: what is kept of a request, what it must be, how it is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypedDict

from emulator import ids
from emulator.clock import from_micros
from emulator.errors import not_implemented
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model.errors import invalid
from emulator.services.lambda_.model.names import LATEST
from emulator.storage import Row

# Variables that belong to the runtime (Lambda Developer Guide, "Defined runtime environment variables").
RESERVED_VARIABLES = frozenset(
    {
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SECRET_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
        "_HANDLER",
    }
)


class Given(TypedDict, total=False):
    """What a function is made with and can be changed in, as it is called in Python."""

    role: str
    handler: str
    runtime: str
    description: str
    timeout: int
    memory_size: int
    dead_letter_config: dict[str, str]
    environment: dict[str, Any]
    tracing_config: dict[str, str]
    layers: list[str]
    ephemeral_storage: dict[str, int]
    logging_config: dict[str, str]
    vpc_config: dict[str, Any]


def settings_of(given: Given) -> dict[str, Any]:
    """What is given, by the members' names and as it is kept, but for the layers; None: not given."""
    return {
        "Runtime": given.get("runtime"),
        "Role": given.get("role"),
        "Handler": given.get("handler"),
        "Description": given.get("description"),
        "Timeout": given.get("timeout"),
        "MemorySize": given.get("memory_size"),
        "DeadLetterConfig": given.get("dead_letter_config"),
        "Environment": _environment(given.get("environment")),
        "TracingConfig": given.get("tracing_config"),
        "EphemeralStorage": given.get("ephemeral_storage"),
        "LoggingConfig": given.get("logging_config"),
        "VpcConfig": _vpc(given.get("vpc_config")),
    }


def _environment(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if given is None else {"Variables": given.get("Variables") or {}}


def _vpc(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A VpcConfig as it is shown; which VPC the subnets are of, nobody here knows."""
    if given is None:
        return None
    return {"SubnetIds": [], "SecurityGroupIds": [], "VpcId": "", "Ipv6AllowedForDualStack": False, **given}


def defaults(name: str) -> dict[str, Any]:
    """The settings of a function of which nothing was said."""
    return {
        "Description": "",
        "Timeout": limits.TIMEOUT_SECONDS,
        "MemorySize": limits.MEMORY_MB,
        "TracingConfig": {"Mode": "PassThrough"},
        "EphemeralStorage": {"Size": limits.EPHEMERAL_MB},
        "Architectures": ["x86_64"],
        "PackageType": "Zip",
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
    }


def merged(settings: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with those of a request on top; members that are None were not given."""
    after = {**settings, **{member: value for member, value in given.items() if value is not None}}
    if given.get("LoggingConfig") is not None:
        after["LoggingConfig"] = _logging({**settings["LoggingConfig"], **given["LoggingConfig"]})
    for member, nothing in (("DeadLetterConfig", {"TargetArn": ""}), ("Layers", [])):
        if after.get(member) == nothing:
            del after[member]
    return after


def _logging(settings: dict[str, str]) -> dict[str, str]:
    """Levels are of the format JSON alone."""
    if settings["LogFormat"] == "JSON":
        return {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO", **settings}
    return {name: value for name, value in settings.items() if name in ("LogFormat", "LogGroup")}


def require_valid(settings: Mapping[str, Any]) -> None:
    """Raise what CreateFunction and UpdateFunctionConfiguration answer to settings that cannot be."""
    for member in ("Runtime", "Handler"):
        if not settings.get(member):
            raise invalid(
                "Runtime and Handler are mandatory parameters for functions created with deployment packages."
            )
    if settings["Runtime"] not in limits.RUNTIMES:
        raise invalid(
            f"Value {settings['Runtime']} at 'runtime' failed to satisfy constraint: Member must satisfy enum value "
            f"set: [{', '.join(limits.RUNTIMES)}] or be a valid ARN"
        )
    _require_variables(settings.get("Environment", {}).get("Variables") or {})


def _require_variables(variables: Mapping[str, str]) -> None:
    refused = "Lambda was unable to configure your environment variables because the environment variables you have "
    reserved = sorted(RESERVED_VARIABLES & variables.keys())
    if reserved:
        raise invalid(
            f"{refused}provided contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )
    text = json.dumps(dict(variables), separators=(",", ":"), ensure_ascii=False)
    if len(text.encode(errors="surrogatepass")) > limits.ENVIRONMENT_BYTES:
        raise invalid(f"{refused}provided exceeded the 4KB limit. String measured: {text}")


def refuse_missing(
    operation: str,
    *,
    package_type: str | None = None,
    image_uri: str | None = None,
    code_signing_config_arn: str | None = None,
) -> None:
    """Container images and code signing: loud rather than left out."""
    if package_type == "Image" or image_uri:
        raise not_implemented("lambda", operation, "with container images")
    if code_signing_config_arn:
        raise not_implemented("lambda", operation, "with a code signing configuration")


def shown(row: Row, arn: str, runtime_version_arn: str) -> dict[str, Any]:
    """A FunctionConfiguration: members in the order and with the defaults recorded."""
    settings: dict[str, Any] = json.loads(row["settings"])
    return {
        "FunctionName": row["name"],
        "FunctionArn": arn,
        **settings,
        "CodeSize": row["code_size"],
        "CodeSha256": row["code_sha256"],
        "LastModified": iso(row["modified"]),
        "Version": row["version"],
        "RevisionId": row["revision"],
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "RuntimeVersionConfig": {"RuntimeVersionArn": runtime_version_arn},
    }


def listed(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """A FunctionConfiguration as lists of functions and versions have it (recorded)."""
    hidden = ("State", "LastUpdateStatus", "RuntimeVersionConfig")
    return {name: value for name, value in configuration.items() if name not in hidden}


def being_created(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration as the answer has it that creates it: whoever asks next finds it Active.

    Its revision is already another then (recorded): what comes into being is a change, too.
    """
    shown = {name: value for name, value in configuration.items() if name != "LastUpdateStatus"}
    return {**shown, **_in_progress("State", "Pending"), "RevisionId": ids.new_uuid()}


def being_updated(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration as the answer has it that changes it; see `being_created`."""
    return {**configuration, **_in_progress("LastUpdateStatus", "InProgress"), "RevisionId": ids.new_uuid()}


def _in_progress(member: str, value: str) -> dict[str, str]:
    return {member: value, f"{member}Reason": "The function is being created.", f"{member}ReasonCode": "Creating"}


def iso(micros: int) -> str:
    """`2026-11-20T06:43:25.123+0000`, as Lambda writes moments."""
    return f"{from_micros(micros):%Y-%m-%dT%H:%M:%S}.{micros // 1000 % 1000:03d}+0000"


def is_latest(qualifier: str | None) -> bool:
    """Whether a qualifier means the unpublished version."""
    return qualifier is None or qualifier == LATEST
