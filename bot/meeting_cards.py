"""What is shown of meetings: a series with its next dates, a meeting with who will come."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.called_off import days_left_out
from bot.date_names import name_of
from bot.delivery.mailing import is_mailing
from bot.delivery.outbox import Delivery, find, promise
from bot.hours import hours_words
from bot.invitations import Seat, quorum_of, seats_of
from bot.language import N_, _
from bot.meeting_dates import Date, colliding, next_dates
from bot.meetings import Coming, EarlierRule, Meeting, Part, Series, SeriesState
from bot.messages import Button, Message, listed, said
from bot.pages import Moment, day, moment, name, render
from bot.people import Person
from bot.plans import moment_of
from bot.projects import Project
from bot.rhythm import series_words
from bot.rights import channel_may_read

PREVIEWED = 4
LOOKED_AT = 10
"""So many of the dates to come of a series are looked at for what takes place at the same time."""
PARTS = {
    Part.REQUIRED: N_("Required"),
    Part.OPTIONAL: N_("Optional"),
    Part.INFORMED: N_("Informed"),
}

CARDED = 10
"""So many meetings of a series ahead may have a card in the channel."""


def rhythm_words(series: Series, today: date | None = None) -> str:
    """When a series takes place: ``every Tue, 10:00–10:45``; from *today* on, what ends too."""
    rules: list[Series | EarlierRule] = [series]
    if today is not None:
        rules = [*(rule for rule in series.earlier if rule.last_day >= today), series]
    words = [rule_words(rule) for rule in rules]
    for number, rule in enumerate(rules[1:], start=1):
        text = _("{rhythm} from {day}")
        words[number] = text.format(rhythm=words[number], day=day(rule.first_day))
    return " · ".join(words)


def rule_words(rule: Series | EarlierRule) -> str:
    """When meetings take place by one rule."""
    at = time.fromisoformat(rule.at)
    if rule.rule is None:
        return f"{day(rule.first_day)}, {hours_words(at, rule.minutes)}"
    return series_words(rule.rule, rule.first_day, at, rule.minutes)


def when_words(found: Date | Meeting, zone: str) -> str:
    """A meeting's time in words: ``Tue 1 Dec, 10:00``."""
    return moment(found.starts_at, zone)


def hours_of(found: Date | Meeting, zone: str) -> str:
    """``10:00–10:45`` in the zone of its series, as clocks show it: they may change meanwhile."""
    begins, ends = (at.astimezone(ZoneInfo(zone)) for at in (found.starts_at, found.ends_at))
    return f"{begins:%H:%M}–{ends:%H:%M}"


# --- A series -------------------------------------------------------------------------------


def series_page(
    session: Session, project: Project, series: Series, now: datetime, hints: Sequence[str] = ()
) -> Message:
    """A series, its next dates, and everybody it concerns."""
    first = _first_moment(series, project, now)
    dates = next_dates(session, series, project, first, PREVIEWED)
    chair = session.get_one(Person, series.chair_id)
    taker = session.get(Person, series.minute_taker_id) if series.minute_taker_id else None
    found = Date(series, series.first_day, now, series.minutes, None)
    seats = seats_of(session, found, project)
    return render(
        "series",
        series=series,
        rhythm=rhythm_words(series, project.local_date(now)),
        dates=[(Moment(d.starts_at, series.zone), _remark(d)) for d in dates],
        skipped=list(days_left_out(session, series, project, dates, project.local_date(now))),
        chair=chair.name,
        taker=name(taker),
        parts=list(_parts(seats)),
        hints=[*_state_hints(session, series, seats, project.local_date(now)), *hints],
    )


def collision_hints(session: Session, project: Project, dates: Sequence[Date]) -> list[str]:
    """What else of *project* takes place at the time of one of *dates*, in a line each."""
    text = _("At the same time: {title}, {when}.")
    return [
        text.format(title=other.series.title, when=when_words(other, other.series.zone))
        for other in colliding(session, project, dates)
    ]


def _first_moment(series: Series, project: Project, now: datetime) -> datetime:
    return max(now, moment_of(series.first_day, time(), series.zone)) if not series.earlier else now


def _remark(found: Date) -> str:
    """What is unusual about a date."""
    if found.meeting is None or found.day == _local_day(found):
        return ""
    return _("instead of {day}").format(day=day(found.day))


def _local_day(found: Date) -> date:
    return found.starts_at.astimezone(ZoneInfo(found.series.zone)).date()


def _parts(seats: Sequence[Seat]) -> Iterator[tuple[str, str]]:
    for part, label in PARTS.items():
        names = [seat.name for seat in seats if seat.invitee.part is part]
        if names:
            yield _(label), listed(names)


def _state_hints(
    session: Session, series: Series, seats: Sequence[Seat], today: date
) -> Iterator[str]:
    if series.state is SeriesState.DRAFT:
        yield _("A draft: it does not take place yet.")
    elif series.state is SeriesState.PAUSED:
        yield _("Paused: it does not take place until it is resumed.")
    elif series.has_ended(today):
        yield _("It has ended.")
    elif series.last_day is not None and series.rule is not None:
        yield _("The last day is {day}.").format(day=day(series.last_day))
    if series.rule == "FREQ=DAILY":
        yield _("On Saturdays and Sundays too; `every weekday` leaves them out.").replace("`", "")
    by_mail = [seat.name for seat in seats if seat.person is None]
    if by_mail and not is_mailing(session):
        text = _("Not told by me, for no mail is sent from here: {names}.")
        yield text.format(names=listed(by_mail))


# --- One meeting ----------------------------------------------------------------------------


def meeting_page(
    session: Session, project: Project, found: Date, *, with_remarks: bool = False
) -> Message:
    """One meeting and who will come; *with_remarks* also the reasons they gave."""
    seats = seats_of(session, found, project)
    series = found.series
    moved = _remark(found)
    return render(
        "meeting",
        title=series.title,
        is_cancelled=found.is_cancelled,
        reason=found.reason,
        when=Moment(found.starts_at, series.zone),
        hours=f"{hours_of(found, series.zone)} {series.zone}",
        place=(found.meeting.place if found.meeting else series.place) or "",
        moved=moved,
        answers=list(_answers(seats, with_remarks=with_remarks)),
        hints=[*_state_hints_of(found), *_host_hints(session, found), *_quorum_hints(found, seats)],
    )


def _state_hints_of(found: Date) -> Iterator[str]:
    if found.series.state is SeriesState.PAUSED and not found.is_settled:
        yield _("Paused: it does not take place until it is resumed.")


def _answers(seats: Sequence[Seat], *, with_remarks: bool) -> Iterator[tuple[str, str]]:
    groups = (
        (_("There"), [s for s in seats if s.coming is Coming.YES]),
        (_("Can’t"), [s for s in seats if s.is_absent]),
        (_("Maybe"), [s for s in seats if s.coming is Coming.MAYBE]),
        (_("No answer yet"), [s for s in seats if s.coming is None and not s.is_away
                              and s.invitee.part is not Part.INFORMED]),
    )  # fmt: skip
    for label, some in groups:
        if some:
            yield label, listed([_told(seat, with_remarks=with_remarks) for seat in some])


def _told(seat: Seat, *, with_remarks: bool) -> str:
    told = seat.name
    if seat.is_away and seat.coming is None:
        told = _("{name} (away)").format(name=told)
    if seat.invitee.part is Part.OPTIONAL:
        told = _("{name} (optional)").format(name=told)
    if seat.answered_by:
        told = _("{name} (answered by {who})").format(name=told, who=seat.answered_by)
    return f"{told}: “{seat.remark}”" if with_remarks and seat.remark else told


def _host_hints(session: Session, found: Date) -> Iterator[str]:
    """Who chairs it or takes its minutes, where that is somebody else than usual."""
    meeting, series = found.meeting, found.series
    if meeting is None or found.is_settled:
        return
    if meeting.chair_id != series.chair_id:
        chair = session.get_one(Person, meeting.chair_id)
        yield _("{who} chairs this one.").format(who=chair.name)
    if meeting.minute_taker_id != series.minute_taker_id:
        number = meeting.minute_taker_id
        taker = session.get(Person, number) if number is not None else None
        yield _("The minutes of this one: {who}.").format(who=name(taker))


def _quorum_hints(found: Date, seats: Sequence[Seat]) -> Iterator[str]:
    quorum = quorum_of(found, seats)
    if not quorum.is_at_risk or not quorum.absent:
        return
    text = _("Quorum at risk: {absent} of {required} required cannot come.")
    yield text.format(absent=quorum.absent, required=quorum.required)
    if quorum.is_chair_absent:
        yield _("The chair cannot come.")


def call_of(found: Date) -> str:
    """What a button names a meeting by, whoever clicks: they need not read its project."""
    return f"{found.series.id}:{found.day.isoformat()}"


def asked_of(found: Date) -> str:
    """What a button asks about: a meeting, and when it is as the button is shown."""
    return f"{call_of(found)}:{found.starts_at.astimezone(UTC):%Y%m%dT%H%M}+{found.minutes}"


def rsvp_buttons(found: Date) -> tuple[Button, ...]:
    """What somebody may answer to an invitation."""
    call = asked_of(found)
    return (
        Button(_("I’ll be there"), f"meet rsvp yes {call}"),
        Button(_("Can’t"), f"meet rsvp no {call}"),
        Button(_("Maybe"), f"meet rsvp maybe {call}"),
    )


def card_key(found: Date) -> str:
    """What the card of a meeting is promised under."""
    return f"card:meeting:{call_of(found)}"


def with_card(session: Session, dates: Iterable[Date]) -> list[Date]:
    """Those of *dates* the channel has a card of."""
    named = {card_key(found): found for found in dates}
    known = set(session.scalars(select(Delivery.key).where(Delivery.key.in_(named))))
    return [found for key, found in named.items() if key in known]


def shown_ahead(session: Session, series: Series, project: Project, now: datetime) -> list[Date]:
    """The meetings of *series* to come that the channel has a card of."""
    return with_card(session, next_dates(session, series, project, now, CARDED))


def meeting_card(session: Session, project: Project, found: Date) -> Message:
    """What the channel sees of a meeting, with the buttons to answer and to propose a topic."""
    message = meeting_page(session, project, found)
    if not found.takes_place:
        return message
    if found.meeting is None or found.meeting.published_at is None:
        message += said(_("Will you be there? And what should we talk about?"))
    called = name_of(session, project, found).options
    more = (
        Button(_("Propose a topic …"), f"form meet topic {called}"),
        Button(_("What is on the agenda"), f"meet agenda {called}"),
    )
    return message.with_buttons((*rsvp_buttons(found), *more))


def post_card(
    session: Session, project: Project, found: Date, now: datetime, *, at: datetime | None = None
) -> str | None:
    """Let the channel have the card of a meeting, or have it anew; the answer is its key.

    None where the channel may not see it. Raises `MissingFactsError`.
    """
    if project.channel is None or not channel_may_read(session, project):
        return None
    promise(
        session,
        card_key(found),
        project.channel,
        meeting_card(session, project, found),
        now,
        project=project,
        at=at,
        useless_after=max(found.ends_at - now, timedelta(minutes=1)),
        is_planned=at is not None,
    )
    return card_key(found)


def refresh_card(
    session: Session, project: Project, found: Date, now: datetime, words: str = ""
) -> None:
    """Let the card of a meeting, where there is one, show what holds now; *words* in its thread."""
    if find(session, card_key(found)) is None or post_card(session, project, found, now) is None:
        return
    if words and project.channel is not None:
        session.flush()
        promise(
            session,
            f"remark:{uuid4()}",
            project.channel,
            said(words),
            now,
            project=project,
            under=card_key(found),
            is_passing=True,
        )
