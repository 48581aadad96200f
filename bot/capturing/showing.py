"""Showing: what a meeting's thread shows of its minutes while they are taken."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.agenda import AgendaItem, ItemState, items_of
from bot.capturing.gaps import WIDTH, more
from bot.capturing.records import BY_MARK
from bot.capturing.taking import item_now
from bot.cards import line_of
from bot.channels import Channel
from bot.dates import format_day
from bot.delivery.outbox import PROMISED, Delivery, promise
from bot.language import _, current, plural
from bot.meeting_threads import MeetingThread, head_of, note, noted_of
from bot.meetings import Meeting, MeetingState, Series
from bot.messages import Button, Message, explained, shortened
from bot.minutes import Capture, attendees, captures_of, outsiders_at, thread_key
from bot.pages import render
from bot.people import Person
from bot.projects import Project
from bot.scribe import Mark

LISTED = 40
FACES = 25
MOVES = (Mark.NEXT, Mark.PARK)


# --- Where the meeting is ---------------------------------------------------------------------


def card_key(session: Session, meeting: Meeting) -> str:
    """What the card of *meeting* is promised under: it heads its thread, unless that was there."""
    own = own_card(meeting)
    is_own = session.scalar(select(Delivery.id).where(Delivery.key == own)) is not None
    return own if is_own else thread_key(meeting)


def own_card(meeting: Meeting) -> str:
    """What the card is promised under of a meeting in somebody else's thread."""
    return f"{thread_key(meeting)}:card"


def title_of(session: Session, meeting: Meeting, project: Project) -> str:
    """What the minutes of *meeting* are called: ``Minutes of Jour fixe, Tue 1 Dec``."""
    series = session.get_one(Series, meeting.series_id)
    on = format_day(project.local_date(meeting.starts_at), current(), year=False)
    return _("Minutes of {title}, {day}").format(title=series.title, day=on)


def card(session: Session, meeting: Meeting, project: Project) -> Message:
    """What the channel sees of a meeting whose minutes are being taken, or were."""
    if meeting.state is not MeetingState.OPEN:
        words = _("The meeting is closed; its minutes are in this thread.")
        return render("live_closed", title=title_of(session, meeting, project), words=words)
    items = items_of(session, meeting)
    now = item_now(session, meeting)
    left = [item for item in items if item.state is ItemState.PLANNED]
    faces = [person.name for person in attendees(session, meeting)]
    faces += [row.address for row in outsiders_at(session, meeting) if row.was_there]
    shown = ", ".join(faces[:FACES])
    minutes = sum(item.minutes for item in left)
    text = plural(
        "{count} more item, {minutes} min", "{count} more items, {minutes} min", len(left)
    )
    return render(
        "live_card",
        title=title_of(session, meeting, project),
        now=item_words(items, now) if now else "",
        left=text.format(count=len(left), minutes=minutes) if left else "",
        present=f"{shown} {more(len(faces) - FACES)}".strip(),
    ).with_buttons(live_buttons(session, meeting, project))


def live_buttons(session: Session, meeting: Meeting, project: Project) -> list[Button]:
    """What can be done to that one meeting, however many of the project are open.

    A step names the item it leaves: of two who click it at once, the second skips none.
    """
    ref = f"meeting={meeting.id} in {project.key}"
    now = item_now(session, meeting)
    step = f"item={now.id} {ref}" if now else ref
    return [
        Button(_("Next"), f"meet next {step}", "primary"),
        Button(_("Park"), f"meet park {step}"),
        Button(_("List"), f"meet captured {ref}"),
        Button(_("Close"), f"meet close {ref}"),
    ]


def show_card(session: Session, meeting: Meeting, project: Project, now: datetime) -> None:
    """Have the card of *meeting* show it as it is."""
    if project.channel is None:
        return
    promise(
        session, card_key(session, meeting), project.channel, card(session, meeting, project), now,
        project=project,
    )  # fmt: skip


def show_moved(session: Session, meeting: Meeting, project: Project, now: datetime) -> None:
    """Note where *meeting* goes on now; the card it has left in another channel says so."""
    head, former = head_of(session, meeting), noted_of(session, meeting)
    if head is None or head in [row.place for row in former]:
        return
    note(session, meeting, head)
    for row in former:
        channel = session.get(Channel, row.channel)
        if row.channel != head.channel and channel is not None and channel.is_open:
            _leave(session, meeting, project, row, now)


def _leave(
    session: Session, meeting: Meeting, project: Project, row: MeetingThread, now: datetime
) -> None:
    """Have the card that heads a thread say that its meeting goes on elsewhere."""
    words = _("{project} has moved to another channel: its minutes go on there.")
    left = Delivery(
        token=str(uuid4()),
        key=f"{thread_key(meeting)}:left:{row.id}",
        channel=row.channel,
        content=render(
            "live_closed",
            title=title_of(session, meeting, project),
            words=words.format(project=project.name),
        ).as_payload(),
        made_at=now,
        due_at=clock.now(),
        sent_channel=row.channel,
        ts=row.ts,
    )
    session.add(left)
    session.info[PROMISED] = True


def item_words(items: Sequence[AgendaItem], item: AgendaItem) -> str:
    """``2 · Risks (10 min)``."""
    words = f"{[known.id for known in items].index(item.id) + 1} · {item.public_title}"
    if item.minutes:
        words += " " + _("({minutes} min)").format(minutes=item.minutes)
    return words


def show_moves(
    session: Session, meeting: Meeting, project: Project, lines: Iterable[Capture], now: datetime
) -> None:
    """Say in the thread to which item each ``next`` and ``park`` of *lines* has led."""
    items = items_of(session, meeting)
    for line in lines:
        key = f"{thread_key(meeting)}:line:{line.id}"
        if not (line.mark in MOVES and line.counts and line.problem is None):
            _take_back(session, meeting, project, key, now)
            continue
        item = next((known for known in items if known.id == line.item_id), None)
        words = item_words(items, item) if item else _nomore(meeting, project)
        _say(session, meeting, project, key, f"*{words}*" if item else words, now)


def _nomore(meeting: Meeting, project: Project) -> str:
    return _("That was the last item. `#endmeeting` or `meet close` ends the meeting.")


def _take_back(
    session: Session, meeting: Meeting, project: Project, key: str, now: datetime
) -> None:
    if session.scalar(select(Delivery.id).where(Delivery.key == key)) is None:
        return
    item = item_now(session, meeting)
    words = item_words(items_of(session, meeting), item) if item else "-"
    _say(session, meeting, project, key, _("Taken back. Now: {item}").format(item=words), now)


def _say(
    session: Session, meeting: Meeting, project: Project, key: str, words: str, now: datetime
) -> None:
    promise(
        session, key, project.channel or "", explained(words.strip("*")), now,
        project=project, under=thread_key(meeting),
    )  # fmt: skip


def overruns_at(session: Session, meeting: Meeting, now: datetime) -> datetime | None:
    """When the present item will have had its time; None where it has none, or had it."""
    item = item_now(session, meeting)
    if item is None or not item.minutes or item.begun_at is None:
        return None
    until = item.begun_at + timedelta(minutes=item.minutes)
    return until if until > now else None


def show_overrun(session: Session, meeting: Meeting, project: Project, now: datetime) -> None:
    """Say once, gently, that the present item has had its time."""
    item = item_now(session, meeting)
    if item is None or not item.minutes or item.begun_at is None:
        return
    if now < item.begun_at + timedelta(minutes=item.minutes):
        return
    key = f"{thread_key(meeting)}:over:{item.id}"
    if session.scalar(select(Delivery.id).where(Delivery.key == key)) is not None:
        return
    items = items_of(session, meeting)
    left = [known for known in items if known.state is ItemState.PLANNED]
    text = _("{item} has had its {minutes} min.")
    if left:
        text += " " + plural(
            "{count} item is still to come.", "{count} items are still to come.", len(left)
        )
    text += " " + _("`next` goes on, `park` puts it off.")
    _say(
        session, meeting, project, key,
        text.format(item=item.public_title, minutes=item.minutes, count=len(left)), now,
    )  # fmt: skip


# --- What was captured ------------------------------------------------------------------------


def captured(session: Session, meeting: Meeting, project: Project, *, told: bool) -> Message:
    """What was captured so far, the latest last; what is confidential where it is *told*."""
    lines = [line for line in captures_of(session, meeting) if line.mark not in _NOT_LISTED]
    inside = {item.id for item in items_of(session, meeting) if item.is_confidential}
    if not told:
        lines = [line for line in lines if line.item_id not in inside]
    zone = ZoneInfo(project.timezone)
    shown = [
        f"{line.said_at.astimezone(zone):%H:%M} {_(line.mark)}: {_record(session, line)}"
        for line in lines[-LISTED:]
    ]
    text = plural("{count} line captured", "{count} lines captured", len(lines))
    earlier = _("the first {count} are left out").format(count=len(lines) - LISTED)
    return render(
        "live_list",
        title=text.format(count=len(lines)),
        lines=shown,
        more=earlier if len(lines) > LISTED else "",
    )


_NOT_LISTED = {Mark.LIST, Mark.UNDO, Mark.MISTAKE, Mark.NEXT, Mark.PARK, Mark.CHAIR, Mark.END}


def _record(session: Session, line: Capture) -> str:
    register = BY_MARK.get(Mark(line.mark))
    if register is None or line.object_id is None:
        return shortened(line.words, WIDTH)
    entry = session.get_one(register.entry, line.object_id)
    owner = session.get(Person, entry.owner_id) if entry.owner_id else None
    return line_of(entry, owner, WIDTH)
