"""Settings of the example. What is not an example of anything is as `startproject` leaves it."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent

# The backend puts tenant models into the template; the server is the one that libpq finds.
DATABASES = {
    "default": {
        "ENGINE": "django_boardinghouse.backends.postgres",
        "NAME": os.environ.get("PGDATABASE", "example"),
        "USER": os.environ.get("PGUSER", ""),
        "PASSWORD": os.environ.get("PGPASSWORD", ""),
        "HOST": os.environ.get("PGHOST", ""),
        "PORT": os.environ.get("PGPORT", ""),
    }
}

# Django's own models are shared already, and models that nobody names are the tenants'.
DATABASE_ROUTERS = ["django_boardinghouse.routers.SchemaRouter"]

SHARED_MODELS = ["places.country"]

INSTALLED_APPS = [
    "django_boardinghouse",
    "example.places",
    "example.bookings",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

# The schema of a request is the one in its session.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_boardinghouse.middleware.SchemaMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "example.choice.schemata",
            ],
        },
    }
]

ROOT_URLCONF = "example.urls"
STATIC_URL = "static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LOGIN_URL = "admin:login"

# For 127.0.0.1 only.
SECRET_KEY = "an example has nothing to hide"  # noqa: S105
DEBUG = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
