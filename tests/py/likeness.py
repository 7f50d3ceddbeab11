"""What the catalogs say of a schema: every column of every row, whatever the engine thinks of it.

OIDs are read as names under the search_path of that schema, so that a name of another schema shows.
Which column refers to which catalog says PostgreSQL itself: a column that a later version adds is
compared without a change here.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NamedTuple

from queries import rows, run


class Catalog(NamedTuple):
    """How to find and to name the rows of a schema in a catalog."""

    condition: str  # whether row r belongs to the schema
    key: str  # names the row; by default its description
    defined: dict[str, str] | None = None  # what is said by a function of PostgreSQL's
    without: str = ""  # columns that are said elsewhere, or are no property of the object


HERE = "= (SELECT here.oid FROM here)"
OF_RELATION = "IN (SELECT c.oid FROM pg_class AS c WHERE c.relnamespace " + HERE + ")"
OF_TYPE = "IN (SELECT t.oid FROM pg_type AS t WHERE t.typnamespace " + HERE + ")"
OF_ROUTINE = "IN (SELECT p.oid FROM pg_proc AS p WHERE p.pronamespace " + HERE + ")"
OF_FAMILY = "IN (SELECT f.oid FROM pg_opfamily AS f WHERE f.opfnamespace " + HERE + ")"
OF_CONFIGURATION = "IN (SELECT f.oid FROM pg_ts_config AS f WHERE f.cfgnamespace " + HERE + ")"
DESCRIPTION = "pg_describe_object(r.tableoid, r.oid, 0)"

# A column by its place among the live ones: tenants may have had others. An index keeps the names
# that columns had.
PLACE = """(SELECT count(*) FROM pg_attribute AS b WHERE b.attrelid = r.attrelid
                                    AND b.attnum BETWEEN 1 AND r.attnum AND NOT b.attisdropped)"""
COLUMN = f"""CASE WHEN EXISTS (SELECT FROM pg_class AS c
                                WHERE c.oid = r.attrelid AND c.relkind IN ('i', 'I'))
                  THEN concat('column ', {PLACE}, ' of index ', r.attrelid::regclass)
                  ELSE pg_describe_object('pg_class'::regclass, r.attrelid, r.attnum) END"""
# The names of internal triggers hold OIDs.
TRIGGER = f"""CASE WHEN r.tgname ~ '_ConstraintTrigger_(._)?\\d+$'
                   THEN concat('internal trigger ', r.tgtype, ' ', r.tgfoid::regproc, ' of ',
                               pg_describe_object('pg_constraint'::regclass, r.tgconstraint, 0),
                               ' on ', r.tgrelid::regclass)
                   ELSE {DESCRIPTION} END"""

CATALOGS = {
    "pg_namespace": Catalog(f"r.oid {HERE}", "'schema'", without="nspname"),
    "pg_class": Catalog(
        f"r.relnamespace {HERE}",
        DESCRIPTION,
        {
            "relpartbound": "pg_get_expr(r.relpartbound, r.oid)",
            "toast": """(SELECT array_agg(o.o ORDER BY o.o)::text
                           FROM pg_class AS c CROSS JOIN unnest(c.reloptions) AS o (o)
                          WHERE c.oid = r.reltoastrelid)""",
            # An index that is gone identifies nothing.
            "relreplident": """CASE WHEN r.relreplident <> 'i' OR EXISTS (
                                        SELECT FROM pg_index AS i
                                         WHERE i.indrelid = r.oid AND i.indisreplident)
                                    THEN r.relreplident END""",
        },
        # Of the file, or not kept up to date, or counting dropped columns.
        "relname relfilenode relpages reltuples relallvisible relallfrozen reltoastrelid "
        "relhasindex relhasrules relhastriggers relhassubclass relnatts relfrozenxid relminmxid "
        "relrewrite",
    ),
    "pg_attribute": Catalog(
        f"""r.attnum > 0 AND NOT r.attisdropped AND r.attrelid IN (
                SELECT c.oid FROM pg_class AS c
                 WHERE c.relkind <> 'S' AND c.relnamespace {HERE})""",
        COLUMN,
        {
            "place": PLACE,
            "atttypid": "format_type(r.atttypid, r.atttypmod)",
            "attstattarget": "NULLIF(r.attstattarget, -1)",
            # pg_ ...: a stamp of the server's own, from 15.20.
            "attoptions": """(SELECT array_agg(o.o ORDER BY o.o)::text
                                FROM unnest(r.attoptions) AS o (o) WHERE o.o !~ '^pg_')""",
        },
        # The fill of ADD COLUMN is seen in rows; dimensions mean nothing to PostgreSQL.
        "attname attnum attcacheoff atttypmod atthasmissing attmissingval attisdropped attndims",
    ),
    "pg_attrdef": Catalog(
        f"r.adrelid {OF_RELATION}",
        "pg_describe_object('pg_class'::regclass, r.adrelid, r.adnum) || ' default'",
        {"adbin": "pg_get_expr(r.adbin, r.adrelid)"},
        "adnum",
    ),
    "pg_constraint": Catalog(
        f"r.connamespace {HERE}",
        DESCRIPTION,
        {
            "conbin": "pg_get_constraintdef(r.oid)",
            # Of a partition's key it says which was there first, key or partition.
            "connoinherit": "CASE WHEN r.contype IN ('c', 'n') THEN r.connoinherit END",
        },
        "conname confdelsetcols",
    ),
    "pg_index": Catalog(
        f"r.indrelid {OF_RELATION}",
        "pg_describe_object('pg_class'::regclass, r.indexrelid, 0) || ' index'",
        {"indexprs": "pg_get_indexdef(r.indexrelid, 0, true)"},
        "indpred indcheckxmin",
    ),
    "pg_inherits": Catalog(
        f"r.inhrelid {OF_RELATION}",
        "concat(r.inhrelid::regclass, ' inherits ', r.inhparent::regclass)",
        {
            "inhseqno": """(SELECT count(*) FROM pg_inherits AS i
                             WHERE i.inhrelid = r.inhrelid AND i.inhseqno <= r.inhseqno)""",
        },
    ),
    "pg_partitioned_table": Catalog(
        f"r.partrelid {OF_RELATION}",
        "concat('partitions of ', r.partrelid::regclass)",
        {"partexprs": "pg_get_partkeydef(r.partrelid)"},
    ),
    "pg_foreign_table": Catalog(
        f"r.ftrelid {OF_RELATION}", "concat('foreign ', r.ftrelid::regclass)"
    ),
    "pg_sequence": Catalog(
        f"r.seqrelid {OF_RELATION}", "concat('sequence ', r.seqrelid::regclass)"
    ),
    "pg_trigger": Catalog(
        # Not those on a table that a foreign key of another schema refers to.
        f"""r.tgrelid {OF_RELATION}
            AND NOT EXISTS (SELECT FROM pg_constraint AS k
                             WHERE k.oid = r.tgconstraint AND NOT k.connamespace {HERE})""",
        TRIGGER,
        {
            "tgqual": """CASE WHEN r.tgname !~ '_ConstraintTrigger_(._)?\\d+$'
                              THEN pg_get_triggerdef(r.oid, true) END""",
            "tgparentid": """CASE WHEN r.tgname !~ '_ConstraintTrigger_(._)?\\d+$'
                                  THEN pg_describe_object(r.tableoid, r.tgparentid, 0) END""",
        },
        "tgname",
    ),
    "pg_rewrite": Catalog(
        f"r.ev_class {OF_RELATION}",
        DESCRIPTION,
        {"ev_action": "pg_get_ruledef(r.oid, true)"},
        "ev_qual",
    ),
    "pg_policy": Catalog(
        f"r.polrelid {OF_RELATION}",
        DESCRIPTION,
        {
            "polqual": "pg_get_expr(r.polqual, r.polrelid)",
            "polwithcheck": "pg_get_expr(r.polwithcheck, r.polrelid)",
            "polroles": """(SELECT array_agg(pg_get_userbyid(p.p) ORDER BY p.p)::text
                              FROM unnest(r.polroles) AS p (p))""",
        },
    ),
    "pg_statistic_ext": Catalog(
        f"r.stxnamespace {HERE}",
        DESCRIPTION,
        {
            "stxexprs": "pg_get_statisticsobjdef_columns(r.oid)",
            "stxstattarget": "NULLIF(r.stxstattarget, -1)",
        },
    ),
    "pg_type": Catalog(
        f"r.typnamespace {HERE}",
        DESCRIPTION,
        {
            "typname": "CASE WHEN r.typelem = 0 OR r.typarray <> 0 THEN r.typname END",
            # As text it was written under whatever path there was.
            "typdefault": "coalesce(pg_get_expr(r.typdefaultbin, 0), r.typdefault)",
        },
        "typdefaultbin",
    ),
    "pg_enum": Catalog(
        f"r.enumtypid {OF_TYPE}",
        """concat('label ', (SELECT count(*) FROM pg_enum AS e
                              WHERE e.enumtypid = r.enumtypid
                                AND e.enumsortorder <= r.enumsortorder),
                  ' of ', r.enumtypid::regtype)""",
        without="enumsortorder",
    ),
    "pg_range": Catalog(f"r.rngtypid {OF_TYPE}", "concat('range ', r.rngtypid::regtype)"),
    "pg_proc": Catalog(
        f"r.pronamespace {HERE}",
        DESCRIPTION,
        {
            "proargdefaults": "pg_get_function_arguments(r.oid)",
            "prosqlbody": "pg_get_function_sqlbody(r.oid)",
            # An item of the path that is the schema follows it.
            "proconfig": """(SELECT array_agg(regexp_replace(
                                        u.u, (SELECT '(^search_path=|, )' || here.pattern
                                                || '(?=,|$)' FROM here), '\\1<schema>', 'g'))::text
                               FROM unnest(r.proconfig) AS u (u))""",
        },
    ),
    "pg_aggregate": Catalog(
        f"r.aggfnoid {OF_ROUTINE}", "concat('aggregate ', r.aggfnoid::regprocedure)"
    ),
    "pg_operator": Catalog(f"r.oprnamespace {HERE}", DESCRIPTION),
    "pg_opclass": Catalog(f"r.opcnamespace {HERE}", DESCRIPTION),
    "pg_opfamily": Catalog(f"r.opfnamespace {HERE}", DESCRIPTION),
    "pg_amop": Catalog(f"r.amopfamily {OF_FAMILY}", DESCRIPTION),
    "pg_amproc": Catalog(f"r.amprocfamily {OF_FAMILY}", DESCRIPTION),
    "pg_collation": Catalog(f"r.collnamespace {HERE}", DESCRIPTION),
    "pg_conversion": Catalog(f"r.connamespace {HERE}", DESCRIPTION),
    "pg_cast": Catalog(f"r.castsource {OF_TYPE} OR r.casttarget {OF_TYPE}", DESCRIPTION),
    "pg_transform": Catalog(f"r.trftype {OF_TYPE}", DESCRIPTION),
    "pg_ts_config": Catalog(f"r.cfgnamespace {HERE}", DESCRIPTION),
    "pg_ts_config_map": Catalog(
        f"r.mapcfg {OF_CONFIGURATION}",
        "concat('map of ', r.mapcfg::regconfig, ' ', r.maptokentype, ' ', r.mapseqno)",
    ),
    "pg_ts_dict": Catalog(f"r.dictnamespace {HERE}", DESCRIPTION),
    "pg_ts_parser": Catalog(f"r.prsnamespace {HERE}", DESCRIPTION),
    "pg_ts_template": Catalog(f"r.tmplnamespace {HERE}", DESCRIPTION),
    "pg_default_acl": Catalog(
        f"r.defaclnamespace {HERE}",
        "concat('default privileges of ', pg_get_userbyid(r.defaclrole), ' ', r.defaclobjtype)",
    ),
}
# These refer to objects of a schema, but are the database's, or read apart, or rows rather than
# structure.
ELSEWHERE = {
    *["pg_description", "pg_seclabel", "pg_depend"],
    *["pg_shdescription", "pg_shseclabel", "pg_shdepend", "pg_init_privs"],
    *["pg_extension", "pg_event_trigger", "pg_language", "pg_am", "pg_foreign_data_wrapper"],
    *["pg_publication_rel", "pg_publication_namespace", "pg_subscription_rel"],
    *["pg_statistic", "pg_statistic_ext_data"],
}
# Whose privileges are in a column: what acldefault() calls it, and its owner.
PRIVILEGES = {
    "nspacl": ("'n'", "r.nspowner"),
    "relacl": ("CASE r.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\"", "r.relowner"),
    "attacl": ("'c'", "0"),
    "proacl": ("'f'", "r.proowner"),
    "typacl": ("'T'", "r.typowner"),
}


def _reading(connection: Any) -> str:
    """The query for all facts of a schema, from the catalogs that this server has."""
    keys = rows(
        connection,
        """SELECT fktable::text, fkcols, pktable::text, is_array
             FROM pg_get_catalog_foreign_keys()""",
    )
    columns = rows(
        connection,
        """SELECT attrelid::regclass::text, attname, atttypid::regtype::text FROM pg_attribute
            WHERE attrelid = ANY (%s::regclass[]) AND attnum > 0 AND NOT attisdropped
            ORDER BY 1, attnum""",
        [list(CATALOGS)],
    )
    referred = {"pg_namespace", "pg_class", "pg_type", "pg_proc"}
    unknown = {table for table, _, target, _ in keys if target in referred} - CATALOGS.keys()
    assert unknown <= ELSEWHERE, f"catalogs that nobody looks at: {unknown - ELSEWHERE}"
    targets = {(table, tuple(cols)): (target, array) for table, cols, target, array in keys}
    pairs = {(table, cols[1]): cols[0] for table, cols in targets if len(cols) == 2}
    facts = []
    for table, (condition, key, defined, without) in CATALOGS.items():
        said = dict(defined or {})
        for _, name, kind in (c for c in columns if c[0] == table):
            target, array = targets.get((table, (name,)), (None, None))
            if name in said or name in without.split() or name == "oid":
                continue
            if target == "pg_namespace":
                continue
            if name in PRIVILEGES or kind == "aclitem[]":
                default = "acldefault({}, {})".format(*PRIVILEGES.get(name, ("'r'", "0")))
                said[name] = f"""(SELECT string_agg(concat_ws(' ', a.grantee::regrole,
                                          a.privilege_type, a.is_grantable, a.grantor::regrole), ','
                                          ORDER BY a.grantee, a.privilege_type, a.grantor)
                                    FROM aclexplode(coalesce(r.{name}, {default})) AS a)"""
            elif target and not array:
                said[name] = f"pg_describe_object('{target}'::regclass, r.{name}, 0)"
            elif target:
                said[name] = f"""(SELECT array_agg(pg_describe_object('{target}'::regclass, o.o, 0)
                                                   ORDER BY o.place)::text
                                    FROM unnest(r.{name}::oid[]) WITH ORDINALITY AS o (o, place))"""
            elif (table, name) in pairs:
                relation = pairs[table, name]
                said[name] = f"""(SELECT array_agg(a.attname ORDER BY o.place)::text
                                    FROM unnest(r.{name}::int2[]) WITH ORDINALITY AS o (o, place)
                                    LEFT JOIN pg_attribute AS a
                                        ON a.attrelid = r.{relation} AND a.attnum = o.o)"""
            elif kind == "text[]":
                said[name] = (
                    f"(SELECT array_agg(o.o ORDER BY o.o)::text FROM unnest(r.{name}) o (o))"
                )
            else:
                said[name] = f"r.{name}::text"
        pairs_said = ", ".join(f"'{name}', {value}" for name, value in said.items())
        facts.append(
            f"""SELECT {key} AS key, jsonb_strip_nulls(jsonb_build_object({pairs_said})) AS fact
                  FROM {table} AS r WHERE {condition}"""
        )
    objects = " UNION ALL ".join(
        f"SELECT r.tableoid AS class, r.oid FROM {table} AS r WHERE {catalog.condition}"
        for table, catalog in CATALOGS.items()
        if (table, "oid", "oid") in columns
        and table != "pg_trigger"  # below, without the internal ones
    )
    return f"""
    WITH here AS (
        SELECT n.oid, regexp_replace(quote_ident(n.nspname), '([^[:alnum:]_])', '\\\\\\1', 'g')
                          AS pattern
          FROM pg_namespace AS n WHERE n.nspname = facts.schema
    ),
    object AS MATERIALIZED (
        {objects}
         UNION ALL
        SELECT r.tableoid, r.oid FROM pg_trigger AS r
         WHERE r.tgrelid {OF_RELATION} AND r.tgname !~ '_ConstraintTrigger_(._)?\\d+$'
    )
    {" UNION ALL ".join(facts)}
     UNION ALL
    SELECT pg_describe_object(d.classoid, d.objoid, d.objsubid) || ' comment',
           to_jsonb(d.description)
      FROM object AS o JOIN pg_description AS d ON d.classoid = o.class AND d.objoid = o.oid
     WHERE o.class <> 'pg_namespace'::regclass
     UNION ALL
    SELECT 'schema comment', to_jsonb(d.description) FROM pg_description AS d
     WHERE d.classoid = 'pg_namespace'::regclass AND d.objoid {HERE}
     UNION ALL
    SELECT pg_describe_object(l.classoid, l.objoid, l.objsubid) || ' label ' || l.provider,
           to_jsonb(l.label)
      FROM object AS o JOIN pg_seclabel AS l ON l.classoid = o.class AND l.objoid = o.oid
     UNION ALL
    SELECT DISTINCT concat(pg_describe_object(d.classid, d.objid, d.objsubid), ' depends on ',
                           pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid)),
                    to_jsonb(d.deptype)
      FROM object AS o JOIN pg_depend AS d ON d.classid = o.class AND d.objid = o.oid
     WHERE d.refclassid NOT IN ('pg_namespace'::regclass, 'pg_trigger'::regclass)
       AND o.class <> 'pg_namespace'::regclass"""


def install(connection: Any) -> None:
    """Make the functions that this module reads with, in a schema of their own."""
    with connection.cursor() as cursor:
        cursor.execute("SET search_path = pg_catalog")
        reading = _reading(connection)
        cursor.execute(
            f"""CREATE SCHEMA likeness;
            -- Parsed under pg_catalog when the cursor is opened, run under the schema's path.
            CREATE FUNCTION likeness.facts(schema text) RETURNS TABLE (key text, fact jsonb)
                LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET jit = off
                SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
                SET quote_all_identifiers = off SET timezone = 'UTC' SET datestyle = 'ISO'
                SET intervalstyle = 'postgres' AS $likeness$
            DECLARE
                reading refcursor;
            BEGIN
                OPEN reading FOR {reading};
                PERFORM set_config('search_path', format('%I, pg_catalog, pg_temp', schema), true);
                LOOP
                    FETCH reading INTO key, fact;
                    EXIT WHEN NOT FOUND;
                    RETURN NEXT;
                END LOOP;
                CLOSE reading;
            END $likeness$;
            RESET search_path""",
        )


def facts(connection: Any, schema: str) -> Counter[tuple[str, str]]:
    """Everything that is to be said of a schema."""
    query = "SELECT key, fact::text FROM likeness.facts(%s)"
    return Counter(rows(connection, query, [schema]))


def differences(here: Counter[tuple[str, str]], there: Counter[tuple[str, str]]) -> list[str]:
    """Where two schemata part: + only in the first, - only in the second, ! in these columns."""
    more, less = dict((here - there).elements()), dict((there - here).elements())
    found = []
    for key in sorted(more.keys() | less.keys()):
        if key not in less:
            found.append(f"+ {key}: {more[key]}")
        elif key not in more:
            found.append(f"- {key}: {less[key]}")
        elif "{" not in (more[key][0], less[key][0]):
            found.append(f"! {key}: {more[key]}, there {less[key]}")
        else:
            one, other = json.loads(more[key]), json.loads(less[key])
            columns = sorted(c for c in one.keys() | other.keys() if one.get(c) != other.get(c))
            said = (f"{c} {one.get(c)!r}, there {other.get(c)!r}" for c in columns)
            found.append(f"! {key}: {'; '.join(said)}")
    return found


def empty(connection: Any, schema: str) -> None:
    """Drop whatever is in a schema, one object at a time."""
    run(
        connection,
        f"""DO $empty$
        DECLARE
            object record;
        BEGIN
            LOOP
                SELECT i.type, i.identity INTO object
                  FROM pg_depend AS d
                  CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) AS i
                 WHERE d.refclassid = 'pg_namespace'::regclass AND d.deptype = 'n'
                   AND d.refobjid = (SELECT oid FROM pg_namespace WHERE nspname = '{schema}')
                   AND d.classid NOT IN ('pg_default_acl'::regclass,
                                         'pg_publication_namespace'::regclass)
                   -- Identity sequences and the like go with what they belong to.
                   AND NOT EXISTS (SELECT FROM pg_depend AS o
                                    WHERE o.classid = d.classid AND o.objid = d.objid
                                      AND o.deptype IN ('i', 'P', 'e'))
                 ORDER BY d.classid <> 'pg_proc'::regclass, i.type, i.identity COLLATE "C" LIMIT 1;
                EXIT WHEN NOT FOUND;
                EXECUTE format('DROP %s %s CASCADE', replace(object.type, ' object', ''),
                               CASE object.type WHEN 'aggregate'
                                    THEN replace(object.identity, '()', '(*)')
                                    ELSE object.identity END);
            END LOOP;
        END $empty$""",
    )
