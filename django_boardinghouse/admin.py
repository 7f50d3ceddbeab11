"""The tenants in the admin: adding one makes its schema, and deactivating is all the deleting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from django_boardinghouse.exceptions import SchemaError
from django_boardinghouse.models import Host, Schema, SchemaQuerySet
from django_boardinghouse.registry import get_schema_model


class HostForm(forms.ModelForm):  # type: ignore[type-arg]
    """A host name that is there stays as it is: it is a key, and Django would not save another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields["host"].widget.attrs["readonly"] = True


class HostInline(admin.TabularInline):  # type: ignore[type-arg]
    """The host names of a tenant."""

    model = Host
    form = HostForm
    extra = 0


class SchemaAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Tenants, their users and hosts, and whether they may be selected.

    Of a child of `Schema` the child's own fields, too.
    """

    list_display = ("name", "schema", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "schema")
    filter_horizontal = ("users",)
    fields = ("schema", "name", "is_active", "users")
    actions = ("activate", "deactivate")
    inlines = (HostInline,)

    def get_fields(self, request: HttpRequest, obj: Schema | None = None) -> Any:
        """Return the fields of `Schema`, and those that a child of it adds."""
        added = [
            field.name
            for field in (*self.opts.local_fields, *self.opts.local_many_to_many)
            if field.editable and not (field.remote_field and field.remote_field.parent_link)
        ]
        fields = super().get_fields(request, obj)
        return [*fields, *(name for name in added if name not in fields)]

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


admin.site.register(get_schema_model(), SchemaAdmin)
