-- Every kind of object and every property of one that a schema can hold: a case each.
--
-- (# row: what of it)     a case; what follows makes its objects, under the path of a new schema
-- ? query                 asked in each copy; = says the rows that are expected
-- @ since 18              only from this version on
-- @ needs citext          only where the server has this extension; made in schema "shared"
-- @ ordinary              only in a schema without tenants: who does not own the template may not
-- @ refused what          feature_not_supported, with this in the message
--
-- A paragraph is sent as one string. __template__ stands for the schema. There are, outside of it:
-- roles matrix_alice and matrix_bob, table shared.country, function shared.twice(integer), foreign
-- server matrix_server, access method matrix_heap, tablespace matrix_space.
--
-- Elsewhere: what cannot be written without the name of its schema (tests/sql/58_dependencies.sql),
-- security labels (tests/sql/34_property_parts.sql), rows and positions of sequences
-- (tests/sql/52_rows.sql), extension member objects inside the schema (test_matrix.py).

-- # plain table, types, typmods, arrays, interval/bit
CREATE TABLE t (
    a int, b bigint NOT NULL, c numeric(8,2), d varchar(30), e char(3), f bit(5), g bit varying(7),
    h interval day to second(3), i time(2) with time zone, j timestamp(0), k int[], l text[][],
    m numeric(5,1)[], n jsonb, o uuid, p bytea, q int4range, r "char", s name, t xid8, u money,
    v oid, w regclass, x int8multirange, y tsvector, z box
);

-- ? SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
-- ?     WHERE attrelid = 't'::regclass AND attname IN ('c', 'h', 'm') ORDER BY 1
-- = c | numeric(8,2)
-- = h | interval day to second(3)
-- = m | numeric(5,1)[]

-- # unlogged
CREATE UNLOGGED TABLE t (id serial PRIMARY KEY, u text UNIQUE);

-- ? SELECT relname, relpersistence FROM pg_class WHERE relname IN ('t', 't_pkey')
-- ?     AND relnamespace = quote_ident(current_schema())::regnamespace ORDER BY 1
-- = t | u
-- = t_pkey | u

-- # zero-column table
CREATE TABLE nothing ();

-- # dropped columns
CREATE TABLE t (gone int, a int, gap text, b int DEFAULT 2, CHECK (a < b), UNIQUE (b, a));
ALTER TABLE t DROP gone, DROP gap;
CREATE INDEX t_b ON t (b) INCLUDE (a) WHERE a > 0;
CREATE VIEW v AS SELECT * FROM t;

-- # quoted, mixed-case and reserved names
CREATE TYPE "Order" AS ENUM ('x');
CREATE TABLE "select" (
    "from" int CONSTRAINT "Primary" PRIMARY KEY, "WHERE" "Order" DEFAULT 'x', "it's ""it""" text,
    "x.y" int CHECK ("x.y" > 0), "%s %I %1$s" int UNIQUE, "back\slash" text, "user" text
);
CREATE TABLE "Group" ("order" int REFERENCES "select" ("from"), "end" "select", "$1" int);
CREATE INDEX "Index of %" ON "select" (lower("it's ""it"""), "back\slash");
CREATE VIEW "table" AS SELECT "from" AS "AS", "%s %I %1$s" AS "-- no comment" FROM "select";
CREATE FUNCTION "SELECT"("IN" "select") RETURNS "Order" LANGUAGE sql AS 'SELECT $1."WHERE"';
CREATE FUNCTION "tr%" () RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER "On" BEFORE UPDATE OF "x.y" ON "select" FOR EACH ROW
    WHEN (OLD."%s %I %1$s" > 0) EXECUTE FUNCTION "tr%"('it''s', '\', '%');
CREATE POLICY "To" ON "select" USING ("user" = current_user);
CREATE RULE "Do" AS ON DELETE TO "Group" DO INSTEAD UPDATE "Group" SET "$1" = OLD."order";
CREATE STATISTICS "Stat.s" ON "from", "x.y" FROM "select";
CREATE SEQUENCE "se""q" OWNED BY "Group"."$1";
COMMENT ON COLUMN "select"."%s %I %1$s" IS 'it''s "__template__".x \ %';

-- # long names
CREATE TABLE a23456789012345678901234567890123456789012345678901234567890123 (
    b23456789012345678901234567890123456789012345678901234567890123 serial PRIMARY KEY,
    c23456789012345678901234567890123456789012345678901234567890123 int UNIQUE CHECK (
        c23456789012345678901234567890123456789012345678901234567890123 > 0)
        REFERENCES a23456789012345678901234567890123456789012345678901234567890123,
    ü2345678901234567890123456789012345678901234567890123456789012 text
);
CREATE INDEX ON a23456789012345678901234567890123456789012345678901234567890123
    (b23456789012345678901234567890123456789012345678901234567890123);
CREATE TYPE ö2345678901234567890123456789012345678901234567890123456789012 AS ENUM ('x');

-- # a nullable column with default nextval beside a column of an own type
CREATE SEQUENCE q;
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (m mood, n int DEFAULT nextval('q'));

-- ? SELECT attnotnull FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'n'
-- = f

-- # typed table
CREATE TYPE pair AS (a int, b text);
CREATE TABLE t OF pair (a PRIMARY KEY, b WITH OPTIONS DEFAULT 'x' CHECK (b <> ''));

-- ? SELECT reloftype::regtype FROM pg_class WHERE oid = 't'::regclass
-- = pair

-- # inheritance, single
CREATE TABLE parent (id int PRIMARY KEY, t text NOT NULL, CHECK (id > 0));
CREATE TABLE child (more int) INHERITS (parent);
CREATE TABLE grandchild (most int) INHERITS (child);
CREATE INDEX child_t ON child (t);

-- ? SELECT inhrelid::regclass::text, inhparent::regclass FROM pg_inherits
-- ?     WHERE inhparent IN ('parent'::regclass, 'child'::regclass) ORDER BY 1
-- = child | parent
-- = grandchild | child

-- # inheritance, child default override
CREATE TABLE parent (id int, n int DEFAULT 1, t text DEFAULT 'x');
CREATE TABLE child () INHERITS (parent);
ALTER TABLE child ALTER n SET DEFAULT 2;
ALTER TABLE child ALTER t DROP DEFAULT;

-- ? SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'child'::regclass
-- = 2

-- # inheritance, merged columns and constraints
CREATE TABLE parent (id int, n int NOT NULL, CONSTRAINT positive CHECK (n > 0));
CREATE TABLE child (extra text, n int NOT NULL,
    CONSTRAINT positive CHECK (n > 0)) INHERITS (parent);

-- ? SELECT attname, attislocal, attinhcount FROM pg_attribute WHERE attrelid = 'child'::regclass
-- ?     AND attnum > 0 AND NOT attisdropped ORDER BY attnum
-- = id | f | 1
-- = n | t | 1
-- = extra | t | 0

-- # multiple inheritance
CREATE TABLE one (a int, b int DEFAULT 1);
CREATE TABLE two (b int DEFAULT 1, c int, CHECK (c > 0));
CREATE TABLE aaa (d int);
CREATE TABLE child (e int) INHERITS (two, one, aaa);

-- ? SELECT rank() OVER (ORDER BY inhseqno), inhparent::regclass FROM pg_inherits WHERE inhrelid = 'child'::regclass
-- ?     ORDER BY 1
-- = 1 | two
-- = 2 | one
-- = 3 | aaa

-- # partitioned by range, with default and primary key
CREATE TABLE t (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE t_2020 PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE t_old PARTITION OF t FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE t_rest PARTITION OF t DEFAULT;

-- ? SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = 't_2020'::regclass
-- = FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')

-- # partitioned by list
CREATE TABLE t (id int, kind text) PARTITION BY LIST (lower(kind));
CREATE TABLE t_ab PARTITION OF t FOR VALUES IN ('a', 'b', NULL);
CREATE TABLE t_c PARTITION OF t FOR VALUES IN ('it''s %');

-- # partitioned by hash
CREATE TABLE t (id int, kind text) PARTITION BY HASH (id, kind);
CREATE TABLE t_0 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE t_1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 1);

-- # partitioned without partitions
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE INDEX t_i ON t (id DESC);
CREATE INDEX t_only ON ONLY t (id);

-- # multi-level partitions
CREATE TABLE t (id int, kind text, at date) PARTITION BY LIST (kind);
CREATE TABLE t_a PARTITION OF t FOR VALUES IN ('a') PARTITION BY RANGE (at);
CREATE TABLE t_a_new PARTITION OF t_a FOR VALUES FROM ('2020-01-01') TO (MAXVALUE)
    PARTITION BY HASH (id);
CREATE TABLE t_a_new_0 PARTITION OF t_a_new FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE INDEX t_at ON t (at);
CREATE UNIQUE INDEX t_once ON t (id, kind, at);

-- ? SELECT count(*), bool_and(indisvalid) FROM pg_index
-- ?     WHERE indrelid IN ('t'::regclass, 't_a'::regclass, 't_a_new'::regclass,
-- ?     't_a_new_0'::regclass)
-- = 8 | t

-- # partition with different physical column order and own default
CREATE TABLE t (a int NOT NULL, b text DEFAULT 'parent', c int) PARTITION BY LIST (a);
CREATE TABLE t_1 (c int DEFAULT 7, gone int, b text DEFAULT 'child', a int NOT NULL);
ALTER TABLE t_1 DROP gone;
ALTER TABLE t ATTACH PARTITION t_1 FOR VALUES IN (1);
ALTER TABLE t_1 ADD CHECK (c > 0);
CREATE INDEX t_1_own ON t_1 (c);

-- ? SELECT attname FROM pg_attribute WHERE attrelid = 't_1'::regclass AND attnum > 0
-- ?     AND NOT attisdropped ORDER BY attnum
-- = c
-- = b
-- = a

-- # foreign key on partitioned parent
CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE t (id int, o int REFERENCES other ON DELETE CASCADE) PARTITION BY LIST (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN (2) PARTITION BY LIST (o);
CREATE TABLE t_2_1 PARTITION OF t_2 DEFAULT;
ALTER TABLE t_1 ADD CONSTRAINT own FOREIGN KEY (id) REFERENCES other;

-- ? SELECT count(*), count(*) FILTER (WHERE conparentid <> 0) FROM pg_constraint
-- ?     WHERE contype = 'f' AND connamespace = quote_ident(current_schema())::regnamespace
-- = 5 | 3

-- # foreign key to a partitioned table
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE other (t int REFERENCES t);

-- # trigger on partitioned parent
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (id int) PARTITION BY LIST (id);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tr();
CREATE TRIGGER late AFTER UPDATE ON t FOR EACH ROW WHEN (NEW.id > 0) EXECUTE FUNCTION tr();
CREATE TRIGGER own AFTER DELETE ON t_1 FOR EACH ROW EXECUTE FUNCTION tr();
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN (2);
ALTER TABLE t_2 DISABLE TRIGGER late;

-- ? SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE tgparentid <> 0
-- ?     AND tgfoid = 'tr'::regproc ORDER BY 1, 2
-- = t_1 | late | O
-- = t_1 | tr | O
-- = t_2 | late | D
-- = t_2 | tr | O

-- # identity column on partitioned table
-- @ since 17
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (START 10), at int) PARTITION BY LIST (at);
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE t_2 PARTITION OF t FOR VALUES IN (2) PARTITION BY LIST (id);
CREATE TABLE t_2_2 PARTITION OF t_2 DEFAULT;

-- # foreign table
CREATE FOREIGN TABLE f (id int OPTIONS (n 'it''s', m 'x') NOT NULL, t text DEFAULT 'x',
    CHECK (id > 0))
    SERVER matrix_server OPTIONS (table_name 'it''s % "x"', other '__template__.f');
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON f FOR EACH ROW EXECUTE FUNCTION tr();
COMMENT ON FOREIGN TABLE f IS 'far away';
GRANT SELECT ON f TO matrix_alice;

-- # column default, literal and now()
CREATE TABLE t (a int DEFAULT 1, b text DEFAULT 'it''s \ %s', c timestamptz DEFAULT now(),
    d date DEFAULT '2020-02-03', e int[] DEFAULT '{1,2}', f interval DEFAULT '1 day 2 hours',
    g timestamptz DEFAULT '2020-02-03 04:05+02', h float8 DEFAULT 0.1, i bytea DEFAULT '\x01ff',
    j text DEFAULT current_user, k text DEFAULT NULL, l text DEFAULT E'a\nb');

-- # default calling a function of the schema
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (a int DEFAULT f(), b int DEFAULT __template__.f() + 1);

-- # CHECK calling a function of the schema
CREATE FUNCTION f(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';
CREATE TABLE t (a int CHECK (f(a)), b int, CONSTRAINT "both" CHECK (f(a) OR __template__.f(b)));
CREATE DOMAIN d AS int CHECK (f(VALUE));

-- # generated column calling a function of the schema
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (f(a)) STORED);

-- # index expression calling a function of the schema
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE t (a int);
CREATE INDEX t_f ON t (f(a)) WHERE f(a) > 0;
CREATE STATISTICS t_s ON f(a), a FROM t;

-- # default regclass constant of the schema
CREATE TABLE other (id int);
CREATE TABLE t (c regclass DEFAULT 'other'::regclass,
    p regtype DEFAULT '__template__.other'::regtype);

-- ? SELECT count(*) FROM pg_depend WHERE classid = 'pg_attrdef'::regclass
-- ?     AND refobjid IN ('other'::regclass, 'other'::regtype)
-- = 2

-- # default nextval('s.q'::text), a string for run time: as it is
CREATE SEQUENCE q;
CREATE TABLE t (a int DEFAULT nextval('__template__.q'::text));

-- # identity ALWAYS and BY DEFAULT with all options
CREATE TABLE t (
    a int GENERATED ALWAYS AS IDENTITY,
    b bigint GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME own START -5 INCREMENT -2 MINVALUE -99
        MAXVALUE 7 CACHE 3 CYCLE),
    c smallint GENERATED ALWAYS AS IDENTITY (START 7)
);

-- ? INSERT INTO t VALUES (DEFAULT, DEFAULT, DEFAULT) RETURNING *
-- = 1 | -5 | 7

-- # serial
CREATE TABLE t (a serial, b smallserial, c bigserial, PRIMARY KEY (a));

-- ? INSERT INTO t DEFAULT VALUES RETURNING *
-- = 1 | 1 | 1

-- # OWNED BY
CREATE SEQUENCE q;
CREATE TABLE t (a int, b int DEFAULT nextval('q'));
ALTER SEQUENCE q OWNED BY t.a;

-- # standalone sequence, all options
CREATE SEQUENCE plain;
CREATE SEQUENCE q AS smallint INCREMENT 3 MINVALUE -7 MAXVALUE 77 START 5 CACHE 4 CYCLE;
CREATE SEQUENCE down INCREMENT -1;
CREATE TABLE t (a int DEFAULT nextval('q'), b int DEFAULT nextval('q'));

-- # unlogged sequence
CREATE UNLOGGED SEQUENCE q;
CREATE UNLOGGED TABLE t (id int GENERATED ALWAYS AS IDENTITY, b serial);
ALTER SEQUENCE t_b_seq SET LOGGED;

-- ? SELECT relname, relpersistence FROM pg_class WHERE relkind = 'S'
-- ?     AND relnamespace = quote_ident(current_schema())::regnamespace ORDER BY 1
-- = q | u
-- = t_b_seq | p
-- = t_id_seq | u

-- # generated stored
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED NOT NULL,
    c text GENERATED ALWAYS AS ('x' || a::text) STORED UNIQUE);

-- ? INSERT INTO t VALUES (4) RETURNING *
-- = 4 | 8 | x4

-- # generated virtual, beside a column of an own type
-- @ since 18
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (m mood, a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL,
    c int GENERATED ALWAYS AS (a + 1));

-- ? SELECT attname, attgenerated FROM pg_attribute WHERE attrelid = 't'::regclass
-- ?     AND attname IN ('b', 'c') ORDER BY 1
-- = b | v
-- = c | v

-- # collation on column
CREATE TABLE t (a text COLLATE "C", b varchar(9) COLLATE "POSIX", c text, d text[] COLLATE "C");

-- # collation of the schema on column
CREATE COLLATION own FROM "C";
CREATE TABLE t (a text COLLATE own,
    b text COLLATE __template__.own DEFAULT 'x' CHECK (b > 'a' COLLATE own));
CREATE INDEX t_a ON t (a, b COLLATE own);
CREATE VIEW v AS SELECT a COLLATE own AS a FROM t;

-- # storage, compression
CREATE TABLE t (a text, b bytea COMPRESSION pglz, c text, d text);
ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER c SET STORAGE MAIN, ALTER d SET STORAGE PLAIN;

-- ? SELECT string_agg(attstorage::text || attcompression::text, ' ' ORDER BY attnum)
-- ?     FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0
-- = e xp m p

-- # statistics target, attoptions (n_distinct)
CREATE TABLE t (a int, b int);
ALTER TABLE t ALTER a SET STATISTICS 500, ALTER b SET STATISTICS 0;
ALTER TABLE t ALTER a SET (n_distinct = -0.5, n_distinct_inherited = 7);

-- ? SELECT attstattarget FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0
-- ?     ORDER BY attnum
-- = 500
-- = 0

-- # foreign column options
CREATE FOREIGN TABLE f (id int OPTIONS (column_name 'it''s %'), t text) SERVER matrix_server;
ALTER FOREIGN TABLE f ALTER t OPTIONS (ADD a '1', ADD b '');

-- # storage parameters including toast.*
CREATE TABLE t (a text) WITH (fillfactor = 70, autovacuum_enabled = false,
    toast.autovacuum_enabled = false, toast.autovacuum_vacuum_threshold = 99);

-- ? SELECT reloptions::text FROM pg_class WHERE oid = 't'::regclass
-- = {fillfactor=70,autovacuum_enabled=false}

-- ? SELECT o FROM pg_class AS t JOIN pg_class AS b ON b.oid = t.reltoastrelid, unnest(b.reloptions)
-- ?     AS o WHERE t.oid = 't'::regclass ORDER BY 1
-- = autovacuum_enabled=false
-- = autovacuum_vacuum_threshold=99

-- # access method of a partitioned table
-- @ since 17
CREATE TABLE t (a int) PARTITION BY LIST (a) USING heap; CREATE TABLE u (a int) PARTITION BY LIST (a);
CREATE TABLE v (a int) PARTITION BY LIST (a) USING matrix_heap;

-- # table access method
CREATE TABLE t (a int PRIMARY KEY) USING matrix_heap;
CREATE MATERIALIZED VIEW m USING matrix_heap AS SELECT a FROM t;

-- ? SELECT count(*) FROM pg_class AS c JOIN pg_am AS a ON a.oid = c.relam
-- ?     WHERE amname = 'matrix_heap' AND relnamespace = quote_ident(current_schema())::regnamespace
-- = 2

-- # tablespace of table, of each index, partitioned too
CREATE TABLE t (a int PRIMARY KEY USING INDEX TABLESPACE matrix_space,
    b int UNIQUE) TABLESPACE matrix_space;
CREATE INDEX t_b ON t (b) TABLESPACE matrix_space;
CREATE TABLE plain (a int);
CREATE INDEX plain_a ON plain (a) TABLESPACE matrix_space;
CREATE MATERIALIZED VIEW m TABLESPACE matrix_space AS SELECT a FROM t;

-- ? SELECT count(*) FROM pg_class AS c JOIN pg_tablespace AS s ON s.oid = c.reltablespace
-- ?     WHERE spcname = 'matrix_space'
-- ?     AND relnamespace = quote_ident(current_schema())::regnamespace
-- = 5

-- # tablespace of a partitioned table
CREATE TABLE t (a int PRIMARY KEY) PARTITION BY LIST (a) TABLESPACE matrix_space;
CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);

-- # indexes: expression, partial, INCLUDE
CREATE TABLE t (a int, b text, c int);
CREATE INDEX i_expression ON t ((a + 1), lower(b));
CREATE INDEX i_partial ON t (a) WHERE b IS NOT NULL AND c = 1;
CREATE UNIQUE INDEX i_include ON t (a) INCLUDE (b, c);

-- # indexes: operator class, collation, order of nulls, parameters of a class
CREATE TABLE t (a int, b text, c tsvector);
CREATE INDEX i_class ON t (b text_pattern_ops);
CREATE INDEX i_collation ON t (b COLLATE "C" DESC NULLS LAST, a NULLS FIRST,
    lower(b) COLLATE "POSIX");
CREATE INDEX i_parameter ON t USING gist (c tsvector_ops (siglen = 100));

-- # indexes: gist, gin, brin, hash, spgist, WITH, NULLS NOT DISTINCT
CREATE TABLE t (a int, b text, c point, d int[], e jsonb);
CREATE INDEX i_gist ON t USING gist (c) WITH (fillfactor = 60, buffering = on);
CREATE INDEX i_gin ON t USING gin (d, e jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX i_brin ON t USING brin (a) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX i_hash ON t USING hash (b);
CREATE INDEX i_spgist ON t USING spgist (c);
CREATE UNIQUE INDEX i_nulls ON t (a, b) NULLS NOT DISTINCT WITH (fillfactor = 50,
    deduplicate_items = off);

-- # ALTER INDEX ... ALTER COLUMN n SET STATISTICS
CREATE TABLE t (a int, b int);
CREATE INDEX t_i ON t ((a + b), a, (a - b));
ALTER INDEX t_i ALTER COLUMN 1 SET STATISTICS 7, ALTER COLUMN 3 SET STATISTICS 70;

-- ? SELECT attstattarget FROM pg_attribute WHERE attrelid = 't_i'::regclass AND attnum IN (1, 3)
-- ?     ORDER BY attnum
-- = 7
-- = 70

-- # CLUSTER ON
CREATE TABLE t (a int PRIMARY KEY, b int);
CREATE INDEX t_b ON t (b);
ALTER TABLE t CLUSTER ON t_b;
CREATE TABLE u (a int PRIMARY KEY);
ALTER TABLE u CLUSTER ON u_pkey;

-- ? SELECT indexrelid::regclass::text FROM pg_index WHERE indisclustered
-- ?     AND indrelid IN ('t'::regclass, 'u'::regclass) ORDER BY 1
-- = t_b
-- = u_pkey

-- # duplicate indexes
CREATE TABLE t (a int UNIQUE, UNIQUE (a), CONSTRAINT again UNIQUE (a));
CREATE INDEX t_a ON t (a);
CREATE INDEX t_a_too ON t (a);

-- # index in operator class of the schema
CREATE OPERATOR CLASS own FOR TYPE int USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
        FUNCTION 1 btint4cmp(int, int);
CREATE TABLE t (a int, b int);
CREATE INDEX t_a ON t (a own, b __template__.own DESC);

-- # constraint names: unique
CREATE TABLE t (x int, y int, z int, CONSTRAINT uq UNIQUE (y), CONSTRAINT "My Key" PRIMARY KEY (x),
    UNIQUE (x, z));

-- # CHECK ... NO INHERIT
CREATE TABLE t (a int, CHECK (a > 0) NO INHERIT, CHECK (a < 9));

-- # CHECK ... NOT VALID
CREATE TABLE t (a int, b text);
ALTER TABLE t ADD CONSTRAINT "later, perhaps" CHECK (a > 0 AND b <> 'NOT VALID') NOT VALID;
ALTER TABLE t ADD CONSTRAINT now CHECK (a > 0);

-- ? SELECT conname, convalidated FROM pg_constraint WHERE conrelid = 't'::regclass ORDER BY 1
-- = later, perhaps | f
-- = now | t

-- # exclusion
CREATE TABLE t (a int4range, b point, c int,
    CONSTRAINT apart EXCLUDE USING gist (a WITH &&) WHERE (c > 0),
    EXCLUDE USING gist (b WITH ~=) WITH (fillfactor = 50) DEFERRABLE INITIALLY DEFERRED,
    EXCLUDE (c WITH =), EXCLUDE USING hash ((c + 1) WITH =));

-- # deferrable
CREATE TABLE t (a int PRIMARY KEY DEFERRABLE, b int UNIQUE DEFERRABLE INITIALLY DEFERRED,
    e int UNIQUE,
    c int REFERENCES t (e) DEFERRABLE, d int REFERENCES t (e) DEFERRABLE INITIALLY DEFERRED);

-- # primary key with INCLUDE, parameters and tablespace
CREATE TABLE t (a int, b int,
    c int UNIQUE WITH (fillfactor = 50) USING INDEX TABLESPACE matrix_space,
    PRIMARY KEY (a) INCLUDE (b) WITH (fillfactor = 40), UNIQUE NULLS NOT DISTINCT (b) INCLUDE (c));

-- ? SELECT reloptions::text FROM pg_class WHERE oid = 't_pkey'::regclass
-- = {fillfactor=40}

-- # foreign key inside the schema
CREATE TABLE t (a int PRIMARY KEY, b int, UNIQUE (a, b));
CREATE TABLE u (a int REFERENCES t, b int,
    c int CONSTRAINT named REFERENCES __template__.t (a) ON UPDATE CASCADE ON DELETE RESTRICT,
    FOREIGN KEY (a, b) REFERENCES t (a, b) MATCH FULL ON DELETE SET DEFAULT);

-- # foreign key SET NULL (cols)
CREATE TABLE t (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE u (a int, b int, FOREIGN KEY (a, b) REFERENCES t ON DELETE SET NULL (b));

-- ? SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'u'::regclass
-- = FOREIGN KEY (a, b) REFERENCES t(a, b) ON DELETE SET NULL (b)

-- # foreign keys in cycles
CREATE TABLE t (a int PRIMARY KEY, u int, self int REFERENCES t);
CREATE TABLE u (a int PRIMARY KEY, t int REFERENCES t);
ALTER TABLE t ADD FOREIGN KEY (u) REFERENCES u;

-- # foreign key NOT VALID
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE u (a int);
ALTER TABLE u ADD FOREIGN KEY (a) REFERENCES t NOT VALID;

-- ? SELECT convalidated FROM pg_constraint WHERE conrelid = 'u'::regclass
-- = f

-- # foreign key out to another schema
CREATE TABLE t (a int REFERENCES shared.country,
    b int REFERENCES shared.country (id) ON DELETE CASCADE);

-- ? SELECT confrelid::regclass FROM pg_constraint WHERE conrelid = 't'::regclass
-- = shared.country
-- = shared.country

-- # NOT NULL named, NO INHERIT
-- @ since 18
CREATE TABLE t (a int CONSTRAINT "must be" NOT NULL, b int NOT NULL NO INHERIT, c int,
    d int CONSTRAINT t_d_not_null NOT NULL);
ALTER TABLE t RENAME c TO e;
ALTER TABLE t ADD CONSTRAINT named NOT NULL e;

-- ? SELECT conname, connoinherit FROM pg_constraint WHERE conrelid = 't'::regclass
-- ?     ORDER BY conname COLLATE "C"
-- = must be | f
-- = named | f
-- = t_b_not_null | t
-- = t_d_not_null | f

-- # NOT NULL NOT VALID
-- @ since 18
CREATE TABLE t (a int, b int);
ALTER TABLE t ADD CONSTRAINT later NOT NULL a NOT VALID;

-- ? SELECT convalidated FROM pg_constraint WHERE conname = 'later' AND conrelid = 't'::regclass
-- = f

-- # CHECK and foreign key NOT ENFORCED
-- @ since 18
CREATE TABLE t (a int PRIMARY KEY, b int CHECK (b > 0) NOT ENFORCED);
CREATE TABLE u (a int REFERENCES t NOT ENFORCED, b int REFERENCES t);

-- ? SELECT conname, conenforced FROM pg_constraint WHERE conrelid IN ('t'::regclass, 'u'::regclass)
-- ?     AND contype IN ('c', 'f') ORDER BY 1
-- = t_b_check | f
-- = u_a_fkey | f
-- = u_b_fkey | t

-- # WITHOUT OVERLAPS and PERIOD
-- @ since 18
CREATE TABLE t (a int4range, at daterange, PRIMARY KEY (a, at WITHOUT OVERLAPS));
CREATE TABLE u (a int4range, at daterange, UNIQUE (a, at WITHOUT OVERLAPS),
    FOREIGN KEY (a, PERIOD at) REFERENCES t (a, PERIOD at));

-- ? SELECT conname, conperiod FROM pg_constraint WHERE conrelid IN ('t'::regclass, 'u'::regclass)
-- ?     AND contype IN ('p', 'u', 'f') ORDER BY 1
-- = t_pkey | t
-- = u_a_at_fkey | t
-- = u_a_at_key | t

-- # views, dependency chains
CREATE TABLE t (a int PRIMARY KEY, b text);
CREATE VIEW z AS SELECT a, b FROM t WHERE a > 0;
CREATE VIEW y AS SELECT z.a, count(*) AS n FROM z GROUP BY z.a;
CREATE VIEW a AS SELECT y.*, z.b FROM y JOIN z USING (a) UNION ALL SELECT 1, 2, 'x';
CREATE VIEW grouped AS SELECT a, b FROM t GROUP BY a;
CREATE RECURSIVE VIEW r (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5;
CREATE VIEW shared_too AS SELECT c.code FROM shared.country AS c, t WHERE shared.twice(t.a) = c.id;

-- # views and functions that need each other
CREATE TABLE t (a int);
CREATE VIEW one AS SELECT a FROM t;
CREATE FUNCTION f(one) RETURNS int LANGUAGE sql AS 'SELECT $1.a';
CREATE VIEW two AS SELECT f(one) AS x FROM one;
CREATE FUNCTION g() RETURNS SETOF two BEGIN ATOMIC SELECT * FROM two; END;
CREATE OR REPLACE VIEW one AS SELECT a, (SELECT 7) AS b FROM t;

-- # views and functions in a circle
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE VIEW v AS SELECT f.a FROM f() AS f;

-- # view options, check option
CREATE TABLE t (a int);
CREATE VIEW barrier WITH (security_barrier) AS SELECT a FROM t;
CREATE VIEW invoker WITH (security_invoker = true) AS SELECT a FROM t;
CREATE VIEW local AS SELECT a FROM t WHERE a > 0 WITH LOCAL CHECK OPTION;
CREATE VIEW cascaded AS SELECT a FROM t WHERE a > 0 WITH CHECK OPTION;

-- ? SELECT relname, reloptions::text FROM pg_class WHERE relkind = 'v'
-- ?     AND relnamespace = quote_ident(current_schema())::regnamespace ORDER BY 1
-- = barrier | {security_barrier=true}
-- = cascaded | {check_option=cascaded}
-- = invoker | {security_invoker=true}
-- = local | {check_option=local}

-- # ALTER VIEW ... DEFAULT
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a, b FROM t;
ALTER VIEW v ALTER b SET DEFAULT 'view';

-- ? INSERT INTO v (a) VALUES (1) RETURNING b
-- = view

-- # view whose table alias equals the schema name
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT __template__.a FROM t AS __template__ WHERE __template__.a > 0;
CREATE VIEW w AS SELECT s.a AS "__template__" FROM t AS s;

-- # string literals containing s. in view and function
CREATE TABLE t (a text DEFAULT '__template__.t', CHECK (a <> '__template__.x'));
CREATE VIEW v AS SELECT '__template__.t'::text AS x, '"__template__".t'::text AS y,
    a FROM t WHERE a <> 'in __template__.t';
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT '__template__.t' /* __template__.t */ $$;
CREATE FUNCTION g(a text DEFAULT '__template__.t') RETURNS text BEGIN ATOMIC
    SELECT '__template__.' || a; END;
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.a <> '__template__.t')
    EXECUTE FUNCTION tr('__template__.t');
CREATE INDEX i ON t ((a || '__template__.t')) WHERE a <> '__template__.t';
CREATE POLICY p ON t USING (a <> '__template__.t');
COMMENT ON TABLE t IS '__template__.t is in __template__';
CREATE TYPE e AS ENUM ('__template__.t');

-- ? SELECT x, g(), f() FROM v RIGHT JOIN (SELECT) AS one ON true
-- = NULL | __template__.__template__.t | __template__.t

-- # materialized views, chained, populated or not, index on it
CREATE TABLE t (a int);
INSERT INTO t VALUES (1), (2);
CREATE MATERIALIZED VIEW z AS SELECT a FROM t;
CREATE MATERIALIZED VIEW a AS SELECT sum(a) AS total FROM z;
CREATE MATERIALIZED VIEW hollow AS SELECT a FROM t WITH NO DATA;
CREATE UNIQUE INDEX z_a ON z (a);
CREATE VIEW over AS SELECT total FROM a;

-- ? SELECT relname, relispopulated FROM pg_class WHERE relkind = 'm'
-- ?     AND relnamespace = quote_ident(current_schema())::regnamespace ORDER BY 1
-- = a | t
-- = hollow | f
-- = z | t

-- # materialized view storage parameters and columns
CREATE MATERIALIZED VIEW m (x, y) WITH (fillfactor = 50, toast.autovacuum_enabled = off) AS
    SELECT 1, 'x'::text;
ALTER MATERIALIZED VIEW m ALTER y SET STATISTICS 5, ALTER y SET STORAGE EXTERNAL;

-- ? SELECT reloptions::text FROM pg_class WHERE oid = 'm'::regclass
-- = {fillfactor=50}

-- # rules
CREATE TABLE t (a int, b int);
CREATE TABLE log (a int);
CREATE VIEW v AS SELECT a FROM t;
CREATE RULE r1 AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.a);
CREATE RULE r2 AS ON UPDATE TO t WHERE OLD.a <> NEW.a DO INSTEAD NOTHING;
CREATE RULE r3 AS ON INSERT TO v DO INSTEAD
    (INSERT INTO t VALUES (NEW.a); INSERT INTO log VALUES (NEW.a); NOTIFY x);
CREATE RULE r4 AS ON DELETE TO t DO ALSO SELECT count(*) FROM log;

-- # rule enabled state
CREATE TABLE t (a int);
CREATE RULE a AS ON INSERT TO t DO ALSO NOTHING;
CREATE RULE d AS ON INSERT TO t DO ALSO NOTHING;
CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING;
ALTER TABLE t ENABLE ALWAYS RULE a, DISABLE RULE d, ENABLE REPLICA RULE r;

-- ? SELECT rulename, ev_enabled FROM pg_rewrite WHERE ev_class = 't'::regclass ORDER BY 1
-- = a | A
-- = d | D
-- = r | R

-- # triggers: WHEN, arguments, UPDATE OF, transition tables, constraint trigger, quoted names
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TABLE other (a int);
CREATE TABLE t (a int, b text, "c d" int);
CREATE TRIGGER "with WHEN" BEFORE UPDATE ON t
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.* AND NEW.b <> 'x.y') EXECUTE FUNCTION tr();
CREATE TRIGGER arguments AFTER INSERT OR DELETE OR TRUNCATE ON t EXECUTE FUNCTION tr('', 'it''s',
    '\', 'NULL', '%', '__template__.tr');
CREATE TRIGGER update_of AFTER UPDATE OF b, "c d" ON t FOR EACH ROW EXECUTE FUNCTION tr();
CREATE TRIGGER transition AFTER UPDATE ON t REFERENCING OLD TABLE AS before NEW TABLE AS "the after"
    EXECUTE FUNCTION tr();
CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON t FROM other DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION __template__.tr();
CREATE CONSTRAINT TRIGGER at_once AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION tr();

-- # trigger enabled state
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TABLE t (a int);
CREATE TRIGGER a AFTER INSERT ON t EXECUTE FUNCTION tr();
CREATE TRIGGER d AFTER INSERT ON t EXECUTE FUNCTION tr();
CREATE TRIGGER r AFTER INSERT ON t EXECUTE FUNCTION tr();
ALTER TABLE t ENABLE ALWAYS TRIGGER a, DISABLE TRIGGER d, ENABLE REPLICA TRIGGER r;

-- ? SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = 't'::regclass ORDER BY 1
-- = a | A
-- = d | D
-- = r | R

-- # constraints whose own triggers are disabled
CREATE TABLE t (a int PRIMARY KEY);
CREATE TABLE u (a int REFERENCES t);
ALTER TABLE u DISABLE TRIGGER ALL;

-- ? SELECT DISTINCT tgenabled FROM pg_trigger WHERE tgrelid = 'u'::regclass
-- = D

-- # INSTEAD OF trigger on view
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE VIEW v AS SELECT 1 AS a;
CREATE TRIGGER instead INSTEAD OF INSERT OR UPDATE ON v FOR EACH ROW EXECUTE FUNCTION tr();

-- ? INSERT INTO v VALUES (5) RETURNING a
-- = 5

-- # functions: attributes, defaults, variadic, SECURITY DEFINER
CREATE FUNCTION f(a int, b text DEFAULT 'it''s %', VARIADIC c int[] DEFAULT '{}') RETURNS int
    LANGUAGE sql IMMUTABLE STRICT LEAKPROOF SECURITY DEFINER PARALLEL SAFE COST 7
    SET work_mem = '8MB' SET "datestyle" = 'SQL, DMY' AS 'SELECT a';
CREATE FUNCTION f(text) RETURNS SETOF text LANGUAGE plpgsql STABLE ROWS 9
    AS $x$BEGIN RETURN NEXT '$$ $1 \ % __template__.f'; END$x$;
CREATE FUNCTION outs(IN a int, OUT b int, INOUT c text) LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION tab() RETURNS TABLE (a int, "B c" text) LANGUAGE sql AS 'SELECT 1, NULL::text';
CREATE FUNCTION poly(anyelement, anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION internal(float8) RETURNS float8 LANGUAGE internal IMMUTABLE STRICT AS 'dsin';

-- # procedures
CREATE TABLE t (a int);
CREATE PROCEDURE p(OUT b text, INOUT a int DEFAULT 1) LANGUAGE plpgsql
    AS 'BEGIN INSERT INTO t VALUES (a); COMMIT; END';
CREATE PROCEDURE q(VARIADIC text[]) LANGUAGE sql SECURITY DEFINER AS '';

-- # window functions
CREATE FUNCTION w() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
CREATE VIEW v AS SELECT w() OVER (ORDER BY x) AS n FROM generate_series(1, 3) AS x;

-- # function with row type and type of the schema as argument and result
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (a int, m mood);
CREATE FUNCTION f(t, __template__.mood, t[]) RETURNS SETOF t LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION g(m mood DEFAULT 'sad', OUT n mood, OUT r __template__.t) LANGUAGE plpgsql
    AS 'BEGIN END';
CREATE FUNCTION h() RETURNS TABLE (m mood, t t) LANGUAGE sql
    AS 'SELECT NULL::mood, NULL::t' SET search_path = __template__;
CREATE FUNCTION k(a t.a%TYPE) RETURNS t.m%TYPE LANGUAGE plpgsql AS 'BEGIN END';

-- ? SELECT prorettype::regtype, proargtypes::regtype[]::text FROM pg_proc WHERE oid = 'f'::regproc
-- = t | [0:2]={t,mood,t[]}

-- # SQL-standard body (BEGIN ATOMIC)
CREATE TABLE t (a int PRIMARY KEY, b text);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f(int) RETURNS text BEGIN ATOMIC SELECT b FROM t JOIN v USING (a) WHERE a = $1; END;
CREATE PROCEDURE p(x int) BEGIN ATOMIC INSERT INTO t VALUES (x, 'x');
UPDATE t SET b = f(x) WHERE a = x; DELETE FROM __template__.t WHERE a < 0; END;
CREATE FUNCTION one() RETURNS bigint RETURN (SELECT count(*) FROM t);

-- ? SELECT one()
-- = 0

-- # body text mentioning s.x: as it is
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql
    AS 'SELECT count(*) FROM __template__.t -- "__template__"';

-- ? SELECT prosrc FROM pg_proc WHERE oid = 'f'::regproc
-- = SELECT count(*) FROM __template__.t -- "__template__"

-- # SET search_path = s on function
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SET search_path = __template__, public,
    pg_temp AS 'SELECT count(*) FROM t';
CREATE FUNCTION g() RETURNS int LANGUAGE sql SET search_path = "x__template__", "__template__ x",
    '$user' AS 'SELECT 1';
CREATE PROCEDURE h() LANGUAGE sql SET search_path = '' SET role = matrix_alice AS '';
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql SET search_path = public,
    __template__ AS 'BEGIN RETURN NEW; END';

-- ? SELECT proconfig[1] = 'search_path=public, ' || quote_ident(current_schema()) FROM pg_proc
-- ?     WHERE oid = 'tr'::regproc
-- = t

-- # aggregate
CREATE FUNCTION add(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE FUNCTION fin(int) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text';
CREATE AGGREGATE total(int) (SFUNC = add, STYPE = int, INITCOND = '0', FINALFUNC = fin,
    FINALFUNC_EXTRA = false);
CREATE AGGREGATE total2(int) (SFUNC = add, STYPE = int, COMBINEFUNC = add, PARALLEL = SAFE,
    SSPACE = 9,
    MSFUNC = add, MINVFUNC = add, MSTYPE = int, MINITCOND = '0');
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT total(a) AS x FROM t;
GRANT EXECUTE ON FUNCTION total(int) TO matrix_alice;
COMMENT ON AGGREGATE total(int) IS 'all of it';

-- ? SELECT total(x) FROM generate_series(1, 3) AS x
-- = 6

-- # aggregate, ordered set and hypothetical set
CREATE AGGREGATE middle(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition,
    STYPE = internal,
    FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA, FINALFUNC_MODIFY = READ_WRITE);
CREATE AGGREGATE place(VARIADIC "any"
    ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi,
    STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
CREATE AGGREGATE least_of(int) (SFUNC = int4smaller, STYPE = int, SORTOP = <);
CREATE AGGREGATE how_many(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');

-- ? SELECT middle(0.5) WITHIN GROUP (ORDER BY x) FROM generate_series(1, 3) AS x
-- = 2

-- # enum
CREATE TYPE mood AS ENUM ('sad', 'glad', 'it''s "quoted" \ %', '');
CREATE TABLE t (a mood DEFAULT 'glad', b mood[], CHECK (a < 'it''s "quoted" \ %'));
CREATE INDEX t_a ON t (a) WHERE a > 'sad';

-- ? SELECT enum_range(NULL::mood)::text
-- = {sad,glad,"it's \"quoted\" \\ %",""}

-- # enum, labels added before and after
CREATE TYPE mood AS ENUM ('b', 'd');
ALTER TYPE mood ADD VALUE 'a' BEFORE 'b';
ALTER TYPE mood ADD VALUE 'c' AFTER 'b';
ALTER TYPE mood ADD VALUE 'e';
ALTER TYPE mood RENAME VALUE 'd' TO 'D';

-- ? SELECT enumlabel FROM pg_enum WHERE enumtypid = 'mood'::regtype ORDER BY enumsortorder
-- = a
-- = b
-- = c
-- = D
-- = e

-- # composite
CREATE TYPE one AS (a int, b text COLLATE "C", c varchar(9) COLLATE "POSIX", d numeric(8,2)[]);
CREATE TYPE two AS (o one, os one[]);
CREATE TYPE hollow AS ();
CREATE TABLE t (a two DEFAULT ROW(NULL, NULL), n hollow);
ALTER TYPE one DROP ATTRIBUTE d;

-- ? SELECT attcollation::regcollation FROM pg_attribute WHERE attrelid = 'one'::regclass
-- ?     AND attname = 'b'
-- = "C"

-- # domain
CREATE DOMAIN positive AS int CONSTRAINT "is positive" CHECK (VALUE > 0) CONSTRAINT small
    CHECK (VALUE < 100);
CREATE DOMAIN named AS varchar(30) COLLATE "C" DEFAULT 'it''s' NOT NULL CHECK (VALUE <> '');
CREATE DOMAIN over AS positive CHECK (VALUE <> 5);
CREATE DOMAIN list AS int[];
CREATE TABLE t (a over, b named, c positive[] DEFAULT '{1}', d __template__.list);
ALTER DOMAIN positive ADD CONSTRAINT later CHECK (VALUE <> 7) NOT VALID;

-- ? SELECT conname, convalidated FROM pg_constraint WHERE contypid = 'positive'::regtype ORDER BY 1
-- = is positive | t
-- = later | f
-- = small | t

-- # range and multirange
CREATE FUNCTION apart(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE TYPE span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = apart, MULTIRANGE_TYPE_NAME = spans);
CREATE TYPE words AS RANGE (SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = text_pattern_ops);
CREATE TABLE t (a span, b spans, c words[], d words_multirange);
CREATE INDEX t_a ON t USING gist (a);
CREATE FUNCTION f(span) RETURNS spans LANGUAGE sql AS 'SELECT spans($1)';
GRANT USAGE ON TYPE span TO matrix_alice;

-- # range over a type of the schema
CREATE DOMAIN d AS int;
CREATE TYPE span AS RANGE (SUBTYPE = d);
CREATE TABLE t (a span DEFAULT '[1,5)', EXCLUDE USING gist (a WITH &&));

-- # base type
CREATE TYPE own;
CREATE FUNCTION own_in(cstring) RETURNS own LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION own_out(own) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE own (INPUT = own_in, OUTPUT = own_out, LIKE = text);
CREATE TABLE t (a own, b own[]);

-- # shell type
CREATE TYPE own;

-- # operator
CREATE FUNCTION eq(int, text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1::text = $2';
CREATE FUNCTION qe(text, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $2::text = $1';
CREATE FUNCTION ne(int, text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1::text <> $2';
CREATE FUNCTION en(text, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $2::text <> $1';
CREATE OPERATOR === (FUNCTION = eq, LEFTARG = int, RIGHTARG = text, COMMUTATOR = ===, NEGATOR = !==,
    RESTRICT = eqsel, JOIN = eqjoinsel, HASHES);
CREATE OPERATOR === (FUNCTION = qe, LEFTARG = text, RIGHTARG = int, COMMUTATOR = ===, NEGATOR = !==,
    HASHES);
CREATE OPERATOR !== (FUNCTION = ne, LEFTARG = int, RIGHTARG = text, COMMUTATOR = !==,
    NEGATOR = ===);
CREATE OPERATOR !== (FUNCTION = en, LEFTARG = text, RIGHTARG = int, NEGATOR = ===);
CREATE OPERATOR @#@ (FUNCTION = factorial, RIGHTARG = int8);
CREATE TABLE t (a int, b text, CHECK (a === b), CHECK (a OPERATOR(__template__.!==) 'x'));
CREATE VIEW v AS SELECT a === b AS x, @#@ a::int8 AS y FROM t;
COMMENT ON OPERATOR === (int, text) IS 'much alike';
ALTER OPERATOR === (int, text) OWNER TO matrix_alice;

-- ? SELECT 1 === '1', @#@ 3
-- = t | 6

-- # operator whose commutator is a shell
CREATE FUNCTION eq(int, text) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1::text = $2';
CREATE OPERATOR === (FUNCTION = eq, LEFTARG = int, RIGHTARG = text, COMMUTATOR = ====);

-- # operator class, operator family
CREATE FUNCTION cmp(int, text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE OPERATOR FAMILY empty USING hash;
CREATE OPERATOR FAMILY fam USING btree;
CREATE OPERATOR CLASS ints FOR TYPE int USING btree FAMILY fam AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
        FUNCTION 1 btint4cmp(int, int);
CREATE OPERATOR CLASS longs FOR TYPE money USING btree FAMILY fam AS FUNCTION 1 cash_cmp(money,
    money), STORAGE money;
ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 < (int, int8),
    FUNCTION 1 (int, int8) btint48cmp(int, int8);
CREATE OPERATOR CLASS knn FOR TYPE point USING gist AS OPERATOR 15 <-> (point, point) FOR
    ORDER BY float_ops,
    FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal),
        FUNCTION 2 gist_box_union(internal, internal),
    FUNCTION 3 gist_point_compress(internal),
        FUNCTION 5 gist_box_penalty(internal, internal, internal),
    FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box, internal),
    FUNCTION 8 (point, point) gist_point_distance(internal, point, smallint, oid, internal),
        STORAGE box;
COMMENT ON OPERATOR CLASS ints USING btree IS 'class';
COMMENT ON OPERATOR FAMILY fam USING btree IS 'family';

-- # cast on a type of the schema
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE FUNCTION to_mood(int) RETURNS mood LANGUAGE sql IMMUTABLE AS 'SELECT NULL::mood' SET search_path = __template__;
CREATE CAST (int AS mood) WITH FUNCTION to_mood(int) AS ASSIGNMENT;
CREATE CAST (mood AS int8) WITH INOUT AS IMPLICIT;

-- ? SELECT castcontext, castmethod FROM pg_cast WHERE castsource = 'mood'::regtype OR casttarget = 'mood'::regtype ORDER BY 1
-- = a | f
-- = i | i

-- # cast by a function whose result another cast converts
CREATE TYPE y;
CREATE FUNCTION y_in(cstring) RETURNS y LANGUAGE internal STRICT IMMUTABLE AS 'textin';
CREATE FUNCTION y_out(y) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout';
CREATE TYPE y (INTERNALLENGTH = variable, INPUT = y_in, OUTPUT = y_out, ALIGNMENT = int4);
CREATE CAST (text AS y) WITHOUT FUNCTION AS IMPLICIT;
CREATE FUNCTION a_text(int) RETURNS text LANGUAGE sql AS $$SELECT 'a' || $1$$;
CREATE CAST (int AS y) WITH FUNCTION a_text(int) AS IMPLICIT;

-- # cast on the type of a row
CREATE TABLE a (x int);
CREATE CAST (a AS text) WITH INOUT AS ASSIGNMENT;
CREATE CAST (int AS a) WITH INOUT;
CREATE CAST (a[] AS json) WITH INOUT;

-- # collation
CREATE COLLATION from_c FROM "C";
CREATE COLLATION libc (PROVIDER = libc, LC_COLLATE = 'C', LC_CTYPE = 'POSIX');
COMMENT ON COLLATION libc IS 'old';

-- # collation, ICU, nondeterministic
-- @ needs icu
CREATE COLLATION icu (PROVIDER = icu, LOCALE = 'de-u-co-phonebk');
CREATE COLLATION loose (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
CREATE TABLE t (a text COLLATE loose UNIQUE);

-- ? SELECT 'a' = 'A' COLLATE loose
-- = t

-- # collation, ICU with rules
-- @ since 16
-- @ needs icu
CREATE COLLATION ruled (PROVIDER = icu, LOCALE = 'und', RULES = '& a < g');

-- # collation, built in
-- @ since 17
CREATE COLLATION plain (PROVIDER = builtin, LOCALE = 'C.UTF-8');

-- # conversion
CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE DEFAULT CONVERSION conv2 FOR 'LATIN2' TO 'UTF8' FROM iso8859_to_utf8;
COMMENT ON CONVERSION conv IS 'one to another';

-- # text search dictionary and configuration
CREATE TEXT SEARCH DICTIONARY own (TEMPLATE = simple, STOPWORDS = english, ACCEPT = false);
CREATE TEXT SEARCH DICTIONARY stem (TEMPLATE = snowball, LANGUAGE = 'german');
CREATE TEXT SEARCH CONFIGURATION conf (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION conf ADD MAPPING FOR asciiword, word WITH own, stem, english_stem;
ALTER TEXT SEARCH CONFIGURATION conf ADD MAPPING FOR email WITH simple;
CREATE TEXT SEARCH CONFIGURATION copied (COPY = pg_catalog.english);
CREATE TABLE t (a text,
    v tsvector GENERATED ALWAYS AS (to_tsvector('__template__.conf'::regconfig, a)) STORED);
COMMENT ON TEXT SEARCH DICTIONARY own IS 'words';
COMMENT ON TEXT SEARCH CONFIGURATION conf IS 'how';

-- ? INSERT INTO t VALUES ('Katzen') RETURNING v
-- = 'katz':1

-- # text search parser and template
CREATE TEXT SEARCH PARSER par (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
    LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE tem (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY dic (TEMPLATE = tem);
CREATE TEXT SEARCH CONFIGURATION con (PARSER = par);
ALTER TEXT SEARCH CONFIGURATION con ADD MAPPING FOR asciiword WITH dic;

-- # extended statistics
CREATE TABLE t (x int, y int, z text);
CREATE STATISTICS mine (dependencies, ndistinct) ON x, y FROM t;
CREATE STATISTICS mcv (mcv) ON y, lower(z), (x + y) FROM t;
CREATE STATISTICS single ON (x * 2) FROM t;
ALTER STATISTICS mine SET STATISTICS 700;
COMMENT ON STATISTICS mcv IS 'common';

-- ? SELECT stxname, stxstattarget FROM pg_statistic_ext WHERE stxname = 'mine'
-- ?     AND stxnamespace = quote_ident(current_schema())::regnamespace
-- = mine | 700

-- # policies
CREATE TABLE t (a int, owner text);
CREATE POLICY p1 ON t USING (owner = current_user) WITH CHECK (a > 0);
CREATE POLICY p2 ON t AS RESTRICTIVE FOR UPDATE TO matrix_bob, matrix_alice USING (true);
CREATE POLICY p3 ON t FOR INSERT TO PUBLIC WITH CHECK (a < 9);
CREATE POLICY p4 ON t FOR DELETE TO CURRENT_USER USING (false);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;

-- # policies with a sub-select in the schema
CREATE TABLE other (a int);
CREATE TABLE t (a int);
CREATE FUNCTION f(int) RETURNS bool LANGUAGE sql AS 'SELECT true';
CREATE POLICY p ON t USING (a IN (SELECT o.a FROM __template__.other AS o WHERE f(o.a))
    AND EXISTS (SELECT FROM shared.country));

-- # ENABLE RLS without policy; FORCE RLS
CREATE TABLE e (a int);
CREATE TABLE f (a int);
ALTER TABLE e ENABLE ROW LEVEL SECURITY;
ALTER TABLE f FORCE ROW LEVEL SECURITY;

-- ? SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname IN ('e', 'f')
-- ?     AND relnamespace = quote_ident(current_schema())::regnamespace ORDER BY 1
-- = e | t | f
-- = f | f | t

-- # comments on everything that has one
CREATE TABLE t (a serial CONSTRAINT ck CHECK (a > 0), CONSTRAINT pk PRIMARY KEY (a), self int,
    CONSTRAINT fk FOREIGN KEY (self) REFERENCES t);
CREATE INDEX i ON t (self);
CREATE VIEW v AS SELECT a FROM t;
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE TYPE e AS ENUM ('x');
CREATE TYPE c AS (a int);
CREATE DOMAIN d AS int CONSTRAINT dc CHECK (VALUE > 0);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE PROCEDURE p() LANGUAGE sql AS '';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE RULE r AS ON INSERT TO v DO INSTEAD NOTHING;
CREATE POLICY po ON t USING (true);
CREATE STATISTICS s ON a, self FROM t;
COMMENT ON TABLE t IS 'table';
COMMENT ON COLUMN t.a IS 'column';
COMMENT ON CONSTRAINT ck ON t IS 'check';
COMMENT ON CONSTRAINT pk ON t IS 'primary key';
COMMENT ON CONSTRAINT fk ON t IS 'foreign key';
COMMENT ON INDEX i IS 'index';
COMMENT ON INDEX pk IS 'index of the primary key';
COMMENT ON SEQUENCE t_a_seq IS 'sequence';
COMMENT ON VIEW v IS 'view';
COMMENT ON COLUMN v.a IS 'view column';
COMMENT ON MATERIALIZED VIEW m IS 'materialized view';
COMMENT ON COLUMN m.a IS 'materialized view column';
COMMENT ON TYPE e IS 'enum';
COMMENT ON TYPE c IS 'composite';
COMMENT ON COLUMN c.a IS 'attribute';
COMMENT ON DOMAIN d IS 'domain';
COMMENT ON CONSTRAINT dc ON DOMAIN d IS 'domain constraint';
COMMENT ON FUNCTION f() IS 'function';
COMMENT ON PROCEDURE p() IS 'procedure';
COMMENT ON TRIGGER tr ON t IS 'trigger';
COMMENT ON RULE r ON v IS 'rule';
COMMENT ON POLICY po ON t IS 'policy';
COMMENT ON STATISTICS s IS 'statistics';
COMMENT ON SCHEMA __template__ IS 'schema, it''s "__template__".t';

-- # comments on NOT NULL constraints
-- @ since 18
CREATE TABLE t (a int CONSTRAINT must NOT NULL);
COMMENT ON CONSTRAINT must ON t IS 'not null';

-- # comment on the row type of a table
CREATE TABLE t (a int);
COMMENT ON TYPE t IS 'row type';

-- # comment on the constraint of a constraint trigger
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TABLE t (a int);
CREATE CONSTRAINT TRIGGER ct AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION tr();
COMMENT ON CONSTRAINT ct ON t IS 'of a trigger';

-- # comment on the rule of a view
CREATE VIEW v AS SELECT 1 AS a;
COMMENT ON RULE "_RETURN" ON v IS 'select';

-- # owner
CREATE TABLE t (a serial, b int GENERATED ALWAYS AS IDENTITY);
CREATE VIEW v AS SELECT a FROM t;
CREATE SEQUENCE s;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE e AS ENUM ('x');
CREATE TYPE c AS (a int);
CREATE DOMAIN d AS int;
CREATE STATISTICS st ON a, b FROM t;
ALTER TABLE t OWNER TO matrix_alice;
ALTER VIEW v OWNER TO matrix_bob;
ALTER SEQUENCE s OWNER TO matrix_alice;
ALTER FUNCTION f() OWNER TO matrix_alice;
ALTER TYPE e OWNER TO matrix_alice;
ALTER TYPE c OWNER TO matrix_bob;
ALTER DOMAIN d OWNER TO matrix_bob;
ALTER STATISTICS st OWNER TO matrix_bob;
CREATE TYPE g AS RANGE (SUBTYPE = int);
ALTER FUNCTION g(int, int, text) OWNER TO matrix_alice;

-- ? SELECT relname, relowner::regrole FROM pg_class WHERE relname IN ('t', 't_a_seq', 'v')
-- ?     AND relnamespace = quote_ident(current_schema())::regnamespace ORDER BY 1
-- = t | matrix_alice
-- = t_a_seq | matrix_alice
-- = v | matrix_bob

-- # ACL: PUBLIC, grant option, column grants
CREATE TABLE t (a int, "B" text);
GRANT SELECT, INSERT ON t TO PUBLIC;
GRANT UPDATE, SELECT ON t TO matrix_alice WITH GRANT OPTION;
GRANT SELECT (a), UPDATE ("B") ON t TO matrix_bob WITH GRANT OPTION;
REVOKE TRUNCATE ON t FROM CURRENT_USER;
CREATE VIEW v AS SELECT a FROM t;
GRANT ALL ON v TO matrix_alice;
CREATE SEQUENCE s;
GRANT USAGE ON SEQUENCE s TO PUBLIC;

-- ? SELECT has_table_privilege('matrix_bob', 't', 'INSERT'),
-- ?     has_table_privilege('matrix_bob', 't', 'UPDATE'),
-- ?     has_column_privilege('matrix_bob', 't', 'B', 'UPDATE WITH GRANT OPTION')
-- = t | f | t

-- # ACL: grants made by another grantor
-- @ ordinary
CREATE TABLE t (a int);
GRANT USAGE ON SCHEMA __template__, boardinghouse TO matrix_alice;
GRANT SELECT, UPDATE ON t TO matrix_alice WITH GRANT OPTION;
SET ROLE matrix_alice;
GRANT SELECT ON t TO matrix_bob;
RESET ROLE;

-- # ACL: functions and types, default PUBLIC privileges revoked
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p() LANGUAGE sql AS '';
CREATE TYPE e AS ENUM ('x');
CREATE TYPE c AS (a int);
CREATE DOMAIN d AS int;
REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f() TO matrix_alice WITH GRANT OPTION;
REVOKE ALL ON PROCEDURE p() FROM PUBLIC, CURRENT_USER;
REVOKE USAGE ON TYPE e FROM PUBLIC;
REVOKE ALL ON DOMAIN d FROM PUBLIC;
GRANT USAGE ON TYPE c TO matrix_bob WITH GRANT OPTION;

-- ? SELECT has_function_privilege('matrix_bob', 'f()', 'EXECUTE'),
-- ?     has_function_privilege('matrix_bob', 'g()', 'EXECUTE'),
-- ?     has_type_privilege('matrix_bob', 'e', 'USAGE')
-- = f | t | f

-- # ACL: the schema
GRANT USAGE ON SCHEMA __template__ TO PUBLIC;
GRANT USAGE, CREATE ON SCHEMA __template__ TO matrix_alice WITH GRANT OPTION;

-- ? SELECT has_schema_privilege('matrix_bob', current_schema(), 'USAGE'),
-- ?     has_schema_privilege('matrix_bob', current_schema(), 'CREATE')
-- = t | f

-- # ACL: the row type of a table
CREATE TABLE t (a int);
REVOKE USAGE ON TYPE t FROM PUBLIC;

-- # default privileges IN SCHEMA
ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ GRANT SELECT ON TABLES TO matrix_bob
    WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE matrix_alice IN SCHEMA __template__ GRANT EXECUTE
    ON FUNCTIONS TO matrix_bob;
ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ GRANT USAGE ON TYPES TO matrix_alice;
ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ GRANT USAGE ON SEQUENCES TO PUBLIC;

-- # default privileges that must not alter the ACLs of the clone
CREATE TABLE before (a int);
ALTER DEFAULT PRIVILEGES IN SCHEMA __template__ GRANT SELECT ON TABLES TO matrix_bob;
CREATE TABLE after (a int);
CREATE TABLE revoked (a int);
REVOKE ALL ON revoked FROM matrix_bob;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';

-- ? SELECT has_table_privilege('matrix_bob', 'before', 'SELECT'),
-- ?     has_table_privilege('matrix_bob', 'after', 'SELECT'),
-- ?     has_table_privilege('matrix_bob', 'revoked', 'SELECT')
-- = f | t | f

-- # replica identity FULL, INDEX, NOTHING
CREATE TABLE f (a int);
CREATE TABLE i (a int NOT NULL);
CREATE TABLE n (a int);
CREATE UNIQUE INDEX i_a ON i (a);
ALTER TABLE f REPLICA IDENTITY FULL;
ALTER TABLE i REPLICA IDENTITY USING INDEX i_a;
ALTER TABLE n REPLICA IDENTITY NOTHING;

-- ? SELECT relname, relreplident FROM pg_class WHERE relname IN ('f', 'i', 'n')
-- ?     AND relnamespace = quote_ident(current_schema())::regnamespace ORDER BY 1
-- = f | f
-- = i | i
-- = n | n

-- # publications: table and schema membership (stay the publisher's)
CREATE TABLE t (a int);
CREATE PUBLICATION matrix_table FOR TABLE t;
CREATE PUBLICATION matrix_schema FOR TABLES IN SCHEMA __template__;

-- ? SELECT count(*) FROM pg_publication_tables WHERE schemaname = current_schema()
-- = 0

-- # DEPENDS ON EXTENSION
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (a int);
CREATE INDEX i ON t (a);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tr();
ALTER FUNCTION f() DEPENDS ON EXTENSION plpgsql;
ALTER INDEX i DEPENDS ON EXTENSION plpgsql;
ALTER MATERIALIZED VIEW m DEPENDS ON EXTENSION plpgsql;
ALTER TRIGGER tr ON t DEPENDS ON EXTENSION plpgsql;

-- # extension outside the schema that its objects use
-- @ needs citext
CREATE TABLE t (a shared.citext DEFAULT 'x' UNIQUE, CHECK (a OPERATOR(shared.<>) 'y'));
CREATE INDEX t_a ON t (a shared.citext_pattern_ops);
CREATE FUNCTION f(shared.citext) RETURNS shared.citext LANGUAGE sql AS 'SELECT $1';

-- # inheritance, joined later with another order of columns
CREATE TABLE parent (a int, b text);
CREATE TABLE child (z int, b text, a int);
ALTER TABLE child INHERIT parent;

-- # inheritance, from a parent that got columns later
CREATE TABLE parent (a int PRIMARY KEY);
CREATE TABLE child (own text UNIQUE) INHERITS (parent);
CREATE TABLE grandchild (g int) INHERITS (child);
ALTER TABLE parent ADD b int DEFAULT 3 CHECK (b > 0);
ALTER TABLE child ADD own_too int NOT NULL DEFAULT 4;
ALTER TABLE parent ADD e int GENERATED ALWAYS AS (a * b) STORED;
