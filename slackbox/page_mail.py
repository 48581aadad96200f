"""The mails on the page: their list, one of them opened, and its HTML in a room of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import islice

from aiohttp import web

from slackbox.backend import Backend
from slackbox.calendar_sheet import badge, sheet
from slackbox.mail import Mail
from slackbox.model import Json, User
from slackbox.refusals import ImpossibleError

AT_ONCE = 100

HEADERS = ("From", "To", "Cc", "Reply-To", "Date", "Message-ID", "Auto-Submitted")

NO_SCRIPTS = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; "
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
)
"""What a browser lets a mail's HTML do: look like something, and be measured by the page."""

OUTSIDE = '<!doctype html><base target="_blank">'
"""Links lead out of the frame."""


def mails(backend: Backend, user: User, query: Mapping[str, str]) -> Json:
    """The newest mails with certain words in whom they went to and what they are about."""
    words, wanted = query.get("words", "").casefold().split(), query.get("limit", "")
    limit = int(wanted) if wanted.isdecimal() else AT_ONCE
    people = _people(backend)
    found = (mail for mail in reversed(backend.post.mails) if _has(words, people, mail))
    shown = list(islice(found, limit + 1))
    return {
        "mails": [_listed(people, mail, user) for mail in shown[:limit]],
        "has_more": len(shown) > limit,
        "unread": backend.post.unread(user.id),
    }


def _people(backend: Backend) -> dict[str, str]:
    """The names of the workspace's people by their addresses."""
    users = backend.workspace.users.values()
    return {user.email.lower(): user.real_name for user in users if user.email}


def _names(people: dict[str, str], mail: Mail) -> str:
    return ", ".join(people.get(address.lower(), address) for address in mail.recipients)


def _has(words: list[str], people: dict[str, str], mail: Mail) -> bool:
    if not words:
        return True
    text = f"{_names(people, mail)} {' '.join(mail.recipients)} {mail.subject}".casefold()
    return all(word in text for word in words)


def _listed(people: dict[str, str], mail: Mail, user: User) -> Json:
    return {
        "id": mail.id,
        "to": _names(people, mail),
        "subject": mail.subject,
        "shown_at": mail.received_at,
        "badge": badge(mail.told, mail.held) if mail.told else None,
        "is_unread": user.id not in mail.readers,
    }


def opened(backend: Backend, user: User, mail_id: str) -> Json:
    """One mail as its reader has it; looking at it marks it as read."""
    mail = backend.post.mail(mail_id)
    mail.readers.add(user.id)
    return {
        **_listed(_people(backend), mail, user),
        "recipients": list(mail.recipients),
        "headers": [
            {"name": name, "value": value} for name in HEADERS if (value := mail.header(name))
        ],
        "html": f"/box/mails/{mail.id}" if mail.html else None,
        "plain": mail.plain,
        "source": mail.calendar.decode("utf-8", "replace"),
        "calendar": _sheet(mail),
        "answer": mail.answer,
        "awaits_answer": backend.post.awaits(mail),
        "unread": backend.post.unread(user.id),
    }


def _sheet(mail: Mail) -> Json | None:
    if mail.told is None:
        return None
    try:
        return sheet(mail.told, mail.held, datetime.fromtimestamp(mail.received_at, UTC))
    except (ValueError, OverflowError):  # days no calendar has: its source can still be read
        return None


def routes(backend: Backend) -> list[web.RouteDef]:
    """Where the page's frame finds the HTML of a mail."""

    async def body(request: web.Request) -> web.Response:
        try:
            mail = backend.post.mail(request.match_info["mail"])
        except ImpossibleError as refusal:
            raise web.HTTPNotFound(text=str(refusal)) from None
        return web.Response(
            text=OUTSIDE + mail.html,
            content_type="text/html",
            charset="utf-8",
            headers={"Content-Security-Policy": NO_SCRIPTS, "X-Content-Type-Options": "nosniff"},
        )

    return [web.get("/box/mails/{mail}", body)]
