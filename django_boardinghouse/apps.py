"""The app, label `boardinghouse`."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks
from django.core.signals import setting_changed
from django.db.models.signals import post_migrate, pre_migrate


class BoardinghouseConfig(AppConfig):
    """Tenants in schemata that the database keeps alike."""

    name = "django_boardinghouse"
    label = "boardinghouse"
    verbose_name = "boardinghouse"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django_boardinghouse import guards, lookups
        from django_boardinghouse.checks import (
            check_connections,
            check_migration_scopes,
            check_models,
            check_schema_model,
            check_settings,
        )
        from django_boardinghouse.placement_checks import check_places, check_router, check_rule
        from django_boardinghouse.shared import forget_answers
        from django_boardinghouse.steps import after_migrate, before_migrate

        guards.install()
        lookups.install()
        setting_changed.connect(forget_answers)
        pre_migrate.connect(before_migrate, sender=self)
        post_migrate.connect(after_migrate, sender=self)
        checks.register(check_settings)
        checks.register(check_connections, checks.Tags.database)
        checks.register(check_models, checks.Tags.models)
        checks.register(check_schema_model, checks.Tags.models)
        checks.register(check_migration_scopes)
        checks.register(check_router)
        checks.register(check_rule, checks.Tags.models)
        checks.register(check_places, checks.Tags.database)
