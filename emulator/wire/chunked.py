"""`aws-chunked` bodies: chunks that carry signatures, and trailers at the end. Signatures are not checked."""

from __future__ import annotations

from emulator.errors import AwsError

_LONGEST_LINE = 16 * 1024


def _broken(message: str) -> AwsError:
    return AwsError("InvalidChunkSizeError", message, status=403)


class ChunkedDecoder:
    """Takes the encoded body piece by piece: `hex-size[;chunk-signature=..]`, data, ..., 0, trailers."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._left = 0
        self._state = "size"
        self.trailers: dict[str, str] = {}

    def feed(self, data: bytes) -> bytes:
        """The decoded bytes that this piece completes. Raises AwsError for what is not chunked so."""
        self._buffer += data
        out = bytearray()
        while self._step(out):
            pass
        return bytes(out)

    def finish(self) -> dict[str, str]:
        """The trailers, once the whole body has been fed. Raises IncompleteBody when its end is missing."""
        if self._state not in ("trailers", "end"):
            raise AwsError(
                "IncompleteBody",
                "You did not provide the number of bytes specified by the Content-Length HTTP header.",
                status=400,
            )
        return self.trailers

    def _step(self, out: bytearray) -> bool:
        if self._state == "data":
            taken = self._buffer[: self._left]
            out += taken
            del self._buffer[: len(taken)]
            self._left -= len(taken)
            if self._left == 0:
                self._state = "data end"
            return self._left == 0
        line = self._line()
        if line is None:
            return False
        if self._state == "data end":
            if line:
                raise _broken("A chunk is longer than its size says")
            self._state = "size"
        elif self._state == "size":
            self._size(line)
        elif self._state == "trailers":
            self._trailer(line)
        return self._state != "end"

    def _line(self) -> str | None:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            if len(self._buffer) > _LONGEST_LINE:
                raise _broken("A chunk header is too long")
            return None
        line = self._buffer[:end].decode("latin-1")
        del self._buffer[: end + 2]
        return line

    def _size(self, line: str) -> None:
        text = line.partition(";")[0].strip()
        try:
            self._left = int(text, 16)
        except ValueError:
            raise _broken(f"{text[:40]!r} is not the size of a chunk") from None
        if self._left < 0:
            raise _broken("A chunk size is negative")
        self._state = "data" if self._left else "trailers"

    def _trailer(self, line: str) -> None:
        name, colon, value = line.partition(":")
        if not line:
            self._state = "end" if not self._buffer else self._state
        elif colon:
            self.trailers[name.strip().lower()] = value.strip()
        else:
            raise _broken("A trailer has no colon")


def is_chunked(headers: dict[str, str]) -> bool:
    """Whether a request's body came framed so."""
    sha = headers.get("x-amz-content-sha256")
    if sha is not None and sha.startswith("STREAMING-"):
        return True
    return "aws-chunked" in headers.get("content-encoding", "")


def decoded_headers(headers: dict[str, str]) -> dict[str, str]:
    """The headers as they would be without the framing: the length and encoding of the data itself."""
    out = dict(headers)
    out.pop("x-amz-content-sha256", None)
    out.pop("x-amz-trailer", None)
    if length := out.pop("x-amz-decoded-content-length", None):
        out["content-length"] = length
    encodings = [part.strip() for part in out.pop("content-encoding", "").split(",")]
    if kept := [part for part in encodings if part and part != "aws-chunked"]:
        out["content-encoding"] = ",".join(kept)
    return out
