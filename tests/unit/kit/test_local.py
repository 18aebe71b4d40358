"""Where HTTP deliveries may go."""

import pytest

from emulator.kit.delivery.local import is_local


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:9000/x", True),
        ("http://localhost/x", True),
        ("https://api.localhost:8443/", True),
        ("http://[::1]:80/", True),
        ("https://example.com/127.0.0.1", False),
        ("https://127.0.0.1.example.com/", False),
        ("https://events.pagerduty.com/", False),
    ],
)
def test_only_this_machine_is_local(url, local):
    assert is_local(url) is local
