-- Layer 3, inventory: partitions, inheritance, types of tables - what ties tables, and their
-- indexes, together, or to a type.
-- A child is made as a table of its own, with names of its own, and then attached; what it has
-- through its parents alone says so (inherited_from, is_local), and the plan leaves that to them.

CREATE VIEW boardinghouse._inheritance_part AS
SELECT 'partition key' AS kind, quote_ident(c.relname) AS object, NULL::text AS name, 0 AS sort,
       concat('pg_class ', c.oid, ' 0') AS id, concat('pg_class ', c.oid, ' 0') AS within,
       c.oid AS main,
       NULL::text AS ddl, NULL::text AS alteration, NULL::text AS undo,
       'PARTITION BY ' || x.definition AS inline, NULL::text[] AS rename,
       md5(concat_ws('|', k.partstrat, k.partattrs, k.partclass, k.partcollation,
                     k.partexprs)) AS raw,
       boardinghouse._needs('pg_class'::regclass, c.oid, 0) AS needs, false AS names_schema,
       NULL::text[] AS inherited_from, true AS is_local
  FROM pg_class AS c
  JOIN pg_partitioned_table AS k ON k.partrelid = c.oid
  CROSS JOIN LATERAL (SELECT pg_get_partkeydef(c.oid) OFFSET 0) AS x (definition)
UNION ALL
SELECT 'partition', quote_ident(c.relname), NULL, 0,
       concat('pg_inherits ', c.oid, ' ', i.inhparent), concat('pg_class ', c.oid, ' 0'), c.oid,
       format('ALTER TABLE %s ATTACH PARTITION %I %s', x.parent, c.relname, x.bound), NULL,
       format('ALTER TABLE %s DETACH PARTITION %I', x.parent, c.relname), NULL, NULL,
       md5(c.relpartbound::text), ARRAY[concat('pg_class ', i.inhparent, ' 0')], false, NULL,
       true
  FROM pg_class AS c
  JOIN pg_inherits AS i ON i.inhrelid = c.oid
  CROSS JOIN LATERAL (
        SELECT i.inhparent::regclass, pg_get_expr(c.relpartbound, c.oid) OFFSET 0
       ) AS x (parent, bound)
 WHERE c.relkind IN ('r', 'p', 'f') AND c.relispartition
UNION ALL
SELECT 'inheritance', format('%I.%s', c.relname, x.parent), NULL, i.inhseqno,
       concat('pg_inherits ', c.oid, ' ', i.inhparent), concat('pg_class ', c.oid, ' 0'), c.oid,
       format('ALTER TABLE %I INHERIT %s', c.relname, x.parent), NULL,
       format('ALTER TABLE %I NO INHERIT %s', c.relname, x.parent),
       -- Only CREATE TABLE makes what is there through a parent alone; what is a child's own as well
       -- keeps its place where the child is made by itself.
       CASE WHEN y.is_fed THEN x.parent::text END, NULL,
       i.inhparent::text, ARRAY[concat('pg_class ', i.inhparent, ' 0')], false, NULL,
       true
  FROM pg_class AS c
  JOIN pg_inherits AS i ON i.inhrelid = c.oid
  CROSS JOIN LATERAL (SELECT i.inhparent::regclass OFFSET 0) AS x (parent)
  CROSS JOIN LATERAL (
        SELECT EXISTS (SELECT FROM pg_attribute AS a
                        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                          AND a.attinhcount > 0 AND NOT a.attislocal)
            OR EXISTS (SELECT FROM pg_constraint AS k
                        WHERE k.conrelid = c.oid AND k.coninhcount > 0 AND NOT k.conislocal)
       ) AS y (is_fed)
 WHERE c.relkind IN ('r', 'f') AND NOT c.relispartition
UNION ALL
SELECT 'table type', quote_ident(c.relname), NULL, 0,
       concat('pg_class ', c.oid, ' 0'), concat('pg_class ', c.oid, ' 0'), c.oid,
       x.ddl, x.ddl, format('ALTER TABLE %I NOT OF', c.relname), NULL, NULL, c.reloftype::text,
       ARRAY[concat('pg_type ', c.reloftype, ' 0')], false, NULL, true
  FROM pg_class AS c
  CROSS JOIN LATERAL (
        SELECT format('ALTER TABLE %I OF %s', c.relname, c.reloftype::regtype) OFFSET 0
       ) AS x (ddl)
 WHERE c.reloftype <> 0
UNION ALL
-- PostgreSQL takes it away with one of the two indexes, or with DETACH PARTITION, only.
SELECT 'index partition', quote_ident(c.relname), NULL, 0,
       concat('pg_inherits ', c.oid, ' ', o.oid),
       coalesce('pg_constraint ' || k.oid || ' 0', concat('pg_class ', c.oid, ' 0')), i.indrelid,
       format('ALTER INDEX %s ATTACH PARTITION %I', x.parent, c.relname), NULL, NULL, NULL, NULL,
       o.oid::text, ARRAY[x.id], false, ARRAY[x.id], NOT oi.indisvalid
  FROM pg_index AS i
  JOIN pg_class AS c ON c.oid = i.indexrelid AND (i.indisvalid OR c.relkind = 'I')
  JOIN pg_inherits AS h ON h.inhrelid = c.oid
  JOIN pg_class AS o ON o.oid = h.inhparent
  JOIN pg_index AS oi ON oi.indexrelid = o.oid
  LEFT JOIN pg_constraint AS k ON k.conrelid = i.indrelid AND k.conindid = c.oid
      AND k.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_constraint AS ok ON ok.conrelid = oi.indrelid AND ok.conindid = o.oid
      AND ok.contype IN ('p', 'u', 'x')
  CROSS JOIN LATERAL (
        SELECT o.oid::regclass, coalesce('pg_constraint ' || ok.oid || ' 0',
                                         concat('pg_class ', o.oid, ' 0')) OFFSET 0
       ) AS x (parent, id);
