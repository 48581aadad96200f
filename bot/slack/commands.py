"""Slash commands: a line comes in, its receipt goes out with the ack."""

from slack_bolt import Ack, App

from bot.mistakes import form_closed
from bot.slack.door import ANY, Body, Door, place_in


def listen(app: App, door: Door) -> None:
    """Answer every slash command of the app."""

    @app.command(ANY)
    def typed(ack: Ack, body: Body) -> None:
        line = line_of(body["command"], body.get("text", ""), door.office.settings.root)
        place = place_in(body["channel_id"])
        answer = door.office.answer(door.request(body["trigger_id"], body["user_id"], line, place))
        message = answer.message
        if answer.form is not None:
            carried = {"channel": place.channel, "response_url": body.get("response_url")}
            if door.open_form(answer.form, body["trigger_id"], carried):
                ack()
                return
            message = form_closed(line)
        ack({"response_type": "ephemeral", **message.as_payload()})


def line_of(command: str, text: str, root: str) -> str:
    """The line behind a slash command: ``/po-risk add x`` is ``risk add x``."""
    noun = command.removeprefix(f"/{root}").lstrip("-")
    return f"{noun} {text}".strip() or "menu"
