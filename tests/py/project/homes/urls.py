"""The admin of a project whose registry model is its own."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.urls import path

from django_boardinghouse.admin import SchemaAdmin
from project.homes.models import Home

site = AdminSite(name="homes")
site.register(Home, SchemaAdmin)

urlpatterns: list[Any] = [path("homes/", site.urls)]
