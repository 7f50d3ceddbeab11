\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE TABLE __template__.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text);
INSERT INTO __template__.t (n) VALUES ('of the template');
INSERT INTO early.t (n) VALUES ('of early');
CREATE ROLE regress_owner;
CREATE ROLE regress_reader;
CREATE TABLE public.shared (id int PRIMARY KEY);
INSERT INTO public.shared VALUES (1);
CREATE SCHEMA "any one";
SET LOCAL search_path = "any one", public;
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m mood, shared_id int REFERENCES shared, twice int GENERATED ALWAYS AS (id * 2) STORED);
CREATE TABLE b (id serial, a_id int REFERENCES a DEFERRABLE);
CREATE VIEW v AS SELECT a.id, shared.id AS s FROM a JOIN shared ON shared.id = a.shared_id;
CREATE MATERIALIZED VIEW mv AS SELECT count(*) AS n FROM a;
CREATE FUNCTION counted() RETURNS bigint LANGUAGE sql SET search_path = "any one", public AS 'SELECT count(*) FROM a';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION touch();
CREATE INDEX ON a (m) WHERE m = 'glad';
SET LOCAL search_path = public;
INSERT INTO "any one".a (m, shared_id) VALUES ('sad', 1), ('glad', NULL);
INSERT INTO "any one".b (a_id) VALUES (1), (2);
REFRESH MATERIALIZED VIEW "any one".mv;
COMMENT ON SCHEMA "any one" IS '100 %s';
ALTER SCHEMA "any one" OWNER TO regress_owner;
GRANT USAGE ON SCHEMA "any one" TO regress_reader;
GRANT SELECT ON "any one".a TO regress_reader;

-- A schema that is no tenant.
SELECT lives_ok($$SELECT boardinghouse.clone_schema('any one', 'a copy')$$, 'any schema can be cloned');
SELECT is_empty($$SELECT * FROM pg_temp.unlike('a copy', 'any one')$$, 'the clone is like its source: objects, owners, grants, comments');
SELECT is_empty($$SELECT * FROM boardinghouse.compare('a copy', 'any one')$$, 'and compare() says so');
SELECT is((SELECT count(*) FROM "a copy".a), 0::bigint, 'without include_data there are no rows');
SELECT is((SELECT last_value::text || is_called FROM "a copy".a_id_seq), '1false', 'and sequences are at their start');
SELECT is((SELECT n FROM "a copy".mv), 0::bigint, 'and materialized views hold what their tables do');
SELECT lives_ok($$SELECT boardinghouse.clone_schema('any one', 'with rows', true)$$, 'rows can be cloned along');
SELECT is_empty($$SELECT * FROM pg_temp.unlike('with rows', 'any one')$$, 'that clone is like its source, too');
SELECT results_eq('SELECT id, m::text, shared_id, twice FROM "with rows".a ORDER BY id', 'SELECT id, m::text, shared_id, twice FROM "any one".a ORDER BY id', 'and has its rows');
SELECT is((SELECT last_value::text || is_called FROM "with rows".b_id_seq), '2true', 'and the positions of its sequences');
SELECT is((SELECT "with rows".counted()), 2::bigint, 'functions that name their schema in search_path look into the clone');
SELECT results_eq('SELECT * FROM "with rows".v', 'VALUES (1, 1)', 'views look into the clone, and into what is shared');
SELECT throws_ok('INSERT INTO "with rows".b (a_id) VALUES (9); SET CONSTRAINTS ALL IMMEDIATE', '23503', NULL, 'foreign keys hold in the clone');
SELECT throws_ok('INSERT INTO "with rows".a (shared_id) VALUES (9)', '23503', NULL, 'those to what is shared, too');
SELECT is_empty($$SELECT r.schema FROM boardinghouse.schema AS r WHERE r.schema IN ('any one', 'a copy', 'with rows')$$, 'none of them is a tenant by that');
SELECT lives_ok($$SELECT boardinghouse.clone_schema('with rows', 'of a clone', include_data => true)$$, 'a clone can be cloned');
SELECT is_empty($$SELECT * FROM pg_temp.unlike('of a clone', 'any one')$$, 'and is alike still');
SELECT lives_ok($$SELECT boardinghouse.clone_schema('any one', 'null for no', NULL)$$, 'NULL for include_data is no');
SELECT is((SELECT count(*) FROM "null for no".a), 0::bigint, 'so there are no rows');
CREATE SCHEMA empty;
SELECT lives_ok($$SELECT boardinghouse.clone_schema('empty', 'empty too', true)$$, 'an empty schema can be cloned');

-- Tenants and the template.
SELECT lives_ok($$SELECT boardinghouse.clone_schema('early', 'backup of early', true)$$, 'a tenant can be cloned');
SELECT results_eq('SELECT n FROM "backup of early".t', $$VALUES ('of early'::text)$$, 'with its rows');
SELECT lives_ok($$SELECT boardinghouse.clone_schema('__template__', 'like the template')$$, 'the template can be cloned');
SELECT is((SELECT count(*) FROM "like the template".t), 0::bigint, 'without its rows');
SELECT is_empty($$SELECT * FROM pg_temp.unlike('like the template')$$, 'and the clone is like it');
ALTER TABLE __template__.t ADD x int;
SELECT hasnt_column('like the template', 't', 'x', 'a clone that is no tenant does not follow the template');
SET LOCAL boardinghouse.allow_drift = on; ALTER TABLE early.t ADD drifted int; RESET boardinghouse.allow_drift;
SELECT boardinghouse.clone_schema('early', 'of a drifted one') \g /dev/null
SELECT has_column('of a drifted one', 't', 'drifted', 'a clone is like its source, not like the template');

-- Where mirroring is off.
SELECT boardinghouse.disable() \g /dev/null
SELECT lives_ok($$SELECT boardinghouse.clone_schema('any one', 'made while off', true)$$, 'schemata can be cloned with the event triggers off');
SELECT is_empty($$SELECT * FROM pg_temp.unlike('made while off', 'any one')$$, 'and are alike');
SELECT lives_ok($$SELECT boardinghouse.create_schema('tenant made while off')$$, 'tenants can be made with the event triggers off');
SELECT is_empty($$SELECT * FROM pg_temp.unlike('tenant made while off')$$, 'and are like the template');
SELECT boardinghouse.enable() \g /dev/null

-- Roles are named by the snapshot, and renamed without an event.
CREATE ROLE regress_policy;
ALTER TABLE __template__.t OWNER TO regress_owner;
CREATE POLICY p ON __template__.t TO regress_policy;
GRANT SELECT ON __template__.t TO regress_reader;
ALTER ROLE regress_owner RENAME TO "regress owner"; ALTER ROLE regress_policy RENAME TO "regress policy"; ALTER ROLE regress_reader RENAME TO "regress reader";
SELECT lives_ok($$SELECT boardinghouse.create_schema('made after roles were renamed')$$, 'tenants can be made after roles were renamed');
SELECT is_empty($$SELECT v.* FROM boardinghouse.verify() AS v WHERE v.schema ~ 'roles'$$, 'and are like the template');
ALTER ROLE "regress owner" RENAME TO regress_owner; ALTER ROLE "regress reader" RENAME TO regress_reader;

-- What fails leaves nothing.
INSERT INTO "any one".a (m) SELECT 'sad' FROM generate_series(1, 3);
CREATE FUNCTION "any one".boom() RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF (SELECT count(*) FROM "any one".a) > 0 AND current_schema <> 'any one' THEN RAISE 'boom'; END IF; RETURN 1; END $$;
CREATE MATERIALIZED VIEW "any one".exploding AS SELECT 1 AS x;
CREATE OR REPLACE FUNCTION "any one".boom() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE 'boom'; END $$;
CREATE MATERIALIZED VIEW "any one".explodes AS SELECT "any one".boom() AS x WITH NO DATA;
UPDATE pg_class SET relispopulated = true WHERE oid = '"any one".explodes'::regclass;
SELECT throws_ok($$SELECT boardinghouse.clone_schema('any one', 'not made', true)$$, 'P0001', 'schema "not made": boom', 'an error while cloning names the new schema');
SELECT hasnt_schema('not made', 'and nothing is left of it');
DROP MATERIALIZED VIEW "any one".explodes;
CREATE TABLE public.outside (id int);
CREATE TABLE "any one".heir () INHERITS (public.outside);
SELECT throws_ok($$SELECT boardinghouse.clone_schema('any one', 'not made')$$, '0A000', 'table "any one".heir in schema "any one" cannot be carried to another schema', 'what is not known is refused, by its name');
DROP TABLE public.outside CASCADE;
SET LOCAL ROLE regress_reader;
SELECT throws_ok($$SELECT boardinghouse.clone_schema('any one', 'not made')$$, '42501', NULL, 'who may not make a schema is refused');
RESET ROLE;

-- Definitions that name their schema although there is no need.
CREATE SCHEMA naming;
CREATE TABLE naming.t (id int);
INSERT INTO naming.t VALUES (1);
CREATE VIEW naming.v AS SELECT naming.t.id FROM naming.t;
SELECT boardinghouse.clone_schema('naming', 'named', true) \g /dev/null
SELECT is(boardinghouse._dependent_outside('naming'), NULL, 'a view with qualified names looks into the clone');

-- describe()
SELECT results_eq($$SELECT d."position", d.kind, d.object, d.ddl FROM boardinghouse.describe('naming') AS d WHERE d.kind <> 'view'$$, $$VALUES (1, 'table', 't', 'CREATE TABLE t (id integer)')$$, 'describe() says how a schema is made');
SELECT is(array_agg(d."position"), array_agg(d.place::integer), 'in order') FROM (SELECT d.*, row_number() OVER () AS place FROM boardinghouse.describe('any one') AS d) AS d;
SELECT is_empty($$SELECT * FROM boardinghouse.describe('empty')$$, 'an empty schema needs nothing');
SELECT ok(EXISTS (SELECT FROM boardinghouse.describe('any one') AS d WHERE d.ddl = 'COMMENT ON SCHEMA "any one" IS ''100 %s'''), 'a statement about the schema itself names it');
SELECT set_eq($$SELECT d.ddl FROM boardinghouse.describe('any one') AS d WHERE d.kind = 'owner'$$, ARRAY(SELECT format('ALTER %s %s OWNER TO %I', CASE WHEN o ~ '\(' THEN 'FUNCTION' WHEN o = 'v' THEN 'VIEW' WHEN o ~ '^(mv|exploding)$' THEN 'MATERIALIZED VIEW' WHEN o = 'mood' THEN 'TYPE' ELSE 'TABLE' END, o, current_user) FROM unnest('{a,b,v,mv,exploding,mood,counted(),touch(),boom()}'::text[]) AS o), 'what belongs to another than the schema is given to him');
CREATE SCHEMA remade;
SET LOCAL check_function_bodies = off;
DO $$
DECLARE
    ddl text;
BEGIN
    FOR ddl IN SELECT d.ddl FROM boardinghouse.describe('any one') AS d LOOP
        SET LOCAL search_path = remade, pg_catalog;
        EXECUTE replace(ddl, '"any one"', 'remade');
    END LOOP;
END $$;
SET LOCAL search_path = public;
SELECT is_empty($$SELECT * FROM boardinghouse.compare('remade', 'any one') AS c WHERE c.object <> 'SCHEMA'$$, 'a schema made by hand as describe() says is the same');
SELECT is(c.there, 'ALTER SCHEMA "any one" OWNER TO regress_owner', 'but for its owner') FROM boardinghouse.compare('remade', 'any one') AS c;
-- What was worked out from the snapshot is kept until that changes.
CREATE FUNCTION pg_temp.recipes() RETURNS text LANGUAGE sql AS $$
    SELECT format('%s, %s of now', count(*), count(*) FILTER (WHERE r.version = v.version))
      FROM boardinghouse.recipe AS r CROSS JOIN boardinghouse.snapshot_version AS v
$$;
CREATE TABLE __template__.kept (id int PRIMARY KEY);
SELECT is(pg_temp.recipes(), '0, 0 of now', 'a change of the template leaves no recipe');
SELECT boardinghouse.create_schema('kept one') \g /dev/null
SELECT is(pg_temp.recipes(), '1, 1 of now', 'a new tenant leaves one');
SELECT boardinghouse.create_schema('kept two') \g /dev/null
SELECT is(pg_temp.recipes(), '1, 1 of now', 'the next is made by it');
UPDATE boardinghouse.recipe SET statements = ARRAY(SELECT ROW(s."position", s.action, s.kind, s.object, s.relation, s.is_late, replace(s.ddl, 'CREATE TABLE kept (', 'CREATE TABLE kept (marked integer, '), s.names_schema)::boardinghouse.statement FROM unnest(statements) AS s);
SELECT boardinghouse.create_schema('kept three') \g /dev/null
SELECT is(ARRAY(SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid WHERE c.relname = 'kept' AND a.attname = 'marked'), '{"\"kept three\".kept"}'::text[], 'by nothing else');
SELECT boardinghouse.drop_schema('kept three') \g /dev/null
COMMENT ON TABLE __template__.kept IS 'still';
SELECT boardinghouse.create_schema('kept three') \g /dev/null
SELECT is(obj_description('"kept three".kept'::regclass), 'still', 'after a change it is worked out anew');
UPDATE boardinghouse.recipe SET version = version - 1, statements = '{}';
SELECT boardinghouse.create_schema('kept four') \g /dev/null
SELECT is_empty($$SELECT * FROM boardinghouse.verify() AS v WHERE v.schema = 'kept four'$$, 'one of another version is not taken');
SELECT * FROM finish();
ROLLBACK;
