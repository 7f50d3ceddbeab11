"""What is known to differ, and why: known.toml and refusals.toml."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text())


def refusals() -> list[dict[str, Any]]:
    """What may be refused."""
    return list(_read("refusals.toml")["refusal"])


def entries() -> list[dict[str, Any]]:
    """What is known to differ."""
    return [*_read("known.toml").get("fact", []), *_read("known.toml").get("output", [])]


def refusal(file: str, state: str, message: str, detail: str, hint: str) -> str | None:
    """Why this may be refused; None where nothing says so."""
    text = f"{state} {message}\n{detail}\n{hint}"
    for entry in refusals():
        if entry.get("file", file) != file:
            continue
        found = re.search(entry["pattern"], text, re.MULTILINE)
        if found:
            return found.expand(entry["reason"])
    return None


def is_expected(file: str, fact: str, *, at_end: bool, query: str = "") -> bool:
    """Whether this fact of a tenant may differ from the template's in this file, after `query`."""
    return any(
        entry["file"] == file
        and not (at_end and entry.get("passes"))
        and re.search(entry["pattern"], fact)
        and re.search(entry.get("query", ""), query)
        for entry in _read("known.toml").get("fact", [])
    )


@dataclass(frozen=True)
class Difference:
    """A statement whose output differs: its text, and the lines with - and +."""

    sql: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([*(f"  {line}" for line in self.sql.splitlines()), *self.lines])

    @property
    def adds(self) -> bool:
        """Whether there are more lines, and none is gone but the count of rows and the frame."""
        plain = Counter(_bare(line) for line in self.lines if line.startswith("-"))
        mirrored = Counter(_bare(line) for line in self.lines if line.startswith("+"))
        return all(re.fullmatch(r"\(\d+ rows?\)|[-+]*", line) for line in plain - mirrored)


def _bare(line: str) -> str:
    """A line of a table without its layout, which depends on the widest value."""
    line = line[1:]
    return "" if re.fullmatch(r"[-+]+", line) else re.sub(r"\s+", " ", line).strip()


def differences(script: str, plain: list[str], diff: str) -> list[Difference]:
    """The hunks of a unified diff without context, gathered by the statement they belong to."""
    echo = set(script.splitlines())
    found: dict[tuple[int, str], list[str]] = {}
    for match in re.finditer(r"^@@ -(\d+)(?:,(\d+))? .*\n((?:[-+\\].*\n)*)", diff, re.MULTILINE):
        # Where lines are added only, the number is that of the line before.
        at = int(match[1]) - (0 if match[2] == "0" else 1)
        end = at
        while end > 0 and (plain[end - 1] not in echo or not plain[end - 1].strip()):
            end -= 1
        start = end - 1
        while (
            start > 0
            and plain[start - 1] in echo
            and not re.search(r";\s*(--.*)?$|^\s*$|^\\\\", plain[start - 1])
        ):
            start -= 1
        sql = "\n".join(plain[max(start, 0) : end])
        found.setdefault((end, sql), []).extend(match[3].splitlines())
    return [Difference(sql, tuple(lines)) for (_, sql), lines in found.items()]


def sort_out(
    file: str, echo: str, found: list[Difference]
) -> tuple[list[Difference], list[Difference], list[str]]:
    """The differences of a file that are not listed, those that are, and listed ones not found.

    Those count that were run: each version of PostgreSQL has its own.
    """
    entries = [entry for entry in _read("known.toml").get("output", []) if entry["file"] == file]
    listed = [one for one in found if any(_matches(entry, one) for entry in entries)]
    gone = [
        str(entry["sql"])
        for entry in entries
        if str(entry["sql"]).strip("\n") in echo
        and not entry.get("optional")
        and not any(_matches(entry, one) for one in found)
    ]
    return [one for one in found if one not in listed], listed, gone


def _matches(entry: dict[str, Any], found: Difference) -> bool:
    """Whether the entry is of this statement; unless it says otherwise, lines come in only."""
    if str(entry["sql"]).strip("\n") != found.sql.strip("\n"):
        return False
    return found.adds or bool(entry.get("changes"))


def append(file: str, found: list[Difference]) -> None:
    """List these differences of a file, to be given their reasons by hand."""
    entries = ""
    for one in dict.fromkeys((one.sql, one.adds) for one in found):
        sql, adds = one
        entries += f'\n[[output]]\nfile = "{file}"\nreason = "?"\n'
        entries += "" if adds else "changes = true\n"
        entries += f"sql = '''\n{sql}\n'''\n"
    with (HERE / "known.toml").open("a") as stream:
        stream.write(entries)
