"""A PostgreSQL of the bench's own, which keeps its commits as one in earnest does."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.databases import address, execute, start_server, stop_server

MILESTONES = "milestones"
"""A second database, for very many of them."""

SETTINGS = {"listen_addresses": "''", "max_connections": "50"}


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The address of an empty database; the server in *folder* ends with it."""
    folder.parent.chmod(0o755)  # the server runs as a user of its own
    folder.mkdir()
    (folder / "pid").write_text(str(os.getpid()))
    start_server(folder, SETTINGS)
    try:
        home = folder / "postgres"
        for name in ("bench", MILESTONES):
            execute(home, f"CREATE DATABASE {name} TEMPLATE template0")
        yield address(home, "bench")
    finally:
        stop_server(folder)
