\set ECHO none
\set QUIET 1
\pset format unaligned
\pset tuples_only on
\pset pager off
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
BEGIN;
SELECT no_plan();

CREATE SCHEMA probe;
CREATE SCHEMA "an other";
CREATE TABLE probe.t (a text, c text);

-- An event trigger that notes what is found for each type change of column c of probe.t.
CREATE TABLE "an other".note (place serial, found text);
CREATE FUNCTION boardinghouse._on_test() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    found_text text;
    reason text;
BEGIN
    IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() AS c WHERE c.objid = to_regclass('probe.t')) THEN
        BEGIN
            found_text := coalesce((SELECT r.using_text FROM boardinghouse._running_type_changes(to_regclass('probe.t'), 't', '{c}') AS r
                                     WHERE r.column_name = 'c'), 'no USING');
        EXCEPTION WHEN feature_not_supported THEN
            GET STACKED DIAGNOSTICS reason = PG_EXCEPTION_DETAIL;
            found_text := 'refused: ' || reason;
        END;
        INSERT INTO "an other".note (found) VALUES (found_text);
    END IF;
END;
$$;
CREATE EVENT TRIGGER boardinghouse_test ON ddl_command_end EXECUTE FUNCTION boardinghouse._on_test();

-- What was noted since the last call.
CREATE FUNCTION pg_temp.found() RETURNS text LANGUAGE sql AS $$
WITH note AS (DELETE FROM "an other".note RETURNING *)
SELECT string_agg(n.found, E'\n' ORDER BY n.place) FROM note AS n
$$;

ALTER TABLE probe.t ALTER c TYPE int USING length(c) /* no more */ ;
SELECT is(pg_temp.found(), 'length(c)', 'alone: found');
ALTER TABLE probe.t ALTER c TYPE text;
SELECT is(pg_temp.found(), 'no USING', 'alone, without USING: none');
SELECT 1 AS ignored \; ALTER TABLE probe.t ALTER c TYPE int USING length(c) \; SELECT 2 AS ignored \g /dev/null
SELECT is(pg_temp.found(), 'length(c)', 'in a string of several: found');
ALTER TABLE probe.t ALTER a TYPE varchar USING a, ALTER c TYPE text USING c || 'x, y';
SELECT is(pg_temp.found(), $$c || 'x, y'$$, 'with another column: found');
ALTER TABLE probe.t ALTER c TYPE int USING 1 \; ALTER TABLE probe.t ALTER c TYPE text USING 2;
SELECT is(pg_temp.found(), E'refused: The text of the command has more than one ALTER TABLE that may be it.\n'
          'refused: The text of the command has more than one ALTER TABLE that may be it.', 'twice in a string: refused');
CREATE TABLE "an other".t (c text);
ALTER TABLE probe.t ALTER c TYPE int USING 3 \; ALTER TABLE "an other".t ALTER c TYPE int USING 2;
SELECT is(pg_temp.found(), '3', 'with a table of another schema: found');
SET LOCAL search_path = probe, public;
ALTER TABLE IF EXISTS ONLY t ALTER COLUMN "c" SET DATA TYPE text USING U&"c";
SELECT is(pg_temp.found(), 'U&"c"', 'by the bare name: found');
ALTER TABLE t ALTER c TYPE int USING 3 \; ALTER TABLE "an other".t ALTER c TYPE text;
SELECT is(pg_temp.found(), '3', 'by the bare name, with a table of another schema: found');
RESET search_path;
DO $$
BEGIN
    ALTER TABLE probe.t ALTER c TYPE text USING "c"::text || '"
PL/pgSQL function f() line 7 at EXECUTE
';
    FOR place IN 1..2 LOOP
        ALTER TABLE probe.t ALTER c TYPE text USING "c" ;
        EXECUTE format('ALTER TABLE probe.t ALTER c TYPE text USING concat(c, %L) -- "end"', place);
    END LOOP;
    EXECUTE 'DO ''BEGIN EXECUTE $x$ALTER TABLE probe.t ALTER c TYPE text USING "c"$x$; END''';
END;
$$;
SELECT is(pg_temp.found(), $$"c"::text || '"
PL/pgSQL function f() line 7 at EXECUTE
'
"c"
concat(c, '1')
"c"
concat(c, '2')
"c"$$, 'by PL/pgSQL, whatever the text holds: found');
DO $$ BEGIN EXECUTE 'SELECT 1; ALTER TABLE probe.t ALTER c TYPE text USING 5; SELECT 2'; END $$;
SELECT is(pg_temp.found(), '5', 'by EXECUTE of several statements: found');
DO $$ BEGIN EXECUTE 'ALTER TABLE probe.t ALTER c TYPE text; ALTER TABLE probe.t ALTER c TYPE text'; END $$;
SELECT is(pg_temp.found(), E'refused: The text of the command has more than one ALTER TABLE that may be it.\n'
          'refused: The text of the command has more than one ALTER TABLE that may be it.', 'by EXECUTE, twice: refused');
CREATE FUNCTION "an other".by_sql() RETURNS void LANGUAGE sql AS 'ALTER TABLE probe.t ALTER c TYPE text USING 6';
SELECT "an other".by_sql() \; ALTER TABLE probe.t ALTER a TYPE text \g /dev/null
SELECT is(pg_temp.found(), E'refused: The text of the command is hidden, as in a function in language SQL.\n'
          'refused: The text of the command has no ALTER TABLE for the type of c.', 'by a function in language SQL: refused');
CREATE FUNCTION "an other".by_plpgsql() RETURNS void LANGUAGE plpgsql AS 'BEGIN ALTER TABLE probe.t ALTER c TYPE text USING 7; END';
CREATE FUNCTION "an other".by_both() RETURNS void LANGUAGE sql AS 'SELECT "an other".by_plpgsql()';
SELECT "an other".by_both() \g /dev/null
SELECT is(pg_temp.found(), '7', 'by PL/pgSQL below a function in language SQL: found');
CREATE PROCEDURE "an other".by_call() LANGUAGE plpgsql AS 'BEGIN ALTER TABLE probe.t ALTER c TYPE text USING 8; PERFORM "an other".by_plpgsql(); END';
CALL "an other".by_call();
SELECT is(pg_temp.found(), E'8\n7', 'by a procedure, nested: found');
DROP EVENT TRIGGER boardinghouse_test;

SET LOCAL lc_messages = 'C';
SELECT is(boardinghouse._context_of_command(E'a\nPL/pgSQL function boardinghouse._on_test() line 8 at IF\nb\nc'), E'b\nc',
          'the context of the command is below the event trigger function');
SELECT is(boardinghouse._context_of_command(E'a\nPL/pgSQL function _on_test() line 8 at IF'), '',
          'the context of a command of the client is empty');
SELECT is(boardinghouse._context_of_command(E'a\nPL/pgSQL function public._on_test() line 8 at IF\nb'), NULL,
          'without an event trigger function there is no command');
SELECT results_eq($$SELECT * FROM boardinghouse._running_type_changes('probe.t'::regclass, 't', '{c}', 'ALTER TABLE t ALTER c TYPE int USING 9')$$,
                  $$VALUES ('c', '9')$$, 'a text may be given');
SELECT results_eq($$SELECT * FROM boardinghouse._running_type_changes('probe.t'::regclass, 'o', '{c}', 'ALTER TABLE probe.o ALTER c TYPE int USING 9')$$,
                  $$VALUES ('c', '9')$$, 'the table may be named as it was');
SELECT throws_ok($$SELECT boardinghouse._running_type_changes('probe.t'::regclass, 't', '{c}', 'ALTER TABLE x.t ALTER c TYPE int')$$,
                 '0A000', 'cannot tell how the values of table "t" were converted', 'a text without it is refused');
SELECT throws_ok($$SELECT boardinghouse._running_type_changes('probe.t'::regclass, 't', '{c}')$$,
                 '0A000', 'cannot tell how the values of table "t" were converted',
                 'without an event trigger function, no text is taken');

SELECT results_eq($$SELECT * FROM boardinghouse._running_type_changes('probe.t'::regclass, 't', '{c}',
                      'ALTER TABLE t ALTER a TYPE int; ALTER TABLE t ALTER c TYPE int USING 1, ALTER b TYPE text USING 2')$$,
                  $$VALUES ('c', '1'), ('b', '2')$$, 'what the same ALTER TABLE does to other columns is told');
SELECT results_eq($$SELECT * FROM boardinghouse._running_type_changes('probe.t'::regclass, 't', '{}', 'ALTER TABLE t ALTER c TYPE text USING 1')$$,
                  $$VALUES ('c', '1')$$, 'a USING that keeps the type is told');
SELECT is_empty($$SELECT * FROM boardinghouse._running_type_changes('probe.t'::regclass, 't', '{}', 'ALTER TABLE t SET LOGGED')$$,
                'another ALTER TABLE has no type changes');
SELECT throws_ok($$SELECT * FROM boardinghouse._running_type_changes('probe.t'::regclass, 't', '{}',
                     'ALTER TABLE t ALTER a TYPE int; ALTER TABLE t ALTER c TYPE text USING 1')$$,
                 '0A000', NULL, 'of two that may have kept the type, none is taken');
SELECT results_eq($$SELECT * FROM boardinghouse._running_type_changes('probe.t'::regclass, 't', '{}', 'ALTER TABLE t ALTER c TYPE text USING 1 ; -- alone')$$,
                  $$VALUES ('c', '1')$$, 'a USING that keeps the type may end in a semicolon');
SELECT throws_ok($$SELECT * FROM boardinghouse._running_type_changes('probe.t'::regclass, 't', '{}',
                     'ALTER TABLE t ALTER c TYPE text USING 1; ALTER TABLE t SET LOGGED')$$,
                 '0A000', NULL, 'a USING that keeps the type, with a statement after it: refused');
SELECT throws_ok($$SELECT * FROM boardinghouse._running_type_changes('probe.t'::regclass, 't', '{}',
                     'SELECT 1; ALTER TABLE t ALTER c TYPE text USING 1')$$,
                 '0A000', NULL, 'a USING that keeps the type, with a statement before it: refused');
SELECT is_empty($$SELECT * FROM boardinghouse._running_type_changes('probe.t'::regclass, 't', '{}', 'SELECT 1; ALTER TABLE t SET LOGGED')$$,
                'a string of several statements without any USING has no type changes');

SET LOCAL standard_conforming_strings = off;
SELECT throws_ok($$SELECT * FROM boardinghouse._running_type_changes('probe.t'::regclass, 't', '{c}', E'SELECT 1; ALTER TABLE t ALTER c TYPE text USING c || ''\\n''')$$,
                 '0A000', 'cannot tell how the values of table "t" were converted', 'a backslash that may stand for itself or not: refused');
SELECT results_eq($$SELECT * FROM boardinghouse._running_type_changes('probe.t'::regclass, 't', '{c}', 'ALTER TABLE t ALTER c TYPE text USING c || 1')$$,
                  $$VALUES ('c', 'c || 1')$$, 'without a backslash that does not matter');
RESET standard_conforming_strings;
SELECT throws_ok($$SELECT * FROM boardinghouse._running_type_changes('probe.t'::regclass, 't', '{c}', E'SET Standard_Conforming_Strings = on; ALTER TABLE t ALTER c TYPE text USING c || ''\\n''')$$,
                 '0A000', NULL, 'a backslash where the text itself changes what it stands for: refused');

-- Whether a command says SET DEFAULT or DROP DEFAULT.
CREATE FUNCTION boardinghouse._on_test_default() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() AS c WHERE c.objid = to_regclass('probe.t')) THEN
        INSERT INTO "an other".note (found) VALUES (boardinghouse._sets_default());
    END IF;
END;
$$;
CREATE EVENT TRIGGER boardinghouse_test ON ddl_command_end EXECUTE FUNCTION boardinghouse._on_test_default();
ALTER TABLE probe.t ADD d1 int DEFAULT 3;
SELECT is(pg_temp.found(), 'false', 'a column added with its default: no default is set apart');
ALTER TABLE probe.t ADD d2 int, ALTER d2 set /* it */ default 4;
SELECT is(pg_temp.found(), 'true', 'SET DEFAULT is found');
ALTER TABLE probe.t ADD d3 int DEFAULT 3, ALTER COLUMN d1 DROP
    DEFAULT;
SELECT is(pg_temp.found(), 'true', 'DROP DEFAULT is found');
ALTER TABLE probe.t ADD d4 text DEFAULT 'SET DEFAULT' /* DROP DEFAULT */;
SELECT is(pg_temp.found(), 'false', 'SET DEFAULT in a literal or comment is none');
ALTER TABLE probe.t ADD d5 int \; ALTER TABLE "an other".t ALTER c SET DEFAULT 'x';
SELECT is(pg_temp.found(), 'true', 'SET DEFAULT in another statement of the string counts');
DO $$ BEGIN ALTER TABLE probe.t ADD d6 int; EXECUTE 'ALTER TABLE probe.t ALTER d6 DROP DEFAULT'; END $$;
SELECT is(pg_temp.found(), E'false\ntrue', 'each statement of a DO block is looked at alone');
SELECT "an other".by_sql() \g /dev/null
SELECT is(pg_temp.found(), 'true', 'where the text is hidden, a default may be set');
DROP EVENT TRIGGER boardinghouse_test;
ALTER TABLE probe.t DROP d1, DROP d2, DROP d3, DROP d4, DROP d5, DROP d6;

-- Relative expressions.
CREATE TYPE probe.mood AS ENUM ('sad', 'glad');
CREATE DOMAIN probe.positive AS int CHECK (VALUE > 0);
CREATE SEQUENCE probe.s;
CREATE FUNCTION probe.up(text) RETURNS text LANGUAGE sql AS 'SELECT upper($1)';
CREATE FUNCTION "an other".up(text) RETURNS text LANGUAGE sql AS 'SELECT upper($1)';
CREATE FUNCTION pg_temp.relative(using_text text, path text DEFAULT 'probe, public', settings jsonb DEFAULT '{}')
    RETURNS text LANGUAGE sql AS $$
SELECT boardinghouse._relative_using('probe', 't', ARRAY['a', 'c', 'B "b"', 'm'],
    ARRAY['integer', 'character varying(10)', 'date', 'mood'], using_text, path, settings)
$$;

SELECT is(pg_temp.relative('c::int'), '(c)::integer', 'a cast');
SELECT is(pg_temp.relative('t.c'), 'c', 'a column qualified by its table');
SELECT is(pg_temp.relative('t::text'), '(t.*)::text', 'a whole row');
SELECT is(pg_temp.relative('"B ""b"""'), '"B ""b"""', 'a quoted column');
SELECT is(pg_temp.relative('''x'''), '''x''', 'a literal without a type keeps none');
SELECT is(pg_temp.relative('NULL'), 'NULL::unknown', 'NULL keeps no type');
SELECT is(pg_temp.relative('up(c)'), 'up((c)::text)', 'a function of the schema, by the path');
SELECT is(pg_temp.relative('probe.up(c)', 'public'), 'up((c)::text)', 'a function of the schema, qualified');
SELECT is(pg_temp.relative('up(c)', '"an other"'), '"an other".up((c)::text)', 'a function of another schema, by the path');
SELECT is(pg_temp.relative('probe.up(c)', '""'), 'up((c)::text)', 'an empty path');
SELECT is(pg_temp.relative('m = ''sad'''), '(m = ''sad''::mood)', 'a type of the schema');
SELECT is(pg_temp.relative('length(c)::positive'), '(length((c)::text))::positive', 'a domain of the schema');
SELECT is(pg_temp.relative('nextval(''s'') + random()'), '((nextval(''s''::regclass))::double precision + random())',
          'what is volatile');
SELECT is(regexp_replace(pg_temp.relative('CASE WHEN a > 1 -- one
          THEN ARRAY[a, 2] END'), '\s+', ' ', 'g'), ' CASE WHEN (a > 1) THEN ARRAY[a, 2] ELSE NULL::integer[] END',
          'an expression of several lines');
SELECT is(pg_temp.relative($$"B ""b""" - '01-02-2020'$$, settings => '{"DateStyle": "SQL, DMY"}'),
          $$("B ""b""" - '2020-02-01'::date)$$, 'a date is read as the author writes it');
SELECT is(pg_temp.relative($$'01-02-2020 12:00'::timestamptz$$, settings => '{"DateStyle": "SQL, MDY", "TimeZone": "Asia/Tokyo"}'),
          $$'2020-01-02 03:00:00+00'::timestamp with time zone$$, 'a time is read in the author''s time zone');
SELECT is(pg_temp.relative($$'-1 2:03'::interval$$, settings => '{"IntervalStyle": "sql_standard", "search_path": "x"}'),
          $$'-1 days -02:03:00'::interval$$, 'an interval is read as the author writes it');

CREATE TEMPORARY TABLE t (x int);
CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT is(pg_temp.relative('a + 1'), '(a + 1)', 'a temporary table of the same name is not in the way');
SELECT is((SELECT array_agg(a.attname::text) FROM pg_attribute AS a WHERE a.attrelid = 'pg_temp.t'::regclass AND a.attnum > 0),
          ARRAY['x'], 'nothing is left of the probe');
SELECT throws_ok($$SELECT pg_temp.relative('pg_temp.f()')$$, '0A000', 'cannot mirror USING pg_temp.f() of table "t"',
                 'what is temporary is refused');
CREATE TYPE pg_temp.mood AS ENUM ('x');
SELECT throws_ok($$SELECT pg_temp.relative('c::mood')$$, '0A000', 'cannot mirror USING c::mood of table "t"',
                 'what a temporary type may have been meant by is refused');
SELECT throws_ok($$SELECT pg_temp.relative('nobody(c)')$$, '0A000', 'cannot mirror USING nobody(c) of table "t"',
                 'what is not understood is refused');
SELECT throws_ok($$SELECT pg_temp.relative('up(c)', 'public')$$, '0A000', 'cannot mirror USING up(c) of table "t"',
                 'what the author''s path does not find is refused');
SELECT is(concat_ws('; ', current_setting('DateStyle'), current_setting('search_path')),
          concat_ws('; ', (SELECT reset_val FROM pg_settings WHERE name = 'DateStyle'),
                    (SELECT reset_val FROM pg_settings WHERE name = 'search_path')),
          'settings are as before');

SELECT * FROM finish();
ROLLBACK;
