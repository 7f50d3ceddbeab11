-- Layer 6, the engine at work: DDL as it happens. The event trigger functions are a guard and one
-- call: a fault in them breaks every DDL of the database, for every role. They name everything of
-- pg_catalog in full, for they run under the search_path of whoever runs the DDL, and need it.

-- _follow_names()
--
-- Bring the registry in line with the names the schemata have: the rows of schemata that were
-- renamed are renamed, those of schemata that were dropped go. Takes nothing from its caller, reads
-- all from the catalog. Returns the old and new name of what was renamed. A row whose schema is
-- there under its name is left alone whatever OID is noted: pg_upgrade keeps the rows, and gives
-- new OIDs.
CREATE FUNCTION boardinghouse._follow_names()
    RETURNS TABLE (old_name name, new_name name)
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET boardinghouse.registering = on
AS $function$
BEGIN
    RETURN QUERY
    WITH moved AS (
        SELECT l.namespace, l.schema AS old_name, n.nspname AS new_name
          FROM boardinghouse.location AS l
          JOIN pg_namespace AS n ON n.oid = l.namespace AND n.nspname <> l.schema
         WHERE l.schema <> '__template__'
           AND NOT EXISTS (SELECT FROM pg_namespace AS o WHERE o.nspname = l.schema)
           AND NOT EXISTS (SELECT FROM boardinghouse.schema AS r WHERE r.schema = n.nspname)
    ),
    location AS (
        UPDATE boardinghouse.location AS l SET schema = m.new_name FROM moved AS m
            WHERE l.namespace = m.namespace
    ),
    progress AS (
        UPDATE boardinghouse.progress AS p SET schema = m.new_name FROM moved AS m
            WHERE p.schema = m.old_name
    ),
    registry AS (
        UPDATE boardinghouse.schema AS r SET schema = m.new_name FROM moved AS m
            WHERE r.schema = m.old_name
        RETURNING m.old_name, m.new_name
    )
    SELECT r.old_name, r.new_name FROM registry AS r;
    DELETE FROM boardinghouse.schema AS r
     USING boardinghouse.location AS l
     WHERE l.schema = r.schema
       AND NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.oid = l.namespace)
       AND NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = l.schema);
    DELETE FROM boardinghouse.location AS l
     WHERE NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.oid = l.namespace)
       AND NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = l.schema);
    DELETE FROM boardinghouse.progress AS p
     WHERE NOT EXISTS (SELECT FROM boardinghouse.schema AS r WHERE r.schema = p.schema);
END;
$function$;

-- _follow_paths(schema, old)
--
-- Make functions of a schema that SET search_path to its old name set it to the new one.
CREATE FUNCTION boardinghouse._follow_paths(schema text, old text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
    SET boardinghouse.allow_drift = on
AS $function$
DECLARE
    altering text;
BEGIN
    FOR altering IN
        SELECT format('ALTER ROUTINE %s SET search_path = %s', p.oid::regprocedure,
                      (SELECT string_agg(quote_ident(CASE i.item WHEN old THEN schema
                                                     ELSE i.item END), ', ' ORDER BY i.ordinality)
                         FROM boardinghouse._path_items(substr(c.setting,
                                                               length('search_path=') + 1)) AS i))
          FROM pg_proc AS p
          CROSS JOIN LATERAL unnest(p.proconfig) AS c (setting)
         WHERE p.pronamespace = boardinghouse._namespace(schema)
           AND starts_with(c.setting, 'search_path=')
           AND EXISTS (SELECT FROM boardinghouse._path_items(substr(c.setting,
           length('search_path=') + 1)) AS i WHERE i.item = old)
         ORDER BY 1
    LOOP
        EXECUTE altering;
    END LOOP;
END;
$function$;

-- _allows_drift()
--
-- Whether boardinghouse.allow_drift is on: as it is while statements are applied to the tenants.
CREATE FUNCTION boardinghouse._allows_drift()
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN coalesce(NULLIF(current_setting('boardinghouse.allow_drift', true), '')::boolean, false);
END;
$function$;

-- _refuse_drift(schema, mains)
--
-- Raise if these main objects of a tenant differ from the template's, or the template has what the
-- tenant lacks. mains NULL: all.
CREATE FUNCTION boardinghouse._refuse_drift(schema text, mains text[])
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    difference record;
BEGIN
    IF NOT boardinghouse._snapshot_is_valid() THEN
        RETURN;     -- nothing to hold it against; enable() will
    END IF;
    SELECT d.* INTO difference
      FROM boardinghouse._differences(schema, '__template__', mains) AS d
     WHERE NOT d.own
       -- A GRANT is not seen when it is made, for its event names nothing; verify() lists it.
       AND d.kind NOT IN ('grant', 'revoke')
     ORDER BY d.kind, d.object
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'schema "%" would differ from the template', schema
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = format('%s %s: %s; in the template: %s.', difference.kind,
                                  difference.object,
                                  coalesce(difference.here, 'not there'),
                                  coalesce(difference.there, 'not there')),
                  HINT = 'Change schema "__template__": every tenant follows. Or SET boardinghouse.allow_drift = on.';
    END IF;
END;
$function$;

-- _grant_text(command)
--
-- The text of a GRANT or REVOKE that is a command of its own at top level, among others if they
-- came in one string. NULL: it cannot be known.
CREATE FUNCTION boardinghouse._grant_text(command text)
    RETURNS text
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    context text;
BEGIN
    GET DIAGNOSTICS context = PG_CONTEXT;
    -- The outermost line of the context is the event trigger function's own.
    IF command IN ('GRANT', 'REVOKE')
            AND regexp_replace(context, E'^.*\\n', '') ~ E'\\mboardinghouse\\._on_ddl\\(\\)' THEN
        RETURN current_query();
    END IF;
    RETURN NULL;
END;
$function$;

-- _granted_mains(command)
--
-- The main objects of the template whose privileges may have changed: the events of GRANT, REVOKE
-- and ALTER DEFAULT PRIVILEGES do not say what they were about. Those whose rows the transaction
-- has written, or a subtransaction of it; and always the schema, for of a default privilege that is
-- taken away there is no row.
CREATE FUNCTION boardinghouse._granted_mains(command text)
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
DECLARE
    template CONSTANT oid := boardinghouse._namespace('__template__');
    since CONSTANT integer := age(pg_current_xact_id()::xid);
    statement CONSTANT text := lower(boardinghouse._grant_text(command));
    relations CONSTANT oid[] := boardinghouse._relations('__template__');
    classes oid[];
    objects oid[];
BEGIN
    IF command <> 'ALTER DEFAULT PRIVILEGES' THEN
        SELECT array_agg(o.class), array_agg(o.object) INTO classes, objects
          FROM (
                SELECT 'pg_class'::regclass::oid, c.oid
                  FROM unnest(relations) AS r (oid)
                  JOIN pg_class AS c ON c.oid = r.oid AND age(c.xmin) <= since
                 UNION ALL
                SELECT d.classid, d.objid
                  FROM pg_depend AS d
                  LEFT JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
                  LEFT JOIN pg_type AS t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
                 WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = template
                   AND d.classid IN ('pg_proc'::regclass, 'pg_type'::regclass)
                   AND age(coalesce(p.xmin, t.xmin)) <= since
               ) AS o (class, object);
        -- A privilege of columns alone is written with parentheses, one of a row type with TYPE.
        IF coalesce(strpos(statement, '('), 1) > 0 THEN
            SELECT classes || array_agg('pg_class'::regclass::oid), objects || array_agg(a.attrelid)
              INTO classes, objects
              FROM unnest(relations) AS r (oid)
              JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0
                  AND age(a.xmin) <= since;
        END IF;
        IF coalesce(strpos(statement, 'type'), 1) > 0 THEN
            SELECT classes || array_agg('pg_class'::regclass::oid), objects || array_agg(c.oid)
              INTO classes, objects
              FROM unnest(relations) AS r (oid)
              JOIN pg_class AS c ON c.oid = r.oid
              JOIN pg_type AS t ON t.oid = c.reltype AND age(t.xmin) <= since;
        END IF;
    END IF;
    RETURN concat('pg_namespace ', template, ' 0')
        || ARRAY(SELECT m.main FROM boardinghouse._current_mains(classes, objects) AS m);
END;
$function$;

-- _may_grant(command, path)
--
-- Whether a GRANT or REVOKE can be about the template. Its event names nothing, and to look for
-- what it has changed takes milliseconds. One at top level, under a path without the template,
-- cannot reach it without naming it: then its text answers. Any other: true.
CREATE FUNCTION boardinghouse._may_grant(command text, path text)
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    statement CONSTANT text := boardinghouse._grant_text(command);
BEGIN
    RETURN statement IS NULL
        OR strpos(path, '__template__') > 0
        OR strpos(statement, '__template__') > 0
        OR strpos(upper(statement), 'U&"') > 0;
END;
$function$;

-- _refuse_shared_members(families)
--
-- Raise where one of these operator families is in no tenant and not in the template, and has
-- members made of what is in the template: the families of the tenants are the same one.
CREATE FUNCTION boardinghouse._refuse_shared_members(families oid[])
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    member text;
BEGIN
    SELECT pg_describe_object(m.class, m.object, 0) INTO member
      FROM (SELECT 'pg_amop'::regclass AS class, a.oid AS object, a.amopfamily AS family,
                   'pg_operator'::regclass AS made_of
              FROM pg_amop AS a
             UNION ALL
            SELECT 'pg_amproc'::regclass, a.oid, a.amprocfamily, 'pg_proc'::regclass
              FROM pg_amproc AS a) AS m
      JOIN pg_opfamily AS f ON f.oid = m.family
      JOIN pg_depend AS d ON d.classid = m.class AND d.objid = m.object
          AND d.refclassid = m.made_of
      JOIN boardinghouse._placed AS p ON p.class = d.refclassid AND p.object = d.refobjid
      JOIN pg_namespace AS n ON n.oid = p.namespace AND n.nspname = '__template__'
     WHERE m.family = ANY (families) AND f.opfnamespace <> n.oid
       AND NOT EXISTS (SELECT FROM pg_depend AS c
                        WHERE c.classid = m.class AND c.objid = m.object
                          AND c.refclassid = 'pg_opclass'::regclass)
     LIMIT 1;
    IF member IS NOT NULL THEN
        RAISE EXCEPTION '% cannot be carried to the tenants', member
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'The operator family is shared, what it is made of is in the template.',
                  HINT = 'Add it to an operator family of the template.';
    END IF;
END;
$function$;

-- _refuse_members(extensions)
--
-- Raise where one of these extensions has taken in what the snapshot has: it would be part of the
-- template no more, and of the tenants still.
CREATE FUNCTION boardinghouse._refuse_members(extensions oid[])
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $function$
DECLARE
    member text;
BEGIN
    SELECT pg_describe_object(d.classid, d.objid, 0) INTO member
      FROM pg_depend AS d
      JOIN boardinghouse.snapshot AS s ON s.main = s.id
          AND s.id = concat(d.classid::regclass, ' ', d.objid, ' 0')
     WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = ANY (extensions)
       AND d.deptype = 'e'
     LIMIT 1;
    IF member IS NOT NULL THEN
        RAISE EXCEPTION '% of the template cannot become a member of an extension', member
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'An extension exists once in a database, so tenants could not have it.',
                  HINT = 'Make it in schema "public".';
    END IF;
END;
$function$;

-- _twins(relations)
--
-- Those of these relations that have a namesake in the other of template and public: which of the
-- two a query means would depend on search_path. Indexes and types are not found that way. is_new:
-- the transaction has made, renamed or moved one of the two; then the row of its type is new, or its
-- own where it has no type.
CREATE FUNCTION boardinghouse._twins(relations oid[])
    RETURNS TABLE (relation oid, other oid, is_new boolean)
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
    template CONSTANT oid := to_regnamespace('__template__');
    public CONSTANT oid := to_regnamespace('public');
    since CONSTANT integer := age(pg_current_xact_id_if_assigned()::xid);
BEGIN
    RETURN QUERY
    SELECT c.oid, o.oid, least(age(coalesce(t.xmin, c.xmin)), age(coalesce(y.xmin, o.xmin))) <= since
      FROM unnest(relations) AS r (oid)
      JOIN pg_class AS c ON c.oid = r.oid
      JOIN pg_class AS o ON o.relname = c.relname
          AND o.relnamespace = CASE c.relnamespace WHEN template THEN public ELSE template END
      LEFT JOIN pg_type AS t ON t.oid = c.reltype
      LEFT JOIN pg_type AS y ON y.oid = o.reltype
     WHERE c.relnamespace IN (template, public) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
       AND o.relkind IN ('r', 'p', 'v', 'm', 'f', 'S');
END;
$function$;

-- _refuse_twins(relations)
--
-- Raise where the transaction has made one of these relations the namesake of another.
CREATE FUNCTION boardinghouse._refuse_twins(relations oid[])
    RETURNS void
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    twin record;
BEGIN
    SELECT x.name, x.schema INTO twin
      FROM boardinghouse._twins(relations) AS t
      CROSS JOIN LATERAL (
            SELECT c.relname, n.nspname
              FROM pg_class AS c
              JOIN pg_namespace AS n ON n.oid = c.relnamespace
             WHERE c.oid = t.other
            OFFSET 0
           ) AS x (name, schema)
     WHERE t.is_new
     ORDER BY x.name
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'relation "%" already exists in schema "%"', twin.name, twin.schema
            USING ERRCODE = 'duplicate_table',
                  DETAIL = 'A relation is either in "public", for all tenants, or in the template, for each: a query would find one in place of the other.',
                  HINT = 'Give it another name, or drop or rename the other one first.';
    END IF;
END;
$function$;

-- _follow_ddl(command, path)
--
-- What ddl_command_end has seen: mirror what concerns the template, let the registry follow, refuse
-- drift. Called by the event trigger function, in the caller's rights.
CREATE FUNCTION boardinghouse._follow_ddl(command text, path text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    -- By its name: after a restore nothing is known of it, after pg_upgrade what is known is wrong.
    -- By what is known where that name is gone: it is being renamed.
    template oid := coalesce((SELECT n.oid FROM pg_namespace AS n WHERE n.nspname = '__template__'),
                             (SELECT l.namespace FROM boardinghouse.location AS l
                              WHERE l.schema = '__template__'));
    classes oid[];
    objects oid[];
    relations oid[];
    is_privilege boolean;
    mains text[];
    granted text[];
    moved text;
    renamed record;
    drifted record;
BEGIN
    SELECT array_agg(c.classid), array_agg(c.objid), bool_or(c.objid IS NULL),
           array_agg(c.objid) FILTER (WHERE c.classid = 'pg_class'::regclass)
      INTO classes, objects, is_privilege, relations
      FROM pg_event_trigger_ddl_commands() AS c;
    -- It also takes default privileges away, and tells nobody.
    is_privilege := coalesce(is_privilege, false) OR command = 'DROP OWNED';
    IF EXISTS (SELECT FROM pg_namespace AS n WHERE n.oid = template
               AND n.nspname <> '__template__') THEN
        RAISE EXCEPTION 'the template cannot be renamed'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'SELECT boardinghouse.disable(); first.';
    END IF;
    IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() AS c
               WHERE c.in_extension AND c.schema_name = '__template__')
            OR EXISTS (SELECT FROM pg_extension AS e
                       WHERE e.extnamespace = template AND e.oid = ANY (objects)) THEN
        RAISE EXCEPTION 'an extension cannot be created in the template'
            USING ERRCODE = 'feature_not_supported',
                  DETAIL = 'An extension exists once in a database, so tenants could not have it.',
                  HINT = 'Create it in schema "public".';
    END IF;
    IF EXISTS (SELECT FROM pg_depend AS d
                 JOIN pg_type AS t ON d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid
                     AND t.typnamespace = template
                WHERE d.classid = 'pg_transform'::regclass
                    AND d.objid = ANY (objects)) THEN
        RAISE EXCEPTION 'a transform for a type of the template cannot be carried to the tenants'
            USING ERRCODE = 'feature_not_supported',
                  HINT = 'Keep the type in a schema that is neither a tenant nor the template.';
    END IF;
    -- What a schema or an extension brings along has no rows of its own, nor have the sequences of a
    -- table that is moved.
    IF 'pg_class'::regclass = ANY (classes) OR 'pg_namespace'::regclass = ANY (classes)
            OR 'pg_extension'::regclass = ANY (classes) THEN
        PERFORM boardinghouse._refuse_twins(CASE
            WHEN 'pg_namespace'::regclass = ANY (classes) OR 'pg_extension'::regclass = ANY (classes)
                THEN boardinghouse._relations('__template__')
            ELSE relations || ARRAY(
                SELECT d.objid FROM pg_depend AS d
                 WHERE d.classid = 'pg_class'::regclass AND d.objsubid = 0 AND d.deptype = 'a'
                   AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY (relations)) END);
    END IF;
    IF 'pg_opfamily'::regclass = ANY (classes) THEN
        PERFORM boardinghouse._refuse_shared_members(objects);
    END IF;
    IF 'pg_extension'::regclass = ANY (classes) THEN
        PERFORM boardinghouse._refuse_members(objects);
    END IF;
    -- A change under way works with the old name: it is waited for.
    IF EXISTS (SELECT FROM boardinghouse.location AS l
                 JOIN pg_namespace AS n ON n.oid = l.namespace AND n.nspname <> l.schema) THEN
        PERFORM boardinghouse._lock(false);
    END IF;
    FOR renamed IN SELECT f.old_name, f.new_name FROM boardinghouse._follow_names() AS f LOOP
        PERFORM boardinghouse._check_name(renamed.new_name);
        PERFORM boardinghouse._follow_paths(renamed.new_name, renamed.old_name);
    END LOOP;
    SELECT array_agg(m.main) FILTER (WHERE m.namespace = template),
           min(m.main) FILTER (WHERE m.namespace <> template AND EXISTS (
               SELECT FROM boardinghouse.snapshot AS s WHERE s.main = m.main))
      INTO mains, moved
      FROM boardinghouse._current_mains(classes, objects) AS m;
    IF moved IS NOT NULL THEN
        RAISE EXCEPTION '% cannot be moved out of the template',
                pg_describe_object(split_part(moved, ' ', 1)::regclass,
                                   split_part(moved, ' ', 2)::oid, 0)
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  DETAIL = 'The tenants have it too, with rows of their own.',
                  HINT = 'Create it anew where it is to be, and drop it in the template.';
    END IF;
    -- What is outside may have another name now, and the snapshot tells new tenants the old one.
    IF starts_with(command, 'ALTER ') THEN
        PERFORM boardinghouse._reword(classes, objects);
    END IF;
    -- What an extension has let go belongs to the template from now on.
    IF command = 'ALTER EXTENSION' AND boardinghouse._snapshot_is_valid() THEN
        mains := NULLIF(mains || ARRAY(
            SELECT m.id FROM unnest(boardinghouse._members('__template__')) AS m (id)
             WHERE m.id NOT IN (SELECT s.main FROM boardinghouse.snapshot AS s)), '{}');
    END IF;
    -- A restore refreshes materialized views when the event triggers are there already.
    IF mains IS NOT NULL AND (command <> 'REFRESH MATERIALIZED VIEW'
                              OR boardinghouse._snapshot_is_valid()) THEN
        -- A table that is moved in brings its sequences along, without a row of their own.
        mains := mains || ARRAY(
            SELECT concat('pg_class ', d.objid, ' 0')
              FROM pg_depend AS d
              JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
             WHERE d.classid = 'pg_class'::regclass AND d.objsubid = 0 AND d.deptype = 'a'
               AND d.refclassid = 'pg_class'::regclass
                   AND d.refobjid = ANY (boardinghouse._oids(mains, 'pg_class')));
        PERFORM boardinghouse._mirror(mains, false, command, path);
        IF concat('pg_namespace ', template, ' 0') = ANY (mains) THEN
            PERFORM boardinghouse._trust_owner();
        END IF;
    END IF;
    IF is_privilege AND boardinghouse._snapshot_is_valid() THEN
        granted := boardinghouse._granted_mains(command);
        IF boardinghouse._privileges_differ(granted) THEN
            PERFORM boardinghouse._mirror(granted, true, command, path);
        END IF;
    END IF;
    IF NOT boardinghouse._allows_drift() THEN
        FOR drifted IN
            SELECT l.schema, array_agg(m.main) AS mains
              FROM boardinghouse._current_mains(classes, objects) AS m
              JOIN boardinghouse.location AS l ON l.namespace = m.namespace
                  AND l.schema <> '__template__'
             GROUP BY l.schema
        LOOP
            PERFORM boardinghouse._refuse_captures();
            PERFORM boardinghouse._refuse_drift(drifted.schema, drifted.mains);
        END LOOP;
    END IF;
END;
$function$;

-- _is_cast_of(schema, source, target)
--
-- Whether a cast between these types, as sql_drop names them, is of a type of this schema.
CREATE FUNCTION boardinghouse._is_cast_of(schema text, source text[], target text[])
    RETURNS boolean
    LANGUAGE sql
    IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT starts_with(source[1], quote_ident(schema) || '.')
        OR starts_with(target[1], quote_ident(schema) || '.')
$function$;

-- _dropped_mains()
--
-- The main objects of the snapshot that were dropped, in part or whole, or need what was dropped;
-- NULL for none.
CREATE FUNCTION boardinghouse._dropped_mains()
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
DECLARE
    ids CONSTANT text[] := ARRAY(
        SELECT concat(d.classid::regclass, ' ', d.objid, ' ', d.objsubid)
          FROM pg_event_trigger_dropped_objects() AS d);
BEGIN
    RETURN (
        SELECT array_agg(DISTINCT o.main)
          FROM (
                SELECT s.main FROM boardinghouse.snapshot AS s WHERE s.id = ANY (ids)
                 UNION ALL
                SELECT s.main FROM boardinghouse.snapshot AS s WHERE s.needs && ids
                 UNION ALL
                -- REINDEX CONCURRENTLY gave it a new OID, without an event before PostgreSQL 17.
                SELECT s.main
                  FROM pg_event_trigger_dropped_objects() AS d
                  JOIN boardinghouse.snapshot AS s ON s.kind = 'index'
                      AND s.object = quote_ident(d.object_name)
                 WHERE d.object_type = 'index' AND d.schema_name = '__template__'
               ) AS o);
END;
$function$;

-- _follow_drop(command, path)
--
-- The same for sql_drop, which fires before and sees the final catalog.
CREATE FUNCTION boardinghouse._follow_drop(command text, path text)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    mains text[];
    drifted record;
BEGIN
    IF EXISTS (SELECT FROM pg_event_trigger_dropped_objects() AS d
                WHERE d.classid = 'pg_namespace'::regclass
                  AND (d.object_name = '__template__'
                       OR d.objid = (SELECT l.namespace FROM boardinghouse.location AS l
                                     WHERE l.schema = '__template__'))) THEN
        RAISE EXCEPTION 'the template cannot be dropped'
            USING ERRCODE = 'object_not_in_prerequisite_state',
                  HINT = 'SELECT boardinghouse.disable(); first.';
    END IF;
    IF EXISTS (SELECT FROM pg_event_trigger_dropped_objects() AS d
                 JOIN boardinghouse.location AS l ON d.classid = 'pg_namespace'::regclass
                     AND d.objid = l.namespace) THEN
        PERFORM boardinghouse._lock(false);
        PERFORM boardinghouse._follow_names();
    END IF;
    mains := boardinghouse._dropped_mains();
    IF mains IS NOT NULL THEN
        PERFORM boardinghouse._mirror(mains, false, command, path);
    ELSIF EXISTS (SELECT FROM pg_event_trigger_dropped_objects() AS d
                  WHERE d.schema_name = '__template__' AND NOT d.is_temporary) THEN
        PERFORM boardinghouse._require_snapshot();
    END IF;
    IF NOT boardinghouse._allows_drift() THEN
        FOR drifted IN
            SELECT DISTINCT r.schema
              FROM boardinghouse.location AS r
              JOIN pg_event_trigger_dropped_objects() AS d ON d.schema_name = r.schema
                  OR d.address_names[1] = r.schema
                  OR (d.classid = 'pg_cast'::regclass
                      AND boardinghouse._is_cast_of(r.schema, d.address_names, d.address_args))
             WHERE r.schema <> '__template__' AND d.object_type <> 'schema'
        LOOP
            PERFORM boardinghouse._refuse_drift(drifted.schema, NULL);
        END LOOP;
    END IF;
END;
$function$;

-- _ddl_concerns(command, path)
--
-- Whether the rows of ddl_command_end concern the template or a tenant, at a glance. Apart from the
-- event trigger function, for its plan would be made anew under every tenant's search_path. With
-- LIMIT 1, not EXISTS: for that the planner hashes the whole snapshot.
CREATE FUNCTION boardinghouse._ddl_concerns(command text, path text)
    RETURNS boolean
    LANGUAGE plpgsql
    STABLE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
AS $function$
BEGIN
    RETURN command = 'DROP OWNED' OR EXISTS (
        SELECT FROM pg_event_trigger_ddl_commands() AS c
         WHERE c.schema_name = '__template__'
            OR c.object_type = 'extension'
            -- A new schema concerns nobody, unless it takes the place of one that is known.
            OR (c.object_type = 'schema'
                AND (_ddl_concerns.command <> 'CREATE SCHEMA'
                     OR (SELECT n.nspname = '__template__'
                             OR EXISTS (SELECT FROM boardinghouse.schema AS r
                                         WHERE r.schema = n.nspname)
                             OR EXISTS (SELECT FROM boardinghouse.location AS l
                                         WHERE l.schema = n.nspname)
                           FROM pg_namespace AS n
                          WHERE n.oid = c.objid)))
            OR (c.objid IS NULL AND boardinghouse._may_grant(_ddl_concerns.command,
                                                             _ddl_concerns.path))
            -- Rules, triggers and policies are shown without a schema.
            OR (c.schema_name IS NULL
                AND c.classid IN ('pg_rewrite'::regclass, 'pg_trigger'::regclass,
                                  'pg_policy'::regclass,
                                  'pg_cast'::regclass, 'pg_transform'::regclass))
            OR c.classid = 'pg_opfamily'::regclass
            -- Shared, and in the template under the same name.
            OR (c.schema_name = 'public' AND c.classid = 'pg_class'::regclass
                AND (SELECT true FROM pg_class AS o
                      WHERE o.relnamespace = to_regnamespace('__template__')
                        AND o.relname = (SELECT k.relname FROM pg_class AS k WHERE k.oid = c.objid)
                        AND o.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')))
            -- Moved out of the template: shown with its new schema.
            OR (SELECT true FROM boardinghouse.snapshot AS s
                 WHERE s.id = concat(c.classid::regclass, ' ', c.objid, ' 0') LIMIT 1)
            -- Renamed, and named by a definition in the template.
            OR (starts_with(c.command_tag, 'ALTER ')
                AND (SELECT true FROM boardinghouse.snapshot AS s
                      WHERE s.needs && ARRAY[concat(c.classid::regclass, ' ', c.objid, ' 0'),
                                             concat(c.classid::regclass, ' ', c.objid, ' ',
                                                    c.objsubid)] LIMIT 1))
            OR (NOT coalesce(NULLIF(current_setting('boardinghouse.allow_drift', true),
                                    '')::boolean, false)
                AND (SELECT true FROM boardinghouse.schema AS r
                     WHERE r.schema = c.schema_name::name LIMIT 1)));
END;
$function$;

-- _drop_concerns()
--
-- The same for the rows of sql_drop.
CREATE FUNCTION boardinghouse._drop_concerns()
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
        SELECT FROM pg_event_trigger_dropped_objects() AS d
         WHERE NOT d.is_temporary
           AND (d.schema_name = '__template__'
                OR d.address_names[1] = '__template__'
                OR d.object_type = 'schema'
                -- In no schema of their own.
                OR (d.classid IN ('pg_cast'::regclass, 'pg_amop'::regclass, 'pg_amproc'::regclass)
                    AND (SELECT true FROM boardinghouse.snapshot AS s
                          WHERE s.id = concat(d.classid::regclass, ' ', d.objid, ' 0') LIMIT 1))
                OR (NOT coalesce(NULLIF(current_setting('boardinghouse.allow_drift', true),
                                        '')::boolean, false)
                    AND ((SELECT true FROM boardinghouse.schema AS r
                           WHERE r.schema = coalesce(d.schema_name, d.address_names[1])::name
                           LIMIT 1)
                         OR (d.classid = 'pg_cast'::regclass
                             AND EXISTS (SELECT FROM boardinghouse.schema AS r
                                          WHERE boardinghouse._is_cast_of(r.schema,
                                                                          d.address_names,
                                                                          d.address_args)))))));
END;
$function$;

-- _on_ddl()
--
-- Event trigger function of boardinghouse_ddl, on ddl_command_end: a guard and one call.
CREATE FUNCTION boardinghouse._on_ddl()
    RETURNS event_trigger
    LANGUAGE plpgsql
AS $function$
BEGIN
    -- What is dropped is told to sql_drop alone; but DROP OWNED revokes, too.
    IF pg_catalog.starts_with(tg_tag, 'DROP ') AND tg_tag OPERATOR(pg_catalog.<>) 'DROP OWNED' THEN
        RETURN;
    END IF;
    IF pg_catalog.has_schema_privilege('boardinghouse', 'USAGE') THEN
        -- What _apply() makes elsewhere than in the template may differ from it. One of its
        -- statements makes one of many hundred objects of a new tenant, so this is as little as
        -- can be.
        IF tg_tag OPERATOR(pg_catalog.=) ANY ('{CREATE TABLE,CREATE INDEX,CREATE SEQUENCE}')
            AND pg_catalog.current_setting('boardinghouse.allow_drift', true)
                OPERATOR(pg_catalog.=) 'on'
            AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_event_trigger_ddl_commands() AS c
                 WHERE c.schema_name IS NULL
                    OR c.schema_name OPERATOR(pg_catalog.=) '__template__'
                    OR c.schema_name OPERATOR(pg_catalog.=) 'public') THEN
            RETURN;
        END IF;
        IF boardinghouse._ddl_concerns(tg_tag, pg_catalog.current_setting('search_path')) THEN
            PERFORM boardinghouse._follow_ddl(tg_tag, pg_catalog.current_setting('search_path'));
        END IF;
    ELSIF EXISTS (
            SELECT FROM pg_catalog.pg_event_trigger_ddl_commands() AS c
             WHERE c.schema_name OPERATOR(pg_catalog.=) '__template__'
                OR c.object_identity OPERATOR(pg_catalog.~) E'\\m__template__\\.') THEN
        RAISE EXCEPTION 'permission denied for schema boardinghouse'
            USING ERRCODE = 'insufficient_privilege',
                  DETAIL = 'Without it a change of the template cannot reach the tenants.';
    END IF;
END;
$function$;

-- _on_drop()
--
-- Event trigger function of boardinghouse_drop, on sql_drop: a guard and one call.
CREATE FUNCTION boardinghouse._on_drop()
    RETURNS event_trigger
    LANGUAGE plpgsql
AS $function$
BEGIN
    IF pg_catalog.has_schema_privilege('boardinghouse', 'USAGE') THEN
        IF boardinghouse._drop_concerns() THEN
            PERFORM boardinghouse._follow_drop(tg_tag, pg_catalog.current_setting('search_path'));
        END IF;
    ELSIF EXISTS (
            SELECT FROM pg_catalog.pg_event_trigger_dropped_objects() AS d
             WHERE d.schema_name OPERATOR(pg_catalog.=) '__template__'
                OR d.address_names[1] OPERATOR(pg_catalog.=) '__template__') THEN
        RAISE EXCEPTION 'permission denied for schema boardinghouse'
            USING ERRCODE = 'insufficient_privilege',
                  DETAIL = 'Without it a change of the template cannot reach the tenants.';
    END IF;
END;
$function$;
