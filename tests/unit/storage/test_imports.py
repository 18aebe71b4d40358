"""PostgreSQL's client is loaded when PostgreSQL is chosen."""

import subprocess
import sys


def test_opening_sqlite_does_not_import_psycopg() -> None:
    program = (
        "import sys; from emulator.storage import open_sqlite; "
        "open_sqlite(':memory:').close(); print('psycopg' in sys.modules)"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == "False"
