"""A headless Chromium without a network, for tests of pages."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH")

#: What a page says to the console, and what it could not load.
_COMPLAINT = re.compile(r"(?:CONSOLE.*|net::ERR_\w+.*)")


def load(page: Path, *options: str) -> tuple[str, list[str]]:
    """Load a page with the network off; returns its document and what it complained of."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [
                CHROMIUM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--enable-logging=stderr",
                f"--user-data-dir={profile}",
                "--virtual-time-budget=2000",
                *options,
                "--dump-dom",
                page.resolve().as_uri(),
            ],
            capture_output=True,
            check=True,
        )
    complaints = _COMPLAINT.findall(done.stderr.decode("utf-8", "replace"))
    return done.stdout.decode("utf-8"), complaints
