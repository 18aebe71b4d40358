"""Access control lists: canned ones, grants in headers, policies in XML; all become a list of grants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from emulator.errors import AwsError
from emulator.services.s3.model.errors import invalid_argument, invalid_request
from emulator.services.s3.model.notifications import owner_id
from emulator.wire.xml_body import NOT_WELL_FORMED

Grant = dict[str, Any]

_GROUPS = {
    name: f"http://acs.amazonaws.com/groups/{path}"
    for name, path in (
        ("all", "global/AllUsers"),
        ("authenticated", "global/AuthenticatedUsers"),
        ("log", "s3/LogDelivery"),
    )
}
# What each canned list grants beside full control of the owner (S3 User Guide, "Canned ACL"). Those that name the
# owner of the bucket add nothing here, where it is the owner of every object.
_CANNED: dict[str, tuple[tuple[str, str], ...]] = {
    "private": (),
    "public-read": (("all", "READ"),),
    "public-read-write": (("all", "READ"), ("all", "WRITE")),
    "authenticated-read": (("authenticated", "READ"),),
    "aws-exec-read": (),
    "log-delivery-write": (("log", "WRITE"), ("log", "READ_ACP")),
    "bucket-owner-read": (),
    "bucket-owner-full-control": (),
}
_HEADERS = {
    "grant_full_control": "FULL_CONTROL",
    "grant_read": "READ",
    "grant_read_acp": "READ_ACP",
    "grant_write": "WRITE",
    "grant_write_acp": "WRITE_ACP",
}
_GRANTEE = re.compile(r'\s*(id|uri|emailAddress)\s*=\s*"?([^",]*)"?\s*\Z')
_ID = re.compile(r"[0-9a-f]{64}\Z")
OWNER_ONLY = "bucket-owner-full-control"
ENFORCED = "BucketOwnerEnforced"


def private(account: str) -> list[Grant]:
    """What a new bucket or object grants: the owner may do everything."""
    return [{"Grantee": {"ID": owner_id(account), "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}]


def in_headers(params: Mapping[str, Any], account: str) -> list[Grant] | None:
    """The grants of x-amz-acl or of x-amz-grant headers, None where there are none. Raises InvalidArgument,
    InvalidRequest.
    """
    canned = params.get("acl")
    given = {name: params[name] for name in _HEADERS if params.get(name) is not None}
    if canned is not None and given:
        raise invalid_request("Specifying both Canned ACLs and Header Grants is not allowed")
    if canned is not None:
        if canned not in _CANNED:
            raise invalid_argument("", "x-amz-acl", canned)
        return private(account) + [_to_group(_GROUPS[group], right) for group, right in _CANNED[canned]]
    if not given:
        return None
    return [
        {"Grantee": _grantee(part, f"x-amz-{name.replace('_', '-')}", text), "Permission": _HEADERS[name]}
        for name, text in given.items()
        for part in text.split(",")
    ]


def _to_group(uri: str, right: str) -> Grant:
    return {"Grantee": {"Type": "Group", "URI": uri}, "Permission": right}


def _grantee(part: str, header: str, text: str) -> dict[str, str]:
    match = _GRANTEE.match(part)
    if match is None:
        raise invalid_argument("Argument format not recognized", header, text)
    kind, value = match.groups()
    if kind == "uri":
        return _group(value, "uri")
    return _user(value, "id") if kind == "id" else {"Type": "AmazonCustomerByEmail", "EmailAddress": value}


def _group(uri: str | None, argument: str) -> dict[str, str]:
    if uri not in _GROUPS.values():
        raise invalid_argument("Invalid group uri", argument, uri or "")
    return {"Type": "Group", "URI": str(uri)}


def _user(id: str | None, argument: str) -> dict[str, str]:
    if not _ID.match(id or ""):
        raise invalid_argument("Invalid id", argument, id or "")
    return {"ID": str(id), "Type": "CanonicalUser"}


def in_policy(policy: Mapping[str, Any]) -> list[Grant]:
    """The grants of an AccessControlPolicy. Raises MalformedACLError, InvalidArgument."""
    owner, grants = policy.get("Owner"), policy.get("Grants")
    if not owner or not owner.get("ID") or grants is None:
        raise _malformed()
    _user(owner["ID"], "CanonicalUser/ID")
    return [_checked(grant) for grant in grants]


def _checked(grant: Grant) -> Grant:
    grantee, right = grant.get("Grantee") or {}, grant.get("Permission")
    if right not in _HEADERS.values():
        raise _malformed()
    if grantee.get("Type") == "Group" and "URI" in grantee:
        return {"Grantee": _group(grantee["URI"], "Group/URI"), "Permission": right}
    if grantee.get("Type") == "CanonicalUser" and "ID" in grantee:
        return {"Grantee": _user(grantee["ID"], "CanonicalUser/ID"), "Permission": right}
    if grantee.get("Type") == "AmazonCustomerByEmail" and "EmailAddress" in grantee:
        return {"Grantee": grantee, "Permission": right}
    raise _malformed()


def _malformed() -> AwsError:
    return AwsError("MalformedACLError", NOT_WELL_FORMED, status=400)


def require_one(params: Mapping[str, Any], policy: Mapping[str, Any] | None, account: str) -> list[Grant]:
    """The grants of a request to put an access control list, which says them in one way.

    Raises what `in_headers` and `in_policy` do, UnexpectedContent and MissingSecurityHeader.
    """
    found = in_headers(params, account)
    if policy is not None:
        if found is not None:
            raise AwsError("UnexpectedContent", "This request does not support content", status=400)
        return in_policy(policy)
    if found is None:
        raise AwsError(
            "MissingSecurityHeader",
            "Your request was missing a required header",
            status=400,
            fields={"MissingHeaderName": "x-amz-acl"},
        )
    return found


def not_with_ownership() -> AwsError:
    text = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
    return AwsError("InvalidBucketAclWithObjectOwnership", text, status=400)


def not_supported() -> AwsError:
    return AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs", status=400)
