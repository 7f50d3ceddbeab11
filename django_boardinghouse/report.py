"""What `migrate` says of data steps: on its line of the terminal, or more sparingly in a log.

It is no bar as in `progress`, which would wipe out the line that Django has begun with the name of
the migration and ends with "OK", and would leave a log without a word for hours.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

AT_MOST_EVERY = 0.1
"""Seconds between two changes of a line on a terminal."""
LINE_EVERY = 10.0
"""Seconds between two lines elsewhere."""

T = TypeVar("T")


class Report:
    """Says on `stdout` how far it is; says nothing without one, or at verbosity 0."""

    def __init__(self, stdout: Any = None, verbosity: int = 1) -> None:
        self._out = stdout if verbosity >= 1 else None
        self._is_terminal = bool(self._out is not None and self._out.isatty())
        self._shown = 0

    def say(self, text: str) -> None:
        """Say something on a line of its own, which may go on."""
        if self._out is not None:
            self._erase()
            self._write(f"\n    {text}")

    def through(self, things: Sequence[T], what: str, unit: str) -> Iterator[T]:
        """Yield these things, and say how many of them are done: `what: 3 of 7 unit`."""
        last = time.monotonic()
        has_said = False
        try:
            for number, thing in enumerate(things):
                now = time.monotonic()
                if self._is_terminal and (not number or now - last >= AT_MOST_EVERY):
                    self._show(f" {what}: {number} of {len(things)} {unit}, {thing}")
                    last = now
                elif not self._is_terminal and now - last >= LINE_EVERY:
                    self.say(f"{what}: {number} of {len(things)} {unit}")
                    last, has_said = now, True
                yield thing
        finally:
            self._erase()
        if has_said:
            self.say(f"{what}: {len(things)} of {len(things)} {unit}")

    def _show(self, text: str) -> None:
        gap = max(0, self._shown - len(text))
        self._write("\b" * self._shown + text + " " * gap + "\b" * gap)
        self._shown = len(text)

    def _erase(self) -> None:
        if self._shown:
            self._write("\b" * self._shown + " " * self._shown + "\b" * self._shown)
            self._shown = 0

    def _write(self, text: str) -> None:
        if self._out is not None:
            self._out.write(text, ending="")
            self._out.flush()


SILENT = Report()
