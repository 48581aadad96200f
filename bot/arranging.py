"""Arranging meetings: a series is made and changed, and those it concerns hear of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from uuid import uuid4
from zoneinfo import available_timezones

from bot.arguments import IncompleteError
from bot.context import Context
from bot.delivery.notices import tell
from bot.delivery.outbox import find, promise
from bot.errors import UserError
from bot.hosting import current_series
from bot.hours import USUAL_MINUTES
from bot.invitations import invite
from bot.language import _
from bot.meeting_cards import call_of, rhythm_words, rsvp_buttons, series_page
from bot.meeting_dates import Date, next_dates
from bot.meetings import Invitee, Part, Series, SeriesState, invitees_of, next_number
from bot.messages import Button, Message, said
from bot.pages import moment, render
from bot.people import People, Person, by_id
from bot.plans import moment_of
from bot.projects import Project
from bot.recurrence import Recurrence, days_of
from bot.rhythm import Rhythm
from bot.rights import channel_may_read

TITLE_LIMIT = 200


def make_series(
    context: Context,
    title: str,
    when: Rhythm,
    *,
    since: date | None,
    zone: str | None,
    place: str | None,
    chair: Person,
    taker: Person | None,
) -> Series:
    """A new series as a draft. Raises `UserError` for a time that is over or not complete."""
    check_title(context, title)
    check_zone(zone)
    series = Series(
        project_id=context.project.id,
        number=next_number(context.session, context.project),
        title=title.strip(),
        zone=zone or context.project.timezone,
        place=place or None,
        chair_id=chair.id,
        minute_taker_id=taker.id if taker else None,
        state=SeriesState.DRAFT,
        uid=str(uuid4()),
        made_by=context.actor.id,
        made_at=context.now,
    )
    set_rhythm(context, series, when, since)
    context.session.add(series)
    context.session.flush()
    hosts = (chair,) if taker is None else (chair, taker)
    invite(context.session, series, context.actor.team, People(hosts), Part.REQUIRED)
    return series


def set_rhythm(context: Context, series: Series, when: Rhythm, since: date | None) -> None:
    """Let *series* take place by *when*, from the first day on that fits, not before *since*."""
    if when.hours is None:
        raise IncompleteError(
            _("At what time? Such as `{words} 10:00-10:45`.").format(words=when.words), field="when"
        )
    series.rule = when.recurrence.rule() if when.recurrence else None
    series.at = when.hours.at.isoformat("minutes")
    series.minutes = when.hours.minutes or series.minutes or USUAL_MINUTES
    series.last_day = None
    series.first_day = when.day or since or context.today
    if when.recurrence is not None:
        series.first_day = _first_day(context, series, when.recurrence)
    elif _starts(series, series.first_day) <= context.now:
        raise UserError(_("That time is over."), field="when")


def _first_day(context: Context, series: Series, rule: Recurrence) -> date:
    """The first day from `first_day` on that fits; every other week is counted from there."""
    days = days_of(replace(rule, interval=1).rule(), series.first_day)
    return next(day for day in days if _starts(series, day) > context.now)


def _starts(series: Series, day: date) -> datetime:
    return moment_of(day, time.fromisoformat(series.at), series.zone)


def check_title(context: Context, title: str, but: Series | None = None) -> None:
    """Raise `UserError` for a title that is empty or too long, or that another meeting has."""
    if not title.strip():
        raise IncompleteError(_("Title is missing."), field="title")
    if len(title.strip()) > TITLE_LIMIT:
        text = _("A meeting’s title has at most {count} characters.")
        raise UserError(text.format(count=TITLE_LIMIT), field="title")
    folded = title.strip().casefold()
    others = (series for series in current_series(context) if series is not but)
    if any(series.title.casefold() == folded for series in others):
        raise UserError(_("There is a meeting of that name already."), field="title")


def check_zone(zone: str | None) -> None:
    """Raise `UserError` for a time zone there is not."""
    if zone is not None and zone not in available_timezones():
        text = _("I do not know the time zone `{zone}`; write it like `Europe/Berlin`.")
        raise UserError(text.format(zone=zone), field="zone")


def require_person(person: Person | None, field: str) -> None:
    """Raise `UserError` for somebody who cannot have a part in a meeting."""
    if person is not None and (person.is_bot or not person.is_active):
        raise UserError(_("That must be a person who is active in Slack."), field=field)


def require_people(who: People | None, field: str) -> None:
    """As `require_person`, for each of *who*."""
    for person in who.people if who else ():
        require_person(person, field)


# --- Those it concerns ----------------------------------------------------------------------


def tell_invitees(
    context: Context,
    series: Series,
    words: str,
    found: Date | None = None,
    only: Iterable[Invitee] | None = None,
    *,
    is_new: bool = False,
) -> None:
    """Tell everybody invited who is in Slack, but who did it; with a date, they may answer.

    An invitation *is new*; what is told of a change is said anew when that is taken back.
    """
    invitees = invitees_of(context.session, series) if only is None else only
    people = by_id(context.session, (invitee.person_id for invitee in invitees))
    about = f"meeting:{call_of(found)}" if found is not None else f"series:{series.id}"
    about = f"new:{about}" if is_new else about
    for person in people.values():
        if person.id != context.actor.id:
            message = invitation(context, series, words, found)
            tell(context.session, person, about, message, context.now, context.gather)


def invitation(context: Context, series: Series, words: str, found: Date | None) -> Message:
    """What somebody invited reads."""
    project = context.session.get_one(Project, series.project_id)
    line = f"{series.title} · {rhythm_words(series)}"
    if found is not None:
        line = f"{series.title} · {moment(found.starts_at, series.zone)}"
    message = render("notice", words=words, line=line, project=project.name)
    can_answer = found is not None and not found.is_settled
    return message.with_buttons(rsvp_buttons(found)) if found and can_answer else message


def announce_series(context: Context, series: Series, words: str) -> None:
    """Let the channel see *series* as it is now; *words* say in its thread what changed."""
    project = context.session.get_one(Project, series.project_id)
    if project.channel is None or not channel_may_read(context.session, project):
        return
    key = f"card:series:{series.id}"
    is_known = find(context.session, key) is not None
    page = series_page(context.session, project, series, context.now)
    show = Button(_("Next meeting"), f"meet show of {series.number} in {project.key}")
    promise(
        context.session, key, project.channel, page.with_buttons([show]), context.now,
        project=project,
    )  # fmt: skip
    if is_known and words:
        context.session.flush()
        remark = said(f"{context.actor.name}: {words}")
        promise(
            context.session, f"remark:{uuid4()}", project.channel, remark, context.now,
            project=project, under=key,
        )  # fmt: skip


def begin_series(context: Context, series: Series) -> None:
    """Let a draft take place: the channel and everybody invited in Slack hear of it."""
    series.state = SeriesState.ACTIVE
    context.session.flush()
    announce_series(context, series, _("it takes place"))
    coming = next_dates(context.session, series, context.project, context.now, 1)
    words = _("{who} invites you: {rhythm}").format(
        who=context.actor.name, rhythm=rhythm_words(series)
    )
    tell_invitees(context, series, words, coming[0] if coming else None, is_new=True)
