\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE TYPE __template__.mood AS ENUM ('sad', 'glad');
CREATE TABLE __template__.a (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m __template__.mood DEFAULT 'glad', t text);
CREATE TABLE __template__.b (id serial, a_id int REFERENCES __template__.a);
CREATE VIEW __template__.v AS SELECT a.t, b.id FROM __template__.a JOIN __template__.b ON b.a_id = a.id;
CREATE FUNCTION __template__.f() RETURNS text LANGUAGE sql SET search_path = __template__, public AS 'SELECT t FROM a';
CREATE SCHEMA "not a tenant";
CREATE TABLE "not a tenant".t (id int);

-- The schemata, the registry and their objects, to tell that nothing has changed.
CREATE FUNCTION pg_temp.state() RETURNS text LANGUAGE sql AS $$
SELECT md5(concat((SELECT string_agg(n.oid || n.nspname, ',' ORDER BY n.oid) FROM pg_namespace AS n WHERE n.nspname !~ '^pg_(toast_)?temp'),
                  (SELECT string_agg(s::text, ',' ORDER BY s.schema) FROM boardinghouse.schema AS s),
                  (SELECT string_agg(c.oid || c.relname, ',' ORDER BY c.oid) FROM pg_class AS c WHERE c.oid >= 16384 AND c.relpersistence = 'p'),
                  current_setting('search_path')))
$$;

-- A test: a call fails with this SQLSTATE, its message names what it was given, and nothing changes.
CREATE FUNCTION pg_temp.refused(call text, given text, expected text, description text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    before CONSTANT text := pg_temp.state();
    found record;
BEGIN
    SELECT * INTO found FROM pg_temp.failure(format(call, given));
    RETURN ok(found.state IS NOT DISTINCT FROM expected
              AND (strpos(found.message, format('"%s"', given)) > 0 OR coalesce(given, '') = '')
              AND found.message !~ '[.]$'
              AND pg_temp.state() = before, description)
           || CASE WHEN found.state IS DISTINCT FROM expected THEN E'\n' || diag(concat_ws(' ', found.state, found.message)) ELSE '' END;
END $$;

-- What can never be the name of a new tenant.
CREATE TEMPORARY TABLE bad (place serial, name text, state text, what text);
INSERT INTO bad (name, state, what) VALUES
    ('public', '42939', 'public'), ('pg_catalog', '42939', 'a schema of PostgreSQL'), ('pg_mine', '42939', 'a name that begins with pg_'),
    ('pg_temp', '42939', 'pg_temp'), ('information_schema', '42939', 'information_schema'), ('boardinghouse', '42939', 'boardinghouse'),
    ('__template__', '42939', 'the template'), ('$user', '42939', '$user, which search_path takes for the role'),
    ('', '42602', 'the empty name'), (NULL, '42602', 'NULL'),
    (repeat('x', 64), '42622', 'a name of 64 bytes'), (repeat('é', 32), '42622', 'a name of 64 bytes in 32 letters');
CREATE TEMPORARY TABLE call (place serial, call text, what text);
INSERT INTO call (call, what) VALUES
    ('SELECT boardinghouse.create_schema(%L)', 'create_schema'), ('SELECT boardinghouse.clone_schema(''early'', %L)', 'clone_schema'),
    ('SELECT boardinghouse.rename_schema(''early'', %L)', 'rename_schema'), ('SELECT boardinghouse.register_schema(%L)', 'register_schema'),
    ('SELECT boardinghouse.repair(%L)', 'repair');
SELECT pg_temp.refused(c.call, b.name, b.state, format('%s refuses %s', c.what, b.what)) FROM call AS c, bad AS b ORDER BY c.place, b.place;

-- Names that are taken.
SELECT pg_temp.refused(c.call, n.name, '42P06', format('%s refuses the name of %s', c.what, n.what))
  FROM call AS c, (VALUES (1, 'early', 'a tenant'), (2, $$"O'Brien" %s.order\ $$, 'a tenant with an unkind name'), (3, 'not a tenant', 'a schema that is no tenant')) AS n (place, name, what)
 WHERE c.place <= 3 ORDER BY c.place, n.place;
SELECT pg_temp.refused('SELECT boardinghouse.register_schema(%L)', 'early', '42P06', 'register_schema refuses a tenant');

-- Names of nothing.
CREATE TEMPORARY TABLE unknown (place serial, name text, what text);
INSERT INTO unknown (name, what) VALUES ('nothing', 'an unknown name'), ('', 'the empty name'), (NULL, 'NULL'), ('EARLY', 'a tenant in other letters'),
    ('"early"', 'a quoted tenant'), ('early.a', 'a table of a tenant'), (repeat('x', 63) || 'y', 'a name of 64 bytes'), ('x''; DROP SCHEMA early; --', 'SQL'), ('100%s', 'what looks like a format');
DELETE FROM call;
INSERT INTO call (call, what) VALUES
    ('SELECT boardinghouse.drop_schema(%L)', 'drop_schema'), ('SELECT boardinghouse.unregister_schema(%L)', 'unregister_schema'),
    ('SELECT boardinghouse.rename_schema(%L, ''later'')', 'rename_schema'), ('SELECT boardinghouse.activate_schema(%L)', 'activate_schema'),
    ('SELECT boardinghouse.clone_schema(%L, ''later'')', 'clone_schema'), ('SELECT * FROM boardinghouse.describe(%L)', 'describe'),
    ('SELECT * FROM boardinghouse.compare(%L)', 'compare'), ('SELECT * FROM boardinghouse.compare(''early'', %L)', 'compare, as reference,');
SELECT pg_temp.refused(c.call, u.name, '3F000', format('%s refuses %s', c.what, u.what)) FROM call AS c, unknown AS u ORDER BY c.place, u.place;
SELECT pg_temp.refused('SELECT boardinghouse.repair(%L)', u.name, '3F000', format('repair refuses %s', u.what)) FROM unknown AS u WHERE u.place NOT IN (2, 3, 7) ORDER BY u.place;
SELECT pg_temp.refused('SELECT boardinghouse.register_schema(%L)', u.name, '3F000', format('register_schema refuses %s', u.what)) FROM unknown AS u WHERE u.place NOT IN (2, 3, 7) ORDER BY u.place;

-- What is a schema, but no tenant.
SELECT pg_temp.refused(c.call, n.name, '3F000', format('%s refuses %s', c.what, n.what))
  FROM call AS c, (VALUES (1, 'public', 'public'), (2, '__template__', 'the template'), (3, 'pg_catalog', 'pg_catalog'), (4, 'boardinghouse', 'boardinghouse'), (5, 'not a tenant', 'a schema that is no tenant')) AS n (place, name, what)
 WHERE c.place BETWEEN (SELECT min(place) FROM call) AND (SELECT min(place) + 3 FROM call) AND NOT (c.what = 'activate_schema' AND n.place = 2)
 ORDER BY c.place, n.place;
SELECT throws_ok($$SELECT boardinghouse.activate_schema('__template__')$$, '42939', 'the template cannot be selected', 'activate_schema refuses the template');

-- A schema that PostgreSQL cannot have in a search_path.
CREATE SCHEMA "$user";
SELECT throws_ok($$SELECT * FROM boardinghouse.describe('$user')$$, '0A000', NULL, 'a schema named $user is not read for another');
SELECT throws_ok($$SELECT boardinghouse.clone_schema('$user', 'later')$$, '0A000', NULL, 'a schema named $user is not cloned for another');
DROP SCHEMA "$user";
SELECT throws_ok('ALTER SCHEMA early RENAME TO "$user"', '42939', NULL, 'a tenant is not renamed to $user by hand');

-- Names that are allowed.
CREATE FUNCTION pg_temp.lives(tenant text, description text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    problems text[];
    message text;
    context text;
    path CONSTANT text := current_setting('search_path');
BEGIN
    PERFORM boardinghouse.create_schema(tenant, tenant);
    EXECUTE format('INSERT INTO %1$I.a (t) VALUES (%2$L); INSERT INTO %1$I.b (a_id) VALUES (1)', tenant, tenant);
    PERFORM boardinghouse.activate_schema(tenant, true);
    problems := problems || ARRAY(SELECT 'not selected: ' || concat(max(t)) FROM v HAVING max(t) IS DISTINCT FROM tenant)
                || ARRAY(SELECT 'not in its path: ' || concat(f()) WHERE f() IS DISTINCT FROM tenant)
                || ARRAY(SELECT 'another is current: ' || concat(current_schema()) WHERE current_schema() IS DISTINCT FROM tenant);
    PERFORM set_config('search_path', path, true);
    ALTER TABLE __template__.a RENAME t TO u;
    ALTER TABLE __template__.a ADD x int DEFAULT 3;
    ALTER TABLE __template__.a RENAME u TO t;
    problems := problems || ARRAY(SELECT 'mirrored: ' || u FROM pg_temp.unlike(tenant) AS u)
                || ARRAY(SELECT concat_ws(' ', 'compare:', c.*) FROM boardinghouse.compare(tenant) AS c)
                || ARRAY(SELECT concat_ws(' ', 'verify:', v.*) FROM boardinghouse.verify() AS v);
    ALTER TABLE __template__.a DROP x;
    PERFORM boardinghouse.rename_schema(tenant, 'another name');
    problems := problems || ARRAY(SELECT 'renamed: ' || u FROM pg_temp.unlike('another name') AS u);
    PERFORM boardinghouse.rename_schema('another name', tenant);
    problems := problems || ARRAY(SELECT 'renamed back: ' || u FROM pg_temp.unlike(tenant) AS u);
    PERFORM boardinghouse.unregister_schema(tenant);
    EXECUTE format('ALTER TABLE %I.a ADD y int', tenant);
    PERFORM boardinghouse.repair(tenant, true);
    PERFORM boardinghouse.register_schema(tenant, tenant);
    PERFORM boardinghouse.clone_schema(tenant, 'a copy', true);
    problems := problems || ARRAY(SELECT 'copied: ' || u FROM pg_temp.unlike('a copy') AS u)
                || ARRAY(SELECT 'no row copied' WHERE NOT EXISTS (SELECT FROM "a copy".a WHERE t = tenant));
    PERFORM boardinghouse.drop_schema(tenant);
    PERFORM boardinghouse.clone_schema('a copy', tenant);
    problems := problems || ARRAY(SELECT 'copied back: ' || u FROM pg_temp.unlike(tenant) AS u);
    EXECUTE format('DROP SCHEMA "a copy" CASCADE; DROP SCHEMA %I CASCADE', tenant);
    RETURN ok(problems = '{}', description) || coalesce(E'\n' || diag(NULLIF(array_to_string(problems[1:9], E'\n'), '')), '');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, context = PG_EXCEPTION_CONTEXT;
    RETURN ok(false, description) || E'\n' || diag(concat_ws(' ', SQLSTATE, message, context));
END $$;
SELECT pg_temp.lives(n.name, format('a tenant may be called %s', coalesce(n.what, n.name)))
  FROM (VALUES (1, 'user', NULL), (2, 'order', NULL), (3, 'none', NULL), (4, 'default', NULL), (5, 'Capital Letters', NULL), (6, 'a.b', NULL),
               (7, ' ', 'a space'), (8, 'it''s', NULL), (9, '"quoted"', NULL), (10, '%s %1$I %L', NULL), (11, 'back\slash', NULL), (12, 'a, b', NULL),
               (13, '$function$', NULL), (14, '/* -- ;', NULL), (15, E'two\nlines', 'two lines'), (16, 'PG_X', NULL), (17, 'schéma', 'letters beyond ASCII'), (18, repeat('y', 63), 'a name of 63 bytes'),
               (19, 'v', 'one of its views'), (20, current_user::text, 'the role that runs this'), (21, '__TEMPLATE__', NULL)) AS n (place, name, what)
 ORDER BY n.place;

SELECT * FROM finish();
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT no_plan();
SELECT throws_ok(c.call, '25001', 'schemata cannot be changed in a transaction of isolation level "repeatable read"', format('%s is refused in REPEATABLE READ', c.what))
  FROM (VALUES (1, 'SELECT boardinghouse.lock_template()', 'lock_template'), (2, 'SELECT boardinghouse.disable()', 'disable'),
               (3, 'SELECT boardinghouse.execute(''CREATE TABLE t (id int)'')', 'execute'), (4, 'SELECT boardinghouse.clone_schema(''public'', ''x'')', 'clone_schema'),
               (5, 'SELECT boardinghouse.clone_schema(''public'', ''x'', true)', 'clone_schema with rows'), (6, 'SELECT * FROM boardinghouse.compare(''public'', ''public'')', 'compare')) AS c (place, call, what)
 ORDER BY c.place;
SELECT * FROM finish();
ROLLBACK;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT no_plan();
SELECT throws_ok('SELECT boardinghouse.lock_template()', '25001', 'schemata cannot be changed in a transaction of isolation level "serializable"', 'SERIALIZABLE is refused');
SELECT * FROM finish();
ROLLBACK;
