"""Migrations that are not atomic: passes on their own, each recorded, none of them done twice."""

from __future__ import annotations

import datetime
import decimal
import io
import textwrap
import uuid
from importlib import invalidate_caches
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.core.management.base import OutputWrapper
from django.db import OperationalError, connection, migrations, models, transaction
from project.apps import App
from project.databases import admin_cursor, lead_to, new_database
from project.migrating import Written
from project.schemata import SQL, TEMPLATE, column, everywhere, tags
from project.shop.models import Item
from project.users import Group

from boardinghouse_ext.server import PrivateServer
from django_boardinghouse import DataStepRefused, memory, report, schema
from django_boardinghouse.exceptions import sqlstate
from django_boardinghouse.models import Schema
from django_boardinghouse.operations import RunPython, RunSQL
from django_boardinghouse.report import Report

pytest_plugins = ["project.fixtures"]
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("alike")]


STEPS = """
    fails = []
    runs = []

    def fill(apps, editor):
        from django.db import connection
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema")
            schema = cursor.fetchone()[0]
        runs.append(schema)
        if schema in fails:
            raise ValueError(schema)
        apps.get_model("shop", "Tag").objects.create(name="filled")

    def empty(apps, editor):
        apps.get_model("shop", "Tag").objects.all().delete()
"""
IN_PYTHON = f"""
    {STEPS}
    class Migration(migrations.Migration):
        atomic = False
        dependencies = [("shop", "0001_initial")]
        operations = [migrations.RunPython(fill, empty)]
"""
IN_SQL = """
    class Migration(migrations.Migration):
        atomic = False
        dependencies = [("shop", "0001_initial")]
        operations = [
            migrations.RunSQL(
                "INSERT INTO shop_tag (name) VALUES ('one');"
                "INSERT INTO shop_tag (name) SELECT 'two' WHERE check_it()"
            )
        ]
"""


def test_the_passes_of_a_migration_that_is_not_atomic_are_not_repeated(
    tenants: list[str], psql: SQL, apps: App, capsys: Any
) -> None:
    migration = apps("filling", {"0001_fill": IN_PYTHON}).migration("0001_fill")
    migration.fails.append('Be "ta')
    with pytest.raises(ValueError, match="Be") as caught:
        call_command("migrate", "filling", verbosity=0)
    (note,) = caught.value.__notes__
    assert note.startswith("filling.0001_fill, operation 1 (Raw Python operation): ")
    assert note.endswith('this was the pass of the schema "Be "ta".')
    assert tags(psql, tenants) == everywhere(tenants, None, template="filled")
    migration.fails.clear()
    migration.runs.clear()
    call_command("migrate", "filling", no_color=True)
    assert migration.runs == ['Be "ta', "acme", "order"]
    assert tags(psql, tenants) == everywhere(tenants, "filled")
    assert "going on after an earlier run, 3 tenants left" in capsys.readouterr().out
    assert psql("SELECT * FROM boardinghouse_pass") == []


def test_tenants_that_were_done_are_left_alone_by_the_next_run(
    tenants: list[str], psql: SQL, apps: App
) -> None:
    migration = apps("filling", {"0001_fill": IN_PYTHON}).migration("0001_fill")
    migration.fails.append("order")
    with pytest.raises(ValueError, match="order"):
        call_command("migrate", "filling", verbosity=0)
    assert tags(psql, tenants) == everywhere(tenants, "filled", order=None)
    migration.fails.clear()
    migration.runs.clear()
    call_command("migrate", "filling", verbosity=0)
    assert migration.runs == ["order"]


def test_tenants_that_are_made_renamed_or_dropped_in_between_are_treated_as_what_they_are(
    tenants: list[str], psql: SQL, apps: App
) -> None:
    migration = apps("filling", {"0001_fill": IN_PYTHON}).migration("0001_fill")
    migration.fails.append("order")
    with pytest.raises(ValueError, match="order"):
        call_command("migrate", "filling", verbosity=0)
    psql("SELECT boardinghouse.rename_schema('acme', 'zeta')")
    psql("SELECT boardinghouse.rename_schema('order', 'bill')")
    psql("SELECT boardinghouse.create_schema('acme')")
    call_command("migrate", "filling", verbosity=0)
    names = ["zeta", "bill", "acme", 'Be "ta']
    assert tags(psql, names) == everywhere(names, "filled")


def test_statements_of_a_migration_that_is_not_atomic_are_not_repeated(
    tenants: list[str], psql: SQL, apps: App
) -> None:
    psql(
        "CREATE FUNCTION public.check_it() RETURNS boolean LANGUAGE sql"
        " AS $$ SELECT 1 / CASE current_schema WHEN 'order' THEN 0 ELSE 1 END = 1 $$"
    )
    apps("filling", {"0001_fill": IN_SQL})
    with pytest.raises(Exception, match="zero") as caught:
        call_command("migrate", "filling", verbosity=0)
    assert '"order"' in "".join(caught.value.__notes__)
    assert tags(psql, tenants) == everywhere(tenants, "one two", order="one")
    psql(
        "CREATE OR REPLACE FUNCTION public.check_it() RETURNS boolean LANGUAGE sql AS 'SELECT true'"
    )
    call_command("migrate", "filling", verbosity=0)
    assert tags(psql, tenants) == everywhere(tenants, "one two")
    assert psql("SELECT * FROM boardinghouse_pass") == []


def test_steps_that_have_one_pass_are_not_repeated_either(
    tenants: list[str], psql: SQL, apps: App, capsys: Any
) -> None:
    text = f"""
    from django_boardinghouse.operations import RunPython, RunSQL
    {STEPS}
    def share(apps, editor):
        group = apps.get_model("auth", "Group")
        group.objects.create(name=f"editors {{group.objects.count()}}")

    class Migration(migrations.Migration):
        atomic = False
        dependencies = [("shop", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
        operations = [
            RunPython(share, scope="shared"),
            RunSQL("INSERT INTO auth_group (name) SELECT 'sql ' || count(*) FROM auth_group",
                   scope="shared"),
            RunSQL("INSERT INTO shop_tag (name) SELECT 'sql ' || count(*) FROM shop_tag",
                   scope="template"),
            RunPython(fill),
        ]
    """
    migration = apps("filling", {"0001_fill": text}).migration("0001_fill")
    migration.fails.append("acme")
    with pytest.raises(ValueError, match="acme"):
        call_command("migrate", "filling", verbosity=0)
    migration.fails.clear()
    call_command("migrate", "filling", no_color=True)
    assert {group.name for group in Group.objects.all()} == {"editors 0", "sql 1"}
    assert tags(psql, tenants) == everywhere(tenants, "filled", template="sql 0 filled")
    assert "1 (Raw Python operation): done by an earlier run" in capsys.readouterr().out


def test_passes_backwards_are_recorded_on_their_own(
    tenants: list[str], psql: SQL, apps: App
) -> None:
    migration = apps("filling", {"0001_fill": IN_PYTHON}).migration("0001_fill")
    for _ in range(2):
        call_command("migrate", "filling", verbosity=0)
        assert tags(psql, tenants) == everywhere(tenants, "filled")
        call_command("migrate", "filling", "zero", verbosity=0)
        assert tags(psql, tenants) == everywhere(tenants, None)
    assert len(migration.runs) == 8


def test_faking_a_migration_forgets_its_passes(tenants: list[str], psql: SQL, apps: App) -> None:
    migration = apps("filling", {"0001_fill": IN_PYTHON}).migration("0001_fill")
    migration.fails.append("order")
    with pytest.raises(ValueError, match="order"):
        call_command("migrate", "filling", verbosity=0)
    migration.runs.clear()
    call_command("migrate", "filling", fake=True, verbosity=0)
    assert migration.runs == []
    assert psql("SELECT * FROM boardinghouse_pass") == []


def test_shared_rows_of_the_templates_pass_are_known_to_the_next_run(
    tenants: list[str], psql: SQL, apps: App
) -> None:
    text = f"""
    {STEPS}
    def share(apps, editor):
        Group = apps.get_model("auth", "Group")
        group = Group.objects.create(name="editors")
        fill(apps, editor)
        apps.get_model("shop", "Tag").objects.create(name=f"group {{group.pk}}")

    class Migration(migrations.Migration):
        atomic = False
        dependencies = [("shop", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
        operations = [migrations.RunPython(share)]
    """
    migration = apps("filling", {"0001_fill": text}).migration("0001_fill")
    migration.fails.append("acme")
    with pytest.raises(ValueError, match="acme"):
        call_command("migrate", "filling", verbosity=0)
    migration.fails.clear()
    call_command("migrate", "filling", verbosity=0)
    group = Group.objects.get()
    assert tags(psql, tenants) == everywhere(tenants, f"filled group {group.pk}")


def test_what_a_pass_did_comes_back_as_it_was() -> None:
    writes = [
        ("a", [(1, uuid.uuid4(), None, "x")]),
        ("b", decimal.Decimal("1.50")),
        ("c", datetime.datetime.now(datetime.UTC)),
        ("d", (datetime.date(2026, 1, 2), datetime.time(3, 4), b"\x00")),
        ("e", 3),
    ]
    kept = memory.dump({"x"}, writes)
    assert kept is not None
    assert memory.load(kept) == ({"x"}, writes)
    assert memory.dump(set(), [("a", ValueError())]) is None


def test_what_could_not_be_kept_of_a_pass_is_refused_in_the_next_run(
    tenants: list[str], psql: SQL, apps: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"""
    {STEPS}
    def share(apps, editor):
        apps.get_model("auth", "Group").objects.create(name="editors")
        fill(apps, editor)

    class Migration(migrations.Migration):
        atomic = False
        dependencies = [("shop", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
        operations = [migrations.RunPython(share)]
    """
    migration = apps("filling", {"0001_fill": text}).migration("0001_fill")
    migration.fails.append("acme")
    monkeypatch.setattr(memory, "dump", lambda *_: None)
    with pytest.raises(ValueError, match="acme"):
        call_command("migrate", "filling", verbosity=0)
    with pytest.raises(DataStepRefused, match="in an earlier run"):
        call_command("migrate", "filling", verbosity=0)


def test_a_step_that_is_atomic_in_a_migration_that_is_not_is_done_as_a_whole(
    tenants: list[str], psql: SQL, apps: App
) -> None:
    text = IN_PYTHON.replace("RunPython(fill, empty)", "RunPython(fill, empty, atomic=True)")
    migration = apps("filling", {"0001_fill": text}).migration("0001_fill")
    migration.fails.append("order")
    with pytest.raises(ValueError, match="order"):
        call_command("migrate", "filling", verbosity=0)
    assert tags(psql, tenants) == everywhere(tenants, None)
    migration.fails.clear()
    call_command("migrate", "filling", verbosity=0)
    assert tags(psql, tenants) == everywhere(tenants, "filled")


# Refusals, a transaction at a time


@pytest.mark.parametrize("is_in_block", [False, True])
def test_shared_rows_are_watched_in_a_migration_that_is_not_atomic(
    tenants: list[str], psql: SQL, is_in_block: bool
) -> None:
    def add(apps: Any, editor: Any) -> None:
        tag = apps.get_model("shop", "Tag")
        with transaction.atomic() if is_in_block else io.StringIO():
            tag.objects.create(name="new")
            editor.execute("INSERT INTO auth_group (name) SELECT gen_random_uuid()")

    with pytest.raises(DataStepRefused, match=r"inserted into public\.auth_group"):
        Written(migrations.RunPython(add), atomic=False).forwards()
    assert Group.objects.count() == 1  # the template's
    first = None if is_in_block else "new"
    assert tags(psql, tenants) == everywhere(tenants, None, template="new", **{'Be "ta': first})


def test_sql_is_watched_in_a_migration_that_is_not_atomic(tenants: list[str], psql: SQL) -> None:
    both = """
        WITH made AS (INSERT INTO auth_group (name) SELECT gen_random_uuid() RETURNING name)
        INSERT INTO shop_tag (name) SELECT name FROM made
    """
    with pytest.raises(DataStepRefused, match=r'"Be "ta" inserted into public\.auth_group'):
        Written(RunSQL(both), atomic=False).forwards()
    assert Group.objects.count() == 1
    assert tags(psql, tenants)['Be "ta'] is None


def test_what_cannot_run_in_a_transaction_runs_in_each_schema(
    tenants: list[str], psql: SQL
) -> None:
    def vacuum(apps: Any, editor: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM shop_item")

    psql(
        "CREATE PROCEDURE public.tag_it(name text) LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO shop_tag (name) VALUES ($1); COMMIT; END $$"
    )
    Written(
        RunSQL("VACUUM ANALYZE shop_item; CALL tag_it('called')"),
        RunPython(vacuum),
        atomic=False,
    ).forwards()
    assert tags(psql, tenants) == everywhere(tenants, "called")


def test_rows_are_read_in_chunks_in_a_step_that_is_not_atomic(
    tenants: list[str], psql: SQL
) -> None:
    def copy(apps: Any, editor: Any) -> None:
        items = apps.get_model("shop", "Item").objects
        items.bulk_create([items.model(name=f"{number}") for number in range(5)])
        for item in items.order_by("pk").iterator(chunk_size=2):
            apps.get_model("shop", "Tag").objects.create(name=item.name)

    Written(RunPython(copy), atomic=False).forwards()
    assert tags(psql, tenants) == {
        TEMPLATE: "0 1 2 3 4",
        **{name: f"item of {name} 0 1 2 3 4" for name in tenants},
    }


def test_a_change_of_a_model_twice_in_one_step_is_done_twice(tenants: list[str], psql: SQL) -> None:
    def change(apps: Any, editor: Any) -> None:
        item = apps.get_model("shop", "Item")
        nullable, filled = models.IntegerField(null=True), models.IntegerField(default=5)
        for field in (nullable, filled):
            field.set_attributes_from_name("price")
        for _ in range(2):
            editor.alter_field(item, nullable, filled)
            editor.alter_field(item, filled, nullable)
            editor.execute("UPDATE shop_item SET price = coalesce(price, 0) + 1")

    Written(RunPython(change), atomic=False).forwards()
    for name in tenants:
        with schema(name):
            assert Item.objects.get().price == 7


def test_ddl_hidden_in_a_step_that_is_not_atomic_is_known_as_ddl(
    tenants: list[str], psql: SQL
) -> None:
    hidden = "DO $$ BEGIN CREATE TABLE extra (id integer); END $$"

    def execute(apps: Any, editor: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(hidden)

    Written(RunPython(execute), RunSQL(hidden.replace("extra", "more")), atomic=False).forwards()
    for name in (TEMPLATE, *tenants):
        rows = psql("SELECT count(*) FROM pg_tables WHERE schemaname = %s"
                    " AND tablename IN ('extra', 'more')", name)  # fmt: skip
        assert rows == [(2,)]


# Progress


class Terminal(io.StringIO):
    """A stream that is a terminal, or is none."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def shown(self) -> str:
        """What stands on the last line."""
        line: list[str] = []
        place = 0
        for character in self.getvalue().rpartition("\n")[2]:
            if character == "\b":
                place -= 1
                continue
            line[place : place + 1] = character
            place += 1
        return "".join(line).rstrip()


def test_a_terminal_shows_how_far_a_step_is_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "AT_MOST_EVERY", 0)
    terminal = Terminal(True)
    out = OutputWrapper(terminal)
    out.write("  Applying shop.0002_fill...", ending="")
    shown = []
    for _ in Report(out).through(["a long name", "b", "c"], "1 (Raw SQL operation)", "tenants"):
        shown.append(terminal.shown())
    assert shown == [
        "  Applying shop.0002_fill... 1 (Raw SQL operation): 0 of 3 tenants, a long name",
        "  Applying shop.0002_fill... 1 (Raw SQL operation): 1 of 3 tenants, b",
        "  Applying shop.0002_fill... 1 (Raw SQL operation): 2 of 3 tenants, c",
    ]
    out.write(" OK")
    assert "\n" not in terminal.getvalue().rstrip("\n")
    assert terminal.getvalue().endswith(" OK\n")


def test_a_log_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    log = Terminal(False)
    monkeypatch.setattr(report, "LINE_EVERY", 0)
    list(Report(OutputWrapper(log)).through(["a", "b"], "step", "tenants"))
    assert log.getvalue().split("\n    ")[1:] == [
        "step: 0 of 2 tenants",
        "step: 1 of 2 tenants",
        "step: 2 of 2 tenants",
    ]
    monkeypatch.setattr(report, "LINE_EVERY", 10)
    log = Terminal(False)
    list(Report(OutputWrapper(log)).through(["a", "b"], "step", "tenants"))
    assert log.getvalue() == ""


@pytest.mark.parametrize(("verbosity", "is_said"), [(0, False), (1, True)])
def test_migrate_says_how_far_through_the_tenants_a_step_is(
    tenants: list[str],
    apps: App,
    monkeypatch: pytest.MonkeyPatch,
    verbosity: int,
    is_said: bool,
) -> None:
    apps("filling", {"0001_fill": IN_PYTHON})
    monkeypatch.setattr(report, "AT_MOST_EVERY", 0)
    terminal = Terminal(True)
    call_command("migrate", "filling", verbosity=verbosity, stdout=terminal, no_color=True)
    said = "1 (Raw Python operation): 2 of 3 tenants, order" in terminal.getvalue()
    assert said is is_said
    if not is_said:
        assert terminal.getvalue() == ""


# As Django documents


def test_a_squash_keeps_scopes_and_leaves_out_what_is_elidable(
    tenants: list[str], psql: SQL, apps: App
) -> None:
    steps = """
        from django_boardinghouse.operations import RunPython, RunSQL
        class Migration(migrations.Migration):
            {}
            operations = [
                RunSQL("INSERT INTO shop_tag (name) VALUES ('{}')", "", scope="tenants"),
                RunSQL("INSERT INTO shop_tag (name) VALUES ('elided')", "", elidable=True),
                RunPython(RunPython.noop, RunPython.noop, scope="shared"),
            ]
    """
    app = apps(
        "filling",
        {
            "0001_one": steps.format('dependencies = [("shop", "0001_initial")]', "one"),
            "0002_two": steps.format('dependencies = [("filling", "0001_one")]', "two"),
        },
    )
    call_command("squashmigrations", "filling", "0002", verbosity=0, interactive=False)
    [squashed] = (app.folder / "migrations").glob("0001_squashed_*.py")
    text = squashed.read_text()
    assert text.count("scope='tenants'") == 2
    assert text.count("scope='shared'") == 2
    assert "elided" not in text
    call_command("migrate", "filling", verbosity=0)
    assert tags(psql, tenants) == everywhere(tenants, "one two", template=None)
    call_command("migrate", "filling", "zero", verbosity=0)


ADD_TAG = """
    class Migration(migrations.Migration):
        {}
        operations = [migrations.RunSQL("INSERT INTO shop_tag (name) VALUES ('{}')", "")]
"""
SQUASHED = """
    class Migration(migrations.Migration):
        replaces = [("filling", "0001_one"), ("filling", "0002_two")]
        dependencies = [("shop", "0001_initial")]
        operations = [migrations.RunSQL("INSERT INTO shop_tag (name) VALUES ('one two')", "")]
"""


@pytest.mark.parametrize(
    ("ran", "found"), [(None, "one two"), ("0001_one", "one two"), ("0002_two", "one two")]
)
def test_a_squashed_migration_runs_no_step_that_its_originals_have_run(
    tenants: list[str], psql: SQL, apps: App, ran: str | None, found: str
) -> None:
    app = apps(
        "filling",
        {
            "0001_one": ADD_TAG.format('dependencies = [("shop", "0001_initial")]', "one"),
            "0002_two": ADD_TAG.format('dependencies = [("filling", "0001_one")]', "two"),
        },
    )
    if ran is not None:
        call_command("migrate", "filling", ran, verbosity=0)
    squashed = app.folder / "migrations" / "0001_squashed_0002_two.py"
    squashed.write_text("from django.db import migrations\n" + textwrap.dedent(SQUASHED))
    invalidate_caches()
    call_command("migrate", "filling", verbosity=0)
    assert tags(psql, tenants) == everywhere(tenants, found)
    applied = psql("SELECT name FROM django_migrations WHERE app = 'filling' ORDER BY name")
    assert ("0001_squashed_0002_two",) in applied


def test_a_field_is_added_filled_and_required_in_one_migration_and_back(
    tenants: list[str], psql: SQL, apps: App
) -> None:
    migration = """
        def fill(apps, editor):
            Item = apps.get_model("shop", "Item")
            for item in Item.objects.all():
                item.code = item.name[:3]
                item.save(update_fields=["code"])
            Item.objects.bulk_create([Item(name=name, code=name) for name in ("a", "b")])
            Item.objects.update_or_create(name="b", defaults={"price": 7})

        def take_out(apps, editor):
            apps.get_model("shop", "Item").objects.filter(name__in=["a", "b"]).delete()

        def code(**options):
            return models.CharField(max_length=40, **options)

        class Migration(migrations.Migration):
            dependencies = [("shop", "0001_initial")]
            operations = [
                FieldOfShop("item", "code", code(null=True)),
                migrations.RunPython(fill, take_out),
                migrations.RunSQL(
                    "ALTER TABLE shop_item ALTER code SET NOT NULL",
                    "ALTER TABLE shop_item ALTER code DROP NOT NULL",
                ),
                migrations.RunSQL(
                    [("UPDATE shop_item SET code = code || %s", ["!"])], migrations.RunSQL.noop
                ),
            ]
    """.replace("FieldOfShop(", 'AddField("shop", ')
    text = "from django_boardinghouse.operations import AddField\n" + textwrap.dedent(migration)
    apps("filling", {"0001_fill": text})
    before = column(psql, tenants, "SELECT string_agg(name, ' ' ORDER BY id) FROM shop_item")
    call_command("migrate", "filling", verbosity=0)
    codes = column(psql, tenants, "SELECT string_agg(code, ' ' ORDER BY id) FROM shop_item")
    assert codes == everywhere(tenants, "ite! a! b!", template="a! b!")
    with pytest.raises(psycopg2.errors.NotNullViolation):
        psql("INSERT INTO acme.shop_item (name) VALUES ('x')")
    call_command("migrate", "filling", "zero", verbosity=0)
    after = column(psql, tenants, "SELECT string_agg(name, ' ' ORDER BY id) FROM shop_item")
    assert after == before


def test_a_faked_migration_runs_no_step(tenants: list[str], psql: SQL, apps: App) -> None:
    migration = apps("filling", {"0001_fill": IN_PYTHON}).migration("0001_fill")
    call_command("migrate", "filling", fake=True, verbosity=0)
    assert migration.runs == []
    assert tags(psql, tenants) == everywhere(tenants, None)


def test_a_step_that_cannot_be_reversed_says_so_before_anything_is_done(
    tenants: list[str], psql: SQL, apps: App
) -> None:
    text = IN_PYTHON.replace(
        "RunPython(fill, empty)", 'RunPython(fill), migrations.RunSQL("SELECT 1", "SELECT 1 / 0")'
    )
    apps("filling", {"0001_fill": text})
    call_command("migrate", "filling", verbosity=0)
    with pytest.raises(migrations.exceptions.IrreversibleError):
        call_command("migrate", "filling", "zero", verbosity=0)


def test_an_elidable_step_runs_until_it_is_squashed(
    tenants: list[str], psql: SQL, apps: App
) -> None:
    apps("filling", {"0001_fill": IN_PYTHON.replace("(fill, empty)", "(fill, elidable=True)")})
    call_command("migrate", "filling", verbosity=0)
    assert tags(psql, tenants) == everywhere(tenants, "filled")


def test_an_app_without_migrations_is_synchronised_with_no_step(
    tenants: list[str], psql: SQL, settings: Any
) -> None:
    psql("DELETE FROM django_migrations WHERE app = 'shop'")
    settings.MIGRATION_MODULES = {"shop": None}
    call_command("migrate", run_syncdb=True, verbosity=0)
    Schema.objects.create(schema="later")


# Many tenants


@pytest.mark.slow
def test_what_does_not_fit_into_one_transaction_says_the_way_out_and_fits_into_many() -> None:
    few = {"max_locks_per_transaction": 20, "max_connections": 10, "max_wal_senders": 0}
    with (
        PrivateServer(settings=few) as server,
        new_database(server) as name,
        lead_to(server, name),
    ):
        call_command("migrate", verbosity=0)
        names = [f"t{number:03}" for number in range(120)]
        for tenant in names:
            Schema.objects.create(schema=tenant)

        def fill(apps: Any, editor: Any) -> None:
            apps.get_model("shop", "Tag").objects.create(name="filled")
            apps.get_model("shop", "Item").objects.update(price=1)

        for step in (
            migrations.RunPython(fill),
            migrations.RunSQL(
                "INSERT INTO shop_tag (name) VALUES ('sql'); UPDATE shop_item SET price = 2"
            ),
        ):
            with pytest.raises(OperationalError) as caught:
                Written(step).forwards()
            assert sqlstate(caught.value) == "53200"
            assert "atomic = False" in "".join(caught.value.__notes__)
            with admin_cursor(server, name) as cursor:
                cursor.execute("SELECT count(*) FROM t000.shop_tag WHERE name <> 'filled'")
                assert cursor.fetchall() == [(0,)]
            Written(step, atomic=False).forwards()
        with admin_cursor(server, name) as cursor:
            for tenant in names:
                cursor.execute(f"SELECT count(*) FROM {tenant}.shop_tag")
                assert cursor.fetchall() == [(2,)]
