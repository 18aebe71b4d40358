"""Names of buckets, keys of objects, and where a bucket may lie."""

from __future__ import annotations

import re

from emulator.errors import AwsError
from emulator.services.s3 import limits
from emulator.services.s3.model.errors import invalid_argument

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\Z")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+\Z")
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-\d\Z")
_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
US_EAST_1 = "us-east-1"


def check_bucket_name(name: str) -> None:
    """Raise InvalidBucketName (S3 User Guide, "General purpose bucket naming rules")."""
    wrong = (
        not _BUCKET.match(name)
        or ".." in name
        or _ADDRESS.match(name)
        or name.startswith(_PREFIXES)
        or name.endswith(_SUFFIXES)
    )
    if wrong:
        raise AwsError(
            "InvalidBucketName", "The specified bucket is not valid.", status=400, fields={"BucketName": name}
        )


def check_key(key: str) -> None:
    """Raise KeyTooLongError past 1,024 bytes of UTF-8, InvalidArgument for U+0000 (a deviation)."""
    size = len(key) if key.isascii() else len(key.encode("utf-8", "surrogatepass"))
    if size > limits.KEY_BYTES_MAX:
        raise AwsError(
            "KeyTooLongError",
            "Your key is too long",
            status=400,
            fields={"Size": size, "MaxSizeAllowed": limits.KEY_BYTES_MAX},
        )
    if "\0" in key:
        raise invalid_argument("Stepwell keeps no key that holds U+0000.", "key")


def location_of(constraint: str | None, region: str) -> str:
    """The region in which a bucket is created through the endpoint of `region`.

    Raises InvalidLocationConstraint, IllegalLocationConstraintException (API reference, CreateBucket).
    """
    if constraint is None:
        if region == US_EAST_1:
            return region
        raise _illegal("unspecified")
    if region == US_EAST_1:
        if constraint == US_EAST_1 or not (constraint == "EU" or _REGION.match(constraint)):
            raise AwsError(
                "InvalidLocationConstraint",
                "The specified location-constraint is not valid",
                status=400,
                fields={"LocationConstraint": constraint},
            )
        return "eu-west-1" if constraint == "EU" else constraint
    if constraint == region or (constraint == "EU" and region == "eu-west-1"):
        return region
    raise _illegal(constraint)


def _illegal(constraint: str) -> AwsError:
    return AwsError(
        "IllegalLocationConstraintException",
        f"The {constraint} location constraint is incompatible for the region specific endpoint this request "
        "was sent to.",
        status=400,
    )
