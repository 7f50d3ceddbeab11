-- Layer 2: the USING of a type change, which no catalog keeps: found in the text of the command,
-- then read by PostgreSQL itself, so that its names become relative to the schema.
-- What is refused is refused with feature_not_supported; the type change goes with it.
--
-- Where a text was found on 15, 16 and 18, by the way it came from psql, psycopg 2 and psycopg 3:
--   alone, one of several in a string, extended protocol, prepared, pipelined    the client's query
--   DO, PL/pgSQL static and EXECUTE, procedure, nested, below a C or SQL function    the context
--   in a function in language SQL; the same column twice in one text    refused

-- _running_type_changes(relation, old_relation, column_names, statement)
--
-- Every column whose type the running ALTER TABLE sets, with its USING expression as written: also
-- where the type stays as it is, which no catalog tells though rows change. It is the one ALTER
-- TABLE in the text on this table, in the past named old_relation, that sets all of column_names.
-- Called below an event trigger function of this extension; or anywhere, with the text of the
-- command as statement. Raises feature_not_supported unless there is exactly one; without
-- column_names there may also be none.
CREATE FUNCTION boardinghouse._running_type_changes(
        relation oid, old_relation name, column_names text[], statement text DEFAULT NULL)
    RETURNS TABLE(column_name text, using_text text)
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    context text;
    numbers integer[];  -- of the statements that may be it
BEGIN
    IF statement IS NULL THEN
        GET DIAGNOSTICS context = PG_CONTEXT;
        statement := boardinghouse._statement_text(
            boardinghouse._context_of_command(context), current_query());
    END IF;
    -- A string was cut into tokens before its statements ran, one of which may have changed this.
    IF strpos(statement, E'\\') > 0
            AND (strpos(lower(statement), 'standard_conforming_strings') > 0
                 OR (current_setting('standard_conforming_strings') = 'off'
                     AND EXISTS (SELECT FROM boardinghouse._code(statement) AS c
                                   JOIN boardinghouse._code(statement) AS later
                                       ON later."position" > c."position"
                                  WHERE c.token = ';')))
            AND (cardinality(column_names) > 0
                 OR EXISTS (SELECT FROM boardinghouse._type_changes(statement) AS t)) THEN
        RAISE EXCEPTION 'cannot tell how the values of table "%" were converted', old_relation
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'What a backslash in the text of the command means depends on standard_conforming_strings.',
                  HINT = 'Run the ALTER TABLE on its own, with standard_conforming_strings on.';
    END IF;
    numbers := ARRAY(
        SELECT t.statement_number
          FROM boardinghouse._type_changes(statement) AS t
          JOIN pg_class AS c
            ON c.oid = _running_type_changes.relation
          JOIN pg_namespace AS n
            ON n.oid = c.relnamespace
         WHERE t.relation[cardinality(t.relation)] IN (c.relname::text, old_relation::text)
           AND coalesce(t.relation[cardinality(t.relation) - 1], n.nspname::text) = n.nspname::text
         GROUP BY t.statement_number
        HAVING array_agg(t.column_name) @> column_names);
    IF statement IS NULL OR cardinality(numbers) > 1
            OR (cardinality(numbers) = 0 AND cardinality(column_names) > 0)
            -- Without a column to know it by, the one found may have run before this command.
            OR (cardinality(numbers) = 1 AND cardinality(column_names) = 0 AND EXISTS (
                    SELECT FROM boardinghouse._code(statement) AS c
                      JOIN boardinghouse._code(statement) AS later
                          ON later."position" > c."position"
                     WHERE c.token = ';')) THEN
        RAISE EXCEPTION 'cannot tell how the values of table "%" were converted', old_relation
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = CASE
                      WHEN statement IS NULL THEN
                          'The text of the command is hidden, as in a function in language SQL.'
                      WHEN cardinality(numbers) > 1 THEN
                          'The text of the command has more than one ALTER TABLE that may be it.'
                      ELSE
                          format('The text of the command has no ALTER TABLE for the type of %s.',
                                 array_to_string(column_names, ', '))
                  END,
                  HINT = 'Run the ALTER TABLE on its own, or give it to boardinghouse.execute().';
    END IF;
    RETURN QUERY
        SELECT t.column_name, t.using_text
          FROM boardinghouse._type_changes(statement) AS t
         WHERE t.statement_number = numbers[1];
END;
$function$;
COMMENT ON FUNCTION boardinghouse._running_type_changes(oid, name, text[], text) IS
    'The columns whose type the running ALTER TABLE sets, and by which expression.';

-- _sets_default()
--
-- Whether the text of the running command says SET DEFAULT or DROP DEFAULT anywhere; true where it
-- is hidden. Called below an event trigger function of this extension.
CREATE FUNCTION boardinghouse._sets_default()
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    context text;
    statement text;
BEGIN
    GET DIAGNOSTICS context = PG_CONTEXT;
    statement := boardinghouse._statement_text(boardinghouse._context_of_command(context),
                                               current_query());
    RETURN statement IS NULL OR EXISTS (
        SELECT FROM (SELECT upper(c.token) AS word,
                     upper(lag(c.token) OVER (ORDER BY c."position")) AS previous
                       FROM boardinghouse._code(statement) AS c) AS w
         WHERE w.word = 'DEFAULT' AND w.previous IN ('SET', 'DROP'));
END;
$function$;
COMMENT ON FUNCTION boardinghouse._sets_default() IS
    'Whether the running command sets or drops a default apart from adding a column.';

-- _context_of_command(context)
--
-- What a context says below the lines of this extension: the command for which its event trigger
-- function fires. NULL where there is no such function in it.
CREATE FUNCTION boardinghouse._context_of_command(context text)
    RETURNS text
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
WITH line AS (
    SELECT l.line, l.place
      FROM string_to_table(context, E'\n') WITH ORDINALITY AS l(line, place)
), callee AS (
    SELECT min(l.place) AS place
      FROM line AS l
     CROSS JOIN boardinghouse._context_marks() AS m
      JOIN pg_proc AS p
        ON (regexp_match(l.line, m.line))[1]
           IN (p.proname || '()', 'boardinghouse.' || p.proname || '()')
      JOIN pg_namespace AS n
        ON n.oid = p.pronamespace
     WHERE n.nspname = 'boardinghouse'
       AND p.prorettype = 'event_trigger'::regtype
)
SELECT CASE WHEN c.place IS NOT NULL
            THEN coalesce(string_agg(l.line, E'\n' ORDER BY l.place), '') END
  FROM callee AS c
  LEFT JOIN line AS l
    ON l.place > c.place
 GROUP BY c.place
$function$;
COMMENT ON FUNCTION boardinghouse._context_of_command(text) IS
    'What a context says about the command for which an event trigger fires.';

-- _relative_using(template, relation, column_names, column_types, using_text, author_path,
--                 settings)
--
-- A USING expression with its names relative to schema template. It is parsed under the author's
-- path and settings, over a temporary table with the columns as they were before the change (their
-- types relative, too), and read back from there, in a subtransaction that is rolled back.
-- Literals come out as ISO dates, postgres intervals and UTC times. Raises feature_not_supported
-- where it does not parse so.
CREATE FUNCTION boardinghouse._relative_using(
        template name, relation name, column_names text[], column_types text[],
        using_text text, author_path text, settings jsonb DEFAULT '{}')
    RETURNS text
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    template_path CONSTANT text := format('%I, pg_catalog, pg_temp', template);
    parse_path CONSTANT text := CASE
        WHEN author_path ~ E'\\mpg_temp\\M' THEN author_path
        ELSE concat_ws(', ', nullif(author_path, ''), 'pg_temp') END;
    make_table CONSTANT text := (
        SELECT format('CREATE TEMPORARY TABLE pg_temp.%I (%s)', relation,
                      string_agg(format('%I %s', c.name, c.type), ', ' ORDER BY c.place))
          FROM unnest(column_names, column_types) WITH ORDINALITY AS c(name, type, place));
    make_probe CONSTANT text := format(
        'ALTER TABLE pg_temp.%I ADD CONSTRAINT boardinghouse_probe '
        'CHECK (pg_catalog.pg_typeof(%s) IS NULL)', relation, using_text);
    probe oid;
    expression text;
    reason text;
BEGIN
    BEGIN
        -- The author's path finds temporary tables and types first, the probe's last.
        IF EXISTS (SELECT FROM pg_type AS t
                    WHERE t.typnamespace = pg_my_temp_schema()
                      AND t.typname IN (SELECT c.token::name
                                          FROM boardinghouse._code(using_text) AS c
                                         WHERE c.kind IN ('word', 'identifier'))
                      AND t.typname <> relation) THEN
            RAISE EXCEPTION 'a temporary object has one of its names';
        END IF;
        IF to_regclass(format('pg_temp.%I', relation)) IS NOT NULL THEN
            EXECUTE format('ALTER TABLE pg_temp.%I RENAME TO boardinghouse_aside', relation);
        END IF;
        -- What runs under a path of others is one statement each, fully qualified.
        PERFORM set_config('search_path', template_path, true);
        EXECUTE make_table;
        PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
        PERFORM set_config(s.key, s.value, true)
           FROM jsonb_each_text(settings) AS s
          WHERE s.key <> 'search_path';
        PERFORM set_config('search_path', parse_path, true);
        EXECUTE make_probe;
        PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
        SELECT c.oid
          INTO STRICT probe
          FROM pg_constraint AS c
         WHERE c.conrelid = to_regclass(format('pg_temp.%I', relation))
           AND c.conname = 'boardinghouse_probe';
        IF EXISTS (SELECT
                     FROM pg_depend AS d
                    CROSS JOIN pg_identify_object(d.refclassid, d.refobjid, 0) AS i
                    WHERE d.classid = 'pg_constraint'::regclass
                      AND d.objid = probe
                      AND NOT (d.refclassid = 'pg_class'::regclass
                               AND d.refobjid = to_regclass(format('pg_temp.%I', relation)))
                      AND starts_with(i.schema, 'pg_temp')) THEN
            RAISE EXCEPTION 'it uses a temporary object';
        END IF;
        PERFORM set_config(s.name, s.setting, true)
           FROM (VALUES ('DateStyle', 'ISO'), ('IntervalStyle', 'postgres'), ('TimeZone', 'UTC'),
                        ('extra_float_digits', '1'), ('bytea_output', 'hex'),
                        ('quote_all_identifiers', 'off'),
                        ('standard_conforming_strings', 'on')) AS s(name, setting);
        PERFORM set_config('search_path', template_path, true);
        expression := pg_catalog.pg_get_constraintdef(probe);
        RAISE SQLSTATE 'BH000';
    EXCEPTION
        WHEN SQLSTATE 'BH000' THEN
            expression := (regexp_match(expression,
                E'^CHECK \\(\\((?:pg_catalog\\.)?pg_typeof\\((.*)\\) IS NULL\\)\\)$'))[1];
        WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS reason = MESSAGE_TEXT;
    END;
    IF expression IS NULL THEN
        RAISE EXCEPTION 'cannot mirror USING % of table "%"', using_text, relation
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = format('Read on its own, it fails: %s.',
                                  coalesce(reason, 'not understood')),
                  HINT = 'Use bare column names, and nothing temporary.';
    END IF;
    RETURN expression;
END;
$function$;
COMMENT ON FUNCTION boardinghouse._relative_using(name, name, text[], text[], text, text, jsonb) IS
    'A USING expression with its names relative to a schema.';
