"""What `make demo` and `make serve` run: the example project, from its first line to its last."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "example"


class Browser:
    """Just enough of a browser: it keeps cookies, follows redirects and posts forms."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        handler = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(handler)

    def get(self, path: str) -> str:
        return self._open(path, None)

    def post(self, path: str, **fields: str) -> str:
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        fields["csrfmiddlewaretoken"] = token or ""
        return self._open(path, urllib.parse.urlencode(fields).encode())

    def _open(self, path: str, data: bytes | None) -> str:
        address = urllib.parse.urljoin(self.address, path)
        request = urllib.request.Request(address, data)  # noqa: S310
        with self.opener.open(request, timeout=60) as response:
            text: str = response.read().decode()
            return text


@contextmanager
def serve(folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(EXAMPLE / "serve.py"), "--port", "0", "--data", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the account of the server may be given: pytest's own are closed to it."""
    with tempfile.TemporaryDirectory(prefix="boardinghouse-") as name:
        yield Path(name)


def address(process: subprocess.Popen[str]) -> str:
    """Wait for the line that says where to look."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if match := re.search(r"http://127\.0\.0\.1:\d+/", line):
            return match[0]
    raise AssertionError(said)


def log_in(process: subprocess.Popen[str]) -> Browser:
    browser = Browser(address(process))
    browser.get("/admin/login/")
    index = browser.post("/admin/login/", username="admin", password="admin", next="/admin/")  # noqa: S106
    assert "Choose a house" in index
    return browser


def test_the_demo_ends_by_itself_and_all_is_well() -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLE / "demo.py")], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "verify()" in done.stdout
    assert "\033" not in done.stdout, "colour is for terminals"


@pytest.mark.once
def test_the_models_have_all_their_migrations(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLE / "manage.py"), "makemigrations", "--check", "--dry-run"],
        capture_output=True,
        text=True,
        env={**os.environ, "PGHOST": str(tmp_path), "PYTHONWARNINGS": "ignore"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_admin_shows_the_rows_of_the_house_that_is_chosen(folder: Path) -> None:
    with serve(folder) as process:
        browser = log_in(process)
        index = browser.get("/admin/")
        assert "Countries" in index
        assert "/admin/bookings/" not in index, "without a house there are no books"

        pages = {}
        for schema, name in {"seaview": "Seaview", "adler": "Pension Adler"}.items():
            assert name in browser.post("/choose/", schema=schema)
            pages[schema] = browser.get("/admin/bookings/guest/")
            for model in ("room", "booking", "invoice", "board", "roomtype"):
                assert "results" in browser.get(f"/admin/bookings/{model}/")
        rows = {schema: guests(page) for schema, page in pages.items()}
        assert rows["seaview"] != rows["adler"]
        assert all(rows.values())

        assert "may not select" in browser.post("/choose/", schema="__template__")
        assert guests(browser.get("/admin/bookings/guest/")) == rows["adler"]


@pytest.mark.slow
def test_a_server_that_was_stopped_starts_again_with_its_rows(folder: Path) -> None:
    seen = []
    for _ in range(2):
        with serve(folder) as process:
            browser = log_in(process)
            browser.post("/choose/", schema="three_oaks")
            seen.append(guests(browser.get("/admin/bookings/guest/")))
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=60)
            assert process.returncode == 0, rest
            assert "Stopped." in rest
            assert "Traceback" not in rest
    assert seen[0] == seen[1] != []


def guests(page: str) -> list[str]:
    """The names in the first column of the admin's list."""
    return re.findall(r'<th class="field-name"><a [^>]*>([^<]+)</a>', page)
