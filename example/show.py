"""Print for a person to read: headings, commands, tables; colour on a terminal only."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 92
_COLOURS = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def heading(text: str) -> None:
    """Print the title of a part."""
    print(f"\n{_paint('1', text)}\n{'-' * len(text)}", flush=True)


def say(text: str) -> None:
    """Print a sentence or two."""
    print(textwrap.fill(" ".join(text.split()), WIDTH), flush=True)


def command(prompt: str, text: str, seconds: float | None = None) -> None:
    """Print what was typed, and how long it took."""
    lines = textwrap.dedent(text).strip().splitlines()
    took = f"{seconds * 1000:.0f} ms" if seconds is not None else ""
    for number, line in enumerate(lines):
        start = f"  {prompt} " if number == 0 else " " * (len(prompt) + 3)
        end = took if number == len(lines) - 1 else ""
        gap = max(2, WIDTH - len(start) - len(line) - len(end)) if end else 0
        print(f"{start}{_paint('36', line)}{' ' * gap}{end}", flush=True)


def output(text: str) -> None:
    """Print what a program answered."""
    for line in text.rstrip().splitlines():
        print(f"    {line}".rstrip(), flush=True)


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their headers; numbers to the right."""
    rows = [list(row) for row in rows]
    texts = [[_text(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headers, *texts, strict=True)]
    right = [
        all(isinstance(row[place], int | float) for row in rows) for place in range(len(headers))
    ]

    def line(cells: Iterable[str]) -> str:
        places = zip(cells, widths, right, strict=True)
        return "  ".join(
            cell.rjust(width) if is_right else cell.ljust(width) for cell, width, is_right in places
        ).rstrip()

    print(f"    {_paint('2', line(headers))}")
    print(f"    {_paint('2', line('-' * width for width in widths))}")
    for cells in texts:
        print(f"    {line(cells)}")
    sys.stdout.flush()


def verdict(is_good: bool, text: str) -> None:
    """Print what was checked, and what came out."""
    mark = _paint("32", "ok") if is_good else _paint("1;31", "NO")
    print(f"  {mark}  {text}", flush=True)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _paint(colour: str, text: str) -> str:
    return f"\033[{colour}m{text}\033[0m" if _COLOURS else text
