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

-- _forget_recipes()
--
-- Trigger function: what was worked out from the snapshot no longer holds. Who is just working out
-- one of the version before is not seen here, nor is his by anyone after.
CREATE FUNCTION boardinghouse._forget_recipes()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    DELETE FROM boardinghouse.recipe;
    UPDATE boardinghouse.snapshot_version SET version = version + 1;
    RETURN NULL;
END;
$function$;
CREATE TRIGGER forget_recipes
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON boardinghouse.snapshot
    FOR EACH STATEMENT EXECUTE FUNCTION boardinghouse._forget_recipes();

-- _recipe(parts, creator, has_rows)
--
-- The statements with which this role makes a schema of these parts, for rows to be copied into or
-- not; and the shared tables that they lock: those that foreign keys refer to and that are no parts.
CREATE FUNCTION boardinghouse._recipe(parts boardinghouse.part[], creator name, has_rows boolean,
                                      OUT statements boardinghouse.statement[],
                                      OUT shared_tables oid[])
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    fillable CONSTANT boardinghouse.part[] := boardinghouse._fillable(parts);
BEGIN
    statements := ARRAY(
        SELECT s FROM boardinghouse._plan('{}', fillable, false, creator,
                                          has_rows => _recipe.has_rows) AS s
         ORDER BY s."position");
    shared_tables := ARRAY(
        SELECT split_part(n.id, ' ', 2)::oid
          FROM unnest(parts) AS p
          CROSS JOIN LATERAL unnest(p.needs) AS n (id)
         WHERE p.kind = 'foreign key'
        EXCEPT
        SELECT split_part(p.id, ' ', 2)::oid FROM unnest(parts) AS p WHERE p.kind = 'table');
END;
$function$;

-- _has_rows(schema)
--
-- Whether any table of a schema has rows.
CREATE FUNCTION boardinghouse._has_rows(schema text)
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    relations CONSTANT oid[] := boardinghouse._relations(schema);
BEGIN
    RETURN EXISTS (
        SELECT FROM pg_class AS c
         WHERE c.oid = ANY (relations) AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0);
END;
$function$;

-- _template_recipe(creator, has_rows)
--
-- What _recipe() says of the template as of its snapshot. Worked out once for each version of that,
-- for it takes a tenth of the time that it takes to run the statements. Runs as the owner of the
-- extension, but takes no SQL from its caller.
CREATE FUNCTION boardinghouse._template_recipe(creator name, has_rows boolean,
                                               OUT statements boardinghouse.statement[],
                                               OUT shared_tables oid[])
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    -- Before the snapshot: one that is written in between has another version.
    latest CONSTANT bigint := (SELECT v.version FROM boardinghouse.snapshot_version AS v);
    recipe record;
BEGIN
    SELECT r.statements, r.shared_tables INTO recipe
      FROM boardinghouse.recipe AS r
     WHERE r.version = latest AND r.creator = _template_recipe.creator
       AND r.has_rows = _template_recipe.has_rows
     LIMIT 1;
    IF NOT FOUND THEN
        SELECT r.* INTO recipe
          FROM boardinghouse._recipe(ARRAY(SELECT s::boardinghouse.part
                                             FROM boardinghouse.snapshot AS s),
                                     creator, has_rows) AS r;
        INSERT INTO boardinghouse.recipe
        VALUES (latest, creator, has_rows, recipe.statements, recipe.shared_tables);
    END IF;
    statements := recipe.statements;
    shared_tables := recipe.shared_tables;
END;
$function$;

-- _fillable(parts)
--
-- These parts, without the filling of materialized views that read one that is empty.
CREATE FUNCTION boardinghouse._fillable(parts boardinghouse.part[])
    RETURNS boardinghouse.part[]
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM unnest(parts) AS p WHERE p.kind = 'materialized view'
                   AND NOT EXISTS (SELECT FROM unnest(parts) AS f
                                   WHERE f.kind = 'populated' AND f.id = p.id)) THEN
        RETURN parts;
    END IF;
    RETURN ARRAY(
        WITH RECURSIVE empty (id) AS (
            SELECT p.id FROM unnest(parts) AS p
             WHERE p.kind = 'materialized view'
               AND NOT EXISTS (SELECT FROM unnest(parts) AS f
                               WHERE f.kind = 'populated' AND f.id = p.id)
             UNION
            SELECT v.id FROM empty AS e
              JOIN unnest(parts) AS v ON v.kind IN ('view', 'materialized view')
                  AND e.id = ANY (v.needs)
        )
        SELECT p FROM unnest(parts) AS p
         WHERE p.kind <> 'populated' OR p.id NOT IN (SELECT e.id FROM empty AS e));
END;
$function$;

-- _make(source, target, include_data)
--
-- Make schema target like source, once. The extension's lock stays to the end of the transaction:
-- a change of the template then waits, and finds the new tenant in the registry. Tables whose rows
-- are to be copied are held against writes. Foreign keys that are added come last: those to shared
-- tables lock these.
CREATE FUNCTION boardinghouse._make(source text, target text, include_data boolean)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    -- The template is read from its snapshot, which is what every tenant has.
    is_template CONSTANT boolean :=
        source = '__template__' AND boardinghouse._snapshot_is_valid();
    parts boardinghouse.part[];     -- NULL: those of the snapshot
    recipe record;
    statements boardinghouse.statement[];
    keys_from integer;
    has_rows boolean := false;
    -- What is of an extension there stays the only one of it: found behind the target.
    has_members CONSTANT boolean :=
        source <> '__template__' AND boardinghouse._holds_members(source);
    path CONSTANT text[] := CASE WHEN has_members THEN ARRAY['public', source] ELSE '{public}' END;
BEGIN
    IF include_data THEN
        PERFORM boardinghouse._lock_reading(false, ARRAY[source], 'SHARE');
        has_rows := boardinghouse._has_rows(source);
    ELSIF is_template THEN
        PERFORM boardinghouse._lock(false);
    ELSE
        PERFORM boardinghouse._lock_reading(false, ARRAY[source]);
    END IF;
    IF is_template THEN
        PERFORM boardinghouse._refresh_roles();
        SELECT r.* INTO recipe FROM boardinghouse._template_recipe(current_user, has_rows) AS r;
    ELSE
        parts := ARRAY(SELECT i FROM boardinghouse._inventory(source) AS i);
        SELECT r.* INTO recipe FROM boardinghouse._recipe(parts, current_user, has_rows) AS r;
    END IF;
    statements := recipe.statements;
    keys_from := (SELECT min(s."position") FROM unnest(statements) AS s
                   WHERE s.kind = 'foreign key');
    BEGIN
        EXECUTE format('CREATE SCHEMA %I', target);
    EXCEPTION
        WHEN unique_violation THEN      -- another session made it meanwhile
            RAISE EXCEPTION 'schema "%" already exists', target
                USING ERRCODE = 'duplicate_schema',
                      HINT = 'Drop it first, or choose another name.';
    END;
    IF has_rows THEN
        PERFORM boardinghouse._apply(ARRAY(SELECT s FROM unnest(statements) AS s
                                           WHERE NOT s.is_late), ARRAY[target], path);
        PERFORM boardinghouse._copy_rows(source, target);
    END IF;
    PERFORM boardinghouse._apply(ARRAY(
        SELECT s FROM unnest(statements) AS s
         WHERE (s.is_late OR NOT has_rows) AND (keys_from IS NULL OR s."position" < keys_from)),
         ARRAY[target], path);
    IF keys_from IS NOT NULL THEN
        PERFORM boardinghouse._lock_shared_tables('SHARE ROW EXCLUSIVE', recipe.shared_tables);
        PERFORM boardinghouse._apply(ARRAY(SELECT s FROM unnest(statements) AS s
                                           WHERE s."position" >= keys_from), ARRAY[target], path);
    END IF;
    IF include_data AND NOT has_rows THEN       -- but positions of sequences
        PERFORM boardinghouse._copy_rows(source, target);
    END IF;
    IF EXISTS (SELECT FROM pg_default_acl AS a) THEN
        PERFORM boardinghouse._align_privileges(ARRAY[target], parts);
    END IF;
    PERFORM boardinghouse._refuse_leaks(source, ARRAY[target], statements, has_members);
END;
$function$;

-- _clone(source, target, include_data)
--
-- Make schema target like source; start over where a shared table cannot be had without holding up
-- a change of the template. No checks of names.
CREATE FUNCTION boardinghouse._clone(source text, target text, include_data boolean)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    since CONSTANT timestamp with time zone := clock_timestamp();
BEGIN
    LOOP
        BEGIN
            PERFORM boardinghouse._make(source, target, include_data);
            RETURN;
        EXCEPTION
            WHEN lock_not_available THEN
                IF clock_timestamp() - since > boardinghouse._patience(current_setting('lock_timeout')) THEN
                    RAISE;
                END IF;
        END;
        PERFORM pg_sleep(0.01);
    END LOOP;
END;
$function$;

-- clone_schema(source, target, include_data)
--
-- Create schema target like source: its structure, and its rows when asked for.
-- Waits for DDL on the template; other clones go on side by side.
CREATE FUNCTION boardinghouse.clone_schema(source text, target text,
                                           include_data boolean DEFAULT false)
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
-- The DDL that makes a schema, in a working order; names inside it come out bare. As run by the
-- owner of the schema: what is another's is given to him.
CREATE FUNCTION boardinghouse.describe(schema text)
    RETURNS TABLE ("position" integer, kind text, object text, ddl text)
    LANGUAGE sql
    STABLE
    ROWS 1000
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT s."position", s.kind, s.object, CASE WHEN s.names_schema THEN format(s.ddl, schema)
        ELSE s.ddl END
      FROM boardinghouse._plan('{}', ARRAY(SELECT i FROM boardinghouse._inventory(schema) AS i),
                               false,
                               (SELECT pg_get_userbyid(n.nspowner) FROM pg_namespace AS n
                                WHERE n.nspname::text = schema)) AS s
     ORDER BY s."position"
$function$;
COMMENT ON FUNCTION boardinghouse.describe(text) IS
    'The DDL that makes a schema, in a working order.';
