-- Layer 2: reading the text of statements - tokens, the type changes in a text, and the text that
-- a command was run from. Reads text only, never the catalogs, and calls nothing lower.

-- _tokens(statement)
--
-- Cut a text into the tokens of PostgreSQL's lexer, in time proportional to the text. Every
-- character belongs to exactly one, space and comments included. The kinds, and what the token is:
--   word                     in lower case
--   identifier, unicode      what is between the quotes of "", of U&"" (there still escaped)
--   operator, punctuation    as it stands
--   number, string, space, comment, incomplete (cut off by the end)    NULL
CREATE FUNCTION boardinghouse._tokens(statement text)
    RETURNS TABLE("position" integer, length integer, kind text, token text)
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    letter CONSTANT text := E'^[^\\u0001-@\\[-^`{-\\u007F]';
    space CONSTANT text := E'^[ \\t\\f\\v\\r\\n]';
    sign CONSTANT text := '^[-~!@#^&|`?+*/%<>=]';
    plain_escapes CONSTANT boolean := current_setting('standard_conforming_strings') = 'off';
    escapes boolean := false;
    pieces text[];      -- words, runs of digits, of space, of line ends; any other character alone
    ends integer[];     -- the position of the last character of each
    total integer;
    start integer;
    place integer := 1; -- the piece after what is read
    quote text;
    tag text;
    level integer;
BEGIN
    SELECT array_agg(p.piece ORDER BY p.place),
           array_agg(p.finish ORDER BY p.place),
           count(*)::integer
      INTO pieces, ends, total
      FROM (SELECT m.match[1] AS piece, m.place,
                   sum(char_length(m.match[1])) OVER (ORDER BY m.place)::integer AS finish
              FROM regexp_matches(statement,
                       E'[^\\u0001-@\\[-^`{-\\u007F][^\\u0001-/:-@\\[-^`{-\\u007F]*'
                       '|[0-9]+|[ \\t\\f\\v]+|[\\r\\n]+|.', 'g')
                   WITH ORDINALITY AS m(match, place)) AS p;
    pieces := pieces || ARRAY['', '', ''];
    WHILE place <= total LOOP
        start := place;
        place := place + 1;
        token := NULL;
        quote := CASE
            WHEN pieces[start] IN ('''', '"') THEN pieces[start]
            WHEN pieces[start] IN ('B', 'b', 'E', 'e', 'N', 'n', 'X', 'x') AND pieces[place] = ''''
                THEN ''''
            WHEN pieces[start] IN ('U', 'u') AND pieces[place] = '&'
                AND pieces[place + 1] IN ('''', '"') THEN pieces[place + 1]
        END;
        IF pieces[start] ~ space THEN
            kind := 'space';
            WHILE pieces[place] ~ space LOOP
                place := place + 1;
            END LOOP;
        ELSIF pieces[start] = '-' AND pieces[place] = '-' THEN
            kind := 'comment';
            WHILE place <= total AND pieces[place] !~ E'^[\\r\\n]' LOOP
                place := place + 1;
            END LOOP;
        ELSIF pieces[start] = '/' AND pieces[place] = '*' THEN
            kind := 'comment';
            level := 1;
            WHILE place <= total AND level > 0 LOOP
                place := place + 1;
                IF pieces[place] = '*' AND pieces[place + 1] = '/' THEN
                    level := level - 1;
                    place := place + 1;
                ELSIF pieces[place] = '/' AND pieces[place + 1] = '*' THEN
                    level := level + 1;
                    place := place + 1;
                END IF;
            END LOOP;
            place := place + 1;
        ELSIF quote IS NOT NULL THEN
            -- A string after a string, only space between, goes on with it, escapes included.
            escapes := pieces[start] IN ('E', 'e')
                OR (pieces[start] = '''' AND (escapes OR plain_escapes));
            kind := CASE
                WHEN quote = '''' THEN 'string'
                WHEN pieces[start] = '"' THEN 'identifier'
                ELSE 'unicode'
            END;
            WHILE pieces[place - 1] <> quote LOOP
                place := place + 1;
            END LOOP;
            WHILE place <= total AND (pieces[place] <> quote OR pieces[place + 1] = quote) LOOP
                IF pieces[place] = quote OR (pieces[place] = E'\\' AND escapes) THEN
                    place := place + 1;
                END IF;
                IF quote = '"' THEN
                    token := concat(token, pieces[place]);
                END IF;
                place := place + 1;
            END LOOP;
            place := place + 1;
        ELSIF pieces[start] = '$' AND (pieces[place] = '$'
                OR (pieces[place] ~ letter AND pieces[place + 1] = '$')) THEN
            kind := 'string';
            tag := CASE WHEN pieces[place] = '$' THEN '' ELSE pieces[place] END;
            place := place + CASE tag WHEN '' THEN 1 ELSE 2 END;
            WHILE place <= total AND (pieces[place] <> '$' OR CASE tag
                    WHEN '' THEN pieces[place + 1] <> '$'
                    ELSE pieces[place + 1] <> tag OR pieces[place + 2] <> '$' END) LOOP
                place := place + 1;
            END LOOP;
            place := place + CASE tag WHEN '' THEN 2 ELSE 3 END;
        ELSIF pieces[start] ~ letter THEN
            kind := 'word';
            token := pieces[start];
            WHILE pieces[place] ~ '^[$0-9]' OR pieces[place] ~ letter LOOP
                token := token || pieces[place];
                place := place + 1;
            END LOOP;
            token := lower(token COLLATE "C");
        ELSIF pieces[start] ~ '^[0-9]' OR (pieces[start] = '.' AND pieces[place] ~ '^[0-9]') THEN
            kind := 'number';
            WHILE pieces[place] ~ '^[0-9]' OR pieces[place] ~ letter
                    OR (pieces[place + 1] ~ '^[0-9]' AND (pieces[place] = '.'
                        OR (pieces[place] IN ('+', '-') AND pieces[place - 1] IN ('E', 'e')))) LOOP
                place := place + 1;
            END LOOP;
        ELSIF pieces[start] ~ sign THEN
            kind := 'operator';
            token := pieces[start];
            WHILE pieces[place] ~ sign
                    AND pieces[place] || pieces[place + 1] NOT IN ('--', '/*') LOOP
                token := token || pieces[place];
                place := place + 1;
            END LOOP;
        ELSE
            kind := 'punctuation';
            token := pieces[start];
            IF token = ':' AND pieces[place] = ':' THEN
                token := '::';
                place := place + 1;
            END IF;
        END IF;
        IF place > total + 1 THEN
            kind := 'incomplete';
            place := total + 1;
        END IF;
        IF kind NOT IN ('space', 'comment', 'string') THEN
            escapes := false;
        END IF;
        "position" := ends[start] - char_length(pieces[start]) + 1;
        length := ends[place - 1] - "position" + 1;
        RETURN NEXT;
    END LOOP;
END;
$function$;
COMMENT ON FUNCTION boardinghouse._tokens(text) IS 'The tokens of a text of SQL.';

-- _unescape(value, escape)
--
-- The name that a U&"" identifier stands for.
CREATE FUNCTION boardinghouse._unescape(value text, escape text)
    RETURNS text
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
SELECT CASE escape
       WHEN E'\\' THEN unistr(value)
       ELSE replace(unistr(replace(replace(replace(value, E'\\', E'\\\\'),
                                           escape || escape, E'\x01'),
                                   escape, E'\\')), E'\x01', escape)
       END
$function$;
COMMENT ON FUNCTION boardinghouse._unescape(text, text) IS
    'The name that a U&"" identifier stands for.';

-- _code(statement)
--
-- The tokens that count: space and comments left out, U&"" read together with its UESCAPE.
CREATE FUNCTION boardinghouse._code(statement text)
    RETURNS TABLE("position" integer, length integer, kind text, token text)
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
WITH code AS (
    SELECT t.*,
           lag(t.kind, 2) OVER near || ' ' || lag(t.token) OVER near AS before,
           lag(t.kind) OVER near || ' ' || t.token AS here,
           lead(t.token) OVER near AS after,
           lead(t."position", 2) OVER near AS escape_position
      FROM boardinghouse._tokens(statement) AS t
     WHERE t.kind NOT IN ('space', 'comment')
    WINDOW near AS (ORDER BY t."position")
)
SELECT c."position",
       c.length,
       CASE c.kind WHEN 'unicode' THEN 'identifier' ELSE c.kind END,
       CASE c.kind
           WHEN 'unicode' THEN boardinghouse._unescape(c.token, CASE c.after
               WHEN 'uescape' THEN substr(statement, c.escape_position + 1, 1) ELSE E'\\' END)
           ELSE c.token
       END
  FROM code AS c
 WHERE 'unicode uescape' NOT IN (coalesce(c.before, ''), coalesce(c.here, ''))
 ORDER BY c."position"
$function$;
COMMENT ON FUNCTION boardinghouse._code(text) IS
    'The tokens of a text of SQL without space and comments.';

-- _relative_text(definition, schema, hidden)
--
-- A definition that PostgreSQL wrote, as a format() string in which %1$I stands for the schema
-- wherever it qualifies a name: PostgreSQL does so where a WITH query has the name of a table. NULL
-- where the schema is not named, or where what looks like it may be the name of something else: of
-- a column or alias in the text, or one of hidden, which the text can refer to without naming it.
CREATE FUNCTION boardinghouse._relative_text(definition text, schema text,
                                             VARIADIC hidden text[] DEFAULT '{}')
    RETURNS text
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    relative text := '';
    place integer := 1;
    name record;
BEGIN
    IF strpos(definition, quote_ident(schema) || '.') = 0
            OR schema = ANY (hidden || ARRAY['old', 'new', 'excluded']) THEN
        RETURN NULL;
    END IF;
    FOR name IN
        SELECT c."position", c.length, c.before, c.after
          FROM (SELECT o."position", o.length, o.kind, o.token,
                       lag(o.token) OVER near AS before, lead(o.token) OVER near AS after
                  FROM boardinghouse._code(definition) AS o
                WINDOW near AS (ORDER BY o."position")) AS c
         WHERE c.kind IN ('word', 'identifier') AND c.token = schema
         ORDER BY c."position"
    LOOP
        IF name.before = '.' OR name.after IS DISTINCT FROM '.' THEN
            RETURN NULL;
        END IF;
        relative := relative
            || replace(substr(definition, place, name."position" - place), '%', '%%') || '%1$I';
        place := name."position" + name.length;
    END LOOP;
    RETURN CASE WHEN place > 1 THEN relative || replace(substr(definition, place), '%', '%%') END;
END;
$function$;

-- _type_changes(statement)
--
-- Every ALTER [COLUMN] ... TYPE of every ALTER [FOREIGN] TABLE in a text of one or more statements:
-- the table's name in its parts, the column, and the USING expression as written, if there is one.
-- No rows where the text is not whole.
CREATE FUNCTION boardinghouse._type_changes(statement text)
    RETURNS TABLE(statement_number integer, relation text[], column_name text, using_text text)
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    names text[];       -- of each token: the word or identifier
    words text[];       -- of each token: the word or sign, '' for what is quoted
    starts integer[];   -- of each token: the position of its first character
    ends integer[];     -- of each token: the position after its last character
    total integer;
    place integer := 1;
    depth integer;      -- in parentheses and brackets
    body integer;       -- in BEGIN ATOMIC ... END, and CASE ... END in it
    name_place integer;
    type_place integer;
    using_place integer;
BEGIN
    SELECT array_agg(c.token ORDER BY c."position"),
           array_agg(CASE c.kind WHEN 'identifier' THEN '' ELSE coalesce(c.token, '') END
               ORDER BY c."position"),
           array_agg(c."position" ORDER BY c."position"),
           array_agg(c."position" + c.length ORDER BY c."position"),
           CASE WHEN bool_or(c.kind = 'incomplete') THEN 0 ELSE count(*)::integer END
      INTO names, words, starts, ends, total
      FROM boardinghouse._code(statement) AS c;
    words := words || ARRAY['', '', ''];
    statement_number := 1;
    WHILE place <= total LOOP
        -- Here a statement begins.
        relation := NULL;
        type_place := CASE
            WHEN words[place] <> 'alter' THEN NULL
            WHEN words[place + 1] = 'table' THEN place + 2
            WHEN words[place + 1] = 'foreign' AND words[place + 2] = 'table' THEN place + 3
        END;
        IF type_place IS NOT NULL THEN
            place := type_place;
            IF words[place] = 'if' AND words[place + 1] = 'exists' THEN
                place := place + 2;
            END IF;
            WHILE words[place] IN ('only', '(') LOOP
                place := place + 1;
            END LOOP;
            relation := ARRAY[names[place]::name::text];
            WHILE words[place + 1] = '.' LOOP
                place := place + 2;
                relation := relation || names[place]::name::text;
            END LOOP;
            place := place + 1;
            WHILE words[place] IN (')', '*') LOOP
                place := place + 1;
            END LOOP;
        END IF;
        -- Here one of its clauses begins.
        LOOP
            name_place := place + CASE words[place + 1] WHEN 'column' THEN 2 ELSE 1 END;
            type_place := name_place + 1;
            IF words[type_place] = 'set' AND words[type_place + 1] = 'data' THEN
                type_place := type_place + 2;
            END IF;
            IF words[place] <> 'alter' OR words[name_place] = 'constraint'
                    OR words[type_place] <> 'type' THEN
                type_place := NULL;
            END IF;
            using_place := NULL;
            depth := 0;
            body := 0;
            WHILE place <= total AND (depth > 0 OR body > 0 OR words[place] NOT IN (',', ';')) LOOP
                CASE
                    WHEN words[place] IN ('(', '[') THEN depth := depth + 1;
                    WHEN words[place] IN (')', ']') THEN depth := depth - 1;
                    WHEN words[place] = 'atomic' AND words[place - 1] = 'begin' THEN body := 1;
                    WHEN words[place] = 'case' AND body > 0 THEN body := body + 1;
                    WHEN words[place] = 'end' AND body > 0 THEN body := body - 1;
                    WHEN words[place] = 'using' AND words[place - 1] <> '.' AND depth = 0 THEN
                        using_place := coalesce(using_place, place);
                    ELSE
                END CASE;
                place := place + 1;
            END LOOP;
            IF relation IS NOT NULL AND type_place < coalesce(using_place, place) - 1
                    AND (using_place < place - 1 OR using_place IS NULL) THEN
                column_name := names[name_place]::name::text;
                using_text := substr(statement, starts[using_place + 1],
                    ends[place - 1] - starts[using_place + 1]);
                RETURN NEXT;
            END IF;
            EXIT WHEN words[place] <> ',';
            place := place + 1;
        END LOOP;
        place := place + 1;
        statement_number := statement_number + 1;
    END LOOP;
END;
$function$;
COMMENT ON FUNCTION boardinghouse._type_changes(text) IS
    'The column type changes in a text of SQL.';

-- _context()
--
-- The lines of PL/pgSQL that lead here, innermost first.
CREATE FUNCTION boardinghouse._context()
    RETURNS text
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    context text;
BEGIN
    GET DIAGNOSTICS context = PG_CONTEXT;
    RETURN context;
END;
$function$;
COMMENT ON FUNCTION boardinghouse._context() IS 'The lines of context that lead here.';

-- _context_marks()
--
-- How a context is written in the language of lc_messages, learned from one of known content: what
-- stands before and after the text of a statement, and a pattern for the lines of PL/pgSQL that
-- finds the function.
CREATE FUNCTION boardinghouse._context_marks(OUT opening text, OUT closing text, OUT line text)
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    command CONSTANT text := 'SELECT boardinghouse._context()';
    context text;
BEGIN
    EXECUTE command INTO context;
    opening := split_part(split_part(context, E'\n', 2), command, 1);
    closing := split_part(split_part(context, E'\n', 2), command, 2);
    line := regexp_replace(split_part(context, E'\n', 1), E'([][(){}.*+?^$|\\\\])', E'\\\\\\1', 'g');
    line := regexp_replace(line, '[0-9]+', '[0-9]+');
    line := replace(line, 'GET DIAGNOSTICS', '.+');
    line := '^' || replace(line, E'boardinghouse\\._context\\(\\)', '(.+)') || '$';
END;
$function$;
COMMENT ON FUNCTION boardinghouse._context_marks() IS
    'How lines of context are written in the language of the messages.';

-- _statement_text(context, client_query)
--
-- The text that holds the command for which an event trigger fires: the innermost statement of its
-- context, or the client's query where the context is empty; NULL where the command was run by
-- something that does not show its text. The text in a context is not escaped: it ends at the first
-- closing mark that leaves no string, name or comment open and has a line of context after it.
CREATE FUNCTION boardinghouse._statement_text(context text, client_query text)
    RETURNS text
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    mark record;
    piece record;
    statement text;
BEGIN
    IF context = '' THEN
        RETURN client_query;
    END IF;
    SELECT m.opening, m.closing, m.line, m.closing || E'\n' AS separator
      INTO mark
      FROM boardinghouse._context_marks() AS m;
    IF NOT starts_with(context, mark.opening) THEN
        RETURN NULL;
    END IF;
    FOR piece IN
        SELECT p.text, split_part(lead(p.text) OVER (ORDER BY p.place), E'\n', 1) AS next_line
          FROM string_to_table(
                   substr(context, char_length(mark.opening) + 1) || E'\n', mark.separator)
               WITH ORDINALITY AS p(text, place)
         ORDER BY p.place
    LOOP
        statement := concat(statement || mark.separator, piece.text);
        IF (piece.next_line = '' OR piece.next_line ~ mark.line
                OR starts_with(piece.next_line, mark.opening))
            AND NOT EXISTS (SELECT
                              FROM boardinghouse._tokens(statement) AS t
                             WHERE t.kind = 'incomplete') THEN
            RETURN statement;
        END IF;
    END LOOP;
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION boardinghouse._statement_text(text, text) IS
    'The text that holds the command for which an event trigger fires.';
