-- Layer 3, inventory: what hangs on a table - constraints, indexes, statistics, triggers, rules,
-- policies.

CREATE VIEW boardinghouse._constraint_part AS
SELECT CASE k.contype WHEN 'f' THEN 'foreign key' ELSE 'constraint' END AS kind,
       format('%I ON %I', k.conname, c.relname) AS object, k.conname::text AS name,
       -- As for indexes, below. A constraint takes over nothing but constraints, and comes first.
       CASE WHEN i.indexrelid IS NULL THEN 0
            WHEN k.conparentid <> 0 THEN (r.oid & 1073741823) - 2147483648
            WHEN c.relispartition AND r.oid <> k.conindid THEN (r.oid & 1073741823) - 1073741824
            WHEN c.relispartition THEN k.conindid::bigint & 2147483647
            WHEN c.relkind = 'p' THEN (k.conindid::bigint & 1073741823) - 2147483648
            ELSE 0 END::integer AS sort,
       concat('pg_constraint ', k.oid, ' 0') AS id, concat('pg_class ', c.oid, ' 0') AS within,
       c.oid AS main,
       -- As long as not every partition has it, it is not valid.
       CASE WHEN NOT x.is_given
            THEN format('ALTER TABLE %s%I ADD CONSTRAINT %I %s',
                        CASE WHEN x.is_parted AND NOT i.indisvalid THEN 'ONLY ' END,
                        c.relname, k.conname, x.definition) END AS ddl,
       -- Taken only where the other differs by NOT VALID alone.
       CASE WHEN k.convalidated THEN format('ALTER TABLE %I VALIDATE CONSTRAINT %I', c.relname,
                                            k.conname) END AS alteration,
       format('ALTER TABLE %I DROP CONSTRAINT IF EXISTS %I', c.relname, k.conname) AS undo,
       -- CREATE TABLE would silently validate what is NOT VALID.
       -- It would also silently leave out a key that has the columns of another; in a partition,
       -- their order matters.
       CASE WHEN k.convalidated AND NOT x.is_parted AND NOT x.is_given
                 AND (k.contype <> 'f'
                      OR (c.relkind = 'r' AND k.conparentid = 0
                          -- An index alone comes later than any table.
                          AND EXISTS (SELECT FROM pg_constraint AS u
                                       WHERE u.conrelid = k.confrelid AND u.conindid = k.conindid
                                         AND u.contype IN ('p', 'u'))))
                 AND NOT ((k.contype IN ('u', 'x') OR (k.contype = 'p' AND c.relispartition))
                          AND EXISTS (SELECT FROM pg_constraint AS o
                                       WHERE o.conrelid = k.conrelid AND o.conkey = k.conkey
                                           AND o.contype IN ('p', 'u', 'x') AND o.oid <> k.oid))
            THEN format('CONSTRAINT %I %s', k.conname, x.definition) END AS inline,
       -- A key's name is its index's: one among those of all relations.
       CASE WHEN i.indexrelid IS NOT NULL THEN ARRAY['ALTER INDEX ', ' RENAME TO ']
            ELSE ARRAY[format('ALTER TABLE %I RENAME CONSTRAINT ', c.relname),
                       ' TO '] END AS rename,
       md5(concat_ws('|', k.contype, k.condeferrable, k.condeferred, k.conindid <> 0, k.confrelid,
                     k.confupdtype,
                     k.confdeltype, k.confmatchtype, k.connoinherit, k.conkey, k.confkey,
                     k.conexclop, k.confdelsetcols,
                     -- conenforced and conperiod are there from PostgreSQL 18.
                     CASE WHEN current_setting('server_version_num')::integer >= 180000
                          THEN concat_ws(',', to_jsonb(k) ->> 'conenforced',
                                         to_jsonb(k) ->> 'conperiod') END, k.conbin))
           || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END
           -- The index under a key has properties that the constraint's row does not tell.
           || coalesce(' ' || md5(concat_ws('|', i.indkey, i.indclass, i.indcollation, i.indoption,
                                            i.indnullsnotdistinct,
                                            i.indexprs, i.indpred)), '') AS raw,
       CASE WHEN k.contype = 'f' THEN ARRAY[concat('pg_class ', k.confrelid, ' 0')]
            WHEN k.contype IN ('c', 'x')
                 AND EXISTS (SELECT FROM pg_depend AS d
                             WHERE d.classid = 'pg_constraint'::regclass AND d.objid = k.oid
                                AND d.refobjid >= 16384 AND d.refobjid <> c.oid)
            THEN boardinghouse._needs('pg_constraint'::regclass, k.oid) END AS needs,
       false AS names_schema,
       CASE WHEN k.conparentid <> 0 THEN ARRAY[concat('pg_constraint ', k.conparentid, ' 0')]
            WHEN k.coninhcount > 0
            THEN (SELECT array_agg(concat('pg_constraint ', o.oid, ' 0'))
                    FROM pg_inherits AS i
                    JOIN pg_constraint AS o ON o.conrelid = i.inhparent AND o.conname = k.conname
                   WHERE i.inhrelid = c.oid) END AS inherited_from,
       k.conislocal AS is_local
  FROM pg_class AS c
  JOIN pg_constraint AS k ON k.conrelid = c.oid AND k.contype IN ('p', 'u', 'c', 'x', 'f')
  LEFT JOIN pg_index AS i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_constraint AS o ON o.oid = k.conparentid AND k.conparentid <> 0
  LEFT JOIN LATERAL (
        SELECT pg_partition_root(k.conindid)::oid::bigint OFFSET 0
       ) AS r (oid) ON c.relispartition AND i.indexrelid IS NOT NULL
  CROSS JOIN LATERAL (
        SELECT pg_get_constraintdef(k.oid), c.relkind = 'p' AND k.contype IN ('p', 'u', 'x'),
               -- An exclusion that a partition has is never taken over, but made for its parent's.
               k.conparentid <> 0 AND k.conexclop IS NOT NULL
        OFFSET 0
       ) AS x (definition, is_parted, is_given)
 WHERE c.relkind IN ('r', 'p', 'f')
   -- A key to a partitioned table has a row of its own for each partition there.
   AND o.conrelid IS DISTINCT FROM k.conrelid;

CREATE VIEW boardinghouse._index_part AS
SELECT 'index' AS kind, quote_ident(c.relname) AS object, c.relname::text AS name,
       -- An index of a parent takes over the oldest that is like it of each partition: those which
       -- have been taken over come first, as their parents do, the others as old as they are.
       CASE WHEN t.relispartition
            THEN (coalesce(r.oid, c.oid)::bigint & 2147483647)
                 - CASE WHEN r.oid IS NULL THEN 0 ELSE 2147483648 END
            WHEN t.relkind = 'p' THEN (c.oid::bigint & 2147483647) - 2147483648
            ELSE 0 END::integer AS sort,
       concat('pg_class ', c.oid, ' 0') AS id, concat('pg_class ', t.oid, ' 0') AS within,
       t.oid AS main,
       -- pg_get_indexdef() always qualifies the table: the known beginning is written anew.
       p.prefix || CASE WHEN i.indisvalid THEN '' ELSE p.alone END
           || quote_ident(t.relname) || substr(d.definition,
                                                    length(p.prefix || p.alone || quote_ident(n.nspname) || '.'
                                                           || quote_ident(t.relname)) + 1) AS ddl,
       NULL::text AS alteration,
       format('DROP INDEX IF EXISTS %I', c.relname) AS undo, NULL::text AS inline,
       ARRAY['ALTER INDEX ', ' RENAME TO '] AS rename,
       md5(concat_ws('|', c.relam, c.reloptions, i.indisunique, i.indkey, i.indclass,
                     i.indcollation, i.indoption,
                     i.indnullsnotdistinct, i.indnkeyatts, i.indexprs, i.indpred)) AS raw,
       CASE WHEN i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
            THEN boardinghouse._needs('pg_class'::regclass, c.oid) END AS needs,
       false AS names_schema,
       (SELECT array_agg(concat('pg_class ', h.inhparent, ' 0'))
          FROM pg_inherits AS h WHERE h.inhrelid = c.oid) AS inherited_from,
       false AS is_local
  FROM pg_index AS i
  JOIN pg_class AS c ON c.oid = i.indexrelid
  JOIN pg_class AS t ON t.oid = i.indrelid
  JOIN pg_namespace AS n ON n.oid = t.relnamespace
  LEFT JOIN LATERAL (
        SELECT NULLIF(pg_partition_root(c.oid)::oid, c.oid) OFFSET 0
       ) AS r (oid) ON t.relispartition
  CROSS JOIN LATERAL (SELECT pg_get_indexdef(c.oid) OFFSET 0) AS d (definition)
  CROSS JOIN LATERAL (
        SELECT 'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END
               || 'INDEX ' || quote_ident(c.relname) || ' ON ',
               CASE c.relkind WHEN 'I' THEN 'ONLY ' ELSE '' END
       ) AS p (prefix, alone)
 WHERE t.relkind IN ('r', 'p', 'm')
   -- an index left behind by a failed CREATE INDEX CONCURRENTLY is a row of verify()
   AND (i.indisvalid OR c.relkind = 'I')
   AND NOT EXISTS (SELECT FROM pg_constraint AS k
                    WHERE k.conrelid = i.indrelid AND k.conindid = i.indexrelid
                        AND k.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT 'index statistics', format('%I.%s', c.relname, a.attnum), NULL, a.attnum::integer,
       concat('pg_class ', c.oid, ' ', a.attnum), concat('pg_class ', c.oid, ' 0'), i.indrelid,
       format('ALTER INDEX %I ALTER COLUMN %s SET STATISTICS %s', c.relname, a.attnum,
              a.attstattarget),
       format('ALTER INDEX %I ALTER COLUMN %s SET STATISTICS %s', c.relname, a.attnum,
              a.attstattarget),
       format('ALTER INDEX %I ALTER COLUMN %s SET STATISTICS -1', c.relname, a.attnum),
       NULL, NULL, a.attstattarget::text, NULL, false, NULL, true
  FROM pg_index AS i
  JOIN pg_class AS c ON c.oid = i.indexrelid
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND coalesce(a.attstattarget, -1) <> -1
 WHERE i.indisvalid OR c.relkind = 'I';

CREATE VIEW boardinghouse._trigger_part AS
SELECT 'trigger' AS kind, format('%I ON %I', g.tgname, c.relname) AS object, g.tgname::text AS name,
       0 AS sort,
       concat('pg_trigger ', g.oid, ' 0') AS id, concat('pg_class ', c.oid, ' 0') AS within,
       c.oid AS main,
       -- Only the pretty form leaves the table bare where it is visible.
       pg_get_triggerdef(g.oid, true)
           || CASE WHEN k.conname <> g.tgname
                   THEN format('; ALTER TABLE %I RENAME CONSTRAINT %I TO %I', c.relname, g.tgname,
                               k.conname) ELSE '' END AS ddl, NULL::text AS alteration,
       format('DROP TRIGGER IF EXISTS %I ON %I', g.tgname, c.relname) AS undo, NULL::text AS inline,
       ARRAY['ALTER TRIGGER ', format(' ON %I RENAME TO ', c.relname)] AS rename,
       md5(concat_ws('|', g.tgfoid, g.tgtype, g.tgconstrrelid, g.tgdeferrable, g.tginitdeferred,
                     g.tgattr, g.tgargs,
                     g.tgqual, g.tgoldtable, g.tgnewtable)) AS raw,
       boardinghouse._needs('pg_trigger'::regclass, g.oid) AS needs, false AS names_schema,
       CASE WHEN g.tgparentid <> 0
            THEN ARRAY[concat('pg_trigger ', g.tgparentid, ' 0')] END AS inherited_from,
       false AS is_local
  FROM pg_class AS c
  JOIN pg_trigger AS g ON g.tgrelid = c.oid AND NOT g.tgisinternal
  LEFT JOIN pg_constraint AS k ON k.oid = g.tgconstraint
 WHERE c.relkind IN ('r', 'p', 'f', 'v')
UNION ALL
-- That of a constraint trigger, made with its name, keeps it when the trigger is renamed.
SELECT 'trigger constraint', format('%I ON %I', g.tgname, c.relname), k.conname::text, 0,
       concat('pg_trigger ', g.oid, ' 0'), concat('pg_trigger ', g.oid, ' 0'), c.oid,
       quote_ident(k.conname), NULL, NULL, NULL,
       ARRAY[format('ALTER TABLE %I RENAME CONSTRAINT ', c.relname), ' TO '], '', NULL, false, NULL, true
  FROM pg_class AS c
  JOIN pg_trigger AS g ON g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgparentid = 0
  JOIN pg_constraint AS k ON k.oid = g.tgconstraint
 WHERE c.relkind IN ('r', 'p')
UNION ALL
-- Those of foreign keys, at both tables, and of keys that are deferrable. Their names hold OIDs.
SELECT 'constraint trigger state',
       format('%s of %I ON %I', f.proname, k.conname, t.relname), NULL, 0,
       concat('pg_trigger ', g.oid, ' 0'), concat('pg_constraint ', k.oid, ' 0'), c.oid,
       x.ddl[1], x.ddl[1], x.ddl[2],
       NULL, NULL, g.tgenabled::text,
       ARRAY[concat('pg_constraint ', k.oid, ' 0'), concat('pg_class ', k.conrelid, ' 0'),
             concat('pg_class ', c.oid, ' 0')], false, NULL, true
  FROM pg_class AS c
  JOIN pg_trigger AS g ON g.tgrelid = c.oid AND g.tgisinternal AND g.tgenabled <> 'O'
  JOIN pg_constraint AS k ON k.oid = g.tgconstraint
      AND NOT EXISTS (SELECT FROM pg_constraint AS o
                       WHERE o.oid = k.conparentid AND o.conrelid = k.conrelid)
  JOIN pg_class AS t ON t.oid = k.conrelid
  JOIN pg_proc AS f ON f.oid = g.tgfoid
  CROSS JOIN LATERAL (
        SELECT array_agg('DO ' || quote_literal(concat(
                   'BEGIN EXECUTE (SELECT pg_catalog.format(',
                   quote_literal(format('ALTER TABLE ONLY %%s %s TRIGGER %%I', s.state)),
                   ', g.tgrelid::pg_catalog.regclass, g.tgname)',
                   ' FROM pg_catalog.pg_trigger AS g JOIN pg_catalog.pg_constraint AS k',
                   ' ON k.oid OPERATOR(pg_catalog.=) g.tgconstraint',
                   ' WHERE k.conrelid OPERATOR(pg_catalog.=) ',
                   quote_literal(quote_ident(t.relname)),
                   '::pg_catalog.regclass AND k.conname OPERATOR(pg_catalog.=) ',
                   quote_literal(k.conname), '::pg_catalog.name',
                   ' AND g.tgfoid OPERATOR(pg_catalog.=) ',
                   quote_literal(format('pg_catalog.%I', f.proname)),
                   '::pg_catalog.regproc); END')) ORDER BY s.place)
          FROM (VALUES (1, CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                               ELSE 'ENABLE ALWAYS' END),
                       (2, 'ENABLE')) AS s (place, state)
       ) AS x (ddl)
 WHERE c.relkind IN ('r', 'p')
UNION ALL
SELECT 'trigger state', format('%I ON %I', g.tgname, c.relname), NULL, 0,
       concat('pg_trigger ', g.oid, ' 0'), concat('pg_trigger ', g.oid, ' 0'), c.oid,
       x.ddl, x.ddl, format('ALTER TABLE %I ENABLE TRIGGER %I', c.relname, g.tgname),
       NULL, NULL, g.tgenabled::text, NULL, false, NULL, true
  FROM pg_class AS c
  JOIN pg_trigger AS g ON g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgenabled <> 'O'
  CROSS JOIN LATERAL (
        SELECT format('ALTER TABLE %I %s TRIGGER %I', c.relname,
                      CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                          ELSE 'ENABLE ALWAYS' END, g.tgname)
       ) AS x (ddl)
 WHERE c.relkind IN ('r', 'p', 'f', 'v');

CREATE VIEW boardinghouse._rule_part AS
SELECT 'rule' AS kind, format('%I ON %I', w.rulename, c.relname) AS object,
       w.rulename::text AS name, 0 AS sort,
       concat('pg_rewrite ', w.oid, ' 0') AS id, concat('pg_class ', c.oid, ' 0') AS within,
       c.oid AS main,
       coalesce(x.relative, x.ddl) AS ddl, NULL::text AS alteration,
       CASE WHEN x.relative IS NULL THEN x.undo ELSE replace(x.undo, '%', '%%') END AS undo,
       NULL::text AS inline,
       ARRAY['ALTER RULE ', format(' ON %I RENAME TO ', c.relname)] AS rename,
       md5(concat_ws('|', w.ev_type, w.is_instead, w.ev_qual, w.ev_action)) AS raw,
       boardinghouse._needs('pg_rewrite'::regclass, w.oid) AS needs,
       x.relative IS NOT NULL AS names_schema
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_rewrite AS w ON w.ev_class = c.oid AND w.ev_type <> '1'
  CROSS JOIN LATERAL (
        -- Up to PostgreSQL 18.4 a rule can be renamed to what only views may have.
        SELECT CASE w.rulename WHEN '_RETURN'
                    THEN concat('CREATE RULE boardinghouse_return',
                                substr(pg_get_ruledef(w.oid, true), length('CREATE RULE "_RETURN"') + 1),
                                format(' ALTER RULE boardinghouse_return ON %I RENAME TO "_RETURN"',
                                       c.relname))
                    ELSE pg_get_ruledef(w.oid, true) END
        OFFSET 0
       ) AS d (ddl)
  CROSS JOIN LATERAL (
        SELECT d.ddl, format('DROP RULE IF EXISTS %I ON %I', w.rulename, c.relname),
               boardinghouse._relative_text(d.ddl, n.nspname::text) OFFSET 0
       ) AS x (ddl, undo, relative)
 WHERE c.relkind IN ('r', 'p', 'v')
UNION ALL
SELECT 'rule state', format('%I ON %I', w.rulename, c.relname), NULL, 0,
       concat('pg_rewrite ', w.oid, ' 0'), concat('pg_rewrite ', w.oid, ' 0'), c.oid,
       x.ddl, x.ddl, format('ALTER TABLE %I ENABLE RULE %I', c.relname, w.rulename),
       NULL, NULL, w.ev_enabled::text, NULL, false
  FROM pg_class AS c
  JOIN pg_rewrite AS w ON w.ev_class = c.oid AND w.ev_type <> '1' AND w.ev_enabled <> 'O'
  CROSS JOIN LATERAL (
        SELECT format('ALTER TABLE %I %s RULE %I', c.relname,
                      CASE w.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                          ELSE 'ENABLE ALWAYS' END, w.rulename)
       ) AS x (ddl)
 WHERE c.relkind IN ('r', 'p', 'v')
UNION ALL
SELECT 'policy', format('%I ON %I', p.polname, c.relname), p.polname::text, 0,
       concat('pg_policy ', p.oid, ' 0'), concat('pg_class ', c.oid, ' 0'), c.oid,
       CASE WHEN y.relative IS NULL THEN y.head || y.body
            ELSE replace(y.head, '%', '%%') || y.relative END,
       NULL, CASE WHEN y.relative IS NULL THEN y.undo ELSE replace(y.undo, '%', '%%') END, NULL,
       ARRAY['ALTER POLICY ', format(' ON %I RENAME TO ', c.relname)],
       md5(concat_ws('|', p.polpermissive, p.polcmd, p.polroles, p.polqual, '|', p.polwithcheck)),
       boardinghouse._needs('pg_policy'::regclass, p.oid), y.relative IS NOT NULL
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_policy AS p ON p.polrelid = c.oid
  CROSS JOIN LATERAL (
        SELECT string_agg(CASE o.role WHEN 0 THEN 'PUBLIC'
                          ELSE quote_ident(pg_get_userbyid(o.role)) END, ', '
                              ORDER BY pg_get_userbyid(o.role))
          FROM unnest(p.polroles) AS o (role)
       ) AS x (roles)
  CROSS JOIN LATERAL (
        SELECT concat(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
                      ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')') OFFSET 0
       ) AS d (body)
  CROSS JOIN LATERAL (
        SELECT format('CREATE POLICY %I ON %I AS %s FOR %s TO %s', p.polname, c.relname,
                      CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                      CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w'
                          THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                      x.roles), d.body,
               format('DROP POLICY IF EXISTS %I ON %I', p.polname, c.relname),
               boardinghouse._relative_text(d.body, n.nspname::text, c.relname::text) OFFSET 0
       ) AS y (head, body, undo, relative)
 WHERE c.relkind IN ('r', 'p')
UNION ALL
SELECT 'statistics', quote_ident(s.stxname), s.stxname::text, 0,
       concat('pg_statistic_ext ', s.oid, ' 0'), concat('pg_class ', c.oid, ' 0'), c.oid,
       -- The name always comes out qualified: the known beginning is written anew.
       'CREATE STATISTICS ' || quote_ident(s.stxname)
           || substr(d.definition, length('CREATE STATISTICS ' || quote_ident(n.nspname) || '.'
                                          || quote_ident(s.stxname)) + 1),
       NULL, format('DROP STATISTICS IF EXISTS %I', s.stxname), NULL,
       ARRAY['ALTER STATISTICS ', ' RENAME TO '],
       md5(concat_ws('|', s.stxkeys, s.stxkind, s.stxexprs)),
       boardinghouse._needs('pg_statistic_ext'::regclass, s.oid), false
  FROM pg_class AS c
  JOIN pg_statistic_ext AS s ON s.stxrelid = c.oid AND s.stxnamespace = c.relnamespace
  JOIN pg_namespace AS n ON n.oid = s.stxnamespace
  CROSS JOIN LATERAL (SELECT pg_get_statisticsobjdef(s.oid) OFFSET 0) AS d (definition)
 WHERE c.relkind IN ('r', 'p', 'f', 'm')
UNION ALL
SELECT 'statistics target', quote_ident(s.stxname), NULL, 0,
       concat('pg_statistic_ext ', s.oid, ' 0'), concat('pg_statistic_ext ', s.oid, ' 0'), c.oid,
       format('ALTER STATISTICS %I SET STATISTICS %s', s.stxname, s.stxstattarget),
       format('ALTER STATISTICS %I SET STATISTICS %s', s.stxname, s.stxstattarget),
       format('ALTER STATISTICS %I SET STATISTICS -1', s.stxname),
       NULL, NULL, s.stxstattarget::text, NULL, false
  FROM pg_class AS c
  JOIN pg_statistic_ext AS s ON s.stxrelid = c.oid AND s.stxnamespace = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f', 'm') AND coalesce(s.stxstattarget, -1) <> -1;
