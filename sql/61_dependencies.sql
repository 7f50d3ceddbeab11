-- Layer 6: what depends on what across schemata.

-- The schema that each object is in; a trigger, rule, policy, default or index with its relation.
CREATE VIEW boardinghouse._placed AS
SELECT 'pg_class'::regclass::oid AS class, c.oid AS object, c.relnamespace AS namespace FROM pg_class AS c
UNION ALL
SELECT 'pg_type'::regclass, t.oid, t.typnamespace FROM pg_type AS t
UNION ALL
SELECT 'pg_proc'::regclass, p.oid, p.pronamespace FROM pg_proc AS p
UNION ALL
SELECT 'pg_constraint'::regclass, k.oid, k.connamespace FROM pg_constraint AS k
UNION ALL
SELECT 'pg_attrdef'::regclass, d.oid, c.relnamespace FROM pg_attrdef AS d JOIN pg_class AS c ON c.oid = d.adrelid
UNION ALL
SELECT 'pg_rewrite'::regclass, w.oid, c.relnamespace FROM pg_rewrite AS w JOIN pg_class AS c ON c.oid = w.ev_class
UNION ALL
SELECT 'pg_trigger'::regclass, g.oid, c.relnamespace FROM pg_trigger AS g JOIN pg_class AS c ON c.oid = g.tgrelid WHERE NOT g.tgisinternal
UNION ALL
SELECT 'pg_policy'::regclass, p.oid, c.relnamespace FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
UNION ALL
SELECT 'pg_statistic_ext'::regclass, s.oid, s.stxnamespace FROM pg_statistic_ext AS s
UNION ALL
SELECT 'pg_operator'::regclass, o.oid, o.oprnamespace FROM pg_operator AS o
UNION ALL
SELECT 'pg_opclass'::regclass, o.oid, o.opcnamespace FROM pg_opclass AS o
UNION ALL
SELECT 'pg_collation'::regclass, c.oid, c.collnamespace FROM pg_collation AS c
UNION ALL
SELECT 'pg_ts_config'::regclass, c.oid, c.cfgnamespace FROM pg_ts_config AS c
UNION ALL
SELECT 'pg_ts_dict'::regclass, d.oid, d.dictnamespace FROM pg_ts_dict AS d;

-- The dependencies that cross from one schema to another.
CREATE VIEW boardinghouse._dependency AS
SELECT d.classid AS class, d.objid AS object, d.objsubid AS sub, f.namespace AS from_namespace,
       d.refclassid AS to_class, d.refobjid AS to_object, d.refobjsubid AS to_sub, t.namespace AS to_namespace
  FROM pg_depend AS d
  JOIN boardinghouse._placed AS f ON f.class = d.classid AND f.object = d.objid
  JOIN boardinghouse._placed AS t ON t.class = d.refclassid AND t.object = d.refobjid
 WHERE d.refobjid >= 16384      -- FirstNormalObjectId
   AND f.namespace <> t.namespace
   AND f.namespace <> 'pg_toast'::regnamespace;

-- _dependent_outside(schema)
--
-- An object of another schema that depends on something in this one; NULL where there is none.
CREATE FUNCTION boardinghouse._dependent_outside(schema text)
    RETURNS text
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
AS $function$
DECLARE
    here CONSTANT oid := boardinghouse._namespace(schema);
    relations CONSTANT oid[] := boardinghouse._relations(schema);
BEGIN
    RETURN (
        WITH member AS (
            SELECT 'pg_class'::regclass::oid AS class, r.oid AS object FROM unnest(relations) AS r (oid)
             UNION ALL
            SELECT 'pg_type'::regclass, c.reltype FROM pg_class AS c WHERE c.oid = ANY (relations)
             UNION ALL
            SELECT d.classid, d.objid
              FROM pg_depend AS d
             WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = here AND d.classid <> 'pg_class'::regclass
        )
        SELECT pg_describe_object(d.classid, d.objid, 0)
          FROM member AS m
          JOIN pg_depend AS d ON d.refclassid = m.class AND d.refobjid = m.object
          JOIN boardinghouse._placed AS f ON f.class = d.classid AND f.object = d.objid
         WHERE f.namespace <> here AND f.namespace <> 'pg_toast'::regnamespace
         LIMIT 1);
END;
$function$;
