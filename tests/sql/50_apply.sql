\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
-- One statement as apply gets it.
CREATE FUNCTION pg_temp.statement(ddl text, names_schema boolean DEFAULT false, kind text DEFAULT 'table', relation text DEFAULT NULL, place int DEFAULT 1)
    RETURNS boardinghouse.statement LANGUAGE sql AS $$ SELECT ROW(place, 'create', kind, 'x', relation, false, ddl, names_schema)::boardinghouse.statement $$;
CREATE FUNCTION pg_temp.apply(ddl text, schemata text[] DEFAULT '{s}', path text[] DEFAULT '{public}') RETURNS void LANGUAGE sql AS $$
SELECT boardinghouse._apply(ARRAY[pg_temp.statement(ddl)], schemata, path)
$$;
CREATE SCHEMA s;
CREATE SCHEMA "%s it's";
CREATE TABLE public.only_public (id int);

SELECT is(boardinghouse._path_behind('{a,"b c",pg_catalog,__template__,pg_temp,pg_temp_3}'), 'pg_catalog, a, "b c", pg_temp', 'behind the target come pg_catalog, the path of the author, temporary objects');
SELECT is(boardinghouse._path_behind('{}'), 'pg_catalog, pg_temp', 'and nothing else');

-- Where statements land.
SELECT pg_temp.apply('CREATE TABLE t (id int)', ARRAY['s', '%s it''s']) \g /dev/null
SELECT has_table('s', 't', 'a statement runs in each of the schemata');
SELECT has_table('%s it''s', 't', 'whatever their names are');
SELECT hasnt_table('public', 't', 'and nowhere else');
SELECT boardinghouse._apply(ARRAY[pg_temp.statement('COMMENT ON SCHEMA %1$I IS ''100 %%''', true)], ARRAY['s', '%s it''s']) \g /dev/null
SELECT is(obj_description('"%s it''s"'::regnamespace, 'pg_namespace'), '100 %', 'a statement that names its schema names the target');
SELECT pg_temp.apply('COMMENT ON TABLE t IS ''100 %s''') \g /dev/null
SELECT is(obj_description('s.t'::regclass, 'pg_class'), '100 %s', 'a statement that does not is not read as a format');
SELECT throws_ok($$SELECT pg_temp.apply('CREATE TABLE t2 (id int)', '{s,nothing}')$$, '3F000', NULL, 'a schema that is not there is refused');
SELECT hasnt_table('s', 't2', 'before anything is done in the others');
SELECT lives_ok($$SELECT boardinghouse._apply('{}', '{s}')$$, 'no statements: nothing is done');
SELECT lives_ok($$SELECT boardinghouse._apply(ARRAY[pg_temp.statement('nonsense')], '{}')$$, 'no schemata: nothing is done');
SELECT is(current_setting('search_path'), reset_val, 'the path of the caller is as before') FROM pg_settings WHERE name = 'search_path';
SELECT pg_temp.apply('CREATE TABLE found AS SELECT * FROM only_public') \g /dev/null
SELECT has_table('s', 'found', 'what functions look up is found in the path of the author');
SELECT throws_ok($$SELECT pg_temp.apply('CREATE TABLE found2 AS SELECT * FROM only_public', path => '{}')$$, '42P01', NULL, 'and not beside it');

-- What the session has set does not matter.
SET LOCAL check_function_bodies = on; SET LOCAL boardinghouse.allow_drift = off;
SELECT lives_ok($$SELECT pg_temp.apply('CREATE FUNCTION f() RETURNS int LANGUAGE sql AS ''SELECT * FROM nothing''')$$, 'bodies of functions are not checked');
SELECT is(current_setting('check_function_bodies'), 'on', 'but for the caller they are');
SET LOCAL default_table_access_method = 'heap';
SELECT throws_ok('CREATE TABLE early.x (id int); ALTER TABLE __template__.nothing ADD x int', '42P01', NULL, 'a failing statement');
SELECT lives_ok($$SELECT boardinghouse._apply(ARRAY[pg_temp.statement('COMMENT ON SCHEMA %1$I IS ''x''', true)], '{early}')$$, 'drift is allowed while statements are applied');
SELECT boardinghouse._apply(ARRAY[pg_temp.statement('COMMENT ON SCHEMA %1$I IS NULL', true)], '{early}') \g /dev/null
SELECT throws_ok('COMMENT ON SCHEMA early IS ''x''', '55000', NULL, 'and not after that');

-- Merged.
CREATE TABLE s.parent (id int PRIMARY KEY);
CREATE TABLE s.child (a int, b int, c text);
INSERT INTO s.child VALUES (NULL, 3, '5');
SELECT lives_ok($$SELECT boardinghouse._apply(ARRAY[
    pg_temp.statement('ALTER TABLE child ALTER COLUMN a TYPE int USING b', relation => 'child', kind => 'column', place => 1),
    pg_temp.statement('ALTER TABLE child ALTER COLUMN b TYPE int USING c::int', relation => 'child', kind => 'column', place => 2),
    pg_temp.statement('ALTER TABLE parent ADD x int', place => 3),
    pg_temp.statement('ALTER TABLE child ADD CONSTRAINT a FOREIGN KEY (a) REFERENCES parent NOT VALID', relation => 'child', kind => 'foreign key', place => 4),
    pg_temp.statement('ALTER TABLE child ADD CONSTRAINT b FOREIGN KEY (b) REFERENCES parent NOT VALID', relation => 'child', kind => 'foreign key', place => 5)], '{s}')$$, 'statements of one table are merged');
SELECT results_eq('SELECT a, b FROM s.child', 'VALUES (3, 5)', 'type changes of one table see the row as it was before all of them');
SELECT is((SELECT count(*) FROM pg_constraint WHERE conrelid = 's.child'::regclass), 2::bigint, 'foreign keys of one table are all made');
SELECT throws_like($$SELECT boardinghouse._apply(ARRAY[
    pg_temp.statement('ALTER TABLE child DROP a', place => 1), pg_temp.statement('ALTER TABLE child DROP a', place => 2)], '{s}')$$, '%column "a" of relation "child" does not exist', 'other statements are not merged');
SELECT col_is_null('s', 'child', 'a', 'one that fails undoes those before it');

-- Errors.
ALTER TABLE s.child ADD CONSTRAINT positive CHECK (b > 0);
CREATE TABLE "%s it's".u (id int);
INSERT INTO "%s it's".u VALUES (1), (1);
CREATE TABLE s.u (id int);
SELECT results_eq($$SELECT * FROM pg_temp.failure('SELECT pg_temp.apply(''ALTER TABLE u ADD CONSTRAINT once UNIQUE (id)'', ARRAY[''s'', ''%s it''''s''])')$$,
    $$VALUES ('23505', 'schema "%s it''s": could not create unique index "once"', E'Key (id)=(1) is duplicated.\nStatement: ALTER TABLE u ADD CONSTRAINT once UNIQUE (id)', '')$$,
    'an error keeps its SQLSTATE, and names the schema and the one statement');
SELECT results_eq($$SELECT * FROM pg_temp.failure('SELECT pg_temp.apply(''DROP TABLE parent'')')$$,
    $$VALUES ('2BP01', 'schema "s": cannot drop table parent because other objects depend on it', E'constraint a on table child depends on table parent\nconstraint b on table child depends on table parent\nStatement: DROP TABLE parent', 'Use DROP ... CASCADE to drop the dependent objects too.')$$,
    'an error keeps its detail and hint');
CREATE FUNCTION pg_temp.fields(sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    schema_name text; table_name text; column_name text; constraint_name text;
BEGIN
    EXECUTE sql;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS schema_name = SCHEMA_NAME, table_name = TABLE_NAME, column_name = COLUMN_NAME, constraint_name = CONSTRAINT_NAME;
    RETURN concat_ws(',', schema_name, table_name, column_name, constraint_name);
END $$;
SELECT is(pg_temp.fields($$SELECT pg_temp.apply('INSERT INTO child (b) VALUES (-1)')$$), 's,child,,positive', 'an error tells programs schema, table and constraint');
SELECT throws_ok($$SELECT pg_temp.apply('DO ''BEGIN RAISE EXCEPTION USING ERRCODE = ''''ZZ123'''', MESSAGE = ''''100 %s''''; END''')$$, 'ZZ123', 'schema "s": 100 %s', 'a message is not read as a format');

-- In the rights of the caller.
CREATE ROLE regress_other;
SET LOCAL ROLE regress_other;
SELECT throws_ok($$SELECT boardinghouse._apply(ARRAY[ROW(1, 'create', 'table', 'x', NULL, false, 'CREATE TABLE mine (id int)', false)::boardinghouse.statement], '{early}')$$, '42501', NULL, 'statements run in the rights of the caller');
RESET ROLE;

-- Privileges by default.
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO regress_other;
CREATE TABLE s.given (id int);
SELECT boardinghouse._align_privileges('{s}', ARRAY(SELECT i FROM boardinghouse._inventory('s') AS i WHERE i.kind <> 'grant')) \g /dev/null
SELECT ok(NOT has_table_privilege('regress_other', 's.given', 'SELECT'), 'what came by default beyond the grants is taken away');
SELECT * FROM finish();
ROLLBACK;
