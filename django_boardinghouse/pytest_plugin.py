"""Fixtures of pytest, beside those of pytest-django: tenants made inside the test's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django_boardinghouse.models import Schema


@pytest.fixture
def make_tenant(db: None) -> Callable[..., Schema]:
    """A function that makes a tenant of this name, further fields as keywords; it is not selected.

    What pytest-django does to the database after the test, rolls it back or drops it.
    """
    from django_boardinghouse.registry import get_schema_model

    def make(schema: str, **fields: Any) -> Schema:
        tenant: Schema = get_schema_model().objects.create(schema=schema, **fields)
        return tenant

    return make


@pytest.fixture
def tenant(make_tenant: Callable[..., Schema]) -> Iterator[Schema]:
    """A tenant, `test_tenant`, that is selected while the test runs."""
    from django_boardinghouse.selection import schema

    made = make_tenant("test_tenant")
    with schema(made.pk):
        yield made
