"""A bare ASGI application that only acks, under uvicorn."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from benchmarks.box import Facts
from benchmarks.client import Client
from benchmarks.processes import free_port, python, wait_until_open


@contextmanager
def served(facts: Facts, folder: Path) -> Iterator[Client]:
    """A connection to the bare application."""
    port = free_port()
    with python("-m", "benchmarks.ack", str(port), cwd=folder) as process:
        wait_until_open(port, process)
        client = Client(port, facts)
        yield client
        client.close()


async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Take the request, answer it with nothing."""
    while (await receive()).get("more_body"):
        pass
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
    )
    await send({"type": "http.response.body", "body": b""})


if __name__ == "__main__":
    uvicorn.run(
        answer, host="127.0.0.1", port=int(sys.argv[1]), lifespan="off", log_level="warning",
        access_log=False,
    )  # fmt: skip
