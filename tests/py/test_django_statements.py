"""Scripts come apart where PostgreSQL takes them apart."""

from __future__ import annotations

import pytest
from project.users import User  # makes Django ready

from django_boardinghouse.backends.postgres.statements import ends_transaction, split
from django_boardinghouse.tags import is_ddl, is_of_session

assert User

WHOLE = [
    "SELECT 1",
    "SELECT ';'",
    "SELECT 'it''s;'",
    r"SELECT E'\';'",
    r"SELECT e'\\\';' || ';'",
    'SELECT ";" FROM "a;""b"',
    "SELECT U&';'",
    "SELECT $$;$$",
    "SELECT $a$;$$;$b$;$a$",
    "SELECT $ü$;$ü$",
    "SELECT 1 AS a$b",
    "SELECT 1 -- not yet;\n + 1",
    "SELECT /* ; /* ; */ ; */ 1",
    "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END",
    "CREATE PROCEDURE p() BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END",
    "DO $$ BEGIN PERFORM 1; END $$",
    "SELECT '100%', '%s'",
]


@pytest.mark.parametrize("statement", WHOLE)
def test_one_statement_stays_one(statement: str) -> None:
    assert split(statement) == [statement]
    assert split(f"\n{statement} ;\n") == [statement]


@pytest.mark.parametrize("statement", WHOLE)
def test_statements_come_apart(statement: str) -> None:
    assert split(f"{statement};{statement};SELECT 3") == [statement, statement, "SELECT 3"]


def test_a_transaction_block_comes_apart() -> None:
    assert split("BEGIN; SELECT 1; END; SELECT 2") == ["BEGIN", "SELECT 1", "END", "SELECT 2"]


@pytest.mark.parametrize("script", ["", " \n", ";;", "-- only words;", "/* ; */;\n--", ";-- x\n;"])
def test_what_says_nothing_is_no_statement(script: str) -> None:
    assert split(script) == []


def test_what_is_not_closed_is_left_for_the_server_to_refuse() -> None:
    assert split("SELECT 1; SELECT $$;") == ["SELECT 1", "SELECT $$"]
    assert split("SELECT 1; SELECT /* ; SELECT 2") == ["SELECT 1", "SELECT /* ; SELECT 2"]


@pytest.mark.parametrize(
    ("statement", "ends"),
    [
        ("COMMIT", True),
        ("-- all of it\n/* ; */ end", True),
        ("ROLLBACK AND CHAIN", True),
        ("abort work", True),
        ("PREPARE TRANSACTION 'later'", True),
        ("ROLLBACK TO here", False),
        ("rollback work to savepoint here", False),
        ("BEGIN", False),
        ("PREPARE plan AS SELECT 1", False),
        ("SELECT 1 AS commit", False),
        ('"commit"', False),
        ("", False),
    ],
)
def test_what_ends_a_transaction_is_known_before_it_is_sent(statement: str, ends: bool) -> None:
    assert ends_transaction(statement) is ends


def test_a_comment_at_the_end_is_no_statement_of_its_own() -> None:
    assert split("SELECT 1; -- that was it") == ["SELECT 1"]


def test_a_command_tag_says_what_a_statement_was() -> None:
    assert all(is_ddl(tag) for tag in ("CREATE TABLE", "ALTER TABLE", "DROP INDEX", "GRANT"))
    rows = ("INSERT 0 1", "TRUNCATE TABLE", "SELECT 5", "DO", "CALL", "MERGE 1", "COPY 3")
    assert not any(is_ddl(tag) or is_of_session(tag) for tag in rows)
    assert all(is_of_session(tag) for tag in ("SET", "SET CONSTRAINTS", "", None))
