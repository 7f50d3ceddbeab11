-- Layer 6, the engine at work: clone_schema() and describe().

-- _snapshot_is_valid()
--
-- Whether the snapshot belongs to the template of this database.
CREATE FUNCTION boardinghouse._snapshot_is_valid()
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT EXISTS (
            SELECT FROM boardinghouse.snapshot AS s
              JOIN pg_namespace AS n ON s.id = concat('pg_namespace ', n.oid, ' 0')
             WHERE n.nspname = '__template__' AND s.kind = 'schema'));
END;
$function$;

-- _source_parts(source, include_data)
--
-- The parts of the source, read under locks: the shared lock of the extension to the end of the
-- transaction and, where rows are to be copied, the tables in SHARE mode. DDL holds its table
-- before it asks for the extension's lock; so a table is never waited for while holding that, or
-- both would wait forever. The template is read from its snapshot, which is what every tenant has.
CREATE FUNCTION boardinghouse._source_parts(source text, include_data boolean)
    RETURNS boardinghouse.part[]
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    patience interval := coalesce(NULLIF(current_setting('lock_timeout'), '0'), '60s')::interval;
    since timestamp with time zone := clock_timestamp();
    parts boardinghouse.part[];
    locking text;
BEGIN
    LOOP
        BEGIN
            PERFORM boardinghouse._lock(false);
            SELECT string_agg(format('%I.%I', source, c.relname), ', ' ORDER BY c.relname) INTO locking
              FROM pg_class AS c
             WHERE c.oid = ANY (boardinghouse._relations(source)) AND c.relkind = 'r';
            IF include_data AND locking IS NOT NULL THEN
                EXECUTE format('LOCK TABLE %s IN SHARE MODE NOWAIT', locking);
            END IF;
            IF source = '__template__' AND boardinghouse._snapshot_is_valid() THEN
                parts := ARRAY(SELECT s::boardinghouse.part FROM boardinghouse.snapshot AS s);
            ELSE
                -- What the deparse functions lock is given back: the variable survives.
                BEGIN
                    IF locking IS NOT NULL THEN
                        EXECUTE format('LOCK TABLE %s IN ACCESS SHARE MODE NOWAIT', locking);
                    END IF;
                    parts := ARRAY(SELECT i FROM boardinghouse._inventory(source) AS i);
                    RAISE EXCEPTION USING ERRCODE = 'BH000';
                EXCEPTION
                    WHEN SQLSTATE 'BH000' THEN NULL;
                END;
            END IF;
            EXIT;
        EXCEPTION
            WHEN lock_not_available THEN
                IF clock_timestamp() - since > patience THEN
                    RAISE EXCEPTION 'schema "%" is being changed', source
                        USING ERRCODE = 'lock_not_available',
                              HINT = 'Try again when the other transaction has ended.';
                END IF;
        END;
        PERFORM pg_sleep(0.01);
    END LOOP;
    RETURN parts;
END;
$function$;

-- _clone(source, target, include_data)
--
-- Make schema target like source. No checks of names.
CREATE FUNCTION boardinghouse._clone(source text, target text, include_data boolean)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    parts boardinghouse.part[] := boardinghouse._source_parts(source, include_data);
    statements boardinghouse.statement[];
BEGIN
    statements := ARRAY(SELECT s FROM boardinghouse._plan('{}', parts, false, current_user) AS s ORDER BY s."position");
    BEGIN
        EXECUTE format('CREATE SCHEMA %I', target);
    EXCEPTION
        WHEN unique_violation THEN      -- another session made it meanwhile
            RAISE EXCEPTION 'schema "%" already exists', target
                USING ERRCODE = 'duplicate_schema',
                      HINT = 'Drop it first, or choose another name.';
    END;
    IF include_data THEN
        PERFORM boardinghouse._apply(ARRAY(SELECT s FROM unnest(statements) AS s WHERE NOT s.is_late), ARRAY[target]);
        PERFORM boardinghouse._copy_rows(source, target);
        PERFORM boardinghouse._apply(ARRAY(SELECT s FROM unnest(statements) AS s WHERE s.is_late), ARRAY[target]);
    ELSE
        PERFORM boardinghouse._apply(statements, ARRAY[target]);
    END IF;
    PERFORM boardinghouse._align_privileges(ARRAY[target], parts);
END;
$function$;

-- clone_schema(source, target, include_data)
--
-- Create schema target like source: its structure, and its rows when asked for.
-- Waits for DDL on the template; other clones go on side by side.
CREATE FUNCTION boardinghouse.clone_schema(source text, target text, include_data boolean DEFAULT false)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM boardinghouse._check_free(target);
    PERFORM boardinghouse._namespace(source);
    PERFORM boardinghouse._clone(source, target, coalesce(include_data, false));
END;
$function$;
COMMENT ON FUNCTION boardinghouse.clone_schema(text, text, boolean) IS
    'Create a schema like another one: its structure, and its rows when asked for.';

-- describe(schema)
--
-- The DDL that makes a schema, in a working order; names inside it come out bare.
CREATE FUNCTION boardinghouse.describe(schema text)
    RETURNS TABLE ("position" integer, kind text, object text, ddl text)
    LANGUAGE sql
    STABLE
    ROWS 1000
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT s."position", s.kind, s.object, CASE WHEN s.names_schema THEN format(s.ddl, schema) ELSE s.ddl END
      FROM boardinghouse._plan('{}', ARRAY(SELECT i FROM boardinghouse._inventory(schema) AS i), false) AS s
     ORDER BY s."position"
$function$;
COMMENT ON FUNCTION boardinghouse.describe(text) IS 'The DDL that makes a schema, in a working order.';
