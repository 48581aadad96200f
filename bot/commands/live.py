"""Running a meeting by command: what can be written into its thread can be typed or clicked too."""

from typing import Annotated

from sqlalchemy import func, select

from bot import clock
from bot.agenda import items_of
from bot.capturing.hearing import taken
from bot.capturing.lines import TYPED, Heard, hosts
from bot.capturing.meant import open_meeting
from bot.capturing.opening import begin
from bot.capturing.showing import captured, item_words, live_buttons, title_of
from bot.capturing.taking import item_now
from bot.command import Command, Reply
from bot.confidentiality import reads_all_of
from bot.context import Context
from bot.errors import RefusedError
from bot.fields import Field
from bot.language import N_, _
from bot.meetings import Meeting
from bot.messages import explained
from bot.minutes import Capture
from bot.rights import Right

Called = Annotated[
    str | None,
    Field(N_("Title"), shown="TITLE", hint=N_("Empty: the meeting that is due now")),
]
Number = Annotated[int | None, Field(N_("Meeting"), shown="", typed_only=True)]
Left = Annotated[int | None, Field(N_("Item"), shown="", typed_only=True)]
"""The item a button leaves; where that was left already, nothing is."""


def extend(command: Command) -> None:
    """Add to the command of meetings what is done while one takes place."""
    group = command.group(N_("While it takes place"))
    group.verb(
        "start", N_("open it: minutes are taken in its thread"), "Ad hoc talk", has_form=True
    )(start)
    group.verb("next", N_("go to the next item of the agenda"))(next_)
    group.verb("park", N_("put the present item off"))(park)
    group.verb("captured", N_("what was captured so far"), writes=False, aliases=("lines",))(
        captured_so_far
    )


def start(context: Context, title: Called = None) -> Reply:
    meeting = begin(context, title)
    buttons = tuple(live_buttons(context.session, meeting, context.project))
    item = item_now(context.session, meeting)
    words = _("{title}: write into the thread of the card in the channel.").format(
        title=title_of(context.session, meeting, context.project)
    )
    if item is not None:
        items = items_of(context.session, meeting)
        words += " " + _("First: {item}").format(item=item_words(items, item))
    return Reply(explained(words), buttons)


def next_(context: Context, *, item: Left = None, meeting: Number = None) -> Reply:
    return _step(context, meeting, item, "next")


def park(context: Context, *, item: Left = None, meeting: Number = None) -> Reply:
    return _step(context, meeting, item, "park")


def captured_so_far(context: Context, *, meeting: Number = None) -> Reply:
    found = open_meeting(context, meeting)
    told = reads_all_of(context.session, context.rights, found)
    return Reply(captured(context.session, found, context.project, told=told))


def _step(context: Context, number: int | None, left: int | None, word: str) -> Reply:
    meeting = open_meeting(context, number)
    if not hosts(context, meeting):
        context.require(Right.HOST)
        raise RefusedError(_("Only who runs the meeting can do that."))
    item = item_now(context.session, meeting)
    if left is None or (item is not None and item.id == left):
        taken(context, meeting, Heard(_stamp(context, meeting), TYPED, word))
    buttons = tuple(live_buttons(context.session, meeting, context.project))
    item = item_now(context.session, meeting)
    if item is None:
        return Reply(explained(_("That was the last item.")), buttons)
    words = item_words(items_of(context.session, meeting), item)
    return Reply(explained(_("Now: {item}").format(item=words)), buttons)


def _stamp(context: Context, meeting: Meeting) -> str:
    """A stamp behind every line there is, for what is done now."""
    last = context.session.scalar(
        select(func.max(Capture.ts)).where(Capture.meeting_id == meeting.id)
    )
    known = float((last or "0").partition("/")[0]) + 0.000002
    return f"{max(known, clock.now().timestamp()):.6f}"
