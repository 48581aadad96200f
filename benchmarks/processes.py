"""Processes the bench starts, waits for and ends."""

import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import FailedError

ROOT = Path(__file__).parent.parent
PATIENCE_S = 60.0
POLL_S = 0.002

Process = subprocess.Popen[str]


@contextmanager
def python(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Iterator[Process]:
    """A Python process in the folder *cwd*, ended at the end; what it complains of goes to a log.

    Nothing of this process's environment reaches it, but where programs are.
    """
    own = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with (cwd / "log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=cwd,
            env={**own, "PYTHONPATH": str(ROOT), **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE_S)


def told_by(process: Process) -> str:
    """The next line *process* writes. Raises `FailedError` if it ends instead."""
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise FailedError(f"{process.args!r} ended without a word; see its log")
    return line.strip()


def free_port() -> int:
    """A port nobody listens on, and that the system gives to nobody who asks it for one."""
    while True:
        port = random.randrange(20_000, 30_000)  # noqa: S311 - no secret
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


def wait_until_open(port: int, process: Process) -> None:
    """Wait until *process* listens on *port*. Raises `FailedError` if it never does."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(POLL_S)
    raise FailedError(f"{process.args!r} does not listen on {port}; see its log")


def memory_of(process: Process) -> float:
    """The resident memory of *process*, in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    if found is None:
        raise FailedError("this system does not tell the memory of a process")
    return int(found[1]) / 1024
