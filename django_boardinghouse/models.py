"""The tenants as a model, over the registry that the database keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import NotSupportedError, connections, models, router

from django_boardinghouse.base import SharedSchemaMixin
from django_boardinghouse.exceptions import translated
from django_boardinghouse.fields import SchemaNameField


class SchemaQuerySet(models.QuerySet["Schema"]):
    """Tenants. Making a row makes the schema; deleting one only deactivates it."""

    def active(self) -> Self:
        """Return those that may be used."""
        return self.filter(is_active=True)

    def inactive(self) -> Self:
        """Return those that may not."""
        return self.filter(is_active=False)

    def delete(self, *, drop: bool = False) -> tuple[int, dict[str, int]]:
        """Deactivate these tenants; with `drop`, drop them and all their rows.

        Returns how many, as Django's does.
        """
        if not drop:
            count = self.update(is_active=False)
        else:
            self._for_write = True
            using = self.db
            names = list(self.using(using).values_list("pk", flat=True))
            for name in names:
                _call("drop_schema", [name], using=using)
            count = len(names)
        self._result_cache = None
        return count, {self.model._meta.label: count} if count else {}

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _insert(
        self,
        objs: Iterable[Schema],
        fields: Any,
        returning_fields: Collection[Any] | None = None,
        raw: bool = False,
        using: str | None = None,
        on_conflict: Any = None,
        update_fields: Any = None,
        unique_fields: Any = None,
    ) -> list[Any]:
        """Make schemata: every way of the ORM to insert a row comes here."""
        if on_conflict is not None:
            msg = "a schema cannot be made on the condition that there is none of its name"
            raise NotSupportedError(msg)
        using = using or self.db
        rows = []
        for obj in objs:
            obj.name = obj.name or obj.schema
            _call("create_schema", [obj.schema, obj.name], using=using)
            if not obj.is_active:
                self.using(using).filter(pk=obj.schema).update(is_active=False)
            rows.append(tuple(getattr(obj, field.attname) for field in returning_fields or ()))
        return rows if returning_fields else []

    _insert.alters_data = True  # type: ignore[attr-defined]
    _insert.queryset_only = False  # type: ignore[attr-defined]


class Schema(SharedSchemaMixin, models.Model):
    """A tenant: a schema of the database, a name to show, and the users who may select it."""

    schema = SchemaNameField(
        primary_key=True, help_text="The name of the schema in the database. It stays as it is."
    )
    name = models.TextField(blank=True, help_text="The name to show; the schema's if left empty.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Nobody can select a schema that is not active."
    )
    users = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="schemata",
        db_table="boardinghouse_schema_users",
        help_text="Who may select this schema. Superusers may select any.",
    )

    objects = SchemaQuerySet.as_manager()

    _saved_as: str | None = None

    class Meta:
        managed = False
        db_table = '"boardinghouse"."schema"'
        base_manager_name = "objects"
        ordering = ("name",)
        verbose_name_plural = "schemata"

    def __str__(self) -> str:
        return self.name or self.schema

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        instance = super().from_db(*args, **kwargs)
        instance._saved_as = instance.__dict__.get("schema")
        return instance

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        """Save, the schema with it where it is new.

        Raises `ValidationError` where the schema's name was changed, `SchemaExists` where there is
        one of that name, and `InvalidSchemaName` where the database does not take the name.
        """
        if self._saved_as not in {None, self.schema}:
            raise ValidationError({"schema": "may not change schema after creation."})
        if self._state.adding and not (kwargs.get("raw") or kwargs.get("force_update")):
            kwargs["force_insert"] = kwargs.get("force_insert") or (models.Model,)
        super().save_base(*args, **kwargs)
        self._saved_as = self.schema

    def delete(
        self, using: str | None = None, keep_parents: bool = False, *, drop: bool = False
    ) -> tuple[int, dict[str, int]]:
        """Deactivate this tenant; with `drop`, drop it and all its rows."""
        using = using or router.db_for_write(type(self), instance=self)
        found: Any = type(self)._base_manager.using(using).filter(pk=self.pk)
        deleted: tuple[int, dict[str, int]] = found.delete(drop=drop)
        self.is_active = False
        return deleted


def _call(function: str, arguments: list[str], *, using: str) -> None:
    """Call one of the extension's functions."""
    places = ", ".join(["%s"] * len(arguments))
    with translated(), connections[using].cursor() as cursor:
        cursor.execute(f"SELECT boardinghouse.{function}({places})", arguments)
