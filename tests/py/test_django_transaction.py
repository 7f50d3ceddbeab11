"""The tests of the Django package once more, with paths that end with the transaction."""

from __future__ import annotations

import pytest
from project.ways import MODULES, WITH_PSYCOPG, WITHOUT_PSYCOPG, run

pytestmark = pytest.mark.slow

OF_CONNECTIONS = ("connection", "middleware")


def test_with_paths_by_transaction() -> None:
    run(WITH_PSYCOPG, *MODULES, PROJECT_PATH="transaction")


def test_with_psycopg2_and_paths_by_transaction() -> None:
    run(WITHOUT_PSYCOPG, *OF_CONNECTIONS, PROJECT_PATH="transaction")


def test_with_parameters_bound_by_the_server_and_paths_by_transaction() -> None:
    run(WITH_PSYCOPG, *OF_CONNECTIONS, PROJECT_PATH="transaction", PROJECT_BINDING="1")
