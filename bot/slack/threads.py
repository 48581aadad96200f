"""Messages: mentions and direct ones are command lines, those of a meeting's thread its minutes."""

import re

from slack_bolt import App
from slack_sdk.errors import SlackApiError

from bot.delivery.reactions import DONE, UNCLEAR
from bot.language import _
from bot.messages import Button, Message, said
from bot.slack.attendant import Attendant
from bot.slack.client import error_name
from bot.slack.door import Body, Door, place_in


def listen(app: App, door: Door, attendant: Attendant) -> None:
    """Answer mentions anywhere and messages sent to the bot directly; hear what meetings say."""
    mention = re.compile(rf"^\s*<@{door.bot_user}(?:\|[^>]*)?>[\s:,]*")

    @app.event("app_mention")
    def mentioned(body: Body) -> None:
        event = body["event"]
        if mention.match(event["text"]) and not _is_ours(event):
            _answer(door, body, mention.sub("", event["text"]))

    @app.event("message")
    def written(body: Body) -> None:
        event = body["event"]
        if "channel" not in event:
            return  # nothing Slack would send; nobody waits for an answer
        if event.get("channel_type") != "im":
            attendant.hear(event)
        elif "subtype" not in event and not _is_ours(event):
            _answer(door, body, mention.sub("", event["text"]))


def _is_ours(event: Body) -> bool:
    return bool(event.get("bot_id")) or "user" not in event


def _answer(door: Door, body: Body, line: str) -> None:
    event = body["event"]
    channel, thread = event["channel"], event.get("thread_ts")
    source = door.permalink(channel, event["ts"]) if thread else None
    place = place_in(channel, thread, source)
    root = door.office.settings.root
    words = re.sub(rf"^\s*/?{root}[-\s]+", "", line).strip() or "menu"
    answer = door.office.answer(door.request(body["event_id"], event["user"], words, place))
    message = answer.message
    if answer.form is not None:
        message = _form_offer(words)
    if answer.is_change or answer.error is not None:
        door.later(_react, door, channel, event["ts"], DONE if answer.is_change else UNCLEAR)
    door.later(door.whisper, place, event["user"], message)


def _form_offer(line: str) -> Message:
    """A form needs a click to open: an event alone may not open one."""
    button = Button(_("Open form"), line if line.startswith("form ") else f"form {line}", "primary")
    return said(_("Something is missing; the form asks for it.")).with_buttons([button])


def _react(door: Door, channel: str, ts: str, name: str) -> None:
    try:
        door.client.reactions_add(channel=channel, timestamp=ts, name=name)
    except SlackApiError as error:
        if error_name(error) != "already_reacted":
            raise
