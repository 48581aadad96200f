"""Forms that come back: what was filled in is done, or its mistakes are shown beside it."""

from typing import Any

from slack_bolt import Ack, App

from bot.messages import Message
from bot.slack import forms
from bot.slack.door import ANY, Body, Door, place_in


def listen(app: App, door: Door) -> None:
    """Answer every submitted form."""

    @app.view(ANY)
    def submitted(ack: Ack, body: Body) -> None:
        view = body["view"]
        if view["callback_id"] != forms.CALLBACK:
            ack()
            return
        form, carried = forms.drawn(view)
        _command, verb = door.office.dispatcher.find(form.noun, form.verb)
        fields = forms.filled_in(view)
        if verb.sends_changes:
            fields = forms.changed(view, fields)
        fields = carried.get("values", {}) | fields
        place = place_in(carried.get("channel"), carried.get("thread"), carried.get("source"))
        request = door.request(view["id"], body["user"]["id"], "", place, form=form, fields=fields)
        answer = door.office.answer(request)
        if answer.error is not None:
            ack(forms.complaint(view, answer.error.field, str(answer.error)))
            return
        _answer(ack, door, body["user"]["id"], answer.message, carried)

    @app.view_closed(ANY)
    def closed(ack: Ack) -> None:
        ack()


def _answer(ack: Ack, door: Door, user: str, message: Message, carried: dict[str, Any]) -> None:
    """Show the receipt where the form was asked for; in the form itself where that is nowhere."""
    if url := carried.get("response_url"):
        ack({"response_action": "clear"})
        door.later(door.respond, url, message, replace=bool(carried.get("replace")))
        return
    if carried.get("source"):  # of a message: its place is in the conversation
        ack({"response_action": "clear"})
        place = place_in(carried["channel"], carried.get("thread"))
        door.later(door.whisper, place, user, message)
        return
    ack({"response_action": "update", "view": forms.result(message, carried)})
    if carried.get("home"):
        door.later(door.show_home, user)
