"""The errors of S3 with the texts and fields that AWS gives them."""

from __future__ import annotations

from typing import Any

from emulator.errors import AwsError
from emulator.wire.xml_body import malformed_xml as malformed_xml


def no_such_bucket(bucket: str) -> AwsError:
    return AwsError("NoSuchBucket", "The specified bucket does not exist", status=404, fields={"BucketName": bucket})


def no_such_key(key: str) -> AwsError:
    return AwsError("NoSuchKey", "The specified key does not exist.", status=404, fields={"Key": key})


def no_such_upload(upload_id: str) -> AwsError:
    return AwsError(
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
        "aborted or completed.",
        status=404,
        fields={"UploadId": upload_id},
    )


def invalid_argument(message: str, name: str, value: object = None) -> AwsError:
    """`InvalidArgument` with the argument's name and, where given, its value."""
    fields: dict[str, Any] = {"ArgumentName": name}
    if value is not None:
        fields["ArgumentValue"] = value
    return AwsError("InvalidArgument", message, status=400, fields=fields)


def invalid_request(message: str) -> AwsError:
    return AwsError("InvalidRequest", message, status=400)


def precondition_failed(condition: str) -> AwsError:
    return AwsError(
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
        status=412,
        fields={"Condition": condition},
    )


def not_modified() -> AwsError:
    return AwsError("NotModified", "Not Modified", status=304)


def header_not_implemented(header: str, additional: str = "") -> AwsError:
    """S3's own 501 for a header that asks for what it does not do."""
    fields = {"Header": header} | ({"additionalMessage": additional} if additional else {})
    return AwsError(
        "NotImplemented",
        "A header you provided implies functionality that is not implemented",
        status=501,
        fields=fields,
        fault="Receiver",
    )


def invalid_part(upload_id: str, number: int, etag: str) -> AwsError:
    return AwsError(
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
        "specified entity tag may not match the part's entity tag.",
        status=400,
        fields={"UploadId": upload_id, "PartNumber": number, "ETag": etag},
    )
