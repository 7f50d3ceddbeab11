"""PostgreSQL's regression tests: got out of its source package with apt, never kept in git.

apt runs with lists and a cache of its own, as whoever we are, and changes nothing on the system.
Its sources are those of the machine with `deb-src` for `deb`. Where they have no source of the
version asked for, the code name of the machine's release is replaced by those of later releases.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

LATER_RELEASES = {"bookworm": ["trixie", "forky", "sid"], "trixie": ["forky", "sid"]}

OFFERED = range(15, 20)


def fetch(version: int, folder: Path) -> tuple[int, Path]:
    """The major version of the suite and its folder, in `folder`; got at the first time only.

    It is that of `version`, or else of the nearest version that apt has. Raises `LookupError` where
    apt has none.
    """
    for offered in sorted(OFFERED, key=lambda other: (abs(other - version), other)):
        suite = folder / str(offered)
        if (suite / "parallel_schedule").exists() or _get(offered, suite):
            return offered, suite
    msg = "apt has no source package of PostgreSQL: is this Debian, and is it online?"
    raise LookupError(msg)


def _get(version: int, suite: Path) -> bool:
    """Whether some release has the source of this version; then the suite is there now."""
    for release, entries in _sources():
        apt = _Apt(suite.parent / "apt" / release, entries)
        tarball = apt.download(f"postgresql-{version}")
        if tarball is not None:
            shutil.rmtree(suite, ignore_errors=True)
            _extract(tarball, suite)
            return True
    return False


def _sources() -> Iterator[tuple[str, str]]:
    """The releases to look into, each with its sources: the machine's own first."""
    own = "".join(
        _with_source(file.read_text(), file.suffix)
        for place in (Path("/etc/apt"), Path("/etc/apt/sources.list.d"))
        for file in sorted(place.glob("*.list")) + sorted(place.glob("*.sources"))
    )
    yield "own", own
    codename = _codename()
    for later in LATER_RELEASES.get(codename, []):
        # Later releases may have no updates of their own.
        plain = [line for line in own.splitlines() if f" {codename}-" not in line]
        yield later, "\n".join(plain).replace(codename, later) + "\n"


def _with_source(text: str, suffix: str) -> str:
    """The entries of a file of apt's, as one-line entries for the source packages."""
    if suffix == ".list":
        lines = (re.match(r"\s*deb(?:-src)?\s+(.*)", line) for line in text.splitlines())
        return "".join(f"deb-src {line[1]}\n" for line in lines if line)
    entries = ""
    for paragraph in re.split(r"\n\s*\n", text):
        lines = [line for line in paragraph.splitlines() if not line.startswith("#")]
        fields = {
            key.strip().lower(): value.split()
            for key, _, value in (line.partition(":") for line in lines)
        }
        if fields.get("enabled") == ["no"]:
            continue
        signed = fields.get("signed-by")
        option = f"[signed-by={signed[0]}] " if signed else ""
        entries += "".join(
            f"deb-src {option}{uri} {suite} {' '.join(fields.get('components', []))}\n"
            for uri in fields.get("uris", [])
            for suite in fields.get("suites", [])
        )
    return entries


def _codename() -> str:
    release = Path("/etc/os-release")
    found = re.search(r"^VERSION_CODENAME=(\S+)", release.read_text(), re.MULTILINE)
    return found[1] if found else ""


class _Apt:
    """apt with sources, lists and cache of its own, in a folder."""

    def __init__(self, folder: Path, entries: str) -> None:
        self._folder = folder
        self._new = not folder.exists()
        for name in ("lists/partial", "cache/archives/partial", "parts", "download"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "sources.list").write_text(entries)
        (folder / "status").touch()
        (folder / "apt.conf").write_text(
            f"""\
Dir::Etc::SourceList "{folder}/sources.list";
Dir::Etc::SourceParts "{folder}/parts";
Dir::State::Lists "{folder}/lists";
Dir::State::Status "{folder}/status";
Dir::Cache "{folder}/cache";
APT::Sandbox::User "{pwd.getpwuid(os.getuid()).pw_name}";
Acquire::Languages "none";
"""
        )
        if self._new:
            self._run("apt-get", "update")

    def download(self, package: str) -> Path | None:
        """PostgreSQL's own tar archive out of the source package; None where apt cannot get it."""
        shown = self._run("apt-cache", "showsrc", "--only-source", package).stdout
        place = self._folder / "download"
        # The newest may be missing where a mirror is behind.
        for version in re.findall(rf"^Package: {package}$.*?^Version: (\S+)$", shown, re.M | re.S):
            source = f"{package}={version}"
            self._run("apt-get", "source", "--download-only", "--only-source", source, cwd=place)
            found = sorted(place.glob(f"{package}_{version.partition('-')[0]}.orig.tar.*[!c]"))
            if found:
                return found[0]
        return None

    def _run(self, *command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        # What the machine's configuration says would come last: options say it once more.
        options = [
            f"--option={line.split(' ', 1)[0]}={line.split(' ', 1)[1].strip(';').strip(chr(34))}"
            for line in (self._folder / "apt.conf").read_text().splitlines()
        ]
        return subprocess.run(
            [command[0], *options, *command[1:]],
            check=False,
            cwd=cwd or self._folder,
            capture_output=True,
            text=True,
        )


def _extract(tarball: Path, suite: Path) -> None:
    """Take the regression tests out of the archive."""
    with tarfile.open(tarball) as archive:
        for member in archive:
            _, found, path = member.name.partition("/src/test/regress/")
            if found and path:
                member.name = path
                archive.extract(member, suite, filter="data")
