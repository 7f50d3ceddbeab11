-- Layer 3, inventory: what stands by itself in a schema and is neither relation, type nor routine.

-- phrase: how ALTER ... OWNER TO and COMMENT ON call it.
CREATE VIEW boardinghouse._standing AS
SELECT 'pg_operator'::regclass::oid AS class, 'pg_operator' AS catalog, o.oid AS object,
       o.oprnamespace AS namespace, o.oprname AS name, o.oprowner AS owner,
       format('OPERATOR %s(%s, %s)', o.oprname, CASE WHEN o.oprleft <> 0
              THEN format_type(o.oprleft, NULL) ELSE 'NONE' END,
              format_type(o.oprright, NULL)) AS phrase
  FROM pg_operator AS o
UNION ALL
SELECT 'pg_opclass'::regclass, 'pg_opclass', c.oid, c.opcnamespace, c.opcname, c.opcowner,
       format('OPERATOR CLASS %I USING %I', c.opcname,
              (SELECT m.amname FROM pg_am AS m WHERE m.oid = c.opcmethod))
  FROM pg_opclass AS c
UNION ALL
SELECT 'pg_opfamily'::regclass, 'pg_opfamily', f.oid, f.opfnamespace, f.opfname, f.opfowner,
       format('OPERATOR FAMILY %I USING %I', f.opfname,
              (SELECT m.amname FROM pg_am AS m WHERE m.oid = f.opfmethod))
  FROM pg_opfamily AS f
UNION ALL
SELECT 'pg_collation'::regclass, 'pg_collation', c.oid, c.collnamespace, c.collname, c.collowner,
       format('COLLATION %I', c.collname)
  FROM pg_collation AS c
UNION ALL
SELECT 'pg_conversion'::regclass, 'pg_conversion', c.oid, c.connamespace, c.conname, c.conowner,
       format('CONVERSION %I', c.conname)
  FROM pg_conversion AS c
UNION ALL
SELECT 'pg_ts_config'::regclass, 'pg_ts_config', c.oid, c.cfgnamespace, c.cfgname, c.cfgowner,
       format('TEXT SEARCH CONFIGURATION %I', c.cfgname)
  FROM pg_ts_config AS c
UNION ALL
SELECT 'pg_ts_dict'::regclass, 'pg_ts_dict', d.oid, d.dictnamespace, d.dictname, d.dictowner,
       format('TEXT SEARCH DICTIONARY %I', d.dictname)
  FROM pg_ts_dict AS d
UNION ALL
SELECT 'pg_ts_parser'::regclass, 'pg_ts_parser', p.oid, p.prsnamespace, p.prsname, NULL,
       format('TEXT SEARCH PARSER %I', p.prsname)
  FROM pg_ts_parser AS p
UNION ALL
SELECT 'pg_ts_template'::regclass, 'pg_ts_template', t.oid, t.tmplnamespace, t.tmplname, NULL,
       format('TEXT SEARCH TEMPLATE %I', t.tmplname)
  FROM pg_ts_template AS t;

-- An operator that PostgreSQL has only been told of takes no comment, but its owner.
CREATE VIEW boardinghouse._standing_property_part AS
SELECT 'owner' AS kind, s.phrase AS object, pg_get_userbyid(s.owner)::text AS name, 0 AS sort,
       concat(s.catalog, ' ', s.object, ' 0') AS id,
       concat(s.catalog, ' ', s.object, ' 0') AS within, s.object AS main, s.catalog AS main_class,
       x.ddl AS ddl, x.ddl AS alteration, NULL::text AS undo, NULL::text AS inline,
       NULL::text[] AS rename, s.owner::text AS raw, NULL::text[] AS needs, false AS names_schema
  FROM boardinghouse._standing AS s
  CROSS JOIN LATERAL (
        SELECT format('ALTER %s OWNER TO %I', s.phrase, pg_get_userbyid(s.owner))
       ) AS x (ddl)
 WHERE s.owner IS NOT NULL
UNION ALL
SELECT 'comment', s.phrase, NULL, 0, concat(s.class, ' ', s.object, ' 0'),
       concat(s.catalog, ' ', s.object, ' 0'), s.object, s.catalog, x.ddl, x.ddl,
       format('COMMENT ON %s IS NULL', s.phrase), NULL, NULL, md5(d.description), NULL, false
  FROM boardinghouse._standing AS s
  JOIN pg_description AS d ON d.classoid = s.class AND d.objoid = s.object AND d.objsubid = 0
  CROSS JOIN LATERAL (
        SELECT format('COMMENT ON %s IS %L', s.phrase, d.description)
       ) AS x (ddl)
UNION ALL
SELECT 'comment', c.phrase, NULL, 0, concat('pg_cast'::regclass::oid, substr(c.id, 8)), c.id,
       c.main, c.main_class, x.ddl, x.ddl, format('COMMENT ON %s IS NULL', c.phrase), NULL, NULL,
       md5(d.description), NULL, false
  FROM boardinghouse._cast_part AS c
  JOIN pg_description AS d ON d.classoid = 'pg_cast'::regclass
      AND d.objoid = split_part(c.id, ' ', 2)::oid
  CROSS JOIN LATERAL (
        SELECT format('COMMENT ON %s IS %L', c.phrase, d.description)
       ) AS x (ddl);

-- All of it, with the catalog that its main object is in.
CREATE VIEW boardinghouse._standing_part AS
SELECT p.kind, p.object, p.name, p.sort, p.id, p.within, p.main, 'pg_type' AS main_class,
       p.ddl, p.alteration, p.undo, p.inline, p.rename, p.raw, p.needs, p.names_schema
  FROM boardinghouse._range_part AS p
UNION ALL
SELECT p.kind, p.object, p.name, p.sort, p.id, p.within, p.main, 'pg_proc' AS main_class,
       p.ddl, p.alteration, p.undo, p.inline, p.rename, p.raw, p.needs, p.names_schema
  FROM boardinghouse._aggregate_part AS p
UNION ALL
SELECT p.kind, p.object, p.name, p.sort, p.id, p.within, p.main, 'pg_operator' AS main_class,
       p.ddl, p.alteration, p.undo, p.inline, p.rename, p.raw, p.needs, p.names_schema
  FROM boardinghouse._operator_part AS p
UNION ALL
SELECT p.kind, p.object, p.name, p.sort, p.id, p.within, p.main, p.main_class AS main_class, p.ddl,
       p.alteration, p.undo, p.inline, p.rename, p.raw, p.needs, p.names_schema
  FROM boardinghouse._operator_class_part AS p
UNION ALL
SELECT p.kind, p.object, p.name, p.sort, p.id, p.within, p.main, p.main_class AS main_class, p.ddl,
       p.alteration, p.undo, p.inline, p.rename, p.raw, p.needs, p.names_schema
  FROM boardinghouse._cast_part AS p
UNION ALL
SELECT p.kind, p.object, p.name, p.sort, p.id, p.within, p.main, 'pg_collation' AS main_class,
       p.ddl, p.alteration, p.undo, p.inline, p.rename, p.raw, p.needs, p.names_schema
  FROM boardinghouse._collation_part AS p
UNION ALL
SELECT p.kind, p.object, p.name, p.sort, p.id, p.within, p.main, 'pg_conversion' AS main_class,
       p.ddl, p.alteration, p.undo, p.inline, p.rename, p.raw, p.needs, p.names_schema
  FROM boardinghouse._conversion_part AS p
UNION ALL
SELECT p.kind, p.object, p.name, p.sort, p.id, p.within, p.main, p.main_class AS main_class, p.ddl,
       p.alteration, p.undo, p.inline, p.rename, p.raw, p.needs, p.names_schema
  FROM boardinghouse._text_search_part AS p
UNION ALL
SELECT p.kind, p.object, p.name, p.sort, p.id, p.within, p.main, p.main_class AS main_class, p.ddl,
       p.alteration, p.undo, p.inline, p.rename, p.raw, p.needs, p.names_schema
  FROM boardinghouse._standing_property_part AS p;
