\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
-- A schema with a part of every kind.
CREATE ROLE regress_reader;
CREATE SCHEMA full_of;
SET LOCAL search_path = full_of, public;
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TYPE pair AS (a int, b mood);
CREATE DOMAIN word AS text DEFAULT 'a' NOT NULL CONSTRAINT short CHECK (length(VALUE) < 9);
CREATE SEQUENCE free OWNED BY NONE;
CREATE UNLOGGED TABLE unlogged (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME ids));
ALTER SEQUENCE ids AS smallint;
CREATE TABLE a (id int PRIMARY KEY, s serial, g int GENERATED ALWAYS AS (id + 1) STORED, t text COLLATE "C" NOT NULL DEFAULT 'x', w word, m mood[], UNIQUE (t))
    WITH (fillfactor = 70);
CREATE TABLE b (a_id int REFERENCES a);
ALTER TABLE a ALTER t SET STORAGE EXTERNAL, ALTER t SET COMPRESSION pglz, ALTER t SET STATISTICS 50, ALTER t SET (n_distinct = 5),
    CLUSTER ON a_pkey, REPLICA IDENTITY USING INDEX a_pkey, ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE INDEX a_expression ON a ((id + 1));
ALTER INDEX a_expression ALTER COLUMN 1 SET STATISTICS 20;
CREATE STATISTICS stats ON id, t FROM a;
ALTER STATISTICS stats SET STATISTICS 10;
CREATE VIEW v AS SELECT id, t FROM a;
ALTER VIEW v ALTER t SET DEFAULT 'y';
CREATE MATERIALIZED VIEW mv AS SELECT id FROM a;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE a DISABLE TRIGGER touched;
ALTER TRIGGER touched ON a DEPENDS ON EXTENSION plpgsql;
CREATE CONSTRAINT TRIGGER checked AFTER UPDATE ON a FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE b DISABLE TRIGGER ALL;
SET LOCAL allow_system_table_mods = on;
INSERT INTO pg_seclabel (classoid, objoid, objsubid, provider, label) VALUES ('pg_class'::regclass, 'a'::regclass, 0, 'regress', 'a');
CREATE RULE silent AS ON DELETE TO a DO INSTEAD NOTHING;
ALTER TABLE a ENABLE ALWAYS RULE silent;
CREATE POLICY mine ON a USING (true);
GRANT SELECT ON a TO regress_reader;
REVOKE EXECUTE ON FUNCTION touch() FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA full_of GRANT SELECT ON TABLES TO regress_reader;
COMMENT ON TABLE a IS 'a';
CREATE UNLOGGED SEQUENCE quick;
CREATE TABLE child () INHERITS (b);
CREATE TABLE parted (id int PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE COLLATION posix (LOCALE = 'POSIX');
CREATE CONVERSION latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TYPE span AS RANGE (SUBTYPE = float8);
CREATE TYPE num;
CREATE FUNCTION num_in(cstring) RETURNS num LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION num_out(num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE num (INPUT = num_in, OUTPUT = num_out, LIKE = int4);
CREATE CAST (num AS int) WITHOUT FUNCTION;
CREATE FUNCTION same(num, num) RETURNS bool LANGUAGE internal IMMUTABLE AS 'int4eq';
CREATE FUNCTION hashed(num) RETURNS int LANGUAGE internal IMMUTABLE AS 'hashint4';
CREATE OPERATOR = (FUNCTION = same, LEFTARG = num, RIGHTARG = num, RESTRICT = eqsel);
CREATE OPERATOR CLASS num_ops FOR TYPE num USING hash AS OPERATOR 1 =;
ALTER OPERATOR FAMILY num_ops USING hash ADD FUNCTION 1 (int, int) hashint4(int);
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
CREATE TEXT SEARCH PARSER parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE template (LEXIZE = dsimple_lexize, INIT = dsimple_init);
CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = template, accept = false);
CREATE TEXT SEARCH CONFIGURATION config (PARSER = parser);
ALTER TEXT SEARCH CONFIGURATION config ADD MAPPING FOR word WITH dict;
CREATE TABLE typed OF pair;
CREATE FOREIGN DATA WRAPPER nothing;
CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
CREATE FOREIGN TABLE far (x int OPTIONS (a 'b')) SERVER nowhere OPTIONS (c 'd');
SET LOCAL search_path = public;
CREATE TEMPORARY TABLE part AS SELECT i.* FROM boardinghouse._inventory('full_of') AS i;

SELECT is_empty($$SELECT DISTINCT p.kind FROM part AS p WHERE p.kind NOT IN (SELECT k.kind FROM boardinghouse._kind AS k)$$, 'each kind that the inventory names is known');
SELECT results_eq($$SELECT k.kind FROM boardinghouse._kind AS k WHERE k.kind NOT IN (SELECT p.kind FROM part AS p) ORDER BY k.kind$$,
    $$VALUES ('access method'), ('schema'), ('tablespace')$$, 'a schema with everything has a part of each kind, but for what is made outside of a transaction');
SELECT is((SELECT count(*) FROM boardinghouse._kind), (SELECT count(DISTINCT k.kind) FROM boardinghouse._kind AS k), 'each kind is listed once');
SELECT is_empty($$SELECT k.kind FROM boardinghouse._kind AS k WHERE k.is_whole AND NOT k.is_entity$$, 'a thing of its own has an id of its own');
SELECT is_empty($$SELECT p.kind, p.id FROM part AS p GROUP BY p.kind, p.id HAVING count(*) > 1$$, 'an id is unique within its kind');
SELECT is_empty($$SELECT p.kind, p.object FROM part AS p GROUP BY p.kind, p.object HAVING count(*) > 1$$, 'an object is unique within its kind');
SELECT is_empty($$SELECT p.kind, p.object FROM part AS p WHERE p.within IS NOT NULL AND p.within !~ '^pg_namespace ' AND NOT EXISTS (SELECT FROM part AS c JOIN boardinghouse._kind AS k ON k.kind = c.kind AND k.is_entity WHERE c.id = p.within)$$, 'what a part hangs on is a part');
SELECT is_empty($$SELECT p.kind, p.object FROM part AS p JOIN part AS c ON c.id = p.within JOIN boardinghouse._kind AS k ON k.kind = p.kind JOIN boardinghouse._kind AS ck ON ck.kind = c.kind WHERE ck.is_entity AND ck.rank > k.rank AND NOT k.is_passive AND p.kind <> 'sequence' AND p.id <> c.id$$, 'what a part hangs on is made before it, but for the column that owns a sequence');
SELECT is_empty($$SELECT p.kind, p.object FROM part AS p JOIN boardinghouse._kind AS k ON k.kind = p.kind WHERE p.ddl IS NULL AND p.inline IS NULL$$, 'each part can be made or compared');
SELECT is_empty($$SELECT p.kind, p.object FROM part AS p WHERE p.raw IS NULL$$, 'each part has a fingerprint');
SELECT is_empty($$SELECT p.kind, p.object FROM part AS p JOIN boardinghouse._kind AS k ON k.kind = p.kind AND NOT k.is_passive AND NOT k.is_state WHERE p.undo IS NULL AND p.kind NOT IN ('owner', 'enum label', 'partition key', 'index partition', 'operator property') AND (p.kind <> 'shell type' OR p.within IS NULL)$$, 'all can be taken away but an owner, the label of an enum, how a table is partitioned, and what an index is part of');
SELECT is_empty($$SELECT p.kind, p.object FROM part AS p WHERE concat(p.ddl, p.alteration, p.undo, p.inline) ~ 'full_of'$$, 'no statement names the schema');

-- What an object needs.
SELECT is(boardinghouse._needs('pg_rewrite'::regclass, (SELECT oid FROM pg_rewrite WHERE ev_class = 'full_of.v'::regclass)) @> ARRAY['pg_class ' || 'full_of.a'::regclass::oid || ' 0'], true, 'a view needs its table');
SELECT is(boardinghouse._needs('pg_rewrite'::regclass, (SELECT oid FROM pg_rewrite WHERE ev_class = 'full_of.v'::regclass)) @> ARRAY['pg_class ' || 'full_of.a'::regclass::oid || ' 1'], true, 'a view needs its columns');
CREATE FUNCTION full_of.of_row(full_of.a, full_of.mood[]) RETURNS full_of.pair LANGUAGE sql AS 'SELECT NULL::full_of.pair';
SELECT set_eq($$SELECT unnest(boardinghouse._needs('pg_proc'::regclass, 'full_of.of_row'::regproc))$$,
    $$VALUES ('pg_class ' || 'full_of.a'::regclass::oid || ' 0'), ('pg_type ' || 'full_of.mood'::regtype::oid || ' 0'), ('pg_type ' || 'full_of.pair'::regtype::oid || ' 0')$$,
    'a function needs the tables and types of its arguments: not row types, not arrays');
SELECT is(boardinghouse._needs('pg_class'::regclass, 'full_of.b'::regclass), '{}', 'a table of built-in types needs nothing');
SELECT is(boardinghouse._needs('pg_class'::regclass, 'full_of.a'::regclass, 6) @> ARRAY['pg_type ' || 'full_of.mood'::regtype::oid || ' 0'], true, 'a column needs its type');
SELECT is(boardinghouse._needs('pg_class'::regclass, 'full_of.a'::regclass, 1), '{}', 'another column does not need it');
SELECT * FROM finish();
ROLLBACK;
