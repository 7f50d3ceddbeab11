"""Who may do what: the template's owner everything, others nothing there and all of it outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from psycopg2.errors import InsufficientPrivilege, ObjectNotInPrerequisiteState
from queries import column, problems, rows, run, tables_with, tenants

from boardinghouse_ext.server import PrivateServer

COMMON_DDL = """
    CREATE TYPE {0}.state AS ENUM ('new', 'done');
    ALTER TYPE {0}.state ADD VALUE 'gone';
    CREATE TYPE {0}.size AS (width int);
    ALTER TYPE {0}.size ADD ATTRIBUTE height int;
    CREATE DOMAIN {0}.slug AS text CHECK (VALUE <> '');
    CREATE SEQUENCE {0}.free;
    CREATE TABLE {0}.page (id serial PRIMARY KEY, slug {0}.slug, state {0}.state DEFAULT 'new');
    CREATE TABLE {0}.note (id int GENERATED ALWAYS AS IDENTITY, page int REFERENCES {0}.page);
    ALTER TABLE {0}.page ADD COLUMN title text NOT NULL DEFAULT 'none', ADD CHECK (title <> '');
    ALTER TABLE {0}.page ALTER title TYPE varchar(80) USING upper(title);
    ALTER TABLE {0}.note ADD PRIMARY KEY (id);
    ALTER TABLE {0}.note RENAME COLUMN page TO leaf;
    CREATE INDEX page_title ON {0}.page (lower(title)) WHERE state = 'new';
    CREATE INDEX CONCURRENTLY page_slug ON {0}.page (slug);
    ALTER INDEX {0}.page_title RENAME TO page_name;
    CREATE VIEW {0}.titles AS SELECT id, title FROM {0}.page;
    CREATE OR REPLACE VIEW {0}.titles AS SELECT id, title, slug FROM {0}.page;
    CREATE MATERIALIZED VIEW {0}.counted AS SELECT count(*) FROM {0}.page;
    REFRESH MATERIALIZED VIEW {0}.counted;
    CREATE FUNCTION {0}.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE PROCEDURE {0}.work() LANGUAGE sql AS 'SELECT 1';
    ALTER FUNCTION {0}.touch() SET work_mem = '4MB';
    CREATE TRIGGER touch BEFORE INSERT ON {0}.page FOR EACH ROW EXECUTE FUNCTION {0}.touch();
    ALTER TABLE {0}.page DISABLE TRIGGER touch;
    ALTER TABLE {0}.page ENABLE ROW LEVEL SECURITY;
    CREATE POLICY mine ON {0}.page USING (title = current_user);
    CREATE RULE quiet AS ON UPDATE TO {0}.titles DO INSTEAD NOTHING;
    CREATE STATISTICS {0}.together ON slug, title FROM {0}.page;
    COMMENT ON TABLE {0}.page IS 'A page.';
    GRANT SELECT ON {0}.page TO PUBLIC;
    GRANT UPDATE (title) ON {0}.page TO PUBLIC;
    REVOKE EXECUTE ON FUNCTION {0}.touch() FROM PUBLIC;
    CREATE TABLE {0}.copied AS SELECT * FROM {0}.page;
    TRUNCATE {0}.copied;
    CLUSTER {0}.page USING page_pkey;
    REINDEX TABLE {0}.page;
    ALTER TABLE {0}.copied SET UNLOGGED;
    DROP INDEX CONCURRENTLY {0}.page_slug;
    DROP POLICY mine ON {0}.page;
    DROP TABLE {0}.copied;
    DROP VIEW {0}.titles
"""


@pytest.fixture(scope="module")
def roles(server: PrivateServer) -> None:
    """The roles of these tests: app owns the template, deployer is in it."""
    connection = psycopg2.connect(**server.dsn(dbname="postgres"))
    connection.autocommit = True
    run(
        connection,
        """CREATE ROLE app LOGIN; CREATE ROLE deployer LOGIN IN ROLE app;
           CREATE ROLE stranger LOGIN; CREATE ROLE reader""",
    )
    connection.close()


@pytest.fixture
def site(database: Any, roles: None) -> Any:
    """A database whose template a superuser has given to app."""
    run(
        database,
        f"""GRANT CREATE ON DATABASE {database.info.dbname} TO app, deployer;
            ALTER SCHEMA __template__ OWNER TO app;
            CREATE SCHEMA outside AUTHORIZATION stranger""",
    )
    return database


def do_each(connection: Any, statements: str) -> None:
    for statement in statements.split(";\n"):
        run(connection, statement)


def access(connection: Any, schema: str) -> set[Any]:
    """The owner and the grants of everything in a schema."""
    return set(
        rows(
            connection,
            """SELECT c.relname, pg_get_userbyid(c.relowner), a.attname, g.grantee, g.grantor,
                      g.privilege_type
                 FROM pg_class AS c
                 LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attacl IS NOT NULL
                 LEFT JOIN LATERAL aclexplode(coalesce(a.attacl, c.relacl)) AS g ON true
                WHERE c.relnamespace = %(schema)s::regnamespace
                UNION ALL
               SELECT p.proname, pg_get_userbyid(p.proowner), NULL, g.grantee, g.grantor,
                      g.privilege_type
                 FROM pg_proc AS p LEFT JOIN LATERAL aclexplode(p.proacl) AS g ON true
                WHERE p.pronamespace = %(schema)s::regnamespace
                UNION ALL
               SELECT t.typname, pg_get_userbyid(t.typowner), NULL, g.grantee, g.grantor,
                      g.privilege_type
                 FROM pg_type AS t LEFT JOIN LATERAL aclexplode(t.typacl) AS g ON true
                WHERE t.typnamespace = %(schema)s::regnamespace
                UNION ALL
               SELECT '', pg_get_userbyid(n.nspowner), NULL, g.grantee, g.grantor,
                      g.privilege_type
                 FROM pg_namespace AS n LEFT JOIN LATERAL aclexplode(n.nspacl) AS g ON true
                WHERE n.nspname = %(schema)s""",
            {"schema": schema},
        )
    )


def refused(connection: Any, statement: str) -> str | None:
    """The SQLSTATE of the error that a statement ends in."""
    try:
        run(connection, statement)
    except psycopg2.Error as error:
        return error.pgcode
    return None


@pytest.mark.parametrize("role", ["app", "deployer"])
def test_the_owner_makes_tenants_and_changes_the_template(
    site: Any, connect: Callable[..., Any], role: str
) -> None:
    app = connect(role)
    run(app, "SELECT boardinghouse.create_schema('before', 'Made before')")
    do_each(app, COMMON_DDL.format("__template__"))
    run(app, "SELECT boardinghouse.create_schema('after')")
    assert problems(app) == []
    assert problems(site) == []
    run(
        app,
        """SELECT boardinghouse.rename_schema('after', 'later');
           SELECT boardinghouse.clone_schema('later', 'guest', true);
           SELECT boardinghouse.register_schema('guest');
           SELECT boardinghouse.execute('ALTER TABLE page ADD COLUMN extra int');
           SELECT boardinghouse.for_each_schema('INSERT INTO note (leaf) VALUES (NULL)');
           SELECT boardinghouse.repair('later');
           SELECT boardinghouse.unregister_schema('guest');
           SELECT boardinghouse.drop_schema('before');
           SELECT boardinghouse.enable();
           SELECT boardinghouse.activate_schema('later')""",
    )
    assert column(app, "SELECT count(extra) FROM page") == [0]
    assert tenants(app) == ["later"]
    assert problems(site) == []
    assert set(column(site, "SELECT author FROM boardinghouse.change")) == {"postgres", role}


def test_the_owner_changes_name_and_activity_in_the_registry_and_nothing_else(
    site: Any, connect: Callable[..., Any]
) -> None:
    app = connect("app")
    run(app, "SELECT boardinghouse.create_schema('acme')")
    run(app, "UPDATE boardinghouse.schema SET name = 'Acme', is_active = false")
    before = {
        table: rows(site, f"SELECT t::text FROM boardinghouse.{table} AS t")
        for table in ("schema", "change", "progress", "snapshot", "location")
    }
    for statement in (
        "INSERT INTO {} DEFAULT VALUES",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
    ):
        for table in before:
            assert refused(app, statement.format(f"boardinghouse.{table}")) == "42501"
    for column_name in ("schema", "created_at"):
        statement = f"UPDATE boardinghouse.schema SET {column_name} = DEFAULT"
        assert refused(app, statement) == "42501"
    assert refused(app, "UPDATE boardinghouse.change SET command = ''") == "42501"
    assert refused(app, "UPDATE boardinghouse.progress SET change_id = 0") == "42501"
    assert refused(app, "SELECT setval('boardinghouse.change_id_seq', 1)") == "42501"
    assert {
        table: rows(site, f"SELECT t::text FROM boardinghouse.{table} AS t") for table in before
    } == before


def test_a_superuser_too_is_led_to_the_functions(site: Any) -> None:
    run(site, "SELECT boardinghouse.create_schema('acme')")
    for statement in (
        "UPDATE boardinghouse.schema SET schema = 'apex'",
        "DELETE FROM boardinghouse.schema",
    ):
        with pytest.raises(ObjectNotInPrerequisiteState) as error:
            run(site, statement)
        assert "SELECT boardinghouse." in error.value.diag.message_hint


def test_tenants_have_the_owners_and_grants_of_the_template(
    site: Any, connect: Callable[..., Any]
) -> None:
    app = connect("app")
    run(app, "SELECT boardinghouse.create_schema('acme')")
    run(
        site,
        """ALTER DEFAULT PRIVILEGES FOR ROLE app, postgres GRANT SELECT ON TABLES TO reader;
           ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA acme GRANT ALL ON TABLES TO stranger;
           ALTER DEFAULT PRIVILEGES FOR ROLE app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
           ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ GRANT UPDATE ON TABLES TO stranger""",
    )
    do_each(app, COMMON_DDL.format("__template__"))
    do_each(
        site,
        """CREATE TABLE __template__.ours (id serial PRIMARY KEY, note text);
           CREATE FUNCTION __template__.ours() RETURNS int LANGUAGE sql AS 'SELECT 1';
           GRANT SELECT (note) ON __template__.ours TO stranger WITH GRANT OPTION;
           GRANT USAGE ON SCHEMA __template__ TO reader, stranger;
           ALTER TABLE __template__.note OWNER TO deployer;
           CREATE TYPE __template__.mood AS ENUM ('good');
           GRANT USAGE ON TYPE __template__.mood TO reader;
           REVOKE INSERT, DELETE ON __template__.page FROM app, PUBLIC""",
    )
    run(site, "SELECT boardinghouse.create_schema('bolt')")
    template = access(site, "__template__")
    assert access(site, "acme") == template
    assert access(site, "bolt") == template
    assert {owner for _, owner, *_ in template} == {"app", "deployer", "postgres"}
    run(site, "ALTER SCHEMA __template__ OWNER TO deployer")
    run(site, "REASSIGN OWNED BY app TO deployer; SELECT boardinghouse.enable()")
    assert access(site, "acme") == access(site, "bolt") == access(site, "__template__")
    run(site, "REVOKE ALL ON ALL TABLES IN SCHEMA __template__ FROM reader, stranger CASCADE")
    assert access(site, "acme") == access(site, "bolt") == access(site, "__template__")
    assert problems(site) == []


def test_a_role_with_no_rights_runs_all_ddl_outside(site: Any, connect: Callable[..., Any]) -> None:
    run(site, "SELECT boardinghouse.create_schema('acme')")
    stranger = connect("stranger")
    before = rows(site, "SELECT max(id) FROM boardinghouse.change")
    do_each(stranger, COMMON_DDL.format("outside"))
    do_each(
        stranger,
        """CREATE TEMP TABLE page (id serial PRIMARY KEY, title text);
           CREATE INDEX ON pg_temp.page (lower(title));
           ALTER TABLE pg_temp.page ADD COLUMN note text DEFAULT 'x';
           CREATE TEMP VIEW titles AS SELECT title FROM pg_temp.page;
           DROP VIEW pg_temp.titles""",
    )
    run(stranger, "CREATE TEMP TABLE gone (id int) ON COMMIT DROP; DROP OWNED BY stranger CASCADE")
    assert rows(site, "SELECT max(id) FROM boardinghouse.change") == before
    assert problems(site) == []


def test_a_role_with_no_rights_changes_neither_template_nor_tenants(
    site: Any, connect: Callable[..., Any]
) -> None:
    run(
        site,
        """CREATE TABLE __template__.page (id int);
           CREATE TABLE __template__.given (id int);
           ALTER TABLE __template__.given OWNER TO stranger;
           GRANT USAGE, CREATE ON SCHEMA __template__ TO stranger;
           SELECT boardinghouse.create_schema('acme')""",
    )
    stranger = connect("stranger")
    run(
        stranger,
        "CREATE FUNCTION outside.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    )
    for statement in (
        "CREATE TABLE __template__.note (id int)",
        "ALTER TABLE __template__.page ADD COLUMN note text",
        "ALTER TABLE __template__.given ADD COLUMN note text",
        "ALTER TABLE __template__.given RENAME TO taken",
        "CREATE INDEX ON __template__.given (id)",
        "CREATE POLICY mine ON __template__.given USING (true)",
        "CREATE RULE quiet AS ON INSERT TO __template__.given DO INSTEAD NOTHING",
        """CREATE TRIGGER t BEFORE INSERT ON __template__.given
               FOR EACH ROW EXECUTE FUNCTION outside.nothing()""",
        "COMMENT ON TABLE __template__.given IS 'Mine.'",
        "GRANT SELECT ON __template__.given TO PUBLIC",
        "DROP TABLE __template__.given",
        "SELECT boardinghouse.create_schema('mine')",
        "SELECT boardinghouse.rename_schema('acme', 'mine')",
        "SELECT boardinghouse.drop_schema('acme')",
        "SELECT boardinghouse.register_schema('outside')",
        "SELECT boardinghouse.unregister_schema('acme')",
        "SELECT boardinghouse.disable()",
        "SELECT boardinghouse.execute('CREATE TABLE note (id int)')",
        "ALTER SCHEMA acme RENAME TO mine",
        "DROP SCHEMA acme CASCADE",
        "UPDATE boardinghouse.schema SET name = 'Mine'",
        "SELECT * FROM boardinghouse.change",
    ):
        assert (refused(stranger, statement), statement) == ("42501", statement)
    assert refused(stranger, "ALTER TABLE __template__.given SET SCHEMA outside") == "55000"
    assert tenants(stranger) == ["acme"]
    assert problems(site) == []


def arguments(connection: Any, signature: str) -> list[str]:
    """Calls of a function, with arguments that an attacker might try."""
    name, _, types = signature.rstrip(")").partition("(")
    values = {
        "text": ["'outside'", "'acme'", "'__template__'", "NULL"],
        "text[]": ["'{outside,acme}'", "NULL"],
        "name": ["'stranger'"],
        "boolean": ["true", "false"],
        "oid": ["'acme'::regnamespace::oid"],
        "oid[]": ["ARRAY['outside.mine'::regclass::oid]"],
        "integer": ["0"],
        "jsonb": ["'{}'", "NULL"],
    }
    kinds = [kind for kind in types.split(",") if kind]
    width = max((len(values.get(kind, ["NULL"])) for kind in kinds), default=1)
    calls = []
    for number in range(width):
        chosen = [values.get(kind, ["NULL"]) for kind in kinds]
        given = ", ".join(
            f"{options[number % len(options)]}::{kind}"
            for options, kind in zip(chosen, kinds, strict=True)
        )
        calls.append(f"SELECT * FROM {name}({given})")
    return calls


def test_every_private_function_fails_for_others_or_does_no_harm(
    site: Any, connect: Callable[..., Any]
) -> None:
    run(
        site,
        f"""CREATE TABLE __template__.page (id serial PRIMARY KEY, note varchar CHECK (note <> ''));
            INSERT INTO __template__.page (note) VALUES ('secret');
            SELECT boardinghouse.create_schema('acme');
            GRANT CREATE ON DATABASE {site.info.dbname} TO stranger""",
    )
    stranger = connect("stranger")
    run(stranger, "CREATE TABLE outside.mine (id int); SET statement_timeout = '5s'")
    tables = ("schema", "change", "progress", "snapshot", "location")

    def state() -> Any:
        return [
            [
                sorted(column(site, f"SELECT t::text FROM boardinghouse.{table} AS t"))
                for table in tables
            ],
            problems(site),
            access(site, "__template__"),
            access(site, "acme"),
            access(site, "boardinghouse"),
            column(site, "SELECT evtname FROM pg_event_trigger ORDER BY 1"),
            rows(site, "SELECT * FROM acme.page"),
        ]

    before = state()
    functions = column(
        site,
        """SELECT p.oid::regprocedure::text FROM pg_proc AS p
            WHERE p.pronamespace = 'boardinghouse'::regnamespace
              AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
              AND p.proname NOT IN ('clone_schema', '_clone', '_make', '_patience')
            ORDER BY 1""",
    )
    assert len(functions) > 40
    for signature in functions:
        for call in arguments(site, signature):
            run(stranger, "BEGIN; SET LOCAL lock_timeout = '100ms'")
            try:
                run(stranger, call)
                run(stranger, "COMMIT")
            except psycopg2.Error:
                run(stranger, "ROLLBACK")
            run(stranger, "RESET search_path")
    assert state() == before


def test_a_clone_needs_the_right_to_read_its_source(site: Any, connect: Callable[..., Any]) -> None:
    run(
        site,
        f"""CREATE TABLE __template__.page (id int);
            INSERT INTO __template__.page VALUES (1);
            GRANT CREATE ON DATABASE {site.info.dbname} TO stranger""",
    )
    stranger = connect("stranger")
    run(stranger, "CREATE TABLE outside.page (id int)")
    run(stranger, "SELECT boardinghouse.clone_schema('outside', 'copied', true)")
    assert tables_with(site, "page") == ["__template__", "copied", "outside"]
    assert (
        refused(stranger, "SELECT boardinghouse.clone_schema('__template__', 'mine', true)")
        == "42501"
    )
    assert tables_with(site, "page") == ["__template__", "copied", "outside"]
    assert tenants(site) == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM boardinghouse.describe('acme')",
        "SELECT * FROM boardinghouse.compare('acme')",
        "SELECT * FROM boardinghouse.compare('outside', 'acme')",
        "SELECT * FROM boardinghouse.describe('__template__')",
        "SELECT * FROM boardinghouse.compare('outside')",
    ],
)
def test_a_schema_is_described_to_those_who_may_use_it(
    site: Any, connect: Callable[..., Any], statement: str
) -> None:
    run(site, "CREATE TABLE __template__.page (id int); SELECT boardinghouse.create_schema('acme')")
    stranger = connect("stranger")
    assert refused(stranger, statement) == "42501"
    assert rows(stranger, "SELECT * FROM boardinghouse.describe('outside')") == []
    run(site, "GRANT USAGE ON SCHEMA __template__ TO stranger")
    assert refused(stranger, statement) is None


def test_who_registers_a_schema_owns_it(site: Any, connect: Callable[..., Any]) -> None:
    app = connect("app")
    run(site, "CREATE SCHEMA guest")
    assert refused(app, "SELECT boardinghouse.register_schema('guest')") == "42501"
    run(site, "ALTER SCHEMA guest OWNER TO app")
    run(app, "SELECT boardinghouse.register_schema('guest')")
    assert tenants(site) == ["guest"]


def test_without_usage_on_the_extension_nothing_passes_by_it(
    site: Any, connect: Callable[..., Any]
) -> None:
    run(
        site,
        """REVOKE USAGE ON SCHEMA boardinghouse FROM PUBLIC;
           SELECT boardinghouse.enable();
           CREATE TABLE __template__.given (id int);
           ALTER TABLE __template__.given OWNER TO stranger;
           GRANT USAGE, CREATE ON SCHEMA __template__ TO stranger""",
    )
    app, stranger = connect("app"), connect("stranger")
    run(site, "SELECT boardinghouse.create_schema('acme')")
    do_each(app, COMMON_DDL.format("__template__"))
    assert problems(app) == []
    do_each(stranger, COMMON_DDL.format("outside"))
    for statement in (
        "CREATE TABLE __template__.more (id int)",
        "ALTER TABLE __template__.given ADD COLUMN note text",
        "CREATE INDEX ON __template__.given (id)",
        "CREATE POLICY mine ON __template__.given USING (true)",
        """CREATE TRIGGER t BEFORE INSERT ON __template__.given
               FOR EACH ROW EXECUTE FUNCTION outside.touch()""",
        "COMMENT ON COLUMN __template__.given.id IS 'Mine.'",
        "DROP TABLE __template__.given",
    ):
        assert (refused(stranger, statement), statement) == ("42501", statement)
    assert problems(site) == []
    # The events of these do not say that they are about the template. verify() does.
    run(stranger, "GRANT SELECT ON __template__.given TO reader")
    assert {(found[0], found[2]) for found in problems(site)} == {
        ("__template__", "grant"),
        ("acme", "grant"),
    }


EVIL = """
    CREATE TABLE evil.log (text text);
    GRANT INSERT ON evil.log TO PUBLIC;
    GRANT USAGE ON SCHEMA evil TO PUBLIC;
    CREATE FUNCTION evil.caught(text) RETURNS void LANGUAGE sql
        AS 'INSERT INTO evil.log VALUES ($1)';
    CREATE FUNCTION evil.same(text, text) RETURNS boolean LANGUAGE plpgsql
        AS 'BEGIN PERFORM evil.caught(''text = text''); RETURN false; END';
    CREATE FUNCTION evil.same(name, text) RETURNS boolean LANGUAGE plpgsql
        AS 'BEGIN PERFORM evil.caught(''name = text''); RETURN false; END';
    CREATE FUNCTION evil.same(oid, oid) RETURNS boolean LANGUAGE plpgsql
        AS 'BEGIN PERFORM evil.caught(''oid = oid''); RETURN false; END';
    CREATE OPERATOR evil.= (FUNCTION = evil.same, LEFTARG = text, RIGHTARG = text);
    CREATE OPERATOR evil.= (FUNCTION = evil.same, LEFTARG = name, RIGHTARG = text);
    CREATE OPERATOR evil.= (FUNCTION = evil.same, LEFTARG = oid, RIGHTARG = oid);
    CREATE OPERATOR evil.~ (FUNCTION = evil.same, LEFTARG = text, RIGHTARG = text);
    CREATE FUNCTION evil.concat(VARIADIC "any") RETURNS text LANGUAGE internal AS 'text_concat';
    CREATE FUNCTION evil.lower(text) RETURNS text LANGUAGE plpgsql
        AS 'BEGIN PERFORM evil.caught(''lower''); RETURN $1; END';
    CREATE FUNCTION evil.quote_ident(text) RETURNS text LANGUAGE plpgsql
        AS 'BEGIN PERFORM evil.caught(''quote_ident''); RETURN $1; END';
    CREATE FUNCTION evil.current_setting(text) RETURNS text LANGUAGE plpgsql
        AS 'BEGIN PERFORM evil.caught(''current_setting''); RETURN $1; END';
    CREATE TABLE evil.pg_class (oid oid, relname text);
    CREATE TABLE evil.pg_namespace (oid oid, nspname text);
    CREATE VIEW evil.pg_event_trigger_ddl_commands AS SELECT 1
"""


@pytest.mark.parametrize("path", ["evil, pg_catalog", "evil, public", "pg_temp, pg_catalog"])
def test_names_that_lie_in_wait_are_not_found(
    site: Any, connect: Callable[..., Any], path: str
) -> None:
    stranger = connect("stranger")
    run(site, "CREATE SCHEMA evil AUTHORIZATION stranger")
    run(
        stranger,
        EVIL.replace("evil.concat", "evil.concat_no").split("CREATE FUNCTION evil.conc")[0],
    )
    run(
        stranger,
        "CREATE FUNCTION evil.lower(text) RETURNS text LANGUAGE plpgsql"
        " AS 'BEGIN PERFORM evil.caught(''lower''); RETURN $1; END';"
        "CREATE TABLE evil.pg_class (oid oid, relname text);"
        "CREATE TABLE evil.pg_namespace (oid oid, nspname text);"
        "CREATE DOMAIN evil.text AS varchar CHECK (VALUE <> '');",
    )
    run(site, "CREATE TABLE __template__.page (id int, title pg_catalog.text)")
    run(site, "SELECT boardinghouse.create_schema('acme'), boardinghouse.create_schema('bolt')")
    victim = connect()
    run(
        victim,
        f"""CREATE TEMP TABLE pg_namespace (oid oid, nspname name);
            CREATE TEMP TABLE schema (schema name);
            SET search_path = {path}""",
    )
    run(victim, "ALTER TABLE __template__.page ADD COLUMN note pg_catalog.text DEFAULT 'x'")
    run(victim, "CREATE INDEX page_lower ON __template__.page (pg_catalog.lower(title))")
    run(victim, "CREATE VIEW __template__.noted AS SELECT note FROM __template__.page")
    run(victim, "ALTER TABLE __template__.page RENAME note TO remark")
    run(victim, "GRANT SELECT ON __template__.page TO PUBLIC")
    run(victim, "DROP INDEX __template__.page_lower")
    run(victim, "ALTER SCHEMA acme RENAME TO apex")
    run(victim, "DROP SCHEMA bolt CASCADE")
    run(victim, "SELECT boardinghouse.create_schema('cafe')")
    run(victim, "SELECT boardinghouse.activate_schema('apex')")
    assert rows(victim, "SELECT remark FROM page") == []
    assert tenants(site) == ["apex", "cafe"]
    assert tables_with(site, "remark") == ["__template__", "apex", "cafe"]
    assert problems(site) == []
    assert rows(site, "SELECT * FROM evil.log") == []


CAPTURES = [
    "CREATE FUNCTION acme.lower(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
    "CREATE FUNCTION acme.helper(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
    "CREATE OPERATOR acme.= (FUNCTION = pg_catalog.textlike, LEFTARG = text, RIGHTARG = text)",
    "CREATE TABLE acme.date (id int)",
    "CREATE DOMAIN acme.text AS pg_catalog.text",
    "CREATE TYPE acme.int4 AS ENUM ('a')",
]


@pytest.mark.parametrize("statement", CAPTURES)
def test_what_a_tenant_would_have_taken_for_another_is_refused(
    site: Any, connect: Callable[..., Any], statement: str
) -> None:
    app = connect("app")
    run(
        app,
        """CREATE TABLE __template__.page (id int, title text);
           CREATE FUNCTION __template__.helper(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1';
           SELECT boardinghouse.create_schema('acme')""",
    )
    with pytest.raises(ObjectNotInPrerequisiteState):
        run(app, statement)
    assert problems(site) == []
    run(app, f"SET boardinghouse.allow_drift = on; {statement}; RESET boardinghouse.allow_drift")
    assert ("acme", "would be taken for another") in {found[:2] for found in problems(site)}
    with pytest.raises(ObjectNotInPrerequisiteState):
        run(site, "CREATE INDEX ON __template__.page (lower(title))")
    assert len(column(site, "SELECT indexrelid FROM pg_index AS i JOIN pg_class AS c"
                            " ON c.oid = i.indrelid AND c.relname = 'page'")) == 0  # fmt: skip


def test_a_statement_of_the_owners_is_not_run_by_others(
    site: Any, connect: Callable[..., Any]
) -> None:
    """What only looks like the owner's right to plant something for a superuser is refused."""
    app = connect("app")
    run(app, "CREATE TABLE __template__.page (id int)")
    run(app, "SELECT boardinghouse.create_schema('acme')")
    with pytest.raises(InsufficientPrivilege):
        run(app, "CREATE OR REPLACE FUNCTION boardinghouse._on_ddl() RETURNS event_trigger"
                 " LANGUAGE plpgsql AS ''")  # fmt: skip
    with pytest.raises(InsufficientPrivilege):
        run(app, "CREATE FUNCTION boardinghouse.more() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    assert refused(app, "SELECT boardinghouse._register('pg_catalog', 'x')") == "42939"


def test_the_functions_of_an_index_run_as_the_tables_owner(database: Any) -> None:
    run(
        database,
        """CREATE ROLE keeper;
           GRANT ALL ON SCHEMA __template__ TO keeper;
           CREATE FUNCTION __template__.seen_by(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
               $$BEGIN ASSERT current_user = 'keeper', current_user; RETURN $1; END$$;
           CREATE TABLE __template__.kept (id int);
           ALTER TABLE __template__.kept OWNER TO keeper;
           INSERT INTO __template__.kept VALUES (1);
           CREATE INDEX ON __template__.kept (__template__.seen_by(id))""",
    )
    run(database, "SELECT boardinghouse.create_schema('acme')")
    assert problems(database) == []


def test_a_view_whose_owner_may_not_read_is_cloned(database: Any) -> None:
    run(
        database,
        """CREATE ROLE blind; CREATE SCHEMA source; GRANT ALL ON SCHEMA source TO blind;
           CREATE TABLE source.seen (id int);
           CREATE VIEW source.looks AS SELECT id FROM source.seen;
           ALTER VIEW source.looks OWNER TO blind""",
    )
    run(database, "SELECT boardinghouse.clone_schema('source', 'twin')")
    assert rows(database, "SELECT to_regclass('twin.looks')::text") == [("twin.looks",)]
