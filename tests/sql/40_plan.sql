\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE FUNCTION pg_temp.parts(schema text) RETURNS boardinghouse.part[] LANGUAGE sql AS $$
SELECT ARRAY(SELECT i FROM boardinghouse._inventory(schema) AS i WHERE i.kind <> 'owner')
$$;
CREATE TEMPORARY TABLE seen (parts boardinghouse.part[]);
-- From what was noted last to what schema s is now, by OID; and what is now is noted.
CREATE FUNCTION pg_temp.change(hints jsonb DEFAULT '{}') RETURNS TABLE (action text, kind text, ddl text) LANGUAGE sql AS $$
WITH now AS MATERIALIZED (SELECT pg_temp.parts('s') AS parts)
SELECT p.action, p.kind, p.ddl FROM seen AS s, now AS n, boardinghouse._plan(s.parts, n.parts, true, NULL, hints) AS p ORDER BY p."position"
$$;
CREATE FUNCTION pg_temp.note() RETURNS void LANGUAGE sql AS $$ UPDATE seen SET parts = pg_temp.parts('s') $$;
CREATE FUNCTION pg_temp.planned(statement text, expected text[], description text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text[];
BEGIN
    PERFORM pg_temp.note();
    EXECUTE statement;
    -- Names of no one are made of OIDs.
    found := ARRAY(SELECT regexp_replace(c.ddl, 'boardinghouse_[0-9a-f]{32}', '<tmp>', 'g') FROM pg_temp.change() AS c);
    RETURN is(found, expected, description);
END $$;

CREATE SCHEMA s;
CREATE SCHEMA other;
INSERT INTO seen VALUES (pg_temp.parts('s'));
SELECT is_empty('SELECT * FROM pg_temp.change()', 'nothing changed: no statement');
SELECT is_empty($$SELECT * FROM boardinghouse._plan('{}', '{}', true)$$, 'from nothing to nothing: no statement');

-- By identity. Without primary keys: how NOT NULL is written depends on the version.
SELECT pg_temp.planned('CREATE TABLE s.t (id int UNIQUE, a text DEFAULT ''x'', CHECK (a <> ''''))', ARRAY[
    'CREATE TABLE t (id integer, a text DEFAULT ''x''::text, CONSTRAINT t_a_check CHECK ((a <> ''''::text)), CONSTRAINT t_id_key UNIQUE (id))'], 'a table is one statement');
SELECT pg_temp.planned('SELECT 1', '{}', 'no change of the schema: no statement');
SELECT pg_temp.planned('ALTER TABLE s.t RENAME a TO b', '{ALTER TABLE t RENAME COLUMN a TO b}', 'a rename is a rename; the check that names the column follows by itself');
SELECT pg_temp.planned('ALTER TABLE s.t RENAME TO u', '{ALTER TABLE t RENAME TO u}', 'what hangs on a renamed table follows by itself');
SELECT pg_temp.planned('ALTER TABLE s.u RENAME CONSTRAINT t_id_key TO u_id_key', '{ALTER INDEX t_id_key RENAME TO u_id_key}', 'a key is renamed as its index');
SELECT pg_temp.planned('ALTER TABLE s.u ADD c int, ALTER b DROP DEFAULT, DROP CONSTRAINT t_a_check', '{ALTER TABLE u DROP CONSTRAINT IF EXISTS t_a_check,ALTER TABLE u ALTER COLUMN b DROP DEFAULT,ALTER TABLE u ADD COLUMN c integer}', 'drops come before what is made');
SELECT pg_temp.planned('ALTER TABLE s.u RENAME b TO d; ALTER TABLE s.u RENAME c TO b; ALTER TABLE s.u RENAME d TO c', '{ALTER TABLE u RENAME COLUMN c TO <tmp>,ALTER TABLE u RENAME COLUMN b TO <tmp>,ALTER TABLE u RENAME COLUMN <tmp> TO b,ALTER TABLE u RENAME COLUMN <tmp> TO c}', 'names that change places go by way of names of no one');
SELECT pg_temp.planned('CREATE TABLE s.v (id int); DROP TABLE s.v; CREATE TABLE s.v (id int)', '{CREATE TABLE v (id integer)}', 'what is made and dropped in between leaves no trace');
SELECT pg_temp.planned('DROP TABLE s.v; CREATE TABLE s.v (id int)', '{DROP TABLE IF EXISTS v,CREATE TABLE v (id integer)}', 'a table that was dropped and made again is another one: its rows are gone');
SELECT pg_temp.planned('ALTER TABLE s.v DROP id, ADD id int', '{ALTER TABLE v DROP COLUMN IF EXISTS id,ALTER TABLE v ADD COLUMN id integer}', 'a column that was dropped and made again is another one');
SELECT pg_temp.planned('CREATE INDEX i ON s.v (id)', '{CREATE INDEX i ON v USING btree (id)}', 'an index is made');
SELECT pg_temp.planned('DROP INDEX s.i; CREATE INDEX i ON s.v (id)', '{}', 'an index that was dropped and made again the same is the same');
SELECT pg_temp.planned('REINDEX INDEX s.i', '{}', 'REINDEX changes nothing');
SELECT pg_temp.planned('DROP INDEX s.i; CREATE INDEX i ON s.v (id DESC)', '{DROP INDEX IF EXISTS i,CREATE INDEX i ON v USING btree (id DESC)}', 'an index of the same name and another definition is made anew');
SELECT pg_temp.planned('DROP TABLE s.v', '{DROP TABLE IF EXISTS v}', 'what goes with a table is not dropped by itself');

-- Types.
SELECT pg_temp.planned('ALTER TABLE s.u ADD UNIQUE (b), ADD CHECK (b > 0); CREATE TABLE s.child (u_b int REFERENCES s.u (b))', ARRAY['CREATE TABLE child (u_b integer)', 'ALTER TABLE u ADD CONSTRAINT u_b_check CHECK ((b > 0))', 'ALTER TABLE u ADD CONSTRAINT u_b_key UNIQUE (b)', 'ALTER TABLE child ADD CONSTRAINT child_u_b_fkey FOREIGN KEY (u_b) REFERENCES u(b)'], 'a foreign key comes last');
SELECT pg_temp.planned('ALTER TABLE s.u ALTER b TYPE bigint', '{ALTER TABLE u ALTER COLUMN b TYPE bigint}', 'what PostgreSQL rebuilds in a type change is not planned, though it has new OIDs');
SELECT pg_temp.note() \g /dev/null
ALTER TABLE s.u ALTER b TYPE int USING b / 2;
SELECT is(ARRAY(SELECT c.ddl FROM pg_temp.change(jsonb_build_object('pg_class ' || 's.u'::regclass::oid || ' 3', jsonb_build_object('using', '(b / 2)'))) AS c), '{ALTER TABLE u ALTER COLUMN b TYPE integer USING (b / 2)}', 'a type change has the USING that is handed in');
SELECT pg_temp.note() \g /dev/null
SELECT is(ARRAY(SELECT c.ddl FROM pg_temp.change(jsonb_build_object('pg_class ' || 's.u'::regclass::oid || ' 3', jsonb_build_object('using', '(b + 1)'))) AS c), '{ALTER TABLE u ALTER COLUMN b TYPE integer USING (b + 1)}', 'a USING is planned though the type stays');
ALTER TABLE s.u ADD filled int DEFAULT 3;
SELECT is(ARRAY(SELECT c.ddl FROM pg_temp.change(jsonb_build_object('pg_class ' || 's.u'::regclass::oid || ' 4', jsonb_build_object('fill', '7'))) AS c), '{ALTER TABLE u ADD COLUMN filled integer DEFAULT 7,ALTER TABLE u ALTER COLUMN filled SET DEFAULT 3}', 'rows get what they got in the template, and the column its default after that');
SELECT is(ARRAY(SELECT c.ddl FROM pg_temp.change(jsonb_build_object('pg_class ' || 's.u'::regclass::oid || ' 4', jsonb_build_object('fill', ''))) AS c), '{ALTER TABLE u ADD COLUMN filled integer,ALTER TABLE u ALTER COLUMN filled SET DEFAULT 3}', 'rows that got nothing get nothing');
SELECT is(ARRAY(SELECT c.ddl FROM pg_temp.change() AS c), '{ALTER TABLE u ADD COLUMN filled integer DEFAULT 3}', 'rows that got the default get it');
ALTER TABLE s.u ALTER filled DROP DEFAULT;
SELECT is(ARRAY(SELECT c.ddl FROM pg_temp.change(jsonb_build_object('pg_class ' || 's.u'::regclass::oid || ' 4', jsonb_build_object('fill', '7'))) AS c), '{ALTER TABLE u ADD COLUMN filled integer DEFAULT 7,ALTER TABLE u ALTER COLUMN filled DROP DEFAULT}', 'what rows were filled with is no default of the column');

-- Validity.
SELECT pg_temp.planned('ALTER TABLE s.u ADD CONSTRAINT late CHECK (b < 9) NOT VALID', '{ALTER TABLE u ADD CONSTRAINT late CHECK ((b < 9)) NOT VALID}', 'what is not valid is not validated');
SELECT pg_temp.planned('ALTER TABLE s.u VALIDATE CONSTRAINT late', '{ALTER TABLE u VALIDATE CONSTRAINT late}', 'what is validated is validated');
SELECT pg_temp.planned('ALTER TABLE s.u DROP CONSTRAINT late, ADD CONSTRAINT late CHECK (b < 8)', '{ALTER TABLE u DROP CONSTRAINT IF EXISTS late,ALTER TABLE u ADD CONSTRAINT late CHECK ((b < 8))}', 'another constraint of the same name is another one');

-- What waits for what.
SELECT pg_temp.note() \g /dev/null
CREATE FUNCTION s.one() RETURNS int LANGUAGE sql RETURN 1;
CREATE VIEW s.z AS SELECT s.one() AS x;
CREATE VIEW s.y AS SELECT z.x FROM s.z;
CREATE VIEW s.x AS SELECT y.x FROM s.y;
CREATE FUNCTION s.a_of_view(s.x) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE s.a (x s.x, i int DEFAULT s.a_of_view(NULL), j int);
CREATE FUNCTION s.b_of_table(s.a) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
ALTER TABLE s.a ALTER j SET DEFAULT s.b_of_table(NULL);
ALTER TABLE s.a ADD CHECK (s.b_of_table(a.*) > 0);
SELECT is(ARRAY(SELECT c.action || ' ' || c.kind || ' ' || substring(c.ddl, '\m(?:VIEW|FUNCTION|TABLE) \w+(?: ALTER COLUMN \w+| ADD CONSTRAINT \w+)?') FROM pg_temp.change() AS c),
    '{create function FUNCTION one,create view VIEW z,create view VIEW y,create view VIEW x,create table TABLE a,create function FUNCTION a_of_view,create function FUNCTION b_of_table,create default TABLE a ALTER COLUMN i,create constraint TABLE a ADD CONSTRAINT a_check,create default TABLE a ALTER COLUMN j}', 'each thing comes after what it needs');
SELECT is(ARRAY(SELECT substring(p.ddl, '^[A-Z ]+ (?:IF EXISTS )?\w+(?: \w+ COLUMN \w+| DROP CONSTRAINT IF EXISTS \w+)?') FROM boardinghouse._plan(pg_temp.parts('s'), (SELECT parts FROM seen), true) AS p ORDER BY p."position"),
    '{ALTER TABLE a DROP CONSTRAINT IF EXISTS a_check,ALTER TABLE a ALTER COLUMN j,DROP FUNCTION IF EXISTS b_of_table,DROP TABLE IF EXISTS a,DROP FUNCTION IF EXISTS a_of_view,DROP VIEW IF EXISTS x,DROP VIEW IF EXISTS y,DROP VIEW IF EXISTS z,DROP FUNCTION IF EXISTS one}', 'and goes before it');
CREATE VIEW s.round AS SELECT 1 AS x;
CREATE FUNCTION s.of_round(s.round) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE VIEW s.round AS SELECT 1 AS x, s.of_round(NULL) AS y;
SELECT is(ARRAY(SELECT c.ddl FROM pg_temp.change() AS c WHERE c.ddl ~ 'round'), ARRAY['CREATE VIEW round AS SELECT NULL::integer AS x, NULL::integer AS y', E'CREATE FUNCTION of_round(round)\n RETURNS integer\n LANGUAGE sql VOLATILE PARALLEL UNSAFE COST 100\nAS $function$SELECT 1$function$', E'CREATE OR REPLACE VIEW round (x, y) AS SELECT 1 AS x,\n    of_round(NULL::round) AS y'], 'a circle of a view and a function is made by way of a shell');
SELECT is(ARRAY(SELECT p.ddl FROM boardinghouse._plan(pg_temp.parts('s'), (SELECT parts FROM seen), true) AS p WHERE p.object ~ 'round' ORDER BY p."position"), ARRAY['CREATE OR REPLACE VIEW round AS SELECT NULL::integer AS x, NULL::integer AS y', 'DROP FUNCTION IF EXISTS of_round(round)', 'DROP VIEW IF EXISTS round'], 'and dropped by way of a shell');
DROP VIEW s.round CASCADE;
SELECT ok(boardinghouse._circles('{a,b,c,d,e,x,y}', '{b,c,a,a,f,y,x}') <@ '{a,b,c,x,y}' AND cardinality(boardinghouse._circles('{a,b,c,d,e,x,y}', '{b,c,a,a,f,y,x}')) = 5 AND boardinghouse._circles('{a,b}', '{b,c}') = '{}' AND boardinghouse._circles('{a}', '{a}') = '{a}', 'what waits for itself is found');
SELECT throws_ok($$SELECT boardinghouse._raised(array_agg(jsonb_populate_record(NULL::boardinghouse.part, jsonb_build_object('kind', 'table', 'object', t.id, 'id', t.id, 'main', t.id, 'needs', ARRAY[t.need])))) FROM (VALUES ('a', 'b'), ('b', 'a'), ('c', 'b')) AS t (id, need)$$, '0A000', 'objects that depend on each other in a circle cannot be carried to another schema', 'a circle that has no shell is refused');
SELECT pg_temp.note() \g /dev/null
CREATE OR REPLACE VIEW s.z AS SELECT s.one() AS x, 2 AS more;
SELECT is(ARRAY(SELECT c.action || ' ' || c.kind FROM pg_temp.change() AS c), '{alter view}', 'a view that gets a column is replaced');
SELECT pg_temp.note() \g /dev/null
DROP FUNCTION s.b_of_table CASCADE;
CREATE FUNCTION s.b_of_table(s.a) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 1';
SELECT is(ARRAY(SELECT c.action || ' ' || c.kind FROM pg_temp.change() AS c), '{"drop constraint","drop default","drop function","create function"}', 'what cannot be replaced is dropped, with what hung on it');

SELECT pg_temp.planned('CREATE TABLE s.p (id int UNIQUE, q_id int); CREATE TABLE s.q (id int UNIQUE REFERENCES s.p (id), q_id int REFERENCES s.q (id)); ALTER TABLE s.p ADD FOREIGN KEY (q_id) REFERENCES s.q (id)', ARRAY['CREATE TABLE p (id integer, q_id integer, CONSTRAINT p_id_key UNIQUE (id))', 'CREATE TABLE q (id integer, q_id integer, CONSTRAINT q_id_key UNIQUE (id))', 'ALTER TABLE p ADD CONSTRAINT p_q_id_fkey FOREIGN KEY (q_id) REFERENCES q(id)', 'ALTER TABLE q ADD CONSTRAINT q_id_fkey FOREIGN KEY (id) REFERENCES p(id)', 'ALTER TABLE q ADD CONSTRAINT q_q_id_fkey FOREIGN KEY (q_id) REFERENCES q(id)'], 'tables that refer to each other are made, then their keys');
SELECT results_eq($$SELECT p.ddl FROM boardinghouse._plan('{}', pg_temp.parts('s'), false) AS p WHERE p.object ~ '(^| )[pq]$' ORDER BY p."position"$$, ARRAY['CREATE TABLE q (id integer, q_id integer, CONSTRAINT q_id_key UNIQUE (id), CONSTRAINT q_q_id_fkey FOREIGN KEY (q_id) REFERENCES q(id))', 'CREATE TABLE p (id integer, q_id integer, CONSTRAINT p_id_key UNIQUE (id), CONSTRAINT p_q_id_fkey FOREIGN KEY (q_id) REFERENCES q(id))', 'ALTER TABLE q ADD CONSTRAINT q_id_fkey FOREIGN KEY (id) REFERENCES p(id)'], 'a new schema has its tables made behind those that they refer to, keys included; but for that which closes a circle');
SAVEPOINT indexed;
CREATE TABLE s.n (id int); CREATE UNIQUE INDEX ON s.n (id); ALTER TABLE s.p ADD FOREIGN KEY (id) REFERENCES s.n (id);
SELECT set_eq($$SELECT p.kind FROM boardinghouse._plan('{}', pg_temp.parts('s'), false) AS p WHERE p.ddl ~ 'REFERENCES n'$$, '{foreign key}'::text[], 'a key that needs an index is added behind it');
ROLLBACK TO indexed;
SELECT pg_temp.planned('DROP TABLE s.p, s.q', ARRAY['ALTER TABLE p DROP CONSTRAINT IF EXISTS p_q_id_fkey', 'ALTER TABLE q DROP CONSTRAINT IF EXISTS q_id_fkey', 'DROP TABLE IF EXISTS p', 'DROP TABLE IF EXISTS q'], 'their keys go before they do');

-- Late statements run after rows were copied.
CREATE TRIGGER g BEFORE UPDATE ON s.a FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE RULE r AS ON DELETE TO s.a DO INSTEAD NOTHING;
CREATE POLICY p ON s.a USING (true);
CREATE INDEX ON s.a (i);
SELECT set_eq($$SELECT DISTINCT p.kind FROM boardinghouse._plan('{}', pg_temp.parts('s'), false, has_rows => true) AS p WHERE p.is_late$$, $$VALUES ('view'), ('index'), ('trigger'), ('rule'), ('policy'), ('foreign key'), ('table'), ('default'), ('function')$$, 'rows are copied before views, indexes, triggers, rules, policies and foreign keys are made');
SELECT is_empty($$SELECT p.ddl FROM boardinghouse._plan('{}', pg_temp.parts('s'), false) AS p WHERE (p.relation IS NOT NULL) <> (p.kind = 'foreign key')$$, 'foreign keys say whose they are, so that those of one table go together');

-- Between schemata, by name.
SELECT is_empty($$SELECT p.ddl FROM boardinghouse._plan(pg_temp.parts('early'), pg_temp.parts('late 1'), false) AS p$$, 'what is alike by name needs no statement');
CREATE TABLE other.u (id int UNIQUE, c text, b int);
CREATE TABLE s.t2 (LIKE s.u INCLUDING ALL);
SELECT is((SELECT min(p.ddl) FROM boardinghouse._plan(pg_temp.parts('s'), pg_temp.parts('other'), false) AS p WHERE p.object = 't2'), 'DROP TABLE IF EXISTS t2', 'what only one has goes');
SELECT is_empty($$SELECT p.* FROM boardinghouse._plan(pg_temp.parts('s'), pg_temp.parts('other'), false) AS p WHERE p.action = 'rename'$$, 'between schemata nothing is taken for a rename');

-- Owners.
CREATE ROLE regress_owner;
ALTER TABLE other.u OWNER TO regress_owner;
SELECT is(ARRAY(SELECT p.ddl FROM boardinghouse._plan('{}', ARRAY(SELECT i FROM boardinghouse._inventory('other') AS i), false, 'regress_owner') AS p WHERE p.kind = 'owner' AND p.object <> 'SCHEMA'), '{}', 'what the creator makes is his own');
SELECT is(ARRAY(SELECT p.ddl FROM boardinghouse._plan('{}', ARRAY(SELECT i FROM boardinghouse._inventory('other') AS i), false, 'somebody') AS p WHERE p.kind = 'owner' AND p.object <> 'SCHEMA'), '{ALTER TABLE u OWNER TO regress_owner}', 'what another makes is given to the owner');
SELECT is(ARRAY(SELECT p.ddl FROM boardinghouse._plan('{}', ARRAY(SELECT i FROM boardinghouse._inventory('other') AS i), false) AS p WHERE p.object = 'SCHEMA' AND p.names_schema), ARRAY(SELECT format('ALTER SCHEMA %%1$I OWNER TO %I', current_user)), 'a statement about the schema itself leaves its name open');

-- Labels.
CREATE TYPE s.e AS ENUM ('a', 'b'); CREATE TYPE other.e AS ENUM ('b', 'c', 'a2');
SELECT throws_ok($$SELECT * FROM boardinghouse._plan(pg_temp.parts('s'), pg_temp.parts('other'), false)$$, '0A000', 'enum label e.''a'' cannot be taken away', 'the label of an enum cannot be taken away');
DROP TYPE s.e; CREATE TYPE s.e AS ENUM ('b');
SELECT results_eq($$SELECT p.ddl FROM boardinghouse._plan(pg_temp.parts('s'), pg_temp.parts('other'), false) AS p WHERE p.kind = 'enum label' ORDER BY p."position"$$, $$VALUES ('ALTER TYPE e ADD VALUE ''c'' AFTER ''b'''), ('ALTER TYPE e ADD VALUE ''a2'' AFTER ''c''')$$, 'labels are added in order');

-- In every tenant.
CREATE TABLE __template__.p (id int UNIQUE, q_id int);
CREATE TABLE __template__.q (id int UNIQUE REFERENCES __template__.p (id), q_id int REFERENCES __template__.q (id));
ALTER TABLE __template__.p ADD FOREIGN KEY (q_id) REFERENCES __template__.q (id);
CREATE TABLE __template__.a (id int);
CREATE FUNCTION __template__.f(__template__.a) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
ALTER TABLE __template__.a ADD CHECK (__template__.f(a.*) > 0);
CREATE INDEX ON __template__.a (__template__.f(a.*));
CREATE POLICY p ON __template__.a USING (__template__.f(a.*) > 0);
CREATE TRIGGER g BEFORE UPDATE ON __template__.a FOR EACH ROW WHEN (__template__.f(OLD.*) > 0) EXECUTE FUNCTION suppress_redundant_updates_trigger();
SELECT pg_temp.alike('tables in a circle, and one that is checked by a function of its rows, are made in every tenant');
CREATE TABLE __template__.another (f1 int, f2 text, f3 text);
INSERT INTO early.another VALUES (1, '2', 'x');
ALTER TABLE __template__.another ALTER f1 TYPE text USING f2 || ' and ' || f3, ALTER f2 TYPE bigint USING f1 * 10, DROP COLUMN f3;
SELECT results_eq('TABLE early.another', $$VALUES ('2 and x', 10::bigint)$$, 'USING reads a column that the same command drops');
SELECT pg_temp.mirrored($$SET LOCAL search_path = __template__;
    CREATE VIEW "v %s" AS SELECT id, 'x'::varchar(5) COLLATE "C" AS s FROM a; CREATE FUNCTION fv("v %s") RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE OR REPLACE VIEW "v %s" WITH (security_barrier) AS SELECT id, 'x'::varchar(5) COLLATE "C" AS s, fv(NULL) AS x FROM a;
    CREATE FUNCTION g(i int DEFAULT 3) RETURNS bigint LANGUAGE sql RETURN 1; CREATE VIEW w AS SELECT g() AS x; ALTER VIEW w ALTER x SET DEFAULT 5; CREATE OR REPLACE FUNCTION g(i int DEFAULT 3) RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM w; END;
    CREATE FUNCTION h1(OUT o int, i int) LANGUAGE sql RETURN 1; CREATE FUNCTION h2(int) RETURNS int LANGUAGE sql RETURN h1($1); CREATE OR REPLACE FUNCTION h1(OUT o int, i int) LANGUAGE sql RETURN h2($1);
    CREATE FUNCTION again(int) RETURNS int LANGUAGE sql RETURN 1; CREATE OR REPLACE FUNCTION again(int) RETURNS int LANGUAGE sql RETURN CASE WHEN $1 > 0 THEN again($1 - 1) END;
    CREATE VIEW v1 AS SELECT 1 AS a; CREATE VIEW v2 AS SELECT a, a + 1 AS b FROM v1; CREATE OR REPLACE VIEW v1 AS SELECT a FROM v2; CREATE POLICY round ON a USING (EXISTS (SELECT FROM v1) AND h2(1) > 0);
    CREATE PROCEDURE call(int) BEGIN ATOMIC SELECT h2(1); END;
    CREATE INDEX by_f ON a ((f(a.*) + id)); SET LOCAL search_path = public$$, 'circles of views and functions are made in every tenant');
SELECT pg_temp.mirrored('CREATE MATERIALIZED VIEW __template__.m AS SELECT id FROM __template__.a; CREATE VIEW __template__.vm AS SELECT id FROM __template__.m; ALTER VIEW __template__.vm ALTER id SET DEFAULT 3; CREATE TABLE __template__.tm (v __template__.vm, id serial); ALTER TABLE __template__.tm ADD CONSTRAINT c CHECK (id > 0) NOT VALID', 'what hangs on a thing that waits, waits too');
SELECT pg_temp.mirrored('DROP MATERIALIZED VIEW __template__.m CASCADE', 'and goes before it');
SELECT pg_temp.mirrored('ALTER VIEW __template__.v1 RENAME TO "v1 %s"; ALTER FUNCTION __template__.h1 RENAME TO "h %s"', 'circles are renamed in every tenant');
SELECT pg_temp.mirrored('DROP VIEW __template__."v1 %s", __template__."v %s", __template__.w CASCADE', 'circles are dropped in every tenant');
SELECT pg_temp.mirrored('DROP FUNCTION __template__.h2 CASCADE; DROP FUNCTION __template__.again', 'circles of functions are dropped in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__.p, __template__.q', 'tables that refer to each other are dropped in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__.a CASCADE', 'a table checked by a function of its rows is dropped in every tenant');
SELECT * FROM finish();
ROLLBACK;
