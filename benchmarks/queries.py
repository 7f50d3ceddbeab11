"""How long queries of one row take through the ORM: run by run.py, a batch for each line it reads.

In a process of its own for each side: the plain one knows nothing of this package.

    python benchmarks/queries.py plain|session|transaction psycopg|psycopg2 BATCH

`loop`: queries of one tenant. `switch`: of two in turns; the plain side sends SET search_path
before each. Prints seconds for each query.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import django
from django.conf import settings

TENANTS = ("acme", "globex")


def main() -> None:
    path, driver, batch = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if driver == "psycopg2":
        sys.modules["psycopg"] = None  # type: ignore[assignment]
    database = settings.DATABASES["default"]
    if path == "plain":
        database["ENGINE"] = "django.db.backends.postgresql"
        database["OPTIONS"] = {"options": f"-c search_path={TENANTS[0]},public"}
        settings.DATABASE_ROUTERS = []
        settings.INSTALLED_APPS.remove("django_boardinghouse")
    else:
        database["BOARDINGHOUSE_PATH"] = path
    settings.DEBUG = False
    django.setup()

    from django.db import connection

    from example.bookings.models import Board

    def loop() -> None:
        with schema(TENANTS[0]):
            for _ in range(batch):
                Board.objects.get(pk=1)

    def switch() -> None:
        for number in range(batch):
            with schema(TENANTS[number % 2]):
                Board.objects.get(pk=1)

    @contextmanager
    def schema_by_hand(name: str) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(f"SET search_path = {name}, public")
        yield

    schema: Callable[[str], AbstractContextManager[None]] = schema_by_hand
    if path != "plain":
        from django_boardinghouse import schema

    kinds = {"loop": loop, "switch": switch}
    for line in sys.stdin:
        connection.ensure_connection()
        began = time.perf_counter()
        kinds[line.strip()]()
        print((time.perf_counter() - began) / batch, flush=True)


if __name__ == "__main__":
    main()
