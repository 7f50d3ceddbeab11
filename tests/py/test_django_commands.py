"""The commands about tenants, as an operator runs them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.test import override_settings
from project.databases import lead_to, new_database
from project.homes.models import Home, Plan
from project.schemata import SQL
from project.shop.models import Item
from project.users import User

from django_boardinghouse import schema
from django_boardinghouse.models import Schema

pytest_plugins = ["project.fixtures"]
pytestmark = pytest.mark.once


NO_TENANT = 'schema "nobody" does not exist\nIt is not a registered tenant.'
THE_TEMPLATE = "the template cannot be selected"


def run(*arguments: str, **options: Any) -> str:
    """What a command prints."""
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=out, no_color=True, **options)
    return out.getvalue()


def items(name: str) -> list[str]:
    with schema(name):
        return [item.name for item in Item.objects.order_by("name")]


@pytest.mark.parametrize(
    "command",
    [
        ("renameschema", "{}", "other"),
        ("dropschema", "{}", "--noinput"),
        ("cloneschema", "{}", "other"),
        ("schema_exec", "--schema={}", "--", "check"),
        ("dumpdata", "--schema={}"),
        ("dumpdata", "shop", "--schema={}"),
        ("loaddata", "--schema={}", "-", "--format=json"),
    ],
)
@pytest.mark.parametrize(("name", "words"), [("nobody", NO_TENANT), ("__template__", THE_TEMPLATE)])
def test_what_is_no_tenant_is_an_error_of_one_wording_in_every_command(
    tenants: list[str], command: tuple[str, ...], name: str, words: str
) -> None:
    with pytest.raises(CommandError) as caught:
        run(*(argument.format(name) for argument in command))
    assert str(caught.value) == words


@pytest.mark.parametrize("command", ["createschema x", "dropschema x --noinput", "schemata"])
def test_a_database_without_boardinghouse_is_said_to_be_one(
    empty_database: str, command: str
) -> None:
    with pytest.raises(CommandError, match=r"run manage\.py migrate"):
        run(*command.split())


@pytest.mark.parametrize(
    "name",
    ["createschema", "renameschema", "dropschema", "cloneschema", "schemata", "schema_exec"],
)
def test_every_command_and_option_has_help(name: str) -> None:
    from django.core.management import get_commands, load_command_class

    command: Any = load_command_class(get_commands()[name], name)
    parser = command.create_parser("manage.py", name)
    assert command.help.endswith(".")
    assert [action.dest for action in parser._actions if not action.help] == []


# createschema


def test_createschema_makes_a_tenant_with_hosts(django_database: str) -> None:
    text = run("createschema", "acme", "Acme.test", "www.acme.test", "--name", "Acme Ltd")
    assert text == 'Created schema "acme" "Acme Ltd", with the hosts acme.test, www.acme.test.\n'
    tenant = Schema.objects.get()
    assert (tenant.schema, tenant.name) == ("acme", "Acme Ltd")
    assert [host.host for host in tenant.hosts.all()] == ["acme.test", "www.acme.test"]
    assert items("acme") == []
    assert run("createschema", "order", verbosity=0) == ""
    assert Schema.objects.get(pk="order").name == "order"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("acme",), 'schema "acme" already exists'),
        (("public",), 'schema name "public" is reserved'),
        (("new", "acme.test"), "Host with this Host already exists"),
        (("new", "new.test:80"), "without a port"),
        (("new", "--set", "paid_until=x"), "boardinghouse.Schema has no field paid_until"),
        (("new", "--set", "schema=other"), "cannot give a value to boardinghouse.Schema.schema"),
        (("new", "--set", "users=1"), "cannot give a value to boardinghouse.Schema.users"),
        (("new", "--set", "hosts=new.test"), "cannot give a value to boardinghouse.Schema.hosts"),
    ],
)
def test_createschema_makes_all_or_nothing(
    tenants: list[str], arguments: tuple[str, ...], words: str
) -> None:
    Schema.objects.get(pk="acme").hosts.create(host="acme.test")
    with pytest.raises(CommandError, match=words):
        run("createschema", *arguments)
    assert sorted(Schema.objects.values_list("pk", flat=True)) == sorted(tenants)


@override_settings(BOARDINGHOUSE_SCHEMA_MODEL="homes.Home")
def test_commands_make_rows_of_the_projects_own_model(django_database: str) -> None:
    plan = Plan.objects.create(name="big")
    run("createschema", "acme", "--set", "paid_until=2031-01-01", "--set", f"plan={plan.pk}")
    home = Home.objects.get()
    assert (home.pk, str(home.paid_until), home.plan) == ("acme", "2031-01-01", plan)
    with pytest.raises(CommandError, match=r"paid_until: .*invalid"):
        run("createschema", "order", "--set", "paid_until=soon")
    with pytest.raises(CommandError, match="FIELD=VALUE"):
        run("createschema", "order", "--set", "paid_until")
    for setting in ("schema=other", "schema_ptr=other"):
        with pytest.raises(CommandError, match="cannot give a value"):
            run("createschema", "order", "--set", setting)
    run("cloneschema", "acme", "copy", "--set", "paid_until=2032-01-01")
    assert str(Home.objects.get(pk="copy").paid_until) == "2032-01-01"
    Schema.objects.create(schema="plain", name="without a home")
    text = run("schemata")
    assert "home acme" in text
    assert "without a home  yes" in text


def test_commands_work_in_the_database_that_is_named(
    server: Any, migrated: str, django_database: str
) -> None:
    with new_database(server, migrated) as other, lead_to(server, other, "other"):
        run("createschema", "acme", "acme.test", "--database=other")
        run("cloneschema", "acme", "copy", "--database=other")
        run("renameschema", "copy", "copy2", "--database=other")
        assert "copy2" in run("schemata", "--database=other")
        run("dropschema", "acme", "--noinput", "--database=other")
        assert list(Schema.objects.using("other").values_list("pk", flat=True)) == ["copy2"]
    assert not Schema.objects.exists()


# renameschema, dropschema, cloneschema


def test_renameschema_renames_and_rows_follow(tenants: list[str]) -> None:
    ann = User.objects.create(username="ann")
    Schema.objects.get(pk="acme").users.add(ann)
    assert run("renameschema", "acme", "acme2") == 'Renamed schema "acme" to "acme2".\n'
    assert ann.schemata.get().name == "Acme"
    assert items("acme2") == ["item of acme"]
    run("renameschema", "acme2", "acme", "--name", "Acme plc")
    assert ann.schemata.get().name == "Acme plc"
    with pytest.raises(CommandError, match='schema "order" already exists'):
        run("renameschema", "acme", "order")


@pytest.mark.parametrize("answer", ["yes", "no", ""])
def test_dropschema_asks(tenants: list[str], monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    asked: list[str] = []
    monkeypatch.setattr("builtins.input", lambda text: asked.append(text) or answer)
    text = run("dropschema", "acme", "order")
    assert '"acme" (Acme), "order" (Order)' in asked[0]
    left = sorted(Schema.objects.values_list("pk", flat=True))
    if answer == "yes":
        assert text == 'Dropped schema "acme".\nDropped schema "order".\n'
        assert left == ['Be "ta']
    else:
        assert text == "Nothing was dropped.\n"
        assert left == sorted(tenants)


def test_dropschema_drops_nothing_where_one_is_no_tenant(tenants: list[str]) -> None:
    with pytest.raises(CommandError):
        run("dropschema", "acme", "nobody", "--noinput")
    assert Schema.objects.count() == 3


def test_dropschema_says_so_where_there_is_nobody_to_ask(
    tenants: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match="--noinput"):
        run("dropschema", "acme")


def test_cloneschema_makes_a_tenant_with_rows_or_without(tenants: list[str]) -> None:
    Schema.objects.get(pk="acme").delete()  # inactive ones can be cloned, too
    assert run("cloneschema", "acme", "bare") == 'Cloned schema "acme" to "bare", without rows.\n'
    run("cloneschema", "acme", "full", "--data", "--name", "Full Ltd")
    assert (items("bare"), items("full")) == ([], ["item of acme"])
    assert Schema.objects.get(pk="full").name == "Full Ltd"
    with schema("full"):
        assert Item.objects.create(name="next").pk == 2
    with pytest.raises(CommandError, match='schema "order" already exists'):
        run("cloneschema", "acme", "order")


def test_a_clone_has_the_names_of_its_source_changed_and_no_text(
    django_database: str, psql: SQL
) -> None:
    psql(
        "CREATE TABLE __template__.alpha (id int, note text DEFAULT 'data. see a.alpha');"
        "CREATE VIEW __template__.aa AS"
        " SELECT alpha.id, 'a.alpha'::text AS a FROM __template__.alpha"
    )
    Schema.objects.create(schema="a")
    psql("INSERT INTO a.alpha (id) VALUES (1)")
    run("cloneschema", "a", "zz", "--data")
    psql("INSERT INTO zz.alpha (id) VALUES (2); DROP SCHEMA a CASCADE")
    assert psql("SELECT id, note FROM zz.alpha ORDER BY id") == [
        (1, "data. see a.alpha"),
        (2, "data. see a.alpha"),
    ]
    assert psql("SELECT id, a FROM zz.aa ORDER BY id") == [(1, "a.alpha"), (2, "a.alpha")]


# schemata


def test_schemata_lists_the_tenants(tenants: list[str]) -> None:
    Schema.objects.get(pk="acme").hosts.create(host="acme.test")
    Schema.objects.get(pk="order").delete()
    heading, beta, acme, order, summary = run("schemata").splitlines()
    assert heading.split() == ["schema", "name", "active", "last", "change", "hosts"]
    assert beta.startswith('Be "ta  Be "Ta  yes')
    assert acme.startswith("acme    Acme    yes")
    assert acme.endswith("acme.test")
    assert order.startswith("order   Order   no")
    assert summary == "3 tenants, 1 of them not active"


def test_schemata_is_of_use_without_tenants(django_database: str) -> None:
    assert run("schemata", "--verify") == "0 tenants\nAll is as it should be.\n"


def test_schemata_says_whether_mirroring_is_on(tenants: list[str], psql: SQL) -> None:
    assert "mirrored" not in run("schemata")
    psql("ALTER EVENT TRIGGER boardinghouse_ddl DISABLE")
    try:
        assert "Changes of the template are not mirrored: triggers off." in run("schemata")
    finally:
        psql("ALTER EVENT TRIGGER boardinghouse_ddl ENABLE")


def test_schemata_verify_prints_what_is_wrong_and_exits_with_1(
    tenants: list[str], psql: SQL
) -> None:
    assert run("schemata", "--verify").endswith("All is as it should be.\n")
    psql("SET boardinghouse.allow_drift = on")
    psql("ALTER TABLE acme.shop_tag ADD extra text")
    out = io.StringIO()
    try:
        with pytest.raises(CommandError, match="1 thing is not as it should be") as caught:
            call_command("schemata", "--verify", stdout=out)
    finally:
        psql("ALTER TABLE acme.shop_tag DROP extra")
    assert caught.value.returncode == 1
    assert "acme: differs from the template: column shop_tag.extra\n" in out.getvalue()


# schema_exec


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], str]:
    """A function that writes a file of SQL."""

    def write(text: str) -> str:
        path = tmp_path / "script.sql"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_schema_exec_runs_a_file_in_each_tenant(
    tenants: list[str], script: Callable[[str], str], psql: SQL
) -> None:
    Schema.objects.get(pk="order").delete()
    path = script(
        "INSERT INTO shop_item (name) VALUES ('a; 100%'); SELECT count(*), 'ü' FROM shop_item;"
    )
    text = run("schema_exec", "--all", path)
    assert text == 'Be "ta\t2\tü\nacme\t2\tü\norder\t2\tü\nDone in 3 tenants.\n'
    assert items("acme") == ["a; 100%", "item of acme"]
    assert psql("SELECT count(*) FROM __template__.shop_item") == [(0,)]
    assert run("schema_exec", "--active", path, verbosity=0).splitlines() == [
        'Be "ta\t3\tü',
        "acme\t3\tü",
    ]
    run("schema_exec", "--schema=order", "--schema=acme", path)
    assert psql(
        'SELECT (SELECT count(*) FROM "order".shop_item), (SELECT count(*) FROM acme.shop_item)'
    ) == [(3, 4)]


def test_schema_exec_reads_standard_input(
    tenants: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("UPDATE shop_item SET price = 7"))
    run("schema_exec", "--schema=acme", "-")
    with schema("acme"):
        assert Item.objects.get().price == 7


FAILING = (
    "UPDATE shop_item SET price = 1; UPDATE shop_item SET price = 1 / (name <> 'item of acme')::int"
)


def test_schema_exec_stops_where_a_tenant_fails_and_names_it(
    tenants: list[str], script: Callable[[str], str], psql: SQL
) -> None:
    with pytest.raises(CommandError) as caught:
        run("schema_exec", "--all", script(FAILING))
    message = str(caught.value)
    assert message.startswith('schema "acme": division by zero\nStatement: UPDATE shop_item SET')
    prices = [
        psql(f"SELECT price FROM {name}.shop_item") for name in ('"Be ""ta"', "acme", '"order"')
    ]
    assert prices == [[(1,)], [(None,)], [(None,)]]


def test_schema_exec_keeps_going_when_told_to_and_names_who_failed(
    tenants: list[str], script: Callable[[str], str], psql: SQL
) -> None:
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"^failed in 1 of 3 tenants: acme$") as caught:
        call_command(
            "schema_exec", "--all", "--keep-going", script(FAILING), stderr=out, no_color=True
        )
    assert caught.value.returncode == 1
    assert 'schema "acme": division by zero' in out.getvalue()
    assert psql('SELECT price FROM "order".shop_item') == [(1,)]


@pytest.mark.parametrize("end", ["COMMIT", "END", "ROLLBACK; SELECT 1"])
def test_schema_exec_refuses_a_file_that_ends_its_transaction(
    tenants: list[str], script: Callable[[str], str], psql: SQL, end: str
) -> None:
    path = script(f"BEGIN; UPDATE shop_item SET price = 1; {end};")
    with pytest.raises(CommandError, match="Leave BEGIN"):
        run("schema_exec", "--all", path)
    assert psql("SELECT price FROM acme.shop_item") == [(None,)]


def test_schema_exec_reads_a_file_that_an_editor_of_windows_wrote(
    tenants: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "bom.sql"
    path.write_text("SELECT 1;\r\n", encoding="utf-8-sig")
    assert run("schema_exec", "--schema=acme", str(path)) == "acme\t1\nDone in 1 tenant.\n"


def test_schema_exec_refuses_a_command_that_empties_more_than_a_tenant(tenants: list[str]) -> None:
    with pytest.raises(CommandError, match="whole database"):
        run("schema_exec", "--schema=acme", "--", "flush", "--noinput")
    assert items("order") == ["item of order"]


def test_schema_exec_does_not_change_the_structure_of_a_tenant(
    tenants: list[str], script: Callable[[str], str]
) -> None:
    with pytest.raises(CommandError, match='schema "acme": '):
        run("schema_exec", "--schema=acme", script("ALTER TABLE shop_item ADD extra text"))


def test_schema_exec_runs_a_management_command_in_each_tenant(tenants: list[str]) -> None:
    text = run("schema_exec", "--all", "--", "dumpdata", "shop.item", "--format=jsonl")
    headings = [line for line in text.splitlines() if not line.startswith("{")]
    assert headings == ['Be "ta', "acme", "order", "Done in 3 tenants."]
    assert '"name": "item of acme"' in text
    assert run("schema_exec", "--all", "--", "clearsessions", verbosity=0) == ""


def test_schema_exec_loads_a_fixture_into_each_tenant(tenants: list[str], tmp_path: Path) -> None:
    path = tmp_path / "items.json"
    path.write_text('[{"model": "shop.item", "pk": 9, "fields": {"name": "a"}}]')
    run("schema_exec", "--all", "--", "loaddata", str(path))
    for name in tenants:
        assert items(name) == ["a", f"item of {name}"]


class Failing(BaseCommand):
    def handle(self, **_: Any) -> None:
        if Item.objects.filter(name="item of acme"):
            raise SystemExit(3)


def test_schema_exec_names_the_tenant_whose_command_fails(
    tenants: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "django_boardinghouse.management.commands.schema_exec.call_command",
        lambda *_, **options: call_command(Failing(), **options),
    )
    with pytest.raises(CommandError, match=r'^schema "acme": exit code 3$'):
        run("schema_exec", "--all", "--", "failing")
    with pytest.raises(CommandError, match=r"^failed in 1 of 3 tenants: acme$"):
        run("schema_exec", "--all", "--keep-going", "--", "failing")


def test_schema_exec_says_what_it_needs(tenants: list[str], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="one of the arguments --schema --all --active"):
        run("schema_exec", "script.sql")
    with pytest.raises(CommandError, match="cannot be read"):
        run("schema_exec", "--all", str(tmp_path / "nothing.sql"))
    with pytest.raises(CommandError, match="cannot be read"):
        run("schema_exec", "--all", str(tmp_path / "nothing.sql"))
