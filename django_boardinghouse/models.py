"""The tenants as a model, over the registry that the database keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Self

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import NotSupportedError, connections, models, router, transaction

from django_boardinghouse.base import SharedSchemaMixin, SharedSchemaModel
from django_boardinghouse.exceptions import SchemaNotFound
from django_boardinghouse.fields import SchemaNameField
from django_boardinghouse.functions import call
from django_boardinghouse.refusals import refuse_new_tenants
from django_boardinghouse.shared import REGISTRY_TABLE, is_registry

__all__ = ["Host", "Schema", "SchemaManager", "SchemaQuerySet"]


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
            names = list(self.using(using).values_list("schema", flat=True))
            for name in names:
                call("drop_schema", [name], using=using)
            count = len(names)
        self._result_cache = None
        return count, {self.model._meta.label: count} if count else {}

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    async def adelete(self, *, drop: bool = False) -> tuple[int, dict[str, int]]:
        """Do what `delete` does."""
        return await sync_to_async(self.delete)(drop=drop)

    adelete.alters_data = True  # type: ignore[attr-defined]
    adelete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Schema], *args: Any, **kwargs: Any) -> list[Schema]:
        """Make tenants, all or none; those of a child of `Schema` one by one, with signals.

        Raises as `save()` does, and `NotSupportedError` for options that allow for conflicts.
        """
        if is_registry(self.model):
            return super().bulk_create(objs, *args, **kwargs)
        if any(args[1:]) or any(kwargs.get(option) for option in _ON_CONFLICT):
            raise NotSupportedError(_UNCONDITIONAL)
        self._for_write = True
        using = self.db
        objs = list(objs)
        with transaction.atomic(using=using, savepoint=False):
            for obj in objs:
                obj.save(force_insert=True, using=using)
        return objs

    bulk_create.alters_data = True  # type: ignore[attr-defined]

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
        """Make schemata: every way of the ORM to insert a row comes here.

        A child's row that a fixture has before the row of the registry makes the schema, too.
        """
        if on_conflict is not None:
            raise NotSupportedError(_UNCONDITIONAL)
        using = using or self.db
        objs = list(objs)
        if not is_registry(self.model):
            if raw:
                _make_missing([obj.pk for obj in objs], using=using)
            rows: list[Any] = super()._insert(  # type: ignore[misc]
                objs, fields, returning_fields=returning_fields, raw=raw, using=using
            )
            return rows
        replay = getattr(connections[using], "replay", None)
        if replay is not None:
            refuse_new_tenants(replay.step, [obj.schema for obj in objs])
        rows = []
        for obj in objs:
            if not obj._state.adding and obj._state.db == using and not raw:
                # Django has tried to update it, and would put an empty tenant in its place.
                raise SchemaNotFound(_GONE.format(obj.schema))
            obj.name = obj.name or obj.schema
            call("create_schema", [obj.schema, obj.name], using=using)
            if not obj.is_active:
                self.using(using).filter(pk=obj.schema).update(is_active=False)
            rows.append(tuple(getattr(obj, field.attname) for field in returning_fields or ()))
        return rows if returning_fields else []

    _insert.alters_data = True  # type: ignore[attr-defined]
    _insert.queryset_only = False  # type: ignore[attr-defined]


_ON_CONFLICT = ("ignore_conflicts", "update_conflicts")
_GONE = 'schema "{}" does not exist any more: it was dropped or renamed since its row was read'
_UNCONDITIONAL = "a schema cannot be made on the condition that there is none of its name"


class SchemaManager(models.Manager.from_queryset(SchemaQuerySet)):  # type: ignore[misc]
    """Tenants, of today and of a migration's state."""

    use_in_migrations = True


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

    objects = SchemaManager()

    _saved_as: str | None = None

    class Meta:
        managed = False
        db_table = REGISTRY_TABLE
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
        one of that name, `InvalidSchemaName` where the database does not take the name, and
        `SchemaNotFound` where it was dropped since this row was read.
        """
        for link in self._meta.parents.values():
            if link is not None and not self.schema:  # Tenant(schema_ptr=schema)
                self.schema = getattr(self, link.attname)
        if self._saved_as not in {None, self.schema}:
            raise ValidationError({"schema": "may not change schema after creation."})
        is_update = kwargs.get("force_update") or kwargs.get("update_fields")
        if self._state.adding and not (kwargs.get("raw") or is_update):
            kwargs["force_insert"] = (models.Model,)
        super().save_base(*args, **kwargs)
        self._saved_as = self.schema

    def delete(
        self, using: str | None = None, keep_parents: bool = False, *, drop: bool = False
    ) -> tuple[int, dict[str, int]]:
        """Deactivate this tenant; with `drop`, drop it and all its rows.

        `keep_parents`, of a child of `Schema`: delete the child's own row, and nothing else.
        """
        if keep_parents:
            return super().delete(using=using, keep_parents=True)
        using = using or router.db_for_write(type(self), instance=self)
        found: Any = type(self)._base_manager.using(using).filter(pk=self.pk)
        deleted: tuple[int, dict[str, int]] = found.delete(drop=drop)
        self.is_active = False
        return deleted

    async def adelete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Do what `delete` does, with the same arguments."""
        return await sync_to_async(self.delete)(*args, **kwargs)


class Host(SharedSchemaModel):
    """A host name that means a tenant."""

    host = models.CharField(
        max_length=253,
        primary_key=True,
        validators=[
            RegexValidator(
                r"\A[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\Z",
                "A host name in lower case, without a port.",
            )
        ],
        help_text="In lower case, without a port.",
    )
    schema = models.ForeignKey(Schema, models.CASCADE, related_name="hosts")

    class Meta:
        ordering = ("host",)

    def __str__(self) -> str:
        return self.host or ""  # of one that was deleted, the admin asks


def _make_missing(names: list[str], *, using: str) -> None:
    """Make the schemata among these that are not there yet."""
    found = Schema.objects.using(using).filter(pk__in=names).values_list("pk", flat=True)
    for name in sorted(set(names).difference(found)):
        call("create_schema", [name], using=using)
