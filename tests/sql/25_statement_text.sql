\set ECHO none
\set QUIET 1
\pset format unaligned
\pset tuples_only on
\pset pager off
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
BEGIN;
SELECT plan(43);

-- The tokens of a text as one line, space left out, each as kind:token.
CREATE FUNCTION pg_temp.tokens(statement text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(left(t.kind, 2) || ':' || coalesce(t.token, substr(statement, t."position", t.length)),
                  ' ' ORDER BY t."position")
  FROM boardinghouse._tokens(statement) AS t
 WHERE t.kind <> 'space'
$$;

SELECT is(pg_temp.tokens('ALTER Table tÜ_1$x'), 'wo:alter wo:table wo:tÜ_1$x',
          'words are folded as PostgreSQL folds them: ASCII only');
SELECT is(pg_temp.tokens('"A b"."a""b"."--"'), 'id:A b pu:. id:a"b pu:. id:--',
          'quoted identifiers are kept, doubled quotes halved');
SELECT is(pg_temp.tokens('U&"d\0061" u&"a""" U & "x"'), 'un:d\0061 un:a" wo:u op:& id:x',
          'U&"" is one token, U & "" is three');
SELECT is(pg_temp.tokens($$'it''s' E'a\'b', 'c\' x'41' b'1' n'y' U&'z'$$),
          $$st:'it''s' st:E'a\'b' pu:, st:'c\' st:x'41' st:b'1' st:n'y' st:U&'z'$$,
          'only E'''' knows backslashes');
SELECT is(pg_temp.tokens(E'E''a'' -- it''s\n ''b\\''c'' d'), E'st:E''a'' co:-- it''s st:''b\\''c'' wo:d',
          'an E'''' string goes on after a line end, backslashes included');
SELECT is(pg_temp.tokens($$xE'a\' y'$$), $$wo:xe st:'a\' wo:y in:'$$,
          'an E at the end of a word is part of the word');
SELECT is(pg_temp.tokens('$$a''$$ $x$ $$ $x $x$x'), 'st:$$a''$$ st:$x$ $$ $x $x$ wo:x',
          'dollar quotes end at their own tag');
SELECT is(pg_temp.tokens('a$$b$$c $1$2 $ä$;$ä$'), 'wo:a$$b$$c pu:$ nu:1 pu:$ nu:2 st:$ä$;$ä$',
          'a dollar in a word or before a digit opens nothing');
SELECT is(pg_temp.tokens('a /* b /* ; */ '' */ c -- d '''), 'wo:a co:/* b /* ; */ '' */ wo:c co:-- d ''',
          'comments nest');
SELECT is(pg_temp.tokens('2*/*x*/-3--4'), 'nu:2 op:* co:/*x*/ op:- nu:3 co:--4',
          'a comment ends an operator');
SELECT is(pg_temp.tokens('1.5e-3 .5 0x1f 1_000 a.b 1e+x'),
          'nu:1.5e-3 nu:.5 nu:0x1f nu:1_000 wo:a pu:. wo:b nu:1e op:+ wo:x',
          'numbers are one token');
SELECT is(pg_temp.tokens('a::int[],(b)->>c;'),
          'wo:a pu::: wo:int pu:[ pu:] pu:, pu:( wo:b pu:) op:->> wo:c pu:;',
          'signs are operators or punctuation');
SELECT is(pg_temp.tokens('a "b'), 'wo:a in:b', 'an identifier without an end is incomplete');
SELECT is(pg_temp.tokens('a /* /* */'), 'wo:a in:/* /* */', 'a comment without an end is incomplete');
SELECT is(pg_temp.tokens('a $x$ $X$'), 'wo:a in:$x$ $X$', 'a dollar quote without an end is incomplete');
SELECT is(pg_temp.tokens($$a E'\'$$), $$wo:a in:E'\'$$, 'a string without an end is incomplete');
SELECT is((SELECT count(*) FROM boardinghouse._tokens('')), 0::bigint, 'no text has no tokens');
SELECT is((SELECT count(*) FROM boardinghouse._tokens(NULL)), 0::bigint, 'NULL has no tokens');
SET LOCAL standard_conforming_strings = off;
SET LOCAL escape_string_warning = off;
SELECT is(pg_temp.tokens(E'''a\\''b'' c'), E'st:''a\\''b'' wo:c',
          'without standard_conforming_strings every string knows backslashes');
RESET standard_conforming_strings;
SELECT is_empty($test$
    WITH sample AS (
        SELECT $sample$A "b""c" U&"d" E'e\'f' 'g' -- h
                 /* i /* j */ */ $k$ l $$ $k$ 1.5 + .5 -> m::n[1], ü $sample$ AS text
    ), prefix AS (
        SELECT substr(s.text, n, m) AS text
          FROM sample AS s, generate_series(1, length(s.text)) AS n, generate_series(0, 40, 3) AS m
    )
    SELECT p.text FROM prefix AS p
     WHERE p.text <> (SELECT coalesce(string_agg(substr(p.text, t."position", t.length), '' ORDER BY t."position"), '')
                        FROM boardinghouse._tokens(p.text) AS t)
$test$, 'the tokens of any piece of text make up that piece');
SELECT cmp_ok((SELECT count(*) FROM boardinghouse._tokens(repeat('a''b'' "ü"', 10000))), '=', 40000::bigint,
              'a text of 100 kB is read');

SELECT is(boardinghouse._unescape('d\0061t\+000061 \\', '\'), 'data \', 'U&"" escapes are read');
SELECT is(boardinghouse._unescape('d!0061!! \', '!'), 'da! \', 'U&"" escapes are read with their own sign');
SELECT results_eq($$SELECT kind, token FROM boardinghouse._code('U&"!0061" /**/ uescape -- x
    ''!'' UESCAPE "uescape"')$$, $$VALUES ('identifier', 'a'), ('word', 'uescape'), ('identifier', 'uescape')$$,
    'UESCAPE belongs to the identifier before it');

-- Type changes.
CREATE FUNCTION pg_temp.changes(statement text) RETURNS text LANGUAGE sql AS $$
SELECT string_agg(concat_ws(' ', c.statement_number, c.relation, c.column_name, '=> ' || c.using_text), E'\n')
  FROM boardinghouse._type_changes(statement) AS c
$$;

SELECT is(pg_temp.changes('ALTER TABLE t ALTER c TYPE int'), '1 {t} c', 'the shortest form is found');
SELECT is(pg_temp.changes('alter table if exists only "S x".T$1 alter column "C" set data type numeric(10,2) using (c, d) -- e'),
          '1 {"S x",t$1} C => (c, d)', 'the longest form is found');
SELECT is(pg_temp.changes('ALTER FOREIGN TABLE a.b.c * ALTER x TYPE int; ALTER TABLE ONLY (q) ALTER x TYPE int;'),
          E'1 {a,b,c} x\n2 {q} x', 'foreign tables, three-part names, * and ONLY () are known');
SELECT is(pg_temp.changes($$ALTER TABLE t ADD CHECK (a IN (1, 2)), ALTER a TYPE text[] COLLATE "C" USING ARRAY[a, b],
            ALTER b TYPE interval day to second(3), DROP c, ALTER d TYPE s.using USING d::s.x /* , */ ;$$),
          E'1 {t} a => ARRAY[a, b]\n1 {t} b\n1 {t} d => d::s.x', 'subcommands end at their commas only');
SELECT is(pg_temp.changes($$ALTER TABLE t ALTER type TYPE int, ALTER set SET DATA TYPE int, ALTER "column" TYPE int,
            ALTER data TYPE int, ALTER CONSTRAINT type DEFERRABLE, ALTER COLUMN type SET DEFAULT 1$$),
          E'1 {t} type\n1 {t} set\n1 {t} column\n1 {t} data', 'columns may be named like keywords');
SELECT is(pg_temp.changes('ALTER TABLE U&"!0061" UESCAPE ''!'' ALTER U&"\0062" TYPE int'), '1 {a} b',
          'names may be U&""');
SELECT is(pg_temp.changes('ALTER TABLE ' || repeat('t', 70) || ' ALTER ' || repeat('ü', 40) || ' TYPE int'),
          format('1 {%s} %s', repeat('t', 63), repeat('ü', 31)), 'names are cut where PostgreSQL cuts them');
SELECT is(pg_temp.changes($$;SELECT 1; ALTER TABLE a ALTER x TYPE int USING CASE WHEN x THEN (SELECT 1; ) END;
            CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;
            ALTER TABLE b ALTER y TYPE int$$),
          E'3 {a} x => CASE WHEN x THEN (SELECT 1; ) END\n5 {b} y',
          'statements end at semicolons outside parentheses and bodies');
SELECT is(pg_temp.changes($$SELECT 'ALTER TABLE t ALTER c TYPE int'; -- ALTER TABLE t ALTER c TYPE int
            DO $x$ BEGIN ALTER TABLE t ALTER c TYPE int; END $x$; ALTER VIEW t ALTER c TYPE int;
            ALTER TABLE t RENAME c TO type; ALTER TABLE t ADD type int, ALTER c SET DEFAULT 1;
            ALTER TYPE t ALTER ATTRIBUTE c TYPE int; ALTER TABLE t ALTER c TYPE; ALTER TABLE$$), NULL,
          'what only looks like a type change is none');
SELECT is(pg_temp.changes('ALTER TABLE t ALTER c TYPE int; SELECT ''a'), NULL, 'a text that is not whole has none');

-- The text of a statement in a context, in the language of the session.
CREATE TEMPORARY TABLE sample ON COMMIT DROP AS
SELECT m.opening, m.closing,
       replace(replace(replace(btrim(m.line, '^$'), '(.+)', 'f()'), '[0-9]+', '7'), '.+', 'EXECUTE') AS line
  FROM boardinghouse._context_marks() AS m;
CREATE FUNCTION pg_temp.quoted(statement text) RETURNS text LANGUAGE sql AS
    'SELECT concat(s.opening, statement, s.closing, E''\n'', s.line) FROM sample AS s';

SELECT is(boardinghouse._statement_text('', 'SELECT 1'), 'SELECT 1', 'without a context, it is the query');
SELECT is(boardinghouse._statement_text('SQL function "f" statement 1', 'SELECT 1'), NULL,
          'a context that shows no text has none');
SELECT is(boardinghouse._statement_text(NULL, 'SELECT 1'), NULL, 'no context has no text');
CREATE TEMPORARY TABLE statement (text) ON COMMIT DROP AS VALUES
    ('ALTER TABLE t ALTER c TYPE int'), (' '), (''), ('ü'), ('«a»'), ('a -- b'), ('a -- "b"'), (E'a -- "b"\n c'),
    ('"a"'), (E'"a"\n, "b"'), (E'"a""\n"'), ('""""'), ('/* " */'), (E'E''\\''"'' $a$"$a$'),
    ('''' || pg_temp.quoted('a') || ''''), ('/*' || pg_temp.quoted('') || '*/'), ('$$' || pg_temp.quoted('"') || '$$');
SELECT results_eq($test$
    SELECT s.text, boardinghouse._statement_text(pg_temp.quoted(s.text), 'q'),
           boardinghouse._statement_text(pg_temp.quoted(s.text) || E'\n' || pg_temp.quoted('DO ''"'''), 'q')
      FROM statement AS s
$test$, 'SELECT s.text, s.text, s.text FROM statement AS s', 'the text in a context is found, whatever it holds');


-- The schema's name in what PostgreSQL wrote.
SELECT results_eq($q$SELECT boardinghouse._relative_text(d.text, 's', 'f') FROM (VALUES
    (1, $$SELECT t.id FROM t, s.t x WHERE 's.t' <> t.a AND "s".f(x.a) = 100 % 7$$), (2, 'SELECT t.id FROM t, s.t s'), (3, 'SELECT x.s FROM s.t x'),
    (4, 'SELECT as_s.t FROM t'), (5, 'SELECT "s.".t FROM t'), (6, 'FROM s.t a, s."t %s" /* s.x */ b')) AS d (place, text) ORDER BY d.place$q$,
    $q$VALUES ($$SELECT t.id FROM t, %1$I.t x WHERE 's.t' <> t.a AND %1$I.f(x.a) = 100 %% 7$$), (NULL), (NULL), (NULL), (NULL), ('FROM %1$I.t a, %1$I."t %%s" /* s.x */ b')$q$,
    'the schema is found where it qualifies a name, and only where it can be nothing else');
SELECT is(boardinghouse._relative_text('SELECT s.t FROM s.t', 's', 's'), NULL, 'a name that means something else unsaid leaves the text as it is');
SELECT is(boardinghouse._relative_text('SELECT old.t FROM old.t', 'old'), NULL, 'so does the old row of a rule');
SELECT is(boardinghouse._relative_text('FROM "S ""%""".t', 'S "%"'), 'FROM %1$I.t', 'a quoted name is found');
SELECT is(boardinghouse._relative_text('FROM "日本".t', '日本'), 'FROM %1$I.t', 'a name of any letters is found');
SELECT * FROM finish();
ROLLBACK;
