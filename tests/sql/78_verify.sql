\set ECHO none
\getenv abs_srcdir PG_ABS_SRCDIR
\set oracle :abs_srcdir '/sql/include/oracle.sql'
\i :oracle
SELECT no_plan();
CREATE ROLE regress_reader;
CREATE TABLE __template__.t (id int PRIMARY KEY, n text);
CREATE INDEX t_n_idx ON __template__.t (n);
CREATE FUNCTION pg_temp.told(ddl text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    found text[];
BEGIN
    BEGIN
        SET LOCAL boardinghouse.allow_drift = on;
        EXECUTE ddl;
        found := ARRAY(SELECT concat_ws(' | ', v.schema, v.problem, coalesce(v.kind, '-'), coalesce(v.object, '-'), coalesce(v.here, '-'), coalesce(v.there, '-')) FROM boardinghouse.verify() AS v);
        RAISE SQLSTATE 'BH002';
    EXCEPTION WHEN SQLSTATE 'BH002' THEN NULL;
    END;
    RETURN QUERY SELECT u FROM unnest(found) AS u;
END $$;

-- One row for each problem.
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'no rows: all is well');
SELECT set_eq($q$SELECT pg_temp.told('ALTER TABLE early.t ADD x int; ALTER TABLE "late 1".t DROP n')$q$,
    $$VALUES ('early | differs from the template | column | t.x | ALTER TABLE t ADD COLUMN x integer | -'), ('late 1 | differs from the template | column | t.n | - | ALTER TABLE t ADD COLUMN n text'), ('late 1 | differs from the template | index | t_n_idx | - | CREATE INDEX t_n_idx ON t USING btree (n)')$$, 'tenants that differ are told, with what is here and what is there');
SELECT is_empty($q$SELECT pg_temp.told('CREATE TABLE early.own (id int); CREATE INDEX ON early.t (id, n)')$q$, 'what is a tenant''s own is not');
SELECT set_eq($q$SELECT pg_temp.told('CREATE VIEW early.v AS SELECT * FROM "late 1".t')$q$, $$VALUES ('early | depends on another schema | rule | "_RETURN" on early.v | - | late 1')$$, 'a leak is told');
SELECT set_eq($q$SELECT pg_temp.told('CREATE FUNCTION early.lower(text) RETURNS text LANGUAGE sql AS ''SELECT $1''')$q$, $$VALUES ('early | would be taken for another | - | function lower | - | -')$$, 'a capture is told');
SELECT set_eq($q$SELECT pg_temp.told('UPDATE pg_index SET indisvalid = false WHERE indexrelid = ''early.t_n_idx''::regclass')$q$, $$VALUES ('early | differs from the template | index | t_n_idx | - | CREATE INDEX t_n_idx ON t USING btree (n)'), ('early | index is invalid | index | t_n_idx | - | -')$$, 'an invalid index is told');
SELECT set_eq($q$SELECT pg_temp.told('CREATE INDEX own ON early.t (id); UPDATE pg_index SET indisvalid = false WHERE indexrelid = ''early.own''::regclass')$q$, $$VALUES ('early | index is invalid | index | own | - | -')$$, 'a tenant''s own, too');
SELECT set_eq($q$SELECT pg_temp.told('CREATE TABLE public.outside (id int); CREATE TABLE early.heir () INHERITS (public.outside)')$q$, $$VALUES ('early | cannot be read | - | - | table early.heir in schema "early" cannot be carried to another schema | -')$$, 'a tenant that cannot be read is told, and does not keep the others from being looked at');
SELECT set_eq($q$SELECT pg_temp.told('DELETE FROM boardinghouse.snapshot')$q$, $$VALUES ('__template__ | there is no snapshot | - | - | - | -')$$, 'a missing snapshot is told');
SELECT set_eq($q$SELECT pg_temp.told('SELECT boardinghouse.disable(); DROP SCHEMA early CASCADE')$q$, $$VALUES ('__template__ | event trigger is missing | event trigger | boardinghouse_ddl | - | -'), ('__template__ | event trigger is missing | event trigger | boardinghouse_drop | - | -'), ('early | schema is missing | - | - | - | -')$$, 'a tenant that was dropped while mirroring was off is told');
SELECT set_eq($q$SELECT t FROM pg_temp.told('INSERT INTO boardinghouse.change (author, command, settings, statements, is_deferred) VALUES (''me'', ''x'', ''{}'', ''[]'', true); UPDATE boardinghouse.progress SET error = ''stuck'' WHERE schema = ''early''') AS t WHERE t ~ '^early'$q$, $$VALUES ('early | is behind | - | - | 1 changes | stuck')$$, 'a tenant that is behind is told, with the error that stopped it');
SELECT set_eq($q$SELECT DISTINCT split_part(t, ' | ', 2) FROM pg_temp.told('SELECT boardinghouse.disable(); ALTER TABLE __template__.t ADD m int') AS t$q$, $$VALUES ('change is not mirrored'), ('event trigger is missing'), ('differs from the template')$$, 'a change made while mirroring was off is told, of template and tenants');
SELECT set_eq($q$SELECT pg_temp.told('GRANT SELECT ON early.t TO regress_reader')$q$, $$VALUES ('early | differs from the template | grant | TABLE t TO regress_reader | GRANT SELECT ON TABLE t TO regress_reader | -')$$, 'a grant is told');
SELECT is_empty('SELECT * FROM boardinghouse.verify()', 'verify() leaves all as it was');
SELECT is_empty($$SELECT l.mode FROM pg_locks AS l WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.relation IN ('early.t_n_idx'::regclass) AND l.mode = 'ShareLock'$$, 'and locks nothing for longer');
SET LOCAL ROLE regress_reader;
SELECT throws_ok('SELECT * FROM boardinghouse.verify()', '42501', NULL, 'who may not look into the template gets no answer rather than half of one');
RESET ROLE;

-- status()
UPDATE boardinghouse.schema SET is_active = false WHERE schema = 'late 1';
SELECT set_eq($$SELECT s.schema::text, s.is_active, s.parts = (SELECT count(*) FROM boardinghouse._inventory('__template__')) AS parts, s.changed_at = (SELECT max(c.changed_at) FROM boardinghouse.change AS c) AS changed, s.behind, s.error, s.triggers, s.event_triggers, s.session_replication_role FROM boardinghouse.status() AS s WHERE s.schema !~ 'Brien'$$,
    $$VALUES ('__template__', NULL::boolean, true, true, 0::bigint, NULL::text, 'on', 'on', 'origin'), ('early', true, true, true, 0, NULL, 'on', 'on', 'origin'), ('late 1', false, true, true, 0, NULL, 'on', 'on', 'origin')$$, 'status() has a row for the template and one per tenant');
SELECT is((SELECT count(*) FROM boardinghouse.status()), (SELECT count(*) + 1 FROM boardinghouse.schema), 'and no more');
SET LOCAL session_replication_role = replica;
SELECT is((SELECT DISTINCT s.session_replication_role FROM boardinghouse.status() AS s), 'replica', 'it tells a session whose event triggers do not fire');
RESET session_replication_role;
INSERT INTO boardinghouse.change (author, command, settings, statements, is_deferred) VALUES ('me', 'x', '{}', '[]', true);
UPDATE boardinghouse.progress SET error = 'stuck', change_id = change_id - 1 WHERE schema = 'early';
SELECT results_eq($$SELECT s.behind, s.error FROM boardinghouse.status() AS s WHERE s.schema = 'early'$$, $$VALUES (1::bigint, 'stuck')$$, 'it tells by how many changes a tenant is behind, and why');
DELETE FROM boardinghouse.change WHERE is_deferred;
SELECT boardinghouse.disable() \g /dev/null
SELECT set_eq($$SELECT s.triggers FROM boardinghouse.status() AS s$$, $$VALUES ('off')$$, 'it tells that mirroring is off');
SET LOCAL ROLE regress_reader;
SELECT isnt_empty('SELECT * FROM boardinghouse.status()', 'anybody may see it') WHERE has_table_privilege('boardinghouse.snapshot', 'SELECT');
RESET ROLE;
DELETE FROM boardinghouse.snapshot;
SELECT lives_ok('SELECT * FROM boardinghouse.status()', 'it works without a snapshot');
SELECT * FROM finish();
ROLLBACK;
