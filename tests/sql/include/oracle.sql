-- The one oracle of likeness, and the tenants it looks at. Every test file begins with:
--     \getenv abs_srcdir PG_ABS_SRCDIR
--     \set oracle :abs_srcdir '/sql/include/oracle.sql'
--     \i :oracle
-- After it there are the template, with mirroring on, and two tenants made before any change: early,
-- and one whose name is as unkind as names can be. SELECT alike('...') after a change says that
-- these, the tenant made after the change before, one made now, and the template are the same.
-- Own catalog queries say so, not only the extension's word: facts() knows nothing of the inventory.
\set QUIET 1
\pset format unaligned
\pset tuples_only on
\pset pager off
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
BEGIN;
CREATE EXTENSION IF NOT EXISTS boardinghouse;
SELECT boardinghouse.enable() \g /dev/null

-- facts(schema)
--
-- Everything the catalogs say about the objects of a schema, one fact per row; names are relative to
-- the schema where PostgreSQL can say them so, which is decided by the search_path of the cursor.
CREATE FUNCTION pg_temp.facts(schema text) RETURNS SETOF text
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' AS $function$
DECLARE
    here CONSTANT oid := (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname = schema);
    quoted CONSTANT text := quote_ident(schema);
    -- PostgreSQL qualifies a table that has the name of a WITH query.
    qualifier CONSTANT text := '((?:FROM|JOIN|ONLY|,)\s+)' || regexp_replace(quoted, '(\W)', '\\\1', 'g') || '\.';
    facts refcursor;
    fact text;
BEGIN
    OPEN facts FOR
    WITH object AS (
        SELECT 'pg_class'::regclass AS class, c.oid, c.relacl AS acl, c.relowner AS owner,
               CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END AS acl_kind
          FROM pg_class AS c WHERE c.relnamespace = here
         UNION ALL
        SELECT 'pg_type'::regclass, t.oid, t.typacl, t.typowner, 'T'::"char" FROM pg_type AS t WHERE t.typnamespace = here
         UNION ALL
        SELECT 'pg_proc'::regclass, p.oid, p.proacl, p.proowner, 'f'::"char" FROM pg_proc AS p WHERE p.pronamespace = here
         UNION ALL
        -- Without those that PostgreSQL numbers itself: of a key to a partitioned table, for each partition there.
        SELECT 'pg_constraint'::regclass, k.oid, NULL, NULL, NULL
          FROM pg_constraint AS k LEFT JOIN pg_constraint AS p ON p.oid = k.conparentid
         WHERE k.connamespace = here AND p.conrelid IS DISTINCT FROM NULLIF(k.conrelid, 0)
         UNION ALL
        SELECT 'pg_trigger'::regclass, g.oid, NULL, NULL, NULL
          FROM pg_trigger AS g JOIN pg_class AS c ON c.oid = g.tgrelid WHERE c.relnamespace = here AND NOT g.tgisinternal
         UNION ALL
        SELECT 'pg_rewrite'::regclass, w.oid, NULL, NULL, NULL
          FROM pg_rewrite AS w JOIN pg_class AS c ON c.oid = w.ev_class WHERE c.relnamespace = here
         UNION ALL
        SELECT 'pg_policy'::regclass, p.oid, NULL, NULL, NULL
          FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid WHERE c.relnamespace = here
         UNION ALL
        SELECT 'pg_statistic_ext'::regclass, s.oid, NULL, s.stxowner, NULL FROM pg_statistic_ext AS s WHERE s.stxnamespace = here
         UNION ALL
        SELECT 'pg_operator'::regclass, o.oid, NULL, o.oprowner, NULL FROM pg_operator AS o WHERE o.oprnamespace = here
         UNION ALL
        SELECT 'pg_collation'::regclass, c.oid, NULL, c.collowner, NULL FROM pg_collation AS c WHERE c.collnamespace = here
         UNION ALL
        SELECT 'pg_opclass'::regclass, c.oid, NULL, c.opcowner, NULL FROM pg_opclass AS c WHERE c.opcnamespace = here
         UNION ALL
        SELECT 'pg_opfamily'::regclass, f.oid, NULL, f.opfowner, NULL FROM pg_opfamily AS f WHERE f.opfnamespace = here
         UNION ALL
        SELECT 'pg_conversion'::regclass, c.oid, NULL, c.conowner, NULL FROM pg_conversion AS c WHERE c.connamespace = here
         UNION ALL
        SELECT 'pg_ts_config'::regclass, c.oid, NULL, c.cfgowner, NULL FROM pg_ts_config AS c WHERE c.cfgnamespace = here
         UNION ALL
        SELECT 'pg_ts_dict'::regclass, d.oid, NULL, d.dictowner, NULL FROM pg_ts_dict AS d WHERE d.dictnamespace = here
         UNION ALL
        SELECT 'pg_ts_parser'::regclass, p.oid, NULL, NULL, NULL FROM pg_ts_parser AS p WHERE p.prsnamespace = here
         UNION ALL
        SELECT 'pg_ts_template'::regclass, t.oid, NULL, NULL, NULL FROM pg_ts_template AS t WHERE t.tmplnamespace = here
         UNION ALL
        SELECT 'pg_cast'::regclass, c.oid, NULL, NULL, NULL
          FROM pg_cast AS c JOIN pg_type AS s ON s.oid = c.castsource JOIN pg_type AS t ON t.oid = c.casttarget
         WHERE here IN (s.typnamespace, t.typnamespace)
    ),
    named AS (
        SELECT o.class, o.oid, o.acl, o.owner, o.acl_kind, pg_describe_object(o.class, o.oid, 0) AS name FROM object AS o
    ),
    -- Live columns by their place among each other: tenants may have had other columns, dropped since.
    attribute AS (
        SELECT a.*, row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS place
          FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
         WHERE c.relnamespace = here AND a.attnum > 0 AND NOT a.attisdropped
    )
    SELECT f.fact FROM (
        SELECT concat_ws(' | ', n.name, 'object of', n.class, 'owner', pg_get_userbyid(n.owner)) FROM named AS n
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'grant', CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END,
                         a.privilege_type, a.is_grantable, pg_get_userbyid(a.grantor))
          FROM named AS n CROSS JOIN LATERAL aclexplode(coalesce(n.acl, acldefault(n.acl_kind, n.owner))) AS a
         WHERE n.acl_kind IS NOT NULL
         UNION ALL
        SELECT concat_ws(' | ', 'schema grant', CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END,
                         a.privilege_type, a.is_grantable, pg_get_userbyid(n.nspowner))
          FROM pg_namespace AS n CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a
         WHERE n.oid = here
         UNION ALL
        SELECT concat_ws(' | ', 'default privilege', d.defaclobjtype, pg_get_userbyid(d.defaclrole),
                         CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END, a.privilege_type, a.is_grantable)
          FROM pg_default_acl AS d CROSS JOIN LATERAL aclexplode(d.defaclacl) AS a
         WHERE d.defaclnamespace = here
         UNION ALL
        SELECT concat_ws(' | ', pg_describe_object(d.classoid, d.objoid, d.objsubid), 'comment', d.description)
          FROM pg_description AS d JOIN object AS o ON d.classoid = o.class AND d.objoid = o.oid
         UNION ALL
        SELECT concat_ws(' | ', 'schema comment', obj_description(here, 'pg_namespace'))
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'relation', c.relkind, c.relpersistence, m.amname, t.spcname,
                         c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relispopulated, c.relchecks, c.relnatts,
                         ARRAY(SELECT u.o FROM unnest(c.reloptions) AS u (o) ORDER BY u.o),
                         ARRAY(SELECT u.o FROM unnest(b.reloptions) AS u (o) ORDER BY u.o))
          FROM named AS n
          JOIN pg_class AS c0 ON n.class = 'pg_class'::regclass AND c0.oid = n.oid
          CROSS JOIN LATERAL (SELECT c0.relkind, c0.relpersistence, c0.relam, c0.reltablespace, c0.relrowsecurity, c0.relforcerowsecurity,
                                     c0.relreplident, c0.relispopulated, c0.relchecks, c0.reloptions, c0.reltoastrelid,
                                     (SELECT count(*) FROM attribute AS a WHERE a.attrelid = c0.oid) AS relnatts) AS c
          LEFT JOIN pg_am AS m ON m.oid = c.relam
          LEFT JOIN pg_tablespace AS t ON t.oid = c.reltablespace
          LEFT JOIN pg_class AS b ON b.oid = c.reltoastrelid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'column',
                         -- A renamed column keeps its old name in indexes: PostgreSQL's own way.
                         CASE WHEN n.name !~ '^index ' THEN a.attname END,
                         'at', a.place, format_type(a.atttypid, a.atttypmod), 'local', a.attislocal, 'inherited', a.attinhcount,
                         CASE WHEN a.attnotnull THEN 'NOT NULL' END, NULLIF(a.attcollation, 0)::regcollation,
                         'identity', a.attidentity, 'generated', a.attgenerated, 'storage', a.attstorage,
                         'compression', a.attcompression, 'statistics', NULLIF(a.attstattarget, -1),
                         ARRAY(SELECT u.o FROM unnest(a.attoptions) AS u (o) WHERE NOT starts_with(u.o, 'pg_') ORDER BY u.o),
                         'default', pg_get_expr(d.adbin, d.adrelid),
                         'grants', (SELECT string_agg(concat_ws(' ', CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(x.grantee) END,
                                                                x.privilege_type, x.is_grantable), ', '
                                                      ORDER BY x.grantee, x.privilege_type, x.is_grantable)
                                      FROM aclexplode(a.attacl) AS x))
          FROM named AS n
          JOIN attribute AS a ON n.class = 'pg_class'::regclass AND a.attrelid = n.oid
          LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'of', c.reloftype::regtype)
          FROM named AS n
          JOIN pg_class AS c ON n.class = 'pg_class'::regclass AND c.oid = n.oid AND c.reloftype <> 0
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'foreign', s.srvname, ARRAY(SELECT u.o FROM unnest(f.ftoptions) AS u (o) ORDER BY u.o),
                         ARRAY(SELECT concat(a.attname, ' ', a.place, ' ', u.o) FROM attribute AS a CROSS JOIN LATERAL unnest(a.attfdwoptions) AS u (o)
                                WHERE a.attrelid = n.oid ORDER BY a.place, u.o))
          FROM named AS n
          JOIN pg_foreign_table AS f ON n.class = 'pg_class'::regclass AND f.ftrelid = n.oid
          JOIN pg_foreign_server AS s ON s.oid = f.ftserver
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'constraint', k.contype, k.condeferrable, k.condeferred, k.convalidated,
                         -- That of a partition's key says how it was made, and nothing else.
                         CASE WHEN k.contype IN ('c', 'n') THEN k.connoinherit END,
                         -- DROP COLUMN of a parent alone may leave a child's constraint inherited from nowhere.
                         CASE WHEN EXISTS (SELECT FROM pg_inherits AS i JOIN pg_constraint AS p ON p.conrelid = i.inhparent
                                            WHERE i.inhrelid = k.conrelid AND (p.oid = k.conparentid OR p.conname = k.conname))
                              THEN concat_ws(' | ', 'local', k.conislocal, 'inherited', k.coninhcount) END,
                         NULLIF(k.conindid, 0)::regclass, pg_get_constraintdef(k.oid))
          FROM named AS n
          JOIN pg_constraint AS k ON n.class = 'pg_constraint'::regclass AND k.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'index', pg_get_indexdef(i.indexrelid, 0, true), i.indisunique, i.indisprimary,
                         i.indisclustered, i.indisreplident, i.indisvalid, i.indimmediate)
          FROM named AS n
          JOIN pg_index AS i ON n.class = 'pg_class'::regclass AND i.indexrelid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'child of', i.inhparent::regclass, i.inhseqno, pg_get_expr(c.relpartbound, c.oid))
          FROM named AS n
          JOIN pg_class AS c ON n.class = 'pg_class'::regclass AND c.oid = n.oid
          JOIN pg_inherits AS i ON i.inhrelid = c.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'partitioned by', pg_get_partkeydef(n.oid))
          FROM named AS n
          JOIN pg_partitioned_table AS p ON n.class = 'pg_class'::regclass AND p.partrelid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'sequence', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
                         s.seqcache, s.seqcycle, 'owned by',
                         (SELECT pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid)
                            FROM pg_depend AS d
                           WHERE d.classid = 'pg_class'::regclass AND d.objid = n.oid AND d.objsubid = 0
                             AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
          FROM named AS n
          JOIN pg_sequence AS s ON n.class = 'pg_class'::regclass AND s.seqrelid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'trigger', pg_get_triggerdef(g.oid, true), g.tgenabled)
          FROM named AS n
          JOIN pg_trigger AS g ON n.class = 'pg_trigger'::regclass AND g.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'checks', g.tgrelid::regclass, g.tgfoid::regproc, g.tgenabled)
          FROM named AS n
          JOIN pg_trigger AS g ON n.class = 'pg_constraint'::regclass AND g.tgconstraint = n.oid
         UNION ALL
        SELECT concat_ws(' | ', pg_describe_object(l.classoid, l.objoid, l.objsubid), 'label', l.provider, l.label)
          FROM pg_seclabel AS l JOIN object AS o ON l.classoid = o.class AND l.objoid = o.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'rule', pg_get_ruledef(w.oid, true), w.ev_enabled)
          FROM named AS n
          JOIN pg_rewrite AS w ON n.class = 'pg_rewrite'::regclass AND w.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'policy', p.polcmd, p.polpermissive, 'for',
                         (SELECT string_agg(CASE r.r WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r.r) END, ', ' ORDER BY r.r)
                            FROM unnest(p.polroles) AS r (r)),
                         'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))
          FROM named AS n
          JOIN pg_policy AS p ON n.class = 'pg_policy'::regclass AND p.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'statistics', s.stxrelid::regclass, s.stxkind, pg_get_statisticsobjdef_columns(s.oid), NULLIF(s.stxstattarget, -1))
          FROM named AS n
          JOIN pg_statistic_ext AS s ON n.class = 'pg_statistic_ext'::regclass AND s.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'routine', p.prokind, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
                         (SELECT l.lanname FROM pg_language AS l WHERE l.oid = p.prolang),
                         p.prosecdef, p.proleakproof, p.proisstrict, p.proretset, p.provolatile, p.proparallel, p.procost, p.prorows,
                         p.prosupport, p.prosrc, p.probin, pg_get_function_sqlbody(p.oid),
                         -- The list of a search_path that names the schema follows it.
                         ARRAY(SELECT replace(u.o, quoted, '<schema>') FROM unnest(p.proconfig) AS u (o)))
          FROM named AS n
          JOIN pg_proc AS p ON n.class = 'pg_proc'::regclass AND p.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'type', t.typtype, t.typcategory, NULLIF(t.typbasetype, 0)::regtype, format_type(t.typbasetype, t.typtypmod),
                         t.typnotnull, NULLIF(t.typcollation, 0)::regcollation, t.typdefault,
                         ARRAY(SELECT e.enumlabel FROM pg_enum AS e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder))
          FROM named AS n
          JOIN pg_type AS t ON n.class = 'pg_type'::regclass AND t.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'definition of type', t.typlen, t.typbyval, t.typispreferred, t.typisdefined, t.typdelim,
                         NULLIF(t.typelem, 0)::regtype, t.typsubscript, t.typinput, t.typoutput, t.typreceive, t.typsend,
                         t.typmodin, t.typmodout, t.typanalyze, t.typalign, t.typstorage)
          FROM named AS n
          JOIN pg_type AS t ON n.class = 'pg_type'::regclass AND t.oid = n.oid AND t.typtype IN ('b', 'p')
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'range', r.rngsubtype::regtype, NULLIF(r.rngcollation, 0)::regcollation,
                         pg_describe_object('pg_opclass'::regclass, r.rngsubopc, 0), r.rngcanonical, r.rngsubdiff, r.rngmultitypid::regtype)
          FROM named AS n
          JOIN pg_range AS r ON n.class = 'pg_type'::regclass AND r.rngtypid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'aggregate', to_jsonb(g) - '{aggfnoid,aggsortop,aggtranstype,aggmtranstype}'::text[],
                         g.aggsortop::regoperator, g.aggtranstype::regtype, g.aggmtranstype::regtype)
          FROM named AS n
          JOIN pg_aggregate AS g ON n.class = 'pg_proc'::regclass AND g.aggfnoid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'operator', o.oprkind, o.oprcanhash, o.oprcanmerge, o.oprleft::regtype, o.oprright::regtype,
                         NULLIF(o.oprresult, 0)::regtype, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprcode, o.oprrest, o.oprjoin)
          FROM named AS n
          JOIN pg_operator AS o ON n.class = 'pg_operator'::regclass AND o.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'operator class', pg_describe_object('pg_opfamily'::regclass, c.opcfamily, 0),
                         c.opcintype::regtype, c.opcdefault, NULLIF(c.opckeytype, 0)::regtype)
          FROM named AS n
          JOIN pg_opclass AS c ON n.class = 'pg_opclass'::regclass AND c.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'member', pg_describe_object(d.classid, d.objid, 0), d.deptype,
                         pg_describe_object('pg_opfamily'::regclass, a.amopsortfamily, 0))
          FROM named AS n
          JOIN pg_depend AS d ON d.refclassid = n.class AND d.refobjid = n.oid
                             AND d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
          LEFT JOIN pg_amop AS a ON d.classid = 'pg_amop'::regclass AND a.oid = d.objid
         WHERE n.class IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'collation', to_jsonb(c) - '{oid,collnamespace,collowner,collversion}'::text[])
          FROM named AS n
          JOIN pg_collation AS c ON n.class = 'pg_collation'::regclass AND c.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'conversion', c.conforencoding, c.contoencoding, c.conproc, c.condefault)
          FROM named AS n
          JOIN pg_conversion AS c ON n.class = 'pg_conversion'::regclass AND c.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'parser', p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype)
          FROM named AS n
          JOIN pg_ts_parser AS p ON n.class = 'pg_ts_parser'::regclass AND p.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'template', t.tmplinit, t.tmpllexize)
          FROM named AS n
          JOIN pg_ts_template AS t ON n.class = 'pg_ts_template'::regclass AND t.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'dictionary', pg_describe_object('pg_ts_template'::regclass, d.dicttemplate, 0),
                         -- In whatever order they were set.
                         ARRAY(SELECT m.match[1] FROM regexp_matches(d.dictinitoption, '(\S+ = ''[^'']*'')', 'g') AS m (match) ORDER BY 1))
          FROM named AS n
          JOIN pg_ts_dict AS d ON n.class = 'pg_ts_dict'::regclass AND d.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'configuration', pg_describe_object('pg_ts_parser'::regclass, c.cfgparser, 0), m.maptokentype,
                         m.mapseqno, m.mapdict::regdictionary)
          FROM named AS n
          JOIN pg_ts_config AS c ON n.class = 'pg_ts_config'::regclass AND c.oid = n.oid
          LEFT JOIN pg_ts_config_map AS m ON m.mapcfg = c.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'cast', NULLIF(c.castfunc::oid, 0)::regprocedure, c.castcontext, c.castmethod)
          FROM named AS n
          JOIN pg_cast AS c ON n.class = 'pg_cast'::regclass AND c.oid = n.oid
         UNION ALL
        -- What depends on what: a dependency on another schema says so by its name. Built-in things aside.
        SELECT DISTINCT concat_ws(' | ', n.name, 'depends on', pg_describe_object(d.refclassid, d.refobjid, 0), d.deptype)
          FROM named AS n
          JOIN pg_depend AS d ON d.classid = n.class AND d.objid = n.oid
         WHERE (d.refobjid >= 16384 OR d.deptype = 'x') AND d.refclassid <> 'pg_namespace'::regclass
    ) AS f (fact);
    PERFORM set_config('search_path', format('%I, pg_catalog, pg_temp', schema), true);
    LOOP
        FETCH facts INTO fact;
        EXIT WHEN NOT FOUND;
        RETURN NEXT CASE WHEN fact ~ '\mWITH\M'
                         THEN regexp_replace(fact, qualifier, '\1<schema>.', 'g') ELSE fact END;
    END LOOP;
    CLOSE facts;
END;
$function$;

-- parting(here, there)
--
-- Where two sets of facts part: with - what only there is, with + what only here is.
CREATE FUNCTION pg_temp.parting(here text[], there text[]) RETURNS SETOF text
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $function$
    WITH here AS MATERIALIZED (SELECT f FROM unnest(here) AS f),
         there AS MATERIALIZED (SELECT f FROM unnest(there) AS f)
    (SELECT '+ ' || e.f FROM (SELECT f FROM here EXCEPT ALL SELECT f FROM there) AS e (f) ORDER BY 1)
     UNION ALL
    (SELECT '- ' || e.f FROM (SELECT f FROM there EXCEPT ALL SELECT f FROM here) AS e (f) ORDER BY 1)
$function$;

-- unlike(schema, reference)
--
-- Where the facts of two schemata part: with - what only the reference has, with + what only the schema has.
CREATE FUNCTION pg_temp.unlike(schema text, reference text DEFAULT '__template__') RETURNS SETOF text
    LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $function$
    SELECT pg_temp.parting(ARRAY(SELECT pg_temp.facts(schema)), ARRAY(SELECT pg_temp.facts(reference)))
$function$;

CREATE TEMPORARY SEQUENCE late;
CREATE TEMPORARY SEQUENCE looked;
CREATE TEMPORARY TABLE known (problem text);    -- what has failed a test before does not fail each one after

-- alike(description)
--
-- A test: a tenant made now, those made before and the template are the same, in the words of
-- verify(), describe() and facts(), and nothing in one depends on another. From PostgreSQL 16 on a
-- tenant is made at every fourth test only, behind the first: a new schema makes PostgreSQL plan all queries anew.
CREATE FUNCTION pg_temp.alike(description text) RETURNS text
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $function$
DECLARE
    problems text[];
    latest text[];
    template CONSTANT text[] := ARRAY(SELECT pg_temp.facts('__template__'));
    tenant text;
BEGIN
    PERFORM boardinghouse.drop_schema(l.schema)
       FROM (SELECT s.schema, row_number() OVER (ORDER BY split_part(s.schema, ' ', 2)::integer DESC) AS place
               FROM boardinghouse.schema AS s WHERE s.schema ~ '^late \d+$') AS l
      WHERE l.place > 1;
    IF nextval('pg_temp.looked') % 4 = 0 OR currval('pg_temp.looked') < 10
        OR current_setting('server_version_num')::integer < 160000 THEN
        PERFORM boardinghouse.create_schema('late ' || nextval('pg_temp.late'));
    END IF;
    latest := ARRAY(SELECT replace(regexp_replace(d.ddl, $$["']late $$ || currval('pg_temp.late') || $$["']$$, '<schema>', 'g'), 'early', '<schema>')
                      FROM boardinghouse.describe('late ' || currval('pg_temp.late')) AS d);
    problems := ARRAY(
        SELECT concat_ws(' ', 'verify:', v.schema, v.problem, v.kind, v.object, 'here:', v.here, 'there:', v.there)
          FROM boardinghouse.verify() AS v);
    FOR tenant IN SELECT s.schema FROM boardinghouse.schema AS s ORDER BY s.created_at, s.schema LOOP
        problems := problems || ARRAY(SELECT concat('facts: ', tenant, ' ', u) FROM pg_temp.parting(ARRAY(SELECT pg_temp.facts(tenant)), template) AS u);
        -- What verify() compares by name needs no other look in each tenant: in the oldest one the order of the plan is looked at, too.
        CONTINUE WHEN tenant <> 'early';
        problems := problems || ARRAY(
            SELECT concat('describe: ', tenant, ' ', d.ddl) FROM boardinghouse.describe(tenant) AS d
             WHERE replace(replace(replace(replace(d.ddl, quote_literal(tenant), '<schema>'), quote_ident(tenant), '<schema>'), '''early''', '<schema>'),
                           'early', '<schema>') <> ALL (latest));
    END LOOP;
    problems := ARRAY(SELECT u.problem FROM unnest(problems) WITH ORDINALITY AS u (problem, place)
                       WHERE regexp_replace(u.problem, 'late \d+', 'late', 'g') NOT IN (SELECT k.problem FROM pg_temp.known AS k)
                       ORDER BY u.place);
    INSERT INTO pg_temp.known SELECT regexp_replace(u.problem, 'late \d+', 'late', 'g') FROM unnest(problems) AS u (problem);
    RETURN ok(problems = '{}', description) || coalesce(E'\n' || diag(NULLIF(array_to_string(problems[1:12], E'\n'), '')), '');
END;
$function$;

-- mirrored(ddl, description)
--
-- A test: the DDL runs, and all are alike after it.
CREATE FUNCTION pg_temp.mirrored(ddl text, description text) RETURNS text
    LANGUAGE plpgsql AS $function$
DECLARE
    message text;
    detail text;
BEGIN
    BEGIN
        EXECUTE ddl;
        RETURN pg_temp.alike(description);
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
        RETURN ok(false, description) || E'\n' || diag(concat_ws(' ', SQLSTATE, message, detail));
    END;
END;
$function$;

-- failure(sql)
--
-- How a statement fails; all NULL where it does not, and then nothing of it stays either.
CREATE FUNCTION pg_temp.failure(sql text, OUT state text, OUT message text, OUT detail text, OUT hint text)
    LANGUAGE plpgsql AS $function$
BEGIN
    EXECUTE sql;
    RAISE SQLSTATE 'BH001';
EXCEPTION
    WHEN SQLSTATE 'BH001' THEN NULL;
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
            detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END;
$function$;

SELECT nextval('pg_temp.late') \g /dev/null
SELECT boardinghouse.create_schema('early', 'Early') \g /dev/null
SELECT boardinghouse.create_schema($$"O'Brien" %s.order\ $$, 'O''Brien') \g /dev/null
SELECT boardinghouse.create_schema('late 1', 'Late') \g /dev/null
