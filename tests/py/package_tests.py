"""Real input that nobody here wrote: every migration of a package, with tenants in place.

The judge is a plain Django: the same migrations run into an empty database by
django.db.backends.postgresql. Its structure is read with pg_dump, so that nothing of
this project decides whether this project is right.

A test module imports all of this and says which package it is about, in `PACKAGE`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2 import sql


@dataclass(frozen=True)
class Package:
    """A package, the commands that make its rows, and how much is to be seen at least."""

    name: str
    migrations: tuple[tuple[str, ...], ...] = (("migrate", "--verbosity", "0"),)
    shared: frozenset[str] = frozenset()
    """Its tables that hold nothing but keys to shared ones."""
    statements: int = 200
    tables: int = 30
    sequences: int = 20
    rows: int = 20


Rows = list[dict[str, Any]]

HERE = Path(__file__).parent
EARLY = ["one", "the Two", "user"]  # in place while the migrations run
LATE = "four"  # made afterwards
TENANTS = [*EARLY, LATE]

# Shared rows are numbered by the order in which they came: they are known by these names.
NATURAL_KEYS = {
    "django_content_type": "SELECT id, app_label || '.' || model FROM django_content_type",
    "auth_permission": """
        SELECT p.id, c.app_label || '.' || c.model || '.' || p.codename
          FROM auth_permission AS p JOIN django_content_type AS c ON c.id = p.content_type_id""",
    "auth_group": "SELECT id, name FROM auth_group",
    "auth_user": "SELECT id, username FROM auth_user",
    "django_site": "SELECT id, domain FROM django_site",
}


JOINS = {
    "auth_group_permissions": """
        SELECT j.id, g.name || ' ' || p.codename
          FROM auth_group_permissions AS j
          JOIN auth_group AS g ON g.id = j.group_id
          JOIN auth_permission AS p ON p.id = j.permission_id""",
    "auth_user_user_permissions": """
        SELECT j.id, u.username || ' ' || p.codename
          FROM auth_user_user_permissions AS j
          JOIN auth_user AS u ON u.id = j.user_id
          JOIN auth_permission AS p ON p.id = j.permission_id""",
}


def quote(name: str) -> str:
    """Return a name as an identifier that is quoted whether or not it must be."""
    return '"' + name.replace('"', '""') + '"'


class Database:
    """A database that Wagtail is migrated into, and what can be read from it."""

    def __init__(self, server: Any, package: Package, name: str, engine: str) -> None:
        name = f"{package.name}_{name}"
        self.bindir = server.bindir
        self.dsn = server.dsn(dbname=name)
        self.environment = {
            **server.environment,
            "PGDATABASE": name,
            "DJANGO_SETTINGS_MODULE": "package_settings",
            "BOARDINGHOUSE_TEST_PACKAGE": package.name,
            "BOARDINGHOUSE_TEST_ENGINE": engine,
            "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])]),
        }
        self.program("createdb", name)

    def program(self, name: str, *arguments: str, feed: str = "") -> str:
        """Run one of PostgreSQL's programs, and return its output."""
        return subprocess.run(
            [str(self.bindir / name), *arguments],
            env=self.environment,
            input=feed,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def django(self, *arguments: str) -> str:
        """Run a command of Django's in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "django", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, (
            f"django {' '.join(arguments)}\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
        )
        return done.stdout

    def query(self, statement: Any, path: str = "public") -> list[tuple[Any, ...]]:
        """Return the rows of a query under a search_path of one schema."""
        with closing(psycopg2.connect(**self.dsn)) as connection:
            cursor = connection.cursor()
            cursor.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(path)))
            cursor.execute(statement)
            return cursor.fetchall()

    def tables(self, schema: str) -> set[str]:
        """Return the names of a schema's tables, but for the registry's."""
        rows = self.query(
            sql.SQL(
                "SELECT c.relname FROM pg_class AS c WHERE c.relkind IN ('r', 'p')"
                " AND c.relnamespace = {}::regnamespace AND c.relname NOT LIKE 'boardinghouse%%'"
            ).format(sql.Literal(quote(schema)))
        )
        return {name for (name,) in rows}

    def structure(self, schema: str, without: set[str]) -> Counter[str]:
        """Return what pg_dump says a schema is made of: statements, their schema left out."""
        quoted = quote(schema)
        dumped = self.program(
            "pg_dump",
            "--schema-only",
            f"--schema={quoted}",
            *(f"--exclude-table={quoted}.{table}" for table in sorted(without)),
        )
        plain_or_quoted = f"(?:{re.escape(schema)}|{re.escape(quoted)}|public)"
        bare = re.sub(rf'(?<![\w"]){plain_or_quoted}\.', "", dumped)
        lines = [line for line in bare.splitlines() if not line.startswith(("--", "\\"))]
        statements = re.split(r";\n+", "\n".join(lines).strip() + "\n")
        return Counter(
            statement.strip()
            for statement in statements
            if statement.strip()
            and not statement.strip().startswith(("SET ", "SELECT pg_catalog.set_config"))
            and " SCHEMA " not in statement.split("\n")[0]
        )

    def sequences(self, schema: str, without: set[str]) -> dict[str, tuple[Any, ...]]:
        """Return where each sequence of a schema stands."""
        names = self.query(
            sql.SQL(
                "SELECT s.relname, t.relname FROM pg_class AS s"
                "  LEFT JOIN pg_depend AS d ON d.objid = s.oid AND d.deptype IN ('a', 'i')"
                "    AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass"
                "  LEFT JOIN pg_class AS t ON t.oid = d.refobjid"
                " WHERE s.relkind = 'S' AND s.relnamespace = {}::regnamespace"
            ).format(sql.Literal(quote(schema)))
        )
        return {
            name: self.query(
                sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(schema, name))
            )[0]
            for name, table in names
            if table not in without
        }

    def references(self, schema: str) -> dict[tuple[str, str], str]:
        """Return the columns of a schema that refer to a shared table, and to which."""
        rows = self.query(
            sql.SQL(
                "SELECT t.relname, a.attname, r.relname FROM pg_constraint AS k"
                "  JOIN pg_class AS t ON t.oid = k.conrelid"
                "  JOIN pg_class AS r ON r.oid = k.confrelid"
                "  JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = ALL (k.conkey)"
                " WHERE k.contype = 'f' AND k.connamespace = {}::regnamespace"
            ).format(sql.Literal(quote(schema)))
        )
        return {(table, column): to for table, column, to in rows if to in NATURAL_KEYS}

    def rows(self, schema: str, tables: set[str]) -> dict[str, Rows]:
        """Return the rows of a schema's tables, with shared rows by their natural keys."""
        names = {table: dict(self.query(keys)) for table, keys in NATURAL_KEYS.items()}
        references = self.references(schema)
        found: dict[str, Rows] = {}
        for table in sorted(tables):
            rows = self.query(
                sql.SQL("SELECT to_jsonb(t) FROM {} AS t").format(sql.Identifier(schema, table))
            )
            found[table] = [
                {
                    column: names[references[table, column]].get(value, value)
                    if (table, column) in references
                    else value
                    for column, value in row.items()
                }
                for (row,) in rows
            ]
        return found


def assert_alike(expected: Counter[str], found: Counter[str], at_least: int) -> None:
    """Say which statements are missing and which are too many."""
    assert len(expected) > at_least
    assert {"missing": list(expected - found), "too many": list(found - expected)} == {
        "missing": [],
        "too many": [],
    }


def as_set(rows: Rows, without: set[str]) -> Counter[str]:
    """Return rows as something that compares whatever their order."""
    return Counter(
        json.dumps({k: v for k, v in row.items() if k not in without}, sort_keys=True)
        for row in rows
    )


def differing_columns(one: dict[str, Rows], other: dict[str, Rows]) -> dict[str, set[str]]:
    """Return, by table, the columns in which two plain migrates differ from each other."""
    found: dict[str, set[str]] = {}
    for table, rows in one.items():
        columns = {column for row in rows for column in row}
        differing = {
            column
            for column in columns
            if as_set(rows, columns - {column}) != as_set(other[table], columns - {column})
        }
        assert as_set(rows, differing) == as_set(other[table], differing), table
        if differing:
            found[table] = differing
    return found


@pytest.fixture(scope="module")
def package(request: pytest.FixtureRequest) -> Package:
    found: Package = request.module.PACKAGE
    return found


@pytest.fixture(scope="module")
def plains(server: Any, package: Package) -> list[Database]:
    """Two databases that a plain Django migrated."""
    databases = [
        Database(server, package, f"plain_{number}", "django.db.backends.postgresql")
        for number in (1, 2)
    ]
    for database in databases:
        for command in package.migrations:
            database.django(*command)
    return databases


@pytest.fixture(scope="module")
def plain(plains: list[Database]) -> Database:
    return plains[0]


@pytest.fixture(scope="module")
def restored(server: Any, package: Package, plain: Database) -> Database:
    """A plain database after a dump and a restore.

    PostgreSQL writes `x = ANY (ARRAY[...]::text[])` in a condition differently once it has read
    what it wrote itself. The template is what Django wrote; tenants, as after a restore, are what
    PostgreSQL wrote of it.
    """
    database = Database(server, package, "restored", "")
    dump = plain.program("pg_dump", "--schema-only")
    database.program("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", feed=dump)
    return database


@pytest.fixture(scope="module")
def fleet(server: Any, package: Package) -> Database:
    """A database whose tenants were there before the package's tables, and one that came after."""
    database = Database(server, package, "fleet", "django_boardinghouse.backends.postgres")
    database.django("migrate", "boardinghouse", "--verbosity", "0")
    make = "from django_boardinghouse.models import Schema; Schema.objects.create(schema={!r})"
    for schema in EARLY:
        database.django("shell", "--verbosity", "0", "-c", make.format(schema))
    for command in package.migrations:
        database.django(*command)
    database.django("shell", "--verbosity", "0", "-c", make.format(LATE))
    return database


@pytest.fixture(scope="module")
def tenant_tables(fleet: Database) -> set[str]:
    return fleet.tables("__template__")


@pytest.fixture(scope="module")
def plain_rows(plain: Database, tenant_tables: set[str]) -> dict[str, Rows]:
    return plain.rows("public", tenant_tables)


@pytest.fixture(scope="module")
def differing(
    plains: list[Database], plain_rows: dict[str, Rows], tenant_tables: set[str]
) -> dict[str, set[str]]:
    """By table, the columns that are to be left out: two plain migrates differ there."""
    return differing_columns(plain_rows, plains[1].rows("public", tenant_tables))


@pytest.fixture(scope="module")
def shared_tables(fleet: Database) -> set[str]:
    return fleet.tables("public")


def test_every_table_is_in_the_template_or_shared(
    package: Package, plain: Database, tenant_tables: set[str], shared_tables: set[str]
) -> None:
    assert not tenant_tables & shared_tables
    assert tenant_tables | shared_tables == plain.tables("public")
    assert (
        set(NATURAL_KEYS)
        | {
            "django_migrations",
            "django_session",
            "django_admin_log",
            "auth_group_permissions",
            "auth_user_groups",
            "auth_user_user_permissions",
        }
        | package.shared
        == shared_tables
    )
    assert len(tenant_tables) > package.tables


def test_verify_has_nothing_to_say(fleet: Database) -> None:
    assert fleet.query("SELECT * FROM boardinghouse.verify()") == []


def test_a_second_migrate_has_nothing_to_do(fleet: Database) -> None:
    assert "No migrations to apply" in fleet.django("migrate")


def test_the_template_is_what_a_plain_migrate_makes(
    package: Package, plain: Database, fleet: Database, shared_tables: set[str]
) -> None:
    assert_alike(
        plain.structure("public", shared_tables),
        fleet.structure("__template__", set()),
        package.statements,
    )


@pytest.mark.parametrize("schema", TENANTS)
def test_the_structure_is_that_of_a_plain_migrate(
    schema: str, package: Package, restored: Database, fleet: Database, shared_tables: set[str]
) -> None:
    assert_alike(
        restored.structure("public", shared_tables),
        fleet.structure(schema, set()),
        package.statements,
    )


@pytest.mark.parametrize("schema", TENANTS)
def test_the_sequences_stand_where_a_plain_migrate_left_them(
    schema: str, package: Package, plain: Database, fleet: Database, shared_tables: set[str]
) -> None:
    expected = plain.sequences("public", shared_tables)
    assert len(expected) > package.sequences
    assert fleet.sequences(schema, set()) == expected


def test_what_differs_between_two_plain_migrates_is_little(
    differing: dict[str, set[str]],
) -> None:
    assert sum(map(len, differing.values())) < 12, differing


@pytest.mark.parametrize("schema", TENANTS)
def test_the_rows_are_those_of_a_plain_migrate(
    schema: str,
    package: Package,
    plain_rows: dict[str, Rows],
    fleet: Database,
    tenant_tables: set[str],
    differing: dict[str, set[str]],
) -> None:
    rows = fleet.rows(schema, tenant_tables)
    expected = {name: as_set(plain_rows[name], differing.get(name, set())) for name in rows}
    found = {name: as_set(rows[name], differing.get(name, set())) for name in rows}
    wrong = {name for name in rows if expected[name] != found[name]}
    assert {
        name: {"missing": expected[name] - found[name], "too many": found[name] - expected[name]}
        for name in wrong
    } == {}
    assert sum(map(len, rows.values())) >= package.rows


def test_shared_rows_are_written_once(plain: Database, fleet: Database) -> None:
    for table, keys in (NATURAL_KEYS | JOINS).items():
        expected = Counter(name for _, name in plain.query(keys))
        found = Counter(
            name for _, name in fleet.query(keys) if not name.startswith("boardinghouse.")
        )
        assert found == expected, table
