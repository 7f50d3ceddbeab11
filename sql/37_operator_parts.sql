-- Layer 3, inventory: aggregates; operators, their families and classes; casts. What they are made
-- of is named as PostgreSQL looks it up: bare in the schema itself, else qualified.

CREATE VIEW boardinghouse._aggregate_part AS
SELECT 'aggregate' AS kind, s.signature AS object, p.proname::text AS name, 0 AS sort,
       concat('pg_proc ', p.oid, ' 0') AS id, NULL::text AS within, p.oid AS main,
       'CREATE ' || d.definition AS ddl, 'CREATE OR REPLACE ' || d.definition AS alteration,
       format('DROP AGGREGATE IF EXISTS %I(%s)', p.proname, s.arguments) AS undo,
       NULL::text AS inline,
       ARRAY['ALTER AGGREGATE ', format('(%s) RENAME TO ', s.arguments)] AS rename,
       md5(concat_ws('|', p.proargtypes, p.proallargtypes, p.proargmodes, p.proargnames,
                     p.provariadic, p.prorettype, p.proparallel, g.aggkind, g.aggnumdirectargs,
                     g.aggtransfn::oid, g.aggfinalfn::oid, g.aggcombinefn::oid,
                     g.aggserialfn::oid, g.aggdeserialfn::oid, g.aggmtransfn::oid,
                     g.aggminvtransfn::oid, g.aggmfinalfn::oid, g.aggfinalextra, g.aggmfinalextra,
                     g.aggfinalmodify, g.aggmfinalmodify, g.aggsortop, g.aggtranstype,
                     g.aggtransspace, g.aggmtranstype, g.aggmtransspace,
                     quote_nullable(g.agginitval), quote_nullable(g.aggminitval))) AS raw,
       boardinghouse._needs('pg_proc'::regclass, p.oid) AS needs, false AS names_schema
  FROM pg_proc AS p
  JOIN pg_aggregate AS g ON g.aggfnoid = p.oid
  CROSS JOIN LATERAL (
        SELECT format('%I(%s)', p.proname, oidvectortypes(p.proargtypes)),
               CASE WHEN p.pronargs = 0 THEN '*'
                   ELSE pg_get_function_identity_arguments(p.oid) END OFFSET 0
       ) AS s (signature, arguments)
  CROSS JOIN LATERAL (
        SELECT format('AGGREGATE %I(%s) (%s)', p.proname,
                      CASE WHEN p.pronargs = 0 THEN '*'
                          ELSE pg_get_function_arguments(p.oid) END,
                      concat_ws(', ',
                                'SFUNC = ' || f.trans, 'STYPE = ' || format_type(g.aggtranstype,
                                                                                 NULL),
                                'SSPACE = ' || NULLIF(g.aggtransspace, 0),
                                'FINALFUNC = ' || f.final,
                                CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
                                'FINALFUNC_MODIFY = ' || CASE WHEN f.final IS NOT NULL
                                    THEN m.modify END,
                                'COMBINEFUNC = ' || f.combine, 'SERIALFUNC = ' || f.serial,
                                'DESERIALFUNC = ' || f.deserial,
                                'INITCOND = ' || quote_literal(g.agginitval),
                                'MSFUNC = ' || f.mtrans, 'MINVFUNC = ' || f.minvtrans,
                                'MSTYPE = ' || CASE WHEN g.aggmtranstype <> 0
                                    THEN format_type(g.aggmtranstype, NULL) END,
                                'MSSPACE = ' || NULLIF(g.aggmtransspace, 0),
                                'MFINALFUNC = ' || f.mfinal,
                                CASE WHEN g.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
                                'MFINALFUNC_MODIFY = ' || CASE WHEN f.mfinal IS NOT NULL
                                    THEN m.mmodify END,
                                'MINITCOND = ' || quote_literal(g.aggminitval),
                                'SORTOP = OPERATOR(' || f.sortop || ')',
                                'PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE'
                                    WHEN 'r' THEN 'RESTRICTED' END,
                                CASE g.aggkind WHEN 'h' THEN 'HYPOTHETICAL' END))
          FROM (SELECT boardinghouse._function_name(g.aggtransfn, p.pronamespace) AS trans,
                       boardinghouse._function_name(g.aggfinalfn, p.pronamespace) AS final,
                       boardinghouse._function_name(g.aggcombinefn, p.pronamespace) AS combine,
                       boardinghouse._function_name(g.aggserialfn, p.pronamespace) AS serial,
                       boardinghouse._function_name(g.aggdeserialfn, p.pronamespace) AS deserial,
                       boardinghouse._function_name(g.aggmtransfn, p.pronamespace) AS mtrans,
                       boardinghouse._function_name(g.aggminvtransfn, p.pronamespace) AS minvtrans,
                       boardinghouse._function_name(g.aggmfinalfn, p.pronamespace) AS mfinal,
                       boardinghouse._operator_name(g.aggsortop, p.pronamespace) AS sortop) AS f
          CROSS JOIN LATERAL (
                SELECT v.words ->> g.aggfinalmodify::text, v.words ->> g.aggmfinalmodify::text
                  FROM (SELECT '{"r": "READ_ONLY", "s": "SHAREABLE", "w": "READ_WRITE"}'::jsonb)
                       AS v (words)
               ) AS m (modify, mmodify)
         OFFSET 0
       ) AS d (definition)
 WHERE p.prokind = 'a'
UNION ALL
-- CREATE OR REPLACE cannot change these.
SELECT 'function result', format('%I(%s)', p.proname, oidvectortypes(p.proargtypes)), NULL, 0,
       concat('pg_proc ', p.oid, ' 0'), concat('pg_proc ', p.oid, ' 0'), p.oid,
       concat_ws(' ', g.aggkind, pg_get_function_result(p.oid),
                 pg_get_function_identity_arguments(p.oid)),
       NULL, NULL, NULL, NULL,
       concat_ws(' ', p.prorettype, p.proargnames, p.proallargtypes, g.aggnumdirectargs),
       NULL, false
  FROM pg_proc AS p
  JOIN pg_aggregate AS g ON g.aggfnoid = p.oid
 WHERE p.prokind = 'a';

-- The clauses of CREATE OPERATOR beyond what it is made of, as format() strings. Those that name
-- other operators or a use of its own can be set afterwards from PostgreSQL 17 on, but for operators
-- it has only been told of.
CREATE VIEW boardinghouse._operator_property AS
SELECT o.oid AS operator, p.sort, p.property, p.needed, p.clause,
       p.sort <= 2 OR (p.is_made
                       AND current_setting('server_version_num')::integer >= 170000) AS is_settable
  FROM pg_operator AS o
  CROSS JOIN LATERAL (
        SELECT f.sort, f.property, concat('pg_proc ', f.function, ' 0') AS needed,
               concat(f.property, ' = ',
                      replace(boardinghouse._function_name(f.function, o.oprnamespace),
                              '%', '%%')) AS clause, true AS is_made
          FROM (VALUES (1, 'RESTRICT', o.oprrest::oid), (2, 'JOIN', o.oprjoin::oid)
               ) AS f (sort, property, function)
         WHERE f.function <> 0
         UNION ALL
        SELECT l.sort, l.property, concat('pg_operator ', t.oid, ' 0'),
               concat(l.property, ' = OPERATOR(',
                      CASE WHEN t.oprnamespace = o.oprnamespace THEN '%1$I'
                          ELSE replace(quote_ident(n.nspname), '%', '%%') END,
                      '.', replace(t.oprname, '%', '%%'), ')'), t.oprcode <> 0
          FROM (VALUES (3, 'COMMUTATOR', o.oprcom), (4, 'NEGATOR', o.oprnegate)
               ) AS l (sort, property, operator)
          JOIN pg_operator AS t ON t.oid = l.operator
          JOIN pg_namespace AS n ON n.oid = t.oprnamespace
         UNION ALL
        SELECT w.sort, w.property, '', w.property, true
          FROM (VALUES (5, 'HASHES', o.oprcanhash), (6, 'MERGES', o.oprcanmerge)
               ) AS w (sort, property, is_set)
         WHERE w.is_set
       ) AS p;

-- What an operator says of others is said where it is made: they may come later, and are told to
-- PostgreSQL by name and types alone. So the name is qualified, lest one of pg_catalog be taken. An
-- operator that has only been told of so far is an operator without a function.
CREATE VIEW boardinghouse._operator_part AS
SELECT 'operator' AS kind, s.signature AS object, o.oprname::text AS name, 0 AS sort,
       concat('pg_operator ', o.oid, ' 0') AS id, NULL::text AS within, o.oid AS main,
       CASE WHEN o.oprcode <> 0 THEN replace(x.made, '%', '%%')
            -- Another operator may tell of it, too.
            ELSE concat('SELECT boardinghouse._tell_of(%1$L, ',
                        replace(concat_ws(', ', quote_literal(o.oprname),
                                          quote_nullable(s.leftarg), quote_literal(s.rightarg)),
                                '%', '%%'), ')') END AS ddl,
       -- From told of to made.
       concat(replace(left(x.made, -1), '%', '%%'),
              (SELECT string_agg(', ' || p.clause, '' ORDER BY p.sort)
                 FROM boardinghouse._operator_property AS p WHERE p.operator = o.oid),
              ')') AS alteration,
       replace(format('DROP OPERATOR IF EXISTS %s', s.signature), '%', '%%') AS undo,
       CASE WHEN o.oprcode = 0 THEN 'told of'
            ELSE replace(x.made, '%', '%%') END AS inline,
       NULL::text[] AS rename,
       CASE WHEN o.oprcode = 0 THEN 'told of'
           ELSE concat_ws(' ', o.oprcode::oid, o.oprleft, o.oprright) END AS raw,
       boardinghouse._needs('pg_operator'::regclass, o.oid) AS needs, true AS names_schema
  FROM pg_operator AS o
  CROSS JOIN LATERAL (
        SELECT format('%s(%s, %s)', o.oprname, coalesce(t.leftarg, 'NONE'), t.rightarg), t.*
          FROM (SELECT CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END,
                       format_type(o.oprright, NULL)) AS t (leftarg, rightarg) OFFSET 0
       ) AS s (signature, leftarg, rightarg)
  CROSS JOIN LATERAL (
        SELECT format('CREATE OPERATOR %s (%s)', o.oprname,
                      concat_ws(', ',
                                'FUNCTION = '
                                    || boardinghouse._function_name(o.oprcode, o.oprnamespace),
                                'LEFTARG = ' || s.leftarg, 'RIGHTARG = ' || s.rightarg)) OFFSET 0
       ) AS x (made)
UNION ALL
SELECT 'operator property', concat(s.signature, ' ', p.property), NULL, p.sort,
       concat('pg_operator ', o.oid, ' ', p.property), concat('pg_operator ', o.oid, ' 0'), o.oid,
       CASE WHEN p.is_settable THEN x.altered END, CASE WHEN p.is_settable THEN x.altered END,
       -- PostgreSQL takes the others back along with the other operator, or not at all.
       CASE WHEN p.sort <= 2
            THEN replace(format('ALTER OPERATOR %s SET (%s = NONE)', s.signature, p.property),
                         '%', '%%') END,
       ', ' || p.clause, NULL, p.needed, ARRAY[NULLIF(p.needed, '')], true
  FROM pg_operator AS o
  CROSS JOIN LATERAL (
        SELECT format('%s(%s, %s)', o.oprname,
                      CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL)
                          ELSE 'NONE' END, format_type(o.oprright, NULL)) OFFSET 0
       ) AS s (signature)
  JOIN boardinghouse._operator_property AS p ON p.operator = o.oid
  CROSS JOIN LATERAL (
        SELECT concat('ALTER OPERATOR ', replace(s.signature, '%', '%%'), ' SET (', p.clause, ')')
       ) AS x (altered)
 WHERE o.oprcode <> 0;

-- _tell_of(schema, operator, left_type, right_type)
--
-- Let there be an operator without a function, as PostgreSQL makes one of which another one says
-- that it is its commutator or negator. The types are named relative to the schema.
CREATE FUNCTION boardinghouse._tell_of(schema text, operator text, left_type text, right_type text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    arguments CONSTANT text := concat_ws(', ', left_type, right_type);
BEGIN
    PERFORM set_config('search_path', format('%I, pg_catalog, pg_temp', schema), true);
    IF pg_catalog.to_regoperator(pg_catalog.format('%I.%s(%s, %s)', schema, operator,
                                                   coalesce(left_type, 'NONE'), right_type))
            IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE pg_catalog.format('CREATE FUNCTION %I.boardinghouse_teller(%s) RETURNS boolean'
                              ' LANGUAGE internal AS ''booleq''', schema, arguments);
    EXECUTE pg_catalog.format('CREATE OPERATOR %1$I.?#@?#@? (FUNCTION ='
                              ' %1$I.boardinghouse_teller, %2$s RIGHTARG = %3$s,'
                              ' NEGATOR = OPERATOR(%1$I.%4$s))', schema,
                              pg_catalog.concat('LEFTARG = ' OPERATOR(pg_catalog.||) left_type
                                                OPERATOR(pg_catalog.||) ','),
                              right_type, operator);
    EXECUTE pg_catalog.format('DROP OPERATOR %I.?#@?#@?(%s, %s)', schema,
                              coalesce(left_type, 'NONE'), right_type);
    EXECUTE pg_catalog.format('DROP FUNCTION %I.boardinghouse_teller(%s)', schema, arguments);
END;
$function$;

CREATE VIEW boardinghouse._operator_class_part AS
SELECT 'operator family' AS kind, x.object AS object, f.opfname::text AS name, 0 AS sort,
       concat('pg_opfamily ', f.oid, ' 0') AS id, NULL::text AS within, f.oid AS main,
       'pg_opfamily' AS main_class, 'CREATE OPERATOR FAMILY ' || x.object AS ddl,
       NULL::text AS alteration, 'DROP OPERATOR FAMILY IF EXISTS ' || x.object AS undo,
       NULL::text AS inline,
       ARRAY['ALTER OPERATOR FAMILY ', format(' USING %I RENAME TO ', m.amname)] AS rename,
       f.opfmethod::text AS raw, NULL::text[] AS needs, false AS names_schema
  FROM pg_opfamily AS f
  JOIN pg_am AS m ON m.oid = f.opfmethod
  CROSS JOIN LATERAL (SELECT format('%I USING %I', f.opfname, m.amname)) AS x (object)
UNION ALL
SELECT 'operator class', x.object, c.opcname::text, 0, concat('pg_opclass ', c.oid, ' 0'), NULL,
       c.oid, 'pg_opclass',
       concat('CREATE OPERATOR CLASS ', quote_ident(c.opcname),
              CASE WHEN c.opcdefault THEN ' DEFAULT' END, ' FOR TYPE ',
              format_type(c.opcintype, NULL), ' USING ', quote_ident(m.amname), ' FAMILY ',
              CASE WHEN f.opfnamespace <> c.opcnamespace THEN quote_ident(n.nspname) || '.' END,
              quote_ident(f.opfname), ' AS STORAGE ',
              format_type(COALESCE(NULLIF(c.opckeytype, 0), c.opcintype), NULL)),
       NULL, 'DROP OPERATOR CLASS IF EXISTS ' || x.object, NULL,
       ARRAY['ALTER OPERATOR CLASS ', format(' USING %I RENAME TO ', m.amname)],
       concat_ws(' ', c.opcmethod, c.opcfamily, c.opcintype, c.opcdefault, c.opckeytype),
       boardinghouse._needs('pg_opclass'::regclass, c.oid), false
  FROM pg_opclass AS c
  JOIN pg_am AS m ON m.oid = c.opcmethod
  JOIN pg_opfamily AS f ON f.oid = c.opcfamily
  JOIN pg_namespace AS n ON n.oid = f.opfnamespace
  CROSS JOIN LATERAL (SELECT format('%I USING %I', c.opcname, m.amname)) AS x (object)
UNION ALL
-- What PostgreSQL counts as the class's own, or the family's.
SELECT CASE o.holder WHEN 'pg_opclass' THEN 'class member' ELSE 'family member' END,
       concat(o.member, ' OF ', o.family), NULL, o.number, concat(o.class, ' ', o.oid, ' 0'),
       concat(o.holder, ' ', o.held_by, ' 0'), o.held_by, o.holder,
       concat('ALTER OPERATOR FAMILY ', o.family, ' ADD ', o.definition), NULL,
       concat('ALTER OPERATOR FAMILY ', o.family, ' DROP ', o.member),
       CASE o.holder WHEN 'pg_opclass' THEN ', ' || o.definition END,
       NULL, o.raw, boardinghouse._needs(o.class::regclass, o.oid), false
  FROM (SELECT d.refclassid::regclass::text AS holder, d.refobjid AS held_by, 'pg_amop' AS class,
               a.oid, a.amopstrategy::integer AS number, x.family,
               format('OPERATOR %s (%s, %s)', a.amopstrategy, format_type(a.amoplefttype, NULL),
                      format_type(a.amoprighttype, NULL)) AS member,
               concat('OPERATOR ', a.amopstrategy, ' ',
                      boardinghouse._operator_name(a.amopopr, f.opfnamespace),
                      '(', format_type(p.oprleft, NULL), ', ', format_type(p.oprright, NULL), ')',
                      ' FOR ORDER BY '
                          || CASE WHEN s.opfnamespace <> f.opfnamespace
                              THEN quote_ident(sn.nspname) || '.' ELSE '' END
                          || quote_ident(s.opfname)) AS definition,
               concat_ws(' ', a.amopopr, a.amopsortfamily) AS raw
          FROM pg_depend AS d
          JOIN pg_amop AS a ON a.oid = d.objid
          JOIN pg_operator AS p ON p.oid = a.amopopr
          JOIN pg_opfamily AS f ON f.oid = a.amopfamily
          JOIN pg_am AS m ON m.oid = f.opfmethod
          LEFT JOIN pg_opclass AS c ON d.refclassid = 'pg_opclass'::regclass
              AND c.oid = d.refobjid
          JOIN pg_namespace AS n ON n.oid = f.opfnamespace
          LEFT JOIN pg_opfamily AS s ON s.oid = a.amopsortfamily
          LEFT JOIN pg_namespace AS sn ON sn.oid = s.opfnamespace
          CROSS JOIN LATERAL (
                SELECT concat(CASE WHEN c.opcnamespace <> f.opfnamespace
                                  THEN quote_ident(n.nspname) || '.' END,
                              format('%I USING %I', f.opfname, m.amname))
               ) AS x (family)
         WHERE d.classid = 'pg_amop'::regclass
           AND ((d.refclassid = 'pg_opclass'::regclass AND d.deptype = 'i')
                OR (d.refclassid = 'pg_opfamily'::regclass AND d.deptype = 'a'
                    AND d.refobjid = a.amopfamily))
         UNION ALL
        SELECT d.refclassid::regclass::text, d.refobjid, 'pg_amproc', a.oid,
               a.amprocnum::integer, x.family,
               format('FUNCTION %s (%s, %s)', a.amprocnum, t.types, u.types),
               format('FUNCTION %s (%s, %s) %s', a.amprocnum, t.types, u.types,
                      a.amproc::oid::regprocedure),
               a.amproc::oid::text
          FROM pg_depend AS d
          JOIN pg_amproc AS a ON a.oid = d.objid
          JOIN pg_opfamily AS f ON f.oid = a.amprocfamily
          JOIN pg_am AS m ON m.oid = f.opfmethod
          LEFT JOIN pg_opclass AS c ON d.refclassid = 'pg_opclass'::regclass
              AND c.oid = d.refobjid
          JOIN pg_namespace AS n ON n.oid = f.opfnamespace
          CROSS JOIN LATERAL (SELECT format_type(a.amproclefttype, NULL)) AS t (types)
          CROSS JOIN LATERAL (SELECT format_type(a.amprocrighttype, NULL)) AS u (types)
          CROSS JOIN LATERAL (
                SELECT concat(CASE WHEN c.opcnamespace <> f.opfnamespace
                                  THEN quote_ident(n.nspname) || '.' END,
                              format('%I USING %I', f.opfname, m.amname))
               ) AS x (family)
         WHERE d.classid = 'pg_amproc'::regclass
           AND ((d.refclassid = 'pg_opclass'::regclass AND d.deptype = 'i')
                OR (d.refclassid = 'pg_opfamily'::regclass AND d.deptype = 'a'
                    AND d.refobjid = a.amprocfamily))
       ) AS o;

-- A cast is in no schema: it belongs to its source type, or to its target where only that is here.
CREATE VIEW boardinghouse._cast_part AS
SELECT 'cast' AS kind, x.object AS object, NULL::text AS name, 0 AS sort,
       concat('pg_cast ', c.oid, ' 0') AS id, concat(m.main_class, ' ', m.main, ' 0') AS within,
       m.main AS main, m.main_class AS main_class,
       concat('CREATE CAST ', x.object,
              CASE c.castmethod WHEN 'f' THEN ' WITH FUNCTION '
                                    || c.castfunc::oid::regprocedure::text
                  WHEN 'i' THEN ' WITH INOUT' ELSE ' WITHOUT FUNCTION' END,
              CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT'
                  END) AS ddl,
       NULL::text AS alteration, 'DROP CAST IF EXISTS ' || x.object AS undo, NULL::text AS inline,
       NULL::text[] AS rename,
       concat_ws(' ', c.castsource, c.casttarget, c.castfunc::oid, c.castmethod,
                 c.castcontext) AS raw,
       -- Only later versions note which casts the function's types need.
       boardinghouse._needs('pg_cast'::regclass, c.oid)
           || ARRAY(SELECT concat('pg_cast ', o.oid, ' 0')
                      FROM pg_proc AS p
                      JOIN pg_cast AS o ON o.oid >= 16384 AND o.castmethod = 'b'
                          AND o.castcontext = 'i'
                          AND ((o.castsource = p.prorettype AND o.casttarget = c.casttarget)
                               OR (o.castsource = c.castsource
                                   AND o.casttarget = p.proargtypes[0]))
                     WHERE c.castmethod = 'f' AND p.oid = c.castfunc) AS needs,
       false AS names_schema, 'CAST ' || x.object AS phrase
  FROM (SELECT t.oid AS main, 'pg_type' AS main_class, t.oid AS type, t.typarray,
               t.typnamespace AS namespace
          FROM pg_type AS t
         UNION ALL
        SELECT r.oid, 'pg_class', t.oid, t.typarray, t.typnamespace
          FROM pg_class AS r
          JOIN pg_type AS t ON t.oid = r.reltype
         WHERE r.relkind <> 'c') AS m
  CROSS JOIN LATERAL (
        SELECT m.type UNION ALL SELECT m.typarray
         UNION ALL
        SELECT r.rngmultitypid FROM pg_range AS r WHERE r.rngtypid = m.type
       ) AS y (type)
  CROSS JOIN LATERAL (
        SELECT s.* FROM pg_cast AS s WHERE s.castsource = y.type
         UNION ALL
        SELECT s.*
          FROM pg_depend AS d
          JOIN pg_cast AS s ON s.oid = d.objid AND s.casttarget = y.type
          JOIN pg_type AS o ON o.oid = s.castsource AND o.typnamespace <> m.namespace
         WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid = y.type
           AND d.classid = 'pg_cast'::regclass
       ) AS c
  CROSS JOIN LATERAL (
        SELECT format('(%s AS %s)', format_type(c.castsource, NULL),
                      format_type(c.casttarget, NULL)) OFFSET 0
       ) AS x (object)
 WHERE NOT boardinghouse._is_internal('pg_cast'::regclass, c.oid);
