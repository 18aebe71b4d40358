"""What the Resource of a Task means for its history: a Lambda function, an activity or an integration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from emulator.languages.asl.history import WHOLE

_INTEGRATION = re.compile(r"arn:[\w-]+:states:(?P<region>[\w-]*):(?P<account>\d*):(?P<rest>.+)")
_TOKEN, _SYNC = "waitForTaskToken", "sync"
# The actions of optimized integrations, each with its patterns beside request and response (Step Functions Developer
# Guide, "Integrating services with Step Functions"). Services that are not here are not judged.
_ACTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "lambda": {"invoke": (_TOKEN,)},
    "dynamodb": {"getItem": (), "putItem": (), "deleteItem": (), "updateItem": ()},
    "sns": {"publish": (_TOKEN,)},
    "sqs": {"sendMessage": (_TOKEN,)},
    "events": {"putEvents": (_TOKEN,)},
    "states": {"startExecution": (_SYNC, "sync:2", _TOKEN)},
    "apigateway": {"invoke": (_TOKEN,)},
    "http": {"invoke": ()},
    "batch": {"submitJob": (_SYNC,)},
    "ecs": {"runTask": (_SYNC, _TOKEN)},
    "glue": {"startJobRun": (_SYNC,)},
    "databrew": {"startJobRun": (_SYNC,)},
    "athena": {
        "startQueryExecution": (_SYNC,),
        **dict.fromkeys(("stopQueryExecution", "getQueryExecution", "getQueryResults"), ()),
    },
    "codebuild": {
        **dict.fromkeys(("startBuild", "startBuildBatch", "retryBuildBatch"), (_SYNC,)),
        **dict.fromkeys(
            ("stopBuild", "stopBuildBatch", "deleteBuildBatch", "batchDeleteBuilds", "batchGetReports"), ()
        ),
    },
    "elasticmapreduce": {
        **dict.fromkeys(("createCluster", "terminateCluster", "addStep"), (_SYNC,)),
        **dict.fromkeys(("setClusterTerminationProtection", "cancelStep"), ()),
        **dict.fromkeys(("modifyInstanceFleetByName", "modifyInstanceGroupByName"), ()),
    },
    "emr-containers": {
        "createVirtualCluster": (),
        **dict.fromkeys(("deleteVirtualCluster", "startJobRun"), (_SYNC,)),
    },
    "emr-serverless": dict.fromkeys(
        (
            *("createApplication", "startApplication", "stopApplication", "deleteApplication"),
            *("startJobRun", "cancelJobRun"),
        ),
        (_SYNC,),
    ),
    "mediaconvert": {"createJob": (_SYNC,)},
    "sagemaker": {
        **dict.fromkeys(("createEndpoint", "createEndpointConfig", "createModel", "updateEndpoint"), ()),
        **dict.fromkeys(("createHyperParameterTuningJob", "createLabelingJob", "createProcessingJob"), (_SYNC,)),
        **dict.fromkeys(("createTrainingJob", "createTransformJob"), (_SYNC,)),
    },
}
_NO_INTEGRATIONS = frozenset(("", "aws-sdk", "stateMachine", "execution", "express", "mapRun"))
"""What stands where an integration has its service: nothing, a service without an action, or another resource."""


@dataclass(frozen=True, slots=True)
class Resource:
    """`kind` is the prefix of the event types: LambdaFunction, Activity or Task."""

    arn: str
    kind: str
    service: str = ""
    action: str = ""

    @property
    def token_wait(self) -> bool:
        return self.action.endswith(".waitForTaskToken")

    @property
    def sync(self) -> bool:
        return self.action.endswith((".sync", ".sync:2"))

    @property
    def needs_token(self) -> bool:
        return self.kind == "Activity" or self.token_wait or self.sync

    @property
    def label(self) -> str:
        """The name AWS gives the task when its result is too large."""
        return self.service if self.kind == "Task" and self.service else self.arn

    @property
    def _named(self) -> dict[str, Any]:
        return {"resourceType": self.service, "resource": self.action}

    def details(self, event: str) -> str:
        """The name of the details member of an event type."""
        first = self.kind[0].lower() + self.kind[1:]
        return f"{first}{event}EventDetails"

    def scheduled(self, text: str, region: str, timeouts: dict[str, Any], role: Any) -> dict[str, Any]:
        """The details of the Scheduled event. `role` is the RoleArn of Credentials, or None."""
        if self.kind == "Task":
            details = {**self._named, "region": region, "parameters": text, **timeouts}
        else:
            limits = timeouts
            if self.kind == "LambdaFunction":
                limits = {name: value for name, value in timeouts.items() if name == "timeoutInSeconds"}
            details = {"resource": self.arn, "input": text, "inputDetails": WHOLE, **limits}
        if role is not None:
            details["taskCredentials"] = {"roleArn": role}
        return details

    def started(self, worker: str | None) -> dict[str, Any] | None:
        if self.kind == "Task":
            return self._named
        if self.kind == "Activity":
            return {} if worker is None else {"workerName": worker}
        return None

    def succeeded(self, text: str) -> dict[str, Any]:
        details = {"output": text, "outputDetails": WHOLE}
        return {**self._named, **details} if self.kind == "Task" else details

    def failed(self, details: dict[str, Any]) -> dict[str, Any]:
        return {**self._named, **details} if self.kind == "Task" else details


def resource(arn: str) -> Resource:
    """The resource an ARN names; anything that is not of Step Functions itself counts as a function."""
    found = _INTEGRATION.fullmatch(arn)
    if found is None:
        return Resource(arn, "LambdaFunction")
    if found["rest"].startswith("activity:"):
        return Resource(arn, "Activity")
    service, _, action = found["rest"].rpartition(":")
    if action == "2":  # arn:aws:states:::states:startExecution.sync:2
        service, _, action = service.rpartition(":")
        action = f"{action}:2"
    return Resource(arn, "Task", service, action)


def is_recognized(arn: str) -> bool:
    """Are the ARN's action and pattern some that Step Functions has, as far as we know its service?"""
    named = resource(arn)
    action, _, form = named.action.partition(".")
    if named.kind == "Task" and named.service.startswith("aws-sdk:"):
        return form in ("", _TOKEN)
    if named.kind == "Task" and (named.service in _NO_INTEGRATIONS or ":" in named.service):
        return False
    actions = _ACTIONS.get(named.service) if named.kind == "Task" else None
    return actions is None or (action in actions and form in ("", *actions[action]))


def unrecognized(arn: str) -> str:
    """What AWS says of a resource that it does not have."""
    return (
        f"The resource provided {arn} is not recognized. The value is not a valid resource ARN,"
        " or the resource is not available in this region."
    )
