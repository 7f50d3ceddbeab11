"""A private server for the session, and a fresh database with the extension for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from typing import Any

import psycopg2
import pytest

from boardinghouse_ext import create
from boardinghouse_ext.server import PrivateServer

pytest.register_assert_rewrite("package_tests")

TEMPLATE = "boardinghouse_template"

_numbers = count(1)


def autocommit(server: PrivateServer, **dsn: Any) -> Any:
    """A connection of psycopg2 in autocommit mode."""
    connection = psycopg2.connect(**server.dsn(**dsn))
    connection.autocommit = True
    return connection


@contextmanager
def fresh_database(server: PrivateServer, template: str = TEMPLATE) -> Iterator[str]:
    """A database of its own, made like `template` and dropped afterwards; its name."""
    name = f"test_{next(_numbers)}"
    with closing(autocommit(server)) as admin, admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield name
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what is slow, so that no worker is left alone with it in the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def server() -> Iterator[PrivateServer]:
    """The server that all tests share; `BOARDINGHOUSE_PG_VERSION` says which version."""
    with PrivateServer() as server:
        with closing(autocommit(server)) as admin, admin.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {TEMPLATE}")
        with closing(autocommit(server, dbname=TEMPLATE)) as admin, admin.cursor() as cursor:
            create(admin)
            cursor.execute("SELECT boardinghouse.enable()")
        yield server


@pytest.fixture
def database(server: PrivateServer) -> Iterator[Any]:
    """A connection to a fresh database that has the extension, enabled; in autocommit mode."""
    with (
        fresh_database(server) as name,
        closing(autocommit(server, dbname=name)) as connection,
    ):
        yield connection


@pytest.fixture
def connect(server: PrivateServer, database: Any) -> Iterator[Callable[..., Any]]:
    """A function that makes further connections, `connect(user=None, dbname=None)`.

    They go to the database of the test unless another is named, and are in autocommit mode.
    """
    connections = []

    def connect(user: str | None = None, dbname: str | None = None) -> Any:
        connection = autocommit(
            server, user=user or "postgres", dbname=dbname or database.info.dbname
        )
        connections.append(connection)
        return connection

    yield connect
    for connection in connections:
        connection.close()
