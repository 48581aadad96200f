"""The HTTP server and the post office beside it, on a loop in a thread of their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from aiohttp import web

from slackbox import dispatch, page_api, page_mail, uploads
from slackbox.backend import Backend
from slackbox.response_endpoint import serve_response

T = TypeVar("T")
MAX_BODY = 64 * 1024 * 1024


def application(backend: Backend) -> web.Application:
    """Every route of the workspace."""

    async def api(request: web.Request) -> web.StreamResponse:
        return await dispatch.serve(backend, request)

    async def link(request: web.Request) -> web.StreamResponse:
        return await backend.sockets.serve(request)

    async def answers(request: web.Request) -> web.StreamResponse:
        return await serve_response(backend, request)

    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_post("/api/{method}", api)
    app.router.add_get("/api/{method}", api)
    app.router.add_get("/link/", link)
    app.router.add_post("/response/{token}", answers)
    app.add_routes(uploads.routes(backend))
    app.add_routes(page_mail.routes(backend))
    app.add_routes(page_api.routes(backend))
    return app


class Server:
    """Runs the application; other threads hand it work and wait for the result."""

    def __init__(self, backend: Backend, host: str, port: int) -> None:
        self._backend = backend
        self._host, self._port = host, port
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stop = asyncio.Event()

    @property
    def is_running(self) -> bool:
        """Whether it was started and not stopped."""
        return self._loop is not None

    def start(self) -> None:
        """Start the thread and wait until the port is open. Raises OSError when it is taken."""
        ready: threading.Event = threading.Event()
        failures: list[BaseException] = []
        self._thread = threading.Thread(
            target=self._run, args=(ready, failures), name="slackbox", daemon=True
        )
        self._thread.start()
        ready.wait()
        if failures:
            self._thread.join()
            raise failures[0]

    def stop(self) -> None:
        """Close every connection and end the thread."""
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop = None

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the loop; its result."""
        if self._loop is None:
            work.close()
            raise RuntimeError("the workspace is not running: call start() first")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def call(self, function: Callable[[], T]) -> T:
        """Run a function on the loop; directly while nothing runs, or when already there."""
        if self._loop is None or threading.current_thread() is self._thread:
            return function()

        async def work() -> T:
            return function()

        return self.wait(work())

    def _run(self, ready: threading.Event, failures: list[BaseException]) -> None:
        try:
            asyncio.run(self._serve(ready))
        except OSError as failure:
            failures.append(failure)
        finally:
            ready.set()

    async def _serve(self, ready: threading.Event) -> None:
        backend = self._backend
        self._stop = asyncio.Event()
        runner = web.AppRunner(application(backend), access_log=None, shutdown_timeout=0.05)
        await runner.setup()
        site = web.TCPSite(runner, self._host, self._port, reuse_address=True)
        try:
            await site.start()
            await backend.post.open(self._host)
            self._port = runner.addresses[0][1]
            host = f"[{self._host}]" if ":" in self._host else self._host
            backend.begin(f"http://{host}:{self._port}")
            self._loop = asyncio.get_running_loop()
            ready.set()
            await self._stop.wait()
        finally:
            backend.closing.set()
            backend.changes.close()
            await backend.tasks.end()
            await backend.sockets.close()
            await backend.http.close()
            await backend.post.close()
            await runner.cleanup()
