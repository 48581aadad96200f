"""The bytes of files: up through the address an app was given, down for people and apps."""

from __future__ import annotations

from aiohttp import BodyPartReader, web

from slackbox.backend import Backend
from slackbox.model import File


def routes(backend: Backend) -> list[web.RouteDef]:
    """Where files go up and down."""

    async def upload(request: web.Request) -> web.Response:
        file = _file(backend, request)
        content = await _content(request)
        if len(content) != file.length:
            return web.Response(status=400, text=f"expected {file.length} bytes")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def for_apps(request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        apps = backend.workspace.apps.values()
        if not any(token == app.bot_token and "files:read" in app.scopes for app in apps):
            return web.Response(status=302, headers={"Location": f"{backend.url}/"})
        return _served(_file(backend, request))

    async def for_people(request: web.Request) -> web.Response:
        return _served(_file(backend, request))

    return [
        web.post("/upload/v1/{file}", upload),
        web.get("/files-pri/{file}/{name:.+}", for_apps),
        web.get("/box/files/{file}", for_people),
        web.get("/box/files/{file}/{name:.+}", for_people),
    ]


def _file(backend: Backend, request: web.Request) -> File:
    file = backend.workspace.files.get(request.match_info["file"])
    if file is None:
        raise web.HTTPNotFound(text="no such file")
    return file


def _served(file: File) -> web.Response:
    if not file.complete or file.content is None:
        raise web.HTTPNotFound(text="not uploaded yet")
    return web.Response(
        body=file.content,
        content_type=file.mimetype,
        headers={"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"},
    )


async def _content(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.filename:
            return bytes(await part.read())
    return b""
