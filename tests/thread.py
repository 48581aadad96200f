"""The thread of a meeting, as tests write into it and look at it."""

from datetime import date
from typing import Any

from sqlalchemy import select

from bot.agenda import items_of
from bot.meetings import Meeting, MeetingState
from bot.minutes import Attendance, Capture
from bot.people import Person as KnownPerson
from bot.register import WITHDRAWN
from bot.registers import REGISTERS
from slackbox import Message, Person
from tests.office import Office

TICK, QUESTION = "white_check_mark", "question"
FRIDAY = date(2026, 11, 27)


class Thread:
    """A meeting that was started, and the thread its minutes are taken in."""

    def __init__(self, office: Office, title: str = "Jour fixe") -> None:
        self.office = office
        office.says(f"/po-meet start {title}")
        office.delivered()
        self.head = next(
            m
            for m in reversed(office.anna.reads(office.alpha))
            if m.ephemeral_for is None
            and m.thread_ts in (None, m.ts)
            and "Minutes of" in office.box.text_of(m)
        )

    def write(self, text: str, who: Person | None = None) -> Message:
        """Write a line as *who* (Anna); the bot has heard it when this returns."""
        return (who or self.office.anna).says(text, self.office.alpha, thread=self.head)

    def mark(self, message: Message) -> set[str]:
        """The bot's marks at a message, when all that is owed stands."""
        self.office.bot.attendant.react()
        return marks_at(message)

    def shows(self) -> list[str]:
        """What everybody reads in the thread below its head, when all is delivered."""
        self.office.delivered()
        seen = self.office.anna.reads(self.office.alpha, thread=self.head)
        return [self.office.box.text_of(m) for m in seen if m.ephemeral_for is None][1:]

    def bot_says(self) -> list[str]:
        """What the bot has posted there."""
        self.office.bot.attendant.attend()
        self.office.delivered()
        seen = self.office.anna.reads(self.office.alpha, thread=self.head)
        return [
            self.office.box.text_of(m)
            for m in seen
            if m.ephemeral_for is None and m.bot_id and m.ts != self.head.ts
        ]

    def whispers(self, who: Person) -> list[str]:
        """What only *who* reads there."""
        seen = who.reads(self.office.alpha, thread=self.head)
        return [self.office.box.text_of(m) for m in seen if m.ephemeral_for == who.id]


def marks_at(message: Message) -> set[str]:
    """The reactions that stand at a message."""
    return {name for name, users in message.reactions.items() if users}


def records(office: Office) -> list[tuple[Any, ...]]:
    """The records there are: kind, number, title, owner, date."""

    def look(session: Any) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        for register in REGISTERS:
            rows = session.scalars(
                select(register.entry)
                .where(register.entry.outcome.is_distinct_from(WITHDRAWN))
                .order_by(register.entry.number)
            )
            for row in rows:
                owner = session.get(KnownPerson, row.owner_id) if row.owner_id else None
                found.append(
                    (register.name_of(row), row.title, owner.name if owner else None, row.due)
                )
        return found

    told: list[tuple[Any, ...]] = office.stored(look)
    return told


def captures(office: Office, *marks: str) -> list[str]:
    """The words of the lines that count, of those with one of *marks*."""

    def look(session: Any) -> list[str]:
        rows = session.scalars(select(Capture).order_by(Capture.ts))
        return [row.words for row in rows if row.counts and (not marks or row.mark in marks)]

    told: list[str] = office.stored(look)
    return told


def items(office: Office) -> list[tuple[str, str]]:
    """The items of the open or last meeting and their states."""

    def look(session: Any) -> list[tuple[str, str]]:
        meeting = session.scalars(select(Meeting).order_by(Meeting.id.desc())).first()
        return [(item.title, item.state.value) for item in items_of(session, meeting)]

    told: list[tuple[str, str]] = office.stored(look)
    return told


def faces(office: Office) -> list[str]:
    """Who was there."""
    statement = select(KnownPerson.name).join(Attendance, Attendance.person_id == KnownPerson.id)
    return sorted(office.stored(lambda s: list(s.scalars(statement))))


def state(office: Office) -> MeetingState:
    """How the latest meeting stands."""
    found: MeetingState = office.stored(
        lambda s: s.scalar(select(Meeting.state).order_by(Meeting.id.desc()))
    )
    return found


def states(office: Office) -> list[str]:
    """How every meeting stands, in the order they were made."""
    rows = office.stored(lambda s: list(s.scalars(select(Meeting.state).order_by(Meeting.id))))
    return [row.value for row in rows]


def read_again(office: Office) -> None:
    """Have the bot read the threads of open meetings."""
    office.bot.attendant.read_again()
    office.bot.attendant.attend()
