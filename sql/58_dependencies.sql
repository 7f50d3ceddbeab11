-- Layer 5: what depends on what across schemata.

-- The schema that each object is in; a trigger, rule, policy, default or index with its relation.
-- The classes are of one type in all branches: else none could be looked up by an index.
CREATE VIEW boardinghouse._placed AS
SELECT 'pg_class'::regclass::oid AS class, c.oid AS object, c.relnamespace AS namespace
    FROM pg_class AS c
UNION ALL
SELECT 'pg_type'::regclass::oid, t.oid, t.typnamespace FROM pg_type AS t
UNION ALL
SELECT 'pg_proc'::regclass::oid, p.oid, p.pronamespace FROM pg_proc AS p
UNION ALL
SELECT 'pg_constraint'::regclass::oid, k.oid, k.connamespace FROM pg_constraint AS k
UNION ALL
SELECT 'pg_attrdef'::regclass::oid, d.oid, c.relnamespace FROM pg_attrdef AS d
    JOIN pg_class AS c ON c.oid = d.adrelid
UNION ALL
SELECT 'pg_rewrite'::regclass::oid, w.oid, c.relnamespace FROM pg_rewrite AS w
    JOIN pg_class AS c ON c.oid = w.ev_class
UNION ALL
SELECT 'pg_trigger'::regclass::oid, g.oid, c.relnamespace FROM pg_trigger AS g
    JOIN pg_class AS c ON c.oid = g.tgrelid WHERE NOT g.tgisinternal
UNION ALL
SELECT 'pg_policy'::regclass::oid, p.oid, c.relnamespace FROM pg_policy AS p
    JOIN pg_class AS c ON c.oid = p.polrelid
UNION ALL
SELECT 'pg_statistic_ext'::regclass::oid, s.oid, s.stxnamespace FROM pg_statistic_ext AS s
UNION ALL
SELECT s.class::oid, s.object, s.namespace FROM boardinghouse._standing AS s
UNION ALL
SELECT 'pg_amop'::regclass::oid, a.oid, f.opfnamespace FROM pg_amop AS a
    JOIN pg_opfamily AS f ON f.oid = a.amopfamily
UNION ALL
SELECT 'pg_amproc'::regclass::oid, a.oid, f.opfnamespace FROM pg_amproc AS a
    JOIN pg_opfamily AS f ON f.oid = a.amprocfamily
UNION ALL
-- A cast with the one of its types that is in a registered schema; with its source, where both are.
SELECT 'pg_cast'::regclass::oid, c.oid,
       CASE WHEN EXISTS (SELECT FROM boardinghouse.location AS l WHERE l.namespace = s.typnamespace)
            THEN s.typnamespace ELSE t.typnamespace END
  FROM pg_cast AS c
  JOIN pg_type AS s ON s.oid = c.castsource
  JOIN pg_type AS t ON t.oid = c.casttarget;

-- _leaks()
--
-- Dependencies from a registered schema or the template on another of them: who reads the one would
-- see rows of the other.
CREATE FUNCTION boardinghouse._leaks()
    RETURNS TABLE (from_schema name, to_schema name, class oid, object oid, sub integer)
    LANGUAGE plpgsql
    STABLE
    ROWS 10
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET enable_nestloop = off       -- the catalogs may never have been analyzed
AS $function$
BEGIN
    RETURN QUERY
    WITH registered AS MATERIALIZED (
        SELECT n.oid, n.nspname
          FROM pg_namespace AS n
         WHERE n.nspname = '__template__' OR n.nspname IN (SELECT r.schema
                                                           FROM boardinghouse.schema AS r)
    ),
    placed AS MATERIALIZED (
        SELECT p.class, p.object, p.namespace, r.nspname FROM boardinghouse._placed AS p
            JOIN registered AS r ON r.oid = p.namespace
    )
    SELECT f.nspname, t.nspname, d.classid, d.objid, d.objsubid
      FROM pg_depend AS d
      JOIN placed AS f ON f.class = d.classid AND f.object = d.objid
      JOIN placed AS t ON t.class = d.refclassid AND t.object = d.refobjid
     WHERE d.refobjid >= 16384      -- FirstNormalObjectId
       AND f.namespace <> t.namespace;
END;
$function$;

-- _dependent_outside(schema, others, ids)
--
-- An object of another schema that depends on something in this one, or on one of these ids; NULL
-- where there is none. others: of these schemata alone, which may use what is of an extension here,
-- for there is no other of it.
CREATE FUNCTION boardinghouse._dependent_outside(schema text, others text[] DEFAULT NULL,
                                                 ids text[] DEFAULT NULL)
    RETURNS text
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
AS $function$
DECLARE
    here CONSTANT oid := boardinghouse._namespace(schema);
    relations CONSTANT oid[] := CASE WHEN ids IS NULL THEN boardinghouse._relations(schema)
                                     ELSE boardinghouse._oids(ids, 'pg_class') END;
BEGIN
    RETURN (
        WITH member AS (
            SELECT 'pg_class'::regclass::oid AS class, r.oid AS object
                FROM unnest(relations) AS r (oid)
             UNION ALL
            SELECT 'pg_type'::regclass, c.reltype FROM pg_class AS c WHERE c.oid = ANY (relations)
             UNION ALL
            SELECT d.classid, d.objid
              FROM pg_depend AS d
             WHERE ids IS NULL AND d.refclassid = 'pg_namespace'::regclass AND d.refobjid = here
                 AND d.classid <> 'pg_class'::regclass
             UNION ALL
            SELECT split_part(i.id, ' ', 1)::regclass, split_part(i.id, ' ', 2)::oid
              FROM unnest(ids) AS i (id)
             WHERE NOT starts_with(i.id, 'pg_class ')
        )
        SELECT pg_describe_object(d.classid, d.objid, 0)
          FROM member AS m
          JOIN pg_depend AS d ON d.refclassid = m.class AND d.refobjid = m.object
          -- OFFSET 0: looked up for each, by the indexes of the catalogs.
          CROSS JOIN LATERAL (
                SELECT p.namespace FROM boardinghouse._placed AS p
                 WHERE p.class = d.classid AND p.object = d.objid
                OFFSET 0) AS f
          JOIN pg_namespace AS n ON n.oid = f.namespace
         WHERE f.namespace <> here AND f.namespace <> 'pg_toast'::regnamespace
           AND (others IS NULL
                OR (n.nspname = ANY (others)
                    AND NOT EXISTS (SELECT FROM pg_depend AS e
                                     WHERE e.classid = m.class AND e.objid = m.object
                                       AND e.deptype = 'e')))
         LIMIT 1);
END;
$function$;

-- _holds_members(schema)
--
-- Whether there is something of an extension in a schema.
CREATE FUNCTION boardinghouse._holds_members(schema text)
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET enable_seqscan = off
AS $function$
BEGIN
    RETURN EXISTS (
        SELECT FROM pg_depend AS d
          JOIN pg_depend AS e ON e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e'
         WHERE d.refclassid = 'pg_namespace'::regclass
           AND d.refobjid = boardinghouse._namespace(schema));
END;
$function$;

-- _refuse_leaks(source, targets, statements, finds_source, ids)
--
-- Raise if what these statements have made in the targets depends on the source. A definition names
-- its schema where PostgreSQL cannot do without, as where a WITH query is named like a table.
-- finds_source: bare names may have led there, too, for the source was behind the targets in the
-- path; or what is new in it has been elsewhere before, where the targets used it. ids: what the
-- statements are about and need; NULL: look at all of the source.
CREATE FUNCTION boardinghouse._refuse_leaks(source text, targets text[],
                                            statements boardinghouse.statement[],
                                            finds_source boolean DEFAULT false,
                                            ids text[] DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    leak text;
BEGIN
    IF cardinality(targets) = 0
        OR NOT EXISTS (SELECT FROM unnest(statements) AS s
                        WHERE (s.action IN ('create', 'alter')
                               AND s.kind IN ('view', 'materialized view', 'rule', 'policy',
                                              'function', 'aggregate', 'operator', 'cast',
                                              'range type', 'base type', 'operator class',
                                              'class member', 'family member', 'conversion'))
                           OR (finds_source AND s.action = 'create'
                               AND s.kind IN ('table', 'foreign table', 'sequence', 'enum',
                                              'domain', 'composite type', 'shell type',
                                              'operator family',
                                              'collation', 'text search parser',
                                              'text search template', 'text search dictionary',
                                              'text search configuration'))) THEN
        RETURN;
    END IF;
    leak := boardinghouse._dependent_outside(source, targets, ids);
    IF leak IS NOT NULL THEN
        RAISE EXCEPTION '% would depend on schema "%"', leak, source
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'It uses what is in that schema, or cannot be written without its name.',
                  HINT = 'If a WITH query in it has the name of a table, rename the query; if a table was moved, create it anew instead.';
    END IF;
END;
$function$;

-- _refuse_loss(statements, schemata)
--
-- Raise if these statements would take a schema's own partitions along: PostgreSQL drops a
-- partitioned table with all its partitions, without asking for CASCADE. Or if they would change
-- tables that only a schema has of a type.
CREATE FUNCTION boardinghouse._refuse_loss(statements boardinghouse.statement[], schemata text[])
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
AS $function$
DECLARE
    loss record;
BEGIN
    SELECT t.schema, p.relname AS parted, c.oid::regclass AS partition INTO loss
      FROM unnest(statements) AS s
      CROSS JOIN unnest(schemata) AS t (schema)
      JOIN pg_namespace AS n ON n.nspname = t.schema::name
      JOIN pg_class AS p ON p.relnamespace = n.oid
          AND p.relname = (parse_ident(s.object))[1]::name
      JOIN pg_inherits AS i ON i.inhparent = p.oid
      JOIN pg_class AS c ON c.oid = i.inhrelid AND c.relispartition
     WHERE s.action = 'drop' AND s.kind = 'table'
       AND NOT EXISTS (SELECT FROM unnest(statements) AS d
                        WHERE d.action = 'drop'
                          AND d.kind IN ('table', 'foreign table', 'partition')
                          AND d.object = quote_ident(c.relname) AND c.relnamespace = n.oid)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'schema "%": cannot drop table % because other objects depend on it',
                loss.schema, quote_ident(loss.parted)
            USING ERRCODE = 'dependent_objects_still_exist',
                  DETAIL = format('table %s is a partition of it, and not one of the template.',
                                  loss.partition),
                  HINT = 'Detach it, or drop it, first.';
    END IF;
    SELECT t.schema, y.typname, c.oid::regclass AS relation INTO loss
      FROM unnest(statements) AS s
      CROSS JOIN unnest(schemata) AS t (schema)
      JOIN pg_namespace AS n ON n.nspname = t.schema::name
      JOIN pg_type AS y ON y.typnamespace = n.oid
          AND y.typname = (parse_ident(s.object))[1]::name
      JOIN pg_depend AS d ON d.refclassid = 'pg_type'::regclass AND d.refobjid = y.oid
          AND d.classid = 'pg_class'::regclass
      JOIN pg_class AS c ON c.oid = d.objid AND c.reloftype = y.oid
     WHERE s.kind = 'attribute' AND s.ddl ~ ' CASCADE$'
       AND NOT (c.relnamespace = n.oid
                AND EXISTS (SELECT FROM boardinghouse.snapshot AS m
                             WHERE m.kind = 'table' AND m.name = c.relname::text))
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'schema "%": cannot alter type % because other objects depend on it',
                loss.schema, quote_ident(loss.typname)
            USING ERRCODE = 'dependent_objects_still_exist',
                  DETAIL = format('table %s is of that type, and not one of the template.',
                                  loss.relation),
                  HINT = 'ALTER TABLE ... NOT OF first.';
    END IF;
END;
$function$;

-- _captures()
--
-- Objects of tenants' own that would be taken for others: statements run under tenant, pg_catalog,
-- so a function that only the tenant has, named like one of pg_catalog or of the template, could be
-- called in its place - by whoever changes the template, and in his rights. So could an operator,
-- and a type, table, collation, operator class or text search object named like one of pg_catalog.
-- Asked at every change: what users made is found by its OID, PostgreSQL's own by name.
CREATE FUNCTION boardinghouse._captures()
    RETURNS TABLE (schema name, object text)
    LANGUAGE plpgsql
    STABLE
    ROWS 1
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off    -- each catalog holds the tenants' objects, too
AS $function$
DECLARE
    tenants CONSTANT oid[] := ARRAY(SELECT l.namespace FROM boardinghouse.location AS l
                                    WHERE l.schema <> '__template__');
BEGIN
    -- The template as of the snapshot: a change under way has not reached the tenants yet.
    RETURN QUERY
    WITH routine AS (
        SELECT p.pronamespace AS namespace, p.proname AS name, count(*) AS overloads
          FROM pg_proc AS p
         WHERE p.oid >= 16384       -- FirstNormalObjectId
           AND p.pronamespace IN (SELECT t.oid FROM unnest(tenants) AS t (oid))
         GROUP BY p.pronamespace, p.proname
    ),
    template AS MATERIALIZED (
        SELECT s.name, count(*) AS overloads FROM boardinghouse.snapshot AS s
            WHERE s.kind IN ('function', 'aggregate', 'constructor') GROUP BY s.name
    ),
    own AS (
        SELECT r.namespace, format('function %I', r.name) AS object
          FROM routine AS r
          LEFT JOIN template AS t ON t.name = r.name
         WHERE r.overloads > coalesce(t.overloads, 0)
           AND (t.name IS NOT NULL
                OR EXISTS (SELECT FROM pg_proc AS p
                           WHERE p.proname = r.name
                               AND p.pronamespace = 'pg_catalog'::regnamespace))
         UNION ALL
        SELECT o.oprnamespace, format('operator %s', o.oprname)
          FROM pg_operator AS o
         WHERE o.oid >= 16384
           AND o.oprnamespace IN (SELECT t.oid FROM unnest(tenants) AS t (oid))
         GROUP BY o.oprnamespace, o.oprname
        HAVING count(*) > (SELECT count(*) FROM boardinghouse.snapshot AS s
                            WHERE s.kind = 'operator' AND s.name = o.oprname)
         UNION ALL
        SELECT t.typnamespace, format('type %I', t.typname)
          FROM pg_type AS c
          CROSS JOIN LATERAL (
                SELECT t.* FROM pg_type AS t WHERE t.typname = c.typname OFFSET 0) AS t
         WHERE t.typnamespace IN (SELECT n.oid FROM unnest(tenants) AS n (oid))
           AND c.typnamespace = 'pg_catalog'::regnamespace AND c.oid < 16384
           -- Arrays are written by the names of their elements; tenants have those of their tables.
           AND c.typcategory <> 'A' AND t.typcategory <> 'A'
           AND NOT EXISTS (SELECT FROM boardinghouse.snapshot AS m
                            WHERE m.name = t.typname
                                AND m.kind IN ('table', 'foreign table', 'view',
                                               'materialized view', 'enum',
                                               'domain', 'composite type', 'range type',
                                               'multirange type', 'base type', 'shell type'))
         UNION ALL
        SELECT o.namespace, pg_describe_object(o.class, o.object, 0)
          FROM boardinghouse._standing AS o
          CROSS JOIN LATERAL (
                SELECT FROM boardinghouse._standing AS c
                 WHERE c.class = o.class AND c.name = o.name
                   AND c.namespace = 'pg_catalog'::regnamespace
                OFFSET 0) AS c
         WHERE o.object >= 16384
           AND o.namespace IN (SELECT n.oid FROM unnest(tenants) AS n (oid))
           AND o.class <> 'pg_operator'::regclass
           AND NOT EXISTS (SELECT FROM boardinghouse.snapshot AS m
                            WHERE m.name = o.name
                              AND starts_with(m.id, o.catalog || ' ')
                              AND m.id = m.main)
    )
    SELECT n.nspname, o.object FROM own AS o JOIN pg_namespace AS n ON n.oid = o.namespace
        ORDER BY n.nspname, o.object;
END;
$function$;

-- _refuse_captures()
--
-- Raise if a tenant has an object that would be taken for another.
CREATE FUNCTION boardinghouse._refuse_captures()
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    capture record;
BEGIN
    SELECT c.* INTO capture FROM boardinghouse._captures() AS c LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% of schema "%" would be taken for another', capture.object, capture.schema
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = 'PostgreSQL or the template has one of the same name, which statements mirrored into this schema would no longer find.',
                  HINT = 'Rename it.';
    END IF;
END;
$function$;
