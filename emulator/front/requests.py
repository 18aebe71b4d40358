"""What the bytes of a request's head say. Pure."""

from __future__ import annotations

MAX_HEAD = 64 * 1024
RawHeaders = list[tuple[bytes, bytes]]  # names in lower case


class RefusedError(Exception):
    """A request that is well-formed and yet not taken; its text goes to the client, with a 400."""


def require_small_head(url: bytes, raw: RawHeaders) -> None:
    """Errors: RefusedError when target and headers exceed MAX_HEAD bytes together."""
    if len(url) + sum(len(name) + len(value) + 4 for name, value in raw) > MAX_HEAD:
        raise RefusedError(f"the head is larger than {MAX_HEAD} bytes")


def read_headers(raw: RawHeaders) -> dict[str, str]:
    """Lower-case names to values (latin-1); repeated ones joined (RFC 9110 5.3, cookies RFC 9113 8.2.3)."""
    headers = {name.decode("latin-1"): value.decode("latin-1").rstrip(" \t") for name, value in raw}
    if len(headers) == len(raw):
        return headers
    headers = {}
    for name, value in raw:
        key, text = name.decode("latin-1"), value.decode("latin-1").rstrip(" \t")
        if key in headers:
            text = f"{headers[key]}{'; ' if key == 'cookie' else ', '}{text}"
        headers[key] = text
    return headers


def origin_form(url: bytes) -> str:
    """`path?query` of a target in absolute form, as sent to a proxy (RFC 9112 3.2.2); another as it is."""
    text = url.decode("latin-1")
    scheme, found, rest = text.partition("://")
    if not found or scheme.lower() not in ("http", "https"):
        return text
    cut = min((at for mark in "/?" if (at := rest.find(mark)) >= 0), default=len(rest))
    return rest[cut:] if rest[cut : cut + 1] == "/" else "/" + rest[cut:]


def without_upgrade(method: bytes, url: bytes, version: str, raw: RawHeaders) -> bytes:
    """The head of the same request without its wish to upgrade; RFC 9110 7.8 lets a server decline so."""
    lines = [b"%b %b HTTP/%b" % (method, url, version.encode())]
    for name, value in raw:
        if name == b"connection":
            kept = [token.strip() for token in value.split(b",") if token.strip().lower() != b"upgrade"]
            lines.append(b"connection: " + b", ".join(kept))
        elif name != b"upgrade":
            lines.append(name + b": " + value)
    return b"\r\n".join(lines) + b"\r\n\r\n"
