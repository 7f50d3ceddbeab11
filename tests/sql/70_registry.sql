\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE TABLE public.shared (id int PRIMARY KEY);
CREATE TABLE __template__.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text, shared_id int REFERENCES public.shared);
CREATE FUNCTION __template__.f() RETURNS text LANGUAGE sql SET search_path = __template__, public AS 'SELECT max(n) FROM t';
INSERT INTO __template__.t (n) VALUES ('of the template');
CREATE TABLE public.member (schema name REFERENCES boardinghouse.schema ON UPDATE CASCADE ON DELETE CASCADE, who text);
CREATE FUNCTION pg_temp.tenants() RETURNS SETOF text LANGUAGE sql AS $$ SELECT concat_ws(' | ', r.schema, r.name, r.is_active) FROM boardinghouse.schema AS r WHERE r.schema !~ '^(early|late|"O)' $$;

-- create_schema()
SELECT lives_ok($$SELECT boardinghouse.create_schema('acme', 'Acme Ltd')$$, 'a tenant is made');
SELECT lives_ok($$SELECT boardinghouse.create_schema(schema => 'zeta')$$, 'without a name to show');
SELECT lives_ok($$SELECT boardinghouse.create_schema('empty name', '')$$, 'or with an empty one');
SELECT set_eq('SELECT pg_temp.tenants()', $$VALUES ('acme | Acme Ltd | t'), ('zeta | zeta | t'), ('empty name |  | t')$$, 'it is in the registry, shown as it is called unless told otherwise');
SELECT results_eq('SELECT id, n, f FROM acme.t, acme.f() AS f', $$VALUES (1, 'of the template'::text, 'of the template'::text)$$, 'the rows of the template are in it');
SELECT is((SELECT count(*) FROM boardinghouse.schema WHERE created_at = now() AND schema = 'acme'), 1::bigint, 'the registry knows when it was made');
SELECT pg_temp.alike('it is like the template');
SAVEPOINT made;
SELECT boardinghouse.create_schema('undone') \g /dev/null
ROLLBACK TO made;
SELECT is_empty($$SELECT pg_temp.tenants() AS t INTERSECT SELECT 'undone | undone | t'$$, 'a tenant that is rolled back is not there');
SELECT boardinghouse.drop_schema('zeta') \g /dev/null
SELECT boardinghouse.drop_schema('empty name') \g /dev/null
INSERT INTO public.member VALUES ('acme', 'Ann');

-- rename_schema()
SELECT lives_ok($$SELECT boardinghouse.rename_schema('acme', 'Acme %s')$$, 'a tenant is renamed');
SELECT set_eq('SELECT pg_temp.tenants()', $$VALUES ('Acme %s | Acme Ltd | t')$$, 'in the registry, which shows it as before');
SELECT set_eq('SELECT * FROM public.member', $$VALUES ('Acme %s'::name, 'Ann'::text)$$, 'who refers to it follows');
SELECT is("Acme %s".f(), 'of the template', 'functions that name their schema in search_path follow');
SELECT hasnt_schema('acme', 'the old name is free');
SELECT boardinghouse.disable() \g /dev/null
SELECT lives_ok($$SELECT boardinghouse.rename_schema('Acme %s', 'acme')$$, 'a tenant is renamed with the event triggers off');
SELECT set_eq('SELECT * FROM public.member', $$VALUES ('acme'::name, 'Ann'::text)$$, 'who refers to it follows');
SELECT is(acme.f(), 'of the template', 'and functions');
SELECT boardinghouse.enable() \g /dev/null
SELECT throws_ok($$SELECT boardinghouse.rename_schema('acme', 'acme')$$, '42P06', NULL, 'the same name is taken');
SELECT pg_temp.alike('it is like the template under its new name');

-- The table.
SELECT lives_ok($$UPDATE boardinghouse.schema SET name = 'Acme Inc', is_active = false WHERE schema = 'acme'$$, 'the name to show and whether it is active may be updated plainly');
SELECT set_eq('SELECT pg_temp.tenants()', $$VALUES ('acme | Acme Inc | f')$$, 'and are');
SELECT lives_ok($$UPDATE boardinghouse.schema SET schema = schema, is_active = true WHERE schema = 'acme'$$, 'an UPDATE that leaves schema as it is');
SELECT throws_ok($$UPDATE boardinghouse.schema SET schema = 'other' WHERE schema = 'acme'$$, '55000', 'a tenant cannot be renamed in the registry', 'UPDATE of schema is refused');
SELECT is((SELECT hint FROM pg_temp.failure($$UPDATE boardinghouse.schema SET schema = 'o''ther' WHERE schema = 'acme'$$)), $$SELECT boardinghouse.rename_schema('acme', 'o''ther');$$, 'the hint says how it is done');
SELECT throws_ok($$DELETE FROM boardinghouse.schema WHERE schema = 'acme'$$, '55000', 'a tenant cannot be deleted from the registry', 'DELETE is refused');
SELECT is((SELECT hint FROM pg_temp.failure($$DELETE FROM boardinghouse.schema WHERE schema = 'acme'$$)), $$SELECT boardinghouse.drop_schema('acme'); or unregister_schema('acme'), which keeps the schema.$$, 'the hint says how it is done');
SELECT throws_ok($$UPDATE boardinghouse.schema SET name = NULL$$, '23502', NULL, 'a tenant has a name to show');

-- unregister_schema(), register_schema()
CREATE TABLE acme.own (id int);
SELECT lives_ok($$SELECT boardinghouse.unregister_schema('acme')$$, 'a tenant is let go');
SELECT is_empty('SELECT pg_temp.tenants()', 'it is not in the registry');
SELECT is((SELECT count(*) FROM acme.t), 1::bigint, 'but there, with its rows');
SELECT is_empty('SELECT * FROM public.member', 'who referred to it has gone with the registry');
ALTER TABLE __template__.t ADD later int;
SELECT hasnt_column('acme', 't', 'later', 'it no longer follows the template');
SELECT lives_ok('ALTER TABLE acme.t ADD mine int', 'and may be changed');
SELECT throws_ok($$SELECT boardinghouse.unregister_schema('acme')$$, '3F000', NULL, 'let go once, it is no tenant');
SELECT throws_ok($$SELECT boardinghouse.register_schema('acme', 'Acme')$$, '55000', 'schema "acme" differs from the template', 'a schema that differs is not taken in');
SELECT results_eq($$SELECT detail, hint FROM pg_temp.failure('SELECT boardinghouse.register_schema(''acme'')')$$, $$VALUES ('It differs in: column t.later, column t.mine.', 'SELECT * FROM boardinghouse.compare(''acme'');')$$, 'it is told in what, and where more is told');
SELECT boardinghouse.repair('acme', true) \g /dev/null
SELECT lives_ok($$SELECT boardinghouse.register_schema('acme', 'Acme again')$$, 'repaired, it is');
SELECT set_eq('SELECT pg_temp.tenants()', $$VALUES ('acme | Acme again | t')$$, 'with the name given now');
SELECT has_table('acme', 'own', 'and with what is its own');
SELECT throws_ok($$SELECT boardinghouse.register_schema('acme')$$, '42P06', 'schema "acme" is registered already', 'taken in once, it is a tenant');
DROP TABLE acme.own;
SELECT pg_temp.mirrored('ALTER TABLE __template__.t RENAME later TO "Later"', 'it follows the template again');
SELECT boardinghouse.unregister_schema('acme') \g /dev/null
SELECT boardinghouse.register_schema('acme') \g /dev/null
SELECT set_eq('SELECT pg_temp.tenants()', $$VALUES ('acme | acme | t')$$, 'a tenant may come and go');
SELECT boardinghouse.clone_schema('acme', 'joins', true) \g /dev/null
SELECT lives_ok($$SELECT boardinghouse.register_schema('joins')$$, 'the clone of a tenant can be taken in');
CREATE SCHEMA by_hand;
SELECT throws_ok($$SELECT boardinghouse.register_schema('by_hand')$$, '55000', NULL, 'an empty schema cannot');
CREATE TABLE by_hand.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text, shared_id int REFERENCES public.shared, "Later" int);
CREATE FUNCTION by_hand.f() RETURNS text LANGUAGE sql SET search_path = by_hand, public AS 'SELECT max(n) FROM t';
SELECT lives_ok($$SELECT boardinghouse.register_schema('by_hand', 'By hand')$$, 'what was made by hand like the template can');
SELECT pg_temp.alike('and is a tenant like the others');

-- drop_schema()
SELECT lives_ok($$SELECT boardinghouse.drop_schema('by_hand')$$, 'a tenant is dropped, with its foreign keys to what is shared');
SELECT hasnt_schema('by_hand', 'its schema is gone');
SELECT set_eq('SELECT pg_temp.tenants()', $$VALUES ('acme | acme | t'), ('joins | joins | t')$$, 'and its row in the registry');
INSERT INTO public.member VALUES ('joins', 'Bob');
SELECT lives_ok($$SELECT boardinghouse.drop_schema('joins')$$, 'a tenant that is referred to is dropped');
SELECT is_empty('SELECT * FROM public.member', 'with who refers to it');
CREATE TABLE public.refers (id int REFERENCES acme.t);
SELECT throws_ok($$SELECT boardinghouse.drop_schema('acme')$$, '2BP01', 'schema "acme" cannot be dropped because other objects depend on it', 'a tenant that others need is not dropped');
SELECT is((SELECT detail FROM pg_temp.failure($$SELECT boardinghouse.drop_schema('acme')$$)), 'constraint refers_id_fkey on table public.refers depends on it.', 'and who needs it is named');
DROP TABLE public.refers;
SELECT boardinghouse.activate_schema('acme') \g /dev/null
SELECT lives_ok($$SELECT boardinghouse.drop_schema('acme')$$, 'a tenant may be dropped while it is selected');
SET LOCAL search_path = public;
SELECT boardinghouse.create_schema('acme') \g /dev/null
UPDATE boardinghouse.schema SET is_active = false WHERE schema = 'acme';
SELECT boardinghouse.disable() \g /dev/null
SELECT lives_ok($$SELECT boardinghouse.drop_schema('acme')$$, 'and while it is inactive, and the event triggers are off');
SELECT is_empty('SELECT pg_temp.tenants()', 'all are gone');
SELECT boardinghouse.enable() \g /dev/null
SELECT lives_ok($$SELECT boardinghouse.create_schema('acme')$$, 'the name is free again');
SELECT pg_temp.alike('all is well in the end');

-- Without a snapshot.
DELETE FROM boardinghouse.snapshot;
SELECT throws_ok(c.call, '55000', 'there is no snapshot of the template', format('%s needs the snapshot', c.what))
  FROM (VALUES (1, $$SELECT boardinghouse.create_schema('more')$$, 'create_schema'), (2, $$SELECT boardinghouse.rename_schema('acme', 'more')$$, 'rename_schema'),
               (4, 'ALTER TABLE __template__.t ADD x int', 'a change of the template'), (5, 'DROP TABLE __template__.t', 'a drop in the template')) AS c (place, call, what) ORDER BY c.place;
SELECT * FROM finish();
ROLLBACK;
