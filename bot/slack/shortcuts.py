"""Message shortcuts: a message becomes an action, a decision or a topic, with its address."""

from slack_bolt import Ack, App

from bot.catalogue import SHORTCUTS
from bot.language import _
from bot.messages import said
from bot.slack import forms
from bot.slack.door import ANY, Body, Door, place_in
from bot.typed import quoted

VERBS = {callback: verb for callback, _name, verb in SHORTCUTS}


def _words(message: Body, app_id: str) -> str:
    """What *message* says: of one of ours, a card, what it is about."""
    words = str(message.get("text", "")).strip()
    return words.partition("\n")[0] if message.get("app_id") == app_id else words


def listen(app: App, door: Door) -> None:
    """Open the form a shortcut asks for, with the message's text in it."""

    @app.shortcut(ANY)
    def used(ack: Ack, body: Body) -> None:
        ack()
        verb = VERBS.get(body["callback_id"])
        if verb is None:
            return
        message, channel = body["message"], body["channel"]["id"]
        source = door.permalink(channel, message["ts"])
        title = quoted(_words(message, body["api_app_id"]))
        place = place_in(channel, message.get("thread_ts"), source)
        request = door.request(
            body["trigger_id"], body["user"]["id"], f"form {verb} {title}", place, is_typed=False
        )
        answer = door.office.answer(request)
        carried = {"channel": channel, "thread": place.thread, "source": source}
        if answer.form is None:  # asked where the form would have stood: channels may be closed
            view, words = forms.result(answer.message, carried), answer.message
            is_open = door.open_view(view, body["trigger_id"])
        else:
            words = said(_("Slack did not open the form; please try again."))
            is_open = door.open_form(answer.form, body["trigger_id"], carried)
        if not is_open:
            door.later(door.whisper, place, body["user"]["id"], words)
