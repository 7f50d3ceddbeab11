-- Layer 7: proof. Reads every tenant, changes nothing but what the snapshot calls the roles.

-- verify()
--
-- Whatever is not as it should be, one row each: differences of tenants to the template,
-- dependencies between schemata that should know nothing of each other, relations that public has
-- under the same name, invalid indexes, tenants behind or missing, and a snapshot that is not what
-- the template is. No rows: all is well.
CREATE FUNCTION boardinghouse.verify()
    RETURNS TABLE (schema name, problem text, kind text, object text, here text, there text)
    LANGUAGE plpgsql
    VOLATILE
    ROWS 10
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    template record;
    checked record;
    tenant name;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = '__template__') THEN
        RETURN QUERY SELECT '__template__'::name, 'schema is missing', NULL, NULL, NULL, NULL;
        RETURN;
    END IF;
    -- A role that was renamed is no change of the template.
    IF boardinghouse._snapshot_is_valid() AND NOT current_setting('transaction_read_only')::boolean THEN
        PERFORM boardinghouse._refresh_roles();
    END IF;
    template := boardinghouse._read('__template__');
    IF boardinghouse._snapshot_is_valid() THEN
        RETURN QUERY
        SELECT '__template__'::name, 'change is not mirrored', c.kind, c.object, c.here, c.there
          FROM boardinghouse._compare(template.parts,
                                      ARRAY(SELECT s::boardinghouse.part
                                            FROM boardinghouse.snapshot AS s
                                                WHERE s.kind <> 'schema'),
                                      '__template__', '__template__') AS c;
    ELSE
        RETURN QUERY SELECT '__template__'::name, 'there is no snapshot', NULL, NULL, NULL, NULL;
    END IF;
    RETURN QUERY
    SELECT '__template__'::name, 'event trigger is missing', 'event trigger', m.name, NULL, NULL
      FROM boardinghouse._missing_triggers() AS m;
    FOR tenant IN SELECT r.schema FROM boardinghouse.schema AS r ORDER BY r.schema LOOP
        IF NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = tenant) THEN
            RETURN QUERY SELECT tenant, 'schema is missing', NULL, NULL, NULL, NULL;
            CONTINUE;
        END IF;
        BEGIN
            LOOP
                checked := boardinghouse._read(tenant::text);
                EXIT WHEN checked.change_id IS NOT DISTINCT FROM template.change_id;
                -- The template was changed meanwhile, and this tenant with it.
                template := boardinghouse._read('__template__');
            END LOOP;
        EXCEPTION
            WHEN invalid_schema_name THEN       -- dropped meanwhile
                CONTINUE;
            WHEN feature_not_supported THEN     -- the other tenants are looked at all the same
                RETURN QUERY SELECT tenant, 'cannot be read', NULL, NULL, SQLERRM, NULL;
                CONTINUE;
        END;
        RETURN QUERY
        SELECT tenant, 'differs from the template', c.kind, c.object, c.here, c.there
          FROM boardinghouse._compare(checked.parts, template.parts, tenant::text,
                                      '__template__') AS c
         WHERE NOT c.own;
    END LOOP;
    RETURN QUERY
    SELECT s.schema, 'is behind', NULL, NULL, s.behind || ' changes', s.error
        FROM boardinghouse.status() AS s WHERE s.behind > 0;
    RETURN QUERY
    SELECT l.from_schema, 'depends on another schema', i.type, i.identity, NULL, l.to_schema::text
      FROM boardinghouse._leaks() AS l
      CROSS JOIN LATERAL pg_identify_object(l.class, l.object, l.sub) AS i;
    RETURN QUERY
    SELECT c.schema, 'would be taken for another', NULL, c.object, NULL, NULL
        FROM boardinghouse._captures() AS c;
    RETURN QUERY
    SELECT '__template__'::name, 'is in another schema, too', i.type, quote_ident(c.relname), NULL,
           'public'
      FROM boardinghouse._twins(boardinghouse._relations('__template__')) AS t
      JOIN pg_class AS c ON c.oid = t.relation
      CROSS JOIN LATERAL pg_identify_object('pg_class'::regclass, c.oid, 0) AS i;
    RETURN QUERY
    SELECT n.nspname, 'index is invalid', 'index', quote_ident(c.relname), NULL, NULL
      FROM pg_index AS i
      JOIN pg_class AS c ON c.oid = i.indexrelid
      JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE NOT i.indisvalid AND c.relkind = 'i'
       AND n.nspname IN (SELECT r.schema
                         FROM boardinghouse.schema AS r UNION SELECT '__template__');
END;
$function$;
COMMENT ON FUNCTION boardinghouse.verify() IS
    'Whatever is not as it should be with template and tenants; no rows: all is well.';

-- status()
--
-- One row for the template and one per tenant: parts of the template, its last change, how many
-- changes the tenant is behind and the error that stopped it; whether mirroring is on.
CREATE FUNCTION boardinghouse.status()
    RETURNS TABLE (schema name, is_active boolean, parts integer,
                   changed_at timestamp with time zone, behind bigint, error text,
                   triggers text, event_triggers text, session_replication_role text)
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    WITH setting AS (
        SELECT CASE WHEN EXISTS (SELECT FROM boardinghouse._missing_triggers() AS m) THEN 'off'
            ELSE 'on' END AS triggers,
               coalesce(current_setting('event_triggers', true), 'on') AS event_triggers,
               current_setting('session_replication_role') AS session_replication_role
    )
    SELECT '__template__'::name, NULL::boolean,
           (SELECT count(*)::integer FROM boardinghouse.snapshot AS s WHERE s.kind <> 'schema'),
           (SELECT max(c.changed_at) FROM boardinghouse.change AS c), 0::bigint, NULL::text,
           g.triggers, g.event_triggers, g.session_replication_role
      FROM setting AS g
     UNION ALL
    (SELECT r.schema, r.is_active,
            (SELECT count(*)::integer FROM boardinghouse.snapshot AS s WHERE s.kind <> 'schema'),
            (SELECT max(c.changed_at) FROM boardinghouse.change AS c
             WHERE NOT c.is_deferred OR c.id <= p.change_id),
            (SELECT count(*) FROM boardinghouse.change AS c
             WHERE c.is_deferred AND c.id > p.change_id),
            p.error, g.triggers, g.event_triggers, g.session_replication_role
       FROM boardinghouse.schema AS r
       LEFT JOIN boardinghouse.progress AS p ON p.schema = r.schema
       CROSS JOIN setting AS g
      ORDER BY r.schema)
$function$;
COMMENT ON FUNCTION boardinghouse.status() IS
    'One row per tenant and one for the template: how far it is, and whether mirroring is on.';
