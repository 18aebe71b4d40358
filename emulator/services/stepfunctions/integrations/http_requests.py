"""The request of an HTTP task, made of its parameters and of what its connection adds, and what its answer means. Pure.

Source: Step Functions Developer Guide, "Call HTTPS APIs in Step Functions workflows".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from emulator.kit.connections import Connection
from emulator.kit.delivery.local import is_local
from emulator.kit.effects import HttpAnswer, HttpRequest
from emulator.languages.asl.failures import RUNTIME
from emulator.languages.asl.texts import dump, load, text_of
from emulator.services.stepfunctions.integrations.task import Failed, missing, not_supported

TIMEOUT_SECONDS = 60.0
REQUIRED = ("ApiEndpoint", "Method")
_BY = ("InvocationConfig", "Authentication")  # the second is the first one's older name
MORE = (*_BY, "Headers", "QueryParameters", "RequestBody", "Transform")
_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD")
_ENCODINGS = ("NONE", "URL_ENCODED")
_ARRAYS = {"INDICES": "{0}[{1}]", "BRACKETS": "{0}[]", "REPEAT": "{0}", "COMMAS": ""}
_REFUSED_HEADERS = (
    *("a-im", "accept-charset", "accept-datetime", "accept-encoding", "authorization", "cache-control", "connection"),
    *("content-encoding", "content-md5", "date", "expect", "forwarded", "from", "host", "http2-settings", "if-match"),
    *("if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "max-forwards", "origin", "pragma"),
    *("proxy-authorization", "referer", "server", "te", "trailer", "transfer-encoding", "upgrade", "via", "warning"),
    *("x-forwarded-*", "x-amz-*", "x-amzn-*"),
)
_REFUSED_TYPES = ("application/octet-stream", "image/*", "video/*", "audio/*")

NOTHING = Connection("", {}, {}, {})
"""A connection that adds nothing."""


def problems(given: Mapping[str, Any]) -> list[str]:
    """What is wrong with the parameters of a task, in AWS's words."""
    known = (*REQUIRED, *MORE)
    found = [not_supported(name) for name in given if name not in known]
    found += [missing(name) for name in REQUIRED if name not in given]
    if not find_connection_arn(given):
        found.append(missing("ConnectionArn"))
    transform = given.get("Transform", {})
    options = _object(_object(transform).get("RequestEncodingOptions", {}))
    valid = {
        "ApiEndpoint": "ApiEndpoint" not in given or _is_endpoint(given["ApiEndpoint"]),
        "Method": given.get("Method", "GET") in _METHODS,
        "RequestBodyEncoding": _object(transform).get("RequestBodyEncoding", "NONE") in _ENCODINGS,
        "ArrayFormat": options.get("ArrayFormat", "INDICES") in (*_ARRAYS,),
    }
    found += [f"The value for the '{name}' field is not valid" for name, is_valid in valid.items() if not is_valid]
    objects = [
        name for name in ("Headers", "QueryParameters", "Transform") if not isinstance(given.get(name, {}), dict)
    ]
    found += [f"The value of the field '{name}' has an invalid format" for name in objects]
    names = [name.lower() for name in _object(given.get("Headers", {}))]
    refused = [name for name in names if any(fnmatchcase(name, pattern) for pattern in _REFUSED_HEADERS)]
    if refused:
        found.append(f"The 'Headers' field contains unsupported values: [{', '.join(refused)}]")
    return found


def find_connection_arn(given: Mapping[str, Any]) -> str | None:
    """The connection that a task names."""
    for name in _BY:
        arn = _object(given.get(name, {})).get("ConnectionArn")
        if isinstance(arn, str):
            return arn
    return None


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_endpoint(url: Any) -> bool:
    """AWS calls HTTPS alone; on this machine HTTP will do."""
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_local(url)))
    except ValueError:
        return False


def request(given: Mapping[str, Any], added: Connection, region: str) -> HttpRequest | Failed:
    """The request; Failed where the body cannot be merged with that of the connection."""
    content = given.get("RequestBody")
    if added.body:
        if content is not None and not isinstance(content, dict):
            return Failed(RUNTIME, "A RequestBody that is no object cannot be merged with that of the connection.")
        content = {**(content or {}), **added.body}
    text = _body(content, _object(given.get("Transform", {})))
    sent = headers(given, added, region)
    if text and not any(name.lower() == "content-type" for name in sent):
        sent["Content-Type"] = "application/json; charset=UTF-8"
    body = text.encode(errors="surrogatepass")
    return HttpRequest(given["Method"], _url(given, added.query), sent, body, TIMEOUT_SECONDS)


def headers(given: Mapping[str, Any], added: Connection, region: str) -> dict[str, str]:
    """The headers that a task, its connection and Step Functions itself set, the latter ones' before the former's."""
    own = {"User-Agent": f"Amazon|StepFunctions|HttpInvoke|{region}", "Range": "bytes=0-262144"}
    found: dict[str, tuple[str, str]] = {}
    for some in (given.get("Headers", {}), added.headers, own):
        for name, value in some.items():
            values = value if isinstance(value, list) else [value]
            found[name.lower()] = (name, ",".join(text_of(each) for each in values))
    return dict(found.values())


def _url(given: Mapping[str, Any], added: Mapping[str, str]) -> str:
    """The endpoint with its query, percent-encoded; a list is its key several times."""
    pairs = []
    for name, value in {**given.get("QueryParameters", {}), **added}.items():
        pairs += [(name, text_of(each)) for each in (value if isinstance(value, list) else [value])]
    if not pairs:
        return str(given["ApiEndpoint"])
    parts = urlsplit(str(given["ApiEndpoint"]))
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, _form(pairs))))))


def _form(pairs: list[tuple[str, str]], safe: str = "") -> str:
    return "&".join(f"{_quoted(name)}={_quoted(value, safe)}" for name, value in pairs)


def _quoted(text: str, safe: str = "") -> str:
    return quote(text, safe=safe, errors="replace")


def _body(content: Any, transform: Mapping[str, Any]) -> str:
    """The text of a body: JSON, or a form; a string is its own text."""
    if content is None or isinstance(content, str):
        return content or ""
    if transform.get("RequestBodyEncoding") != "URL_ENCODED" or not isinstance(content, dict):
        return dump(content)
    arrays = _object(transform.get("RequestEncodingOptions", {})).get("ArrayFormat", "INDICES")
    return _form([pair for name, value in content.items() for pair in _pairs(name, value, arrays)], safe=",")


def _pairs(name: str, value: Any, arrays: str) -> Iterator[tuple[str, str]]:
    """The fields of a form that a member of a body is."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _pairs(f"{name}[{key}]", member, arrays)
    elif isinstance(value, list) and arrays == "COMMAS":
        yield name, ",".join(text_of(member) for member in value)
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from _pairs(_ARRAYS[arrays].format(name, number), member, arrays)
    else:
        yield name, "" if value is None else text_of(value)


def result(answer: HttpAnswer) -> Any:
    """The result of a task, or Failed: for what is no text, and for a status of no success, whose text is the cause.

    A body that is JSON is a JSON value whatever its type, as `apigateway:invoke` has it.
    """
    reason = answer.reason or _phrase(answer.status)
    if not 200 <= answer.status < 300:
        return Failed(f"States.Http.StatusCode.{answer.status}", reason)
    found: dict[str, list[str]] = {}
    for name, value in answer.headers:
        found.setdefault(name.lower(), []).append(value)
    kind = found.get("content-type", [""])[0].partition(";")[0].strip().lower()
    if any(fnmatchcase(kind, pattern) for pattern in _REFUSED_TYPES):
        return Failed(RUNTIME, f"The response's content type is not supported: {kind}")
    try:
        text = answer.body.decode()
    except UnicodeDecodeError:
        return Failed(RUNTIME, "The response cannot be read as a string.")
    return {"Headers": found, "ResponseBody": _value(text), "StatusCode": answer.status, "StatusText": reason}


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _value(text: str) -> Any:
    try:
        return load(text)
    except ValueError:
        return text
