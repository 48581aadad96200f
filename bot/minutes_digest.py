"""The digest of minutes: the card a channel has of a meeting, decisions first, then by person."""

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from bot.agenda import items_of
from bot.cards import line_of
from bot.confidential import public
from bot.language import _, plural
from bot.meetings import Meeting
from bot.messages import Button, Message
from bot.minutes import Minutes, MinutesState, captures_of
from bot.minutes_text import is_put_off, records_of, title_of
from bot.pages import day, name, render
from bot.people import Person, by_id
from bot.projects import Project
from bot.register import Entry
from bot.registers.actions import Action
from bot.registers.decisions import Decision
from bot.typed import one_line

TITLE_SHOWN = 200


def digest_card(session: Session, minutes: Minutes) -> Message:
    """What came of the meeting of *minutes*; nothing that is confidential."""
    meeting = session.get_one(Meeting, minutes.meeting_id)
    project = session.get_one(Project, meeting.project_id)
    agenda = items_of(session, meeting)
    found = _records(session, meeting)
    records = public(found)
    owners = by_id(session, (entry.owner_id for entry in records))
    message = render(
        "minutes_digest",
        title=title_of(session, meeting),
        words=_state(minutes, project),
        decisions=_lines((e for e in records if isinstance(e, Decision)), owners),
        people=_by_person([e for e in records if isinstance(e, Action)], owners),
        other=_lines((e for e in records if not isinstance(e, (Action, Decision))), owners),
        left=[item.title for item in agenda if is_put_off(item) and not item.is_confidential],
        hidden=_hidden(len(found) - len(records)),
        foot=_foot(minutes, project),
    )
    line = f"meet minutes minutes={minutes.id} in {project.key}"
    return message.with_buttons([Button(_("Show the minutes"), line)])


def _records(session: Session, meeting: Meeting) -> list[Entry]:
    """What was recorded, in the order it was said."""
    captures = captures_of(session, meeting)
    entries = records_of(session, captures)
    keys = dict.fromkeys((one.kind or "", one.object_id or 0) for one in captures)
    return [entries[key] for key in keys if key in entries]


def _state(minutes: Minutes, project: Project) -> str:
    if minutes.state is MinutesState.APPROVED and minutes.approved_at is not None:
        approved = project.local_date(minutes.approved_at)
        return _("Minutes approved {day}").format(day=day(approved))
    if minutes.state is MinutesState.WITHDRAWN:
        return _("The minutes were taken back: the meeting goes on")
    return _("Draft minutes: those who were there are asked to approve them in the thread")


def _lines(entries: Iterable[Entry], owners: dict[int, Person]) -> list[str]:
    return [_line(entry, owners.get(entry.owner_id or 0)) for entry in entries]


def _line(entry: Entry, owner: Person | None) -> str:
    return one_line(line_of(entry, owner, TITLE_SHOWN))


def _by_person(
    actions: Collection[Action], owners: dict[int, Person]
) -> list[tuple[str, list[str]]]:
    """Each owner's actions, the earliest first; what is nobody's comes last."""
    found: dict[int, list[Action]] = {}
    for action in sorted(actions, key=lambda a: (a.due is None, str(a.due), a.number)):
        found.setdefault(action.owner_id or 0, []).append(action)
    in_order = sorted(found, key=lambda key: (key == 0, name(owners.get(key)).casefold()))
    return [(_who(owners.get(key)), [_line(a, None) for a in found[key]]) for key in in_order]


def _who(owner: Person | None) -> str:
    return owner.name if owner is not None else _("Nobody yet")


def _hidden(count: int) -> str:
    text = plural("{count} confidential record is left out",
                  "{count} confidential records are left out", count)  # fmt: skip
    return text.format(count=count) if count else ""


def _foot(minutes: Minutes, project: Project) -> str:
    version = _("{project} · version {version}")
    return version.format(project=project.name, version=minutes.version)
