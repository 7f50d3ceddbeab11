-- Layer 1: the types and tables everything else is made of. Made once; later versions change
-- them by hand-written update scripts, while functions and views are replayed.
-- The registry and the journal are dumped by pg_dump; the snapshot is not, for it holds OIDs.

-- A part is the smallest thing of a schema that is created, altered or dropped by itself. Its texts
-- are of collation "C", for so are names, and an index serves one collation only.
CREATE TYPE boardinghouse.part AS (
    kind text COLLATE "C",        -- what it is: table, column, default, index ... (see _kind)
    object text COLLATE "C",      -- its quoted name relative to the schema; unique within its kind
    name text COLLATE "C",        -- its own name, bare: differs where it was renamed
    sort integer,                 -- its place among its siblings: the attnum of a column
    id text COLLATE "C",          -- its identity in OIDs: unique within its kind, survives a rename
    within text COLLATE "C",      -- the id of the part that takes it along when dropped
    main text COLLATE "C",        -- the id of the table, type, routine ... it belongs to
    ddl text COLLATE "C",         -- the statement that makes it, names relative to the schema
    -- Of a passive part, alteration and undo are its piece of the shell of its container, which is
    -- that container without what it is made from.
    alteration text COLLATE "C",  -- the statement that turns another of its name into it, or NULL
    undo text COLLATE "C",        -- the statement that takes it away; NULL: cannot be taken away
    inline text COLLATE "C",      -- the clause that makes it inside the statement of its container
    rename text[] COLLATE "C",    -- what stands before the old name, and between old and new name
    raw text COLLATE "C",         -- fingerprint in OIDs and attnums: a rename leaves it as it is
    needs text[] COLLATE "C",     -- ids of the parts that must be there before it
    names_schema boolean,         -- the statements are format() strings; %1$I is the schema
    inherited_from text[] COLLATE "C",  -- ids of the parts of the parents, of its own kind
    is_local boolean              -- it would be there without them, too
);

-- A statement of a plan: one action, in relative form.
CREATE TYPE boardinghouse.statement AS (
    "position" integer,
    action text,           -- drop, rename, create or alter
    kind text,
    object text,
    -- of a foreign key or type change: its table; those of one table go in one statement
    relation text,
    is_late boolean,       -- rows are copied before it
    ddl text,
    names_schema boolean
);

CREATE TABLE boardinghouse.schema (
    schema name NOT NULL,
    name text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT schema_pkey PRIMARY KEY (schema)
);
COMMENT ON TABLE boardinghouse.schema IS 'Registry of the tenants: one row per tenant schema.';

CREATE TABLE boardinghouse.change (
    id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME boardinghouse.change_id_seq),
    changed_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    author name NOT NULL,
    command text NOT NULL,
    settings jsonb NOT NULL,
    statements jsonb NOT NULL,
    is_deferred boolean NOT NULL DEFAULT false,
    CONSTRAINT change_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE boardinghouse.change IS
    'Journal: every change of the template that was mirrored into the tenants.';

-- How far a tenant has come in the journal: written when it is made, and by catching up. No foreign
-- key: a parallel restore fills the tables of an extension in any order.
CREATE TABLE boardinghouse.progress (
    schema name NOT NULL,
    change_id bigint NOT NULL,
    error text,
    CONSTRAINT progress_pkey PRIMARY KEY (schema)
);
COMMENT ON TABLE boardinghouse.progress IS
    'How far each tenant has come in the journal, and the error that stopped it.';

-- The template as it was after its last mirrored change.
CREATE TABLE boardinghouse.snapshot OF boardinghouse.part (
    CONSTRAINT snapshot_pkey PRIMARY KEY (id, kind)
);
CREATE INDEX snapshot_main_idx ON boardinghouse.snapshot (main);
-- Without a list of what is yet to be sorted in, which each look into the index would go through.
CREATE INDEX snapshot_needs_idx ON boardinghouse.snapshot USING gin (needs) WITH (fastupdate = off);
CREATE INDEX snapshot_owner_idx ON boardinghouse.snapshot (raw, name) WHERE kind = 'owner';
CREATE INDEX snapshot_kind_idx ON boardinghouse.snapshot (kind, object);
COMMENT ON TABLE boardinghouse.snapshot IS
    'The parts of the template as of its last mirrored change. Not dumped: enable() makes it anew.';

-- What the snapshot comes to as the statements of a new schema, worked out when one is made. Without
-- a key: nobody who makes one waits for another who does. Unlogged: it can be lost, and where all
-- tables are published, nothing without a key could be deleted from a logged one.
CREATE UNLOGGED TABLE boardinghouse.recipe (
    version bigint NOT NULL,
    creator name NOT NULL,
    has_rows boolean NOT NULL,
    statements boardinghouse.statement[] NOT NULL,
    shared_tables oid[] NOT NULL
);
COMMENT ON TABLE boardinghouse.recipe IS
    'The statements that make a new tenant, as worked out from the snapshot. Not dumped.';

-- One row: how often the snapshot was written. A recipe is of one version of it.
CREATE TABLE boardinghouse.snapshot_version (
    is_the_row boolean NOT NULL DEFAULT true CHECK (is_the_row),
    version bigint NOT NULL,
    CONSTRAINT snapshot_version_pkey PRIMARY KEY (is_the_row)
);
INSERT INTO boardinghouse.snapshot_version (version) VALUES (0);
COMMENT ON TABLE boardinghouse.snapshot_version IS
    'How often the snapshot was written. Not dumped.';

-- OIDs of the template and the tenants, by which a rename or drop by hand is recognised.
CREATE TABLE boardinghouse.location (
    namespace oid NOT NULL,
    schema name NOT NULL,
    CONSTRAINT location_pkey PRIMARY KEY (namespace)
);
COMMENT ON TABLE boardinghouse.location IS
    'OIDs of the registered schemata and the template. Not dumped.';

SELECT pg_catalog.pg_extension_config_dump('boardinghouse.schema', '');
SELECT pg_catalog.pg_extension_config_dump('boardinghouse.change', '');
SELECT pg_catalog.pg_extension_config_dump('boardinghouse.change_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('boardinghouse.progress', '');
