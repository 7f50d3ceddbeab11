-- Layer 7: selecting a tenant. These two functions set search_path for their caller, so they carry
-- no SET clause - it would undo their work - and name everything of pg_catalog in full. Their errors
-- name the registry as the table they are about: a client may send the call along with a query.

-- _tenant_path(schema)
--
-- The search_path that selects a registered, active tenant. Anything else is refused, every time.
-- Apart from activate_schema(), for its own search_path lets it keep its plans: those of a function
-- without one are made anew whenever the path is another.
CREATE FUNCTION boardinghouse._tenant_path(schema text)
    RETURNS text
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    tenant boardinghouse.schema;
BEGIN
    IF schema = '__template__' THEN
        RAISE EXCEPTION 'the template cannot be selected'
            USING ERRCODE = 'reserved_name';
    END IF;
    SELECT r.* INTO tenant
      FROM boardinghouse.schema AS r
      JOIN pg_namespace AS n ON n.nspname = r.schema
     -- The first finds the row by its key, the second knows a name that the cast has cut.
     WHERE r.schema = _tenant_path.schema::name AND r.schema::text = _tenant_path.schema;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'schema "%" does not exist', concat(schema)
            USING ERRCODE = 'invalid_schema_name',
                  DETAIL = 'It is not a registered tenant.',
                  SCHEMA = 'boardinghouse', TABLE = 'schema';
    ELSIF NOT tenant.is_active THEN
        RAISE EXCEPTION 'schema "%" is not active', schema
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  SCHEMA = 'boardinghouse', TABLE = 'schema';
    ELSIF NOT has_schema_privilege(tenant.schema::text, 'USAGE') THEN
        -- PostgreSQL would leave it out of the path without a word, and public would answer.
        RAISE EXCEPTION 'permission denied for schema %', quote_ident(schema)
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN format('%I, public', tenant.schema);
END;
$function$;
COMMENT ON FUNCTION boardinghouse._tenant_path(text) IS
    'The search_path that selects an active tenant.';

-- activate_schema(schema, local)
--
-- Select a registered, active tenant for the session, or with local for the transaction:
-- search_path becomes the tenant, then public. Anything else is refused, every time.
CREATE FUNCTION boardinghouse.activate_schema(schema text, local boolean DEFAULT false)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
AS $function$
BEGIN
    PERFORM pg_catalog.set_config('search_path', boardinghouse._tenant_path(schema),
                                  coalesce(local, false));
END;
$function$;
COMMENT ON FUNCTION boardinghouse.activate_schema(text, boolean) IS
    'Select an active tenant for the session, or for the transaction.';

-- deactivate_schema(local)
--
-- Select no tenant: search_path becomes public.
CREATE FUNCTION boardinghouse.deactivate_schema(local boolean DEFAULT false)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
AS $function$
BEGIN
    PERFORM pg_catalog.set_config('search_path', 'public', coalesce(local, false));
END;
$function$;
COMMENT ON FUNCTION boardinghouse.deactivate_schema(boolean) IS
    'Select no tenant for the session, or for the transaction.';
