\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE TABLE public.person (id int PRIMARY KEY);
CREATE FUNCTION __template__.keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';

-- Partitions.
SELECT pg_temp.mirrored('CREATE TABLE __template__.sale (id int NOT NULL, "in" text DEFAULT ''x'' NOT NULL, amount numeric CHECK (amount > 0)) PARTITION BY RANGE (id)', 'a partitioned table is made in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.sale_1 PARTITION OF __template__.sale FOR VALUES FROM (0) TO (10)', 'a partition is made in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__."sale %s" ("in" text DEFAULT ''y'' NOT NULL, amount numeric, id int NOT NULL, CONSTRAINT sale_amount_check CHECK (amount > 0)); ALTER TABLE __template__.sale ATTACH PARTITION __template__."sale %s" FOR VALUES FROM (10) TO (20)', 'a table of another column order is attached in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.branch PARTITION OF __template__.sale (CONSTRAINT own CHECK (id <> 25)) FOR VALUES FROM (20) TO (MAXVALUE) PARTITION BY LIST ("in"); CREATE TABLE __template__.leaf PARTITION OF __template__.branch FOR VALUES IN (''a'', NULL); CREATE TABLE __template__.other PARTITION OF __template__.branch DEFAULT', 'partitions of a partition are made in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.spread (id int, t text) PARTITION BY HASH (id, lower(t)); CREATE TABLE __template__.spread_0 PARTITION OF __template__.spread FOR VALUES WITH (MODULUS 2, REMAINDER 0)', 'a table partitioned by hash and expression is made in every tenant');
SELECT pg_temp.mirrored('CREATE INDEX sale_in ON __template__.sale ("in" DESC) WHERE id > 3', 'an index on all partitions is made in every tenant');
SELECT pg_temp.mirrored('CREATE INDEX sale_in_2 ON __template__.sale ("in" DESC) WHERE id > 3', 'a second one like it is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.sale ADD UNIQUE (id, "in")', 'a key of all partitions is made in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.parcel (sale int, "in" text, FOREIGN KEY (sale, "in") REFERENCES __template__.sale (id, "in"))', 'a foreign key to a partitioned table is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.sale ADD COLUMN person int REFERENCES public.person DEFAULT 3', 'a column with a foreign key is added to all partitions in every tenant');
SELECT pg_temp.mirrored('CREATE TRIGGER kept AFTER INSERT ON __template__.sale FOR EACH ROW EXECUTE FUNCTION __template__.keep()', 'a trigger on all partitions is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.leaf DISABLE TRIGGER kept; COMMENT ON TRIGGER kept ON __template__.leaf IS ''off''', 'that of one partition is disabled in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.sale DISABLE TRIGGER kept; ALTER TRIGGER kept ON __template__.sale RENAME TO "held %s"', 'it is disabled, and renamed, for all partitions in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.late_1 PARTITION OF __template__.branch FOR VALUES IN (''b'')', 'a partition made later has indexes, keys and triggers in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.sale RENAME amount TO total; ALTER TABLE __template__.sale RENAME CONSTRAINT sale_amount_check TO "is %s positive"', 'a column and a check are renamed in all partitions in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.sale ALTER total TYPE double precision, ALTER total SET DEFAULT 1, ALTER total SET NOT NULL', 'a column changes in all partitions in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE ONLY __template__.sale ALTER total SET DEFAULT 2; ALTER TABLE __template__.leaf ALTER total DROP DEFAULT', 'the partitions have defaults of their own in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.sale ALTER total DROP NOT NULL', 'NOT NULL is dropped in all partitions in every tenant');
SELECT pg_temp.mirrored('CREATE INDEX half ON ONLY __template__.branch (total); CREATE INDEX half_leaf ON __template__.leaf (total); ALTER INDEX __template__.half ATTACH PARTITION __template__.half_leaf', 'an index that some partitions lack is made in every tenant');
SELECT pg_temp.mirrored('CREATE INDEX half_other ON __template__.other (total); ALTER INDEX __template__.half ATTACH PARTITION __template__.half_other; CREATE INDEX half_late ON __template__.late_1 (total); ALTER INDEX __template__.half ATTACH PARTITION __template__.half_late', 'it becomes whole in every tenant');
SELECT is((SELECT bool_and(i.indisvalid) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid WHERE c.relname = 'half'), true, 'and valid');
SELECT pg_temp.mirrored('ALTER TABLE __template__.sale DETACH PARTITION __template__.branch', 'a partition is detached in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.branch DROP CONSTRAINT own, DROP COLUMN person; DROP INDEX __template__.sale_in', 'afterwards each goes its own way in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.sale DROP COLUMN total, DROP CONSTRAINT sale_id_in_key CASCADE; DROP TRIGGER "held %s" ON __template__.sale', 'what all partitions have is dropped in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.sale_1 RENAME TO x; ALTER TABLE __template__.sale RENAME TO sale_1; ALTER TABLE __template__.x RENAME TO sale', 'a partition and its parent swap their names in every tenant');
CREATE TABLE early.mine PARTITION OF early.sale_1 FOR VALUES FROM (50) TO (60);
INSERT INTO early.sale_1 (id, person) VALUES (55, NULL);
SELECT results_eq($$SELECT * FROM pg_temp.failure('DROP TABLE __template__.sale_1')$$,
    $$VALUES ('2BP01', 'schema "early": cannot drop table sale_1 because other objects depend on it', 'table early.mine is a partition of it, and not one of the template.', 'Detach it, or drop it, first.')$$, 'a partition of a tenant''s own keeps its parent from being dropped');
CREATE UNIQUE INDEX sale_id ON __template__.sale_1 (id);
SELECT is((SELECT i.indisvalid FROM pg_index AS i WHERE i.indexrelid = 'early.sale_id'::regclass), true, 'it takes part in new indexes');
ALTER TABLE early.sale_1 DETACH PARTITION early.mine;
SELECT is((SELECT count(*) FROM early.mine), 1::bigint, 'and keeps its rows when it is detached');
DROP TABLE early.mine;
SELECT pg_temp.mirrored('DROP TABLE __template__.sale_1, __template__.branch CASCADE', 'partitioned tables are dropped with their partitions in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.tree (id int PRIMARY KEY, up int REFERENCES __template__.tree) PARTITION BY LIST (id); CREATE TABLE __template__.bough PARTITION OF __template__.tree DEFAULT', 'a partitioned table refers to itself in every tenant');
SELECT throws_ok('ALTER TABLE __template__.tree DISABLE TRIGGER ALL', '0A000', 'constraint tree_up_fkey on table __template__.tree in schema "__template__" cannot be carried to another schema', 'what would disable its triggers is refused');
SELECT pg_temp.mirrored('DROP TABLE __template__.tree, __template__.bough', 'and is dropped with its partition');

-- Inheritance.
SELECT pg_temp.mirrored('CREATE TABLE __template__.base (id serial PRIMARY KEY, a int DEFAULT 3, t text NOT NULL, CONSTRAINT positive CHECK (a > 0)); CREATE TABLE __template__.one (x int, a int DEFAULT 5) INHERITS (__template__.base); CREATE TABLE __template__.two (y int) INHERITS (__template__.base)', 'tables inherit in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.both (a int DEFAULT 7) INHERITS (__template__.two, __template__.one)', 'a table inherits from two parents, in their order, in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ADD COLUMN n int DEFAULT 4 NOT NULL, ADD CONSTRAINT more CHECK (n > 0), ADD CONSTRAINT alone CHECK (n > 1) NO INHERIT', 'children get columns and checks in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.one ALTER a DROP DEFAULT; ALTER TABLE __template__.two ALTER n SET DEFAULT 9', 'children have defaults of their own in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ALTER a TYPE bigint, ALTER t TYPE varchar(20)', 'a column changes its type in all children in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base RENAME n TO m; ALTER TABLE __template__.base RENAME CONSTRAINT more TO most', 'a column and a check are renamed in all children in every tenant');
INSERT INTO early.one (a, t, x) VALUES (1, '12', 1);
ALTER TABLE __template__.base ALTER t TYPE int USING length(t) + 40;
SELECT is((SELECT t FROM early.one), 42, 'USING converts the rows of children, too');
SELECT pg_temp.alike('and leaves all alike');
SELECT pg_temp.mirrored('ALTER TABLE ONLY __template__.base DROP COLUMN t', 'a column that children keep is theirs in every tenant');
SELECT is((SELECT t FROM early.one), 42, 'with what is in it');
SELECT pg_temp.mirrored('ALTER TABLE ONLY __template__.base DROP CONSTRAINT most', 'and so is a check');
SELECT pg_temp.mirrored('ALTER TABLE __template__.both NO INHERIT __template__.one; ALTER TABLE __template__.both ADD COLUMN z int', 'a table no longer inherits in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.joins (LIKE __template__.base INCLUDING DEFAULTS INCLUDING CONSTRAINTS); ALTER TABLE __template__.joins INHERIT __template__.base', 'a table that was there inherits in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base DROP COLUMN m', 'a column is dropped where it came from the parent alone in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__.base CASCADE', 'a parent is dropped with its children in every tenant');

-- Rows of partitions and children.
CREATE TABLE __template__.deep (id int, b text) PARTITION BY LIST (id); CREATE TABLE __template__.deep1 PARTITION OF __template__.deep FOR VALUES IN (1) PARTITION BY LIST (id);
CREATE TABLE __template__.deep11 PARTITION OF __template__.deep1 DEFAULT; CREATE TABLE __template__.old (id int, b text); CREATE TABLE __template__.young (x int) INHERITS (__template__.old);
INSERT INTO early.deep VALUES (1, 'x'); INSERT INTO early.old VALUES (1, 'y'); INSERT INTO early.young VALUES (1, 'z');
ALTER TABLE __template__.deep ALTER b TYPE text USING upper(b);
ALTER TABLE __template__.old ALTER b TYPE text USING upper(b);
SELECT results_eq('SELECT b FROM early.deep UNION ALL SELECT b FROM early.old ORDER BY b', $$VALUES ('X'), ('Y'), ('Z')$$, 'USING that keeps the type converts the rows of partitions and children');
ALTER TABLE __template__.deep ALTER b TYPE int USING length(b) * 7, ADD c int DEFAULT 5;
ALTER TABLE __template__.old ALTER b TYPE int USING length(b) * 7, ADD c int DEFAULT 5;
SELECT results_eq('SELECT b, c FROM early.deep UNION ALL SELECT b, c FROM early.old', $$VALUES (7, 5), (7, 5), (7, 5)$$, 'USING converts the rows of partitions and children, a default fills them');
ALTER TABLE __template__.deep ADD d int DEFAULT 5, ALTER d SET DEFAULT 6; ALTER TABLE __template__.deep ADD e int; ALTER TABLE __template__.deep ALTER e SET DEFAULT 8;
ALTER TABLE __template__.old ADD d int DEFAULT 5, ALTER d SET DEFAULT 6; ALTER TABLE __template__.old ADD e int; ALTER TABLE __template__.old ALTER e SET DEFAULT 8;
SELECT results_eq('SELECT d, e FROM early.deep UNION ALL SELECT d, e FROM early.old', $$VALUES (5, NULL::int), (5, NULL), (5, NULL)$$, 'they are filled with what the column was added with');
SELECT pg_temp.alike('partitions and children with rows are alike');
SELECT pg_temp.mirrored('CREATE TABLE __template__.p (a int, b int); CREATE TABLE __template__.c () INHERITS (__template__.p); ALTER TABLE __template__.p ADD CONSTRAINT k CHECK (a > 0); ALTER TABLE __template__.c ADD CONSTRAINT k CHECK (a > 0)', 'a child makes the check of its parent its own in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.p DROP CONSTRAINT k', 'and keeps it in every tenant');
SELECT pg_temp.mirrored('DO $$BEGIN IF current_setting(''server_version_num'')::int < 180000 THEN ALTER TABLE ONLY __template__.p ALTER b SET NOT NULL; END IF; END$$', 'NOT NULL of a parent alone is so in every tenant');

-- Tables of a type.
SELECT pg_temp.mirrored('CREATE TYPE __template__."ty %s" AS (a int, b text, c int); CREATE TABLE __template__.typed OF __template__."ty %s" (a PRIMARY KEY, b WITH OPTIONS DEFAULT ''x'' NOT NULL, CHECK (c > 0))', 'a table of a type is made in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.plain (a int, b text, c int); ALTER TABLE __template__.plain OF __template__."ty %s"', 'a table becomes one of a type in every tenant');
INSERT INTO early.typed VALUES (1, 'x', 2);
SELECT pg_temp.mirrored('ALTER TYPE __template__."ty %s" ADD ATTRIBUTE d int CASCADE, ADD ATTRIBUTE e text CASCADE', 'attributes are added to the tables of a type in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."ty %s" RENAME ATTRIBUTE a TO "a %s" CASCADE; ALTER TYPE __template__."ty %s" ALTER ATTRIBUTE c TYPE bigint CASCADE; CREATE INDEX ON __template__.plain (e)', 'attributes are renamed, and change their types, in the tables of a type in every tenant');
SELECT pg_temp.mirrored('ALTER TYPE __template__."ty %s" DROP ATTRIBUTE e CASCADE, ALTER ATTRIBUTE d TYPE text CASCADE', 'an attribute is dropped from the tables of a type in every tenant');
SELECT results_eq('SELECT t.* FROM early.typed AS t', $$VALUES (1, 'x'::text, 2::bigint, NULL::text)$$, 'rows are kept');
SELECT pg_temp.mirrored('ALTER TYPE __template__."ty %s" RENAME TO ty; ALTER TABLE __template__.typed RENAME TO named', 'the type of tables is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.plain NOT OF; ALTER TABLE __template__.plain ADD x int; ALTER TYPE __template__.ty ADD ATTRIBUTE f int CASCADE', 'a table no longer is of a type in every tenant');
SET LOCAL boardinghouse.allow_drift = on;
CREATE TABLE early.own OF early.ty;
SET LOCAL boardinghouse.allow_drift = off;
SELECT throws_ok('ALTER TYPE __template__.ty DROP ATTRIBUTE f CASCADE', '2BP01', 'schema "early": cannot alter type ty because other objects depend on it', 'a tenant''s own table of a type is not changed with it');
DROP TABLE early.own;
SELECT pg_temp.mirrored('ALTER TYPE __template__.ty DROP ATTRIBUTE f CASCADE', 'without it, it is');
SELECT pg_temp.mirrored('CREATE TYPE __template__.ty2 AS ("a %s" int, b text, c bigint, d text); ALTER TABLE __template__.named OF __template__.ty2', 'a table changes its type in every tenant');
SELECT pg_temp.mirrored('DROP TYPE __template__.ty2 CASCADE', 'a type is dropped with its tables in every tenant');
SELECT * FROM finish();
ROLLBACK;
