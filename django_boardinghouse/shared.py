"""Is a model shared by all tenants, or does each tenant have a table for it?

Only what makes a table asks; where an existing table is, is a fact of the database.
The backend is loaded with the first model of all, so no module that it needs defines one.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models import Model

from django_boardinghouse import conf

REGISTRY_TABLE = '"boardinghouse"."schema"'

REQUIRED_SHARED_MODELS = frozenset(
    {
        "admin.logentry",
        "auth.group",
        "auth.permission",
        "auth.user",
        "boardinghouse.schema",
        "contenttypes.contenttype",
        "migrations.migration",
        "sessions.session",
        "sites.site",
    }
)
"""Models that are shared whatever the settings say; the project's user model is another."""


def is_shared_model(model: type[Model]) -> bool:
    """Return whether a model, of today or of a migration's state, is shared.

    It is where it derives from `SharedSchemaMixin`, is one of `REQUIRED_SHARED_MODELS` or the user
    model, or is in `SHARED_MODELS`; where it is not in `PRIVATE_MODELS`, also where its app is in
    `BOARDINGHOUSE_SHARED_APPS`, or it joins nothing but shared models.
    """
    return _is_shared(model, frozenset())


_answers: WeakKeyDictionary[type[Model], bool] = WeakKeyDictionary()


def has_tenants_rows(model: Any) -> bool:
    """Return whether rows of a model are the tenants'; what is no model has none.

    Remembers the answer until `forget_answers` is called: every query asks.
    """
    try:
        return _answers[model]
    except KeyError:
        answer = issubclass(model, Model) and not is_shared_model(model)
        if apps.models_ready:
            _answers[model] = answer
        return answer


@cache
def _tables() -> dict[str, bool]:
    return {
        model._meta.db_table: has_tenants_rows(model)
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
    }


def is_tenants_table(name: str, meta: Any) -> bool:
    """Return whether a table is the tenants'; `meta`: of the model that is asked for."""
    answer = _tables().get(name)
    return has_tenants_rows(meta.model) if answer is None else answer


def forget_answers(**_: object) -> None:
    """Forget which models are shared; receives `setting_changed`."""
    _answers.clear()
    _tables.cache_clear()


def is_registry(model: type[Model]) -> bool:
    """Return whether a model, of today or of a migration's state, is that of the registry."""
    return model._meta.db_table == REGISTRY_TABLE


def is_key_to_tenants(model: type[Model], field: Any) -> bool:
    """Return whether a field would be a foreign key from a shared table to a table of tenants."""
    target = getattr(field.remote_field, "model", None)
    return (
        isinstance(target, type)
        and field.concrete
        and getattr(field, "db_constraint", False)
        and is_shared_model(model)
        and not is_shared_model(target)
    )


def is_always_shared(model: type[Model]) -> bool:
    """Return whether a model is shared by its name or class, so that `PRIVATE_MODELS` may not."""
    concrete = model._meta.concrete_model or model
    label = concrete._meta.label_lower
    return (
        label in REQUIRED_SHARED_MODELS
        or label == settings.AUTH_USER_MODEL.lower()
        or bool(getattr(concrete, "_is_shared_model", False))
        or label in conf.shared_models()
    )


def names_of_app(config: AppConfig) -> set[str]:
    """Return the names by which a setting may mean an app: its label, its module, its class."""
    return {config.label, config.name, f"{type(config).__module__}.{type(config).__qualname__}"}


def _is_of_shared_app(model: type[Model]) -> bool:
    """Return whether the app of a model is shared; a join that Django has made goes by its ends."""
    names = conf.shared_apps()
    label = model._meta.app_label
    if not names or model._meta.auto_created:
        return False
    return label in names or (
        label in apps.app_configs and not names.isdisjoint(names_of_app(apps.app_configs[label]))
    )


def _is_shared(model: type[Model], seen: frozenset[str]) -> bool:
    concrete = model._meta.concrete_model or model
    label = concrete._meta.label_lower
    if is_always_shared(model):
        return True
    if label in seen:  # a circle of joins: the others decide
        return True
    if label in conf.private_models():
        return False
    if _is_of_shared_app(concrete):
        return True
    targets = _targets(concrete)
    return _is_join(concrete, targets) and all(
        isinstance(target, type) and _is_shared(target, seen | {label}) for target in targets
    )


def _is_join(model: type[Model], targets: list[type[Model]]) -> bool:
    """Return whether a model has several fields, all of them keys, and not only to itself."""
    fields = model._meta.local_fields
    return (
        len(fields) > 1
        and all(field.primary_key or field.remote_field for field in fields)
        and any(target is not model for target in targets)
    )


def _targets(model: type[Model]) -> list[type[Model]]:
    return [field.remote_field.model for field in model._meta.local_fields if field.remote_field]
