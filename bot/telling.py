"""Telling: those a series of meetings concerns, and its channel, hear what becomes of it."""

from collections.abc import Iterable
from uuid import uuid4

from bot.context import Context
from bot.delivery.notices import tell
from bot.delivery.outbox import find, promise
from bot.delivery.retelling import say_anew, told_of
from bot.language import _
from bot.meeting_cards import call_of, rhythm_words, rsvp_buttons, series_page
from bot.meeting_dates import Date, next_dates
from bot.meetings import Invitee, Series, invitees_of
from bot.messages import Button, Message, said
from bot.pages import moment, render
from bot.people import Person, by_id
from bot.projects import Project
from bot.rights import channel_may_read

INVITED, UNINVITED, HOSTS, PLACE = "new", "gone", "hosts", "place"
"""What is told of a series, or of a meeting, beside when it is."""


def about(series: Series, found: Date | None = None, kind: str = "") -> str:
    """What something is told as, so that it is said anew when that is taken back."""
    known = f"meeting:{call_of(found)}" if found is not None else f"series:{series.id}"
    return f"{kind}:{known}" if kind else known


def tell_invitees(
    context: Context, series: Series, words: str, found: Date | None = None, *, kind: str = ""
) -> None:
    """Tell everybody invited who is in Slack, but who did it; with a date, they may answer.

    What they were told of that date before is not answered any more.
    """
    if found is not None:
        _close(context, about(series, found, kind))
    for person in _people(context, invitees_of(context.session, series)):
        tell_one(context, series, person, words, found, about(series, found, kind))


def _close(context: Context, known_as: str) -> None:
    for notice, delivery in told_of(context.session, known_as):
        blocks = [block for block in notice.content["blocks"] if block["type"] != "actions"]
        if blocks != notice.content["blocks"]:
            say_anew(context.session, notice, delivery, {**notice.content, "blocks": blocks})


def tell_one(
    context: Context, series: Series, person: Person, words: str, found: Date | None, known_as: str
) -> None:
    """Tell *person* something of *series*, or of one meeting of it, unless they did it."""
    if person.id != context.actor.id:
        message = invitation(context, series, words, found)
        tell(context.session, person, known_as, message, context.now, context.gather)


def tell_invited(context: Context, series: Series, new: Iterable[Invitee] | None = None) -> None:
    """Tell those who are *new*, else all, that they are invited; they may answer for the next."""
    coming = next_dates(context.session, series, context.project, context.now, 1)
    text = _("{who} invites you: {rhythm}")
    words = text.format(who=context.actor.name, rhythm=rhythm_words(series))
    found = coming[0] if coming else None
    invitees = invitees_of(context.session, series) if new is None else new
    for person in _people(context, invitees):
        tell_one(context, series, person, words, found, about(series, kind=INVITED))


def tell_uninvited(context: Context, series: Series, gone: Iterable[Invitee]) -> None:
    """Tell those in *gone* that they are not expected any more."""
    words = _("{who}: you are not expected any more").format(who=context.actor.name)
    for person in _people(context, gone):
        tell_one(context, series, person, words, None, about(series, kind=UNINVITED))


def _people(context: Context, invitees: Iterable[Invitee]) -> list[Person]:
    return list(by_id(context.session, (one.person_id for one in invitees)).values())


def invitation(context: Context, series: Series, words: str, found: Date | None) -> Message:
    """What somebody invited reads."""
    project = context.session.get_one(Project, series.project_id)
    line = f"{series.title} · {rhythm_words(series)}"
    if found is not None:
        line = f"{series.title} · {moment(found.starts_at, series.zone)}"
    message = render("notice", words=words, line=line, project=project.name)
    can_answer = found is not None and found.takes_place
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
            project=project, under=key, is_passing=True,
        )  # fmt: skip
