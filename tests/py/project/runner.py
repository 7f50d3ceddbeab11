"""The project's settings for Django's own test runner; the environment says where the server is."""

from __future__ import annotations

import os

from project.settings import *  # noqa: F403

DATABASES = {
    "default": {
        "ENGINE": "django_boardinghouse.backends.postgres",
        "NAME": "runner",
        "HOST": os.environ["PGHOST"],
        "PORT": os.environ["PGPORT"],
        "USER": os.environ["PGUSER"],
        "TEST": {"TEMPLATE": os.environ.get("PROJECT_TEMPLATE")},
    }
}
