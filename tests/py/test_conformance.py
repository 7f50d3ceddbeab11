"""The style guide, executable: what holds for every function of the extension, and for the docs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg2
import pytest

import boardinghouse_ext

ROOT = Path(__file__).parents[2]

API = {
    "activate_schema",
    "clone_schema",
    "compare",
    "create_schema",
    "deactivate_schema",
    "describe",
    "disable",
    "drop_schema",
    "enable",
    "execute",
    "for_each_schema",
    "lock_template",
    "register_schema",
    "rename_schema",
    "repair",
    "status",
    "unregister_schema",
    "verify",
}

# Functions that set no search_path, each with the reason. They qualify every name and operator.
NO_SEARCH_PATH = {
    "activate_schema": "sets the search_path of its caller",
    "deactivate_schema": "sets the search_path of its caller",
    "_on_ddl": "an event trigger: works under the path of the one who runs the DDL",
    "_on_drop": "an event trigger: works under the path of the one who runs the DDL",
}

# Findings of pgspot that are none, as regular expressions, each with the reason.
PGSPOT_WAIVED = {
    r"^enable: PS010: .* __template__$": "it makes the template only where there is none",
    r"^for_each_schema: PS0(01|16): ": "its handler runs after the path has been rolled back",
}

# Findings of plpgsql_check that are none, as regular expressions, each with the reason.
PLPGSQL_CHECK_WAIVED: dict[str, str] = {}

MADE = re.compile(r"CREATE [A-Z ]+ boardinghouse\.(\w+)")


def rows(connection: Any, query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def functions(connection: Any, condition: str) -> set[str]:
    """The functions of the extension for which the condition on pg_proc holds."""
    query = (
        "SELECT proname FROM pg_proc"
        f" WHERE pronamespace = 'boardinghouse'::regnamespace AND ({condition})"
    )
    return {name for (name,) in rows(connection, query)}


def assert_none(findings: list[str], waived: dict[str, str] | None = None) -> None:
    left = [text for text in findings if not any(re.search(regex, text) for regex in waived or {})]
    assert not left, "\n" + "\n".join(left)


def name_after(lines: list[str], number: int) -> str:
    """The object made by the first statement at or after this line."""
    return next((made[1] for line in lines[number:] if (made := MADE.match(line))), "?")


def test_the_api_is_what_does_not_begin_with_an_underscore(database: Any) -> None:
    assert functions(database, r"proname NOT LIKE '\_%'") == API


def test_every_function_sets_search_path(database: Any) -> None:
    unset = functions(
        database,
        "NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)",
    )
    assert unset == NO_SEARCH_PATH.keys()


def test_every_public_function_and_table_has_a_comment(database: Any) -> None:
    assert functions(database, r"proname NOT LIKE '\_%' AND obj_description(oid) IS NULL") == set()
    tables = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'boardinghouse'::regnamespace"
        r" AND relkind IN ('r', 'v') AND relname NOT LIKE '\_%' AND obj_description(oid) IS NULL"
    )
    assert rows(database, tables) == []


def test_every_comment_on_a_function_is_one_sentence(database: Any) -> None:
    condition = r"obj_description(oid) !~ '^[A-Z].*\.$' OR obj_description(oid) ~ E'\n'"
    assert functions(database, condition) == set()


def test_every_function_says_who_may_call_it(database: Any) -> None:
    assert functions(database, "proacl IS NULL") == set()


def test_no_function_of_the_definer_is_a_way_for_others_sql(database: Any) -> None:
    assert functions(database, r"prosecdef AND proname NOT LIKE '\_%'") == set()


def test_plpgsql_check_finds_nothing(database: Any) -> None:
    try:
        rows(database, "CREATE EXTENSION plpgsql_check; SELECT 1")
    except psycopg2.Error:
        pytest.skip("this server has no plpgsql_check")
    findings = rows(
        database,
        """
        SELECT format('%s line %s: %s: %s', f.oid::regprocedure, c.lineno, c.level, c.message)
        FROM pg_proc AS f
        JOIN pg_language AS l ON l.oid = f.prolang
        LEFT JOIN pg_trigger AS t ON t.tgfoid = f.oid
        CROSS JOIN LATERAL plpgsql_check_function_tb(
            f.oid, coalesce(t.tgrelid, 0), fatal_errors => false) AS c
        WHERE f.pronamespace = 'boardinghouse'::regnamespace AND l.lanname = 'plpgsql'
        ORDER BY 1
        """,
    )
    assert_none([text for (text,) in findings], PLPGSQL_CHECK_WAIVED)


def test_pgspot_finds_nothing(database: Any, tmp_path: Path) -> None:
    signatures = rows(
        database,
        "SELECT format('%s(%s)', oid::regproc,"
        " replace(pg_get_function_identity_arguments(oid), ', ', ',')) FROM pg_proc"
        " WHERE pronamespace = 'boardinghouse'::regnamespace"
        f" AND proname IN {tuple(NO_SEARCH_PATH)}",
    )
    allowed = [f"--proc-without-search-path={signature}" for (signature,) in signatures]
    script = next(boardinghouse_ext.build(tmp_path).glob("*.sql"))
    # pgspot's parser wants this name without its quotes, and then cannot read it.
    script.write_text(script.read_text().replace('"position"', '"place"'))
    pgspot = [str(Path(sys.executable).with_name("pgspot")), *allowed, str(script)]
    done = subprocess.run(pgspot, check=False, capture_output=True, text=True)
    assert re.search(r"^ Errors: .*\n\s*\Z", done.stdout, re.MULTILINE), done.stdout[-300:]
    findings = re.findall(r"^(PS\d+:.*) at line (\d+)$", done.stdout, re.MULTILINE)
    lines = script.read_text().splitlines()
    assert_none([f"{name_after(lines, int(n))}: {text}" for text, n in findings], PGSPOT_WAIVED)


def test_the_docs_name_every_function_setting_command_and_check() -> None:
    docs = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("docs/**/*.md"))
    sql = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("sql/*.sql"))
    package = ROOT / "django_boardinghouse"
    python = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    wanted = {
        *(rf"{name}(" for name in API),
        *re.findall(r"current_setting\('(boardinghouse\.[a-z]\w*)'", sql),
        *re.findall(r"\b(?:BOARDINGHOUSE_[A-Z_]+|[A-Z]+_MODELS|[A-Z]+_SCHEMA)\b", python),
        *re.findall(r"\bboardinghouse\.[EWI]\d{3}\b", python),
        *(path.stem for path in package.glob("management/commands/[!_]*.py")),
    }
    assert_none(sorted(name for name in wanted if name not in docs))
