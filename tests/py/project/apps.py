"""Apps that tests write on the spot."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any


class WrittenApp:
    """An app that was written and installed."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder

    def migration(self, name: str) -> Any:
        """Return the module of one of its migrations."""
        return import_module(f"{self.name}.migrations.{name}")


App = Callable[..., WrittenApp]


@contextmanager
def written_apps(root: Path, settings: Any, monkeypatch: Any) -> Iterator[App]:
    """Give a function that writes an app with these migrations, and installs it."""
    monkeypatch.syspath_prepend(root)
    written: list[str] = []

    def write(name: str, migrations: dict[str, str], models: str = "") -> WrittenApp:
        folder = root / name
        (folder / "migrations").mkdir(parents=True)
        for file in (folder / "__init__.py", folder / "migrations" / "__init__.py"):
            file.write_text("")
        (folder / "models.py").write_text(
            "from django.db import models\n" + textwrap.dedent(models)
        )
        for migration, text in migrations.items():
            (folder / "migrations" / f"{migration}.py").write_text(
                "from django.db import migrations, models\n" + textwrap.dedent(text)
            )
        written.append(name)
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, name]
        return WrittenApp(name, folder)

    yield write
    for module in list(sys.modules):
        if module.partition(".")[0] in written:
            del sys.modules[module]
