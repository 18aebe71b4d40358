"""Cross-origin requests: what the rules of a bucket allow (S3 User Guide, "Using cross-origin resource sharing")."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from emulator.errors import AwsError

Rule = dict[str, Any]
_VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
_METHODS = ("GET", "PUT", "HEAD", "POST", "DELETE")


def answer(
    rules: list[Rule] | None, origin: str | None, method: str | None, headers: str | None, resource: str
) -> dict[str, str]:
    """The members of an answer to a request of `method` from `origin` with `headers` (their names, with commas).

    `rules` are the bucket's, None where it has none; `resource` is OBJECT or BUCKET. Raises BadRequest,
    AccessForbidden.
    """
    if not origin:
        raise AwsError("BadRequest", "Insufficient information. Origin request header needed.", status=400)
    if method not in _METHODS:
        raise AwsError("BadRequest", f"Invalid Access-Control-Request-Method: {method or 'null'}", status=400)
    asked = [name.strip().lower() for name in (headers or "").split(",") if name.strip()]
    if rules is None:
        raise _forbidden("CORS is not enabled for this bucket.", method, resource)
    for rule in rules:
        allowed = _allowed(rule.get("AllowedOrigins") or [], origin)
        if allowed is not None and method in rule["AllowedMethods"] and _all_allowed(rule, asked):
            return _members(rule, allowed, origin, asked)
    raise _forbidden(
        "This CORS request is not allowed. This is usually because the evalution of Origin, request method / "
        "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's "
        "CORS spec.",
        method,
        resource,
    )


def _members(rule: Rule, allowed: str, origin: str, asked: list[str]) -> dict[str, str]:
    members = {"AllowOrigin": "*" if allowed == "*" else origin, "Vary": _VARY}
    members["AllowMethods"] = ", ".join(rule["AllowedMethods"])
    if allowed != "*":
        members["AllowCredentials"] = "true"
    if asked:
        members["AllowHeaders"] = ", ".join(asked)
    if rule.get("ExposeHeaders"):
        members["ExposeHeaders"] = ", ".join(rule["ExposeHeaders"])
    if rule.get("MaxAgeSeconds") is not None:
        members["MaxAge"] = str(rule["MaxAgeSeconds"])
    return members


def _allowed(patterns: list[str], text: str) -> str | None:
    """The first pattern that a text fits."""
    return next((pattern for pattern in patterns if _pattern(pattern).fullmatch(text)), None)


def _all_allowed(rule: Rule, asked: list[str]) -> bool:
    patterns = [pattern.lower() for pattern in rule.get("AllowedHeaders") or []]
    return all(_allowed(patterns, name) is not None for name in asked)


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)


def _forbidden(reason: str, method: str, resource: str) -> AwsError:
    fields = {"Method": method, "ResourceType": resource}
    return AwsError("AccessForbidden", f"CORSResponse: {reason}", status=403, fields=fields)
