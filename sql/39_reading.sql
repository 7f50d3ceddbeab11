-- Layer 3, inventory: read a schema while others change it.

-- _is_awaited()
--
-- Whether somebody waits for the extension's lock, which the caller holds.
CREATE FUNCTION boardinghouse._is_awaited()
    RETURNS boolean
    LANGUAGE sql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT EXISTS (
        SELECT FROM pg_locks AS l
         WHERE l.locktype = 'advisory' AND l.classid = 25192 AND l.objid = 1 AND NOT l.granted
           AND l.database = (SELECT d.oid FROM pg_database AS d
                             WHERE d.datname = current_database()))
$function$;

-- _lock_shared_tables(mode, relations)
--
-- Lock tables that others use, in one fixed order, while holding the extension's lock. Raises
-- lock_not_available as soon as somebody waits for that lock: it may be who holds the table. As
-- long as nobody does, a table is waited for half of deadlock_timeout at a time, in which no wait
-- of another can be taken for a deadlock. Tables that the caller may not lock are left out.
CREATE FUNCTION boardinghouse._lock_shared_tables(mode text, relations oid[])
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    usual CONSTANT text := current_setting('lock_timeout');
    briefly CONSTANT text := greatest(1, extract(epoch
                                                 FROM current_setting('deadlock_timeout')::interval) * 500)::integer || 'ms';
    since CONSTANT timestamp with time zone := clock_timestamp();
    locking text;
BEGIN
    FOR locking IN
        SELECT format('LOCK TABLE %s IN %s MODE', c.oid::regclass, mode)
          FROM pg_class AS c
          JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE c.oid = ANY (relations)
           AND has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')
         ORDER BY n.nspname, c.relname
    LOOP
        LOOP
            IF boardinghouse._is_awaited()
                OR clock_timestamp() - since > boardinghouse._patience(usual) THEN
                RAISE EXCEPTION 'a table is in use by another transaction'
                    USING ERRCODE = 'lock_not_available',
                          DETAIL = format('Asked for: %s.', locking),
                          HINT = 'Try again when the other transaction has ended.';
            END IF;
            BEGIN
                PERFORM set_config('lock_timeout', briefly, true);
                EXECUTE locking;
                PERFORM set_config('lock_timeout', usual, true);
                EXIT;
            EXCEPTION
                WHEN lock_not_available THEN NULL;      -- and again, unless somebody waits
            END;
        END LOOP;
    END LOOP;
END;
$function$;

-- _patience(lock_timeout)
--
-- How long to try for locks: lock_timeout where it is set, or a minute.
CREATE FUNCTION boardinghouse._patience(lock_timeout text)
    RETURNS interval
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT coalesce(NULLIF(lock_timeout, '0'), '60s')::interval
$function$;

-- _lock_reading(exclusive, schemata, mode)
--
-- Take the extension's lock, and the tables of these schemata in this mode. DDL holds its tables
-- before it asks for the extension's lock, so a table is never waited for while holding that: where
-- one is not to be had at once, everything is given back and tried again. Raises lock_not_available
-- after lock_timeout, or a minute. To copy rows (SHARE) every table is needed; to read the catalog,
-- those that the caller may read.
CREATE FUNCTION boardinghouse._lock_reading(exclusive boolean, schemata text[],
                                            mode text DEFAULT 'ACCESS SHARE')
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    since CONSTANT timestamp with time zone := clock_timestamp();
    relations text[];
    views text[];
    named text;
BEGIN
    LOOP
        BEGIN
            PERFORM boardinghouse._lock(exclusive);
            SELECT array_agg(c.oid::regclass::text ORDER BY n.nspname, c.relname),
                   array_agg(c.oid::regclass::text ORDER BY n.nspname, c.relname)
                       FILTER (WHERE c.relkind = 'v')
              INTO relations, views
              FROM unnest(schemata) AS s (schema)
              CROSS JOIN LATERAL unnest(boardinghouse._relations(s.schema)) AS r (oid)
              JOIN pg_class AS c ON c.oid = r.oid
              JOIN pg_namespace AS n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p', CASE mode WHEN 'ACCESS SHARE' THEN 'v'::"char"
                                 ELSE 'r'::"char" END)
               AND (mode <> 'ACCESS SHARE' OR has_table_privilege(c.oid, 'SELECT'));
            IF relations IS NOT NULL THEN
                BEGIN
                    EXECUTE format('LOCK TABLE %s IN %s MODE NOWAIT',
                                   array_to_string(relations, ', '), mode);
                EXCEPTION
                    WHEN insufficient_privilege THEN
                        IF views IS NULL THEN
                            RAISE;
                        END IF;
                        -- With a view goes what is under it, in the rights of the view's owner. If
                        -- he has none, no more than the view's definition is needed.
                        FOREACH named IN ARRAY relations LOOP
                            BEGIN
                                EXECUTE format('LOCK TABLE %s IN %s MODE NOWAIT', named, mode);
                            EXCEPTION
                                WHEN insufficient_privilege THEN
                                    IF named <> ALL (views) THEN
                                        RAISE;
                                    END IF;
                            END;
                        END LOOP;
                END;
            END IF;
            EXIT;
        EXCEPTION
            WHEN lock_not_available THEN
                IF clock_timestamp() - since > boardinghouse._patience(current_setting('lock_timeout')) THEN
                    RAISE EXCEPTION 'a table of schema % is in use by another transaction',
                            (SELECT string_agg(format('"%s"', s.schema), ', ')
                             FROM unnest(schemata) AS s (schema))
                        USING ERRCODE = 'lock_not_available',
                              HINT = 'Try again when the other transaction has ended.';
                END IF;
        END;
        PERFORM pg_sleep(0.01);
    END LOOP;
END;
$function$;

-- _read(schema)
--
-- The parts of a schema, read under the extension's lock and with its tables held, in a
-- subtransaction that is rolled back: it gives back the locks, also those that the deparse
-- functions take. The journal's last change tells whether two such readings saw the same template.
CREATE FUNCTION boardinghouse._read(schema text, OUT parts boardinghouse.part[],
                                    OUT change_id bigint)
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM boardinghouse._lock_reading(false, ARRAY[schema]);
    parts := ARRAY(SELECT i FROM boardinghouse._inventory(schema) AS i);
    change_id := (SELECT max(c.id) FROM boardinghouse.change AS c);
    RAISE EXCEPTION USING ERRCODE = 'BH000';
EXCEPTION
    WHEN SQLSTATE 'BH000' THEN NULL;
END;
$function$;
