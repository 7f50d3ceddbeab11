-- Layer 3, inventory: types that are made of functions and other types - ranges with their
-- multiranges, base types, and shell types, which are a name alone.

-- A function that speaks of a type must be there before the type that is made of it: such a type
-- is made twice, first its name alone. Both have the id of the type. Nothing but CASCADE takes away
-- such a circle again, and only after a look at what else would go with it.
CREATE VIEW boardinghouse._range_part AS
SELECT 'shell type' AS kind, quote_ident(t.typname) AS object,
       CASE WHEN NOT t.typisdefined THEN t.typname::text END AS name, 0 AS sort,
       concat('pg_type ', t.oid, ' 0') AS id,
       CASE WHEN t.typisdefined THEN concat('pg_type ', t.oid, ' 0') END AS within, t.oid AS main,
       format('CREATE TYPE %I', t.typname) AS ddl, NULL::text AS alteration,
       CASE WHEN NOT t.typisdefined
            THEN format('DROP TYPE IF EXISTS %I', t.typname) END AS undo, NULL::text AS inline,
       CASE WHEN NOT t.typisdefined THEN ARRAY['ALTER TYPE ', ' RENAME TO '] END AS rename,
       '' AS raw, NULL::text[] AS needs, false AS names_schema
  FROM pg_type AS t
  LEFT JOIN pg_range AS r ON r.rngtypid = t.oid
 WHERE NOT t.typisdefined OR t.typtype = 'b' OR r.rngcanonical <> 0
UNION ALL
SELECT 'range type', quote_ident(t.typname), t.typname::text, 0, concat('pg_type ', t.oid, ' 0'),
       NULL, t.oid,
       CASE WHEN x.is_circular THEN replace(d.ddl, '%', '%%') ELSE d.ddl END, NULL,
       CASE WHEN x.is_circular
            THEN concat('SELECT boardinghouse._drop_type(%1$L, ',
                        replace(quote_literal(t.typname), '%', '%%'), ')')
            ELSE format('DROP TYPE IF EXISTS %I', t.typname) END,
       NULL, ARRAY['ALTER TYPE ', ' RENAME TO '],
       concat_ws(' ', r.rngsubtype, r.rngcollation, r.rngsubopc, r.rngcanonical::oid,
                 r.rngsubdiff::oid),
       boardinghouse._needs('pg_type'::regclass, t.oid), x.is_circular
  FROM pg_type AS t
  JOIN pg_range AS r ON r.rngtypid = t.oid
  JOIN pg_type AS m ON m.oid = r.rngmultitypid
  JOIN pg_opclass AS o ON o.oid = r.rngsubopc
  JOIN pg_namespace AS n ON n.oid = o.opcnamespace
  CROSS JOIN LATERAL (SELECT r.rngcanonical <> 0) AS x (is_circular)
  CROSS JOIN LATERAL (
        SELECT concat(format('CREATE TYPE %I AS RANGE (SUBTYPE = %s', t.typname,
                             format_type(r.rngsubtype, NULL)),
                      ', SUBTYPE_OPCLASS = ',
                      CASE WHEN o.opcnamespace <> t.typnamespace
                          THEN quote_ident(n.nspname) || '.' END, quote_ident(o.opcname),
                      ', COLLATION = ' || NULLIF(r.rngcollation, 0)::regcollation,
                      ', CANONICAL = '
                          || boardinghouse._function_name(r.rngcanonical, t.typnamespace),
                      ', SUBTYPE_DIFF = '
                          || boardinghouse._function_name(r.rngsubdiff, t.typnamespace),
                      ', MULTIRANGE_TYPE_NAME = ', quote_ident(m.typname), ')',
                      -- Its constructors keep the name that it was made with.
                      (SELECT string_agg(format('; ALTER FUNCTION %I(%s) RENAME TO %I', c.made_as,
                                                c.arguments, c.proname), ''
                                         ORDER BY c.made_as, c.arguments)
                         FROM (SELECT CASE d.refobjid WHEN t.oid THEN t.typname
                                   ELSE m.typname END AS made_as,
                                      oidvectortypes(p.proargtypes) AS arguments, p.proname
                                 FROM pg_depend AS d
                                 JOIN pg_proc AS p ON p.oid = d.objid
                                WHERE d.refclassid = 'pg_type'::regclass
                                  AND d.refobjid IN (t.oid, m.oid) AND d.deptype = 'i'
                                  AND d.classid = 'pg_proc'::regclass) AS c
                        WHERE c.made_as <> c.proname)) OFFSET 0
       ) AS d (ddl)
UNION ALL
SELECT 'multirange type', quote_ident(m.typname), m.typname::text, 0,
       concat('pg_type ', m.oid, ' 0'), concat('pg_type ', r.rngtypid, ' 0'), r.rngtypid,
       quote_ident(m.typname), NULL, NULL, NULL, ARRAY['ALTER TYPE ', ' RENAME TO '], '', NULL,
       false
  FROM pg_range AS r
  JOIN pg_type AS m ON m.oid = r.rngmultitypid
UNION ALL
SELECT 'constructor', format('%I(%s)', p.proname, a.arguments), p.proname::text, 0,
       concat('pg_proc ', p.oid, ' 0'), concat('pg_type ', r.rngtypid, ' 0'), r.rngtypid,
       quote_ident(p.proname), NULL, NULL, NULL,
       ARRAY['ALTER FUNCTION ', format('(%s) RENAME TO ', a.arguments)], '', NULL, false
  FROM pg_range AS r
  CROSS JOIN LATERAL (VALUES (r.rngtypid), (r.rngmultitypid)) AS t (oid)
  JOIN pg_depend AS d ON d.refclassid = 'pg_type'::regclass AND d.refobjid = t.oid
      AND d.classid = 'pg_proc'::regclass AND d.deptype = 'i'
  JOIN pg_proc AS p ON p.oid = d.objid
  CROSS JOIN LATERAL (SELECT oidvectortypes(p.proargtypes) OFFSET 0) AS a (arguments)
UNION ALL
SELECT 'base type', quote_ident(t.typname), t.typname::text, 0, concat('pg_type ', t.oid, ' 0'),
       NULL, t.oid,
       replace(concat(format('CREATE TYPE %I (INPUT = %s, OUTPUT = %s, ', t.typname,
                             boardinghouse._function_name(t.typinput, t.typnamespace),
                             boardinghouse._function_name(t.typoutput, t.typnamespace)),
                      x.made,
                      ', INTERNALLENGTH = ',
                      CASE WHEN t.typlen < 0 THEN 'VARIABLE' ELSE t.typlen::text END,
                      CASE WHEN t.typbyval THEN ', PASSEDBYVALUE' END,
                      ', ALIGNMENT = ', CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2'
                          WHEN 'i' THEN 'int4' ELSE 'double' END,
                      ', CATEGORY = ', quote_literal(t.typcategory::text),
                      CASE WHEN t.typispreferred THEN ', PREFERRED = true' END,
                      ', DEFAULT = ' || quote_literal(t.typdefault),
                      ', ELEMENT = ' || CASE WHEN t.typelem <> 0
                          THEN format_type(t.typelem, NULL) END,
                      ', DELIMITER = ', quote_literal(t.typdelim::text),
                      CASE WHEN t.typcollation <> 0 THEN ', COLLATABLE = true' END, ')'),
               '%', '%%'),
       replace(format('ALTER TYPE %I SET (%s)', t.typname, x.altered), '%', '%%'),
       concat('SELECT boardinghouse._drop_type(%1$L, ',
              replace(quote_literal(t.typname), '%', '%%'), ')'),
       NULL, ARRAY['ALTER TYPE ', ' RENAME TO '],
       concat_ws(' ', t.typlen, t.typbyval, t.typcategory, t.typispreferred, t.typdelim, t.typelem,
                 t.typsubscript::oid, t.typinput::oid, t.typoutput::oid, t.typreceive::oid,
                 t.typsend::oid, t.typmodin::oid, t.typmodout::oid, t.typanalyze::oid, t.typalign,
                 t.typstorage, t.typcollation, md5(t.typdefault)),
       boardinghouse._needs('pg_type'::regclass, t.oid), true
  FROM pg_type AS t
  CROSS JOIN LATERAL (
        SELECT string_agg(format('%s = %s', f.property, f.value), ', ')
                   FILTER (WHERE f.value IS NOT NULL),
               string_agg(format('%s = %s', f.property, coalesce(f.value, 'NONE')), ', ')
          FROM (SELECT 'STORAGE', CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
                    WHEN 'x' THEN 'extended' ELSE 'main' END
                 UNION ALL
                SELECT v.property, boardinghouse._function_name(v.function, t.typnamespace)
                  FROM (VALUES ('RECEIVE', t.typreceive::oid), ('SEND', t.typsend),
                               ('TYPMOD_IN', t.typmodin), ('TYPMOD_OUT', t.typmodout),
                               ('ANALYZE', t.typanalyze), ('SUBSCRIPT', t.typsubscript)
                       ) AS v (property, function)) AS f (property, value) OFFSET 0
       ) AS x (made, altered)
 WHERE t.typtype = 'b';

-- _drop_type(schema, type)
--
-- Drop a type and the functions that it is made of, which only go together. Like DROP ... RESTRICT
-- raises where anything else depends on one of them.
CREATE FUNCTION boardinghouse._drop_type(schema text, type text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    dropped CONSTANT oid := (SELECT t.oid FROM pg_type AS t
                              WHERE t.typnamespace = boardinghouse._namespace(schema)
                                AND t.typname::text = _drop_type.type);
    dependent text;
BEGIN
    IF dropped IS NULL THEN
        RETURN;
    END IF;
    WITH whole AS (
        SELECT 'pg_type'::regclass::oid AS class, t.oid AS object
          FROM pg_type AS t
          LEFT JOIN pg_range AS r ON r.rngtypid = dropped
         WHERE t.oid IN (dropped, r.rngmultitypid)
            OR (t.oid IN (SELECT a.typarray FROM pg_type AS a
                           WHERE a.oid IN (dropped, r.rngmultitypid)) AND t.oid <> 0)
         UNION ALL
        SELECT d.refclassid, d.refobjid
          FROM pg_depend AS d
         WHERE d.classid = 'pg_type'::regclass AND d.objid = dropped
           AND d.refclassid = 'pg_proc'::regclass
           AND EXISTS (SELECT FROM pg_depend AS f
                        WHERE f.classid = d.refclassid AND f.objid = d.refobjid
                          AND f.refclassid = 'pg_type'::regclass AND f.refobjid = dropped)
    )
    SELECT pg_describe_object(d.classid, d.objid, d.objsubid) INTO dependent
      FROM whole AS w
      JOIN pg_depend AS d ON d.refclassid = w.class AND d.refobjid = w.object
     WHERE d.deptype IN ('n', 'a')
       AND NOT boardinghouse._is_internal(d.classid, d.objid)
       AND (d.classid, d.objid) NOT IN (SELECT o.class, o.object FROM whole AS o)
     ORDER BY 1
     LIMIT 1;
    IF dependent IS NOT NULL THEN
        RAISE EXCEPTION 'cannot drop type %.% because other objects depend on it',
                quote_ident(schema), quote_ident(type)
            USING ERRCODE = 'dependent_objects_still_exist',
                  DETAIL = format('%s depends on it or its functions.', dependent);
    END IF;
    EXECUTE format('DROP TYPE %I.%I CASCADE', schema, type);
END;
$function$;
