"""Fixtures for tests of the Django package: databases that Django's connections lead to.

A test module asks for them by `pytest_plugins = ["project.fixtures"]`. Django uses psycopg 3;
`test_django_psycopg2.py` runs the tests once more with psycopg2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from psycopg2.sql import SQL, Identifier

from project.apps import App, written_apps
from project.databases import admin_cursor, lead_to, new_database
from project.schemata import Names

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


@pytest.fixture(scope="session")
def shared(server: Any) -> Iterator[Callable[[str], str]]:
    """A function that makes one copy of a database for the whole session, and returns its name."""
    with ExitStack() as stack:
        yield cache(lambda template: stack.enter_context(new_database(server, template)))


@pytest.fixture
def django_database(server: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    """Django's connections lead to a database of the migrated project; its name.

    It is the test's own. With the fixture `rows_only` tests take turns on one, whose rows and
    tenants are put back after each.
    """
    names = request.fixturenames
    template = request.getfixturevalue("inhabited" if "tenants" in names else "migrated")
    if "rows_only" not in names:
        with new_database(server, template) as name, lead_to(server, name):
            yield name
        return
    name = request.getfixturevalue("shared")(template)
    with lead_to(server, name):
        yield name
    with admin_cursor(server, name) as cursor:
        put_back(cursor, TENANTS if "tenants" in names else ())


@pytest.fixture
def rows_only() -> None:
    """Say that a test changes no structure but that of whole tenants."""


@pytest.fixture
def tenants(django_database: str) -> list[str]:
    """The names of three tenants, the second one to quote; each has one item, named after it."""
    return list(TENANTS)


@pytest.fixture
def sent(server: Any, django_database: str) -> Iterator[Callable[[], list[str]]]:
    """A function that returns what Django's connection has sent to the server since the last time.

    A string of several statements is one: each is a round trip.
    """
    from django.db import connection

    with admin_cursor(server) as cursor:
        cursor.execute(
            SQL("ALTER DATABASE {} SET log_statement = 'all'").format(Identifier(django_database))
        )
    connection.close()
    connection.ensure_connection()
    begins = rf" \[{connection.connection.info.backend_pid}\] LOG:  (?:statement|execute [^:]*): "
    log = Path(server.base_dir, "tmp", "postgresql.log")
    log = log if log.exists() else next(Path(server.base_dir).rglob("*.log"))
    seen = log.stat().st_size

    def read() -> list[str]:
        nonlocal seen
        with log.open("rb") as file:
            file.seek(seen)
            text = file.read()
            seen = file.tell()
        records = re.split(r"^\d{4}-\d\d-\d\d [\d:.]+ \w+", text.decode(), flags=re.MULTILINE)
        return [record[found.end() :] for record in records if (found := re.match(begins, record))]

    yield read
    with admin_cursor(server) as cursor:
        cursor.execute(
            SQL("ALTER DATABASE {} RESET log_statement").format(Identifier(django_database))
        )


def put_back(cursor: Any, tenants: tuple[str, ...]) -> None:
    """Bring rows and tenants back to what they were before a test."""
    cursor.execute("SET lock_timeout = '20s'")
    cursor.execute("SELECT schema::text FROM boardinghouse.schema")
    found = {name for (name,) in cursor.fetchall()}
    for function, names in (
        ("drop_schema", found.difference(tenants)),
        ("create_schema", set(tenants).difference(found)),
    ):
        for name in names:
            cursor.execute(f"SELECT boardinghouse.{function}(%s)", [name])
    cursor.execute(
        "DROP SCHEMA IF EXISTS elsewhere, postgres;"
        " UPDATE boardinghouse.schema SET is_active = true WHERE NOT is_active;"
        " DELETE FROM django_session; DELETE FROM django_admin_log; DELETE FROM hub_contract;"
        " DELETE FROM boardinghouse_schema_users"
    )
    for name in ("__template__", *tenants):
        cursor.execute(SQL("SET search_path TO {}, public").format(Identifier(name)))
        cursor.execute(
            "DELETE FROM shop_item_tags; DELETE FROM shop_item; DELETE FROM shop_tag;"
            " INSERT INTO shop_item (name) SELECT %(item)s WHERE current_schema <> '__template__'",
            {"item": f"item of {name}"},
        )
    cursor.execute(
        "DELETE FROM auth_user_groups; DELETE FROM auth_user_user_permissions;"
        " DELETE FROM auth_user; DELETE FROM auth_group;"
        " DELETE FROM hub_country_currencies; DELETE FROM hub_country; DELETE FROM hub_currency"
    )


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


@pytest.fixture
def alike(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test does, the tenants end up like the template, and nothing is invalid."""
    psql = request.getfixturevalue("psql") if "psql" in request.fixturenames else None
    yield
    if psql is not None and psql("SELECT FROM pg_extension WHERE extname = 'boardinghouse'"):
        assert psql("SELECT * FROM boardinghouse.verify()") == []


@pytest.fixture
def schemata(psql: Any) -> Names:
    """A function that returns the registered schemata that are there."""

    def names() -> list[str]:
        return [
            name
            for (name,) in psql(
                "SELECT s.schema FROM boardinghouse.schema AS s"
                " JOIN pg_namespace AS n ON n.nspname = s.schema ORDER BY 1"
            )
        ]

    return names


@pytest.fixture
def apps(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """A function that writes an app and installs it."""
    with written_apps(tmp_path, settings, monkeypatch) as write:
        yield write
