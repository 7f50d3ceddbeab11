"""The database backend: `ENGINE = "django_boardinghouse.backends.postgres"`."""
