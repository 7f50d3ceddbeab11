-- Every kind of change of a schema: a case each.
--
-- (# row: what of it)     a case; its paragraphs are run one after another on the template, each as
--                         one string, and after each one all tenants are compared; a new one
--                         at the end
-- ? query                 asked in each tenant that has rows; = says the rows that are expected
-- @ since 18              only from this version on
-- @ needs citext          only where the server has this extension; made in schema "shared"
-- @ committed             each paragraph in a transaction of its own, in a database of its own
-- @ no change             this paragraph changes nothing: nothing is journalled
-- @ unseen                no event tells of this paragraph: verify() shows it, and the next
--                         paragraph mirrors it
-- @ fails 0A000 message   this paragraph fails, and everything is as before
--
-- The search_path is __template__, public. The template has the tables page and note, and so have
-- the tenants acme and "s.t", with rows 1 and 2; "s.t" has dropped columns, too. Outside there is
-- what cloning.sql has.

-- # CREATE TABLE (serial, unique, foreign key)
CREATE TABLE t (id serial PRIMARY KEY, "u.u" text UNIQUE CHECK ("u.u" <> ''), p int REFERENCES page,
    s int REFERENCES t);

-- # CREATE TABLE AS
CREATE TABLE t AS SELECT id AS a, title, now() AS at FROM page;

CREATE TABLE u AS TABLE note WITH NO DATA;

-- ? SELECT count(*) FROM t
-- = 0

-- # SELECT INTO
SELECT p.id AS a, 'x'::text AS b INTO t FROM page AS p;

-- # CREATE TABLE ... LIKE
CREATE TABLE t (LIKE page INCLUDING ALL, more int);

CREATE TABLE u (LIKE note INCLUDING ALL);

-- # CREATE TABLE ... INHERITS
CREATE TABLE t (extra int) INHERITS (page);

-- # CREATE TABLE ... PARTITION OF
CREATE TABLE t (id int PRIMARY KEY, p int REFERENCES page) PARTITION BY LIST (id);
CREATE INDEX ON t (p);

CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2);

CREATE TABLE t_rest PARTITION OF t DEFAULT;

-- # CREATE SCHEMA x CREATE TABLE ...
-- @ no change
CREATE SCHEMA x CREATE TABLE page (id int) CREATE VIEW v AS SELECT id FROM page;

-- # CREATE ... IF NOT EXISTS (exists)
-- @ no change
CREATE TABLE IF NOT EXISTS page (x int);

-- @ no change
CREATE INDEX IF NOT EXISTS page_pkey ON page (id);

-- @ no change
ALTER TABLE page ADD COLUMN IF NOT EXISTS title int;

-- @ no change
CREATE SEQUENCE IF NOT EXISTS page_id_seq;

-- @ no change
DROP TABLE IF EXISTS nothing;

-- # CREATE TEMP ...
-- @ no change
CREATE TEMP TABLE page (x int);

-- @ no change
CREATE TEMP VIEW v AS SELECT x FROM pg_temp.page;

-- @ no change
CREATE TEMP SEQUENCE q;

-- @ no change
ALTER TABLE pg_temp.page ADD y int;

-- @ no change
DROP TABLE pg_temp.page CASCADE;

-- # CREATE OR REPLACE VIEW (new column)
CREATE VIEW v AS SELECT id FROM page;

CREATE OR REPLACE VIEW v AS SELECT id, title AS "new one" FROM page;

CREATE OR REPLACE VIEW v AS SELECT id * 2 AS id, 'x'::text AS "new one" FROM page;

-- ? SELECT "new one" FROM v WHERE id = 4
-- = x

-- # ALTER TABLE (any mix of subcommands)
ALTER TABLE page ADD a int, DROP made, ALTER title SET DEFAULT 'x', ADD CONSTRAINT c CHECK (n > 0),
    ALTER n SET NOT NULL, SET (fillfactor = 50), ADD b text DEFAULT 'b',
        ADD UNIQUE (title, id) DEFERRABLE INITIALLY DEFERRED,
    ALTER id SET STATISTICS 5, ENABLE ROW LEVEL SECURITY, ADD FOREIGN KEY (a) REFERENCES note;

-- # ALTER TABLE (any mix of subcommands): new column, other default and rewrite is refused
-- @ fails 0A000 page.b
ALTER TABLE page ADD b text DEFAULT 'b', ALTER title SET DEFAULT 'x', ALTER n TYPE bigint;

-- # ADD COLUMN
ALTER TABLE page ADD a int, ADD COLUMN b text NOT NULL DEFAULT 'it''s', ADD c serial,
    ADD d int GENERATED ALWAYS AS IDENTITY,
    ADD e int GENERATED ALWAYS AS (n * 2) STORED, ADD f int REFERENCES page DEFAULT 1;

-- ? SELECT id, a, b, c, d, e, f FROM page ORDER BY id
-- = 1 | NULL | it's | 1 | 1 | 2 | 1
-- = 2 | NULL | it's | 2 | 2 | 4 | 1

-- # ADD COLUMN: filled with one value, then another default
ALTER TABLE page ADD c int DEFAULT 5, ALTER c SET DEFAULT 6;

-- ? SELECT DISTINCT c FROM page
-- = 5

-- ? INSERT INTO page (title) VALUES ('new') RETURNING c
-- = 6

-- # ADD COLUMN: volatile default, for each row of each tenant
ALTER TABLE page ADD u uuid NOT NULL DEFAULT gen_random_uuid(), ADD r float8 DEFAULT random();

-- ? SELECT count(DISTINCT u), (SELECT count(*)
-- ?     FROM (SELECT u FROM acme.page UNION SELECT u FROM "s.t".page) AS b) FROM page
-- = 2 | 4

-- # ADD COLUMN: stable default, in transaction time
ALTER TABLE page ADD at timestamptz DEFAULT now();

-- ? SELECT DISTINCT at = now() FROM page
-- = t

-- # DROP COLUMN
CREATE INDEX page_title ON page (title, n);

ALTER TABLE page DROP title;

ALTER TABLE page DROP COLUMN n, DROP IF EXISTS nothing;

-- # DROP COLUMN: CASCADE takes what the template had, and no more
CREATE VIEW v AS SELECT id, title FROM page;
CREATE VIEW w AS SELECT id FROM v;

CREATE VIEW acme.own_view AS SELECT made FROM acme.page;

ALTER TABLE page DROP title CASCADE;

-- @ fails 2BP01 acme
ALTER TABLE page DROP made CASCADE;

-- # RENAME of a table
ALTER TABLE page RENAME TO a;

ALTER TABLE a RENAME TO "it's %";

-- ? SELECT title FROM "it's %" WHERE id = 2
-- = two

-- # RENAME of index, sequence and view, by ALTER TABLE
CREATE INDEX i ON page (n);
CREATE SEQUENCE s;
CREATE VIEW v AS SELECT id FROM page;
CREATE MATERIALIZED VIEW m AS SELECT id FROM page;

ALTER TABLE i RENAME TO j;

ALTER TABLE s RENAME TO t;

ALTER TABLE v RENAME TO w;

ALTER TABLE m RENAME TO n;

-- # RENAME: a chain and a swap
CREATE TABLE one (a int);
CREATE TABLE two (b int);

ALTER TABLE one RENAME TO three;

ALTER TABLE two RENAME TO one;

ALTER TABLE one RENAME TO tmp; ALTER TABLE three RENAME TO one; ALTER TABLE tmp RENAME TO three;

DO $$ BEGIN
    ALTER TABLE page RENAME TO tmp; ALTER TABLE note RENAME TO page; ALTER TABLE tmp RENAME TO note;
END $$;

-- ? SELECT title FROM note WHERE id = 1
-- = one

-- # RENAME: the old name is taken anew
ALTER TABLE page RENAME TO old; CREATE TABLE page (id int, other text);

-- ? SELECT (SELECT count(*) FROM old), (SELECT count(*) FROM page)
-- = 2 | 0

-- # RENAME COLUMN
CREATE VIEW v AS SELECT title FROM page;
CREATE INDEX i ON page (lower(title));

ALTER TABLE page RENAME title TO "Title %";

ALTER TABLE page RENAME COLUMN n TO title;

ALTER VIEW v RENAME title TO other;

-- ? SELECT "Title %", title FROM page ORDER BY id
-- = one | 1
-- = two | 2

-- # RENAME attribute
CREATE TYPE c AS (a int, b text);
CREATE TABLE t (c c);

ALTER TYPE c RENAME ATTRIBUTE a TO z;

ALTER TYPE c RENAME ATTRIBUTE b TO a CASCADE;

-- # RENAME CONSTRAINT: of table and domain, and with its index
ALTER TABLE page ADD CONSTRAINT c CHECK (n > 0), ADD CONSTRAINT u UNIQUE (n);
CREATE DOMAIN d AS int CONSTRAINT dc CHECK (VALUE > 0);

ALTER TABLE page RENAME CONSTRAINT c TO "c %";

ALTER TABLE page RENAME CONSTRAINT u TO u2;

ALTER INDEX u2 RENAME TO u3;

ALTER DOMAIN d RENAME CONSTRAINT dc TO dd;

ALTER TABLE note RENAME CONSTRAINT note_page_id_fkey TO fk;

-- ? SELECT conname FROM pg_constraint WHERE conrelid = 'page'::regclass AND contype IN ('c', 'u')
-- ?     ORDER BY 1
-- = c %
-- = u3

-- # ALTER TYPE of column
CREATE INDEX page_n ON page (n);
CREATE VIEW v AS SELECT made FROM page;

ALTER TABLE page ALTER n TYPE bigint;

ALTER TABLE page ALTER n TYPE numeric(8,2);

ALTER TABLE page ALTER id TYPE bigint, ALTER title TYPE varchar(50) COLLATE "C";

-- ? SELECT n FROM page ORDER BY id
-- = 1.00
-- = 2.00

-- # ALTER TYPE of column: USING
ALTER TABLE page ALTER title TYPE int USING length(title) + n;

-- ? SELECT title FROM page ORDER BY id
-- = 4
-- = 5

-- # ALTER TYPE of column: USING among other statements, and with text that looks like it
CREATE TABLE t (a int); ALTER TABLE page ALTER COLUMN title SET DATA TYPE int /* USING 7 */
    USING (CASE title WHEN 'ALTER TABLE page ALTER title TYPE int USING 0' THEN 0 ELSE length(title)
    END); DROP TABLE t;

DO $$ BEGIN ALTER TABLE page ALTER n TYPE text USING n || ' pages'; END $$;

-- ? SELECT title, n FROM page ORDER BY id
-- = 3 | 1 pages
-- = 3 | 2 pages

-- # ALTER TYPE of column: USING in a function in language SQL is refused
CREATE FUNCTION shared.change() RETURNS void LANGUAGE sql
    AS 'ALTER TABLE __template__.page ALTER title TYPE int USING length(title)';

-- @ fails 0A000 cannot tell how the values
SELECT shared.change();

-- # SET and DROP DEFAULT
ALTER TABLE page ALTER title SET DEFAULT 'x', ALTER n DROP DEFAULT;

ALTER TABLE page ALTER title SET DEFAULT NULL;

ALTER TABLE page ALTER title DROP DEFAULT, ALTER n SET DEFAULT nextval('page_id_seq');

-- # SET and DROP NOT NULL
ALTER TABLE page ALTER title SET NOT NULL;

ALTER TABLE page ALTER title DROP NOT NULL, ALTER n SET NOT NULL;

-- # SET STATISTICS, STORAGE, COMPRESSION, (options)
ALTER TABLE page ALTER title SET STATISTICS 7, ALTER n SET (n_distinct = 5);

ALTER TABLE page ALTER title SET STORAGE EXTERNAL, ALTER title SET COMPRESSION pglz;

ALTER TABLE page ALTER title SET STATISTICS -1, ALTER n RESET (n_distinct),
    ALTER title SET COMPRESSION default;

-- # SET and DROP EXPRESSION
ALTER TABLE page ADD g int GENERATED ALWAYS AS (n * 2) STORED;

ALTER TABLE page ALTER g DROP EXPRESSION;

-- ? SELECT g FROM page ORDER BY id
-- = 2
-- = 4

-- # SET EXPRESSION
-- @ since 17
ALTER TABLE page ADD g int GENERATED ALWAYS AS (n * 2) STORED;

ALTER TABLE page ALTER g SET EXPRESSION AS (n * 3);

-- ? SELECT g FROM page ORDER BY id
-- = 3
-- = 6

-- # SET EXPRESSION of a virtual column
-- @ since 18
ALTER TABLE page ADD g int GENERATED ALWAYS AS (n * 2) VIRTUAL;

ALTER TABLE page ALTER g SET EXPRESSION AS (n * 3);

-- ? SELECT g FROM page ORDER BY id
-- = 3
-- = 6

-- # ADD, SET and DROP IDENTITY
ALTER TABLE page ALTER n SET NOT NULL, ALTER n DROP DEFAULT;

ALTER TABLE page ALTER n ADD GENERATED BY DEFAULT AS IDENTITY (START 50);

ALTER TABLE page ALTER n SET GENERATED ALWAYS SET INCREMENT 5 SET MAXVALUE 999;

-- ? INSERT INTO page (title) VALUES ('x') RETURNING n
-- = 50

ALTER TABLE page ALTER n DROP IDENTITY;

ALTER TABLE page ALTER n DROP IDENTITY IF EXISTS;

-- # ADD, SET and DROP IDENTITY: RESTART is not mirrored
-- @ no change
ALTER TABLE note ALTER id RESTART WITH 500;

-- ? INSERT INTO note (body) VALUES ('x') RETURNING id
-- = 3

-- # ADD constraint
ALTER TABLE page ADD CONSTRAINT c CHECK (n > 0), ADD UNIQUE (title);

ALTER TABLE page ADD CONSTRAINT "fk %" FOREIGN KEY (n) REFERENCES page ON DELETE SET NULL;

ALTER TABLE note ADD EXCLUDE USING gist (int4range(id, id + 1) WITH &&);

-- # DROP constraint
ALTER TABLE page ADD CONSTRAINT c CHECK (n > 0), ADD CONSTRAINT u UNIQUE (n);
ALTER TABLE note ADD CONSTRAINT to_u FOREIGN KEY (page_id) REFERENCES page (n);

ALTER TABLE page DROP CONSTRAINT c;

ALTER TABLE page DROP CONSTRAINT u CASCADE;

ALTER TABLE note DROP CONSTRAINT note_pkey;

-- # VALIDATE constraint
ALTER TABLE page ADD CONSTRAINT c CHECK (n > 0) NOT VALID;

ALTER TABLE note ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES page NOT VALID;

ALTER TABLE page VALIDATE CONSTRAINT c;

ALTER TABLE note VALIDATE CONSTRAINT f;

-- # VALIDATE constraint: NOT NULL
-- @ since 18
ALTER TABLE page ADD CONSTRAINT c NOT NULL n NOT VALID;

ALTER TABLE page VALIDATE CONSTRAINT c;

-- # ALTER constraint
ALTER TABLE note ALTER CONSTRAINT note_page_id_fkey DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE note ALTER CONSTRAINT note_page_id_fkey NOT DEFERRABLE;

-- # ALTER constraint: enforcement
-- @ since 18
ALTER TABLE note ALTER CONSTRAINT note_page_id_fkey NOT ENFORCED;

ALTER TABLE note ALTER CONSTRAINT note_page_id_fkey ENFORCED;

ALTER TABLE page ADD CONSTRAINT named NOT NULL n;

ALTER TABLE page ALTER CONSTRAINT named NO INHERIT;

ALTER TABLE page ALTER CONSTRAINT named INHERIT;

-- # ADD CONSTRAINT USING INDEX
CREATE UNIQUE INDEX one ON page (title);

CREATE UNIQUE INDEX two ON page (n);

ALTER TABLE page ADD CONSTRAINT renamed UNIQUE USING INDEX one;

ALTER TABLE page ADD UNIQUE USING INDEX two DEFERRABLE;

-- # OWNER TO
ALTER TABLE page OWNER TO matrix_alice;

CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE e AS ENUM ('x');
CREATE VIEW v AS SELECT 1 AS a;

ALTER FUNCTION f() OWNER TO matrix_alice;

ALTER TYPE e OWNER TO matrix_bob;

ALTER VIEW v OWNER TO matrix_bob;

ALTER TABLE note OWNER TO CURRENT_USER;

-- # SET SCHEMA out of the template is refused
CREATE SEQUENCE s; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE e AS ENUM ('x'); CREATE VIEW v AS SELECT 1 AS a;

-- @ fails 55000 page
ALTER TABLE page SET SCHEMA shared;

-- @ fails 55000 sequence shared.s
ALTER SEQUENCE s SET SCHEMA shared;

-- @ fails 55000 f()
ALTER FUNCTION f() SET SCHEMA shared;

-- @ fails 55000 e
ALTER TYPE e SET SCHEMA shared;

-- @ fails 55000 v
ALTER VIEW v SET SCHEMA shared;

-- # SET SCHEMA into the template
CREATE TABLE shared.t (id serial PRIMARY KEY, p int REFERENCES page, gone int);
ALTER TABLE shared.t DROP gone;
CREATE FUNCTION shared.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE shared.e AS ENUM ('x');

ALTER TABLE shared.t SET SCHEMA __template__;

ALTER FUNCTION shared.f() SET SCHEMA __template__;

ALTER TYPE shared.e SET SCHEMA __template__;

-- # SET LOGGED and UNLOGGED
ALTER TABLE note SET UNLOGGED;

ALTER TABLE note SET LOGGED;

-- # SET ACCESS METHOD
ALTER TABLE page SET ACCESS METHOD matrix_heap;

ALTER TABLE page SET ACCESS METHOD heap;

-- # SET TABLESPACE
ALTER TABLE page SET TABLESPACE matrix_space;

ALTER INDEX page_pkey SET TABLESPACE matrix_space;

ALTER TABLE page SET TABLESPACE pg_default;

-- # SET and RESET of storage parameters
ALTER TABLE page SET (fillfactor = 50, toast.autovacuum_enabled = off, autovacuum_enabled);

ALTER TABLE page RESET (fillfactor, toast.autovacuum_enabled), SET (autovacuum_enabled = off);

ALTER INDEX page_pkey SET (fillfactor = 70);

ALTER INDEX page_pkey RESET (fillfactor);

-- # CLUSTER ON
CREATE INDEX i ON page (n);

ALTER TABLE page CLUSTER ON i;

ALTER TABLE page CLUSTER ON page_pkey;

ALTER TABLE page SET WITHOUT CLUSTER;

-- # REPLICA IDENTITY
ALTER TABLE page REPLICA IDENTITY FULL;

ALTER TABLE page REPLICA IDENTITY USING INDEX page_pkey;

ALTER TABLE page REPLICA IDENTITY NOTHING;

ALTER TABLE page REPLICA IDENTITY DEFAULT;

-- # row level security flags
ALTER TABLE page ENABLE ROW LEVEL SECURITY;

ALTER TABLE page FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;

ALTER TABLE page NO FORCE ROW LEVEL SECURITY;

-- # ENABLE and DISABLE TRIGGER, RULE
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON page FOR EACH ROW EXECUTE FUNCTION tr();
CREATE RULE r AS ON INSERT TO page DO ALSO NOTHING;

ALTER TABLE page DISABLE TRIGGER tr, DISABLE RULE r;

ALTER TABLE page ENABLE ALWAYS TRIGGER tr, ENABLE REPLICA RULE r;

ALTER TABLE page ENABLE TRIGGER USER, ENABLE RULE r;

-- # ENABLE and DISABLE TRIGGER: ALL, of constraints too
ALTER TABLE note DISABLE TRIGGER ALL;

ALTER TABLE page DISABLE TRIGGER ALL;

ALTER TABLE note ENABLE TRIGGER ALL;

-- # OF, NOT OF
CREATE TYPE pair AS (a int, b text); CREATE TABLE t (a int, b text);

ALTER TABLE t OF pair;

ALTER TABLE t NOT OF;

-- # INHERIT, NO INHERIT
CREATE TABLE t (LIKE page INCLUDING ALL); CREATE TABLE late () INHERITS (t);

ALTER TABLE t INHERIT page;

ALTER TABLE page ADD extra int DEFAULT 3;

ALTER TABLE t NO INHERIT page;

-- # inherited columns and constraints follow the parent
CREATE TABLE parent (a int, b text); CREATE TABLE child (c int) INHERITS (parent);

ALTER TABLE parent ADD d int DEFAULT 5, ADD CHECK (d > 0);

ALTER TABLE parent RENAME a TO z;

ALTER TABLE parent ALTER z TYPE bigint, ALTER z SET NOT NULL;

ALTER TABLE parent DROP b;

ALTER TABLE child ALTER d SET DEFAULT 6;

DROP TABLE parent CASCADE;

-- # ATTACH PARTITION
CREATE TABLE t (a int, b int REFERENCES page) PARTITION BY LIST (a);
CREATE INDEX t_b ON t (b);
CREATE TABLE t_1 (b int, a int, CHECK (a = 1));
CREATE INDEX t_1_b ON t_1 (b);

ALTER TABLE t ATTACH PARTITION t_1 FOR VALUES IN (1);

CREATE TABLE t_d (a int, b int);

ALTER TABLE t ATTACH PARTITION t_d DEFAULT;

-- # CREATE INDEX: a partition has others like it
CREATE TABLE t (id int, n int) PARTITION BY RANGE (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (5);
CREATE INDEX o ON t (n);
CREATE INDEX a ON t_1 (n);
CREATE INDEX z ON t (n);
CREATE INDEX b ON t_1 (n);

CREATE INDEX x ON t_1 (id);
CREATE INDEX w ON t_1 (id);

CREATE INDEX v ON t (id);

-- # ATTACH PARTITION: of an index
CREATE TABLE t (a int) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
CREATE INDEX t_a ON ONLY t (a);

CREATE INDEX t_1_a ON t_1 (a);

ALTER INDEX t_a ATTACH PARTITION t_1_a;

-- # DETACH PARTITION
CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES page) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN (2);
CREATE INDEX t_b ON t (b);

ALTER TABLE t DETACH PARTITION t_1;

DROP TABLE t_2;

-- # DETACH PARTITION CONCURRENTLY
-- @ committed
CREATE TABLE t (a int PRIMARY KEY, b int) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);

ALTER TABLE t DETACH PARTITION t_1 CONCURRENTLY;

-- # partitioned table: changes that reach the partitions
CREATE TABLE t (a int, b text) PARTITION BY LIST (a);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1) PARTITION BY LIST (a);
CREATE TABLE t_1_1 PARTITION OF t_1 FOR VALUES IN (1);

ALTER TABLE t ADD c int DEFAULT 7 CHECK (c > 0);

ALTER TABLE t ALTER b TYPE varchar(9), ALTER b SET NOT NULL;

ALTER TABLE t RENAME b TO z;

ALTER TABLE t ADD PRIMARY KEY (a);

ALTER TABLE t_1_1 ALTER c SET DEFAULT 8;

ALTER TABLE t DROP c;

ALTER TABLE t DROP CONSTRAINT t_pkey;

-- # CREATE INDEX
CREATE INDEX ON page (title);

CREATE UNIQUE INDEX "once %" ON page (n DESC) INCLUDE (title) WHERE n > 0;

-- # CREATE INDEX CONCURRENTLY
-- @ committed
CREATE INDEX CONCURRENTLY i ON page (title);

DROP INDEX CONCURRENTLY i;

-- # REINDEX
-- @ no change
REINDEX TABLE page;

-- # REINDEX CONCURRENTLY
-- @ committed
-- @ no change
REINDEX TABLE CONCURRENTLY page;

ALTER INDEX page_pkey RENAME TO pk;

-- # CLUSTER, VACUUM FULL, TRUNCATE, ANALYZE, setval
-- @ committed
-- @ no change
VACUUM FULL page;

-- @ no change
TRUNCATE page, note RESTART IDENTITY;

-- @ no change
ANALYZE page;

-- @ no change
SELECT setval('page_id_seq', 900);

-- @ unseen
CLUSTER page USING page_pkey;

-- ? SELECT count(*), max(id) FROM page
-- = 2 | 2

ALTER TABLE page SET (fillfactor = 90);

-- # ALTER SEQUENCE (options, OWNED BY, LOGGED)
CREATE SEQUENCE s;

ALTER SEQUENCE s INCREMENT 3 MINVALUE -5 MAXVALUE 500 CACHE 2 CYCLE START 7;

ALTER SEQUENCE s AS smallint;

ALTER SEQUENCE s OWNED BY page.n;

ALTER SEQUENCE s OWNED BY NONE;

ALTER SEQUENCE s SET UNLOGGED;

-- @ no change
ALTER SEQUENCE s RESTART WITH 99;

-- # CREATE and ALTER VIEW
CREATE VIEW v AS SELECT id, title FROM page;

ALTER VIEW v SET (security_barrier, check_option = local);

ALTER VIEW v RESET (security_barrier);

ALTER VIEW v ALTER title SET DEFAULT 'x';

ALTER VIEW v ALTER title DROP DEFAULT;

CREATE MATERIALIZED VIEW m AS SELECT id FROM v;

ALTER MATERIALIZED VIEW m SET (fillfactor = 50);

-- # CREATE and ALTER RULE
CREATE RULE r AS ON DELETE TO page DO ALSO DELETE FROM note WHERE page_id = OLD.id;

CREATE OR REPLACE RULE r AS ON DELETE TO page DO INSTEAD NOTHING;

ALTER RULE r ON page RENAME TO "r %";

DROP RULE "r %" ON page;

-- # CREATE and ALTER TRIGGER
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';

CREATE TRIGGER t BEFORE UPDATE OF n ON page FOR EACH ROW WHEN (NEW.n > 0) EXECUTE FUNCTION tr('x');

CREATE OR REPLACE TRIGGER t AFTER UPDATE ON page FOR EACH ROW EXECUTE FUNCTION tr('y');

ALTER TRIGGER t ON page RENAME TO "t %";

DROP TRIGGER "t %" ON page;

-- # CREATE and ALTER POLICY
CREATE POLICY p ON page USING (n > 0);

ALTER POLICY p ON page TO matrix_alice USING (EXISTS (SELECT FROM note AS x WHERE x.page_id = id))
    WITH CHECK (true);

ALTER POLICY p ON page RENAME TO "p %";

DROP POLICY "p %" ON page;

-- # CREATE and ALTER FUNCTION, PROCEDURE, ROUTINE
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p() LANGUAGE sql AS '';

CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql STABLE AS 'SELECT 2';

ALTER FUNCTION f IMMUTABLE STRICT SECURITY DEFINER COST 5 PARALLEL SAFE SET search_path =
    __template__;

ALTER FUNCTION f RESET ALL;

ALTER ROUTINE f(int) RENAME TO g;

ALTER PROCEDURE p() SECURITY DEFINER;

DROP ROUTINE p;

-- ? SELECT g(1)
-- = 2

-- # ADD COLUMN serial to the table of another
CREATE TABLE t (a int); CREATE FOREIGN TABLE f (a int) SERVER matrix_server;
ALTER TABLE t OWNER TO matrix_alice; ALTER FOREIGN TABLE f OWNER TO matrix_alice;

ALTER TABLE t ADD b serial, ADD c int GENERATED ALWAYS AS IDENTITY; ALTER TABLE f ADD b serial;

-- ? SELECT relowner::regrole FROM pg_class WHERE oid IN ('t_b_seq'::regclass, 'f_b_seq'::regclass)
-- = matrix_alice
-- = matrix_alice

-- # SET ACCESS METHOD of a partitioned table
-- @ since 17
CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE u PARTITION OF t DEFAULT;

ALTER TABLE t SET ACCESS METHOD heap;

ALTER TABLE t SET ACCESS METHOD matrix_heap;

ALTER TABLE t SET ACCESS METHOD DEFAULT;

-- # Procedures that only the modes of their arguments tell apart
CREATE PROCEDURE p(OUT a int, IN b int, IN c int) LANGUAGE plpgsql AS 'BEGIN a := 1; END';

CREATE PROCEDURE p(int, int, int) LANGUAGE sql AS '';
COMMENT ON PROCEDURE p(IN int, int, int) IS 'takes three';
COMMENT ON PROCEDURE p(OUT int, int, int) IS 'gives one';

ALTER PROCEDURE p(IN int, int, int) OWNER TO matrix_alice;
GRANT EXECUTE ON PROCEDURE p(OUT int, int, int) TO matrix_alice;

ALTER PROCEDURE p(OUT int, int, int) RENAME TO q;
ALTER PROCEDURE q(OUT int, int, int) RENAME TO p;

DROP PROCEDURE p(IN int, int, int);

CREATE PROCEDURE p(int, int, int) LANGUAGE sql AS '';

DROP PROCEDURE p(OUT int, int, int);

-- # CREATE and ALTER FUNCTION: changed result type, drop and create
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT f() AS x;

DROP FUNCTION f() CASCADE; CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''x''';
CREATE VIEW v AS SELECT f() AS x;

-- ? SELECT x FROM v
-- = x

-- # CREATE and ALTER AGGREGATE
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);

CREATE OR REPLACE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');

ALTER AGGREGATE total(int) RENAME TO summed;

ALTER AGGREGATE summed(int) OWNER TO matrix_alice;

DROP AGGREGATE summed(int);

-- # ALTER TYPE enum: ADD VALUE, RENAME VALUE
CREATE TYPE e AS ENUM ('b', 'd'); ALTER TABLE page ADD e e DEFAULT 'b';

ALTER TYPE e ADD VALUE 'a' BEFORE 'b';

ALTER TYPE e ADD VALUE 'c' AFTER 'b';

ALTER TYPE e ADD VALUE 'e';

ALTER TYPE e RENAME VALUE 'b' TO 'it''s b';

-- ? SELECT DISTINCT e FROM page
-- = it's b

-- # ALTER TYPE enum: the new value is used
-- @ committed
CREATE TYPE e AS ENUM ('a'); ALTER TABLE page ADD e e;

ALTER TYPE e ADD VALUE 'b';

ALTER TABLE page ALTER e SET DEFAULT 'b', ADD CHECK (e <= 'b');

-- # ALTER TYPE composite: attributes
CREATE TYPE c AS (a int, b text); CREATE TABLE t (a int);
CREATE FUNCTION f(c) RETURNS c LANGUAGE sql AS 'SELECT $1';

ALTER TYPE c ADD ATTRIBUTE d date;

ALTER TYPE c DROP ATTRIBUTE a, ALTER ATTRIBUTE b TYPE varchar(9) COLLATE "C";

ALTER TYPE c RENAME TO cc;

-- # ALTER TYPE composite: CASCADE to typed tables
CREATE TYPE c AS (a int, b text); CREATE TABLE t OF c;

ALTER TYPE c ADD ATTRIBUTE d date CASCADE;

ALTER TYPE c ALTER ATTRIBUTE a TYPE bigint CASCADE;

ALTER TYPE c DROP ATTRIBUTE b CASCADE;

-- # ALTER DOMAIN
CREATE DOMAIN d AS int; ALTER TABLE page ADD d d DEFAULT 5;

ALTER DOMAIN d SET DEFAULT 7;

ALTER DOMAIN d SET NOT NULL;

ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID;

ALTER DOMAIN d VALIDATE CONSTRAINT c;

ALTER DOMAIN d DROP CONSTRAINT c;

ALTER DOMAIN d DROP DEFAULT;

ALTER DOMAIN d DROP NOT NULL;

ALTER DOMAIN d RENAME TO dd;

-- # ALTER TYPE range
CREATE TYPE r AS RANGE (SUBTYPE = int); ALTER TABLE page ADD r r DEFAULT '[1,2)';

ALTER TYPE r RENAME TO rr;

ALTER TYPE rr OWNER TO matrix_alice;

ALTER FUNCTION r(int, int) OWNER TO matrix_bob;

GRANT EXECUTE ON FUNCTION r(int, int) TO matrix_alice;

-- # operator
CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int);

CREATE VIEW v AS SELECT n === 1 AS x FROM page;

ALTER OPERATOR === (int, int) SET (RESTRICT = eqsel, JOIN = eqjoinsel);

ALTER OPERATOR === (int, int) OWNER TO matrix_alice;

DROP OPERATOR === (int, int) CASCADE;

-- # operator class, operator family
CREATE OPERATOR CLASS own FOR TYPE int USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
        FUNCTION 1 btint4cmp(int, int);

CREATE INDEX i ON page (n own);

ALTER OPERATOR CLASS own USING btree RENAME TO mine;

CREATE OPERATOR FAMILY fam USING btree;

ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 < (int, int8),
    FUNCTION 1 (int, int8) btint48cmp(int, int8);

ALTER OPERATOR FAMILY fam USING btree DROP OPERATOR 1 (int, int8), FUNCTION 1 (int, int8);

ALTER OPERATOR FAMILY fam USING btree RENAME TO fam2;

DROP OPERATOR CLASS mine USING btree CASCADE;

-- # cast
CREATE TYPE e AS ENUM ('a', 'b');

CREATE CAST (e AS int8) WITH INOUT AS IMPLICIT;

COMMENT ON CAST (e AS int8) IS 'no number';

DROP CAST (e AS int8);

-- # conversion
CREATE CONVERSION c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;

ALTER CONVERSION c RENAME TO d;

DROP CONVERSION d;

-- # collation
CREATE COLLATION c FROM "C";

CREATE INDEX i ON page (title COLLATE c);

ALTER COLLATION c RENAME TO d;

ALTER COLLATION d OWNER TO matrix_alice;

DROP COLLATION d CASCADE;

-- # text search
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple);

CREATE TEXT SEARCH CONFIGURATION c (COPY = english);

ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR asciiword WITH d, english_stem;

ALTER TEXT SEARCH CONFIGURATION c DROP MAPPING FOR email;

ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING REPLACE english_stem WITH simple;

ALTER TEXT SEARCH DICTIONARY d (ACCEPT = false);

ALTER TEXT SEARCH DICTIONARY d RENAME TO d2;

CREATE INDEX i ON page USING gin (to_tsvector('__template__.c'::regconfig, title));

ALTER TEXT SEARCH CONFIGURATION c RENAME TO c2;

DROP TEXT SEARCH CONFIGURATION c2 CASCADE;

-- # CREATE and ALTER STATISTICS
CREATE STATISTICS s ON title, n FROM page;

ALTER STATISTICS s SET STATISTICS 50;

ALTER STATISTICS s RENAME TO s2;

DROP STATISTICS s2;

-- # COMMENT
COMMENT ON TABLE page IS 'it''s __template__.page %';

COMMENT ON COLUMN page.title IS 'title';

COMMENT ON TABLE page IS NULL;

COMMENT ON CONSTRAINT page_pkey ON page IS 'key';

COMMENT ON SCHEMA __template__ IS 'schema';

-- # GRANT and REVOKE
GRANT SELECT ON page TO matrix_alice WITH GRANT OPTION;

GRANT UPDATE (title), SELECT (n) ON page TO PUBLIC;

REVOKE GRANT OPTION FOR SELECT ON page FROM matrix_alice;

GRANT ALL ON ALL TABLES IN SCHEMA __template__ TO matrix_bob;

REVOKE ALL ON page FROM matrix_alice, matrix_bob, PUBLIC;

CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC;

GRANT USAGE ON SCHEMA __template__ TO matrix_alice;

-- # GRANT and REVOKE: of a table, where columns have grants of their own
CREATE TABLE t (a int, b int);
GRANT SELECT (a), UPDATE (a, b) ON t TO matrix_alice WITH GRANT OPTION;
GRANT SELECT, UPDATE ON t TO matrix_alice;
GRANT SELECT (b) ON t TO PUBLIC;

GRANT INSERT ON t TO matrix_alice;

GRANT UPDATE ON t TO matrix_alice WITH GRANT OPTION;

GRANT SELECT ON t TO PUBLIC;

GRANT SELECT, DELETE ON t TO PUBLIC;

ALTER TABLE t OWNER TO matrix_alice;

REVOKE INSERT ON t FROM matrix_alice;

GRANT INSERT ON t TO matrix_alice; REVOKE TRUNCATE ON t FROM matrix_alice;

REVOKE UPDATE ON t FROM matrix_alice;

-- # ALTER DEFAULT PRIVILEGES
ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ GRANT SELECT ON TABLES TO matrix_alice;

CREATE TABLE t (a int);

ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ REVOKE SELECT ON TABLES FROM matrix_alice;

CREATE TABLE u (a int);

-- # GRANT and REVOKE: DROP OWNED
CREATE TABLE t (a int); ALTER TABLE t OWNER TO matrix_alice; GRANT SELECT ON page TO matrix_alice;

DROP OWNED BY matrix_alice;

-- # ALTER DEFAULT PRIVILEGES: DROP OWNED
ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ GRANT SELECT ON TABLES TO matrix_alice, matrix_bob;
ALTER DEFAULT PRIVILEGES FOR ROLE matrix_bob IN SCHEMA __template__ GRANT USAGE ON TYPES TO matrix_alice;

DROP OWNED BY matrix_alice;

-- # CREATE EXTENSION ... SCHEMA __template__ is refused
-- @ needs hstore
-- @ fails 0A000 extension
DROP EXTENSION hstore; CREATE EXTENSION hstore SCHEMA __template__;

-- # ALTER EXTENSION SET SCHEMA into the template is refused
-- @ needs hstore
-- @ fails 0A000 extension
ALTER EXTENSION hstore SET SCHEMA __template__;

-- # ALTER EXTENSION ADD an object of the template
-- @ needs hstore
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';

-- @ fails 0A000 f()
ALTER EXTENSION hstore ADD FUNCTION f();

-- # PUBLICATION
-- @ no change
CREATE PUBLICATION matrix_all FOR TABLE page, TABLES IN SCHEMA __template__;

-- @ no change
ALTER PUBLICATION matrix_all DROP TABLE page;

-- @ no change
DROP PUBLICATION matrix_all;

-- # ALTER SCHEMA __template__ RENAME, DROP SCHEMA __template__ are refused
-- @ fails 55000 renamed
ALTER SCHEMA __template__ RENAME TO other;

-- @ fails 55000 dropped
DROP SCHEMA __template__ CASCADE;

-- # ALTER SCHEMA tenant RENAME; DROP SCHEMA tenant
ALTER SCHEMA acme RENAME TO "b % c";

ALTER TABLE page ADD a int;

ALTER SCHEMA "b % c" RENAME TO acme;

DROP SCHEMA "s.t" CASCADE;

ALTER TABLE page ADD b int;

-- # DROP x [, y] [CASCADE]
CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (a int REFERENCES t);
CREATE VIEW v AS SELECT t.a FROM t; CREATE SEQUENCE s; CREATE TYPE e AS ENUM ('x');

DROP TABLE t, u CASCADE;

DROP SEQUENCE s;

DROP TYPE e;

DROP TABLE page, note;

-- # DROP x [, y] [CASCADE]: a tenant's own view stops it
CREATE VIEW acme.own_view AS SELECT p.id FROM acme.page AS p;

-- @ fails 2BP01 acme
DROP TABLE page CASCADE;

-- # DROP OWNED
CREATE TABLE t (a int); ALTER TABLE t OWNER TO matrix_bob;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION f() OWNER TO matrix_bob;

DROP OWNED BY matrix_bob CASCADE;

-- # REASSIGN OWNED
CREATE TABLE t (a int); ALTER TABLE t OWNER TO matrix_alice;

-- @ unseen
REASSIGN OWNED BY matrix_alice TO matrix_bob;

ALTER TABLE t ADD b int;

-- ? SELECT relowner::regrole FROM pg_class WHERE oid = 't'::regclass
-- = matrix_bob

-- # REASSIGN OWNED: picked up by enable()
CREATE TABLE t (a int); ALTER TABLE t OWNER TO matrix_alice;

-- @ unseen
REASSIGN OWNED BY matrix_alice TO matrix_bob;

SELECT boardinghouse.enable();

-- # [NO] INHERIT of a NOT NULL that children have
-- @ since 18
CREATE TABLE t (a int CONSTRAINT n NOT NULL NO INHERIT); CREATE TABLE u (b int, a int);
ALTER TABLE u INHERIT t; CREATE TABLE v (c int) INHERITS (u);
CREATE TABLE w (CONSTRAINT own NOT NULL a NO INHERIT) INHERITS (t, u);

ALTER TABLE w ALTER CONSTRAINT own INHERIT;

ALTER TABLE t ALTER CONSTRAINT n INHERIT;

ALTER TABLE t ALTER CONSTRAINT n NO INHERIT;

ALTER TABLE t DROP CONSTRAINT n;

ALTER TABLE t ADD CONSTRAINT n NOT NULL a NO INHERIT;

ALTER TABLE t ALTER CONSTRAINT n INHERIT, ALTER CONSTRAINT n NO INHERIT;

CREATE TABLE p (a int CONSTRAINT pn NOT NULL) PARTITION BY LIST (a); CREATE TABLE q PARTITION OF p DEFAULT;

-- # ALTER COLUMN TYPE of a parent, whose children have their NOT NULL by other names
-- @ since 18
CREATE TABLE t (a int NOT NULL, b int NOT NULL) PARTITION BY LIST (a);
CREATE TABLE u (b int CONSTRAINT ub NOT NULL, a int CONSTRAINT ua NOT NULL);
ALTER TABLE t ATTACH PARTITION u DEFAULT;

ALTER TABLE t ALTER b TYPE bigint;

CREATE TABLE v (b bigint CONSTRAINT vb NOT NULL, a int CONSTRAINT va NOT NULL);
ALTER TABLE t ATTACH PARTITION v FOR VALUES IN (1);

ALTER TABLE t ALTER b TYPE bigint;

-- # What is enforced in a child alone
-- @ since 18
CREATE TABLE t (a int); CREATE TABLE u () INHERITS (t); CREATE TABLE v () INHERITS (t);
ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT ENFORCED;

ALTER TABLE u ADD CONSTRAINT k CHECK (a > 0);

ALTER TABLE t ADD CONSTRAINT l CHECK (a > 0) NOT ENFORCED;

ALTER TABLE v ADD CONSTRAINT l CHECK (a > 0) NOT VALID;

-- # What is valid in a child alone
CREATE TABLE t (a int); CREATE TABLE u () INHERITS (t); CREATE TABLE v (a int) INHERITS (u);
ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID;

ALTER TABLE u VALIDATE CONSTRAINT k;

ALTER TABLE u ADD CONSTRAINT l CHECK (a > 1);
ALTER TABLE t ADD CONSTRAINT l CHECK (a > 1) NOT VALID, ADD b int;

CREATE TABLE w () INHERITS (t);

-- # A NOT NULL that is valid in a child alone
-- @ since 18
CREATE TABLE t (a int); CREATE TABLE u (a int) INHERITS (t); CREATE TABLE v () INHERITS (u);
ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID;

ALTER TABLE v VALIDATE CONSTRAINT n;

ALTER TABLE u VALIDATE CONSTRAINT n;

CREATE TABLE w (a int CONSTRAINT m NOT NULL); CREATE TABLE x () INHERITS (t, w);

-- # EXPLAIN ANALYZE CREATE TABLE AS
-- @ unseen
EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1 AS a;

ALTER TABLE t ADD b int;

DROP TABLE t;

-- # DROP of an extension that the template uses
-- @ needs hstore
CREATE TABLE t (a int, h shared.hstore);
CREATE FUNCTION f(shared.hstore) RETURNS int LANGUAGE sql AS 'SELECT 1';

DROP EXTENSION hstore CASCADE;

-- # FOREIGN TABLE
CREATE FOREIGN TABLE f (a int OPTIONS (x 'y')) SERVER matrix_server OPTIONS (t 'page');

ALTER FOREIGN TABLE f OPTIONS (SET t 'other', ADD u '1'), ALTER a OPTIONS (DROP x), ADD b int;

ALTER FOREIGN TABLE f RENAME TO g;

DROP FOREIGN TABLE g;

-- # UNIQUE: a partition has others like it
CREATE TABLE t (id int, n int) PARTITION BY LIST (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
ALTER TABLE t ADD CONSTRAINT u UNIQUE (id, n);
ALTER TABLE t ADD CONSTRAINT a UNIQUE (id, n);
CREATE TABLE t_2 (id int, n int, CONSTRAINT z UNIQUE (id, n), CONSTRAINT b UNIQUE (id, n));
CREATE UNIQUE INDEX i ON t (id, n);

ALTER TABLE t ATTACH PARTITION t_2 FOR VALUES IN (2);

ALTER TABLE t_1 RENAME CONSTRAINT t_1_id_n_key TO z_1;

CREATE TABLE t_3 (id int NOT NULL, n int NOT NULL, CONSTRAINT y UNIQUE (n, id));
ALTER TABLE t_3 ADD PRIMARY KEY (n, id);
ALTER TABLE t ADD CONSTRAINT t_z UNIQUE (n, id), ALTER id SET NOT NULL, ALTER n SET NOT NULL;
ALTER TABLE t ADD CONSTRAINT t_a PRIMARY KEY (n, id);
ALTER TABLE t ATTACH PARTITION t_3 FOR VALUES IN (3);

-- # FOREIGN TABLE: identity columns
CREATE FOREIGN TABLE f (a int GENERATED ALWAYS AS IDENTITY, b bigint NOT NULL) SERVER matrix_server;

ALTER FOREIGN TABLE f ALTER a SET GENERATED BY DEFAULT SET INCREMENT 2,
    ALTER b ADD GENERATED ALWAYS AS IDENTITY (START 5);

ALTER SEQUENCE f_b_seq RENAME TO renamed;

ALTER FOREIGN TABLE f ALTER a DROP IDENTITY;

-- # DEPENDS ON EXTENSION
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE INDEX i ON page (n);

ALTER FUNCTION f() DEPENDS ON EXTENSION plpgsql;

ALTER INDEX i DEPENDS ON EXTENSION plpgsql;

ALTER FUNCTION f() STABLE;

ALTER FUNCTION f() NO DEPENDS ON EXTENSION plpgsql;

-- # PREPARE and EXECUTE of two statements, in a block
DO $$ BEGIN
    EXECUTE 'ALTER TABLE page ADD a int; ALTER TABLE page ADD b int DEFAULT 3;'
            'CREATE INDEX i ON page (a)';
END $$;

-- # DDL in a function in language SQL
CREATE FUNCTION shared.change() RETURNS void LANGUAGE sql
    AS
    'ALTER TABLE __template__.page ADD a int DEFAULT 4; CREATE INDEX i ON __template__.page (n);
     DROP TABLE __template__.note';

SELECT shared.change();

-- # DDL in a procedure that commits
-- @ committed
CREATE PROCEDURE shared.change() LANGUAGE plpgsql AS $$ BEGIN
    ALTER TABLE __template__.page ADD a int DEFAULT 4; COMMIT;
    ALTER TABLE __template__.page ADD b int; ROLLBACK;
    ALTER TABLE __template__.page ADD c int; END $$;

CALL shared.change();

-- ? SELECT DISTINCT a, c FROM page
-- = 4 | NULL

-- # string literals and comments are not touched
ALTER TABLE page /* __template__.page */ ALTER title SET DEFAULT '__template__.page -- acme';

CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT '__template__' /* in __template__ */ $$;

-- ? SELECT f()
-- = __template__
