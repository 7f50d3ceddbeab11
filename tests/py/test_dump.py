"""A dump brings everything back: tenants, registry and journal, and mirroring goes on."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from conftest import autocommit, fresh_database
from queries import column, problems, rows, run, tables_with, tenants

from boardinghouse_ext.server import PrivateServer

ODD = 'Bolt & "Söhne".100%'

SETUP = """
    CREATE TABLE public.person (id int PRIMARY KEY, name text);
    INSERT INTO public.person VALUES (1, 'Ann'), (2, 'Bob');

    CREATE TYPE __template__.state AS ENUM ('new', 'done');
    CREATE TYPE __template__.size AS (width int, height int);
    CREATE DOMAIN __template__.slug AS text CHECK (VALUE ~ '^[a-z]+$');
    CREATE FUNCTION __template__.double(i int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT i * 2';
    CREATE TABLE __template__.page (
        id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        slug __template__.slug UNIQUE,
        kind varchar(10) NOT NULL DEFAULT 'plain' CHECK (kind IN ('plain', 'rich')),
        state __template__.state DEFAULT 'new',
        size __template__.size,
        parent int REFERENCES __template__.page DEFERRABLE INITIALLY DEFERRED,
        author int REFERENCES public.person ON DELETE SET NULL,
        twice int GENERATED ALWAYS AS (__template__.double(id)) STORED
    );
    CREATE TABLE __template__.note (id serial PRIMARY KEY, page int REFERENCES __template__.page,
                                    kind varchar(10), CONSTRAINT odd CHECK (kind IN ('a', 'b')));
    CREATE INDEX note_kind ON __template__.note (upper(kind)) WHERE kind IN ('a', 'b');
    CREATE VIEW __template__.titled AS SELECT * FROM __template__.page WHERE kind IN ('rich');
    CREATE MATERIALIZED VIEW __template__.kinds AS
        SELECT kind, count(*) FROM __template__.page GROUP BY kind;
    CREATE FUNCTION __template__.touch() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN NEW.kind := coalesce(NEW.kind, ''a''); RETURN NEW; END';
    CREATE TRIGGER touch BEFORE INSERT ON __template__.note
        FOR EACH ROW EXECUTE FUNCTION __template__.touch();
    ALTER TABLE __template__.note ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON __template__.note USING (kind IN ('a'));
    GRANT SELECT ON __template__.note TO PUBLIC;
    COMMENT ON TABLE __template__.note IS 'A note.';
    INSERT INTO __template__.page (slug, size) VALUES ('home', '(1,2)');
    REFRESH MATERIALIZED VIEW __template__.kinds;
"""

AFTERWARDS = """
    ALTER TABLE __template__.note ADD COLUMN text text DEFAULT 'none';
    ALTER TABLE __template__.page RENAME COLUMN twice TO doubled;
    ALTER TYPE __template__.state ADD VALUE 'gone';
"""


def furnish(connection: Any) -> None:
    """Give a database a template with much in it, and two tenants with rows."""
    run(connection, SETUP)
    for name in ("acme", ODD):
        with connection.cursor() as cursor:
            cursor.execute("SELECT boardinghouse.create_schema(%s, 'To ' || %s)", [name, name])
            cursor.execute("SELECT boardinghouse.activate_schema(%s)", [name])
            cursor.execute("INSERT INTO page (slug, kind, author) VALUES ('more', 'rich', 1)")
            cursor.execute("INSERT INTO note (page) VALUES (1), (2)")
            cursor.execute("REFRESH MATERIALIZED VIEW kinds; RESET search_path")
    for statement in AFTERWARDS.split(";\n")[:-1]:
        run(connection, statement)
    run(connection, "CREATE TABLE acme.own (id int REFERENCES acme.page)")
    run(connection, "UPDATE boardinghouse.schema SET is_active = false WHERE schema <> 'acme'")
    assert problems(connection) == []


def contents(connection: Any) -> dict[str, list[Any]]:
    """All that has to be the same in a database that was restored."""
    queries = {
        table: f"SELECT * FROM boardinghouse.{table} ORDER BY 1"
        for table in ("schema", "change", "progress")
    }
    for schema in ("__template__", "acme", ODD):
        quoted = '"' + schema.replace('"', '""') + '"'
        for table in ("page", "note", "kinds"):
            queries[f"{schema} {table}"] = f"SELECT t::text FROM {quoted}.{table} AS t ORDER BY 1"
        for sequence in ("page_id_seq", "note_id_seq"):
            queries[f"{schema} {sequence}"] = (
                f"SELECT last_value, is_called FROM {quoted}.{sequence}"
            )
    return {name: rows(connection, query) for name, query in queries.items()}


def program(server: PrivateServer, *command: str, user: str = "postgres", sql: str = "") -> str:
    """What a program of PostgreSQL's prints; fails where it complains of anything."""
    done = subprocess.run(
        [str(server.bindir / command[0]), *command[1:]],
        check=False,
        capture_output=True,
        text=True,
        input=sql,
        env={**server.environment, "PGUSER": user, "LC_MESSAGES": "C"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def psql(server: PrivateServer, name: str, sql: str) -> str:
    return program(server, "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", name, sql=sql)


def assert_goes_on(restored: Any) -> None:
    """Mirroring goes on in a restored database, and everything is as it should be."""
    for change in (
        "ALTER TABLE __template__.note ADD COLUMN early int",
        "CREATE TABLE __template__.early (id int)",
        "DROP VIEW __template__.titled",
        "ALTER TABLE __template__.page DROP CONSTRAINT page_kind_check",
    ):
        with pytest.raises(psycopg2.Error, match="there is no snapshot of the template") as error:
            run(restored, change)
        assert error.value.pgcode == "55000"
        assert "boardinghouse.enable()" in error.value.diag.message_hint
    with pytest.raises(psycopg2.Error, match="the template cannot be dropped"):
        run(restored, "DROP SCHEMA __template__ CASCADE")
    run(restored, "REFRESH MATERIALIZED VIEW __template__.kinds")
    restored.notices.clear()
    run(restored, "SELECT boardinghouse.enable()")
    assert restored.notices == []
    assert problems(restored) == []
    run(restored, "ALTER TABLE __template__.note ADD COLUMN late int NOT NULL DEFAULT 3")
    run(restored, "CREATE INDEX CONCURRENTLY late_idx ON __template__.note (late)")
    run(restored, "ALTER TABLE __template__.page DROP CONSTRAINT page_kind_check")
    assert tables_with(restored, "late") == sorted([ODD, "__template__", "acme"])
    assert tables_with(restored, "late_idx") == sorted([ODD, "__template__", "acme"])
    run(restored, "SELECT boardinghouse.create_schema('fresh')")
    assert column(restored, "SELECT id FROM fresh.page") == [1]
    assert problems(restored) == []
    last = rows(restored, "SELECT command, author FROM boardinghouse.change ORDER BY id DESC")[0]
    assert last == ("ALTER TABLE", "postgres")


@pytest.fixture
def furnished(database: Any) -> Any:
    furnish(database)
    return database


@pytest.fixture
def empty(server: PrivateServer) -> Iterator[Any]:
    """A connection to a database with nothing in it."""
    with (
        fresh_database(server, "template0") as name,
        closing(autocommit(server, dbname=name)) as connection,
    ):
        yield connection


def test_pg_dump_into_psql(server: PrivateServer, furnished: Any, empty: Any) -> None:
    dump = program(server, "pg_dump", furnished.info.dbname)
    psql(server, empty.info.dbname, dump)
    assert contents(empty) == contents(furnished)
    assert_goes_on(empty)


def test_pg_restore_in_parallel(
    server: PrivateServer, furnished: Any, empty: Any, tmp_path: Path
) -> None:
    file = str(tmp_path / "dump")
    program(server, "pg_dump", "-Fc", "-f", file, furnished.info.dbname)
    program(server, "pg_restore", "-j2", "-d", empty.info.dbname, file)
    assert contents(empty) == contents(furnished)
    assert rows(empty, "SELECT schema FROM boardinghouse.progress ORDER BY 1") == [
        (name,) for name in sorted(["acme", ODD])
    ]
    assert_goes_on(empty)


def test_a_restored_database_is_dumped_as_it_was(
    server: PrivateServer, furnished: Any, empty: Any
) -> None:
    def dump(connection: Any) -> list[str]:
        text = program(server, "pg_dump", connection.info.dbname)
        # PostgreSQL writes a varchar IN list differently once it has read what it wrote.
        lines = [line for line in text.splitlines() if "character varying" not in line]
        return [line for line in lines if not line.startswith("\\")]

    first = dump(furnished)
    psql(server, empty.info.dbname, program(server, "pg_dump", furnished.info.dbname))
    run(empty, "SELECT boardinghouse.enable()")
    assert dump(empty) == first


@pytest.mark.parametrize("custom", [False, True], ids=["psql", "pg_restore"])
def test_clean_replaces_what_is_there(
    server: PrivateServer, furnished: Any, tmp_path: Path, custom: bool
) -> None:
    name = furnished.info.dbname
    before = contents(furnished)
    clean = ["--clean", "--if-exists"]
    file = str(tmp_path / "dump")
    if custom:
        program(server, "pg_dump", "-Fc", "-f", file, name)
    else:
        program(server, "pg_dump", *clean, "-f", file, name)
    run(furnished, "ALTER TABLE __template__.note ADD COLUMN later int")
    run(furnished, "INSERT INTO acme.note (page) VALUES (1)")
    if custom:
        program(server, "pg_restore", *clean, "-d", name, file)
    else:
        psql(server, name, Path(file).read_text())
    assert contents(furnished) == before
    assert_goes_on(furnished)


def test_clean_into_an_empty_database(server: PrivateServer, furnished: Any, empty: Any) -> None:
    dump = program(server, "pg_dump", "--clean", "--if-exists", furnished.info.dbname)
    program(
        server, "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", "SET client_min_messages = warning",
        "-d", empty.info.dbname, "-f", "-", sql=dump,
    )  # fmt: skip
    assert contents(empty) == contents(furnished)
    assert_goes_on(empty)


def test_the_structure_alone(server: PrivateServer, furnished: Any, empty: Any) -> None:
    psql(server, empty.info.dbname, program(server, "pg_dump", "-s", furnished.info.dbname))
    assert tenants(empty) == []
    run(empty, "SELECT boardinghouse.enable()")
    assert problems(empty) == []
    for name in ("acme", ODD):
        rows(empty, "SELECT boardinghouse.register_schema(%s)", [name])
    run(empty, "ALTER TABLE __template__.note ADD COLUMN late int")
    assert tables_with(empty, "late") == sorted([ODD, "__template__", "acme"])
    assert problems(empty) == []


def test_the_owner_dumps(server: PrivateServer, database: Any, connect: Any, empty: Any) -> None:
    name = database.info.dbname
    run(database, "CREATE ROLE dump_owner LOGIN")
    run(database, f"GRANT CREATE ON DATABASE {name} TO dump_owner")
    run(database, "ALTER SCHEMA __template__ OWNER TO dump_owner")
    owner = connect("dump_owner")
    run(owner, "CREATE TABLE __template__.page (id serial PRIMARY KEY)")
    run(owner, "SELECT boardinghouse.create_schema('acme')")
    run(owner, "ALTER TABLE __template__.page ADD COLUMN title text")
    psql(server, empty.info.dbname, program(server, "pg_dump", name, user="dump_owner"))
    for table in ("schema", "change", "progress"):
        query = f"SELECT * FROM boardinghouse.{table}"
        assert rows(empty, query) == rows(database, query)
    run(empty, "SELECT boardinghouse.enable()")
    assert problems(empty) == []
    with closing(autocommit(server, user="dump_owner", dbname=empty.info.dbname)) as owner:
        run(owner, "ALTER TABLE __template__.page ADD COLUMN more text")
        run(owner, "UPDATE boardinghouse.schema SET name = 'Acme'")
    assert tables_with(empty, "more") == ["__template__", "acme"]
    assert problems(empty) == []


def test_without_the_extension_the_tenants_stay(furnished: Any) -> None:
    before = rows(furnished, "SELECT * FROM acme.note")
    with pytest.raises(psycopg2.Error) as error:
        run(furnished, "DROP EXTENSION boardinghouse")
    assert error.value.pgcode == "2BP01"
    run(furnished, "DROP EXTENSION boardinghouse CASCADE")
    run(furnished, "ALTER TABLE __template__.note ADD COLUMN late int")
    assert tables_with(furnished, "late") == ["__template__"]
    assert rows(furnished, "SELECT * FROM acme.note") == before
