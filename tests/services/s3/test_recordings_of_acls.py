"""Access control lists, held against what AWS answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

FAKE = "http://acs.amazonaws.com/groups/s3/FakeGroup"
LOG = "http://acs.amazonaws.com/groups/s3/LogDelivery"
TO_LOG = {"Grantee": {"URI": LOG, "Type": "Group"}, "Permission": "WRITE"}


@pytest.fixture
def open_(s3: Any) -> Any:
    """A client whose bucket has lists."""
    s3.put_bucket_ownership_controls(
        Bucket="bucket", OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )
    return s3


def refusals(put: Callable[..., Any], error_of: Any, owner: dict[str, str], what: str) -> dict[str, Any]:
    """What is refused of a bucket and of an object alike, by the names of the recordings."""
    to_owner = {"Grantee": {**owner, "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}
    wrong = {"Grantee": {"ID": "wrong-id", "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}
    policies = {
        "1": {"Grants": [TO_LOG]},
        "2": {"Owner": owner, "Grants": [{"Grantee": {"Type": "Group"}, "Permission": "WRITE"}]},
        "3": {"Owner": {"ID": "wrong-id"}, "Grants": [TO_LOG]},
        "4": {"Owner": owner, "Grants": [{**TO_LOG, "Grantee": {"URI": FAKE, "Type": "Group"}}]},
        "5": {"Owner": owner, "Grants": [wrong]},
        "6": {"Owner": owner, "Grants": [{**to_owner, "Permission": "FAKE"}]},
    }
    cases = {
        "grant-acl-fake-uri": {"GrantWrite": f'uri="{FAKE}"'},
        "grant-acl-fake-key": {"GrantWrite": 'fakekey="1234"'},
        "grant-acl-wrong-id": {"GrantWrite": 'id="wrong-id"'},
        "empty-acp": {"AccessControlPolicy": {}},
        "two-type-acl": {"ACL": "public-read", "GrantRead": f'uri="{LOG}"'},
        "two-type-acl-acp": {"ACL": "public-read", "AccessControlPolicy": {"Owner": owner, "Grants": [TO_LOG]}},
    }
    cases |= {f"acp-acl-{number}": {"AccessControlPolicy": policy} for number, policy in policies.items()}
    return {f"put-{what}-{case}": error_of(put, **params) for case, params in cases.items()}


@pytest.mark.recording("s3", "test_s3_bucket_acl_exceptions")
def test_lists_of_a_bucket_are_checked(open_: Any, unchecked: Any, recorded: Any, error_of: Any) -> None:
    owner = open_.get_bucket_acl(Bucket="bucket")["Owner"]

    def put(**params: Any) -> Any:
        return unchecked.put_bucket_acl(Bucket="bucket", **params)

    recorded(refusals(put, error_of, owner, "bucket"))
    recorded(put_bucket_canned_acl=error_of(put, ACL="fake-acl"), put_bucket_empty=error_of(put))


@pytest.mark.recording("s3", "test_s3_object_acl_exceptions")
def test_lists_of_an_object_are_checked(open_: Any, unchecked: Any, recorded: Any, error_of: Any) -> None:
    where = {"Bucket": "bucket", "Key": "k"}
    open_.put_object(**where)
    owner = open_.get_object_acl(**where)["Owner"]

    def put(**params: Any) -> Any:
        return unchecked.put_object_acl(**where, **params)

    recorded(refusals(put, error_of, owner, "object"))
    recorded(
        put_object_canned_acl=error_of(open_.put_object, **where, ACL="fake-acl"),
        put_object_acl_canned_acl=error_of(put, ACL="fake-acl"),
        put_object_acl_empty=error_of(put),
    )


@pytest.mark.recording("s3", "test_s3_object_acl")
def test_a_list_of_an_object_is_put_in_three_ways(open_: Any, recorded: Any) -> None:
    where = {"Bucket": "bucket", "Key": "object-key-acl"}
    written = open_.put_object(**where, Body="")
    default = open_.get_object_acl(**where)
    recorded(
        put_object_default_acl=written,
        get_object_acl_default=default,
        put_object_acl=open_.put_object_acl(**where, ACL="public-read"),
        get_object_acl=open_.get_object_acl(**where),
    )
    open_.put_object_acl(**where, GrantRead=f'uri="{LOG}"')
    recorded(get_object_grant_acl=open_.get_object_acl(**where))
    policy = {"Owner": default["Owner"], "Grants": [*default["Grants"], TO_LOG]}
    open_.put_object_acl(**where, AccessControlPolicy=policy)
    recorded(get_object_acp_acl=open_.get_object_acl(**where))


@pytest.mark.recording("s3", "test_put_object_acl_on_delete_marker")
def test_a_delete_marker_has_no_list(open_: Any, versioned: Any, recorded: Any, error_of: Any) -> None:
    where = {"Bucket": "bucket", "Key": "test-key-versioned"}
    first = versioned.put_object(**where, Body="something")
    second = versioned.put_object(**where, Body="something-v2")
    marker = versioned.delete_object(**where)
    by_id = {**where, "VersionId": marker["VersionId"]}

    recorded(
        {
            "put-obj-1": first,
            "put-obj-2": second,
            "delete-object": marker,
            "put-acl-delete-marker": error_of(versioned.put_object_acl, **where, ACL="public-read"),
            "get-acl-delete-marker": error_of(versioned.get_object_acl, **where),
            "put-acl-delete-marker-version-id": error_of(versioned.put_object_acl, **by_id, ACL="public-read"),
            "get-acl-delete-marker-version-id": error_of(versioned.get_object_acl, **by_id),
        }
    )


# What the recordings do not have.


def test_a_new_bucket_allows_no_lists(s3: Any, error_of: Any) -> None:
    refused = [
        error_of(s3.put_bucket_acl, Bucket="bucket", ACL="public-read"),
        error_of(s3.put_object, Bucket="bucket", Key="k", ACL="public-read"),
    ]
    created = error_of(s3.create_bucket, Bucket="public", ACL="public-read")
    s3.put_object(Bucket="bucket", Key="k", ACL="bucket-owner-full-control")
    s3.create_bucket(Bucket="private", ACL="private")

    assert [answer["Error"]["Code"] for answer in refused] == ["AccessControlListNotSupported"] * 2
    assert created["Error"]["Code"] == "InvalidBucketAclWithObjectOwnership"


def test_an_object_is_put_with_its_list_and_copied_without(open_: Any) -> None:
    open_.put_object(Bucket="bucket", Key="k", ACL="public-read")
    open_.copy_object(Bucket="bucket", Key="copy", CopySource="bucket/k")

    def rights(key: str) -> list[str]:
        return [grant["Permission"] for grant in open_.get_object_acl(Bucket="bucket", Key=key)["Grants"]]

    assert (rights("k"), rights("copy")) == (["FULL_CONTROL", "READ"], ["FULL_CONTROL"])
    assert "Acl" not in open_.head_object(Bucket="bucket", Key="k")
