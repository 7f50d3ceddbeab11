\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE TABLE public.person (id int PRIMARY KEY, name text);
CREATE TABLE __template__.base (id int, "order" int, name text, during tsrange, ref int, person_id int);
SELECT pg_temp.alike('the base is made');

-- Constraints.
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ADD CONSTRAINT "Key %s" PRIMARY KEY (id) INCLUDE (name)', 'a primary key with an included column is made in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__.packed (id int, x int, PRIMARY KEY (id) WITH (fillfactor = 60))', 'a table with a key with a storage option is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.packed ADD UNIQUE (x) WITH (fillfactor = 60)', 'a key with a storage option is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ADD CONSTRAINT "once" UNIQUE NULLS NOT DISTINCT ("order") DEFERRABLE INITIALLY DEFERRED', 'a deferred unique constraint is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ADD UNIQUE (name, "order")', 'a constraint without a name has the same name in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ADD CONSTRAINT positive CHECK ("order" > 0 AND name <> ''100 %s'')', 'a check is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ADD CONSTRAINT lonely CHECK (ref > 0) NO INHERIT', 'a check that is not inherited is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ADD CONSTRAINT unproved CHECK (length(name) < 40) NOT VALID', 'a check that is not valid yet is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base VALIDATE CONSTRAINT unproved', 'a check is validated in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ADD CONSTRAINT apart EXCLUDE USING gist (numrange("order", "order", ''[]'') WITH &&, during WITH &&) WHERE ("order" > 3) DEFERRABLE', 'an exclusion constraint is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ADD CONSTRAINT self FOREIGN KEY (ref) REFERENCES __template__.base ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE', 'a foreign key to its own table is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ADD CONSTRAINT shared FOREIGN KEY (person_id) REFERENCES public.person ON DELETE SET DEFAULT INITIALLY DEFERRED', 'a foreign key to a shared table is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ALTER CONSTRAINT shared NOT DEFERRABLE', 'a foreign key becomes not deferrable in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ALTER CONSTRAINT self DEFERRABLE INITIALLY DEFERRED', 'a foreign key becomes deferred in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base RENAME CONSTRAINT self TO "to self"', 'a foreign key is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base RENAME CONSTRAINT positive TO "is positive"', 'a check is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base RENAME CONSTRAINT "Key %s" TO base_pkey', 'a key is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER INDEX __template__.base_pkey RENAME TO base_key', 'a key is renamed by its index in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base RENAME "order" TO place', 'a column of constraints is renamed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON CONSTRAINT "is positive" ON __template__.base IS ''it''''s 100 %s''; COMMENT ON CONSTRAINT base_key ON __template__.base IS ''key''; COMMENT ON INDEX __template__.base_key IS ''index of the key''', 'constraints are commented in every tenant');
SELECT pg_temp.mirrored('COMMENT ON CONSTRAINT base_key ON __template__.base IS NULL', 'a comment on a constraint is removed in every tenant');
SELECT pg_temp.mirrored('ALTER INDEX __template__.base_key SET (fillfactor = 90)', 'a storage option of a key is changed in every tenant');
SELECT pg_temp.mirrored('ALTER INDEX __template__.base_key RESET (fillfactor)', 'a storage option of a key is reset in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ALTER place TYPE bigint', 'the type of a column of constraints is changed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ALTER id TYPE bigint', 'the type of a primary key that others refer to is changed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base DROP CONSTRAINT "to self", DROP CONSTRAINT apart, DROP CONSTRAINT "is positive"', 'constraints are dropped in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base DROP CONSTRAINT base_key, ADD CONSTRAINT base_key PRIMARY KEY (place)', 'a constraint is dropped and another of its name made in one command');
SELECT pg_temp.mirrored('CREATE UNIQUE INDEX "soon a key" ON __template__.base (id); ALTER TABLE __template__.base DROP CONSTRAINT base_key, ADD CONSTRAINT real_key PRIMARY KEY USING INDEX "soon a key"', 'an index becomes a key, and takes its name, in every tenant');
SELECT pg_temp.mirrored($$
    CREATE TABLE __template__.egg (id int PRIMARY KEY, hen_id int);
    CREATE TABLE __template__.hen (id int PRIMARY KEY, egg_id int REFERENCES __template__.egg DEFERRABLE INITIALLY DEFERRED);
    ALTER TABLE __template__.egg ADD FOREIGN KEY (hen_id) REFERENCES __template__.hen
    $$, 'foreign keys in a circle are made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.egg RENAME TO ei; ALTER TABLE __template__.hen RENAME id TO key', 'tables with foreign keys in a circle are renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.hen ALTER key TYPE bigint', 'the type of a key in a circle is changed in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__.ei CASCADE', 'a table is dropped with the foreign keys to it in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.hen ADD CONSTRAINT composed UNIQUE (key, egg_id); CREATE TABLE __template__.chick (a int, b bigint, c int, FOREIGN KEY (b, a) REFERENCES __template__.hen (key, egg_id) MATCH FULL ON DELETE SET NULL)',
    'a foreign key of several columns is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.chick ADD CONSTRAINT partly FOREIGN KEY (c, a) REFERENCES __template__.hen (key, egg_id) ON DELETE SET NULL (c) NOT VALID', 'a foreign key that is not valid yet, and sets some columns, is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.chick VALIDATE CONSTRAINT partly', 'a foreign key is validated in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.hen DROP CONSTRAINT composed CASCADE', 'a key is dropped with the foreign keys to it in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__.chick, __template__.hen', 'tables that refer to each other are dropped in every tenant');

-- Indexes.
SELECT pg_temp.mirrored('CREATE INDEX "by %s name" ON __template__.base (name)', 'an index with any name is made in every tenant');
SELECT pg_temp.mirrored('CREATE INDEX ON __template__.base (lower(name), id) INCLUDE (ref) WHERE place > 3', 'an index without a name has the same name in every tenant');
SELECT pg_temp.mirrored('CREATE UNIQUE INDEX base_various ON __template__.base (name COLLATE "C" text_pattern_ops DESC NULLS LAST, ref ASC NULLS FIRST) NULLS NOT DISTINCT WITH (fillfactor = 55, deduplicate_items = off)', 'an index with everything is made in every tenant');
SELECT pg_temp.mirrored('CREATE INDEX base_hash ON __template__.base USING hash (id); CREATE INDEX base_brin ON __template__.base USING brin (id int8_minmax_multi_ops (values_per_range = 16)) WITH (pages_per_range = 4, autosummarize = on); CREATE INDEX base_gist ON __template__.base USING gist (during range_ops, point(ref, ref) point_ops); CREATE INDEX base_spgist ON __template__.base USING spgist (name); CREATE INDEX base_gin ON __template__.base USING gin (to_tsvector(''english'', name)) WITH (fastupdate = off)',
    'indexes of all methods are made in every tenant');
SELECT pg_temp.mirrored('ALTER INDEX __template__.base_various SET (fillfactor = 65)', 'an option of an index is changed in every tenant');
SELECT pg_temp.mirrored('ALTER INDEX __template__.base_various RESET (fillfactor)', 'an option of an index is reset in every tenant');
SELECT pg_temp.mirrored('ALTER INDEX __template__.base_lower_id_ref_idx ALTER COLUMN 1 SET STATISTICS 500', 'statistics of an index are set in every tenant');
SELECT pg_temp.mirrored('ALTER INDEX __template__.base_lower_id_ref_idx ALTER COLUMN 1 SET STATISTICS -1', 'statistics of an index are reset in every tenant');
SELECT pg_temp.mirrored('ALTER INDEX __template__."by %s name" RENAME TO "by ""quoted"" name"', 'an index is renamed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON INDEX __template__."by ""quoted"" name" IS ''by name''', 'an index is commented in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base RENAME name TO "full name"', 'a column of indexes is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ALTER "full name" TYPE varchar(80)', 'the type of a column of indexes is changed in every tenant');
SELECT pg_temp.mirrored('CREATE INDEX IF NOT EXISTS base_hash ON __template__.base (ref)', 'CREATE INDEX IF NOT EXISTS of what exists changes nothing');
SELECT pg_temp.mirrored('REINDEX TABLE __template__.base', 'REINDEX changes nothing');
SELECT pg_temp.mirrored('DROP INDEX __template__."by ""quoted"" name", __template__.base_hash', 'indexes are dropped in every tenant');
SELECT pg_temp.mirrored('DROP INDEX __template__.base_brin; CREATE INDEX base_brin ON __template__.base (ref)', 'an index is dropped and another of its name made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base DROP ref', 'a column is dropped with its indexes in every tenant');

-- Extended statistics.
SELECT pg_temp.mirrored('CREATE STATISTICS __template__."stat %s" (ndistinct, mcv) ON id, place, ("full name" || ''%s'') FROM __template__.base', 'extended statistics are made in every tenant');
SELECT pg_temp.mirrored('ALTER STATISTICS __template__."stat %s" SET STATISTICS 300', 'a target of extended statistics is set in every tenant');
SELECT pg_temp.mirrored('ALTER STATISTICS __template__."stat %s" RENAME TO stat', 'extended statistics are renamed in every tenant');
SELECT pg_temp.mirrored('ALTER STATISTICS __template__.stat SET STATISTICS -1', 'a target of extended statistics is reset in every tenant');
SELECT pg_temp.mirrored('COMMENT ON STATISTICS __template__.stat IS ''s''', 'extended statistics are commented in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base RENAME place TO rank', 'a column of extended statistics is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ALTER rank TYPE int', 'the type of a column of extended statistics is changed in every tenant');
SELECT pg_temp.mirrored('DROP STATISTICS __template__.stat', 'extended statistics are dropped in every tenant');

-- Triggers.
CREATE FUNCTION public.shared_trigger() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
SELECT pg_temp.mirrored('CREATE FUNCTION __template__.touch() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN RETURN NEW; END''; CREATE TRIGGER "t %s" BEFORE INSERT OR UPDATE OF id, rank ON __template__.base FOR EACH ROW WHEN (NEW.rank > 3) EXECUTE FUNCTION __template__.touch(''a'', ''it''''s %s'')', 'a trigger is made in every tenant');
SELECT pg_temp.mirrored('CREATE TRIGGER shared AFTER DELETE ON __template__.base REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.shared_trigger()', 'a trigger with a transition table and a shared function is made in every tenant');
SELECT pg_temp.mirrored('CREATE CONSTRAINT TRIGGER checks AFTER INSERT ON __template__.base FROM public.person DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION __template__.touch()', 'a constraint trigger is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base DISABLE TRIGGER shared', 'a trigger is disabled in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ENABLE REPLICA TRIGGER shared, ENABLE ALWAYS TRIGGER "t %s"', 'triggers are enabled for replicas and always in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base ENABLE TRIGGER shared', 'a trigger is enabled in every tenant');
SELECT pg_temp.mirrored('ALTER TRIGGER "t %s" ON __template__.base RENAME TO touched', 'a trigger is renamed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON TRIGGER touched ON __template__.base IS ''t''', 'a trigger is commented in every tenant');
SELECT pg_temp.mirrored('CREATE OR REPLACE TRIGGER touched BEFORE DELETE ON __template__.base FOR EACH ROW EXECUTE FUNCTION __template__.touch()', 'a trigger is replaced in every tenant');
SELECT pg_temp.mirrored('ALTER FUNCTION __template__.touch() RENAME TO touch_it', 'the function of triggers is renamed in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.base RENAME TO basis', 'a table with triggers, indexes, constraints is renamed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON CONSTRAINT checks ON __template__.basis IS ''c''; ALTER TRIGGER checks ON __template__.basis RENAME TO checking', 'the constraint of a renamed constraint trigger keeps name and comment in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.basis RENAME CONSTRAINT checks TO "c %s"', 'the constraint of a constraint trigger is renamed in every tenant');
SELECT pg_temp.mirrored('CREATE TABLE __template__."is %s" (id int PRIMARY KEY REFERENCES __template__."is %s", n int UNIQUE DEFERRABLE, CONSTRAINT "of %s" FOREIGN KEY (id) REFERENCES __template__.basis); ALTER TABLE __template__.basis DISABLE TRIGGER ALL', 'foreign keys are switched off at the table they refer to in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__."is %s" DISABLE TRIGGER ALL; ALTER TABLE __template__.basis RENAME TO base', 'foreign keys and keys that are deferrable are switched off in every tenant');
SELECT lives_ok('INSERT INTO early."is %s" VALUES (4711)', 'a foreign key that is switched off checks nothing');
DELETE FROM early."is %s";
SELECT pg_temp.mirrored('ALTER TABLE __template__.base RENAME TO basis; ALTER TABLE __template__."is %s" ENABLE TRIGGER ALL', 'foreign keys and keys that are deferrable are switched on in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__."is %s" DROP CONSTRAINT "of %s"', 'a foreign key is dropped that is switched off in every tenant');
SELECT pg_temp.mirrored('DO $$ BEGIN EXECUTE (SELECT format(''ALTER TABLE __template__."is %%s" ENABLE REPLICA TRIGGER %I'', g.tgname) FROM pg_trigger AS g WHERE g.tgrelid = ''__template__."is %s"''::regclass AND g.tgfoid = ''"RI_FKey_check_ins"''::regproc); END $$', 'a foreign key is checked for replicas in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__."is %s"', 'a table is dropped with the states of its foreign keys in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.basis DISABLE TRIGGER USER', 'all triggers of a table are disabled in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.basis ENABLE TRIGGER USER', 'all triggers of a table are enabled in every tenant');
SELECT pg_temp.mirrored('DROP TRIGGER touched ON __template__.basis', 'a trigger is dropped in every tenant');
SELECT pg_temp.mirrored('DROP FUNCTION __template__.touch_it() CASCADE', 'a function is dropped with its triggers in every tenant');

-- Rules.
SELECT pg_temp.mirrored('CREATE TABLE __template__.log (id int); CREATE RULE "r %s" AS ON INSERT TO __template__.basis WHERE NEW.id > 5 DO ALSO INSERT INTO __template__.log VALUES (NEW.id)', 'a rule is made in every tenant');
SELECT pg_temp.mirrored('CREATE RULE silent AS ON DELETE TO __template__.log DO INSTEAD NOTHING', 'a rule that does nothing is made in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.basis DISABLE RULE "r %s"; ALTER TABLE __template__.log ENABLE ALWAYS RULE silent', 'rules are disabled and enabled in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.basis ENABLE RULE "r %s"', 'a rule is enabled in every tenant');
SELECT pg_temp.mirrored('ALTER RULE "r %s" ON __template__.basis RENAME TO notes', 'a rule is renamed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON RULE notes ON __template__.basis IS ''r''', 'a rule is commented in every tenant');
SELECT pg_temp.mirrored('CREATE OR REPLACE RULE notes AS ON UPDATE TO __template__.basis DO ALSO DELETE FROM __template__.log', 'a rule is replaced in every tenant');
SELECT pg_temp.mirrored('DROP RULE notes ON __template__.basis; DROP RULE silent ON __template__.log', 'rules are dropped in every tenant');

-- Row security.
SELECT pg_temp.mirrored('ALTER TABLE __template__.basis ENABLE ROW LEVEL SECURITY', 'row security is enabled in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.basis FORCE ROW LEVEL SECURITY', 'row security is forced in every tenant');
CREATE ROLE "regress %s role";
CREATE ROLE regress_reader;
SELECT pg_temp.mirrored('CREATE POLICY "p %s" ON __template__.basis AS RESTRICTIVE FOR UPDATE TO "regress %s role", regress_reader USING (id IN (SELECT l.id FROM __template__.log AS l)) WITH CHECK (rank > 3)', 'a policy is made in every tenant');
SELECT pg_temp.mirrored('CREATE POLICY all_of_them ON __template__.basis USING ("full name" = current_user OR "full name" LIKE ''100%s'')', 'a policy for all is made in every tenant');
SELECT pg_temp.mirrored('ALTER POLICY "p %s" ON __template__.basis TO regress_reader USING (id = 3)', 'a policy is altered in every tenant');
SELECT pg_temp.mirrored('ALTER POLICY "p %s" ON __template__.basis RENAME TO updating', 'a policy is renamed in every tenant');
SELECT pg_temp.mirrored('COMMENT ON POLICY updating ON __template__.basis IS ''p''', 'a policy is commented in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.basis RENAME "full name" TO name', 'a column of policies is renamed in every tenant');
SELECT pg_temp.mirrored('DROP POLICY updating ON __template__.basis', 'a policy is dropped in every tenant');
SELECT pg_temp.mirrored('ALTER TABLE __template__.basis NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', 'row security is disabled in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__.log CASCADE', 'a table is dropped with what depends on it in every tenant');
SELECT pg_temp.mirrored('DROP TABLE __template__.basis', 'a table is dropped with all that hangs on it in every tenant');
SELECT * FROM finish();
ROLLBACK;
