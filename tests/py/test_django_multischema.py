"""`from_schemata`: one query over several tenants, each row at home where it was read."""

# ruff: noqa: E501, S301 - tables of cases; pickles of its own making

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from typing import Any

import django
import pytest
from django.db import NotSupportedError, connection, models
from django.db.models import (
    Avg,
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    Value,
    Window,
)
from django.db.models.functions import Concat, RowNumber, Upper
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from project.hub.models import Country
from project.shop.models import Item, Tag
from project.users import User

from django_boardinghouse import (
    SchemaInactive,
    SchemaNotFound,
    TemplateSchemaActivation,
    WrongSchema,
    schema,
)
from django_boardinghouse.base import MultiSchemaManager, MultiSchemaMixin
from django_boardinghouse.home import home_of
from django_boardinghouse.models import Schema
from django_boardinghouse.shared import forget_answers

pytest_plugins = ["project.fixtures"]
pytestmark = [pytest.mark.usefixtures("rows_only"), pytest.mark.once]

A, B, C = "acme", 'Be "ta', "order"

PRICES = {A: [3, 1, None], B: [2], C: [5, 4]}
"""What the items of each tenant cost."""


class Shelf(models.QuerySet[Item]):
    """A queryset of a project's own."""

    def cheap(self) -> Shelf:
        return self.filter(price__lt=3)


class Rows(MultiSchemaMixin, models.QuerySet[Item]):
    """A queryset that can itself be of several."""


class ShelfManager(MultiSchemaMixin, models.Manager.from_queryset(Shelf)):  # type: ignore[misc]
    """A manager of a project's own."""


def managed(manager: Any) -> Any:
    manager.model = Item
    manager.name = "many"
    return manager


MANY: Any = managed(MultiSchemaManager())
SHELF: Any = managed(ShelfManager())


@pytest.fixture(autouse=True)
def _rows(tenants: list[str]) -> None:
    """Items, each with a parent of the same schema, its name in capitals, and tags."""
    at = Country.objects.create(code="at")
    for name, prices in PRICES.items():
        with schema(name):
            Item.objects.all().delete()
            tags = [Tag.objects.create(name=f"{name} {number}") for number in (1, 2)]
            for price in prices:
                item = Item.objects.create(
                    name=f"{name}-{price}",
                    price=price,
                    parent=Item.objects.create(name=f"P-{name}-{price}", country=at),
                )
                item.tags.set(tags[: price or 0])


def items(*schemata: Any) -> Any:
    return MANY.from_schemata(*(schemata or (A, B, C))).filter(parent__isnull=False)


def prices(queryset: Any) -> list[int | None]:
    return [row.price for row in queryset]


def test_rows_of_several_schemata_are_read_at_once_and_say_where_they_are_from() -> None:
    with CaptureQueriesContext(connection) as captured:
        rows = list(items(A, C))
    assert len(captured) == 1
    assert sorted((row._schema, row.price or 0) for row in rows) == [
        (A, 0),
        (A, 1),
        (A, 3),
        (C, 4),
        (C, 5),
    ]
    assert all(row.name == f"{row._schema}-{row.price}" for row in rows)


def test_each_row_is_at_home_where_it_is_from() -> None:
    rows = list(items())
    assert {(row._schema, home_of(row)) for row in rows} == {(name, name) for name in PRICES}
    row = next(row for row in rows if row._schema == C)
    with schema(A), pytest.raises(WrongSchema):
        row.save()
    with schema(C):
        row.name = "changed"
        row.save()
        assert Item.objects.filter(name="changed").count() == 1
        assert row.parent.name.startswith("P-")


def test_schemata_are_named_by_text_by_objects_and_by_querysets() -> None:
    registered = Schema.objects.filter(schema__in=(A, C))
    for given in ((A, C), list(registered), (registered,), ([A, C],), (A, registered, A)):
        assert {row._schema for row in items(*given)} == {A, C}
        assert len(items(*given)) == 5


def test_no_schema_gives_no_rows() -> None:
    for empty in (MANY.from_schemata(), MANY.from_schemata(Schema.objects.none())):
        assert list(empty) == []
        assert empty.count() == 0
        assert list(empty.values_list("_schema", "name")) == []


@pytest.mark.parametrize("selected", [None, A, C])
def test_what_is_selected_does_not_matter(selected: str | None) -> None:
    queryset = items().order_by("price")
    if selected is None:
        assert prices(queryset) == [1, 2, 3, 4, 5, None]
        return
    with schema(selected):
        assert prices(queryset) == [1, 2, 3, 4, 5, None]
        assert {home_of(row) for row in queryset} == set(PRICES)


FILTERED: dict[str, tuple[Callable[[Any], Any], list[int | None]]] = {
    "a value": (lambda rows: rows.filter(price=3), [3]),
    "a list": (lambda rows: rows.filter(price__in=[1, 5, 9]), [1, 5]),
    "exclude": (lambda rows: rows.exclude(price__gt=2), [1, 2, None]),
    "Q": (lambda rows: rows.filter(Q(price=1) | ~Q(price__lt=5)), [1, 5, None]),
    "F": (lambda rows: rows.filter(price__gt=F("parent__country_id__length") + 2), []),
    "text that looks like a parameter": (lambda rows: rows.filter(name__contains="%s"), []),
    "the schema": (lambda rows: rows.filter(_schema=B), [2]),
    "schemata": (lambda rows: rows.exclude(_schema__in=[A, B]), [4, 5]),
    "a join": (lambda rows: rows.filter(parent__name=f"P-{C}-4"), [4]),
    "a join that is excluded": (lambda rows: rows.exclude(tags__name=f"{A} 2"), [1, 2, 4, 5, None]),
    "many rows of a join": (
        lambda rows: rows.filter(tags__isnull=False).distinct(),
        [1, 2, 3, 4, 5],
    ),
    "a join to shared rows": (
        lambda rows: rows.filter(parent__country__code="at"),
        [1, 2, 3, 4, 5, None],
    ),
    "an annotation": (lambda rows: rows.annotate(twice=F("price") * 2).filter(twice=8), [4]),
    "an aggregate": (lambda rows: rows.annotate(n=Count("tags")).filter(n=2), [2, 3, 4, 5]),
    "a nested query": (lambda rows: rows.filter(pk__in=Item.objects.filter(price=4)), [4]),
    "an outer reference": (
        lambda rows: rows.filter(Exists(Tag.objects.filter(item=OuterRef("pk"), name=f"{B} 1"))),
        [2],
    ),
    "a nested aggregate": (
        lambda rows: rows.filter(
            price=Subquery(Item.objects.order_by("-price").exclude(price=None).values("price")[:1])
        ),
        [2, 3, 5],
    ),
    "none": (lambda rows: rows.none(), []),
    "an empty list": (lambda rows: rows.filter(price__in=[]), []),
    "a window": (
        lambda rows: rows.annotate(
            place=Window(RowNumber(), order_by=F("price").desc(nulls_last=True))
        ).filter(place=1),
        [2, 3, 5],
    ),
}
del FILTERED["F"]


@pytest.mark.parametrize(("build", "expected"), FILTERED.values(), ids=FILTERED)
def test_filters(build: Any, expected: list[int | None]) -> None:
    queryset = build(items())
    found = sorted(prices(queryset), key=lambda price: (price is None, price))
    assert found == expected
    assert queryset.count() == len(expected)
    assert queryset.exists() is bool(expected)
    assert len(list(queryset.iterator())) == len(expected)
    assert len(queryset.values_list("pk")) == len(expected)


ORDERED: dict[str, tuple[Callable[[Any], Any], list[int | None]]] = {
    "a field": (lambda rows: rows.order_by("price"), [1, 2, 3, 4, 5, None]),
    "descending": (lambda rows: rows.order_by("-price"), [None, 5, 4, 3, 2, 1]),
    "reversed": (lambda rows: rows.order_by("price").reverse(), [None, 5, 4, 3, 2, 1]),
    "nulls first": (lambda rows: rows.order_by(F("price").asc(nulls_first=True)), [None, 1, 2, 3, 4, 5]),
    "nulls last": (lambda rows: rows.order_by(F("price").desc(nulls_last=True)), [5, 4, 3, 2, 1, None]),
    "over a join": (lambda rows: rows.order_by("-parent__name"), [5, 4, None, 3, 1, 2]),
    "an expression": (lambda rows: rows.order_by(F("price") * -1), [5, 4, 3, 2, 1, None]),
    "a function": (lambda rows: rows.order_by(Upper("name").desc(), "pk"), [5, 4, 2, None, 3, 1]),
    "the schema": (lambda rows: rows.order_by("-_schema", "price"), [4, 5, 1, 3, None, 2]),
    "an annotation": (
        lambda rows: rows.annotate(key=F("price") % 2).order_by("key", "price"),
        [2, 4, 1, 3, 5, None],
    ),
    "an aggregate": (
        lambda rows: rows.annotate(n=Count("tags")).order_by("n", "price"),
        [None, 1, 2, 3, 4, 5],
    ),
    "an aggregate that is not selected": (
        lambda rows: rows.alias(n=Count("tags")).order_by("n", "-price"),
        [None, 1, 5, 4, 3, 2],
    ),
    "sliced": (lambda rows: rows.order_by("price")[1:4], [2, 3, 4]),
    "a slice of a slice": (lambda rows: rows.order_by("price")[1:5][1:3], [3, 4]),
    "distinct": (lambda rows: rows.filter(tags__isnull=False).distinct().order_by("-price"), [5, 4, 3, 2, 1]),
    "distinct on a field": (
        lambda rows: rows.order_by("parent__country", "-price").exclude(price=None).distinct("parent__country"),
        [5, 3, 2],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("build", "expected"), ORDERED.values(), ids=ORDERED)
def test_order_and_slice_are_of_the_whole(
    build: Any, expected: list[int | None], psql: Any
) -> None:
    queryset = build(items())
    assert prices(queryset) == expected
    assert [price for (price,) in queryset.values_list("price")] == expected
    assert prices(queryset.iterator(chunk_size=1)) == expected
    assert queryset.count() == len(expected)
    assert {home_of(row) == row._schema for row in queryset} == {True}


def test_single_rows() -> None:
    rows = items()
    assert rows.get(price=4)._schema == C
    assert rows.order_by("price").first().price == 1
    assert rows.exclude(price=None).order_by("price").last().price == 5
    assert rows.earliest("price").price == 1
    assert rows.order_by("price")[2].price == 3
    assert rows.order_by("price").exclude(price=1).first().price == 2
    with pytest.raises(Item.DoesNotExist):
        rows.get(price=9)
    with pytest.raises(Item.MultipleObjectsReturned):
        rows.get(price__gt=1)


def test_values() -> None:
    rows = items().order_by("price").exclude(price=None)
    assert list(rows.values_list("price", flat=True)) == [1, 2, 3, 4, 5]
    assert list(rows.values("_schema", "price")[:2]) == [
        {"_schema": A, "price": 1},
        {"_schema": B, "price": 2},
    ]
    assert next(iter(rows.values_list("parent__name", named=True))).parent__name == f"P-{A}-1"
    assert list(rows.values_list("name")) == [(f"{s}-{p}",) for s, p in
                                              ((A, 1), (B, 2), (A, 3), (C, 4), (C, 5))]  # fmt: skip
    assert sorted(rows.order_by().values_list("_schema").annotate(Count("pk"), Max("price"))) == [
        (B, 1, 2),
        (A, 2, 3),
        (C, 2, 5),
    ]
    assert next(iter(rows.annotate(label=Concat("name", Value("%"))).values_list("label"))) == (
        f"{A}-1%",
    )


def test_aggregates_are_of_all_rows() -> None:
    rows = items()
    assert rows.aggregate(Sum("price"), Avg("price"), Min("price"), n=Count("*")) == {
        "price__sum": 15,
        "price__avg": 3,
        "price__min": 1,
        "n": 6,
    }
    assert rows.aggregate(n=Count("_schema", distinct=True)) == {"n": 3}
    assert rows.order_by("price")[:2].aggregate(Sum("price")) == {"price__sum": 3}
    assert rows.annotate(n=Count("tags")).aggregate(Sum("n")) == {"n__sum": 9}
    assert rows.filter(tags__isnull=False).aggregate(Count("pk")) == {"pk__count": 9}
    assert MANY.from_schemata(A).none().aggregate(Sum("price")) == {"price__sum": None}


def test_joined_rows_are_at_home_with_the_row() -> None:
    for row in items().select_related("parent__country"):
        assert row.parent.name == f"P-{row.name}"
        assert home_of(row.parent) == row._schema
        assert home_of(row.parent.country) is None
        assert row.parent.country.code == "at"


def test_prefetched_rows_are_those_of_the_same_schema() -> None:
    for row in items().prefetch_related("tags", "parent").exclude(price=None):
        assert {tag.name for tag in row.tags.all()} == {
            f"{row._schema} {number}" for number in (1, 2) if number <= row.price
        }
        assert {home_of(tag) for tag in row.tags.all()} == {row._schema}
        assert row.parent.name == f"P-{row.name}"


CHUNKS = pytest.mark.parametrize("chunk_size", [1, 2, 6, 7])


def tags_of(row: Any) -> list[str]:
    return sorted(tag.name for tag in row.tags.all())


EXPECTED_TAGS = [
    (1, [f"{A} 1"]),
    (2, [f"{B} 1", f"{B} 2"]),
    (3, [f"{A} 1", f"{A} 2"]),
    (4, [f"{C} 1", f"{C} 2"]),
    (5, [f"{C} 1", f"{C} 2"]),
    (None, []),
]


@CHUNKS
def test_rows_that_are_read_in_chunks_have_what_is_prefetched(chunk_size: int) -> None:
    rows = items().order_by("price").prefetch_related("tags", "parent")
    found = list(rows.iterator(chunk_size=chunk_size))
    assert [(row.price, tags_of(row)) for row in found] == EXPECTED_TAGS
    assert all(home_of(row) == home_of(row.parent) == row._schema for row in found)
    with pytest.raises(ValueError, match="chunk_size"):
        rows.iterator()


@CHUNKS
def test_rows_that_are_read_asynchronously_have_what_is_prefetched(chunk_size: int) -> None:
    async def read(rows: Any) -> list[Any]:
        return [(row.price, tags_of(row)) async for row in rows.aiterator(chunk_size)]

    rows = items().order_by("price").prefetch_related("tags")
    assert asyncio.run(read(rows)) == EXPECTED_TAGS
    with pytest.raises(ValueError, match="positive"):
        asyncio.run(rows.aiterator(0).__anext__())


def test_a_prefetch_may_have_a_queryset_but_none_of_several_schemata() -> None:
    second = Prefetch("tags", Tag.objects.filter(name__endswith="2"), to_attr="second")
    rows = items().order_by("price").prefetch_related(second)
    assert [[tag.name for tag in row.second] for row in rows[1:3]] == [[f"{B} 2"], [f"{A} 2"]]
    tags: Any = MultiSchemaManager()
    tags.model = Tag
    many = Prefetch("tags", tags.from_schemata(A, B))
    with pytest.raises(NotSupportedError, match="all in its schema"):
        list(items().prefetch_related(many))
    with schema(A), pytest.raises(NotSupportedError, match="all in its schema"):
        list(Item.objects.prefetch_related(many))


def test_rows_that_lack_fields_know_their_home_and_so_do_joined_ones() -> None:
    rows = items().order_by("price").exclude(price=None)
    for some in (
        rows.only("price"),
        rows.defer("name", "parent"),
        rows.select_related("parent").only("price", "parent__name"),
        rows.select_related("parent").defer("parent__price"),
    ):
        assert [(row.price, home_of(row)) for row in some] == [
            (1, A),
            (2, B),
            (3, A),
            (4, C),
            (5, C),
        ]
        for row in some:
            with schema(row._schema):
                assert row.name == f"{row._schema}-{row.price}"
                assert row.parent.name == f"P-{row.name}"
                assert home_of(row.parent) == row._schema


@pytest.mark.skipif(django.VERSION < (6, 1), reason="fetch modes came with Django 6.1")
def test_peers_of_several_schemata_are_fetched_one_by_one() -> None:
    peers = models.FETCH_PEERS  # type: ignore[attr-defined]
    rows = list(items().order_by("-price").exclude(price=None).only("price").fetch_mode(peers))
    for row in rows:
        with schema(row._schema):
            assert row.name == f"{row._schema}-{row.price}"
            assert row.parent.name == f"P-{row.name}"


def test_a_row_is_contained_where_it_is_from() -> None:
    row = items(C).get(price=4)
    with schema(A):
        Item.objects.update_or_create(pk=row.pk, defaults={"parent": Item.objects.first()})
    assert items().contains(row)
    assert items(C).contains(row)
    assert not items(A, B).contains(row)
    assert not items().filter(price=5).contains(row)
    assert not items().contains(Item(pk=row.pk))
    for error, wrong in ((TypeError, row.pk), (ValueError, Item())):
        with pytest.raises(error):
            items().contains(wrong)


def test_a_filter_by_a_row_reads_the_schema_of_the_row_alone() -> None:
    parent = items(A).select_related("parent").get(price=1).parent
    assert prices(items(A).filter(parent=parent)) == [1]
    for rows in (items(A, B).filter(parent=parent), items(B).filter(parent__in=[parent])):
        with schema(A), pytest.raises(WrongSchema, match='it reads schema "Be "ta"'):
            list(rows)


def test_moments_are_those_of_each_schema() -> None:
    ann = User.objects.create(username="ann", date_joined="2031-05-06T07:08Z")
    for name in (A, B):
        with schema(name):
            Item.objects.update(owner=ann)
    years = items().datetimes("owner__date_joined", "year")
    assert [moment.year for moment in years] == [2031, 2031]


def test_deferred_fields_are_fetched_in_the_schema_of_the_row() -> None:
    row = items().only("price").get(price=4)
    with schema(A), pytest.raises(WrongSchema):
        row.name  # noqa: B018
    with schema(C):
        assert row.name == f"{C}-4"


def test_a_nested_query_may_be_of_several_schemata() -> None:
    with schema(A):
        dearer = items(B, C).filter(price__gt=1).values("price")
        assert prices(Item.objects.filter(price__in=dearer.values("price"))) == []
        assert sorted(prices(Item.objects.exclude(price__in=dearer).filter(price__gt=0))) == [1, 3]


def test_a_queryset_of_a_project_keeps_its_methods() -> None:
    rows = SHELF.from_schemata(A, B).filter(parent__isnull=False).cheap()
    assert isinstance(rows, Shelf)
    assert sorted(prices(rows)) == [1, 2]


def test_rows_survive_pickling() -> None:
    rows = pickle.loads(pickle.dumps(items().order_by("price")))
    assert prices(rows) == [1, 2, 3, 4, 5, None]
    assert {home_of(row) for row in rows} == set(PRICES)


def test_it_is_lazy_and_schemata_are_checked_at_each_evaluation() -> None:
    with CaptureQueriesContext(connection) as captured:
        rows = items(A, B)
        unknown = items(A, "nowhere")
    assert len(captured) == 0
    Schema.objects.filter(schema=B).update(is_active=False)
    for evaluate in (
        list,
        lambda rows: rows.count(),
        lambda rows: rows.exists(),
        lambda rows: rows.first(),
    ):
        with pytest.raises(SchemaInactive, match='"Be "ta" is not active'):
            evaluate(rows.all())
        with pytest.raises(SchemaNotFound, match='"nowhere" does not exist'):
            evaluate(unknown.all())
    for first, second, error in (("nowhere", B, SchemaNotFound), (B, "nowhere", SchemaInactive)):
        with pytest.raises(error):
            list(items(A, first, second))
    for name in ("public", "pg_catalog", "boardinghouse", "", "ACME", 'x"; --'):
        with pytest.raises(SchemaNotFound):
            list(items(name))
    with pytest.raises(TemplateSchemaActivation):
        items("__template__")


@pytest.mark.parametrize(
    "write",
    [
        lambda rows: rows.update(price=1),
        lambda rows: rows.delete(),
        lambda rows: rows.create(name="new"),
        lambda rows: rows.get_or_create(name="new"),
        lambda rows: rows.update_or_create(name="new"),
        lambda rows: rows.bulk_create([Item(name="new")]),
        lambda rows: rows.bulk_update([Item(pk=1, name="new")], ["name"]),
        lambda rows: rows._raw_delete("default"),
        lambda rows: list(rows.select_for_update()),
        lambda rows: models.QuerySet.update(rows, price=1),
        lambda rows: list(rows.union(rows)),
        lambda rows: list(rows.intersection(rows)),
        lambda rows: list(rows.difference(rows)),
        lambda rows: list(MANY.annotate(_schema=Value("acme")).union(rows)),
        lambda rows: list(Item.objects.values("name").union(rows.values("name"))),
        lambda rows: rows.in_bulk(),
        lambda rows: rows.in_bulk([1]),
        lambda rows: asyncio.run(rows.ain_bulk()),
        lambda rows: rows.raw("SELECT * FROM shop_item"),
        lambda rows: list(rows.annotate(_schema=Value(A))),
        lambda rows: list(Rows(Item).annotate(_schema=Value(A)).from_schemata(C)),
        lambda rows: list(rows.extra(tables=["shop_tag"])),
    ],
)
def test_what_is_not_reading_is_refused(write: Any, psql: Any) -> None:
    for selected in (A, C):
        with schema(selected), pytest.raises(NotSupportedError):
            write(items())
    for name in PRICES:
        quoted = name.replace('"', '""')
        assert psql(f"SELECT count(*) FROM \"{quoted}\".shop_item WHERE name !~ '^P-'") == [
            (len(PRICES[name]),)
        ]


def test_rows_of_one_row_and_shared_models_are_not_of_several_schemata() -> None:
    users: Any = managed(MultiSchemaManager())
    users.model = User
    try:
        with pytest.raises(NotSupportedError):
            users.from_schemata(A)
    finally:
        users.model = Item


@override_settings(SHARED_MODELS=["hub.currency"])
def test_explain_and_text_of_the_query() -> None:
    forget_answers()
    rows = items(A, B).order_by("price")
    assert "Append" in rows.explain()
    assert '"acme"."shop_item"' in str(rows.query)
    assert '"Be ""ta"."shop_item"' in str(rows.query)


def test_filters_of_the_same_schemata_are_combined_and_others_are_not() -> None:
    cheap, dear = items().filter(price__lt=2), items().filter(price__gt=4)
    assert sorted(prices(cheap | dear)) == [1, 5]
    assert prices(cheap & dear) == []
    plain = MANY.filter(price=3)
    for combine in (
        lambda: cheap | items(A),
        lambda: plain | cheap,
        lambda: cheap | plain,
        lambda: plain & cheap,
        lambda: plain ^ cheap,
    ):
        with pytest.raises(NotSupportedError):
            combine()


def test_rows_are_read_asynchronously() -> None:
    async def read() -> list[Any]:
        rows = items().order_by("price")
        return [
            *[(row.price, home_of(row)) async for row in rows[:2]],
            await rows.acount(),
            (await rows.aget(price=5))._schema,
        ]

    assert asyncio.run(read()) == [(1, A), (2, B), 6, C]
