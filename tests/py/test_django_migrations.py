"""Migrations: tables where they belong, and data steps in every schema that they concern."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently, TrigramExtension
from django.core.management import call_command
from django.db import (
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    connection,
    connections,
    migrations,
    models,
)
from project.databases import lead_to, new_database
from project.hub.models import Country, Currency
from project.migrating import Written, state_of
from project.schemata import SQL, TEMPLATE, column, everywhere
from project.shop.models import Item
from project.users import Group, User

from django_boardinghouse import DataStepRefused, NotInstalled, schema
from django_boardinghouse.base import SharedSchemaModel
from django_boardinghouse.models import Schema

pytest_plugins = ["project.fixtures"]
pytestmark = pytest.mark.usefixtures("alike")

rows_only = pytest.mark.usefixtures("rows_only")


# Where tables are made


def tables(psql: SQL, name: str) -> set[str]:
    rows = psql(
        "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname = %s",
        name,
    )
    return {row[0] for row in rows}


def test_migrating_an_empty_database_installs_and_enables_the_extension(
    empty_database: str, psql: SQL
) -> None:
    call_command("migrate", "boardinghouse", verbosity=0)
    assert psql("SELECT extname FROM pg_extension WHERE extname = 'boardinghouse'")
    assert psql("SELECT evtname FROM pg_event_trigger ORDER BY 1") == [
        ("boardinghouse_ddl",),
        ("boardinghouse_drop",),
    ]
    Schema.objects.create(schema="acme")
    call_command("migrate", verbosity=0)
    with schema("acme"):
        assert Item.objects.count() == 0


def test_an_app_that_is_migrated_first_finds_the_template_ready(
    empty_database: str, psql: SQL
) -> None:
    call_command("migrate", "shop", verbosity=0)
    assert "shop_item" in tables(psql, TEMPLATE)
    assert "shop_item" not in tables(psql, "public")


def test_tenant_models_are_in_the_template_and_shared_ones_in_public(
    django_database: str, psql: SQL
) -> None:
    assert tables(psql, TEMPLATE) == {
        "shop_tag",
        "shop_item",
        "shop_item_tags",
        "hub_country_neighbours",
    }
    assert tables(psql, "public") == {
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "auth_user",
        "auth_user_groups",
        "auth_user_user_permissions",
        "boardinghouse_host",
        "boardinghouse_schema_users",
        "django_admin_log",
        "django_content_type",
        "django_migrations",
        "django_session",
        "hub_contract",
        "hub_country",
        "hub_country_currencies",
        "hub_currency",
        "homes_home",
        "homes_invoice",
        "homes_plan",
    }


def test_migrate_enables_again_and_mirrors_what_was_missed(tenants: list[str], psql: SQL) -> None:
    psql("SELECT boardinghouse.disable()")
    psql("ALTER TABLE __template__.shop_item RENAME COLUMN price TO cost")
    assert psql("SELECT * FROM boardinghouse.verify()")
    call_command("migrate", verbosity=0)
    assert psql("SELECT * FROM boardinghouse.verify()") == []
    assert psql("SELECT cost FROM acme.shop_item") == [(None,)]


def test_a_restored_database_migrates_on(server: Any, tenants: list[str], psql: SQL) -> None:
    dump, restore = (str(server.bindir / program) for program in ("pg_dump", "psql"))
    source = connection.settings_dict["NAME"]
    dumped = subprocess.run(
        [dump, source], env=server.environment, check=True, capture_output=True, text=True
    )
    with new_database(server) as copy:
        subprocess.run(
            [restore, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", copy],
            env=server.environment,
            check=True,
            input=dumped.stdout,
            capture_output=True,
            text=True,
        )
        with lead_to(server, copy):
            call_command("migrate", "hub", "0001", verbosity=0)
            call_command("migrate", verbosity=0)
            Written(migrations.RemoveField("item", "price")).forwards()
            with connection.cursor() as cursor:
                cursor.execute("SELECT * FROM boardinghouse.verify()")
                assert cursor.fetchall() == []
            for name in tenants:
                with schema(name):
                    assert Item.objects.values_list("name", flat=True).get() == f"item of {name}"
                    with pytest.raises(ProgrammingError):
                        Item.objects.get()


@rows_only
def test_a_second_migrate_has_nothing_to_do(tenants: list[str], capsys: Any) -> None:
    call_command("migrate", no_color=True)
    assert "No migrations to apply." in capsys.readouterr().out


def test_an_unmigrated_app_is_synchronised_once(
    django_database: str, psql: SQL, settings: Any
) -> None:
    settings.MIGRATION_MODULES = {"shop": None}
    call_command("migrate", run_syncdb=True, verbosity=0)
    assert "shop_item" not in tables(psql, "public")


def test_tables_are_made_without_any_migrations(
    empty_database: str, psql: SQL, settings: Any
) -> None:
    settings.MIGRATION_MODULES = {config.label: None for config in apps.get_app_configs()}
    for _ in range(2):
        call_command("migrate", run_syncdb=True, verbosity=0)
    ann = User.objects.create(username="ann")
    tenant = Schema.objects.create(schema="acme")
    tenant.users.add(ann)
    tenant.hosts.create(host="acme.test")
    assert list(ann.schemata.all()) == [tenant]
    with schema("acme"):
        Item.objects.create(name="new")
    assert psql("SELECT * FROM boardinghouse.verify()") == []


def test_a_database_of_another_engine_is_migrated_without_tenants(
    django_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Not in memory: such a database Django does not close.
    name = str(tmp_path / "plain.sqlite3")
    plain = {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": {}}
    monkeypatch.setitem(connections.settings, "plain", {**connections.settings["other"], **plain})
    try:
        for target in ((), ("zero",), ()):
            call_command("migrate", "boardinghouse", *target, database="plain", verbosity=0)
        names = connections["plain"].introspection.table_names()
        assert "django_migrations" in names
        assert [name for name in names if "boardinghouse" in name or "schema" in name] == []
    finally:
        connections["plain"].close()
        del connections["plain"]


@rows_only
def test_faked_initial_migrations_find_the_tables_in_the_template(
    tenants: list[str], psql: SQL
) -> None:
    psql("DELETE FROM django_migrations WHERE app = 'shop'")
    call_command("migrate", "shop", fake_initial=True, verbosity=0)
    assert psql("SELECT count(*) FROM django_migrations WHERE app = 'shop'") == [(1,)]


def test_migrating_back_to_zero_and_on_again(tenants: list[str], psql: SQL) -> None:
    call_command("migrate", "shop", "zero", verbosity=0)
    assert tables(psql, "acme") == {"hub_country_neighbours"}
    call_command("migrate", verbosity=0)
    with schema("acme"):
        Item.objects.create(name="new")


def test_the_app_itself_can_be_migrated_back_and_on_again(django_database: str, psql: SQL) -> None:
    call_command("migrate", "hub", "0001", verbosity=0)
    call_command("migrate", "boardinghouse", "zero", verbosity=0)
    assert "boardinghouse_schema_users" not in tables(psql, "public")
    call_command("migrate", verbosity=0)
    assert "boardinghouse_schema_users" in tables(psql, "public")


def test_a_database_that_cannot_have_the_extension_says_what_to_do(
    server: Any, empty_database: str, psql: SQL
) -> None:
    psql(f"CREATE ROLE bob LOGIN; ALTER DATABASE {empty_database} OWNER TO bob")
    try:
        connection.close()
        connection.settings_dict["USER"] = "bob"
        with pytest.raises(NotInstalled, match="superuser run in this database: CREATE EXTENSION"):
            call_command("migrate", verbosity=0)
    finally:
        connection.close()
        psql(f"ALTER DATABASE {empty_database} OWNER TO postgres; DROP ROLE bob")


def test_a_server_without_the_extensions_files_says_what_to_do(
    server: Any, empty_database: str, psql: SQL
) -> None:
    control = server.extension_dir / "boardinghouse.control"
    away = control.rename(control.with_suffix(".away"))
    try:
        with pytest.raises(NotInstalled, match="Put its files there first"):
            call_command("migrate", verbosity=0)
    finally:
        away.rename(control)


def test_what_enabling_refuses_is_not_taken_for_missing_files(
    empty_database: str, psql: SQL
) -> None:
    psql("CREATE EXTENSION boardinghouse; CREATE SCHEMA __template__")
    psql("CREATE TABLE outside (); CREATE TABLE __template__.heir () INHERITS (outside)")
    with pytest.raises(NotSupportedError, match="heir"):
        call_command("migrate", verbosity=0)


def test_an_ordinary_role_migrates_after_a_superuser_has_installed(
    server: Any, empty_database: str, psql: SQL
) -> None:
    psql(
        f"CREATE EXTENSION boardinghouse; SELECT boardinghouse.enable(); CREATE ROLE bob LOGIN;"
        f" ALTER SCHEMA __template__ OWNER TO bob; ALTER DATABASE {empty_database} OWNER TO bob;"
        f" ALTER SCHEMA public OWNER TO bob; SELECT boardinghouse.enable()"
    )
    try:
        connection.close()
        connection.settings_dict["USER"] = "bob"
        call_command("migrate", "boardinghouse", verbosity=0)
        Schema.objects.create(schema="acme")
        call_command("migrate", verbosity=0)
        with schema("acme"):
            Item.objects.create(name="bob's")
        Written(migrations.RunSQL("UPDATE shop_item SET price = 1")).forwards()
        Written(migrations.RunPython(lambda apps, editor: Item.objects.update(price=2))).forwards()
        assert psql("SELECT name, price FROM acme.shop_item") == [("bob's", 2)]
        assert Schema.objects.get().delete()[0] == 1
        Schema.objects.get().delete(drop=True)
    finally:
        connection.close()
        connection.settings_dict["USER"] = "postgres"
        psql("REASSIGN OWNED BY bob TO postgres; DROP OWNED BY bob")
        psql("DROP ROLE bob")


def test_tenant_models_are_refused_where_there_is_no_template(
    empty_database: str, psql: SQL
) -> None:
    with connection.schema_editor() as editor, pytest.raises(NotInstalled, match="run migrate"):
        editor.create_model(Item)
    with connection.schema_editor() as editor:
        editor.create_model(Currency)
    assert tables(psql, "public") == {"hub_currency"}


@rows_only
def test_a_key_from_a_shared_to_a_tenant_model_is_refused(django_database: str, psql: SQL) -> None:
    key = models.ForeignKey("shop.Item", models.CASCADE, null=True)
    number = models.AutoField(primary_key=True)
    for operation in (
        migrations.AddField("country", "item", key),
        migrations.CreateModel(
            "Favourite", [("id", number), ("item", key)], bases=(SharedSchemaModel,)
        ),
    ):
        with pytest.raises(NotSupportedError, match="its item refers to a tenants' model"):
            Written(operation, app_label="hub").forwards()
    assert "hub_favourite" not in tables(psql, "public")


def test_the_schema_editor_works_in_the_template_whatever_is_selected(
    tenants: list[str], psql: SQL
) -> None:
    field = models.IntegerField(null=True)
    field.set_attributes_from_name("size")
    with schema("acme"):
        with connection.schema_editor() as editor:
            editor.add_field(Item, field)
        assert [item.name for item in Item.objects.all()] == ["item of acme"]
    assert column(psql, tenants, "SELECT count(size) FROM shop_item") == everywhere(tenants, 0)


@rows_only
def test_a_deferred_statement_that_fails_leaves_no_transaction_open(
    tenants: list[str], psql: SQL
) -> None:
    with schema("order"):
        Item.objects.create(name="item of order")
    unique = models.UniqueConstraint(
        fields=["name"], name="one_name", deferrable=models.Deferrable.DEFERRED
    )
    with pytest.raises(IntegrityError, match="order"), connection.schema_editor() as editor:
        editor.deferred_sql.append(unique.create_sql(Item, editor))
    assert not connection.in_atomic_block
    with schema("order"):
        assert Item.objects.count() == 2


# Data steps


@rows_only
def test_python_runs_in_the_template_and_in_every_tenant_inactive_ones_too(
    tenants: list[str], psql: SQL
) -> None:
    Schema.objects.get(pk="order").delete()

    def add(apps: Any, editor: Any) -> None:
        apps.get_model("shop", "Tag").objects.create(name="new")

    def remove(apps: Any, editor: Any) -> None:
        apps.get_model("shop", "Tag").objects.filter(name="new").delete()

    migration = Written(migrations.RunPython(add, remove)).forwards()
    assert column(psql, tenants, "SELECT count(*) FROM shop_tag") == everywhere(tenants, 1)
    migration.backwards()
    assert column(psql, tenants, "SELECT count(*) FROM shop_tag") == everywhere(tenants, 0)


@rows_only
def test_python_sees_the_rows_of_the_schema_whose_pass_it_is(tenants: list[str], psql: SQL) -> None:
    seen = []

    def look(apps: Any, editor: Any) -> None:
        seen.append([item.name for item in apps.get_model("shop", "Item").objects.all()])

    Written(migrations.RunPython(look)).forwards()
    assert seen == [[], *([f"item of {name}"] for name in sorted(tenants))]


@rows_only
def test_an_error_in_a_tenants_pass_undoes_all_and_says_where(
    tenants: list[str], psql: SQL
) -> None:
    def fail(apps: Any, editor: Any) -> None:
        item = apps.get_model("shop", "Item").objects.filter(name="item of order").first()
        apps.get_model("shop", "Tag").objects.create(name="x" * (41 if item else 1))

    with pytest.raises(Exception, match="too long") as caught:
        Written(migrations.RunPython(fail)).forwards()
    assert any('"order"' in note for note in caught.value.__notes__)
    assert column(psql, tenants, "SELECT count(*) FROM shop_tag") == everywhere(tenants, 0)


@rows_only
def test_sql_about_rows_runs_in_the_template_and_in_every_tenant(
    tenants: list[str], psql: SQL
) -> None:
    migration = Written(
        migrations.RunSQL(
            [
                ("INSERT INTO shop_tag (name) VALUES (%s)", ["100%"]),
                "UPDATE shop_item SET price = 3",
            ],
            "DELETE FROM shop_tag; UPDATE shop_item SET price = NULL;",
        )
    ).forwards()
    assert column(psql, tenants, "SELECT name FROM shop_tag") == everywhere(tenants, "100%")
    assert column(psql, tenants, "SELECT sum(price) FROM shop_item") == {
        TEMPLATE: None,
        **dict.fromkeys(tenants, 3),
    }
    migration.backwards()
    assert column(psql, tenants, "SELECT count(*) FROM shop_tag") == everywhere(tenants, 0)
    assert column(psql, tenants, "SELECT sum(price) FROM shop_item") == everywhere(tenants, None)


@rows_only
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE shop_item CASCADE",
        "DO $$ BEGIN DELETE FROM shop_item; END $$",
        "WITH gone AS (DELETE FROM shop_item RETURNING 1) SELECT count(*) FROM gone",
    ],
)
def test_sql_is_known_by_what_it_did_not_by_how_it_looks(
    tenants: list[str], psql: SQL, statement: str
) -> None:
    Written(migrations.RunSQL(statement)).forwards()
    assert column(psql, tenants, "SELECT count(*) FROM shop_item") == everywhere(tenants, 0)


@rows_only
def test_a_sequence_is_set_in_every_schema(tenants: list[str], psql: SQL) -> None:
    Written(migrations.RunSQL("SELECT setval('shop_tag_id_seq', 70)")).forwards()
    assert column(psql, tenants, "SELECT nextval('shop_tag_id_seq')") == everywhere(tenants, 71)


def test_sql_that_changes_structure_is_mirrored_and_not_repeated(
    tenants: list[str], psql: SQL
) -> None:
    Written(
        migrations.RunSQL(
            """
            -- a comment; with a semicolon
            ALTER TABLE shop_item ADD COLUMN "a;b" text DEFAULT 'c;d';
            CREATE FUNCTION twice(x integer) RETURNS integer LANGUAGE sql AS $$ SELECT 2 * x; $$;
            UPDATE shop_item SET price = twice(4);
            DO $$ BEGIN CREATE VIEW dear AS SELECT * FROM shop_item WHERE price > 7; END $$;
            SELECT 1 /* ; /* nested; */ */;
            """
        )
    ).forwards()
    assert column(psql, tenants, 'SELECT max("a;b") FROM dear') == {
        TEMPLATE: None,
        **dict.fromkeys(tenants, "c;d"),
    }


def test_sql_that_changes_structure_in_public_runs_once(tenants: list[str], psql: SQL) -> None:
    Written(
        migrations.RunSQL(
            "CREATE TABLE public.once (id integer); INSERT INTO public.once VALUES (1);"
        )
    ).forwards()
    assert psql("SELECT * FROM public.once") == [(1,)]


@rows_only
def test_one_statement_for_both_structure_and_rows_is_refused(
    tenants: list[str], psql: SQL
) -> None:
    both = """
        DO $$ BEGIN
            CREATE TABLE hidden (id integer);
            INSERT INTO shop_tag (name) VALUES ('x');
        END $$
    """
    with pytest.raises(NotSupportedError, match="others for the rows"):
        Written(migrations.RunSQL(both)).forwards()
    assert column(psql, tenants, "SELECT count(*) FROM shop_tag") == everywhere(tenants, 0)
    assert "hidden" not in tables(psql, TEMPLATE)


@pytest.mark.parametrize("atomic", [True, False])
def test_rows_that_are_null_get_the_default_in_every_tenant_before_not_null(
    tenants: list[str], psql: SQL, atomic: bool
) -> None:
    psql("UPDATE acme.shop_item SET price = NULL")
    field = models.IntegerField(default=7)
    Written(migrations.AlterField("item", "price", field), atomic=atomic).forwards()
    assert column(psql, tenants, "SELECT max(price) FROM shop_item") == {
        TEMPLATE: None,
        **dict.fromkeys(tenants, 7),
    }


def test_a_step_with_pending_keys_can_be_followed_by_a_change_of_the_table(
    tenants: list[str], psql: SQL
) -> None:
    def reparent(apps: Any, editor: Any) -> None:
        item = apps.get_model("shop", "Item")
        item.objects.create(name="child", parent=item.objects.create(name="parent"))

    Written(
        migrations.RunPython(reparent),
        migrations.RunSQL(
            "INSERT INTO shop_item (name, parent_id) SELECT 'y', min(id) FROM shop_item"
        ),
        migrations.RemoveField("item", "parent"),
        migrations.AddField("item", "size", models.IntegerField(default=1)),
    ).forwards()
    assert column(psql, tenants, "SELECT sum(size) FROM shop_item") == {
        TEMPLATE: 3,
        **dict.fromkeys(tenants, 4),
    }


def test_ddl_in_python_is_mirrored_and_not_repeated(tenants: list[str], psql: SQL) -> None:
    def change(apps: Any, editor: Any) -> None:
        item = apps.get_model("shop", "Item")
        editor.execute("CREATE TABLE extra (id integer)")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE extra ADD COLUMN text text")
            cursor.execute("INSERT INTO extra VALUES (1, %s)", ["by cursor"])
        editor.execute("INSERT INTO extra VALUES (2, %s)", ["by editor"])
        field = models.IntegerField(null=True)
        field.set_attributes_from_name("size")
        editor.add_field(item, field)
        editor.alter_field(item, item._meta.get_field("price"), price(), strict=True)

    def price() -> Any:
        field = models.IntegerField(default=5)
        field.set_attributes_from_name("price")
        return field

    Written(migrations.RunPython(change)).forwards()
    assert column(
        psql, tenants, "SELECT string_agg(text, ', ' ORDER BY id) FROM extra"
    ) == everywhere(tenants, "by cursor, by editor")
    assert column(psql, tenants, "SELECT sum(price) FROM shop_item WHERE size IS NULL") == {
        TEMPLATE: None,
        **dict.fromkeys(tenants, 5),
    }


def test_an_operation_that_nobody_knows_runs_in_every_schema(tenants: list[str], psql: SQL) -> None:
    class Fill(migrations.operations.base.Operation):
        reversible = False

        def state_forwards(self, app_label: str, state: Any) -> None: ...

        def database_forwards(self, app_label: Any, editor: Any, old: Any, new: Any) -> None:
            old.apps.get_model("shop", "Tag").objects.create(name="filled")
            editor.execute("UPDATE shop_item SET price = 9")

    Written(
        migrations.SeparateDatabaseAndState(database_operations=[Fill()], state_operations=[])
    ).forwards()
    assert column(psql, tenants, "SELECT name FROM shop_tag") == everywhere(tenants, "filled")
    assert column(psql, tenants, "SELECT max(price) FROM shop_item") == {
        TEMPLATE: None,
        **dict.fromkeys(tenants, 9),
    }


def test_an_extension_goes_to_public(tenants: list[str], psql: SQL) -> None:
    try:  # Debian's server does not list its own where extension_destdir is set
        psql("CREATE EXTENSION pg_trgm SCHEMA public; DROP EXTENSION pg_trgm")
    except psycopg2.Error:
        pytest.skip("the server has no pg_trgm")
    Written(TrigramExtension()).forwards()
    where = "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm'"
    assert psql(where) == [("public",)]


# Shared rows


@rows_only
def test_shared_rows_are_written_once_and_each_tenant_refers_to_them(
    tenants: list[str], psql: SQL
) -> None:
    def fill(apps: Any, editor: Any) -> None:
        group, country, currency = (
            apps.get_model(*names)
            for names in (("auth", "Group"), ("hub", "Country"), ("hub", "Currency"))
        )
        made = group.objects.create(name="editors")
        assert group.objects.get(name="editors").pk == made.pk
        country.objects.bulk_create([country(code="at"), country(code="ch")])
        euro, _ = currency.objects.get_or_create(code="EUR")
        austria = country.objects.get(code="at")
        austria.currencies.add(euro)
        country.objects.filter(code="ch").update(code="CH")
        country.objects.filter(code="CH").delete()
        user = apps.get_model("auth", "User").objects.create(
            username="robot", date_joined=datetime.datetime.now(datetime.UTC)
        )
        apps.get_model("shop", "Item").objects.create(name="new", country=austria, owner=user)

    Written(migrations.RunPython(fill)).forwards()
    assert [group.name for group in Group.objects.all()] == ["editors"]
    assert [country.code for country in Country.objects.all()] == ["at"]
    assert Country.objects.get().currencies.count() == 1
    robot = User.objects.get(username="robot")
    for name in tenants:
        with schema(name):
            item = Item.objects.get(name="new")
            assert (item.country_id, item.owner_id) == ("at", robot.pk)


@rows_only
def test_a_tenants_pass_that_writes_other_shared_rows_is_refused(
    tenants: list[str], psql: SQL
) -> None:
    def count(apps: Any, editor: Any) -> None:
        items = apps.get_model("shop", "Item").objects.count()
        apps.get_model("auth", "Group").objects.create(name=f"{items} items")

    with pytest.raises(
        DataStepRefused, match=r'"Be "ta" inserted into the shared table auth_group'
    ):
        Written(migrations.RunPython(count)).forwards()
    assert not Group.objects.exists()


@rows_only
def test_a_tenants_pass_that_writes_shared_rows_in_sql_is_refused(
    tenants: list[str], psql: SQL
) -> None:
    def add(apps: Any, editor: Any) -> None:
        editor.execute("INSERT INTO auth_group (name) SELECT gen_random_uuid()")

    with pytest.raises(DataStepRefused, match=r"public\.auth_group"):
        Written(migrations.RunPython(add)).forwards()
    assert not Group.objects.exists()


@rows_only
def test_sql_about_shared_rows_runs_once(tenants: list[str], psql: SQL) -> None:
    Written(migrations.RunSQL("INSERT INTO auth_group (name) VALUES ('editors')")).forwards()
    assert Group.objects.count() == 1


@rows_only
def test_sql_about_both_shared_and_tenants_rows_is_refused(tenants: list[str], psql: SQL) -> None:
    both = """
        WITH new AS (INSERT INTO auth_group (name) SELECT gen_random_uuid() RETURNING name)
        INSERT INTO shop_tag (name) SELECT name FROM new
    """
    with pytest.raises(DataStepRefused, match=r"public\.auth_group by a statement \(INSERT 0 1\)"):
        Written(migrations.RunSQL(both)).forwards()
    assert not Group.objects.exists()


@rows_only
def test_a_data_step_of_an_app_whose_models_are_all_shared_runs_once(
    tenants: list[str], psql: SQL
) -> None:
    runs = []

    def add(apps: Any, editor: Any) -> None:
        runs.append(1)
        apps.get_model("auth", "Group").objects.create(name=f"group {len(runs)}")

    Written(
        migrations.RunPython(add),
        migrations.RunSQL("UPDATE auth_group SET name = name || '!'"),
        migrations.RunSQL("UPDATE auth_group SET name = name || '?' WHERE false"),
        app_label="auth",
    ).forwards()
    assert [group.name for group in Group.objects.all()] == ["group 1!"]


@rows_only
def test_a_data_step_of_an_app_without_models_runs_in_every_schema(
    tenants: list[str], psql: SQL
) -> None:
    def add(apps: Any, editor: Any) -> None:
        apps.get_model("shop", "Tag").objects.create(name="new")

    Written(migrations.RunPython(add), app_label="no_models").forwards()
    assert column(psql, tenants, "SELECT count(*) FROM shop_tag") == everywhere(tenants, 1)


@rows_only
def test_a_data_step_of_a_shared_app_that_writes_tenants_rows_is_refused(
    tenants: list[str], psql: SQL
) -> None:
    def add(apps: Any, editor: Any) -> None:
        apps.get_model("shop", "Tag").objects.create(name="new")

    for operation in (
        migrations.RunPython(add),
        migrations.RunSQL("INSERT INTO shop_tag (name) VALUES ('new')"),
    ):
        with pytest.raises(DataStepRefused, match="template"):
            Written(operation, app_label="auth").forwards()
    assert column(psql, tenants, "SELECT count(*) FROM shop_tag") == everywhere(tenants, 0)


@rows_only
def test_a_plan_that_nobody_made_ready_is_refused(tenants: list[str], psql: SQL) -> None:
    def add(apps: Any, editor: Any) -> None:
        apps.get_model("shop", "Tag").objects.create(name="new")

    migration = Written(migrations.RunPython(add)).migration
    migration.operations = [migrations.RunPython(add)]
    with (
        pytest.raises(DataStepRefused, match=r"steps\.prepare"),
        connection.schema_editor() as editor,
    ):
        migration.apply(state_of(), editor)


def test_steps_of_a_migration_that_is_not_atomic_run_in_every_schema(
    tenants: list[str], psql: SQL
) -> None:
    def add(apps: Any, editor: Any) -> None:
        apps.get_model("shop", "Tag").objects.create(name="python")

    index = models.Index(fields=["price"], name="by_price")
    Written(
        migrations.RunPython(add),
        migrations.RunSQL("INSERT INTO shop_tag (name) VALUES ('sql')"),
        AddIndexConcurrently("item", index),
        migrations.RunSQL("UPDATE shop_item SET price = 1; SELECT setval('shop_tag_id_seq', 70)"),
        atomic=False,
    ).forwards()
    assert column(
        psql, tenants, "SELECT string_agg(name, ' ' ORDER BY name) FROM shop_tag"
    ) == everywhere(tenants, "python sql")
    assert column(psql, tenants, "SELECT nextval('shop_tag_id_seq')") == everywhere(tenants, 71)
    assert column(psql, tenants, "SELECT 'by_price'::regclass IS NOT NULL") == everywhere(
        tenants, True
    )


@rows_only
def test_sqlmigrate_prints_and_changes_nothing(tenants: list[str], capsys: Any) -> None:
    call_command("sqlmigrate", "shop", "0001", no_color=True)
    printed = capsys.readouterr().out
    assert 'CREATE TABLE "shop_item"' in printed
    assert "lock_template" not in printed
