"""Answers by mail: what people's calendars write back is written down, or asked about."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import audience, history
from bot.answering import give_answer, give_series_answer
from bot.calendar.editions import newest, published_at
from bot.calendar.matters import Matter, dated, matter_of, may_answer, proxy_of, seat_of
from bot.calendar.questions import ask_about_stranger, ask_to_delegate, ask_to_move
from bot.calendar.replies import Reply
from bot.errors import UserError
from bot.language import speaking
from bot.meetings import Coming, Invitee, take_turns
from bot.people import Person
from bot.projects import Project
from bot.rights import Rights
from bot.rsvps import Said

log = logging.getLogger(__name__)

COMING = {"ACCEPTED": Coming.YES, "DECLINED": Coming.NO, "TENTATIVE": Coming.MAYBE}


@dataclass(frozen=True)
class MailDesk:
    """The desk answers by mail are taken at; *untold* channels Slack does not tell of."""

    session: Session
    now: datetime
    gather: timedelta
    fresh: timedelta
    untold: frozenset[str] = frozenset()

    def may_hear(self, person: Person, project: Project) -> bool:
        """Whether *person* may read what is told of *project*."""
        rights = Rights(self.session, person, self.now, None, self.fresh, self.untold)
        return audience.may_hear(self.session, rights, person, project)


def take(desk: MailDesk, replies: Sequence[Reply]) -> bool:
    """Do what the *replies* of one mail say; False where none of them is for us to take."""
    found = [matter for reply in replies if (matter := matter_of(desk.session, reply))]
    mine = [matter for matter in found if may_answer(desk.session, matter)]
    for matter in mine:
        history.about(desk.session, matter.project.id)
        with speaking(matter.chair.locale):
            _take(desk, matter)
    return bool(mine)


def _take(desk: MailDesk, matter: Matter) -> None:
    """What cannot be any more changes nothing: who answers late is not told off by mail."""
    if matter.project.closed_at is not None:
        return
    take_turns(desk.session, matter.project.id)
    desk.session.refresh(matter.series)
    try:
        _answer(desk, dated(desk, matter))
    except UserError as error:
        log.info("an answer to %s by mail changes nothing: %s", matter.uid, error)


def _answer(desk: MailDesk, matter: Matter) -> None:
    reply = matter.reply
    seat = seat_of(desk.session, matter)
    if seat is None:
        ask_about_stranger(desk, matter)
    elif reply.method == "COUNTER":
        ask_to_move(desk, matter, seat)
        if reply.partstat == "DECLINED":  # as it is they cannot come, whatever becomes of it
            _give(desk, matter, seat)
    elif reply.partstat == "DELEGATED":
        ask_to_delegate(desk, matter, seat)
    elif reply.partstat in COMING:
        _give(desk, matter, seat)


def _give(desk: MailDesk, matter: Matter, seat: Invitee) -> None:
    """The answer itself."""
    reply, now = matter.reply, desk.now
    at = min(reply.stamp or now, now)  # a clock ahead of ours must not outdo later answers
    last = newest(desk.session, matter.uid)
    sequence = last if reply.sequence is None else min(reply.sequence, last)
    proxy = proxy_of(desk.session, matter)
    by_id = proxy.id if proxy is not None and proxy.id != seat.person_id else None
    asked_at = published_at(desk.session, matter.uid, reply.sequence)
    said = Said(COMING[reply.partstat], reply.comment, at, sequence, by_id, asked_at)
    if matter.found is not None:
        is_taken = give_answer(desk, matter.project, matter.found, seat, said)
    else:
        is_taken = give_series_answer(
            desk, matter.project, matter.series, matter.rule, seat, said
        )  # fmt: skip
    if not is_taken:
        log.info("an answer to %s changes nothing: it is otherwise, or answered since", matter.uid)
