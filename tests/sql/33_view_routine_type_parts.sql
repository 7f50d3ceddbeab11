\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE TABLE public.shared (id int PRIMARY KEY, name text);
CREATE TABLE __template__.base (id int PRIMARY KEY, name text, amount numeric(8, 2), "order" int DEFAULT 3);
CREATE TABLE __template__.other (base_id int REFERENCES __template__.base, note text);
INSERT INTO __template__.base VALUES (1, 'one', 1), (2, 'two', 2);

-- Views.
SELECT pg_temp.mirrored('CREATE VIEW __template__."v %s" AS SELECT b.*, s.name AS "shared %s", ''__template__.base %s''::text AS word FROM __template__.base AS b LEFT JOIN public.shared AS s USING (id)', 'a view over own and shared tables is made in every tenant');
SELECT pg_temp.mirrored('CREATE VIEW __template__.limited WITH (security_barrier, security_invoker = on, check_option = cascaded) AS SELECT id, name FROM __template__.base WHERE id > 3', 'a view with options is made in every tenant');
SELECT pg_temp.mirrored('CREATE VIEW __template__.local_check AS SELECT id FROM __template__.base WHERE id > 3 WITH LOCAL CHECK OPTION', 'a view with a check option is made in every tenant');
SELECT pg_temp.mirrored('ALTER VIEW __template__.limited SET (check_option = local, security_barrier = off)', 'options of a view are changed in every tenant');
SELECT pg_temp.mirrored('ALTER VIEW __template__.limited RESET (security_invoker, check_option)', 'options of a view are reset in every tenant');
SELECT pg_temp.mirrored('ALTER VIEW __template__.limited ALTER name SET DEFAULT ''new''', 'a default of a view is set in every tenant');
SELECT pg_temp.mirrored('CREATE OR REPLACE VIEW __template__.limited AS SELECT id, name, amount FROM __template__.base WHERE id > 4', 'a view is replaced, and gets a column, in every tenant');
SELECT pg_temp.mirrored('ALTER VIEW __template__.limited ALTER name DROP DEFAULT', 'a default of a view is dropped in every tenant');
SELECT pg_temp.mirrored('CREATE VIEW __template__.a_second AS SELECT l.id, l.amount FROM __template__.limited AS l; CREATE VIEW __template__.a_first AS SELECT max(id) AS top FROM __template__.a_second; CREATE VIEW __template__.z AS SELECT * FROM __template__.a_first, __template__.a_second', 'views on views are made in every tenant');
SELECT pg_temp.mirrored('ALTER VIEW __template__.a_second RENAME COLUMN amount TO sum', 'a column of a view others look at is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER VIEW __template__.limited RENAME TO "Limited"', 'a view others look at is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base RENAME name TO title', 'a column views look at is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base RENAME TO basis', 'a table views look at is renamed in every tenant');
SELECT pg_temp.mirrored('CREATE OR REPLACE VIEW __template__.a_second AS SELECT l.id, (l.amount + 1.50)::numeric(8, 2) AS sum FROM __template__."Limited" AS l', 'a view others look at is replaced in every tenant');
SELECT pg_temp.mirrored('DROP VIEW __template__.a_first CASCADE; DROP VIEW __template__.a_second; CREATE VIEW __template__.a_second AS SELECT 1 AS one', 'a view is dropped and another of its name made in every tenant');
SELECT pg_temp.mirrored('COMMENT ON VIEW __template__.a_second IS ''v %s''; COMMENT ON COLUMN __template__.a_second.one IS ''c''', 'a view and its column are commented in every tenant');
SELECT pg_temp.mirrored('CREATE RULE ins AS ON INSERT TO __template__.a_second DO INSTEAD INSERT INTO __template__.basis (id) VALUES (NEW.one)', 'a rule of a view is made in every tenant');
SELECT pg_temp.mirrored('CREATE FUNCTION __template__.instead() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN RETURN NEW; END''; CREATE TRIGGER inst INSTEAD OF UPDATE ON __template__."Limited" FOR EACH ROW EXECUTE FUNCTION __template__.instead()', 'a trigger of a view is made in every tenant');
SELECT pg_temp.mirrored('CREATE VIEW __template__.recursive AS WITH RECURSIVE basis (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM basis WHERE n < 5) SELECT n FROM basis', 'a view with a query of the name of a table is made in every tenant');
SELECT pg_temp.mirrored('CREATE VIEW __template__.aliased AS SELECT early.id, __template__.title FROM __template__.basis AS early, __template__.basis AS __template__', 'a view with aliases like schemata is made in every tenant');
SELECT pg_temp.mirrored('CREATE VIEW __template__.whole AS SELECT b AS row_of, b.*::text AS as_text FROM __template__.basis AS b', 'a view of whole rows is made in every tenant');
SELECT pg_temp.mirrored('CREATE VIEW __template__.empty AS SELECT FROM __template__.basis', 'a view without columns is made in every tenant');
SELECT pg_temp.mirrored('DROP VIEW __template__.whole, __template__.aliased, __template__.recursive, __template__.empty', 'views are dropped in every tenant');
SELECT pg_temp.mirrored('DROP VIEW __template__."Limited"', 'a view is dropped with its triggers in every tenant');
SELECT pg_temp.mirrored('CREATE VIEW __template__.grouped AS SELECT id, title FROM __template__.basis GROUP BY id', 'a view that relies on a primary key is made in every tenant');
SELECT pg_temp.mirrored('DROP VIEW __template__.grouped, __template__."v %s"', 'views over a table are dropped in every tenant');

-- Materialized views.
SELECT pg_temp.mirrored('CREATE MATERIALIZED VIEW __template__.stored WITH (fillfactor = 70) AS SELECT 1 AS one', 'a materialized view with a storage option is made in every tenant');
SELECT pg_temp.mirrored('CREATE MATERIALIZED VIEW __template__.sums AS SELECT sum(amount) AS total, "order" FROM __template__.basis GROUP BY 2', 'a populated materialized view is made in every tenant');
SELECT pg_temp.mirrored('CREATE MATERIALIZED VIEW __template__.later AS SELECT * FROM __template__.sums WITH NO DATA', 'a materialized view on another, not populated, is made in every tenant');
SELECT pg_temp.mirrored('CREATE UNIQUE INDEX ON __template__.sums ("order"); ALTER MATERIALIZED VIEW __template__.sums CLUSTER ON sums_order_idx', 'an index of a materialized view is made in every tenant');
SELECT pg_temp.mirrored('ALTER MATERIALIZED VIEW __template__.sums RENAME COLUMN total TO "Total"', 'a column of a materialized view is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER MATERIALIZED VIEW __template__.sums SET (fillfactor = 60)', 'a storage option of a materialized view is set in every tenant');
SELECT pg_temp.mirrored('ALTER MATERIALIZED VIEW __template__.sums ALTER "Total" SET STATISTICS 30, ALTER "Total" SET STORAGE PLAIN', 'columns of a materialized view are altered in every tenant');
SELECT pg_temp.mirrored('COMMENT ON MATERIALIZED VIEW __template__.sums IS ''m''; COMMENT ON COLUMN __template__.sums."Total" IS ''t''', 'a materialized view is commented in every tenant');
SELECT pg_temp.mirrored('ALTER MATERIALIZED VIEW __template__.sums RENAME TO totals', 'a materialized view is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.basis RENAME amount TO value', 'a column a materialized view looks at is renamed in every tenant');
SELECT is((SELECT relispopulated FROM pg_class WHERE oid = 'early.totals'::regclass), true, 'a populated materialized view is populated in every tenant');
SELECT pg_temp.mirrored('CREATE VIEW __template__.over AS SELECT * FROM __template__.totals', 'a view on a materialized view is made in every tenant');
SELECT pg_temp.mirrored('DROP MATERIALIZED VIEW __template__.totals CASCADE', 'a materialized view is dropped with what looks at it in every tenant');

-- Functions and procedures.
SELECT pg_temp.mirrored($ddl$CREATE FUNCTION __template__."f %s"(a int, b text DEFAULT 'it''s %s', VARIADIC c int[] DEFAULT '{}') RETURNS text LANGUAGE plpgsql STABLE STRICT SECURITY DEFINER LEAKPROOF PARALLEL RESTRICTED COST 33 SET work_mem = '8MB' SET "search_path" = __template__, public, "a b", pg_temp SET datestyle TO 'ISO, DMY' AS $$ BEGIN RETURN '100%s $function$' || a; END $$$ddl$, 'a function with everything is made in every tenant');
SELECT is((SELECT proconfig[2] FROM pg_proc WHERE proname = 'f %s' AND pronamespace = 'early'::regnamespace), 'search_path=early, public, "a b", pg_temp', 'a search_path that names the template names the tenant there');
SELECT pg_temp.mirrored('ALTER FUNCTION __template__."f %s"(int, text, int[]) IMMUTABLE CALLED ON NULL INPUT SECURITY INVOKER NOT LEAKPROOF COST 5 SET search_path FROM CURRENT RESET work_mem', 'a function is altered in every tenant');
SELECT pg_temp.mirrored('ALTER FUNCTION __template__."f %s" SET search_path = ''''', 'the search_path of a function becomes empty in every tenant');
SELECT pg_temp.mirrored(format('ALTER FUNCTION __template__."f %%s" SET local_preload_libraries = "Mixed", %L, %L', 'c:/''a"/%s', repeat('long', 20)), 'a long item of a setting of a function stays whole in every tenant');
SELECT pg_temp.mirrored('ALTER FUNCTION __template__."f %s" RENAME TO f', 'a function is renamed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON FUNCTION __template__.f IS ''f %s''', 'a function is commented in every tenant');
SELECT pg_temp.mirrored('CREATE FUNCTION __template__.f(a __template__.basis, b __template__.basis[]) RETURNS SETOF __template__.basis ROWS 7 LANGUAGE sql BEGIN ATOMIC SELECT * FROM __template__.basis WHERE id = (a).id AND ''%s'' <> title; END', 'a function with a standard body over own tables is made in every tenant');
SELECT pg_temp.mirrored('CREATE FUNCTION __template__.outs(INOUT a int, OUT b text) LANGUAGE sql AS ''SELECT a, ''''x''''''; CREATE FUNCTION __template__.tabled() RETURNS TABLE (x int, "y %s" text) LANGUAGE sql AS ''SELECT 1, ''''x'''''';', 'functions with output arguments are made in every tenant');
SELECT pg_temp.mirrored('CREATE OR REPLACE FUNCTION __template__.outs(INOUT a int, OUT b text) LANGUAGE sql AS ''SELECT a + 1, ''''y''''''', 'a function is replaced in every tenant');
SELECT pg_temp.mirrored('DROP FUNCTION __template__.outs; CREATE FUNCTION __template__.outs(a int) RETURNS bigint LANGUAGE sql AS ''SELECT 1''', 'a function is dropped and another of its signature made in every tenant');
SELECT pg_temp.mirrored('CREATE OR REPLACE FUNCTION __template__.outs(a int DEFAULT 3) RETURNS bigint LANGUAGE sql AS ''SELECT 1''', 'an argument gets a default in every tenant');
SELECT pg_temp.mirrored('CREATE PROCEDURE __template__.proc(INOUT a int DEFAULT 4) LANGUAGE plpgsql SET search_path = "__template__" AS ''BEGIN a := 3; END''; CREATE PROCEDURE __template__.proc2(a int) BEGIN ATOMIC INSERT INTO __template__.other VALUES (a); DELETE FROM __template__.other; END', 'procedures are made in every tenant');
SELECT pg_temp.mirrored('ALTER PROCEDURE __template__.proc SECURITY DEFINER; ALTER PROCEDURE __template__.proc2 RENAME TO proc3; COMMENT ON PROCEDURE __template__.proc IS ''p''', 'procedures are altered, renamed, commented in every tenant');
SELECT pg_temp.mirrored('DROP FUNCTION __template__.f(__template__.basis, __template__.basis[])', 'a function with a standard body is dropped in every tenant');
SELECT pg_temp.mirrored('CREATE FUNCTION __template__.doubled(int) RETURNS int IMMUTABLE LANGUAGE sql RETURN $1 * 2', 'a function with an expression for body is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.basis ADD twice int DEFAULT __template__.doubled(2), ADD gen int GENERATED ALWAYS AS (__template__.doubled("order")) STORED; ALTER TABLE __template__.basis ADD CHECK (__template__.doubled(id) > 1); CREATE INDEX ON __template__.basis (__template__.doubled(id)) WHERE __template__.doubled(id) > 1; CREATE VIEW __template__.calling AS SELECT __template__.doubled(3)', 'an own function is called by defaults, generated columns, checks, indexes and views of its schema');
SELECT pg_temp.mirrored('CREATE OR REPLACE FUNCTION __template__.doubled(int) RETURNS int IMMUTABLE LANGUAGE sql RETURN $1 + $1', 'a function others call is replaced in every tenant');
SELECT pg_temp.mirrored('ALTER FUNCTION __template__.doubled RENAME TO twofold', 'a function others call is renamed in every tenant');
SELECT pg_temp.mirrored('CREATE FUNCTION __template__.of_view(__template__.calling) RETURNS int LANGUAGE sql AS ''SELECT 1''; CREATE VIEW __template__.on_function AS SELECT __template__.of_view(c) FROM __template__.calling AS c; CREATE FUNCTION __template__.of_that(__template__.on_function) RETURNS int LANGUAGE sql AS ''SELECT 1''', 'functions of views of functions are made in every tenant');
SELECT pg_temp.mirrored('DROP FUNCTION __template__.twofold CASCADE', 'a function is dropped with all that calls it in every tenant');
SELECT pg_temp.mirrored('DROP PROCEDURE __template__.proc, __template__.proc3', 'procedures are dropped in every tenant');
SELECT pg_temp.mirrored('DROP FUNCTION __template__.f(int, text, int[]), __template__.outs, __template__.tabled', 'functions are dropped in every tenant');
SELECT pg_temp.mirrored('CREATE FUNCTION __template__.format(text, VARIADIC text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT ''hostile''$$; CREATE FUNCTION __template__.quote_ident(text) RETURNS text LANGUAGE sql AS $$SELECT ''hostile''$$; CREATE FUNCTION __template__.concat(VARIADIC text[]) RETURNS text LANGUAGE sql AS $$SELECT ''hostile''$$', 'functions named like those of PostgreSQL are made in every tenant');
SELECT pg_temp.mirrored('CREATE VIEW __template__.of_hostile AS SELECT __template__.format(''a'', ''b'') AS f, pg_catalog.format(''%s'', ''b'') AS g', 'which of two functions is meant stays so in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.pg_class (oid int, relname text); CREATE TABLE __template__.pg_namespace (x int); CREATE VIEW __template__.pg_depend AS SELECT p.relname, c.oid FROM __template__.pg_class AS p, pg_catalog.pg_class AS c; CREATE TABLE __template__.pg_type (a int, b text)', 'tables and views named like those of PostgreSQL are made in every tenant');
SELECT pg_temp.mirrored('CREATE TYPE __template__.text AS (x int); CREATE TABLE __template__.holds (a __template__.text, b pg_catalog.text)', 'a type named like one of PostgreSQL is made in every tenant');
SELECT pg_temp.mirrored('DROP TABLE IF EXISTS __template__.holds; DROP TYPE IF EXISTS __template__.text', 'a type named like one of PostgreSQL is dropped in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.basis ADD low text DEFAULT lower(''A''); CREATE FUNCTION __template__.lower(text) RETURNS text LANGUAGE sql AS $$SELECT ''hostile''$$', 'a function that takes the name of one in use is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.pg_class RENAME TO pg_proc; ALTER TABLE __template__.pg_type ALTER b TYPE varchar', 'tables named like those of PostgreSQL are changed in every tenant');

-- Enums.
SELECT pg_temp.mirrored('CREATE TYPE __template__."mood %s" AS ENUM (''sad'', ''it''''s %s'', ''happy'')', 'an enum is made in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.feeling (m __template__."mood %s" DEFAULT ''it''''s %s'', l __template__."mood %s"[])', 'an enum of its own schema is the type of columns');
SELECT pg_temp.mirrored('ALTER TYPE __template__."mood %s" ADD VALUE ''glad''', 'a value is added to an enum in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."mood %s" ADD VALUE ''so so'' BEFORE ''happy''', 'a value is added before another in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."mood %s" ADD VALUE ''first'' BEFORE ''sad''', 'a value is added before all others in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."mood %s" ADD VALUE IF NOT EXISTS ''sad''', 'ADD VALUE IF NOT EXISTS of what exists changes nothing');
SELECT pg_temp.mirrored('ALTER TYPE __template__."mood %s" ADD VALUE ''x1'' AFTER ''first''; ALTER TYPE __template__."mood %s" ADD VALUE ''x2'' AFTER ''first''', 'values are added one after the other in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."mood %s" RENAME VALUE ''it''''s %s'' TO ''100 %s''', 'a value of an enum is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."mood %s" RENAME VALUE ''sad'' TO ''_''; ALTER TYPE __template__."mood %s" RENAME VALUE ''happy'' TO ''sad''; ALTER TYPE __template__."mood %s" RENAME VALUE ''_'' TO ''happy''', 'values of an enum change their names in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."mood %s" RENAME TO mood', 'an enum is renamed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON TYPE __template__.mood IS ''m''', 'an enum is commented in every tenant');
SELECT pg_temp.mirrored('CREATE FUNCTION __template__.cheer(__template__.mood, __template__.mood[]) RETURNS __template__.mood LANGUAGE sql AS ''SELECT $1''', 'an enum of its own schema is the type of arguments');
SELECT pg_temp.mirrored('DROP TYPE __template__.mood CASCADE', 'an enum is dropped with what uses it in every tenant');

-- Domains.
SELECT pg_temp.mirrored('CREATE DOMAIN __template__."word %s" AS varchar(30) COLLATE "C" DEFAULT ''it''''s %s'' NOT NULL CONSTRAINT "short %s" CHECK (length(VALUE) < 20) CHECK (VALUE <> ''100 %s'')', 'a domain with everything is made in every tenant');
SELECT pg_temp.mirrored('CREATE DOMAIN __template__.upon AS __template__."word %s"; CREATE DOMAIN __template__.many AS __template__.upon[]; CREATE TABLE __template__.text_in (w __template__.upon)', 'domains on a domain are made in every tenant');
SELECT pg_temp.mirrored('ALTER DOMAIN __template__."word %s" DROP DEFAULT', 'the default of a domain is dropped in every tenant');
SELECT pg_temp.mirrored('ALTER DOMAIN __template__."word %s" SET DEFAULT ''a''', 'the default of a domain is set in every tenant');
SELECT pg_temp.mirrored('ALTER DOMAIN __template__."word %s" DROP NOT NULL', 'NOT NULL of a domain is dropped in every tenant');
SELECT pg_temp.mirrored('ALTER DOMAIN __template__."word %s" SET NOT NULL', 'NOT NULL of a domain is set in every tenant');
SELECT pg_temp.mirrored('ALTER DOMAIN __template__."word %s" ADD CONSTRAINT lower CHECK (VALUE = lower(VALUE)) NOT VALID', 'a constraint of a domain that is not valid yet is made in every tenant');
SELECT pg_temp.mirrored('ALTER DOMAIN __template__."word %s" VALIDATE CONSTRAINT lower', 'a constraint of a domain is validated in every tenant');
SELECT pg_temp.mirrored('ALTER DOMAIN __template__."word %s" RENAME CONSTRAINT "short %s" TO short', 'a constraint of a domain is renamed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON CONSTRAINT short ON DOMAIN __template__."word %s" IS ''s''; COMMENT ON DOMAIN __template__."word %s" IS ''d''', 'a domain and its constraint are commented in every tenant');
SELECT pg_temp.mirrored('ALTER DOMAIN __template__."word %s" DROP CONSTRAINT lower', 'a constraint of a domain is dropped in every tenant');
SELECT pg_temp.mirrored('ALTER DOMAIN __template__."word %s" RENAME TO word', 'a domain is renamed in every tenant');
SELECT pg_temp.mirrored('DROP DOMAIN __template__.word CASCADE', 'a domain is dropped with what uses it in every tenant');

-- Composite types.
SELECT pg_temp.mirrored('CREATE TYPE __template__."pair %s" AS (a int, "b %s" text COLLATE "C")', 'a composite type is made in every tenant');
SELECT pg_temp.mirrored('CREATE TYPE __template__.nested AS (p __template__."pair %s", l __template__."pair %s"[], b __template__.other); CREATE TABLE __template__.holding (n __template__.nested, r __template__.other)', 'composite types in composite types are made in every tenant');
SELECT pg_temp.mirrored('CREATE TYPE __template__.empty AS ()', 'a composite type without attributes is made in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__.empty ADD ATTRIBUTE x int, ADD ATTRIBUTE y text', 'attributes are added in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__.empty ALTER ATTRIBUTE x TYPE bigint, DROP ATTRIBUTE y, ADD ATTRIBUTE z text COLLATE "C"', 'attributes are altered, dropped and added at once in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."pair %s" RENAME ATTRIBUTE a TO "a %s"', 'an attribute is renamed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON TYPE __template__.empty IS ''e''; COMMENT ON COLUMN __template__.empty.x IS ''x''', 'a composite type and its attribute are commented in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."pair %s" RENAME TO pair', 'a composite type is renamed in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__.holding; DROP TYPE __template__.nested, __template__.pair, __template__.empty', 'composite types are dropped in every tenant');

-- What is not known is refused.
CREATE TYPE public.typed AS (x int);
SELECT throws_ok('CREATE TABLE __template__.typed OF public.typed', '0A000', NULL, 'a table of a type of another schema is refused');
SELECT throws_ok('CREATE EXTENSION cube SCHEMA __template__', '0A000', NULL, 'an extension in the template is refused');
SELECT pg_temp.alike('what was refused has changed nothing');
SELECT * FROM finish();
ROLLBACK;
