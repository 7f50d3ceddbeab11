"""What `flush` runs: tenants are dropped, shared tables emptied, and the template is kept whole.

Rows of the template may refer to shared rows, and those to others: all these stay. TRUNCATE cannot
leave rows, so it is one DELETE over all tables, in which no order of theirs matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from django_boardinghouse.backends.postgres.base import DatabaseWrapper

DROP = "SELECT boardinghouse.drop_schema("
"""How the statements begin that drop a tenant."""

_KEYS = """
    SELECT cn.nspname = '__template__',
           format('%I.%I', cn.nspname, c.relname),
           format('%I.%I', pn.nspname, p.relname),
           (SELECT string_agg(format('p.%I = c.%I', pa.attname, ca.attname), ' AND ')
              FROM unnest(k.conkey, k.confkey) AS u (c, p)
              JOIN pg_catalog.pg_attribute AS ca ON ca.attrelid = k.conrelid AND ca.attnum = u.c
              JOIN pg_catalog.pg_attribute AS pa ON pa.attrelid = k.confrelid AND pa.attnum = u.p)
      FROM pg_catalog.pg_constraint AS k
      JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
      JOIN pg_catalog.pg_namespace AS cn ON cn.oid = c.relnamespace
      JOIN pg_catalog.pg_class AS p ON p.oid = k.confrelid
      JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace
     WHERE k.contype = 'f' AND k.conparentid = 0
       AND cn.nspname IN ('__template__', 'public') AND pn.nspname = 'public'
     ORDER BY 2, 3, 4
"""
_SEQUENCES = """
    SELECT format('SELECT pg_catalog.setval(%%L, coalesce(max(%%I), %%s), max(%%I) IS NOT NULL)'
                  ' FROM %%s;',
                  s.seqrelid::regclass, a.attname, s.seqstart, a.attname, t.place)
      FROM unnest(%s::text[]) AS t (place)
      JOIN pg_catalog.pg_depend AS d
        ON d.refobjid = to_regclass(t.place) AND d.refclassid = 'pg_catalog.pg_class'::regclass
       AND d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
      JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = d.objid
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
     ORDER BY t.place, a.attname
"""


class Key(NamedTuple):
    """A foreign key to a shared table, of a shared table or one of the template."""

    of_template: bool
    child: str
    parent: str
    condition: str

    @property
    def rows(self) -> str:
        """The query for the places of the rows that it refers to."""
        return (
            f"SELECT p.tableoid, p.ctid FROM {self.child} AS c"  # noqa: S608
            f" JOIN {self.parent} AS p ON {self.condition}"
        )


def drop(tenants: Iterable[str]) -> list[str]:
    """Return the statements that drop these tenants."""
    literals = ("'" + name.replace("'", "''") + "'" for name in tenants)
    return [f"{DROP}{literal});" for literal in literals]


def empty(connection: DatabaseWrapper, tables: Iterable[str], *, cascade: bool) -> list[str]:
    """Return the statement that empties these shared tables but for what the template needs.

    `cascade`: shared tables that refer to these are emptied, too.
    """
    keys = _keys(connection)
    emptied = set(tables)
    if cascade:
        emptied = _closed(emptied, {(k.parent, k.child) for k in keys if not k.of_template})
    if not emptied:
        return []
    roots = [key for key in keys if key.of_template]
    kept = _closed({key.parent for key in roots}, {(k.child, k.parent) for k in keys})
    further = [key for key in keys if not key.of_template and key.child in kept]
    *others, last = [
        f"DELETE FROM {table}" + (_UNLESS_KEPT if table in kept else "")  # noqa: S608
        for table in sorted(emptied)
    ]
    parts = [f"deleted_{n} AS ({statement})" for n, statement in enumerate(others)]
    if roots:
        parts.insert(0, _kept(roots, further))
    return [f"WITH RECURSIVE {', '.join(parts)} {last};" if parts else f"{last};"]


def restart(connection: DatabaseWrapper, tables: Iterable[str]) -> list[str]:
    """Return the statements that have the sequences of these tables begin after the last row."""
    with connection.cursor() as cursor:
        cursor.execute(_SEQUENCES, [list(tables)])
        return [statement for (statement,) in cursor.fetchall()]


_UNLESS_KEPT = (
    " AS t WHERE NOT EXISTS (SELECT FROM kept AS k WHERE k.tab = t.tableoid AND k.place = t.ctid)"
)


def _kept(roots: list[Key], further: list[Key]) -> str:
    """Return the query for the rows that the template's rows lead to."""
    query = " UNION ALL ".join(key.rows for key in roots)
    if further:
        steps = " UNION ALL ".join(
            f"{key.rows} WHERE c.tableoid = k.tab AND c.ctid = k.place" for key in further
        )
        query = f"({query}) UNION SELECT n.* FROM kept AS k CROSS JOIN LATERAL ({steps}) AS n"  # noqa: S608
    return f"kept (tab, place) AS ({query})"


def _keys(connection: Any) -> list[Key]:
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
        return [Key(*row) for row in cursor.fetchall()]


def _closed(tables: set[str], ways: set[tuple[str, str]]) -> set[str]:
    """Return these tables and all that the ways lead to from them."""
    found = set(tables)
    while more := {end for start, end in ways if start in found} - found:
        found |= more
    return found
