"""Which operation of which service a request asks for, by its path, host, headers and form."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl

from emulator.errors import AwsError, not_implemented
from emulator.wire import endpoints, models
from emulator.wire.credentials import Credential, find_credential
from emulator.wire.http import FORM, Request
from emulator.wire.models import Model, Operation, Service
from emulator.wire.rest_routes import routes_of

_CBOR = "smithy-rpc-v2-cbor"
_REST = ("rest-json", "rest-xml")
_RPC_PATH = re.compile(r"^/service/([^/]+)/operation/([^/?]+)")
_ACTION = re.compile(rb"(?:^|&)Action=([A-Za-z0-9]+)")
_VERSION = re.compile(rb"(?:^|&)Version=([0-9-]+)")
_BUCKET_HOST = re.compile(r"^(?P<bucket>.+?)\.s3[.-](?!website)|^(?!s3\.)(?P<local>[^.]+)\.localhost$")
_NOT_AN_API = re.compile(r"\.(lambda-url|execute-api|s3-website)[.-]")


class Match(NamedTuple):
    """What a request asks for. `path_params` holds S3's bucket too when the host named it."""

    service: str
    operation: Operation
    path_params: dict[str, str]
    region: str | None
    access_key: str | None


class Refused(AwsError):
    """A request that is an AWS call, but of nothing we can answer; `protocol` is the one to answer in."""

    protocol: str
    service: str | None


class UnknownOperation(Refused):
    """The service is known, the operation is not: AWS's own answer, in the words of the protocol."""

    def __init__(self, service: str, protocol: str, asked: str) -> None:
        code, message, status = _unknown(service, protocol, asked)
        super().__init__(code, message, status=status)
        self.service, self.protocol = service, protocol


class UnservedService(Refused):
    """An AWS service that we do not serve: a 501 that names it."""

    def __init__(self, service: str, protocol: str, asked: str) -> None:
        loud = not_implemented(service, asked)
        super().__init__(loud.code, loud.message, status=loud.status, fault=loud.fault)
        self.service, self.protocol = None, protocol


def _unknown(service: str, protocol: str, asked: str) -> tuple[str, str, int]:
    if protocol == "query":
        return "InvalidAction", f"The action {asked} is not valid for this endpoint.", 400
    if service == "s3":
        return "MethodNotAllowed", "The specified method is not allowed against this resource.", 405
    if service.startswith("apigateway"):
        return "MissingAuthenticationTokenException", "Missing Authentication Token", 403
    if service in ("dynamodb", "dynamodbstreams"):
        return "UnknownOperationException", "", 400
    return "UnknownOperationException", f"The operation {asked} is not known.", 404


def identify(request: Request, services: Collection[str]) -> Match | None:
    """The call that a request is; None for what is not an AWS call at all.

    Looked at in this order: X-Amz-Target, the path of smithy rpc, `Action=` of the query protocol, then the
    REST services of the credential scope, then (unsigned) the REST services whose paths or host tell.
    Raises UnknownOperation for a served service, UnservedService for another.
    """
    path, _, query = request.target.partition("?")
    headers = request.headers
    credential = find_credential(headers, query)
    operation: Operation | None
    if target := headers.get("x-amz-target"):
        operation = _by_target(target, "json", services, credential)
    elif rpc := _RPC_PATH.match(path) if path.startswith("/service/") else None:
        operation = _by_target(f"{rpc[1]}.{rpc[2]}", _CBOR, services, credential)
    else:
        operation = _by_action(request, query, services, credential)
    if operation is None:
        return _by_rest(request, path, query, services, credential)
    region, access_key = (credential.region, credential.access_key) if credential else (None, None)
    return Match(operation.service, operation, {}, region, access_key)


def _by_target(
    target: str, protocol: str, services: Collection[str], credential: Credential | None
) -> Operation | None:
    prefix, _, name = target.rpartition(".")
    service = endpoints.TARGET_PREFIXES.get(prefix) or _service_of_prefix(prefix, _unlisted(services))
    if service is None or service not in services:
        if credential is None and service is None:
            return None
        raise UnservedService(service or prefix or str(credential and credential.service), protocol, name)
    operation = _operation(models.service(service), protocol, name)
    if operation is None:
        raise UnknownOperation(service, protocol, name)
    return operation


@lru_cache(maxsize=4096)
def _operation(service: Service, protocol: str, name: str) -> Operation | None:
    if protocol not in service.protocols:
        return None
    return service.over(protocol).operations.get(name)


@lru_cache(maxsize=64)
def _unlisted_of(services: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(services - endpoints.RPC_SERVICES - set(endpoints.UNSIGNED_PATHS)))


def _unlisted(services: Collection[str]) -> tuple[str, ...]:
    return _unlisted_of(services if isinstance(services, frozenset) else frozenset(services))


@lru_cache(maxsize=256)
def _service_of_prefix(prefix: str, unlisted: tuple[str, ...]) -> str | None:
    for name in unlisted:
        if models.service(name).metadata.get("targetPrefix") == prefix:
            return name
    return None


def _by_action(
    request: Request, query: str, services: Collection[str], credential: Credential | None
) -> Operation | None:
    """The operation of a query call: the service from the credential scope, or from `Version`."""
    form = query.encode("ascii", "replace") if "Action=" in query else b""
    content_type = request.headers.get("content-type", "")
    if not form and content_type.startswith(FORM) and isinstance(request.body, bytes):
        form = request.body
    found = _ACTION.search(form) if form else None
    if found is None:
        return None
    name = found[1].decode()
    version = _VERSION.search(form)
    by_version = endpoints.QUERY_VERSIONS.get(version[1].decode()) if version else None
    signed = _signed(credential)
    asked = [service for service in signed or (by_version,) if service]
    for service in asked:
        if service in services and "query" in models.service(service).protocols:
            if (operation := _operation(models.service(service), "query", name)) is None:
                raise UnknownOperation(service, "query", name)
            return operation
    if by_version or (version and signed and not any(service in services for service in signed)):
        raise UnservedService(by_version or signed[0], "query", name)
    return None


def _signed(credential: Credential | None) -> tuple[str, ...]:
    """The services that a credential scope may mean."""
    if credential is None or credential.service is None:
        return ()
    return endpoints.SIGNING_NAMES.get(credential.service, (credential.service,))


def _by_rest(
    request: Request, path: str, query: str, services: Collection[str], credential: Credential | None
) -> Match | None:
    headers = request.headers
    host = _host(headers)
    if _NOT_AN_API.search(host):
        return None
    signed = _signed(credential)
    wanted = [name for name in signed or _by_path(request, path, query, host, services) if name in services]
    params = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    for model in _rest_models(wanted):
        fixed = _bucket(host) if model.service == "s3" else {}
        if found := routes_of(model).find(request.method, path, params, headers, fixed):
            region, key = (credential.region, credential.access_key) if credential else (None, None)
            return Match(model.service, found[0], found[1], region, key)
    if signed and not wanted:
        raise UnservedService(signed[0], "rest-xml" if signed[0] == "s3" else "rest-json", f"{request.method} {path}")
    if wanted and (signed or wanted == ["s3"]):
        raise UnknownOperation(wanted[0], models.service(wanted[0]).protocol, f"{request.method} {path}")
    return None


def _rest_models(names: Iterable[str]) -> Iterable[Model]:
    for name in names:
        service = models.service(name)
        if service.protocol in _REST:
            yield service.over(service.protocol)


def _host(headers: dict[str, str]) -> str:
    host = headers.get("host", "")
    return host.rpartition(":")[0] if ":" in host else host


def _bucket(host: str) -> dict[str, str]:
    found = _BUCKET_HOST.match(host)
    return {"Bucket": found["bucket"] or found["local"]} if found else {}


def _by_path(request: Request, path: str, query: str, host: str, services: Collection[str]) -> list[str]:
    """The REST services that an unsigned request may mean."""
    if "s3" in services and _looks_like_s3(request, query, host):
        return ["s3"]
    listed = [name for name, paths in endpoints.UNSIGNED_PATHS.items() if name in services and paths.match(path)]
    return [*listed, *_unlisted(services)]


def _looks_like_s3(request: Request, query: str, host: str) -> bool:
    if host.startswith(("s3.", "s3-")) or ".s3." in host or ".s3-" in host:
        return True
    if any(name.startswith("x-amz-") for name in request.headers):
        return "x-amz-content-sha256" in request.headers or "x-amz-acl" in request.headers
    return query.startswith("list-type=2") or "&list-type=2" in query


def as_s3(request: Request) -> Match | None:
    """An unsigned request read as S3's, path style; for a front that has found nothing else it could be.

    (A public object is fetched by its bare path, which looks like any other web page; the policy of a browser's
    form is signed, its request is not.)
    """
    host = _host(request.headers)
    if _NOT_AN_API.search(host):
        return None
    path, _, query = request.target.partition("?")
    params = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    model = models.service("s3").over("rest-xml")
    found = routes_of(model).find(request.method, path, params, request.headers, _bucket(host))
    return Match("s3", found[0], found[1], None, None) if found else None
