\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE ROLE regress_reader;
CREATE FOREIGN DATA WRAPPER "w %s";
CREATE SERVER "s %s" FOREIGN DATA WRAPPER "w %s";
CREATE SERVER other FOREIGN DATA WRAPPER "w %s";
CREATE TYPE __template__.mood AS ENUM ('sad');
SELECT pg_temp.mirrored($$CREATE FOREIGN TABLE __template__."far %s" (id int NOT NULL DEFAULT 3 CHECK (id > 0), n text OPTIONS (name 'N %s', "of it" 'it''s') COLLATE "C", m __template__.mood, g int GENERATED ALWAYS AS (id + 1) STORED) SERVER "s %s" OPTIONS ("a %s" '1 %s', b E'\\')$$, 'a foreign table is made in every tenant');
SELECT pg_temp.mirrored($$CREATE FOREIGN TABLE __template__.none () SERVER other; COMMENT ON FOREIGN TABLE __template__.none IS 'c'; COMMENT ON COLUMN __template__."far %s".n IS 'n'; GRANT SELECT, INSERT (n) ON __template__."far %s" TO regress_reader; CREATE VIEW __template__.v AS SELECT id, n FROM __template__."far %s"; CREATE TRIGGER t BEFORE UPDATE ON __template__."far %s" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()$$, 'comments, privileges, views and triggers of foreign tables are made in every tenant');
SELECT pg_temp.mirrored($$ALTER FOREIGN TABLE __template__."far %s" OPTIONS (SET "a %s" 'x', DROP b, ADD c ''); ALTER FOREIGN TABLE __template__."far %s" ALTER n OPTIONS (DROP name, ADD "p %s" 'q'); ALTER FOREIGN TABLE __template__.none OPTIONS (ADD z 'z')$$, 'options are added, set and dropped in every tenant');
SELECT pg_temp.mirrored($$ALTER FOREIGN TABLE __template__."far %s" ADD o int OPTIONS (x 'y') DEFAULT 4, ALTER g TYPE bigint, ALTER id DROP DEFAULT, ALTER m SET NOT NULL, ADD CONSTRAINT c CHECK (o > 0) NOT VALID, ALTER n SET STATISTICS 5, ALTER n SET (n_distinct = 3), ALTER n SET STORAGE EXTERNAL, DISABLE TRIGGER t$$, 'columns, constraints and triggers of a foreign table are altered in every tenant');
SELECT pg_temp.mirrored($$ALTER FOREIGN TABLE __template__."far %s" RENAME n TO "n %s"; ALTER FOREIGN TABLE __template__."far %s" RENAME TO far; ALTER FOREIGN TABLE __template__.far OWNER TO regress_reader; ALTER FOREIGN TABLE __template__.far VALIDATE CONSTRAINT c$$, 'a foreign table, and a column of it, are renamed in every tenant');
SELECT pg_temp.mirrored($$ALTER FOREIGN TABLE __template__.far OPTIONS (DROP "a %s", DROP c); ALTER FOREIGN TABLE __template__.far ALTER "n %s" OPTIONS (DROP "p %s", DROP "of it"); ALTER FOREIGN TABLE __template__.far DROP m$$, 'the last option, and a column, are dropped in every tenant');
ALTER SERVER "s %s" RENAME TO renamed;
SELECT pg_temp.alike('the server of a foreign table is renamed');
SELECT pg_temp.mirrored($$DROP FOREIGN TABLE __template__.far CASCADE; CREATE FOREIGN TABLE __template__.far (id int OPTIONS (a 'b')) SERVER other OPTIONS (c 'd')$$, 'a foreign table is made anew on another server in every tenant');
SELECT pg_temp.mirrored($$CREATE TABLE __template__.parent (id int, n int) PARTITION BY LIST (id); CREATE FOREIGN TABLE __template__.part PARTITION OF __template__.parent FOR VALUES IN (1) SERVER other OPTIONS (a 'b'); CREATE TABLE __template__.base (id int); CREATE FOREIGN TABLE __template__.child (x int) INHERITS (__template__.base) SERVER other$$, 'foreign tables are partitions and children in every tenant');
SELECT pg_temp.mirrored($$ALTER TABLE __template__.parent ADD y int; ALTER TABLE __template__.base RENAME id TO key; ALTER TABLE __template__.parent DETACH PARTITION __template__.part$$, 'they follow their parents in every tenant');
ALTER TABLE early.parent DISABLE ROW LEVEL SECURITY;
SET LOCAL boardinghouse.allow_drift = on;
DROP FOREIGN TABLE early.far; CREATE FOREIGN TABLE early.far (id int) SERVER renamed OPTIONS (c 'x', e 'f');
SET LOCAL boardinghouse.allow_drift = off;
SELECT set_eq('SELECT c.kind, c.here, c.there FROM boardinghouse.compare(''early'') AS c', $$VALUES ('foreign server', 'SERVER renamed', 'SERVER other'), ('foreign options', 'ALTER FOREIGN TABLE far OPTIONS (c ''x'', e ''f'')', 'ALTER FOREIGN TABLE far OPTIONS (c ''d'')'), ('foreign column options', NULL, 'ALTER FOREIGN TABLE far ALTER COLUMN id OPTIONS (a ''b'')')$$, 'another server, other options are differences');
SELECT boardinghouse.repair('early', true) \g /dev/null
SELECT pg_temp.alike('and repaired');
SELECT boardinghouse.clone_schema('__template__', 'with rows', true) \g /dev/null
SELECT is_empty('SELECT * FROM boardinghouse.compare(''with rows'')', 'a clone with rows reads no foreign table');
DROP SCHEMA "with rows" CASCADE;
SELECT pg_temp.mirrored('DROP SERVER other CASCADE', 'a server is dropped with its foreign tables');
SELECT * FROM finish();
ROLLBACK;
