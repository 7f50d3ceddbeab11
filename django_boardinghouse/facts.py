"""What the server says: where tables are, and what this transaction has done so far."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import NotSupportedError

from django_boardinghouse.exceptions import selecting

if TYPE_CHECKING:
    from django_boardinghouse.backends.postgres.base import DatabaseWrapper

_SHARED_SCHEMATA = r"""
    SELECT pg_catalog.array_agg(n.nspname::text)
      FROM pg_catalog.pg_namespace AS n
     WHERE n.nspname !~ '^pg_'
       AND n.nspname NOT IN ('information_schema', 'boardinghouse', '__template__')
       AND n.nspname NOT IN (SELECT r.schema FROM boardinghouse.schema AS r)
"""
# The relations of a schema are found by their dependence on it: pg_class has no index for that, and
# holds those of all tenants.
_FIGURES = """
    WITH relation AS (
        SELECT n.nspname, c.oid, c.relname, c.relkind, c.relfilenode::bigint
          FROM pg_catalog.pg_namespace AS n
          JOIN pg_catalog.pg_depend AS d
            ON d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.refobjid = n.oid
           AND d.classid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0
          JOIN pg_catalog.pg_class AS c ON c.oid = d.objid AND c.relkind IN ('r', 'p', 'S')
         WHERE n.nspname = '__template__' OR n.nspname = ANY (%s)
    ),
    own AS (
        SELECT r.* FROM relation AS r WHERE r.nspname = '__template__'
    )
    SELECT pg_catalog.pg_stat_get_xact_tuples_inserted(
               pg_catalog.to_regclass('boardinghouse.change')),
           (SELECT sum(pg_catalog.pg_stat_get_xact_tuples_inserted(o.oid)
                       + pg_catalog.pg_stat_get_xact_tuples_updated(o.oid)
                       + pg_catalog.pg_stat_get_xact_tuples_deleted(o.oid))
              FROM own AS o WHERE o.relkind <> 'S'),
           (SELECT sum(pg_catalog.pg_stat_get_xact_numscans(o.oid)
                       + (SELECT coalesce(
                                     sum(pg_catalog.pg_stat_get_xact_numscans(i.indexrelid)), 0)
                            FROM pg_catalog.pg_index AS i WHERE i.indrelid = o.oid))
              FROM own AS o WHERE o.relkind <> 'S'),
           (SELECT count(*) FROM own AS o WHERE o.relkind <> 'S'),
           (SELECT sum(o.relfilenode) FROM own AS o WHERE o.relkind <> 'S'),
           (SELECT sum(o.relfilenode) FROM own AS o WHERE o.relkind = 'S'),
           (SELECT sum(d.objid::bigint) FROM pg_catalog.pg_depend AS d
             WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass
               AND d.refobjid = pg_catalog.pg_my_temp_schema()
               AND d.classid = 'pg_catalog.pg_class'::regclass),
           (SELECT pg_catalog.json_object_agg(
                       format('%%I.%%I', r.nspname, r.relname),
                       ARRAY[pg_catalog.pg_stat_get_xact_tuples_inserted(r.oid),
                             pg_catalog.pg_stat_get_xact_tuples_updated(r.oid),
                             pg_catalog.pg_stat_get_xact_tuples_deleted(r.oid),
                             r.relfilenode])::text
              FROM relation AS r WHERE r.nspname <> '__template__' AND r.relkind <> 'S'),
           pg_catalog.current_setting('track_counts')::boolean
"""
_MIRRORED = (
    "SELECT pg_catalog.pg_stat_get_xact_tuples_inserted("
    "pg_catalog.to_regclass('boardinghouse.change'))"
)
_WRITING = """
    SELECT count(*) > 0
      FROM pg_catalog.pg_locks AS l
      JOIN pg_catalog.pg_class AS c ON c.oid = l.relation AND c.relkind IN ('r', 'p')
     WHERE l.pid = pg_catalog.pg_backend_pid() AND l.mode = 'RowExclusiveLock'
       AND c.relnamespace = pg_catalog.to_regnamespace('__template__')
"""
_INDEXES = """
    SELECT coalesce(json_object_agg(c.relname, i.indisvalid), '{}')
      FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
     WHERE c.relname = ANY (%s)
       AND c.relnamespace = pg_catalog.to_regnamespace('__template__')
"""
_HAS_TEMPORARY = "SELECT pg_catalog.pg_my_temp_schema() <> 0"
_ENABLED = """
    SELECT pg_catalog.to_regprocedure('boardinghouse.lock_template()') IS NOT NULL
           AND pg_catalog.to_regnamespace('__template__') IS NOT NULL
"""
_TENANTS = "SELECT schema FROM boardinghouse.schema ORDER BY schema"
_PLACES = """
    SELECT n.nspname, format('%%I.%%I', n.nspname, c.relname)
      FROM unnest(%s::text[]) AS t (name)
      JOIN pg_catalog.pg_class AS c ON c.relname = t.name
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p')
       AND CASE WHEN to_regclass('__template__.' || quote_ident(t.name)) IS NULL
                THEN n.nspname = 'public'
                ELSE n.nspname = ANY (%s) END
     ORDER BY n.nspname, c.relname
"""
_WHEREABOUTS = """
    SELECT c.relname, coalesce(bool_or(n.nspname = '__template__'), false),
           coalesce(bool_or(n.nspname = 'public'), false)
      FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('__template__', 'public') AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
     GROUP BY c.relname
"""
# In their order: the first that may not be selected is the one that is told of.
_CHECK = "SELECT count(boardinghouse._tenant_path(t.name)) FROM unnest(%s::text[]) AS t (name)"


class Place(NamedTuple):
    """Where a table is."""

    schema: str
    table: str
    """Its name, with the schema and with quotes where they are needed."""


class Table(NamedTuple):
    """What was written to one shared table, in rows, and the file that it is in."""

    inserted: int
    updated: int
    deleted: int
    file: int


class Figures(NamedTuple):
    """How far the server's counters are, at one moment of a transaction."""

    mirrored: int
    """Changes of the template in the journal."""
    rows: int
    """Rows written to the template."""
    scans: int
    """Scans of its tables and indexes, those that found nothing too."""
    tables: int
    """How many tables it has."""
    files: int
    """A sum that is another one when a table was truncated, or restructured."""
    sequences: int
    """A sum that is another one when a sequence was restarted, or restructured."""
    temporary: int
    """A sum that is another one when a temporary table was made or dropped."""
    shared: dict[str, Table]
    """What was written to each shared table."""

    def concern_template(self, before: Figures) -> bool:
        """Return whether rows of the template were read, written or looked for."""
        return (self.rows, self.scans, self.files) != (before.rows, before.scans, before.files)

    def written_to_shared(self, before: Figures) -> dict[str, str]:
        """Return by table what was done to shared rows, in words."""
        found = {}
        for name, now in self.shared.items():
            then = before.shared.get(name, Table(0, 0, 0, now.file))
            verbs = [
                verb
                for verb, after, earlier in (
                    ("inserted into", now.inserted, then.inserted),
                    ("updated", now.updated, then.updated),
                    ("deleted from", now.deleted, then.deleted),
                    ("truncated", now.file, then.file),
                )
                if after != earlier
            ]
            if verbs:
                found[name] = "truncated" if "truncated" in verbs else " and ".join(verbs)
        return found


def figures(connection: DatabaseWrapper, shared_schemata: list[str]) -> Figures:
    """Return how far the counters are. They are comparable within one transaction only.

    A rollback to a savepoint leaves them where they were.
    """
    *numbers, shared, are_kept = connection.query_quietly(_FIGURES, [shared_schemata])
    if not are_kept:
        msg = "migrations need the server's setting track_counts, which is off"
        raise NotSupportedError(msg)
    tables = {name: Table(*row) for name, row in json.loads(shared or "{}").items()}
    counts: list[Any] = [int(number or 0) for number in numbers]
    return Figures._make([*counts, tables])


def mirrored(connection: DatabaseWrapper) -> int:
    """Return how many changes of the template this transaction has written to the journal."""
    return int(connection.query_quietly(_MIRRORED)[0] or 0)


def shared_schemata(connection: DatabaseWrapper) -> list[str]:
    """Return the names of the schemata whose tables are neither the template's nor a tenant's."""
    return list(connection.query_quietly(_SHARED_SCHEMATA)[0] or ())


def is_writing_to_template(connection: DatabaseWrapper) -> bool:
    """Return whether this transaction has written to the template, if only nothing."""
    return bool(connection.query_quietly(_WRITING)[0])


def has_temporary_tables(connection: DatabaseWrapper) -> bool:
    """Return whether this session has temporary tables, or had some."""
    return bool(connection.query_quietly(_HAS_TEMPORARY)[0])


def template_indexes(connection: DatabaseWrapper, names: Iterable[str]) -> dict[str, bool]:
    """Return which of these indexes are in the template, and whether they are valid."""
    return dict(connection.query_quietly(_INDEXES, [sorted(names)])[0])


def is_enabled(connection: DatabaseWrapper) -> bool:
    """Return whether the extension and the template are in the database."""
    return bool(connection.query_quietly(_ENABLED)[0])


def tenants(connection: DatabaseWrapper) -> list[str]:
    """Return the names of all tenants, inactive ones too."""
    with connection.cursor() as cursor:
        cursor.execute(_TENANTS)
        return [schema for (schema,) in cursor.fetchall()]


def places(connection: DatabaseWrapper, tables: Iterable[str]) -> list[Place]:
    """Return where the tables of these names are: the shared ones in `public`, others in each."""
    schemata = ["__template__", *(tenants(connection) if is_enabled(connection) else [])]
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [list(tables), schemata])
        return [Place(*row) for row in cursor.fetchall()]


def check_selectable(connection: DatabaseWrapper, schemata: Iterable[str]) -> None:
    """Raise, for the first that may not be selected, what selecting it would."""
    with selecting():
        connection.query_quietly(_CHECK, [list(schemata)])


def whereabouts(connection: DatabaseWrapper) -> dict[str, tuple[bool, bool]]:
    """Return of each relation, by name, whether it is in the template, and whether in `public`."""
    with connection.cursor() as cursor:
        cursor.execute(_WHEREABOUTS)
        return {name: (template, public) for name, template, public in cursor.fetchall()}
