"""Which house a session works in: the page to choose one, and the selector in the admin's head."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from django_boardinghouse import Forbidden
from django_boardinghouse.middleware import change_schema
from django_boardinghouse.models import Schema


def schemata(request: HttpRequest) -> dict[str, Any]:
    """A context processor: the houses to choose from, and the one that is chosen."""
    if not request.user.is_staff:
        return {}
    houses = list(_houses(request.user))
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
    try:
        change_schema(request, request.POST.get("schema"))
    except Forbidden as error:
        messages.error(request, str(error))
    return redirect("admin:index" if request.session.get("schema") else "houses")


def _houses(user: Any) -> Any:
    """Members may choose their houses, and superusers any."""
    return (Schema.objects.all() if user.is_superuser else user.schemata.all()).active()
