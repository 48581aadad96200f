"""Marking: the bot's reactions are put at people's messages, and taken away, as they are owed."""

import logging
from collections.abc import Callable
from threading import Event
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient

from bot.db import reading
from bot.delivery import reactions
from bot.delivery.reactions import Reaction
from bot.office import Office
from bot.slack.client import AUTH_ERRORS, UNSURE_ERRORS, Unreachable, error_name

log = logging.getLogger(__name__)

BATCH = 20
FAILURES = 3  # in a turn; one message at which Slack fails keeps no others waiting
BUSY = frozenset({"ratelimited", "rate_limited"})
SETTLED = frozenset({"already_reacted", "no_reaction", "message_not_found", "too_many_reactions"})
"""Answers after which a reaction is as it can be."""


class Marker:
    """Puts the marks that are owed; *ends* stops it, *wanted* asks for another turn."""

    def __init__(self, office: Office, client: WebClient, ends: Event, wanted: Event) -> None:
        self._office = office
        self._client = client
        self._ends = ends
        self._wanted = wanted

    def mark(self) -> None:
        """Have the marks stand that are owed, as far as Slack takes them."""
        while not self._ends.is_set():
            with reading(self._office.sessions) as session:
                owed = list(reactions.owed(session, BATCH))
            done: list[Reaction] = []
            for tried, reaction in enumerate(owed):
                if self._ends.is_set() or tried - len(done) == FAILURES:
                    break
                if self._react(reaction):
                    done.append(reaction)
            if done:
                with self._office.changing() as session:
                    reactions.stand(session, done)
            if len(done) < BATCH:
                return

    def _react(self, reaction: Reaction) -> bool:
        """Put the wanted mark at a message, take ours away that is not; False to try later."""
        try:
            for name in reactions.surplus(reaction):
                self._settled(self._client.reactions_remove, reaction, name)
            if reaction.wanted is not None:
                self._settled(self._client.reactions_add, reaction, reaction.wanted)
        except SlackApiError as error:
            if error_name(error) in BUSY:
                self._ends.wait(_wait_of(error))
                self._wanted.set()
                return False
            log.warning("a line was not marked: %s", error)
            return not _may_pass(error)  # what Slack does not let us do is not asked again
        except Unreachable as error:
            log.warning("a line was not marked: %s", error)
            return False
        return True

    def _settled(self, call: Callable[..., Any], reaction: Reaction, name: str) -> None:
        try:
            call(channel=reaction.channel, timestamp=reaction.ts, name=name)
        except SlackApiError as error:
            if error_name(error) not in SETTLED:
                raise


def _may_pass(error: SlackApiError) -> bool:
    """Whether it is no matter of this message: Slack or the token fails just now."""
    is_down = error.response.status_code >= 500
    return is_down or error_name(error) in UNSURE_ERRORS | AUTH_ERRORS


def _wait_of(error: SlackApiError) -> float:
    headers: dict[str, str] = getattr(error.response, "headers", {})
    told = {name.lower(): value for name, value in headers.items()}
    return float(told.get("retry-after", 1))
