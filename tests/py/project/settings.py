"""Settings of the project; where its database is, `project.fixtures` says for each test."""

from __future__ import annotations

import os

SECRET_KEY = "a key for tests"  # noqa: S105
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "project.urls"
STATIC_URL = "/static/"
ALLOWED_HOSTS = ["testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Other ways to run the tests: test_django_transaction.py.
BOARDINGHOUSE_PATH = os.environ.get("PROJECT_PATH", "session")

DATABASES = {
    alias: {"ENGINE": "django_boardinghouse.backends.postgres", "NAME": "none"}
    for alias in ("default", "other")
}

DATABASE_ROUTERS = ["django_boardinghouse.routers.SchemaRouter"]

SHARED_MODELS = ["Hub.Currency"]  # in any case
PRIVATE_MODELS = ["hub.country_neighbours"]

INSTALLED_APPS = [
    "project.shop",
    "project.hub",
    "project.homes",
    "django_boardinghouse",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
]

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_boardinghouse.middleware.SchemaMiddleware",
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
