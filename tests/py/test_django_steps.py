"""Data steps of migrations: scopes, refusals, and what the server calls a change of structure."""

from __future__ import annotations

import io
import uuid
from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import (
    DataError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    connection,
    migrations,
    models,
    transaction,
)
from django.db.migrations.writer import OperationWriter
from project.apps import App
from project.migrating import Written, state_of
from project.schemata import SQL, column, everywhere, tags
from project.shop.models import Item, Tag
from project.users import Group, User

from django_boardinghouse import DataStepRefused, schema
from django_boardinghouse.checks import check_migration_scopes
from django_boardinghouse.models import Schema
from django_boardinghouse.operations import AddField, RunPython, RunSQL

pytest_plugins = ["project.fixtures"]
pytestmark = pytest.mark.usefixtures("alike")

rows_only = pytest.mark.usefixtures("rows_only")


def add_tag(apps: Any, editor: Any) -> None:
    apps.get_model("shop", "Tag").objects.create(name="new")


def count_users(apps: Any, editor: Any) -> None:
    """Write something else to a shared row in each pass."""
    items = apps.get_model("shop", "Item").objects.count()
    apps.get_model("auth", "User").objects.update(first_name=f"{items} items")


INSERT_TAG = "INSERT INTO shop_tag (name) VALUES ('new')"
COUNT_USERS = "UPDATE auth_user SET last_name = last_name || (SELECT count(*) FROM shop_item)"


def read_back(text: str, imports: set[str]) -> Any:
    """The operation that a migration file would hold."""
    names: dict[str, Any] = {}
    exec("\n".join([*imports, "from django.db import migrations, models"]), names)  # noqa: S102
    return eval(text.rstrip(","), names)  # noqa: S307


# Scopes


@rows_only
@pytest.mark.parametrize("operation", [RunPython(add_tag), RunSQL(INSERT_TAG)])
def test_without_a_scope_a_step_runs_in_the_template_and_in_each_tenant(
    tenants: list[str], psql: SQL, operation: Any
) -> None:
    Written(operation).forwards()
    assert tags(psql, tenants) == everywhere(tenants, "new")


@rows_only
@pytest.mark.parametrize(
    "operation", [RunPython(add_tag, scope="template"), RunSQL(INSERT_TAG, scope="template")]
)
def test_scope_template_runs_in_the_template_alone(
    tenants: list[str], psql: SQL, operation: Any
) -> None:
    Written(operation).forwards()
    assert tags(psql, tenants) == everywhere(tenants, None, template="new")
    Schema.objects.create(schema="later")
    with schema("later"):
        assert Tag.objects.get().name == "new"


@rows_only
@pytest.mark.parametrize(
    "operation", [RunPython(add_tag, scope="tenants"), RunSQL(INSERT_TAG, scope="tenants")]
)
def test_scope_tenants_runs_in_the_tenants_alone(
    tenants: list[str], psql: SQL, operation: Any
) -> None:
    Written(operation).forwards()
    assert tags(psql, tenants) == everywhere(tenants, "new", template=None)


def add_group(apps: Any, editor: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert cursor.fetchone() == ("public",)
    apps.get_model("auth", "Group").objects.create(name="editors")


@rows_only
@pytest.mark.parametrize(
    "operation",
    [
        RunPython(add_group, scope="shared"),
        RunSQL("INSERT INTO auth_group (name) VALUES ('editors')", scope="shared"),
    ],
)
def test_scope_shared_runs_once_with_no_schema_selected(
    tenants: list[str], psql: SQL, operation: Any
) -> None:
    Written(operation).forwards()
    assert [group.name for group in Group.objects.all()] == ["editors"]


@rows_only
@pytest.mark.parametrize(
    "operation",
    [
        RunPython(add_tag, scope="shared"),
        RunSQL(INSERT_TAG, scope="shared"),
        RunSQL("INSERT INTO __template__.shop_tag (name) VALUES ('new')", scope="shared"),
    ],
)
def test_scope_shared_refuses_rows_of_tenants_and_says_the_way_out(
    tenants: list[str], psql: SQL, operation: Any
) -> None:
    with pytest.raises(DataStepRefused, match=r'(?s)operation 1 \(.*scope="repeatable"'):
        Written(operation).forwards()
    assert tags(psql, tenants) == everywhere(tenants, None)


@rows_only
@pytest.mark.parametrize(
    "operation",
    [RunPython(count_users, scope="repeatable"), RunSQL(COUNT_USERS, scope="repeatable")],
)
def test_scope_repeatable_lets_each_pass_update_shared_rows(
    tenants: list[str], psql: SQL, operation: Any
) -> None:
    User.objects.create(username="ann")
    Written(operation).forwards()
    user = User.objects.get()
    assert (user.first_name, user.last_name) in {("1 items", ""), ("", "0111")}


@rows_only
@pytest.mark.parametrize("operation", [RunPython(count_users), RunSQL(COUNT_USERS)])
def test_an_update_of_shared_rows_in_a_tenants_pass_is_refused_with_both_ways_out(
    tenants: list[str], psql: SQL, operation: Any
) -> None:
    User.objects.create(username="ann")
    with pytest.raises(DataStepRefused, match=r'updated .*auth_user.*"shared".*"repeatable"'):
        Written(operation).forwards()
    user = User.objects.get()
    assert (user.first_name, user.last_name) == ("", "")


@rows_only
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO auth_group (name) SELECT gen_random_uuid() FROM shop_item",
        "DELETE FROM auth_group WHERE EXISTS (SELECT FROM shop_item)",
    ],
)
@pytest.mark.parametrize("scope", [None, "repeatable", "tenants"])
def test_a_tenants_pass_may_neither_insert_nor_delete_shared_rows_whatever_the_scope(
    tenants: list[str], psql: SQL, statement: str, scope: Any
) -> None:
    Group.objects.create(name="there")

    def execute(apps: Any, editor: Any) -> None:
        editor.execute(statement)

    for operation in (RunSQL(statement, scope=scope), RunPython(execute, scope=scope)):
        with pytest.raises(DataStepRefused, match=r'public\.auth_group.*scope="shared"'):
            Written(operation).forwards()
    assert Group.objects.get().name == "there"


@rows_only
def test_a_shared_row_that_each_pass_saves_alike_is_saved_once(
    tenants: list[str], psql: SQL
) -> None:
    pk = Group.objects.create(name="there").pk
    psql("CREATE SEQUENCE public.updates")
    psql(
        "CREATE FUNCTION public.count_it() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM nextval('public.updates'); RETURN NEW; END $$;"
        "CREATE TRIGGER counting BEFORE UPDATE ON auth_group"
        " FOR EACH ROW EXECUTE FUNCTION public.count_it()"
    )

    def save(apps: Any, editor: Any) -> None:
        group = apps.get_model("auth", "Group").objects.get(pk=pk)
        group.name = "saved"
        group.save()
        group.save(update_fields=["name"])
        assert apps.get_model("auth", "Group").objects.filter(pk=pk).update(name="end") == 1
        apps.get_model("shop", "Tag").objects.create(name=group.name)

    try:
        Written(RunPython(save)).forwards()
        assert tags(psql, tenants) == everywhere(tenants, "saved")
        assert Group.objects.get().name == "end"
        assert psql("SELECT last_value FROM public.updates") == [(3,)]
    finally:
        psql(
            "DROP TRIGGER counting ON auth_group; DROP FUNCTION public.count_it();"
            " DROP SEQUENCE public.updates"
        )


@rows_only
def test_a_tenants_pass_that_truncates_a_shared_table_is_refused(
    tenants: list[str], psql: SQL
) -> None:
    def truncate(apps: Any, editor: Any) -> None:
        if apps.get_model("shop", "Item").objects.exists():
            editor.execute("TRUNCATE auth_group_permissions")

    with pytest.raises(DataStepRefused, match=r"truncated public\.auth_group_permissions"):
        Written(RunPython(truncate)).forwards()


def test_rows_that_a_trigger_writes_to_a_shared_table_are_refused_by_its_name(
    tenants: list[str], psql: SQL
) -> None:
    psql(
        "CREATE TABLE public.audit (at timestamptz DEFAULT now());"
        "CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO public.audit DEFAULT VALUES; RETURN NEW; END $$;"
        "CREATE TRIGGER noting AFTER UPDATE ON __template__.shop_item"
        " FOR EACH ROW EXECUTE FUNCTION public.note()"
    )
    for operation in (
        RunSQL("UPDATE shop_item SET price = 1"),
        RunPython(lambda apps, editor: apps.get_model("shop", "Item").objects.update(price=1)),
    ):
        with pytest.raises(DataStepRefused, match=r"inserted into public\.audit"):
            Written(operation).forwards()


@rows_only
def test_a_tenants_pass_that_copies_rows_into_a_shared_table_is_refused(
    tenants: list[str], psql: SQL
) -> None:
    statement = "COPY auth_group (name) FROM STDIN"

    def copy(apps: Any, editor: Any) -> None:
        row = f"{uuid.uuid4()}\n"
        with connection.cursor() as cursor:
            if hasattr(cursor.cursor, "copy"):
                with cursor.copy(statement) as copying:
                    copying.write(row)
            else:
                cursor.copy_expert(statement, io.StringIO(row))

    with pytest.raises(DataStepRefused, match=r"inserted into public\.auth_group"):
        Written(RunPython(copy)).forwards()
    assert not Group.objects.exists()


@rows_only
def test_scope_tenants_may_not_write_shared_rows_by_the_orm(tenants: list[str], psql: SQL) -> None:
    def add(apps: Any, editor: Any) -> None:
        apps.get_model("auth", "Group").objects.create(name="editors")

    with pytest.raises(DataStepRefused, match="which no pass of a tenant does"):
        Written(RunPython(add, scope="tenants")).forwards()


@rows_only
@pytest.mark.parametrize("scope", ["repeatable", "shared", "template", "tenants"])
def test_the_setting_gives_a_scope_to_migrations_of_others_and_overrides_ones_own(
    tenants: list[str], psql: SQL, settings: Any, scope: str
) -> None:
    settings.BOARDINGHOUSE_MIGRATION_SCOPES = {"shop.written_for_a_test": scope}
    if scope == "shared":
        with pytest.raises(DataStepRefused):
            Written(migrations.RunPython(add_tag)).forwards()
        return
    Written(migrations.RunPython(add_tag)).forwards()
    expected = {
        "repeatable": everywhere(tenants, "new"),
        "template": everywhere(tenants, None, template="new"),
        "tenants": everywhere(tenants, "new", template=None),
    }
    assert tags(psql, tenants) == expected[scope]
    Written(RunSQL("DELETE FROM shop_tag", scope="shared")).forwards()
    assert tags(psql, tenants) == everywhere(tenants, None)


@rows_only
def test_a_scope_reaches_the_operations_inside_of_another(tenants: list[str], psql: SQL) -> None:
    inner = [RunPython(add_tag, scope="tenants")]
    Written(migrations.SeparateDatabaseAndState(database_operations=inner)).forwards()
    assert tags(psql, tenants) == everywhere(tenants, "new", template=None)


@rows_only
def test_an_unknown_scope_is_an_error(tenants: list[str], settings: Any) -> None:
    unknown: Any = "once"
    for operation in (RunPython, RunSQL):
        with pytest.raises(ValueError, match="repeatable, shared, template, tenants"):
            operation(add_tag, scope=unknown)
    settings.BOARDINGHOUSE_MIGRATION_SCOPES = {"shop.written_for_a_test": "once"}
    with pytest.raises(ImproperlyConfigured, match=r"shop\.written_for_a_test"):
        Written()
    settings.BOARDINGHOUSE_MIGRATION_SCOPES = {
        "shop.0001_initial": "once",
        "shop.0007_gone": "shared",
    }
    assert [(found.id, bool(found.hint)) for found in check_migration_scopes()] == [
        ("boardinghouse.E020", True),
        ("boardinghouse.W020", True),
    ]


def test_a_check_of_scopes_has_nothing_to_say_where_all_is_well(settings: Any) -> None:
    settings.BOARDINGHOUSE_MIGRATION_SCOPES = {"shop.0001_initial": "template"}
    assert check_migration_scopes() == []


@pytest.mark.parametrize(
    ("operation", "scope"),
    [
        (RunPython(RunPython.noop, RunPython.noop, elidable=True, scope="shared"), True),
        (RunSQL("SELECT 1", "SELECT 2", elidable=True, scope="template"), True),
        (RunSQL("SELECT 1"), False),
    ],
)
def test_an_operation_with_a_scope_is_written_as_it_is_read(operation: Any, scope: bool) -> None:
    text, imports = OperationWriter(operation, indentation=0).serialize()
    assert ("scope=" in text) is scope
    again = read_back(text, imports)
    assert again.deconstruct() == operation.deconstruct()
    assert again.boardinghouse_scope == operation.boardinghouse_scope


# What falls through elsewhere


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        ("CREATE TYPE mood AS ENUM ('sad', 'glad')", "SELECT to_regtype('mood') IS NOT NULL"),
        ("CREATE SEQUENCE numbers", "SELECT to_regclass('numbers') IS NOT NULL"),
        (
            "COMMENT ON TABLE shop_item IS 'x'",
            "SELECT obj_description('shop_item'::regclass) = 'x'",
        ),
        ("TRUNCATE shop_item CASCADE", "SELECT NOT EXISTS (SELECT FROM shop_item)"),
        (INSERT_TAG, "SELECT EXISTS (SELECT FROM shop_tag)"),
        (
            "WITH x AS (SELECT 'new' AS name) INSERT INTO shop_tag (name) SELECT name FROM x",
            "SELECT EXISTS (SELECT FROM shop_tag)",
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "SELECT to_regproc('f') IS NOT NULL",
        ),
        (
            "UPDATE auth_user SET first_name = 'x'; " + INSERT_TAG,
            "SELECT EXISTS (SELECT FROM shop_tag)",
        ),
        (
            "CREATE MATERIALIZED VIEW many AS SELECT * FROM shop_item",
            "SELECT to_regclass('many') IS NOT NULL",
        ),
        (
            "ALTER SEQUENCE shop_tag_id_seq RESTART WITH 70",
            "SELECT nextval('shop_tag_id_seq') = 70",
        ),
        (
            "ALTER TABLE shop_tag ALTER COLUMN id RESTART WITH 70",
            "SELECT nextval('shop_tag_id_seq') = 70",
        ),
        ("SELECT setval('shop_tag_id_seq', 70)", "SELECT nextval('shop_tag_id_seq') = 71"),
        (
            "DO $$ BEGIN IF true THEN ALTER TABLE shop_item ADD CHECK (price > 0); END IF; END $$",
            "SELECT EXISTS (SELECT FROM pg_constraint WHERE conname = 'shop_item_price_check'"
            " AND connamespace = current_schema::regnamespace)",
        ),
    ],
)
@pytest.mark.parametrize("language", ["sql", "python"])
def test_what_older_packages_could_not_tell_gets_everywhere(
    tenants: list[str], psql: SQL, statement: str, question: str, language: str
) -> None:
    question = question.replace("current_schema::", "quote_ident(current_schema)::")

    def execute(apps: Any, editor: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    operation = RunSQL(statement) if language == "sql" else RunPython(execute)
    Written(operation).forwards()
    assert column(psql, tenants, question) == everywhere(tenants, True)


def test_dropping_an_index_that_is_not_there_says_so(tenants: list[str], psql: SQL) -> None:
    with pytest.raises(Exception, match="nothing_of_that_name"):
        Written(RunSQL("DROP INDEX nothing_of_that_name")).forwards()


def test_unique_together_is_dropped_whatever_the_order_of_its_fields(
    tenants: list[str], psql: SQL
) -> None:
    Written(
        migrations.AlterUniqueTogether("item", {("price", "name")}),
        migrations.AlterUniqueTogether("item", set()),
    ).forwards()


@rows_only
def test_what_a_step_leaves_in_the_template_is_what_later_tenants_start_with(
    tenants: list[str], psql: SQL
) -> None:
    Written(RunSQL("INSERT INTO shop_tag (name) VALUES ('sql')"), RunPython(add_tag)).forwards()
    Schema.objects.create(schema="later")
    assert tags(psql, [*tenants, "later"]) == everywhere([*tenants, "later"], "sql new")


@rows_only
def test_the_template_cannot_be_selected_in_sql_either(tenants: list[str], psql: SQL) -> None:
    with pytest.raises(Exception, match="template"):
        psql("SELECT boardinghouse.activate_schema('__template__')")


@rows_only
@pytest.mark.parametrize("language", ["sql", "python"])
def test_rows_of_the_template_by_its_name_are_refused_in_a_tenants_pass(
    tenants: list[str], psql: SQL, language: str
) -> None:
    statement = "INSERT INTO __template__.shop_tag (name) SELECT gen_random_uuid()"

    def execute(apps: Any, editor: Any) -> None:
        editor.execute(statement)

    operation = RunSQL(statement) if language == "sql" else RunPython(execute)
    with pytest.raises(DataStepRefused, match=r'wrote to the template.*scope="template"'):
        Written(operation).forwards()
    assert tags(psql, tenants) == everywhere(tenants, None)


BOTH = {
    "a DO": "DO $$ BEGIN CREATE TABLE t (id int); INSERT INTO shop_tag (name) VALUES ('x'); END $$",
    "a DO that finds no rows in the template": (
        "DO $$ BEGIN CREATE TABLE t (id int); UPDATE shop_item SET price = 1; END $$"
    ),
    "a SELECT": "SELECT at_once()",
    "a CALL": "CALL at_once_too()",
    "CREATE TABLE AS": "CREATE TABLE t AS SELECT * FROM shop_item",
    "SELECT INTO": "SELECT * INTO t FROM shop_item",
}


@pytest.mark.parametrize("statement", BOTH.values(), ids=BOTH)
@pytest.mark.parametrize("language", ["sql", "python"])
def test_a_statement_that_fires_ddl_and_changes_rows_is_refused_with_a_hint(
    tenants: list[str], psql: SQL, statement: str, language: str
) -> None:
    body = "BEGIN CREATE TABLE t (id int); INSERT INTO shop_tag (name) VALUES ('x'); END"
    psql(
        f"CREATE FUNCTION public.at_once() RETURNS void LANGUAGE plpgsql AS $${body}$$;"
        f"CREATE PROCEDURE public.at_once_too() LANGUAGE plpgsql AS $${body}$$"
    )

    def execute(apps: Any, editor: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    operation = RunSQL(statement) if language == "sql" else RunPython(execute)
    with pytest.raises(NotSupportedError, match="others for the rows"):
        Written(operation).forwards()
    assert tags(psql, tenants) == everywhere(tenants, None)
    assert column(psql, tenants, "SELECT to_regclass('t')") == everywhere(tenants, None)


def test_the_schema_editor_refuses_that_outside_of_data_steps_too(
    tenants: list[str], psql: SQL
) -> None:
    with connection.schema_editor() as editor:
        editor.execute("DO $$ BEGIN CREATE TABLE extra (id int); END $$")
        editor.execute("DO $$ BEGIN UPDATE shop_item SET price = 4; END $$")
    assert column(psql, tenants, "SELECT max(price) FROM shop_item") == everywhere(
        tenants, 4, template=None
    )
    for name in ("a DO", "a DO that finds no rows in the template"):
        with (
            pytest.raises(NotSupportedError, match="others for the rows"),
            connection.schema_editor() as editor,
        ):
            editor.execute(BOTH[name])


def test_a_text_of_several_statements_in_python_is_taken_apart(
    tenants: list[str], psql: SQL
) -> None:
    def execute(apps: Any, editor: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE shop_item SET price = 3; ALTER TABLE shop_item ADD COLUMN size int;"
                " UPDATE shop_item SET size = price"
            )

    Written(RunPython(execute)).forwards()
    found = column(psql, tenants, "SELECT sum(size) FROM shop_item")
    assert found == everywhere(tenants, 3, template=None)


@rows_only
@pytest.mark.parametrize("atomic", [True, False])
def test_a_step_goes_on_after_an_error_that_it_has_caught(
    tenants: list[str], psql: SQL, atomic: bool
) -> None:
    Group.objects.create(name="there")

    def add_twice(apps: Any, editor: Any) -> None:
        with transaction.atomic():
            for model in (apps.get_model("auth", "Group"), apps.get_model("shop", "Tag")):
                for _ in range(2):
                    with suppress(IntegrityError), transaction.atomic():
                        model.objects.create(name="there")
            with suppress(DataError), connection.cursor() as cursor, transaction.atomic():
                cursor.execute("SELECT 1/0")
            apps.get_model("shop", "Item").objects.update(price=7)

    Written(RunPython(add_twice), atomic=atomic).forwards()
    assert tags(psql, tenants) == everywhere(tenants, "there")
    prices = column(psql, tenants, "SELECT min(price) FROM shop_item")
    assert prices == everywhere(tenants, 7, template=None)
    assert Group.objects.count() == 1


@pytest.mark.parametrize("language", ["sql", "python"])
@pytest.mark.parametrize("before", ["", INSERT_TAG])
def test_a_materialized_view_is_filled_everywhere_by_the_first_refresh(
    tenants: list[str], psql: SQL, language: str, before: str
) -> None:
    view = "CREATE MATERIALIZED VIEW many AS SELECT * FROM shop_item WITH NO DATA"
    statements = [before or "SELECT 1", view, "REFRESH MATERIALIZED VIEW many"]

    def execute(apps: Any, editor: Any) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    operation = RunSQL(statements, "DROP MATERIALIZED VIEW many")
    if language == "python":
        operation = RunPython(execute)
    Written(operation).forwards()
    found = column(psql, tenants, "SELECT count(*) FROM many")
    assert found == everywhere(tenants, 1, template=0)
    with pytest.raises(NotSupportedError, match="into a migration of its own"):
        Written(
            RunSQL("UPDATE shop_item SET price = 1"),
            RunSQL("CREATE MATERIALIZED VIEW more AS SELECT * FROM shop_item"),
        ).forwards()


@rows_only
@pytest.mark.parametrize("end", ["COMMIT", "rollback", "PREPARE TRANSACTION 'x'"])
@pytest.mark.parametrize("language", ["sql", "python", "editor"])
def test_a_step_does_not_end_the_transaction_of_its_migration(
    tenants: list[str], psql: SQL, language: str, end: str
) -> None:
    text = f"UPDATE shop_item SET price = 1; {end}"

    def execute(apps: Any, editor: Any) -> None:
        with connection.cursor() as cursor:
            (cursor if language == "python" else editor).execute(text)

    operation = RunSQL(text) if language == "sql" else RunPython(execute)
    with pytest.raises(NotSupportedError, match="atomic = False"):
        Written(operation).forwards()
    prices = column(psql, tenants, "SELECT max(price) FROM shop_item")
    assert prices == everywhere(tenants, None)
    if "PREPARE" not in end:
        Written(operation, atomic=False).forwards()
        psql("DROP TABLE public.boardinghouse_pass")
        prices = column(psql, tenants, "SELECT max(price) FROM shop_item")
        assert prices == everywhere(tenants, 1, template=None)


SCRATCH = (
    "CREATE TEMP TABLE IF NOT EXISTS scratch (name text)",
    "INSERT INTO scratch SELECT name FROM shop_item",
    "INSERT INTO shop_tag (name) SELECT name FROM scratch",
)


@rows_only
@pytest.mark.parametrize("atomic", [True, False])
@pytest.mark.parametrize("is_dropped", [True, False])
@pytest.mark.parametrize("made_of", ["columns", "rows"])
def test_a_temporary_table_lasts_for_one_pass_and_has_rows_of_no_other(
    tenants: list[str], psql: SQL, atomic: bool, is_dropped: bool, made_of: str
) -> None:
    statements = SCRATCH + ("DROP TABLE scratch",) * is_dropped
    if made_of == "rows":
        fill = "CREATE TEMP TABLE scratch AS SELECT name::text FROM shop_item"
        statements = (fill, *statements[2:])

    def execute(apps: Any, editor: Any) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    Written(RunPython(execute), atomic=atomic).forwards()
    found = tags(psql, tenants)
    assert found == {"__template__": None, **{name: f"item of {name}" for name in tenants}}
    psql("DROP TABLE IF EXISTS public.boardinghouse_pass")


@rows_only
@pytest.mark.parametrize("atomic", [True, False])
@pytest.mark.parametrize("scope", [None, "tenants"])
@pytest.mark.parametrize("made_of", ["columns", "rows"])
def test_a_temporary_table_in_sql_is_refused_where_rows_of_tenants_would_meet_in_it(
    tenants: list[str], psql: SQL, atomic: bool, scope: Any, made_of: str
) -> None:
    statements: tuple[str, ...] = SCRATCH
    if made_of == "rows":
        statements = ("SELECT name INTO TEMP scratch FROM shop_item", SCRATCH[2])
    error = (NotSupportedError, ProgrammingError) if scope else NotSupportedError
    with pytest.raises(error, match=r'RunPython|"scratch" already exists'):
        Written(RunSQL(list(statements), scope=scope), atomic=atomic).forwards()
    assert tags(psql, tenants) == everywhere(tenants, None)
    connection.close()
    psql("DROP TABLE IF EXISTS public.boardinghouse_pass")


@rows_only
def test_a_temporary_table_in_sql_may_be_used_where_there_is_one_pass(
    tenants: list[str], psql: SQL
) -> None:
    Written(RunSQL(list(SCRATCH), scope="template")).forwards()
    with pytest.raises(ProgrammingError, match="scratch"):
        Written(RunSQL(SCRATCH[1])).forwards()


@rows_only
def test_shared_rows_made_of_tenants_rows_are_not_taken_for_shared_ones_alone(
    tenants: list[str], psql: SQL
) -> None:
    psql("INSERT INTO __template__.shop_tag (name) VALUES ('one')")
    statement = "INSERT INTO auth_group (name) SELECT name || random() FROM shop_tag"
    psql("INSERT INTO acme.shop_tag (name) VALUES ('two')")
    with pytest.raises(DataStepRefused, match=r"public\.auth_group"):
        Written(RunSQL(statement)).forwards()
    Written(RunSQL(statement, scope="template")).forwards()
    assert Group.objects.count() == 1
    psql("DELETE FROM __template__.shop_tag")


@rows_only
def test_an_update_of_both_is_not_skipped_where_the_template_has_no_rows(
    tenants: list[str], psql: SQL
) -> None:
    both = """
        WITH made AS (INSERT INTO auth_group (name) SELECT gen_random_uuid())
        UPDATE shop_item SET price = 1
    """
    with pytest.raises(DataStepRefused, match=r"public\.auth_group"):
        Written(RunSQL(both)).forwards()
    assert not Group.objects.exists()


# A field for a model of another app


def test_a_field_for_another_app_is_in_its_state_and_in_every_schema(
    tenants: list[str], psql: SQL
) -> None:
    field = models.IntegerField(null=True)
    operation = AddField("shop", "Item", "stars", field)
    migration = Written(operation, app_label="hub")
    migration.forwards()
    question = "SELECT count(stars) FROM shop_item"
    assert column(psql, tenants, question) == everywhere(tenants, 0)
    state = state_of()
    operation.state_forwards("hub", state)
    assert "stars" in state.models["shop", "item"].fields
    migration.backwards()
    assert column(
        psql, tenants, "SELECT count(*) FROM pg_attribute WHERE attname = 'stars' AND attnum > 0"
    ) == everywhere(tenants, 0)


def test_a_field_for_another_app_is_no_drift_to_makemigrations(
    apps: App, django_database: str
) -> None:
    apps(
        "stars",
        {
            "0001_initial": """
                import django_boardinghouse.operations
                class Migration(migrations.Migration):
                    dependencies = [("shop", "0001_initial")]
                    operations = [
                        django_boardinghouse.operations.AddField(
                            app_label="shop", model_name="item", name="stars",
                            field=models.IntegerField(null=True),
                        ),
                    ]
            """
        },
    )
    with pytest.raises(SystemExit):
        call_command("makemigrations", check_changes=True, verbosity=0)
    field = models.IntegerField(null=True)
    field.contribute_to_class(Item, "stars")
    try:
        call_command("makemigrations", check_changes=True, verbosity=0)
        call_command("migrate", verbosity=0)
        Schema.objects.create(schema="acme")
        with schema("acme"):
            Item.objects.create(name="x", **{"stars": 5})
            assert Item.objects.filter(**{"stars": 5}).exists()
    finally:
        Item._meta.local_fields.remove(field)
        Item._meta._expire_cache()
        del Item.stars  # type: ignore[attr-defined]


def test_a_field_for_another_app_is_written_as_it_is_read() -> None:
    operation = AddField("shop", "Item", "stars", models.IntegerField(null=True))
    text, imports = OperationWriter(operation, indentation=0).serialize()
    again = read_back(text, imports)
    assert OperationWriter(again, indentation=0).serialize() == (text, imports)
