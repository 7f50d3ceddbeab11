"""Sphinx configuration: `sphinx-build -W docs docs/_build`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from boardinghouse_ext import version as _version  # noqa: E402

project = "boardinghouse"
author = "the boardinghouse contributors"
project_copyright = f"2026, {author}"
version = release = _version()

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
suppress_warnings = ["misc.highlighting_failure"]  # psql's own commands among the SQL
nitpicky = True

html_theme = "furo"
html_title = f"boardinghouse {release}"
html_copy_source = False
