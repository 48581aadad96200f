"""The directory: asks Slack who people are and who is where, and keeps the answers."""

import logging
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar
from zoneinfo import available_timezones

from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channels import Channel, set_members
from bot.db import Sessions
from bot.errors import MissingFactsError
from bot.people import Person, names_of
from bot.slack.client import Unreachable, error_name, pages

log = logging.getLogger(__name__)
T = TypeVar("T")

UNTOLD = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
GONE = frozenset({"channel_not_found", "not_in_channel", "missing_scope"})


class SlackDirectory:
    """Facts about people and channels, from Slack into the database."""

    def __init__(
        self,
        client: WebClient,
        sessions: Sessions,
        clock: Callable[[], datetime],
        team: str,
        executor: Executor,
        left: Callable[[str], None],
        read: Callable[[str, str | None], None],
    ) -> None:
        """*left* is told the user ids of those who turn out to have left.

        *read* reads what was written in a thread before a message.
        """
        self._client = client
        self._sessions = sessions
        self._clock = clock
        self.team = team
        self._executor = executor
        self._left = left
        self._read = read
        self._asking: set[str] = set()
        self._lock = Lock()

    def fetch(self, missing: MissingFactsError) -> bool:
        """Ask for what is *missing* and store it; False when Slack does not tell."""
        try:
            for user in sorted(missing.users):
                self.fetch_person(user)
            if missing.channel is not None:
                self.fetch_channel(missing.channel)
            if missing.thread is not None:
                self._read(missing.thread, missing.before)
        except Unreachable as error:
            log.warning("Slack did not tell: %s", error)
            missing.is_refused = isinstance(error, SlackApiError) and error_name(error) in UNTOLD
            return False
        return True

    def refresh(self, users: frozenset[str]) -> None:
        """Ask anew who *users* are, behind the scenes; nobody is asked for twice at once."""
        with self._lock:
            new = users - self._asking
            self._asking |= new
        for user in new:
            self._executor.submit(self._refresh, user)

    def _refresh(self, user: str) -> None:
        try:
            self.fetch_person(user)
        except (*Unreachable, SQLAlchemyError) as error:
            log.warning("%s is not known anew: %s", user, error)
        finally:
            with self._lock:
                self._asking.discard(user)

    def meet(self, users: frozenset[str]) -> None:
        """Get to know those of *users* not met yet, as far as Slack tells."""
        with self._sessions() as session:
            known = names_of(session, self.team, users)
        for user in sorted(users - known.keys()):
            self.fetch(MissingFactsError(users=frozenset({user})))

    def fetch_person(self, user: str) -> None:
        """Ask who *user* is."""
        response = self._client.users_info(user=user, include_locale=True)
        self.keep_person(response["user"])

    def keep_person(self, told: dict[str, Any]) -> None:
        """Store what Slack says of a user."""
        facts = person_facts(told, self._clock())

        def keep(session: Session) -> bool:
            known = session.scalar(
                select(Person).where(Person.team == self.team, Person.slack_id == told["id"])
            )
            if known is None:
                session.add(Person(team=self.team, slack_id=told["id"], **facts))
                return False
            for name, value in facts.items():
                setattr(known, name, value)
            return not facts["is_active"]

        if self._store(keep):
            self._left(told["id"])

    def _store(self, keep: Callable[[Session], T]) -> T:
        """Do *keep* in a transaction; once more where somebody else stored the same meanwhile."""
        try:
            with self._sessions.begin() as session:
                return keep(session)
        except IntegrityError:
            with self._sessions.begin() as session:
                return keep(session)

    def fetch_channel(self, channel: str) -> None:
        """Ask what *channel* is and who is in it."""
        try:
            told = self._client.conversations_info(channel=channel)["channel"]
            members = pages(self._client.conversations_members, "members", channel=channel)
        except SlackApiError as error:
            if error_name(error) not in GONE:
                raise
            told, members = {"id": channel, "is_member": False}, []

        def keep(session: Session) -> None:
            known = session.get(Channel, channel, with_for_update=True)
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

        self._store(keep)


def person_facts(told: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The columns of a person, from Slack's user object."""
    profile = told.get("profile") or {}
    handle = told.get("name") or told["id"]
    return {
        "handle": handle,
        "name": _name(told, profile, handle),
        "email": profile.get("email"),
        "timezone": _zone(told.get("tz")),
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


def _zone(told: str | None) -> str:
    """The zone Slack names, where this machine knows it."""
    return told if told and told in available_timezones() else "UTC"
