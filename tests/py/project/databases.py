"""Databases of a test, and Django's connections to them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from psycopg2 import connect
from psycopg2.sql import SQL, Identifier

_numbers = count(1)


@contextmanager
def admin_cursor(server: Any, dbname: str = "postgres") -> Iterator[Any]:
    """A cursor of a superuser, in autocommit mode, with nothing of Django's."""
    connection = connect(**server.dsn(dbname=dbname))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


@contextmanager
def lead_to(server: Any, name: str, *aliases: str) -> Iterator[None]:
    """Lead connections of Django's to a database; by default all of them."""
    from django.db import connections

    dsn = server.dsn()
    options = {"server_side_binding": True} if "PROJECT_BINDING" in os.environ else {}
    chosen = [connections[alias] for alias in aliases or connections]
    for connection in chosen:
        connection.close()
        connection.settings_dict.update(
            NAME=name,
            USER=dsn["user"],
            HOST=dsn["host"],
            PORT=str(dsn["port"]),
            OPTIONS=dict(options),
        )
    try:
        yield
    finally:
        for connection in chosen:
            while connection.in_atomic_block:  # a test that failed within one
                connection.in_atomic_block = False
                connection.savepoint_ids, connection.needs_rollback = [], False
            connection.close()
            connection.settings_dict["NAME"] = "none"


@contextmanager
def new_database(server: Any, template: str = "template0") -> Iterator[str]:
    """A database that is dropped afterwards; its name."""
    name = f"django_{next(_numbers)}"
    with admin_cursor(server) as cursor:
        cursor.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
        )
    try:
        yield name
    finally:
        with admin_cursor(server) as cursor:
            cursor.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
