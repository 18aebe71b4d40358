"""Event notifications: what a bucket's configuration says, and the records and details that are sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any
from urllib.parse import quote_plus

from emulator import ids
from emulator.arns import find_arn
from emulator.clock import in_millis
from emulator.services.s3.model.errors import invalid_argument, malformed_xml
from emulator.wire.http import host_id

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
    "ObjectAcl": "Object ACL Updated",
    "ObjectRestore:Post": "Object Restore Initiated",
    "ObjectRestore:Completed": "Object Restore Completed",
    "ObjectRestore:Delete": "Object Restore Expired",
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
    """What happened to an object: `event` is S3's name for it (`ObjectCreated:Put`), `reason` EventBridge's.

    Of a restore `storage_class` is where the object lies, `restored_until` when its copy goes.
    """

    event: str
    reason: str
    key: str
    sequencer: str
    size: int | None = None
    etag: str | None = None
    version: str | None = None
    storage_class: str | None = None
    restored_until: datetime | None = None


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
        return in_millis(self.now)

    @property
    def host_id(self) -> str:
        """The second id of the request, x-amz-id-2."""
        return host_id(self.request_id)


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


def initiator(account: str) -> dict[str, str]:
    """Who began an upload: the root of an account, which every caller is here."""
    return {"ID": f"arn:aws:iam::{account}:root", "DisplayName": "root"}


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
    told = {
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
    if happened.restored_until is not None:
        told |= _restored(where, happened, happened.restored_until)
    return told


def _restored(where: Where, happened: Happened, until: datetime) -> dict[str, Any]:
    """What a record tells of a restore that nobody's request completed."""
    data = {
        "lifecycleRestorationExpiryTime": in_millis(until),
        "lifecycleRestoreStorageClass": happened.storage_class,
    }
    return {
        "userIdentity": {"principalId": f"AmazonCustomer:{owner_id(where.account)}"},
        "requestParameters": {"sourceIPAddress": "s3.amazonaws.com"},
        "glacierEventData": {"restoreEventData": data},
    }


def detail_type(event: str) -> str:
    """EventBridge's name for an event of S3."""
    return DETAIL_TYPES.get(event) or DETAIL_TYPES[event.partition(":")[0]]


def detail(where: Where, happened: Happened) -> dict[str, Any]:
    """The detail of the event on the bus; the key is as it is."""
    thing: dict[str, Any] = {"key": happened.key}
    kind = happened.event.partition(":")[0]
    if kind in ("ObjectCreated", "ObjectRestore"):
        thing["size"] = happened.size
    if kind != "ObjectRemoved":
        thing["etag"] = happened.etag
    if happened.version is not None:
        thing["version-id"] = happened.version
    if kind in ("ObjectCreated", "ObjectRemoved"):
        thing["sequencer"] = happened.sequencer
    out = {
        "version": "0",
        "bucket": {"name": where.bucket},
        "object": thing,
        "request-id": where.request_id,
        "requester": where.account,
        "source-ip-address": "127.0.0.1",
    }
    if kind == "ObjectRestore":
        return _of_restore(out, happened)
    if kind in ("ObjectCreated", "ObjectRemoved"):
        out["reason"] = happened.reason
    if happened.event.startswith("ObjectRemoved"):
        marked = happened.event.endswith("DeleteMarkerCreated")
        out["deletion-type"] = "Delete Marker Created" if marked else "Permanently Deleted"
    return out


def _of_restore(out: dict[str, Any], happened: Happened) -> dict[str, Any]:
    if happened.event != "ObjectRestore:Post":
        del out["source-ip-address"]
    if happened.restored_until is not None:
        out["restore-expiry-time"] = in_millis(happened.restored_until)
    return {**out, "source-storage-class": happened.storage_class}


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
