"""A house's books in the admin: the rows are those of the house that the session has chosen."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from example.bookings.models import Board, Booking, Guest, Invoice, Room, RoomType


class TenantAdmin(admin.ModelAdmin):
    """Models of a house. Without a house there is nothing to see, and nothing to list."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _house(request) and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _house(request) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _house(request) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _house(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _house(request) and super().has_delete_permission(request, obj)


def _house(request: HttpRequest) -> bool:
    return bool(request.session.get("schema"))


class BookingInline(admin.TabularInline):
    model = Booking
    extra = 0


@admin.register(Guest)
class GuestAdmin(TenantAdmin):
    list_display = ["name", "country", "telephone", "email", "is_regular"]
    list_filter = ["is_regular", ("country", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["country"]
    search_fields = ["name", "email"]
    autocomplete_fields = ["country"]
    inlines = [BookingInline]


@admin.register(Room)
class RoomAdmin(TenantAdmin):
    list_display = ["number", "type", "beds", "rate"]
    list_filter = ["type"]
    list_select_related = ["type"]


@admin.register(Booking)
class BookingAdmin(TenantAdmin):
    list_display = ["guest", "room", "board", "arrives", "departs"]
    list_filter = ["board", "room"]
    list_select_related = ["guest", "room", "board"]
    autocomplete_fields = ["guest"]
    date_hierarchy = "arrives"


@admin.register(Invoice)
class InvoiceAdmin(TenantAdmin):
    list_display = ["number", "booking", "amount", "is_paid", "written_by"]
    list_filter = ["is_paid"]
    list_select_related = ["booking__guest", "written_by"]
    autocomplete_fields = ["written_by"]


@admin.register(Board)
class BoardAdmin(TenantAdmin):
    list_display = ["name", "per_night"]


@admin.register(RoomType)
class RoomTypeAdmin(TenantAdmin):
    list_display = ["name"]
