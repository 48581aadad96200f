"""The milestone table: baseline, forecast and slip of a project's milestones, a page at a time."""

from datetime import date

from bot.command import Reply
from bot.context import Context
from bot.errors import UserError
from bot.fields import Owner, Page
from bot.language import _
from bot.lists import said_under
from bot.messages import Button, shortened, table
from bot.pages import day
from bot.people import by_id
from bot.registers.milestones import MILESTONES, Milestone, signed_days, slip_of
from bot.rights import Right

ROWS = 25
TITLE_SHOWN = 120


def plan(context: Context, *, owner: Owner = None, page: Page = 1) -> Reply:
    wanted = [] if owner is None else [Milestone.owner_id == owner.id]
    found = MILESTONES.entries(
        context.session, context.project, Milestone.outcome.is_distinct_from("dropped"), *wanted
    )
    found.sort(key=lambda m: (m.actual or m.due or date.max, m.number))
    project = context.project
    title = _("Milestones of {project}").format(project=project.name)
    if not found:
        example = f"/{context.settings.root} ms add {MILESTONES.example}"
        return Reply(said_under(title, _("None. Add one: {line}").format(line=example)))
    pages = -(-len(found) // ROWS)
    if not 1 <= page <= pages:
        text = _("There is no page {page}; this list has {pages}.")
        raise UserError(text.format(page=page, pages=pages), line=f"ms plan in {project.key}")
    if pages > 1:
        title += f" · {_('page {page} of {pages}').format(page=page, pages=pages)}"
    shown = found[(page - 1) * ROWS : page * ROWS]
    owners = by_id(context.session, (milestone.owner_id for milestone in shown))
    head = [_("Milestone"), _("Owner"), _("Baseline"), _("Forecast"), _("Slip")]
    rows = [
        [*_named(milestone), owners[milestone.owner_id].name if milestone.owner_id else "",
         *_dated(context, milestone)]
        for milestone in shown
    ]  # fmt: skip
    return Reply(
        said_under(title, "") + table([head, *rows], "lllrr"),
        _plan_buttons(context, found, page, pages),
    )


def _named(milestone: Milestone) -> list[str]:
    return [f"{MILESTONES.name_of(milestone)} · {shortened(milestone.title, TITLE_SHOWN)}"]


def _dated(context: Context, milestone: Milestone) -> list[str]:
    """Baseline, forecast and slip, as the table shows them."""
    slip = slip_of(milestone, context.calendar)
    forecast = day(milestone.due) if milestone.due else "–"
    if milestone.actual is not None:
        forecast = _("reached {day}").format(day=day(milestone.actual))
    elif milestone.is_overdue(context.today):
        forecast = _("{day}, overdue").format(day=forecast)
    return [
        day(milestone.baseline) if milestone.baseline else "–",
        forecast,
        "–" if slip is None else signed_days(slip),
    ]


def _plan_buttons(
    context: Context, found: list[Milestone], page: int, pages: int
) -> tuple[Button, ...]:
    here = f"in {context.project.key}"
    buttons = []
    if page > 1:
        buttons.append(Button(_("Previous"), f"ms plan {here} page={page - 1}"))
    if page < pages:
        buttons.append(Button(_("Next"), f"ms plan {here} page={page + 1}"))
    lacking = any(m.is_open and m.due and m.baseline is None for m in found)
    if lacking and context.may(Right.PLAN):
        buttons.append(Button(_("Set baseline"), f"ms baseline set {here}"))
    if any(milestone.due for milestone in found):
        buttons.append(Button(_("Chart"), f"ms chart {here}"))
    return (*buttons, Button(_("Change one …"), f"ms list {here}"))
