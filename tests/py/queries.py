"""Queries of the tests, in one line each."""

from __future__ import annotations

from typing import Any


def run(connection: Any, sql: str) -> None:
    """Run one or more statements."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def rows(connection: Any, sql: str, parameters: Any = None) -> list[Any]:
    """What a query finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def column(connection: Any, sql: str, parameters: Any = None) -> list[Any]:
    """The first column of what a query finds."""
    return [row[0] for row in rows(connection, sql, parameters)]


def problems(connection: Any) -> list[Any]:
    """What `verify()` finds: nothing where all is well."""
    return rows(connection, "SELECT * FROM boardinghouse.verify()")


def tenants(connection: Any) -> list[str]:
    """The tenants in the registry."""
    return column(connection, "SELECT schema FROM boardinghouse.schema ORDER BY schema")


def tables_with(connection: Any, name: str) -> list[str]:
    """The schemata in which a column, or else a relation, of this name is."""
    query = """
        SELECT n.nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE c.relname = %(name)s AND n.nspname !~ '^pg_' AND c.relkind <> 'c'
            OR EXISTS (SELECT FROM pg_attribute AS a
                        WHERE a.attrelid = c.oid AND a.attname = %(name)s AND NOT a.attisdropped)
               AND c.relkind = 'r'
         ORDER BY n.nspname"""
    return column(connection, query, {"name": name})
