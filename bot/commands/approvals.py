"""Approval of minutes: those who were there approve or object, the chair resolves objections."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from bot.approvals import standing_of
from bot.approving import answer, conclude, replace_version, show
from bot.command import Command, Reply
from bot.context import Context
from bot.correcting import correct_line, editing
from bot.correction_meant import Correction, Told, correction_meant
from bot.delivery.notices import tell
from bot.delivery.retelling import retell
from bot.errors import UserError
from bot.fields import Field
from bot.language import N_, _
from bot.messages import Message, noted, said, shortened
from bot.minutes import ACCEPTED, TAKEN_BACK, Approval, Minutes
from bot.minutes_meant import draft_meant, meeting_of, objection_meant
from bot.minutes_standing import may_be_told, resolving
from bot.minutes_text import title_of
from bot.minutes_views import find_line, is_told_outside, shown_line, with_correction
from bot.pages import render
from bot.people import Person, by_id
from bot.projects import heads

SHOWN = 300
Number = Annotated[int | None, Field(N_("Minutes"), shown="", carried=True)]
Objection = Annotated[int | None, Field(N_("Objection"), shown="", carried=True)]
Quote = Annotated[
    str | None,
    Field(
        N_("The line you object to"),
        ("quote",),
        'quote="LINE"',
        hint=N_("Copied from the minutes, or some words of it; empty: all of them"),
        long=True,
    ),
]
Old = Annotated[
    str | None,
    Field(
        N_("The line as it is"),
        ("quote",),
        'quote="LINE"',
        hint=N_("Copied from the minutes, or the words of it that change"),
        long=True,
    ),
]
LineNumber = Annotated[int | None, Field(N_("Line"), shown="line=3", carried=True)]
Day = Annotated[date | None, Field(N_("Which day"), ("day",), "day=tue", past=True, carried=True)]
OnDay = Annotated[date | None, Field(N_("Which day"), ("on", "am"), "tue", past=True)]
Wrong = Annotated[str, Field(N_("What is wrong"), shown="WHAT", long=True)]
Right_ = Annotated[str, Field(N_("It shall read"), shown="LINE", long=True)]
Why = Annotated[str, Field(N_("Why it stays as it is"), shown="WHY", long=True)]


def extend(command: Command) -> None:
    """Add to the command of meetings how minutes are approved."""
    group = command.group(N_("Minutes"))
    group.verb("approve", N_("agree to the minutes of a meeting you were in"))(approve)
    group.verb(
        "object",
        N_("object to a line of the minutes"),
        'it was Ben quote="Chair: Anna"',
        has_form=True,
        titled=N_("Object to minutes"),
    )(object_)
    group.verb(
        "correct",
        N_("a line of a draft shall read otherwise, whether somebody objected or not"),
        "Chair: Ben",
        has_form=True,
        titled=N_("Correct minutes"),
    )(correct)
    group.verb(
        "overrule",
        N_("do not follow an objection, and why"),
        "the recording says so",
        has_form=True,
        titled=N_("Overrule an objection"),
    )(overrule)


def approve(context: Context, day: OnDay = None, *, minutes: Number = None) -> Reply:
    standing = draft_meant(context, minutes, day)
    asked = standing.of(context.actor)
    if asked is not None and asked.is_content:
        raise UserError(_("You have approved these minutes already."))
    draft = standing.minutes
    answer(context.session, draft, context.actor.id, context.now)
    objection = asked.objection if asked is not None else None
    if objection is not None:
        objection.resolved_at, objection.resolution = context.now, TAKEN_BACK
        _settle(context, objection, _("{who} took the objection back"))
    is_agreed = conclude(context.session, draft, context.now)
    words = _("You approve the minutes")
    if is_agreed:
        words = _("You approve the minutes; so does everybody else")
    return _receipt(context, draft, words)


def object_(
    context: Context,
    text: Wrong,
    *,
    quote: Quote = None,
    day: Day = None,
    minutes: Number = None,
) -> Reply:
    standing = draft_meant(context, minutes, day)
    draft = standing.minutes
    asked = standing.of(context.actor)
    if asked is not None and asked.objection is not None:
        raise UserError(_("You object already; the chair has to answer that first."))
    line = find_line(draft.text, quote) if quote else None
    if quote and line is None:
        text_ = _("No line of the minutes says “{quote}”.")
        raise UserError(text_.format(quote=shortened(quote, SHOWN)), field="quote")
    said_ = answer(
        context.session, draft, context.actor.id, context.now, objection=text, quote=line
    )
    show(context.session, draft, context.now)
    hosts = _tell_hosts(context, draft, said_)
    hint = _("{names} will correct the minutes, or say why not.").format(names=", ".join(hosts))
    words = _("You object to: {line}").format(line=shown_line(line)) if line else _("You object")
    return _receipt(context, draft, words, text, hint)


def _tell_hosts(context: Context, draft: Minutes, objection: Approval) -> list[str]:
    """Ask chair and minute taker to resolve an objection; where both are gone, the leads."""
    hosts = _hosts(context, draft)
    message = _question(context, draft, objection)
    for host in hosts:
        if host.id != context.actor.id:
            about = _about(context, objection)
            of = (context.project,)
            tell(context.session, host, about, message, context.now, context.gather, of=of)
    return [host.name for host in hosts]


def _hosts(context: Context, draft: Minutes) -> list[Person]:
    meeting = meeting_of(context, draft)
    known = by_id(context.session, (meeting.chair_id, meeting.minute_taker_id))
    hosts = [
        person
        for person in known.values()
        if person.is_active and context.may_hear(person, context.project)
    ]
    return hosts or heads(context.session, context.project)


def _question(context: Context, draft: Minutes, objection: Approval) -> Message:
    who = context.person(objection.person_id).name
    words = _("{who} objects to the minutes").format(who=who)
    line = _objected(objection)
    title = title_of(context.session, meeting_of(context, draft))
    message = render("notice", words=words, line=line, project=f"{context.project.name} · {title}")
    return message.with_buttons(resolving(context.project, objection, who, told=True))


def _objected(objection: Approval) -> str:
    """What is objected to, and why."""
    text = shortened(objection.objection or "", SHOWN)
    if not objection.quote:
        return text
    return f"“{shortened(shown_line(objection.quote), SHOWN)}” · {text}"


def _about(context: Context, objection: Approval) -> str:
    """What is told of an objection is about: the same in every version it is carried to."""
    meeting = context.session.get_one(Minutes, objection.minutes_id).meeting_id
    return f"objection:{meeting}:{objection.person_id}:{objection.at.timestamp()}"


def correct(
    context: Context,
    text: Right_,
    *,
    quote: Old = None,
    line: LineNumber = None,
    day: Day = None,
    objection: Objection = None,
    minutes: Number = None,
) -> Reply:
    told = Told(quote, line, day, minutes, objection)
    meant = correction_meant(context, text, told)
    former, found = meant.minutes, meant.objection
    is_told = is_told_outside(former.text, meant.line)
    if found is not None:
        is_told = is_told and may_be_told(former, found)
        found.resolved_at, found.resolution = context.now, ACCEPTED
    left = None
    if meant.line is None:
        new_text = with_correction(former.text, meant.words, is_confidential=not is_told)
    else:
        new_text, left = correct_line(context, former.text, meant.line, meant.words)
    change = _change(context, meant)
    shown = change if is_told else _change(context, meant, is_hidden=True)  # a channel reads it
    new = replace_version(context.session, former, new_text, shown, context.now)
    if found is not None:
        _settle(context, found, _("{who} corrected the minutes: version {version}"), new)
    words = _("Version {version} waits for approval").format(version=new.version)
    reply = _receipt(context, new, words, change)
    if left is None:
        return reply
    hint = noted(_("The record itself keeps what it says."))
    return replace(reply, message=reply.message + hint, buttons=(editing(context, left),))


def _change(context: Context, meant: Correction, *, is_hidden: bool = False) -> str:
    """What a correction changes, and on whose word: who objected, else who corrected it."""
    if meant.objection is not None:
        who = context.person(meant.objection.person_id).name
        texts = (
            _("{who} objected; something confidential reads otherwise now"),
            _("{who} objected; added: “{new}”"),
            _("{who} objected; “{old}” now reads “{new}”"),
        )
    else:
        who = context.actor.name
        texts = (
            _("{who}: something confidential reads otherwise now"),
            _("{who} added: “{new}”"),
            _("{who}: “{old}” now reads “{new}”"),
        )
    hidden, added, reads = texts
    text = hidden if is_hidden else added if meant.line is None else reads
    old = shortened(shown_line(meant.line or ""), SHOWN)
    return text.format(who=who, old=old, new=shortened(meant.words, SHOWN))


def overrule(context: Context, why: Why, *, objection: Objection = None) -> Reply:
    found, draft = objection_meant(context, objection)
    found.resolved_at, found.resolution = context.now, why
    draft.answers += 1
    conclude(context.session, draft, context.now)
    _settle(context, found, _("{who} did not follow the objection"))
    objector = context.person(found.person_id)
    if objector.id != context.actor.id:
        words = _("{who} did not follow your objection: {why}")
        shown = words.format(who=context.actor.name, why=shortened(why, SHOWN))
        line, name = _objected(found), context.project.name
        message = render("notice", words=shown, line=line, project=name)
        about = f"{_about(context, found)}:answer"
        of = (context.project,)
        tell(context.session, objector, about, message, context.now, context.gather, of=of)
    return _receipt(context, draft, _("The line stays as it is"), _objected(found))


def _settle(context: Context, objection: Approval, words: str, new: Minutes | None = None) -> None:
    """Let those who were asked to resolve *objection* see that it is resolved."""
    version = new.version if new else ""
    shown = said(words.format(who=context.actor.name, version=version))
    retell(context.session, _about(context, objection), lambda _user: shown, asks=True)


def _receipt(context: Context, minutes: Minutes, words: str, *hints: str) -> Reply:
    """What was said, to which minutes, and how they stand."""
    standing = standing_of(context.session, minutes)
    title = title_of(context.session, standing.meeting)
    line = _("{title}, version {version}: {done} of {all} agree").format(
        title=title,
        version=minutes.version,
        done=sum(one.is_content for one in standing.asked),
        all=len(standing.asked),
    )
    return Reply(render("receipt", words=words, line=line, hints=list(hints)))
