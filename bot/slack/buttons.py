"""Clicks: a button carries the line it runs, as if the person who clicks had typed it."""

from typing import Any

from slack_bolt import Ack, App

from bot.answer import Answer
from bot.messages import TYPED
from bot.slack import forms
from bot.slack.door import ANY, Body, Door, place_in


def listen(app: App, door: Door) -> None:
    """Answer every click."""

    @app.action(ANY)
    def clicked(ack: Ack, body: Body) -> None:
        ack()
        action = body["actions"][0]
        line = action.get("value") or (action.get("selected_option") or {}).get("value")
        if not line:
            return
        carried = _carried(body)
        place = place_in(carried["channel"], body["container"].get("thread_ts"))
        key = f"{body['trigger_id']}:{action.get('action_ts', '')}"
        is_typed = str(action.get("action_id")).startswith(TYPED)
        request = door.request(key, body["user"]["id"], line, place, is_typed=is_typed)
        answer = door.office.answer(request)
        if answer.form is not None:
            door.open_form(
                answer.form, body["trigger_id"], carried, on_top=_view_type(body) == "modal"
            )
        else:
            door.later(_show, door, body, answer, carried)


def _carried(body: Body) -> dict[str, Any]:
    """What a form opened by this click has to know to answer in the right place."""
    if _view_type(body) == "modal":
        return forms.carried(body["view"])
    is_ephemeral = bool(body["container"].get("is_ephemeral"))
    return {
        "channel": body["container"].get("channel_id"),
        "response_url": body.get("response_url"),
        "replace": is_ephemeral,
        "home": _view_type(body) == "home",
    }


def _show(door: Door, body: Body, answer: Answer, carried: dict[str, Any]) -> None:
    """The receipt stands where the click was."""
    kind = _view_type(body)
    if kind == "modal":
        door.update_view(body["view"]["id"], forms.result(answer.message, carried))
    elif kind == "home":
        door.open_view(forms.result(answer.message, carried), body["trigger_id"])
        door.show_home(body["user"]["id"])
    else:
        door.respond(body["response_url"], answer.message, replace=carried["replace"])


def _view_type(body: Body) -> str:
    return str((body.get("view") or {}).get("type", ""))
