-- Layer 3, inventory: owners, grants and comments of whatever has them.

-- What can have an owner or grants. phrase: how ALTER ... OWNER TO and COMMENT ON call it;
-- grantee: how GRANT ... ON does. %1$I is the schema where names_schema.
CREATE VIEW boardinghouse._ownable AS
SELECT concat('pg_class ', c.oid, ' 0') AS id, c.oid AS main, 'pg_class' AS main_class,
       format('%s %I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm'
              THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
              c.relname) AS phrase,
       format('%s %I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
              c.relname) AS grantable,
       NULL::text AS privilege_suffix,
       concat('pg_class ', c.oid, ' 0') AS within,
       -- A sequence that is owned by a column follows the owner of its table.
       CASE WHEN c.relkind = 'S' AND EXISTS (
                SELECT FROM pg_depend AS d
                 WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
                   AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
            THEN NULL ELSE c.relowner END AS owner,
       c.relacl AS acl,
       acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END,
                  c.relowner) AS acl_default,
       c.relowner AS grantor,       -- of what the owner grants
       false AS names_schema
  FROM pg_class AS c
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
UNION ALL
-- The sequence of an identity column belongs to its table.
SELECT concat('pg_class ', c.oid, ' 0'), d.refobjid, 'pg_class', NULL,
       format('SEQUENCE %I', c.relname), NULL, concat('pg_class ', d.refobjid, ' ', d.refobjsubid),
       NULL, c.relacl, acldefault('s', c.relowner), c.relowner, false
  FROM pg_depend AS d
  JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
 WHERE d.classid = 'pg_class'::regclass AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass
     AND d.deptype = 'i'
UNION ALL
SELECT concat('pg_class ', c.oid, ' ', a.attnum), c.oid, 'pg_class', NULL,
       format('TABLE %I', c.relname), format(' (%I)', a.attname),
       concat('pg_class ', c.oid, ' ', a.attnum), NULL, a.attacl,
       acldefault('c', c.relowner), c.relowner, false
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')
UNION ALL
SELECT concat('pg_type ', t.oid, ' 0'), t.oid, 'pg_type',
       format('%s %I', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.typname),
       format('TYPE %I', t.typname), NULL, concat('pg_type ', t.oid, ' 0'),
       t.typowner, t.typacl, acldefault('T', t.typowner), t.typowner, false
  FROM pg_type AS t
  LEFT JOIN pg_class AS c ON c.oid = t.typrelid
 WHERE t.typtype IN ('e', 'd', 'r', 'b', 'p') OR (t.typtype = 'c' AND c.relkind = 'c')
UNION ALL
-- The row type of a relation.
SELECT concat('pg_type ', t.oid, ' 0'), c.oid, 'pg_class', NULL,
       format('TYPE %I', t.typname), NULL, concat('pg_class ', c.oid, ' 0'),
       NULL, t.typacl, acldefault('T', t.typowner), t.typowner, false
  FROM pg_class AS c
  JOIN pg_type AS t ON t.oid = c.reltype
 WHERE c.relkind <> 'c'
UNION ALL
-- A multirange and the constructors of a range belong to the range.
SELECT concat('pg_type ', t.oid, ' 0'), r.rngtypid, 'pg_type', NULL, format('TYPE %I', t.typname),
       NULL, concat('pg_type ', t.oid, ' 0'), NULL, t.typacl, acldefault('T', t.typowner),
       t.typowner, false
  FROM pg_range AS r
  JOIN pg_type AS t ON t.oid = r.rngmultitypid
UNION ALL
SELECT concat('pg_proc ', p.oid, ' 0'), r.rngtypid, 'pg_type', x.phrase, x.phrase, NULL,
       concat('pg_proc ', p.oid, ' 0'), p.proowner, p.proacl, acldefault('f', p.proowner),
       p.proowner, false
  FROM pg_range AS r
  CROSS JOIN LATERAL (VALUES (r.rngtypid), (r.rngmultitypid)) AS t (oid)
  JOIN pg_depend AS d ON d.refclassid = 'pg_type'::regclass AND d.refobjid = t.oid
      AND d.classid = 'pg_proc'::regclass AND d.deptype = 'i'
  JOIN pg_proc AS p ON p.oid = d.objid
  CROSS JOIN LATERAL (
        SELECT format('FUNCTION %I(%s)', p.proname, oidvectortypes(p.proargtypes)) OFFSET 0
       ) AS x (phrase)
UNION ALL
SELECT concat('pg_proc ', p.oid, ' 0'), p.oid, 'pg_proc',
       CASE p.prokind WHEN 'a' THEN x.aggregate ELSE x.phrase END, x.phrase, NULL,
       concat('pg_proc ', p.oid, ' 0'), p.proowner, p.proacl, acldefault('f', p.proowner),
       p.proowner, false
  FROM pg_proc AS p
  CROSS JOIN LATERAL (
        SELECT CASE p.prokind
                   WHEN 'p' THEN format('PROCEDURE %I(%s)', p.proname,
                                        pg_get_function_identity_arguments(p.oid))
                   ELSE format('FUNCTION %I(%s)', p.proname, oidvectortypes(p.proargtypes)) END,
               CASE p.prokind WHEN 'a' THEN format('AGGREGATE %I(%s)', p.proname,
                                          CASE WHEN p.pronargs = 0 THEN '*'
                                          ELSE pg_get_function_identity_arguments(p.oid)
                                          END) END OFFSET 0
       ) AS x (phrase, aggregate)
UNION ALL
SELECT concat('pg_statistic_ext ', s.oid, ' 0'), s.stxrelid, 'pg_class',
       format('STATISTICS %I', s.stxname), NULL, NULL,
       concat('pg_statistic_ext ', s.oid, ' 0'), s.stxowner, NULL, NULL, s.stxowner, false
  FROM pg_statistic_ext AS s
  JOIN pg_class AS c ON c.oid = s.stxrelid AND c.relnamespace = s.stxnamespace
UNION ALL
SELECT concat('pg_namespace ', n.oid, ' 0'), n.oid, 'pg_namespace', 'SCHEMA %1$I', 'SCHEMA %1$I',
       NULL, concat('pg_namespace ', n.oid, ' 0'),
       n.nspowner, n.nspacl, acldefault('n', n.nspowner), n.nspowner, true
  FROM pg_namespace AS n;

CREATE VIEW boardinghouse._owner_part AS
SELECT 'owner' AS kind, CASE WHEN o.names_schema THEN 'SCHEMA' ELSE o.phrase END AS object,
       pg_get_userbyid(o.owner)::text AS name, 0 AS sort,
       o.id AS id, o.within AS within, o.main AS main,
       x.ddl AS ddl, x.ddl AS alteration, NULL::text AS undo, NULL::text AS inline,
       NULL::text[] AS rename,
       o.owner::text AS raw, NULL::text[] AS needs, o.names_schema AS names_schema,
       o.main_class AS main_class
  FROM boardinghouse._ownable AS o
  CROSS JOIN LATERAL (
        SELECT concat('ALTER ', o.phrase, ' OWNER TO ',
                      CASE WHEN o.names_schema
                          THEN replace(quote_ident(pg_get_userbyid(o.owner)), '%', '%%')
                           ELSE quote_ident(pg_get_userbyid(o.owner)) END)
       ) AS x (ddl)
 WHERE o.owner IS NOT NULL;

-- _grant_depth(acl, owner, grantor, privilege)
--
-- Through how many hands a privilege came to who grants it: none for the owner.
CREATE FUNCTION boardinghouse._grant_depth(acl aclitem[], owner oid, grantor oid, privilege text)
    RETURNS integer
    LANGUAGE plpgsql
    IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF grantor = owner THEN
        RETURN 0;
    END IF;
    RETURN (
        WITH RECURSIVE hand AS (
            SELECT _grant_depth.grantor AS role, 0 AS depth
             UNION ALL
            SELECT a.grantor, h.depth + 1
              FROM hand AS h
              JOIN aclexplode(acl) AS a ON a.grantee = h.role AND a.is_grantable
                  AND a.privilege_type = privilege
             WHERE h.role <> owner AND h.depth < 100
        )
        SELECT max(h.depth) FROM hand AS h);
END;
$function$;

-- Grants beyond what PostgreSQL gives by default, and what is taken away of the default. Where
-- others than the owner have granted, each privilege is a part, for the grants hang on each other.
CREATE VIEW boardinghouse._grant_part AS
SELECT CASE WHEN p.is_grant THEN 'grant' ELSE 'revoke' END AS kind,
       concat(CASE WHEN p.privilege IS NOT NULL THEN concat(p.privilege, ' ON ') END,
              CASE WHEN o.names_schema THEN 'SCHEMA' ELSE o.grantable END, o.privilege_suffix,
              ' TO ', g.grantee, g.option, ' BY ' || g.grantor) AS object, NULL::text AS name,
       CASE WHEN p.privilege IS NOT NULL
            THEN boardinghouse._grant_depth(o.acl, o.grantor, p.grantor, p.privilege)
            ELSE 0 END AS sort,
       concat_ws(' ', o.id, concat(p.grantee, g.option), p.privilege, 'BY ' || NULLIF(p.grantor,
                 o.grantor)) AS id, o.within AS within, o.main AS main,
       CASE WHEN p.is_grant THEN concat(g.before, 'GRANT ', g.privileges, ' ON ', o.grantable,
                                        ' TO ', g.grantee, g.option, g.after)
            ELSE concat('REVOKE ', g.privileges, ' ON ', o.grantable, ' FROM ',
                        g.grantee) END AS ddl,
       NULL::text AS alteration,
       CASE WHEN p.is_grant THEN concat(g.before, 'REVOKE ', g.privileges, ' ON ', o.grantable,
                                        ' FROM ', g.grantee, g.after)
            ELSE concat('GRANT ', g.privileges, ' ON ', o.grantable, ' TO ', g.grantee) END AS undo,
       NULL::text AS inline, NULL::text[] AS rename, g.privileges AS raw, NULL::text[] AS needs,
       o.names_schema AS names_schema, o.main_class AS main_class
  FROM boardinghouse._ownable AS o
  CROSS JOIN LATERAL (
        SELECT true, e.grantor, e.grantee, e.is_grantable, e.privilege,
               array_agg(e.privilege_type ORDER BY e.privilege_type)
          FROM (SELECT x.grantor, x.grantee, x.privilege_type, x.is_grantable,
                       CASE WHEN x.is_shared THEN x.privilege_type END AS privilege
                  FROM (SELECT a.grantor, a.grantee, a.privilege_type, a.is_grantable,
                               bool_or(a.grantor <> o.grantor) OVER () AS is_shared
                          FROM aclexplode(o.acl) AS a) AS x
                 WHERE x.grantor <> o.grantor
                    OR NOT EXISTS (SELECT FROM aclexplode(o.acl_default) AS d
                                    WHERE d.grantee = x.grantee AND d.is_grantable = x.is_grantable
                                      AND d.privilege_type = x.privilege_type)) AS e
         GROUP BY e.grantor, e.grantee, e.is_grantable, e.privilege
         UNION ALL
        SELECT false, o.grantor, e.grantee, false, NULL,
               array_agg(e.privilege_type ORDER BY e.privilege_type)
          FROM (SELECT d.grantee, d.privilege_type FROM aclexplode(o.acl_default) AS d
                EXCEPT
                SELECT a.grantee, a.privilege_type FROM aclexplode(o.acl) AS a) AS e
         GROUP BY e.grantee
       ) AS p (is_grant, grantor, grantee, is_grantable, privilege, privileges)
  CROSS JOIN LATERAL (
        SELECT x.grantee, x.grantor,
               CASE WHEN p.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END,
               (SELECT string_agg(v.privilege || coalesce(o.privilege_suffix, ''), ', ')
                FROM unnest(p.privileges) AS v (privilege)),
               'SET ROLE ' || x.grantor || '; ',
               CASE WHEN x.grantor IS NOT NULL THEN '; RESET ROLE' END
          FROM (SELECT CASE WHEN p.grantee = 0 THEN 'PUBLIC'
                            WHEN o.names_schema
                            THEN replace(quote_ident(pg_get_userbyid(p.grantee)), '%', '%%')
                            ELSE quote_ident(pg_get_userbyid(p.grantee)) END,
                       CASE WHEN p.grantor = o.grantor THEN NULL
                            WHEN o.names_schema
                            THEN replace(quote_ident(pg_get_userbyid(p.grantor)), '%', '%%')
                            ELSE quote_ident(pg_get_userbyid(p.grantor))
                       END) AS x (grantee, grantor)
       ) AS g (grantee, grantor, option, privileges, before, after)
 WHERE o.acl IS NOT NULL;

CREATE VIEW boardinghouse._default_privilege_part AS
SELECT 'default privilege' AS kind,
       concat(y.keyword, ' OF ', r.role, ' TO ', g.grantee, g.option) AS object, NULL::text AS name,
       0 AS sort,
       concat('pg_default_acl ', a.oid, ' ', e.grantee, g.option) AS id,
       concat('pg_namespace ', a.defaclnamespace, ' 0') AS within,
       a.defaclnamespace AS main,
       concat('ALTER DEFAULT PRIVILEGES FOR ROLE ', r.role, ' IN SCHEMA %1$I GRANT ', e.privileges,
              ' ON ', y.keyword, ' TO ', g.grantee, g.option) AS ddl,
       NULL::text AS alteration,
       concat('ALTER DEFAULT PRIVILEGES FOR ROLE ', r.role, ' IN SCHEMA %1$I REVOKE ', e.privileges,
              ' ON ', y.keyword, ' FROM ', g.grantee) AS undo,
       NULL::text AS inline, NULL::text[] AS rename, e.privileges AS raw, NULL::text[] AS needs,
       true AS names_schema
  FROM pg_default_acl AS a
  CROSS JOIN LATERAL (
        SELECT CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f'
            THEN 'FUNCTIONS' ELSE 'TYPES' END
       ) AS y (keyword)
  CROSS JOIN LATERAL (SELECT replace(quote_ident(pg_get_userbyid(a.defaclrole)), '%',
                                     '%%')) AS r (role)
  CROSS JOIN LATERAL (
        SELECT x.grantee, x.is_grantable, string_agg(x.privilege_type, ', '
                                                     ORDER BY x.privilege_type)
          FROM aclexplode(a.defaclacl) AS x
         GROUP BY x.grantee, x.is_grantable
       ) AS e (grantee, is_grantable, privileges)
  CROSS JOIN LATERAL (
        SELECT CASE WHEN e.grantee = 0 THEN 'PUBLIC'
            ELSE replace(quote_ident(pg_get_userbyid(e.grantee)), '%', '%%') END,
               CASE WHEN e.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
       ) AS g (grantee, option)
 WHERE a.defaclnamespace <> 0;

-- What can have a comment, by object address.
CREATE VIEW boardinghouse._commentable AS
SELECT 'pg_class'::regclass AS class, c.oid AS object, a.attnum::integer AS sub,
       concat('pg_class ', c.oid, ' ', a.attnum) AS id,
       c.oid AS main, 'pg_class' AS main_class,
       CASE a.attnum WHEN 0
            THEN format('%s %I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
                        WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE'
                        ELSE 'TABLE' END, c.relname)
                     ELSE format('COLUMN %I.%I', c.relname, a.attname) END AS phrase,
       false AS names_schema
  FROM pg_class AS c
  CROSS JOIN LATERAL (
        SELECT 0, NULL::name
         UNION ALL
        SELECT a.attnum, a.attname FROM pg_attribute AS a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind <> 'S'
       ) AS a (attnum, attname)
 WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
UNION ALL
SELECT 'pg_class'::regclass, c.oid, 0, concat('pg_class ', d.refobjid, ' ', d.refobjsubid),
       d.refobjid, 'pg_class',
       format('SEQUENCE %I', c.relname), false
  FROM pg_depend AS d
  JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
 WHERE d.classid = 'pg_class'::regclass AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass
     AND d.deptype = 'i'
UNION ALL
SELECT 'pg_class'::regclass, i.indexrelid, 0,
       coalesce('pg_constraint ' || k.oid || ' 0', concat('pg_class ', i.indexrelid, ' 0')),
       i.indrelid, 'pg_class',
       format('INDEX %I', c.relname), false
  FROM pg_index AS i
  JOIN pg_class AS c ON c.oid = i.indexrelid
  LEFT JOIN pg_constraint AS k ON k.conrelid = i.indrelid AND k.conindid = i.indexrelid
      AND k.contype IN ('p', 'u', 'x')
 WHERE i.indisvalid OR c.relkind = 'I'
UNION ALL
SELECT 'pg_constraint'::regclass, k.oid, 0,
       CASE WHEN k.contype = 'n' THEN concat('pg_class ', k.conrelid, ' ', k.conkey[1])
           ELSE concat('pg_constraint ', k.oid, ' 0') END,
       k.conrelid, 'pg_class', format('CONSTRAINT %I ON %I', k.conname, c.relname), false
  FROM pg_constraint AS k
  JOIN pg_class AS c ON c.oid = k.conrelid
 WHERE k.contype <> 't'
UNION ALL
SELECT 'pg_constraint'::regclass, k.oid, 0, concat('pg_trigger ', g.oid, ' 0'),
       g.tgrelid, 'pg_class', format('CONSTRAINT %I ON %I', k.conname, c.relname), false
  FROM pg_trigger AS g
  -- OFFSET 0: looked up, though the planner thinks there are none of the kind.
  CROSS JOIN LATERAL (SELECT k.* FROM pg_constraint AS k WHERE k.oid = g.tgconstraint OFFSET 0)
        AS k
  JOIN pg_class AS c ON c.oid = g.tgrelid
 WHERE k.contype = 't'
UNION ALL
SELECT 'pg_constraint'::regclass, k.oid, 0, concat('pg_constraint ', k.oid, ' 0'),
       k.contypid, 'pg_type', format('CONSTRAINT %I ON DOMAIN %I', k.conname, t.typname), false
  FROM pg_constraint AS k
  JOIN pg_type AS t ON t.oid = k.contypid
UNION ALL
SELECT 'pg_trigger'::regclass, g.oid, 0, concat('pg_trigger ', g.oid, ' 0'), g.tgrelid, 'pg_class',
       format('TRIGGER %I ON %I', g.tgname, c.relname), false
  FROM pg_trigger AS g
  JOIN pg_class AS c ON c.oid = g.tgrelid
 WHERE NOT g.tgisinternal
UNION ALL
SELECT 'pg_rewrite'::regclass, w.oid, 0,
       CASE w.ev_type WHEN '1' THEN concat('pg_class ', w.ev_class, ' 0')
           ELSE concat('pg_rewrite ', w.oid, ' 0') END, w.ev_class, 'pg_class',
       format('RULE %I ON %I', w.rulename, c.relname), false
  FROM pg_rewrite AS w
  JOIN pg_class AS c ON c.oid = w.ev_class
UNION ALL
SELECT 'pg_policy'::regclass, p.oid, 0, concat('pg_policy ', p.oid, ' 0'), p.polrelid, 'pg_class',
       format('POLICY %I ON %I', p.polname, c.relname), false
  FROM pg_policy AS p
  JOIN pg_class AS c ON c.oid = p.polrelid
UNION ALL
SELECT 'pg_statistic_ext'::regclass, s.oid, 0, concat('pg_statistic_ext ', s.oid, ' 0'), s.stxrelid,
       'pg_class', format('STATISTICS %I', s.stxname), false
  FROM pg_statistic_ext AS s
  JOIN pg_class AS c ON c.oid = s.stxrelid AND c.relnamespace = s.stxnamespace
UNION ALL
SELECT 'pg_proc'::regclass, p.oid, 0, concat('pg_proc ', p.oid, ' 0'), p.oid, 'pg_proc', x.phrase,
       false
  FROM pg_proc AS p
  CROSS JOIN LATERAL (
        SELECT CASE p.prokind WHEN 'a' THEN format('AGGREGATE %I(%s)', p.proname,
                                          CASE WHEN p.pronargs = 0 THEN '*'
                                          ELSE pg_get_function_identity_arguments(p.oid) END)
                   WHEN 'p' THEN format('PROCEDURE %I(%s)', p.proname,
                                        pg_get_function_identity_arguments(p.oid))
                   ELSE format('FUNCTION %I(%s)', p.proname, oidvectortypes(p.proargtypes))
                   END OFFSET 0
       ) AS x (phrase)
UNION ALL
SELECT 'pg_type'::regclass, t.oid, 0, concat('pg_type ', t.oid, ' 0'), r.rngtypid, 'pg_type',
       format('TYPE %I', t.typname), false
  FROM pg_range AS r
  JOIN pg_type AS t ON t.oid = r.rngmultitypid
UNION ALL
SELECT 'pg_proc'::regclass, p.oid, 0, concat('pg_proc ', p.oid, ' 0'), r.rngtypid, 'pg_type',
       x.phrase, false
  FROM pg_range AS r
  CROSS JOIN LATERAL (VALUES (r.rngtypid), (r.rngmultitypid)) AS t (oid)
  JOIN pg_depend AS d ON d.refclassid = 'pg_type'::regclass AND d.refobjid = t.oid
      AND d.classid = 'pg_proc'::regclass AND d.deptype = 'i'
  JOIN pg_proc AS p ON p.oid = d.objid
  CROSS JOIN LATERAL (
        SELECT format('FUNCTION %I(%s)', p.proname, oidvectortypes(p.proargtypes)) OFFSET 0
       ) AS x (phrase)
UNION ALL
SELECT 'pg_type'::regclass, t.oid, 0, concat('pg_type ', t.oid, ' 0'), t.oid, 'pg_type',
       format('%s %I', CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.typname), false
  FROM pg_type AS t
UNION ALL
-- Arrays, row types and their arrays.
SELECT 'pg_type'::regclass, t.typarray, 0, concat('pg_type ', t.oid, ' 0'), t.oid, 'pg_type',
       format('TYPE %I[]', t.typname), false
  FROM pg_type AS t
UNION ALL
SELECT 'pg_type'::regclass, x.oid, 0, concat('pg_class ', c.oid, ' 0'), c.oid, 'pg_class',
       format('TYPE %I%s', t.typname, x.brackets), false
  FROM pg_class AS c
  JOIN pg_type AS t ON t.oid = c.reltype
  CROSS JOIN LATERAL (VALUES (t.oid, ''), (t.typarray, '[]')) AS x (oid, brackets)
 WHERE c.relkind <> 'c'
UNION ALL
-- By way of the type: pg_class has no index on reltype.
SELECT 'pg_class'::regclass, c.oid, a.attnum::integer, concat('pg_type ', t.oid, ' ', a.attnum),
       t.oid, 'pg_type',
       format('COLUMN %s.%I', quote_ident(c.relname), a.attname), false
  FROM pg_type AS t
  JOIN pg_class AS c ON c.oid = t.typrelid
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind = 'c'
UNION ALL
SELECT 'pg_namespace'::regclass, n.oid, 0, concat('pg_namespace ', n.oid, ' 0'), n.oid,
       'pg_namespace', 'SCHEMA %1$I', true
  FROM pg_namespace AS n;

-- What is said of an object: comments, security labels, and DEPENDS ON EXTENSION, which tells what
-- goes with an extension that it is no member of. One view of all three, for so many branches cost
-- the planner more than what they read.
CREATE VIEW boardinghouse._remark_part AS
SELECT r.kind AS kind, r.object AS object, NULL::text AS name, o.sub AS sort,
       -- An index and its constraint, or a NOT NULL and its column, are one part with two comments.
       concat_ws(' ', o.class, o.object, r.suffix) AS id, o.id AS within, o.main AS main,
       r.ddl AS ddl, r.alteration AS alteration, r.undo AS undo, NULL::text AS inline,
       NULL::text[] AS rename, r.raw AS raw, NULL::text[] AS needs, r.names_schema AS names_schema,
       o.main_class AS main_class
  FROM boardinghouse._commentable AS o
  CROSS JOIN LATERAL (
        SELECT 'comment', n.name, o.sub::text, x.ddl, x.ddl,
               concat('COMMENT ON ', o.phrase, ' IS NULL'), md5(d.description), o.names_schema
          FROM pg_description AS d
          CROSS JOIN LATERAL (SELECT CASE WHEN o.names_schema THEN 'SCHEMA' ELSE o.phrase END)
                AS n (name)
          CROSS JOIN LATERAL (
                SELECT concat('COMMENT ON ', o.phrase, ' IS ',
                              CASE WHEN o.names_schema
                                   THEN replace(quote_literal(d.description), '%', '%%')
                                   ELSE quote_literal(d.description) END)
               ) AS x (ddl)
         WHERE d.classoid = o.class AND d.objoid = o.object AND d.objsubid = o.sub
         UNION ALL
        SELECT 'security label', concat(n.name, ' FOR ', x.provider),
               concat(o.sub, ' ', l.provider), concat(x.ddl, x.label), concat(x.ddl, x.label),
               concat(x.ddl, 'NULL'), md5(l.label), o.names_schema
          FROM pg_seclabel AS l
          CROSS JOIN LATERAL (SELECT CASE WHEN o.names_schema THEN 'SCHEMA' ELSE o.phrase END)
                AS n (name)
          CROSS JOIN LATERAL (
                SELECT quote_ident(l.provider),
                       concat('SECURITY LABEL FOR ',
                              CASE WHEN o.names_schema
                                   THEN replace(quote_ident(l.provider), '%', '%%')
                                   ELSE quote_ident(l.provider) END, ' ON ', o.phrase, ' IS '),
                       CASE WHEN o.names_schema THEN replace(quote_literal(l.label), '%', '%%')
                            ELSE quote_literal(l.label) END
               ) AS x (provider, ddl, label)
         WHERE l.classoid = o.class AND l.objoid = o.object AND l.objsubid = o.sub
         UNION ALL
        SELECT 'extension dependence', concat(o.phrase, ' ON ', quote_ident(e.extname)),
               d.refobjid::text, format('ALTER %s DEPENDS ON EXTENSION %I', o.phrase, e.extname),
               NULL, format('ALTER %s NO DEPENDS ON EXTENSION %I', o.phrase, e.extname), '', false
          FROM pg_depend AS d
          JOIN pg_extension AS e ON e.oid = d.refobjid
         WHERE d.classid = o.class AND d.objid = o.object AND d.objsubid = o.sub
           AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x'
       ) AS r (kind, object, suffix, ddl, alteration, undo, raw, names_schema);
