"""Fixtures every test may ask for."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office import Office, open_office

pytest_plugins = ["tests.databases", "tests.mailed"]

MEMORY, ENOUGH = Path("/dev/shm"), 4 * 2**30  # noqa: S108 - pytest makes a folder of its own there

# Thousands of databases are made and synced: in memory that waits for no disk, which on a busy
# machine takes longer than the bot waits for a lock.
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Anna's project Alpha, ready to be typed in."""
    with open_office(database_url) as office:
        yield office
