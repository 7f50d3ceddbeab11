"""The tests of the Django package once more, with psycopg2 as Django's driver."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

# Django takes psycopg 3 where it is installed; in this process it is not.
WITHOUT_PSYCOPG = """
import sys
sys.modules["psycopg"] = None
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""


MODULES = ("connection", "flush", "models", "middleware", "migrations", "registry")


@pytest.mark.slow
def test_with_psycopg2() -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-c", WITHOUT_PSYCOPG, "--quiet", "--no-header", "--tb=short"),
            *("-p", "no:cacheprovider"),
            *(str(HERE / f"test_django_{module}.py") for module in MODULES),
        ],
        cwd=HERE.parents[1],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-8000:]
