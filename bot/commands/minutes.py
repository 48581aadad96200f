"""The minutes of meetings: close a meeting, read what was written down, check what was approved."""

import re
from typing import Annotated

from bot.approvals import standing_of
from bot.approving import replace_version
from bot.capturing.hearing import end
from bot.capturing.meant import open_meeting
from bot.carrying import unfinished
from bot.command import Command, Reply
from bot.confidentiality import reads_all_of
from bot.context import Context
from bot.delivery.notices import packed
from bot.errors import UserError
from bot.fields import Field, Page
from bot.files import file_buttons, send_data, send_pdf
from bot.hosting import require_host, series_meant
from bot.language import N_, _, plural
from bot.letters import minutes_page
from bot.meeting_fields import Of
from bot.meetings import Meeting
from bot.messages import NOTHING, Button, Message, noted, said
from bot.minutes import Minutes, MinutesState, digest_of, unheard, version_with, versions_of
from bot.minutes_meant import meeting_of, minutes_meant, version_in
from bot.minutes_standing import standing_card, standing_words
from bot.minutes_text import is_left, left_of, title_of
from bot.minutes_views import as_items, outside
from bot.pages import day, render
from bot.rights import unpostable

FILE = {"file": "md", "md": "md", "markdown": "md", "datei": "md", "pdf": "pdf"}
"""The words that ask for a file, and of which kind."""

MOST_DAYS = 30
_HEX = re.compile(r"[0-9a-f]{8,64}")

Which = Annotated[str, Field(N_("Which"), shown="last|tue|md|pdf")]
Checked = Annotated[str, Field(N_("What"), shown="last|tue|HASH|TEXT", long=True)]
Number = Annotated[int | None, Field(N_("Minutes"), shown="", typed_only=True)]
Open = Annotated[int | None, Field(N_("Meeting"), shown="", typed_only=True)]
Why = Annotated[str, Field(N_("Why"), shown="WHY", long=True)]
Days = Annotated[int, Field(N_("Working days"), shown="3")]

MINUTES = Command(
    "minutes", N_("What was written down in meetings"), default="show", takes_rest=True
)


def extend(command: Command) -> None:
    """Add to the command of meetings what comes after one: closing, minutes, their versions."""
    live = command.group(N_("While it takes place"))
    group = command.group(N_("Minutes"))
    live.verb("close", N_("end the open meeting; its minutes are drafted"))(close)
    group.verb(
        "minutes", N_("the minutes of a meeting; `md` or `pdf` sends them as a file"), "last"
    )(minutes)
    group.verb("verify", N_("check that approved minutes are what was approved"), "last",
               writes=False)(verify)  # fmt: skip
    group.verb(
        "reopen", N_("make a new version of approved minutes"), "Ben was there, too", has_form=True
    )(reopen)
    group.verb(
        "silence",
        N_("after how many working days silence is consent to minutes; 0: never"),
        '3 of "Jour fixe"',
    )(silence)


def close(context: Context, *, of: Of = None, meeting: Open = None) -> Reply:
    found = open_meeting(context, meeting, of)
    require_host(context, found)
    return _closed(context, end(context, found))


def _closed(context: Context, draft: Minutes) -> Reply:
    """What who closed a meeting reads: who is asked, and what the meeting did not finish."""
    meeting = meeting_of(context, draft)
    asked = ", ".join(one.person.name for one in standing_of(context.session, draft).asked)
    where = _("The draft is in the meeting's thread.")
    if why := unpostable(context.session, context.project):
        where = _("The draft is not posted, for {why}: `meet minutes` shows it.").format(why=why)
    hints = [where.replace("`", ""), _("Asked to approve: {names}.").format(names=asked)]
    left = [one for one in left_of(context.session, meeting) if is_left(one)]
    if left:
        text = plural("{count} topic was not finished:", "{count} topics were not finished:",
                      len(left))  # fmt: skip
        hints.append(text.format(count=len(left)))
    line = title_of(context.session, meeting)
    message = render("receipt", words=_("Meeting closed"), line=line, hints=hints)
    for one in left[:SHOWN]:
        message += unfinished(context.session, context.project, one, context.now).message
    ref = f"meeting={meeting.id} in {context.project.key}"
    text = _("{name} was not there")
    silent = [
        Button(text.format(name=person.name), f"meet absent <@{person.slack_id}> {ref}")
        for person in unheard(context.session, meeting)[:SILENT]
    ]
    return Reply(message, tuple(silent))


SILENT = 4  # who said yes and wrote nothing, with a button each
SHOWN = 10  # topics with their buttons in one answer; the thread has all of them


def minutes(
    context: Context, what: Which = "", *, of: Of = None, minutes: Number = None, page: Page = 1
) -> Reply:
    words = [word for word in what.split() if word.lower() not in FILE]
    kinds = [FILE[word.lower()] for word in what.split() if word.lower() in FILE]
    if minutes is not None:
        found = version_in(context, minutes)
    else:
        found = minutes_meant(context, " ".join(words), of)
    if kinds:
        return _send(context, found, kinds[-1])
    return _shown(context, found, page)


def _shown(context: Context, found: Minutes, page: int) -> Reply:
    """One part of the minutes, with how far their approval is below the last one."""
    parts = packed(as_items(_readable(context, found)))
    if not 1 <= page <= len(parts):
        text = _("There is no page {page}; these minutes have {pages}.")
        raise UserError(text.format(page=page, pages=len(parts)))
    message = sum((one.message for one in parts[page - 1]), NOTHING)
    ref = f"minutes={found.id} in {context.project.key}"
    buttons = file_buttons("meet minutes", ref)
    if page < len(parts):
        text = _("Page {page} of {pages}")
        message += noted(text.format(page=page, pages=len(parts)))
        buttons.insert(0, Button(_("Next page"), f"meet minutes {ref} page={page + 1}", "primary"))
        return Reply(message, tuple(buttons))
    card = standing_card(context.session, found, told=_reads_all(context, found))
    return Reply(message, tuple(buttons)) if len(parts) > 1 else _with_card(message, card, buttons)


def _readable(context: Context, found: Minutes) -> str:
    """The text of minutes as the actor may read it."""
    return found.text if _reads_all(context, found) else outside(found.text)


def _reads_all(context: Context, found: Minutes) -> bool:
    """Whether the actor reads what is confidential in minutes, too."""
    return reads_all_of(context.session, context.rights, meeting_of(context, found))


def _with_card(message: Message, card: Message, buttons: list[Button]) -> Reply:
    """Both in one message, where Slack takes them as one."""
    return Reply(message + card, tuple(buttons))


def _send(context: Context, found: Minutes, kind: str) -> Reply:
    """The text to the letter, or the pages made of it, as a file in a direct message."""
    meeting = meeting_of(context, found)
    held = context.project.local_date(meeting.opened_at or meeting.starts_at)
    name = f"{context.project.key.lower()}-minutes-{held}-v{found.version}.{kind}"
    title, text = title_of(context.session, meeting), _readable(context, found)
    if kind == "pdf":
        standing = standing_words(standing_of(context.session, found), context.project)
        digest = found.digest if found.state is MinutesState.APPROVED else ""
        page = minutes_page(text, standing=standing, digest=digest)
        send_pdf(context, name, title, page)
    else:
        send_data(context, name, title, text.encode())
    return Reply(said(_("{name} comes as a direct message.").format(name=name)))


def verify(context: Context, what: Checked = "", *, of: Of = None, minutes: Number = None) -> Reply:
    if minutes is not None:
        return _verify(context, version_in(context, minutes))
    wanted = what.strip()
    if _HEX.fullmatch(wanted.lower()):
        return _verify_digest(context, wanted.lower())
    if len(wanted) > 40 or "\n" in wanted:
        return _verify_digest(context, digest_of(wanted + "\n"))
    return _verify(context, minutes_meant(context, wanted, of))


def _verify(context: Context, found: Minutes) -> Reply:
    meeting = meeting_of(context, found)
    known = [one for one in versions_of(context.session, meeting) if _counts(one)]
    return Reply(_verdicts(context, meeting, known))


def _counts(version: Minutes) -> bool:
    return version.state is not MinutesState.WITHDRAWN


def _verify_digest(context: Context, digest: str) -> Reply:
    """Which version of which minutes of the project a text or its SHA-256 is of."""
    found = version_with(context.session, context.project, digest)
    if found is None:
        text = _("No version of any minutes of {project} has that text: SHA-256 {digest}.")
        raise UserError(text.format(project=context.project.name, digest=digest))
    return Reply(_verdicts(context, meeting_of(context, found), [found]))


def _verdicts(context: Context, meeting: Meeting, versions: list[Minutes]) -> Message:
    lines = [_verdict(context, version) for version in versions]
    return render("minutes_verified", title=title_of(context.session, meeting), lines=lines)


def _verdict(context: Context, version: Minutes) -> tuple[str, str, str]:
    states = {
        MinutesState.DRAFT: _("waits for approval"),
        MinutesState.APPROVED: _("approved {day}"),
        MinutesState.SUPERSEDED: _("replaced by a newer version"),
    }
    approved = version.approved_at
    on = day(context.project.local_date(approved)) if approved else ""
    state = states[version.state].format(day=on)
    if version.state is MinutesState.SUPERSEDED and approved:
        state = _("approved {day}, then replaced by a newer version").format(day=on)
    is_right = _("✓ the stored text is the one this hash was made of")
    is_wrong = _("✗ THE STORED TEXT WAS CHANGED: its hash is another")
    name = _("Version {version}: {state}").format(version=version.version, state=state)
    return name, version.digest, is_right if version.is_genuine else is_wrong


def reopen(context: Context, why: Why, *, of: Of = None, minutes: Number = None) -> Reply:
    found = version_in(context, minutes) if minutes else minutes_meant(context, "", of)
    meeting = meeting_of(context, found)
    require_host(context, meeting)
    found = version_in(context, found.id, locked=True)
    if found.state is not MinutesState.APPROVED:
        raise UserError(_("Only approved minutes can be reopened: these are not."))
    change = _("Reopened by {who}: {why}").format(who=context.actor.name, why=why)
    new = replace_version(context.session, found, found.text, change, context.now)
    words = _("Version {version} waits for approval").format(version=new.version)
    hint = _("`meet correct` changes a line of it.").replace("`", "")
    line = title_of(context.session, meeting)
    ref = f"minutes={new.id} in {context.project.key}"
    button = Button(_("Correct a line …"), f"form meet correct {ref}")
    return Reply(render("receipt", words=words, line=line, hints=[hint]), (button,))


def silence(context: Context, days: Days, *, of: Of = None) -> Reply:
    series = series_meant(context, of)
    require_host(context, series)
    if days > MOST_DAYS:
        raise UserError(_("{limit} working days are the most.").format(limit=MOST_DAYS))
    series.consent_days = days
    text = plural(
        "{title}: who says nothing to its minutes for {count} working day agrees to them.",
        "{title}: who says nothing to its minutes for {count} working days agrees to them.",
        days,
    )
    if not days:
        text = _("{title}: silence is no consent to its minutes; everybody has to answer.")
    return Reply(said(text.format(title=series.title, count=days)))


for _verb, _function, _summary in (
    ("show", minutes, N_("the minutes of a meeting; `md` or `pdf` sends them as a file")),
    ("verify", verify, N_("check that approved minutes are what was approved")),
):
    MINUTES.verb(_verb, _summary, "last", writes=_function is minutes)(_function)
