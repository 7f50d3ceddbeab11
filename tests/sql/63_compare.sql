\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE ROLE regress_app;
CREATE ROLE regress_reader;
CREATE TYPE __template__.mood AS ENUM ('sad', 'glad');
CREATE TABLE __template__.a (id int PRIMARY KEY, n text DEFAULT 'x', m __template__.mood, CHECK (n IN ('a', 'b', 'x')));
CREATE TABLE __template__.b (id serial, a_id int REFERENCES __template__.a);
CREATE VIEW __template__.v AS SELECT n FROM __template__.a WHERE n IN ('a', 'b');
CREATE INDEX a_n_idx ON __template__.a (n) WHERE n IN ('a', 'b');
CREATE FUNCTION __template__.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION __template__.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g BEFORE UPDATE ON __template__.a FOR EACH ROW EXECUTE FUNCTION __template__.touch();
CREATE POLICY p ON __template__.a USING (n <> 'b');
COMMENT ON TABLE __template__.a IS 'a';
GRANT SELECT ON __template__.a TO regress_reader;
ALTER TABLE __template__.b OWNER TO regress_app;
INSERT INTO early.a VALUES (1, 'a', 'sad');
SELECT pg_temp.alike('the base is made');

-- compare()
SELECT is_empty($$SELECT * FROM boardinghouse.compare('early')$$, 'what is alike has no differences');
SELECT is_empty($$SELECT * FROM boardinghouse.compare('late 1', 'early')$$, 'any two schemata can be compared');
SELECT is_empty($$SELECT * FROM boardinghouse.compare('early', 'early')$$, 'a schema is like itself');
SET LOCAL boardinghouse.allow_drift = on;

-- A test: after this drift compare() says these differences; repair() mends it, with force where something would be lost.
CREATE FUNCTION pg_temp.drifted(ddl text, expected text[], loss text, description text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text[]; told text[]; gentle record; left_over text[] := '{}'; problem text;
BEGIN
    BEGIN
        EXECUTE ddl;
        found := ARRAY(SELECT concat_ws(' | ', c.kind, c.object, coalesce(c.here, '-'), coalesce(c.there, '-')) FROM boardinghouse.compare('early') AS c WHERE NOT c.own);
        told := ARRAY(SELECT concat_ws(' | ', v.kind, v.object, coalesce(v.here, '-'), coalesce(v.there, '-')) FROM boardinghouse.verify() AS v WHERE v.schema = 'early' AND v.problem = 'differs from the template');
        SELECT * INTO gentle FROM pg_temp.failure($q$SELECT boardinghouse.repair('early')$q$);
        PERFORM boardinghouse.repair('early', loss IS NOT NULL);
        left_over := ARRAY(SELECT u FROM pg_temp.unlike('early') AS u) || ARRAY(SELECT concat(v) FROM boardinghouse.verify() AS v);
        RAISE SQLSTATE 'BH002';
    EXCEPTION
        WHEN SQLSTATE 'BH002' THEN NULL;
        WHEN OTHERS THEN GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT;
    END;
    RETURN is(found, expected, description)
           || CASE WHEN (SELECT array_agg(t ORDER BY t) FROM unnest(told) AS t) IS DISTINCT FROM (SELECT array_agg(f ORDER BY f) FROM unnest(found) AS f)
                   THEN E'\n' || ok(false, 'verify() says the same') || E'\n' || diag(concat(told)) ELSE '' END
           || CASE WHEN gentle.detail IS DISTINCT FROM loss OR (loss IS NOT NULL AND gentle.state <> '55000')
                   THEN E'\n' || ok(false, 'repair() without force') || E'\n' || diag(concat(gentle)) ELSE '' END
           || CASE WHEN left_over <> '{}' OR problem IS NOT NULL THEN E'\n' || ok(false, 'repair()') || E'\n' || diag(concat(left_over, problem)) ELSE '' END;
END $$;
SELECT pg_temp.drifted('ALTER TABLE early.a ADD x int', '{column | a.x | ALTER TABLE a ADD COLUMN x integer | -}', 'It would be dropped: column a.x.', 'a column that only a tenant has');
SELECT pg_temp.drifted('ALTER TABLE early.a DROP m', '{column | a.m | - | ALTER TABLE a ADD COLUMN m mood}', NULL, 'a column that a tenant lacks');
SELECT pg_temp.drifted('ALTER TABLE early.a ALTER id TYPE bigint', '{column | a.id | ALTER TABLE a ADD COLUMN id bigint | ALTER TABLE a ADD COLUMN id integer}', NULL, 'a column of another type');
SELECT pg_temp.drifted('ALTER TABLE early.a RENAME m TO mm', '{column | a.m | - | ALTER TABLE a ADD COLUMN m mood,column | a.mm | ALTER TABLE a ADD COLUMN mm mood | -}', 'It would be dropped: column a.mm.', 'a column of another name');
SELECT pg_temp.drifted('ALTER TABLE early.a ALTER n DROP DEFAULT', '{default | a.n | - | ALTER TABLE a ALTER COLUMN n SET DEFAULT ''x''::text}', NULL, 'a default that a tenant lacks');
SELECT pg_temp.drifted('ALTER TABLE early.a ALTER n SET DEFAULT ''y''', '{default | a.n | ALTER TABLE a ALTER COLUMN n SET DEFAULT ''y''::text | ALTER TABLE a ALTER COLUMN n SET DEFAULT ''x''::text}', NULL, 'another default');
SELECT pg_temp.drifted('ALTER TABLE early.a ADD CONSTRAINT c CHECK (id > 0)', '{constraint | c ON a | ALTER TABLE a ADD CONSTRAINT c CHECK ((id > 0)) | -}', 'It would be dropped: constraint c ON a.', 'a constraint that only a tenant has');
SELECT pg_temp.drifted('ALTER TABLE early.b DROP CONSTRAINT b_a_id_fkey', '{foreign key | b_a_id_fkey ON b | - | ALTER TABLE b ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES a(id)}', NULL, 'a foreign key that a tenant lacks');
SELECT pg_temp.drifted('ALTER TABLE early.b DROP CONSTRAINT b_a_id_fkey, ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES early.a ON DELETE CASCADE', '{foreign key | b_a_id_fkey ON b | ALTER TABLE b ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES a(id) ON DELETE CASCADE | ALTER TABLE b ADD CONSTRAINT b_a_id_fkey FOREIGN KEY (a_id) REFERENCES a(id)}', NULL, 'a foreign key that does otherwise');
SELECT pg_temp.drifted('DROP INDEX early.a_n_idx', '{"index | a_n_idx | - | CREATE INDEX a_n_idx ON a USING btree (n) WHERE (n = ANY (ARRAY[''a''::text, ''b''::text]))"}', NULL, 'an index that a tenant lacks');
SELECT pg_temp.drifted('DROP TRIGGER g ON early.a', '{trigger | g ON a | - | CREATE TRIGGER g BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION touch()}', NULL, 'a trigger that a tenant lacks');
SELECT pg_temp.drifted('ALTER TABLE early.a DISABLE TRIGGER g', '{trigger state | g ON a | ALTER TABLE a DISABLE TRIGGER g | -}', 'It would be dropped: trigger state g ON a.', 'a trigger that is disabled');
SELECT pg_temp.drifted('DROP POLICY p ON early.a; CREATE POLICY q ON early.a', '{policy | p ON a | - | CREATE POLICY p ON a AS PERMISSIVE FOR ALL TO PUBLIC USING ((n <> ''b''::text)),policy | q ON a | CREATE POLICY q ON a AS PERMISSIVE FOR ALL TO PUBLIC | -}', 'It would be dropped: policy q ON a.', 'another policy');
SELECT pg_temp.drifted('COMMENT ON TABLE early.a IS ''b''', '{comment | TABLE a | COMMENT ON TABLE a IS ''b'' | COMMENT ON TABLE a IS ''a''}', NULL, 'another comment');
SELECT pg_temp.drifted('COMMENT ON SCHEMA early IS ''mine''', '{comment | SCHEMA | COMMENT ON SCHEMA early IS ''mine'' | -}', 'It would be dropped: comment SCHEMA.', 'a comment on the schema');
SELECT pg_temp.drifted('REVOKE SELECT ON early.a FROM regress_reader; GRANT INSERT ON early.b TO regress_reader', '{grant | TABLE a TO regress_reader | - | GRANT SELECT ON TABLE a TO regress_reader,grant | TABLE b TO regress_reader | GRANT INSERT ON TABLE b TO regress_reader | -}', 'It would be dropped: grant TABLE b TO regress_reader.', 'other grants');
SELECT pg_temp.drifted('ALTER TABLE early.a OWNER TO regress_app', ARRAY[format('owner | TABLE a | ALTER TABLE a OWNER TO regress_app | ALTER TABLE a OWNER TO %I', current_user)], NULL, 'another owner');
SELECT pg_temp.drifted('ALTER TABLE early.a ENABLE ROW LEVEL SECURITY', '{row security | a | ALTER TABLE a ENABLE ROW LEVEL SECURITY | -}', 'It would be dropped: row security a.', 'row-level security that only a tenant has');
SELECT pg_temp.drifted('ALTER TABLE early.a SET (fillfactor = 50)', '{storage parameter | a.fillfactor | ALTER TABLE a SET (fillfactor = ''50'') | -}', 'It would be dropped: storage parameter a.fillfactor.', 'a storage parameter that only a tenant has');
SELECT pg_temp.drifted('ALTER SEQUENCE early.b_id_seq INCREMENT 2', '{sequence | b_id_seq | CREATE SEQUENCE b_id_seq AS integer INCREMENT BY 2 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1 NO CYCLE | CREATE SEQUENCE b_id_seq AS integer INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1 NO CYCLE}', NULL, 'another sequence');

-- Whole objects that are missing, or are others. What hangs on them is not listed with them.
CREATE FUNCTION pg_temp.kinds(ddl text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    found text[]; left_over text[];
BEGIN
    BEGIN
        EXECUTE ddl;
        found := ARRAY(SELECT concat_ws(' ', c.kind, c.object, CASE WHEN c.here IS NULL THEN 'missing' WHEN c.there IS NULL THEN 'extra' ELSE 'other' END, CASE WHEN c.own THEN 'own' END) FROM boardinghouse.compare('early') AS c);
        PERFORM boardinghouse.repair('early');
        left_over := ARRAY(SELECT 'left over ' || concat(v) FROM boardinghouse.verify() AS v);
        RAISE SQLSTATE 'BH002';
    EXCEPTION WHEN SQLSTATE 'BH002' THEN NULL;
    END;
    RETURN QUERY SELECT u FROM unnest(found || left_over) AS u;
END $$;
SELECT results_eq($$SELECT pg_temp.kinds('DROP TABLE early.b')$$, $$VALUES ('table b missing')$$, 'a table that a tenant lacks is listed once, and made');
SELECT results_eq($$SELECT pg_temp.kinds('DROP VIEW early.v')$$, $$VALUES ('view v missing')$$, 'so is a view');
SELECT results_eq($$SELECT pg_temp.kinds('DROP FUNCTION early.touch CASCADE')$$, $$VALUES ('function touch() missing'), ('trigger g ON a missing')$$, 'a function, and the trigger that went with it');
SELECT results_eq($$SELECT pg_temp.kinds('DROP TYPE early.mood CASCADE')$$, $$VALUES ('column a.m missing'), ('enum mood missing')$$, 'a type, and the column that went with it');
SELECT results_eq($$SELECT pg_temp.kinds('CREATE OR REPLACE FUNCTION early.f() RETURNS int LANGUAGE sql AS ''SELECT 2''')$$, $$VALUES ('function f() other')$$, 'another body of a function is put right');
SELECT results_eq($$SELECT pg_temp.kinds('CREATE OR REPLACE VIEW early.v AS SELECT n FROM early.a')$$, $$VALUES ('view v other')$$, 'another query of a view is put right');
SELECT results_eq($$SELECT pg_temp.kinds('DROP FUNCTION early.f(); CREATE FUNCTION early.f() RETURNS bigint LANGUAGE sql AS ''SELECT 2''')$$, $$VALUES ('function f() other'), ('function result f() other')$$, 'a function that returns another type is put right');
SELECT results_eq($$SELECT pg_temp.kinds('CREATE TABLE early.o (id int PRIMARY KEY, n text DEFAULT ''x''); CREATE VIEW early.ov AS SELECT o.id, a.n FROM early.o, early.a; CREATE TYPE early.ot AS ENUM (''a''); CREATE FUNCTION early.of() RETURNS int LANGUAGE sql AS ''SELECT 1''; CREATE INDEX oi ON early.a (id); CREATE STATISTICS early.os ON id, n FROM early.a; CREATE SEQUENCE early.oq; COMMENT ON TABLE early.o IS ''o''; CREATE MATERIALIZED VIEW early.om AS SELECT 1 AS one; CREATE DOMAIN early.od AS int; CREATE TYPE early.oc AS (x int)')$$,
    $$VALUES ('composite type oc extra own'), ('domain od extra own'), ('enum ot extra own'), ('function of() extra own'), ('index oi extra own'), ('materialized view om extra own'), ('sequence oq extra own'), ('statistics os extra own'), ('table o extra own'), ('view ov extra own')$$, 'whole objects that only a tenant has are its own, with what hangs on them');

-- What repair() cannot do, or does only when told.
INSERT INTO early.b (id, a_id) VALUES (1, 1);
ALTER TABLE early.b DROP CONSTRAINT b_a_id_fkey;
INSERT INTO early.b (id, a_id) VALUES (2, 77);
SELECT throws_ok($$SELECT boardinghouse.repair('early')$$, '23503', NULL, 'rows that do not fit are refused, with their SQLSTATE');
SELECT is((SELECT count(*) FROM early.b), 2::bigint, 'and are there still');
SELECT throws_ok($$SELECT boardinghouse.repair('early', true)$$, '23503', NULL, 'force does not take them away');
DELETE FROM early.b WHERE id = 2;
SELECT lives_ok($$SELECT boardinghouse.repair('early')$$, 'once they fit, the tenant is repaired');
ALTER TABLE early.a ADD kept int;
SELECT throws_ok($$SELECT boardinghouse.repair('early')$$, '55000', 'schema "early" cannot be repaired without losing objects', 'without force nothing is lost');
SELECT is((SELECT hint FROM pg_temp.failure($$SELECT boardinghouse.repair('early')$$)), $$SELECT boardinghouse.repair('early', force => true);$$, 'and the hint says how to force it');
SELECT throws_ok($$SELECT boardinghouse.repair('early', NULL)$$, '55000', NULL, 'NULL is no force');
SELECT has_column('early', 'a', 'kept', 'the column is there still');
SELECT lives_ok($$SELECT boardinghouse.repair('early', true)$$, 'with force it is dropped');
SELECT is((SELECT count(*) FROM early.a), 1::bigint, 'the rows stay');
CREATE TYPE early.oldmood AS ENUM ('x');
ALTER TYPE early.mood RENAME TO mood2; ALTER TYPE early.oldmood RENAME TO mood;
SELECT throws_ok($$SELECT boardinghouse.repair('early', true)$$, '0A000', NULL, 'the label of an enum cannot be taken away, by force neither');
ALTER TYPE early.mood RENAME TO oldmood; ALTER TYPE early.mood2 RENAME TO mood; DROP TYPE early.oldmood;
CREATE VIEW early.on_column AS SELECT id FROM early.a;
ALTER TABLE early.a ALTER COLUMN n SET NOT NULL, ADD extra int;
CREATE VIEW early.on_extra AS SELECT extra FROM early.a;
SELECT throws_ok($$SELECT boardinghouse.repair('early', true)$$, '2BP01', NULL, 'what a tenant''s own view is in the way of is refused');
DROP VIEW early.on_extra;
SELECT lives_ok($$SELECT boardinghouse.repair('early', true)$$, 'else its own view survives');
SELECT has_view('early', 'on_column', 'as it was');
DROP VIEW early.on_column;
RESET boardinghouse.allow_drift;
SELECT pg_temp.alike('repaired, the tenant is like the template');
SELECT lives_ok($$SELECT boardinghouse.repair('early')$$, 'where nothing differs nothing is done');

-- A schema that is to become a tenant.
CREATE SCHEMA applicant;
CREATE TABLE applicant.a (id int PRIMARY KEY, n text);
INSERT INTO applicant.a VALUES (1, 'a');
CREATE TABLE applicant.own (id int);
SELECT lives_ok($$SELECT boardinghouse.repair('applicant')$$, 'a schema that is no tenant can be made like the template');
SELECT is((SELECT n || id FROM applicant.a), 'a1', 'and keeps its rows');
SELECT has_table('applicant', 'own', 'and what is its own');
SELECT lives_ok($$SELECT boardinghouse.register_schema('applicant')$$, 'then it can be a tenant');

-- What reads differently without being different.
CREATE TABLE __template__.words (n varchar(9) CHECK (n IN ('a', 'b')), g boolean GENERATED ALWAYS AS (n IN ('a', 'b')) STORED);
CREATE INDEX ON __template__.words (n) WHERE n IN ('a', 'b');
CREATE VIEW __template__.of_words AS SELECT n FROM __template__.words WHERE n IN ('a', 'b');
CREATE POLICY p ON __template__.words USING (n IN ('a', 'b'));
SELECT isnt_empty($$SELECT * FROM pg_temp.unlike('early')$$, 'PostgreSQL writes some expressions in another way the second time');
SELECT is_empty($$SELECT * FROM boardinghouse.compare('early')$$, 'a check, index and view that PostgreSQL writes in another way the second time are no differences');
SELECT is((SELECT count(*) FROM pg_namespace WHERE nspname ~ '^boardinghouse_'), 0::bigint, 'nothing is left of what was made to find out');

-- Who may not see.
CREATE SCHEMA unseen;
SET LOCAL ROLE regress_reader;
SELECT throws_ok($$SELECT * FROM boardinghouse.compare('unseen', 'public')$$, '42501', NULL, 'who may not use a schema cannot compare it');
SELECT throws_ok($$SELECT boardinghouse.repair('unseen')$$, '42501', NULL, 'nor repair it');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
