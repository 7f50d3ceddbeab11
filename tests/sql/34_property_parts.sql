\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE ROLE "regress %s ""owner""";
CREATE ROLE regress_reader;
CREATE ROLE regress_writer;
CREATE TABLE __template__.base (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, old serial, name text);
CREATE SEQUENCE __template__.free;
CREATE VIEW __template__.v AS SELECT * FROM __template__.base;
CREATE MATERIALIZED VIEW __template__.m AS SELECT * FROM __template__.base;
CREATE FUNCTION __template__.f(a int, __template__.base) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE __template__.p() LANGUAGE sql AS 'SELECT 1';
CREATE TYPE __template__.e AS ENUM ('a');
CREATE TYPE __template__.c AS (x int);
CREATE DOMAIN __template__.d AS int;
CREATE STATISTICS __template__.s ON id, name FROM __template__.base;
SELECT pg_temp.alike('the base is made');

-- Owners.
SELECT pg_temp.mirrored('GRANT ALL ON SCHEMA __template__ TO "regress %s ""owner"""', 'privileges on the schema are granted in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base OWNER TO "regress %s ""owner"""', 'the owner of a table, and of its sequences, is changed in every tenant');
SELECT pg_temp.mirrored('ALTER VIEW __template__.v OWNER TO "regress %s ""owner"""; ALTER MATERIALIZED VIEW __template__.m OWNER TO "regress %s ""owner"""; ALTER SEQUENCE __template__.free OWNER TO "regress %s ""owner"""', 'owners of views and sequences are changed in every tenant');
SELECT pg_temp.mirrored('ALTER FUNCTION __template__.f OWNER TO "regress %s ""owner"""; ALTER PROCEDURE __template__.p OWNER TO "regress %s ""owner"""', 'owners of functions and procedures are changed in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__.e OWNER TO "regress %s ""owner"""; ALTER TYPE __template__.c OWNER TO "regress %s ""owner"""; ALTER DOMAIN __template__.d OWNER TO "regress %s ""owner"""', 'owners of types are changed in every tenant');
SELECT pg_temp.mirrored('ALTER STATISTICS __template__.s OWNER TO "regress %s ""owner"""', 'the owner of extended statistics is changed in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.later (id int); ALTER TABLE __template__.later OWNER TO regress_writer', 'a table is made and given away in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.later OWNER TO postgres', 'a table is taken back in every tenant');

-- Grants.
SELECT pg_temp.mirrored('GRANT SELECT, INSERT ON __template__.base TO regress_reader', 'privileges on a table are granted in every tenant');
SELECT pg_temp.mirrored('GRANT SELECT ON __template__.base TO PUBLIC', 'a privilege is granted to all in every tenant');
SELECT pg_temp.mirrored('GRANT UPDATE ON __template__.base TO regress_reader WITH GRANT OPTION', 'a grant option is granted in every tenant');
SELECT pg_temp.mirrored('REVOKE GRANT OPTION FOR UPDATE ON __template__.base FROM regress_reader', 'a grant option is revoked in every tenant');
SELECT pg_temp.mirrored('REVOKE INSERT ON __template__.base FROM regress_reader', 'a privilege is revoked in every tenant');
SELECT pg_temp.mirrored('REVOKE DELETE ON __template__.base FROM "regress %s ""owner"""', 'a privilege of the owner is revoked in every tenant');
SELECT pg_temp.mirrored('GRANT DELETE ON __template__.base TO "regress %s ""owner"""', 'a privilege of the owner is given back in every tenant');
SELECT pg_temp.mirrored('GRANT SELECT (name), UPDATE (name, old) ON __template__.base TO regress_writer; GRANT SELECT (id) ON __template__.base TO PUBLIC', 'privileges on columns are granted in every tenant');
SELECT pg_temp.mirrored('GRANT INSERT (name) ON __template__.base TO regress_writer WITH GRANT OPTION', 'a grant option on a column is granted in every tenant');
SELECT pg_temp.mirrored('REVOKE UPDATE (old), SELECT (name) ON __template__.base FROM regress_writer', 'privileges on columns are revoked in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base RENAME name TO "Name %s"', 'a column with privileges is renamed in every tenant');
SELECT pg_temp.mirrored('GRANT USAGE ON SEQUENCE __template__.free, __template__.base_old_seq TO regress_reader', 'privileges on sequences are granted in every tenant');
SELECT pg_temp.mirrored('GRANT SELECT ON SEQUENCE __template__.base_id_seq TO regress_reader', 'privileges on the sequence of an identity are granted in every tenant');
SELECT pg_temp.mirrored('GRANT SELECT ON __template__.v, __template__.m TO regress_reader', 'privileges on views are granted in every tenant');
SELECT pg_temp.mirrored('REVOKE EXECUTE ON FUNCTION __template__.f FROM PUBLIC', 'the privilege that all have on a function is revoked in every tenant');
SELECT pg_temp.mirrored('GRANT EXECUTE ON FUNCTION __template__.f TO regress_reader; GRANT EXECUTE ON PROCEDURE __template__.p TO regress_reader', 'privileges on functions and procedures are granted in every tenant');
SELECT pg_temp.mirrored('GRANT EXECUTE ON FUNCTION __template__.f TO PUBLIC', 'the privilege that all have on a function is given back in every tenant');
SELECT pg_temp.mirrored('REVOKE USAGE ON TYPE __template__.e, __template__.c FROM PUBLIC; GRANT USAGE ON TYPE __template__.e TO regress_reader; GRANT USAGE ON DOMAIN __template__.d TO regress_reader', 'privileges on types are granted and revoked in every tenant');
SELECT pg_temp.mirrored('GRANT USAGE ON SCHEMA __template__ TO PUBLIC; GRANT CREATE ON SCHEMA __template__ TO regress_writer', 'privileges on the schema are granted to all in every tenant');
SELECT pg_temp.mirrored('REVOKE USAGE ON SCHEMA __template__ FROM PUBLIC', 'privileges on the schema are revoked in every tenant');
SELECT pg_temp.mirrored('GRANT SELECT ON ALL TABLES IN SCHEMA __template__ TO regress_writer', 'privileges on all tables are granted in every tenant');
SELECT pg_temp.mirrored('CREATE OR REPLACE VIEW __template__.v AS SELECT id, old, "Name %s" AS name, 1 AS more FROM __template__.base', 'a view with privileges is replaced in every tenant');
SELECT pg_temp.mirrored('DROP VIEW __template__.v; CREATE VIEW __template__.v AS SELECT 1 AS one', 'a view with privileges is dropped and another of its name made, without them, in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base OWNER TO postgres', 'the owner of a table with privileges is changed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base RENAME TO "Base %s"', 'a table with privileges is renamed in every tenant');
SELECT pg_temp.mirrored('DROP OWNED BY regress_writer', 'privileges of a role are dropped in every tenant');
SET LOCAL ROLE "regress %s ""owner""";
SELECT throws_ok('GRANT SELECT ON __template__.m TO regress_writer', '42501', NULL, 'who owns an object of the template, but not the template, is refused');
RESET ROLE;
SELECT pg_temp.alike('the refused grant has changed nothing');

-- Default privileges.
SELECT pg_temp.mirrored('ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ GRANT SELECT ON TABLES TO regress_reader, PUBLIC', 'default privileges are granted in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.given (id serial)', 'a table with default privileges is made in every tenant');
SELECT pg_temp.mirrored('ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ GRANT USAGE ON SEQUENCES TO regress_reader WITH GRANT OPTION; ALTER DEFAULT PRIVILEGES FOR ROLE "regress %s ""owner""" IN SCHEMA __template__ GRANT EXECUTE ON FUNCTIONS TO regress_writer; ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ GRANT USAGE ON TYPES TO regress_writer', 'default privileges of all sorts are granted in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.given2 (id serial); CREATE TYPE __template__.given3 AS ENUM (''a''); CREATE VIEW __template__.given4 AS SELECT 1 AS one; CREATE FUNCTION __template__.given5() RETURNS int LANGUAGE sql AS ''SELECT 1''', 'objects with default privileges are made in every tenant');
SELECT pg_temp.mirrored('REVOKE SELECT ON __template__.given2 FROM regress_reader', 'a privilege that came by default is revoked in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.given2 OWNER TO "regress %s ""owner"""', 'the owner of a table with default privileges is changed in every tenant');
SELECT pg_temp.mirrored('ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ REVOKE SELECT ON TABLES FROM regress_reader, PUBLIC', 'default privileges are revoked in every tenant');
SELECT pg_temp.mirrored('ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO regress_writer; CREATE TABLE __template__.given6 (id serial)', 'a table with default privileges of the database is made in every tenant');
SELECT pg_temp.mirrored('ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; CREATE FUNCTION __template__.given7() RETURNS int LANGUAGE sql AS ''SELECT 1''', 'a function without the privilege that all have is made in every tenant');
SELECT pg_temp.mirrored('GRANT EXECUTE ON FUNCTION __template__.given7() TO PUBLIC', 'a function gets the privilege that all have in every tenant');

-- Comments on what other files have not commented.
SELECT pg_temp.mirrored('COMMENT ON SCHEMA __template__ IS ''it''''s 100 %s''', 'the comment on the schema is in every tenant');
SELECT pg_temp.mirrored('COMMENT ON SCHEMA __template__ IS NULL', 'the comment on the schema is removed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON TABLE __template__.given IS E''many\nlines \\ %1$I ''''quoted''''''', 'a comment of many lines is made in every tenant');
SELECT pg_temp.mirrored('CREATE VIEW __template__.w AS SELECT 1 AS one; COMMENT ON TYPE __template__.given IS ''row''; COMMENT ON TYPE __template__.given[] IS ''rows''; COMMENT ON TYPE __template__.w IS ''w''; COMMENT ON TYPE __template__.e[] IS ''es''; COMMENT ON TYPE __template__.d[] IS ''ds''; COMMENT ON RULE "_RETURN" ON __template__.w IS ''r''; COMMENT ON COLUMN __template__.w.one IS ''1''; COMMENT ON COLUMN __template__.c.x IS ''x''',
    'row types, arrays, the rule of a view, columns of views and types are commented in every tenant');
SELECT pg_temp.mirrored('REVOKE USAGE ON TYPE __template__.given, __template__.w FROM PUBLIC; GRANT USAGE ON TYPE __template__.given TO regress_reader WITH GRANT OPTION', 'privileges on row types are granted and revoked in every tenant');
SELECT pg_temp.mirrored('DROP VIEW __template__.w; CREATE VIEW __template__.w AS SELECT 2 AS two', 'a view is made anew without the comments and privileges of its row type in every tenant');
SELECT pg_temp.mirrored('COMMENT ON TYPE __template__.given[] IS NULL; GRANT USAGE ON TYPE __template__.given TO PUBLIC; ALTER TABLE __template__.given RENAME TO gift; ALTER TABLE __template__.gift RENAME TO given', 'comments and privileges of row types are taken back in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__.given', 'a commented table with privileges is dropped in every tenant');

-- Grants by others than the owner.
CREATE ROLE "regress %s 1"; CREATE ROLE regress_2; CREATE ROLE regress_3;
CREATE FUNCTION pg_temp.granted(description text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM boardinghouse.disable();
    GRANT USAGE ON SCHEMA __template__ TO "regress %s 1", regress_2;
    GRANT SELECT, INSERT, UPDATE ON __template__.d2 TO "regress %s 1" WITH GRANT OPTION;
    GRANT SELECT (x), UPDATE (x) ON __template__.d2 TO "regress %s 1" WITH GRANT OPTION;
    GRANT EXECUTE ON PROCEDURE __template__.p() TO "regress %s 1" WITH GRANT OPTION;
    SET LOCAL ROLE "regress %s 1";
    GRANT SELECT ON __template__.d2 TO regress_2 WITH GRANT OPTION;
    GRANT INSERT ON __template__.d2 TO regress_3;
    GRANT UPDATE (x) ON __template__.d2 TO regress_3;
    GRANT EXECUTE ON PROCEDURE __template__.p() TO regress_3 WITH GRANT OPTION;
    SET LOCAL ROLE regress_2;
    GRANT SELECT ON __template__.d2 TO regress_3, PUBLIC;
    RESET ROLE;
    GRANT SELECT ON __template__.d2 TO regress_3;
    PERFORM boardinghouse.enable();
    RETURN pg_temp.alike(description);
END $$;
CREATE TABLE __template__.d2 (x int);
SELECT pg_temp.granted('what others than the owner have granted is granted by them in every tenant');
CREATE ROLE regress_super SUPERUSER;
SET LOCAL ROLE regress_super;
SELECT lives_ok('SELECT boardinghouse.clone_schema(''__template__'', ''granted'')', 'and in a clone');
SELECT is(current_user, 'regress_super', 'he who clones is who he was');
SELECT is(pg_get_userbyid(c.relowner), 'postgres', 'and has not made the clone in the name of another') FROM pg_class AS c WHERE c.oid = 'granted.d2'::regclass;
RESET ROLE;
DROP SCHEMA granted CASCADE;
SELECT pg_temp.mirrored('GRANT DELETE ON __template__.d2 TO "regress %s 1"', 'who has granted gets another privilege in every tenant');
SELECT pg_temp.mirrored('REVOKE GRANT OPTION FOR UPDATE (x) ON __template__.d2 FROM "regress %s 1" CASCADE; REVOKE EXECUTE ON PROCEDURE __template__.p() FROM "regress %s 1" CASCADE', 'with a grant option goes what was granted by it in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.d2 OWNER TO regress_3', 'the owner of a table on which others have granted is changed in every tenant');
ALTER ROLE "regress %s 1" RENAME TO regress_one;
SELECT pg_temp.alike('who has granted may be renamed');
SELECT pg_temp.mirrored('DROP OWNED BY regress_one CASCADE', 'with who has granted goes what he has granted in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__.d2', 'a table with a history of grants is dropped in every tenant');

-- What goes with an extension.
SELECT pg_temp.mirrored('CREATE TABLE __template__.t (id int PRIMARY KEY, n int); CREATE INDEX t_n ON __template__.t (n); CREATE TRIGGER g BEFORE UPDATE ON __template__.t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger(); ALTER TRIGGER g ON __template__.t DEPENDS ON EXTENSION plpgsql; ALTER INDEX __template__.t_n DEPENDS ON EXTENSION plpgsql; ALTER INDEX __template__.t_pkey DEPENDS ON EXTENSION plpgsql; ALTER FUNCTION __template__.f DEPENDS ON EXTENSION plpgsql; ALTER PROCEDURE __template__.p DEPENDS ON EXTENSION plpgsql; ALTER MATERIALIZED VIEW __template__.m DEPENDS ON EXTENSION plpgsql',
    'triggers, indexes, functions, procedures and materialized views depend on an extension in every tenant');
SELECT pg_temp.mirrored('ALTER INDEX __template__.t_n NO DEPENDS ON EXTENSION plpgsql; ALTER FUNCTION __template__.f NO DEPENDS ON EXTENSION plpgsql; ALTER INDEX __template__.t_pkey RENAME TO t_key; DROP TRIGGER g ON __template__.t', 'they no longer do in every tenant');

-- Security labels. No provider is at hand: what one would have written is written here.
SET LOCAL allow_system_table_mods = on;
INSERT INTO pg_seclabel (classoid, objoid, objsubid, provider, label)
VALUES ('pg_class'::regclass, '__template__.t'::regclass, 0, 'a %s', 'it''s %s'), ('pg_class'::regclass, '__template__.t'::regclass, 2, 'a %s', 'n'),
       ('pg_class'::regclass, '__template__.t'::regclass, 0, 'b', 'b'), ('pg_class'::regclass, '__template__.m'::regclass, 0, 'b', 'm'),
       ('pg_class'::regclass, '__template__.free'::regclass, 0, 'b', 's'), ('pg_class'::regclass, '__template__.w'::regclass, 1, 'b', 'w'),
       ('pg_class'::regclass, '__template__.c'::regclass, 1, 'b', 'c'), ('pg_type'::regclass, '__template__.e'::regtype, 0, 'b', 'e'),
       ('pg_type'::regclass, '__template__.d'::regtype, 0, 'b', 'd'), ('pg_proc'::regclass, '__template__.f'::regproc, 0, 'b', 'f'),
       ('pg_proc'::regclass, '__template__.p'::regproc, 0, 'b', 'p'), ('pg_namespace'::regclass, '__template__'::regnamespace, 0, 'a %s', '%s');
SELECT results_eq('SELECT d.ddl FROM boardinghouse.describe(''__template__'') AS d WHERE d.kind = ''security label'' ORDER BY d.ddl COLLATE "C"', $$VALUES
    ('SECURITY LABEL FOR "a %s" ON COLUMN t.n IS ''n'''),
    ('SECURITY LABEL FOR "a %s" ON SCHEMA __template__ IS ''%s'''),
    ('SECURITY LABEL FOR "a %s" ON TABLE t IS ''it''''s %s'''),
    ('SECURITY LABEL FOR b ON COLUMN c.x IS ''c'''),
    ('SECURITY LABEL FOR b ON COLUMN w.two IS ''w'''),
    ('SECURITY LABEL FOR b ON DOMAIN d IS ''d'''),
    ('SECURITY LABEL FOR b ON FUNCTION f(integer, "Base %s") IS ''f'''),
    ('SECURITY LABEL FOR b ON MATERIALIZED VIEW m IS ''m'''),
    ('SECURITY LABEL FOR b ON PROCEDURE p() IS ''p'''),
    ('SECURITY LABEL FOR b ON SEQUENCE free IS ''s'''),
    ('SECURITY LABEL FOR b ON TABLE t IS ''b'''),
    ('SECURITY LABEL FOR b ON TYPE e IS ''e''')$$, 'security labels are written for each provider');
SELECT is((SELECT count(*) FROM boardinghouse.compare('early') AS c WHERE c.kind = 'security label' AND c.here IS NULL AND NOT c.own), 12::bigint, 'a label that a tenant lacks is a difference');
SELECT throws_ok('SELECT boardinghouse.clone_schema(''__template__'', ''labelled''); SELECT boardinghouse.repair(''labelled'')', '22023', NULL, 'a label is not left out');
DELETE FROM pg_seclabel;
SELECT * FROM finish();
ROLLBACK;
