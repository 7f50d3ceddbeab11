-- Layer 2: names, refusals and the lock - what every public function does first.
-- Calls nothing but pg_catalog and the tables of layer 1.

-- _require_read_committed()
--
-- Raise unless the transaction is READ COMMITTED. Under REPEATABLE READ the catalogs and the
-- registry are read as of an older snapshot: a tenant committed meanwhile would be missed.
CREATE FUNCTION boardinghouse._require_read_committed()
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'schemata cannot be changed in a transaction of isolation level "%"',
                current_setting('transaction_isolation')
            USING ERRCODE = 'active_sql_transaction',
                  DETAIL = 'A transaction that reads an old snapshot would miss tenants and changes committed meanwhile.',
                  HINT = 'Use READ COMMITTED.';
    END IF;
END;
$function$;

-- _lock(exclusive)
--
-- Queue up behind other changes (exclusive) or behind changes only (shared), until the end of the
-- transaction. In a statement of its own: what is read in later statements is read under the lock.
CREATE FUNCTION boardinghouse._lock(exclusive boolean)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM boardinghouse._require_read_committed();
    -- The pair of keys is the extension's own: "bh" and 1, advisory locks being per database.
    IF exclusive THEN
        PERFORM pg_advisory_xact_lock(25192, 1);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(25192, 1);
    END IF;
END;
$function$;

-- _check_name(schema)
--
-- Raise unless the text can be the name of a new schema.
CREATE FUNCTION boardinghouse._check_name(schema text)
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF schema IS NULL OR schema = '' THEN
        RAISE EXCEPTION 'a schema needs a name'
            USING ERRCODE = 'invalid_name';
    ELSIF octet_length(schema) > 63 THEN
        RAISE EXCEPTION 'schema name "%" is too long', schema
            USING ERRCODE = 'name_too_long',
                  DETAIL = format('It has %s bytes; PostgreSQL keeps 63.', octet_length(schema));
    -- search_path takes "$user" for the role's own name, quoted or not.
    ELSIF schema IN ('public', 'information_schema', 'boardinghouse', '__template__', '$user')
            OR starts_with(schema, 'pg_') THEN
        RAISE EXCEPTION 'schema name "%" is reserved', schema
            USING ERRCODE = 'reserved_name',
                  HINT = 'Choose another name.';
    END IF;
END;
$function$;

-- _namespace(schema)
--
-- The OID of a schema; raises invalid_schema_name where there is none.
CREATE FUNCTION boardinghouse._namespace(schema text)
    RETURNS oid
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    namespace oid := (SELECT n.oid FROM pg_namespace AS n
                      WHERE n.nspname::text = _namespace.schema);
BEGIN
    IF namespace IS NULL THEN
        RAISE EXCEPTION 'schema "%" does not exist', coalesce(schema, '')
            USING ERRCODE = 'invalid_schema_name';
    END IF;
    RETURN namespace;
END;
$function$;

-- _check_free(schema)
--
-- Raise unless the text can be the name of a new schema and is free.
CREATE FUNCTION boardinghouse._check_free(schema text)
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM boardinghouse._check_name(schema);
    IF EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname::text = _check_free.schema) THEN
        RAISE EXCEPTION 'schema "%" already exists', schema
            USING ERRCODE = 'duplicate_schema',
                  HINT = 'Drop it first, or choose another name.';
    END IF;
END;
$function$;

-- _check_registered(schema)
--
-- Raise unless there is a tenant of this name.
CREATE FUNCTION boardinghouse._check_registered(schema text)
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM boardinghouse.schema AS r
                   WHERE r.schema::text = _check_registered.schema) THEN
        RAISE EXCEPTION 'schema "%" is not registered', coalesce(schema, '')
            USING ERRCODE = 'invalid_schema_name',
                  HINT = 'SELECT * FROM boardinghouse.schema lists the tenants.';
    END IF;
END;
$function$;
