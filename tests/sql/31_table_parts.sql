\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();

-- Tables.
SELECT pg_temp.mirrored('CREATE TABLE __template__.thing ()', 'a table without columns is made in every tenant');
SELECT pg_temp.mirrored($$
    ALTER TABLE __template__.thing
        ADD name varchar(40) NOT NULL DEFAULT 'it''s %I',
        ADD price numeric(10, 2)[] DEFAULT '{1.50}',
        ADD since timestamptz(3) DEFAULT '2001-02-03 04:05:06+07',
        ADD length interval day to minute DEFAULT '1 day 02:03',
        ADD flags bit varying(5) DEFAULT B'101',
        ADD data bytea DEFAULT '\x00ff'
    $$, 'columns of all sorts are added in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ADD id bigint GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 5 MINVALUE 5 MAXVALUE 10000 CACHE 3 CYCLE) PRIMARY KEY', 'an identity is added in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ADD number serial, ADD amount int NOT NULL DEFAULT 4', 'a column that is counted and one with a default are added at once');
SELECT pg_temp.mirrored($$CREATE TABLE __template__."Wei""rd %s.table\" ("Col""umn %s.1" int DEFAULT 1, "order" text, "user" text, "ÄÖ" int, PRIMARY KEY ("ÄÖ", "user"))$$,
    'names of tables and columns may be any');
SELECT pg_temp.mirrored($$ALTER TABLE __template__."Wei""rd %s.table\" RENAME "Col""umn %s.1" TO "ano""ther%1$I"$$, 'a column with any name is renamed in every tenant');
SELECT pg_temp.mirrored($$COMMENT ON COLUMN __template__."Wei""rd %s.table\"."ano""ther%1$I" IS 'it''s 100%s of %1$I \'$$, 'a column with any name is commented in every tenant');
SELECT pg_temp.mirrored($$DROP TABLE __template__."Wei""rd %s.table\"$$, 'a table with any name is dropped in every tenant');
SELECT pg_temp.mirrored('CREATE UNLOGGED TABLE __template__.fast (id int) WITH (fillfactor = 70, autovacuum_enabled = off, toast.autovacuum_enabled = off)',
    'an unlogged table with storage options is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.fast ADD doc text, SET (fillfactor = 80, toast.vacuum_truncate = off), RESET (autovacuum_enabled)',
    'storage options are set and reset in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.fast SET (toast.autovacuum_enabled = off, toast.vacuum_truncate = off)', 'storage options of the TOAST table are set in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.fast SET LOGGED', 'a table becomes logged in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.fast SET UNLOGGED', 'a table becomes unlogged in every tenant');
SELECT pg_temp.mirrored('COMMENT ON TABLE __template__.fast IS ''swift''', 'a comment on a table is made in every tenant');
SELECT pg_temp.mirrored('COMMENT ON TABLE __template__.fast IS ''swifter''', 'a comment on a table is changed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON TABLE __template__.fast IS NULL', 'a comment on a table is removed in every tenant');
SELECT 'early.fast'::regclass::oid AS was \gset
SELECT pg_temp.mirrored('ALTER TABLE __template__.fast RENAME TO faster', 'a renamed table is renamed in every tenant');
SELECT is('early.faster'::regclass::oid, :was::oid, 'a renamed table is still the same table');
SELECT pg_temp.mirrored('DROP TABLE __template__.faster', 'a dropped table is dropped in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.copy AS SELECT 1 AS a, ''x''::text AS b', 'CREATE TABLE AS makes the table in every tenant');
SELECT 2 AS a INTO __template__.copy2;
SELECT pg_temp.alike('SELECT INTO makes the table in every tenant');
SELECT is((SELECT count(*) FROM early.copy), 0::bigint, 'rows of the template stay in the template');
SELECT pg_temp.mirrored('CREATE TABLE __template__.likely (LIKE __template__.thing INCLUDING ALL)', 'CREATE TABLE LIKE makes the table in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE IF NOT EXISTS __template__.likely (other int)', 'CREATE TABLE IF NOT EXISTS of what exists changes nothing');
SELECT pg_temp.mirrored('DROP TABLE __template__.copy, __template__.copy2, __template__.likely', 'several tables are dropped at once in every tenant');
SELECT pg_temp.mirrored('DROP TABLE IF EXISTS __template__.nothing', 'DROP TABLE IF EXISTS of nothing changes nothing');
SELECT pg_temp.mirrored('CREATE TEMPORARY TABLE passing (id int)', 'a temporary table is nobody else''s');

-- Columns.
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing RENAME name TO title', 'a renamed column is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER title TYPE text', 'a type is changed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER title TYPE varchar(20) COLLATE "C"', 'a type and its collation are changed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER title SET DEFAULT upper(''a'')', 'a default is changed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER title DROP DEFAULT', 'a default is dropped in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER title DROP NOT NULL', 'NOT NULL is dropped in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER title SET NOT NULL', 'NOT NULL is set in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ADD doubled text GENERATED ALWAYS AS (title || title) STORED', 'a generated column is added in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing RENAME title TO "the name"', 'a column that another is generated from is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER doubled DROP EXPRESSION', 'a generated column becomes an ordinary one in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ADD worded text COLLATE "POSIX" DEFAULT ''x'' NOT NULL, DROP doubled', 'columns are added and dropped in one command');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER worded SET STORAGE EXTERNAL, ALTER worded SET COMPRESSION pglz, ALTER worded SET STATISTICS 77, ALTER worded SET (n_distinct = -0.5)',
    'storage, compression, statistics and options of a column are set in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER worded SET STORAGE EXTENDED, ALTER worded SET COMPRESSION default, ALTER worded SET STATISTICS -1, ALTER worded RESET (n_distinct)',
    'storage, compression, statistics and options of a column are reset in every tenant');
SELECT pg_temp.mirrored('COMMENT ON COLUMN __template__.thing.worded IS ''100 %s''', 'a comment on a column is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing RENAME worded TO phrased', 'a commented column is renamed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON COLUMN __template__.thing.phrased IS NULL', 'a comment on a column is removed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing DROP phrased', 'a dropped column is dropped in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ADD phrased int', 'a column of the name of a dropped one is added in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ADD IF NOT EXISTS phrased int', 'ADD COLUMN IF NOT EXISTS of what exists changes nothing');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER phrased TYPE bigint, ALTER phrased SET DEFAULT 4, ALTER phrased SET NOT NULL, ADD other text, DROP data',
    'many changes in one command are made in every tenant');

-- Identity.
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER id SET GENERATED BY DEFAULT SET INCREMENT 7 SET NO CYCLE SET START 12', 'an identity is altered in every tenant');
SELECT pg_temp.mirrored('ALTER SEQUENCE __template__.thing_id_seq RENAME TO thing_numbers', 'the sequence of an identity is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER id DROP IDENTITY', 'an identity is dropped in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER id ADD GENERATED ALWAYS AS IDENTITY', 'an identity is added in every tenant');
SELECT setval('early.thing_id_seq', 41) \g /dev/null
SELECT pg_temp.mirrored('GRANT USAGE ON SEQUENCE __template__.thing_id_seq TO PUBLIC; ALTER TABLE __template__.thing ALTER id TYPE integer', 'the type of an identity column, whose sequence has privileges, is changed in every tenant');
SELECT is(nextval('early.thing_id_seq'), 42::bigint, 'an identity goes on counting where the type of its column has changed');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER phrased DROP DEFAULT, ALTER phrased ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME __template__.phrases)',
    'a default makes way for an identity in every tenant');
SELECT pg_temp.mirrored('COMMENT ON SEQUENCE __template__.phrases IS ''numbers''', 'the sequence of an identity is commented in every tenant');

-- Sequences.
SELECT pg_temp.mirrored('CREATE SEQUENCE __template__.free AS smallint START 5 INCREMENT -2 MINVALUE -100 MAXVALUE 50 CACHE 7 CYCLE', 'a sequence is made in every tenant');
SELECT pg_temp.mirrored('ALTER SEQUENCE __template__.free INCREMENT 3 MAXVALUE 200 MINVALUE 2 START 3 CACHE 1 NO CYCLE RESTART 9', 'a sequence is altered in every tenant');
SELECT is((SELECT last_value FROM early.free), 5::bigint, 'the position of a sequence is not mirrored');
SELECT pg_temp.mirrored('ALTER SEQUENCE __template__.free AS bigint NO MINVALUE NO MAXVALUE', 'the type of a sequence is changed in every tenant');
SELECT pg_temp.mirrored('ALTER SEQUENCE __template__.free OWNED BY __template__.thing.phrased', 'a sequence gets an owning column in every tenant');
SELECT pg_temp.mirrored('ALTER SEQUENCE __template__.free OWNED BY __template__.thing.id', 'a sequence changes its owning column in every tenant');
SELECT pg_temp.mirrored('ALTER SEQUENCE __template__.free OWNED BY NONE', 'a sequence loses its owning column in every tenant');
SELECT pg_temp.mirrored('ALTER SEQUENCE __template__.free RENAME TO freed', 'a sequence is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER SEQUENCE __template__.freed SET UNLOGGED', 'a sequence becomes unlogged in every tenant');
SELECT pg_temp.mirrored('COMMENT ON SEQUENCE __template__.freed IS ''bird''', 'a sequence is commented in every tenant');
SELECT pg_temp.mirrored('DROP SEQUENCE __template__.freed', 'a sequence is dropped in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.old (id serial PRIMARY KEY, b bigserial, s smallserial)', 'serial columns have sequences of their own in every tenant');
SELECT is((SELECT count(DISTINCT pg_get_expr(adbin, adrelid)) FROM pg_attrdef
            WHERE adrelid IN ('early.old'::regclass, '__template__.old'::regclass)), 6::bigint, 'a serial column takes its numbers from its own schema');
SELECT pg_temp.mirrored('ALTER TABLE __template__.old RENAME id TO key', 'a serial column is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER SEQUENCE __template__.old_id_seq RENAME TO "Keys"', 'the sequence of a serial column is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.old ALTER key TYPE bigint', 'the type of a serial column is changed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.old ADD more serial', 'a serial column is added in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.old DROP b', 'a serial column is dropped with its sequence in every tenant');
SELECT pg_temp.mirrored('DROP SEQUENCE __template__.old_s_seq CASCADE', 'a sequence is dropped with the default that takes from it in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__.old', 'a table is dropped with its sequences in every tenant');
SELECT pg_temp.mirrored('CREATE SEQUENCE __template__.shared; CREATE TABLE __template__.a (id int DEFAULT nextval(''__template__.shared'')); CREATE TABLE __template__.b (id int DEFAULT nextval(''__template__.shared''::regclass), t text DEFAULT nextval(''__template__.shared'')::text)',
    'a free sequence serves defaults of several tables in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.a ALTER id DROP DEFAULT; DROP SEQUENCE __template__.shared CASCADE; DROP TABLE __template__.a, __template__.b', 'a free sequence is dropped with the defaults in every tenant');

-- Clustering, replica identity, access method.
SELECT pg_temp.mirrored('CREATE TABLE __template__.kept (id int PRIMARY KEY, x int NOT NULL); CREATE UNIQUE INDEX kept_x ON __template__.kept (x); ALTER TABLE __template__.kept CLUSTER ON kept_x, REPLICA IDENTITY USING INDEX kept_x',
    'clustering and replica identity by an index are made in every tenant');
SELECT pg_temp.mirrored('ALTER INDEX __template__.kept_x RENAME TO "kept by"', 'the index of a clustering and a replica identity is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.kept CLUSTER ON kept_pkey, REPLICA IDENTITY FULL', 'clustering and replica identity are changed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.kept SET WITHOUT CLUSTER, REPLICA IDENTITY NOTHING', 'clustering is dropped, replica identity taken away in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.kept REPLICA IDENTITY DEFAULT', 'replica identity is the default again in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.kept SET TABLESPACE pg_default, SET ACCESS METHOD heap', 'what is so already changes nothing');

-- Rows that are there.
INSERT INTO early.thing ("the name", phrased) VALUES ('one', 1), ('two', 2);
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ADD filled int NOT NULL DEFAULT 7', 'a column with a default is added where there are rows');
SELECT results_eq('SELECT filled FROM early.thing', 'VALUES (7), (7)', 'rows are filled with the default');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ADD other_fill int NOT NULL DEFAULT 5, ALTER other_fill SET DEFAULT 6', 'a column is added and its default changed at once');
SELECT results_eq('SELECT other_fill FROM early.thing', 'VALUES (5), (5)', 'rows are filled with what the column was added with');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ADD no_default text NOT NULL DEFAULT ''it''''s %I''; ALTER TABLE __template__.thing ALTER no_default DROP DEFAULT', 'a column is added, and its default dropped after');
SELECT results_eq('SELECT no_default FROM early.thing', $$VALUES ('it''s %I'::text), ('it''s %I')$$, 'rows are filled though the default is gone');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ADD later text, ALTER later SET DEFAULT ''x''', 'a column is added and given a default after');
SELECT results_eq('SELECT later FROM early.thing', $$VALUES (NULL::text), (NULL)$$, 'rows are not filled with a default that came after');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ADD code uuid DEFAULT gen_random_uuid()', 'a column with a volatile default is added where there are rows');
SELECT is((SELECT count(DISTINCT code) FROM early.thing), 2::bigint, 'a volatile default is evaluated for each row');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ADD made timestamptz DEFAULT now()', 'a column with a stable default is added where there are rows');
SELECT is((SELECT count(*) FROM early.thing WHERE made = now()), 2::bigint, 'a stable default fills rows with the time of the change');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing RENAME phrased TO "Phrase"', 'a column with rows is renamed in every tenant');
SELECT results_eq('SELECT "the name"::text COLLATE "default", "Phrase" FROM early.thing ORDER BY 2', $$VALUES ('one', 1::bigint), ('two', 2)$$, 'a rename keeps the values');
SELECT pg_temp.mirrored('ALTER TABLE __template__.thing ALTER "Phrase" DROP IDENTITY; ALTER TABLE __template__.thing ALTER "Phrase" TYPE text', 'a type is changed where there are rows');
SELECT results_eq('SELECT "Phrase" FROM early.thing ORDER BY 1', $$VALUES ('1'::text), ('2')$$, 'a changed type keeps the values');
SELECT pg_temp.mirrored('CREATE UNLOGGED TABLE __template__.fast (a int GENERATED ALWAYS AS IDENTITY); ALTER SEQUENCE __template__.fast_a_seq SET LOGGED', 'the sequence of an identity column is logged though its table is not in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.fast SET LOGGED; ALTER SEQUENCE __template__.fast_a_seq SET UNLOGGED', 'and the other way round');
SELECT * FROM finish();
ROLLBACK;
