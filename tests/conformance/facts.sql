-- What the catalogs say of a schema, read without the extension: the suite's judge of likeness.

CREATE SCHEMA conformance;
GRANT USAGE ON SCHEMA conformance TO PUBLIC;

-- describe(class, object)
--
-- What an object is, by name. But the name of a foreign key's row for one partition of the table it
-- refers to is PostgreSQL's alone, and tells what the tables were called when it was made.
CREATE FUNCTION conformance.describe(class oid, object oid)
    RETURNS text
    LANGUAGE sql
    STABLE
BEGIN ATOMIC
    SELECT CASE WHEN class = 'pg_constraint'::regclass
                     AND EXISTS (SELECT FROM pg_constraint AS k
                                   JOIN pg_constraint AS p ON p.oid = k.conparentid
                                       AND p.conrelid = k.conrelid
                                  WHERE k.oid = object)
                THEN (WITH RECURSIVE up AS (
                          SELECT k.oid, k.conparentid, k.conrelid, k.confrelid
                            FROM pg_constraint AS k WHERE k.oid = object
                           UNION ALL
                          SELECT p.oid, p.conparentid, p.conrelid, u.confrelid
                            FROM up AS u
                            JOIN pg_constraint AS p ON p.oid = u.conparentid
                                AND p.conrelid = u.conrelid)
                      SELECT concat(pg_describe_object(class, u.oid, 0), ' to ',
                                    u.confrelid::regclass)
                        FROM up AS u
                       WHERE NOT EXISTS (SELECT FROM up AS o WHERE o.oid = u.conparentid))
                ELSE pg_describe_object(class, object, 0) END;
END;

-- facts(schema)
--
-- Everything that PostgreSQL's catalogs hold about the objects of a schema, one fact per row. Names
-- are relative to the schema wherever PostgreSQL can say them so: the query is parsed under
-- pg_catalog and runs under the path of the schema.
CREATE FUNCTION conformance.facts(schema text)
    RETURNS SETOF text
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
    SET datestyle = 'ISO'
    SET intervalstyle = 'postgres'
    SET jit = off
    SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
    here CONSTANT oid := (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname = schema);
    quoted CONSTANT text := quote_ident(schema);
    facts refcursor;
    fact text;
BEGIN
    OPEN facts FOR
    WITH relation AS MATERIALIZED (
        SELECT c.* FROM pg_class AS c
         WHERE c.relnamespace = here
           -- An index that is not valid is no part of a schema.
           AND NOT (c.relkind = 'i' AND EXISTS (SELECT FROM pg_index AS i
                                                 WHERE i.indexrelid = c.oid AND NOT i.indisvalid))
    ),
    object (class, oid, owner, acl, acl_kind) AS MATERIALIZED (
        SELECT 'pg_class'::regclass, c.oid, c.relowner, c.relacl,
               CASE WHEN c.relkind = 'S' THEN 's'::"char"
                    WHEN c.relkind NOT IN ('i', 'I', 'c') THEN 'r'::"char" END
          FROM relation AS c
         UNION ALL
        SELECT 'pg_type'::regclass, t.oid, t.typowner, t.typacl, 'T'
          FROM pg_type AS t WHERE t.typnamespace = here
         UNION ALL
        SELECT 'pg_proc'::regclass, p.oid, p.proowner, p.proacl, 'f'
          FROM pg_proc AS p WHERE p.pronamespace = here
         UNION ALL
        SELECT 'pg_constraint'::regclass, k.oid, NULL, NULL, NULL
          FROM pg_constraint AS k WHERE k.connamespace = here
         UNION ALL
        SELECT 'pg_trigger'::regclass, g.oid, NULL, NULL, NULL
          FROM relation AS c JOIN pg_trigger AS g ON g.tgrelid = c.oid WHERE NOT g.tgisinternal
         UNION ALL
        SELECT 'pg_rewrite'::regclass, w.oid, NULL, NULL, NULL
          FROM relation AS c JOIN pg_rewrite AS w ON w.ev_class = c.oid
         UNION ALL
        SELECT 'pg_policy'::regclass, p.oid, NULL, NULL, NULL
          FROM relation AS c JOIN pg_policy AS p ON p.polrelid = c.oid
         UNION ALL
        SELECT 'pg_attrdef'::regclass, d.oid, NULL, NULL, NULL
          FROM relation AS c JOIN pg_attrdef AS d ON d.adrelid = c.oid
         UNION ALL
        SELECT 'pg_statistic_ext'::regclass, s.oid, s.stxowner, NULL, NULL
          FROM pg_statistic_ext AS s WHERE s.stxnamespace = here
         UNION ALL
        SELECT 'pg_operator'::regclass, o.oid, o.oprowner, NULL, NULL
          FROM pg_operator AS o WHERE o.oprnamespace = here
         UNION ALL
        SELECT 'pg_opclass'::regclass, o.oid, o.opcowner, NULL, NULL
          FROM pg_opclass AS o WHERE o.opcnamespace = here
         UNION ALL
        SELECT 'pg_opfamily'::regclass, o.oid, o.opfowner, NULL, NULL
          FROM pg_opfamily AS o WHERE o.opfnamespace = here
         UNION ALL
        SELECT 'pg_collation'::regclass, c.oid, c.collowner, NULL, NULL
          FROM pg_collation AS c WHERE c.collnamespace = here
         UNION ALL
        SELECT 'pg_conversion'::regclass, c.oid, c.conowner, NULL, NULL
          FROM pg_conversion AS c WHERE c.connamespace = here
         UNION ALL
        SELECT 'pg_ts_config'::regclass, c.oid, c.cfgowner, NULL, NULL
          FROM pg_ts_config AS c WHERE c.cfgnamespace = here
         UNION ALL
        SELECT 'pg_ts_dict'::regclass, d.oid, d.dictowner, NULL, NULL
          FROM pg_ts_dict AS d WHERE d.dictnamespace = here
         UNION ALL
        SELECT 'pg_ts_parser'::regclass, p.oid, NULL, NULL, NULL
          FROM pg_ts_parser AS p WHERE p.prsnamespace = here
         UNION ALL
        SELECT 'pg_ts_template'::regclass, t.oid, NULL, NULL, NULL
          FROM pg_ts_template AS t WHERE t.tmplnamespace = here
         UNION ALL
        SELECT 'pg_cast'::regclass, c.oid, NULL, NULL, NULL
          FROM pg_cast AS c
         WHERE c.oid >= 16384
           AND EXISTS (SELECT FROM pg_type AS t
                        WHERE t.typnamespace = here AND t.oid IN (c.castsource, c.casttarget))
    ),
    named AS MATERIALIZED (
        SELECT o.*, conformance.describe(o.class, o.oid) AS name FROM object AS o
    ),
    -- Columns by their place among those that are there: a tenant may have had others.
    attribute AS MATERIALIZED (
        SELECT a.*, row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS place,
               c.relkind
          FROM relation AS c
          JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    )
    SELECT f.fact FROM (
        SELECT concat_ws(' | ', n.name, 'is a', n.class, 'of', pg_get_userbyid(n.owner))
          FROM named AS n WHERE n.class <> 'pg_attrdef'::regclass
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'grant', a.grantee::regrole, a.privilege_type,
                         a.is_grantable, 'by', a.grantor::regrole)
          FROM named AS n
         CROSS JOIN LATERAL aclexplode(coalesce(n.acl, acldefault(n.acl_kind, n.owner))) AS a
         WHERE n.acl_kind IS NOT NULL
         UNION ALL
        SELECT concat_ws(' | ', 'schema', 'of', n.nspowner::regrole, 'grant', a.grantee::regrole,
                         a.privilege_type, a.is_grantable, 'by', a.grantor::regrole)
          FROM pg_namespace AS n
         CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a
         WHERE n.oid = here
         UNION ALL
        SELECT concat_ws(' | ', 'schema', 'comment', obj_description(here, 'pg_namespace'))
         UNION ALL
        SELECT concat_ws(' | ', 'default privilege', d.defaclrole::regrole, d.defaclobjtype,
                         a.grantee::regrole, a.privilege_type, a.is_grantable)
          FROM pg_default_acl AS d CROSS JOIN LATERAL aclexplode(d.defaclacl) AS a
         WHERE d.defaclnamespace = here
         UNION ALL
        SELECT concat_ws(' | ', pg_describe_object(d.classoid, d.objoid, d.objsubid), 'comment',
                         d.description)
          FROM object AS o JOIN pg_description AS d ON d.classoid = o.class AND d.objoid = o.oid
         UNION ALL
        SELECT concat_ws(' | ', pg_describe_object(l.classoid, l.objoid, l.objsubid), 'label',
                         l.provider, l.label)
          FROM object AS o JOIN pg_seclabel AS l ON l.classoid = o.class AND l.objoid = o.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'relation', c.relkind, c.relpersistence, m.amname,
                         t.spcname, c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
                         c.relispopulated, c.relchecks, c.relispartition,
                         'of', NULLIF(c.reloftype, 0)::regtype,
                         'options', ARRAY(SELECT u.o FROM unnest(c.reloptions) AS u (o)
                                           ORDER BY u.o),
                         'toast', ARRAY(SELECT u.o FROM unnest(b.reloptions) AS u (o)
                                         ORDER BY u.o),
                         'bound', pg_get_expr(c.relpartbound, c.oid),
                         'key', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
                         'inherits',
                         (SELECT string_agg(concat(i.inhparent::regclass, CASE WHEN
                                                   i.inhdetachpending THEN ' pending' END),
                                            ', ' ORDER BY i.inhseqno)
                            FROM pg_inherits AS i WHERE i.inhrelid = c.oid))
          FROM named AS n
          JOIN relation AS c ON n.class = 'pg_class'::regclass AND c.oid = n.oid
          LEFT JOIN pg_am AS m ON m.oid = c.relam
          LEFT JOIN pg_tablespace AS t ON t.oid = c.reltablespace
          LEFT JOIN pg_class AS b ON b.oid = c.reltoastrelid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'foreign', s.srvname,
                         ARRAY(SELECT u.o FROM unnest(f.ftoptions) AS u (o) ORDER BY u.o))
          FROM named AS n
          JOIN pg_foreign_table AS f ON n.class = 'pg_class'::regclass AND f.ftrelid = n.oid
          JOIN pg_foreign_server AS s ON s.oid = f.ftserver
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'column', a.place,
                         -- Where a column is renamed, the columns of indexes keep the name.
                         CASE WHEN a.relkind NOT IN ('i', 'I') THEN a.attname END,
                         format_type(a.atttypid, a.atttypmod),
                         CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                         NULLIF(a.attcollation, 0)::regcollation,
                         'identity', a.attidentity, 'generated', a.attgenerated,
                         'storage', a.attstorage, 'compression', a.attcompression,
                         'statistics', NULLIF(a.attstattarget, -1),
                         CASE WHEN a.attislocal THEN 'local' END, 'inherited', a.attinhcount,
                         'options', ARRAY(SELECT u.o FROM unnest(a.attoptions) AS u (o)
                                           WHERE NOT starts_with(u.o, 'pg_')
                                           ORDER BY u.o),
                         'of the server', ARRAY(SELECT u.o FROM unnest(a.attfdwoptions) AS u (o)
                                                 ORDER BY u.o),
                         'default', pg_get_expr(d.adbin, d.adrelid))
          FROM named AS n
          JOIN attribute AS a ON n.class = 'pg_class'::regclass AND a.attrelid = n.oid
          LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'column', a.attname, 'grant', x.grantee::regrole,
                         x.privilege_type, x.is_grantable, 'by', x.grantor::regrole)
          FROM named AS n
          JOIN attribute AS a ON n.class = 'pg_class'::regclass AND a.attrelid = n.oid
         CROSS JOIN LATERAL aclexplode(a.attacl) AS x
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'constraint', k.contype, k.condeferrable, k.condeferred,
                         k.convalidated, to_jsonb(k) ->> 'conenforced',
                         -- Of a key it only tells in which way it came to be one of a partition.
                         CASE WHEN k.contype IN ('c', 'n') THEN k.connoinherit END,
                         -- DROP COLUMN of a parent ONLY may leave a child's constraint inherited
                         -- from nowhere.
                         CASE WHEN EXISTS (
                             SELECT FROM pg_inherits AS i
                               JOIN pg_constraint AS p ON p.conrelid = i.inhparent
                              WHERE i.inhrelid = k.conrelid
                                AND (p.oid = k.conparentid OR p.conname = k.conname))
                             THEN concat_ws(' ', k.conislocal, k.coninhcount) END,
                         'of', conformance.describe('pg_constraint'::regclass,
                                                    NULLIF(k.conparentid, 0)),
                         NULLIF(k.conindid, 0)::regclass, pg_get_constraintdef(k.oid),
                         'triggers', (SELECT string_agg(DISTINCT g.tgenabled::text, '')
                                        FROM pg_trigger AS g WHERE g.tgconstraint = k.oid
                                         AND g.tgisinternal))
          FROM named AS n
          JOIN pg_constraint AS k ON n.class = 'pg_constraint'::regclass AND k.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'index', pg_get_indexdef(i.indexrelid, 0, true),
                         i.indisunique, i.indisprimary, i.indisclustered, i.indisreplident,
                         i.indisvalid, i.indimmediate)
          FROM named AS n
          JOIN pg_index AS i ON n.class = 'pg_class'::regclass AND i.indexrelid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'sequence', format_type(s.seqtypid, NULL), s.seqstart,
                         s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle)
          FROM named AS n
          JOIN pg_sequence AS s ON n.class = 'pg_class'::regclass AND s.seqrelid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'trigger', pg_get_triggerdef(g.oid, true), g.tgenabled,
                         'of', pg_describe_object('pg_trigger'::regclass,
                                                  NULLIF(g.tgparentid, 0), 0))
          FROM named AS n
          JOIN pg_trigger AS g ON n.class = 'pg_trigger'::regclass AND g.oid = n.oid
         UNION ALL
        -- What was read back from its own text may be written a little otherwise.
        SELECT concat_ws(' | ', n.name, 'rule',
                         replace(replace(pg_get_ruledef(w.oid, true), '( VALUES', '(VALUES'),
                                 ' ON TRUE', ' ON true'),
                         w.ev_enabled)
          FROM named AS n
          JOIN pg_rewrite AS w ON n.class = 'pg_rewrite'::regclass AND w.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'policy', p.polcmd, p.polpermissive, 'for',
                         (SELECT string_agg(r.r::regrole::text, ', ' ORDER BY r.r)
                            FROM unnest(p.polroles) AS r (r)),
                         'using', pg_get_expr(p.polqual, p.polrelid),
                         'check', pg_get_expr(p.polwithcheck, p.polrelid))
          FROM named AS n
          JOIN pg_policy AS p ON n.class = 'pg_policy'::regclass AND p.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'statistics', s.stxrelid::regclass, s.stxkind,
                         pg_get_statisticsobjdef_columns(s.oid), NULLIF(s.stxstattarget, -1))
          FROM named AS n
          JOIN pg_statistic_ext AS s ON n.class = 'pg_statistic_ext'::regclass AND s.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'routine', p.prokind, pg_get_function_arguments(p.oid),
                         pg_get_function_result(p.oid), l.lanname, p.prosecdef, p.proleakproof,
                         p.proisstrict, p.proretset, p.provolatile, p.proparallel, p.procost,
                         p.prorows, p.prosupport, p.prosrc, p.probin,
                         pg_get_function_sqlbody(p.oid),
                         -- A path that names the schema follows it.
                         ARRAY(SELECT replace(u.o, quoted, '<schema>')
                                 FROM unnest(p.proconfig) AS u (o)))
          FROM named AS n
          JOIN pg_proc AS p ON n.class = 'pg_proc'::regclass AND p.oid = n.oid
          JOIN pg_language AS l ON l.oid = p.prolang
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'aggregate', a.aggkind, a.aggnumdirectargs, a.aggtransfn::oid::regprocedure,
                         a.aggfinalfn::oid::regprocedure, a.aggcombinefn::oid::regprocedure, a.aggserialfn, a.aggdeserialfn,
                         a.aggmtransfn::oid::regprocedure, a.aggminvtransfn::oid::regprocedure, a.aggmfinalfn::oid::regprocedure, a.aggfinalextra,
                         a.aggmfinalextra, a.aggfinalmodify, a.aggmfinalmodify,
                         NULLIF(a.aggsortop, 0)::regoperator, a.aggtranstype::regtype,
                         a.aggtransspace, a.aggmtranstype::regtype, a.aggmtransspace,
                         'starts', a.agginitval, 'moving', a.aggminitval)
          FROM named AS n
          JOIN pg_aggregate AS a ON n.class = 'pg_proc'::regclass AND a.aggfnoid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'type', t.typtype, t.typcategory, t.typispreferred,
                         t.typisdefined, t.typdelim, t.typlen, t.typbyval, t.typalign,
                         t.typstorage, NULLIF(t.typelem, 0)::regtype, t.typnotnull,
                         format_type(NULLIF(t.typbasetype, 0), t.typtypmod),
                         NULLIF(t.typcollation, 0)::regcollation, t.typdefault,
                         'labels', ARRAY(SELECT e.enumlabel FROM pg_enum AS e
                                          WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder))
          FROM named AS n
          JOIN pg_type AS t ON n.class = 'pg_type'::regclass AND t.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'range', r.rngsubtype::regtype, r.rngmultitypid::regtype,
                         NULLIF(r.rngcollation, 0)::regcollation,
                         pg_describe_object('pg_opclass'::regclass, r.rngsubopc, 0),
                         r.rngcanonical::oid::regprocedure, r.rngsubdiff::oid::regprocedure)
          FROM named AS n
          JOIN pg_range AS r ON n.class = 'pg_type'::regclass AND r.rngtypid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'operator', o.oprkind, o.oprcanmerge, o.oprcanhash,
                         o.oprresult::regtype, NULLIF(o.oprcom, 0)::regoperator,
                         NULLIF(o.oprnegate, 0)::regoperator, o.oprcode::oid::regprocedure, o.oprrest,
                         o.oprjoin)
          FROM named AS n
          JOIN pg_operator AS o ON n.class = 'pg_operator'::regclass AND o.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'operator class',
                         pg_describe_object('pg_opfamily'::regclass, o.opcfamily, 0),
                         o.opcintype::regtype, o.opcdefault, NULLIF(o.opckeytype, 0)::regtype)
          FROM named AS n
          JOIN pg_opclass AS o ON n.class = 'pg_opclass'::regclass AND o.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'has', m.amopstrategy, m.amoppurpose,
                         m.amoplefttype::regtype, m.amoprighttype::regtype,
                         m.amopopr::regoperator,
                         pg_describe_object('pg_opfamily'::regclass, NULLIF(m.amopsortfamily, 0),
                                            0))
          FROM named AS n
          JOIN pg_amop AS m ON n.class = 'pg_opfamily'::regclass AND m.amopfamily = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'has', m.amprocnum, m.amproclefttype::regtype,
                         m.amprocrighttype::regtype, m.amproc::regprocedure)
          FROM named AS n
          JOIN pg_amproc AS m ON n.class = 'pg_opfamily'::regclass AND m.amprocfamily = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'collation', c.collprovider, c.collisdeterministic,
                         c.collencoding, c.collcollate, c.collctype, c.collversion,
                         coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale'),
                         to_jsonb(c) ->> 'collicurules')
          FROM named AS n
          JOIN pg_collation AS c ON n.class = 'pg_collation'::regclass AND c.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'conversion', c.conforencoding, c.contoencoding,
                         c.conproc, c.condefault)
          FROM named AS n
          JOIN pg_conversion AS c ON n.class = 'pg_conversion'::regclass AND c.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'configuration',
                         pg_describe_object('pg_ts_parser'::regclass, c.cfgparser, 0), 'maps',
                         (SELECT string_agg(concat(m.maptokentype, ':',
                                                   m.mapdict::regdictionary), ', '
                                            ORDER BY m.maptokentype, m.mapseqno)
                            FROM pg_ts_config_map AS m WHERE m.mapcfg = c.oid))
          FROM named AS n
          JOIN pg_ts_config AS c ON n.class = 'pg_ts_config'::regclass AND c.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'dictionary',
                         pg_describe_object('pg_ts_template'::regclass, d.dicttemplate, 0),
                         d.dictinitoption)
          FROM named AS n
          JOIN pg_ts_dict AS d ON n.class = 'pg_ts_dict'::regclass AND d.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'parser', p.prsstart, p.prstoken, p.prsend,
                         p.prsheadline, p.prslextype)
          FROM named AS n
          JOIN pg_ts_parser AS p ON n.class = 'pg_ts_parser'::regclass AND p.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'template', t.tmplinit, t.tmpllexize)
          FROM named AS n
          JOIN pg_ts_template AS t ON n.class = 'pg_ts_template'::regclass AND t.oid = n.oid
         UNION ALL
        SELECT concat_ws(' | ', n.name, 'cast', NULLIF(c.castfunc, 0)::regprocedure,
                         c.castcontext, c.castmethod)
          FROM named AS n
          JOIN pg_cast AS c ON n.class = 'pg_cast'::regclass AND c.oid = n.oid
         UNION ALL
        -- What depends on what: an object of another schema shows by the schema's name.
        SELECT DISTINCT concat_ws(' | ', n.name, 'needs',
                                  conformance.describe(d.refclassid, d.refobjid), d.deptype)
          FROM named AS n
          JOIN pg_depend AS d ON d.classid = n.class AND d.objid = n.oid
         WHERE d.refobjid >= 16384 AND d.refclassid <> 'pg_namespace'::regclass
    ) AS f (fact);
    PERFORM set_config('search_path', format('%I, pg_catalog, pg_temp', schema), true);
    LOOP
        FETCH facts INTO fact;
        EXIT WHEN NOT FOUND;
        RETURN NEXT fact;
    END LOOP;
    CLOSE facts;
END;
$function$;

-- unlike(schema, reference)
--
-- Where the facts of two schemata part: + what only the schema has, - what only the reference has.
CREATE FUNCTION conformance.unlike(schema text, reference text)
    RETURNS SETOF text
    LANGUAGE sql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
    WITH here AS MATERIALIZED (SELECT f FROM conformance.facts(schema) AS f),
         there AS MATERIALIZED (SELECT f FROM conformance.facts(reference) AS f)
    SELECT '+ ' || e.f FROM (SELECT f FROM here EXCEPT ALL SELECT f FROM there) AS e (f)
     UNION ALL
    SELECT '- ' || e.f FROM (SELECT f FROM there EXCEPT ALL SELECT f FROM here) AS e (f)
     ORDER BY 1
$function$;

-- leaks(schemata)
--
-- What in one of these schemata depends on something in another of them.
CREATE FUNCTION conformance.leaks(schemata text[])
    RETURNS SETOF text
    LANGUAGE sql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
    WITH dependency AS MATERIALIZED (
        SELECT d.* FROM pg_depend AS d
         WHERE d.objid >= 16384 AND d.refobjid >= 16384
           AND d.refclassid <> 'pg_namespace'::regclass
    ),
    address AS MATERIALIZED (
        SELECT a.class, a.object, i.type, i.object_names AS names
          FROM (SELECT d.classid, d.objid FROM dependency AS d
                 UNION
                SELECT d.refclassid, d.refobjid FROM dependency AS d) AS a (class, object)
         CROSS JOIN LATERAL pg_identify_object_as_address(a.class, a.object, 0) AS i
    ),
    placed AS MATERIALIZED (
        SELECT a.class, a.object,
               CASE WHEN a.type IN ('type', 'domain constraint', 'cast')
                        THEN (parse_ident(a.names[1], false))[1]
                    WHEN a.type IN ('operator class', 'operator family') THEN a.names[2]
                    ELSE a.names[1] END AS schema
          FROM address AS a
    )
    SELECT DISTINCT format('%s depends on %s', pg_describe_object(d.classid, d.objid, d.objsubid),
                           pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid))
      FROM dependency AS d
      JOIN placed AS o ON o.class = d.classid AND o.object = d.objid
      JOIN placed AS r ON r.class = d.refclassid AND r.object = d.refobjid
     WHERE o.schema = ANY (schemata) AND r.schema = ANY (schemata) AND o.schema <> r.schema
$function$;
