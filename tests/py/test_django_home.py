"""Rows stay in the schema that they were read in or written to, whatever is done to them."""

# ruff: noqa: S301 - pickles of its own making

from __future__ import annotations

import asyncio
import copy
import pickle
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import django
import pytest
from django.db import connection, models, router, transaction
from django.db.models import Case, Count, Prefetch, Q, When, prefetch_related_objects
from django.db.models.signals import post_save, pre_save
from django.forms import modelform_factory
from django.test import override_settings
from django.test.utils import isolate_apps
from project.hub.models import Country, Currency
from project.schemata import SQL
from project.shop.models import Item, Tag
from project.users import ContentType, GenericForeignKey, User

from django_boardinghouse import SchemaError, WrongSchema, deactivate_schema, schema
from django_boardinghouse.home import HomeAlias, home_of
from django_boardinghouse.placement_checks import check_router

pytest_plugins = ["project.fixtures"]
pytestmark = [pytest.mark.usefixtures("rows_only"), pytest.mark.once]


A, B = "acme", "order"
EXPLICITLY = pytest.mark.parametrize("using", [None, "default"])


@pytest.fixture(autouse=True)
def _tenants(tenants: list[str], psql: SQL) -> Iterator[None]:
    """Tenants, each with one item of the same key; nothing is selected afterwards."""
    for name in (A, B):
        psql(f'UPDATE "{name}".shop_item SET id = 1')
    yield
    deactivate_schema()


def items(using: str | None = None) -> models.QuerySet[Item]:
    return Item.objects.using(using) if using else Item.objects.all()


def item_of(name: str, using: str | None = None) -> Item:
    with schema(name):
        return items(using).get(pk=1)


def names(psql: SQL) -> list[str]:
    """What the items of both tenants are called."""
    return [
        name
        for tenant in (A, B)
        for (name,) in psql(f'SELECT name FROM "{tenant}".shop_item ORDER BY id')
    ]


AS_BEFORE = ["item of acme", "item of order"]


# Every way to a row says where it is at home.


def test_an_alias_with_a_home_is_the_plain_alias_to_everybody_else() -> None:
    alias = HomeAlias("default", "acme")
    assert alias == "default"
    assert hash(alias) == hash("default")
    assert {alias: 1}["default"] == {"default": 1}[alias] == 1
    assert type(str(alias)) is str
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        twin = pickle.loads(pickle.dumps(alias, protocol))
        assert (type(twin), twin, twin.schema) == (HomeAlias, "default", "acme")
    for twin in (copy.copy(alias), copy.deepcopy(alias)):
        assert (type(twin), twin, twin.schema) == (HomeAlias, "default", "acme")


@EXPLICITLY
@pytest.mark.parametrize(
    "read",
    [
        lambda items: items.get(),
        lambda items: items.first(),
        lambda items: next(iter(items)),
        lambda items: next(items.iterator()),
        lambda items: items.only("name").get(),
        lambda items: items.in_bulk()[1],
        lambda items: items.select_for_update().get(),
        lambda items: items.union(items)[0],
        lambda items: items.select_related("parent").get(),
        lambda items: items.get_or_create(pk=1)[0],
        lambda items: items.update_or_create({"price": 3}, pk=1)[0],
        lambda items: items.update_or_create({"price": 3}, pk=2)[0],
        lambda items: items.create(name="new"),
        lambda items: items.bulk_create([Item(name="new")])[0],
        lambda items: items.bulk_create([Item(pk=4, name="new")])[0],
    ],
)
def test_a_row_is_at_home_where_it_was_read_or_made(using: str | None, read: Any) -> None:
    for name in (A, B):
        with schema(name), transaction.atomic():
            assert home_of(read(items(using))) == name


@EXPLICITLY
def test_a_saved_row_is_at_home_where_it_was_saved(using: str | None) -> None:
    with schema(A):
        made = Item(name="new")
        made.save(using=using)
        assert home_of(made) == A
        known = Item(pk=1, name="changed")
        known.save(using=using, force_update=True)
        assert home_of(known) == A
    with schema(B), pytest.raises(WrongSchema):
        made.save()


def test_receivers_of_signals_see_where_a_row_is_at_home() -> None:
    seen = []

    def receive(instance: Item, **_: Any) -> None:
        seen.append(home_of(instance))

    post_save.connect(receive, sender=Item)
    try:
        with schema(A):
            Item(name="new").save(using="default")
            Item(name="new").save()
    finally:
        post_save.disconnect(receive, sender=Item)
    assert seen == [A, A]


@EXPLICITLY
def test_related_rows_are_at_home_where_they_were_read(using: str | None) -> None:
    with schema(A):
        child = Item.objects.create(name="child", parent=Item.objects.get(pk=1))
        child.tags.add(Tag.objects.create(name="tag"))
        joined = items(using).select_related("parent").get(pk=child.pk)
        assert home_of(joined.parent) == A
        fetched = items(using).prefetch_related("parent", "tags", "item_set")
        for row in fetched:
            assert {home_of(tag) for tag in row.tags.all()} <= {A}
            assert {home_of(other) for other in row.item_set.all()} <= {A}
            assert row.parent is None or home_of(row.parent) == A
        assert home_of(Item.objects.raw("SELECT * FROM shop_item")[0]) == A


@EXPLICITLY
def test_shared_rows_are_at_home_nowhere(using: str | None) -> None:
    with schema(A):
        at = Country.objects.using(using).create(code="at")
        at.currencies.add(Currency.objects.create(code="eur"))
        user = User.objects.using(using).create(username="ann")
        Item.objects.using(using).update(country=at, owner=user)
        joined = items(using).select_related("country", "owner").get()
        fetched = items(using).prefetch_related("country__currencies", "owner").get()
        lazy = items(using).get()
        related = [
            *(row for item in (joined, fetched, lazy) for row in (item.country, item.owner)),
            *lazy.country.currencies.all(),
            *fetched.country.currencies.all(),
        ]
        assert {home_of(row) for row in [at, user, *related]} == {None}
        assert {type(row._state.db) for row in related} == {str}
    with schema(B):
        joined.country.save()
        joined.owner.refresh_from_db()
        joined.owner.groups.set([])


def test_a_query_that_began_under_one_schema_gives_rows_that_are_at_home_there() -> None:
    with schema(A):
        Item.objects.bulk_create(Item(name=f"more {n}") for n in range(5))
    for using in (None, "default"):
        with schema(A), transaction.atomic():
            rows = items(using).order_by("pk").iterator(chunk_size=1)
            first = next(rows)
            with schema(B):
                second = next(rows)
            rows.close()  # type: ignore[attr-defined]
        assert (home_of(first), home_of(second)) == (A, A)
        assert second.name == "more 0"


def test_a_queryset_that_was_written_under_one_schema_reads_where_it_is_evaluated() -> None:
    with schema(A):
        written = [items(), Item.objects.filter(name__startswith="item")]
    with schema(B):
        for queryset in written:
            row = queryset.get()
            assert (home_of(row), row.name) == (B, "item of order")


def test_a_raw_query_that_was_written_under_another_schema_is_refused() -> None:
    with schema(A):
        rows = Item.objects.raw("SELECT * FROM shop_item")
    with schema(B), pytest.raises(WrongSchema):
        list(rows)


def test_a_home_survives_pickling_and_copying() -> None:
    row = item_of(A, "default")
    with schema(A):
        rows = Item.objects.all()
        pickled = pickle.dumps(rows)
    for twin in (
        pickle.loads(pickle.dumps(row)),
        copy.copy(row),
        copy.deepcopy(row),
        pickle.loads(pickled)[0],
    ):
        assert home_of(twin) == A
        with schema(B), pytest.raises(WrongSchema):
            twin.save()


# And it cannot be used elsewhere.

USES: dict[str, Callable[[Item, str | None], Any]] = {
    "save": lambda item, using: item.save(using=using),
    "update": lambda item, using: item.save(using=using, force_update=True),
    "insert": lambda item, using: item.save(using=using, force_insert=True),
    "some fields": lambda item, using: item.save(using=using, update_fields=["name"]),
    "save_base": lambda item, using: item.save_base(using=using),
    "a raw save": lambda item, using: item.save_base(using=using, raw=True),
    "delete": lambda item, using: item.delete(using=using),
    "refresh": lambda item, using: item.refresh_from_db(using=using),
    "refresh a field": lambda item, using: item.refresh_from_db(using=using, fields=["name"]),
    "refresh from a query": lambda item, using: item.refresh_from_db(
        using=using, from_queryset=Item.objects.all()
    ),
    "bulk_create": lambda item, using: items(using).bulk_create([item]),
    "bulk_update": lambda item, using: items(using).bulk_update([item], ["name"]),
    "asave": lambda item, using: asyncio.run(item.asave(using=using)),
    "adelete": lambda item, using: asyncio.run(item.adelete(using=using)),
    "arefresh": lambda item, using: asyncio.run(item.arefresh_from_db(using=using)),
    "abulk_update": lambda item, using: asyncio.run(items(using).abulk_update([item], ["name"])),
    "abulk_create": lambda item, using: asyncio.run(items(using).abulk_create([item])),
}


@EXPLICITLY
@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_row_cannot_be_saved_deleted_or_refreshed_under_another_schema(
    use: Callable[[Item, str | None], Any], using: str | None, psql: SQL
) -> None:
    row = item_of(A, using)
    row.name = "taken along"
    with schema(B), pytest.raises(WrongSchema, match='"acme", and "order" is selected'):
        use(row, using)
    with pytest.raises(WrongSchema, match="no schema is selected"):
        use(row, using)
    assert names(psql) == AS_BEFORE


FOLLOWED: dict[str, Callable[[Item], Any]] = {
    "a foreign key": lambda item: item.parent,
    "a foreign key to shared rows": lambda item: item.country,
    "a reverse manager": lambda item: list(item.item_set.all()),
    "a count": lambda item: item.item_set.count(),
    "a many-to-many manager": lambda item: list(item.tags.all()),
    "a many-to-many manager with using": lambda item: list(item.tags.using("default")),
    "a manager of many-to-many with using": lambda item: item.tags.db_manager("default").count(),
    "a reverse manager with using": lambda item: item.item_set.using("default").exists(),
    "deleting with using": lambda item: item.tags.using("default").delete(),
    "updating with using": lambda item: item.item_set.using("default").update(price=1),
    "prefetching": lambda item: prefetch_related_objects([item], "parent"),
    "prefetching many": lambda item: prefetch_related_objects([item], "item_set", "tags"),
    "prefetching by a query": lambda item: prefetch_related_objects(
        [item], Prefetch("item_set", Item.objects.filter(price=1))
    ),
    "creating": lambda item: item.item_set.create(name="new"),
    "get_or_create": lambda item: item.item_set.get_or_create(name="new"),
    "adding": lambda item: item.item_set.add(item_of(B)),
    "setting": lambda item: item.tags.set([]),
    "clearing": lambda item: item.tags.clear(),
    "removing": lambda item: item.tags.remove(1),
    "updating": lambda item: item.item_set.update(price=1),
    "its alias": lambda item: list(Item.objects.using(item._state.db)),
    "its alias for writing": lambda item: Item.objects.using(item._state.db).update(price=1),
    "its alias for deleting": lambda item: Item.objects.using(item._state.db).delete(),
    "its alias for inserting": lambda item: Item.objects.using(item._state.db).create(name="x"),
    "its alias for counting": lambda item: Item.objects.using(item._state.db).count(),
    "a check of what is unique": lambda item: item.full_clean(),
}


@EXPLICITLY
@pytest.mark.parametrize("follow", FOLLOWED.values(), ids=FOLLOWED)
def test_a_row_cannot_be_followed_under_another_schema(
    follow: Callable[[Item], Any], using: str | None, psql: SQL
) -> None:
    with schema(A):
        Item.objects.update(
            parent=Item.objects.create(name="parent"), country=Country.objects.create(code="at")
        )
    row = item_of(A, using)
    with schema(B), pytest.raises(WrongSchema):
        follow(row)
    assert names(psql) == ["item of acme", "parent", "item of order"]


def test_a_related_query_with_using_stays_in_the_schema_of_its_row() -> None:
    with schema(A):
        row = Item.objects.get()
        row.tags.create(name="tag")
        tags = row.tags.using("default")
        assert tags.get().name == "tag"
        assert row.item_set.using("default").update(price=1) == 0
    with schema(B), pytest.raises(WrongSchema):
        list(tags.all())
    with schema(A):
        assert [tag.name for tag in tags] == ["tag"]
        country = Country.objects.create(code="at")
        assert not country.item_set.using("default").exists()
        assert not country.currencies.using("default").exists()


@EXPLICITLY
def test_a_deferred_field_is_not_fetched_under_another_schema(using: str | None) -> None:
    with schema(A):
        row = items(using).defer("name").get()
    with schema(B), pytest.raises(WrongSchema):
        row.name  # noqa: B018
    with schema(A):
        assert row.name == "item of acme"


@EXPLICITLY
def test_rows_of_two_schemata_cannot_be_related(using: str | None, psql: SQL) -> None:
    ours, theirs = item_of(A, using), item_of(B, using)
    with schema(A):
        tag = Tag.objects.using(using).create(name="tag")
    with schema(B):
        attempts: list[Callable[[], Any]] = [
            lambda: setattr(theirs, "parent", ours),
            lambda: setattr(Item(name="new"), "parent", ours),
            lambda: Item(name="new", parent=ours),
            lambda: Item.objects.create(name="new", parent=ours),
            lambda: theirs.item_set.add(ours),
            lambda: theirs.item_set.add(ours, bulk=False),
            lambda: theirs.item_set.set([ours]),
            lambda: theirs.tags.add(tag),
            lambda: theirs.tags.set([tag]),
            lambda: theirs.tags.through.objects.create(item=theirs, tag=tag),
        ]
        for attempt in attempts:
            with pytest.raises(WrongSchema) as raised:
                attempt()
            assert isinstance(raised.value, ValueError)  # as Django raises for databases
            assert isinstance(raised.value, SchemaError)
    assert names(psql) == AS_BEFORE
    for tenant in (A, B):
        assert psql(f'SELECT * FROM "{tenant}".shop_item_tags') == []


def test_a_shared_row_takes_up_no_row_of_another_schema(psql: SQL) -> None:
    ours, country = item_of(A), Country.objects.create(code="at")
    with schema(B):
        for attempt in (
            lambda: country.item_set.add(ours),
            lambda: country.item_set.set([ours]),
            lambda: setattr(ours, "country", country),
        ):
            with pytest.raises(WrongSchema):
                attempt()
    for tenant in (A, B):
        assert psql(f'SELECT country_id FROM "{tenant}".shop_item') == [(None,)]
    ours.country = country
    with schema(A):
        ours.save()
        country.item_set.add(ours)
        assert country.item_set.get() == ours


def test_rows_are_not_updated_to_refer_to_a_row_of_another_schema(psql: SQL) -> None:
    with schema("acme"):
        stranger = Item.objects.get()
    with schema("order"):
        Item.objects.create(name="second")
        for found in (Item.objects.all(), Item.objects.using("default").filter(name="second")):
            with pytest.raises(WrongSchema):
                found.update(parent=stranger)
        Item.objects.filter(name="second").update(parent=Item.objects.get(name="item of order"))
    assert psql('SELECT count(parent_id) FROM "order".shop_item') == [(1,)]


def test_rows_of_one_schema_and_shared_rows_can_be_related() -> None:
    with schema(A):
        row, country = Item.objects.using("default").get(), Country.objects.create(code="at")
        row.parent, row.country = Item(name="unsaved"), country
        row.parent.save()
        row.parent = row.parent
        row.save()
        row.tags.add(Tag.objects.create(name="tag"))
        Item(name="new", parent=row, country=country).save()
        assert Item.objects.filter(parent=row).count() == 1
        assert Item.objects.get(pk=row.pk).parent.name == "unsaved"


def test_an_unsaved_row_that_was_given_rows_of_one_schema_is_not_saved_in_another() -> None:
    with schema(A):
        row = Item(name="new", parent=Item.objects.get())
    with schema(B), pytest.raises(WrongSchema):
        row.save()
    with schema(B), pytest.raises(WrongSchema):
        Item.objects.bulk_create([row])


def test_a_row_is_copied_to_another_schema_where_that_is_meant(psql: SQL) -> None:
    row = item_of(A)
    row.pk, row._state.adding, row._state.db = None, True, None
    with schema(B):
        row.save()
        assert home_of(row) == B
    assert names(psql) == ["item of acme", "item of order", "item of acme"]


def test_a_copy_does_not_take_along_the_rows_that_it_refers_to(psql: SQL) -> None:
    row = item_of(A)
    with schema(A):
        row.parent = Item.objects.create(name="parent")
    row.pk, row._state.adding, row._state.db = None, True, None
    with schema(B):
        for write in (row.save, lambda: Item.objects.bulk_create([row])):
            with pytest.raises(WrongSchema, match=r"shop\.Item"):
                write()
        row.parent = None
        row.save()
    assert names(psql) == ["item of acme", "parent", "item of order", "item of acme"]


def test_the_copy_of_a_row_stays_in_its_schema_where_nothing_is_said_of_another(psql: SQL) -> None:
    row = item_of(A)
    row.pk, row._state.adding = None, True
    with schema(B), pytest.raises(WrongSchema):
        row.save()
    with schema(A):
        row.save()
    assert names(psql) == ["item of acme", "item of acme", "item of order"]


def test_a_save_that_failed_leaves_no_home_behind(psql: SQL) -> None:
    def fail(**_: Any) -> None:
        raise ZeroDivisionError

    pre_save.connect(fail, sender=Item)
    row = Item(name="new")
    try:
        for _ in range(2):
            with schema(A), pytest.raises(ZeroDivisionError):
                row.save(using="default")
    finally:
        pre_save.disconnect(fail, sender=Item)
    with schema(B):
        row.parent = Item.objects.get()
        assert home_of(row) == B
        row.save()
        assert home_of(row) == B
    assert names(psql) == [*AS_BEFORE, "new"]


def test_a_form_of_a_row_is_not_saved_under_another_schema(psql: SQL) -> None:
    form_class = modelform_factory(Item, fields=["name"])
    row = item_of(A)
    with schema(B), pytest.raises(WrongSchema):
        form_class({"name": "changed"}, instance=row).save()
    with schema(A):
        form = form_class({"name": "changed"}, instance=row)
        assert form.is_valid()
    with schema(B), pytest.raises(WrongSchema):
        form.save()
    assert names(psql) == AS_BEFORE
    with schema(A):
        form.save()
    assert names(psql) == ["changed", "item of order"]


def test_the_error_names_row_and_schemata_and_the_way_out() -> None:
    row = item_of(A)
    with schema(B), pytest.raises(WrongSchema) as raised:
        row.save()
    assert "shop.Item 1" in str(raised.value)
    assert "under the schema that it was read in" in str(raised.value)


# Filters by a row.


BY_ROW: dict[str, Callable[[Any], Any]] = {
    "a row": lambda row: Item.objects.filter(parent=row),
    "several": lambda row: Item.objects.filter(parent__in=[row]),
    "a set": lambda row: Item.objects.filter(parent__in={row}),
    "a generator": lambda row: Item.objects.filter(parent__in=(row for row in [row])),
    "a queue": lambda row: Item.objects.filter(parent__in=deque([row])),
    "all others": lambda row: Item.objects.exclude(parent=row),
    "those behind": lambda row: Item.objects.filter(parent__gte=row),
    "a reverse key": lambda row: Item.objects.filter(item=row),
    "a key of a shared row": lambda row: Country.objects.filter(item=row),
    "many to many": lambda row: Tag.objects.filter(item=row),
    "over a join": lambda row: Item.objects.filter(parent__parent=row),
    "a condition": lambda row: Item.objects.annotate(n=Count("pk", filter=Q(parent=row))).filter(
        n=1
    ),
    "a case": lambda row: Item.objects.annotate(n=Case(When(parent=row, then=1))).filter(n=1),
    "a nested query": lambda row: Item.objects.filter(
        pk__in=Item.objects.filter(parent=row).values("pk")
    ),
}


@pytest.mark.parametrize("build", BY_ROW.values(), ids=BY_ROW)
def test_a_filter_by_a_row_is_for_the_schema_of_the_row(build: Any, sent: Any) -> None:
    row = item_of(A)
    with schema(A):
        list(build(row))
    rows = build(row)
    sent()
    for selection in (schema(B), nullcontext()):
        with selection:
            for evaluate in (list, lambda rows: rows.count(), lambda rows: rows.exists()):
                with pytest.raises(WrongSchema, match="a filter by a row that is at home in"):
                    evaluate(rows.all())
    assert sent() == []
    with schema(A):
        list(pickle.loads(pickle.dumps(rows)))


def test_writing_by_a_filter_by_a_row_is_for_the_schema_of_the_row(psql: SQL) -> None:
    row = item_of(A)
    with schema(B):
        Item.objects.create(name="child", parent=Item.objects.get(pk=1))
        for write in (
            lambda: Item.objects.filter(parent=row).update(name="changed"),
            lambda: Item.objects.filter(parent=row).delete(),
            lambda: Item.objects.get_or_create(parent=row),
        ):
            with pytest.raises(WrongSchema):
                write()
        assert Item.objects.filter(parent=row.pk).get().name == "child"


def test_a_filter_by_a_shared_row_or_by_a_new_one_is_for_any_schema() -> None:
    at = Country.objects.create(code="at")
    for name in (A, B):
        with schema(name):
            Item.objects.update(country=at)
            assert Item.objects.filter(country=at).count() == 1
            assert Item.objects.filter(parent=Item(pk=1)).count() == 0


def test_rows_of_two_schemata_are_not_fetched_for_together() -> None:
    rows = [item_of(A), item_of(B)]
    with schema(A):
        for lookup in ("item_set", "tags"):
            with pytest.raises(WrongSchema):
                models.prefetch_related_objects(rows, lookup)


@pytest.mark.skipif(django.VERSION < (6, 1), reason="fetch modes came with Django 6.1")
@EXPLICITLY
def test_peers_are_not_fetched_under_another_schema(using: str | None) -> None:
    with schema(A):
        Item.objects.create(name="child", parent=Item.objects.get())
        rows = list(items(using).defer("price").order_by("pk").fetch_mode(models.FETCH_PEERS))  # type: ignore[attr-defined]
    assert {home_of(row) for row in rows} == {A}
    with schema(B):
        for follow in (lambda: rows[1].parent, lambda: rows[0].price):
            with pytest.raises(WrongSchema):
                follow()
    with schema(A):
        assert home_of(rows[1].parent) == A
        assert rows[0].price is None


# With the routers of a project.


class Elsewhere:
    """A router that sends all reading to another alias."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "other"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True


OURS = "django_boardinghouse.routers.SchemaRouter"


def test_other_routers_choose_the_database_and_rows_are_at_home_all_the_same() -> None:
    with override_settings(DATABASE_ROUTERS=[OURS, Elsewhere()]):
        row = item_of(A)
        assert (row._state.db, home_of(row)) == ("other", A)
        with schema(A):
            row.name = "changed"
            row.save()
            assert (row._state.db, home_of(row)) == ("default", A)
            assert router.db_for_read(User) == "other"
        with schema(B):
            for follow in (row.item_set.count, row.save, row.delete, row.refresh_from_db):
                with pytest.raises(WrongSchema):
                    follow()


def test_a_router_that_answers_first_opens_no_hole_for_writing(psql: SQL) -> None:
    with override_settings(DATABASE_ROUTERS=[Elsewhere(), OURS]):
        row = item_of(A)
        assert (row._state.db, home_of(row)) == ("other", A)
        with schema(B):
            for use in USES.values():
                with pytest.raises(WrongSchema):
                    use(row, None)
    assert names(psql) == AS_BEFORE


def test_a_router_may_be_asked_about_what_is_no_model() -> None:
    class Entry:
        _meta = object()

    with schema(A):
        assert type(router.db_for_read(Entry)) is str  # type: ignore[arg-type]


def test_connections_keep_their_plain_alias() -> None:
    found = []

    def work() -> None:
        with schema(A):
            Item.objects.count()  # a thread has connections of its own, made at the first use
        found.append(type(connection.alias))
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [str]


# Generic keys.


@pytest.fixture
def note(psql: SQL) -> Iterator[type[models.Model]]:
    with isolate_apps("project.shop"):

        class Note(models.Model):
            content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
            object_id = models.BigIntegerField()
            about = GenericForeignKey()
            written = models.DateField(auto_now_add=True)

            class Meta:
                app_label = "shop"

            def __str__(self) -> str:
                return str(self.about)

        for name in (A, B):
            psql(
                f'CREATE TABLE "{name}".shop_note (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY'
                " KEY, content_type_id int, object_id bigint, written date)"
            )
        try:
            yield Note
        finally:
            for name in (A, B):
                psql(f'DROP TABLE "{name}".shop_note')


def test_generic_keys_stay_in_their_schema(note: Any) -> None:
    ContentType.objects.clear_cache()
    row = item_of(A)
    with schema(A):
        written = note.objects.create(about=row)
        assert home_of(note.objects.get().about) == A
        assert home_of(note.objects.prefetch_related("about")[0].about) == A
        fresh = note.objects.get()
    with schema(B):
        with pytest.raises(WrongSchema):
            fresh.about  # noqa: B018
        with pytest.raises(WrongSchema):
            written.get_next_by_written()
        with pytest.raises(WrongSchema):
            note.objects.create(about=row)
        with pytest.raises(WrongSchema):
            note(about=row).save(using="default")
        theirs = note.objects.create(about=Item.objects.get())
        theirs.about = row
        with pytest.raises(WrongSchema):
            theirs.save()


def test_generic_keys_to_shared_rows_are_at_home_nowhere(note: Any) -> None:
    ContentType.objects.clear_cache()
    user = User.objects.create(username="ann")
    with schema(A):
        written = note.objects.create(about=user)
        assert home_of(note.objects.get(pk=written.pk).about) is None
        assert home_of(note.objects.prefetch_related("about")[0].about) is None
        assert home_of(ContentType.objects.get_for_model(User)) is None
    with schema(B):
        note.objects.create(about=user)


def test_a_router_that_is_missing_or_not_the_first_is_an_error() -> None:
    assert check_router() == []
    for routers in ([], [Elsewhere()], [Elsewhere(), OURS]):
        with override_settings(DATABASE_ROUTERS=routers):
            (found,) = check_router()
            assert (found.id, bool(found.hint)) == ("boardinghouse.E030", True)
