\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE ROLE regress_owner;
CREATE ROLE regress_other;
CREATE ROLE regress_member IN ROLE regress_owner;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO regress_owner', current_database()); END $$;
CREATE TABLE __template__.t (id int PRIMARY KEY, n text);
INSERT INTO early.t VALUES (1, 'x');

-- What PUBLIC may call and read.
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc AS p WHERE p.pronamespace = 'boardinghouse'::regnamespace AND p.proacl IS NULL$$, 'who may call a function is said for each');
SELECT set_eq($$SELECT p.proname FROM pg_proc AS p WHERE p.pronamespace = 'boardinghouse'::regnamespace AND NOT has_function_privilege('regress_other', p.oid, 'EXECUTE')$$,
    $$VALUES ('_absorb'::name), ('_forget_recipes'), ('_place'), ('_register'), ('_take_snapshot'), ('_unregister')$$, 'everybody may call all but the functions that write what a caller asks for');
SELECT set_eq($$SELECT p.proname FROM pg_proc AS p WHERE p.pronamespace = 'boardinghouse'::regnamespace AND p.prosecdef AND has_function_privilege('regress_other', p.oid, 'EXECUTE')$$,
    $$VALUES ('_follow_names'::name), ('_privileges_differ'), ('_refresh_roles'), ('_reword'), ('_template_recipe'), ('_trust_owner')$$, 'of those that run in the rights of the extension''s owner, only what notes what the catalog says');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc AS p WHERE p.pronamespace = 'boardinghouse'::regnamespace AND p.prosecdef AND 'text' = ANY (p.proargtypes::regtype[]::text[]) AND has_function_privilege('regress_other', p.oid, 'EXECUTE')$$, 'and none of these takes a text from its caller');
SELECT set_eq($$SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'boardinghouse'::regnamespace AND c.relkind IN ('r', 'v', 'S') AND NOT has_table_privilege('regress_other', c.oid, 'SELECT')$$, $$VALUES ('change'::name), ('change_id_seq')$$, 'everybody may read all but the journal');
SELECT is_empty($$SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'boardinghouse'::regnamespace AND c.relkind IN ('r', 'v') AND (has_table_privilege('regress_other', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') OR has_any_column_privilege('regress_other', c.oid, 'INSERT, UPDATE, REFERENCES'))$$, 'nobody may write anything directly');
SELECT ok(NOT has_sequence_privilege('regress_other', 'boardinghouse.change_id_seq', 'USAGE, UPDATE'), 'nor move the journal''s sequence');
SELECT set_eq($$SELECT a.attname FROM pg_attribute AS a WHERE a.attrelid = 'boardinghouse.change'::regclass AND a.attnum > 0 AND has_column_privilege('regress_other', a.attrelid, a.attnum, 'SELECT')$$, $$VALUES ('id'::name), ('changed_at'), ('is_deferred')$$, 'of the journal everybody may see when, not what');
SELECT ok(has_schema_privilege('regress_other', 'boardinghouse', 'USAGE') AND NOT has_schema_privilege('regress_other', 'boardinghouse', 'CREATE'), 'everybody may use the schema, nobody create in it');

-- A role with no rights.
CREATE FUNCTION pg_temp.refused(call text, description text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found record;
    before CONSTANT bigint := (SELECT count(*) FROM pg_namespace AS n);
BEGIN
    SELECT * INTO found FROM pg_temp.failure(call);
    RETURN ok(found.state IS NOT DISTINCT FROM '42501' AND (SELECT count(*) FROM pg_namespace AS n) = before, description)
           || CASE WHEN found.state IS DISTINCT FROM '42501' THEN E'\n' || diag(concat(found)) ELSE '' END;
END $$;
GRANT USAGE, CREATE ON SCHEMA __template__ TO regress_other;
SET LOCAL ROLE regress_other;
SELECT pg_temp.refused(c.call, format('without rights, %s is refused', c.what))
  FROM (VALUES (1, $$SELECT boardinghouse.create_schema('mine')$$, 'create_schema'), (2, $$SELECT boardinghouse.rename_schema('early', 'mine')$$, 'rename_schema'),
               (3, $$SELECT boardinghouse.drop_schema('early')$$, 'drop_schema'), (4, $$SELECT boardinghouse.register_schema('public2')$$, 'register_schema'),
               (5, $$SELECT boardinghouse.unregister_schema('early')$$, 'unregister_schema'), (6, $$SELECT boardinghouse.clone_schema('early', 'mine')$$, 'clone_schema'),
               (7, $$SELECT boardinghouse.execute('ALTER TABLE t ADD x int')$$, 'execute'), (8, $$SELECT boardinghouse.execute('CREATE TABLE mine (id int)')$$, 'execute of what he could do'),
               (9, $$SELECT boardinghouse.for_each_schema('DELETE FROM early.t')$$, 'for_each_schema'), (10, 'SELECT boardinghouse.enable()', 'enable'),
               (11, 'SELECT boardinghouse.disable()', 'disable'), (12, 'CREATE TABLE __template__.mine (id int)', 'DDL in the template'),
               (13, 'INSERT INTO boardinghouse.schema (schema, name) VALUES (''mine'', ''x'')', 'INSERT into the registry'), (14, 'UPDATE boardinghouse.schema SET name = ''x''', 'UPDATE of the registry'),
               (15, 'DELETE FROM boardinghouse.schema', 'DELETE from the registry'), (16, 'SELECT statements FROM boardinghouse.change', 'reading the journal'), (17, 'TRUNCATE boardinghouse.snapshot', 'TRUNCATE of the snapshot'),
               (18, $$SELECT boardinghouse._register('public', 'x')$$, 'what writes the registry'), (19, $$SELECT boardinghouse._absorb(NULL, false, 'x', 'x', 'x', '{}')$$, 'what writes the journal'),
               (20, 'SET LOCAL boardinghouse.registering = on; DELETE FROM boardinghouse.schema', 'DELETE under a setting of the extension''s own'),
               (21, 'CREATE TABLE public.m (s name REFERENCES boardinghouse.schema)', 'a foreign key to the registry')) AS c (place, call, what)
 ORDER BY c.place;
SELECT isnt_empty('SELECT * FROM boardinghouse.schema', 'but the registry may be read');
SELECT lives_ok('SELECT boardinghouse._follow_names(); SELECT boardinghouse._trust_owner(); SELECT boardinghouse._reword(''{}'', ''{}'')', 'what notes what the catalog says may be called');
RESET ROLE;
SELECT pg_temp.alike('nothing has changed by all that');

-- Who owns the template.
SELECT boardinghouse.drop_schema(r.schema) FROM boardinghouse.schema AS r \g /dev/null
ALTER SCHEMA __template__ OWNER TO regress_owner;
ALTER TABLE __template__.t OWNER TO regress_owner;
SELECT ok(has_function_privilege('regress_owner', 'boardinghouse._register(text, text)', 'EXECUTE') AND has_table_privilege('regress_owner', 'boardinghouse.change', 'SELECT'), 'who becomes the owner of the template is trusted at once');
CREATE TABLE public.shared (id int PRIMARY KEY);
GRANT REFERENCES, SELECT ON public.shared TO regress_owner;
GRANT CREATE ON SCHEMA public TO regress_owner;
SET LOCAL ROLE regress_owner;
SELECT lives_ok($$SELECT boardinghouse.create_schema('acme', 'Acme')$$, 'the owner of the template makes tenants');
SELECT lives_ok($$CREATE TYPE __template__.mood AS ENUM ('a'); CREATE TABLE __template__.u (id serial PRIMARY KEY, m __template__.mood, s int REFERENCES public.shared); ALTER TABLE __template__.t ADD x int; CREATE INDEX ON __template__.t (x); CREATE VIEW __template__.v AS SELECT x FROM __template__.t; COMMENT ON TABLE __template__.u IS 'u'; GRANT SELECT ON __template__.t TO regress_other; ALTER TABLE __template__.t RENAME n TO m; DROP VIEW __template__.v$$, 'changes the template');
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'and every tenant with it');
SELECT lives_ok($$SELECT boardinghouse.rename_schema('acme', 'acme2')$$, 'renames a tenant');
SELECT lives_ok($$ALTER SCHEMA acme2 RENAME TO acme$$, 'by hand, too');
SELECT lives_ok($$UPDATE boardinghouse.schema SET name = 'Acme Ltd', is_active = true$$, 'shows it by another name');
SELECT throws_ok($$UPDATE boardinghouse.schema SET schema = 'x'$$, '42501', NULL, 'but may not write what is not his');
SELECT throws_ok($$UPDATE boardinghouse.schema SET created_at = now()$$, '42501', NULL, 'nor when it was made');
SELECT throws_ok($$DELETE FROM boardinghouse.schema$$, '42501', NULL, 'nor delete');
SELECT throws_ok($$INSERT INTO boardinghouse.change (author, command, settings, statements) VALUES ('x', 'x', '{}', '[]')$$, '42501', NULL, 'nor write the journal');
SELECT lives_ok('CREATE TABLE public.member (s name REFERENCES boardinghouse.schema ON UPDATE CASCADE ON DELETE CASCADE)', 'refers to it by foreign keys');
SELECT is((SELECT c.author FROM boardinghouse.change AS c ORDER BY c.id DESC LIMIT 1), 'regress_owner', 'reads the journal, which names him');
SELECT lives_ok($$SELECT boardinghouse.unregister_schema('acme'); SELECT boardinghouse.register_schema('acme')$$, 'lets a tenant go, and takes it in');
SELECT lives_ok($$SELECT boardinghouse.execute('ALTER TABLE u ADD y int')$$, 'uses execute()');
SELECT lives_ok($$SELECT boardinghouse.for_each_schema('INSERT INTO t (id) VALUES (3)')$$, 'and for_each_schema()');
SELECT lives_ok('SELECT boardinghouse.enable()', 'and enable(), where there are the event triggers');
SELECT throws_ok('SELECT boardinghouse.disable()', '42501', NULL, 'disable() is for who owns the event triggers');
SET LOCAL boardinghouse.allow_drift = on; ALTER TABLE acme.t ADD drifted int; SET LOCAL boardinghouse.allow_drift = off;
SELECT lives_ok($$SELECT boardinghouse.repair('acme', true)$$, 'repairs a tenant');
SELECT lives_ok($$SELECT boardinghouse.clone_schema('acme', 'backup', true); DROP SCHEMA backup CASCADE$$, 'clones it');
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'and finds all well');
RESET ROLE;
SELECT is_empty($$SELECT c.relname FROM pg_class AS c WHERE c.relnamespace IN ('acme'::regnamespace, '__template__'::regnamespace) AND pg_get_userbyid(c.relowner) <> 'regress_owner'$$, 'all of it is his');
SET LOCAL ROLE regress_member;
SELECT lives_ok('ALTER TABLE __template__.t ADD by_member int', 'a member of the owner changes the template') ;
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'and every tenant with it');
RESET ROLE;
SELECT lives_ok($$ALTER TABLE __template__.t ADD by_superuser int; CREATE TABLE __template__.of_superuser (id int)$$, 'a superuser changes the template');
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'and all are alike');

-- What is another's cannot be taken in.
CREATE SCHEMA foreign_one; 
SET LOCAL ROLE regress_owner;
SELECT throws_ok($$SELECT boardinghouse.register_schema('foreign_one')$$, '42501', 'must be owner of schema foreign_one', 'a schema of another role is not taken in');
SELECT throws_ok($$SELECT boardinghouse._register('foreign_one', 'x')$$, '42501', 'must be owner of schema foreign_one', 'not by what writes the registry, either');
RESET ROLE;

-- Given to another.
ALTER SCHEMA __template__ OWNER TO regress_other;
SELECT ok(NOT has_function_privilege('regress_owner', 'boardinghouse._register(text, text)', 'EXECUTE') AND NOT has_column_privilege('regress_owner', 'boardinghouse.schema', 'name', 'UPDATE') AND NOT has_table_privilege('regress_owner', 'boardinghouse.change', 'SELECT'), 'who no longer owns the template is no longer trusted');
SELECT ok(has_function_privilege('regress_other', 'boardinghouse._register(text, text)', 'EXECUTE'), 'who owns it now is');
SET LOCAL ROLE regress_owner;
SELECT throws_ok($$SELECT boardinghouse.create_schema('x')$$, '42501', NULL, 'the former owner makes no tenants');
SELECT throws_ok('ALTER TABLE __template__.t ADD x2 int', '42501', NULL, 'and does not change what is his in it');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
