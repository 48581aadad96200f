"""Reading a form: what was filled in, as the values a verb takes."""

from datetime import date, time
from typing import Any

from bot.complaints import past_day
from bot.errors import UserError
from bot.grammar import Argument, Grammar
from bot.language import _
from bot.people import People, Person
from bot.reading import Reading, people_at, read
from bot.rhythm import Rhythm, Slot
from bot.typed import Line, flat
from bot.values import Length, UserId, Word


def from_form(
    grammar: Grammar, fields: dict[str, str | None], now: Reading, subject: dict[str, Any]
) -> dict[str, Any]:
    """The values of a filled-in form: what is chosen there needs no reading, only checking.

    Raises `UserError`, naming the field, for a day in the past that was not there before.
    """
    values: dict[str, Any] = {}
    for argument in grammar.arguments:
        raw = fields.get(argument.name)
        if argument.kind is People and argument.name in fields:
            values[argument.name] = _everybody(argument, fields, now)
            continue
        if raw is None:
            if argument.name in fields and argument.default is None:
                values[argument.name] = None
            continue
        value = _chosen(argument, raw, now)
        if isinstance(value, date):
            _check_day(argument, value, now, subject)
        values[argument.name] = value
    return values


def _chosen(argument: Argument, raw: str, now: Reading) -> Any:
    if argument.kind is date:
        return date.fromisoformat(raw)
    if argument.kind is Person:
        return now.find_person(UserId(raw))
    if argument.kind is str or (argument.kind is Word and argument.field.name):
        return raw
    if argument.kind is time:
        return time.fromisoformat(raw)
    found = read(argument, Line(raw), 0, now)
    if argument.kind is Length and (found is None or found[1] < len(raw.rstrip())):
        raise UserError(_("How many minutes? Such as 15."), field=argument.name)
    if argument.kind in (Rhythm, Slot) and (found is None or found[1] < len(raw.rstrip(" ."))):
        text = _("I cannot read `{rest}`. Such as: {hint}")
        told = text.format(rest=flat(raw)[:80], hint=_(argument.field.hint))
        raise UserError(told, field=argument.name)
    return found[0] if found else None


def _everybody(argument: Argument, fields: dict[str, str | None], now: Reading) -> People:
    """The people picked in a form, and the addresses typed below them."""
    picked = (fields.get(argument.name) or "").split()
    typed = (fields.get(mail_field(argument)) or "").strip()
    found = people_at(argument, Line(typed), 0, now) if typed else None
    if typed and (found is None or found[1] < len(typed) or found[0].people):
        text = _("I cannot read `{rest}` as mail addresses, such as `boss@firm.example`.")
        rest = typed[found[1] :] if found else typed
        raise UserError(text.format(rest=flat(rest)[:80]), field=mail_field(argument))
    people = tuple(now.find_person(UserId(user)) for user in picked)
    return People(people, found[0].addresses if found else ())


def mail_field(argument: Argument) -> str:
    """The field of a form that takes the mail addresses of *argument*."""
    return f"{argument.name}-mail"


def base_field(name: str) -> str:
    """The argument a field of a form belongs to."""
    return name.removesuffix("-mail")


def _check_day(argument: Argument, day: date, now: Reading, subject: dict[str, Any]) -> None:
    is_as_before = any(getattr(entry, "due", None) == day for entry in subject.values())
    if day < now.today and not argument.field.past and not is_as_before:
        proposal = now.calendar.next_working(now.today)
        raise UserError(past_day(day, proposal), field=argument.name)
