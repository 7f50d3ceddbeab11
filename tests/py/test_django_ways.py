"""The tests of the Django package once more: with psycopg2 as driver, with paths by transaction."""

from __future__ import annotations

import os
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
WITH_PSYCOPG = "import pytest, sys; sys.exit(pytest.main(sys.argv[1:]))"

# Where the driver, or the path, could matter.
MODULES = (
    "concurrently",
    "connection",
    "flush",
    "home",
    "middleware",
    "migrations",
    "models",
    "multischema",
    "passes",
    "steps",
)


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


@pytest.mark.slow
def test_with_psycopg2() -> None:
    run(WITHOUT_PSYCOPG, *MODULES)


@pytest.mark.slow
def test_with_paths_by_transaction() -> None:
    run(WITH_PSYCOPG, *MODULES, PROJECT_PATH="transaction")


@pytest.mark.slow
def test_with_psycopg2_and_paths_by_transaction() -> None:
    run(WITHOUT_PSYCOPG, "connection", "middleware", PROJECT_PATH="transaction")


@pytest.mark.slow
def test_with_parameters_bound_by_the_server_and_paths_by_transaction() -> None:
    run(WITH_PSYCOPG, "connection", "middleware", PROJECT_PATH="transaction", PROJECT_BINDING="1")
