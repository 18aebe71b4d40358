"""Requests as bytes, for what no client would send."""

from __future__ import annotations

import http.client
import json
import re
from typing import Any

_CONTROLS = re.compile("[\\x00-\\x1f\\x7f]")  # what http.client does not send in a header


class Edge:
    """Raw requests of one account."""

    def __init__(self, running: Any, account: str) -> None:
        self.account = account
        self._address = running.url.removeprefix("http://")
        self._connection: http.client.HTTPConnection | None = None

    @property
    def address(self) -> tuple[str, int]:
        """Where to connect to."""
        host, port = self._address.split(":")
        return host, int(port)

    def send(
        self, method: str, target: str, headers: dict[str, str], body: bytes = b""
    ) -> tuple[int, dict[str, str], bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._address, timeout=15)
        try:
            self._connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self._connection.putheader(name, _CONTROLS.sub("?", value).encode("utf-8", "replace"))
            self._connection.endheaders(body)
            response = self._connection.getresponse()
            answer = response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        except BaseException:
            self.close()
            raise
        if answer[1].get("connection", "").lower() == "close":
            self.close()
        return answer

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def credential(self, service: str) -> str:
        return (
            f"AWS4-HMAC-SHA256 Credential={self.account}/20260101/us-east-1/{service}/aws4_request, "
            "SignedHeaders=host, Signature=0"
        )

    def json(
        self, target: str, body: bytes | str, service: str = "events", **more: str
    ) -> tuple[int, dict[str, str], Any]:
        headers = {
            "X-Amz-Target": target,
            "Content-Type": "application/x-amz-json-1.1",
            "Authorization": self.credential(service),
            **more,
        }
        text = body.encode() if isinstance(body, str) else body
        status, found, answer = self.send("POST", "/", {k: v for k, v in headers.items() if v}, text)
        return status, found, json.loads(answer)
