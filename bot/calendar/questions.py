"""Questions: what answers ask for beyond yes and no is for who runs the meeting to decide."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.answer_notes import ABOUT, Desk, ask_hosts, call_by, move_button, named_with
from bot.calendar.matters import Matter, near, proxy_of
from bot.calendar.moments import in_utc
from bot.delivery.notices import Notice
from bot.language import _
from bot.meeting_cards import call_of
from bot.meetings import Invitee
from bot.messages import Button
from bot.pages import moment
from bot.people import ADDRESS

LONGEST_NAME = 80
MOST_INVITED = 3


def ask_about_stranger(desk: Desk, matter: Matter) -> None:
    """Somebody who is not invited wants to come: is told once, whatever they answer later."""
    reply = matter.reply
    if reply.partstat not in ("ACCEPTED", "TENTATIVE") and reply.method != "COUNTER":
        return
    about = _about(matter, f"stranger:{reply.attendee}")
    if desk.session.scalar(select(Notice.id).where(Notice.about == about).limit(1)) is not None:
        return

    def words() -> str:
        name = reply.name[:LONGEST_NAME]
        is_named = name and name.casefold() != reply.attendee
        who = f"{name} ({reply.attendee})" if is_named else reply.attendee
        text = _("{who} would come, but is not invited").format(who=who)
        return _with_comment(text, matter)

    _ask(desk, matter, about, words, lambda: _invite(matter, [reply.attendee]))


def ask_to_delegate(desk: Desk, matter: Matter, seat: Invitee) -> None:
    """Somebody sends another in their place."""
    them = matter.reply.delegated_to

    def words() -> str:
        whom = ", ".join(them) or _("somebody")
        text = _("{who} cannot come and would send {whom}")
        return _with_comment(text.format(who=_name(desk, matter, seat), whom=whom), matter)

    about = _about(matter, f"{seat.id}:delegated")
    _ask(desk, matter, about, words, lambda: _invite(matter, them))


def ask_to_move(desk: Desk, matter: Matter, seat: Invitee) -> None:
    """Somebody proposes another time; the form that moves it has it filled in already."""
    when, line = _proposal(matter)

    def words() -> str:
        text = _("{who} proposes another time")
        if when:
            text = _("{who} proposes another time: {when}")
        return _with_comment(text.format(who=_name(desk, matter, seat), when=when), matter)

    def buttons() -> list[Button]:
        found = matter.found
        if found is None:
            series = f"{matter.series.number} in {matter.project.key}"
            return [Button(_("Change …"), f"form meet change of {series}")]
        return [move_button(desk.session, found, matter.project, line)]

    _ask(desk, matter, _about(matter, f"{seat.id}:counter"), words, buttons)


def _proposal(matter: Matter) -> tuple[str, str]:
    """When somebody would rather meet: in words, and as a line has it; "" where they do not say."""
    starts_at = matter.reply.starts_at
    if not isinstance(starts_at, datetime):
        return "", ""
    zone = matter.rule.zone
    local = in_utc(starts_at, zone).astimezone(ZoneInfo(zone))
    minutes = matter.reply.minutes or matter.rule.minutes
    ends = f"{local.replace(tzinfo=None) + timedelta(minutes=minutes):%H:%M}"
    return f"{moment(local, zone)}–{ends}", f"{local:%Y-%m-%d %H:%M}-{ends}"


def _ask(
    desk: Desk,
    matter: Matter,
    about: str,
    words: Callable[[], str],
    buttons: Callable[[], Sequence[Button]],
) -> None:
    found = near(desk, matter)
    if found is not None:
        rule = matter.rule if matter.found is None else None
        ask_hosts(desk, matter.project, found, about, words, buttons, rule)


def _about(matter: Matter, what: str) -> str:
    call = call_of(matter.found) if matter.found else call_by(matter.rule)
    return f"{ABOUT}{call}:{what}"


def _invite(matter: Matter, addresses: Sequence[str]) -> list[Button]:
    """A button for each of the first few; none for an address nobody can type."""
    ref = f"{matter.series.number} in {matter.project.key}"
    text = _("Invite {whom}")
    return [
        Button(text.format(whom=address), f"meet invite {address} of {ref}")
        for address in addresses[:MOST_INVITED]
        if ADDRESS.fullmatch(address)
    ]


def _name(desk: Desk, matter: Matter, seat: Invitee) -> str:
    proxy = proxy_of(desk.session, matter)
    return named_with(desk.session, seat, proxy.id if proxy is not None else None)


def _with_comment(text: str, matter: Matter) -> str:
    return f"{text}: {matter.reply.comment}" if matter.reply.comment else text
