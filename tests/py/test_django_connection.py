"""The path of a connection follows the selected schema, whatever happens to the connection."""

# ruff: noqa: PT012 - what raises is the transaction around it

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import (
    DatabaseError,
    NotSupportedError,
    ProgrammingError,
    connection,
    connections,
    transaction,
)
from django.test.utils import CaptureQueriesContext
from project.shop.models import Item

from django_boardinghouse import (
    SchemaError,
    SchemaInactive,
    SchemaNotFound,
    TemplateSchemaActivation,
    activate_schema,
    deactivate_schema,
    get_active_schema_name,
    schema,
)
from django_boardinghouse.exceptions import sqlstate
from django_boardinghouse.models import Schema

pytest_plugins = ["project.fixtures"]
pytestmark = pytest.mark.usefixtures("rows_only")


def path(using: str = "default") -> str:
    with connections[using].cursor() as cursor:
        cursor.execute("SHOW search_path")
        return str(cursor.fetchone()[0])


def seen() -> list[str]:
    return sorted(Item.objects.values_list("name", flat=True))


def test_each_schema_shows_its_own_rows(tenants: list[str]) -> None:
    for name in tenants:
        with schema(name):
            assert seen() == [f"item of {name}"]


def test_a_row_of_the_registry_selects_its_schema_and_not_what_it_is_called(
    tenants: list[str],
) -> None:
    tenant = Schema.objects.get(pk="acme")
    tenant.name = "order"
    with schema(tenant):
        assert get_active_schema_name() == "acme"
        assert seen() == ["item of acme"]


@pytest.mark.parametrize("what", [None, 5, b"acme", object()])
def test_what_is_neither_name_nor_row_is_not_selected(tenants: list[str], what: Any) -> None:
    with pytest.raises(TypeError, match="by its name or its row"):
        activate_schema(what)
    with pytest.raises(TypeError), schema(what):
        pass
    assert get_active_schema_name() is None


def test_without_a_schema_the_path_is_public_and_tables_of_tenants_are_not_found(
    tenants: list[str],
) -> None:
    assert path() == "public"
    with pytest.raises(ProgrammingError):
        Item.objects.count()


def test_the_role_of_the_connection_is_not_a_schema(
    django_database: str, psql: Callable[..., Any]
) -> None:
    psql("CREATE SCHEMA postgres")  # PostgreSQL's own default is "$user", public
    assert path() == "public"


@pytest.mark.parametrize("name", ["p", "public_house", "__template", '"', "a,b"])
def test_what_is_selected_is_told_by_its_whole_name(django_database: str, name: str) -> None:
    Schema.objects.create(schema=name)
    assert get_active_schema_name() is None
    with schema(name):
        assert get_active_schema_name() == name
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema")
            assert cursor.fetchone() == (name,)
    assert get_active_schema_name() is None
    assert path() == "public"


def test_the_context_manager_restores_what_was_selected(tenants: list[str]) -> None:
    with schema("acme"):
        with schema("order"):
            assert get_active_schema_name() == "order"
            assert path() == '"order", public'
        assert path() == "acme, public"
    assert get_active_schema_name() is None
    assert path() == "public"


def test_the_context_manager_restores_after_an_error(tenants: list[str]) -> None:
    activate_schema("acme")
    with pytest.raises(ZeroDivisionError), schema("order"):
        raise ZeroDivisionError
    assert seen() == ["item of acme"]
    deactivate_schema()
    assert path() == "public"


def test_the_context_manager_is_a_decorator(tenants: list[str]) -> None:
    @schema("order")
    def names() -> list[str]:
        return seen()

    assert names() == ["item of order"]
    assert names() == ["item of order"]
    assert get_active_schema_name() is None


def test_a_coroutine_is_decorated_and_a_generator_is_refused(tenants: list[str]) -> None:
    @schema("order")
    async def names() -> list[str]:
        await asyncio.sleep(0)
        assert get_active_schema_name() == "order"
        return [item.name async for item in Item.objects.all()]

    async def twice() -> list[list[str]]:
        with schema("acme"):
            found = [await names(), await names()]
            assert get_active_schema_name() == "acme"
        return found

    assert asyncio.run(twice()) == [["item of order"]] * 2

    def generator() -> Iterator[str]:
        yield from seen()

    async def asynchronous() -> AsyncIterator[str]:
        yield "never"

    for function in (generator, asynchronous):
        with pytest.raises(TypeError, match="into it"):
            schema("order")(function)


def test_one_selection_is_not_entered_twice_at_a_time(tenants: list[str]) -> None:
    acme = schema("acme")
    for _ in range(2):
        with acme:
            assert seen() == ["item of acme"]
            with pytest.raises(RuntimeError, match="not left yet"), acme:
                pass
            assert get_active_schema_name() == "acme"
        assert get_active_schema_name() is None


def test_an_unknown_schema_raises_before_the_first_query(tenants: list[str]) -> None:
    with pytest.raises(SchemaNotFound, match="nobody"), schema("nobody"):
        seen()
    with schema("acme"):
        assert seen() == ["item of acme"]


def test_an_unknown_schema_raises_again_and_again(tenants: list[str]) -> None:
    with schema("acme"):
        seen()
    with schema("nobody"):
        for _ in range(2):
            with pytest.raises(SchemaNotFound):
                seen()


def test_an_inactive_schema_raises_and_the_message_is_the_servers(tenants: list[str]) -> None:
    Schema.objects.filter(pk="acme").update(is_active=False)
    with pytest.raises(SchemaInactive, match="acme") as caught, schema("acme"):
        seen()
    assert isinstance(caught.value, SchemaError)
    assert isinstance(caught.value, DatabaseError)


def test_a_schema_is_checked_each_time_it_is_selected(
    tenants: list[str], psql: Callable[..., Any]
) -> None:
    def close(name: str, is_active: bool = False) -> None:
        psql("UPDATE boardinghouse.schema SET is_active = %s WHERE schema = %s", is_active, name)

    @schema("acme")
    def look() -> list[str]:
        return seen()

    assert look() == ["item of acme"]
    close("acme")
    for _ in range(2):
        with pytest.raises(SchemaInactive):
            look()
    activate_schema("order")
    try:
        assert seen() == ["item of order"]
        close("order")
        activate_schema("order")
        with pytest.raises(SchemaInactive):
            seen()
        with schema('Be "ta'):
            seen()
        with pytest.raises(SchemaInactive):
            seen()
    finally:
        deactivate_schema()
    close("acme", is_active=True)
    with transaction.atomic():
        assert look() == ["item of acme"]
        close("acme")
        with pytest.raises(SchemaInactive), transaction.atomic():
            look()


def test_a_schema_that_was_dropped_cannot_be_selected_again(
    tenants: list[str], psql: Callable[..., Any]
) -> None:
    with schema("acme"):
        seen()
    psql("SELECT boardinghouse.drop_schema('acme')")
    with pytest.raises(SchemaNotFound), schema("acme"):
        seen()


def test_the_path_is_right_after_a_rollback_in_plain_sql(tenants: list[str]) -> None:
    with connection.cursor() as cursor:
        for back in ("ROLLBACK", "ROLLBACK TO SAVEPOINT here", "ABORT"):
            with schema("order"):
                cursor.execute("BEGIN")
                cursor.execute("SAVEPOINT here")
            with schema("acme"):
                assert seen() == ["item of acme"]
                cursor.execute(back)
                assert seen() == ["item of acme"]
            cursor.execute("ROLLBACK")


@pytest.mark.parametrize("statement", ["RESET ALL", "RESET search_path", "DISCARD ALL"])
def test_the_path_is_right_after_the_session_was_reset(tenants: list[str], statement: str) -> None:
    with schema("acme"), connection.cursor() as cursor:
        seen()
        if connection.path.is_local and statement == "DISCARD ALL":
            with pytest.raises(DatabaseError) as caught:
                cursor.execute(statement)
            assert "BOARDINGHOUSE_PATH" in caught.value.__notes__[0]
        else:
            cursor.execute(statement)
        assert seen() == ["item of acme"]


@pytest.mark.parametrize(
    "statement",
    [
        "SET search_path = 'order', public",
        "SET SCHEMA 'order'",
        'SET LOCAL search_path TO "order"',
        "SELECT set_config('search_path', '\"order\"', false)",
        "SELECT set_config('Search_Path', '\"order\"', false)",
        "SELECT boardinghouse.activate_schema('order')",
        "SELECT boardinghouse.deactivate_schema()",
        "DO $$ BEGIN SET search_path = 'order'; END $$",
    ],
)
@pytest.mark.parametrize("name", ["acme", None])
@pytest.mark.parametrize("block", [transaction.atomic, nullcontext])
def test_what_is_selected_goes_before_a_path_that_was_set_by_hand(
    tenants: list[str], statement: str, name: str | None, block: Any
) -> None:
    with block(), schema(name) if name else nullcontext(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute(statement)
        if name:
            assert seen() == ["item of acme"]
        else:
            with pytest.raises(ProgrammingError), transaction.atomic():
                seen()
    with pytest.raises(ProgrammingError):
        seen()


def test_a_string_that_fails_after_it_has_set_the_path_leaves_no_path(tenants: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        with pytest.raises(DatabaseError):
            cursor.execute("BEGIN; SET search_path = 'order'; COMMIT; SELECT 1 / 0")
    assert path() == "public"
    with pytest.raises(ProgrammingError):
        seen()


def test_the_template_cannot_be_selected(tenants: list[str]) -> None:
    with pytest.raises(TemplateSchemaActivation):
        activate_schema("__template__")
    with pytest.raises(TemplateSchemaActivation), schema("__template__"):
        pass


@pytest.mark.parametrize(
    "name", ["public", "pg_catalog", "", "ACME", 'x"; --', "a'; --", "\\'; --", "%s"]
)
def test_what_is_not_a_tenant_cannot_be_selected(tenants: list[str], name: str) -> None:
    with pytest.raises(SchemaError), schema(name):
        seen()
    assert path() == "public"


def test_the_path_is_right_after_a_rollback(tenants: list[str]) -> None:
    with schema("acme"):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            seen()
            raise ZeroDivisionError
        assert seen() == ["item of acme"]


def test_the_path_is_right_after_a_rollback_in_which_another_was_selected(
    tenants: list[str],
) -> None:
    with schema("acme"):
        seen()
        with pytest.raises(ZeroDivisionError), transaction.atomic(), schema("order"):
            assert seen() == ["item of order"]
            raise ZeroDivisionError
        assert seen() == ["item of acme"]


def test_the_path_is_right_after_a_savepoint_was_rolled_back(tenants: list[str]) -> None:
    with transaction.atomic(), schema("acme"):
        assert seen() == ["item of acme"]
        with (
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            schema("order"),
            connection.cursor() as cursor,
        ):
            seen()
            cursor.execute("SELECT * FROM nowhere")
        assert seen() == ["item of acme"]
    assert path() == "public"


def test_a_savepoint_is_rolled_back_where_selecting_failed_in_it(tenants: list[str]) -> None:
    with transaction.atomic(), schema("acme"):
        with pytest.raises(SchemaNotFound), transaction.atomic(), schema("nobody"):
            seen()
        assert seen() == ["item of acme"]


def test_the_path_is_right_after_a_commit_that_was_a_rollback(tenants: list[str]) -> None:
    connection.set_autocommit(False)
    try:
        with schema("acme"), connection.cursor() as cursor:
            seen()
            with pytest.raises(ProgrammingError):
                cursor.execute("SELECT * FROM nowhere")
            connection.commit()
            assert seen() == ["item of acme"]
            connection.rollback()
            assert seen() == ["item of acme"]
            connection.rollback()
    finally:
        connection.set_autocommit(True)


def test_the_path_is_right_after_a_commit_that_failed(tenants: list[str]) -> None:
    with schema("acme"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Item.objects.create(name="orphan", parent_id=12345)  # found out at the commit
        assert seen() == ["item of acme"]
    with schema("order"):
        assert seen() == ["item of order"]


def test_the_path_is_right_after_a_reconnect(tenants: list[str]) -> None:
    with schema("acme"):
        assert seen() == ["item of acme"]
        connection.close()
        assert seen() == ["item of acme"]


def test_the_path_is_right_after_the_server_hung_up(
    tenants: list[str], psql: Callable[..., Any]
) -> None:
    with schema("acme"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        psql("SELECT pg_terminate_backend(%s, 5000)", pid)
        with pytest.raises(DatabaseError):
            seen()
        connection.close_if_unusable_or_obsolete()
        assert seen() == ["item of acme"]


def test_every_alias_follows(tenants: list[str]) -> None:
    with schema("acme"):
        assert path("default") == path("other") == "acme, public"
    assert path("default") == path("other") == "public"


def test_a_cursor_that_was_opened_under_another_schema_follows(tenants: list[str]) -> None:
    with schema("acme"), connection.cursor() as cursor, schema("order"):
        cursor.execute("SELECT name FROM shop_item")
        assert cursor.fetchall() == [("item of order",)]
        with schema("acme"):
            cursor.executemany("INSERT INTO shop_item (name) VALUES (%s)", [("one",), ("two",)])
    with schema("acme"):
        assert seen() == ["item of acme", "one", "two"]


def test_a_server_side_cursor_keeps_to_the_schema_it_was_opened_in(tenants: list[str]) -> None:
    with schema("acme"):
        Item.objects.bulk_create(Item(name=str(number)) for number in range(5))
        rows = Item.objects.order_by("pk").iterator(chunk_size=2)
        next(rows)
        with schema("order"):
            assert [item.name for item in rows] == [str(number) for number in range(5)]


def test_copying_goes_to_the_selected_schema(tenants: list[str]) -> None:
    with schema("order"), transaction.atomic(), connection.cursor() as cursor:
        text = "COPY (SELECT name FROM shop_item) TO STDOUT"
        if hasattr(cursor.cursor, "copy"):
            with cursor.copy(text) as copied:
                assert b"".join(bytes(chunk) for chunk in copied) == b"item of order\n"
        else:
            import io

            file = io.StringIO()
            cursor.copy_expert(text, file)
            assert file.getvalue() == "item of order\n"


def test_copying_needs_a_transaction_where_the_path_ends_with_one(tenants: list[str]) -> None:
    how = "copy" if hasattr(connection.cursor().cursor, "copy") else "copy_expert"
    with schema("order"), connection.cursor() as cursor:
        if connection.path.is_local:
            with pytest.raises(NotSupportedError, match="atomic"):
                getattr(cursor, how)
        else:
            getattr(cursor, how)
            assert path() == '"order", public'


def test_what_a_transaction_cannot_hold_runs_where_the_path_stays(tenants: list[str]) -> None:
    with schema("order"), connection.cursor() as cursor:
        if connection.path.is_local:
            with pytest.raises(DatabaseError) as caught:
                cursor.execute("VACUUM shop_item")
            assert "BOARDINGHOUSE_PATH" in caught.value.__notes__[0]
        else:
            cursor.execute("VACUUM shop_item")
        assert seen() == ["item of order"]


def test_many_parameters_of_one_statement_are_one_after_the_other(tenants: list[str]) -> None:
    with schema("acme"), connection.cursor() as cursor:
        cursor.executemany("UPDATE shop_item SET name = %s", [("50 %",), ("7 % of {}",)])
        assert seen() == ["7 % of {}"]
        cursor.execute("SELECT name, '%%' FROM shop_item WHERE name LIKE %s", ["7 %"])
        assert cursor.fetchall() == [("7 % of {}", "%")]
        cursor.execute("SELECT name, '%' FROM shop_item")
        assert cursor.fetchall() == [("7 % of {}", "%")]


@pytest.mark.parametrize("back", ["ROLLBACK; BEGIN; SELECT 1", "COMMIT AND CHAIN"])
def test_the_path_is_right_after_a_string_of_statements(tenants: list[str], back: str) -> None:
    with connection.cursor() as cursor:
        try:
            with schema("acme"):
                cursor.execute("BEGIN")
                assert seen() == ["item of acme"]
                cursor.execute(back)
                assert seen() == ["item of acme"]
        finally:
            cursor.execute("ROLLBACK")
    assert path() == "public"


def test_errors_of_a_query_keep_their_class(tenants: list[str]) -> None:
    with schema("acme"), connection.cursor() as cursor:
        for statement, code in (
            ("CREATE TABLE nowhere.t (id integer)", "3F000"),
            ("CREATE SCHEMA acme", "42P06"),
            ("SELECT 1 / 0", "22012"),
        ):
            with pytest.raises(DatabaseError) as caught:
                cursor.execute(statement)
            assert sqlstate(caught.value) == code
            assert not isinstance(caught.value, SchemaError)


@pytest.mark.parametrize("name", ["it's", "back\\slash's", '"quoted"', "50 %s", "ünïcode", "Upper"])
def test_any_name_of_a_schema_can_be_selected(django_database: str, name: str) -> None:
    Schema.objects.create(schema=name)
    with schema(name), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), %s", [1])
        assert cursor.fetchone() == (name, 1)
        assert not Item.objects.exists()


def test_a_thread_starts_without_a_schema_and_keeps_its_own(tenants: list[str]) -> None:
    found: dict[str, Any] = {}
    both = threading.Barrier(2, timeout=20)

    def work(name: str) -> None:
        try:
            found[f"{name} at first"] = get_active_schema_name()
            with schema(name):
                both.wait()
                found[name] = seen()
                both.wait()
                found[name] += seen()
        finally:
            connections.close_all()

    with schema('Be "ta'):
        threads = [threading.Thread(target=work, args=[name]) for name in ("acme", "order")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen() == ['item of Be "ta']
    assert found == {
        "acme at first": None,
        "order at first": None,
        "acme": ["item of acme"] * 2,
        "order": ["item of order"] * 2,
    }


def test_tasks_keep_their_own_schema_on_one_connection(tenants: list[str]) -> None:
    async def look(name: str) -> list[str]:
        names = []
        with schema(name):
            for _ in range(5):
                names += [item.name async for item in Item.objects.all()]
                await asyncio.sleep(0)
                names += await sync_to_async(seen)()
        return names

    async def look_at_all() -> list[list[str]]:
        try:
            return await asyncio.gather(*(look(name) for name in tenants * 3))
        finally:
            await sync_to_async(connections.close_all)()

    assert asyncio.run(look_at_all()) == [[f"item of {name}"] * 10 for name in tenants * 3]


def test_the_path_is_set_once_for_many_queries_and_is_not_in_the_log(
    tenants: list[str], sent: Callable[[], list[str]]
) -> None:
    path()
    sent()
    with CaptureQueriesContext(connection) as captured, schema("acme"):
        seen()
        seen()
    assert len(captured) == 2
    assert all("schema" not in query["sql"] for query in captured.captured_queries)
    assert all("search_path" not in query["sql"] for query in captured.captured_queries)
    if connection.path.is_local:
        assert ["activate_schema" in text for text in sent()] == [True, True]
    else:
        assert ["activate_schema" in text for text in sent()] == [True, False, False]


def test_the_path_goes_along_with_the_first_query_of_a_transaction_only(
    tenants: list[str], sent: Callable[[], list[str]]
) -> None:
    sent()
    with schema("acme"), transaction.atomic():
        seen()
        seen()
        with schema("order"):
            seen()
        with transaction.atomic():
            seen()
    activating = [text for text in sent() if "activate_schema" in text]
    assert [re.findall(r"activate_schema\('(\w+)'", text) for text in activating] == [
        ["acme"],
        ["order"],
        ["acme"],
    ]
    assert all(bool(text.partition("; ")[2]) == connection.path.is_local for text in activating)


def test_a_connection_from_a_pool_is_not_trusted(
    tenants: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("psycopg_pool", reason="Django's pool is psycopg 3's")
    if connection.Database.__name__ != "psycopg":
        pytest.skip("Django's pool is psycopg 3's")
    connection.close()
    monkeypatch.setitem(
        connection.settings_dict, "OPTIONS", {"pool": {"min_size": 1, "max_size": 1}}
    )
    try:
        with schema("acme"):
            assert seen() == ["item of acme"]
            pid = connection.connection.info.backend_pid
        connection.close()
        with connection.cursor() as cursor:
            assert connection.connection.info.backend_pid == pid
            cursor.execute("SHOW search_path")
            assert cursor.fetchone() == ("public",)
    finally:
        connection.close()
        connection.close_pool()
