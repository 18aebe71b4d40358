"""Calls of API destinations: what goes over the wire, and what a connection adds to it and tells of itself."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from emulator.errors import AwsError
from emulator.kit.effects import HttpRequest

PARAMETERS = {
    "BASIC": "BasicAuthParameters",
    "API_KEY": "ApiKeyAuthParameters",
    "OAUTH_CLIENT_CREDENTIALS": "OAuthParameters",
}
_SECRETS = {"Password", "ApiKeyValue", "ClientSecret"}
TIMEOUT_SECONDS = 5.0
"""EventBridge user guide, "API destinations as targets in Amazon EventBridge"."""

# EventBridge user guide, "Headers in API destination requests": the first four are always these.
_FIXED_HEADERS = {
    "User-Agent": "Amazon/EventBridge/ApiDestinations",
    "Range": "bytes=0-1048575",
    "Accept-Encoding": "gzip,deflate",
    "Connection": "close",
}
_CONTENT_TYPE = "application/json; charset=utf-8"
UNAUTHORIZED = "Unauthorized"
"""The code of an answer that asks for other credentials."""


def require_parameters(kind: str, auth: Mapping[str, Any]) -> None:
    """Raise ValidationException where the parameters are not those of the kind of authorization."""
    if PARAMETERS[kind] not in auth:
        raise AwsError("ValidationException", f"Parameter(s) {PARAMETERS[kind]} must be specified.")


def merged(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """AuthParameters after some of them were changed."""
    both = {
        name: merged(before[name], value) if isinstance(value, dict) and name in before else value
        for name, value in changes.items()
    }
    return {**before, **both}


def without_secrets(auth: Any) -> Any:
    """AuthParameters as they are told: without passwords, keys and values that were marked as secret."""
    if isinstance(auth, list):
        return [without_secrets(one) for one in auth]
    if not isinstance(auth, dict):
        return auth
    hidden = _SECRETS | ({"Value"} if auth.get("IsValueSecret") else set())
    return {name: without_secrets(value) for name, value in auth.items() if name not in hidden}


def token_request(auth: Mapping[str, Any]) -> HttpRequest:
    """What asks an OAuth endpoint for a token: RFC 6749, section 4.4, the client in an Authorization header."""
    oauth = auth["OAuthParameters"]
    client = oauth["ClientParameters"]
    more = oauth.get("OAuthHttpParameters") or {}
    fields = {"grant_type": "client_credentials", **_values(more.get("BodyParameters"))}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        "Authorization": _basic(client["ClientID"], client["ClientSecret"]),
        **_values(more.get("HeaderParameters")),
    }
    url = _with_query(oauth["AuthorizationEndpoint"], _values(more.get("QueryStringParameters")))
    if oauth["HttpMethod"] == "GET":
        return HttpRequest("GET", _with_query(url, fields), headers, b"", TIMEOUT_SECONDS)
    return HttpRequest(oauth["HttpMethod"], url, headers, urlencode(fields).encode(), TIMEOUT_SECONDS)


def token_of(body: bytes) -> str | None:
    """The access token in the answer of an OAuth endpoint, if there is one."""
    try:
        found = json.loads(body)["access_token"]
    except (ValueError, KeyError, TypeError):
        return None
    return str(found)


def request(
    method: str,
    endpoint: str,
    kind: str,
    auth: Mapping[str, Any],
    token: str | None,
    given: Mapping[str, Any],
    body: str,
) -> HttpRequest:
    """The call of an API destination; `given` are the target's HttpParameters, `body` the text that it receives."""
    own = additions(kind, auth, token)
    headers = {
        "Content-Type": _CONTENT_TYPE,
        **(given.get("HeaderParameters") or {}),
        **own["headers"],
        **_FIXED_HEADERS,
    }
    query = {**(given.get("QueryStringParameters") or {}), **own["query"]}
    url = _with_query(_with_path(endpoint, given.get("PathParameterValues") or ()), query)
    text = _with_members(body, own["body"])
    return HttpRequest(method, url, headers, b"" if method in ("GET", "HEAD") else text.encode(), TIMEOUT_SECONDS)


def additions(kind: str, auth: Mapping[str, Any], token: str | None) -> dict[str, dict[str, str]]:
    """What a connection adds to a call: `headers`, its authorization first, `query` and members of the `body`."""
    own, authorization = auth.get("InvocationHttpParameters") or {}, _authorization(kind, auth, token)
    return {
        "headers": authorization | _values(own.get("HeaderParameters")) | authorization,
        "query": _values(own.get("QueryStringParameters")),
        "body": _values(own.get("BodyParameters")),
    }


def _authorization(kind: str, auth: Mapping[str, Any], token: str | None) -> dict[str, str]:
    parameters = auth[PARAMETERS[kind]]
    if kind == "BASIC":
        return {"Authorization": _basic(parameters["Username"], parameters["Password"])}
    if kind == "API_KEY":
        return {parameters["ApiKeyName"]: parameters["ApiKeyValue"]}
    return {"Authorization": f"Bearer {token}"}


def _basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def _values(parameters: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    return {one["Key"]: one["Value"] for one in parameters or () if "Key" in one and "Value" in one}


def _with_path(endpoint: str, values: Iterable[str]) -> str:
    """The endpoint with its asterisks replaced, one by one."""
    for value in values:
        endpoint = endpoint.replace("*", quote(value, safe=""), 1)
    return endpoint


def _with_query(url: str, parameters: Mapping[str, str]) -> str:
    if not parameters:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, urlencode(parameters))))))


def _with_members(body: str, members: Mapping[str, str]) -> str:
    """A JSON object with members more; any other body stays as it is."""
    if not members:
        return body
    document = json.loads(body)
    return json.dumps({**document, **members}) if isinstance(document, dict) else body


def require_success(status: int) -> None:
    """Raise what an answer of that status means: of the 4xx only 401, 407, 409 and 429 are tried again.

    Source: EventBridge user guide, "API destination error codes".
    """
    if 200 <= status < 300:
        return
    code = "ERROR_FROM_TARGET" if status in (409, 429) or status >= 500 else "SDK_CLIENT_ERROR"
    if status in (401, 407):
        code = UNAUTHORIZED
    raise AwsError(code, f"Unable to invoke ApiDestination endpoint: the endpoint answered with the status {status}.")
