"""What a model derives from so that its rows are shared by all tenants."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SharedSchemaMixin:
    """Marks a model as shared. It is kept in the `bases` of the model's migration."""

    _is_shared_model: ClassVar[bool] = True


class SharedSchemaModel(SharedSchemaMixin, models.Model):
    """An abstract model that is shared."""

    class Meta:
        abstract = True
