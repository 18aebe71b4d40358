"""Where HTTP deliveries may go: to this machine and nowhere else."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from emulator.errors import AwsError

_LOCAL_NAMES = ("localhost", "host.docker.internal")


def is_local(url: str) -> bool:
    """Whether an endpoint is on this machine; nothing is sent anywhere else."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in _LOCAL_NAMES or host.endswith(".localhost")


def not_local() -> AwsError:
    """Why nothing was sent to an endpoint elsewhere."""
    return AwsError("NotLocal", "Stepwell posts to endpoints on this machine only.")
