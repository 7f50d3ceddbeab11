\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();

-- Chains: each thing is made of the one before.
SELECT pg_temp.mirrored($$CREATE DOMAIN __template__.nn AS int; CREATE TYPE __template__.r AS RANGE (SUBTYPE = __template__.nn); CREATE FUNCTION __template__.rd(__template__.r, __template__.r) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT 1.0::float8'; CREATE TYPE __template__.rr AS RANGE (SUBTYPE = __template__.r, SUBTYPE_DIFF = __template__.rd); CREATE TABLE __template__.urr (x __template__.rr PRIMARY KEY, y __template__.rr[]); CREATE TYPE __template__.rowr AS RANGE (SUBTYPE = __template__.urr); CREATE TABLE __template__.uses (z __template__.rowr); CREATE FUNCTION __template__.agg_step(int, __template__.uses) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE __template__.agg(__template__.uses) (SFUNC = __template__.agg_step, STYPE = int); CREATE VIEW __template__.aggs AS SELECT __template__.agg(u) AS a FROM __template__.uses AS u; CREATE FUNCTION __template__.of_view(__template__.aggs) RETURNS __template__.uses LANGUAGE sql AS 'SELECT NULL::__template__.uses'; CREATE CAST (__template__.aggs AS __template__.uses) WITH FUNCTION __template__.of_view(__template__.aggs); CREATE OPERATOR __template__.@@@ (FUNCTION = __template__.of_view, RIGHTARG = __template__.aggs); CREATE VIEW __template__.last AS SELECT OPERATOR(__template__.@@@) w AS u, w::__template__.uses AS v FROM __template__.aggs AS w$$, 'a chain of types, tables, aggregates, views, casts and operators is made in every tenant');
SELECT pg_temp.mirrored($$ALTER VIEW __template__.aggs RENAME TO aggsv; ALTER TABLE __template__.urr RENAME TO urrt; ALTER TYPE __template__.rowr RENAME TO rowrange$$, 'links of a chain are renamed in every tenant');
SELECT pg_temp.mirrored($$DROP DOMAIN __template__.nn CASCADE$$, 'a chain is dropped in every tenant');
SELECT pg_temp.mirrored($$CREATE TYPE __template__.t AS (a int); CREATE TABLE __template__.tab (x int, y __template__.t);
CREATE FUNCTION __template__.poly(a anyelement, VARIADIC b anyarray) RETURNS anyarray LANGUAGE sql AS 'SELECT b';
CREATE FUNCTION __template__.polyc(a anycompatible, b anycompatiblemultirange) RETURNS anycompatible LANGUAGE sql AS 'SELECT a';
CREATE FUNCTION __template__.win(int) RETURNS int LANGUAGE internal WINDOW AS 'window_row_number';
CREATE FUNCTION __template__.outs(IN a __template__.t, OUT b __template__.tab, INOUT c __template__.t[]) LANGUAGE sql AS 'SELECT NULL::__template__.tab, c';
CREATE FUNCTION __template__.tabl(a int) RETURNS TABLE (b __template__.t, c __template__.tab) LANGUAGE sql AS 'SELECT NULL::__template__.t, NULL::__template__.tab';
CREATE FUNCTION __template__.sf(__template__.t[]) RETURNS SETOF __template__.tab LANGUAGE sql ROWS 7 BEGIN ATOMIC SELECT * FROM __template__.tab; END;
CREATE FUNCTION __template__.supp(internal) RETURNS internal LANGUAGE internal AS 'generate_series_int4_support';

CREATE FUNCTION __template__.gen(int, int) RETURNS SETOF int LANGUAGE internal STRICT SUPPORT __template__.supp AS 'generate_series_int4';
CREATE PROCEDURE __template__.pout(IN a int, OUT b __template__.t, INOUT c text DEFAULT 'x') LANGUAGE plpgsql AS 'BEGIN END';
CREATE PROCEDURE __template__.patom(a int) LANGUAGE sql BEGIN ATOMIC INSERT INTO __template__.tab VALUES (a); DELETE FROM __template__.tab WHERE x = a; END;
$$, 'functions of every form are made in every tenant');
SELECT pg_temp.mirrored($$ALTER FUNCTION __template__.supp(internal) RENAME TO support; ALTER TYPE __template__.t ADD ATTRIBUTE b text COLLATE "C"; ALTER TYPE __template__.t RENAME ATTRIBUTE a TO aa$$, 'what functions are made of is changed in every tenant');

-- Rows, and what a tenant lacks.
CREATE FUNCTION __template__.as_int(text, int, bool) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE TYPE __template__.span AS RANGE (SUBTYPE = float8);
CREATE COLLATION __template__.plain FROM "C";
CREATE TYPE __template__.shade AS ENUM ('dark', 'light');
CREATE CAST (__template__.shade AS int) WITH INOUT;
CREATE FUNCTION __template__.same(__template__.shade, __template__.shade) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1::text = $2::text';
CREATE FUNCTION __template__.hashed(__template__.shade) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT hashtext($1::text)';
CREATE OPERATOR __template__.=== (FUNCTION = __template__.same, LEFTARG = __template__.shade, RIGHTARG = __template__.shade, COMMUTATOR = OPERATOR(__template__.===), RESTRICT = eqsel, HASHES);
CREATE OPERATOR CLASS __template__.shade_ops FOR TYPE __template__.shade USING hash AS OPERATOR 1 __template__.===, FUNCTION 1 __template__.hashed(__template__.shade);
CREATE AGGREGATE __template__.total(int) (SFUNC = int4pl, STYPE = int);
CREATE TEXT SEARCH DICTIONARY __template__.dict (TEMPLATE = simple, accept = false, stopwords = english);
CREATE TEXT SEARCH CONFIGURATION __template__.conf (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION __template__.conf ALTER MAPPING FOR word WITH __template__.dict, simple;
CREATE CONVERSION __template__.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TABLE __template__.filled (s __template__.span, t text COLLATE __template__.plain, h __template__.shade);
CREATE INDEX filled_h ON __template__.filled USING hash (h __template__.shade_ops);
INSERT INTO __template__.filled VALUES ('[1,2)', 'a', 'dark');
SELECT pg_temp.alike('a template of everything is cloned');
SELECT boardinghouse.create_schema('rows') \g /dev/null
SELECT is((SELECT (f.s, f.t, f.h)::text FROM rows.filled AS f), '("[1,2)",a,dark)', 'rows of own types are copied');
SELECT boardinghouse.drop_schema('rows') \g /dev/null
SELECT throws_ok('DROP AGGREGATE early.total(int)', '55000', NULL, 'an aggregate that the template has is not dropped in a tenant');
SELECT throws_ok('ALTER OPERATOR early.===(early.shade, early.shade) SET (RESTRICT = NONE)', '55000', NULL, 'an operator that the template has is not altered in a tenant');
SELECT throws_ok('ALTER COLLATION early.plain RENAME TO other', '55000', NULL, 'a collation that the template has is not renamed in a tenant');
SELECT throws_ok('ALTER TEXT SEARCH DICTIONARY early.dict (accept = true)', '55000', NULL, 'an option that the template has is not changed in a tenant');
SELECT throws_ok('ALTER OPERATOR FAMILY early.shade_ops USING hash ADD FUNCTION 1 (int, int) hashint4(int)', '55000', NULL, 'no member is added to an operator family in a tenant');
SELECT throws_ok('CREATE COLLATION early."C" FROM "POSIX"', '55000', NULL, 'a tenant''s own collation named like one of PostgreSQL is refused');
SELECT throws_ok('CREATE TEXT SEARCH CONFIGURATION early.english (COPY = simple)', '55000', NULL, 'a tenant''s own configuration named like one of PostgreSQL is refused');
SELECT throws_ok('CREATE OPERATOR early.=== (FUNCTION = texteq, LEFTARG = text, RIGHTARG = text)', '55000', NULL, 'a tenant''s own operator named like one of the template is refused');
SELECT throws_ok('CREATE AGGREGATE early.total(bigint) (SFUNC = int8pl, STYPE = bigint)', '55000', NULL, 'a tenant''s own aggregate named like one of the template is refused');
SELECT throws_ok('CREATE TYPE early.int4 AS RANGE (SUBTYPE = int)', '55000', NULL, 'a tenant''s own range named like a type of PostgreSQL is refused');
SELECT lives_ok('CREATE TYPE early.own AS RANGE (SUBTYPE = int); CREATE COLLATION early.own FROM "C"; CREATE AGGREGATE early.own_total(int) (SFUNC = int4pl, STYPE = int); CREATE TEXT SEARCH DICTIONARY early.own (TEMPLATE = simple); CREATE OPERATOR FAMILY early.own USING btree', 'a tenant may have its own of other names');
SELECT is_empty('SELECT problem, object FROM boardinghouse.verify()', 'what is its own makes no tenant different');
SELECT results_eq($$SELECT DISTINCT c.kind FROM boardinghouse.compare('early') AS c WHERE c.own ORDER BY 1$$, $$VALUES ('aggregate'), ('collation'), ('operator family'), ('range type'), ('text search dictionary')$$, 'it is listed as its own');
DROP TYPE early.own; DROP COLLATION early.own; DROP AGGREGATE early.own_total(int); DROP TEXT SEARCH DICTIONARY early.own; DROP OPERATOR FAMILY early.own USING btree;
SET LOCAL boardinghouse.allow_drift = on;
DROP AGGREGATE early.total(int);
DROP INDEX early.filled_h;
DROP OPERATOR FAMILY early.shade_ops USING hash CASCADE;
DROP CAST (early.shade AS int);
DROP TEXT SEARCH CONFIGURATION early.conf;
ALTER TEXT SEARCH DICTIONARY early.dict (accept, stopwords);
DROP CONVERSION early.conv;
ALTER OPERATOR early.===(early.shade, early.shade) SET (RESTRICT = NONE, JOIN = eqjoinsel);
COMMENT ON COLLATION early.plain IS 'x';
RESET boardinghouse.allow_drift;
SELECT isnt_empty('SELECT * FROM boardinghouse.verify()', 'what a tenant lacks is found');
SELECT boardinghouse.repair('early', force => true) \g /dev/null
SELECT pg_temp.alike('what a tenant lacks is made again');
SELECT throws_ok('ALTER COLLATION __template__.plain SET SCHEMA public', '55000', NULL, 'nothing is moved out of the template');
CREATE COLLATION public.moving FROM "C";
SELECT pg_temp.mirrored('ALTER COLLATION public.moving SET SCHEMA __template__', 'what is moved into the template is made in every tenant');
SELECT * FROM finish();
ROLLBACK;
