"""What the tests share: where the real data files are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# No test asserts a time, also not through a deadline: the machine may be busy.
settings.register_profile("listed", deadline=None)
settings.load_profile("listed")

REAL = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of third-party files; they are not part of the project."""
    if not REAL.is_dir():
        pytest.skip("the folder of real data files (../shared/data) is absent")
    return REAL
