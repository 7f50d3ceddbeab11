-- Layer 6, the engine at work: what changed in the template, into every tenant.
-- Who changes the template runs the tenants' DDL, in his own rights. Snapshot and journal belong to
-- the extension: _absorb() alone writes them, and takes no SQL from its caller.

-- _current_standing(classes, objects)
--
-- The same as the next for what stands by itself; a cast belongs to both its types.
CREATE FUNCTION boardinghouse._current_standing(classes oid[], objects oid[])
    RETURNS TABLE (namespace oid, main text)
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    RETURN QUERY
    WITH address AS (
        SELECT a.class, a.object FROM unnest(classes, objects) AS a (class, object)
    )
    SELECT s.namespace, concat(s.catalog, ' ', s.object, ' 0')
      FROM address AS a
      JOIN boardinghouse._standing AS s ON s.class = a.class AND s.object = a.object
     UNION
    SELECT t.typnamespace,
           CASE WHEN c.relkind <> 'c' THEN concat('pg_class ', c.oid, ' 0')
                ELSE concat('pg_type ', coalesce(r.rngtypid, e.oid, t.oid), ' 0') END
      FROM address AS a
      JOIN pg_cast AS k ON a.class = 'pg_cast'::regclass AND k.oid = a.object
      CROSS JOIN LATERAL (VALUES (k.castsource), (k.casttarget)) AS y (type)
      JOIN pg_type AS t ON t.oid = y.type
      LEFT JOIN pg_type AS e ON e.oid = t.typelem AND e.typarray = t.oid
      LEFT JOIN pg_range AS r ON r.rngmultitypid = coalesce(e.oid, t.oid)
      LEFT JOIN pg_class AS c ON c.oid = coalesce(NULLIF(e.typrelid, 0), NULLIF(t.typrelid, 0))
     UNION
    -- What the inventory does not know, so that it can refuse it.
    SELECT n.oid, concat(a.class::regclass, ' ', a.object, ' 0')
      FROM address AS a
      CROSS JOIN LATERAL pg_identify_object(a.class, a.object, 0) AS o
      JOIN pg_namespace AS n ON n.nspname = o.schema
     WHERE a.class NOT IN ('pg_class'::regclass, 'pg_trigger'::regclass, 'pg_rewrite'::regclass,
                           'pg_policy'::regclass,
                           'pg_attrdef'::regclass, 'pg_constraint'::regclass,
                           'pg_statistic_ext'::regclass, 'pg_type'::regclass,
                           'pg_proc'::regclass, 'pg_namespace'::regclass, 'pg_cast'::regclass)
       AND a.class NOT IN (SELECT DISTINCT s.class FROM boardinghouse._standing AS s);
END;
$function$;

-- _current_mains(classes, objects)
--
-- The main objects, and their schemata, that these addresses belong to: an index to its table, a
-- trigger, rule, policy, constraint or default to its relation.
CREATE FUNCTION boardinghouse._current_mains(classes oid[], objects oid[])
    RETURNS TABLE (namespace oid, main text)
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
AS $function$
BEGIN
    RETURN QUERY
    WITH address AS (
        SELECT a.class, a.object FROM unnest(classes, objects) AS a (class, object)
    ),
    relation AS (
        SELECT CASE a.class
                   WHEN 'pg_class'::regclass THEN a.object
                   WHEN 'pg_trigger'::regclass
                       THEN (SELECT g.tgrelid FROM pg_trigger AS g WHERE g.oid = a.object)
                   WHEN 'pg_rewrite'::regclass
                       THEN (SELECT w.ev_class FROM pg_rewrite AS w WHERE w.oid = a.object)
                   WHEN 'pg_policy'::regclass THEN (SELECT p.polrelid FROM pg_policy AS p
                                                    WHERE p.oid = a.object)
                   WHEN 'pg_attrdef'::regclass
                       THEN (SELECT d.adrelid FROM pg_attrdef AS d WHERE d.oid = a.object)
                   WHEN 'pg_constraint'::regclass
                       THEN (SELECT NULLIF(k.conrelid, 0) FROM pg_constraint AS k
                             WHERE k.oid = a.object)
                   WHEN 'pg_statistic_ext'::regclass
                       THEN (SELECT s.stxrelid FROM pg_statistic_ext AS s WHERE s.oid = a.object)
                   WHEN 'pg_type'::regclass
                       THEN (SELECT NULLIF(coalesce(e.typrelid, t.typrelid), 0)
                               FROM pg_type AS t
                               LEFT JOIN pg_type AS e ON t.typcategory = 'A' AND e.oid = t.typelem
                              WHERE t.oid = a.object)
               END AS oid
          FROM address AS a
    )
    SELECT m.relnamespace, CASE m.relkind WHEN 'c' THEN concat('pg_type ', m.reltype, ' 0')
        ELSE concat('pg_class ', m.oid, ' 0') END
      FROM relation AS r
      JOIN pg_class AS c ON c.oid = r.oid
      LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
      LEFT JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
          AND d.objsubid = 0
                              AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
                                  AND c.relkind = 'S'
      JOIN pg_class AS m ON m.oid = coalesce(i.indrelid, d.refobjid, c.oid)
     WHERE m.relkind <> 't'
     UNION
    SELECT t.typnamespace, concat('pg_type ', coalesce(r.rngtypid, t.oid), ' 0')
      FROM address AS a
      LEFT JOIN pg_constraint AS k ON a.class = 'pg_constraint'::regclass AND k.oid = a.object
      LEFT JOIN pg_type AS e ON a.class = 'pg_type'::regclass AND e.oid = a.object
      JOIN pg_type AS t ON t.oid = CASE
          WHEN a.class <> 'pg_type'::regclass THEN k.contypid
          WHEN e.typcategory = 'A' AND e.typelem <> 0 THEN e.typelem ELSE e.oid END
      LEFT JOIN pg_range AS r ON r.rngmultitypid = t.oid
     WHERE t.typrelid = 0
     UNION
    SELECT p.pronamespace, CASE WHEN d.refobjid IS NULL THEN concat('pg_proc ', p.oid, ' 0')
               ELSE concat('pg_type ', coalesce(r.rngtypid, d.refobjid), ' 0') END
      FROM address AS a
      JOIN pg_proc AS p ON a.class = 'pg_proc'::regclass AND p.oid = a.object
      LEFT JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
          AND d.objsubid = 0 AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'i'
      LEFT JOIN pg_range AS r ON r.rngmultitypid = d.refobjid
     UNION
    SELECT n.oid, concat('pg_namespace ', n.oid, ' 0')
      FROM address AS a
      JOIN pg_namespace AS n ON a.class = 'pg_namespace'::regclass AND n.oid = a.object;
    IF EXISTS (SELECT FROM unnest(classes) AS c (class)
                WHERE c.class NOT IN ('pg_class'::regclass, 'pg_trigger'::regclass,
                                      'pg_rewrite'::regclass, 'pg_policy'::regclass,
                                      'pg_attrdef'::regclass, 'pg_constraint'::regclass,
                                      'pg_statistic_ext'::regclass, 'pg_type'::regclass,
                                      'pg_proc'::regclass, 'pg_namespace'::regclass)) THEN
        RETURN QUERY SELECT s.* FROM boardinghouse._current_standing(classes, objects) AS s;
    END IF;
END;
$function$;

-- _in_template(mains)
--
-- Those of these main objects that are in the template now.
CREATE FUNCTION boardinghouse._in_template(mains text[])
    RETURNS text[]
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    classes oid[];
    objects oid[];
BEGIN
    SELECT array_agg(split_part(m.id, ' ', 1)::regclass::oid),
           array_agg(split_part(m.id, ' ', 2)::oid) INTO classes, objects
      FROM unnest(mains) AS m (id);
    RETURN ARRAY(SELECT m.main FROM boardinghouse._current_mains(classes, objects) AS m
                   JOIN pg_namespace AS n ON n.oid = m.namespace AND n.nspname = '__template__');
END;
$function$;

-- _family(mains)
--
-- These main objects; of tables also their children, parents and so on, of types the tables of
-- them, now or in the snapshot: a command changes these without telling.
CREATE FUNCTION boardinghouse._family(mains text[])
    RETURNS text[]
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
AS $function$
DECLARE
    -- The types of tables, too: a column that went with an attribute does not tell.
    types CONSTANT text[] := ARRAY(
        SELECT m.id FROM unnest(mains) AS m (id) WHERE starts_with(m.id, 'pg_type ')
         UNION
        SELECT concat('pg_type ', c.reloftype, ' 0')
          FROM pg_class AS c
         WHERE c.oid = ANY (boardinghouse._oids(mains, 'pg_class')) AND c.reloftype <> 0
         UNION
        SELECT s.needs[1]
          FROM boardinghouse.snapshot AS s
         WHERE s.main = ANY (mains) AND s.kind = 'table type');
    family text[] := ARRAY(
        SELECT m.id FROM unnest(mains || types) AS m (id)
         UNION
        SELECT concat('pg_class ', d.objid, ' 0')
          FROM pg_depend AS d
          JOIN pg_class AS c ON c.oid = d.objid AND c.reloftype = d.refobjid
         WHERE d.refclassid = 'pg_type'::regclass AND d.classid = 'pg_class'::regclass
           AND d.refobjid = ANY (boardinghouse._oids(types, 'pg_type'))
         UNION
        SELECT s.main
          FROM boardinghouse.snapshot AS s
         WHERE s.needs && types AND s.kind = 'table type');
    more text[] := family;
BEGIN
    WHILE more <> '{}' LOOP
        more := ARRAY(
            SELECT concat('pg_class ', i.inhrelid, ' 0') AS id
              FROM pg_inherits AS i
             WHERE i.inhparent = ANY (boardinghouse._oids(more, 'pg_class'))
             UNION
            SELECT s.main
              FROM boardinghouse.snapshot AS s
             WHERE s.needs && more AND s.kind IN ('partition', 'inheritance')
            EXCEPT
            SELECT f.id FROM unnest(family) AS f (id));
        family := family || more;
    END LOOP;
    more := mains;
    WHILE more <> '{}' LOOP
        more := ARRAY(
            SELECT concat('pg_class ', i.inhparent, ' 0') AS id
              FROM pg_inherits AS i
             WHERE i.inhrelid = ANY (boardinghouse._oids(more, 'pg_class'))
             UNION
            SELECT s.needs[1]
              FROM boardinghouse.snapshot AS s
             WHERE s.main = ANY (more) AND s.kind IN ('partition', 'inheritance')
            EXCEPT
            SELECT f.id FROM unnest(family) AS f (id));
        family := family || more;
    END LOOP;
    RETURN family;
END;
$function$;

-- _dependents(mains)
--
-- These main objects and those of the snapshot that depend on them: their definitions may name
-- them.
CREATE FUNCTION boardinghouse._dependents(mains text[])
    RETURNS text[]
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
AS $function$
BEGIN
    RETURN (
        SELECT ARRAY(SELECT m.id FROM unnest(mains) AS m (id)
                      UNION
                     SELECT s.main FROM boardinghouse.snapshot AS s WHERE s.needs && mains));
END;
$function$;

-- _relatives(mains)
--
-- These main objects and those that change along with them: what one operator says of another is
-- said of that too, and an operator family and its classes take members from each other.
CREATE FUNCTION boardinghouse._relatives(mains text[])
    RETURNS text[]
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM unnest(mains) AS m (id)
                    WHERE m.id ~ '^pg_(operator|opclass|opfamily) ') THEN
        RETURN mains;
    END IF;
    RETURN ARRAY(
        SELECT m.id FROM unnest(mains) AS m (id)
         UNION
        SELECT s.main FROM boardinghouse.snapshot AS s
         WHERE s.kind IN ('operator property', 'operator class') AND s.needs && mains
         UNION
        SELECT concat('pg_operator ', x.operator, ' 0')
          FROM pg_operator AS o
          CROSS JOIN LATERAL (VALUES (o.oprcom), (o.oprnegate)) AS x (operator)
         WHERE o.oid = ANY (boardinghouse._oids(mains, 'pg_operator'))
           AND x.operator >= 16384      -- FirstNormalObjectId
         UNION
        SELECT n.id
          FROM boardinghouse.snapshot AS s
          CROSS JOIN LATERAL unnest(s.needs) AS n (id)
         WHERE s.kind = 'operator class' AND s.main = ANY (mains)
           AND n.id ~ '^pg_opfamily .* 0$'
         UNION
        SELECT concat('pg_opfamily ', c.opcfamily, ' 0')
          FROM pg_opclass AS c
         WHERE c.oid = ANY (boardinghouse._oids(mains, 'pg_opclass')) AND c.opcfamily >= 16384
         UNION
        SELECT concat('pg_opclass ', c.oid, ' 0')
          FROM pg_opclass AS c
         WHERE c.opcfamily = ANY (boardinghouse._oids(mains, 'pg_opfamily')));
END;
$function$;

-- _invoker()
--
-- The role that runs the command, told inside a SECURITY DEFINER function too.
CREATE FUNCTION boardinghouse._invoker()
    RETURNS name
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT CASE current_setting('role') WHEN 'none' THEN session_user
            ELSE current_setting('role')::name END);
END;
$function$;

-- _calls_volatile(expression)
--
-- Whether a stored expression calls a volatile function, so that ADD COLUMN evaluates it for each
-- row. pg_depend does not name PostgreSQL's own functions, the expression does.
CREATE FUNCTION boardinghouse._calls_volatile(expression text)
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT expression ~ E':seqid \\d'
            OR EXISTS (SELECT FROM regexp_matches(expression, E':(?:op)?funcid (\\d+)',
                                                  'g') AS m (match)
                         JOIN pg_proc AS p ON p.oid = m.match[1]::oid
                        WHERE p.provolatile = 'v'));
END;
$function$;

-- _refuse_conversions(tables)
--
-- Raise if a type was changed while nobody looked, by rewriting the table, and a tenant has rows to
-- convert: what USING said nobody knows, or that there was none. Not if the tenant was changed too.
CREATE FUNCTION boardinghouse._refuse_conversions(tables text[])
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
    unknown record;
BEGIN
    -- What has changed first, which is little: then the tenants' are looked up by name.
    WITH changed AS MATERIALIZED (
        SELECT s.object, t.name AS relation, s.name, a.atttypmod, y.typname, y.typnamespace,
               c.relnamespace
          FROM boardinghouse.snapshot AS t
          JOIN pg_class AS c ON c.oid = split_part(t.id, ' ', 2)::oid
          CROSS JOIN LATERAL (
                SELECT m.* FROM boardinghouse.snapshot AS m WHERE m.main = t.id OFFSET 0) AS s
          JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = s.sort
              AND NOT a.attisdropped
          JOIN pg_type AS y ON y.oid = a.atttypid
         WHERE t.kind = 'table' AND t.id = ANY (tables) AND s.kind = 'column'
           AND t.raw <> concat_ws(' ', c.relpersistence, c.relfilenode)
           AND s.raw <> concat_ws(' ', a.atttypid, a.atttypmod, a.attcollation)
    )
    SELECT c.object, o.schema INTO unknown
      FROM changed AS c
      JOIN boardinghouse.location AS o ON o.schema <> '__template__'
      JOIN pg_class AS oc ON oc.relnamespace = o.namespace AND oc.relname = c.relation::name
      JOIN pg_attribute AS oa ON oa.attrelid = oc.oid AND oa.attname = c.name::name
          AND NOT oa.attisdropped
      JOIN pg_type AS oy ON oy.oid = oa.atttypid
     -- A type of the schema is another one there.
     WHERE (c.typname <> oy.typname OR c.atttypmod <> oa.atttypmod
            OR c.typnamespace <> oy.typnamespace
               AND (c.typnamespace <> c.relnamespace OR oy.typnamespace <> oc.relnamespace))
       AND pg_relation_size(oc.oid) > 0
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'cannot tell how the values of column % were converted', unknown.object
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = format('Its type was changed while mirroring was off, and schema "%s" has rows.',
                                  unknown.schema),
                  HINT = 'Change its type in every tenant, too, with boardinghouse.allow_drift on; or change it back.';
    END IF;
END;
$function$;

-- _hints(mains, path, in_event, statement)
--
-- What the plan of a change must know of columns beyond their parts, {"id": {"using", "fill"}}: the
-- USING of a type change, from the statement's text; and what the rows that were there got in a
-- new column, where that is not what its default says now (attmissingval). mains NULL: the whole
-- template. statement: the text of the command, where no event trigger function can find it.
CREATE FUNCTION boardinghouse._hints(mains text[], path text, in_event boolean, statement text)
    RETURNS jsonb
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    SET enable_hashjoin = off
AS $function$
DECLARE
    tables CONSTANT text[] := coalesce(mains, ARRAY(SELECT s.id FROM boardinghouse.snapshot AS s
                                                    WHERE s.kind = 'table'));
    retyped record;
    clause record;
    hints jsonb := '{}'::jsonb;
BEGIN
    IF NOT in_event AND statement IS NULL THEN
        PERFORM boardinghouse._refuse_conversions(tables);
    END IF;
    FOR retyped IN
        SELECT t.main, t.name AS old_relation, c.oid AS relation, x.names, o.names AS old_names,
               o.types AS old_types
          FROM boardinghouse.snapshot AS t
          JOIN pg_class AS c ON c.oid = split_part(t.id, ' ', 2)::oid
          CROSS JOIN LATERAL (
                SELECT array_agg(s.name ORDER BY s.sort),
                       array_agg(substr(s.inline, length(quote_ident(s.name)) + 2) ORDER BY s.sort)
                  -- OFFSET 0, here and below: by the table, not by a list of all columns there are.
                  FROM (SELECT m.* FROM boardinghouse.snapshot AS m
                         WHERE m.main = t.main OFFSET 0) AS s
                 WHERE s.kind = 'column'
               ) AS o (names, types)
          CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(s.name), '{}')
                  FROM (SELECT m.* FROM boardinghouse.snapshot AS m
                         WHERE m.main = t.main OFFSET 0) AS s
                  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = s.sort
                      AND NOT a.attisdropped
                 WHERE s.kind = 'column'
                     AND s.raw <> concat_ws(' ', a.atttypid, a.atttypmod, a.attcollation)
                     AND a.attinhcount = 0      -- else it is the parent that was altered
                     AND NOT EXISTS (           -- else it is its type that was
                            SELECT FROM boardinghouse.snapshot AS y
                             WHERE y.kind = 'table type' AND y.main = t.main
                               AND y.needs[1] = concat('pg_type ', c.reloftype, ' 0'))
               ) AS x (names)
         WHERE (in_event OR statement IS NOT NULL)
           AND t.kind = 'table' AND t.id = ANY (tables)
           -- A USING may change the values and leave the type; then the table was rewritten at
           -- least, or its partitions.
           AND (x.names <> '{}' OR t.raw <> concat_ws(' ', c.relpersistence, c.relfilenode)
                OR (c.relkind = 'p'
                    AND EXISTS (SELECT
                                  FROM pg_partition_tree(c.oid) AS l
                                  JOIN pg_class AS p ON p.oid = l.relid AND p.relkind = 'r'
                                  JOIN boardinghouse.snapshot AS o ON o.kind = 'table'
                                      AND o.id = concat('pg_class ', p.oid, ' 0')
                                 WHERE o.raw <> concat_ws(' ', p.relpersistence,
                                                          p.relfilenode))))
    LOOP
        FOR clause IN
            SELECT s.id, r.using_text
              FROM boardinghouse._running_type_changes(retyped.relation, retyped.old_relation,
                                                       retyped.names, statement) AS r
              JOIN boardinghouse.snapshot AS s ON s.kind = 'column' AND s.main = retyped.main
                  AND s.name = r.column_name
             WHERE r.using_text IS NOT NULL
        LOOP
            hints := hints || jsonb_build_object(clause.id,
                                                 jsonb_build_object('using',
                                                 boardinghouse._relative_using(
                '__template__', retyped.old_relation, retyped.old_names, retyped.old_types,
                clause.using_text, path)));
        END LOOP;
    END LOOP;
    RETURN hints || boardinghouse._fills(tables, in_event);
END;
$function$;

-- _fills(tables, in_event)
--
-- What the rows that were there got in a new column, where that is not what its default says now:
-- {"id": {"fill": literal}}, '' where they got nothing. Written under pinned settings, for what
-- another style leaves out of a number or a time zone would be lost.
CREATE FUNCTION boardinghouse._fills(tables text[], in_event boolean)
    RETURNS jsonb
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET datestyle = 'ISO, MDY'
    SET intervalstyle = 'postgres'
    SET timezone = 'UTC'
    SET extra_float_digits = 1
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    SET enable_hashjoin = off
AS $function$
DECLARE
    changed record;
    hints jsonb := '{}'::jsonb;
BEGIN
    FOR changed IN
        SELECT concat('pg_class ', c.oid, ' ', a.attnum) AS id,
               format('%I.%I', c.relname, a.attname) AS object,
               x.fill, x.type, wa.atthasmissing, d.adbin,
               pg_get_expr(d.adbin, d.adrelid) AS expression,
               wt.raw <> concat_ws(' ', w.relpersistence, w.relfilenode) AS is_rewritten
          FROM boardinghouse.snapshot AS t
          JOIN pg_class AS c ON c.oid = split_part(t.id, ' ', 2)::oid
          JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              AND a.attgenerated = '' AND a.attidentity = ''
          LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          -- The rows of a partitioned table are in its partitions, and any tells what they got.
          CROSS JOIN LATERAL (
                SELECT CASE WHEN c.relkind <> 'p' THEN c.oid
                            ELSE (SELECT p.oid
                                    FROM pg_partition_tree(c.oid) AS l
                                    JOIN pg_class AS p ON p.oid = l.relid AND p.relkind = 'r'
                                    JOIN boardinghouse.snapshot AS o ON o.kind = 'table'
                                        AND o.id = concat('pg_class ', p.oid, ' 0')
                                   LIMIT 1) END
               ) AS witness (oid)
          JOIN pg_class AS w ON w.oid = witness.oid
          JOIN boardinghouse.snapshot AS wt ON wt.kind = 'table'
              AND wt.id = concat('pg_class ', w.oid, ' 0')
          JOIN pg_attribute AS wa ON wa.attrelid = w.oid AND wa.attname = a.attname
              AND NOT wa.attisdropped
          CROSS JOIN LATERAL (SELECT (wa.attmissingval::text::text[])[1],
                              format_type(a.atttypid, a.atttypmod)) AS x (fill, type)
         WHERE t.kind = 'table' AND t.id = ANY (tables)
           AND (d.oid IS NOT NULL OR wa.atthasmissing)
           AND NOT EXISTS (SELECT FROM boardinghouse.snapshot AS s
                            WHERE s.kind = 'column'
                                AND s.id = concat('pg_class ', c.oid, ' ', a.attnum))
    LOOP
        IF changed.atthasmissing THEN
            -- Spelled as the default is: nothing to add.
            CONTINUE WHEN changed.expression IN (changed.fill, quote_literal(changed.fill),
                                                 format('%L::%s', changed.fill, changed.type),
                                                 CASE changed.fill WHEN 't' THEN 'true' WHEN 'f'
                                                     THEN 'false' END);
            hints := hints || jsonb_build_object(changed.id,
                                                 jsonb_build_object('fill',
                                                 format('%L::', changed.fill)
                         || boardinghouse._type_name(changed.id)));
        ELSIF NOT boardinghouse._calls_volatile(changed.adbin::text) THEN
            -- A constant default that filled no row was set after the column was added - or a
            -- rewrite of the table, as for a domain with constraints, wiped out what tells. Then
            -- the rows got the default, unless the command sets one apart from ADD COLUMN.
            CONTINUE WHEN changed.is_rewritten
                AND (NOT in_event OR NOT boardinghouse._sets_default());
            IF changed.is_rewritten THEN
                RAISE EXCEPTION 'cannot tell what the rows of the template got in the new column %',
                changed.object
                    USING ERRCODE = 'feature_not_supported',
                          DETAIL = 'Its table was rewritten, and the text of the command sets a default, or is hidden.',
                          HINT = 'Set the default in an ALTER TABLE of its own, after that which adds the column.';
            END IF;
            hints := hints || jsonb_build_object(changed.id, jsonb_build_object('fill', ''));
        END IF;
    END LOOP;
    RETURN hints;
END;
$function$;

-- _type_name(id)
--
-- The type of a column of the template, in relative form.
CREATE FUNCTION boardinghouse._type_name(id text)
    RETURNS text
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    type oid;
    modifier integer;
    type_name text;
BEGIN
    SELECT a.atttypid, a.atttypmod INTO type, modifier
      FROM pg_attribute AS a
     WHERE a.attrelid = split_part(id, ' ', 2)::oid AND a.attnum = split_part(id, ' ', 3)::integer;
    PERFORM set_config('search_path', '__template__, pg_catalog, pg_temp', true);
    type_name := pg_catalog.format_type(type, modifier);
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    RETURN type_name;
END;
$function$;

-- _refuse_needs(before, after)
--
-- Raise if a part that is new in the template needs something in a tenant, or something temporary.
CREATE FUNCTION boardinghouse._refuse_needs(before boardinghouse.part[], after boardinghouse.part[])
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
    leak record;
BEGIN
    SELECT w.kind, w.object, l.schema INTO leak
      FROM (SELECT a.kind, a.object, n.id FROM unnest(after) AS a CROSS
            JOIN LATERAL unnest(a.needs) AS n (id)
            EXCEPT
            SELECT b.kind, b.object, n.id FROM unnest(before) AS b CROSS
                JOIN LATERAL unnest(b.needs) AS n (id)) AS w
      -- OFFSET 0: looked up for each, by the indexes of the catalogs.
      CROSS JOIN LATERAL (
            SELECT f.namespace FROM boardinghouse._placed AS f
             WHERE f.class = split_part(w.id, ' ', 1)::regclass
               AND f.object = split_part(w.id, ' ', 2)::oid
            OFFSET 0) AS p
      LEFT JOIN boardinghouse.location AS l ON l.namespace = p.namespace
     WHERE l.schema <> '__template__' OR p.namespace = pg_my_temp_schema()
     LIMIT 1;
    IF FOUND AND leak.schema IS NULL THEN
        RAISE EXCEPTION '% % of the template would depend on a temporary object', leak.kind,
                leak.object
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'PostgreSQL drops it with that at the end of the session, and tells nobody.';
    ELSIF FOUND THEN
        RAISE EXCEPTION '% % of the template would depend on schema "%"', leak.kind, leak.object,
                leak.schema
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'Every tenant would read what belongs to this one.';
    END IF;
END;
$function$;

-- _refuse_strangers(mains, tenants, path)
--
-- Raise if a tenant lacks one of these relations of the template where the author's path has one of
-- its name: a statement that reads rows looks there, too, and would change that in its place.
CREATE FUNCTION boardinghouse._refuse_strangers(mains text[], tenants text[], path text[])
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
AS $function$
DECLARE
    template CONSTANT oid := boardinghouse._namespace('__template__');
    -- Those that the author's path adds.
    others CONSTANT oid[] := ARRAY(
        SELECT n.oid FROM pg_namespace AS n
         WHERE n.nspname = ANY (path::name[]) AND n.nspname NOT IN ('__template__', 'pg_catalog'));
    ids CONSTANT text[] := coalesce(mains, ARRAY(
        SELECT s.id FROM boardinghouse.snapshot AS s
         WHERE s.kind IN ('table', 'foreign table', 'view', 'materialized view', 'sequence')));
    names text[];
    lacking record;
BEGIN
    names := ARRAY(
        SELECT s.name
          FROM boardinghouse.snapshot AS s
          JOIN pg_class AS t ON t.oid = split_part(s.id, ' ', 2)::oid
              AND t.relnamespace = template
          -- OFFSET 0: looked up by its name.
          CROSS JOIN LATERAL (
                SELECT FROM pg_class AS c
                 WHERE c.relname = s.name::name AND c.relnamespace = ANY (others)
                OFFSET 0) AS c
         WHERE s.id = ANY (ids)
           AND s.kind IN ('table', 'foreign table', 'view', 'materialized view', 'sequence'));
    IF names = '{}' THEN
        RETURN;
    END IF;
    SELECT t.schema, r.name INTO lacking
      FROM unnest(tenants) AS t (schema)
      JOIN pg_namespace AS n ON n.nspname = t.schema::name
      CROSS JOIN unnest(names) AS r (name)
     WHERE NOT EXISTS (SELECT FROM pg_class AS c
                        WHERE c.relname = r.name::name AND c.relnamespace = n.oid)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'schema "%": relation "%" does not exist', lacking.schema, lacking.name
            USING ERRCODE = 'undefined_table',
                  DETAIL = 'One of its name in another schema would be changed in its place.',
                  HINT = format('SELECT boardinghouse.repair(%L);', lacking.schema);
    END IF;
END;
$function$;

-- _hides(before, after)
--
-- Whether the names of functions, types or relations in two sets of parts differ by one that
-- pg_catalog has too, or by one more function of the same name.
CREATE FUNCTION boardinghouse._hides(before boardinghouse.part[], after boardinghouse.part[])
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
AS $function$
BEGIN
    RETURN EXISTS (
        SELECT FROM unnest(before) AS b
          FULL JOIN unnest(after) AS a ON a.kind = b.kind AND a.id = b.id
          CROSS JOIN LATERAL (SELECT coalesce(a.kind, b.kind), coalesce(a.name, b.name),
                              coalesce(a.id, b.id)) AS x (kind, name, id)
         WHERE b.name IS DISTINCT FROM a.name
           AND ((x.kind IN ('table', 'foreign table', 'view', 'materialized view', 'enum', 'domain',
                            'composite type', 'range type', 'multirange type', 'base type',
                            'shell type')
                 AND EXISTS (SELECT FROM pg_type AS t
                             WHERE t.typname IN (a.name, b.name)
                                 AND t.typnamespace = 'pg_catalog'::regnamespace))
                OR (x.id ~ '^pg_(operator|op|coll|conv|ts_)' AND x.name IS NOT NULL
                    AND (EXISTS (SELECT FROM boardinghouse._standing AS s
                                  WHERE s.catalog = split_part(x.id, ' ', 1)
                                    AND s.name IN (a.name, b.name)
                                    AND s.namespace = 'pg_catalog'::regnamespace)
                         OR EXISTS (SELECT FROM boardinghouse.snapshot AS s
                                     WHERE s.kind = 'operator' AND x.kind = s.kind
                                       AND s.name IN (a.name, b.name) AND s.id <> x.id)))
                OR (x.kind IN ('function', 'aggregate', 'constructor')
                    AND (EXISTS (SELECT FROM pg_proc AS p
                                 WHERE p.proname IN (a.name, b.name)
                                     AND p.pronamespace = 'pg_catalog'::regnamespace)
                         OR EXISTS (SELECT FROM boardinghouse.snapshot AS s
                                     WHERE s.kind IN ('function', 'aggregate', 'constructor')
                                         AND s.name IN (a.name, b.name)
                                         AND s.id <> x.id)))));
END;
$function$;

-- _absorb(mains, only_privileges, creator, command, path, hints)
--
-- Compare these main objects of the template, and what depends on them, with the snapshot; bring
-- the snapshot up to date, write the journal, and return the plan. Nothing changed: no rows. With
-- mains NULL: the whole template. Runs as the owner of the extension.
CREATE FUNCTION boardinghouse._absorb(mains text[], only_privileges boolean, creator name,
                                      command text, path text, hints jsonb)
    RETURNS SETOF boardinghouse.statement
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
AS $function$
DECLARE
    touched text[];
    here text[];
    before boardinghouse.part[];
    after boardinghouse.part[];
    statements boardinghouse.statement[];
BEGIN
    PERFORM boardinghouse._refresh_roles();
    IF only_privileges THEN
        before := ARRAY(SELECT s::boardinghouse.part FROM boardinghouse.snapshot AS s
                        WHERE s.main = ANY (mains)
                          AND s.kind IN ('grant', 'revoke', 'default privilege'));
        after := ARRAY(SELECT i FROM boardinghouse._inventory('__template__', mains, true) AS i);
    ELSE
        IF mains IS NULL THEN
            here := boardinghouse._members('__template__');
            before := ARRAY(SELECT s::boardinghouse.part FROM boardinghouse.snapshot AS s
                            WHERE s.kind <> 'schema');
        ELSE
            mains := boardinghouse._relatives(boardinghouse._family(mains));
            touched := mains;
            here := boardinghouse._in_template(touched);
            before := ARRAY(SELECT s::boardinghouse.part FROM boardinghouse.snapshot AS s
                            WHERE s.main = ANY (touched) AND s.kind <> 'schema');
        END IF;
        after := ARRAY(SELECT i FROM boardinghouse._inventory('__template__', here) AS i);
        -- A drop is told before the rest of its command: the sequence of a serial column is new
        -- too.
        touched := ARRAY(SELECT DISTINCT w.id
                           FROM unnest(after) AS a
                          CROSS JOIN LATERAL unnest(a.needs) AS w (id)
                          WHERE mains IS NOT NULL AND w.id LIKE '% 0' AND w.id <> ALL (here)
                            AND NOT EXISTS (SELECT FROM boardinghouse.snapshot AS s
                                            WHERE s.main = w.id));
        IF touched <> '{}' THEN
            -- An index, and the sequence of an identity column, belong to their tables.
            touched := ARRAY(SELECT t.id
                               FROM unnest(boardinghouse._in_template(touched)) AS t (id)
                              WHERE t.id <> ALL (here)
                                AND NOT EXISTS (SELECT FROM boardinghouse.snapshot AS s
                                                WHERE s.main = t.id));
        END IF;
        IF touched <> '{}' THEN
            after := after || ARRAY(SELECT i FROM boardinghouse._inventory('__template__',
            touched) AS i);
        END IF;
        -- What depends on a thing reads differently once that has another name or type, or is gone.
        touched := '{}';
        IF mains IS NOT NULL AND EXISTS (
                SELECT FROM unnest(before) AS b
                  LEFT JOIN unnest(after) AS a ON a.kind = b.kind AND a.id = b.id
                 WHERE b.name IS DISTINCT FROM a.name
                     OR (b.kind = 'column' AND b.raw <> a.raw)) THEN
            touched := ARRAY(SELECT d.id FROM unnest(boardinghouse._dependents(mains)) AS d (id)
                             WHERE d.id <> ALL (mains));
        -- A query over a table may list the table's columns once there is one more.
        ELSIF mains IS NOT NULL AND EXISTS (
                SELECT FROM unnest(after) AS a
                 WHERE a.kind = 'column'
                   AND NOT EXISTS (SELECT FROM unnest(before) AS b
                                    WHERE b.kind = a.kind AND b.id = a.id)) THEN
            touched := ARRAY(SELECT DISTINCT s.main FROM boardinghouse.snapshot AS s
                              WHERE s.needs && mains AND s.main <> ALL (mains)
                                AND s.kind IN ('view', 'materialized view', 'rule', 'policy',
                                               'function'));
        END IF;
        IF touched <> '{}' THEN
            before := before || ARRAY(SELECT s::boardinghouse.part FROM boardinghouse.snapshot AS s
                                      WHERE s.main = ANY (touched) AND s.kind <> 'schema');
            after := after || ARRAY(SELECT i FROM boardinghouse._inventory('__template__',
            boardinghouse._in_template(touched)) AS i);
        END IF;
    END IF;
    -- A new name may hide one that definitions all over the template were written with.
    IF mains IS NOT NULL AND NOT only_privileges AND boardinghouse._hides(before, after) THEN
        before := ARRAY(SELECT s::boardinghouse.part FROM boardinghouse.snapshot AS s
                        WHERE s.kind <> 'schema');
        after := ARRAY(SELECT i FROM boardinghouse._inventory('__template__') AS i);
    END IF;
    PERFORM boardinghouse._refuse_needs(before, after);
    statements := ARRAY(SELECT p FROM boardinghouse._plan(before, after, true, creator, hints) AS p
                        ORDER BY p."position");
    IF command = 'DROP OWNED' THEN
        -- It has taken the role's privileges in every schema, and what was granted by them.
        statements := ARRAY(SELECT s FROM unnest(statements) AS s
                             WHERE s.kind <> 'grant' OR s.action <> 'drop');
    END IF;
    DELETE FROM boardinghouse.snapshot AS s
     USING unnest(before) AS b
     WHERE s.id = b.id AND s.kind = b.kind;
    INSERT INTO boardinghouse.snapshot SELECT a.* FROM unnest(after) AS a;
    IF cardinality(statements) > 0 THEN
        -- The lock is held, so that there is no race for the number; and lastval(), which nextval()
        -- would change, belongs to the author.
        INSERT INTO boardinghouse.change (id, author, command, settings, statements)
            OVERRIDING SYSTEM VALUE
        SELECT setval('boardinghouse.change_id_seq', q.last_value + q.is_called::integer),
               boardinghouse._invoker(), command,
               jsonb_build_object('search_path', path, 'TimeZone', current_setting('TimeZone'),
                                  'DateStyle', current_setting('DateStyle'), 'IntervalStyle',
                                  current_setting('IntervalStyle'),
                                  'lc_monetary', current_setting('lc_monetary')),
               to_jsonb(statements)
          FROM boardinghouse.change_id_seq AS q;
    END IF;
    RETURN QUERY SELECT s.* FROM unnest(statements) AS s;
END;
$function$;

-- _reword(classes, objects)
--
-- Bring the words of the snapshot up to date where they name these objects, which are not in the
-- template: renamed, or moved to another schema. Only words: what has changed otherwise stays to be
-- mirrored. Takes no SQL from its caller, so any role may call it. A renamed schema,
-- an extension that moves: all of it.
CREATE FUNCTION boardinghouse._reword(classes oid[], objects oid[])
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET enable_seqscan = off
    SET enable_hashjoin = off
AS $function$
DECLARE
    mains text[];
BEGIN
    IF NOT boardinghouse._snapshot_is_valid() THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM unnest(classes, objects) AS a (class, object)
                WHERE a.class IN ('pg_namespace'::regclass, 'pg_extension'::regclass)
                  AND a.object NOT IN (SELECT l.namespace FROM boardinghouse.location AS l)) THEN
        mains := boardinghouse._members('__template__');
    ELSE
        mains := boardinghouse._in_template(ARRAY(
            SELECT DISTINCT s.main
              FROM boardinghouse.snapshot AS s
             WHERE s.needs && ARRAY(
                    SELECT o.id
                      FROM unnest(classes, objects) AS a (class, object)
                      CROSS JOIN LATERAL (
                            SELECT concat(a.class::regclass, ' ', a.object, ' 0')) AS o (id)
                     WHERE NOT EXISTS (SELECT FROM boardinghouse.snapshot AS m
                                        WHERE m.main = o.id))));
    END IF;
    IF mains IS NOT NULL AND cardinality(mains) > 0 THEN
        UPDATE boardinghouse.snapshot AS s
           SET object = i.object, ddl = i.ddl, alteration = i.alteration, undo = i.undo,
           inline = i.inline, rename = i.rename, names_schema = i.names_schema
          FROM boardinghouse._inventory('__template__', mains) AS i
         WHERE s.kind = i.kind AND s.id = i.id AND s.raw = i.raw AND s.name IS NOT DISTINCT
             FROM i.name
           AND (s.ddl, s.inline, s.alteration) IS DISTINCT FROM (i.ddl, i.inline, i.alteration);
    END IF;
END;
$function$;

-- _grantee(id)
--
-- The OID of the role that a part of kind grant, revoke or default privilege is about.
CREATE FUNCTION boardinghouse._grantee(id text)
    RETURNS oid
    LANGUAGE sql
    IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT split_part(id, ' ', CASE WHEN starts_with(id, 'pg_default_acl ') THEN 3 ELSE 4 END)::oid
$function$;

-- _refresh_roles()
--
-- Bring the roles that the snapshot names up to date. There is no event when a role is renamed, or
-- dropped after REASSIGN OWNED or DROP OWNED, and the objects of the tenants have seen that too.
-- Only notes what the catalog says, so any role may call it.
CREATE FUNCTION boardinghouse._refresh_roles()
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET enable_seqscan = off
AS $function$
DECLARE
    live boardinghouse.part[];
BEGIN
    IF NOT EXISTS (
            WITH RECURSIVE owner AS (
                SELECT '' COLLATE "C" AS raw, '' COLLATE "C" AS name
                 UNION ALL
                SELECT n.raw, n.name
                  FROM owner AS o
                 CROSS JOIN LATERAL (
                        SELECT s.raw, s.name
                          FROM boardinghouse.snapshot AS s
                         WHERE s.kind = 'owner'
                           AND (s.raw, s.name) > (o.raw, o.name)
                         ORDER BY s.raw, s.name
                         LIMIT 1) AS n
            )
            SELECT FROM owner AS o
             WHERE o.raw <> '' AND o.name <> pg_get_userbyid(NULLIF(o.raw, '')::oid)::text)
        AND NOT EXISTS (
            SELECT FROM boardinghouse.snapshot AS s
             WHERE s.kind IN ('grant', 'revoke', 'default privilege')
                 AND boardinghouse._grantee(s.id) <> 0
               AND strpos(s.object,
                          quote_ident(pg_get_userbyid(boardinghouse._grantee(s.id)))) = 0)
        AND NOT EXISTS (
            SELECT FROM boardinghouse.snapshot AS s
             WHERE s.kind = 'grant' AND s.id ~ ' BY [0-9]+$'
               AND strpos(s.object, ' BY ' || quote_ident(pg_get_userbyid(
                          substring(s.id, '[0-9]+$')::oid))) = 0) THEN
        RETURN;
    END IF;
    live := ARRAY(SELECT i FROM boardinghouse._inventory('__template__') AS i);
    UPDATE boardinghouse.snapshot AS s
       SET object = i.object, name = i.name, ddl = i.ddl, alteration = i.alteration, undo = i.undo,
       raw = i.raw
      FROM unnest(live) AS i
     WHERE s.kind = i.kind AND s.id = i.id
       AND s.kind IN ('owner', 'grant', 'revoke', 'default privilege', 'policy')
       AND (s.raw = i.raw
            OR (s.kind = 'owner' AND NOT EXISTS (SELECT FROM pg_roles AS r
                                                 WHERE r.oid = s.raw::oid)));
    DELETE FROM boardinghouse.snapshot AS s
     WHERE s.kind IN ('grant', 'revoke', 'default privilege')
       AND boardinghouse._grantee(s.id) <> 0
       AND NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.oid = boardinghouse._grantee(s.id));
END;
$function$;

-- _require_snapshot()
--
-- Raise unless there is a snapshot to tell a change by: rebuilding it from the changed catalog
-- would lose the change.
CREATE FUNCTION boardinghouse._require_snapshot()
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT boardinghouse._snapshot_is_valid() THEN
        RAISE EXCEPTION 'there is no snapshot of the template'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = 'Without it a change of the template cannot be told from what was there before, as after a restore.',
                  HINT = 'SELECT boardinghouse.enable();';
    END IF;
END;
$function$;

-- _require_owner()
--
-- Raise unless the caller may change template and registry: a superuser, or who owns the template.
CREATE FUNCTION boardinghouse._require_owner()
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF NOT has_function_privilege('boardinghouse._register(text, text)', 'EXECUTE') THEN
        RAISE EXCEPTION 'permission denied to change the template or its tenants'
            USING ERRCODE = 'insufficient_privilege',
                  DETAIL = 'Only the owner of schema "__template__", or a superuser, may.',
                  HINT = 'Let a superuser run SELECT boardinghouse.enable(); once in this database, and again after ALTER SCHEMA __template__ OWNER TO.';
    END IF;
END;
$function$;

-- _privileges_differ(mains)
--
-- Whether any grant on these main objects of the template is not as in the snapshot. As the
-- extension's owner, for whoever grants need not see the template.
CREATE FUNCTION boardinghouse._privileges_differ(mains text[])
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    RETURN (
        SELECT EXISTS (
            SELECT FROM boardinghouse._inventory('__template__', mains, true) AS i
              FULL JOIN (SELECT s.kind, s.id, s.raw FROM boardinghouse.snapshot AS s
                          WHERE s.main = ANY (mains)
                            AND s.kind IN ('grant', 'revoke', 'default privilege')) AS s
                              ON s.kind = i.kind AND s.id = i.id
             WHERE i.raw IS DISTINCT FROM s.raw));
END;
$function$;

-- _check_mode()
--
-- Raise unless boardinghouse.mirror asks for a way of mirroring that there is.
CREATE FUNCTION boardinghouse._check_mode()
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    mode text := lower(coalesce(current_setting('boardinghouse.mirror', true), ''));
BEGIN
    IF mode = 'deferred' THEN
        RAISE EXCEPTION 'changes cannot be deferred yet'
            USING ERRCODE = 'feature_not_supported',
                  HINT = 'RESET boardinghouse.mirror;';
    ELSIF mode NOT IN ('', 'auto', 'immediate') THEN
        RAISE EXCEPTION 'invalid value for parameter "boardinghouse.mirror": "%"', mode
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Known are auto and immediate.';
    END IF;
END;
$function$;

-- _involved(statements)
--
-- The ids of what these statements make or alter in the template, and of what that needs there.
CREATE FUNCTION boardinghouse._involved(statements boardinghouse.statement[])
    RETURNS text[]
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
AS $function$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT n.id
          FROM unnest(statements) AS s
          JOIN boardinghouse.snapshot AS p ON p.kind = s.kind AND p.object = s.object
          CROSS JOIN LATERAL unnest(p.id || p.main || p.needs) AS n (id)
         WHERE s.action IN ('create', 'alter')
           AND EXISTS (SELECT FROM boardinghouse.snapshot AS m WHERE m.id = n.id));
END;
$function$;

-- _mirror(mains, only_privileges, command, path, in_event, statement)
--
-- Bring what changed of these main objects of the template into every tenant, in this transaction:
-- all or nothing. mains NULL: whatever changed.
CREATE FUNCTION boardinghouse._mirror(mains text[], only_privileges boolean, command text,
                                      path text,
                                      in_event boolean DEFAULT true, statement text DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    tenants text[];
    statements boardinghouse.statement[];
    hints jsonb := '{}'::jsonb;
    items text[] := ARRAY(SELECT p.item FROM boardinghouse._path_items(path) AS p
                          ORDER BY p.ordinality);
BEGIN
    PERFORM boardinghouse._check_mode();
    PERFORM boardinghouse._lock(true);
    PERFORM boardinghouse._require_snapshot();
    PERFORM boardinghouse._require_owner();
    IF NOT only_privileges THEN
        hints := boardinghouse._hints(mains, path, in_event, statement);
    END IF;
    PERFORM boardinghouse._refuse_captures();
    tenants := ARRAY(SELECT r.schema::text FROM boardinghouse.schema AS r ORDER BY r.schema);
    IF NOT only_privileges THEN
        PERFORM boardinghouse._refuse_strangers(mains, tenants, items);
    END IF;
    statements := ARRAY(SELECT a FROM boardinghouse._absorb(mains, only_privileges, current_user,
                                                            command, path, hints) AS a
                         ORDER BY a."position");
    IF cardinality(statements) > 0 THEN
        PERFORM boardinghouse._refuse_loss(statements, tenants);
        PERFORM boardinghouse._apply(statements, tenants, items);
        PERFORM boardinghouse._refuse_leaks('__template__', tenants, statements,
                                            starts_with(command, 'ALTER '),
                                            boardinghouse._involved(statements));
        IF EXISTS (SELECT FROM unnest(statements) AS s
                   WHERE s.kind IN ('function', 'aggregate', 'operator', 'range type')
                     AND s.action <> 'alter') THEN
            PERFORM boardinghouse._refuse_captures();
        END IF;
        -- An identity column brings a sequence. What was taken away from a former owner may have
        -- been given to him, where REASSIGN OWNED has given the tenants' objects away already.
        IF EXISTS (SELECT FROM unnest(statements) AS s
                     JOIN boardinghouse._kind AS k ON k.kind = s.kind
                    WHERE s.action = 'create' AND (k.is_whole OR k.kind IN ('column', 'identity'))
                      AND EXISTS (SELECT FROM pg_default_acl AS a))
            OR (EXISTS (SELECT FROM unnest(statements) AS s WHERE s.kind = 'owner')
                AND EXISTS (SELECT FROM unnest(statements) AS s
                             WHERE s.kind = 'revoke' AND s.action = 'drop')) THEN
            PERFORM boardinghouse._align_privileges(tenants);
        END IF;
    END IF;
END;
$function$;

-- _path_items(path)
--
-- The schemata of a search_path as PostgreSQL shows it, without quotes.
CREATE FUNCTION boardinghouse._path_items(path text)
    RETURNS TABLE (item text, ordinality bigint)
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT CASE WHEN starts_with(m.match[1], '"')
        THEN replace(substr(m.match[1], 2, length(m.match[1]) - 2), '""', '"')
                ELSE btrim(m.match[1]) END,
           m.ordinality
      FROM regexp_matches(path, E'\\s*("(?:[^"]|"")*"|[^,"]+)\\s*(?:,|$)',
                          'g') WITH ORDINALITY AS m (match, ordinality)
     WHERE btrim(m.match[1]) <> '' AND m.match[1] <> '"$user"'
$function$;
