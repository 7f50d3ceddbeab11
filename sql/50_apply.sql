-- Layer 5, apply: statements -> done. The only layer that executes the statements of a plan.

-- A statement on its way into one schema.
CREATE TYPE boardinghouse.step AS (
    target text,
    ddl text
);

-- _path_behind(path)
--
-- What stands behind the target in the search_path under which statements in relative form run:
-- their names are in the target or in pg_catalog; what functions look up while they run is found
-- where their author finds it.
CREATE FUNCTION boardinghouse._path_behind(path text[])
    RETURNS text
    LANGUAGE sql
    IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT concat_ws(', ', 'pg_catalog',
                     (SELECT string_agg(quote_ident(p.item), ', ' ORDER BY p.ordinality)
                        FROM unnest(path) WITH ORDINALITY AS p (item, ordinality)
                       WHERE p.item NOT IN ('pg_catalog', '__template__')
                           AND NOT starts_with(p.item, 'pg_temp')),
                     'pg_temp')
$function$;

-- _apply(statements, schemata, path)
--
-- Run the statements of a plan in each of the schemata, in the caller's transaction and rights.
-- path: the schemata that functions may look things up in, beside the target. An error keeps its
-- SQLSTATE and names the schema and the one statement.
CREATE FUNCTION boardinghouse._apply(statements boardinghouse.statement[], schemata text[],
                                     path text[] DEFAULT '{public}')
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET check_function_bodies = off
    SET default_tablespace = ''
    SET default_table_access_method = 'heap'
    SET client_min_messages = warning
    SET standard_conforming_strings = on
    SET boardinghouse.allow_drift = on
AS $function$
DECLARE
    behind CONSTANT text := boardinghouse._path_behind(path);
    role CONSTANT text := current_setting('role');
    steps boardinghouse.step[];
    target text;
    ddl text;
BEGIN
    -- Everything is worked out before the first path is set: below, names and operators would be
    -- looked up in the tenant first.
    WITH merged AS (
        -- The foreign keys of one table go in one statement, which asks for each lock once; so do
        -- the type changes, for each USING sees the row as it was before all of them.
        SELECT min(s."position") AS "position", s.names_schema,
               bool_and(s.action IN ('drop', 'rename')) AS is_strict,
               CASE WHEN s.relation IS NULL THEN min(s.ddl)
                    ELSE format('ALTER TABLE %s ', s.relation)
                         || string_agg(substr(s.ddl,
                                              length(format('ALTER TABLE %s ', s.relation)) + 1),
                                              ', ' ORDER BY s."position") END AS ddl
          FROM unnest(statements) AS s
         GROUP BY s.names_schema, s.kind, s.relation, CASE WHEN s.relation IS NULL
             THEN s."position" END
    ),
    -- What is dropped or renamed is the target's own, or not there: never one of its name elsewhere.
    turn AS (
        SELECT m."position", m.is_strict
          FROM (SELECT s."position", s.is_strict,
                       lag(s.is_strict) OVER (ORDER BY s."position") AS was_strict
                  FROM merged AS s) AS m
         WHERE m.is_strict IS DISTINCT FROM m.was_strict
    )
    SELECT array_agg(ROW(t.schema, x.ddl)::boardinghouse.step
                     ORDER BY t.ordinality, x."position", x.place) INTO steps
      FROM unnest(schemata) WITH ORDINALITY AS t (schema, ordinality)
      CROSS JOIN LATERAL (
            SELECT u."position", 0, format('SET LOCAL search_path = %I, %s', t.schema,
                                           CASE WHEN u.is_strict THEN 'pg_catalog, pg_temp'
                                                ELSE behind END)
              FROM turn AS u
             UNION ALL
            SELECT m."position", 1, CASE WHEN m.names_schema THEN format(m.ddl, t.schema)
                ELSE m.ddl END
              FROM (SELECT s."position", s.names_schema,
                           -- What another granted is granted in his name.
                           CASE WHEN role <> 'none' AND s.ddl ~ '^SET ROLE .* RESET ROLE$'
                                THEN left(s.ddl, -length('RESET ROLE'))
                                     || concat('SET ROLE ', CASE WHEN s.names_schema
                                               THEN replace(quote_ident(role), '%', '%%')
                                               ELSE quote_ident(role) END)
                                ELSE s.ddl END AS ddl
                      FROM merged AS s) AS m
           ) AS x ("position", place, ddl);
    IF steps IS NULL THEN
        RETURN;
    END IF;
    -- A schema that is not there would drop out of the path, and new objects land in pg_catalog.
    SELECT s.schema INTO target
      FROM unnest(schemata) AS s (schema)
     WHERE NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = s.schema::name);
    IF FOUND THEN
        PERFORM boardinghouse._namespace(target);
    END IF;
    FOREACH target, ddl IN ARRAY steps LOOP
        EXECUTE ddl;
    END LOOP;
EXCEPTION
    WHEN OTHERS THEN
        -- Here the search_path is the function's own again.
        DECLARE
            state text;
            message text;
            detail text;
            hint text;
            column_name text;
            constraint_name text;
            table_name text;
        BEGIN
            GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
            detail = PG_EXCEPTION_DETAIL,
                hint = PG_EXCEPTION_HINT, column_name = COLUMN_NAME,
                constraint_name = CONSTRAINT_NAME, table_name = TABLE_NAME;
            IF state = '53200' THEN
                hint := concat_ws(E'\n', NULLIF(hint, ''),
                                  'One transaction locks the objects of every tenant: raise max_locks_per_transaction.');
            END IF;
            message := format('schema "%s": %s', target, message);
            detail := concat_ws(E'\n', NULLIF(detail, ''), 'Statement: ' || ddl);
            IF hint = '' THEN       -- an empty one would be shown
                RAISE EXCEPTION USING
                    ERRCODE = state, MESSAGE = message, DETAIL = detail,
                    COLUMN = column_name, CONSTRAINT = constraint_name, TABLE = table_name,
                    SCHEMA = target;
            END IF;
            RAISE EXCEPTION USING
                ERRCODE = state, MESSAGE = message, DETAIL = detail, HINT = hint,
                COLUMN = column_name, CONSTRAINT = constraint_name, TABLE = table_name,
                SCHEMA = target;
        END;
END;
$function$;

-- _align_privileges(schemata, parts)
--
-- Make the grants in the schemata those of the parts (NULL: of the snapshot): take away what ALTER
-- DEFAULT PRIVILEGES of the role gave to new objects.
CREATE FUNCTION boardinghouse._align_privileges(schemata text[],
                                                parts boardinghouse.part[] DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    target text;
    grants boardinghouse.part[];
    statements boardinghouse.statement[];
BEGIN
    IF parts IS NULL THEN
        grants := ARRAY(SELECT s::boardinghouse.part FROM boardinghouse.snapshot AS s
                        WHERE s.kind IN ('grant', 'revoke', 'default privilege'));
    ELSE
        grants := ARRAY(SELECT p FROM unnest(parts) AS p
                        WHERE p.kind IN ('grant', 'revoke', 'default privilege'));
    END IF;
    FOREACH target IN ARRAY schemata LOOP
        statements := ARRAY(
            SELECT s FROM boardinghouse._plan(ARRAY(SELECT i
                                                    FROM boardinghouse._inventory(target, NULL,
                                                    true) AS i), grants, false) AS s
             ORDER BY s."position");
        PERFORM boardinghouse._apply(statements, ARRAY[target]);
    END LOOP;
END;
$function$;
