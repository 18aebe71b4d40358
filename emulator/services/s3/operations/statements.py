"""The statements of S3."""

from __future__ import annotations

from pathlib import Path

from emulator.storage import Queries

SQL = Queries.load(Path(__file__).parent.with_name("queries.sql"))
