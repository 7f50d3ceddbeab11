\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE ROLE regress_reader;
CREATE ROLE regress_owner;
GRANT CREATE, USAGE ON SCHEMA __template__, early, "late 1", """O'Brien"" %s.order\ " TO regress_owner;

-- Ranges.
SELECT pg_temp.mirrored('CREATE TYPE __template__."span %s" AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = __template__."spans %s")', 'a range type is made in every tenant');
SELECT pg_temp.mirrored('CREATE DOMAIN __template__.depth AS int; CREATE FUNCTION __template__.apart(__template__.depth, __template__.depth) RETURNS float8 LANGUAGE sql IMMUTABLE AS ''SELECT 1''; CREATE TYPE __template__.depths AS RANGE (SUBTYPE = __template__.depth, SUBTYPE_DIFF = __template__.apart); CREATE TYPE __template__.words AS RANGE (SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = text_pattern_ops)', 'range types over a domain, with a collation and an operator class are made in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.ranged (s __template__."span %s" DEFAULT __template__."span %s"(1, 2), m __template__."spans %s"[], w __template__.words CHECK (NOT isempty(w)), EXCLUDE USING gist (s WITH &&)); CREATE DOMAIN __template__.positive AS __template__."span %s" CHECK (VALUE > __template__."span %s"(0, 1)); CREATE FUNCTION __template__.joined(__template__."span %s"[]) RETURNS __template__."spans %s" LANGUAGE sql IMMUTABLE RETURN __template__."spans %s"(VARIADIC $1); CREATE TYPE __template__.two AS (a __template__."span %s", b __template__.positive); CREATE VIEW __template__.looking AS SELECT __template__.joined(ARRAY[s]) AS j, m[1] AS m FROM __template__.ranged', 'ranges and multiranges are the types of columns, domains, arguments and attributes in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."span %s" RENAME TO span', 'a range type in use is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."spans %s" RENAME TO spans', 'a multirange type in use is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER FUNCTION __template__."span %s"(float8, float8, text) RENAME TO spanning', 'a constructor of a range is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__.span OWNER TO regress_owner', 'the owner of a range type is changed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON TYPE __template__.span IS ''s''; COMMENT ON TYPE __template__.spans IS ''m''; COMMENT ON FUNCTION __template__."span %s"(float8, float8) IS ''c''', 'a range, its multirange and its constructor are commented in every tenant');
SELECT pg_temp.mirrored('REVOKE USAGE ON TYPE __template__.span FROM PUBLIC; GRANT USAGE ON TYPE __template__.span TO regress_reader; REVOKE EXECUTE ON FUNCTION __template__."span %s"(float8, float8) FROM PUBLIC', 'a range type and its constructor are granted in every tenant');
SELECT pg_temp.mirrored('CREATE TYPE __template__.points; CREATE FUNCTION __template__.canon(__template__.points) RETURNS __template__.points LANGUAGE internal IMMUTABLE STRICT AS ''int4range_canonical''; CREATE TYPE __template__.points AS RANGE (SUBTYPE = int4, CANONICAL = __template__.canon)', 'a range type with a canonical function is made in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.scored (p __template__.points DEFAULT __template__.points(1, 3)); ALTER TYPE __template__.points RENAME TO scores; ALTER FUNCTION __template__.canon RENAME TO canonical', 'a range type and its canonical function are renamed in every tenant');
CREATE VIEW early.own AS SELECT NULL::early.scores AS s;
SELECT throws_ok('DROP TYPE __template__.scores CASCADE', '2BP01', NULL, 'a type that goes with its functions alone does not take along what a tenant has of its own');
DROP VIEW early.own;
SELECT pg_temp.mirrored('DROP TYPE __template__.scores CASCADE', 'a range type is dropped with its canonical function in every tenant');
SELECT pg_temp.mirrored('DROP TYPE __template__.span CASCADE; DROP TYPE __template__.words CASCADE; DROP TYPE __template__.depths', 'range types are dropped in every tenant');

-- Shell types and base types.
SELECT pg_temp.mirrored('CREATE TYPE __template__."shell %s"; COMMENT ON TYPE __template__."shell %s" IS ''s''', 'a shell type is made in every tenant');
SELECT pg_temp.mirrored('DROP TYPE __template__."shell %s"', 'a shell type is dropped in every tenant');
SELECT pg_temp.mirrored('CREATE TYPE __template__.num; CREATE FUNCTION __template__.num_in(cstring) RETURNS __template__.num LANGUAGE internal IMMUTABLE STRICT AS ''int4in''; CREATE FUNCTION __template__.num_out(__template__.num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS ''int4out''', 'functions of a shell type are made in every tenant');
SELECT pg_temp.mirrored('CREATE TYPE __template__.num (INPUT = __template__.num_in, OUTPUT = __template__.num_out, LIKE = int4, CATEGORY = ''N'', PREFERRED = true, DEFAULT = ''42 %s'', DELIMITER = '';'')', 'a base type is made in every tenant');
SELECT pg_temp.mirrored('CREATE TYPE __template__."text %s"; CREATE FUNCTION __template__.t_in(cstring) RETURNS __template__."text %s" LANGUAGE internal IMMUTABLE STRICT AS ''textin''; CREATE FUNCTION __template__.t_out(__template__."text %s") RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS ''textout''; CREATE TYPE __template__."text %s" (INPUT = __template__.t_in, OUTPUT = __template__.t_out, INTERNALLENGTH = VARIABLE, STORAGE = extended, COLLATABLE = true); CREATE TABLE __template__.numbered (n __template__.num, t __template__."text %s"[] COLLATE "C"); CREATE FUNCTION __template__.same(__template__.num) RETURNS __template__.num LANGUAGE sql AS ''SELECT $1''', 'a base type of any length is made in every tenant, and used');
SELECT pg_temp.mirrored('CREATE FUNCTION __template__.t_recv(internal) RETURNS __template__."text %s" LANGUAGE internal STABLE STRICT AS ''textrecv''; CREATE FUNCTION __template__.t_send(__template__."text %s") RETURNS bytea LANGUAGE internal STABLE STRICT AS ''textsend''; ALTER TYPE __template__."text %s" SET (RECEIVE = __template__.t_recv, SEND = __template__.t_send, STORAGE = external)', 'properties of a base type are set in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."text %s" SET (RECEIVE = NONE); DROP FUNCTION __template__.t_recv', 'a property of a base type is taken away in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."text %s" RENAME TO text; ALTER FUNCTION __template__.t_in RENAME TO textin; COMMENT ON TYPE __template__.text IS ''t''; ALTER TYPE __template__.text OWNER TO regress_owner; GRANT USAGE ON TYPE __template__.text TO regress_reader', 'a base type is renamed, commented, owned and granted in every tenant');
SELECT pg_temp.mirrored('DROP TYPE __template__.text CASCADE; DROP TYPE __template__.num CASCADE', 'base types are dropped with their functions in every tenant');
SELECT * FROM finish();
ROLLBACK;
