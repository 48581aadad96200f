"""Uploading files: ask for an address, upload there, then share."""

from __future__ import annotations

import mimetypes

from slackbox.api.channels import writable_channel
from slackbox.api.chat import content_of
from slackbox.api.method import Args, Method
from slackbox.backend import Backend
from slackbox.content import Content
from slackbox.events import emit_message
from slackbox.limits import TIER_4
from slackbox.model import App, File, Json, Message
from slackbox.refusals import SlackError
from slackbox.shapes import file_json

MAX_BYTES = 1_000_000_000


def get_upload_url(backend: Backend, app: App, args: Args) -> Json:
    """files.getUploadURLExternal"""
    name, length = args.need("filename"), args.number("length", 0)
    if not 0 < length <= MAX_BYTES:
        raise SlackError("invalid_arguments", ["[ERROR] length must be a positive integer"])
    file = File(
        backend.workspace.new_id("F"), name, name, app.bot_user_id, int(backend.clock.now()), length
    )
    file.alt = args.text("alt_txt") or ""
    backend.workspace.files[file.id] = file
    return {"upload_url": f"{backend.url}/upload/v1/{file.id}", "file_id": file.id}


def _uploaded(backend: Backend, entries: object) -> list[File]:
    if not isinstance(entries, list) or not entries:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: files"])
    found = []
    for entry in entries:
        file = backend.workspace.files.get(entry.get("id", ""))
        if file is None or file.content is None:
            raise SlackError("file_not_found")
        file.title = entry.get("title") or file.name
        found.append(file)
    return found


def complete_upload(backend: Backend, app: App, args: Args) -> Json:
    """files.completeUploadExternal: makes the files real and, if asked, shares them"""
    files = _uploaded(backend, args.json("files"))
    for file in files:
        file.complete = True
        file.ready_at = backend.clock.now() + backend.file_lag
        file.mimetype = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if args.text("channel_id"):
        _share(backend, app, args, files)
    return {"files": [file_json(file, backend.url) for file in files]}


def _share(backend: Backend, app: App, args: Args, files: list[File]) -> None:
    channel = writable_channel(backend, app, Args({"channel": args.text("channel_id")}))
    comment = Args({"text": args.text("initial_comment"), "blocks": args.given.get("blocks")})
    shown = content_of(backend, comment) if comment.text("text") or comment.has("blocks") else None
    content = shown or Content("")
    thread_ts = args.text("thread_ts") or None
    if thread_ts is not None and thread_ts not in channel.messages:
        raise SlackError("thread_not_found")
    message = Message(
        ts=backend.workspace.timestamps.next(),
        channel=channel.id,
        user=app.bot_user_id,
        text=content.text,
        blocks=content.blocks,
        thread_ts=thread_ts,
        files=[file.id for file in files],
        bot_id=app.bot_id,
        app_id=app.app_id,
    )
    for file in files:
        file.channels.append(channel.id)
        file.shares.setdefault(channel.id, []).append(message.ts)
    backend.workspace.post(channel, message)
    emit_message(backend, channel, message)


def info(backend: Backend, app: App, args: Args) -> Json:
    """files.info: until the file is ready, its mimetype is empty"""
    file = backend.workspace.files.get(args.need("file"))
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    shape = file_json(file, backend.url)
    if backend.clock.now() < file.ready_at:
        shape |= {"mimetype": "", "filetype": "", "pretty_type": ""}
    return {"file": shape, "comments": []}


METHODS = (
    Method("files.getUploadURLExternal", get_upload_url, ("files:write",), TIER_4),
    Method("files.completeUploadExternal", complete_upload, ("files:write",), TIER_4),
    Method("files.info", info, ("files:read",), TIER_4),
)
