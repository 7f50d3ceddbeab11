-- The suite's own event triggers: `!` comes first and counts the events, `~` comes last and compares
-- the tenants with the template. What they have to say goes to the server's log, where no rollback
-- reaches it. A sequence set by setval() counts on through rollbacks, and leaves lastval() be.

CREATE SEQUENCE conformance.event MINVALUE 0 START 0;
CREATE TABLE conformance.refusal (
    event bigint PRIMARY KEY,
    state text NOT NULL,
    message text NOT NULL,
    detail text NOT NULL,
    hint text NOT NULL
);

-- is_nested()
--
-- Whether an event is of a statement that the extension, or one of our own functions, has run.
CREATE FUNCTION conformance.is_nested(context text)
    RETURNS boolean
    LANGUAGE sql
    IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT regexp_count(context, 'PL/pgSQL function (boardinghouse|conformance)[.]') > 1
$function$;

-- count_event()
--
-- Give each event a number, but those of statements mirrored into tenants. Where the table
-- conformance.refusal has that number, refuse it in the words written there.
CREATE FUNCTION conformance.count_event()
    RETURNS event_trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET client_min_messages = notice
AS $function$
DECLARE
    context text;
    number bigint;
    refusal conformance.refusal;
BEGIN
    GET DIAGNOSTICS context = PG_CONTEXT;
    IF conformance.is_nested(context) THEN
        RETURN;
    END IF;
    number := setval('conformance.event', (SELECT e.last_value + 1 FROM conformance.event AS e));
    RAISE LOG 'conformance: event %', number;
    SELECT r.* INTO refusal FROM conformance.refusal AS r WHERE r.event = number;
    IF FOUND THEN
        -- An empty DETAIL or HINT would be shown.
        CASE concat(refusal.detail <> '', refusal.hint <> '')
            WHEN 'tt' THEN RAISE EXCEPTION USING ERRCODE = refusal.state,
                MESSAGE = refusal.message, DETAIL = refusal.detail, HINT = refusal.hint;
            WHEN 'tf' THEN RAISE EXCEPTION USING ERRCODE = refusal.state,
                MESSAGE = refusal.message, DETAIL = refusal.detail;
            WHEN 'ft' THEN RAISE EXCEPTION USING ERRCODE = refusal.state,
                MESSAGE = refusal.message, HINT = refusal.hint;
            ELSE RAISE EXCEPTION USING ERRCODE = refusal.state, MESSAGE = refusal.message;
        END CASE;
    END IF;
END;
$function$;

-- tables()
--
-- The template's tables that have a twin in tenant "filled", how to copy the rows, and how to sum
-- them up where they are few: types of the template's own go by their text.
CREATE FUNCTION conformance.tables(OUT id oid, OUT empty text, OUT copy text, OUT total text)
    RETURNS SETOF record
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT c.oid,
           format('%%s filled.%I', c.relname),
           format('INSERT INTO filled.%I (%s) OVERRIDING SYSTEM VALUE'
                  ' SELECT %s FROM ONLY __template__.%I',
                  c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
                  string_agg(CASE WHEN c.relnamespace IN (t.typnamespace, e.typnamespace)
                                  THEN format('%I::text::%s', a.attname,
                                              regexp_replace(format_type(a.atttypid, a.atttypmod),
                                                             '^__template__[.]', 'filled.'))
                                  ELSE quote_ident(a.attname) END, ', ' ORDER BY a.attnum),
                  c.relname),
           format('SELECT CASE WHEN count(*) <= 1000'
                  ' THEN count(*) + coalesce(sum(hashtext(t::text)), 0) END'
                  ' FROM (SELECT * FROM ONLY %%I.%1$I LIMIT 1001) AS t', c.relname)
      FROM pg_class AS c
      JOIN pg_class AS f ON f.relname = c.relname AND f.relkind = 'r'
                        AND f.relnamespace = 'filled'::regnamespace
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                            AND a.attgenerated = ''
      JOIN pg_type AS t ON t.oid = a.atttypid
      LEFT JOIN pg_type AS e ON e.oid = t.typelem
     WHERE c.relkind = 'r' AND c.relnamespace = '__template__'::regnamespace
     GROUP BY c.oid, c.relname
$function$;

-- fill_tenant()
--
-- Before a command: give tenant "filled" the rows that the template's tables have, and remember of
-- which tables it has them. Not where a command goes in several transactions.
CREATE FUNCTION conformance.fill_tenant()
    RETURNS event_trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET client_min_messages = error
    SET session_replication_role = replica
    SET row_security = off
AS $function$
DECLARE
    context text;
    twin record;
    here bigint;
    there bigint;
    filled oid[] := '{}';
BEGIN
    GET DIAGNOSTICS context = PG_CONTEXT;
    IF conformance.is_nested(context) THEN
        RETURN;
    END IF;
    PERFORM set_config('conformance.filled', '{}', false);
    IF current_query() ~* 'concurrently' THEN
        RETURN;
    END IF;
    FOR twin IN SELECT t.* FROM conformance.tables() AS t LOOP
        BEGIN
            EXECUTE format(twin.total, '__template__') INTO there;
            EXECUTE format(twin.total, 'filled') INTO here;
            IF here <> there OR (there IS NULL AND here = 0) THEN
                BEGIN
                    EXECUTE format(twin.empty, 'TRUNCATE ONLY');
                EXCEPTION WHEN OTHERS THEN      -- a foreign key refers to it
                    EXECUTE format(twin.empty, 'DELETE FROM ONLY');
                END;
                EXECUTE twin.copy || ' LIMIT 1000';
                EXECUTE format(twin.total, 'filled') INTO here;
            END IF;
            IF here = there AND here <> 0 THEN
                filled := filled || twin.id;
            END IF;
        EXCEPTION WHEN OTHERS OR assert_failure THEN
            NULL;  -- Not every row can be had twice.
        END;
    END LOOP;
    PERFORM set_config('conformance.filled', filled::text, false);
END;
$function$;

-- skew_tenant()
--
-- After a command: give each new table of tenant "skewed" a column, and drop it.
CREATE FUNCTION conformance.skew_tenant()
    RETURNS void
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET client_min_messages = error
    SET boardinghouse.allow_drift = on
AS $function$
DECLARE
    added oid;
BEGIN
    FOR added IN
        SELECT c.oid FROM pg_class AS c
         WHERE c.relnamespace = 'skewed'::regnamespace AND c.relkind IN ('r', 'p')
           AND c.reloftype = 0 AND NOT c.relispartition
           AND NOT EXISTS (SELECT FROM pg_attribute AS a
                            WHERE a.attrelid = c.oid AND a.attisdropped)
           AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.oid)
    LOOP
        BEGIN
            EXECUTE format('ALTER TABLE skewed.%I ADD COLUMN conformance_skew text',
                           (SELECT c.relname FROM pg_class AS c WHERE c.oid = added));
            EXECUTE format('ALTER TABLE skewed.%I DROP COLUMN conformance_skew',
                           (SELECT c.relname FROM pg_class AS c WHERE c.oid = added));
        EXCEPTION WHEN OTHERS OR assert_failure THEN
            NULL;
        END;
    END LOOP;
END;
$function$;

-- compare_tenants()
--
-- After a command: write to the log where a tenant is not like the template.
CREATE FUNCTION conformance.compare_tenants()
    RETURNS event_trigger
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET client_min_messages = notice
AS $function$
DECLARE
    context text;
    template text[];
    tenant name;
    unlike text[];
    twin record;
    here bigint;
    there bigint;
BEGIN
    GET DIAGNOSTICS context = PG_CONTEXT;
    IF conformance.is_nested(context) THEN
        RETURN;
    END IF;
    IF tg_tag !~ '^(DROP|GRANT|REVOKE|ALTER DEFAULT)' AND NOT EXISTS (
            SELECT FROM pg_event_trigger_ddl_commands() AS c
             WHERE c.schema_name IS NULL OR c.schema_name = '__template__') THEN
        RETURN;
    END IF;
    PERFORM conformance.skew_tenant();
    BEGIN
        template := ARRAY(SELECT f FROM conformance.facts('__template__') AS f);
        FOR tenant IN SELECT s.schema FROM boardinghouse.schema AS s ORDER BY s.schema LOOP
            unlike := ARRAY(
                WITH here AS MATERIALIZED (SELECT f FROM conformance.facts(tenant) AS f)
                SELECT '+ ' || e.f
                  FROM (SELECT f FROM here EXCEPT ALL SELECT unnest(template)) AS e (f)
                 UNION ALL
                SELECT '- ' || e.f
                  FROM (SELECT unnest(template) EXCEPT ALL SELECT f FROM here) AS e (f)
                 ORDER BY 1);
            IF unlike <> '{}' THEN
                RAISE LOG 'conformance: unlike %', jsonb_build_object(
                    'tenant', tenant, 'command', tg_tag, 'query', left(current_query(), 2000),
                    'facts', unlike[1:20]);
            END IF;
        END LOOP;
        -- A command gives equal rows equal values, save what is random.
        FOR twin IN SELECT t.* FROM conformance.tables() AS t
                     WHERE t.id = ANY (current_setting('conformance.filled', true)::oid[]) LOOP
            BEGIN
                EXECUTE format(twin.total, '__template__') INTO there;
                EXECUTE format(twin.total, 'filled') INTO here;
            EXCEPTION WHEN OTHERS OR assert_failure THEN
                CONTINUE;
            END;
            IF here <> there THEN
                RAISE LOG 'conformance: unlike %', jsonb_build_object(
                    'tenant', 'filled', 'command', tg_tag, 'query', left(current_query(), 2000),
                    'facts', ARRAY[format('rows of %s', twin.id::regclass)]);
            END IF;
        END LOOP;
        -- The locks that reading took are let go.
        RAISE SQLSTATE 'CF001';
    EXCEPTION
        WHEN SQLSTATE 'CF001' THEN NULL;
        WHEN OTHERS OR assert_failure THEN
            RAISE LOG 'conformance: unlike %', jsonb_build_object(
                'tenant', tenant, 'command', tg_tag, 'query', left(current_query(), 2000),
                'facts', ARRAY[format('? %s: %s', SQLSTATE, SQLERRM)]);
    END;
END;
$function$;

CREATE EVENT TRIGGER "!start" ON ddl_command_start EXECUTE FUNCTION conformance.fill_tenant();
CREATE EVENT TRIGGER "!drop" ON sql_drop EXECUTE FUNCTION conformance.count_event();
CREATE EVENT TRIGGER "!end" ON ddl_command_end EXECUTE FUNCTION conformance.count_event();
CREATE EVENT TRIGGER "~" ON ddl_command_end EXECUTE FUNCTION conformance.compare_tenants();
