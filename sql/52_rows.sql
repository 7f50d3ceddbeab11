-- Layer 5, apply: the rows of a schema, copied into one of the same structure.

-- _copy_rows(source, target)
--
-- Copy the rows of all tables and the positions of all sequences. The caller holds the tables of
-- the source in SHARE mode, and has yet to make triggers, rules and foreign keys in the target.
CREATE FUNCTION boardinghouse._copy_rows(source text, target text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET row_security = off      -- raise rather than copy half
AS $function$
DECLARE
    relations CONSTANT oid[] := boardinghouse._relations(source);
    copying text;
    positions text;
BEGIN
    FOR copying IN
        SELECT format('INSERT INTO %I.%I %s OVERRIDING SYSTEM VALUE SELECT %s FROM ONLY %I.%I',
                      target, c.relname, '(' || l.list || ')', coalesce(l.list, ''), source, c.relname)
          FROM pg_class AS c
          CROSS JOIN LATERAL (
                SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
                  FROM pg_attribute AS a
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
               ) AS l (list)
         WHERE c.oid = ANY (relations)
           AND c.relkind = 'r'
           AND pg_relation_size(c.oid) > 0
         ORDER BY c.relname
    LOOP
        EXECUTE copying;
    END LOOP;
    SELECT string_agg(format('SELECT %L::regclass, q.last_value, q.is_called FROM %I.%I AS q WHERE (q.last_value, q.is_called) <> (%s, false)',
                             format('%I.%I', target, c.relname), source, c.relname, s.seqstart), ' UNION ALL ')
      INTO positions
      FROM pg_class AS c
      JOIN pg_sequence AS s ON s.seqrelid = c.oid
     WHERE c.oid = ANY (relations);
    IF positions IS NOT NULL THEN
        EXECUTE format('SELECT setval(p.sequence, p.last_value, p.is_called) FROM (%s) AS p (sequence, last_value, is_called)', positions);
    END IF;
END;
$function$;
