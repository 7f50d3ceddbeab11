"""Views that say which schema they see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.urls import path

from django_boardinghouse import activate_schema, get_active_schema_name
from django_boardinghouse.middleware import change_schema
from project.shop.models import Item


def items(request: HttpRequest) -> JsonResponse:
    return JsonResponse(list(Item.objects.values_list("name", flat=True)), safe=False)


async def aitems(request: HttpRequest) -> JsonResponse:
    return JsonResponse([item.name async for item in Item.objects.all()], safe=False)


def where(request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        path = cursor.fetchone()[0]
    return JsonResponse({"selected": get_active_schema_name(), "path": path})


def stay(request: HttpRequest) -> HttpResponse:
    """Select a schema and never let go of it."""
    activate_schema("acme")
    return HttpResponse(str(Item.objects.count()))


def broken(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        Item.objects.create(name="lost")
        raise ValueError


def stream(request: HttpRequest) -> StreamingHttpResponse:
    def names() -> Iterator[str]:
        yield from Item.objects.values_list("name", flat=True)

    return StreamingHttpResponse(names())


def change(request: HttpRequest) -> JsonResponse:
    change_schema(request, request.GET.get("to"))
    return where(request)


def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """A form for an item."""
    if request.method == "POST":
        Item.objects.filter(pk=pk).update(name=request.POST["name"])
    return HttpResponse(get_token(request))


urlpatterns: list[Any] = [
    path("admin/", admin.site.urls),
    path("items/", items),
    path("aitems/", aitems),
    path("where/", where),
    path("stay/", stay),
    path("broken/", broken),
    path("change/", change),
    path("stream/", stream),
    path("rename/<int:pk>/", rename),
]
