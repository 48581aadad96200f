"""The door's tools: what every Slack listener needs to answer."""

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient
from slack_sdk.webhook import WebhookClient

from bot.command import Form
from bot.context import Place
from bot.inbound import Request
from bot.messages import Message
from bot.office import Office
from bot.slack import forms, home
from bot.slack.client import Unreachable, error_name
from bot.values import ChannelId

log = logging.getLogger(__name__)
Body = dict[str, Any]
ANY = re.compile("")
"""Matches every command, action and view: one listener each, the rest is our own table."""


@dataclass(frozen=True)
class Door:
    """Where requests go, and the client their answers leave by.

    What Slack need not wait for is done by *later*, after the ack; before it, calls are *quick*.
    """

    office: Office
    client: WebClient
    quick: WebClient
    team: str
    bot_user: str
    executor: ThreadPoolExecutor

    def later(self, work: Callable[..., None], *arguments: Any, **more: Any) -> None:
        """Do *work* without keeping Slack waiting for its ack."""
        self.executor.submit(_logged, work, *arguments, **more)

    def request(self, key: str, user: str, line: str, place: Place, **more: Any) -> Request:
        """A request of *user*, whose replay is known by *key*."""
        line = line.replace("\0", "")  # no text has one, and PostgreSQL takes none
        return Request(f"{self.team}:{key}", self.team, user, line, place, **more)

    def open_form(self, form: Form, trigger: str, carried: Body, *, on_top: bool = False) -> bool:
        """Open *form*; False where Slack would not."""
        _command, verb = self.office.dispatcher.find(form.noun, form.verb)
        return self.open_view(forms.draw(form, verb, carried), trigger, on_top=on_top)

    def update_view(self, view_id: str, view: Body) -> None:
        """Let an open view show something else."""
        try:
            self.client.views_update(view_id=view_id, view=view)
        except Unreachable as error:
            log.warning("a view was not updated: %s", error)

    def open_view(self, view: Body, trigger: str, *, on_top: bool = False) -> bool:
        """Open a view, or put it on top of the one that is open."""
        call = self.quick.views_push if on_top else self.quick.views_open
        try:
            call(trigger_id=trigger, view=view)
        except Unreachable as error:
            log.warning("no view was opened: %s", error)
            return False
        return True

    def whisper(self, place: Place, user: str, message: Message) -> None:
        """Show *message* to one person only: where they are, or directly where we may not go."""
        try:
            self.client.chat_postEphemeral(
                channel=place.channel or user,
                user=user,
                text=message.text,
                blocks=message.blocks,
                thread_ts=place.thread,
            )
        except SlackApiError as error:
            log.info("an answer for %s goes to them directly: %s", user, error_name(error))
            self._write_to(user, message)
        except Unreachable as error:
            log.warning("an answer did not reach %s: %s", user, error)

    def _write_to(self, user: str, message: Message) -> None:
        try:
            self.client.chat_postMessage(channel=user, text=message.text, blocks=message.blocks)
        except Unreachable as error:
            log.warning("an answer did not reach %s: %s", user, error)

    def respond(self, url: str, message: Message, *, replace: bool) -> None:
        """Answer a click: in place of what was clicked, or below it."""
        payload = message.as_payload() | {"replace_original": replace, "response_type": "ephemeral"}
        try:
            response = self._webhook(url).send_dict(payload)
        except OSError as error:
            log.warning("an answer did not arrive: %s", error)
            return
        if response.status_code != 200:  # Slack's webhooks do not raise
            log.warning("an answer was not taken: %s %s", response.status_code, response.body)

    def _webhook(self, url: str) -> WebhookClient:
        client = self.client
        return WebhookClient(
            url, timeout=client.timeout, ssl=client.ssl, retry_handlers=client.retry_handlers
        )

    def permalink(self, channel: str, ts: str) -> str | None:
        """The address of a message; None where Slack does not tell."""
        try:
            response = self.quick.chat_getPermalink(channel=channel, message_ts=ts)
        except Unreachable:
            return None
        return str(response["permalink"])

    def show_home(self, user: str) -> None:
        """Publish the App Home of *user* as it is now."""
        view = self.office.ask(self.team, user, Place(), home.draw)
        if view is None:
            return
        try:
            self.client.views_publish(user_id=user, view=view)
        except Unreachable as error:
            log.warning("no home was shown: %s", error)


def place_in(channel: str | None, thread: str | None = None, source: str | None = None) -> Place:
    return Place(ChannelId(channel) if channel else None, thread, source)


def _logged(work: Callable[..., None], *arguments: Any, **more: Any) -> None:
    try:
        work(*arguments, **more)
    except Exception:  # nobody waits for this thread's result
        log.exception("after the ack")
