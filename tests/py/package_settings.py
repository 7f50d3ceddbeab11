"""Settings under which packages are migrated: plainly, or with their models in tenants.

BOARDINGHOUSE_TEST_ENGINE picks the backend, PGHOST and its like the server,
BOARDINGHOUSE_TEST_PACKAGE the package: "wagtail"; "unsquashed", which is Wagtail by the migrations
that it has squashed; "cms", which is django CMS by those.
"""

from __future__ import annotations

import os

from django.db.migrations.loader import MigrationLoader

ENGINE = os.environ["BOARDINGHOUSE_TEST_ENGINE"]
TENANTS = ENGINE.startswith("django_boardinghouse.")

SECRET_KEY = "a key for tests"  # noqa: S105
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
ROOT_URLCONF = "package_settings"
urlpatterns: list[object] = []
WAGTAIL_SITE_NAME = "Wagtail"
WAGTAILADMIN_BASE_URL = "http://localhost"

PACKAGE = os.environ["BOARDINGHOUSE_TEST_PACKAGE"]
WAGTAIL = [
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "modelcluster",
    "taggit",
]
APPS = {"wagtail": WAGTAIL, "unsquashed": WAGTAIL, "cms": ["cms", "menus", "treebeard", "sekizai"]}

INSTALLED_APPS = [
    *(["django_boardinghouse"] if TENANTS else []),
    *APPS[PACKAGE],
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sites",
]
SITE_ID = 1
LANGUAGES = [("en", "English")]
LANGUAGE_CODE = "en"
CMS_CONFIRM_VERSION4 = True


def load_disk(loader: MigrationLoader) -> None:
    """Leave out migrations that replace others which are still there."""
    LOAD_DISK(loader)
    migrations = loader.disk_migrations
    squashed = {
        key: migration
        for key, migration in migrations.items()
        if migration.replaces and all(replaced in migrations for replaced in migration.replaces)
    }
    for key in squashed:
        del migrations[key]
    for migration in migrations.values():
        migration.dependencies = [
            squashed[key].replaces[-1] if key in squashed else key for key in migration.dependencies
        ]


LOAD_DISK = MigrationLoader.load_disk
if PACKAGE in {"cms", "unsquashed"}:
    MigrationLoader.load_disk = load_disk  # type: ignore[method-assign]

DATABASE_ROUTERS = ["django_boardinghouse.routers.SchemaRouter"] if TENANTS else []

DATABASES = {
    "default": {
        "ENGINE": ENGINE,
        "NAME": os.environ["PGDATABASE"],
        "USER": os.environ["PGUSER"],
        "HOST": os.environ["PGHOST"],
        "PORT": os.environ["PGPORT"],
        "PASSWORD": os.environ.get("PGPASSWORD", ""),
    }
}

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    *(["django_boardinghouse.middleware.SchemaMiddleware"] if TENANTS else []),
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
