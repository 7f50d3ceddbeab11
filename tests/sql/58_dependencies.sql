\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE TABLE __template__.t (id int PRIMARY KEY, n text);
CREATE FUNCTION __template__.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE SCHEMA outside;
CREATE FUNCTION pg_temp.leaks() RETURNS SETOF text LANGUAGE sql AS $$
SELECT concat_ws(' ', l.from_schema, '->', l.to_schema, pg_describe_object(l.class, l.object, 0)) FROM boardinghouse._leaks() AS l
$$;

-- Leaks.
SELECT is_empty('SELECT * FROM pg_temp.leaks()', 'tenants and template know nothing of each other');
CREATE VIEW outside.sees_all AS SELECT n FROM early.t UNION ALL SELECT n FROM "late 1".t;
SELECT is_empty('SELECT * FROM pg_temp.leaks()', 'a schema that is no tenant may look into them');
DROP VIEW outside.sees_all;
SET LOCAL boardinghouse.allow_drift = on;
CREATE FUNCTION pg_temp.leaking(ddl text, description text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text[]; told text[];
BEGIN
    BEGIN
        EXECUTE ddl;
        found := ARRAY(SELECT l FROM pg_temp.leaks() AS l WHERE l ~ '^early -> late 1 ');
        told := ARRAY(SELECT v.there FROM boardinghouse.verify() AS v WHERE v.schema = 'early' AND v.problem = 'depends on another schema');
        RAISE SQLSTATE 'BH002';
    EXCEPTION WHEN SQLSTATE 'BH002' THEN NULL;
    END;
    RETURN ok(found <> '{}' AND 'late 1' = ANY (told), description);
END $$;
SELECT pg_temp.leaking('CREATE VIEW early.v AS SELECT n FROM "late 1".t', 'a view that reads another tenant is a leak');
SELECT pg_temp.leaking('CREATE MATERIALIZED VIEW early.v AS SELECT n FROM "late 1".t', 'a materialized view too');
SELECT pg_temp.leaking('ALTER TABLE early.t ADD FOREIGN KEY (id) REFERENCES "late 1".t', 'a foreign key to another tenant');
SELECT pg_temp.leaking('ALTER TABLE early.t ALTER id SET DEFAULT "late 1".f(1)', 'a default that calls a function of another tenant');
SELECT pg_temp.leaking('ALTER TABLE early.t ADD CHECK ("late 1".f(id) > 0)', 'a check');
SELECT pg_temp.leaking('CREATE POLICY p ON early.t USING (EXISTS (SELECT FROM "late 1".t AS o WHERE o.id = t.id))', 'a policy');
SELECT pg_temp.leaking('CREATE RULE r AS ON INSERT TO early.t DO ALSO INSERT INTO "late 1".t VALUES (NEW.id)', 'a rule');
SELECT pg_temp.leaking('CREATE FUNCTION "late 1".trig() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN RETURN NEW; END''; CREATE TRIGGER g BEFORE INSERT ON early.t FOR EACH ROW EXECUTE FUNCTION "late 1".trig()', 'a trigger');
SELECT pg_temp.leaking('CREATE TYPE "late 1".e AS ENUM (''a''); ALTER TABLE early.t ADD e "late 1".e', 'a column of a type');
SELECT pg_temp.leaking('CREATE FUNCTION early.g(a "late 1".t) RETURNS int LANGUAGE sql AS ''SELECT 1''', 'an argument of a row type');
SELECT pg_temp.leaking('CREATE FUNCTION early.g() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM "late 1".t; END', 'the body of a function in SQL standard form');
SELECT pg_temp.leaking('CREATE DOMAIN early.d AS int CHECK ("late 1".f(VALUE) > 0)', 'a domain');
SELECT pg_temp.leaking('CREATE SEQUENCE "late 1".s; ALTER TABLE early.t ADD k int DEFAULT nextval(''"late 1".s'')', 'a sequence');
SELECT pg_temp.leaking('ALTER FUNCTION "late 1".f(int) IMMUTABLE; CREATE INDEX ON early.t ("late 1".f(id))', 'an index');
CREATE VIEW early.v AS SELECT n FROM __template__.t;
SELECT set_eq('SELECT * FROM pg_temp.leaks()', $$VALUES ('early -> __template__ rule _RETURN on view early.v')$$, 'a tenant that reads the template is a leak too');
DROP VIEW early.v;
RESET boardinghouse.allow_drift;

-- The template may not name a tenant.
SELECT throws_ok('CREATE VIEW __template__.v AS SELECT n FROM early.t', '0A000', 'view v of the template would depend on schema "early"', 'a view of the template that reads a tenant is refused');
SELECT throws_ok('ALTER TABLE __template__.t ADD FOREIGN KEY (id) REFERENCES early.t', '0A000', NULL, 'a foreign key of the template to a tenant is refused');
SELECT throws_ok('ALTER TABLE __template__.t ALTER id SET DEFAULT early.f(1)', '0A000', NULL, 'a default of the template that calls a tenant''s function is refused');
SELECT throws_ok('ALTER TABLE __template__.t ADD t early.t', '0A000', NULL, 'a column of the template of a tenant''s type is refused');
SELECT throws_ok('CREATE FUNCTION __template__.g(early.t) RETURNS int LANGUAGE sql AS ''SELECT 1''', '0A000', NULL, 'a function of the template on a tenant''s row type is refused');
SELECT throws_ok('CREATE POLICY p ON __template__.t USING (early.f(id) > 0)', '0A000', NULL, 'a policy of the template that calls a tenant''s function is refused');
SELECT pg_temp.alike('what was refused has changed nothing');

-- What cannot be written without the name of its schema.
SELECT pg_temp.mirrored($$CREATE VIEW __template__.clash AS WITH t AS (SELECT id FROM __template__.t) SELECT t.id, o.n, '__template__.t %s' AS text FROM t, __template__.t AS o;
    CREATE MATERIALIZED VIEW __template__."mat %s" AS WITH t AS (SELECT 7 AS id) SELECT t.id, o.n, '__template__.t %s' AS text FROM t JOIN ONLY __template__.t AS o ON true;
    CREATE TABLE __template__."1 %s" (id int, t int);
    CREATE RULE "r %s" AS ON INSERT TO __template__."1 %s" DO ALSO INSERT INTO __template__.t (id) WITH t AS (SELECT 7 AS id) SELECT NEW.id FROM t, __template__.t AS o;
    CREATE POLICY "p %s" ON __template__."1 %s" USING (id IN (WITH t AS (SELECT 7 AS id) SELECT t.id FROM t, __template__.t AS o)) WITH CHECK (t > 0);
    CREATE FUNCTION __template__."f %s"() RETURNS bigint SET search_path = __template__ BEGIN ATOMIC WITH t AS (SELECT 7 AS id) SELECT count(*) FROM t, __template__.t AS o; END;
    CREATE PROCEDURE __template__."g %s"() BEGIN ATOMIC WITH t AS (SELECT 7 AS id) INSERT INTO __template__.t (id) SELECT t.id FROM t, __template__.t AS o; END$$,
    'views, rules, policies and bodies with a WITH query named like a table are made in every tenant');
SELECT is_empty('SELECT * FROM pg_temp.leaks()', 'none of them reads the template');
SELECT pg_temp.mirrored('ALTER TABLE __template__.t RENAME TO "T %s"', 'a table is renamed that is read with another name in views, rules, policies and bodies in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__."T %s" RENAME TO t; ALTER VIEW __template__.clash RENAME TO "C %s"', 'and back');
SELECT pg_temp.mirrored('DROP VIEW __template__."C %s"; DROP MATERIALIZED VIEW __template__."mat %s"; DROP TABLE __template__."1 %s"; DROP FUNCTION __template__."f %s"; DROP PROCEDURE __template__."g %s"', 'all of them are dropped in every tenant');
CREATE VIEW outside.clash AS WITH t AS (SELECT 7 AS id) SELECT t.id FROM t;
SELECT lives_ok($$SELECT boardinghouse.clone_schema('outside', 'outside 2')$$, 'where no table of that name is read there is no need to refuse');
DROP SCHEMA "outside 2" CASCADE;
CREATE TABLE outside.t (id int);
CREATE OR REPLACE VIEW outside.clash AS WITH t AS (SELECT 7 AS id) SELECT t.id FROM t, outside.t AS o;
SELECT lives_ok($$SELECT boardinghouse.clone_schema('outside', 'outside 2')$$, 'a clone reads its own tables');
SELECT is(pg_get_viewdef('"outside 2".clash'::regclass) ~ '"outside 2"\.t' AND boardinghouse._dependent_outside('outside') IS NULL, true, 'and nothing of its source');
DROP SCHEMA "outside 2" CASCADE;
CREATE OR REPLACE VIEW outside.clash AS WITH t AS (SELECT 7 AS id) SELECT t.id FROM t, outside.t AS outside;
SELECT throws_ok($$SELECT boardinghouse.clone_schema('outside', 'outside 2')$$, '0A000', NULL, 'a clone that would read its source, for an alias has the name of that, is refused');
DROP VIEW outside.clash; DROP TABLE outside.t;

-- Who depends on a schema.
SELECT is(boardinghouse._dependent_outside('early'), NULL, 'nothing outside depends on a tenant');
CREATE VIEW outside.v AS SELECT n FROM early.t;
SELECT is(boardinghouse._dependent_outside('early'), 'rule _RETURN on view outside.v', 'a view outside depends on it');
SELECT is(boardinghouse._dependent_outside('early', '{late 1}'), NULL, 'but nothing in the schemata asked for');
SELECT is(boardinghouse._dependent_outside('early', '{outside}'), 'rule _RETURN on view outside.v', 'asked for, it is found');
DROP VIEW outside.v;
CREATE FUNCTION outside.g(early.t) RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT is(boardinghouse._dependent_outside('early'), 'function outside.g(early.t)', 'a function on a row type depends on its schema');
SELECT throws_ok($$SELECT boardinghouse.drop_schema('early')$$, '2BP01', 'schema "early" cannot be dropped because other objects depend on it', 'such a tenant cannot be dropped');
DROP FUNCTION outside.g;

-- Captures.
CREATE FUNCTION pg_temp.captured(ddl text, object text, description text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    refused record; mirroring record; found text[]; told text[];
BEGIN
    SELECT * INTO refused FROM pg_temp.failure(ddl);
    BEGIN
        SET LOCAL boardinghouse.allow_drift = on;
        EXECUTE ddl;
        SET LOCAL boardinghouse.allow_drift = off;
        found := ARRAY(SELECT c.object FROM boardinghouse._captures() AS c);
        told := ARRAY(SELECT v.object FROM boardinghouse.verify() AS v WHERE v.schema = 'early' AND v.problem = 'would be taken for another');
        SELECT * INTO mirroring FROM pg_temp.failure('CREATE TABLE __template__.later (id int)');
        RAISE SQLSTATE 'BH002';
    EXCEPTION WHEN SQLSTATE 'BH002' THEN NULL;
    END;
    RETURN ok(coalesce(refused.state = '55000' AND refused.message = format('%s of schema "early" would be taken for another', object)
                       AND found = ARRAY[object] AND told = found AND mirroring = refused, false), description)
           || CASE WHEN found = ARRAY[object] AND mirroring = refused THEN '' ELSE E'\n' || diag(concat(refused, found, told, mirroring)) END;
END $$;
SELECT pg_temp.captured('CREATE FUNCTION early.lower(text) RETURNS text LANGUAGE sql AS ''SELECT 1''', 'function lower', 'a tenant''s own function named like one of PostgreSQL is refused');
SELECT pg_temp.captured('CREATE FUNCTION early.f(text) RETURNS int LANGUAGE sql AS ''SELECT 1''', 'function f', 'a tenant''s own function named like one of the template is refused');
SELECT pg_temp.captured('CREATE OPERATOR early.= (leftarg = text, rightarg = text, function = texteq)', 'operator =', 'a tenant''s own operator is refused');
SELECT pg_temp.captured('CREATE TYPE early.text AS (x int)', 'type text', 'a tenant''s own type named like one of PostgreSQL is refused');
SELECT pg_temp.captured('CREATE TABLE early.int4 (x int)', 'type int4', 'a tenant''s own table named like a type of PostgreSQL is refused');
SELECT pg_temp.captured('CREATE DOMAIN early.date AS text', 'type date', 'a tenant''s own domain named like a type of PostgreSQL is refused');
SELECT lives_ok('CREATE FUNCTION early.my_own(text) RETURNS text LANGUAGE sql AS ''SELECT 1''', 'a tenant''s own function of another name is not');
SELECT throws_ok('ALTER FUNCTION early.my_own RENAME TO upper', '55000', NULL, 'but may not be renamed so');
SELECT throws_ok('CREATE FUNCTION __template__.my_own(int) RETURNS text LANGUAGE sql AS ''SELECT 1''', '55000', NULL, 'a function of the template named like a tenant''s own is refused');
DROP FUNCTION early.my_own;
SELECT pg_temp.mirrored('CREATE FUNCTION __template__.lower(text) RETURNS text LANGUAGE sql AS ''SELECT 1''; CREATE TABLE __template__.int4 (x int)', 'what the template has may be named like what PostgreSQL has');
SELECT is_empty('SELECT * FROM boardinghouse._captures()', 'and is then no one''s own');
SELECT lives_ok('CREATE FUNCTION outside.lower(text) RETURNS text LANGUAGE sql AS ''SELECT 1''', 'other schemata may have what they want');
SELECT * FROM finish();
ROLLBACK;
