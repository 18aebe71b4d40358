"""The AWS endpoint: a request becomes a call of an operation, its answer becomes a response."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from emulator import ids
from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.front import origins
from emulator.kit.calls import Answer, Call, Calls, Ticket
from emulator.kit.context import Caller, Origin, find_root
from emulator.storage import UnstorableError
from emulator.wire import codec, presigned, routing, validation
from emulator.wire.chunked import ChunkedDecoder, is_chunked
from emulator.wire.http import FORM, Request, Response

if TYPE_CHECKING:
    from emulator.front.exchange import Head
    from emulator.kit.house import House

log = logging.getLogger("stepwell.front")

SMALL = 64 * 1024
OURS = ("/_stepwell", "/_localstack", "/favicon.ico")


def is_aws(head: Head) -> bool:
    """Whether a request is a call of an AWS API: everything but our own paths and a browser's look at the root."""
    target = head.target
    if target.startswith(OURS):
        return False
    return not (target == "/" and head.method == "GET" and "authorization" not in head.headers)


class AwsEndpoint:
    """Answers AWS calls (see exchange.Handler).

    `region` is used where a request does not say one; `public_url` is what clients are told of where we are,
    empty for the address at which each sees us.
    """

    def __init__(self, house: House, calls: Calls, region: str, public_url: str = "") -> None:
        self.house = house
        self.calls = calls
        self.region = region
        self.public_url = public_url.rstrip("/")
        self.services = frozenset(house.directory.services)

    def begin(self, head: Head) -> Exchange | None:
        return Exchange(self, head) if is_aws(head) else None

    def stopping(self) -> None:
        """Parked requests get the answer they would get at their deadline."""
        self.house.parking.resume_all()

    def answer(self, request: Request, respond: Callable[[Response], None]) -> Ticket | None:
        """Find the operation, decode, call; `respond` hears the response once it is durable."""
        request_id = ids.new_uuid()
        operation, protocol = None, "rest-xml"
        try:
            match = routing.identify(request, self.services) or routing.as_s3(request)
            if match is None:
                raise AwsError("UnknownOperationException", "This is no request of an AWS API.", status=404)
            operation = match.operation
            if match.service == "s3" and "?" in request.target:
                presigned.require_valid(request.target.partition("?")[2], from_micros(self.house.wall.micros()))
            params = codec.decode(match, request)
            validation.validate(operation, params)
        except AwsError as error:
            protocol = getattr(error, "protocol", protocol)
            respond(codec.encode_error(operation, protocol, error, request_id))
            return None
        except Exception as mistake:
            log.error("%s %s could not be read: %s", request.method, request.target, mistake, exc_info=mistake)
            respond(codec.encode_error(operation, protocol, _failure(), request_id))
            return None
        call = self._call(request, match, params, request_id)

        def done(answer: Answer) -> None:
            response = self._encode(call, answer)
            if "origin" in request.headers and origins.is_of_page(call):
                origins.add_allowed(self.calls, call, request, response, respond)
            else:
                respond(response)

        return self.calls.begin(call, done)

    def _call(self, request: Request, match: routing.Match, params: dict[str, Any], request_id: str) -> Call:
        return Call(
            match.service,
            match.operation,
            params,
            ids.account_of(match.access_key or ""),
            match.region or self.region,
            request_id,
            _origin(request, match.service, match.operation.name),
            self.public_url or _endpoint(request),
            Caller(match.access_key or "", request.headers.get("x-amzn-trace-id", "")),
        )

    def _encode(self, call: Call, answer: Answer) -> Response:
        operation = call.operation
        try:
            if isinstance(answer, dict):
                return codec.encode(operation, answer, call.request_id)
            if isinstance(answer, UnstorableError):
                answer = AwsError("SerializationException", "The request has a value that cannot be kept.")
            elif isinstance(answer, RecursionError):
                answer = AwsError("SerializationException", "The request has a value that is nested too deeply.")
            if isinstance(answer, AwsError):
                return codec.encode_error(operation, operation.protocol, answer, call.request_id)
            raise answer
        except Exception as mistake:
            log.error("%s:%s failed: %s", call.service, operation.name, mistake, exc_info=mistake)
            return codec.encode_error(operation, operation.protocol, _failure(), call.request_id)


def _failure() -> AwsError:
    """What the client hears of a mistake of ours."""
    return AwsError("InternalFailure", "Stepwell failed here; its log says why.", status=500, fault="Receiver")


def _origin(request: Request, service: str, operation: str) -> Origin:
    """The caller's trace where it has one (X-Amzn-Trace-Id), else a new one."""
    cause = f"{service}:{operation}"
    header = request.headers.get("x-amzn-trace-id")
    root = find_root(header) if header else None
    return Origin.new(cause) if root is None else Origin(root, cause)


def _endpoint(request: Request) -> str:
    """The address at which the client sees us."""
    host = request.headers.get("host")
    return f"http://{host}" if host else ""


class Exchange:
    """One request's body coming in, then its answer (see exchange.Sink)."""

    __slots__ = (
        "_chunked",
        "_endpoint",
        "_head",
        "_incoming",
        "_parts",
        "_refused",
        "_size",
        "_spooled",
        "_ticket",
    )

    def __init__(self, endpoint: AwsEndpoint, head: Head) -> None:
        self._endpoint = endpoint
        self._head = head
        self._parts: list[bytes] = []
        self._size = 0
        self._incoming: Any = None
        self._spooled: Any = None
        self._ticket: Ticket | None = None
        self._chunked: ChunkedDecoder | None = None
        if is_chunked(head.headers):
            self._chunked = ChunkedDecoder()
        self._refused: AwsError | None = None

    def data(self, chunk: bytes) -> None:
        if self._chunked is not None:
            chunk = self._unframed(chunk)
        self._size += len(chunk)
        if self._incoming is not None:
            self._incoming.write(chunk)
            return
        self._parts.append(chunk)
        if self._size > SMALL:
            self._incoming = self._endpoint.house.blobs.receive()
            for part in self._parts:
                self._incoming.write(part)
            self._parts.clear()

    def _unframed(self, chunk: bytes) -> bytes:
        """What an aws-chunked body carries; a broken frame is answered when the request is complete."""
        if self._chunked is None or self._refused is not None:
            return b""
        try:
            return self._chunked.feed(chunk)
        except AwsError as error:
            self._refused = error
            return b""

    def _check_end(self) -> None:
        if self._chunked is not None and self._refused is None:
            try:
                self._chunked.finish()
            except AwsError as error:
                self._refused = error

    def end(self) -> None:
        self._check_end()
        head = self._head
        parts = self._parts
        body: Any
        if self._incoming is not None:
            body = self._spooled = self._incoming.finish()
            self._incoming = None
            if head.method == "POST" and head.headers.get("content-type", "").startswith(FORM):
                body = body.read()  # what is asked for stands in the body
        else:
            body = parts[0] if len(parts) == 1 else b"".join(parts)
        headers = head.headers
        if self._chunked is not None and self._chunked.trailers:
            headers = {**headers, **self._chunked.trailers}
        request = Request(head.method, head.target, headers, body)
        if self._refused is not None:
            self._respond(codec.encode_error(None, "rest-xml", self._refused, ids.new_uuid()))
            return
        self._ticket = self._endpoint.answer(request, self._respond)

    def abort(self) -> None:
        if self._incoming is not None:
            self._incoming.abort()
        if self._ticket is not None:
            self._ticket.abort()

    def _respond(self, response: Response) -> None:
        if self._spooled is not None:
            self._spooled.discard()  # does nothing once an object has kept it
        body: Any = response.body
        self._head.respond(response.status, response.headers, body)
