"""The tests of the Django package once more, with psycopg2 as Django's driver."""

from __future__ import annotations

import pytest
from project.ways import MODULES, OF_STEPS, WITHOUT_PSYCOPG, run

pytestmark = pytest.mark.slow


def test_with_psycopg2() -> None:
    run(WITHOUT_PSYCOPG, *MODULES, *OF_STEPS)
