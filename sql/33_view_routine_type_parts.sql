-- Layer 3, inventory: views and materialized views, functions and procedures, types.

CREATE VIEW boardinghouse._view_part AS
SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind,
       quote_ident(c.relname) AS object, c.relname::text AS name, 0 AS sort,
       concat('pg_class ', c.oid, ' 0') AS id, NULL::text AS within, c.oid AS main,
       CASE c.relkind WHEN 'v' THEN 'CREATE VIEW ' || x.definition
                      ELSE concat('CREATE MATERIALIZED VIEW ', x.definition,
                                  ' WITH NO DATA') END AS ddl,
       CASE c.relkind WHEN 'v' THEN 'CREATE OR REPLACE VIEW ' || x.definition END AS alteration,
       x.undo AS undo, NULL::text AS inline,
       ARRAY[format('ALTER %s ', y.keyword), ' RENAME TO '] AS rename,
       md5(concat_ws('|', CASE c.relkind WHEN 'v' THEN c.reloptions END, CASE c.relkind WHEN 'm'
                     THEN c.relam END,
                     w.ev_action)) AS raw,
       boardinghouse._needs('pg_rewrite'::regclass, w.oid) AS needs, x.names_schema AS names_schema
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_rewrite AS w ON w.ev_class = c.oid AND w.rulename = '_RETURN'
  LEFT JOIN pg_am AS m ON m.oid = c.relam
  CROSS JOIN LATERAL (SELECT pg_get_viewdef(c.oid) OFFSET 0) AS d (body)
  CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'v' THEN 'VIEW'
                      ELSE 'MATERIALIZED VIEW' END) AS y (keyword)
  CROSS JOIN LATERAL (
        SELECT concat(quote_ident(c.relname),
                      (SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
                       || ')'
                         FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0),
                      CASE WHEN m.amname <> 'heap' THEN ' USING ' || quote_ident(m.amname) END,
                      -- CREATE OR REPLACE VIEW takes away what options it does not name.
                      (SELECT ' WITH (' || string_agg(format('%s = %L',
                                                             split_part(o.setting, '=', 1),
                                                             substr(o.setting,
                                                             strpos(o.setting, '=') + 1)), ', ')
                                                                 || ')'
                         FROM unnest(c.reloptions) AS o (setting) WHERE c.relkind = 'v'),
                      ' AS', CASE WHEN left(d.body, 1) IN (' ', E'\n') THEN '' ELSE ' ' END),
               format('DROP %s IF EXISTS %I', y.keyword, c.relname),
               boardinghouse._relative_text(d.body, n.nspname::text) OFFSET 0
       ) AS h (head, undo, relative)
  CROSS JOIN LATERAL (
        -- The body ends in a semicolon.
        SELECT CASE WHEN h.relative IS NULL THEN h.head || left(d.body, -1)
                    ELSE replace(h.head, '%', '%%') || left(h.relative, -1) END,
               CASE WHEN h.relative IS NULL THEN h.undo ELSE replace(h.undo, '%', '%%') END,
               h.relative IS NOT NULL
       ) AS x (definition, undo, names_schema)
 WHERE c.relkind IN ('v', 'm')
UNION ALL
SELECT 'view column', format('%I.%I', c.relname, a.attname), a.attname::text, a.attnum::integer,
       concat('pg_class ', c.oid, ' ', a.attnum), concat('pg_class ', c.oid, ' 0'), c.oid,
       concat_ws(' ', a.attnum, x.type, x.collated),
       CASE c.relkind WHEN 'v' THEN x.shell END, CASE c.relkind WHEN 'v' THEN x.shell END, NULL,
       ARRAY[format('ALTER %s %I RENAME COLUMN ', y.keyword, c.relname), ' TO '],
       concat_ws(' ', a.atttypid, a.atttypmod, a.attcollation),
       CASE WHEN a.atttypid >= 16384 OR a.attcollation >= 16384
           THEN boardinghouse._needs('pg_class'::regclass, c.oid, a.attnum::integer) END, false
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
  CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'v' THEN 'VIEW'
                      ELSE 'MATERIALIZED VIEW' END) AS y (keyword)
  CROSS JOIN LATERAL (
        SELECT format_type(a.atttypid, a.atttypmod), NULLIF(a.attcollation, 0)::regcollation
        OFFSET 0
       ) AS t (type, collated)
  CROSS JOIN LATERAL (
        SELECT t.type, t.collated,
               concat('NULL::', t.type, ' COLLATE ' || t.collated, ' AS ', quote_ident(a.attname))
       ) AS x (type, collated, shell)
 WHERE c.relkind IN ('v', 'm')
UNION ALL
SELECT 'view default', format('%I.%I', c.relname, a.attname), NULL, a.attnum::integer,
       concat('pg_class ', c.oid, ' ', a.attnum), concat('pg_class ', c.oid, ' ', a.attnum), c.oid,
       x.ddl, x.ddl, format('ALTER VIEW %I ALTER COLUMN %I DROP DEFAULT', c.relname, a.attname),
       NULL, NULL, md5(d.adbin::text), boardinghouse._needs('pg_attrdef'::regclass, d.oid), false
  FROM pg_class AS c
  JOIN pg_attrdef AS d ON d.adrelid = c.oid
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.adnum
  CROSS JOIN LATERAL (
        SELECT format('ALTER VIEW %I ALTER COLUMN %I SET DEFAULT %s', c.relname, a.attname,
                      pg_get_expr(d.adbin, d.adrelid)) OFFSET 0
       ) AS x (ddl)
 WHERE c.relkind = 'v'
UNION ALL
SELECT 'populated', quote_ident(c.relname), NULL, 0,
       concat('pg_class ', c.oid, ' 0'), concat('pg_class ', c.oid, ' 0'), c.oid,
       format('REFRESH MATERIALIZED VIEW %I', c.relname), NULL, NULL, NULL, NULL, '',
       boardinghouse._needs('pg_rewrite'::regclass, w.oid), false
  FROM pg_class AS c
  JOIN pg_rewrite AS w ON w.ev_class = c.oid AND w.rulename = '_RETURN'
 WHERE c.relkind = 'm' AND c.relispopulated;

-- pg_get_functiondef() qualifies the name and gives search_path verbatim; a function whose
-- search_path names its schema must follow it. So the definition is put together as pg_dump does.
CREATE VIEW boardinghouse._routine_part AS
SELECT 'function' AS kind, format('%I(%s)', p.proname, a.arguments) AS object,
       p.proname::text AS name, 0 AS sort,
       concat('pg_proc ', p.oid, ' 0') AS id, NULL::text AS within, p.oid AS main,
       'CREATE ' || w.definition AS ddl, 'CREATE OR REPLACE ' || w.definition AS alteration,
       w.undo AS undo,
       NULL::text AS inline,
       ARRAY[format('ALTER %s ', y.keyword), format('(%s) RENAME TO ', y.arguments)] AS rename,
       md5((to_jsonb(p) - '{oid,proname,pronamespace,proowner,proacl}'::text[])::text) AS raw,
       boardinghouse._needs('pg_proc'::regclass, p.oid) AS needs,
       w.names_schema AS names_schema
  FROM pg_proc AS p
  JOIN pg_namespace AS n ON n.oid = p.pronamespace
  JOIN pg_language AS l ON l.oid = p.prolang
  CROSS JOIN LATERAL (SELECT oidvectortypes(p.proargtypes) OFFSET 0) AS a (arguments)
  CROSS JOIN LATERAL (
        -- Of a procedure DROP may mean those that it gives back, too, unless their modes are said.
        SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
               CASE p.prokind WHEN 'p' THEN pg_get_function_identity_arguments(p.oid)
                              ELSE a.arguments END
        OFFSET 0
       ) AS y (keyword, arguments)
  LEFT JOIN LATERAL (
        -- Like the rest of the definition a format() string; %1$I stands for the schema.
        SELECT string_agg(E'\n SET ' || replace(quote_ident(c.name), '%', '%%') || ' TO '
                          || CASE WHEN c.name IN ('search_path', 'temp_tablespaces',
                                                  'session_preload_libraries',
                                                  'local_preload_libraries',
                                                  'shared_preload_libraries',
                                                  'unix_socket_directories')
                                  THEN c.list ELSE replace(quote_literal(c.value), '%', '%%') END,
                                  '' ORDER BY c.ordinality),
               bool_or(c.names_schema)
          FROM (
                SELECT x.ordinality, x.name, x.value, e.list, e.names_schema
                  FROM (SELECT u.ordinality, split_part(u.setting, '=', 1),
                        substr(u.setting, strpos(u.setting, '=') + 1)
                          FROM unnest(p.proconfig) WITH ORDINALITY AS u (setting,
                          ordinality)) AS x (ordinality, name, value)
                  CROSS JOIN LATERAL (
                        -- The list as PostgreSQL stores it is quoted already; the empty one is
                        -- written ''.
                        SELECT coalesce(NULLIF(string_agg(
                                   CASE WHEN btrim(i.item) = '""' THEN $$''$$
                                        WHEN x.name = 'search_path'
                                            AND btrim(i.item) = quote_ident(n.nspname)
                                        THEN '%1$I'
                                        -- As a name it would be cut at 63 bytes.
                                        WHEN x.name <> 'search_path'
                                        THEN replace(quote_literal(CASE
                                            WHEN btrim(i.item) ~ '^"' THEN
                                                replace(substr(btrim(i.item), 2,
                                                               length(btrim(i.item)) - 2),
                                                        '""', '"')
                                            ELSE btrim(i.item) END), '%', '%%')
                                        ELSE replace(btrim(i.item), '%', '%%') END, ', '
                                            ORDER BY i.ordinality), ''), $$''$$),
                               coalesce(bool_or(x.name = 'search_path'
                                                AND btrim(i.item) = quote_ident(n.nspname)), false)
                          FROM regexp_matches(x.value, E'\\s*("(?:[^"]|"")*"|[^,"]+)\\s*(?:,|$)',
                                              'g') WITH ORDINALITY AS m (match, ordinality)
                          CROSS JOIN LATERAL (SELECT m.match[1], m.ordinality) AS i (item,
                          ordinality)
                       ) AS e (list, names_schema)
               ) AS c
       ) AS o (settings, names_schema) ON p.proconfig IS NOT NULL
  CROSS JOIN LATERAL (
        SELECT concat(y.keyword, ' ', quote_ident(p.proname), '(', pg_get_function_arguments(p.oid),
                      ')',
                      E'\n RETURNS ' || CASE WHEN p.prokind <> 'p'
                          THEN pg_get_function_result(p.oid) END,
                      E'\n LANGUAGE ', quote_ident(l.lanname),
                      (SELECT E'\n TRANSFORM '
                       || string_agg('FOR TYPE ' || format_type(f.type, NULL), ', '
                                     ORDER BY f.ordinality)
                         FROM unnest(p.protrftypes) WITH ORDINALITY AS f (type, ordinality)),
                      CASE WHEN p.prokind = 'w' THEN ' WINDOW' END,
                      CASE WHEN p.prokind <> 'p' THEN CASE p.provolatile WHEN 'i' THEN ' IMMUTABLE'
                          WHEN 's' THEN ' STABLE' ELSE ' VOLATILE' END END,
                      CASE WHEN p.prokind <> 'p' THEN CASE p.proparallel WHEN 's'
                          THEN ' PARALLEL SAFE' WHEN 'r' THEN ' PARALLEL RESTRICTED'
                          ELSE ' PARALLEL UNSAFE' END END,
                      CASE WHEN p.proisstrict THEN ' STRICT' END,
                      CASE WHEN p.prosecdef THEN ' SECURITY DEFINER' END,
                      CASE WHEN p.proleakproof THEN ' LEAKPROOF' END,
                      CASE WHEN p.prokind <> 'p' THEN ' COST ' || p.procost END,
                      CASE WHEN p.proretset THEN ' ROWS ' || p.prorows END,
                      ' SUPPORT ' || boardinghouse._function_name(p.prosupport,
                                                                   p.pronamespace)),
               coalesce(pg_get_function_sqlbody(p.oid),
                        'AS ' || coalesce(quote_literal(p.probin) || ', ', '')
                        || b.tag || p.prosrc || b.tag)
          -- A dollar quote that the text itself does not hold.
          FROM (SELECT '$' || min(t.tag) || '$'
                  FROM (SELECT 'function' || repeat('x', g.i)
                        FROM generate_series(0, 20) AS g (i)) AS t (tag)
                 WHERE strpos(p.prosrc, '$' || t.tag) = 0) AS b (tag)
         OFFSET 0
       ) AS d (definition, body)
  CROSS JOIN LATERAL (
        SELECT CASE WHEN p.prosqlbody IS NOT NULL
                    THEN boardinghouse._relative_text(d.body, n.nspname::text, p.proname::text) END
               OFFSET 0
       ) AS r (body)
  CROSS JOIN LATERAL (
        SELECT concat(replace(d.definition, '%', '%%'), o.settings, E'\n',
                      coalesce(r.body, replace(d.body, '%', '%%'))),
               replace(format('DROP %s IF EXISTS %I(%s)', y.keyword, p.proname, y.arguments),
                       '%', '%%'),
               coalesce(o.names_schema, false) OR r.body IS NOT NULL
       ) AS f (ddl, undo, names_schema)
  CROSS JOIN LATERAL (
        SELECT CASE WHEN f.names_schema THEN f.ddl ELSE format(f.ddl) END,
               CASE WHEN f.names_schema THEN f.undo ELSE format(f.undo) END,
               f.names_schema
       ) AS w (definition, undo, names_schema)
 WHERE p.prokind IN ('f', 'p', 'w')
UNION ALL
-- CREATE OR REPLACE cannot change these.
SELECT 'function result', format('%I(%s)', p.proname, a.arguments), NULL, 0,
       concat('pg_proc ', p.oid, ' 0'), concat('pg_proc ', p.oid, ' 0'), p.oid,
       concat_ws(' ', p.prokind, pg_get_function_result(p.oid),
                 pg_get_function_identity_arguments(p.oid), p.pronargdefaults),
       -- Defaults are left out where they may need what the schema has.
       CASE WHEN x.head IS NOT NULL
            THEN concat('CREATE ', x.head, '(',
                        CASE WHEN p.proargdefaults::text ~ '(funcid|type) \d{5}|consttype 2205 '
                             THEN pg_get_function_identity_arguments(p.oid)
                             ELSE pg_get_function_arguments(p.oid) END, x.tail) END,
       CASE WHEN x.head IS NOT NULL
            THEN concat('CREATE OR REPLACE ', x.head, '(', pg_get_function_arguments(p.oid),
                        x.tail) END,
       NULL, NULL, concat_ws(' ', p.prorettype, p.proargnames, p.proallargtypes,
                             p.pronargdefaults),
       CASE WHEN x.head IS NOT NULL THEN boardinghouse._type_needs(
                p.proargtypes::oid[] || coalesce(p.proallargtypes, '{}') || p.prorettype) END, false
  FROM pg_proc AS p
  CROSS JOIN LATERAL (SELECT oidvectortypes(p.proargtypes) OFFSET 0) AS a (arguments)
  LEFT JOIN LATERAL (
        SELECT concat(CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END,
                      quote_ident(p.proname)),
               concat(')', ' RETURNS ' || CASE WHEN p.prokind <> 'p'
                          THEN pg_get_function_result(p.oid) END,
                      ' LANGUAGE ', quote_ident(l.lanname), $$ AS ''$$)
          FROM pg_language AS l
         WHERE l.oid = p.prolang
       ) AS x (head, tail) ON p.prokind <> 'w' AND (p.prosqlbody IS NOT NULL
                                                    OR p.proargdefaults IS NOT NULL)
 WHERE p.prokind IN ('f', 'p', 'w');

CREATE VIEW boardinghouse._type_part AS
SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'c' THEN 'composite type' ELSE 'domain' END AS kind,
       quote_ident(t.typname) AS object, t.typname::text AS name, 0 AS sort,
       concat('pg_type ', t.oid, ' 0') AS id, NULL::text AS within, t.oid AS main,
       CASE t.typtype WHEN 'e' THEN format('CREATE TYPE %I AS ENUM', t.typname)
                      WHEN 'c' THEN format('CREATE TYPE %I AS', t.typname)
                      ELSE format('CREATE DOMAIN %I AS %s', t.typname, x.base) END AS ddl,
       NULL::text AS alteration,
       format('DROP %s IF EXISTS %I', y.keyword, t.typname) AS undo, NULL::text AS inline,
       ARRAY[format('ALTER %s ', y.keyword), ' RENAME TO '] AS rename,
       concat_ws(' ', t.typtype, NULLIF(t.typbasetype, 0), t.typtypmod, CASE t.typtype WHEN 'd'
                 THEN t.typcollation END) AS raw,
       boardinghouse._needs('pg_type'::regclass, t.oid) AS needs, false AS names_schema
  FROM pg_type AS t
  LEFT JOIN pg_class AS c ON c.oid = t.typrelid
  LEFT JOIN pg_type AS b ON b.oid = t.typbasetype
  CROSS JOIN LATERAL (SELECT CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END) AS y (keyword)
  CROSS JOIN LATERAL (
        SELECT format_type(t.typbasetype, t.typtypmod)
               || CASE WHEN t.typcollation <> b.typcollation THEN ' COLLATE '
                   || t.typcollation::regcollation ELSE '' END
       ) AS x (base)
 WHERE t.typtype IN ('e', 'd') OR (t.typtype = 'c' AND c.relkind = 'c')
UNION ALL
SELECT 'enum label', format('%I.%L', t.typname, e.enumlabel), e.enumlabel::text, e.sort::integer,
       concat('pg_enum ', e.oid, ' 0'), concat('pg_type ', t.oid, ' 0'), t.oid,
       format('ALTER TYPE %I ADD VALUE %L', t.typname, e.enumlabel)
           || coalesce(' AFTER ' || quote_literal(e.previous), ' BEFORE ' || quote_literal(e.next),
                       ''),
       NULL, NULL, quote_literal(e.enumlabel),
       ARRAY[format('ALTER TYPE %I RENAME VALUE ', t.typname), ' TO ', 'literal'], e.oid::text,
       NULL, false
  FROM pg_type AS t
  CROSS JOIN LATERAL (
        SELECT v.oid, v.enumlabel, row_number() OVER w AS sort, lag(v.enumlabel) OVER w AS previous,
               lead(v.enumlabel) OVER w AS next
          FROM pg_enum AS v
         WHERE v.enumtypid = t.oid
        WINDOW w AS (ORDER BY v.enumsortorder)
       ) AS e
 WHERE t.typtype = 'e'
UNION ALL
SELECT 'attribute', format('%I.%I', t.typname, a.attname), a.attname::text, a.attnum::integer,
       concat('pg_type ', t.oid, ' ', a.attnum), concat('pg_type ', t.oid, ' 0'), t.oid,
       format('ALTER TYPE %I ADD ATTRIBUTE %I %s', t.typname, a.attname, x.type),
       format('ALTER TYPE %I ALTER ATTRIBUTE %I TYPE %s', t.typname, a.attname, x.type),
       format('ALTER TYPE %I DROP ATTRIBUTE IF EXISTS %I', t.typname, a.attname),
       format('%I %s', a.attname, x.type),
       ARRAY[format('ALTER TYPE %I RENAME ATTRIBUTE ', t.typname), ' TO '],
       concat_ws(' ', a.atttypid, a.atttypmod, a.attcollation),
       CASE WHEN a.atttypid >= 16384 OR a.attcollation >= 16384
           THEN boardinghouse._needs('pg_class'::regclass, c.oid, a.attnum::integer) END, false
  FROM pg_type AS t
  JOIN pg_class AS c ON c.oid = t.typrelid AND c.relkind = 'c'
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type AS b ON b.oid = a.atttypid
  CROSS JOIN LATERAL (
        SELECT format_type(a.atttypid, a.atttypmod)
               || CASE WHEN a.attcollation <> b.typcollation THEN ' COLLATE '
                   || a.attcollation::regcollation ELSE '' END
       ) AS x (type)
 WHERE t.typtype = 'c'
UNION ALL
-- Only compared: values sort by it. Adding a label leaves the order of the others as it is.
SELECT 'label order', quote_ident(t.typname), NULL, 0,
       concat('pg_type ', t.oid, ' 0'), concat('pg_type ', t.oid, ' 0'), t.oid,
       (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
        FROM pg_enum AS e WHERE e.enumtypid = t.oid),
       NULL, NULL, NULL, NULL, '', NULL, false
  FROM pg_type AS t
 WHERE t.typtype = 'e'
UNION ALL
SELECT 'attribute order', quote_ident(t.typname), NULL, 0,
       concat('pg_type ', t.oid, ' 0'), concat('pg_type ', t.oid, ' 0'), t.oid,
       (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
          FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
       NULL, NULL, NULL, NULL, '', NULL, false
  FROM pg_type AS t
  JOIN pg_class AS c ON c.oid = t.typrelid AND c.relkind = 'c'
 WHERE t.typtype = 'c'
UNION ALL
SELECT 'domain default', quote_ident(t.typname), NULL, 0,
       concat('pg_type ', t.oid, ' 0'), concat('pg_type ', t.oid, ' 0'), t.oid,
       format('ALTER DOMAIN %I SET DEFAULT %s', t.typname, x.expression),
       format('ALTER DOMAIN %I SET DEFAULT %s', t.typname, x.expression),
       format('ALTER DOMAIN %I DROP DEFAULT', t.typname),
       'DEFAULT ' || x.expression, NULL, md5(t.typdefaultbin::text),
       boardinghouse._needs('pg_type'::regclass, t.oid), false
  FROM pg_type AS t
  CROSS JOIN LATERAL (SELECT pg_get_expr(t.typdefaultbin, 0) OFFSET 0) AS x (expression)
 WHERE t.typtype = 'd' AND t.typdefaultbin IS NOT NULL
UNION ALL
SELECT 'domain not null', quote_ident(t.typname), k.conname::text, 0,
       concat('pg_type ', t.oid, ' 0'), concat('pg_type ', t.oid, ' 0'), t.oid,
       format('ALTER DOMAIN %I %s', t.typname, CASE WHEN k.oid IS NULL THEN 'SET NOT NULL'
              ELSE format('ADD CONSTRAINT %I NOT NULL', k.conname) END),
       NULL, format('ALTER DOMAIN %I DROP NOT NULL', t.typname),
       CASE WHEN k.oid IS NULL THEN 'NOT NULL' ELSE format('CONSTRAINT %I NOT NULL', k.conname) END,
       CASE WHEN k.oid IS NOT NULL THEN ARRAY[format('ALTER DOMAIN %I RENAME CONSTRAINT ',
                                                     t.typname), ' TO '] END, '', NULL, false
  FROM pg_type AS t
  LEFT JOIN pg_constraint AS k ON k.contypid = t.oid AND k.contype = 'n'
 WHERE t.typtype = 'd' AND t.typnotnull
UNION ALL
SELECT 'domain constraint', format('%I ON DOMAIN %I', k.conname, t.typname), k.conname::text, 0,
       concat('pg_constraint ', k.oid, ' 0'), concat('pg_type ', t.oid, ' 0'), t.oid,
       format('ALTER DOMAIN %I ADD CONSTRAINT %I %s', t.typname, k.conname, x.definition),
       CASE WHEN k.convalidated THEN format('ALTER DOMAIN %I VALIDATE CONSTRAINT %I', t.typname,
                                            k.conname) END,
       format('ALTER DOMAIN %I DROP CONSTRAINT IF EXISTS %I', t.typname, k.conname),
       CASE WHEN k.convalidated THEN format('CONSTRAINT %I %s', k.conname, x.definition) END,
       ARRAY[format('ALTER DOMAIN %I RENAME CONSTRAINT ', t.typname), ' TO '],
       md5(k.conbin::text) || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END,
       boardinghouse._needs('pg_constraint'::regclass, k.oid), false
  FROM pg_type AS t
  JOIN pg_constraint AS k ON k.contypid = t.oid AND k.contype = 'c'
  CROSS JOIN LATERAL (SELECT pg_get_constraintdef(k.oid) OFFSET 0) AS x (definition)
 WHERE t.typtype = 'd';
