"""Code on disk: archives unpacked under their digest, and folders that are run as they lie. Knows files alone."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from emulator.errors import AwsError
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model.errors import invalid

_SKIPPED = frozenset({"__pycache__", ".git", ".venv", "node_modules"})


@dataclass(frozen=True, slots=True)
class Code:
    """A deployed package: `sha256` is base 64, `folder` where its handler is, `location` a URL to fetch it from."""

    sha256: str
    size: int
    folder: Path
    location: str


def of_folder(folder: Path) -> Code:
    """A folder of the user's own; the digest is over names and contents of its files, caches left out."""
    if not folder.is_absolute() or not folder.is_dir():
        raise invalid(f"{folder} is not the absolute path of a folder.")
    digest, size = hashlib.sha256(), 0
    for path in _files(folder):
        content = path.read_bytes()
        size += len(content)
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode(errors="surrogateescape"))
        digest.update(content)
    return Code(base64.b64encode(digest.digest()).decode(), size, folder, folder.as_uri())


def _files(folder: Path) -> list[Path]:
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        found += [path for name in sorted(names) if (path := Path(parent, name)).is_file()]
    return found


def unpack(archive: bytes, parent: Path) -> Code:
    """Unpack an archive to `parent`/<digest>, once for all functions that have it, and keep it beside that.

    Written aside and renamed: a folder under its final name is complete. Errors: InvalidParameterValueException.
    """
    digest = hashlib.sha256(archive)
    folder, file = parent / digest.hexdigest(), parent / f"{digest.hexdigest()}.zip"
    if not folder.is_dir() or not file.is_file():
        parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=parent))
        try:
            (aside / "code").mkdir()
            _extract(archive, aside / "code")
            (aside / "zip").write_bytes(archive)
            os.replace(aside / "zip", file)
            _settle(aside / "code", folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return Code(base64.b64encode(digest.digest()).decode(), len(archive), folder, file.as_uri())


def _settle(code: Path, folder: Path) -> None:
    """Give the unpacked code its name, unless another process was faster with the same."""
    try:
        os.rename(code, folder)
    except OSError:
        if not folder.is_dir():
            raise


# What a damaged, encrypted or contradictory archive leads to; a full disk is our trouble, not the caller's.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    FileExistsError,
    IsADirectoryError,
    NotADirectoryError,
)


def _extract(archive: bytes, folder: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            entries = opened.infolist()
            if sum(entry.file_size for entry in entries) > limits.UNZIPPED_BYTES:
                raise invalid(f"Unzipped size must be smaller than {limits.UNZIPPED_BYTES} bytes")
            if not entries:
                raise invalid("Uploaded file must be a non-empty zip")
            for entry in entries:
                _write(opened, entry, folder)
    except _BROKEN as error:
        raise _not_unpackable() from error


def _write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    """One entry, inside `folder` or not at all; links are refused, since they could lead anywhere."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    mode = entry.external_attr >> 16
    if path.is_absolute() or ".." in path.parts or stat.S_ISLNK(mode):
        raise _not_unpackable()
    target = folder.joinpath(*path.parts)
    if entry.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(entry) as source, target.open("wb") as written:
        shutil.copyfileobj(source, written)
    target.chmod(0o755 if mode & 0o111 else 0o644)


def _not_unpackable() -> AwsError:
    return invalid(
        "Could not unzip uploaded file. Please check your file, then try to upload again.",
    )
