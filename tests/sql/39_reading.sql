\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
-- What needs two sessions is in tests/specs.
CREATE ROLE regress_reader;
CREATE SCHEMA s;
CREATE TABLE s.a (id int);
CREATE TABLE s.b (id int);
CREATE VIEW s.v AS SELECT * FROM s.a;
CREATE TABLE public.shared (id int);
CREATE TABLE public.secret (id int);
GRANT ALL ON public.shared TO regress_reader;
CREATE FUNCTION pg_temp.locks() RETURNS SETOF text LANGUAGE sql AS $$
SELECT concat_ws(' ', l.relation::regclass, l.mode) FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation
 WHERE l.pid = pg_backend_pid() AND c.relnamespace IN ('s'::regnamespace, 'public'::regnamespace) AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock')
$$;
CREATE FUNCTION pg_temp.is_locked() RETURNS SETOF text LANGUAGE sql AS $$
SELECT l.mode FROM pg_locks AS l WHERE l.pid = pg_backend_pid() AND l.locktype = 'advisory' AND l.classid = 25192 AND l.objid = 1
$$;

SELECT is(boardinghouse._patience('0'), '60s'::interval, 'without lock_timeout, locks are tried for a minute');
SELECT is(boardinghouse._patience('1500ms'), '1.5s'::interval, 'with lock_timeout, that long');
SELECT is(boardinghouse._is_awaited(), false, 'nobody waits for a lock that nobody asks for');

SAVEPOINT clean;
SELECT boardinghouse._lock_reading(false, '{s}', 'SHARE') \g /dev/null
SELECT set_eq('SELECT * FROM pg_temp.locks()', $$VALUES ('s.a ShareLock'), ('s.b ShareLock')$$, 'to copy rows, all tables of the schema are held against writes, and no view');
SELECT ok('ShareLock' IN (SELECT * FROM pg_temp.is_locked()), 'the lock of the extension is held with others');
ROLLBACK TO clean;
SELECT is_empty('SELECT * FROM pg_temp.locks()', 'locks go with the savepoint');
SELECT boardinghouse.lock_template() \g /dev/null
SELECT ok('ExclusiveLock' IN (SELECT * FROM pg_temp.is_locked()), 'lock_template() holds the lock of the extension alone');
SELECT boardinghouse._lock_shared_tables('SHARE ROW EXCLUSIVE', ARRAY['public.shared'::regclass::oid, 's.b'::regclass]) \g /dev/null
SELECT set_eq('SELECT * FROM pg_temp.locks()', $$VALUES ('shared ShareRowExclusiveLock'), ('s.b ShareRowExclusiveLock')$$, 'shared tables are locked in the mode asked for');
SELECT is(current_setting('lock_timeout'), '0', 'lock_timeout is as before');
ROLLBACK TO clean;
SET LOCAL ROLE regress_reader;
SELECT boardinghouse._lock_shared_tables('SHARE ROW EXCLUSIVE', ARRAY['public.shared'::regclass::oid, 'public.secret'::regclass]) \g /dev/null
RESET ROLE;
SELECT set_eq('SELECT * FROM pg_temp.locks()', $$VALUES ('shared ShareRowExclusiveLock')$$, 'tables that the caller may not lock are left out');
ROLLBACK TO clean;

SELECT is((SELECT cardinality(r.parts) FROM boardinghouse._read('s') AS r), (SELECT count(*)::int FROM boardinghouse._inventory('s')), 'a schema is read whole');
SELECT is_empty($$SELECT l.mode FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation WHERE l.pid = pg_backend_pid() AND c.relnamespace = 'early'::regnamespace AND l.mode = 'ShareLock'$$, 'reading leaves no lock behind');
SELECT is((SELECT r.change_id FROM boardinghouse._read('s') AS r), (SELECT max(c.id) FROM boardinghouse.change AS c), 'a reading knows the last change');
CREATE TABLE __template__.t (id int);
SELECT is((SELECT r.change_id FROM boardinghouse._read('s') AS r), (SELECT max(c.id) FROM boardinghouse.change AS c), 'and a change more after it');
SELECT throws_ok($$SELECT boardinghouse._read('nothing')$$, '3F000', 'schema "nothing" does not exist', 'a schema that is not there cannot be read');
SELECT throws_ok($$SELECT boardinghouse._lock_reading(false, '{nothing}')$$, '3F000', 'schema "nothing" does not exist', 'nor held');
SET LOCAL ROLE regress_reader;
SELECT throws_ok($$SELECT boardinghouse._lock_reading(false, '{s}', 'SHARE')$$, '42501', NULL, 'rows that the caller may not read are not copied');
SELECT throws_ok($$SELECT boardinghouse._read('s')$$, '42501', NULL, 'a schema that the caller may not use cannot be read');
RESET ROLE;
GRANT USAGE ON SCHEMA s TO regress_reader;
SET LOCAL ROLE regress_reader;
SELECT is((SELECT cardinality(r.parts) FROM boardinghouse._read('s') AS r), (SELECT count(*)::int FROM boardinghouse._inventory('s')), 'who may use a schema may read how it is made, whatever the tables allow');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
