-- Layer 7: selecting a tenant. These two functions set search_path for their caller, so they carry
-- no SET clause - it would undo their work - and name everything of pg_catalog in full. Their errors
-- name the registry as the table they are about: a client may send the call along with a query.

-- activate_schema(schema, local)
--
-- Select a registered, active tenant for the session, or with local for the transaction:
-- search_path becomes the tenant, then public. Anything else is refused, every time.
CREATE FUNCTION boardinghouse.activate_schema(schema text, local boolean DEFAULT false)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
AS $function$
DECLARE
    tenant boardinghouse.schema;
BEGIN
    IF schema OPERATOR(pg_catalog.=) '__template__' THEN
        RAISE EXCEPTION 'the template cannot be selected'
            USING ERRCODE = 'reserved_name';
    END IF;
    SELECT r.* INTO tenant
      FROM boardinghouse.schema AS r
      JOIN pg_catalog.pg_namespace AS n ON n.nspname OPERATOR(pg_catalog.=) r.schema
     WHERE r.schema::pg_catalog.text OPERATOR(pg_catalog.=) activate_schema.schema;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'schema "%" does not exist', pg_catalog.concat(schema)
            USING ERRCODE = 'invalid_schema_name',
                  DETAIL = 'It is not a registered tenant.',
                  SCHEMA = 'boardinghouse', TABLE = 'schema';
    ELSIF NOT tenant.is_active THEN
        RAISE EXCEPTION 'schema "%" is not active', schema
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  SCHEMA = 'boardinghouse', TABLE = 'schema';
    ELSIF NOT pg_catalog.has_schema_privilege(tenant.schema::pg_catalog.text, 'USAGE') THEN
        -- PostgreSQL would leave it out of the path without a word, and public would answer.
        RAISE EXCEPTION 'permission denied for schema %', pg_catalog.quote_ident(schema)
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_catalog.set_config('search_path', pg_catalog.format('%I, public', tenant.schema),
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
