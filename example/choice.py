"""Which house a session works in: the page to choose one, and the selector in the admin's head."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_boardinghouse.models import Schema


def schemata(request: HttpRequest) -> dict[str, Any]:
    """A context processor: the houses to choose from, and the one that is chosen."""
    if not request.user.is_staff:
        return {}
    houses = list(_houses(request))
    chosen = request.session.get("schema")
    return {
        "houses": houses,
        "house": next((house for house in houses if house.schema == chosen), None),
    }


@staff_member_required
def houses(request: HttpRequest) -> HttpResponse:
    """The page to choose a house on."""
    context = {**admin.site.each_context(request), "title": "Choose a house"}
    return render(request, "houses.html", context)


@require_POST
@staff_member_required
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the house in the session; from the next request on, its rows are what is there."""
    chosen = request.POST.get("schema", "")
    if not chosen:
        request.session.pop("schema", None)
        return redirect("houses")
    house = _houses(request).filter(schema=chosen).first()
    if house is None:
        messages.error(request, "There is no such house for you.")
        return redirect("houses")
    request.session["schema"] = house.schema
    return redirect("admin:index")


def _houses(request: HttpRequest) -> Any:
    return Schema.objects.filter(is_active=True).order_by("name")
