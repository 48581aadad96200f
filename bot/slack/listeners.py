"""The listeners: few, in front of tables of our own, for each costs every request."""

import logging

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web import WebClient

from bot.slack import buttons, commands, life, modals, shortcuts, threads
from bot.slack.attendant import Attendant
from bot.slack.client import granted
from bot.slack.directory import SlackDirectory
from bot.slack.door import Door


def open_app(client: WebClient, identity: AuthorizeResult, signing_secret: str) -> App:
    """Bolt, knowing who it is once and for all: no call to Slack per request."""
    return App(
        name="jourfixe",  # otherwise Bolt looks through all source files for one
        client=client,
        logger=_quiet_logger(),
        authorize=lambda: identity,
        signing_secret=signing_secret or "unused over Socket Mode",
        process_before_response=True,  # otherwise Bolt polls for the ack in steps of 10 ms
        request_verification_enabled=bool(signing_secret),
        ssl_check_enabled=False,
        url_verification_enabled=True,
    )


def _quiet_logger() -> logging.Logger:
    """Bolt's log without the warning, at every start, that the token is ours to hand out."""
    quiet = logging.getLogger("bot.slack.bolt")
    quiet.setLevel(logging.ERROR)
    return quiet


def listen(app: App, door: Door, directory: SlackDirectory, attendant: Attendant) -> None:
    """Answer everything Slack sends."""
    commands.listen(app, door)
    buttons.listen(app, door)
    modals.listen(app, door)
    shortcuts.listen(app, door)
    threads.listen(app, door, attendant)
    life.listen(app, door, directory)


def identify(client: WebClient) -> tuple[AuthorizeResult, frozenset[str]]:
    """Ask Slack once who this bot is, and which scopes it was granted.

    Raises `slack_sdk.errors.SlackApiError`.
    """
    told = client.auth_test()
    identity = AuthorizeResult.from_auth_test_response(
        auth_test_response=told, bot_token=client.token
    )
    return identity, granted(told)
