"""The statements of CloudWatch Logs."""

from pathlib import Path

from emulator.storage import Queries

SQL = Queries.load(Path(__file__).parents[1] / "queries.sql")
