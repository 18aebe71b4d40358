"""Objects of Apache Parquet: a row an item, its columns by name. A place is [row group, row in it].

The format is pyarrow's matter, an extra of the installation (docs/decisions/0007).
"""

from __future__ import annotations

import io
import math
from base64 import b64encode
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from emulator.errors import AwsError
from emulator.services.stepfunctions.integrations.items.errors import UnreadableError
from emulator.services.stepfunctions.integrations.items.objects import Entries, Object

LARGEST_GROUP = 256 * 1024**2  # bytes of a row group (AWS: ItemReader, Parquet)
LARGEST_FOOTER = 5 * 1024**2  # bytes (the same page)
ROWS = 256  # that are made JSON at a time


def of_parquet(found: Object, config: dict[str, Any], at: list[int] | None) -> Entries:
    """The rows, as they lie in the file."""
    if found.versioned:
        raise UnreadableError("An item reader of the InputType PARQUET does not support VersionId.")
    file = _opened(found)
    first, taken = at or (0, 0)
    for group in range(first, file.num_row_groups):
        if file.metadata.row_group(group).total_byte_size > LARGEST_GROUP:
            raise UnreadableError("The Parquet file has a row group of more than 256 MB.")
        rows = _rows(file, group)
        for row, item in enumerate(islice(rows, taken, None), taken + 1):
            yield item, [group, row]
        taken = 0


def _opened(found: Object) -> Any:
    try:
        import pyarrow.parquet  # an extra: 40 MB in memory, which nobody else pays
    except ImportError:
        raise UnreadableError(
            "Item readers of the InputType PARQUET need pyarrow: install stepwell[parquet]."
        ) from None
    found.describe()
    try:
        file = pyarrow.parquet.ParquetFile(pyarrow.PythonFile(_File(found), mode="r"))
    except (pyarrow.ArrowException, OSError) as error:
        raise UnreadableError(f"The object of the item reader is not Parquet: {error}") from None
    if file.metadata.serialized_size > LARGEST_FOOTER:
        raise UnreadableError("The Parquet file has a footer of more than 5 MB.")
    return file


def _rows(file: Any, group: int) -> Iterator[Any]:
    import pyarrow

    try:
        for batch in file.iter_batches(batch_size=ROWS, row_groups=[group], use_threads=False):
            names = batch.schema.names
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield {name: plain(value) for name, value in zip(names, row, strict=True)}
    except (pyarrow.ArrowException, OSError) as error:
        raise UnreadableError(f"The Parquet file cannot be read: {error}") from None


def plain(value: Any) -> Any:
    """A value of Parquet as JSON: moments in ISO 8601, decimals as numbers, bytes as text or in Base64."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return _text(value)
    if isinstance(value, dict):
        return {str(name): plain(member) for name, member in value.items()}
    if isinstance(value, list) and value and all(isinstance(pair, tuple) for pair in value):
        return {str(plain(key)): plain(member) for key, member in value}
    return [plain(element) for element in value]


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return b64encode(value).decode()


class _File(io.RawIOBase):
    """An object as a file of which only the wanted parts are read."""

    def __init__(self, found: Object) -> None:
        super().__init__()
        self._found = found
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._found.size}[whence]
        self._at = start + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        rest = max(0, self._found.size - self._at)
        wanted = rest if size < 0 else min(size, rest)
        if wanted == 0:
            return b""
        try:
            taken = self._found.read(self._at, wanted)
        except AwsError as error:
            raise OSError(error.message) from None
        self._at += len(taken)
        return taken
