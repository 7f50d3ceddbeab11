-- Layer 3, inventory: collations, conversions, text search.

CREATE VIEW boardinghouse._collation_part AS
SELECT 'collation' AS kind, quote_ident(c.collname) AS object, c.collname::text AS name, 0 AS sort,
       concat('pg_collation ', c.oid, ' 0') AS id, NULL::text AS within, c.oid AS main,
       CASE WHEN c.collprovider = 'c' AND c.collencoding = -1
            -- Of no encoding: only by copying one that is.
            THEN format('CREATE COLLATION %I FROM pg_catalog.%I', c.collname, c.collcollate)
            ELSE format('CREATE COLLATION %I (%s)', c.collname,
                        concat_ws(', ',
                                  'PROVIDER = ' || CASE c.collprovider WHEN 'i' THEN 'icu'
                                      WHEN 'b' THEN 'builtin' ELSE 'libc' END,
                                  CASE WHEN NOT c.collisdeterministic
                                      THEN 'DETERMINISTIC = false' END,
                                  CASE WHEN c.collprovider <> 'c'
                                           THEN 'LOCALE = ' || quote_literal(v.locale)
                                       WHEN c.collcollate = c.collctype
                                           THEN 'LOCALE = ' || quote_literal(c.collcollate)
                                       ELSE format('LC_COLLATE = %L, LC_CTYPE = %L',
                                                   c.collcollate, c.collctype) END,
                                  'RULES = ' || quote_literal(v.rules))) END AS ddl,
       NULL::text AS alteration,
       format('DROP COLLATION IF EXISTS %I', c.collname) AS undo, NULL::text AS inline,
       ARRAY['ALTER COLLATION ', ' RENAME TO '] AS rename,
       md5(concat_ws('|', c.collprovider, c.collisdeterministic, c.collencoding, c.collcollate,
                     c.collctype, v.locale, v.rules)) AS raw,
       NULL::text[] AS needs, false AS names_schema
  FROM pg_collation AS c
  -- Named otherwise before PostgreSQL 17, and no rules before 16.
  CROSS JOIN LATERAL (
        SELECT coalesce(j.row ->> 'colllocale', j.row ->> 'colliculocale'),
               j.row ->> 'collicurules'
          FROM (SELECT to_jsonb(c)) AS j (row)
       ) AS v (locale, rules);

CREATE VIEW boardinghouse._conversion_part AS
SELECT 'conversion' AS kind, quote_ident(c.conname) AS object, c.conname::text AS name, 0 AS sort,
       concat('pg_conversion ', c.oid, ' 0') AS id, NULL::text AS within, c.oid AS main,
       format('CREATE %sCONVERSION %I FOR %L TO %L FROM %s',
              CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END, c.conname,
              pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding),
              boardinghouse._function_name(c.conproc, c.connamespace)) AS ddl,
       NULL::text AS alteration, format('DROP CONVERSION IF EXISTS %I', c.conname) AS undo,
       NULL::text AS inline, ARRAY['ALTER CONVERSION ', ' RENAME TO '] AS rename,
       concat_ws(' ', c.condefault, c.conforencoding, c.contoencoding, c.conproc::oid) AS raw,
       boardinghouse._needs('pg_conversion'::regclass, c.oid) AS needs, false AS names_schema
  FROM pg_conversion AS c;

CREATE VIEW boardinghouse._text_search_part AS
SELECT 'text search parser' AS kind, quote_ident(p.prsname) AS object, p.prsname::text AS name,
       0 AS sort, concat('pg_ts_parser ', p.oid, ' 0') AS id, NULL::text AS within, p.oid AS main,
       'pg_ts_parser' AS main_class,
       concat(format('CREATE TEXT SEARCH PARSER %I (START = %s, GETTOKEN = %s, END = %s,'
                     ' LEXTYPES = %s', p.prsname,
                     boardinghouse._function_name(p.prsstart, p.prsnamespace),
                     boardinghouse._function_name(p.prstoken, p.prsnamespace),
                     boardinghouse._function_name(p.prsend, p.prsnamespace),
                     boardinghouse._function_name(p.prslextype, p.prsnamespace)),
              ', HEADLINE = ' || boardinghouse._function_name(p.prsheadline, p.prsnamespace),
              ')') AS ddl,
       NULL::text AS alteration, format('DROP TEXT SEARCH PARSER IF EXISTS %I', p.prsname) AS undo,
       NULL::text AS inline, ARRAY['ALTER TEXT SEARCH PARSER ', ' RENAME TO '] AS rename,
       concat_ws(' ', p.prsstart::oid, p.prstoken::oid, p.prsend::oid, p.prsheadline::oid,
                 p.prslextype::oid) AS raw,
       boardinghouse._needs('pg_ts_parser'::regclass, p.oid) AS needs, false AS names_schema
  FROM pg_ts_parser AS p
UNION ALL
SELECT 'text search template', quote_ident(t.tmplname), t.tmplname::text, 0,
       concat('pg_ts_template ', t.oid, ' 0'), NULL, t.oid, 'pg_ts_template',
       concat(format('CREATE TEXT SEARCH TEMPLATE %I (', t.tmplname),
              'INIT = ' || boardinghouse._function_name(t.tmplinit, t.tmplnamespace) || ', ',
              'LEXIZE = ', boardinghouse._function_name(t.tmpllexize, t.tmplnamespace), ')'),
       NULL, format('DROP TEXT SEARCH TEMPLATE IF EXISTS %I', t.tmplname),
       NULL, ARRAY['ALTER TEXT SEARCH TEMPLATE ', ' RENAME TO '],
       concat_ws(' ', t.tmplinit::oid, t.tmpllexize::oid),
       boardinghouse._needs('pg_ts_template'::regclass, t.oid), false
  FROM pg_ts_template AS t
UNION ALL
SELECT 'text search dictionary', quote_ident(d.dictname), d.dictname::text, 0,
       concat('pg_ts_dict ', d.oid, ' 0'), NULL, d.oid, 'pg_ts_dict',
       format('CREATE TEXT SEARCH DICTIONARY %I (TEMPLATE = %s%I)', d.dictname,
              CASE WHEN t.tmplnamespace <> d.dictnamespace THEN quote_ident(n.nspname) || '.'
                  ELSE '' END, t.tmplname),
       NULL, format('DROP TEXT SEARCH DICTIONARY IF EXISTS %I', d.dictname),
       NULL, ARRAY['ALTER TEXT SEARCH DICTIONARY ', ' RENAME TO '], d.dicttemplate::text,
       boardinghouse._needs('pg_ts_dict'::regclass, d.oid), false
  FROM pg_ts_dict AS d
  JOIN pg_ts_template AS t ON t.oid = d.dicttemplate
  JOIN pg_namespace AS n ON n.oid = t.tmplnamespace
UNION ALL
-- As PostgreSQL stores them: names and values quoted already.
SELECT 'dictionary option', concat(quote_ident(d.dictname), '.', o.match[1]), NULL,
       o.ordinality::integer, concat('pg_ts_dict ', d.oid, ' ', o.match[1]),
       concat('pg_ts_dict ', d.oid, ' 0'), d.oid, 'pg_ts_dict', x.altered, x.altered,
       format('ALTER TEXT SEARCH DICTIONARY %I (%s)', d.dictname, o.match[1]),
       concat(', ', o.match[1], ' = ', o.match[2]), NULL, md5(o.match[2]), NULL, false
  FROM pg_ts_dict AS d
  CROSS JOIN LATERAL regexp_matches(d.dictinitoption,
                                    '("(?:[^"]|"")*"|[^\s"=,]+)\s*='
                                    '\s*(E?''(?:[^'']|'''')*''|[^\s,]+)',
                                    'g') WITH ORDINALITY AS o (match, ordinality)
  CROSS JOIN LATERAL (
        SELECT format('ALTER TEXT SEARCH DICTIONARY %I (%s = %s)', d.dictname, o.match[1],
                      o.match[2])
       ) AS x (altered)
UNION ALL
SELECT 'text search configuration', quote_ident(c.cfgname), c.cfgname::text, 0,
       concat('pg_ts_config ', c.oid, ' 0'), NULL, c.oid, 'pg_ts_config',
       format('CREATE TEXT SEARCH CONFIGURATION %I (PARSER = %s%I)', c.cfgname,
              CASE WHEN p.prsnamespace <> c.cfgnamespace THEN quote_ident(n.nspname) || '.'
                  ELSE '' END, p.prsname),
       NULL, format('DROP TEXT SEARCH CONFIGURATION IF EXISTS %I', c.cfgname),
       NULL, ARRAY['ALTER TEXT SEARCH CONFIGURATION ', ' RENAME TO '], c.cfgparser::text,
       boardinghouse._needs('pg_ts_config'::regclass, c.oid), false
  FROM pg_ts_config AS c
  JOIN pg_ts_parser AS p ON p.oid = c.cfgparser
  JOIN pg_namespace AS n ON n.oid = p.prsnamespace
UNION ALL
SELECT 'text search mapping', format('%I.%I', c.cfgname, k.alias), NULL, k.tokid,
       concat('pg_ts_config ', c.oid, ' ', k.tokid), concat('pg_ts_config ', c.oid, ' 0'), c.oid,
       'pg_ts_config',
       format('ALTER TEXT SEARCH CONFIGURATION %I ADD MAPPING FOR %I WITH %s', c.cfgname, k.alias,
              m.names),
       format('ALTER TEXT SEARCH CONFIGURATION %I ALTER MAPPING FOR %I WITH %s', c.cfgname, k.alias,
              m.names),
       format('ALTER TEXT SEARCH CONFIGURATION %I DROP MAPPING IF EXISTS FOR %I', c.cfgname,
              k.alias),
       NULL, NULL, m.raw, m.needs, false
  FROM pg_ts_config AS c
  CROSS JOIN LATERAL ts_token_type(c.cfgparser) AS k
  CROSS JOIN LATERAL (
        SELECT string_agg(concat(CASE WHEN d.dictnamespace <> c.cfgnamespace
                                     THEN quote_ident(n.nspname) || '.' END,
                                 quote_ident(d.dictname)), ', ' ORDER BY e.mapseqno),
               string_agg(d.oid::text, ' ' ORDER BY e.mapseqno),
               array_agg(concat('pg_ts_dict ', d.oid, ' 0'))
                   FILTER (WHERE d.oid >= 16384)        -- FirstNormalObjectId
          FROM pg_ts_config_map AS e
          JOIN pg_ts_dict AS d ON d.oid = e.mapdict
          JOIN pg_namespace AS n ON n.oid = d.dictnamespace
         WHERE e.mapcfg = c.oid AND e.maptokentype = k.tokid
       ) AS m (names, raw, needs)
 WHERE m.names IS NOT NULL;
