"""Changes of the template as clients make them, where one transaction of pgTAP cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import psycopg2
import pytest
from psycopg2.errors import (
    CheckViolation,
    FeatureNotSupported,
    NotNullViolation,
    UniqueViolation,
)
from queries import column, problems, rows, run, tables_with

from boardinghouse_ext.server import PrivateServer

TENANTS = ["acme", "bolt", "cafe"]
ALL = ["__template__", *TENANTS]


@pytest.fixture
def site(database: Any) -> Any:
    """A database with three tenants that have rows of their own."""
    run(
        database,
        """CREATE TABLE __template__.page (id serial PRIMARY KEY, title text, made text);
           SELECT boardinghouse.create_schema(s) FROM unnest('{acme,bolt,cafe}'::text[]) AS s;
           SELECT boardinghouse.for_each_schema(
               $$INSERT INTO page (title, made) VALUES ('one', '1999-02-01'), ('two', NULL)$$)""",
    )
    return database


def state(connection: Any) -> Any:
    """Template, snapshot, journal and tenants: what must be as before after a failure."""
    return [
        sorted(column(connection, "SELECT t::text FROM boardinghouse.snapshot AS t")),
        rows(connection, "SELECT max(id) FROM boardinghouse.change"),
        rows(connection, "SELECT t::text FROM boardinghouse.progress AS t ORDER BY 1"),
        [rows(connection, "SELECT * FROM boardinghouse.describe(%s)", [name]) for name in ALL],
        [rows(connection, f"SELECT * FROM {name}.page ORDER BY 1") for name in ALL],
        problems(connection),
    ]


def indexes(connection: Any, name: str) -> list[Any]:
    """Where an index of this name is, and whether it is valid."""
    return rows(
        connection,
        """SELECT c.relnamespace::regnamespace::text, i.indisvalid
             FROM pg_class AS c JOIN pg_index AS i ON i.indexrelid = c.oid
            WHERE c.relname = %s ORDER BY 1""",
        [name],
    )


def psycopg3(server: PrivateServer, connection: Any) -> psycopg.Connection[Any]:
    return psycopg.connect(**server.dsn(dbname=connection.info.dbname), autocommit=True)


# What is undone, and what fails


def test_savepoints_rolled_back_take_the_tenants_along(site: Any) -> None:
    run(
        site,
        """BEGIN;
           ALTER TABLE __template__.page ADD COLUMN kept int;
           SAVEPOINT one;
           ALTER TABLE __template__.page DROP COLUMN title;
           ALTER TABLE __template__.page RENAME COLUMN kept TO lost;
           SAVEPOINT two;
           CREATE TABLE __template__.lost (id int);
           RELEASE SAVEPOINT two;
           ROLLBACK TO one;
           CREATE INDEX page_kept ON __template__.page (kept);
           SELECT boardinghouse.create_schema('dean');
           ROLLBACK TO one;
           ALTER TABLE __template__.page ADD COLUMN also int;
           COMMIT""",
    )
    assert tables_with(site, "kept") == tables_with(site, "title") == tables_with(site, "also")
    assert tables_with(site, "also") == ALL
    assert tables_with(site, "lost") == tables_with(site, "page_kept") == []
    assert problems(site) == []
    journal = rows(site, "SELECT statements::text FROM boardinghouse.change ORDER BY id DESC")
    assert ["kept" in journal[1][0], "also" in journal[0][0]] == [True, True]


def test_a_handled_error_undoes_one_change_alone(site: Any) -> None:
    run(
        site,
        """DO $$
           BEGIN
               ALTER TABLE __template__.page ADD COLUMN kept int;
               BEGIN
                   ALTER TABLE __template__.page ADD COLUMN lost int;
                   ALTER TABLE __template__.page ADD CHECK (title = 'one');
               EXCEPTION WHEN check_violation THEN NULL;
               END;
           END $$""",
    )
    assert tables_with(site, "kept") == ALL
    assert tables_with(site, "lost") == []
    assert problems(site) == []


@pytest.mark.parametrize(
    ("offence", "change", "error_class"),
    [
        (
            "UPDATE cafe.page SET title = NULL WHERE id = 2",
            "ALTER TABLE __template__.page ALTER title SET NOT NULL",
            NotNullViolation,
        ),
        (
            "UPDATE cafe.page SET title = 'one'",
            "CREATE UNIQUE INDEX page_title ON __template__.page (title)",
            UniqueViolation,
        ),
        (
            "UPDATE cafe.page SET title = 'three' WHERE id = 2",
            "ALTER TABLE __template__.page ADD CHECK (title IN ('one', 'two'))",
            CheckViolation,
        ),
        (
            "UPDATE cafe.page SET title = 'x' WHERE id = 2",
            "ALTER TABLE __template__.page ALTER title TYPE int USING 1 / (length(title) - 1)",
            psycopg2.errors.DivisionByZero,
        ),
        (
            "CREATE VIEW cafe.own AS SELECT title FROM cafe.page",
            "ALTER TABLE __template__.page DROP COLUMN title CASCADE",
            psycopg2.errors.DependentObjectsStillExist,
        ),
    ],
)
def test_what_fails_in_the_last_tenant_leaves_all_as_they_were(
    site: Any, offence: str, change: str, error_class: type[psycopg2.Error]
) -> None:
    run(site, "UPDATE bolt.page SET made = 'bolt'")
    run(site, offence)
    before = state(site)
    run(site, "BEGIN; ALTER TABLE __template__.page ADD COLUMN early int")
    with pytest.raises(error_class, match='schema "cafe": ') as error:
        run(site, change)
    assert "Statement: " in error.value.diag.message_detail
    run(site, "ROLLBACK")
    assert state(site) == before
    with pytest.raises(error_class):
        run(site, change)
    assert state(site) == before


# Indexes made and dropped without a lock


def test_indexes_are_made_and_dropped_concurrently(site: Any) -> None:
    run(site, "CREATE INDEX CONCURRENTLY page_title ON __template__.page (title)")
    run(site, "CREATE UNIQUE INDEX CONCURRENTLY page_id ON __template__.page (id) WHERE id > 0")
    for name in ("page_title", "page_id"):
        assert indexes(site, name) == [(schema, True) for schema in ALL]
    assert problems(site) == []
    run(site, "DROP INDEX CONCURRENTLY __template__.page_title")
    run(site, "REINDEX INDEX CONCURRENTLY __template__.page_id")
    assert problems(site) == []
    run(site, "DROP INDEX __template__.page_id")
    assert indexes(site, "page_title") == indexes(site, "page_id") == []
    assert problems(site) == []


def test_an_index_rebuilt_concurrently_is_followed(site: Any) -> None:
    run(
        site,
        """CREATE INDEX page_title ON __template__.page (title);
           ALTER TABLE __template__.page ADD CONSTRAINT once UNIQUE (id, title)""",
    )
    run(site, "REINDEX TABLE CONCURRENTLY __template__.page")
    run(site, "ALTER INDEX __template__.page_title RENAME TO page_name")
    assert [name for name, _ in indexes(site, "page_name")] == ALL
    run(site, "REINDEX INDEX CONCURRENTLY __template__.page_name")
    run(site, "REINDEX INDEX CONCURRENTLY acme.page_name")
    run(site, "ALTER TABLE __template__.page RENAME CONSTRAINT once TO unique_once")
    run(site, "REINDEX INDEX CONCURRENTLY __template__.unique_once")
    run(site, "ALTER TABLE __template__.page DROP CONSTRAINT unique_once")
    run(site, "DROP INDEX CONCURRENTLY __template__.page_name")
    assert indexes(site, "page_name") == indexes(site, "unique_once") == []
    assert problems(site) == []


def test_an_index_that_fails_in_the_template_is_told_and_picked_up(site: Any) -> None:
    run(site, "INSERT INTO __template__.page (title) VALUES ('same'), ('same')")
    with pytest.raises(UniqueViolation):
        run(site, "CREATE UNIQUE INDEX CONCURRENTLY page_title ON __template__.page (title)")
    assert indexes(site, "page_title") == [("__template__", False)]
    assert [found[:4] for found in problems(site)] == [
        ("__template__", "index is invalid", "index", "page_title")
    ]
    run(site, "ALTER TABLE __template__.page ADD COLUMN note text")
    assert indexes(site, "page_title") == [("__template__", False)]
    run(site, "DELETE FROM __template__.page; REINDEX INDEX __template__.page_title")
    run(site, "ALTER TABLE __template__.page ADD COLUMN more text")
    assert indexes(site, "page_title") == [(schema, True) for schema in ALL]
    assert problems(site) == []


def test_an_index_that_fails_in_a_tenant_does_not_end_half_made(site: Any) -> None:
    run(site, "UPDATE bolt.page SET title = 'same'")
    try:
        run(site, "CREATE UNIQUE INDEX CONCURRENTLY page_title ON __template__.page (title)")
    except UniqueViolation as error:
        assert 'schema "bolt"' in str(error)  # noqa: PT017
    told = {found[0] for found in problems(site)}
    assert told, "the template has an index that bolt cannot have, and nobody says so"
    run(site, "DROP INDEX IF EXISTS __template__.page_title")
    assert indexes(site, "page_title") == []
    assert problems(site) == []


# What rewrites a table, or empties it


def test_what_rewrites_or_empties_the_template_alone_stays_there(site: Any) -> None:
    run(site, "CREATE INDEX page_title ON __template__.page (title)")
    run(site, "INSERT INTO __template__.page (title) VALUES ('gone')")
    before = rows(site, "SELECT max(id) FROM boardinghouse.change")
    for statement in (
        "VACUUM FULL __template__.page",
        "VACUUM ANALYZE __template__.page",
        "REINDEX TABLE __template__.page",
        "TRUNCATE __template__.page RESTART IDENTITY",
        "SELECT setval('__template__.page_id_seq', 100)",
    ):
        run(site, statement)
        assert problems(site) == []
    assert rows(site, "SELECT max(id) FROM boardinghouse.change") == before
    assert column(site, "SELECT count(*) FROM acme.page") == [2]
    run(site, "CLUSTER __template__.page USING page_title")
    run(site, "ALTER TABLE __template__.page ALTER title TYPE varchar(80) USING lower(title)")
    run(site, "VACUUM FULL __template__.page")
    run(site, "ALTER TABLE __template__.page ADD COLUMN note text DEFAULT 'x'")
    assert column(site, "SELECT note FROM acme.page") == ["x", "x"]
    assert problems(site) == []


# Mirroring off


def off_by_disable(connection: Any) -> None:
    run(connection, "SELECT boardinghouse.disable()")


def off_by_replica(connection: Any) -> None:
    run(connection, "SET session_replication_role = replica")


def off_by_setting(connection: Any) -> None:
    if connection.info.server_version < 170000:
        pytest.skip("event_triggers came with PostgreSQL 17")
    run(connection, "SET event_triggers = off")


def off_by_alter(connection: Any) -> None:
    run(connection, "ALTER EVENT TRIGGER boardinghouse_ddl DISABLE")
    run(connection, "ALTER EVENT TRIGGER boardinghouse_drop DISABLE")


@pytest.mark.parametrize("off", [off_by_disable, off_by_replica, off_by_setting, off_by_alter])
def test_what_was_missed_is_told_by_verify_and_mirrored_by_enable(
    site: Any, off: Callable[[Any], None]
) -> None:
    off(site)
    run(
        site,
        """ALTER TABLE __template__.page RENAME COLUMN title TO heading;
           ALTER TABLE __template__.page ADD COLUMN note text NOT NULL DEFAULT 'x';
           CREATE TABLE __template__.more (id int);
           ALTER TABLE __template__.more RENAME TO leaf;
           ALTER TABLE __template__.page RENAME TO sheet;
           ALTER TABLE __template__.leaf RENAME TO page""",
    )
    assert {found[0] for found in problems(site)} == set(ALL)
    run(site, "RESET session_replication_role; SELECT boardinghouse.enable()")
    if site.info.server_version >= 170000:
        run(site, "RESET event_triggers")
    assert rows(site, "SELECT heading, note FROM acme.sheet ORDER BY id") == [
        ("one", "x"),
        ("two", "x"),
    ]
    assert tables_with(site, "sheet") == tables_with(site, "page") == ALL
    assert problems(site) == []
    run(site, "ALTER TABLE __template__.page ADD COLUMN late int")
    assert tables_with(site, "late") == ALL


def test_status_says_that_mirroring_is_off(site: Any) -> None:
    query = "SELECT DISTINCT triggers, session_replication_role FROM boardinghouse.status()"
    assert rows(site, query) == [("on", "origin")]
    run(site, "SET session_replication_role = replica; SELECT boardinghouse.disable()")
    assert rows(site, query) == [("off", "replica")]


def test_execute_mirrors_where_event_triggers_do_not(site: Any) -> None:
    run(site, "SELECT boardinghouse.disable()")
    run(site, "SELECT boardinghouse.execute('ALTER TABLE page RENAME title TO heading')")
    run(
        site,
        "SELECT boardinghouse.execute("
        "'ALTER TABLE page ALTER made TYPE date USING to_date(made, ''YYYY-DD-MM'')')",
    )
    assert column(site, "SELECT made::text FROM acme.page ORDER BY id") == ["1999-01-02", None]
    run(site, "SELECT boardinghouse.enable()")
    assert problems(site) == []


# How a client sends it


def test_the_extended_protocol(server: PrivateServer, site: Any) -> None:
    with psycopg3(server, site) as connection:
        connection.prepare_threshold = 0
        connection.execute("ALTER TABLE __template__.page ADD COLUMN a int DEFAULT 1", prepare=True)
        connection.execute(
            "/* one */ ALTER TABLE __template__.page ALTER a TYPE text USING 'a' || a", prepare=True
        )
        with connection.pipeline():
            connection.execute("CREATE TABLE __template__.leaf (id int)")
            connection.execute("ALTER TABLE __template__.leaf ADD COLUMN note text")
            connection.execute("CREATE INDEX ON __template__.leaf (note)")
        connection.execute("SELECT boardinghouse.create_schema(%s, %s)", ["dean", "Dean & Co"])
        connection.execute("SELECT boardinghouse.activate_schema(%s)", ["acme"])
        found = connection.execute("SELECT a FROM page WHERE id = %s", [1]).fetchall()
        assert found == [("a1",)]
        with connection.transaction():
            connection.execute("ALTER TABLE __template__.leaf DROP COLUMN note")
            with connection.transaction(force_rollback=True):
                connection.execute("DROP TABLE __template__.leaf")
    assert tables_with(site, "leaf") == sorted([*ALL, "dean"])
    assert problems(site) == []


def test_a_connection_that_prepared_queries_before_the_change_goes_on(
    server: PrivateServer, site: Any
) -> None:
    with psycopg3(server, site) as connection:
        connection.execute("SELECT boardinghouse.activate_schema('bolt')")
        query = "SELECT title FROM page WHERE id = %s"
        connection.execute(query, [1], prepare=True)
        run(site, "ALTER TABLE __template__.page ADD COLUMN first int")
        run(site, "ALTER TABLE __template__.page ALTER title SET DEFAULT 'none'")
        assert connection.execute(query, [1], prepare=True).fetchall() == [("one",)]


def test_several_statements_in_one_string(site: Any) -> None:
    run(
        site,
        """ALTER TABLE __template__.page ADD COLUMN a int DEFAULT 1;
           ALTER TABLE __template__.page ALTER a TYPE text USING 'a' || a;
           ALTER TABLE __template__.page RENAME a TO b;
           ALTER TABLE __template__.page ADD COLUMN a int DEFAULT 2;
           ALTER TABLE __template__.page ALTER b TYPE varchar(10) USING b || 'b';
           ALTER TABLE __template__.page DROP COLUMN made;
           ALTER TABLE __template__.page ADD COLUMN made date DEFAULT '2001-02-03'""",
    )
    found = rows(site, "SELECT a, b, made::text FROM cafe.page")
    assert found == [(2, "a1b", "2001-02-03")] * 2
    assert problems(site) == []


@pytest.mark.parametrize(
    "statement",
    [
        "GRANT SELECT ON __template__.page TO PUBLIC",
        "REVOKE UPDATE ON __template__.page FROM PUBLIC",
        "GRANT SELECT (title), UPDATE (made) ON __template__.page TO PUBLIC",
        "DO $$BEGIN GRANT INSERT (id) ON __template__.page TO PUBLIC; END$$",
        "SELECT pg_temp.revoke_a_column()",
        "BEGIN; SAVEPOINT s; GRANT USAGE ON SEQUENCE __template__.page_id_seq TO PUBLIC;"
        " RELEASE s; COMMIT",
        "GRANT SELECT ON ALL TABLES IN SCHEMA __template__ TO PUBLIC",
        "REVOKE EXECUTE ON FUNCTION __template__.one() FROM PUBLIC",
        "REVOKE USAGE ON TYPE __template__.mood FROM PUBLIC",
        "REVOKE USAGE ON TYPE __template__.page FROM PUBLIC",
        "GRANT USAGE ON SEQUENCE __template__.numbered_id_seq TO PUBLIC",
        "GRANT USAGE ON SCHEMA __template__ TO PUBLIC",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ GRANT SELECT ON TABLES TO PUBLIC",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ REVOKE INSERT ON TABLES FROM PUBLIC",
    ],
)
def test_a_grant_is_mirrored_whatever_it_is_about(site: Any, statement: str) -> None:
    run(
        site,
        """CREATE FUNCTION __template__.one() RETURNS int LANGUAGE sql AS 'SELECT 1';
           CREATE TYPE __template__.mood AS ENUM ('sad', 'happy');
           CREATE TABLE __template__.numbered (id int GENERATED ALWAYS AS IDENTITY);
           CREATE TABLE __template__.other ();
           GRANT UPDATE, SELECT (id) ON __template__.page TO PUBLIC;
           ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ GRANT INSERT ON TABLES TO PUBLIC;
           CREATE FUNCTION pg_temp.revoke_a_column() RETURNS void LANGUAGE sql
               AS 'REVOKE SELECT (id) ON __template__.page FROM PUBLIC'""",
    )
    before = state(site)
    run(site, statement)
    assert state(site)[0] != before[0]
    assert problems(site) == []


def test_a_procedure_that_commits(site: Any) -> None:
    run(
        site,
        """CREATE PROCEDURE public.change() LANGUAGE plpgsql AS $$
           BEGIN
               FOR number IN 1..3 LOOP
                   EXECUTE format('ALTER TABLE __template__.page ADD COLUMN c%s int', number);
                   COMMIT;
               END LOOP;
               ALTER TABLE __template__.page ALTER made TYPE int USING length(made);
               COMMIT;
               DROP TABLE __template__.page;
               ROLLBACK;
               CREATE INDEX page_c1 ON __template__.page (c1);
               PERFORM boardinghouse.create_schema('dean');
           END $$""",
    )
    run(site, "CALL public.change()")
    assert rows(site, "SELECT made, c3 FROM acme.page ORDER BY id") == [(10, None), (None, None)]
    assert [name for name, _ in indexes(site, "page_c1")] == sorted([*ALL, "dean"])
    assert problems(site) == []


def test_type_changes_from_functions_and_blocks(site: Any) -> None:
    run(
        site,
        """CREATE FUNCTION public.twice(text) RETURNS text LANGUAGE sql AS 'SELECT $1 || $1';
           CREATE FUNCTION public.change(name text) RETURNS void LANGUAGE plpgsql AS $$
           BEGIN
               EXECUTE format('ALTER TABLE __template__.page'
                              ' ALTER %I TYPE varchar USING public.twice(%I)', name, name);
           END $$;
           DO $$ BEGIN PERFORM public.change('title'); END $$""",
    )
    assert column(site, "SELECT title FROM bolt.page ORDER BY id") == ["oneone", "twotwo"]
    assert problems(site) == []


# The author's settings


def test_what_is_computed_over_rows_is_computed_under_the_authors_settings(site: Any) -> None:
    run(
        site,
        """INSERT INTO __template__.page (title, made) VALUES ('one', '02/01/1999');
           UPDATE acme.page SET made = '02/01/1999' WHERE id = 1;
           SET DateStyle = 'SQL, DMY'; SET TimeZone = 'Asia/Tokyo';
           SET IntervalStyle = 'sql_standard'""",
    )
    run(
        site,
        """ALTER TABLE __template__.page ADD COLUMN at timestamptz DEFAULT '03/02/1999 10:00',
                                         ADD COLUMN day date DEFAULT '04/03/1999',
                                         ADD COLUMN span interval DEFAULT '1-2'""",
    )
    run(site, "ALTER TABLE __template__.page ALTER made TYPE date USING made::date")
    run(site, "ALTER TABLE __template__.page ADD CHECK (day >= '04/03/1999')")
    run(site, "SELECT boardinghouse.create_schema('dean')")
    run(site, "RESET DateStyle; RESET IntervalStyle; SET TimeZone = 'UTC'")
    for schema in ("__template__", "acme", "dean"):
        query = f"SELECT made::text, at::text, day::text, span::text FROM {schema}.page ORDER BY id"
        assert rows(site, query)[0] == (
            "1999-01-02",
            "1999-02-03 01:00:00+00",
            "1999-03-04",
            "1 year 2 mons",
        )
    for schema in ("acme", "dean"):
        run(site, f"INSERT INTO {schema}.page (title) VALUES ('new')")
        query = f"SELECT at::text, day::text, span::text FROM {schema}.page WHERE title = 'new'"
        assert rows(site, query) == [("1999-02-03 01:00:00+00", "1999-03-04", "1 year 2 mons")]
    assert problems(site) == []
    run(site, "SET DateStyle = 'German'; SET TimeZone = 'America/New_York'")
    assert problems(site) == []


def test_backslashes_stay_what_they_are_where_plain_strings_have_escapes(site: Any) -> None:
    run(site, "SET standard_conforming_strings = off; SET escape_string_warning = off")
    run(
        site,
        r"""ALTER TABLE __template__.page
             ADD COLUMN path text DEFAULT 'a\\b' CHECK (path ~ '^\\w')""",
    )
    run(site, "SET escape_string_warning = on")
    run(
        site,
        r"""ALTER TABLE __template__.page
             ALTER made TYPE text USING translate(made, E'-', E'\\')""",
    )
    run(site, "SET standard_conforming_strings = on")
    run(site, "SELECT boardinghouse.create_schema('dean')")
    assert problems(site) == []
    assert not [notice for notice in site.notices if "escape" in notice]
    for schema in ("acme", "dean"):
        run(site, f"INSERT INTO {schema}.page (title, made) VALUES ('new', 'x')")
        query = f"SELECT path FROM {schema}.page WHERE title = 'new'"
        assert column(site, query) == [r"a\b"]
    assert column(site, "SELECT made FROM acme.page WHERE id = 1") == [r"1999\02\01"]


def test_a_change_leaves_lastval_to_its_author(site: Any) -> None:
    run(site, "INSERT INTO acme.page (title) SELECT 'more' FROM generate_series(3, 7)")
    run(site, "ALTER TABLE __template__.page ADD COLUMN a int")
    run(site, "CREATE TABLE __template__.note (id serial)")
    assert column(site, "SELECT lastval()") == [7]
    assert column(site, "SELECT id FROM boardinghouse.change ORDER BY id DESC LIMIT 2") == [3, 2]


def test_what_reads_an_emptied_materialized_view_is_made_empty(site: Any) -> None:
    run(
        site,
        """CREATE MATERIALIZED VIEW __template__.counted AS SELECT count(*) FROM __template__.page;
           CREATE VIEW __template__.seen AS SELECT * FROM __template__.counted;
           CREATE MATERIALIZED VIEW __template__.kept AS SELECT * FROM __template__.seen;
           REFRESH MATERIALIZED VIEW __template__.counted WITH NO DATA;
           CREATE MATERIALIZED VIEW __template__.apart AS SELECT 1 AS one;
           SELECT boardinghouse.create_schema('dean')""",
    )
    filled = "SELECT matviewname FROM pg_matviews WHERE schemaname = 'dean' AND ispopulated"
    assert column(site, filled) == ["apart"]
    assert problems(site) == []


def test_an_expression_set_on_a_parent_only_is_not_that_of_its_children(site: Any) -> None:
    if site.server_version < 170000:
        pytest.skip("expressions are not changed before PostgreSQL 17")
    run(
        site,
        """CREATE TABLE __template__.whole (
               id bigint, twice bigint GENERATED ALWAYS AS (id * 2) STORED) PARTITION BY RANGE (id);
           CREATE TABLE __template__.half PARTITION OF __template__.whole
               FOR VALUES FROM (1) TO (9)""",
    )
    for only, factor, of_half in [("ONLY", 4, 2), ("", 8, 8), ("ONLY", 3, 8)]:
        run(
            site,
            f"""ALTER TABLE {only} __template__.whole
                    ALTER twice SET EXPRESSION AS (id * {factor})""",
        )
        assert problems(site) == []
        for schema in ALL:
            run(site, f"TRUNCATE {schema}.half; INSERT INTO {schema}.half VALUES (1)")
            assert column(site, f"SELECT twice FROM {schema}.half") == [of_half]


# Rows of the template


def test_rows_in_columns_of_the_templates_own_types_are_copied(site: Any) -> None:
    run(
        site,
        r"""CREATE TYPE __template__.mood AS ENUM ('sad', 'quite "happy"', 'o''k, \ {}');
            CREATE TYPE __template__.inner AS (mood __template__.mood, note text);
            CREATE TYPE __template__.outer AS (inner_one __template__.inner, at date);
            CREATE DOMAIN __template__.slug AS text CHECK (VALUE <> '');
            CREATE TABLE __template__.felt (
                id int GENERATED ALWAYS AS IDENTITY,
                mood __template__.mood,
                moods __template__.mood[],
                one __template__.outer,
                many __template__.inner[],
                slug __template__.slug,
                slugs __template__.slug[],
                "row" __template__.page,
                number int,
                twice int GENERATED ALWAYS AS (number * 2) STORED
            );
            INSERT INTO __template__.felt (mood, moods, one, many, slug, slugs, "row", number)
            VALUES
                ('quite "happy"', '{sad,NULL}',
                 ROW(ROW('o''k, \ {}', 'a "b", (c)'), '1999-01-02'),
                 ARRAY[ROW('sad', E'x\ny')::__template__.inner, NULL],
                 'x', '{a,"b c"}', ROW(1, 'a, b', NULL), 21),
                (NULL, '[2:3]={sad,sad}', ROW(NULL, NULL), '{}', NULL, NULL, NULL, NULL)""",
    )
    run(site, "SET DateStyle = 'SQL, DMY'; SELECT boardinghouse.create_schema('dean')")
    run(site, "SELECT boardinghouse.clone_schema('dean', 'copy', true)")
    template = rows(site, "SELECT f::text FROM __template__.felt AS f ORDER BY id")
    assert len(template) == 2
    for schema in ("dean", "copy"):
        assert rows(site, f"SELECT f::text FROM {schema}.felt AS f ORDER BY id") == template
        run(site, f"INSERT INTO {schema}.felt (mood) VALUES ('sad')")
        assert column(site, f"SELECT max(id) FROM {schema}.felt") == [3]
    assert problems(site) == []


# What cannot be mirrored


@pytest.mark.parametrize(
    "change",
    [
        """CREATE TABLE public.elsewhere (id int);
           CREATE TABLE __template__.heir () INHERITS (public.elsewhere)""",
        """CREATE TYPE public.elsewhere AS (id int);
           CREATE TABLE __template__.heir OF public.elsewhere""",
        "CREATE OPERATOR CLASS __template__.c DEFAULT FOR TYPE int USING spgist AS OPERATOR 3 =",
    ],
)
def test_what_is_not_known_is_refused_and_changes_nothing(site: Any, change: str) -> None:
    before = state(site)
    with pytest.raises(FeatureNotSupported):
        run(site, change)
    assert state(site) == before
    run(site, "SET session_replication_role = replica")
    run(site, change)
    run(site, "RESET session_replication_role")
    with pytest.raises(FeatureNotSupported):
        run(site, "SELECT boardinghouse.enable()")
    with pytest.raises(FeatureNotSupported):
        problems(site)


def test_one_tenant_that_cannot_be_read_does_not_hide_the_others(site: Any) -> None:
    run(
        site,
        """SET boardinghouse.allow_drift = on;
           CREATE TABLE public.elsewhere (id int);
           CREATE TABLE acme.heir () INHERITS (public.elsewhere);
           ALTER TABLE bolt.page DROP COLUMN made""",
    )
    assert {found[:2] for found in problems(site)} == {
        ("acme", "cannot be read"),
        ("bolt", "differs from the template"),
    }


def test_a_publication_of_all_tables_does_not_stop_the_template(database: Any) -> None:
    run(database, "CREATE TABLE __template__.room (id integer PRIMARY KEY)")
    run(database, "CREATE PUBLICATION everything FOR ALL TABLES")
    for tenant in ("acme", "globex"):
        run(database, f"SELECT boardinghouse.create_schema('{tenant}')")
        run(database, f"ALTER TABLE __template__.room ADD COLUMN {tenant} text")
    run(database, "SELECT boardinghouse.rename_schema('acme', 'apex')")
    run(database, "SELECT boardinghouse.drop_schema('globex')")
    run(database, "DROP TABLE __template__.room")
    assert rows(database, "SELECT * FROM boardinghouse.verify()") == []


def test_a_check_that_only_its_parent_enforces_is_not_made_an_enforced_one(database: Any) -> None:
    if database.info.server_version < 180000:
        pytest.skip("NOT ENFORCED checks came with PostgreSQL 18")
    run(database, "SELECT boardinghouse.create_schema('early')")
    run(
        database,
        """SET search_path = __template__;
           CREATE TABLE p (a integer);
           CREATE TABLE c () INHERITS (p);
           CREATE TABLE g () INHERITS (c);
           ALTER TABLE p ADD CONSTRAINT k CHECK (a > 0) NOT ENFORCED;
           ALTER TABLE c ADD CONSTRAINT k CHECK (a > 0)""",
    )
    assert rows(database, "SELECT * FROM boardinghouse.verify()") == []
    with pytest.raises(psycopg2.errors.FeatureNotSupported, match="weaker") as caught:
        run(database, "SELECT boardinghouse.create_schema('late')")
    assert "k ON g" in str(caught.value)
    run(database, "ALTER TABLE __template__.p DROP CONSTRAINT k")
    run(database, "ALTER TABLE __template__.c DROP CONSTRAINT k")
    run(database, "ALTER TABLE __template__.p ADD CONSTRAINT k CHECK (a > 0)")
    run(database, "SELECT boardinghouse.create_schema('late')")
    assert rows(database, "SELECT * FROM boardinghouse.verify()") == []
