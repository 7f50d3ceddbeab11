\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE TABLE public.shared (id int PRIMARY KEY);
CREATE TABLE __template__.a (id int PRIMARY KEY, x text, y text);
CREATE TABLE __template__.b (id int PRIMARY KEY, a_id int REFERENCES __template__.a, z text);
CREATE VIEW __template__.v AS SELECT x, y FROM __template__.a;
SELECT pg_temp.alike('the base is made');
INSERT INTO early.a VALUES (1, 'x1', 'y1'), (2, 'x2', 'y2');
INSERT INTO early.b VALUES (1, 1, 'z1');

-- Names that change places.
SELECT pg_temp.mirrored('ALTER TABLE __template__.a RENAME x TO tmp; ALTER TABLE __template__.a RENAME y TO x; ALTER TABLE __template__.a RENAME tmp TO y', 'two columns change names in every tenant');
SELECT results_eq('SELECT x, y FROM early.a ORDER BY id', $$VALUES ('y1'::text, 'x1'::text), ('y2', 'x2')$$, 'two columns that changed names keep their values');
SELECT pg_temp.mirrored('ALTER TABLE __template__.a RENAME TO tmp; ALTER TABLE __template__.b RENAME TO a; ALTER TABLE __template__.tmp RENAME TO b', 'two tables change names in every tenant');
SELECT results_eq('SELECT z FROM early.a', $$VALUES ('z1'::text)$$, 'two tables that changed names keep their rows');
SELECT pg_temp.mirrored('ALTER TABLE __template__.a RENAME TO c; ALTER VIEW __template__.v RENAME TO a; ALTER TABLE __template__.c RENAME TO v', 'a table and a view change names in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.v RENAME CONSTRAINT b_pkey TO t; ALTER INDEX __template__.a_pkey RENAME TO b_pkey; ALTER INDEX __template__.t RENAME TO a_pkey', 'two keys change names in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__.v; CREATE TABLE __template__.v (id int, other text)', 'a table is dropped and another of its name made in every tenant');
SELECT is((SELECT count(*) FROM early.v), 0::bigint, 'a table of the name of a dropped one is another table');
SELECT pg_temp.mirrored('ALTER TABLE __template__.v DROP other; ALTER TABLE __template__.v ADD other int', 'a column is dropped and another of its name made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.v DROP other, ADD other bigint', 'a column is dropped and another of its name made in one command');
SELECT pg_temp.mirrored('ALTER TABLE __template__.v RENAME TO w; CREATE TABLE __template__.v (LIKE __template__.w)', 'a table is renamed and another of its old name made in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__.v; ALTER TABLE __template__.w RENAME TO v', 'a table is dropped and another given its name in every tenant');

-- Where DDL comes from.
SELECT pg_temp.mirrored('DO $$ BEGIN CREATE TABLE __template__.done (id int); ALTER TABLE __template__.done ADD x int DEFAULT 4; FOR i IN 1..3 LOOP EXECUTE format(''CREATE INDEX ON __template__.done (id, (x + %s))'', i); END LOOP; END $$', 'DDL in a DO block is mirrored');
CREATE FUNCTION public.makes() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE __template__.made_by (id int); EXECUTE 'ALTER TABLE __template__.made_by ADD a int; ALTER TABLE __template__.made_by ADD b int'; END $$;
SELECT pg_temp.mirrored('SELECT public.makes()', 'DDL in a function is mirrored');
CREATE FUNCTION public.makes_sql() RETURNS void LANGUAGE sql AS 'CREATE TABLE __template__.made_sql (id int); ALTER TABLE __template__.made_sql ADD a int;';
SELECT pg_temp.mirrored('SELECT public.makes_sql()', 'DDL in a function in SQL is mirrored');
CREATE PROCEDURE public.makes_too() LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE __template__.made_by RENAME a TO a2; END $$;
SELECT pg_temp.mirrored('CALL public.makes_too()', 'DDL in a procedure is mirrored');
CREATE TABLE __template__.m1 (id int) \; ALTER TABLE __template__.m1 RENAME id TO key \; CREATE INDEX ON __template__.m1 (key) \; DROP TABLE __template__.made_sql;
SELECT pg_temp.alike('several statements in one string are mirrored');
SET LOCAL search_path = __template__, public;
CREATE TABLE bare (id int PRIMARY KEY, done_id int, shared_id int REFERENCES shared);
ALTER TABLE bare ADD w text DEFAULT 'a';
SET LOCAL search_path = public;
SELECT pg_temp.alike('DDL on bare names is mirrored');
CREATE SCHEMA AUTHORIZATION CURRENT_USER CREATE TABLE in_schema (id int);
SELECT pg_temp.alike('a schema that is neither tenant nor template is nobody''s concern');
SELECT pg_temp.mirrored('ALTER TABLE IF EXISTS __template__.nothing ADD x int', 'ALTER TABLE IF EXISTS of nothing changes nothing');

-- Savepoints.
SAVEPOINT before;
CREATE TABLE __template__.undone (id int);
ALTER TABLE __template__.done RENAME x TO undone;
ROLLBACK TO before;
SELECT pg_temp.alike('what is rolled back is rolled back in every tenant');
SELECT hasnt_table('early', 'undone', 'a table that is rolled back is in no tenant');
CREATE TABLE __template__.undone (id bigint);
SELECT pg_temp.alike('what is made after a rollback to a savepoint is mirrored');

-- Type changes.
SELECT pg_temp.mirrored('CREATE TABLE __template__.typed (id int, n text DEFAULT ''7'', d text, w varchar(5), m text); CREATE INDEX ON __template__.typed (n); ALTER TABLE __template__.typed ADD CHECK (length(w) < 5)', 'a table is made');
INSERT INTO early.typed VALUES (1, '12', '02.03.2001', 'abc', '5 €'), (2, '-4', '31.12.1999', 'd', '7 €');
SELECT pg_temp.mirrored('ALTER TABLE __template__.typed ALTER n DROP DEFAULT, ALTER n TYPE int USING n::int * 2', 'a type is changed with USING');
SELECT results_eq('SELECT n FROM early.typed ORDER BY id', 'VALUES (24), (-8)', 'USING converts the values in every tenant');
SET LOCAL datestyle = 'ISO, DMY';
SELECT pg_temp.mirrored('ALTER TABLE __template__.typed ALTER COLUMN d SET DATA TYPE date USING d::date', 'text becomes a date');
RESET datestyle;
SELECT results_eq('SELECT d FROM early.typed ORDER BY id', $$VALUES ('2001-03-02'::date), ('1999-12-31')$$, 'USING converts with the DateStyle of who ran it');
CREATE FUNCTION public.strip(text) RETURNS int LANGUAGE sql AS $$ SELECT split_part($1, ' ', 1)::int $$;
CREATE FUNCTION __template__.strip_own(text) RETURNS int LANGUAGE sql AS $$ SELECT split_part($1, ' ', 1)::int + 1 $$;
SELECT pg_temp.mirrored('ALTER TABLE __template__.typed ALTER m TYPE int USING strip(m)', 'a type is changed with a shared function');
SELECT results_eq('SELECT m FROM early.typed ORDER BY id', 'VALUES (5), (7)', 'USING calls a shared function');
ALTER TABLE __template__.typed ALTER m TYPE text;
SELECT pg_temp.mirrored('ALTER TABLE __template__.typed ALTER m TYPE int USING __template__.strip_own(m)', 'a type is changed with an own function');
SELECT results_eq('SELECT m FROM early.typed ORDER BY id', 'VALUES (6), (8)', 'USING calls the tenant''s own function');
SELECT pg_temp.mirrored('ALTER TABLE __template__.typed RENAME m TO mm; ALTER TABLE __template__.typed ALTER mm TYPE text USING mm || ''x'', ADD extra int', 'a renamed column changes its type while another is added');
SELECT results_eq('SELECT mm, extra FROM early.typed ORDER BY id', $$VALUES ('6x'::text, NULL::int), ('8x', NULL)$$, 'USING converts the values of a renamed column');
SELECT throws_ok('ALTER TABLE __template__.typed ALTER w TYPE int USING 3; ALTER TABLE __template__.typed ALTER w TYPE text USING 4', '0A000', NULL, 'a type that is changed twice with USING in one string is refused');
SELECT throws_ok('ALTER TABLE __template__.typed ALTER w TYPE int USING (SELECT 1 FROM __template__.nothing)', NULL, NULL, 'a wrong USING is refused');
SELECT pg_temp.alike('what was refused has changed nothing');

-- A tenant whose rows are in the way.
CREATE TABLE __template__.strict (id int, t text);
INSERT INTO early.strict VALUES (1, NULL), (1, 'x');
SELECT results_eq($$SELECT state, message, detail FROM pg_temp.failure('ALTER TABLE __template__.strict ADD CONSTRAINT once UNIQUE (id)')$$,
    $$VALUES ('23505', 'schema "early": could not create unique index "once"', E'Key (id)=(1) is duplicated.\nStatement: ALTER TABLE strict ADD CONSTRAINT once UNIQUE (id)')$$,
    'a unique constraint that rows of a tenant violate fails, naming tenant and statement');
-- How the statement is written depends on the version.
SELECT results_eq($$SELECT state, message, detail ~ '^Statement: ALTER TABLE strict .* NOT NULL( t)?$' FROM pg_temp.failure('ALTER TABLE __template__.strict ALTER t SET NOT NULL')$$,
    $$VALUES ('23502', 'schema "early": column "t" of relation "strict" contains null values', true)$$,
    'NOT NULL that rows of a tenant violate fails, naming tenant and statement');
SELECT throws_ok('ALTER TABLE __template__.strict ADD CHECK (id > 1)', '23514', NULL, 'a check that rows of a tenant violate fails');
SELECT throws_ok('ALTER TABLE __template__.strict ADD FOREIGN KEY (id) REFERENCES public.shared', '23503', NULL, 'a foreign key that rows of a tenant violate fails');
SELECT throws_ok('ALTER TABLE __template__.strict ALTER t TYPE int USING t::int', '22P02', NULL, 'a type that values of a tenant do not have fails');
SELECT throws_ok('CREATE UNIQUE INDEX ON __template__.strict (id)', '23505', NULL, 'a unique index that rows of a tenant violate fails');
SELECT pg_temp.alike('what failed in a tenant has changed neither template nor tenants');

-- What only a tenant has.
CREATE TABLE early.own (id int PRIMARY KEY, strict_t text);
CREATE VIEW early.own_view AS SELECT t FROM early.strict;
CREATE INDEX own_index ON early.strict (t);
CREATE FUNCTION early.own_function() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE early.own_type AS ENUM ('a');
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'what only a tenant has is its own');
ALTER TABLE __template__.strict ADD more int;
ALTER TABLE __template__.strict RENAME id TO key;
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'changes are mirrored past what a tenant has of its own');
SELECT has_index('early', 'strict', 'own_index', 'an index of a tenant''s own survives');
SELECT results_eq($$SELECT state, message FROM pg_temp.failure('ALTER TABLE __template__.strict DROP t')$$,
    $$VALUES ('2BP01', 'schema "early": cannot drop column t of table strict because other objects depend on it')$$, 'a drop that a tenant''s own view is in the way of fails, naming the tenant');
SELECT matches((SELECT detail FROM pg_temp.failure('DROP TABLE __template__.strict')), 'view own_view depends on', 'a drop that a tenant''s own view is in the way of names the view');
SELECT throws_ok('DROP TABLE __template__.strict CASCADE', '2BP01', NULL, 'CASCADE in the template does not reach what is a tenant''s own');
SELECT throws_ok('CREATE TABLE __template__.own (id int)', '42P07', NULL, 'a name that a tenant has taken is refused');
SELECT throws_ok('ALTER TABLE __template__.strict RENAME TO own', '42P07', NULL, 'a rename to a name that a tenant has taken is refused');
DROP VIEW early.own_view; DROP TABLE early.own; DROP INDEX early.own_index; DROP FUNCTION early.own_function(); DROP TYPE early.own_type;
SELECT pg_temp.mirrored('DROP TABLE __template__.strict', 'what was in the way is gone: the table is dropped in every tenant');

-- What a tenant lacks, though it should not, is not taken for a shared one of its name.
CREATE TABLE __template__.twice (id int);
CREATE SCHEMA shelf;     -- in public such a table is refused
CREATE TABLE shelf.twice (id int);
CREATE FUNCTION public.twice_f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION __template__.twice_f() RETURNS int LANGUAGE sql AS 'SELECT 1';
SET LOCAL boardinghouse.allow_drift = on;
DROP TABLE early.twice; DROP FUNCTION early.twice_f();
SET LOCAL boardinghouse.allow_drift = off;
SET LOCAL search_path = public, shelf;
SELECT results_eq($$SELECT * FROM pg_temp.failure('ALTER TABLE __template__.twice ADD more int')$$,
    $$VALUES ('42P01', 'schema "early": relation "twice" does not exist', 'One of its name in another schema would be changed in its place.', 'SELECT boardinghouse.repair(''early'');')$$, 'a table that a tenant lacks is not added to in a shared schema');
DROP FUNCTION __template__.twice_f();
DROP TABLE __template__.twice;
RESET search_path;
SELECT has_table('shelf', 'twice', 'a shared table is not dropped in place of a tenant''s');
SELECT has_function('public', 'twice_f', 'nor is a shared function');
DROP SCHEMA shelf CASCADE; DROP FUNCTION public.twice_f();

-- Shared objects that go.
CREATE TYPE public.shared_type AS ENUM ('a', 'b');
CREATE FUNCTION public.shared_function(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1';
CREATE TABLE public.country (id int PRIMARY KEY, name text);
SELECT pg_temp.mirrored('CREATE TABLE __template__.uses (id int, c int REFERENCES public.country, t public.shared_type, f int DEFAULT public.shared_function(3)); CREATE VIEW __template__.looks AS SELECT name FROM public.country', 'shared objects are used in every tenant');
SELECT throws_ok('DROP TABLE public.country', '2BP01', NULL, 'a shared table in use cannot be dropped');
SELECT pg_temp.mirrored('ALTER TYPE public.shared_type RENAME TO shared_kind; ALTER TABLE public.country RENAME TO land; ALTER TABLE public.land RENAME name TO title; ALTER FUNCTION public.shared_function RENAME TO shared_f', 'renamed shared objects are followed by template and tenants');
SELECT pg_temp.mirrored('DROP TABLE public.land CASCADE', 'a shared table is dropped with what uses it in template and tenants');
SELECT pg_temp.mirrored('DROP TYPE public.shared_kind CASCADE', 'a shared type is dropped with the columns of it in template and tenants');
SELECT pg_temp.mirrored('DROP FUNCTION public.shared_f CASCADE', 'a shared function is dropped with the defaults that call it in template and tenants');
SELECT pg_temp.mirrored('ALTER TABLE __template__.uses ADD x int', 'the next change is mirrored after shared objects have gone');

-- CASCADE inside.
SELECT pg_temp.mirrored('CREATE TABLE __template__.p1 (id int PRIMARY KEY); CREATE TABLE __template__.p2 (id int REFERENCES __template__.p1); CREATE VIEW __template__.p3 AS SELECT * FROM __template__.p1; CREATE VIEW __template__.p4 AS SELECT * FROM __template__.p3', 'a web is made');
SELECT pg_temp.mirrored('DROP TABLE __template__.p1 CASCADE', 'a web is dropped in every tenant');

SELECT pg_temp.mirrored('CREATE TABLE __template__.kind_of (a int, b text); CREATE TABLE __template__.checked (x int, y text, CHECK ((x, y)::__template__.kind_of = (1, ''42'')::__template__.kind_of))', 'a check on the row type of another table is made');
SELECT pg_temp.mirrored('DROP TABLE __template__.kind_of, __template__.checked', 'both tables are dropped in one command in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.t1 (a int, b int); CREATE VIEW __template__.joined AS SELECT * FROM (__template__.t1 AS l (x, y) JOIN __template__.t1 AS r (x, z) USING (x)); ALTER TABLE __template__.t1 ADD c int', 'a view whose words change with a new column of its table stays alike');
CREATE TEMPORARY TABLE fleeting (a int);
SELECT results_eq($$SELECT state, message FROM pg_temp.failure('CREATE DOMAIN __template__.of_fleeting AS fleeting[]')$$,
    $$VALUES ('0A000', 'domain of_fleeting of the template would depend on a temporary object')$$, 'what would go with the session is refused');

-- The journal.
SELECT is((SELECT count(*) FROM boardinghouse.change WHERE jsonb_array_length(statements) = 0), 0::bigint, 'a change without statements is not in the journal');
SELECT results_eq($$SELECT author, command, settings ? 'TimeZone', s ->> 'ddl' FROM boardinghouse.change AS c, jsonb_array_elements(statements) AS s
    WHERE c.id = (SELECT max(id) FROM boardinghouse.change WHERE command = 'ALTER TABLE') $$,
    $$VALUES (current_user, 'ALTER TABLE', true, 'ALTER TABLE t1 ADD COLUMN c integer')$$, 'the journal says who changed what, in relative form');
SELECT * FROM finish();
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT no_plan();
SELECT throws_ok('SELECT boardinghouse.enable()', '25001', NULL, 'enable() is refused in REPEATABLE READ');
SELECT * FROM finish();
ROLLBACK;
