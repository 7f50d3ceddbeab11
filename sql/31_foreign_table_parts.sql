-- Layer 3, inventory: foreign tables. They have no rows of their own; their columns, constraints
-- and triggers are read with those of other tables.

-- _foreign_options(options)
--
-- The options of a foreign table or column, as the list in its definition; NULL: none.
CREATE FUNCTION boardinghouse._foreign_options(options text[])
    RETURNS text
    LANGUAGE sql
    IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT string_agg(format('%I %L', x.name, x.value), ', ' ORDER BY x.name COLLATE "C")
      FROM unnest(options) AS o (setting)
      CROSS JOIN LATERAL (
            SELECT split_part(o.setting, '=', 1), substr(o.setting, strpos(o.setting, '=') + 1)
           ) AS x (name, value)
$function$;

CREATE VIEW boardinghouse._foreign_table_part AS
SELECT 'foreign table' AS kind, quote_ident(c.relname) AS object, c.relname::text AS name,
       0 AS sort, concat('pg_class ', c.oid, ' 0') AS id, NULL::text AS within, c.oid AS main,
       format('CREATE FOREIGN TABLE %I', c.relname) AS ddl, NULL::text AS alteration,
       format('DROP FOREIGN TABLE IF EXISTS %I', c.relname) AS undo, NULL::text AS inline,
       ARRAY['ALTER FOREIGN TABLE ', ' RENAME TO '] AS rename, ''::text AS raw,
       NULL::text[] AS needs, false AS names_schema
  FROM pg_class AS c
 WHERE c.relkind = 'f'
UNION ALL
SELECT 'foreign server', quote_ident(c.relname), NULL, 0,
       concat('pg_class ', c.oid, ' 0'), concat('pg_class ', c.oid, ' 0'), c.oid,
       format('SERVER %I', s.srvname), NULL, NULL, NULL, NULL, s.oid::text,
       ARRAY[concat('pg_foreign_server ', s.oid, ' 0')], false
  FROM pg_foreign_table AS f
  JOIN pg_class AS c ON c.oid = f.ftrelid
  JOIN pg_foreign_server AS s ON s.oid = f.ftserver
UNION ALL
SELECT 'foreign options', quote_ident(c.relname), NULL, 0,
       concat('pg_class ', c.oid, ' 0'), concat('pg_class ', c.oid, ' 0'), c.oid,
       format('ALTER FOREIGN TABLE %I OPTIONS (%s)', c.relname, x.options),
       format('ALTER FOREIGN TABLE %I OPTIONS', c.relname),
       format('ALTER FOREIGN TABLE %I OPTIONS (%s)', c.relname, x.gone),
       format('OPTIONS (%s)', x.options), NULL, to_jsonb(f.ftoptions)::text, NULL, false
  FROM pg_foreign_table AS f
  JOIN pg_class AS c ON c.oid = f.ftrelid
  CROSS JOIN LATERAL (
        SELECT boardinghouse._foreign_options(f.ftoptions),
               (SELECT string_agg(format('DROP %I', split_part(o.setting, '=', 1)), ', ')
                  FROM unnest(f.ftoptions) AS o (setting))
       ) AS x (options, gone)
 WHERE cardinality(f.ftoptions) > 0
UNION ALL
SELECT 'foreign column options', format('%I.%I', c.relname, a.attname), NULL, a.attnum::integer,
       concat('pg_class ', c.oid, ' ', a.attnum), concat('pg_class ', c.oid, ' ', a.attnum), c.oid,
       format('ALTER FOREIGN TABLE %I ALTER COLUMN %I OPTIONS (%s)', c.relname, a.attname,
              x.options),
       format('ALTER FOREIGN TABLE %I ALTER COLUMN %I OPTIONS', c.relname, a.attname),
       format('ALTER FOREIGN TABLE %I ALTER COLUMN %I OPTIONS (%s)', c.relname, a.attname, x.gone),
       NULL, NULL, to_jsonb(a.attfdwoptions)::text, NULL, false
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND NOT a.attisdropped
      AND cardinality(a.attfdwoptions) > 0
  CROSS JOIN LATERAL (
        SELECT boardinghouse._foreign_options(a.attfdwoptions),
               (SELECT string_agg(format('DROP %I', split_part(o.setting, '=', 1)), ', ')
                  FROM unnest(a.attfdwoptions) AS o (setting))
       ) AS x (options, gone)
 WHERE c.relkind = 'f';
