"""The directory: asks Slack who people are and who is where, and keeps the answers."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient
from sqlalchemy import select

from bot.channels import Channel, set_members
from bot.db import Sessions
from bot.errors import MissingFactsError
from bot.people import Person
from bot.slack.client import Unreachable, error_name, pages

log = logging.getLogger(__name__)

GONE = frozenset({"channel_not_found", "not_in_channel", "missing_scope"})


class SlackDirectory:
    """Facts about people and channels, from Slack into the database."""

    def __init__(
        self, client: WebClient, sessions: Sessions, clock: Callable[[], datetime], team: str
    ) -> None:
        self._client = client
        self._sessions = sessions
        self._clock = clock
        self.team = team

    def fetch(self, missing: MissingFactsError) -> bool:
        """Ask for what is *missing* and store it; False when Slack does not tell."""
        try:
            for user in sorted(missing.users):
                self.fetch_person(user)
            if missing.channel is not None:
                self.fetch_channel(missing.channel)
        except Unreachable as error:
            log.warning("Slack did not tell: %s", error)
            return False
        return True

    def fetch_person(self, user: str) -> None:
        """Ask who *user* is."""
        response = self._client.users_info(user=user, include_locale=True)
        self.keep_person(response["user"])

    def keep_person(self, told: dict[str, Any]) -> None:
        """Store what Slack says of a user."""
        facts = person_facts(told, self._clock())
        with self._sessions.begin() as session:
            known = session.scalar(
                select(Person).where(Person.team == self.team, Person.slack_id == told["id"])
            )
            if known is None:
                session.add(Person(team=self.team, slack_id=told["id"], **facts))
                return
            for name, value in facts.items():
                setattr(known, name, value)

    def fetch_channel(self, channel: str) -> None:
        """Ask what *channel* is and who is in it."""
        try:
            told = self._client.conversations_info(channel=channel)["channel"]
            members = pages(self._client.conversations_members, "members", channel=channel)
        except SlackApiError as error:
            if error_name(error) not in GONE:
                raise
            told, members = {"id": channel, "is_member": False}, []
        with self._sessions.begin() as session:
            known = session.get(Channel, channel)
            if known is None:
                known = Channel(id=channel, has_bot=False)
                session.add(known)
            known.name = told.get("name") or (known.name or "")
            known.is_private = bool(told.get("is_private", known.is_private))
            known.is_archived = bool(told.get("is_archived", known.is_archived))
            known.has_bot = bool(told.get("is_member", False)) or bool(told.get("is_im"))
            known.refreshed_at = self._clock()
            session.flush()
            set_members(session, channel, members)


def person_facts(told: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The columns of a person, from Slack's user object."""
    profile = told.get("profile") or {}
    handle = told.get("name") or told["id"]
    return {
        "handle": handle,
        "name": _name(told, profile, handle),
        "email": profile.get("email"),
        "timezone": told.get("tz") or "UTC",
        "locale": told.get("locale") or "en-US",
        "is_guest": any(
            told.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger")
        ),
        "is_active": not told.get("deleted", False),
        "is_bot": bool(told.get("is_bot", False)),
        "refreshed_at": now,
    }


def _name(told: dict[str, Any], profile: dict[str, Any], handle: str) -> str:
    """The name a person has chosen to be shown; the real one where that is the handle again."""
    chosen = str(profile.get("display_name") or "")
    real = str(profile.get("real_name") or told.get("real_name") or "")
    if real and chosen.lower() in ("", handle.lower()):
        return real
    return chosen or handle
