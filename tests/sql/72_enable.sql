\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE TABLE __template__.t (id int PRIMARY KEY, n text, m text, gone int);
CREATE TABLE __template__.u (id int PRIMARY KEY, t_id int REFERENCES __template__.t);
CREATE VIEW __template__.v AS SELECT n FROM __template__.t;
INSERT INTO early.t VALUES (1, 'n', 'm', 4);
INSERT INTO early.u VALUES (1, 1);
CREATE FUNCTION pg_temp.event_triggers() RETURNS SETOF text LANGUAGE sql AS $$ SELECT concat_ws(' ', e.evtname, e.evtevent, e.evtenabled) FROM pg_event_trigger AS e WHERE e.evtname ~ '^boardinghouse' $$;

-- enable(), disable()
SELECT set_eq('SELECT * FROM pg_temp.event_triggers()', $$VALUES ('boardinghouse_ddl ddl_command_end O'), ('boardinghouse_drop sql_drop O')$$, 'enable() has made the event triggers');
SELECT has_schema('__template__', 'and the template');
SELECT lives_ok('SELECT boardinghouse.enable()', 'enable() may be called again');
SELECT set_eq('SELECT * FROM pg_temp.event_triggers()', $$VALUES ('boardinghouse_ddl ddl_command_end O'), ('boardinghouse_drop sql_drop O')$$, 'and changes nothing');
SELECT boardinghouse.disable() \g /dev/null
SELECT is_empty('SELECT * FROM pg_temp.event_triggers()', 'disable() drops the event triggers');
SELECT lives_ok('SELECT boardinghouse.disable()', 'disable() may be called again');
SELECT ok(boardinghouse._snapshot_is_valid(), 'and keeps the snapshot');
SELECT set_eq('SELECT m.* FROM boardinghouse._missing_triggers() AS m', $$VALUES ('boardinghouse_ddl'::text, false), ('boardinghouse_drop', false)$$, 'what is missing is known');
SELECT set_eq($$SELECT v.problem, v.object FROM boardinghouse.verify() AS v$$, $$VALUES ('event trigger is missing'::text, 'boardinghouse_ddl'::text), ('event trigger is missing', 'boardinghouse_drop')$$, 'verify() tells it');

-- What happens to the template while it is off.
ALTER TABLE __template__.t RENAME n TO tmp; ALTER TABLE __template__.t RENAME m TO n; ALTER TABLE __template__.t RENAME tmp TO m;
ALTER TABLE __template__.t DROP gone, ADD d int DEFAULT 7, ADD filled int DEFAULT 8;
ALTER TABLE __template__.t ALTER filled SET DEFAULT 9;
ALTER TABLE __template__.u RENAME TO "U %s";
CREATE TABLE __template__.made (id serial);
CREATE INDEX ON __template__.t (n);
SELECT hasnt_column('early', 't', 'd', 'tenants do not follow while mirroring is off');
SELECT is((SELECT count(*) > 5 AND count(*) = count(*) FILTER (WHERE v.schema = '__template__') FROM boardinghouse.verify() AS v WHERE v.problem = 'change is not mirrored'), true, 'verify() tells each change that is not mirrored');
SELECT throws_ok($$ALTER TABLE __template__.t ADD CHECK (nonsense)$$, '42703', NULL, 'what fails is not noted');
SELECT lives_ok('SELECT boardinghouse.enable()', 'enable() mirrors what was missed');
SELECT pg_temp.alike('all are alike then');
SELECT results_eq('SELECT id, n, m, d, filled FROM early.t', $$VALUES (1, 'm'::text, 'n'::text, 7, 8)$$, 'renames as renames, swaps as swaps: rows are kept, new columns filled as in the template');
SELECT is((SELECT count(*) FROM early."U %s"), 1::bigint, 'a renamed table has its rows');
SELECT is((SELECT c.command FROM boardinghouse.change AS c ORDER BY c.id DESC LIMIT 1), 'enable', 'the journal says where it came from');
SELECT boardinghouse.disable() \g /dev/null
ALTER TABLE __template__.t RENAME TO x; ALTER TABLE __template__."U %s" RENAME TO t; ALTER TABLE __template__.x RENAME TO "U %s";
SELECT boardinghouse.enable() \g /dev/null
SELECT ok((SELECT count(*) FROM early."U %s" WHERE n = 'm') = 1 AND (SELECT count(*) FROM early.t WHERE t_id = 1) = 1, 'tables that changed names while it was off keep their rows');
ALTER TABLE __template__."U %s" RENAME TO x; ALTER TABLE __template__.t RENAME TO u; ALTER TABLE __template__.x RENAME TO t;
SELECT boardinghouse.disable() \g /dev/null
DROP VIEW __template__.v;
ALTER TABLE __template__.t ALTER m TYPE int USING 3;
SELECT throws_ok('SELECT boardinghouse.enable()', '0A000', 'cannot tell how the values of column t.m were converted', 'a type change is refused, for a USING would not be known');
ALTER TABLE __template__.t ALTER m TYPE text;
SELECT lives_ok('SELECT boardinghouse.enable()', 'taken back, enable() works');
SELECT is((SELECT m FROM early.t), 'n', 'nothing was changed');
SELECT boardinghouse.disable() \g /dev/null
ALTER TABLE __template__.t ALTER d TYPE bigint USING d * 100;
SELECT throws_ok('SELECT boardinghouse.enable()', '0A000', NULL, 'also one that a plain cast could do');
ALTER TABLE early.t ALTER d TYPE bigint USING d * 100;
SELECT boardinghouse.enable() \g /dev/null
SELECT is((SELECT d FROM early.t), 700::bigint, 'what was changed in the tenant, too, is left as it is');
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'and tenants without rows follow');
ALTER TABLE __template__.t ALTER m TYPE varchar(300), ALTER d TYPE int USING d / 100;
SELECT boardinghouse.disable() \g /dev/null
ALTER TABLE __template__.t ALTER m TYPE text;
SELECT boardinghouse.enable() \g /dev/null
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'a change of type that rewrites nothing is mirrored');
SELECT boardinghouse.disable() \g /dev/null
INSERT INTO early.t (id) VALUES (2), (3);
CREATE UNIQUE INDEX missed ON __template__.t (d);
SELECT throws_like('SELECT boardinghouse.enable()', 'schema "early": could not create unique index%', 'what a tenant''s rows do not fit fails, naming it');
SELECT is_empty('SELECT * FROM pg_temp.event_triggers()', 'and mirroring stays off');
DROP INDEX __template__.missed;
ALTER SCHEMA early RENAME TO moved; DROP SCHEMA "late 1" CASCADE;
SELECT boardinghouse.enable() \g /dev/null
SELECT set_eq('SELECT r.schema FROM boardinghouse.schema AS r WHERE r.schema ~ ''^[a-z]'' AND r.schema !~ ''^late''', $$VALUES ('moved'::name)$$, 'tenants that were renamed or dropped while it was off are followed');
ALTER SCHEMA moved RENAME TO early;
SELECT pg_temp.alike('and all is well');

SELECT boardinghouse.create_schema('other') \g /dev/null
SELECT boardinghouse.disable() \g /dev/null
ALTER SCHEMA early RENAME TO tmp; ALTER SCHEMA other RENAME TO early; ALTER SCHEMA tmp RENAME TO other;
SELECT throws_ok('SELECT boardinghouse.enable()', '55000', 'tenants have exchanged their names', 'tenants that changed their names while it was off are refused: the registry could not tell');
ALTER SCHEMA early RENAME TO tmp; ALTER SCHEMA other RENAME TO early; ALTER SCHEMA tmp RENAME TO other;
SELECT boardinghouse.enable() \g /dev/null
SELECT boardinghouse.drop_schema('other') \g /dev/null
SELECT pg_temp.alike('with their own names all is well');

-- Event triggers that are switched off one by one.
ALTER EVENT TRIGGER boardinghouse_drop DISABLE;
SELECT results_eq($$SELECT v.problem, v.object FROM boardinghouse.verify() AS v$$, $$VALUES ('event trigger is missing'::text, 'boardinghouse_drop'::text)$$, 'verify() tells an event trigger that is disabled');
SELECT boardinghouse.enable() \g /dev/null
SELECT set_eq('SELECT * FROM pg_temp.event_triggers()', $$VALUES ('boardinghouse_ddl ddl_command_end O'), ('boardinghouse_drop sql_drop O')$$, 'enable() switches it on');
DROP EVENT TRIGGER boardinghouse_ddl;
SELECT boardinghouse.enable() \g /dev/null
SELECT set_eq('SELECT * FROM pg_temp.event_triggers()', $$VALUES ('boardinghouse_ddl ddl_command_end O'), ('boardinghouse_drop sql_drop O')$$, 'or makes it');
ALTER EVENT TRIGGER boardinghouse_ddl ENABLE REPLICA; ALTER EVENT TRIGGER boardinghouse_drop ENABLE ALWAYS;
SELECT results_eq($$SELECT v.object FROM boardinghouse.verify() AS v$$, $$VALUES ('boardinghouse_ddl'::text)$$, 'REPLICA is not on, ALWAYS is');
SELECT boardinghouse.enable() \g /dev/null

-- Without a snapshot, as after a restore.
DELETE FROM boardinghouse.snapshot; DELETE FROM boardinghouse.location;
SELECT throws_ok('ALTER TABLE __template__.t ADD x int', '55000', 'there is no snapshot of the template', 'without a snapshot a change of the template is refused');
SELECT is((SELECT hint FROM pg_temp.failure('ALTER TABLE __template__.t ADD x int')), 'SELECT boardinghouse.enable();', 'the hint says what to do');
SELECT lives_ok('SELECT boardinghouse.enable()', 'enable() makes it');
SELECT pg_temp.mirrored('ALTER TABLE __template__.t ADD x int', 'then changes are mirrored again');
DELETE FROM boardinghouse.snapshot;
SET LOCAL session_replication_role = replica;
ALTER TABLE early.t ADD other int;
RESET session_replication_role;
SET LOCAL client_min_messages = error;
SELECT lives_ok('SELECT boardinghouse.enable()', 'tenants that differ by then are a warning, no error');
SET LOCAL client_min_messages = warning;
SELECT is((SELECT v.object FROM boardinghouse.verify() AS v), 't.other', 'verify() tells in what');
SELECT boardinghouse.repair('early', true) \g /dev/null

-- How to mirror.
SELECT throws_ok(format('SET LOCAL boardinghouse.mirror = %L; ALTER TABLE __template__.t ADD y int', s.setting), s.state, NULL, format('boardinghouse.mirror = ''%s'' is refused at the next change', s.setting))
  FROM (VALUES (1, 'deferred', '0A000'), (2, 'sometimes', '22023'), (3, 'off', '22023'), (4, 'Deferred', '0A000')) AS s (place, setting, state) ORDER BY s.place;
SET LOCAL boardinghouse.mirror = 'nonsense';
SELECT lives_ok('CREATE TABLE public.elsewhere (id int)', 'and no one''s concern elsewhere');
SELECT lives_ok(format('SET LOCAL boardinghouse.mirror = %L; ALTER TABLE __template__.t ADD y%s int', s.setting, s.place), format('boardinghouse.mirror = ''%s'' is fine', s.setting))
  FROM (VALUES (1, ''), (2, 'auto'), (3, 'immediate'), (4, 'IMMEDIATE')) AS s (place, setting) ORDER BY s.place;
RESET boardinghouse.mirror;
SELECT pg_temp.alike('what was mirrored was mirrored at once');

-- execute()
SELECT lives_ok($$SELECT boardinghouse.execute('CREATE TABLE executed (id int PRIMARY KEY, t_id int REFERENCES t, n varchar(9)); ALTER TABLE executed ADD x int')$$, 'execute() runs DDL on the template');
SELECT pg_temp.alike('and every tenant follows');
SELECT is(current_setting('search_path'), reset_val, 'the path of the caller is as before') FROM pg_settings WHERE name = 'search_path';
SELECT throws_ok($$SELECT boardinghouse.execute('ALTER TABLE nothing ADD x int')$$, '42P01', NULL, 'an error is an error');
SELECT boardinghouse.disable() \g /dev/null
INSERT INTO early.executed (id, n) VALUES (1, '5');
SELECT lives_ok($$SELECT boardinghouse.execute('ALTER TABLE executed ALTER n TYPE int USING n::int * 2')$$, 'without event triggers it mirrors by itself');
SELECT is((SELECT n FROM early.executed), 10, 'with the USING of a type change');
SELECT lives_ok($$SELECT boardinghouse.execute('ALTER TABLE executed RENAME n TO m')$$, 'a rename');
SELECT lives_ok($$SELECT boardinghouse.execute('DO ''BEGIN ALTER TABLE executed ADD y int DEFAULT 3; CREATE INDEX ON executed (y); END''')$$, 'a DO block');
SELECT is((SELECT y FROM early.executed), 3, 'fills the rows');
SELECT lives_ok($$SELECT boardinghouse.execute('DROP TABLE executed')$$, 'a drop');
SELECT lives_ok($$SELECT boardinghouse.execute('INSERT INTO t (id) VALUES (99)')$$, 'what is no DDL is done in the template alone');
SELECT is((SELECT count(*) FROM early.t WHERE id = 99), 0::bigint, 'not in tenants');
ALTER TABLE __template__.t ADD missed int;
SELECT lives_ok($$SELECT boardinghouse.execute('ALTER TABLE t ADD not_missed int')$$, 'what was missed before is mirrored first');
SELECT results_eq($$SELECT c.command FROM boardinghouse.change AS c ORDER BY c.id DESC LIMIT 2$$, $$VALUES ('execute'::text), ('enable')$$, 'the journal tells the two apart');
SELECT throws_like($$SELECT boardinghouse.execute('CREATE UNIQUE INDEX ON t (d)')$$, 'schema "early": %', 'what a tenant''s rows do not fit fails, naming it');
SELECT boardinghouse.enable() \g /dev/null
SELECT pg_temp.alike('all are alike after that');
SELECT throws_ok($$SELECT boardinghouse.execute(NULL)$$, '22004', NULL, 'NULL is no statement');

-- for_each_schema()
UPDATE boardinghouse.schema SET is_active = false WHERE schema = 'early';
SELECT lives_ok($$SELECT boardinghouse.for_each_schema('INSERT INTO t (id, n) VALUES (50, current_schema())')$$, 'a statement is run in every tenant');
CREATE FUNCTION pg_temp.said(schema text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    EXECUTE format('SELECT max(n) FROM %I.t WHERE id = 50', schema) INTO said;
    RETURN said;
END $$;
SELECT is_empty($$SELECT r.schema FROM boardinghouse.schema AS r WHERE pg_temp.said(r.schema) IS DISTINCT FROM r.schema::text$$, 'in inactive ones, too, each as the one that is selected');
SELECT is((SELECT count(*) FROM __template__.t WHERE id = 50), 0::bigint, 'not in the template');
SELECT is(current_setting('search_path'), reset_val, 'the path of the caller is as before') FROM pg_settings WHERE name = 'search_path';
SELECT results_eq($$SELECT state, message ~ '^under search_path early, public: duplicate key' FROM pg_temp.failure('SELECT boardinghouse.for_each_schema(''INSERT INTO t (id) SELECT 2'')')$$, $$VALUES ('23505', true)$$, 'an error names the tenant, and keeps its SQLSTATE');
SELECT throws_ok($$SELECT boardinghouse.for_each_schema('ALTER TABLE t ADD only_tenants int')$$, '55000', NULL, 'DDL that would make tenants differ is refused');
SELECT throws_ok($$SELECT boardinghouse.for_each_schema(NULL)$$, '22004', NULL, 'NULL is no statement');

-- One name in public and in the template, made while mirroring was off.
SELECT boardinghouse.disable() \g /dev/null
CREATE TABLE __template__."a twin" (id int, x int); CREATE TABLE public."a twin" (id int);
SELECT lives_ok('SELECT boardinghouse.enable()', 'enable() warns of a table that public has, too');
SELECT results_eq('SELECT v.schema, v.problem, v.kind, v.object, v.there FROM boardinghouse.verify() AS v', $$VALUES ('__template__'::name, 'is in another schema, too', 'table', '"a twin"', 'public')$$, 'and verify() tells');
SELECT boardinghouse.disable() \g /dev/null
DROP TABLE public."a twin"; CREATE TABLE public."a twin" (id int);
SELECT throws_ok($$SELECT boardinghouse.execute('CREATE TABLE another (id int); ALTER TABLE "a twin" RENAME TO tap_funky')$$, '42P07', NULL, 'execute() refuses without event triggers, too');
DROP TABLE public."a twin";
SELECT boardinghouse.enable() \g /dev/null
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'with one of the two gone all is well');

-- Made before there is a template.
SELECT boardinghouse.disable() \g /dev/null
SELECT boardinghouse.drop_schema(r.schema) FROM boardinghouse.schema AS r \g /dev/null
DROP SCHEMA __template__ CASCADE;
SELECT throws_ok($$SELECT boardinghouse.create_schema('more')$$, '55000', NULL, 'without a template there are no tenants');
SELECT results_eq('SELECT v.schema, v.problem FROM boardinghouse.verify() AS v', $$VALUES ('__template__'::name, 'schema is missing'::text)$$, 'verify() tells that it is missing');
SELECT lives_ok('SELECT boardinghouse.enable()', 'enable() makes it');
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'and all is well');
SELECT lives_ok($$SELECT boardinghouse.create_schema('more')$$, 'then tenants are made');
SELECT * FROM finish();
ROLLBACK;
