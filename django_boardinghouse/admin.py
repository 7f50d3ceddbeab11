"""The tenants in the admin: adding one makes its schema, and deactivating is all the deleting."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from django_boardinghouse.exceptions import SchemaError
from django_boardinghouse.models import Schema, SchemaQuerySet


@admin.register(Schema)
class SchemaAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Tenants, their users, and whether they may be selected."""

    list_display = ("name", "schema", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "schema")
    filter_horizontal = ("users",)
    fields = ("schema", "name", "is_active", "users")
    actions = ("activate", "deactivate")

    def get_readonly_fields(self, request: HttpRequest, obj: Schema | None = None) -> Any:
        """Keep the schema of a tenant as it is once it is there."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else (*fields, "schema")

    def has_delete_permission(self, request: HttpRequest, obj: Schema | None = None) -> bool:
        """Refuse: dropping a tenant's rows is for psql or a shell."""
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form, and what the database says where it refuses."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except SchemaError as error:
            self.message_user(request, str(error).partition("\n")[0], messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    @admin.action(description="Activate the selected schemata", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: SchemaQuerySet) -> HttpResponse | None:
        """Let the selected tenants be selected again."""
        self.message_user(request, f"{queryset.update(is_active=True)} activated.")
        return None

    @admin.action(description="Deactivate the selected schemata", permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: SchemaQuerySet) -> HttpResponse | None:
        """Keep the selected tenants, and let nobody select them."""
        self.message_user(request, f"{queryset.delete()[0]} deactivated.")
        return None
