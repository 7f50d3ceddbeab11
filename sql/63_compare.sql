-- Layer 6, the engine at work: is a schema like another one, and what makes it so.

-- _canonical(parts)
--
-- The same parts as they read after having been made once from their DDL. PostgreSQL writes some
-- expressions differently the second time (a varchar IN list gets its casts inside), so a clone may
-- read differently from its source without being different. Made in a subtransaction that is
-- rolled back; without what has no expressions, and what would lock shared tables.
CREATE FUNCTION boardinghouse._canonical(parts boardinghouse.part[])
    RETURNS boardinghouse.part[]
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    probe CONSTANT text := 'boardinghouse_probe_' || pg_backend_pid();
    statements boardinghouse.statement[];
    canonical boardinghouse.part[];
BEGIN
    statements := ARRAY(
        SELECT s FROM boardinghouse._plan('{}', ARRAY(
                   SELECT p FROM unnest(parts) AS p
                    WHERE p.kind NOT IN ('foreign key', 'owner', 'grant', 'revoke',
                                         'default privilege', 'comment', 'populated',
                                         'tablespace', 'security label', 'extension dependence',
                                         'constraint trigger state')), false, current_user) AS s
         ORDER BY s."position");
    BEGIN
        EXECUTE format('CREATE SCHEMA %I', probe);
        PERFORM boardinghouse._apply(statements, ARRAY[probe]);
        canonical := ARRAY(SELECT i FROM boardinghouse._inventory(probe) AS i);
        RAISE EXCEPTION USING ERRCODE = 'BH000';
    EXCEPTION
        WHEN insufficient_privilege OR read_only_sql_transaction OR lock_not_available
            OR deadlock_detected
                OR out_of_memory THEN
            RAISE;      -- better no answer than a wrong one
        WHEN OTHERS THEN NULL;      -- also what cannot be made once more: it is compared as it is
    END;
    RETURN canonical;
END;
$function$;

-- _read_alike(before, after)
--
-- The parts of after, those of them replaced by their counterparts in before that only read
-- differently.
CREATE FUNCTION boardinghouse._read_alike(before boardinghouse.part[], after boardinghouse.part[])
    RETURNS boardinghouse.part[]
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    canonical boardinghouse.part[];
    expressions CONSTANT text[] := '{constraint,default,generation,index,statistics,view,materialized view,view default,rule,trigger,policy,function,domain default,domain constraint}'::text[];
BEGIN
    IF NOT EXISTS (SELECT FROM unnest(before) AS b
                     JOIN unnest(after) AS a ON a.kind = b.kind AND a.object = b.object
                    WHERE b.kind = ANY (expressions)
                        AND coalesce(a.inline, a.ddl) <> coalesce(b.inline, b.ddl)) THEN
        RETURN after;
    END IF;
    canonical := boardinghouse._canonical(after);
    RETURN ARRAY(
        SELECT CASE WHEN c.kind IS NULL THEN a
                    ELSE ROW(a.kind, a.object, a.name, a.sort, a.id, a.within, a.main, b.ddl,
                             b.alteration, a.undo, b.inline,
                             a.rename, a.raw, a.needs, a.names_schema,
                             a.inherited_from, a.is_local)::boardinghouse.part END
          FROM unnest(after) AS a
          LEFT JOIN unnest(before) AS b ON b.kind = a.kind AND b.object = a.object
              AND b.kind = ANY (expressions)
                                       AND coalesce(a.inline, a.ddl) <> coalesce(b.inline, b.ddl)
          LEFT JOIN unnest(canonical) AS c ON c.kind = b.kind AND c.object = b.object
                                          AND coalesce(c.inline, c.ddl) = coalesce(b.inline,
                                          b.ddl));
END;
$function$;

-- _own(before, after)
--
-- The ids of the whole objects that only before has, with the parts that hang on them.
CREATE FUNCTION boardinghouse._own(before boardinghouse.part[], after boardinghouse.part[])
    RETURNS TABLE (kind text, id text)
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
    WITH RECURSIVE own AS (
        SELECT b.kind, b.id
          FROM unnest(before) AS b
          JOIN boardinghouse._kind AS k ON k.kind = b.kind AND k.is_whole
          LEFT JOIN unnest(after) AS a ON a.kind = b.kind AND a.object = b.object
         WHERE a.kind IS NULL
         UNION
        SELECT b.kind, b.id
          FROM own AS o
          JOIN boardinghouse._kind AS k ON k.kind = o.kind AND k.is_entity
          JOIN unnest(before) AS b ON b.within = o.id
    )
    SELECT o.kind, o.id FROM own AS o
$function$;

-- _compare(before, after, schema, reference)
--
-- The differences between two sets of parts, by name: what is here, what is there, and whether it
-- is a whole object that only here has. What hangs on a missing object is not listed with it.
CREATE FUNCTION boardinghouse._compare(before boardinghouse.part[], after boardinghouse.part[],
                                       schema text, reference text)
    RETURNS TABLE (kind text, object text, here text, there text, own boolean)
    LANGUAGE plpgsql
    VOLATILE
    ROWS 10
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    alike boardinghouse.part[] := boardinghouse._read_alike(before, after);
BEGIN
    RETURN QUERY
    WITH own AS MATERIALIZED (
        SELECT o.kind, o.id FROM boardinghouse._own(before, alike) AS o
    ),
    missing AS MATERIALIZED (
        SELECT o.kind, o.id FROM boardinghouse._own(alike, before) AS o
    ),
    pair AS (
        SELECT b, a, m.is_changed
          FROM boardinghouse._match(before, alike, false) AS m
          LEFT JOIN unnest(before) WITH ORDINALITY AS b ON b.ordinality = m.old
          LEFT JOIN unnest(alike) WITH ORDINALITY AS a ON a.ordinality = m.new
         WHERE m.is_changed OR m.old IS NULL OR m.new IS NULL
    )
    SELECT k.kind, coalesce((p.b).object, (p.a).object),
           CASE WHEN (p.b).names_schema THEN format((p.b).ddl, schema)
               ELSE coalesce((p.b).ddl, (p.b).inline) END,
           CASE WHEN (p.a).names_schema THEN format((p.a).ddl, reference)
               ELSE coalesce((p.a).ddl, (p.a).inline) END,
           (p.a).kind IS NULL AND ((p.b).kind, (p.b).id) IN (SELECT o.kind, o.id FROM own AS o)
      FROM pair AS p
      JOIN boardinghouse._kind AS k ON k.kind = coalesce((p.b).kind, (p.a).kind) AND NOT k.is_state
     WHERE NOT EXISTS (SELECT FROM own AS o WHERE (p.a).kind IS NULL AND o.id = (p.b).within)
       AND NOT EXISTS (SELECT FROM missing AS o WHERE (p.b).kind IS NULL AND o.id = (p.a).within);
END;
$function$;

-- _differences(schema, reference, mains)
--
-- The differences of a schema to another one. mains: of these main objects of the schema alone, and
-- what relations and types of the template it lacks by name; against the snapshot.
CREATE FUNCTION boardinghouse._differences(schema text, reference text, mains text[] DEFAULT NULL)
    RETURNS TABLE (kind text, object text, here text, there text, own boolean)
    LANGUAGE plpgsql
    VOLATILE
    ROWS 10
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    before boardinghouse.part[] := ARRAY(SELECT i
                                         FROM boardinghouse._inventory(schema, mains) AS i);
    after boardinghouse.part[];
    compared boardinghouse.part[];
BEGIN
    IF mains IS NULL THEN
        after := ARRAY(SELECT i FROM boardinghouse._inventory(reference) AS i);
        RETURN QUERY SELECT c.* FROM boardinghouse._compare(before, after, schema, reference) AS c;
        RETURN;
    END IF;
    -- The whole template reads alike or not; then only what was touched is compared.
    after := boardinghouse._read_alike(before,
                                       ARRAY(SELECT s::boardinghouse.part
                                             FROM boardinghouse.snapshot AS s
                                                 WHERE s.kind <> 'schema'));
    compared := ARRAY(
        SELECT a
          FROM unnest(after) AS a
         WHERE a.main IN (
                SELECT t.main
                  FROM unnest(after) AS t
                  JOIN unnest(before) AS b ON b.kind = t.kind AND b.object = t.object
                 WHERE t.id = t.main AND b.id = b.main)
            OR (a.main = a.id AND a.kind IN ('table', 'foreign table', 'view', 'materialized view',
                                            'sequence')
                AND NOT EXISTS (SELECT FROM pg_class AS c
                                WHERE c.relnamespace = boardinghouse._namespace(schema)
                                    AND c.relname::text = a.name))
            OR (a.main = a.id AND a.kind IN ('enum', 'domain', 'composite type', 'range type',
                                             'base type', 'shell type')
                AND NOT EXISTS (SELECT FROM pg_type AS t
                                WHERE t.typnamespace = boardinghouse._namespace(schema)
                                    AND t.typname::text = a.name))
            OR (a.main = a.id AND a.kind IN ('function', 'aggregate')
                AND NOT EXISTS (SELECT FROM pg_proc AS p
                                WHERE p.pronamespace = boardinghouse._namespace(schema)
                                    AND p.proname::text = a.name))
            OR (a.main = a.id AND a.kind IN ('operator', 'operator class', 'operator family',
                                             'collation', 'conversion', 'text search parser',
                                             'text search template', 'text search dictionary',
                                             'text search configuration')
                AND NOT EXISTS (SELECT FROM boardinghouse._standing AS s
                                 WHERE s.namespace = boardinghouse._namespace(schema)
                                   AND s.catalog = split_part(a.id, ' ', 1)
                                   AND s.name::text = a.name)));
    RETURN QUERY SELECT c.* FROM boardinghouse._compare(before, compared, schema, reference) AS c;
END;
$function$;

-- compare(schema, reference)
--
-- What makes a schema different from another one, by default the template: what is here, what is
-- there, and whether it is the schema's own - a whole table, view, index, function or type that
-- only it has, which nothing takes away. No rows: alike.
CREATE FUNCTION boardinghouse.compare(schema text, reference text DEFAULT '__template__')
    RETURNS TABLE (kind text, object text, here text, there text, own boolean)
    LANGUAGE plpgsql
    VOLATILE
    ROWS 10
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    before record;
    after record;
BEGIN
    LOOP
        before := boardinghouse._read(schema);
        after := boardinghouse._read(reference);
        -- Else the template was changed between the two, and its tenants with it.
        EXIT WHEN before.change_id IS NOT DISTINCT FROM after.change_id;
    END LOOP;
    RETURN QUERY
    SELECT c.* FROM boardinghouse._compare(before.parts, after.parts, schema, reference) AS c
        ORDER BY c.own, c.kind, c.object COLLATE "C";
END;
$function$;
COMMENT ON FUNCTION boardinghouse.compare(text, text) IS
    'The differences of a schema to another one, by default the template.';

-- repair(schema, force)
--
-- Make a schema like the template again, a tenant or one that is to become one: do what compare()
-- says. Whole objects of its own stay. What would drop rows or what was made in the schema alone is
-- done with force only.
CREATE FUNCTION boardinghouse.repair(schema text, force boolean DEFAULT false)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    before boardinghouse.part[];
    after boardinghouse.part[];
    statements boardinghouse.statement[];
    loss text;
    left_over text;
BEGIN
    PERFORM boardinghouse._check_name(schema);
    PERFORM boardinghouse._namespace(schema);
    PERFORM boardinghouse._lock_reading(true, ARRAY[schema, '__template__']);
    before := ARRAY(SELECT i FROM boardinghouse._inventory(schema) AS i);
    after := boardinghouse._read_alike(before,
                                       ARRAY(SELECT i
                                             FROM boardinghouse._inventory('__template__') AS i));
    before := ARRAY(
        SELECT b FROM unnest(before) AS b
         WHERE (b.kind, b.id) NOT IN (SELECT o.kind, o.id
                                      FROM boardinghouse._own(before, after) AS o));
    statements := ARRAY(SELECT p FROM boardinghouse._plan(before, after, false, current_user) AS p
                        ORDER BY p."position");
    SELECT string_agg(format('%s %s', d.kind, d.object), ', ' ORDER BY d."position") INTO loss
      FROM unnest(statements) AS d
     WHERE d.action = 'drop'
       AND (d.kind IN ('table', 'column', 'sequence', 'materialized view')
            OR NOT EXISTS (SELECT FROM unnest(statements) AS c
                            WHERE c.action = 'create' AND c.kind = d.kind AND c.object = d.object));
    IF loss IS NOT NULL AND NOT coalesce(force, false) THEN
        RAISE EXCEPTION 'schema "%" cannot be repaired without losing objects', schema
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = format('It would be dropped: %s.', loss),
                  HINT = format('SELECT boardinghouse.repair(%L, force => true);', schema);
    END IF;
    PERFORM boardinghouse._refuse_loss(statements, ARRAY[schema]);
    PERFORM boardinghouse._apply(statements, ARRAY[schema]);
    SELECT string_agg(format('%s %s', d.kind, d.object), ', ') INTO left_over
      FROM boardinghouse._differences(schema, '__template__') AS d
     WHERE NOT d.own;
    IF left_over IS NOT NULL THEN
        RAISE EXCEPTION 'schema "%" cannot be made like the template', schema
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = format('It would still differ in: %s.', left_over);
    END IF;
END;
$function$;
COMMENT ON FUNCTION boardinghouse.repair(text, boolean) IS
    'Make a tenant like the template again; what would be lost goes with force only.';
