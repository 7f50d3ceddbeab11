"""Wagtail: every migration, with tenants in place, is what a plain Django makes of it."""

from __future__ import annotations

import pytest
from package_tests import *  # noqa: F403
from package_tests import Package

pytestmark = pytest.mark.slow

PACKAGE = Package("wagtail")


def test_two_plain_migrates_differ_in_random_values(differing: dict[str, set[str]]) -> None:
    assert "translation_key" in differing["wagtailcore_page"]
