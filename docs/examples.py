"""Run the SQL examples of the docs, and compare what they print with what the docs say.

Each page runs from top to bottom in psql, in a new database of a private server. A block marked
`sql` is run; if a block marked `text` follows it, that is its output. What stands in a comment
that begins with `<!--sql` is run too, and not shown.

    python docs/examples.py [--update] [PAGE ...]
"""

from __future__ import annotations

import argparse
import difflib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from boardinghouse_ext.server import PrivateServer  # noqa: E402

BLOCK = re.compile(
    r"^```sql\n(?P<sql>.*?)^```\n(?:\s*^```text\n(?P<text>.*?)^```\n)?|^<!--sql\n(?P<hidden>.*?)^-->",
    re.MULTILINE | re.DOTALL,
)
MARK = "-- end of an example --"
# What psql prints of a function that returns nothing: left out.
VOID = re.compile(r"^ \w+\n-+\n\n\n", re.MULTILINE)
SETTINGS = r"\set SHOW_CONTEXT never" "\n" r"\pset footer off" "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--update", action="store_true", help="write into the docs what came out")
    arguments = parser.parse_args()
    pages = arguments.pages or [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
    differ = 0
    with PrivateServer() as server:
        for number, page in enumerate(pages):
            before = page.read_text(encoding="utf-8")
            after = with_output(before, server, f"docs_{number}")
            if arguments.update:
                page.write_text(after, encoding="utf-8")
            elif before != after:
                differ += 1
                lines = (before.splitlines(keepends=True), after.splitlines(keepends=True))
                sys.stdout.writelines(difflib.unified_diff(*lines, str(page), "what came out"))
    return 1 if differ else 0


def with_output(page: str, server: PrivateServer, database: str) -> str:
    """The text of a page with the output that its examples have on this server."""
    blocks = list(BLOCK.finditer(page))
    if not blocks:
        return page
    subprocess.run(["createdb", database], env=server.environment, check=True)
    script = SETTINGS + "".join(f"{code(block)}\n\\echo {MARK}\n" for block in blocks)
    done = subprocess.run(
        ["psql", "--no-psqlrc", "--quiet"],
        input=script,
        env={**server.environment, "PGDATABASE": database},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    outputs = re.sub(r"[ \t]+$", "", done.stdout, flags=re.MULTILINE).split(f"{MARK}\n")
    parts: list[str] = []
    end = 0
    for block, output in zip(blocks, outputs, strict=False):
        text = VOID.sub("", output).strip("\n") + "\n"
        if block["text"] is None:
            if "ERROR:" in text:
                raise SystemExit(f"an example fails: {code(block)}\n{text}")
            continue
        parts += [page[end : block.start("text")], text]
        end = block.end("text")
    return "".join([*parts, page[end:]])


def code(block: re.Match[str]) -> str:
    return block["hidden"] or block["sql"]


if __name__ == "__main__":
    sys.exit(main())
