"""`dumpdata` and `loaddata`: of one tenant, of all, and of rows that say whose they are."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, IntegrityError
from django.test import TestCase
from project.homes.models import Home
from project.hub.models import Contract, Country, Currency
from project.schemata import SQL
from project.shop.models import Item, Tag
from project.users import User

from django_boardinghouse import schema
from django_boardinghouse.models import Schema
from django_boardinghouse.selection import IN_TEMPLATE, select

pytest_plugins = ["project.fixtures"]
pytestmark = pytest.mark.once


WHOSE = "shop.Item is a model of the tenants, or has a join table of theirs. Say whose"


def dump(*arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("dumpdata", *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., str]:
    """A function that loads text or rows; returns what is printed."""

    def load(rows: str | list[dict[str, Any]], format: str = "json", **options: Any) -> str:
        path = tmp_path / f"rows.{format}"
        path.write_text(rows if isinstance(rows, str) else json.dumps(rows), encoding="utf-8")
        out = io.StringIO()
        call_command("loaddata", str(path), stdout=out, **options)
        return out.getvalue()

    return load


Load = Callable[..., str]


def item(name: str, pk: int | None = None, **marks: Any) -> dict[str, Any]:
    return {"model": "shop.item", "pk": pk, **marks, "fields": {"name": name}}


def names(tenant: str) -> list[str]:
    with schema(tenant):
        return [item.name for item in Item.objects.order_by("name")]


# dumpdata


@pytest.mark.parametrize(
    "labels", [("shop",), ("shop.item",), ("hub", "shop.tag"), (), ("--exclude=shop.item",)]
)
def test_a_dump_that_would_need_a_schema_is_an_error_that_names_the_models(
    tenants: list[str], labels: tuple[str, ...]
) -> None:
    with pytest.raises(CommandError, match=r"Models of the tenants: .*--schema NAME") as caught:
        dump(*labels)
    assert ("shop.Item" in str(caught.value)) == (labels in [("shop",), ("shop.item",), ()])
    assert ("shop.Tag" in str(caught.value)) == (labels != ("shop.item",))


def test_shared_rows_are_dumped_without_a_schema(tenants: list[str]) -> None:
    Currency.objects.create(code="eur")
    assert json.loads(dump("hub.currency"))[0]["pk"] == "eur"
    rows = json.loads(dump(exclude=["shop", "hub.country"]))
    assert {"hub.currency", "boardinghouse.schema"} <= {row["model"] for row in rows}
    assert not any("schema" in row for row in rows)


def test_a_join_table_that_tenants_have_of_a_shared_model_is_the_tenants(
    tenants: list[str], load: Load
) -> None:
    country = Country.objects.create(code="at")
    with schema("acme"):
        country.neighbours.add(Currency.objects.create(code="chf"))
    with pytest.raises(CommandError, match=r"tenants: hub.Country_neighbours\. Say"):
        dump("hub.country")
    (row,) = json.loads(dump("hub.country", exclude=["hub.country_neighbours"]))
    assert row["fields"] == {"currencies": []}
    (row,) = json.loads(dump("hub.country", schema="acme"))
    assert row["fields"]["neighbours"] == ["chf"]
    with pytest.raises(CommandError, match=r"hub.Country .* has a join table"):
        load([row])
    load([row], schema="order")
    for options in ({}, {"primary_keys": "at"}):
        row, *joins = json.loads(dump("hub.country", all_schemata=True, **options))
        assert "schema" not in row
        assert [(join["model"], join["schema"]) for join in joins] == [
            ("hub.country_neighbours", "acme"),
            ("hub.country_neighbours", "order"),
        ]
    assert len(json.loads(dump("hub.country", all_schemata=True, primary_keys="de"))) == 0


def test_dumpdata_dumps_the_rows_of_a_tenant_active_or_not(tenants: list[str]) -> None:
    Schema.objects.get(pk="acme").delete()
    (row,) = json.loads(dump("shop.item", schema="acme"))
    assert row["fields"]["name"] == "item of acme"
    assert "schema" not in row
    models = {row["model"] for row in json.loads(dump(schema="acme"))}
    assert {"shop.item", "boardinghouse.schema"} <= models


def test_what_is_selected_is_what_is_dumped(tenants: list[str]) -> None:
    with schema("order"):
        (row,) = json.loads(dump("shop.item"))
    assert row["fields"]["name"] == "item of order"


def test_rows_of_the_template_are_never_dumped(tenants: list[str]) -> None:
    with select(IN_TEMPLATE):
        Item.objects.create(name="of the template")
    assert "of the template" not in dump(all_schemata=True)


@pytest.mark.parametrize("format", ["json", "jsonl", "xml", "yaml"])
def test_a_dump_of_all_schemata_says_whose_each_row_is(tenants: list[str], format: str) -> None:
    text = dump("shop.item", "hub", format=format, all_schemata=True)
    if format == "json":
        assert [(row["schema"], row["fields"]["name"]) for row in json.loads(text)] == [
            ('Be "ta', 'item of Be "ta'),
            ("acme", "item of acme"),
            ("order", "item of order"),
        ]
    assert text.count("schema") == 3
    assert {"json": '"schema": "acme"', "xml": 'schema="acme"'}.get(format, "acme") in text


def test_a_dump_of_all_schemata_can_be_narrowed(tenants: list[str]) -> None:
    assert dump("shop", all_schemata=True, exclude=["shop"]) == dump("shop", exclude=["shop"])
    with schema("order"):
        pk = Item.objects.create(name="second").pk
    (row,) = json.loads(dump("shop.item", all_schemata=True, primary_keys=str(pk)))
    assert (row["schema"], row["fields"]["name"]) == ("order", "second")


def test_a_format_that_cannot_say_whose_a_row_is_is_refused(
    tenants: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django_boardinghouse.fixtures.can_mark", lambda _: False)
    with pytest.raises(CommandError, match="cannot say in a row whose it is"):
        dump(all_schemata=True)


# loaddata


def test_loaddata_loads_into_a_tenant_active_or_not(tenants: list[str], load: Load) -> None:
    Schema.objects.get(pk="order").delete()
    load([item("new"), {"model": "hub.country", "pk": "at", "fields": {}}], schema="order")
    Schema.objects.update(is_active=True)
    assert names("order") == ["item of order", "new"]
    assert names("acme") == ["item of acme"]
    assert Country.objects.get().code == "at"


def test_rows_go_to_the_schema_that_they_name(tenants: list[str], load: Load) -> None:
    rows = [item("a", schema="acme"), item("b", schema='Be "ta'), item("c")]
    assert "Installed 3 object(s)" in load(rows, schema="order")
    assert names("acme") == ["a", "item of acme"]
    assert names('Be "ta') == ["b", 'item of Be "ta']
    assert names("order") == ["c", "item of order"]


def test_rows_of_tenants_that_the_same_fixture_makes(django_database: str, load: Load) -> None:
    tenant = {"model": "boardinghouse.schema", "pk": "acme", "fields": {"name": "Acme Ltd"}}
    load([tenant, item("a", schema="acme")])
    assert names("acme") == ["a"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nobody", 'schema "nobody" does not exist\nIt is not a registered tenant.'),
        ("__template__", "the template cannot be selected"),
    ],
)
def test_a_row_that_names_no_tenant_is_an_error_and_nothing_is_loaded(
    tenants: list[str], load: Load, name: str, words: str
) -> None:
    with pytest.raises(CommandError) as caught:
        load([item("a", schema="acme"), item("b", schema=name)])
    assert str(caught.value) == words
    assert names("acme") == ["item of acme"]


def test_a_load_that_needed_a_schema_says_so(tenants: list[str], load: Load) -> None:
    natural = {"model": "shop.item", "fields": {"name": "a", "tags": [["natural"]]}}
    for rows in ([item("a")], [item("a", schema="acme"), item("b")], [natural]):
        with pytest.raises(CommandError, match=WHOSE) as caught:
            load(rows)
        assert "shop_" in str(caught.value)
    assert names("acme") == ["item of acme"]


def test_other_errors_are_what_they_are(tenants: list[str], load: Load, psql: SQL) -> None:
    with pytest.raises(IntegrityError):
        load([item("a", schema="acme") | {"fields": {"name": None}}])
    with pytest.raises(DeserializationError):
        load([{"model": "shop.nothing", "fields": {}}])
    psql("DROP TABLE hub_contract")
    with pytest.raises(DatabaseError, match="hub_contract"):
        load([{"model": "hub.contract", "fields": {"schema": "acme"}}])


def test_natural_keys_are_looked_up_in_the_schema_of_the_row(
    tenants: list[str], load: Load
) -> None:
    for name, pk in (("acme", 7), ("order", 9)):
        with schema(name):
            Tag.objects.create(pk=pk, name="red")
    tagged = {"name": "tagged", "tags": [["red"], ["later"]]}
    load(
        [
            {"model": "shop.item", "schema": "acme", "fields": tagged},
            {"model": "shop.item", "schema": "order", "fields": tagged},
            {"model": "shop.tag", "schema": "acme", "pk": 11, "fields": {"name": "later"}},
            {"model": "shop.tag", "schema": "order", "pk": 12, "fields": {"name": "later"}},
        ]
    )
    for name, pks in (("acme", {7, 11}), ("order", {9, 12})):
        with schema(name):
            found = Item.objects.get(name="tagged").tags
            assert set(found.values_list("pk", flat=True)) == pks


@pytest.mark.parametrize("chosen", [None, "acme"])
def test_sequences_go_on_behind_the_rows_in_every_schema_that_got_some(
    tenants: list[str], load: Load, chosen: str | None
) -> None:
    load(
        [
            item("a", 40) if chosen else item("a", 40, schema="acme"),
            item("b", 50, schema="order"),
            {"model": "auth.user", "pk": 60, "fields": {"username": "ann"}},
        ],
        schema=chosen,
    )
    for name, expected in (("acme", 41), ("order", 51), ('Be "ta', 2)):
        with schema(name):
            assert Item.objects.create(name="next").pk == expected
    assert User.objects.create(username="bea").pk == 61


def test_the_serializers_are_left_as_they_were(tenants: list[str], load: Load) -> None:
    before = serializers.get_serializer("json"), serializers.get_deserializer("json")
    dump(all_schemata=True)
    load([item("a", schema="acme")])
    assert before == (serializers.get_serializer("json"), serializers.get_deserializer("json"))


# There and back


@pytest.mark.parametrize("format", ["json", "jsonl", "xml", "yaml"])
@pytest.mark.parametrize("natural", [False, True])
def test_a_dump_of_all_schemata_brings_everything_back(
    tenants: list[str], load: Load, format: str, natural: bool
) -> None:
    ann = User.objects.create(username="ann")
    country = Country.objects.create(code="at")
    acme = Schema.objects.get(pk="acme")
    acme.users.add(ann)
    acme.hosts.create(host="acme.test")
    Home(schema_ptr=acme).save_base(raw=True)
    Contract.objects.create(schema=acme)
    Schema.objects.get(pk="order").delete()
    with select(IN_TEMPLATE):
        Tag.objects.create(name="from the beginning")
    Schema.objects.create(schema="late", name="Läte & <Sons>")
    for name in ("acme", "late"):
        with schema(name):
            Tag.objects.filter(name="from the beginning").delete()
            tag = Tag.objects.create(pk=17, name="from the beginning" if name == "acme" else "x")
            parent = Item.objects.create(name=f"<{name}> & 'co'", country=country, owner=ann)
            Item.objects.create(name="child", parent=parent).tags.add(tag)
    options: dict[str, Any] = {}
    if natural:
        options = {
            "use_natural_foreign_keys": True,
            "exclude": ["contenttypes", "auth.permission"],
        }

    with schema("acme"):
        country.neighbours.add(Currency.objects.create(code="chf"))

    text = dump(format=format, all_schemata=True, **options)
    flags = ["--noinput"] if natural else ["--noinput", "--inhibit-post-migrate"]
    call_command("flush", *flags, verbosity=0)
    assert not Schema.objects.exists()
    load(text, format)

    assert dump(format=format, all_schemata=True, **options) == text
    with schema("late"):
        assert [tag.name for tag in Tag.objects.all()] == ["x"]
        child = Item.objects.get(name="child")
        assert (child.parent.owner, child.tags.get().pk) == (ann, 17)
        assert Item.objects.create(name="next").pk == child.pk + 1
    with schema("acme"):
        assert country.neighbours.get().code == "chf"
    assert not Schema.objects.get(pk="order").is_active
    assert Home.objects.get().hosts.get().host == "acme.test"


def test_a_dump_comes_back_over_what_a_flush_has_kept(django_database: str, load: Load) -> None:
    with select(IN_TEMPLATE):
        owner = User.objects.create(username="ann")
        Item.objects.create(name="given", owner=owner, country=Country.objects.create(code="at"))
    Schema.objects.create(schema="acme")
    with schema("acme"):
        Item.objects.update(name="changed")
    text = dump(all_schemata=True)
    call_command("flush", "--noinput", "--inhibit-post-migrate", verbosity=0)
    assert User.objects.get() == owner
    load(text)
    assert dump(all_schemata=True) == text
    assert names("acme") == ["changed"]


def test_a_fixture_by_hand_leaves_what_the_template_gives_a_new_tenant(
    django_database: str, load: Load
) -> None:
    with select(IN_TEMPLATE):
        Tag.objects.create(name="from the beginning")
    tenant = {"model": "boardinghouse.schema", "pk": "acme", "fields": {}}
    load([tenant, {"model": "shop.tag", "schema": "acme", "fields": {"name": "mine"}}])
    with schema("acme"):
        assert {tag.name for tag in Tag.objects.all()} == {"from the beginning", "mine"}


def test_a_dump_that_is_loaded_over_tenants_that_are_there_takes_nothing_out(
    tenants: list[str], load: Load
) -> None:
    text = dump(all_schemata=True)
    with schema("acme"):
        Item.objects.create(name="since then")
    load(text)
    assert names("acme") == ["item of acme", "since then"]


def test_a_test_case_may_have_fixtures_of_tenants(django_database: str, tmp_path: Path) -> None:
    import unittest

    path = tmp_path / "tenants.json"
    tenant = {"model": "boardinghouse.schema", "pk": "acme", "fields": {}}
    path.write_text(json.dumps([tenant, item("a", schema="acme")]))

    class Fixtures(TestCase):
        fixtures = (str(path),)

        def test_it(self) -> None:
            assert names("acme") == ["a"]

    result = unittest.TestResult()
    unittest.TestSuite([Fixtures("test_it")]).run(result)
    assert (result.testsRun, result.errors, result.failures) == (1, [], [])
    assert not Schema.objects.exists()
