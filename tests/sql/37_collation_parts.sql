\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE ROLE regress_reader;
CREATE ROLE regress_owner;
GRANT CREATE, USAGE ON SCHEMA __template__, early, "late 1", """O'Brien"" %s.order\ " TO regress_owner;

-- Collations.
SELECT (pg_temp.failure($$CREATE COLLATION public.probe (PROVIDER = icu, LOCALE = 'und')$$)).state IS NULL AS has_icu \gset
SELECT pg_temp.mirrored($ddl$CREATE COLLATION __template__."plain %s" FROM "C"; CREATE COLLATION __template__.posix (LOCALE = 'POSIX'); CREATE COLLATION __template__.mixed (LC_COLLATE = 'C', LC_CTYPE = 'POSIX')$ddl$, 'collations of the C library are made in every tenant');
SELECT CASE WHEN :'has_icu'::boolean
            THEN pg_temp.mirrored($ddl$CREATE COLLATION __template__.loose (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false); CREATE COLLATION __template__.german (PROVIDER = icu, LOCALE = 'de-DE')$ddl$, 'collations of ICU are made in every tenant')
            ELSE pass('collations of ICU are made in every tenant') END;
SELECT CASE WHEN current_setting('server_version_num')::int >= 160000 AND :'has_icu'::boolean
            THEN pg_temp.mirrored($ddl$CREATE COLLATION __template__.ruled (PROVIDER = icu, LOCALE = 'und', RULES = '&a < g # %s')$ddl$, 'a collation with rules is made in every tenant')
            ELSE pass('a collation with rules is made in every tenant') END;
SELECT CASE WHEN current_setting('server_version_num')::int >= 170000
            THEN pg_temp.mirrored($ddl$CREATE COLLATION __template__.built (PROVIDER = builtin, LOCALE = 'C')$ddl$, 'a collation of PostgreSQL itself is made in every tenant')
            ELSE pass('a collation of PostgreSQL itself is made in every tenant') END;
SELECT pg_temp.mirrored($ddl$CREATE TABLE __template__.sorted (a text COLLATE __template__."plain %s" PRIMARY KEY, b text); CREATE INDEX sorted_b ON __template__.sorted (b COLLATE __template__."plain %s"); CREATE DOMAIN __template__.word AS text COLLATE __template__.posix; CREATE TYPE __template__.words AS (w text COLLATE __template__.posix); CREATE TYPE __template__.span AS RANGE (SUBTYPE = text, COLLATION = __template__.posix); CREATE VIEW __template__.in_order AS SELECT b COLLATE __template__."plain %s" AS b FROM __template__.sorted ORDER BY b COLLATE __template__.posix; CREATE MATERIALIZED VIEW __template__.stored AS SELECT b FROM __template__.in_order; CREATE TABLE __template__.parted (x text, EXCLUDE USING btree (x COLLATE __template__.posix WITH =)); CREATE STATISTICS __template__.stats ON (b COLLATE __template__.posix), a FROM __template__.sorted; CREATE FUNCTION __template__.low(text) RETURNS text LANGUAGE sql RETURN lower($1 COLLATE __template__.posix)$ddl$, 'collations are used by columns, indexes, types, views, constraints and functions in every tenant');
SELECT pg_temp.mirrored($ddl$ALTER COLLATION __template__."plain %s" RENAME TO plain; ALTER COLLATION __template__.posix RENAME TO "POSIX"$ddl$, 'collations in use are renamed in every tenant');
SELECT pg_temp.mirrored($ddl$CREATE COLLATION __template__."C" (LOCALE = 'POSIX'); CREATE TABLE __template__.named (a text COLLATE __template__."C", b text COLLATE pg_catalog."C")$ddl$, 'a collation named like one of PostgreSQL is made in every tenant');
SELECT pg_temp.mirrored($ddl$COMMENT ON COLLATION __template__.plain IS 'p'; ALTER COLLATION __template__.plain OWNER TO regress_owner$ddl$, 'a collation is commented and owned in every tenant');
SELECT pg_temp.mirrored($ddl$DROP COLLATION __template__.plain CASCADE; DROP COLLATION __template__."POSIX" CASCADE; DROP TABLE __template__.named; DROP COLLATION __template__."C"$ddl$, 'collations are dropped in every tenant');

-- Conversions.
SELECT pg_temp.mirrored($ddl$CREATE DEFAULT CONVERSION __template__."conv %s" FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8; CREATE CONVERSION __template__.second FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8$ddl$, 'conversions are made in every tenant');
SELECT pg_temp.mirrored($ddl$ALTER CONVERSION __template__."conv %s" RENAME TO conv; COMMENT ON CONVERSION __template__.conv IS 'c'; ALTER CONVERSION __template__.conv OWNER TO regress_owner$ddl$, 'a conversion is renamed, commented and owned in every tenant');
SELECT pg_temp.mirrored($ddl$DROP CONVERSION __template__.conv$ddl$, 'a conversion is dropped in every tenant');

-- Text search.
SELECT pg_temp.mirrored($ddl$CREATE TEXT SEARCH PARSER __template__."parser %s" (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline); CREATE TEXT SEARCH TEMPLATE __template__."template %s" (INIT = dsimple_init, LEXIZE = dsimple_lexize); CREATE TEXT SEARCH DICTIONARY __template__."dict %s" (TEMPLATE = __template__."template %s", StopWords = english, Accept = false); CREATE TEXT SEARCH DICTIONARY __template__.snow (TEMPLATE = snowball, Language = english); CREATE TEXT SEARCH CONFIGURATION __template__."conf %s" (PARSER = __template__."parser %s"); CREATE TEXT SEARCH CONFIGURATION __template__.copied (COPY = pg_catalog.english)$ddl$, 'text search objects are made in every tenant');
SELECT pg_temp.mirrored($ddl$ALTER TEXT SEARCH CONFIGURATION __template__."conf %s" ADD MAPPING FOR asciiword, word, hword WITH __template__."dict %s", __template__.snow, english_stem$ddl$, 'mappings are added in every tenant');
SELECT pg_temp.mirrored($ddl$ALTER TEXT SEARCH CONFIGURATION __template__."conf %s" ALTER MAPPING REPLACE __template__.snow WITH simple; ALTER TEXT SEARCH CONFIGURATION __template__."conf %s" ALTER MAPPING FOR hword WITH __template__.snow; ALTER TEXT SEARCH CONFIGURATION __template__."conf %s" DROP MAPPING FOR word; ALTER TEXT SEARCH CONFIGURATION __template__.copied ALTER MAPPING REPLACE english_stem WITH __template__.snow$ddl$, 'mappings are changed and dropped in every tenant');
SELECT pg_temp.mirrored($ddl$ALTER TEXT SEARCH DICTIONARY __template__."dict %s" (StopWords, Accept = 'true'); ALTER TEXT SEARCH DICTIONARY __template__.snow (StopWords = english)$ddl$, 'options of dictionaries are set and taken away in every tenant');
SELECT pg_temp.mirrored($ddl$CREATE TABLE __template__.document (body text, found tsvector GENERATED ALWAYS AS (to_tsvector('__template__."conf %s"'::regconfig, body)) STORED); CREATE INDEX document_found ON __template__.document USING gin (to_tsvector('__template__.copied'::regconfig, body)); CREATE VIEW __template__.lexed AS SELECT ts_lexize('__template__.snow'::regdictionary, body) AS l FROM __template__.document$ddl$, 'text search objects are used in every tenant');
SELECT pg_temp.mirrored($ddl$ALTER TEXT SEARCH PARSER __template__."parser %s" RENAME TO parser; ALTER TEXT SEARCH TEMPLATE __template__."template %s" RENAME TO template; ALTER TEXT SEARCH DICTIONARY __template__."dict %s" RENAME TO dict; ALTER TEXT SEARCH DICTIONARY __template__.snow RENAME TO "Snow"; ALTER TEXT SEARCH CONFIGURATION __template__."conf %s" RENAME TO conf$ddl$, 'text search objects in use are renamed in every tenant');
SELECT pg_temp.mirrored($ddl$COMMENT ON TEXT SEARCH PARSER __template__.parser IS 'p'; COMMENT ON TEXT SEARCH TEMPLATE __template__.template IS 't'; COMMENT ON TEXT SEARCH DICTIONARY __template__.dict IS 'd'; COMMENT ON TEXT SEARCH CONFIGURATION __template__.conf IS 'c'; ALTER TEXT SEARCH DICTIONARY __template__.dict OWNER TO regress_owner; ALTER TEXT SEARCH CONFIGURATION __template__.conf OWNER TO regress_owner$ddl$, 'text search objects are commented and owned in every tenant');
SELECT pg_temp.mirrored($ddl$CREATE TEXT SEARCH CONFIGURATION __template__.english (COPY = simple); CREATE INDEX document_english ON __template__.document USING gin (to_tsvector('__template__.english'::regconfig, body)); CREATE INDEX document_theirs ON __template__.document USING gin (to_tsvector('pg_catalog.english'::regconfig, body))$ddl$, 'a configuration named like one of PostgreSQL is made in every tenant');
SELECT pg_temp.mirrored($ddl$DROP TEXT SEARCH CONFIGURATION __template__.conf CASCADE; DROP TEXT SEARCH DICTIONARY __template__."Snow" CASCADE; DROP TEXT SEARCH PARSER __template__.parser; DROP TEXT SEARCH TEMPLATE __template__.template CASCADE$ddl$, 'text search objects are dropped in every tenant');
SELECT * FROM finish();
ROLLBACK;
