"""Wagtail once more, by the migrations that it has squashed since."""

from __future__ import annotations

import pytest
from package_tests import *  # noqa: F403
from package_tests import Database, Package

pytestmark = [pytest.mark.slow, pytest.mark.long]

PACKAGE = Package("unsquashed")


def test_the_migrations_that_were_replaced_are_those_that_ran(fleet: Database) -> None:
    [(count,)] = fleet.query("SELECT count(*) FROM django_migrations WHERE name LIKE '%squashed%'")
    assert count == 0
