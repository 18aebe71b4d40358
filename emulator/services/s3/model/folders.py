"""Which keys can be names of files in the folder that a bucket is bound to."""

from __future__ import annotations

_NAME_BYTES_MAX = 255
_OURS = ".stepwell-"  # files of this beginning are unfinished writes


def why_no_file(key: str) -> str | None:
    """Why a key cannot be the name of a file in a folder; None where it can."""
    if "\0" in key:
        return "A file name holds no U+0000."
    if key.startswith("/"):
        return "The key is an absolute path."
    if key.endswith("/"):
        return "The key ends in / and would be a folder."
    for part in key.split("/"):
        if part in ("", ".", ".."):
            return f"The key has {part!r} as one of its parts."
        if len(part.encode("utf-8", "surrogatepass")) > _NAME_BYTES_MAX:
            return f"A part of the key is longer than {_NAME_BYTES_MAX} bytes."
    if key.rsplit("/", 1)[-1].startswith(_OURS):
        return f"Names that begin with {_OURS} are those of unfinished files."
    return None
