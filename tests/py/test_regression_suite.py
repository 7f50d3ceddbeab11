"""A few quick files of PostgreSQL's regression tests, run as `make conformance` runs them all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

SUITE = Path(__file__).parents[1] / "conformance"
sys.path.insert(0, str(SUITE))

import known  # noqa: E402
import run  # noqa: E402
import source  # noqa: E402

pytestmark = pytest.mark.once

FILES = ["truncate", "replica_identity"]


def test_postgresqls_own_tests_change_every_tenant_as_they_change_the_template(
    tmp_path: Path,
) -> None:
    try:
        version, suite = source.fetch(run.find_server().version, run.ROOT / "build" / "regress")
    except LookupError as error:
        pytest.skip(str(error))
    cluster = run.Cluster(suite, run.find_server(version).version)
    try:
        results = [run.run_file(cluster, name, tmp_path) for name in FILES]
    finally:
        cluster.server.stop()
    for result in results:
        assert result.problems == []
        assert result.changes > 20
        assert result.clone == "clean"


def test_what_may_be_refused_is_in_the_manual() -> None:
    manual = " ".join(
        " ".join(page.read_text().split()) for page in (SUITE.parents[1] / "docs").glob("*.md")
    )
    entries = [entry for entry in known.refusals() if "file" not in entry]
    assert entries
    for entry in entries:
        assert entry["docs"] in manual


def test_each_thing_that_is_known_to_differ_has_a_reason() -> None:
    for entry in known.entries():
        assert len(entry["reason"]) > 20, entry
