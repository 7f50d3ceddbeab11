"""Which error it is: told by SQLSTATE, whatever language the server speaks."""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper
from django.db import DatabaseError, ProgrammingError, connection, connections, migrations, models
from project.databases import admin_cursor, lead_to, new_database
from project.migrating import Written
from project.schemata import SQL
from project.shop.models import Item, Tag

from boardinghouse_ext.server import PrivateServer
from django_boardinghouse import (
    DataStepRefused,
    InvalidSchemaName,
    NotInstalled,
    SchemaError,
    SchemaExists,
    SchemaInactive,
    SchemaNotFound,
    schema,
)
from django_boardinghouse.models import Schema
from django_boardinghouse.operations import RunPython
from django_boardinghouse.report import SILENT, Report

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
TENANTS = ("acme", "order")


@pytest.fixture(scope="module")
def german() -> Iterator[PrivateServer]:
    """A server that speaks German.

    It needs no locale but the one that is always there: in any but "C" and "POSIX", gettext goes
    by LANGUAGE, which the server has from us.
    """
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("LANGUAGE", "de")
        server = stack.enter_context(PrivateServer(settings={"lc_messages": "C.UTF-8"}))
        patch.undo()
        with admin_cursor(server) as cursor, pytest.raises(Exception, match="1/0") as caught:
            cursor.execute('SELECT 1 AS "1/0" FROM "1/0"')
        if "existiert nicht" not in str(caught.value):
            pytest.skip("the server speaks English alone")
        yield server


@pytest.fixture(scope="module")
def there(german: PrivateServer) -> Iterator[str]:
    """The name of a database of its own, with tenants."""
    with new_database(german) as name, lead_to(german, name):
        call_command("migrate", verbosity=0)
        for tenant in TENANTS:
            Schema.objects.create(schema=tenant)
        yield name


@pytest.fixture
def psql(german: PrivateServer, there: str) -> Iterator[SQL]:
    with admin_cursor(german, there) as cursor:

        def run(statement: str) -> Any:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

        yield run


def read_nowhere() -> None:
    with schema("nowhere"):
        Item.objects.count()


def read_inactive() -> None:
    Schema.objects.create(schema="asleep", is_active=False)
    with schema("asleep"):
        Item.objects.count()


def take_over() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA elsewhere")
    Schema.objects.create(schema="elsewhere")


ERRORS: dict[str, tuple[type[SchemaError], Callable[[], Any]]] = {
    "a tenant that is not there": (SchemaNotFound, read_nowhere),
    "a tenant that is not active": (SchemaInactive, read_inactive),
    "a name that a tenant has": (SchemaExists, lambda: Schema.objects.create(schema="acme")),
    "a name that a schema has": (SchemaExists, take_over),
    "a reserved name": (InvalidSchemaName, lambda: Schema.objects.create(schema="pg_x")),
    "a name that is too long": (InvalidSchemaName, lambda: Schema.objects.create(schema="x" * 64)),
}


@pytest.mark.parametrize(("error", "run"), ERRORS.values(), ids=ERRORS)
def test_the_classes_of_errors_are_the_same_in_another_language(
    there: str, error: type[SchemaError], run: Callable[[], Any]
) -> None:
    with pytest.raises(error) as caught:
        run()
    assert type(caught.value) is error


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM nowhere.item", "CREATE TABLE nowhere.item ()", "SELECT lastval()"]
)
def test_an_error_of_the_projects_own_statement_is_not_one_of_selecting(
    there: str, statement: str
) -> None:
    """They have the SQLSTATEs of a tenant that is not there, and of one that is not active."""
    connection.close()
    with (
        schema("acme"),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError) as caught,
    ):
        cursor.execute(statement)
    assert not isinstance(caught.value, SchemaError)


def test_a_table_that_no_schema_is_selected_for_stays_the_servers_error(there: str) -> None:
    with pytest.raises(ProgrammingError, match="existiert nicht") as caught:
        Item.objects.count()
    assert type(caught.value) is ProgrammingError


def test_a_step_that_needs_tenants_says_the_way_out_in_another_language(there: str) -> None:
    def add(apps: Any, editor: Any) -> None:
        apps.get_model("shop", "Tag").objects.create(name="new")

    with pytest.raises(DataStepRefused, match=r"(?s)existiert nicht.*It runs once"):
        Written(RunPython(add, scope="shared")).forwards()


def test_a_statement_that_runs_in_no_transaction_is_known_in_another_language(
    there: str, psql: SQL
) -> None:
    psql(
        "CREATE PROCEDURE public.tag_it(name text) LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO shop_tag (name) VALUES ($1); COMMIT; END $$"
    )

    def vacuum(apps: Any, editor: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM shop_item")
            cursor.execute("CALL tag_it('two')")

    Written(
        migrations.RunSQL("VACUUM shop_item; CALL tag_it('one')"), RunPython(vacuum), atomic=False
    ).forwards()
    for name in TENANTS:
        with schema(name):
            assert Tag.objects.count() == 2


def test_an_index_that_was_left_invalid_is_found_in_another_language(there: str, psql: SQL) -> None:
    psql(
        "INSERT INTO acme.shop_item (name, price) VALUES ('', 1), ('', 1);"
        "SET search_path TO __template__"
    )
    with pytest.raises(Exception, match='schema "acme"'):
        psql('CREATE UNIQUE INDEX CONCURRENTLY "by Price" ON shop_item (price)')
    psql("DELETE FROM acme.shop_item")
    text = io.StringIO()
    connection.report = Report(OutputWrapper(text))
    try:
        Written(
            AddIndexConcurrently("item", models.Index(fields=["price"], name="by Price")),
            atomic=False,
        ).forwards()
    finally:
        connection.report = SILENT
    assert "was replaced" in text.getvalue()


def test_a_load_that_needed_a_schema_says_so_in_another_language(
    there: str, tmp_path: Path
) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([{"model": "shop.item", "pk": 1, "fields": {"name": "x"}}]))
    with pytest.raises(CommandError, match=r"(?s)existiert nicht.*by --schema NAME"):
        call_command("loaddata", str(path), verbosity=0)


def test_a_role_without_rights_is_told_the_way_out_in_another_language(
    german: PrivateServer, there: str
) -> None:
    with new_database(german) as name, admin_cursor(german, name) as cursor:
        cursor.execute(f"CREATE ROLE bob LOGIN; ALTER DATABASE {name} OWNER TO bob")
        try:
            with lead_to(german, name, "other"):
                other = connections["other"]
                other.settings_dict["USER"] = "bob"
                with pytest.raises(NotInstalled, match=r"(?s)keine Berechtigung.*superuser run"):
                    call_command("migrate", database="other", verbosity=0)
        finally:
            cursor.execute(f"ALTER DATABASE {name} OWNER TO postgres; DROP ROLE bob")


# What the code looks at

_METHODS = {"count", "endswith", "find", "index", "match", "search", "fullmatch", "startswith"}
_TEXTS = {"args", "message_primary", "message_detail", "message_hint", "pgerror"}


def _is_text(node: ast.AST, errors: set[str]) -> bool:
    """Return whether an expression is made of the text of an error."""
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and part.attr in _TEXTS:
            return True
        if (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Name)
            and part.func.id in {"str", "repr", "format"}
            and any(isinstance(of, ast.Name) and of.id in errors for of in part.args)
        ):
            return True
    return False


def looks_at_text(source: str) -> list[int]:
    """Return the lines of Python that compare the text of an error, or search in it."""
    tree = ast.parse(source)
    errors = {
        *(node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) if node.name),
        *("error", "exc", "exception", "cause"),
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare | ast.Call)
        and (
            isinstance(node, ast.Compare)
            or (isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS)
        )
        and _is_text(node, errors)
    ]


def test_no_code_of_the_packages_compares_the_text_of_an_error() -> None:
    for line in ('if "x" in str(error): ...', "error.args[0] == 1", "re.search('x', str(error))"):
        assert looks_at_text(line)
    found = {
        f"{file.relative_to(ROOT)}:{line}"
        for package in ("boardinghouse_ext", "django_boardinghouse")
        for file in (ROOT / package).rglob("*.py")
        for line in looks_at_text(file.read_text())
    }
    assert found == set()


def test_no_code_of_the_extension_compares_the_text_of_an_error() -> None:
    compared = re.compile(
        r"""\b{0}\b \s* (?: [=~!<] | (?: NOT \s+ )? (?: I?LIKE | SIMILAR | IN ) \b )
        | (?: [=~*] | \b(?: I?LIKE | position\( | strpos\( | starts_with\( | regexp_\w+\( ) )
          \s* \b{0}\b""".replace("{0}", r"(?:SQLERRM|{names})"),
        re.VERBOSE,
    )
    for file in sorted((ROOT / "sql").glob("*.sql")):
        text = re.sub(r"--.*", "", file.read_text()).replace(":=", " ")
        names = re.findall(r"(\w+) = MESSAGE_TEXT", text)
        text = re.sub(r"\w+ = (?:MESSAGE_TEXT|PG_EXCEPTION_\w+)|MESSAGE = \w+", "", text)
        pattern = re.compile(
            compared.pattern.replace("{names}", "|".join(names) or "SQLERRM"), re.VERBOSE
        )
        assert pattern.search(text) is None, file.name
