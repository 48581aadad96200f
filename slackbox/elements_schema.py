"""What Slack accepts as an element of a block, with the limits of each field."""

from __future__ import annotations

from slackbox.schema import (
    Rule,
    anything,
    both,
    by_type,
    choice,
    fields,
    flag,
    listed,
    number,
    one_of_fields,
    string,
)

BLOCK_ID = ACTION_ID = string(255)
URL = string(3_000)
DATE = string(10, pattern=r"\d{4}-\d{2}-\d{2}")


def plain_text(longest: int) -> Rule:
    """A `plain_text` object."""
    return by_type({"plain_text": fields({"text": string(longest)}, {"emoji": flag})})


def text(longest: int) -> Rule:
    """A `plain_text` or `mrkdwn` object."""
    return by_type(
        {
            "plain_text": fields({"text": string(longest)}, {"emoji": flag}),
            "mrkdwn": fields({"text": string(longest)}, {"verbatim": flag}),
        }
    )


CONFIRM = fields(
    {
        "title": plain_text(100),
        "text": text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": choice("primary", "danger")},
)
OPTION = fields(
    {"text": plain_text(75), "value": string(75)}, {"description": plain_text(75), "url": URL}
)
RICH_OPTION = fields({"text": text(75), "value": string(75)}, {"description": text(75), "url": URL})
OPTION_GROUP = fields({"label": plain_text(75), "options": listed(OPTION, 100)})
SLACK_FILE = both(fields({}, {"id": string(255), "url": URL}), one_of_fields("id", "url"))
DISPATCH = fields(
    {}, {"trigger_actions_on": listed(choice("on_enter_pressed", "on_character_entered"), 2)}
)
_ACTION = {"action_id": ACTION_ID}
_ASKS = {**_ACTION, "confirm": CONFIRM, "focus_on_load": flag}
_HOLDS_TEXT = {**_ACTION, "placeholder": plain_text(150)}

BUTTON = fields(
    {"text": plain_text(75)},
    {
        **_ACTION,
        "value": string(2_000, 0),
        "url": URL,
        "style": choice("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
IMAGE = both(
    fields({"alt_text": string(2_000)}, {"image_url": URL, "slack_file": SLACK_FILE}),
    one_of_fields("image_url", "slack_file"),
)
OVERFLOW = fields({"options": listed(OPTION, 5)}, {**_ACTION, "confirm": CONFIRM})
_CONVERSATION_FILTER = fields(
    {},
    {
        "include": listed(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)


def _picker(**more: Rule) -> Rule:
    return fields({}, {**_ASKS, "placeholder": plain_text(150), **more})


def _static(**more: Rule) -> Rule:
    choices = {"options": listed(OPTION, 100), "option_groups": listed(OPTION_GROUP, 100)}
    return both(_picker(**choices, **more), one_of_fields("options", "option_groups"))


_MOST = number(1, 10_000)
_SELECTS: dict[str, Rule] = {
    "static_select": _static(initial_option=OPTION),
    "multi_static_select": _static(initial_options=listed(OPTION, 100), max_selected_items=_MOST),
    "external_select": _picker(initial_option=OPTION, min_query_length=number(0, 100)),
    "multi_external_select": _picker(
        initial_options=listed(OPTION, 100),
        min_query_length=number(0, 100),
        max_selected_items=_MOST,
    ),
    "users_select": _picker(initial_user=string(255)),
    "multi_users_select": _picker(
        initial_users=listed(string(255), 1_000), max_selected_items=_MOST
    ),
    "channels_select": _picker(initial_channel=string(255), response_url_enabled=flag),
    "multi_channels_select": _picker(
        initial_channels=listed(string(255), 1_000), max_selected_items=_MOST
    ),
    "conversations_select": _picker(
        initial_conversation=string(255),
        default_to_current_conversation=flag,
        response_url_enabled=flag,
        filter=_CONVERSATION_FILTER,
    ),
    "multi_conversations_select": _picker(
        initial_conversations=listed(string(255), 1_000),
        default_to_current_conversation=flag,
        max_selected_items=_MOST,
        filter=_CONVERSATION_FILTER,
    ),
}
_PICKERS: dict[str, Rule] = {
    **_SELECTS,
    "datepicker": _picker(initial_date=DATE),
    "timepicker": _picker(initial_time=string(5, pattern=r"\d{2}:\d{2}"), timezone=string(100)),
    "datetimepicker": _picker(initial_date_time=number(1e9, 1e10 - 1)),
    "radio_buttons": fields(
        {"options": listed(RICH_OPTION, 10)}, {**_ASKS, "initial_option": RICH_OPTION}
    ),
    "checkboxes": fields(
        {"options": listed(RICH_OPTION, 10)},
        {**_ASKS, "initial_options": listed(RICH_OPTION, 10)},
    ),
}


def _typed(**more: Rule) -> Rule:
    shared = {**_HOLDS_TEXT, "focus_on_load": flag, "dispatch_action_config": DISPATCH}
    return fields({}, {**shared, **more})


_LENGTHS = {"min_length": number(0, 3_000), "max_length": number(1, 3_000)}
PLAIN_TEXT_INPUT = _typed(initial_value=string(3_000, 0), multiline=flag, **_LENGTHS)
_INPUTS: dict[str, Rule] = {
    "plain_text_input": PLAIN_TEXT_INPUT,
    "email_text_input": _typed(initial_value=string(3_000, 0)),
    "url_text_input": _typed(initial_value=string(3_000, 0)),
    "number_input": both(
        _typed(
            is_decimal_allowed=flag,
            initial_value=string(100),
            min_value=string(100),
            max_value=string(100),
        ),
        one_of_fields("is_decimal_allowed"),
    ),
    "rich_text_input": _typed(initial_value=anything),
    "file_input": fields(
        {}, {**_ACTION, "filetypes": listed(string(50), 100), "max_files": number(1, 10)}
    ),
}
_WORKFLOW_BUTTON = fields(
    {"text": plain_text(75), "workflow": anything},
    {**_ACTION, "style": choice("primary", "danger"), "accessibility_label": string(75)},
)

IN_SECTION = by_type(
    {
        **_PICKERS,
        "button": BUTTON,
        "image": IMAGE,
        "overflow": OVERFLOW,
        "workflow_button": _WORKFLOW_BUTTON,
    }
)
IN_ACTIONS = by_type(
    {
        **_PICKERS,
        "button": BUTTON,
        "overflow": OVERFLOW,
        "workflow_button": _WORKFLOW_BUTTON,
        "rich_text_input": _INPUTS["rich_text_input"],
    }
)
IN_CONTEXT = by_type(
    {
        "image": IMAGE,
        "plain_text": fields({"text": string(3_000)}, {"emoji": flag}),
        "mrkdwn": fields({"text": string(3_000)}, {"verbatim": flag}),
    }
)
IN_INPUT = by_type({**_PICKERS, **_INPUTS})
