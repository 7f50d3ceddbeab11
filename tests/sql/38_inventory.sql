\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE ROLE regress_nobody;
CREATE SCHEMA "a schema";
CREATE TABLE public.shared (id int PRIMARY KEY, name text);
CREATE FUNCTION public.shared_function() RETURNS text LANGUAGE sql AS 'SELECT ''x''';
SET LOCAL search_path = "a schema", public;
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'sad', d date DEFAULT '2020-02-01', i interval DEFAULT '-1 day 2:03', z timestamptz DEFAULT '2020-01-01 12:00:00+01',
                f float8 DEFAULT 0.1 + 0.2, x bytea DEFAULT '\x6162', s int REFERENCES shared, n text DEFAULT shared_function(), CHECK (d > '1999-12-31'));
CREATE INDEX ON t (lower(n));
CREATE VIEW v AS SELECT t.id, shared.name FROM t JOIN shared ON shared.id = t.s;
CREATE SEQUENCE free;
CREATE TABLE serials (id serial, j int GENERATED ALWAYS AS IDENTITY);
SET LOCAL search_path = public;
CREATE TEMPORARY TABLE plain AS SELECT i.* FROM boardinghouse._inventory('a schema') AS i;

-- Names.
SELECT is_empty($$SELECT p.* FROM plain AS p WHERE p::text ~ 'a schema'$$, 'names inside the schema come out bare');
SELECT set_eq($$SELECT DISTINCT (regexp_matches(p.ddl, '\mpublic\.\w+', 'g'))[1] FROM plain AS p$$, $$VALUES ('public.shared'), ('public.shared_function')$$, 'names outside of it come out qualified');
SELECT set_eq($$SELECT d.ddl FROM boardinghouse.describe('a schema') AS d WHERE d.kind IN ('foreign key', 'index')$$,
    $$VALUES ('ALTER TABLE t ADD CONSTRAINT t_s_fkey FOREIGN KEY (s) REFERENCES public.shared(id)'), ('CREATE INDEX t_lower_idx ON t USING btree (lower(n))')$$, 'the statements are PostgreSQL''s own');
SELECT is_empty($$SELECT d.kind FROM boardinghouse.describe('a schema') AS d WHERE d.ddl ~ 'a schema' AND d.kind <> 'owner'$$, 'describe() names the schema only where it is meant itself');

-- What the caller has set changes nothing.
CREATE FUNCTION pg_temp.same(description text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN ok(NOT EXISTS ((SELECT p.* FROM plain AS p EXCEPT SELECT i.* FROM boardinghouse._inventory('a schema') AS i)
                          UNION ALL
                          (SELECT i.* FROM boardinghouse._inventory('a schema') AS i EXCEPT SELECT p.* FROM plain AS p)), description);
END $$;
SELECT pg_temp.same('read twice, a schema reads the same');
SET LOCAL datestyle = 'SQL, DMY'; SET LOCAL intervalstyle = 'sql_standard'; SET LOCAL timezone = 'Asia/Tokyo'; SET LOCAL extra_float_digits = -5; SET LOCAL bytea_output = 'escape'; SET LOCAL quote_all_identifiers = on;
SELECT pg_temp.same('a schema reads the same whatever the caller has set');
SELECT is(current_setting('datestyle') || current_setting('timezone'), 'SQL, DMYAsia/Tokyo', 'settings of the caller are as before');
RESET datestyle; RESET intervalstyle; RESET timezone; RESET extra_float_digits; RESET bytea_output; RESET quote_all_identifiers;
SET LOCAL search_path = "a schema", early, pg_temp, public, pg_catalog;
SELECT public.is((SELECT count(*) FROM boardinghouse._inventory('a schema')), (SELECT count(*) FROM pg_temp.plain), 'a path with the schema in front changes nothing');
SELECT public.is(pg_catalog.current_setting('search_path'), '"a schema", early, pg_temp, public, pg_catalog', 'the path of the caller is as before');
SET LOCAL search_path = public;
SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL jit = on;
SELECT pg_temp.same('a schema reads the same by whatever plan');
RESET enable_indexscan; RESET enable_bitmapscan; RESET jit;
CREATE FUNCTION "a schema".format(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS $$SELECT 'hostile'$$;
CREATE FUNCTION "a schema".quote_ident(text) RETURNS text LANGUAGE sql AS $$SELECT 'hostile'$$;
CREATE FUNCTION "a schema".set_config(text, text, boolean) RETURNS text LANGUAGE sql AS $$SELECT 'hostile'$$;
CREATE TABLE "a schema".pg_class (oid oid);
SELECT ok(EXISTS (SELECT FROM boardinghouse._inventory('a schema') AS i WHERE i.kind = 'function' AND i.object = 'format(text, text[])') AND NOT EXISTS (SELECT FROM boardinghouse._inventory('a schema') AS i WHERE i.object ~ 'hostile'), 'nothing in the schema is called while it is read');
DROP FUNCTION "a schema".format, "a schema".quote_ident, "a schema".set_config; DROP TABLE "a schema".pg_class;
SELECT pg_temp.same('what was dropped is gone from it');

-- Identity.
ALTER TABLE "a schema".t RENAME TO u; ALTER TABLE "a schema".u RENAME id TO key; ALTER TABLE "a schema".u RENAME CONSTRAINT t_pkey TO pk; ALTER TYPE "a schema".mood RENAME TO humour;
SELECT is_empty($$SELECT p.kind, p.id FROM plain AS p FULL JOIN boardinghouse._inventory('a schema') AS i ON i.kind = p.kind AND i.id = p.id WHERE i.id IS NULL OR p.id IS NULL$$, 'a renamed object keeps its id');
SELECT is_empty($$SELECT p.kind, p.object FROM plain AS p JOIN boardinghouse._inventory('a schema') AS i ON i.kind = p.kind AND i.id = p.id WHERE i.raw <> p.raw AND p.kind <> 'view'$$, 'a rename leaves fingerprints as they are');
ALTER TABLE "a schema".u ALTER d DROP DEFAULT, ALTER n TYPE varchar(9);
SELECT set_eq($$SELECT p.kind, p.object FROM plain AS p LEFT JOIN boardinghouse._inventory('a schema') AS i ON i.kind = p.kind AND i.id = p.id WHERE i.raw IS DISTINCT FROM p.raw AND p.kind IN ('column', 'default') AND p.object IN ('t.d', 't.n', 't.m')$$, $$VALUES ('default', 't.d'), ('column', 't.n'), ('default', 't.n')$$, 'a change changes the fingerprint of what it changes');
SELECT ok(boardinghouse._oids('{pg_class 1 0,pg_class 2 3,pg_proc 4 0}', 'pg_class') = '{1,2}' AND boardinghouse._oids('{pg_class 1 0}', 'pg_type') = '{}', 'ids of a catalog become OIDs');
SELECT set_eq($$SELECT r::regclass::text FROM unnest(boardinghouse._relations('a schema')) AS r$$, $$VALUES ('"a schema".u'), ('"a schema".v'), ('"a schema".free'), ('"a schema".serials'), ('"a schema".serials_id_seq'), ('"a schema".serials_j_seq')$$, 'the relations of a schema are its tables, views and sequences');

-- Members.
SELECT is(cardinality(boardinghouse._members('a schema')), 7, 'members are the schema, its tables, views, types and sequences: not row types, arrays, sequences of identity columns, indexes');
CREATE SCHEMA with_extension;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
CREATE TABLE with_extension.t (id int);
CREATE FUNCTION with_extension.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER EXTENSION pgtap ADD FUNCTION with_extension.f();
SELECT is_empty($$SELECT d.object FROM boardinghouse.describe('with_extension') AS d WHERE d.kind = 'function'$$, 'what belongs to an extension does not belong to the schema');
ALTER EXTENSION pgtap DROP FUNCTION with_extension.f();
SET LOCAL client_min_messages = error;
CREATE PUBLICATION regress_publication FOR TABLES IN SCHEMA with_extension;
SET LOCAL client_min_messages = warning;
SELECT isnt_empty($$SELECT d.object FROM boardinghouse.describe('with_extension') AS d WHERE d.kind = 'function'$$, 'what publishes a schema does not belong to it');
CREATE INDEX half ON with_extension.t (id);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'with_extension.half'::regclass;
SELECT is_empty($$SELECT d.object FROM boardinghouse.describe('with_extension') AS d WHERE d.kind = 'index'$$, 'an invalid index is left out: verify() lists it');
UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'with_extension.half'::regclass;

-- Privileges alone.
GRANT SELECT ON with_extension.t TO regress_nobody;
SELECT set_eq($$SELECT i.kind, i.ddl FROM boardinghouse._inventory('with_extension', NULL, true) AS i$$, $$VALUES ('grant', 'GRANT SELECT ON TABLE t TO regress_nobody')$$, 'grants can be read alone');
SELECT set_eq($$SELECT i.kind, i.object FROM boardinghouse._inventory('with_extension', ARRAY['pg_class ' || 'with_extension.t'::regclass::oid || ' 0']) AS i WHERE i.kind <> 'not null'$$, $$VALUES ('table', 't'), ('column', 't.id'), ('index', 'half'), ('owner', 'TABLE t'), ('grant', 'TABLE t TO regress_nobody')$$, 'one object can be read alone');
SET LOCAL ROLE regress_nobody;
SELECT throws_ok($$SELECT * FROM boardinghouse.describe('a schema')$$, '42501', 'permission denied for schema "a schema"', 'a schema that the caller may not use is refused, not read with qualified names');
RESET ROLE;

-- What is not known.
CREATE FUNCTION pg_temp.unknown(ddl text, description text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found record;
    cloned record;
BEGIN
    BEGIN
        EXECUTE 'CREATE SCHEMA odd; SET LOCAL search_path = odd, public';
        EXECUTE ddl;
        SET LOCAL search_path = public;
        SELECT * INTO found FROM pg_temp.failure('SELECT * FROM boardinghouse.describe(''odd'')');
        SELECT * INTO cloned FROM pg_temp.failure('SELECT boardinghouse.clone_schema(''odd'', ''copy'')');
        RAISE SQLSTATE 'BH002';
    EXCEPTION WHEN SQLSTATE 'BH002' THEN NULL;
    END;
    RETURN ok(coalesce(found.state = '0A000' AND found = cloned AND found.message ~ ' in schema "odd" cannot be carried to another schema$' AND found.detail <> '' AND found.hint <> '', false), description)
           || CASE WHEN found.state IS DISTINCT FROM '0A000' THEN E'\n' || diag(concat(found, cloned)) ELSE '' END;
END $$;
SELECT pg_temp.unknown('CREATE TABLE public.outside (id int); CREATE TABLE child () INHERITS (public.outside)', 'inheritance from outside is refused');
SELECT pg_temp.unknown('CREATE TABLE child (id int); CREATE TABLE public.outside () INHERITS (child)', 'inheritance to the outside is refused');
SELECT pg_temp.unknown('CREATE TYPE typed AS (x int); CREATE TRANSFORM FOR typed LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal))', 'a type with a transform is refused');
SELECT pg_temp.unknown('CREATE OPERATOR CLASS cls DEFAULT FOR TYPE int USING spgist AS OPERATOR 3 =', 'a default operator class of a shared type is refused');
SELECT pg_temp.unknown('CREATE TYPE typed AS (x int); CREATE FUNCTION cmp(typed, int) RETURNS int LANGUAGE sql AS ''SELECT 1''; ALTER OPERATOR FAMILY integer_ops USING btree ADD FUNCTION 1 (typed, int) cmp(typed, int)', 'a member of a shared operator family is refused');
SELECT pg_temp.unknown('CREATE TYPE public.of AS (id int); CREATE TABLE typed OF public.of', 'a table of a type of another schema is refused');
CREATE TABLE __template__.t (id int);
SELECT throws_ok('CREATE OPERATOR CLASS __template__.cls DEFAULT FOR TYPE int USING spgist AS OPERATOR 3 =', '0A000', NULL, 'what is not known is refused in the template');
SELECT pg_temp.alike('what was refused has changed nothing');
SELECT * FROM finish();
ROLLBACK;
