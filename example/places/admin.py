"""Countries in the admin: there whether or not a house is chosen."""

from __future__ import annotations

from django.contrib import admin

from example.places.models import Country


@admin.register(Country)
class CountryAdmin(admin.ModelAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "code"]
