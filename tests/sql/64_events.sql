\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE SCHEMA outside;
CREATE TABLE public.shared (id int PRIMARY KEY, title text);
CREATE TABLE __template__.t (id serial PRIMARY KEY, n text DEFAULT 'x');
CREATE TYPE __template__.mood AS ENUM ('sad');
CREATE VIEW __template__.v AS SELECT n FROM __template__.t;
CREATE FUNCTION __template__.f() RETURNS text LANGUAGE sql SET search_path = __template__, public AS 'SELECT n FROM t';
CREATE PROCEDURE __template__.p() LANGUAGE sql SET search_path = "__template__" AS 'SELECT n FROM t';
INSERT INTO early.t (n) VALUES ('early');
CREATE TABLE public.member (schema name REFERENCES boardinghouse.schema ON UPDATE CASCADE ON DELETE CASCADE, who text);
INSERT INTO public.member VALUES ('early', 'Ann'), ('late 1', 'Bob');
CREATE FUNCTION pg_temp.registry() RETURNS SETOF text LANGUAGE sql AS $$ SELECT concat_ws(' | ', r.schema, r.name, r.is_active) FROM boardinghouse.schema AS r WHERE r.schema !~ 'Brien' $$;

-- A tenant renamed by hand.
ALTER SCHEMA early RENAME TO "Early %s";
SELECT set_eq('SELECT * FROM pg_temp.registry()', $$VALUES ('Early %s | Early | t'), ('late 1 | Late | t')$$, 'the registry follows a schema that is renamed by hand');
SELECT set_eq('SELECT * FROM public.member', $$VALUES ('Early %s'::name, 'Ann'::text), ('late 1', 'Bob')$$, 'so does who refers to it');
SELECT is("Early %s".f(), 'early', 'so do functions that name their schema in search_path');
SELECT set_eq($$SELECT unnest(p.proconfig) FROM pg_proc AS p WHERE p.pronamespace = '"Early %s"'::regnamespace$$, $$VALUES ('search_path="Early %s", public'), ('search_path="Early %s"')$$, 'and procedures');
SELECT is((SELECT count(*) FROM boardinghouse.progress AS p WHERE p.schema = 'Early %s'), 1::bigint, 'and how far it has come');
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'it is a tenant as before');
SELECT lives_ok('ALTER TABLE __template__.t ADD after_rename int', 'the next change of the template');
SELECT has_column('Early %s', 't', 'after_rename', 'reaches it under its new name');
SAVEPOINT renamed;
ALTER SCHEMA "Early %s" RENAME TO gone_again;
ROLLBACK TO renamed;
SELECT is((SELECT count(*) FROM boardinghouse.schema AS r WHERE r.schema = 'Early %s'), 1::bigint, 'a rename that is rolled back is rolled back in the registry');
ALTER SCHEMA "late 1" RENAME TO tmp; ALTER SCHEMA "Early %s" RENAME TO "late 1"; ALTER SCHEMA tmp RENAME TO early;
SELECT set_eq('SELECT * FROM public.member', $$VALUES ('late 1'::name, 'Ann'::text), ('early', 'Bob')$$, 'tenants may change their names');
SELECT is("late 1".f(), 'early', 'and what is in them');
SELECT pg_temp.alike('all are alike after that');
SELECT throws_ok('ALTER SCHEMA early RENAME TO public', '42P06', NULL, 'a name that is taken is refused');
ALTER SCHEMA outside RENAME TO "out side"; ALTER SCHEMA "out side" RENAME TO outside;
SELECT is((SELECT count(*) FROM boardinghouse.schema), 4::bigint, 'a rename of another schema is no one''s concern');

-- A tenant dropped by hand.
SELECT throws_ok('DROP SCHEMA "late 1"', '2BP01', NULL, 'a tenant with tables needs CASCADE');
DROP SCHEMA "late 1" CASCADE;
SELECT is_empty($$SELECT * FROM boardinghouse.schema AS r WHERE r.schema = 'late 1'$$, 'the registry follows a schema that is dropped by hand');
SELECT is_empty($$SELECT * FROM boardinghouse.location AS l WHERE l.schema = 'late 1' UNION ALL SELECT 0, p.schema FROM boardinghouse.progress AS p WHERE p.schema = 'late 1'$$, 'and all that the extension knows of it');
SELECT set_eq('SELECT * FROM public.member', $$VALUES ('early'::name, 'Bob'::text)$$, 'so does who refers to it');
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'all is well');
CREATE SCHEMA "late 1";
SELECT is_empty($$SELECT * FROM boardinghouse.schema AS r WHERE r.schema = 'late 1'$$, 'a schema of its name is no tenant');
DROP SCHEMA "late 1";
SELECT lives_ok('ALTER TABLE __template__.t ADD after_drop int', 'the next change of the template does without it');
SAVEPOINT dropped;
DROP SCHEMA early CASCADE;
ROLLBACK TO dropped;
SELECT is((SELECT count(*) FROM boardinghouse.schema AS r WHERE r.schema = 'early'), 1::bigint, 'a drop that is rolled back is rolled back in the registry');

-- The template stays.
SELECT throws_ok('ALTER SCHEMA __template__ RENAME TO other', '55000', 'the template cannot be renamed', 'the template cannot be renamed');
SELECT throws_ok('DROP SCHEMA __template__ CASCADE', '55000', 'the template cannot be dropped', 'the template cannot be dropped');
SELECT throws_ok('DROP SCHEMA __template__', '2BP01', NULL, 'nor without CASCADE');
SELECT throws_ok('DROP SCHEMA early, __template__ CASCADE', '55000', 'the template cannot be dropped', 'nor with a tenant');
SELECT is((SELECT hint FROM pg_temp.failure('DROP SCHEMA __template__ CASCADE')), 'SELECT boardinghouse.disable(); first.', 'the hint says how it is done');
ALTER EXTENSION pgtap ADD TABLE public.shared;
SELECT lives_ok('ALTER EXTENSION pgtap DROP TABLE public.shared', 'extensions elsewhere are no one''s concern');
SELECT throws_ok('ALTER EXTENSION pgtap SET SCHEMA __template__', '0A000', 'an extension cannot be created in the template', 'an extension cannot be moved into the template');

-- Nothing is moved out of it.
SELECT throws_ok('ALTER TABLE __template__.t SET SCHEMA outside', '55000', NULL, 'a table cannot be moved out of the template');
SELECT throws_ok('ALTER VIEW __template__.v SET SCHEMA outside', '55000', 'view outside.v cannot be moved out of the template', 'nor a view');
SELECT throws_ok('ALTER TYPE __template__.mood SET SCHEMA outside', '55000', NULL, 'nor a type');
SELECT throws_ok('ALTER FUNCTION __template__.f SET SCHEMA early', '42723', NULL, 'nor a function to a tenant that has it');
SELECT throws_ok('ALTER FUNCTION __template__.f SET SCHEMA outside', '55000', NULL, 'nor a function');
SELECT throws_ok('ALTER PROCEDURE __template__.p SET SCHEMA public', '55000', NULL, 'nor a procedure');
CREATE SEQUENCE __template__.free;
SELECT throws_ok('ALTER SEQUENCE __template__.free SET SCHEMA outside', '55000', NULL, 'nor a sequence');
SELECT pg_temp.alike('what was refused has changed nothing');

-- What is moved into it.
CREATE TABLE outside.moved (id serial PRIMARY KEY, shared_id int REFERENCES public.shared, CHECK (id > 0));
INSERT INTO outside.moved DEFAULT VALUES;
CREATE TYPE outside.kind AS ENUM ('a');
CREATE FUNCTION outside.moving() RETURNS outside.kind LANGUAGE sql AS 'SELECT ''a''::outside.kind';
SELECT pg_temp.mirrored('ALTER TABLE outside.moved SET SCHEMA __template__', 'a table that is moved into the template is made in every tenant, with its sequence');
SELECT is((SELECT count(*) FROM early.moved), 0::bigint, 'its rows are not');
SELECT pg_temp.mirrored('ALTER TYPE outside.kind SET SCHEMA __template__; ALTER FUNCTION outside.moving SET SCHEMA __template__', 'types and functions that are moved into the template are made in every tenant');

-- Drift.
CREATE FUNCTION pg_temp.drift(ddl text, description text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    refused record; is_told boolean;
BEGIN
    SELECT * INTO refused FROM pg_temp.failure(ddl);
    BEGIN
        SET LOCAL boardinghouse.allow_drift = on;
        EXECUTE ddl;
        SET LOCAL boardinghouse.allow_drift = off;
        is_told := EXISTS (SELECT FROM boardinghouse.verify() AS v WHERE v.schema = 'early' AND v.problem = 'differs from the template');
        RAISE SQLSTATE 'BH002';
    EXCEPTION WHEN SQLSTATE 'BH002' THEN NULL;
    END;
    RETURN ok(coalesce(refused.state = '55000' AND refused.message = 'schema "early" would differ from the template' AND refused.detail <> '' AND refused.hint ~ 'allow_drift' AND is_told, false), description)
           || CASE WHEN refused.state = '55000' AND is_told THEN '' ELSE E'\n' || diag(concat(refused, is_told)) END;
END $$;
SELECT pg_temp.drift('ALTER TABLE early.t ADD x int', 'a column that only a tenant has is refused, unless drift is allowed');
SELECT pg_temp.drift('ALTER TABLE early.t DROP n CASCADE', 'a column that is dropped in a tenant');
SELECT pg_temp.drift('ALTER TABLE early.t ALTER n SET NOT NULL', 'NOT NULL');
SELECT pg_temp.drift('ALTER TABLE early.t ALTER n SET DEFAULT ''y''', 'a default');
SELECT pg_temp.drift('ALTER TABLE early.t ADD CHECK (id > 1)', 'a constraint');
SELECT pg_temp.drift('ALTER TABLE early.t DROP CONSTRAINT t_pkey', 'a constraint that is dropped');
SELECT pg_temp.drift('ALTER TABLE early.t RENAME TO u', 'a table that is renamed');
SELECT pg_temp.drift('ALTER TABLE early.t RENAME n TO m', 'a column that is renamed');
SELECT pg_temp.drift('DROP TABLE early.t CASCADE', 'a table that is dropped');
SELECT pg_temp.drift('DROP VIEW early.v', 'a view that is dropped');
SELECT pg_temp.drift('CREATE OR REPLACE VIEW early.v AS SELECT ''x''::text AS n', 'a view that is replaced');
SELECT pg_temp.drift('CREATE OR REPLACE FUNCTION early.moving() RETURNS early.kind LANGUAGE sql AS ''SELECT NULL::early.kind''', 'a function that is replaced');
SELECT pg_temp.drift('DROP FUNCTION early.moving()', 'a function that is dropped');
SELECT pg_temp.drift('ALTER TYPE early.mood RENAME VALUE ''sad'' TO ''bad''', 'the label of an enum');
SELECT pg_temp.drift('ALTER TYPE early.mood ADD VALUE ''more''', 'a label that is added');
SELECT pg_temp.drift('CREATE TRIGGER g BEFORE UPDATE ON early.t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()', 'a trigger');
SELECT pg_temp.drift('CREATE RULE r AS ON DELETE TO early.t DO INSTEAD NOTHING', 'a rule');
SELECT pg_temp.drift('CREATE POLICY p ON early.t', 'a policy');
SELECT pg_temp.drift('ALTER TABLE early.t ENABLE ROW LEVEL SECURITY', 'row-level security');
SELECT pg_temp.drift('COMMENT ON TABLE early.t IS ''x''', 'a comment');
SELECT pg_temp.drift('ALTER SEQUENCE early.t_id_seq INCREMENT 3', 'a sequence');
SELECT pg_temp.drift('ALTER INDEX early.t_pkey SET (fillfactor = 50)', 'a storage parameter of an index');
SELECT pg_temp.drift('DO $x$ BEGIN EXECUTE ''ALTER TABLE early.t ADD x int''; END $x$', 'a column added by a DO block');
SELECT pg_temp.drift('DROP SEQUENCE early.free', 'a sequence that is dropped');
SET LOCAL search_path = early, public;
SELECT pg_temp.drift('ALTER TABLE t ADD x int', 'a column added while the tenant is selected');
SET LOCAL search_path = public;
SELECT pg_temp.alike('what was refused has changed nothing');
SELECT lives_ok('REINDEX TABLE early.t', 'REINDEX of a tenant is no drift');
SELECT lives_ok('CREATE TEMPORARY TABLE t (id int); DROP TABLE pg_temp.t', 'temporary tables are no one''s concern');
GRANT SELECT ON early.t TO PUBLIC;
SELECT isnt_empty($$SELECT * FROM boardinghouse.verify() AS v WHERE v.kind = 'grant'$$, 'a grant in a tenant is not refused, but verify() tells it');
REVOKE SELECT ON early.t FROM PUBLIC;
SELECT lives_ok(format('SET LOCAL boardinghouse.allow_drift = %L; ALTER TABLE early.t ADD drifted int; ALTER TABLE early.t DROP drifted', s.setting), format('boardinghouse.allow_drift = ''%s'' allows drift', s.setting))
  FROM (VALUES (1, 'on'), (2, 'true'), (3, '1'), (4, 'YES')) AS s (place, setting) ORDER BY s.place;
SELECT throws_ok(format('SET LOCAL boardinghouse.allow_drift = %L; ALTER TABLE early.t ADD drifted int', s.setting), '55000', NULL, format('boardinghouse.allow_drift = ''%s'' does not', s.setting))
  FROM (VALUES (1, ''), (2, 'off'), (3, 'false')) AS s (place, setting) ORDER BY s.place;
SET LOCAL boardinghouse.allow_drift = on;
ALTER TABLE early.t ADD drifted int;
SET LOCAL boardinghouse.allow_drift = off;
SELECT throws_ok('ALTER TABLE __template__.t ADD drifted text', '42701', 'schema "early": column "drifted" of relation "t" already exists', 'a change of the template that does not fit a tenant that differs is refused, naming it');
SELECT lives_ok('ALTER TABLE __template__.t ADD fits text', 'one that fits is mirrored');
SELECT has_column('early', 't', 'fits', 'into the tenant that differs, too');
SELECT lives_ok('ALTER TABLE early.t DROP drifted', 'what makes a tenant like the template again is no drift');
SELECT pg_temp.alike('it is like the template again');

-- A tenant's own objects.
CREATE TABLE early.own (id int PRIMARY KEY, t_id int REFERENCES early.t);
ALTER TABLE early.own ADD n text; CREATE INDEX own_idx ON early.t (n); CREATE VIEW early.own_v AS SELECT n FROM early.t; COMMENT ON TABLE early.own IS 'o'; ALTER TABLE early.own RENAME TO own2;
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'a tenant may do what it wants with its own objects');
ALTER TABLE __template__.t RENAME fits TO fitted;
ALTER TABLE __template__.t RENAME TO renamed;
ALTER SCHEMA early RENAME TO earliest;
SELECT boardinghouse.rename_schema('earliest', 'early') \g /dev/null
SELECT boardinghouse.disable() \g /dev/null
SELECT boardinghouse.enable() \g /dev/null
SELECT boardinghouse.repair('early', true) \g /dev/null
SELECT boardinghouse.unregister_schema('early') \g /dev/null
SELECT boardinghouse.register_schema('early') \g /dev/null
SELECT ok(to_regclass('early.own2') IS NOT NULL AND to_regclass('early.own_idx') IS NOT NULL AND to_regclass('early.own_v') IS NOT NULL, 'they survive changes, renames, disable and enable, repair, unregister and register');
DROP VIEW early.own_v; DROP TABLE early.own2; DROP INDEX early.own_idx;
ALTER TABLE __template__.renamed RENAME TO t;
SELECT pg_temp.alike('what is its own may be dropped');

-- Casts.
CREATE FUNCTION outside.to_mood(text) RETURNS __template__.mood LANGUAGE sql AS 'SELECT NULL::__template__.mood';
SELECT throws_ok('CREATE CAST (text AS __template__.mood) WITH FUNCTION outside.to_mood(text)', '42P17', NULL, 'a cast by a function that makes no tenant''s type fails');
SELECT pg_temp.mirrored('CREATE CAST (__template__.mood AS int) WITH INOUT', 'a cast from a type of the template is made in every tenant');
SELECT lives_ok('CREATE TYPE outside.other AS ENUM (''a''); CREATE CAST (outside.other AS text) WITH INOUT AS IMPLICIT', 'casts of other types are not');
DROP FUNCTION outside.to_mood;

-- Members of extensions.
CREATE FUNCTION __template__.joining() RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT throws_ok('ALTER EXTENSION plpgsql ADD FUNCTION __template__.joining()', '0A000', 'function __template__.joining() of the template cannot become a member of an extension', 'nothing of the template becomes a member of an extension');
SET LOCAL boardinghouse.allow_drift = on;
CREATE FUNCTION outside.leaving() RETURNS int LANGUAGE sql AS 'SELECT 2';
ALTER EXTENSION plpgsql ADD FUNCTION outside.leaving();
UPDATE pg_proc SET pronamespace = '__template__'::regnamespace WHERE proname = 'leaving';
UPDATE pg_depend SET refobjid = '__template__'::regnamespace WHERE classid = 'pg_proc'::regclass AND objid = '__template__.leaving'::regproc AND refclassid = 'pg_namespace'::regclass;
RESET boardinghouse.allow_drift;
SELECT pg_temp.mirrored('ALTER EXTENSION plpgsql DROP FUNCTION __template__.leaving()', 'what an extension lets go in the template is made in every tenant');

-- Shared objects that the template names.
CREATE SCHEMA lib;
CREATE TYPE lib.shade AS ENUM ('dark');
CREATE DOMAIN lib.word AS text;
CREATE SEQUENCE lib.counter;
CREATE FUNCTION lib.norm(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE TABLE lib.land (id int PRIMARY KEY, title text);
CREATE COLLATION lib.mine FROM "C";
CREATE TABLE __template__.uses (id int DEFAULT nextval('lib.counter'), s lib.shade DEFAULT 'dark', w lib.word, n text COLLATE lib.mine DEFAULT lib.norm('x'), land_id int REFERENCES lib.land);
CREATE INDEX ON __template__.uses (lib.norm(n));
CREATE VIEW __template__.looks AS SELECT l.title, lib.norm(u.n) AS n, u.s, ARRAY[u.s] AS all_s, u.w FROM __template__.uses AS u JOIN lib.land AS l ON l.id = u.land_id;
SELECT pg_temp.alike('shared objects are named by template and tenants');
SELECT pg_temp.mirrored('ALTER TYPE lib.shade RENAME TO tint', 'a shared type is renamed');
SELECT pg_temp.mirrored('ALTER TYPE lib.tint RENAME VALUE ''dark'' TO ''black''', 'a label of a shared type is renamed');
SELECT pg_temp.mirrored('ALTER DOMAIN lib.word RENAME TO phrase', 'a shared domain is renamed');
SELECT pg_temp.mirrored('ALTER SEQUENCE lib.counter RENAME TO count', 'a shared sequence is renamed');
SELECT pg_temp.mirrored('ALTER FUNCTION lib.norm RENAME TO normal', 'a shared function is renamed');
SELECT pg_temp.mirrored('ALTER TABLE lib.land RENAME title TO name', 'a column of a shared table is renamed');
SELECT pg_temp.mirrored('ALTER TABLE lib.land RENAME TO country', 'a shared table is renamed');
SELECT pg_temp.mirrored('ALTER COLLATION lib.mine RENAME TO yours', 'a shared collation is renamed');
SELECT pg_temp.mirrored('ALTER TABLE lib.country SET SCHEMA outside; ALTER FUNCTION lib.normal SET SCHEMA outside; ALTER TYPE lib.tint SET SCHEMA outside', 'shared objects are moved to another schema');
SELECT pg_temp.mirrored('ALTER SCHEMA lib RENAME TO library; ALTER SCHEMA outside RENAME TO "out side"', 'schemata of shared objects are renamed');
-- An extension, with the function in it; pgTAP's own are not there meanwhile.
CREATE SCHEMA elsewhere;
ALTER FUNCTION "out side".normal SET SCHEMA public;
ALTER EXTENSION pgtap ADD FUNCTION public.normal(text);
ALTER EXTENSION pgtap SET SCHEMA elsewhere;
SELECT boardinghouse.create_schema('after the move') \g /dev/null
SELECT count(*) AS problems FROM boardinghouse.verify() \gset
ALTER EXTENSION pgtap SET SCHEMA public;
SELECT is(:problems, 0, 'an extension that the template uses is moved to another schema');
ALTER EXTENSION pgtap DROP FUNCTION public.normal(text);
SELECT boardinghouse.drop_schema('after the move') \g /dev/null
ALTER TABLE __template__.uses ADD more int;
SELECT pg_temp.alike('the next change is mirrored after that');
SELECT pg_temp.mirrored('DROP SCHEMA library CASCADE', 'shared objects are dropped with what uses them in template and tenants');

-- One name in public and in the template: which is meant would depend on search_path.
CREATE FUNCTION pg_temp.twin(ddl text, name text, place text, description text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    message text;
    detail text;
    hint text;
    state text;
BEGIN
    BEGIN
        EXECUTE ddl;
        RAISE SQLSTATE 'BH002';
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    END;
    RETURN is(concat_ws(' | ', state, message, (detail <> '')::text, (hint <> '')::text), format('42P07 | relation "%s" already exists in schema "%s" | true | true', name, place), description);
END $$;
CREATE TABLE __template__.own (id serial PRIMARY KEY, n int);
CREATE TABLE public.every (id serial PRIMARY KEY);
CREATE TABLE __template__."a b" (id int);
CREATE SCHEMA beside;
CREATE TABLE beside.own (id int);
CREATE TABLE beside.every (id int);
SELECT pg_temp.twin('CREATE TABLE __template__.every (id int)', 'every', 'public', 'a table that public has is refused in the template');
SELECT pg_temp.twin('CREATE TABLE public.own (id int)', 'own', '__template__', 'a table that the template has is refused in public');
SELECT pg_temp.twin('CREATE TABLE public."a b" (id int)', 'a b', '__template__', 'also under a name that is to quote');
SELECT pg_temp.twin('CREATE VIEW public.own AS SELECT 1 AS one', 'own', '__template__', 'so is a view');
SELECT pg_temp.twin('CREATE MATERIALIZED VIEW __template__.every AS SELECT 1 AS one', 'every', 'public', 'a materialized view');
SELECT pg_temp.twin('CREATE TABLE public.own (id int) PARTITION BY RANGE (id)', 'own', '__template__', 'a partitioned table');
SELECT pg_temp.twin('CREATE FOREIGN DATA WRAPPER regress_fdw; CREATE SERVER regress_server FOREIGN DATA WRAPPER regress_fdw; CREATE FOREIGN TABLE public.own (id int) SERVER regress_server', 'own', '__template__', 'a foreign table');
SELECT pg_temp.twin('CREATE SEQUENCE public.own_id_seq', 'own_id_seq', '__template__', 'a sequence');
SELECT pg_temp.twin('CREATE TABLE public.own AS SELECT 1 AS one', 'own', '__template__', 'what CREATE TABLE AS makes');
SELECT pg_temp.twin('SELECT 1 AS one INTO public.own', 'own', '__template__', 'what SELECT INTO makes');
SELECT pg_temp.twin('ALTER TABLE public.shared RENAME TO own', 'own', '__template__', 'a rename in public');
SELECT pg_temp.twin('ALTER TABLE __template__.own RENAME TO every', 'every', 'public', 'a rename in the template');
SELECT pg_temp.twin('ALTER TABLE beside.own SET SCHEMA public', 'own', '__template__', 'a move into public');
SELECT pg_temp.twin('ALTER TABLE beside.every SET SCHEMA __template__', 'every', 'public', 'a move into the template');
SELECT pg_temp.twin('CREATE TABLE beside.taken (id int); CREATE SEQUENCE beside.every_id_seq OWNED BY beside.taken.id; ALTER TABLE beside.taken SET SCHEMA __template__', 'every_id_seq', 'public', 'a sequence that is moved along');
SELECT pg_temp.twin('ALTER SCHEMA public RENAME TO before; ALTER SCHEMA beside RENAME TO public', 'own', 'public', 'a schema that becomes public');
SELECT pg_temp.twin('SET LOCAL boardinghouse.allow_drift = on; CREATE TABLE public.own (id int)', 'own', '__template__', 'boardinghouse.allow_drift is about tenants');
SELECT pg_temp.twin('CREATE VIEW __template__.pg_all_foreign_keys AS SELECT 1 AS one', 'pg_all_foreign_keys', 'public', 'a member of an extension counts');
SELECT lives_ok('CREATE TABLE early.every (id int); CREATE TEMPORARY TABLE own (id int); CREATE INDEX shared ON __template__.own (n); CREATE TYPE public.mood AS (id int)', 'a tenant''s own, a temporary table, an index and a type are not found in place of another');
DROP TABLE early.every, pg_temp.own; DROP TYPE public.mood;
SELECT lives_ok('CREATE TABLE public.in_turn (id int); DROP TABLE public.in_turn; CREATE TABLE __template__.in_turn (id int); DROP TABLE __template__.in_turn', 'one after the other may have a name');
SELECT pg_temp.alike('what was refused has changed nothing');

-- DDL that is no one's concern, and who cannot see the extension.
CREATE ROLE regress_stranger;
GRANT CREATE ON SCHEMA public TO regress_stranger;
GRANT CREATE, USAGE ON SCHEMA __template__ TO regress_stranger;
SET LOCAL ROLE regress_stranger;
SELECT lives_ok('CREATE TABLE public.of_stranger (id int PRIMARY KEY); ALTER TABLE public.of_stranger ADD x text; CREATE VIEW public.v_of_stranger AS SELECT 1 AS one; GRANT SELECT ON public.of_stranger TO PUBLIC; DROP VIEW public.v_of_stranger; DROP TABLE public.of_stranger', 'a role with no rights runs DDL outside');
SELECT lives_ok('CREATE TEMPORARY TABLE mine (id serial); DROP TABLE mine', 'and makes temporary tables');
SELECT throws_ok('CREATE TABLE __template__.of_stranger (id int)', '42501', NULL, 'who does not own the template is refused there');
RESET ROLE;
REVOKE USAGE ON SCHEMA boardinghouse FROM PUBLIC;
SET LOCAL ROLE regress_stranger;
SELECT lives_ok('CREATE TABLE public.of_stranger (id int); DROP TABLE public.of_stranger', 'without USAGE on boardinghouse DDL outside runs, too');
SELECT throws_ok('CREATE TABLE __template__.of_stranger (id int)', '42501', 'permission denied for schema boardinghouse', 'and is refused in the template');
RESET ROLE;
GRANT USAGE ON SCHEMA boardinghouse TO PUBLIC;
SELECT pg_temp.alike('what was refused has changed nothing in the end');
SELECT * FROM finish();
ROLLBACK;
