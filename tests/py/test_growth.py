"""What a change costs does not grow with what it is not about: catalogs are looked up, not read."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from queries import rows, run

# Fewer than any catalog that grows with the tenants has in an empty database.
FEW = 200

TABLES = """
DO $$
BEGIN
    FOR number IN 1..40 LOOP
        EXECUTE format('CREATE TABLE __template__.t%1$s (id serial PRIMARY KEY, a text UNIQUE)',
                       number);
    END LOOP;
END
$$;
CREATE TYPE __template__.pair AS (a int, b int);
CREATE FUNCTION __template__.f() RETURNS int LANGUAGE sql RETURN 1;
CREATE OPERATOR __template__.### (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl);
"""

VIEWS = """
SELECT c.relname
  FROM pg_class AS c
 WHERE c.relnamespace = 'boardinghouse'::regnamespace AND c.relname ~ '^_.*_part$'
 ORDER BY c.relname
"""

# One main object of each class that there is.
MAINS = """
SELECT ARRAY['__template__.t1'::regclass, '__template__.pair'::regtype, '__template__.f'::regproc,
             '__template__.###(int, int)'::regoperator, '__template__'::regnamespace]::oid[]::text
"""


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def looked_at(node: dict[str, Any]) -> int:
    """How many rows a node of a plan has read."""
    left_out = sum(value for key, value in node.items() if key.startswith("Rows Removed by"))
    return (node["Actual Rows"] + left_out) * node["Actual Loops"]


def plan_of(database: Any, query: str) -> dict[str, Any]:
    ((found,),) = rows(database, f"EXPLAIN (ANALYZE, FORMAT JSON) {query}")
    return found[0]["Plan"]


@pytest.mark.once
def test_parts_of_one_object_are_read_without_those_of_others(database: Any) -> None:
    run(database, TABLES + "SELECT boardinghouse.create_schema('acme')")
    for (setting,) in rows(
        database, "SELECT unnest(proconfig) FROM pg_proc WHERE proname = '_inventory'"
    ):
        name, _, value = setting.partition("=")
        if name.startswith(("enable_", "plan_", "jit")):
            run(database, f"SET {name} = {value}")
    ((mains,),) = rows(database, MAINS)
    views = [name for (name,) in rows(database, VIEWS)]
    assert len(views) > 20
    read = {}
    for view in views:
        run(
            database,
            f"PREPARE parts (oid[]) AS SELECT * FROM boardinghouse.{view} WHERE main = ANY ($1)",
        )
        for node in nodes(plan_of(database, f"EXECUTE parts ('{mains}')")):
            if looked_at(node) >= FEW:
                read[view, node.get("Relation Name", node.get("Index Name"))] = looked_at(node)
        run(database, "DEALLOCATE parts")
    assert read == {}


# Of each query that a statement leads to, in functions and triggers too.
EXPLAINING = """
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_nested_statements = on;
SET auto_explain.log_analyze = on;
SET auto_explain.log_format = json;
SET client_min_messages = log;
"""


@pytest.mark.once
@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE __template__.t1 ADD COLUMN b int",
        "ALTER TABLE __template__.t1 RENAME a TO b",
        "CREATE INDEX t1_id ON __template__.t1 (id)",
        "CREATE TABLE __template__.u (t int REFERENCES __template__.t2)",
        "CREATE TABLE public.outside (id int)",
    ],
)
def test_a_change_reads_no_catalog_as_a_whole(database: Any, change: str) -> None:
    try:
        run(database, "LOAD 'auto_explain'")
    except psycopg2.OperationalError:
        pytest.skip("this server has no auto_explain")
    run(database, TABLES + "SELECT boardinghouse.create_schema('acme')")
    database.notices = deque()  # a list would be cut at 50
    run(database, EXPLAINING)
    run(database, change)
    run(database, "RESET client_min_messages")
    # Each type of PostgreSQL's own may have a namesake in a tenant.
    ((own_types,),) = rows(database, "SELECT count(*) FROM pg_type WHERE oid < 16384")
    plans = [
        json.loads(text)
        for _, is_plan, text in (notice.partition("plan:\n") for notice in database.notices)
        if is_plan
    ]
    assert plans, "nothing was explained"
    read = []
    for plan in plans:
        for node in nodes(plan["Plan"]):
            relation = node.get("Relation Name")
            few = own_types + 1 if relation == "pg_type" else FEW
            if relation and looked_at(node) >= few:
                read.append((relation, looked_at(node), plan["Query Text"][:60]))
    assert read == [], "\n".join(map(str, read))
