"""Answer notes: what who runs a meeting hears of an answer, and is asked to decide about it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from bot.agenda_building import build
from bot.agenda_warnings import gap_left_by
from bot.date_names import name_of
from bot.delivery.notices import tell
from bot.delivery.retelling import say_anew, told_of
from bot.invitations import named
from bot.language import N_, _, speaking
from bot.meeting_cards import call_of, rsvp_buttons, rule_words, when_words
from bot.meeting_dates import Date
from bot.meetings import Coming, EarlierRule, Invitee, Series
from bot.messages import Button, Message, noted
from bot.pages import day as day_words
from bot.pages import render
from bot.people import Person
from bot.projects import Project, heads
from bot.rsvps import Said

ABOUT = "rsvp:"
"""What notices of answers are about begins with it."""

ONE_DATE = {
    Coming.YES: N_("{who} will be there"),
    Coming.NO: N_("{who} cannot come"),
    Coming.MAYBE: N_("{who} may not be able to come"),
}
ALL_DATES = {
    Coming.YES: N_("{who} will be there each time"),
    Coming.NO: N_("{who} can never come"),
    Coming.MAYBE: N_("{who} may not always be able to come"),
}
ALL_UNTIL = {
    Coming.YES: N_("{who} will be there each time until {day}"),
    Coming.NO: N_("{who} can come on none of the dates until {day}"),
    Coming.MAYBE: N_("{who} may not always be able to come until {day}"),
}
FOR_YOU = {
    Coming.YES: N_("{who} answered for you by mail: you will be there"),
    Coming.NO: N_("{who} answered for you by mail: you cannot come"),
    Coming.MAYBE: N_("{who} answered for you by mail: you may come"),
}


class Desk(Protocol):
    """What an answer is taken with, whichever door it came through."""

    @property
    def session(self) -> Session: ...

    @property
    def now(self) -> datetime: ...

    @property
    def gather(self) -> timedelta: ...

    def may_hear(self, person: Person, project: Project) -> bool:
        """Whether *person* may read what is told of *project*."""
        ...


def note(
    desk: Desk,
    project: Project,
    found: Date,
    seat: Invitee,
    said: Said,
    rule: Series | EarlierRule | None = None,
) -> None:
    """Let the chair know who will be missing, why, and what that leaves to be done.

    Of all dates by a *rule* with the next of them, *found*.
    """
    if said.by_id is not None:
        _tell_attendee(desk, project, found, seat, said, rule)
    if said.coming is Coming.YES and not said.remark:
        return
    host = found.meeting or found.series
    chair = desk.session.get_one(Person, host.chair_id)
    if chair.id == seat.person_id or not desk.may_hear(chair, project):
        return
    call = call_by(rule) if rule is not None else call_of(found)
    about = f"{ABOUT}{call}:{seat.id}"
    with speaking(chair.locale):
        who = named_with(desk.session, seat, said.by_id)
        words = _words(rule, said.coming, who)
        words = f"{words}: {said.remark}" if said.remark else words
        line = line_of(found, rule)
        message = render("notice", words=words, line=line, project=project.name)
        if said.coming is Coming.MAYBE and said.remark:
            message = message.with_buttons(
                [move_button(desk.session, found, project), leave_button(about)]
            )
        if said.coming is Coming.NO and seat.person_id is not None:
            agenda = build(desk.session, project, found, desk.now)
            message += gap_left_by(agenda, seat.person_id)
    tell(desk.session, chair, about, message, desk.now, desk.gather, of=(project,))


def _words(rule: Series | EarlierRule | None, coming: Coming, who: str) -> str:
    """What somebody answered to one date, or to all by a *rule*: one that ends says when."""
    if isinstance(rule, EarlierRule):
        return _(ALL_UNTIL[coming]).format(who=who, day=day_words(rule.last_day))
    return _((ONE_DATE if rule is None else ALL_DATES)[coming]).format(who=who)


def named_with(session: Session, seat: Invitee, by_id: int | None) -> str:
    """Somebody invited, with who answered for them."""
    name = ", ".join(named(session, [seat]))
    if by_id is None:
        return name
    who = session.get_one(Person, by_id).name
    return _("{name} (answered by {who})").format(name=name, who=who)


def _tell_attendee(
    desk: Desk, project: Project, found: Date, seat: Invitee, said: Said,
    rule: Series | EarlierRule | None,
) -> None:  # fmt: skip
    """Let whom somebody else answered for know, and answer themself: nothing proves that they
    asked for it."""
    person = desk.session.get(Person, seat.person_id) if seat.person_id is not None else None
    if person is None or said.by_id is None:
        return
    who = desk.session.get_one(Person, said.by_id).name
    with speaking(person.locale):
        words = _(FOR_YOU[said.coming]).format(who=who)
        words = f"{words}: {said.remark}" if said.remark else words
        message = render("notice", words=words, line=line_of(found, rule), project=project.name)
        if rule is not None:
            text = _("You can say otherwise for each date; the next is {date}.")
            message += noted(text.format(date=when_words(found, found.series.zone)))
        message = message.with_buttons(rsvp_buttons(found))
    about = f"{ABOUT}{call_of(found)}:{seat.id}:by:{said.by_id}"
    tell(desk.session, person, about, message, desk.now, desk.gather)


def ask_hosts(
    desk: Desk,
    project: Project,
    found: Date,
    about: str,
    words: Callable[[], str],
    buttons: Callable[[], Sequence[Button]],
    rule: Series | EarlierRule | None = None,
) -> None:
    """Ask the chair, else who leads the project, what is to become of a date, or of all by *rule*.

    *words* make the text in each one's language, and are shown to the letter; *buttons* stand
    beside the one that leaves it.
    """
    for host in _hosts(desk, project, found):
        with speaking(host.locale):
            line = line_of(found, rule)
            message = render("notice", words=words(), line=line, project=project.name)
            message = message.with_buttons([*buttons(), leave_button(about)])
        tell(desk.session, host, about, message, desk.now, desk.gather, of=(project,))


def _hosts(desk: Desk, project: Project, found: Date) -> list[Person]:
    host = found.meeting or found.series
    chair = desk.session.get_one(Person, host.chair_id)
    leads = heads(desk.session, project)
    able = [person for person in (chair, *leads) if desk.may_hear(person, project)]
    return able[:1] if chair in able else list(dict.fromkeys(able))


def leave(session: Session, person: Person, about: str) -> bool:
    """Let what *person* was asked stand without its buttons; False where they were not asked."""
    asked = [
        (notice, delivery)
        for notice, delivery in told_of(session, about)
        if delivery.person_id == person.id
    ]
    for notice, delivery in asked:
        blocks = [block for block in notice.content["blocks"] if block["type"] != "actions"]
        left = Message(notice.content["text"], blocks) + noted(_("It is left as it is."))
        say_anew(session, notice, delivery, left.as_payload())
    return bool(asked)


def leave_button(about: str) -> Button:
    """The button that does nothing but say so."""
    return Button(_("Leave it"), f"meet leave {about}")


def move_button(session: Session, found: Date, project: Project, to: str = "") -> Button:
    """The form that moves a meeting, *to* when filled in."""
    name = name_of(session, project, found)
    line = f"{name.moment} to {to} {name.series}" if to else name.words
    return Button(_("Move …"), f"form meet move {line}")


def call_by(rule: Series | EarlierRule) -> str:
    """What notices of all dates by a rule are about."""
    if isinstance(rule, EarlierRule):
        return f"series:{rule.series_id}:{rule.id}"
    return f"series:{rule.id}"


def line_of(found: Date, rule: Series | EarlierRule | None = None) -> str:
    """A meeting in a line, ``Jour fixe · Tue 1 Dec, 10:00``, or all by a *rule*: ``Jour fixe ·
    every Tue, 10:00–10:45``."""
    when = when_words(found, found.series.zone) if rule is None else rule_words(rule)
    return f"{found.series.title} · {when}"
