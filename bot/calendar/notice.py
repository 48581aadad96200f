"""The notice below an answer: who will be mailed what was just changed, unless somebody objects."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.calendar.books import CalendarRound
from bot.calendar.mailings import mailings
from bot.calendar.organizer import organizer_of
from bot.calendar.publishing import publications
from bot.calendar.watching import changed_in
from bot.context import Context
from bot.delivery.notices import told_in
from bot.errors import SureError
from bot.language import _, plural
from bot.meetings import Series
from bot.messages import Button, Message, listed, said
from bot.people import Person
from bot.projects import Project

NAMED = 5
MANY = 10
"""More than so many are not told without a question first."""

MOST_TOLD = 3
_MINUTE_S = 60


def require_sure(context: Context, words: str, *, is_asked: bool) -> None:
    """Have whoever changes meetings be asked first where many are told of it, or where it
    *is_asked* about and anybody is. *words* are what will have been done.

    Raises `SureError`.
    """
    changed = changed_in(context.session)
    if context.is_sure or not changed:
        return
    told = {_address_of(person) for person in told_in(context.session)}
    if organizer_of(context.settings):
        for key in sorted(changed):
            series = context.session.get_one(Series, key)
            told |= {address.casefold() for address in mailed(context.session, series, context.now)}
    if len(told) > (0 if is_asked else MANY):
        text = plural(
            "{words}: {count} person will be told. Is that what you want?",
            "{words}: {count} people will be told. Is that what you want?",
            len(told),
        )
        raise SureError(text.format(words=words.partition("\n")[0].rstrip("."), count=len(told)))


def _address_of(person: Person) -> str:
    return (person.email or person.slack_id).casefold()


def mail_notice(session: Session, now: datetime) -> Message | None:
    """Who will be mailed what changed in *session*; None where nobody will."""
    changed = [session.get_one(Series, key) for key in sorted(changed_in(session))]
    if len(changed) > MOST_TOLD:
        return _many(session, changed, now)
    notes = [note for series in changed if (note := _note(session, series, now)) is not None]
    return sum(notes[1:], start=notes[0]) if notes else None


def _many(session: Session, changed: Sequence[Series], now: datetime) -> Message | None:
    """In one line, where each would be too much, such as after another country's holidays."""
    mailed = [names for series in changed if (names := list(to_be_mailed(session, series, now)))]
    if not mailed:
        return None
    people = {name for names in mailed for name in names}
    text = _("{count} people will be mailed in a few minutes, of {meetings} meetings.")
    return said(text.format(count=len(people), meetings=len(mailed)))


def _note(session: Session, series: Series, now: datetime) -> Message | None:
    row = session.get(CalendarRound, series.id, populate_existing=True)
    names = list(to_be_mailed(session, series, now))
    if row is None or not names:
        return None
    project = session.get_one(Project, series.project_id)
    minutes = max(1, round((row.due_at - now).total_seconds() / _MINUTE_S))
    when = plural("in a minute", "in {count} minutes", minutes).format(count=minutes)
    text = plural(
        "{count} person will be mailed {when}: {names}.",
        "{count} people will be mailed {when}: {names}.",
        len(names),
    )
    ref = f"of {series.number} in {project.key}"
    return said(
        text.format(count=len(names), when=when, names=listed(names, NAMED))
    ).with_buttons([
        Button(_("Mail now"), f"meet mail {ref}"),
        Button(_("Mail nobody"), f"meet nomail {ref}"),
    ])  # fmt: skip


def to_be_mailed(session: Session, series: Series, now: datetime) -> Iterator[str]:
    """The names of those who would be mailed what is otherwise of *series* now."""
    return iter(mailed(session, series, now).values())


def mailed(session: Session, series: Series, now: datetime) -> dict[str, str]:
    """The same, by their addresses."""
    project = session.get_one(Project, series.project_id)
    told = publications(session, series, project, now)
    readers = (mailing.reader for mailing in mailings(session, series, told, now, now))
    return {reader.address: reader.name or reader.address for reader in readers}
