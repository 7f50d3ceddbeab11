"""How long Django's migrate takes when there is nothing to do: run by run.py, prints seconds.

In a process of its own, as in a deployment, but without the time that Python and Django need to
start: that is the same with and without tenants, and would only hide a difference.
"""

from __future__ import annotations

import time

import django
from django.core.management import call_command


def main() -> None:
    django.setup()
    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
