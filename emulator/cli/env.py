"""stepwell env: print the variables that make boto3 and the AWS CLI use the emulator (eval "$(stepwell env)")."""

from __future__ import annotations

import argparse
import os
import shlex

from emulator.cli import address, client
from emulator.ids import DEFAULT_ACCOUNT


def arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of a client, and the region."""
    client.arguments(parser)
    parser.add_argument("--region", default="us-east-1", help="the region (default us-east-1)")


def run(args: argparse.Namespace) -> int:
    """Print shell lines; nobody need be running."""
    environment = {name: value for name, value in os.environ.items() if name != "AWS_ENDPOINT_URL"}
    url = address.url_for(args, environment)
    for name, value in variables(url, args.account or DEFAULT_ACCOUNT, args.region).items():
        print(f"export {name}={shlex.quote(value)}")
    print("unset AWS_PROFILE AWS_SESSION_TOKEN")
    return 0


def variables(url: str, account: str, region: str) -> dict[str, str]:
    """What a client of the emulator at `url` needs in its environment."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "stepwell",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
