"""A small app of one desk, answering the page as a real app would over Socket Mode."""

from __future__ import annotations

from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

Json = dict[str, Any]

SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "im:history",
    "im:write",
    "reactions:write",
    "users:read",
]

MANIFEST: Json = {
    "display_information": {"name": "Desk"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "desk", "always_online": True},
        "slash_commands": [
            {"command": "/desk", "description": "The desk", "should_escape": True},
            {"command": "/desk-add", "description": "Add a thing", "usage_hint": "<title>"},
            {"command": "/desk-form", "description": "Open the form"},
            {"command": "/desk-card", "description": "Post a card"},
            {"command": "/desk-silent", "description": "Never answers"},
            {"command": "/desk-list", "description": "A list in pages"},
        ],
        "shortcuts": [
            {
                "name": "Add as thing",
                "type": "message",
                "callback_id": "add_thing",
                "description": "Add it",
            }
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "app_mention", "message.im"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}

HELP: list[Json] = [
    {
        "command": "/desk-add",
        "completions": [
            {
                "text": "/desk-add urgent",
                "usage": "/desk-add urgent <title>",
                "example": "/desk-add urgent call the supplier",
            },
            {
                "text": "/desk-add later",
                "usage": "/desk-add later <title>",
                "example": "/desk-add later tidy the shelf",
            },
        ],
    }
]


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def button(text: str, action: str, **more: Any) -> Json:
    """A button."""
    return {"type": "button", "text": plain(text), "action_id": action, **more}


def receipt(text: str) -> list[Json]:
    """What the sender of a command reads: the typed text to the letter, two buttons."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [
        {"type": "rich_text", "elements": [section]},
        {"type": "actions", "elements": [button("Edit", "edit"), button("Undo", "undo")]},
    ]


def listed(page: int) -> list[Json]:
    """One page of a long list; each page has lines, and blocks, of its own."""
    lines: list[Json] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"Thing {number} of page {page}"}}
        for number in range(2 + 3 * page)
    ]
    words, action = ("Next", "next") if page == 1 else ("Previous", "previous")
    row = {"type": "actions", "block_id": f"page{page}", "elements": [button(words, action)]}
    return [{"type": "header", "text": plain(f"Page {page}")}, *lines, row]


def form(title: str = "") -> Json:
    """A view with a required and several optional fields."""

    def field(name: str, label: str, element: Json, **more: Any) -> Json:
        return {"type": "input", "block_id": name, "label": plain(label), "element": element} | more

    text: Json = {"type": "plain_text_input", "action_id": "text"}
    if title:
        text["initial_value"] = title
    note = {"type": "plain_text_input", "action_id": "text", "multiline": True}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Add a thing"),
        "submit": plain("Add"),
        "close": plain("Cancel"),
        "blocks": [
            field("title", "Title", text, hint=plain("In one line.")),
            field("owner", "Owner", {"type": "users_select", "action_id": "who"}, optional=True),
            field("due", "Due", {"type": "datepicker", "action_id": "day"}, optional=True),
            field("note", "Note", note, optional=True),
            {"type": "actions", "elements": [button("Details", "details")]},
        ],
    }


COLOURS = [{"text": plain(name), "value": name.lower()} for name in ("Green", "Amber", "Red")]

CARD: list[Json] = [
    {"type": "header", "text": plain("Alpha")},
    {
        "type": "section",
        "block_id": "words",
        "text": {"type": "mrkdwn", "text": ":large_green_circle: *Bold*, _italic_, `code`"},
        "fields": [
            {"type": "mrkdwn", "text": "*Cost*\nG"},
            {"type": "mrkdwn", "text": "*Scope*\nA"},
        ],
    },
    {
        "type": "table",
        "rows": [
            [{"type": "raw_text", "text": "Id"}, {"type": "raw_text", "text": "Thing"}],
            [{"type": "raw_text", "text": "A1"}, {"type": "raw_text", "text": "Order devices"}],
        ],
    },
    {
        "type": "actions",
        "block_id": "ways",
        "elements": [
            {
                "type": "static_select",
                "action_id": "colour",
                "placeholder": plain("Set colour"),
                "options": COLOURS,
            },
            {"type": "users_select", "action_id": "person", "placeholder": plain("Give to")},
            {"type": "datepicker", "action_id": "day"},
            {
                "type": "overflow",
                "action_id": "rest",
                "options": [
                    {"text": plain("History"), "value": "history"},
                    {"text": plain("Mute"), "value": "mute"},
                ],
            },
            button(
                "Delete",
                "delete",
                style="danger",
                confirm={
                    "title": plain("Delete it?"),
                    "text": plain("It is gone then."),
                    "confirm": plain("Yes, delete"),
                    "deny": plain("Keep"),
                },
            ),
        ],
    },
]


def desk(client: WebClient) -> App:
    """The app with all it answers to."""
    app = App(
        client=client,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )
    _commands(app)
    _clicks(app)
    _clicks_in_views(app)
    _forms(app)
    return app


def _commands(app: App) -> None:
    @app.command("/desk")
    @app.command("/desk-add")
    def add(ack: Any, command: Json) -> None:
        text = command["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        ack(text=f"Added: {text}", blocks=receipt(f"Added: {text}"))

    @app.command("/desk-form")
    def open_form(ack: Any, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=form())
        ack()

    @app.command("/desk-card")
    def post_card(ack: Any, command: Json, client: WebClient) -> None:
        client.chat_postMessage(channel=command["channel_id"], text="Alpha", blocks=CARD)
        ack()

    @app.command("/desk-list")
    def show_list(ack: Any) -> None:
        ack(text="Page 1", blocks=listed(1))


def _clicks(app: App) -> None:
    @app.action("next")
    def next_page(ack: Any, respond: Any) -> None:
        ack()
        respond(text="Page 2", blocks=listed(2), replace_original=True)

    @app.action("undo")
    def undo(ack: Any, respond: Any) -> None:
        ack()
        respond(text="Undone.", replace_original=True)

    @app.action("edit")
    def edit(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form("from the button"))

    @app.action({"action_id": "colour"})
    @app.action({"action_id": "rest"})
    def option(ack: Any, action: Json, body: Json, client: WebClient) -> None:
        ack()
        _replace(client, body, f"Chose {action['selected_option']['text']['text']}")

    @app.action("person")
    def person(ack: Any, action: Json, body: Json, client: WebClient) -> None:
        ack()
        _replace(client, body, f"Given to <@{action['selected_user']}>")

    @app.action("day")
    def day(ack: Any, action: Json, body: Json, client: WebClient) -> None:
        ack()
        _replace(client, body, f"Due {action['selected_date']}")

    @app.action("delete")
    def delete(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        _replace(client, body, "Deleted")


def _clicks_in_views(app: App) -> None:
    @app.action("details")
    def details(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        words = {"type": "section", "text": plain("All there is to know.")}
        view = {"type": "modal", "title": plain("Details"), "blocks": [words]}
        client.views_push(trigger_id=body["trigger_id"], view=view)

    @app.action("greet")
    def greet(ack: Any, body: Json, client: WebClient) -> None:
        ack()
        client.views_publish(user_id=body["user"]["id"], view=_home("Greeted"))


def _replace(client: WebClient, body: Json, text: str) -> None:
    container = body["container"]
    client.chat_update(
        channel=container["channel_id"], ts=container["message_ts"], text=text, blocks=[]
    )


def _home(text: str) -> Json:
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain(text)},
            {"type": "actions", "elements": [button("Greet", "greet", style="primary")]},
        ],
    }


def _forms(app: App) -> None:
    @app.view("form")
    def submitted(ack: Any, view: Json, body: Json, client: WebClient) -> None:
        title = view["state"]["values"]["title"]["text"]["value"]
        if title == "nothing":
            ack(response_action="errors", errors={"title": "Nothing is not a thing."})
            return
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=f"Stored: {title}")

    @app.shortcut("add_thing")
    def add_thing(ack: Any, shortcut: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=form(shortcut["message"]["text"]))

    @app.event("app_home_opened")
    def opened(event: Json, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view=_home("Good morning"))

    @app.event("app_mention")
    def mentioned(event: Json, client: WebClient) -> None:
        thread = event.get("thread_ts") or event["ts"]
        client.chat_postMessage(channel=event["channel"], thread_ts=thread, text="Heard you.")

    @app.event("message")
    def written(event: Json) -> None:
        """Direct messages need no answer here."""
