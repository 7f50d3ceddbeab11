-- Layer 3, inventory: tables, their columns, and sequences.
-- undo says IF EXISTS: DROP ... CASCADE of a shared object takes the tenants' dependents along
-- itself.
-- Columns of every parts view are those of the type part, with the OID of the main object for id.

-- The tablespace of what names none.
CREATE VIEW boardinghouse._default_tablespace AS
SELECT s.spcname
  FROM pg_database AS b
  JOIN pg_tablespace AS s ON s.oid = b.dattablespace
 WHERE b.datname = current_database();

CREATE VIEW boardinghouse._table_part AS
SELECT 'table' AS kind, quote_ident(c.relname) AS object, c.relname::text AS name, 0 AS sort,
       concat('pg_class ', c.oid, ' 0') AS id, NULL::text AS within, c.oid AS main,
       format('CREATE %sTABLE %I', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' END,
              c.relname) AS ddl,
       format('ALTER TABLE %I SET %s', c.relname,
              CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END) AS alteration,
       format('DROP TABLE IF EXISTS %I', c.relname) AS undo,
       NULL::text AS inline,
       ARRAY['ALTER TABLE ', ' RENAME TO '] AS rename,
       -- relfilenode tells whether the command rewrote the table.
       concat_ws(' ', c.relpersistence, c.relfilenode) AS raw,
       NULL::text[] AS needs, false AS names_schema
  FROM pg_class AS c
 WHERE c.relkind IN ('r', 'p')
UNION ALL
-- A partitioned table has none but where it was told, as from PostgreSQL 17 it can be.
SELECT 'access method', quote_ident(c.relname), NULL, 0,
       concat('pg_class ', c.oid, ' 0'), concat('pg_class ', c.oid, ' 0'), c.oid,
       format('ALTER TABLE %I SET ACCESS METHOD %I', c.relname, m.amname),
       format('ALTER TABLE %I SET ACCESS METHOD %I', c.relname, m.amname),
       format('ALTER TABLE %I SET ACCESS METHOD %s', c.relname,
              CASE c.relkind WHEN 'p' THEN 'DEFAULT' ELSE 'heap' END),
       NULL, NULL, m.amname::text, NULL, false
  FROM pg_class AS c
  JOIN pg_am AS m ON m.oid = c.relam AND (m.amname <> 'heap' OR c.relkind = 'p')
 WHERE c.relkind IN ('r', 'p')
UNION ALL
-- Of tables, materialized views and, below, indexes. A view that is asked for some relations must
-- let the question through to an index of the catalog, so each has a branch of its own.
SELECT 'tablespace', quote_ident(c.relname), NULL, 0,
       concat('pg_class ', c.oid, ' 0'), concat('pg_class ', c.oid, ' 0'), c.oid,
       format('ALTER %s %I SET TABLESPACE %I', x.keyword, c.relname, s.spcname),
       format('ALTER %s %I SET TABLESPACE %I', x.keyword, c.relname, s.spcname),
       format('ALTER %s %I SET TABLESPACE %I', x.keyword, c.relname, b.spcname),
       NULL, NULL, s.spcname::text, NULL, false
  FROM pg_class AS c
  JOIN pg_tablespace AS s ON s.oid = c.reltablespace
  CROSS JOIN boardinghouse._default_tablespace AS b
  CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW'
                      ELSE 'TABLE' END) AS x (keyword)
 WHERE c.relkind IN ('r', 'p', 'm')
UNION ALL
SELECT 'tablespace', quote_ident(c.relname), NULL, 0,
       concat('pg_class ', c.oid, ' 0'),
       coalesce('pg_constraint ' || k.oid || ' 0', concat('pg_class ', c.oid, ' 0')), i.indrelid,
       format('ALTER INDEX %I SET TABLESPACE %I', c.relname, s.spcname),
       format('ALTER INDEX %I SET TABLESPACE %I', c.relname, s.spcname),
       format('ALTER INDEX %I SET TABLESPACE %I', c.relname, b.spcname),
       NULL, NULL, s.spcname::text, NULL, false
  FROM pg_index AS i
  JOIN pg_class AS c ON c.oid = i.indexrelid
  JOIN pg_tablespace AS s ON s.oid = c.reltablespace
  CROSS JOIN boardinghouse._default_tablespace AS b
  LEFT JOIN pg_constraint AS k ON k.conrelid = i.indrelid AND k.conindid = i.indexrelid
      AND k.contype IN ('p', 'u', 'x')
 WHERE (c.relkind = 'i' AND i.indisvalid) OR c.relkind = 'I'
UNION ALL
-- In the order that they were set in, which is that of pg_dump.
SELECT 'storage parameter', format('%I.%s', c.relname, x.option), NULL, o.place::integer,
       concat('pg_class ', c.oid, ' ', x.option), concat('pg_class ', c.oid, ' 0'), c.oid,
       format('ALTER %s %I SET (%s = %L)', y.keyword, c.relname, x.option, x.value),
       format('ALTER %s %I SET (%s = %L)', y.keyword, c.relname, x.option, x.value),
       format('ALTER %s %I RESET (%s)', y.keyword, c.relname, x.option),
       NULL, NULL, x.value, NULL, false
  FROM pg_class AS c
  LEFT JOIN pg_class AS t ON t.oid = c.reltoastrelid AND t.oid <> 0
  CROSS JOIN LATERAL (
        SELECT '', o.setting, o.place
          FROM unnest(c.reloptions) WITH ORDINALITY AS o (setting, place)
         UNION ALL
        SELECT 'toast.', o.setting, o.place
          FROM unnest(t.reloptions) WITH ORDINALITY AS o (setting, place)
       ) AS o (prefix, setting, place)
  CROSS JOIN LATERAL (
        SELECT o.prefix || split_part(o.setting, '=', 1),
               substr(o.setting, strpos(o.setting, '=') + 1)
       ) AS x (option, value)
  CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW'
                      ELSE 'TABLE' END) AS y (keyword)
 WHERE c.relkind IN ('r', 'm')
UNION ALL
-- pg_get_constraintdef() leaves those of a key's index out; pg_get_indexdef() does not.
SELECT 'storage parameter', format('%I.%s', c.relname, x.option), NULL, x.place::integer,
       concat('pg_class ', c.oid, ' ', x.option), concat('pg_constraint ', k.oid, ' 0'), k.conrelid,
       format('ALTER INDEX %I SET (%s = %L)', c.relname, x.option, x.value),
       format('ALTER INDEX %I SET (%s = %L)', c.relname, x.option, x.value),
       format('ALTER INDEX %I RESET (%s)', c.relname, x.option),
       NULL, NULL, x.value, NULL, false
  FROM pg_constraint AS k
  JOIN pg_class AS c ON c.oid = k.conindid
  CROSS JOIN LATERAL (
        SELECT split_part(o.setting, '=', 1), substr(o.setting, strpos(o.setting, '=') + 1), o.place
          FROM unnest(c.reloptions) WITH ORDINALITY AS o (setting, place)
       ) AS x (option, value, place)
 WHERE k.contype IN ('p', 'u', 'x')
UNION ALL
SELECT 'replica identity', quote_ident(c.relname), NULL, 0,
       concat('pg_class ', c.oid, ' 0'), concat('pg_class ', c.oid, ' 0'), c.oid,
       format('ALTER TABLE %I REPLICA IDENTITY %s', c.relname, x.clause),
       format('ALTER TABLE %I REPLICA IDENTITY %s', c.relname, x.clause),
       format('ALTER TABLE %I REPLICA IDENTITY DEFAULT', c.relname),
       NULL, NULL, concat(c.relreplident, i.indexrelid),
       ARRAY[coalesce('pg_constraint ' || k.oid || ' 0', 'pg_class ' || ic.oid || ' 0')], false
  FROM pg_class AS c
  LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisreplident AND c.relreplident = 'i'
  LEFT JOIN pg_class AS ic ON ic.oid = i.indexrelid
  LEFT JOIN pg_constraint AS k ON k.conrelid = c.oid AND k.conindid = ic.oid
      AND k.contype IN ('p', 'u', 'x')
  CROSS JOIN LATERAL (
        -- Without its index it acts as NOTHING.
        SELECT CASE WHEN c.relreplident = 'f' THEN 'FULL' WHEN ic.oid IS NULL THEN 'NOTHING'
                    ELSE format('USING INDEX %I', ic.relname) END
       ) AS x (clause)
 WHERE c.relkind IN ('r', 'p') AND c.relreplident <> 'd'
UNION ALL
SELECT 'clustering', quote_ident(c.relname), NULL, 0,
       concat('pg_class ', c.oid, ' 0'), concat('pg_class ', c.oid, ' 0'), c.oid,
       format('ALTER %s %I CLUSTER ON %I', x.keyword, c.relname, ic.relname),
       format('ALTER %s %I CLUSTER ON %I', x.keyword, c.relname, ic.relname),
       format('ALTER %s %I SET WITHOUT CLUSTER', x.keyword, c.relname),
       NULL, NULL, ic.oid::text,
       ARRAY[coalesce('pg_constraint ' || k.oid || ' 0', 'pg_class ' || ic.oid || ' 0')], false
  FROM pg_class AS c
  JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisclustered
  JOIN pg_class AS ic ON ic.oid = i.indexrelid
  LEFT JOIN pg_constraint AS k ON k.conrelid = c.oid AND k.conindid = ic.oid
      AND k.contype IN ('p', 'u', 'x')
  CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW'
                      ELSE 'TABLE' END) AS x (keyword)
 WHERE c.relkind IN ('r', 'm')
UNION ALL
SELECT CASE f.name WHEN 'row' THEN 'row security' ELSE 'forced row security' END,
       quote_ident(c.relname), NULL, 0,
       concat('pg_class ', c.oid, ' 0'), concat('pg_class ', c.oid, ' 0'), c.oid,
       format('ALTER TABLE %I %s ROW LEVEL SECURITY', c.relname, f.on_),
       format('ALTER TABLE %I %s ROW LEVEL SECURITY', c.relname, f.on_),
       format('ALTER TABLE %I %s ROW LEVEL SECURITY', c.relname, f.off_),
       NULL, NULL, f.name, NULL, false
  FROM pg_class AS c
  CROSS JOIN LATERAL (VALUES
        ('row', 'ENABLE', 'DISABLE', c.relrowsecurity),
        ('forced', 'FORCE', 'NO FORCE', c.relforcerowsecurity)) AS f (name, on_, off_, is_set)
 WHERE c.relkind IN ('r', 'p') AND f.is_set;

CREATE VIEW boardinghouse._column_part AS
SELECT 'column' AS kind, format('%I.%I', c.relname, a.attname) AS object, a.attname::text AS name,
       a.attnum::integer AS sort,
       concat('pg_class ', c.oid, ' ', a.attnum) AS id, concat('pg_class ', c.oid, ' 0') AS within,
       c.oid AS main,
       format('ALTER TABLE %I ADD COLUMN %I %s', c.relname, a.attname, x.type) AS ddl,
       format('ALTER TABLE %I ALTER COLUMN %I TYPE %s', c.relname, a.attname, x.type) AS alteration,
       format('ALTER TABLE %I DROP COLUMN IF EXISTS %I', c.relname, a.attname) AS undo,
       format('%I %s', a.attname, x.type) AS inline,
       ARRAY[format('ALTER TABLE %I RENAME COLUMN ', c.relname), ' TO '] AS rename,
       concat_ws(' ', a.atttypid, a.atttypmod, a.attcollation) AS raw,
       CASE WHEN a.atttypid >= 16384 OR a.attcollation >= 16384
            THEN boardinghouse._needs('pg_class'::regclass, c.oid, a.attnum::integer) END AS needs,
       false AS names_schema,
       CASE WHEN a.attinhcount > 0
            THEN boardinghouse._inherited_columns(c.oid, a.attname) END AS inherited_from,
       a.attislocal AS is_local
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type AS t ON t.oid = a.atttypid
  CROSS JOIN LATERAL (
        SELECT format_type(a.atttypid, a.atttypmod)
               || CASE WHEN a.attcollation <> t.typcollation
                       THEN ' COLLATE ' || a.attcollation::regcollation ELSE '' END
       ) AS x (type)
 WHERE c.relkind IN ('r', 'p', 'f')
UNION ALL
SELECT CASE a.attgenerated WHEN '' THEN 'default' ELSE 'generation' END,
       format('%I.%I', c.relname, a.attname), NULL, a.attnum::integer,
       concat('pg_class ', c.oid, ' ', a.attnum), concat('pg_class ', c.oid, ' ', a.attnum), c.oid,
       x.ddl, x.ddl,
       CASE a.attgenerated WHEN '' THEN format('ALTER TABLE %I ALTER COLUMN %I DROP DEFAULT',
                                               c.relname, a.attname)
                           ELSE format('ALTER TABLE %I ALTER COLUMN %I DROP EXPRESSION IF EXISTS',
                                       c.relname, a.attname) END,
       CASE a.attgenerated WHEN '' THEN 'DEFAULT ' || x.expression
                           WHEN 's' THEN 'GENERATED ALWAYS AS (' || x.expression || ') STORED'
                           ELSE 'GENERATED ALWAYS AS (' || x.expression || ') VIRTUAL' END,
       NULL, md5(d.adbin::text),
       CASE WHEN EXISTS (SELECT FROM pg_depend AS n
                         WHERE n.classid = 'pg_attrdef'::regclass AND n.objid = d.oid
                            AND n.refobjid >= 16384 AND n.refobjid <> c.oid)
            THEN boardinghouse._needs('pg_attrdef'::regclass, d.oid) END,
       false,
       CASE WHEN a.attinhcount > 0 AND a.attgenerated <> ''
            THEN boardinghouse._inherited_columns(c.oid, a.attname) END,
       a.attislocal
  FROM pg_class AS c
  JOIN pg_attrdef AS d ON d.adrelid = c.oid
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.adnum
  CROSS JOIN LATERAL (SELECT pg_get_expr(d.adbin, d.adrelid) OFFSET 0) AS e (expression)
  CROSS JOIN LATERAL (
        SELECT e.expression,
               format(CASE a.attgenerated WHEN ''
                      THEN 'ALTER TABLE %I ALTER COLUMN %I SET DEFAULT %s'
                                          ELSE 'ALTER TABLE %I ALTER COLUMN %I SET EXPRESSION AS (%s)' END,
                      c.relname, a.attname, e.expression)
       ) AS x (expression, ddl)
 WHERE c.relkind IN ('r', 'p', 'f')
UNION ALL
-- A column that a parent has too is made with the parent's default. OFFSET 0, here and below: looked
-- up by the table, though the planner takes inherited columns for so few that it would find them all.
SELECT 'default', format('%I.%I', c.relname, a.attname), NULL, a.attnum::integer,
       concat('pg_class ', c.oid, ' ', a.attnum), concat('pg_class ', c.oid, ' ', a.attnum), c.oid,
       x.ddl, x.ddl, x.ddl, NULL, NULL, 'none', NULL, false, NULL,
       true
  FROM pg_class AS c
  CROSS JOIN LATERAL (
        SELECT a.* FROM pg_attribute AS a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        OFFSET 0) AS a
  CROSS JOIN LATERAL (
        SELECT format('ALTER TABLE %I ALTER COLUMN %I DROP DEFAULT', c.relname, a.attname)
       ) AS x (ddl)
 WHERE c.relkind IN ('r', 'f') AND NOT c.relispartition
   AND a.attinhcount > 0 AND NOT a.atthasdef AND a.attidentity = ''
   AND EXISTS (SELECT FROM pg_inherits AS i
                 JOIN pg_attribute AS o ON o.attrelid = i.inhparent AND o.attname = a.attname
                  AND o.atthasdef
                WHERE i.inhrelid = c.oid)
UNION ALL
-- From PostgreSQL 18 a NOT NULL is a constraint with a name of its own.
SELECT 'not null', format('%I.%I', c.relname, a.attname), k.conname::text, a.attnum::integer,
       concat('pg_class ', c.oid, ' ', a.attnum),
       -- That of a column that is there through a parent alone stands beside the columns.
       concat('pg_class ', c.oid, ' ', CASE WHEN x.is_beside THEN 0 ELSE a.attnum END), c.oid,
       CASE WHEN k.oid IS NULL THEN format('ALTER TABLE %I ALTER COLUMN %I SET NOT NULL', c.relname,
                                           a.attname)
            -- A partitioned table gets one that is NO INHERIT in two steps only.
            WHEN c.relkind = 'p' AND k.connoinherit
            THEN format('ALTER TABLE %1$I ADD CONSTRAINT %2$I NOT NULL %3$I; '
                        'ALTER TABLE %1$I ALTER CONSTRAINT %2$I NO INHERIT',
                        c.relname, k.conname, a.attname)
            ELSE format('ALTER TABLE %I ADD CONSTRAINT %I %s', c.relname, k.conname,
                        pg_get_constraintdef(k.oid)) END,
       CASE WHEN k.convalidated THEN format('ALTER TABLE %I VALIDATE CONSTRAINT %I', c.relname,
                                            k.conname) END,
       format('ALTER TABLE %I ALTER COLUMN %I DROP NOT NULL', c.relname, a.attname),
       CASE WHEN k.oid IS NULL THEN 'NOT NULL'
            WHEN k.convalidated AND NOT (c.relkind = 'p' AND k.connoinherit)
            THEN format('CONSTRAINT %I NOT NULL', k.conname)
                || CASE WHEN x.is_beside THEN ' ' || quote_ident(a.attname) ELSE '' END
                || CASE WHEN k.connoinherit THEN ' NO INHERIT' ELSE '' END END,
       CASE WHEN k.oid IS NOT NULL THEN ARRAY[format('ALTER TABLE %I RENAME CONSTRAINT ',
                                                     c.relname), ' TO '] END,
       concat(k.connoinherit, CASE WHEN NOT k.convalidated THEN ' NOT VALID' END), NULL, false,
       CASE WHEN a.attinhcount > 0 AND (k.oid IS NULL OR k.coninhcount > 0)
            THEN boardinghouse._inherited_columns(c.oid, a.attname, true) END,
       coalesce(k.conislocal, false)
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'n' AND k.conkey[1] = a.attnum
  CROSS JOIN LATERAL (
        SELECT coalesce(k.conislocal AND a.attinhcount > 0 AND NOT a.attislocal, false)
       ) AS x (is_beside)
 WHERE c.relkind IN ('r', 'p', 'f') AND (a.attnotnull OR k.oid IS NOT NULL)
UNION ALL
-- Before PostgreSQL 18 a child need not have the NOT NULL of its parent, but is made with it.
SELECT 'not null', format('%I.%I', c.relname, a.attname), NULL, a.attnum::integer,
       concat('pg_class ', c.oid, ' ', a.attnum), concat('pg_class ', c.oid, ' ', a.attnum), c.oid,
       x.ddl, x.ddl, x.ddl, NULL, NULL, 'none', NULL, false, NULL, true
  FROM pg_class AS c
  CROSS JOIN LATERAL (
        SELECT a.* FROM pg_attribute AS a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        OFFSET 0) AS a
  CROSS JOIN LATERAL (
        SELECT format('ALTER TABLE %I ALTER COLUMN %I DROP NOT NULL', c.relname, a.attname)
       ) AS x (ddl)
 WHERE c.relkind = 'r' AND NOT c.relispartition
   AND a.attinhcount > 0 AND NOT a.attnotnull
   AND current_setting('server_version_num')::integer < 180000
   AND EXISTS (SELECT FROM pg_inherits AS i
                 JOIN pg_attribute AS o ON o.attrelid = i.inhparent AND o.attname = a.attname
                  AND o.attnotnull
                WHERE i.inhrelid = c.oid)
UNION ALL
SELECT 'identity', format('%I.%I', c.relname, a.attname), q.relname::text, a.attnum::integer,
       concat('pg_class ', c.oid, ' ', a.attnum), concat('pg_class ', c.oid, ' ', a.attnum), c.oid,
       format('ALTER TABLE %I ALTER COLUMN %I ADD %s', c.relname, a.attname, x.clause),
       format('ALTER TABLE %I ALTER COLUMN %I SET GENERATED %s', c.relname, a.attname, x.generated)
           || format(' SET INCREMENT BY %s SET MINVALUE %s SET MAXVALUE %s SET START WITH %s SET CACHE %s SET %s',
                     s.seqincrement, greatest(s.seqmin, x.lowest), least(s.seqmax, x.highest),
                     s.seqstart, s.seqcache, x.cycle),
       format('ALTER TABLE %I ALTER COLUMN %I DROP IDENTITY IF EXISTS', c.relname, a.attname),
       x.clause,
       ARRAY['ALTER SEQUENCE ', ' RENAME TO '],
       concat_ws(' ', a.attidentity, s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
                 s.seqcycle), NULL, false, NULL, true
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attidentity <> '' AND NOT a.attisdropped
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
      AND d.refobjsubid = a.attnum
                     AND d.classid = 'pg_class'::regclass AND d.deptype = 'i'
  JOIN pg_sequence AS s ON s.seqrelid = d.objid
  JOIN pg_class AS q ON q.oid = s.seqrelid
  CROSS JOIN LATERAL (
        SELECT CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END,
               CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END,
               CASE a.atttypid WHEN 'smallint'::regtype THEN 32767 WHEN 'integer'::regtype
                   THEN 2147483647
                               ELSE 9223372036854775807 END,
               CASE a.atttypid WHEN 'smallint'::regtype THEN -32768 WHEN 'integer'::regtype
                   THEN -2147483648
                               ELSE -9223372036854775808 END
       ) AS g (generated, cycle, highest, lowest)
  CROSS JOIN LATERAL (
        SELECT g.generated, g.cycle, g.highest, g.lowest,
               format('GENERATED %s AS IDENTITY (SEQUENCE NAME %I INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s %s)',
                      g.generated, q.relname, s.seqincrement, greatest(s.seqmin, g.lowest),
                      least(s.seqmax, g.highest), s.seqstart, s.seqcache, g.cycle)
       ) AS x (generated, cycle, highest, lowest, clause)
 WHERE c.relkind IN ('r', 'p', 'f')
UNION ALL
SELECT x.kind, format('%I.%I', c.relname, a.attname), NULL, a.attnum::integer,
       concat('pg_class ', c.oid, ' ', a.attnum), concat('pg_class ', c.oid, ' ', a.attnum), c.oid,
       format('ALTER %s %I ALTER COLUMN %I SET %s', y.keyword, c.relname, a.attname, x.clause),
       format('ALTER %s %I ALTER COLUMN %I SET %s', y.keyword, c.relname, a.attname, x.clause),
       format('ALTER %s %I ALTER COLUMN %I SET %s', y.keyword, c.relname, a.attname, x.reset),
       NULL, NULL, x.clause, NULL, false, NULL, true
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type AS t ON t.oid = a.atttypid
  CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW'
                      ELSE 'TABLE' END) AS y (keyword)
  CROSS JOIN LATERAL (
        VALUES ('column storage',
                'STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
                    WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END,
                'STORAGE ' || CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
                    WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END,
                a.attstorage <> t.typstorage),
               ('column compression', 'COMPRESSION ' || CASE a.attcompression WHEN 'l' THEN 'lz4'
                ELSE 'pglz' END,
                'COMPRESSION default', a.attcompression <> ''),
               ('column statistics', 'STATISTICS ' || a.attstattarget, 'STATISTICS -1',
                coalesce(a.attstattarget, -1) <> -1)
       ) AS x (kind, clause, reset, is_set)
 WHERE c.relkind IN ('r', 'p', 'f', 'm') AND x.is_set
UNION ALL
SELECT 'column option', format('%I.%I.%s', c.relname, a.attname, split_part(o.setting, '=', 1)),
       NULL, a.attnum::integer,
       concat('pg_class ', c.oid, ' ', a.attnum, ' ', split_part(o.setting, '=', 1)),
       concat('pg_class ', c.oid, ' ', a.attnum), c.oid,
       format('ALTER TABLE %I ALTER COLUMN %I SET (%s)', c.relname, a.attname, o.setting),
       format('ALTER TABLE %I ALTER COLUMN %I SET (%s)', c.relname, a.attname, o.setting),
       format('ALTER TABLE %I ALTER COLUMN %I RESET (%s)', c.relname, a.attname,
              split_part(o.setting, '=', 1)),
       NULL, NULL, o.setting, NULL, false, NULL, true
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  CROSS JOIN LATERAL unnest(a.attoptions) AS o (setting)
 WHERE c.relkind IN ('r', 'p', 'f', 'm')
   AND NOT starts_with(o.setting,
                       'pg_');    -- pg_attver is a stamp of the server's own (from 15.20)

-- Sequences; those of identity columns are parts of their columns, and have main and within there.
CREATE VIEW boardinghouse._sequence_part AS
SELECT 'sequence' AS kind, quote_ident(c.relname) AS object, c.relname::text AS name, 0 AS sort,
       concat('pg_class ', c.oid, ' 0') AS id,
       'pg_class ' || d.refobjid || ' ' || d.refobjsubid AS within, c.oid AS main,
       format('CREATE SEQUENCE %I %s', c.relname, x.options) AS ddl,
       format('ALTER SEQUENCE %I %s', c.relname, x.options) AS alteration,
       format('DROP SEQUENCE IF EXISTS %I', c.relname) AS undo,
       NULL::text AS inline,
       ARRAY['ALTER SEQUENCE ', ' RENAME TO '] AS rename,
       x.options AS raw, NULL::text[] AS needs, false AS names_schema
  FROM pg_class AS c
  JOIN pg_sequence AS s ON s.seqrelid = c.oid
  LEFT JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
      AND d.objsubid = 0
                          AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  CROSS JOIN LATERAL (
        SELECT format('AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s %s',
                      format_type(s.seqtypid, NULL), s.seqincrement, s.seqmin, s.seqmax, s.seqstart,
                      s.seqcache,
                      CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END)
       ) AS x (options)
 WHERE d.deptype IS DISTINCT FROM 'i'
UNION ALL
SELECT 'owned by', quote_ident(c.relname), NULL, 0,
       concat('pg_class ', c.oid, ' 0'), concat('pg_class ', c.oid, ' 0'), c.oid,
       x.ddl, x.ddl, format('ALTER SEQUENCE %I OWNED BY NONE', c.relname),
       NULL, NULL, concat_ws(' ', d.refobjid, d.refobjsubid),
       ARRAY[concat('pg_class ', d.refobjid, ' 0')], false
  FROM pg_class AS c
  JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
                     AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
  JOIN pg_class AS t ON t.oid = d.refobjid
  JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  CROSS JOIN LATERAL (
        SELECT format('ALTER SEQUENCE %I OWNED BY %I.%I', c.relname, t.relname, a.attname)
       ) AS x (ddl)
 WHERE c.relkind = 'S'
UNION ALL
SELECT 'sequence persistence', quote_ident(c.relname), NULL, 0,
       concat('pg_class ', c.oid, ' 0'), concat('pg_class ', c.oid, ' 0'), c.oid,
       format('ALTER SEQUENCE %I SET UNLOGGED', c.relname), NULL,
       format('ALTER SEQUENCE %I SET LOGGED', c.relname),
       NULL, NULL, '', NULL, false
  FROM pg_class AS c
 WHERE c.relkind = 'S' AND c.relpersistence = 'u'
UNION ALL
SELECT x.kind, quote_ident(c.relname), NULL, 0,
       concat('pg_class ', c.oid, ' 0'), concat('pg_class ', d.refobjid, ' ', d.refobjsubid),
       d.refobjid,
       x.ddl, NULL, x.undo, NULL, NULL, x.ddl, NULL, false
  FROM pg_depend AS d
  JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
  JOIN pg_sequence AS s ON s.seqrelid = c.oid
  JOIN pg_class AS t ON t.oid = d.refobjid
  JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  CROSS JOIN LATERAL (
        -- The sequence of an identity column is made with the persistence of its table ...
        VALUES ('sequence persistence',
                format('ALTER SEQUENCE %I SET %s', c.relname,
                       CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END),
                format('ALTER SEQUENCE %I SET %s', c.relname,
                       CASE t.relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END),
                c.relpersistence <> t.relpersistence),
               -- ... and the type of the column.
               ('sequence type', format('ALTER SEQUENCE %I AS %s MINVALUE %s MAXVALUE %s',
                                        c.relname, format_type(s.seqtypid, NULL), s.seqmin,
                                        s.seqmax),
                format('ALTER SEQUENCE %I AS %s NO MINVALUE NO MAXVALUE', c.relname,
                       format_type(a.atttypid, NULL)), s.seqtypid <> a.atttypid)
       ) AS x (kind, ddl, undo, is_set)
 WHERE d.classid = 'pg_class'::regclass AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass
     AND d.deptype = 'i'
   AND x.is_set;
