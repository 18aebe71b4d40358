"""Event notifications: what a bucket's configuration says, and the records and details that are sent."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any
from urllib.parse import quote_plus

from emulator import ids
from emulator.arns import find_arn
from emulator.services.s3.model.errors import invalid_argument, malformed_xml

# Member of the configuration -> (member of the ARN, element that S3's errors name, service of the ARN).
KINDS = {
    "TopicConfigurations": ("TopicArn", "Topic", "sns"),
    "QueueConfigurations": ("QueueArn", "Queue", "sqs"),
    "LambdaFunctionConfigurations": ("LambdaFunctionArn", "CloudFunction", "lambda"),
}
EVENTS = frozenset(
    f"s3:{name}"
    for name in (
        "ReducedRedundancyLostObject",
        *(f"ObjectCreated:{verb}" for verb in ("*", "Put", "Post", "Copy", "CompleteMultipartUpload")),
        *(f"ObjectRemoved:{verb}" for verb in ("*", "Delete", "DeleteMarkerCreated")),
        *(f"ObjectRestore:{verb}" for verb in ("*", "Post", "Completed", "Delete")),
        *(
            f"Replication:Operation{verb}"
            for verb in ("FailedReplication", "NotTracked", "MissedThreshold", "ReplicatedAfterThreshold")
        ),
        "Replication:*",
        *(f"ObjectTagging:{verb}" for verb in ("*", "Put", "Delete")),
        *(f"LifecycleExpiration:{verb}" for verb in ("*", "Delete", "DeleteMarkerCreated")),
        "LifecycleTransition",
        "IntelligentTiering",
        "ObjectAcl:Put",
    )
)
# Detail types of EventBridge (S3 User Guide, "Using EventBridge": event message structure).
DETAIL_TYPES = {
    "ObjectCreated": "Object Created",
    "ObjectRemoved": "Object Deleted",
    "ObjectTagging:Put": "Object Tags Added",
    "ObjectTagging:Delete": "Object Tags Deleted",
}


@dataclass(frozen=True, slots=True)
class Target:
    """One queue, topic or function, and which events of which keys it gets."""

    id: str
    arn: str
    events: tuple[str, ...]
    prefix: str
    suffix: str

    def takes(self, event: str, key: str) -> bool:
        """Whether it wants `event` (`ObjectCreated:Put`) of `key`."""
        if not (key.startswith(self.prefix) and key.endswith(self.suffix)):
            return False
        return any(_covers(wanted, f"s3:{event}") for wanted in self.events)

    def overlaps(self, other: Target) -> bool:
        """Whether one event of one key could go to both."""
        if not (self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix)):
            return False
        if not (self.suffix.endswith(other.suffix) or other.suffix.endswith(self.suffix)):
            return False
        return any(_covers(a, b) or _covers(b, a) for a in self.events for b in other.events)


@dataclass(frozen=True, slots=True)
class Notifications:
    """A bucket's configuration, ready for use."""

    event_bridge: bool
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened to an object: `event` is S3's name for it (`ObjectCreated:Put`), `reason` EventBridge's."""

    event: str
    reason: str
    key: str
    sequencer: str
    size: int | None = None
    etag: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """The bucket, the request and the moment of an event."""

    bucket: str
    account: str
    region: str
    request_id: str
    now: datetime

    @property
    def time(self) -> str:
        """The moment in milliseconds, as records tell it."""
        return f"{self.now:%Y-%m-%dT%H:%M:%S}.{self.now.microsecond // 1000:03d}Z"

    @property
    def host_id(self) -> str:
        """The second id of a request, x-amz-id-2, which follows from the first here."""
        return base64.b64encode(hashlib.sha512(self.request_id.encode()).digest()[:57]).decode()


def _covers(wanted: str, event: str) -> bool:
    return event.startswith(wanted[:-1]) if wanted.endswith("*") else event == wanted


def normalized(configuration: dict[str, Any]) -> dict[str, Any]:
    """The configuration as GetBucketNotificationConfiguration shows it; {} for an empty one.

    Raises InvalidArgument for ARNs, events, filters and overlaps that S3 refuses.
    """
    out: dict[str, Any] = {}
    for kind, (member, element, service) in KINDS.items():
        entries = [_entry(entry, member, element, service) for entry in configuration.get(kind) or []]
        if entries:
            out[kind] = entries
    if configuration.get("EventBridgeConfiguration") is not None:
        out["EventBridgeConfiguration"] = {}
    for one, other in combinations(parsed(out).targets, 2):
        if one.overlaps(other):
            raise invalid_argument(
                "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
                "Id",
                other.id,
            )
    return out


def parsed(configuration: dict[str, Any]) -> Notifications:
    """A normalized configuration as nouns."""
    targets = []
    for kind, (member, _, _) in KINDS.items():
        for entry in configuration.get(kind, ()):
            rules = {rule["Name"]: rule["Value"] for rule in _rules(entry)}
            targets.append(
                Target(
                    entry["Id"],
                    entry[member],
                    tuple(entry["Events"]),
                    rules.get("Prefix", ""),
                    rules.get("Suffix", ""),
                )
            )
    return Notifications("EventBridgeConfiguration" in configuration, tuple(targets))


def _rules(entry: dict[str, Any]) -> list[dict[str, str]]:
    return ((entry.get("Filter") or {}).get("Key") or {}).get("FilterRules") or []


def _entry(entry: dict[str, Any], member: str, element: str, service: str) -> dict[str, Any]:
    arn, events = entry.get(member), entry.get("Events")
    if not arn or not events:
        raise malformed_xml()
    found = find_arn(arn)
    if found is None:
        raise invalid_argument("The ARN could not be parsed", element, arn)
    if found.service != service:
        raise invalid_argument("The ARN is not well formed", element, arn)
    for event in events:
        if event not in EVENTS:
            raise invalid_argument("The event is not supported for notifications", "Event", event)
    out = {"Id": entry.get("Id") or ids.new_uuid(), member: arn, "Events": list(events)}
    rules = [_rule(rule) for rule in _rules(entry)]
    if len({rule["Name"] for rule in rules}) < len(rules):
        raise invalid_argument(
            "Cannot specify more than one prefix rule or more than one suffix rule in a filter.", "FilterRule.Name"
        )
    if rules:
        out["Filter"] = {"Key": {"FilterRules": rules}}
    return out


def _rule(rule: dict[str, str]) -> dict[str, str]:
    name = (rule.get("Name") or "").capitalize()
    if name not in ("Prefix", "Suffix"):
        raise invalid_argument("filter rule name must be either prefix or suffix", "FilterRule.Name", rule.get("Name"))
    return {"Name": name, "Value": rule.get("Value") or ""}


def owner_id(account: str) -> str:
    """A canonical user id of an account: 64 hexadecimal digits, always the same."""
    return hashlib.sha256(f"canonical user of {account}".encode()).hexdigest()


def record(where: Where, happened: Happened, configuration_id: str) -> dict[str, Any]:
    """One element of `Records` (S3 User Guide, "Event message structure"); the key is URL-encoded."""
    tagging = happened.event.startswith(("ObjectTagging", "ObjectAcl"))
    thing: dict[str, Any] = {"key": quote_plus(happened.key, safe="/")}
    if happened.size is not None and not tagging:
        thing["size"] = happened.size
    if happened.etag is not None:
        thing["eTag"] = happened.etag
    if happened.version is not None:
        thing["versionId"] = happened.version
    if not tagging:
        thing["sequencer"] = happened.sequencer
    return {
        "eventVersion": "2.3" if tagging else "2.1",
        "eventSource": "aws:s3",
        "awsRegion": where.region,
        "eventTime": where.time,
        "eventName": happened.event,
        "userIdentity": {"principalId": f"AWS:{where.account}"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {"x-amz-request-id": where.request_id, "x-amz-id-2": where.host_id},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": configuration_id,
            "bucket": {
                "name": where.bucket,
                "ownerIdentity": {"principalId": owner_id(where.account)},
                "arn": f"arn:aws:s3:::{where.bucket}",
            },
            "object": thing,
        },
    }


def detail_type(event: str) -> str:
    """EventBridge's name for an event of S3."""
    return DETAIL_TYPES.get(event) or DETAIL_TYPES[event.partition(":")[0]]


def detail(where: Where, happened: Happened) -> dict[str, Any]:
    """The detail of the event on the bus; the key is as it is."""
    thing: dict[str, Any] = {"key": happened.key}
    created = happened.event.startswith("ObjectCreated")
    tagging = happened.event.startswith("ObjectTagging")
    if created:
        thing["size"] = happened.size
    if created or tagging:
        thing["etag"] = happened.etag
    if happened.version is not None:
        thing["version-id"] = happened.version
    if not tagging:
        thing["sequencer"] = happened.sequencer
    out = {
        "version": "0",
        "bucket": {"name": where.bucket},
        "object": thing,
        "request-id": where.request_id,
        "requester": where.account,
        "source-ip-address": "127.0.0.1",
    }
    if not tagging:
        out["reason"] = happened.reason
    if happened.event.startswith("ObjectRemoved"):
        marked = happened.event.endswith("DeleteMarkerCreated")
        out["deletion-type"] = "Delete Marker Created" if marked else "Permanently Deleted"
    return out


def test_event(where: Where) -> dict[str, str]:
    """The message with which S3 tries a new destination."""
    return {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": where.time,
        "Bucket": where.bucket,
        "RequestId": where.request_id,
        "HostId": where.host_id,
    }
