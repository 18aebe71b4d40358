"""Settings of a bucket: what each kind may say, what a new bucket has, and the errors where there is none."""

from __future__ import annotations

from typing import Any

from emulator.errors import AwsError
from emulator.services.s3.model.errors import invalid_argument, invalid_request, malformed_xml

Settings = dict[str, Any]

# What a new bucket has (S3 User Guide: "Setting default server-side encryption behavior", "Blocking public access",
# "Controlling ownership of objects").
DEFAULTS: dict[str, Any] = {
    "accelerate": {},
    "encryption": {
        "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]
    },
    "logging": {},
    "ownershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    "publicAccessBlock": {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    },
    "requestPayment": {"Payer": "BucketOwner"},
}
_MISSING = {
    "cors": ("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
    "encryption": (
        "ServerSideEncryptionConfigurationNotFoundError",
        "The server side encryption configuration was not found",
    ),
    "lifecycle": ("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
    "object-lock": (
        "ObjectLockConfigurationNotFoundError",
        "Object Lock configuration does not exist for this bucket",
    ),
    "ownershipControls": ("OwnershipControlsNotFoundError", "The bucket ownership controls were not found"),
    "policy": ("NoSuchBucketPolicy", "The bucket policy does not exist"),
    "publicAccessBlock": (
        "NoSuchPublicAccessBlockConfiguration",
        "The public access block configuration was not found",
    ),
    "replication": ("ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
    "website": ("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
}
_METHODS = ("GET", "PUT", "HEAD", "POST", "DELETE")
_OWNERSHIPS = ("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced")


def missing(kind: str, bucket: str) -> AwsError:
    """The error that says that a bucket has no setting of this kind."""
    code, message = _MISSING[kind]
    return AwsError(code, message, status=404, fields={"BucketName": bucket})


def require_one_of(value: str | None, *known: str) -> None:
    """Raise MalformedXML for a word that the schema does not have there."""
    if value not in known:
        raise malformed_xml()


def check_cors(rules: list[Settings] | None) -> None:
    """Raise MalformedXML, InvalidRequest."""
    if not rules:
        raise malformed_xml()
    for rule in rules:
        for method in rule.get("AllowedMethods") or []:
            if method not in _METHODS:
                raise invalid_request(f"Found unsupported HTTP method in CORS config. Unsupported method is {method}")
        for origin in (*rule.get("AllowedOrigins", ()), *rule.get("AllowedHeaders", ())):
            if origin.count("*") > 1:
                what = "AllowedOrigin" if origin in rule.get("AllowedOrigins", ()) else "AllowedHeader"
                raise invalid_request(f'{what} "{origin}" can not have more than one wildcard.')


def check_encryption(configuration: Settings) -> None:
    """Raise MalformedXML, InvalidArgument."""
    rules = configuration.get("Rules") or []
    default = rules[0].get("ApplyServerSideEncryptionByDefault") if len(rules) == 1 else None
    if not default:
        raise malformed_xml()
    require_one_of(default.get("SSEAlgorithm"), "AES256", "aws:kms", "aws:kms:dsse")
    if default["SSEAlgorithm"] == "AES256" and default.get("KMSMasterKeyID"):
        raise invalid_argument(
            "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
            "ApplyServerSideEncryptionByDefault",
        )


def check_ownership(controls: Settings) -> None:
    """Raise MalformedXML."""
    rules = controls.get("Rules") or []
    if len(rules) != 1:
        raise malformed_xml()
    require_one_of(rules[0].get("ObjectOwnership"), *_OWNERSHIPS)


def check_ownership_header(value: str | None) -> None:
    """Raise InvalidArgument for an ownership that a new bucket cannot have."""
    if value is not None and value not in _OWNERSHIPS:
        raise invalid_argument(f"Invalid x-amz-object-ownership header: {value}", "x-amz-object-ownership")


def check_website(configuration: Settings) -> None:
    """Raise InvalidArgument, InvalidRequest, MalformedXML."""
    index, redirect = configuration.get("IndexDocument"), configuration.get("RedirectAllRequestsTo")
    if redirect is not None:
        if len(configuration) > 1:
            raise invalid_argument(
                "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
                "RedirectAllRequestsTo",
                "not null",
            )
        _check_protocol(redirect)
        return
    if index is None:
        raise invalid_argument(
            "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
            "IndexDocument",
            "null",
        )
    suffix = index.get("Suffix") or ""
    if not suffix or "/" in suffix:
        raise invalid_argument("The IndexDocument Suffix is not well formed", "IndexDocument", suffix)
    rules = configuration.get("RoutingRules")
    if rules == []:
        raise malformed_xml()
    for rule in rules or []:
        _check_routing(rule)


def _check_protocol(redirect: Settings) -> None:
    if redirect.get("Protocol") not in (None, "http", "https"):
        raise invalid_request(
            "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected "
            "automatically."
        )


def _check_routing(rule: Settings) -> None:
    redirect = rule.get("Redirect")
    if not redirect:
        raise malformed_xml()
    _check_protocol(redirect)
    if "ReplaceKeyPrefixWith" in redirect and "ReplaceKeyWith" in redirect:
        raise invalid_request("You can only define ReplaceKeyPrefix or ReplaceKey but not both.")
    if rule.get("Condition") == {}:
        raise invalid_request(
            "Condition cannot be empty. To redirect all requests without a condition, the condition element "
            "shouldn't be present."
        )
