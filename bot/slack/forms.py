"""Forms: a verb's signature drawn as a modal, and what was filled in read back."""

import json
from datetime import date, time
from enum import StrEnum
from typing import Any

from bot.command import Form, Verb
from bot.form_reading import base_field, mail_field
from bot.grammar import Argument
from bot.language import _
from bot.meetings import Series
from bot.messages import Block, Message, item, plain_text
from bot.people import People, Person
from bot.register import TITLE_LIMIT, Entry
from bot.registers import REGISTERS
from bot.rhythm import Rhythm, Slot
from bot.values import Level

ACTION = "value"
CALLBACK = "form"
LEVELS = {1: "very low", 2: "low", 3: "medium", 4: "high", 5: "very high"}
View = dict[str, Any]


def draw(form: Form, verb: Verb, carried: dict[str, Any]) -> View:
    """The modal that asks for what *verb* understands; *carried* comes back with it."""
    asked = [a for a in verb.grammar.arguments if _is_asked(a)]
    blocks = [item(form.about)] if form.about else []
    for argument in asked:
        is_needed = argument.name in form.needed
        blocks += _inputs(argument, form.values.get(argument.name), is_needed=is_needed)
    about = {"noun": form.noun, "verb": form.verb, "project": form.project, "subject": form.subject}
    kept = [a.name for a in verb.grammar.arguments if a.field.carried and form.values.get(a.name)]
    carried = {"values": {name: str(form.values[name]) for name in kept}} | carried
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text(_(verb.titled) if verb.titled else _title(form), 24),
        "submit": plain_text(_("Save"), 24),
        "close": plain_text(_("Cancel"), 24),
        "private_metadata": json.dumps(about | carried),
        "blocks": blocks,
    }


def _is_asked(argument: Argument) -> bool:
    """Whether a form asks for *argument*, rather than knowing it or doing without."""
    is_known = argument.kind in (Entry, Series) or argument.field.carried
    return not is_known and not argument.field.typed_only


def drawn(view: View) -> tuple[Form, dict[str, Any]]:
    """The form a submitted modal was drawn from, and what it carried."""
    about = json.loads(view["private_metadata"])
    form = Form(about["noun"], about["verb"], {}, about["project"], about["subject"])
    return form, about


def carried(view: View) -> dict[str, Any]:
    """What a modal of ours carries."""
    told: dict[str, Any] = json.loads(view.get("private_metadata") or "{}")
    return {"channel": None} | told


def filled_in(view: View) -> dict[str, str | None]:
    """What a person put into a modal, by argument."""
    values = view["state"]["values"]
    return {name: _given(elements[ACTION]) for name, elements in values.items()}


def changed(view: View, fields: dict[str, str | None]) -> dict[str, str | None]:
    """Those of *fields* that are not as they were drawn."""
    drawn_as = {
        block["block_id"]: _initial(block["element"])
        for block in view["blocks"]
        if block["type"] == "input"
    }
    different = {base_field(n) for n, value in fields.items() if value != drawn_as.get(n)}
    return {name: value for name, value in fields.items() if base_field(name) in different}


def _initial(element: dict[str, Any]) -> str | None:
    given = {
        "value": element.get("initial_value"),
        "selected_date": element.get("initial_date"),
        "selected_user": element.get("initial_user"),
        "selected_option": element.get("initial_option"),
        "selected_time": element.get("initial_time"),
        "selected_users": element.get("initial_users"),
    }
    return _given(given)


def complaint(view: View, field: str | None, text: str) -> dict[str, Any]:
    """The answer that shows *text* beside the input it is about."""
    blocks = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    place = field if field in blocks else blocks[0]
    return {"response_action": "errors", "errors": {place: text[:2000]}}


def result(message: Message, carried: dict[str, Any]) -> View:
    """The modal that shows what came of it."""
    return {
        "type": "modal",
        "callback_id": "result",
        "title": plain_text(_("Jourfixe"), 24),
        "close": plain_text(_("Close"), 24),
        "private_metadata": json.dumps(carried),
        "blocks": message.blocks,
    }


def _title(form: Form) -> str:
    verb = _(form.verb).capitalize()
    if form.noun == "meet":
        return f"{verb} {_('meeting')}"
    if form.subject:
        return f"{verb} {form.subject.partition('-')[2]}"
    return f"{verb} {_(next((r.word for r in REGISTERS if r.noun == form.noun), form.noun))}"


def _inputs(argument: Argument, value: Any, *, is_needed: bool) -> list[Block]:
    """The input of *argument*; people are picked, and below them addresses typed."""
    block = _input(argument, value, is_needed=is_needed)
    if argument.kind is not People:
        return [block]
    addresses = ", ".join(value.addresses) if value else ""
    typed = {"initial_value": addresses} if addresses else {}
    mail = {"type": "plain_text_input", "action_id": ACTION, "multiline": False, **typed}
    label = _("{label}, by mail address").format(label=_(argument.field.label))
    by_mail = {"type": "input", "block_id": mail_field(argument), "optional": True}
    return [block, by_mail | {"label": plain_text(label, 2000), "element": mail}]


def _input(argument: Argument, value: Any, *, is_needed: bool) -> Block:
    is_optional = not argument.is_required and argument.default in (None, "")
    label = _(argument.field.label)
    if argument.field.for_later and not is_needed:
        label = _("{label} (for a later date)").format(label=label)
    block: Block = {
        "type": "input",
        "block_id": argument.name,
        "label": plain_text(label, 2000),
        "element": {"action_id": ACTION} | _element(argument, value),
        "optional": is_optional and not is_needed,
    }
    if argument.field.hint:
        block["hint"] = plain_text(_(argument.field.hint), 2000)
    return block


def _element(argument: Argument, value: Any) -> dict[str, Any]:
    kind = argument.kind
    value = argument.default if value is None else value
    if kind is Person:
        chosen = {"initial_user": value.slack_id} if isinstance(value, Person) else {}
        return {"type": "users_select", **chosen}
    if kind in (People, Rhythm, Slot, date, time):
        return _picker(kind, value)
    if argument.field.choices:
        field = argument.field
        return _select([(word, _(field.name_of(word))) for word in field.choices], value)
    if kind is Level:
        return _select([(str(n), f"{n} · {_(word)}") for n, word in LEVELS.items()], value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _select([(member.value, _(member.value)) for member in kind], value)
    text = {"initial_value": str(value)[:TITLE_LIMIT]} if value else {}
    return {
        "type": "plain_text_input",
        "multiline": argument.field.long,
        "max_length": TITLE_LIMIT,
        **text,
    }


def _picker(kind: Any, value: Any) -> dict[str, Any]:
    """What picks several people, a day or an hour; a rhythm is typed."""
    if kind is People:
        users = [person.slack_id for person in value.people] if value else []
        return {"type": "multi_users_select"} | ({"initial_users": users} if users else {})
    if kind in (Rhythm, Slot):
        text = {"initial_value": value.words} if value else {}
        return {"type": "plain_text_input", "multiline": False, "max_length": 200, **text}
    if kind is date:
        chosen = {"initial_date": value.isoformat()} if isinstance(value, date) else {}
        return {"type": "datepicker", **chosen}
    chosen = {"initial_time": value.isoformat("minutes")} if isinstance(value, time) else {}
    return {"type": "timepicker", **chosen}


def _select(options: list[tuple[str, str]], value: Any) -> dict[str, Any]:
    drawn = {key: {"text": plain_text(label, 75), "value": key} for key, label in options}
    chosen = drawn.get(str(int(value)) if isinstance(value, int) else str(value))
    return {
        "type": "static_select",
        "options": list(drawn.values()),
        **({"initial_option": chosen} if chosen else {}),
    }


def _given(element: dict[str, Any]) -> str | None:
    option = element.get("selected_option") or {}
    value = (
        element.get("value")
        or element.get("selected_date")
        or element.get("selected_user")
        or element.get("selected_time")
        or " ".join(element.get("selected_users") or ())
        or option.get("value")
    )
    return value.replace("\0", "") if value else None
