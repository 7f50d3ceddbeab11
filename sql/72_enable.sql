-- Layer 7: mirroring switched on and off, and the ways of changing the template by hand.

-- _place()
--
-- Note the OIDs of the template and of all tenants that are there.
CREATE FUNCTION boardinghouse._place()
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    DELETE FROM boardinghouse.location AS l
     -- Also what pg_upgrade brought along: the OIDs are others there.
     WHERE NOT EXISTS (SELECT FROM pg_namespace AS n
                       WHERE n.oid = l.namespace AND n.nspname = l.schema)
        OR NOT (l.schema = '__template__' OR l.schema IN (SELECT r.schema
                                                          FROM boardinghouse.schema AS r));
    INSERT INTO boardinghouse.location (namespace, schema)
        SELECT n.oid, n.nspname
          FROM pg_namespace AS n
         WHERE (n.nspname = '__template__' OR n.nspname IN (SELECT r.schema
                                                            FROM boardinghouse.schema AS r))
        ON CONFLICT ON CONSTRAINT location_pkey DO NOTHING;
END;
$function$;

-- _take_snapshot()
--
-- Make the snapshot anew from the template.
CREATE FUNCTION boardinghouse._take_snapshot()
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    template CONSTANT text := concat('pg_namespace ', boardinghouse._namespace('__template__'),
                                     ' 0');
BEGIN
    IF boardinghouse._snapshot_is_valid() THEN
        RETURN;     -- a valid one knows of changes that are yet to be mirrored
    END IF;
    DELETE FROM boardinghouse.snapshot AS s;
    INSERT INTO boardinghouse.snapshot (kind, object, sort, id, main, names_schema)
    VALUES ('schema', '__template__', 0, template, template, false);
    INSERT INTO boardinghouse.snapshot SELECT i.*
        FROM boardinghouse._inventory('__template__') AS i;
END;
$function$;

-- _trust_owner()
--
-- Let the owner of the template, and nobody else, change template and registry through the private
-- functions that write, change the name and activity of tenants, and refer to them by foreign keys.
-- Grants by what the catalog says.
CREATE FUNCTION boardinghouse._trust_owner()
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    writers CONSTANT text := 'boardinghouse._register(text, text), boardinghouse._unregister(text), boardinghouse._take_snapshot(), '
        'boardinghouse._place(), boardinghouse._absorb(text[], boolean, name, text, text, jsonb)';
    owner text := (SELECT quote_ident(pg_get_userbyid(n.nspowner)) FROM pg_namespace AS n
                   WHERE n.nspname = '__template__');
    trusted record;
BEGIN
    IF NOT EXISTS (SELECT FROM boardinghouse.location AS l WHERE l.schema = '__template__') THEN
        RETURN;     -- not the template, unless enable() says so
    END IF;
    FOR trusted IN
        SELECT quote_ident(pg_get_userbyid(a.grantee)) AS role
          FROM pg_proc AS p
          CROSS JOIN LATERAL aclexplode(p.proacl) AS a
         WHERE p.oid = 'boardinghouse._register(text,text)'::regprocedure
           AND a.grantee NOT IN (0, p.proowner)
           AND quote_ident(pg_get_userbyid(a.grantee)) <> owner
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s', writers, trusted.role);
        EXECUTE format('REVOKE UPDATE (name, is_active), REFERENCES ON boardinghouse.schema FROM %s', trusted.role);
        EXECUTE format('REVOKE SELECT ON boardinghouse.change, boardinghouse.change_id_seq FROM %s',
                       trusted.role);
        EXECUTE format('REVOKE USAGE ON SCHEMA boardinghouse FROM %s', trusted.role);
    END LOOP;
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', writers, owner);
    EXECUTE format('GRANT UPDATE (name, is_active), REFERENCES ON boardinghouse.schema TO %s',
                   owner);
    EXECUTE format('GRANT SELECT ON boardinghouse.change, boardinghouse.change_id_seq TO %s',
                   owner);
    EXECUTE format('GRANT USAGE ON SCHEMA boardinghouse TO %s', owner);
END;
$function$;

-- _missing_triggers()
--
-- The event triggers that are not there, or not on.
CREATE FUNCTION boardinghouse._missing_triggers()
    RETURNS TABLE (name text, is_disabled boolean)
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT n.name, e.oid IS NOT NULL
      FROM (VALUES ('boardinghouse_ddl'), ('boardinghouse_drop')) AS n (name)
      LEFT JOIN pg_event_trigger AS e ON e.evtname = n.name
     WHERE e.oid IS NULL OR e.evtenabled NOT IN ('O', 'A')
$function$;

-- _triggers_fire()
--
-- Whether DDL of this session is seen by the event triggers.
CREATE FUNCTION boardinghouse._triggers_fire()
    RETURNS boolean
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT NOT EXISTS (SELECT FROM boardinghouse._missing_triggers() AS m)
       AND coalesce(current_setting('event_triggers', true), 'on') = 'on'     -- from PostgreSQL 17
       AND current_setting('session_replication_role') <> 'replica'
$function$;

-- enable()
--
-- Switch mirroring on: make the template, its snapshot and the event triggers if they are missing.
-- What was changed in the template while mirroring was off is mirrored now, by the snapshot.
-- What is in public, too, is told by a warning: refusing would leave the tenants behind.
-- Idempotent; needs a superuser only where there are event triggers to be made.
CREATE FUNCTION boardinghouse.enable()
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    tenant text;
    differing text;
    twins text;
BEGIN
    PERFORM boardinghouse._require_owner();
    PERFORM boardinghouse._require_read_committed();
    IF NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = '__template__') THEN
        CREATE SCHEMA __template__;
    ELSIF NOT EXISTS (SELECT FROM boardinghouse.location AS l)
        AND NOT EXISTS (SELECT FROM boardinghouse.schema AS r)
            AND (SELECT pg_get_userbyid(n.nspowner) FROM pg_namespace AS n
                 WHERE n.nspname = '__template__') <> current_user THEN
        RAISE WARNING 'schema "__template__" was there already, and belongs to another role'
            USING DETAIL = 'Its owner may now change every tenant.';
    END IF;
    IF EXISTS (SELECT FROM boardinghouse.location AS l
                 JOIN pg_namespace AS n ON n.oid = l.namespace AND n.nspname <> l.schema
                 JOIN pg_namespace AS o ON o.nspname = l.schema
                 JOIN boardinghouse.schema AS r ON r.schema = n.nspname)
            -- After pg_upgrade the template's OID is another one too, and OIDs tell nothing.
            AND EXISTS (SELECT FROM boardinghouse.location AS l
                          JOIN pg_namespace AS n ON n.oid = l.namespace AND n.nspname = l.schema
                         WHERE l.schema = '__template__') THEN
        RAISE EXCEPTION 'tenants have exchanged their names'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = 'While mirroring was off, a schema was given the name that another tenant has in the registry.',
                  HINT = 'Give them their names back; after enable(), use boardinghouse.rename_schema().';
    END IF;
    PERFORM boardinghouse._lock_reading(true, ARRAY['__template__']);
    PERFORM boardinghouse._follow_names();
    PERFORM boardinghouse._place();
    IF boardinghouse._snapshot_is_valid() THEN
        PERFORM boardinghouse._mirror(NULL, false, 'enable', 'public', false);
    ELSE
        PERFORM boardinghouse._take_snapshot();
        FOR tenant IN
            SELECT l.schema FROM boardinghouse.location AS l WHERE l.schema <> '__template__'
                ORDER BY l.schema
        LOOP
            IF EXISTS (SELECT FROM boardinghouse._differences(tenant, '__template__') AS d
                       WHERE NOT d.own) THEN
                differing := concat_ws(', ', differing, format('"%s"', tenant));
            END IF;
        END LOOP;
        IF differing IS NOT NULL THEN
            RAISE WARNING 'some tenants differ from the template'
                USING DETAIL = format('They are: %s.', differing),
                      HINT = 'SELECT * FROM boardinghouse.verify(); then boardinghouse.repair().';
        END IF;
    END IF;
    SELECT string_agg(quote_ident(c.relname), ', ' ORDER BY c.relname) INTO twins
      FROM boardinghouse._twins(boardinghouse._relations('__template__')) AS t
      JOIN pg_class AS c ON c.oid = t.relation;
    IF twins IS NOT NULL THEN
        RAISE WARNING 'relations are in the template and in schema "public"'
            USING DETAIL = format('They are: %s.', twins),
                  HINT = 'Drop or rename one of each two: a query would find one in place of the other.';
    END IF;
    PERFORM boardinghouse._trust_owner();
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_event_trigger AS e WHERE e.evtname = 'boardinghouse_ddl') THEN
            CREATE EVENT TRIGGER boardinghouse_ddl
                ON ddl_command_end EXECUTE FUNCTION boardinghouse._on_ddl();
        END IF;
        IF NOT EXISTS (SELECT FROM pg_event_trigger AS e
                       WHERE e.evtname = 'boardinghouse_drop') THEN
            CREATE EVENT TRIGGER boardinghouse_drop
                ON sql_drop EXECUTE FUNCTION boardinghouse._on_drop();
        END IF;
        IF EXISTS (SELECT FROM boardinghouse._missing_triggers() AS m) THEN
            ALTER EVENT TRIGGER boardinghouse_ddl ENABLE;
            ALTER EVENT TRIGGER boardinghouse_drop ENABLE;
        END IF;
    EXCEPTION
        -- PostgreSQL asks for a superuser; managed services have roles of their own for it.
        WHEN insufficient_privilege THEN
            RAISE EXCEPTION 'permission denied to create the event triggers'
                USING ERRCODE = 'insufficient_privilege',
                      DETAIL = 'PostgreSQL lets only a superuser create event triggers.',
                      HINT = 'Let a superuser run SELECT boardinghouse.enable() once in this database.';
    END;
END;
$function$;
COMMENT ON FUNCTION boardinghouse.enable() IS
    'Switch mirroring on: make template, snapshot and event triggers, mirror what was missed.';

-- disable()
--
-- Switch mirroring off: drop the event triggers. The snapshot stays, and with it enable() knows
-- what was missed.
CREATE FUNCTION boardinghouse.disable()
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET client_min_messages = warning
AS $function$
BEGIN
    PERFORM boardinghouse._lock(true);
    DROP EVENT TRIGGER IF EXISTS boardinghouse_ddl;
    DROP EVENT TRIGGER IF EXISTS boardinghouse_drop;
END;
$function$;
COMMENT ON FUNCTION boardinghouse.disable() IS
    'Switch mirroring off, and keep the snapshot by which enable() mirrors what was missed.';

-- lock_template()
--
-- Queue up behind other changes of the template until the end of the transaction, before the first
-- statement of a longer migration: two that each change several tables could deadlock.
CREATE FUNCTION boardinghouse.lock_template()
    RETURNS void
    LANGUAGE sql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT boardinghouse._lock(true)
$function$;
COMMENT ON FUNCTION boardinghouse.lock_template() IS
    'Queue up behind other changes of the template, until the end of the transaction.';

-- execute(ddl)
--
-- Run DDL on the template, under search_path __template__, public, and mirror it. Works where event
-- triggers cannot be had; then one statement at a time.
CREATE FUNCTION boardinghouse.execute(ddl text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM boardinghouse._lock(true);
    PERFORM boardinghouse._require_snapshot();
    IF boardinghouse._triggers_fire() THEN
        PERFORM set_config('search_path', '__template__, public', true);
        EXECUTE ddl;
        RETURN;
    END IF;
    -- What was missed before belongs to no statement of this one's.
    PERFORM boardinghouse._mirror(NULL, false, 'enable', 'public', false);
    PERFORM set_config('search_path', '__template__, public', true);
    EXECUTE ddl;
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    PERFORM boardinghouse._refuse_twins(boardinghouse._relations('__template__'));
    PERFORM boardinghouse._mirror(NULL, false, 'execute', '__template__, public', false, ddl);
END;
$function$;
COMMENT ON FUNCTION boardinghouse.execute(text) IS
    'Run DDL on the template and mirror it, event triggers or not.';

-- for_each_schema(sql)
--
-- Run a statement in every tenant, inactive ones too, under search_path tenant, public. Not in the
-- template. One transaction: all or nothing; an error names the tenant.
CREATE FUNCTION boardinghouse.for_each_schema(sql text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    target text;
    paths text[] := ARRAY(SELECT format('%I, public', r.schema) FROM boardinghouse.schema AS r
                          ORDER BY r.schema);
    state text;
    message text;
    detail text;
    hint text;
BEGIN
    FOREACH target IN ARRAY paths LOOP
        PERFORM pg_catalog.set_config('search_path', target, true);
        EXECUTE sql;
    END LOOP;
EXCEPTION
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
        detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
        message := format('under search_path %s: %s', target, message);
        detail := coalesce(NULLIF(detail, ''),
                           'It failed in this schema, and nothing was done in any.');
        IF hint = '' THEN       -- an empty one would be shown
            RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, DETAIL = detail;
        END IF;
        RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, DETAIL = detail, HINT = hint;
END;
$function$;
COMMENT ON FUNCTION boardinghouse.for_each_schema(text) IS 'Run a statement in every tenant.';
