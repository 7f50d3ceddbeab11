"""A small project for tests: a shop whose rows are the tenants', a hub whose rows are shared.

Importing it makes Django ready, unless DJANGO_SETTINGS_MODULE leaves that to Django.
"""

from __future__ import annotations

import os

import django
from django.conf import settings as django_settings

from project import settings as project_settings

if "DJANGO_SETTINGS_MODULE" not in os.environ and not django_settings.configured:
    django_settings.configure(
        **{name: value for name, value in vars(project_settings).items() if name.isupper()}
    )
    django.setup()
