"""What Tasks can call and with which fields, read from botocore's models when a machine is created.

Only names are judged, values are not. In doubt a name is good: the models may be newer or older than AWS's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, TypeAlias

from emulator.languages.asl.checks import TaskCheck
from emulator.languages.asl.problems import Report
from emulator.languages.asl.resources import Resource, resource, unrecognized
from emulator.services.stepfunctions.integrations import http_requests
from emulator.services.stepfunctions.integrations.naming import capital
from emulator.services.stepfunctions.integrations.task import missing, not_supported
from emulator.wire import models
from emulator.wire.models import Service, Shape

Read: TypeAlias = Callable[[str], Service]

# Services as the SDK for Java names them, which is how `aws-sdk:` does, where botocore's name is another one, hyphens
# apart (Step Functions Developer Guide, "Supported AWS SDK service integrations").
_RENAMED = {
    "applicationdiscovery": "discovery",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "costandusagereport": "cur",
    "costexplorer": "ce",
    "databasemigration": "dms",
    "directory": "ds",
    "directoryservicedata": "ds-data",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticsearch": "es",
    "eventbridge": "events",
    "iotdataplane": "iot-data",
    "iotjobsdataplane": "iot-jobs-data",
    "lexmodelbuilding": "lex-models",
    "lexmodelsv2": "lexv2-models",
    "lexruntimev2": "lexv2-runtime",
    "marketplacemetering": "meteringmarketplace",
    "migrationhub": "mgh",
    "serverlessapplicationrepository": "serverlessrepo",
    "sfn": "stepfunctions",
    "simpledb": "sdb",
}
# Services that AWS has listed there, and that botocore has no more.
_RETIRED = frozenset(
    (
        *("alexaforbusiness", "codestar", "elasticinference", "elastictranscoder", "evidently", "honeycode"),
        *("iot1clickdevices", "iot1clickprojects", "iotanalytics", "iotevents", "ioteventsdata", "iotfleethub"),
        *("lookoutmetrics", "lookoutvision", "macie", "mobile", "nimble", "opsworks", "opsworkscm", "panorama"),
        *("privatenetworks", "qldb", "qldbsession", "robomaker", "simspaceweaver", "sms", "worklink"),
    )
)
_MORE_ACTIONS = frozenset({("appsync", "graphql")})  # in public workflows, in no model: whether AWS has it is not known
_DATE = re.compile(r"\d{4}_\d\d_\d\d$")  # of the API's version, in the names of CloudFront's operations
# Optimized integrations whose fields are those of one API. The others have fields of their own.
_OPTIMIZED = {"states": "stepfunctions"} | {
    name: name
    for name in (
        *("athena", "batch", "codebuild", "databrew", "dynamodb", "ecs", "emr-containers", "emr-serverless"),
        *("events", "glue", "lambda", "mediaconvert", "sagemaker", "sns", "sqs"),
    )
}


@dataclass(slots=True)
class Fields:
    """The members of a structure by their names in lower case; None for a value that is not looked into."""

    required: tuple[str, ...] = ()
    known: dict[str, Fields | None] = field(default_factory=dict)


_ANYTHING = Fields()
_FOUND: dict[tuple[str, str], Fields] = {}
"""The operations that were read so far, by botocore's service and the action in lower case."""
_OWN = {
    ("apigateway", "invoke"): Fields(
        ("ApiEndpoint", "Method"),
        dict.fromkeys(
            (
                *("apiendpoint", "method", "headers", "stage", "path", "queryparameters", "requestbody"),
                *("allownullvalues", "authtype"),
            )
        ),
    ),
    ("http", "invoke"): Fields(
        http_requests.REQUIRED, dict.fromkeys(name.lower() for name in (*http_requests.REQUIRED, *http_requests.MORE))
    ),
}


def botocore_name(sdk_name: str) -> str:
    """botocore's name of the service that `aws-sdk:` calls so; the same name for one that it does not have."""
    return _RENAMED.get(sdk_name) or _unhyphenated().get(sdk_name, sdk_name)


@cache
def _unhyphenated() -> Mapping[str, str]:
    """botocore's names that `aws-sdk:` has too, but for hyphens."""
    renamed = _RENAMED.values()
    return {name.replace("-", ""): name for name in models.known() if name not in renamed}


def task_check() -> TaskCheck:
    """A check of the tasks of one definition. The models that it reads go with it: some take tens of megabytes."""
    return partial(_check_task, cache(models.read))


def _check_task(read: Read, state: dict[str, Any], place: str, report: Report) -> None:
    """Report a resource that AWS does not have, and fields of its parameters that it does not know or misses.

    The words: aws-step-functions-data-science-sdk-python issue 200, aws-cdk issue 29968.
    """
    named = resource(state["Resource"])
    if named.kind != "Task":
        return
    fields = _fields_of(named, read)
    if fields is None:
        report.schema(unrecognized(named.arn), f"{place}/Resource")
        return
    of_paths = "Arguments" not in state
    holder = "Parameters" if of_paths else "Arguments"
    given = state.get(holder)
    if fields is _ANYTHING or not isinstance(given, dict):
        return
    names = {name.removesuffix(".$") if of_paths else name for name in given}
    if not named.service.startswith("aws-sdk:"):  # whether AWS wants them there too is not known
        for name in fields.required:
            if name not in names:
                report.schema(missing(name), f"{place}/{holder}")
    for name in _unknown(given, fields, of_paths=of_paths):
        report.schema(not_supported(name), f"{place}/{holder}")


def _fields_of(named: Resource, read: Read) -> Fields | None:
    """What the parameters of a resource may have; None for an action of `aws-sdk:` that AWS does not have."""
    action = named.action.partition(".")[0]
    if not named.service.startswith("aws-sdk:"):
        service = _OPTIMIZED.get(named.service)
        found = _OWN.get((named.service, action)) if service is None else _described(service, action, read)
        return found or _ANYTHING
    sdk_name = named.service.removeprefix("aws-sdk:")
    if sdk_name in _RETIRED or (sdk_name, action) in _MORE_ACTIONS:
        return _ANYTHING
    # Actions are in camel case: aws-cdk pull request 27635 has AWS's refusal of another.
    if not action[:1].islower() or (sdk_name not in _RENAMED and sdk_name not in _unhyphenated()):
        return None
    return _described(botocore_name(sdk_name), action, read)


def _described(service: str, action: str, read: Read) -> Fields | None:
    """The members of an operation's input; None for one that the service does not have."""
    if service not in models.known():
        return _ANYTHING  # a botocore that has it no more, or not yet
    key = (service, action.lower())
    found = _FOUND.get(key)
    if found is None:
        operations = read(service).operations
        name = next((name for name in operations if _DATE.sub("", name).lower() == key[1]), None)
        if name is None:
            return None  # not remembered: there are any number of them
        given = operations[name].input
        found = _FOUND[key] = _ANYTHING if given is None else _members(given, {})
    return found


def _members(shape: Shape, seen: dict[str, Fields]) -> Fields:
    found = seen.get(shape.name)
    if found is None:
        found = seen[shape.name] = Fields()
        # An SDK makes up a token where none is given.
        wanted = [name for name in shape.required if not shape.members[name].traits.get("idempotencyToken")]
        found.required = tuple(map(capital, wanted))
        for name, member in shape.members.items():
            found.known[name.lower()] = _inside(member, seen)
    return found


def _inside(shape: Shape, seen: dict[str, Fields]) -> Fields | None:
    while shape.type == "list":
        shape = shape.member
    return _members(shape, seen) if shape.type == "structure" and not shape.is_document else None


def _unknown(given: Any, fields: Fields, *, of_paths: bool) -> list[str]:
    """Names that a value has and its structure does not, however deep."""
    if isinstance(given, list):
        return [name for element in given for name in _unknown(element, fields, of_paths=of_paths)]
    found: list[str] = []
    for key, value in given.items() if isinstance(given, dict) else ():
        name = key.removesuffix(".$") if of_paths else key
        lower = name.lower()
        # The SDK for Java adds Value to names that are words of Java: EqualsValue (Developer Guide, as above).
        known = lower if lower in fields.known else lower.removesuffix("value")
        if known not in fields.known or not name[:1].isupper():
            found.append(name)
        elif (inner := fields.known[known]) is not None:
            found += _unknown(value, inner, of_paths=of_paths)
    return found
