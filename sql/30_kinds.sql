-- Layer 3, inventory: catalogs -> parts. One view per theme reads the catalogs; a view's names and
-- operators are resolved when it is made, so that the deparse functions in it can run under the
-- search_path of any schema without a table or operator of that schema capturing anything.

-- The kinds of part: in which order they are made (and, backwards, dropped), and how.
CREATE VIEW boardinghouse._kind AS
SELECT k.kind, k.rank,
       k.fold,        -- what stands between the clauses of its parts inside its own statement;
                      -- '': they stand before its closing parenthesis
       k.is_entity,   -- has an id of its own, on which others hang
       k.is_whole,    -- a thing of its own: where only a tenant has it, it is the tenant's own
       k.is_passive,  -- only compared: where it differs, its container is made anew
       k.is_state     -- made along with its container, never compared
  FROM (VALUES
        ('schema',               0, NULL, true,  false, false, false),
        ('collation',            5, NULL, true,  true,  false, false),
        ('operator family',      8, NULL, true,  true,  false, false),
        -- A type that is made of functions, which speak of it: first its name alone.
        ('shell type',           9, NULL, true,  true,  false, false),
        ('range type',          10, NULL, true,  true,  false, false),
        ('base type',           10, NULL, true,  true,  false, false),
        ('multirange type',     11, NULL, true,  false, true,  false),
        ('constructor',         11, NULL, true,  false, true,  false),
        ('enum',                10, ', ', true,  true,  false, false),
        ('composite type',      10, ', ', true,  true,  false, false),
        ('domain',              10, ' ',  true,  true,  false, false),
        ('enum label',          11, NULL, true,  false, false, false),
        ('attribute',           11, NULL, true,  false, false, false),
        ('label order',         12, NULL, false, false, true,  false),
        ('attribute order',     12, NULL, false, false, true,  false),
        ('domain default',      12, NULL, false, false, false, false),
        ('domain not null',     13, NULL, false, false, false, false),
        ('domain constraint',   14, NULL, true,  false, false, false),
        ('function',            20, NULL, true,  true,  false, false),
        ('function result',     21, NULL, false, false, true,  false),
        ('conversion',          21, NULL, true,  true,  false, false),
        ('operator',            21, '',   true,  true,  false, false),
        ('operator property',   22, NULL, false, false, false, false),
        ('text search parser',  22, NULL, true,  true,  false, false),
        ('text search template', 22, NULL, true, true,  false, false),
        ('text search dictionary', 23, '', true, true,  false, false),
        ('dictionary option',   24, NULL, false, false, false, false),
        ('text search configuration', 24, NULL, true, true, false, false),
        ('text search mapping', 25, NULL, false, false, false, false),
        ('aggregate',           26, NULL, true,  true,  false, false),
        ('operator class',      27, ' ',  true,  true,  false, false),
        ('class member',        28, NULL, false, false, false, false),
        ('family member',       28, NULL, false, false, false, false),
        ('cast',                29, NULL, true,  false, false, false),
        ('sequence',            30, NULL, true,  true,  false, false),
        ('table',               40, ', ', true,  true,  false, false),
        ('partition key',       40, NULL, false, false, false, false),
        ('foreign table',       40, ', ', true,  true,  false, false),
        ('foreign server',      41, NULL, false, false, true,  false),
        ('foreign options',     41, NULL, false, false, false, false),
        ('column',              41, ' ',  true,  false, false, false),
        ('foreign column options', 42, NULL, false, false, false, false),
        ('generation',          42, NULL, false, false, false, false),
        ('default',             42, NULL, false, false, false, false),
        ('identity',            44, NULL, false, false, false, false),
        ('not null',            43, NULL, false, false, false, false),
        ('table type',          45, NULL, false, false, false, false),
        ('constraint',          46, NULL, true,  false, false, false),
        -- Of a table that is there; a new one is made with it.
        ('inheritance',         47, NULL, false, false, false, false),
        ('sequence type',       47, NULL, false, false, false, false),
        ('sequence persistence', 47, NULL, false, false, false, false),
        ('owned by',            48, NULL, false, false, false, false),
        ('view',                50, NULL, true,  true,  false, false),
        ('view column',         51, NULL, true,  false, true,  false),
        ('view default',        52, NULL, false, false, false, false),
        ('materialized view',   53, NULL, true,  true,  false, false),
        -- Of tables and materialized views alike.
        ('column storage',      55, NULL, false, false, false, false),
        ('column compression',  55, NULL, false, false, false, false),
        ('column statistics',   55, NULL, false, false, false, false),
        ('column option',       55, NULL, false, false, false, false),
        ('access method',       55, NULL, false, false, false, false),
        ('storage parameter',   55, NULL, false, false, false, false),
        ('statistics',          56, NULL, true,  true,  false, false),
        ('statistics target',   57, NULL, false, false, false, false),
        -- Before an index, whose functions run in the rights of the owner of the table.
        ('owner',               58, NULL, false, false, false, false),
        ('index',               60, NULL, true,  true,  false, false),
        ('index statistics',    61, NULL, false, false, false, false),
        ('tablespace',          61, NULL, false, false, false, false),
        ('clustering',          62, NULL, false, false, false, false),
        ('replica identity',    62, NULL, false, false, false, false),
        -- Behind whatever a partition needs to be one, lest PostgreSQL makes it, with names of its own.
        ('partition',           64, NULL, false, false, false, false),
        ('index partition',     66, NULL, false, false, false, false),
        ('rule',                70, NULL, true,  false, false, false),
        ('rule state',          71, NULL, false, false, false, false),
        ('trigger',             72, NULL, true,  false, false, false),
        ('trigger state',       73, NULL, false, false, false, false),
        ('trigger constraint',  73, NULL, false, false, true,  false),
        ('policy',              74, NULL, true,  false, false, false),
        ('row security',        75, NULL, false, false, false, false),
        ('forced row security', 76, NULL, false, false, false, false),
        ('extension dependence', 78, NULL, false, false, false, false),
        ('revoke',              82, NULL, false, false, false, false),
        ('grant',               83, NULL, false, false, false, false),
        ('default privilege',   84, NULL, false, false, false, false),
        -- Last of all that locks: a foreign key to a shared table locks it against writes until
        -- commit.
        ('foreign key',         90, NULL, true,  false, false, false),
        ('constraint trigger state', 91, NULL, false, false, false, false),
        ('comment',             95, NULL, false, false, false, false),
        ('security label',      96, NULL, false, false, false, false),
        ('populated',           97, NULL, false, false, false, true)
       ) AS k (kind, rank, fold, is_entity, is_whole, is_passive, is_state);
COMMENT ON VIEW boardinghouse._kind IS 'The kinds of part, and the order in which they are made.';

-- _needs(class, object, sub)
--
-- The ids of the parts that an object depends on; of a column as well as of its table. The row type
-- of a table is the table, and so is the sequence of an identity column; an array is the type of
-- its elements, a multirange and the constructors of a range are the range, the _RETURN rule the
-- view. sub: only what this column depends on. (PL/pgSQL, here and below, where a plan is worth keeping: that of an
-- SQL function is made anew by every query that calls it.)
CREATE FUNCTION boardinghouse._needs(class oid, object oid, sub integer DEFAULT NULL)
    RETURNS text[]
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT
               CASE WHEN tc.oid IS NOT NULL AND tc.relkind <> 'c'
                   THEN concat('pg_class ', tc.oid, ' 0')
                    WHEN t.oid IS NOT NULL THEN concat('pg_type ',
                                                       coalesce(r.rngtypid, e.oid, t.oid), ' 0')
                    WHEN f.refobjid IS NOT NULL
                        THEN concat('pg_type ', coalesce(fr.rngtypid, f.refobjid), ' 0')
                    WHEN w.ev_type = '1' THEN concat('pg_class ', w.ev_class, ' 0')
                    WHEN c.relkind = 'c' THEN concat('pg_type ', c.reltype, ' ', s.sub)
                    WHEN i.refobjid IS NOT NULL THEN concat('pg_class ', i.refobjid, ' 0')
                    ELSE concat(d.refclassid::regclass, ' ', d.refobjid, ' ', s.sub) END
          FROM pg_depend AS d
          CROSS JOIN LATERAL (SELECT d.refobjsubid UNION SELECT 0) AS s (sub)
          LEFT JOIN pg_type AS t ON d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid
          LEFT JOIN pg_type AS e ON e.oid = t.typelem AND e.typarray = t.oid
          LEFT JOIN pg_range AS r ON r.rngmultitypid = coalesce(e.oid, t.oid)
          LEFT JOIN pg_class AS tc ON tc.oid = coalesce(e.typrelid, t.typrelid)
          LEFT JOIN pg_rewrite AS w ON d.refclassid = 'pg_rewrite'::regclass AND w.oid = d.refobjid
          LEFT JOIN pg_class AS c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
          LEFT JOIN pg_depend AS i ON c.relkind = 'S' AND i.classid = 'pg_class'::regclass
              AND i.objid = c.oid
                                  AND i.refclassid = 'pg_class'::regclass AND i.deptype = 'i'
          LEFT JOIN pg_depend AS f ON d.refclassid = 'pg_proc'::regclass
              AND f.classid = d.refclassid AND f.objid = d.refobjid AND f.objsubid = 0
              AND f.refclassid = 'pg_type'::regclass AND f.deptype = 'i'
          LEFT JOIN pg_range AS fr ON fr.rngmultitypid = f.refobjid
         WHERE d.classid = class
           AND d.objid = object
           AND (_needs.sub IS NULL OR d.objsubid = _needs.sub)
           AND d.refobjid >= 16384      -- FirstNormalObjectId: below it are PostgreSQL's own objects
           AND d.refclassid <> 'pg_namespace'::regclass
           AND d.deptype IN ('n', 'a', 'i'));
END;
$function$;

-- _type_needs(types)
--
-- The ids of the parts that these types are, or are made from: as _needs().
CREATE FUNCTION boardinghouse._type_needs(types oid[])
    RETURNS text[]
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT
               CASE WHEN c.oid IS NOT NULL AND c.relkind <> 'c'
                    THEN concat('pg_class ', c.oid, ' 0')
                    ELSE concat('pg_type ', coalesce(r.rngtypid, e.oid, t.oid), ' 0') END
          FROM unnest(types) AS u (oid)
          JOIN pg_type AS t ON t.oid = u.oid
          LEFT JOIN pg_range AS r ON r.rngmultitypid = t.oid
          LEFT JOIN pg_type AS e ON e.oid = t.typelem AND t.typcategory = 'A'
          LEFT JOIN pg_class AS c ON c.oid = coalesce(e.typrelid, t.typrelid)
         WHERE u.oid >= 16384);      -- FirstNormalObjectId
END;
$function$;

-- _inherited_columns(relation, column_name, is_not_null)
--
-- The ids of the columns of this name in the parents of a table; is_not_null: of those NOT NULL.
-- NULL where there is none.
CREATE FUNCTION boardinghouse._inherited_columns(relation oid, column_name name,
                                                 is_not_null boolean DEFAULT false)
    RETURNS text[]
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT array_agg(concat('pg_class ', a.attrelid, ' ', a.attnum))
          FROM pg_inherits AS i
          JOIN pg_attribute AS a ON a.attrelid = i.inhparent AND a.attname = column_name
              AND NOT a.attisdropped
         WHERE i.inhrelid = relation AND (a.attnotnull OR NOT is_not_null));
END;
$function$;

-- _function_name(function, home)
--
-- How a definition names a function in a schema: bare where it is of this schema, else qualified;
-- NULL for none. Where PostgreSQL finds it by the types it is to take.
CREATE FUNCTION boardinghouse._function_name(function oid, home oid)
    RETURNS text
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT concat(CASE WHEN p.pronamespace <> home THEN quote_ident(n.nspname) || '.' END,
                      quote_ident(p.proname))
          FROM pg_proc AS p
          JOIN pg_namespace AS n ON n.oid = p.pronamespace
         WHERE p.oid = function);
END;
$function$;

-- _operator_name(operator, home)
--
-- The same for an operator.
CREATE FUNCTION boardinghouse._operator_name(operator oid, home oid)
    RETURNS text
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN (
        SELECT concat(CASE WHEN o.oprnamespace <> home THEN quote_ident(n.nspname) || '.' END,
                      o.oprname)
          FROM pg_operator AS o
          JOIN pg_namespace AS n ON n.oid = o.oprnamespace
         WHERE o.oid = operator);
END;
$function$;

-- _is_internal(class, object)
--
-- Whether an object belongs to another one that made it, or to an extension.
CREATE FUNCTION boardinghouse._is_internal(class oid, object oid)
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN EXISTS (SELECT FROM pg_depend AS d
                    WHERE d.classid = class AND d.objid = object AND d.objsubid = 0
                      AND d.deptype IN ('i', 'e'));
END;
$function$;
