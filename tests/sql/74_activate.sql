\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE ROLE regress_user;
CREATE TABLE __template__.t (n text);
CREATE TABLE public.only_public (n text);
SELECT boardinghouse.for_each_schema('INSERT INTO t VALUES (current_schema())') \g /dev/null
INSERT INTO __template__.t VALUES ('the template');

-- For the session.
SELECT lives_ok($$SELECT boardinghouse.activate_schema('early')$$, 'a tenant is selected');
SELECT is((SELECT n FROM t), 'early', 'its rows are found by the bare name');
SELECT is(current_setting('search_path'), 'early, public', 'the path is the tenant, then public');
SELECT lives_ok('SELECT * FROM only_public', 'what is shared is found');
SELECT lives_ok($$SELECT boardinghouse.activate_schema('late 1')$$, 'another is selected');
SELECT is((SELECT n FROM t), 'late 1', 'and its rows are found');
SELECT lives_ok($q$SELECT boardinghouse.activate_schema($$"O'Brien" %s.order\ $$)$q$, 'one with an unkind name');
SELECT is((SELECT n FROM t), $$"O'Brien" %s.order\ $$, 'and its rows are found');
SELECT lives_ok('SELECT boardinghouse.deactivate_schema()', 'none is selected');
SELECT is(current_setting('search_path'), 'public', 'the path is public');
SELECT throws_ok('SELECT * FROM t', '42P01', NULL, 'no tenant''s rows are found');
SAVEPOINT before;
SELECT boardinghouse.activate_schema('early') \g /dev/null
ROLLBACK TO before;
SELECT is(current_setting('search_path'), 'public', 'a selection that is rolled back is taken back');
SELECT lives_ok($$SELECT boardinghouse.activate_schema('early', NULL)$$, 'NULL for local is no');
SELECT is(current_setting('search_path'), 'early, public', 'and selects');

-- What is refused leaves the selection as it was.
SELECT throws_ok($$SELECT boardinghouse.activate_schema('nothing')$$, '3F000', 'schema "nothing" does not exist', 'an unknown one is refused');
SELECT throws_ok($$SELECT boardinghouse.activate_schema('public')$$, '3F000', NULL, 'a schema that is no tenant is refused');
SELECT throws_ok($$SELECT boardinghouse.activate_schema('late 1, early')$$, '3F000', NULL, 'a list is refused');
SELECT throws_ok($$SELECT boardinghouse.activate_schema('__template__')$$, '42939', 'the template cannot be selected', 'the template is refused, for a superuser too');
SELECT throws_ok($$SELECT boardinghouse.activate_schema('__template__', true)$$, '42939', NULL, 'nor for the transaction');
UPDATE boardinghouse.schema SET is_active = false WHERE schema = 'late 1';
SELECT throws_ok($$SELECT boardinghouse.activate_schema('late 1')$$, '55000', 'schema "late 1" is not active', 'an inactive one is refused');
SELECT is(current_setting('search_path'), 'early, public', 'the selection is as before');
UPDATE boardinghouse.schema SET is_active = true WHERE schema = 'late 1';
SELECT lives_ok($$SELECT boardinghouse.activate_schema('late 1')$$, 'active again, it may be selected');
SELECT boardinghouse.disable() \g /dev/null
ALTER SCHEMA "late 1" RENAME TO moved;
SELECT throws_ok($$SELECT boardinghouse.activate_schema('late 1')$$, '3F000', NULL, 'one that is in the registry alone is refused');
ALTER SCHEMA moved RENAME TO "late 1";
SELECT boardinghouse.enable() \g /dev/null

-- The catalog is asked, whatever lies in the path or is named like what is asked.
CREATE TEMPORARY TABLE pg_namespace (oid oid, nspname name); INSERT INTO pg_namespace VALUES (1, 'forged');
CREATE SCHEMA hostile;
CREATE FUNCTION hostile.format(text, VARIADIC "any") RETURNS text LANGUAGE internal AS 'text_concat_ws';
CREATE FUNCTION hostile.eq(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR hostile.= (leftarg = text, rightarg = text, function = hostile.eq);
CREATE OPERATOR hostile.= (leftarg = name, rightarg = name, function = nameeq);
SET LOCAL search_path = hostile, pg_temp, pg_catalog;
SELECT f.state AS state FROM pg_temp.failure($$SELECT boardinghouse.activate_schema('forged')$$) AS f \gset
SELECT boardinghouse.activate_schema('early') \g /dev/null
SELECT pg_catalog.max(t.n) AS chosen FROM t \gset
SET LOCAL search_path = public;
SELECT is(:'state'::text, '3F000', 'a hostile path does not make a tenant');
SELECT is(:'chosen'::text, 'early', 'nor select another one');
DROP TABLE pg_temp.pg_namespace;

-- Who may not use it.
GRANT USAGE ON SCHEMA public TO regress_user;
SET LOCAL ROLE regress_user;
SELECT throws_ok($$SELECT boardinghouse.activate_schema('early')$$, '42501', 'permission denied for schema early', 'who may not use a tenant may not select it: public would answer in its place');
SELECT is(current_setting('search_path'), 'public', 'the path is as before');
RESET ROLE;
GRANT USAGE ON SCHEMA __template__ TO regress_user;
SET LOCAL ROLE regress_user;
SELECT lives_ok($$SELECT boardinghouse.activate_schema('early')$$, 'who may use the template and with it the tenants may');
SELECT throws_ok('SELECT * FROM t', '42501', NULL, 'selecting gives no right to rows');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;

-- Across transactions, with tenants that stay for as long.
SELECT no_plan();
SELECT boardinghouse.enable() \g /dev/null
SELECT boardinghouse.create_schema('stays') \g /dev/null
SELECT boardinghouse.create_schema('stays too') \g /dev/null
SELECT boardinghouse.activate_schema('stays') \g /dev/null
SELECT is(current_setting('search_path'), 'stays, public', 'a selection lasts for the session');
BEGIN;
SELECT boardinghouse.activate_schema('stays too', true) \g /dev/null
SELECT public.is(current_setting('search_path'), '"stays too", public', 'one with local lasts');
COMMIT;
SELECT is(current_setting('search_path'), 'stays, public', 'to the end of the transaction');
BEGIN;
SELECT boardinghouse.deactivate_schema(local => true) \g /dev/null
SELECT is(current_setting('search_path'), 'public', 'selecting none with local lasts');
COMMIT;
SELECT is(current_setting('search_path'), 'stays, public', 'to the end of the transaction, too');
BEGIN;
SELECT boardinghouse.activate_schema('stays too') \g /dev/null
ROLLBACK;
SELECT is(current_setting('search_path'), 'stays, public', 'a selection in a transaction that is rolled back is taken back');
SELECT boardinghouse.deactivate_schema() \g /dev/null
SELECT is(current_setting('search_path'), 'public', 'selecting none lasts for the session');
SELECT boardinghouse.drop_schema('stays') \g /dev/null
SELECT boardinghouse.drop_schema('stays too') \g /dev/null
SELECT boardinghouse.disable() \g /dev/null
SELECT * FROM finish();
DROP SCHEMA __template__;
