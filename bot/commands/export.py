"""Export: a register, or the meetings, as a file, sent to whoever asks."""

from enum import StrEnum
from typing import Annotated, Any

from bot import status
from bot.command import Command, Reply
from bot.context import Context
from bot.errors import UserError
from bot.export import as_csv, as_xlsx
from bot.fields import Field
from bot.files import send_data
from bot.language import N_, _, plural
from bot.meeting_table import HEAD, meeting_rows
from bot.messages import said
from bot.people import Person, by_id
from bot.register import Entry, Register
from bot.registers import REGISTERS

MOST_STATUSES = 1000


class Format(StrEnum):
    """The files an export can be."""

    CSV = "csv"
    XLSX = "xlsx"


KNOWN = (*(register.plural for register in REGISTERS), "meetings", "status")

What = Annotated[str, Field(N_("What"), shown="|".join(KNOWN))]
As = Annotated[Format, Field(N_("As"), ("as",), "csv|xlsx")]

EXPORT = Command(
    "export",
    N_("A register, the meetings or the statuses as a file"),
    default="file",
    takes_rest=True,
)


@EXPORT.verb("file", N_("get it as a direct message"), "actions csv")
def file(context: Context, what: What = "actions", *, as_: As = Format.CSV) -> Reply:
    words = what.lower().split()
    formats = [word for word in words if word in list(Format)]
    nouns = [word for word in words if word not in list(Format)] or ["actions"]
    kind = Format(formats[-1]) if formats else as_
    head, rows, title = _table(context, nouns[0]) if len(nouns) == 1 else _unknown(what)
    data = as_csv(head, rows) if kind is Format.CSV else as_xlsx(title, head, rows)
    name = f"{context.project.key.lower()}-{title}-{context.today}.{kind.value}"
    text = plural("{name}: {count} line", "{name}: {count} lines", len(rows))
    words_ = text.format(name=name, count=len(rows))
    send_data(context, name, words_, data)
    return Reply(said(_("{what}. It comes as a direct message.").format(what=words_)))


def _table(context: Context, noun: str) -> tuple[list[str], list[list[Any]], str]:
    if noun in ("status", "statuses"):
        return (*_statuses(context), "status")
    if noun in ("meeting", "meetings"):
        rows = meeting_rows(context.session, context.project, context.readable, context.now)
        return list(HEAD), rows, "meetings"
    register = next((r for r in REGISTERS if noun in (r.noun, r.plural)), None)
    if register is None:
        return _unknown(noun)
    return (*_entries(context, register), register.plural)


def _unknown(what: str) -> tuple[list[str], list[list[Any]], str]:
    known = ", ".join(f"`{r.plural}`" for r in REGISTERS)
    text = _("I can export {known}, `meetings` and `status`, as `csv` or `xlsx`, not `{what}`.")
    raise UserError(text.format(known=known, what=what))


def _entries(context: Context, register: Register[Any]) -> tuple[list[str], list[list[Any]]]:
    entries = register.entries(context.session, context.project, by=context.readable)
    entries.sort(key=lambda entry: entry.number)
    people = by_id(
        context.session,
        [key for entry in entries for key in (entry.owner_id, entry.opened_by)],
    )
    head = [
        "id",
        "title",
        "owner",
        "due",
        *register.columns,
        "opened",
        "opened_by",
        "closed",
        "outcome",
        "source",
    ]
    rows = [_row(context, register, entry, people) for entry in entries]
    return head, rows


def _row(
    context: Context, register: Register[Any], entry: Entry, people: dict[int, Person]
) -> list[Any]:
    zone = context.project.local_date
    owner = people[entry.owner_id].name if entry.owner_id else None
    return [
        register.name_of(entry),
        entry.title,
        owner,
        entry.due,
        *(getattr(entry, column) for column in register.columns),
        zone(entry.opened_at),
        people[entry.opened_by].name,
        zone(entry.closed_at) if entry.closed_at else None,
        entry.outcome,
        entry.source,
    ]


def _statuses(context: Context) -> tuple[list[str], list[list[Any]]]:
    updates = list(status.history(context.session, context.project, MOST_STATUSES))
    people = by_id(context.session, (update.author_id for update in updates))
    head = ["at", "author", *status.DIMENSIONS, "trend", "text", "next_steps", "help_needed"]
    rows = [
        [
            update.at,
            people[update.author_id].name,
            *((getattr(update, d) or None) for d in status.DIMENSIONS),
            update.trend,
            update.text,
            update.next_steps,
            update.help_needed,
        ]
        for update in reversed(updates)
    ]
    return head, rows
