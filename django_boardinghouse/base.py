"""What a model derives from so that its rows are shared, and a manager so that it reads many."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from django_boardinghouse.multischema import MultiSchemaManager, MultiSchemaMixin

__all__ = ["MultiSchemaManager", "MultiSchemaMixin", "SharedSchemaMixin", "SharedSchemaModel"]


class SharedSchemaMixin:
    """Marks a model as shared. It is kept in the `bases` of the model's migration."""

    _is_shared_model: ClassVar[bool] = True


class SharedSchemaModel(SharedSchemaMixin, models.Model):
    """An abstract model that is shared."""

    class Meta:
        abstract = True
