"""A client of one emulator that starts fast: JSON calls over plain HTTP, no SDK."""

from __future__ import annotations

import argparse
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from emulator.cli import address
from emulator.errors import EmulatorError
from emulator.ids import DEFAULT_ACCOUNT

TARGETS = {
    "stepwell": "Stepwell_20261120",
    "events": "AWSEvents",
    "sqs": "AmazonSQS",
    "stepfunctions": "AWSStepFunctions",
}
VERSIONS = {"sqs": "1.0", "stepfunctions": "1.0"}
PATIENCE = 630.0  # a little longer than the emulator lets a request wait
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine is not behind a proxy


class Client:
    """The emulator at `url`, as an account and a region see it."""

    def __init__(self, url: str, account: str = DEFAULT_ACCOUNT, region: str = "us-east-1") -> None:
        self.url = url.rstrip("/")
        self.account = account
        self.region = region

    def call(self, service: str, operation: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """An operation of a service that speaks JSON, by its wire names.

        Raises EmulatorError with the answer's code and message, or when nobody answers.
        """
        scope = f"{self.account}/20261120/{self.region}/{service}/aws4_request"
        headers = {
            "Content-Type": f"application/x-amz-json-{VERSIONS.get(service, '1.1')}",
            "X-Amz-Target": f"{TARGETS[service]}.{operation}",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        }
        body = json.dumps(params or {}).encode()
        request = urllib.request.Request(f"{self.url}/", data=body, headers=headers)
        try:
            with _OPENER.open(request, timeout=PATIENCE) as answer:
                return dict(json.loads(answer.read() or b"{}"))
        except urllib.error.HTTPError as error:
            raise EmulatorError(_refusal(operation, error)) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise EmulatorError(f"Nobody answers at {self.url} ({_reason(reason)}).") from None


def _refusal(operation: str, error: urllib.error.HTTPError) -> str:
    try:
        told = json.loads(error.read())
        code = str(told.get("__type", error.code)).rpartition("#")[2]
        return f"{operation}: {code}: {told.get('message') or told.get('Message') or error.reason}"
    except (ValueError, AttributeError):
        return f"{operation}: {error.code} {error.reason}; is this Stepwell?"


def _reason(reason: object) -> str:
    return (os.strerror(reason.errno) if isinstance(reason, OSError) and reason.errno else str(reason)).lower()


def of(args: argparse.Namespace) -> Client:
    """The client that a command's flags and the environment mean."""
    url = address.url_for(args, os.environ)
    key = os.environ.get("AWS_ACCESS_KEY_ID", "")
    account = args.account or (key if re.fullmatch(r"\d{12}", key) else DEFAULT_ACCOUNT)
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    return Client(url, account, region)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of every command that is a client."""
    address.arguments(parser)
    parser.add_argument(
        "--account", metavar="ID", help="the account, 12 digits (default: AWS_ACCESS_KEY_ID, if it is one)"
    )
