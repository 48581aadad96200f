"""What endangers a meeting: a presenter who cannot come, too few who can, too much to say."""

from sqlalchemy.orm import Session

from bot.agenda_building import Agenda
from bot.agenda_cards import ref_of, title_of
from bot.invitations import Seat, quorum_of, seats_of
from bot.language import _, plural
from bot.messages import NOTHING, Button, Message, said, shortened

TITLE_SHOWN = 60


def warnings_of(session: Session, agenda: Agenda) -> list[str]:
    """What the chair has to know before the meeting, each in a sentence."""
    seats = seats_of(session, agenda.date, agenda.project)
    return [*_presenters(agenda, seats), *_quorum(agenda, seats)]


def too_full(agenda: Agenda) -> list[str]:
    """By how much there is too much for the time, where there is."""
    text = plural(
        "{count} minute too many: shorten, park or drop something.",
        "{count} minutes too many: shorten, park or drop something.",
        agenda.excess,
    )
    return [text.format(count=agenda.excess)] if agenda.excess > 0 else []


def _presenters(agenda: Agenda, seats: list[Seat]) -> list[str]:
    """Who presents something and said no, is away, or is gone."""
    absent = {seat.person.id for seat in seats if seat.person and seat.is_absent}
    absent |= {key for key, person in agenda.people.items() if not person.is_active}
    presenters = dict.fromkeys(slot.presenter_id for slot in agenda.slots)
    return [_presents(agenda, key) for key in presenters if key in absent and key in agenda.people]


def _presents(agenda: Agenda, person: int) -> str:
    items = ", ".join(
        f"{number} ({shortened(title_of(slot, told=True), TITLE_SHOWN)})"
        for number, slot in enumerate(agenda.slots, 1)
        if slot.presenter_id == person
    )
    text = _("{who} presents {items} and cannot come.")
    return text.format(who=agenda.people[person].name, items=items)


def gap_left_by(agenda: Agenda, person: int) -> Message:
    """What *person*, who cannot come, was to present, with what may become of it."""
    theirs = [slot for slot in agenda.slots if slot.presenter_id == person]
    if not theirs:
        return NOTHING
    line, ref = f"meet item {theirs[0].name}", ref_of(agenda)
    buttons = (
        Button(_("Delegate …"), f"form {line} {ref}"),
        Button(_("Reorder …"), f"form meet reorder {ref}"),
        Button(_("Park"), f"{line} park {ref}"),
    )
    return said(f"⚠ {_presents(agenda, person)}").with_buttons(buttons)


def _quorum(agenda: Agenda, seats: list[Seat]) -> list[str]:
    quorum = quorum_of(agenda.date, seats)
    told = []
    if quorum.is_chair_absent:
        told.append(_("The chair cannot come."))
    if quorum.required and 2 * quorum.absent >= quorum.required:
        text = _("Quorum at risk: {absent} of {required} required cannot come.")
        told.append(text.format(absent=quorum.absent, required=quorum.required))
    return told
