"""Where the cases lie that were recorded on AWS: they are no part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(os.environ.get("STEPWELL_CORPORA") or Path(__file__).resolve().parents[2] / "shared" / "corpora")
RECORDINGS = ROOT / "recordings"

_WANTED = "(set STEPWELL_CORPORA)"


def absence(path: Path) -> str:
    """Why a test that wants this file or folder of the corpora cannot run."""
    return f"the corpus is absent: {path} {_WANTED}"


def is_absence(reason: str) -> bool:
    """Whether a test was skipped for want of the corpora: nothing that CI could install would bring them."""
    return _WANTED in reason
