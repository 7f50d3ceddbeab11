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
    SET datestyle = 'ISO, MDY'
    SET intervalstyle = 'postgres'
    SET extra_float_digits = 1
AS $function$
DECLARE
    relations CONSTANT oid[] := boardinghouse._relations(source);
    copying text;
    positions text;
BEGIN
    FOR copying IN
        SELECT format('INSERT INTO %I.%I %s OVERRIDING SYSTEM VALUE SELECT %s FROM ONLY %I.%I',
                      target, c.relname, '(' || l.list || ')', coalesce(l.expressions, ''), source,
                      c.relname)
          FROM pg_class AS c
          JOIN pg_class AS o ON o.relname = c.relname
              AND o.relnamespace = boardinghouse._namespace(target)
          CROSS JOIN LATERAL (
                SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
                       -- A type of the source's is another one in the target; both read the same
                       -- text.
                       string_agg(CASE WHEN a.atttypid = b.atttypid THEN quote_ident(a.attname)
                                       ELSE format('%I::text::%s', a.attname,
                                                   format_type(b.atttypid, b.atttypmod)) END,
                                  ', ' ORDER BY a.attnum)
                  FROM pg_attribute AS a
                  JOIN pg_attribute AS b ON b.attrelid = o.oid AND b.attname = a.attname
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                     AND a.attgenerated = ''
               ) AS l (list, expressions)
         WHERE c.oid = ANY (relations)
           AND c.relkind = 'r'
           AND pg_relation_size(c.oid) > 0
         ORDER BY c.relname
    LOOP
        EXECUTE copying;
    END LOOP;
    SELECT string_agg(format('SELECT %L::regclass, q.last_value, q.is_called FROM %I.%I AS q WHERE (q.last_value, q.is_called) <> (%s, false)',
                             format('%I.%I', target, c.relname), source, c.relname, s.seqstart),
                             ' UNION ALL ')
      INTO positions
      FROM pg_class AS c
      JOIN pg_sequence AS s ON s.seqrelid = c.oid
     WHERE c.oid = ANY (relations);
    IF positions IS NOT NULL THEN
        EXECUTE format('SELECT setval(p.sequence, p.last_value, p.is_called) FROM (%s) AS p (sequence, last_value, is_called)', positions);
    END IF;
END;
$function$;
