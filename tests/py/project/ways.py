"""The tests of the Django package once more, in a process that does something in another way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[1]

# Django takes psycopg 3 where it is installed; in this process it is not.
WITHOUT_PSYCOPG = """
import sys
sys.modules["psycopg"] = None
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""
WITH_PSYCOPG = "import pytest, sys; sys.exit(pytest.main(sys.argv[1:]))"

# Where the driver, or the path, could matter.
MODULES = (
    "connection",
    "exceptions",
    "flush",
    "home",
    "middleware",
    "migrations",
    "models",
    "multischema",
)
OF_STEPS = ("concurrently", "passes", "steps")


def run(program: str, *modules: str, **environment: str) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-c", program, "--quiet", "--no-header", "--tb=short"),
            *("-p", "no:cacheprovider"),
            *(str(HERE / f"test_django_{module}.py") for module in modules),
        ],
        cwd=HERE.parents[1],
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-8000:]
