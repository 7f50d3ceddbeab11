"""What the server says: where tables are, and what this transaction has done so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from django_boardinghouse.backends.postgres.base import DatabaseWrapper

_MIRRORED = (
    "SELECT pg_catalog.pg_stat_get_xact_tuples_inserted("
    "pg_catalog.to_regclass('boardinghouse.change'))"
)
_WRITTEN = """
    SELECT coalesce(sum(w.rows) FILTER (WHERE w.is_template), 0)::bigint,
           coalesce(sum(w.rows) FILTER (WHERE NOT w.is_template), 0)::bigint
      FROM (SELECT n.nspname = '__template__' AS is_template,
                   pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid)
                   + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
                   + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) AS rows
              FROM pg_catalog.pg_class AS c
              JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
             WHERE n.nspname IN ('__template__', 'public') AND c.relkind IN ('r', 'p')) AS w
"""
_ENABLED = """
    SELECT pg_catalog.to_regprocedure('boardinghouse.lock_template()') IS NOT NULL
           AND pg_catalog.to_regnamespace('__template__') IS NOT NULL
"""
_TENANTS = "SELECT schema FROM boardinghouse.schema ORDER BY schema"
_PLACES = """
    SELECT c.relname,
           '"' || replace(n.nspname, '"', '""') || '"."' || replace(c.relname, '"', '""') || '"'
      FROM unnest(%s::text[]) AS t (name)
      JOIN pg_catalog.pg_class AS c ON c.relname = t.name
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p')
       AND CASE WHEN to_regclass('__template__.' || quote_ident(t.name)) IS NULL
                THEN n.nspname = 'public'
                ELSE n.nspname = ANY (%s) END
     ORDER BY n.nspname, c.relname
"""


class Written(NamedTuple):
    """How many rows were inserted, updated and deleted in the template, and in shared tables."""

    template: int
    shared: int

    def __sub__(self, other: Written) -> Written:
        return Written(self.template - other.template, self.shared - other.shared)


def mirrored(connection: DatabaseWrapper) -> int:
    """Return how many changes of the template were written to the journal."""
    return int(connection.query_quietly(_MIRRORED)[0] or 0)


def written(connection: DatabaseWrapper) -> Written:
    """Return how many rows were written, and where."""
    return Written(*connection.query_quietly(_WRITTEN))


def is_enabled(connection: DatabaseWrapper) -> bool:
    """Return whether the extension and the template are in the database."""
    return bool(connection.query_quietly(_ENABLED)[0])


def tenants(connection: DatabaseWrapper) -> list[str]:
    """Return the names of all tenants, inactive ones too."""
    with connection.cursor() as cursor:
        cursor.execute(_TENANTS)
        return [schema for (schema,) in cursor.fetchall()]


def places(connection: DatabaseWrapper, tables: Iterable[str]) -> dict[str, list[str]]:
    """Return the qualified and quoted names of these tables, by their bare names.

    A shared table is in `public`, one of the tenants' in the template and in each of them.
    """
    names = list(tables)
    found: dict[str, list[str]] = {name: [] for name in names}
    schemata = ["__template__", *(tenants(connection) if is_enabled(connection) else [])]
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [names, schemata])
        for name, place in cursor.fetchall():
            found[name].append(place)
    return found
