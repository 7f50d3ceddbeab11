"""Each kind of object is cloned, each kind of change is mirrored: a case for each, by its name.

The cases are matrix/cloning.sql and matrix/mirroring.sql; what likeness.py reads says whether
schemata are alike. Elsewhere: how a change arrives, what fails in the last tenant, mirroring
switched off (test_mirror.py); names of all kinds (the tenants of tests/sql/include/oracle.sql);
leaks and captures (tests/sql/58_dependencies.sql); pg_dump (test_dump.py); roles (test_roles.py);
sessions that collide (tests/specs).
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import likeness
import psycopg2
import pytest
from conftest import TEMPLATE, autocommit, fresh_database
from psycopg2.errors import FeatureNotSupported
from queries import column, problems, rows, run, tenants

from boardinghouse_ext.server import PrivateServer

NEW = 'It\'s "new" %1$s \\ ü'
OUTSIDE = """
CREATE SCHEMA shared;
CREATE TABLE shared.country (id int PRIMARY KEY, code text);
CREATE FUNCTION shared.twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE FOREIGN DATA WRAPPER matrix_wrapper;
CREATE SERVER matrix_server FOREIGN DATA WRAPPER matrix_wrapper;
CREATE ACCESS METHOD matrix_heap TYPE TABLE HANDLER heap_tableam_handler;
"""
BASE = """
CREATE TABLE page (id serial PRIMARY KEY, title text, n int DEFAULT 1, made date);
CREATE TABLE note (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, page_id int REFERENCES page,
    body varchar(20));
"""
SKEW = """
DROP TABLE note, page;
CREATE TABLE page (
    gone int, id serial PRIMARY KEY, gap text, title text, n int DEFAULT 1, made date);
ALTER TABLE page DROP gone, DROP gap;
CREATE TABLE note (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, gone int, page_id int REFERENCES page,
    body varchar(20));
ALTER TABLE note DROP gone;
"""
ROWS = """
INSERT INTO page (title, n, made) VALUES ('one', 1, '2020-02-03'), ('two', 2, NULL);
INSERT INTO note (page_id, body) VALUES (1, 'first'), (1, 'second');
"""


class Paragraph(NamedTuple):
    """What is sent as one string; or a query, and its rows."""

    sql: str
    options: dict[str, str]
    expected: list[str] | None = None


class Case(NamedTuple):
    """A row of the matrix."""

    name: str
    options: dict[str, str]
    paragraphs: list[Paragraph]


def cases(name: str) -> list[Any]:
    """The cases in a file of the matrix, as parameters of a test."""
    found = []
    source = (Path(__file__).parent / "matrix" / name).read_text()
    for chunk in re.split(r"^-- # ", source, flags=re.MULTILINE)[1:]:
        title, _, body = chunk.partition("\n")
        paragraphs = []
        options: dict[str, str] = {}
        for text in re.split(r"\n\n+", body.strip()):
            own = dict(re.findall(r"^-- @ (no change|\w+) ?(.*)$", text, flags=re.MULTILINE))
            for whole in ("since", "needs", "committed", "ordinary", "refused"):
                if whole in own:
                    options[whole] = own.pop(whole)
            query = " ".join(re.findall(r"^-- \? (.*)$", text, flags=re.MULTILINE))
            if query:
                expected = re.findall(r"^-- = ?(.*)$", text, flags=re.MULTILINE)
                paragraphs.append(Paragraph(query, own, expected))
            else:
                paragraphs.append(Paragraph(re.sub(r"^-- .*\n", "", text), own))
        found.append(pytest.param(Case(title, options, paragraphs), id=title))
    return found


@contextmanager
def prepared(server: PrivateServer, template: str = TEMPLATE) -> Iterator[Any]:
    """A connection to a database of its own."""
    with (
        fresh_database(server, template) as name,
        closing(autocommit(server, dbname=name)) as connection,
    ):
        yield connection


def furnish(connection: Any) -> None:
    """Make what is outside of all schemata."""
    run(connection, OUTSIDE)
    likeness.install(connection)
    for extension in ("hstore", "citext"):
        query = "SELECT FROM pg_available_extensions WHERE name = %s"
        if rows(connection, query, [extension]):
            run(connection, f"CREATE EXTENSION {extension} SCHEMA shared")


@pytest.fixture(scope="module", autouse=True)
def _cluster(server: PrivateServer) -> Iterator[None]:
    """What does not belong to a database."""
    with closing(autocommit(server)) as admin:
        run(admin, "CREATE ROLE matrix_alice; CREATE ROLE matrix_bob")
        run(admin, "SET allow_in_place_tablespaces = on")
        run(admin, "CREATE TABLESPACE matrix_space LOCATION ''")
        yield
        run(admin, "DROP TABLESPACE matrix_space")
        run(admin, "DROP ROLE matrix_alice, matrix_bob")


@pytest.fixture(scope="module")
def ordinary(server: PrivateServer) -> Iterator[Any]:
    """A database to clone ordinary schemata in."""
    with prepared(server) as connection:
        furnish(connection)
        yield connection


@pytest.fixture(scope="module")
def hollow(server: PrivateServer) -> Iterator[Any]:
    """A database with an empty template and a tenant."""
    with prepared(server) as connection:
        furnish(connection)
        run(connection, "SELECT boardinghouse.create_schema('s.t', 'one')")
        yield connection


@pytest.fixture(scope="module")
def original(server: PrivateServer) -> Iterator[str]:
    """The name of a database with tables in the template, and tenants that have rows."""
    with fresh_database(server) as name:
        with closing(autocommit(server, dbname=name)) as connection:
            furnish(connection)
            run(connection, f"SET search_path = __template__; {BASE}")
            run(connection, "SELECT boardinghouse.create_schema('acme', 'A')")
            run(connection, "SELECT boardinghouse.create_schema('s.t', 'S')")
            run(connection, "SELECT boardinghouse.unregister_schema('s.t')")
            run(connection, f'SET search_path = "s.t"; {SKEW}')
            run(connection, "SELECT boardinghouse.register_schema('s.t', 'S')")
            run(connection, f"{ROWS}; SET search_path = acme; {ROWS}")
        yield name


@pytest.fixture(scope="module")
def lived_in(server: PrivateServer, original: str) -> Iterator[Any]:
    """The database of all changes that can be rolled back."""
    with prepared(server, original) as connection:
        yield connection


def skip_where_impossible(connection: Any, case: Case) -> None:
    """Skip a case that is about something this server does not have."""
    since = int(case.options.get("since", 0))
    if connection.info.server_version // 10000 < since:
        pytest.skip(f"came with PostgreSQL {since}")
    needed = case.options.get("needs")
    if needed == "icu":
        # One of them is in the catalog of every server from PostgreSQL 16 on.
        there = rows(
            connection,
            "SELECT FROM pg_collation WHERE collprovider = 'i' AND collname <> 'unicode' LIMIT 1",
        )
    else:
        there = not needed or rows(
            connection, "SELECT FROM pg_extension WHERE extname = %s", [needed]
        )
    if not there:
        pytest.skip(f"this server has no {needed}")


@contextmanager
def expected_refusal(case: Case) -> Iterator[None]:
    """Where the case says so, feature_not_supported is raised in here."""
    if "refused" in case.options:
        with pytest.raises(FeatureNotSupported) as error:
            yield
        assert case.options["refused"] in str(error.value)
    else:
        yield


@contextmanager
def kept(connection: Any) -> Iterator[None]:
    """A transaction that stays, unless something fails in it."""
    run(connection, "BEGIN")
    try:
        yield
        run(connection, "COMMIT")
    finally:
        run(connection, "ROLLBACK; RESET ALL; RESET ROLE")


@contextmanager
def rolled_back(connection: Any) -> Iterator[None]:
    """A transaction of which nothing stays."""
    run(connection, "BEGIN")
    try:
        yield
    finally:
        run(connection, "ROLLBACK; RESET ALL; RESET ROLE")


def set_path(connection: Any, schema: str) -> None:
    rows(
        connection,
        "SELECT set_config('search_path', quote_ident(%s) || ', public', false)",
        [schema],
    )


def said(row: Any) -> str:
    """A row as the cases write it."""
    words = {None: "NULL", True: "t", False: "f"}
    return " | ".join(words[v] if v is None or v is True or v is False else str(v) for v in row)


def ask(connection: Any, schema: str, query: Paragraph, name: str) -> None:
    """What a query of a case finds in a schema is what the case says."""
    run(connection, "SAVEPOINT asked")
    set_path(connection, schema)
    found = [said(row) for row in rows(connection, query.sql.replace("__template__", name))]
    run(connection, "ROLLBACK TO asked")
    expected = [line.replace("__template__", name) for line in query.expected or []]
    assert found == expected, f"in {schema}: {query.sql}"


def assert_alike(connection: Any, here: str, there: str) -> None:
    """Two schemata say the same of themselves."""
    facts = likeness.facts(connection, here), likeness.facts(connection, there)
    found = likeness.differences(*facts)
    assert not found, f"{here} is not like {there}:\n" + "\n".join(found)


def assert_mirrored(connection: Any) -> None:
    """Template and tenants are alike."""
    template = likeness.facts(connection, "__template__")
    for tenant in tenants(connection):
        facts = likeness.facts(connection, tenant)
        own = Counter({fact: n for fact, n in facts.items() if "own_view" in fact[0]})
        found = likeness.differences(facts - own, template)
        assert not found, f"{tenant} is not like the template:\n" + "\n".join(found)


def assert_well(connection: Any) -> None:
    """Template, tenants and a new one are alike, and verify() has nothing to say."""
    rows(connection, "SELECT boardinghouse.create_schema(%s, 'New')", [NEW])
    assert_mirrored(connection)
    assert problems(connection) == []


def state(connection: Any) -> list[Counter[tuple[str, str]]]:
    """All that a change which fails leaves as it was."""
    schemata = ["__template__", *tenants(connection)]
    journal = Counter(rows(connection, "SELECT 'change', max(id)::text FROM boardinghouse.change"))
    return [journal, *(likeness.facts(connection, schema) for schema in schemata)]


# Kinds of objects


@pytest.mark.parametrize("case", cases("cloning.sql"))
def test_a_schema_with_it_is_cloned(ordinary: Any, case: Case) -> None:
    skip_where_impossible(ordinary, case)
    number = len(column(ordinary, "SELECT oid FROM pg_namespace WHERE nspname ~ '^matrix_from'"))
    source, target = f"matrix_from_{number:03}", f"matrix_into_{number:03}"
    with kept(ordinary):
        run(ordinary, f"CREATE SCHEMA {source}; COMMENT ON SCHEMA {source} IS {named(case)}")
        set_path(ordinary, source)
        for paragraph in case.paragraphs:
            if paragraph.expected is None:
                run(ordinary, paragraph.sql.replace("__template__", source))
        run(ordinary, "RESET search_path; SAVEPOINT made")
        with expected_refusal(case):
            run(ordinary, f"SELECT boardinghouse.clone_schema('{source}', '{target}')")
            assert_alike(ordinary, target, source)
            for paragraph in case.paragraphs:
                if paragraph.expected is not None:
                    ask(ordinary, target, paragraph, source)
            return
        run(ordinary, f"ROLLBACK TO made; DROP SCHEMA {source} CASCADE")


def named(case: Case) -> str:
    return "'" + case.name.replace("'", "''") + "'"


def test_pg_dump_says_the_same_of_sources_and_clones(server: PrivateServer, ordinary: Any) -> None:
    def dumped(which: str) -> Counter[str]:
        command = [str(server.bindir / "pg_dump"), "-s", "-n", f"matrix_{which}_*"]
        url = server.url(database=ordinary.info.dbname)
        text = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
        text = text.replace("matrix_into_", "matrix_from_")
        # Storage parameters have no order.
        text = re.sub(r"(?<=WITH \().*(?=\))", lambda m: ", ".join(sorted(m[0].split(", "))), text)
        lines = text.splitlines()
        return Counter(line for line in lines if not re.match(r"--|SET|SELECT pg_catalog|\\", line))

    source, clone = dumped("from"), dumped("into")
    assert source, "nothing was cloned before"
    assert (source - clone, clone - source) == (Counter(), Counter())


@pytest.mark.parametrize("case", cases("cloning.sql"))
def test_it_is_mirrored_and_dropped_again(hollow: Any, case: Case) -> None:
    skip_where_impossible(hollow, case)
    if "ordinary" in case.options:
        pytest.skip("not a change that can be made to the template")
    with rolled_back(hollow), expected_refusal(case):
        set_path(hollow, "__template__")
        for paragraph in case.paragraphs:
            if paragraph.expected is None:
                run(hollow, paragraph.sql)
        run(hollow, "RESET search_path")
        assert_well(hollow)
        for paragraph in case.paragraphs:
            if paragraph.expected is not None:
                ask(hollow, "s.t", paragraph, "__template__")
                ask(hollow, NEW, paragraph, "__template__")
        likeness.empty(hollow, "__template__")
        for tenant in ("s.t", NEW):
            assert_alike(hollow, tenant, "__template__")
        assert problems(hollow) == []


def test_clones_use_an_extension_where_it_is(ordinary: Any) -> None:
    if not rows(ordinary, "SELECT FROM pg_extension WHERE extname = 'citext'"):
        pytest.skip("this server has no citext")
    with rolled_back(ordinary):
        run(ordinary, "CREATE SCHEMA home; ALTER EXTENSION citext SET SCHEMA home")
        run(
            ordinary,
            """SET search_path = home;
               CREATE TABLE t (a citext DEFAULT 'x' PRIMARY KEY, CHECK (a <> 'y'), b int);
               CREATE INDEX t_b ON t (a citext_pattern_ops);
               CREATE VIEW v AS SELECT a, a = 'X' AS is_x FROM t;
               CREATE FUNCTION f(citext) RETURNS SETOF t LANGUAGE sql
                   BEGIN ATOMIC SELECT * FROM t WHERE a = $1; END;
               INSERT INTO t VALUES ('x', 1);
               RESET search_path""",
        )
        run(ordinary, "SELECT boardinghouse.clone_schema('home', 'clone', true)")
        # A clone of the clone finds it as any other schema's.
        run(ordinary, "SELECT boardinghouse.clone_schema('clone', 'other', true)")
        for clone in ("clone", "other"):
            found = rows(
                ordinary, f"SELECT a::text, is_x, (SELECT b FROM {clone}.f('X')) FROM {clone}.v"
            )
            assert found == [("x", True, 1)]
            depends = column(
                ordinary,
                """SELECT DISTINCT o.identity
                     FROM pg_depend AS n
                     JOIN pg_depend AS d ON (d.classid, d.objid) = (n.classid, n.objid)
                      AND d.refclassid IN ('pg_class'::regclass, 'pg_type'::regclass)
                     CROSS JOIN LATERAL pg_identify_object(d.refclassid, d.refobjid, 0) AS o
                    WHERE n.refobjid = %s::regnamespace AND o.schema = 'home'
                    ORDER BY 1""",
                [clone],
            )
            assert depends == ["home.citext"]


# Changes


def change(connection: Any, paragraph: Paragraph, *, committed: bool) -> None:
    """Run a paragraph of a case on the template; what it says of itself holds."""
    if paragraph.expected is not None:
        with rolled_back(connection) if committed else nullcontext():
            for tenant in tenants(connection):
                ask(connection, tenant, paragraph, "__template__")
        return
    count = "SELECT count(*) FROM boardinghouse.change"
    before = rows(connection, count)
    set_path(connection, "__template__")
    if "fails" in paragraph.options:
        code, _, message = paragraph.options["fails"].partition(" ")
        expected = state(connection)
        run(connection, "SAVEPOINT failed")
        with pytest.raises(psycopg2.Error) as error:
            run(connection, paragraph.sql)
        run(connection, "ROLLBACK TO failed")
        assert error.value.pgcode == code, error.value
        assert message in str(error.value)
        assert state(connection) == expected
        return
    run(connection, paragraph.sql)
    run(connection, "RESET search_path")
    if "unseen" in paragraph.options:
        assert problems(connection), "verify() does not see it"
        return
    assert_mirrored(connection)
    if "no change" in paragraph.options:
        assert rows(connection, count) == before


@pytest.mark.parametrize("case", cases("mirroring.sql"))
def test_the_change_is_mirrored(
    server: PrivateServer, original: str, lived_in: Any, case: Case
) -> None:
    skip_where_impossible(lived_in, case)
    with ExitStack() as stack:
        committed = "committed" in case.options
        connection = stack.enter_context(prepared(server, original)) if committed else lived_in
        stack.enter_context(nullcontext() if committed else rolled_back(lived_in))
        stack.enter_context(expected_refusal(case))
        for paragraph in case.paragraphs:
            change(connection, paragraph, committed=committed)
        assert_well(connection)
