"""Fixtures for tests of the Django package: databases that Django's connections lead to.

A test module asks for them by `pytest_plugins = ["project.fixtures"]`. Django uses psycopg 3;
`test_django_psycopg2.py` runs the tests once more with psycopg2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg2.sql import SQL, Identifier

from project.databases import admin_cursor, lead_to, new_database

MIGRATED = "django_template"
INHABITED = "django_inhabited"
TENANTS = ("acme", 'Be "ta', "order")


@pytest.fixture(scope="session")
def migrated(server: Any) -> str:
    """The name of a database that the project was migrated into, without tenants."""
    from django.core.management import call_command

    with admin_cursor(server) as cursor:
        cursor.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(MIGRATED)))
    with lead_to(server, MIGRATED):
        call_command("migrate", verbosity=0, interactive=False)
    return MIGRATED


@pytest.fixture
def empty_database(server: Any) -> Iterator[str]:
    """Django's connections lead to a database with nothing in it; its name."""
    with new_database(server) as name, lead_to(server, name):
        yield name


@pytest.fixture(scope="session")
def inhabited(server: Any, migrated: str) -> str:
    """The name of a database like that, with the tenants of `TENANTS`, each with one item."""
    from django_boardinghouse import schema
    from django_boardinghouse.models import Schema
    from project.shop.models import Item

    with admin_cursor(server) as cursor:
        cursor.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(
                Identifier(INHABITED), Identifier(migrated)
            )
        )
    with lead_to(server, INHABITED):
        for name in TENANTS:
            Schema.objects.create(schema=name, name=name.title())
            with schema(name):
                Item.objects.create(name=f"item of {name}")
    return INHABITED


@pytest.fixture
def django_database(server: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    """Django's connections lead to a database of the migrated project; its name."""
    template = "inhabited" if "tenants" in request.fixturenames else "migrated"
    with (
        new_database(server, request.getfixturevalue(template)) as name,
        lead_to(server, name),
    ):
        yield name


@pytest.fixture
def tenants(django_database: str) -> list[str]:
    """The names of three tenants, the second one to quote; each has one item, named after it."""
    return list(TENANTS)


@pytest.fixture
def psql(server: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A function that runs SQL past Django, and returns the rows if there are any."""
    name = next(
        request.getfixturevalue(fixture)
        for fixture in ("empty_database", "django_database")
        if fixture in request.fixturenames
    )
    with admin_cursor(server, name) as cursor:

        def run(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

        yield run
