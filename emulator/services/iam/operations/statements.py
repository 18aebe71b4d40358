"""Every statement that IAM runs."""

from pathlib import Path

from emulator.storage import Queries

SQL = Queries.load(Path(__file__).parent.with_name("queries.sql"))
