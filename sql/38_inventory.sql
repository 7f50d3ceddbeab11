-- Layer 3, inventory: the parts of a schema, from the views above. Reads only.

-- _oids(ids, class)
--
-- The OIDs of those ids that belong to this catalog.
CREATE FUNCTION boardinghouse._oids(ids text[], class text)
    RETURNS oid[]
    LANGUAGE plpgsql
    IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(split_part(i.id, ' ', 2)::oid), '{}')
          FROM unnest(ids) AS i (id)
         WHERE split_part(i.id, ' ', 1) = class);
END;
$function$;

-- _relations(schema)
--
-- The OIDs of all tables, views and sequences of a schema. By pg_depend, for pg_class has no index
-- on the schema alone.
CREATE FUNCTION boardinghouse._relations(schema text)
    RETURNS oid[]
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET enable_seqscan = off
AS $function$
BEGIN
    RETURN ARRAY(
        SELECT d.objid
          FROM pg_depend AS d
         WHERE d.refclassid = 'pg_namespace'::regclass
           AND d.refobjid = boardinghouse._namespace(schema)
           AND d.classid = 'pg_class'::regclass);
END;
$function$;

-- _refuse_unknown(schema, mains)
--
-- Raise feature_not_supported for the first of these objects that holds what the inventory does
-- not know: nothing is ever left out silently.
CREATE FUNCTION boardinghouse._refuse_unknown(schema text, mains text[])
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    namespace CONSTANT oid := boardinghouse._namespace(schema);
    relations oid[] := boardinghouse._oids(mains, 'pg_class');
    types oid[] := boardinghouse._oids(mains, 'pg_type');
    routines oid[] := boardinghouse._oids(mains, 'pg_proc');
    operators oid[] := boardinghouse._oids(mains, 'pg_operator');
    classes oid[] := boardinghouse._oids(mains, 'pg_opclass');
    unknown record;
BEGIN
    SELECT pg_describe_object(u.class, u.object, u.sub) AS description, u.reason INTO unknown
      FROM (
            SELECT 'pg_class'::regclass AS class, c.oid AS object, 0 AS sub,
                   format('relations of kind "%s"', c.relkind) AS reason
              FROM pg_class AS c
             WHERE c.oid = ANY (relations) AND c.relkind NOT IN ('r', 'p', 'f', 'v', 'm', 'S')
             UNION ALL
            SELECT 'pg_class'::regclass, c.oid, 0, 'tables of a type of another schema'
              FROM pg_class AS c
              JOIN pg_type AS t ON t.oid = c.reloftype AND t.typnamespace <> c.relnamespace
             WHERE c.oid = ANY (relations)
             UNION ALL
            SELECT 'pg_constraint'::regclass, k.conparentid, 0,
                   'disabled triggers of a foreign key to a partitioned table'
              FROM pg_trigger AS g
              JOIN pg_constraint AS k ON k.oid = g.tgconstraint
              JOIN pg_constraint AS o ON o.oid = k.conparentid AND o.conrelid = k.conrelid
             WHERE g.tgrelid = ANY (relations) AND g.tgisinternal AND g.tgenabled <> 'O'
             UNION ALL
            SELECT 'pg_class'::regclass, i.inhrelid, 0, 'inheritance across schemata'
              FROM pg_inherits AS i
              JOIN pg_class AS c ON c.oid = i.inhrelid
              JOIN pg_class AS p ON p.oid = i.inhparent AND p.relnamespace <> c.relnamespace
             WHERE i.inhrelid = ANY (relations) OR i.inhparent = ANY (relations)
             UNION ALL
            SELECT 'pg_type'::regclass, t.oid, 0, format('types of kind "%s"', t.typtype)
              FROM pg_type AS t
             WHERE t.oid = ANY (types)
                 AND t.typtype NOT IN ('e', 'd', 'c', 'r', 'b') AND t.typisdefined
             UNION ALL
            SELECT 'pg_transform'::regclass, f.oid, 0, 'transforms'
              FROM pg_transform AS f
             WHERE f.trftype = ANY (types)
             UNION ALL
            -- There is one for a type and an access method, in all schemata.
            SELECT 'pg_opclass'::regclass, c.oid, 0, 'default operator classes of shared types'
              FROM pg_opclass AS c
              JOIN pg_type AS t ON t.oid = c.opcintype AND t.typnamespace <> c.opcnamespace
             WHERE c.oid = ANY (classes) AND c.opcdefault
             UNION ALL
            -- What was added to a shared family hangs on nothing of the schema but its operators
            -- and functions.
            SELECT m.class, m.oid, 0, 'members of shared operator families'
              FROM (SELECT 'pg_amop'::regclass AS class, o.oid
                      FROM pg_amop AS o
                     WHERE o.oid >= 16384 AND o.amopopr = ANY (operators)
                     UNION ALL
                    SELECT 'pg_amproc'::regclass, p.oid
                      FROM pg_amproc AS p
                     WHERE p.oid >= 16384 AND p.amproc::oid = ANY (routines)) AS m
             WHERE NOT EXISTS (
                    SELECT FROM pg_depend AS h
                      LEFT JOIN pg_opclass AS c ON h.refclassid = 'pg_opclass'::regclass
                          AND c.oid = h.refobjid
                      LEFT JOIN pg_opfamily AS f ON h.refclassid = 'pg_opfamily'::regclass
                          AND f.oid = h.refobjid
                     WHERE h.classid = m.class AND h.objid = m.oid
                       AND namespace IN (c.opcnamespace, f.opfnamespace))
             UNION ALL
            SELECT a.class::regclass, a.object, 0, 'objects of this kind'
              FROM unnest(mains) AS m (id)
              CROSS JOIN LATERAL (SELECT split_part(m.id, ' ', 1),
                                  split_part(m.id, ' ', 2)::oid) AS a (class, object)
             WHERE a.class NOT IN ('pg_class', 'pg_type', 'pg_proc', 'pg_namespace', 'pg_operator',
                                   'pg_opclass', 'pg_opfamily', 'pg_collation', 'pg_conversion',
                                   'pg_ts_config', 'pg_ts_dict', 'pg_ts_parser', 'pg_ts_template')
           ) AS u
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% in schema "%" cannot be carried to another schema', unknown.description,
        schema
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = format('boardinghouse does not know %s yet.', unknown.reason),
                  HINT = 'Keep it in a schema that is neither a tenant nor the template.';
    END IF;
END;
$function$;

-- _members(schema)
--
-- The ids of all main objects of a schema, by what depends on its namespace; itself included.
-- Row types, array types, multiranges, the constructors of ranges and the sequences of identity
-- columns belong to others; members of an extension, and what publishes a schema, are not the
-- schema's. Nor is an extension, which a database has once - but the template must have none.
CREATE FUNCTION boardinghouse._members(schema text)
    RETURNS text[]
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
BEGIN
    RETURN (
        SELECT concat('pg_namespace ', boardinghouse._namespace(schema), ' 0')
            || coalesce(array_agg(DISTINCT m.id), '{}')
          FROM (
                SELECT CASE WHEN d.classid = 'pg_class'::regclass AND c.relkind = 'c'
                    THEN concat('pg_type ', c.reltype, ' 0')
                            WHEN d.classid = 'pg_statistic_ext'::regclass
                                AND sc.relnamespace = d.refobjid
                            THEN concat('pg_class ', sc.oid, ' 0')
                            ELSE concat(d.classid::regclass, ' ', d.objid, ' 0') END AS id
                  FROM pg_depend AS d
                  LEFT JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
                  LEFT JOIN pg_type AS t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
                  LEFT JOIN pg_class AS tc ON tc.oid = t.typrelid
                  LEFT JOIN pg_statistic_ext AS s ON d.classid = 'pg_statistic_ext'::regclass
                      AND s.oid = d.objid
                  LEFT JOIN pg_class AS sc ON sc.oid = s.stxrelid
                 WHERE d.refclassid = 'pg_namespace'::regclass
                   AND d.refobjid = boardinghouse._namespace(schema)
                   AND d.classid NOT IN ('pg_default_acl'::regclass,
                                         'pg_publication_namespace'::regclass)
                   AND (d.classid <> 'pg_extension'::regclass OR schema = '__template__')
                   AND (t.oid IS NULL OR t.typrelid = 0 OR tc.relkind = 'c')
                   AND NOT EXISTS (
                        SELECT FROM pg_depend AS i
                         WHERE i.classid = d.classid AND i.objid = d.objid AND i.objsubid = 0
                           AND (i.deptype = 'e'
                                OR (i.deptype = 'i'
                                    AND (c.relkind = 'S' OR t.typtype = 'm'
                                         OR d.classid = 'pg_proc'::regclass))))
               ) AS m);
END;
$function$;

-- _holds_standing(mains)
--
-- Whether any of these has parts in the view of what stands by itself: an object of its own class,
-- a type made of others, an aggregate - or maybe a cast, which its type does not tell.
CREATE FUNCTION boardinghouse._holds_standing(mains text[])
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    types oid[] := boardinghouse._oids(mains, 'pg_type');
    routines oid[] := boardinghouse._oids(mains, 'pg_proc');
BEGIN
    RETURN EXISTS (SELECT FROM unnest(mains) AS m (id)
                    WHERE split_part(m.id, ' ', 1)
                          NOT IN ('pg_class', 'pg_type', 'pg_proc', 'pg_namespace'))
        OR EXISTS (SELECT FROM pg_type AS t
                    WHERE t.oid = ANY (types)
                      AND t.typtype IN ('r', 'b', 'p'))
        OR EXISTS (SELECT FROM pg_proc AS p
                    WHERE p.oid = ANY (routines) AND p.prokind = 'a')
        OR EXISTS (SELECT FROM pg_cast AS c
                    WHERE c.oid >= 16384       -- FirstNormalObjectId
                      AND NOT boardinghouse._is_internal('pg_cast'::regclass, c.oid));
END;
$function$;

-- _inventory(schema, mains, only_privileges)
--
-- The parts of a schema, or of these of its main objects; only_privileges: grants alone, of all.
-- A query is parsed under pg_catalog when its cursor is opened, and runs under the schema's
-- search_path when it is fetched: definitions come out bare for names of the schema and qualified
-- for all others. Settings that change how values are written are pinned.
CREATE FUNCTION boardinghouse._inventory(schema text, mains text[] DEFAULT NULL,
                                         only_privileges boolean DEFAULT false)
    RETURNS SETOF boardinghouse.part
    LANGUAGE plpgsql
    STABLE
    ROWS 5000
    SET search_path = pg_catalog, pg_temp
    SET datestyle = 'ISO, MDY'
    SET intervalstyle = 'postgres'
    SET timezone = 'UTC'
    SET extra_float_digits = 1
    SET bytea_output = 'hex'
    SET quote_all_identifiers = off
    SET standard_conforming_strings = on
    SET jit = off
    -- One plan for whatever is asked, by way of the catalogs' indexes however small they are now:
    -- in a moment they may hold a hundred more tenants.
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
AS $function$
DECLARE
    members text[] := coalesce(mains, boardinghouse._members(schema));
    relations oid[] := boardinghouse._oids(members, 'pg_class');
    routines oid[] := boardinghouse._oids(members, 'pg_proc');
    types oid[] := boardinghouse._oids(members, 'pg_type');
    namespaces oid[] := boardinghouse._oids(members, 'pg_namespace');
    operators oid[];
    classes oid[];
    families oid[];
    collations oid[];
    conversions oid[];
    configurations oid[];
    dictionaries oid[];
    parsers oid[];
    templates oid[];
    -- One for each view, and only those opened that may find something: the time it takes to plan a
    -- UNION ALL of them, with all their branches, grows with the square of their number.
    column_parts refcursor;
    index_parts refcursor;
    inheritance_parts refcursor;
    table_parts refcursor;
    foreign_table_parts refcursor;
    sequence_parts refcursor;
    rule_parts refcursor;
    view_parts refcursor;
    routine_parts refcursor;
    type_parts refcursor;
    owner_parts refcursor;
    grant_parts refcursor;
    remark_parts refcursor;
    default_privilege_parts refcursor;
    standing_parts refcursor;
    cursor refcursor;
    part boardinghouse.part;
BEGIN
    IF NOT has_schema_privilege(schema, 'USAGE') THEN
        -- Such a schema is left out of search_path, and every name of it would come out qualified.
        RAISE EXCEPTION 'permission denied for schema %', quote_ident(schema)
            USING ERRCODE = 'insufficient_privilege';
    ELSIF schema = '$user' THEN
        RAISE EXCEPTION 'schema "%" cannot be read', schema
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'A search_path takes its name for that of the role.',
                  HINT = 'Rename it.';
    END IF;
    PERFORM boardinghouse._refuse_unknown(schema, members);
    OPEN grant_parts FOR
        SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
               concat(p.main_class, ' ', p.main, ' 0'), p.ddl, p.alteration, p.undo, p.inline,
               p.rename, p.raw, p.needs, p.names_schema, NULL::text[], true
          FROM boardinghouse._grant_part AS p
         WHERE (p.main_class = 'pg_class' AND p.main = ANY (relations))
            OR (p.main_class = 'pg_proc' AND p.main = ANY (routines))
            OR (p.main_class = 'pg_type' AND p.main = ANY (types))
            OR (p.main_class = 'pg_namespace' AND p.main = ANY (namespaces));
    OPEN default_privilege_parts FOR
        SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
               p.within, p.ddl, p.alteration, p.undo, p.inline,
               p.rename, p.raw, p.needs, p.names_schema, NULL::text[], true
          FROM boardinghouse._default_privilege_part AS p
         WHERE p.main = ANY (namespaces);
    IF NOT only_privileges THEN
        OPEN owner_parts FOR
            SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
                   concat(p.main_class, ' ', p.main, ' 0'), p.ddl, p.alteration, p.undo, p.inline,
                   p.rename, p.raw, p.needs, p.names_schema, NULL::text[], true
              FROM boardinghouse._owner_part AS p
             WHERE (p.main_class = 'pg_class' AND p.main = ANY (relations))
                OR (p.main_class = 'pg_proc' AND p.main = ANY (routines))
                OR (p.main_class = 'pg_type' AND p.main = ANY (types))
                OR (p.main_class = 'pg_namespace' AND p.main = ANY (namespaces));
        OPEN remark_parts FOR
            SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
                   concat(p.main_class, ' ', p.main, ' 0'), p.ddl, p.alteration, p.undo, p.inline,
                   p.rename, p.raw, p.needs, p.names_schema, NULL::text[], true
              FROM boardinghouse._remark_part AS p
             WHERE (p.main_class = 'pg_class' AND p.main = ANY (relations))
                OR (p.main_class = 'pg_proc' AND p.main = ANY (routines))
                OR (p.main_class = 'pg_type' AND p.main = ANY (types))
                OR (p.main_class = 'pg_namespace' AND p.main = ANY (namespaces));
        IF relations <> '{}' THEN
            OPEN column_parts FOR
                SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
                       concat('pg_class ', p.main, ' 0'), p.ddl, p.alteration, p.undo, p.inline,
                       p.rename, p.raw, p.needs, p.names_schema, p.inherited_from, p.is_local
                  FROM (SELECT * FROM boardinghouse._column_part UNION ALL
                        SELECT * FROM boardinghouse._constraint_part) AS p
                 WHERE p.main = ANY (relations);
            OPEN index_parts FOR
                SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
                       concat('pg_class ', p.main, ' 0'), p.ddl, p.alteration, p.undo, p.inline,
                       p.rename, p.raw, p.needs, p.names_schema, p.inherited_from, p.is_local
                  FROM (SELECT * FROM boardinghouse._index_part UNION ALL
                        SELECT * FROM boardinghouse._trigger_part) AS p
                 WHERE p.main = ANY (relations);
            OPEN table_parts FOR
                SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
                       concat('pg_class ', p.main, ' 0'), p.ddl, p.alteration, p.undo, p.inline,
                       p.rename, p.raw, p.needs, p.names_schema, NULL::text[], true
                  FROM boardinghouse._table_part AS p
                 WHERE p.main = ANY (relations);
            OPEN sequence_parts FOR
                SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
                       concat('pg_class ', p.main, ' 0'), p.ddl, p.alteration, p.undo, p.inline,
                       p.rename, p.raw, p.needs, p.names_schema, NULL::text[], true
                  FROM boardinghouse._sequence_part AS p
                 WHERE p.main = ANY (relations);
            OPEN rule_parts FOR
                SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
                       concat('pg_class ', p.main, ' 0'), p.ddl, p.alteration, p.undo, p.inline,
                       p.rename, p.raw, p.needs, p.names_schema, NULL::text[], true
                  FROM boardinghouse._rule_part AS p
                 WHERE p.main = ANY (relations);
        END IF;
        IF EXISTS (SELECT FROM pg_class AS c
                    WHERE c.oid = ANY (relations)
                      AND (c.relkind = 'p' OR c.reloftype <> 0
                           OR EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.oid))) THEN
            OPEN inheritance_parts FOR
                SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
                       concat('pg_class ', p.main, ' 0'), p.ddl, p.alteration, p.undo, p.inline,
                       p.rename, p.raw, p.needs, p.names_schema, p.inherited_from, p.is_local
                  FROM boardinghouse._inheritance_part AS p
                 WHERE p.main = ANY (relations);
        END IF;
        IF EXISTS (SELECT FROM pg_class AS c
                    WHERE c.oid = ANY (relations) AND c.relkind = 'f') THEN
            OPEN foreign_table_parts FOR
                SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
                       concat('pg_class ', p.main, ' 0'), p.ddl, p.alteration, p.undo, p.inline,
                       p.rename, p.raw, p.needs, p.names_schema, NULL::text[], true
                  FROM boardinghouse._foreign_table_part AS p
                 WHERE p.main = ANY (relations);
        END IF;
        IF EXISTS (SELECT FROM pg_class AS c
                    WHERE c.oid = ANY (relations) AND c.relkind IN ('v', 'm')) THEN
            OPEN view_parts FOR
                SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
                       concat('pg_class ', p.main, ' 0'), p.ddl, p.alteration, p.undo, p.inline,
                       p.rename, p.raw, p.needs, p.names_schema, NULL::text[], true
                  FROM boardinghouse._view_part AS p
                 WHERE p.main = ANY (relations);
        END IF;
        IF routines <> '{}' THEN
            OPEN routine_parts FOR
                SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
                       concat('pg_proc ', p.main, ' 0'), p.ddl, p.alteration, p.undo, p.inline,
                       p.rename, p.raw, p.needs, p.names_schema, NULL::text[], true
                  FROM boardinghouse._routine_part AS p
                 WHERE p.main = ANY (routines);
        END IF;
        IF types <> '{}' THEN
            OPEN type_parts FOR
                SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
                       concat('pg_type ', p.main, ' 0'), p.ddl, p.alteration, p.undo, p.inline,
                       p.rename, p.raw, p.needs, p.names_schema, NULL::text[], true
                  FROM boardinghouse._type_part AS p
                 WHERE p.main = ANY (types);
        END IF;
        IF boardinghouse._holds_standing(members) THEN
            operators := boardinghouse._oids(members, 'pg_operator');
            classes := boardinghouse._oids(members, 'pg_opclass');
            families := boardinghouse._oids(members, 'pg_opfamily');
            collations := boardinghouse._oids(members, 'pg_collation');
            conversions := boardinghouse._oids(members, 'pg_conversion');
            configurations := boardinghouse._oids(members, 'pg_ts_config');
            dictionaries := boardinghouse._oids(members, 'pg_ts_dict');
            parsers := boardinghouse._oids(members, 'pg_ts_parser');
            templates := boardinghouse._oids(members, 'pg_ts_template');
            OPEN standing_parts FOR
                SELECT p.kind, p.object, p.name, p.sort, p.id, p.within,
                       concat(p.main_class, ' ', p.main, ' 0'), p.ddl, p.alteration, p.undo,
                       p.inline, p.rename, p.raw, p.needs, p.names_schema, NULL::text[], true
                  FROM boardinghouse._standing_part AS p
                 WHERE p.main = ANY (CASE p.main_class
                           WHEN 'pg_class' THEN relations
                           WHEN 'pg_type' THEN types
                           WHEN 'pg_proc' THEN routines
                           WHEN 'pg_operator' THEN operators
                           WHEN 'pg_opclass' THEN classes
                           WHEN 'pg_opfamily' THEN families
                           WHEN 'pg_collation' THEN collations
                           WHEN 'pg_conversion' THEN conversions
                           WHEN 'pg_ts_config' THEN configurations
                           WHEN 'pg_ts_dict' THEN dictionaries
                           WHEN 'pg_ts_parser' THEN parsers
                           WHEN 'pg_ts_template' THEN templates END);
        END IF;
    END IF;
    PERFORM set_config('search_path', format('%I, pg_catalog, pg_temp', schema), true);
    FOREACH cursor IN ARRAY ARRAY[
        column_parts, index_parts, inheritance_parts, table_parts, foreign_table_parts,
        sequence_parts, rule_parts, view_parts, routine_parts, type_parts, owner_parts, grant_parts,
        remark_parts, default_privilege_parts, standing_parts]
    LOOP
        CONTINUE WHEN cursor IS NULL;
        LOOP
            FETCH cursor INTO part;
            EXIT WHEN NOT FOUND;
            RETURN NEXT part;
        END LOOP;
        CLOSE cursor;
    END LOOP;
END;
$function$;
