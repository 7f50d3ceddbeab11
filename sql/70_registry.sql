-- Layer 7, the registry: tenants made, renamed, dropped, taken in and let go.
-- The table is written by private functions of the extension's owner alone. Who may call them is
-- who owns the template: enable() grants it.

-- _guard_registry()
--
-- Trigger function: a plain UPDATE of schema, and DELETE, would part the registry from the
-- schemata.
-- No side effect on INSERT: rows are copied back by a restore before anything else is there.
CREATE FUNCTION boardinghouse._guard_registry()
    RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF coalesce(current_setting('boardinghouse.registering', true), '') <> 'on' THEN
        IF tg_op = 'DELETE' THEN
            RAISE EXCEPTION 'a tenant cannot be deleted from the registry'
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      HINT = format('SELECT boardinghouse.drop_schema(%L); or unregister_schema(%L), which keeps the schema.', OLD.schema, OLD.schema);
        ELSIF NEW.schema <> OLD.schema THEN
            RAISE EXCEPTION 'a tenant cannot be renamed in the registry'
                USING ERRCODE = 'object_not_in_prerequisite_state',
                      HINT = format('SELECT boardinghouse.rename_schema(%L, %L);', OLD.schema,
                                    NEW.schema);
        END IF;
    END IF;
    RETURN CASE tg_op WHEN 'DELETE' THEN OLD ELSE NEW END;
END;
$function$;

CREATE TRIGGER guard_registry
    BEFORE UPDATE OR DELETE ON boardinghouse.schema
    FOR EACH ROW EXECUTE FUNCTION boardinghouse._guard_registry();

-- _register(schema, name)
--
-- Write an existing schema into the registry, as up to date.
CREATE FUNCTION boardinghouse._register(schema text, name text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    here oid := boardinghouse._namespace(schema);
BEGIN
    PERFORM boardinghouse._check_name(schema);
    IF NOT (SELECT pg_has_role(boardinghouse._invoker(), n.nspowner, 'USAGE') FROM pg_namespace AS n
            WHERE n.oid = here) THEN
        RAISE EXCEPTION 'must be owner of schema %', quote_ident(schema)
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO boardinghouse.schema (schema, name) VALUES (_register.schema,
                                                            coalesce(_register.name,
                                                            _register.schema));
    INSERT INTO boardinghouse.location (namespace, schema) VALUES (here, _register.schema)
        ON CONFLICT ON CONSTRAINT location_pkey DO UPDATE SET schema = excluded.schema;
    INSERT INTO boardinghouse.progress (schema, change_id)
        SELECT _register.schema, coalesce(max(c.id), 0) FROM boardinghouse.change AS c
        ON CONFLICT ON CONSTRAINT progress_pkey DO UPDATE SET change_id = excluded.change_id,
        error = NULL;
END;
$function$;

-- _unregister(schema)
--
-- Take a schema out of the registry.
CREATE FUNCTION boardinghouse._unregister(schema text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET boardinghouse.registering = on
AS $function$
BEGIN
    DELETE FROM boardinghouse.schema AS r WHERE r.schema::text = _unregister.schema;
    DELETE FROM boardinghouse.location AS l WHERE l.schema::text = _unregister.schema;
    DELETE FROM boardinghouse.progress AS p WHERE p.schema::text = _unregister.schema;
END;
$function$;

-- create_schema(schema, name)
--
-- Make a tenant: register it and clone the template into it, the rows of the template included.
-- name:
-- what people see. Waits for DDL on the template; other tenants are made side by side.
CREATE FUNCTION boardinghouse.create_schema(schema text, name text DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM boardinghouse._require_owner();
    PERFORM boardinghouse._check_free(schema);
    PERFORM boardinghouse._require_snapshot();
    PERFORM boardinghouse._clone('__template__', schema, true);
    PERFORM boardinghouse._register(schema, name);
END;
$function$;
COMMENT ON FUNCTION boardinghouse.create_schema(text, text) IS
    'Make a tenant: clone the template, its rows included, and register it.';

-- rename_schema(schema, new)
--
-- Rename a tenant: schema and registry together, and functions that SET search_path to it.
CREATE FUNCTION boardinghouse.rename_schema(schema text, new text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM boardinghouse._require_owner();
    PERFORM boardinghouse._check_registered(schema);
    PERFORM boardinghouse._check_free(new);
    PERFORM boardinghouse._lock(false);
    PERFORM boardinghouse._require_snapshot();
    EXECUTE format('ALTER SCHEMA %I RENAME TO %I', schema, new);
    -- Where the event triggers are on they have seen it already, and nothing is left to do.
    PERFORM boardinghouse._follow_names();
    PERFORM boardinghouse._follow_paths(new, schema);
END;
$function$;
COMMENT ON FUNCTION boardinghouse.rename_schema(text, text) IS
    'Rename a tenant: its schema and its row in the registry.';

-- drop_schema(schema)
--
-- Drop a tenant with everything in it. Foreign keys to shared tables go first, in one fixed order:
-- they lock those tables against writes until commit.
CREATE FUNCTION boardinghouse.drop_schema(schema text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET boardinghouse.allow_drift = on
    SET client_min_messages = warning
AS $function$
DECLARE
    since CONSTANT timestamp with time zone := clock_timestamp();
    dropping text;
    dependent text;
BEGIN
    PERFORM boardinghouse._require_owner();
    PERFORM boardinghouse._check_registered(schema);
    dependent := boardinghouse._dependent_outside(schema);
    IF dependent IS NOT NULL THEN
        RAISE EXCEPTION 'schema "%" cannot be dropped because other objects depend on it', schema
            USING ERRCODE = 'dependent_objects_still_exist',
                  DETAIL = format('%s depends on it.', dependent),
                  HINT = 'Drop that first.';
    END IF;
    LOOP
        BEGIN
            PERFORM boardinghouse._lock(false);
            PERFORM boardinghouse._lock_shared_tables('ACCESS EXCLUSIVE', ARRAY(
                SELECT DISTINCT k.confrelid
                  FROM pg_constraint AS k
                 WHERE k.conrelid = ANY (boardinghouse._relations(schema)) AND k.contype = 'f'
                   AND k.confrelid <> ALL (boardinghouse._relations(schema))));
            EXIT;
        EXCEPTION
            WHEN lock_not_available THEN
                IF clock_timestamp() - since > boardinghouse._patience(current_setting('lock_timeout')) THEN
                    RAISE;
                END IF;
        END;
        PERFORM pg_sleep(0.01);
    END LOOP;
    FOR dropping IN
        SELECT format('ALTER TABLE %I.%I DROP CONSTRAINT %I', schema, c.relname, k.conname)
          FROM pg_constraint AS k
          JOIN pg_class AS c ON c.oid = k.conrelid
          JOIN pg_class AS r ON r.oid = k.confrelid AND r.relnamespace <> c.relnamespace
         WHERE k.conrelid = ANY (boardinghouse._relations(schema)) AND k.contype = 'f'
             AND k.conparentid = 0
         ORDER BY quote_ident(c.relname) COLLATE "C", k.conname
    LOOP
        EXECUTE dropping;
    END LOOP;
    EXECUTE format('DROP SCHEMA %I CASCADE', schema);
    PERFORM boardinghouse._unregister(schema);
END;
$function$;
COMMENT ON FUNCTION boardinghouse.drop_schema(text) IS
    'Drop a tenant, with its rows and its row in the registry.';

-- register_schema(schema, name)
--
-- Take an existing schema in as a tenant. It must be like the template; whole objects of its own
-- stay.
CREATE FUNCTION boardinghouse.register_schema(schema text, name text DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    differences text;
BEGIN
    PERFORM boardinghouse._require_owner();
    PERFORM boardinghouse._check_name(schema);
    IF NOT (SELECT pg_has_role(n.nspowner, 'USAGE') FROM pg_namespace AS n
            WHERE n.oid = boardinghouse._namespace(schema)) THEN
        RAISE EXCEPTION 'must be owner of schema %', quote_ident(schema)
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM boardinghouse._lock_reading(false, ARRAY[schema, '__template__']);
    PERFORM boardinghouse._require_snapshot();
    IF EXISTS (SELECT FROM boardinghouse.schema AS r
               WHERE r.schema::text = register_schema.schema) THEN
        RAISE EXCEPTION 'schema "%" is registered already', schema
            USING ERRCODE = 'duplicate_schema';
    END IF;
    SELECT string_agg(format('%s %s', d.kind, d.object), ', '
                      ORDER BY d.kind, d.object) INTO differences
      FROM boardinghouse._differences(schema, '__template__') AS d
     WHERE NOT d.own;
    IF differences IS NOT NULL THEN
        RAISE EXCEPTION 'schema "%" differs from the template', schema
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = format('It differs in: %s.', differences),
                  HINT = format('SELECT * FROM boardinghouse.compare(%L);', schema);
    END IF;
    PERFORM boardinghouse._register(schema, name);
END;
$function$;
COMMENT ON FUNCTION boardinghouse.register_schema(text, text) IS
    'Take an existing schema, which must be like the template, in as a tenant.';

-- unregister_schema(schema)
--
-- Let a tenant go: the schema stays as it is, and no longer follows the template.
CREATE FUNCTION boardinghouse.unregister_schema(schema text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM boardinghouse._require_owner();
    PERFORM boardinghouse._check_registered(schema);
    PERFORM boardinghouse._lock(false);
    PERFORM boardinghouse._unregister(schema);
END;
$function$;
COMMENT ON FUNCTION boardinghouse.unregister_schema(text) IS 'Let a tenant go without dropping it.';
