"""The model of tenants: `Schema`, or a child of it that a setting names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from django_boardinghouse import conf

if TYPE_CHECKING:
    from django_boardinghouse.models import Schema


def get_schema_model() -> type[Schema]:
    """Return the model of tenants: `BOARDINGHOUSE_SCHEMA_MODEL`, by default `Schema`.

    Raises `ImproperlyConfigured` where the setting is not of the form "app_label.model", names a
    model that is not installed, or one that is no child of `Schema`.
    """
    label = conf.schema_model()
    setting = f'BOARDINGHOUSE_SCHEMA_MODEL is "{label}"'
    try:
        model = apps.get_model(label, require_ready=False)
    except ValueError as error:
        msg = f'{setting}, and must be of the form "app_label.model".'
        raise ImproperlyConfigured(msg) from error
    except LookupError as error:
        msg = f"{setting}, and no such model is installed."
        raise ImproperlyConfigured(msg) from error
    if not issubclass(model, apps.get_model("boardinghouse.Schema", require_ready=False)):
        msg = f"{setting}, and that is no child of boardinghouse.Schema."
        raise ImproperlyConfigured(msg)
    return model
